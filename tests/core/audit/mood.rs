use facespace::audit::mood::agreements;
use facespace::face::Expression::{self, Contempt, Happy, Neutral, Sad};

use crate::evaluate::Noise;

/// Happy faces around (0.7, 0.3), sad ones around (-0.6, -0.3), a quarter of all labels exchanged.
fn faces() -> (Vec<Option<[f32; 2]>>, Vec<Expression>, Vec<bool>) {
    let mut noise = Noise::new(3);
    let (mut moods, mut given, mut wrong) = (Vec::new(), Vec::new(), Vec::new());
    for face in 0..200 {
        let is_happy = face % 2 == 0;
        let [valence, arousal] = if is_happy { [0.7, 0.3] } else { [-0.6, -0.3] };
        moods.push(Some([valence + 0.2 * noise.next(), arousal + 0.2 * noise.next()]));
        wrong.push(face % 8 < 2);
        given.push(if is_happy != wrong[face] { Happy } else { Sad });
    }
    (moods, given, wrong)
}

#[test]
fn labels_that_the_mood_speaks_against_agree_least() {
    let (moods, given, wrong) = faces();
    let found = agreements(&moods, &given);
    for (agreement, wrong) in found.into_iter().zip(wrong) {
        let agreement = agreement.unwrap();
        assert!(if wrong { agreement < 0.1 } else { agreement > 0.9 }, "{agreement} where wrong is {wrong}");
    }
}

#[test]
fn what_is_not_known_has_no_agreement() {
    let (mut moods, mut given, _) = faces();
    moods[4] = None;
    moods[5] = Some([f32::NAN, 0.0]);
    (given[6], given[7]) = (Contempt, Neutral);
    let found = agreements(&moods, &given);
    assert_eq!(found[4..8], [None; 4], "not known, no number, and classes of one face");
    assert!(found[8].is_some());
    assert!(agreements(&[], &[]).is_empty());
    assert_eq!(agreements(&[None; 9], &[Sad; 9]), [None; 9]);
}

#[test]
fn faces_of_one_mood_are_told_apart_by_nothing() {
    let found = agreements(&[Some([0.0, 0.0]); 40], &[[Happy; 30].as_slice(), &[Sad; 10]].concat());
    for (face, agreement) in found.into_iter().enumerate() {
        // Of the 39 others.
        let share = if face < 30 { 29.0 / 39.0 } else { 9.0 / 39.0 };
        assert!((agreement.unwrap() - share).abs() < 1e-5);
    }
}

/// The median, of an even number of them the upper one in the middle.
fn median(mut numbers: Vec<f32>) -> f32 {
    numbers.sort_by(f32::total_cmp);
    numbers[numbers.len() / 2]
}

/// The logarithm of how likely a mood is in a class with these, but for what is the same for all classes.
fn log_density(mood: [f32; 2], class: &[[f32; 2]]) -> f32 {
    let along = |axis: usize| {
        let numbers: Vec<f32> = class.iter().map(|mood| mood[axis]).collect();
        let middle = median(numbers.clone());
        let spread = (1.4826 * median(numbers.iter().map(|number| (number - middle).abs()).collect())).max(0.05);
        -0.5 * ((mood[axis] - middle) / spread).powi(2) - spread.ln()
    };
    (class.len() as f32).ln() + along(0) + along(1)
}

#[test]
fn a_face_does_not_speak_for_its_own_label() {
    let mut noise = Noise::new(8);
    // An odd and an even number, some of them equal.
    let given = [[Happy; 9].as_slice(), &[Sad; 6], &[Neutral; 5]].concat();
    let mut moods: Vec<[f32; 2]> = given.iter().map(|_| [0.4 * noise.next(), 0.4 * noise.next()]).collect();
    (moods[3], moods[10]) = (moods[2], [moods[9][0], 0.0]);
    let known: Vec<Option<[f32; 2]>> = moods.iter().copied().map(Some).collect();
    for (face, agreement) in agreements(&known, &given).into_iter().enumerate() {
        let of = |class: Expression| -> Vec<[f32; 2]> {
            let others = (0..given.len()).filter(|&other| other != face && given[other] == class);
            others.map(|other| moods[other]).collect()
        };
        let density = |class: Expression| log_density(moods[face], &of(class)).exp();
        let wanted = density(given[face]) / [Happy, Sad, Neutral].map(density).iter().sum::<f32>();
        assert!((agreement.unwrap() - wanted).abs() < 1e-4, "{face}: {agreement:?} and not {wanted}");
    }
}
