use facespace::evaluate::error::Stopped;
use facespace::evaluate::reader::{Learner, Reader, Training, softmax};
use facespace::face::Expression::{self, Anger, Happy, Neutral, Sad};
use facespace::nn::NnError;

use super::{Noise, go_on};

/// Three numbers a face, of which the first says whether it is happy; three faces in four are not.
fn faces(count: usize) -> (Vec<[f32; 3]>, Vec<Expression>) {
    let mut noise = Noise::new(4);
    (0..count)
        .map(|face| {
            let is_happy = face % 4 == 0;
            let middle = if is_happy { 0.5 } else { -0.5 };
            ([middle + 0.8 * noise.next(), noise.next(), 3.0], if is_happy { Happy } else { Neutral })
        })
        .unzip()
}

fn trained(balanced: bool) -> Reader {
    let (rows, labels) = faces(120);
    let training = Training { steps: 120, batch: 32, jitter: 0.5, balanced, ..Training::default() };
    let mut learner = Learner::new(&rows, &labels, training, 3).unwrap();
    while !learner.is_done() {
        learner.step();
    }
    learner.reader()
}

#[test]
fn probabilities_are_those_of_the_set_unless_classes_are_balanced() {
    let (rows, _) = faces(120);
    let [plain, balanced] = [false, true].map(|balanced| {
        let chances = trained(balanced).probabilities(&rows).unwrap();
        chances.iter().map(|chances| f64::from(chances[Happy.index()])).sum::<f64>() / 120.0
    });
    assert!((0.17..0.33).contains(&plain), "{plain}");
    assert!(balanced > plain + 0.05, "{balanced} {plain}");
}

#[test]
fn classes_without_faces_have_no_chance_and_all_others_some() {
    let reader = trained(false);
    assert!(reader.knows(Happy) && reader.knows(Neutral) && !reader.knows(Sad));
    for chances in reader.probabilities(&[[9.0f32, 0.0, 3.0], [-9.0, 0.0, 3.0]]).unwrap() {
        let known: Vec<bool> = chances.iter().map(|chance| *chance > 0.0).collect();
        assert_eq!(known, [true, true, false, false, false, false, false, false]);
    }
    let far = softmax([900.0, 0.0, -1e4, -1e4, -1e4, -1e4, -1e4, -1e4]);
    assert!(far[0] == 1.0 && far[1] > 0.0 && far[2..].iter().all(|chance| *chance == 0.0));
    let none: [[f32; 3]; 0] = [];
    assert!(reader.logits(&none).unwrap().is_empty());
}

#[test]
fn readers_join_and_come_back_from_their_bytes() {
    let (rows, labels) = faces(60);
    let [a, b] = [1, 2].map(|seed| Reader::train(&rows, &labels, seed, &mut go_on).unwrap().unwrap());
    let [of_a, of_b] = [&a, &b].map(|reader| reader.probabilities(&rows).unwrap());
    assert_ne!(of_a, of_b);
    let mut both = a;
    both.join(b);
    let mean = both.probabilities(&rows).unwrap();
    for ((mean, a), b) in mean.iter().zip(&of_a).zip(&of_b) {
        assert!((0..8).all(|class| (mean[class] - 0.5 * (a[class] + b[class])).abs() < 1e-6));
    }

    let bytes = both.to_bytes().unwrap();
    let stored = Reader::from_bytes(&bytes).unwrap();
    let again = stored.probabilities(&rows).unwrap();
    assert!(again.as_flattened().iter().zip(mean.as_flattened()).all(|(a, b)| (a - b).abs() < 1e-6));
    assert!(stored.knows(Happy) && !stored.knows(Anger));
    let longer = [bytes.as_slice(), &[1]].concat();
    for damaged in [&bytes[..0], &bytes[..5], &bytes[..300], &bytes[..bytes.len() - 1], &longer] {
        assert!(matches!(Reader::from_bytes(damaged), Err(NnError::Unreadable { .. })));
    }
}

#[test]
fn a_training_is_stopped_between_its_steps() {
    let (rows, labels) = faces(60);
    let mut heard = Vec::new();
    let stopped = Reader::train(&rows, &labels, 1, &mut |done, of| {
        heard.push((done, of));
        done < 2
    });
    assert_eq!((stopped.err(), heard), (Some(Stopped), vec![(0, 400), (1, 400), (2, 400)]));
    // Where there is nothing to train there is nothing to stop.
    assert!(Reader::train(&rows[..4], &labels[..4], 1, &mut |_, _| false).unwrap().is_none());
}
