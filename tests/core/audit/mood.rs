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
        let share = if face < 30 { 0.75 } else { 0.25 };
        assert!((agreement.unwrap() - share).abs() < 1e-5);
    }
}
