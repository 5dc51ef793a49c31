use facespace::evaluate::expression::{Labelled, MIN_FACES, ReadExpression, across, in_folds};
use facespace::face::{Expression, Part};
use facespace::nn::Code;

use super::{Noise, plant};

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

fn area(all: &[ReadExpression], reads: &str) -> f64 {
    all.iter().find(|one| one.reads == reads).unwrap().by_probability.mean.value
}

#[track_caller]
fn assert_only_f_e_knows(all: &[ReadExpression]) {
    assert!(area(all, "f_e") > 0.93, "{}", area(all, "f_e"));
    assert!((0.25..0.75).contains(&area(all, "f without f_e")), "{}", area(all, "f without f_e"));
    assert!(all[0].by_logit.value > 0.93);
}

#[test]
fn expressions_are_read_from_their_own_part_alone() {
    let (train, test) = (faces(300, 1), faces(200, 2));
    let measure = || {
        let train = Labelled { codes: &train.0, labels: &train.1 };
        across(train, Labelled { codes: &test.0, labels: &test.1 }, 9).unwrap().unwrap()
    };
    let all = measure();
    assert_only_f_e_knows(&all);
    assert_eq!(all[0].by_probability.classes.len(), 4);
    assert_eq!(all[0].by_probability.mean.n, 200);
    assert_eq!(all, measure(), "the same seed gives the same figures");
}

#[test]
fn classes_that_were_not_trained_are_left_out() {
    let ((codes, labels), (more, mut others)) = (faces(90, 1), faces(60, 2));
    others[7] = Expression::Contempt;
    let train = Labelled { codes: &codes, labels: &labels };
    let all = across(train, Labelled { codes: &more, labels: &others }, 9).unwrap().unwrap();
    assert_eq!(all[0].by_probability.mean.n, 59);
}

#[test]
fn folds_measure_faces_of_one_set() {
    let (codes, labels) = faces(160, 3);
    let faces = Labelled { codes: &codes, labels: &labels };
    let halves: Vec<usize> = (0..160).map(|i| i / 80).collect();
    let all = in_folds(faces, &halves, 9).unwrap().unwrap();
    assert_only_f_e_knows(&all);
    assert_eq!(all[0].by_probability.mean.n, 160);
    assert!(in_folds(faces, &[0; 160], 9).unwrap().is_none(), "one group gives no folds");
}

#[test]
fn too_few_faces_or_classes_are_not_measured() {
    let (codes, labels) = faces(40, 4);
    let all = Labelled { codes: &codes, labels: &labels };
    let few = Labelled { codes: &codes[..MIN_FACES - 1], labels: &labels[..MIN_FACES - 1] };
    assert!(across(few, all, 1).unwrap().is_none());
    let one = Labelled { codes: &codes, labels: &[Expression::Sad; 40] };
    assert!(across(one, all, 1).unwrap().is_none());
    assert!(across(all, Labelled { codes: &[], labels: &[] }, 1).unwrap().is_none());
}
