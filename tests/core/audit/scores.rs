use facespace::audit::scores::{Evidence, Score, predicted};
use facespace::face::Expression::{Contempt, Happy, Neutral, Sad};

use crate::cli::assert_sentence;

/// Looks 0.7 sad, and is labelled happy; contempt was not learned.
fn evidence() -> Evidence {
    Evidence {
        given: Happy,
        probabilities: [0.1, 0.2, 0.7, 0.0, 0.0, 0.0, 0.0, 0.0],
        averaged: [0.2, 0.3, 0.5, 0.0, 0.0, 0.0, 0.0, 0.0],
        votes: [0.1, 0.2, 0.6, 0.1, 0.0, 0.0, 0.0, 0.0],
        reconstruction: Some([0.2, 0.4, 0.4, 0.0, 0.0, 0.0, 0.0, 0.0]),
        mood: Some(0.9),
    }
}

#[track_caller]
fn assert_qualities(evidence: &Evidence, expected: [f32; 7]) {
    for (score, expected) in Score::ALL.into_iter().zip(expected) {
        let quality = score.of(evidence);
        let same = (quality - expected).abs() < 1e-6 || quality.is_nan() && expected.is_nan();
        assert!(same, "{score} is {quality} instead of {expected}");
    }
}

#[test]
fn qualities_by_hand() {
    assert_qualities(&evidence(), [0.2, 0.25, 0.3, 0.4, 0.25, 0.9, 0.0]);
    let sad = Evidence { given: Sad, ..evidence() };
    assert_qualities(&sad, [0.7, 0.75, 0.5, 0.4, 0.75, 0.9, 1.0]);
}

#[test]
fn what_is_not_known_is_not_a_number() {
    let nan = f32::NAN;
    let bare = Evidence { reconstruction: None, mood: None, ..evidence() };
    assert_qualities(&bare, [0.2, 0.25, 0.3, nan, 0.25, nan, 0.0]);
    // Nobody has learned what contempt looks like, but its mood is known.
    let unknown = Evidence { given: Contempt, ..evidence() };
    assert_qualities(&unknown, [nan, nan, nan, nan, nan, 0.9, nan]);
}

#[test]
fn the_likeliest_class_is_predicted() {
    assert_eq!(predicted(&evidence().probabilities), Sad);
    assert_eq!(predicted(&[0.125; 8]), Neutral);
    assert_eq!(predicted(&[0.0; 8]), Neutral);
}

#[test]
fn scores_go_by_their_names() {
    assert_eq!(Score::default(), Score::ALL[0]);
    for (place, score) in Score::ALL.into_iter().enumerate() {
        assert_eq!(score as usize, place);
        assert_eq!(score.name().parse::<Score>(), Ok(score));
        assert_eq!(serde_json::to_string(&score).unwrap(), format!("\"{score}\""));
        assert!(score.explanation().starts_with(char::is_uppercase));
    }
    assert_sentence(&"guess".parse::<Score>().unwrap_err().to_string());
}
