use facespace::evaluate::Subset;
use facespace::evaluate::error::Halt;
use facespace::evaluate::expression::{Expressions, Labelled, MIN_FACES, across, in_folds, why_not};
use facespace::face::{Expression, Part};
use facespace::nn::Code;

use super::{Noise, go_on, plant};

/// Faces whose expression stands in f_e and nowhere else; four classes, one of them rare.
fn faces(count: usize, seed: u64) -> (Vec<Code>, Vec<Expression>) {
    let mut noise = Noise::new(seed);
    let label = |i: usize| Expression::ALL[if i.is_multiple_of(20) { 3 } else { i % 3 }];
    (0..count)
        .map(|i| {
            let mut code = noise.code(0.15);
            plant(&mut code, Part::Expression, label(i).index(), 0.6);
            (code, label(i))
        })
        .unzip()
}

/// What the tests read; a network is trained for each.
const READ: [Subset; 2] = [Subset::Only(Part::Expression), Subset::Without(Part::Expression)];

/// The faces, each of a person of its own.
struct Owned(Vec<Code>, Vec<Expression>, Vec<usize>);

impl Owned {
    fn new(count: usize, seed: u64) -> Self {
        let (codes, labels) = faces(count, seed);
        Owned(codes, labels, (0..count).collect())
    }

    fn all(&self) -> Labelled<'_> {
        self.first(self.1.len())
    }

    fn first(&self, count: usize) -> Labelled<'_> {
        Labelled { codes: &self.0[..count], labels: &self.1[..count], people: &self.2[..count] }
    }
}

fn area(all: &Expressions, reads: &str) -> f64 {
    all.parts.iter().find(|one| one.reads == reads).unwrap().by_probability.mean.value
}

#[track_caller]
fn assert_only_f_e_knows(all: &Expressions) {
    assert!(area(all, "f_e") > 0.93, "{}", area(all, "f_e"));
    assert!((0.25..0.75).contains(&area(all, "f without f_e")), "{}", area(all, "f without f_e"));
    assert!(all.parts[0].by_logit.mean.value > 0.93);
    let gap = all.gap.unwrap();
    assert!((gap.value - (area(all, "f_e") - area(all, "f without f_e"))).abs() < 1e-9);
    assert!(gap.interval.unwrap().low > 0.0, "{gap:?}");
}

#[test]
fn expressions_are_read_from_their_own_part_alone() {
    let (train, test) = (Owned::new(300, 1), Owned::new(200, 2));
    let measure = || across(train.all(), test.all(), &READ, 9, &mut go_on).unwrap().unwrap();
    let all = measure();
    assert_only_f_e_knows(&all);
    let read = &all.parts[0];
    assert_eq!((read.by_probability.classes.len(), read.by_logit.classes.len()), (4, 4));
    assert!(read.by_probability.classes.iter().all(|class| class.auc.interval.is_some()));
    assert_eq!((read.by_probability.mean.n, all.left_out), (200, 0));
    assert_eq!(all, measure(), "the same seed gives the same figures");
}

#[test]
fn classes_that_were_not_trained_are_left_out() {
    let (train, mut test) = (Owned::new(90, 1), Owned::new(60, 2));
    test.1[7] = Expression::Contempt;
    let all = across(train.all(), test.all(), &READ[..1], 9, &mut go_on).unwrap().unwrap();
    assert_eq!((all.parts[0].by_probability.mean.n, all.left_out, all.gap), (59, 1, None));
}

#[test]
fn folds_measure_faces_of_one_set() {
    let mut faces = Owned::new(160, 3);
    faces.2 = (0..160).map(|i| i / 80).collect();
    let all = in_folds(faces.all(), &READ, 9, &mut go_on).unwrap().unwrap();
    assert_only_f_e_knows(&all);
    assert_eq!(all.parts[0].by_probability.mean.n, 160);
}

/// What is asked for, the sentence that says why it was not measured, and nothing measured.
#[test]
fn what_cannot_be_measured_is_said() {
    let faces = Owned::new(40, 4);
    let mut sad = Owned::new(40, 4);
    sad.1.fill(Expression::Sad);
    let mut one_person = Owned::new(40, 4);
    one_person.2.fill(3);
    let (few, none) = (faces.first(MIN_FACES - 1), faces.first(0));
    for (train, test, says) in [
        (Some(few), faces.all(), "Only 9 of the training faces"),
        (Some(sad.all()), faces.all(), "Every labelled training face is sad"),
        (Some(faces.all()), sad.all(), "Every labelled face is sad"),
        (Some(faces.all()), none, "No face is labelled"),
        (Some(none), faces.all(), "No training face is labelled"),
        (None, none, "No face is labelled"),
        (None, few, "Only 9 of the faces"),
        (None, sad.all(), "Every labelled face is sad"),
        (None, one_person.all(), "of one person"),
    ] {
        let measured = match train {
            Some(train) => across(train, test, &READ[..1], 1, &mut go_on),
            None => in_folds(test, &READ[..1], 1, &mut go_on),
        };
        assert!(measured.unwrap().is_none(), "{says}");
        let why = why_not(train, test);
        assert!(why.contains(says) && why.contains("; give "), "{says}: {why}");
    }
    // The others have none of the classes that were trained.
    let mut others = Owned::new(60, 5);
    others.1.fill(Expression::Fear);
    others.1[..20].fill(Expression::Disgust);
    assert!(across(faces.all(), others.all(), &READ[..1], 1, &mut go_on).unwrap().is_none());
    assert!(why_not(Some(faces.all()), others.all()).contains("share too few classes"));
}

#[test]
fn it_is_stopped_within_a_training_and_counts_the_steps_of_all() {
    let faces = Owned::new(80, 6);
    for (is_across, all) in [(true, 800), (false, 4000)] {
        let mut heard = Vec::new();
        let mut watch = |done: usize, of: usize| {
            heard.push((done, of));
            done < 402
        };
        let stopped = if is_across {
            across(faces.all(), faces.all(), &READ, 9, &mut watch)
        } else {
            in_folds(faces.all(), &READ, 9, &mut watch)
        };
        assert!(matches!(stopped, Err(Halt::Cancelled)));
        assert_eq!(heard, (0..=402).map(|done| (done, all)).collect::<Vec<_>>(), "the second training has begun");
    }
}
