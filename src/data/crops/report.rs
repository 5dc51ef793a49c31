//! What was gathered, in numbers, and what there is to know about the gathering, in sentences. What a set will not teach
//! is said by who draws batches from it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What was gathered. All but `held_out` and `skipped` count the pictures that are trained on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    pub pictures: u64,
    /// Pictures held back for measuring.
    pub held_out: u64,
    /// Pictures that cannot be used, by reason.
    pub skipped: BTreeMap<String, u64>,
    pub people: u64,
    pub clips: u64,
    /// By class, in the order of [`crate::face::Expression::ALL`].
    pub expressions: [u64; 8],
    pub with_pose: u64,
    pub with_landmarks: u64,
    pub with_valence_arousal: u64,
    /// Each source and its pictures.
    pub sources: Vec<(String, u64)>,
    /// The held-back pictures show people who are also trained on: there were too few to hold back whole ones.
    pub shared_people: bool,
}

impl Report {
    pub(super) fn skip(&mut self, reason: &str) {
        *self.skipped.entry(reason.to_owned()).or_default() += 1;
    }

    /// "reason (2), other reason (1)".
    pub(super) fn reasons(&self) -> String {
        self.skipped.iter().map(|(reason, count)| format!("{reason} ({count})")).collect::<Vec<_>>().join(", ")
    }
}

/// What a person should know of the gathering before training on this, one sentence each.
pub fn warnings(report: &Report) -> Vec<String> {
    let skipped: u64 = report.skipped.values().sum();
    let mut sentences = Vec::new();
    let mut say = |holds: bool, sentence: String| {
        if holds {
            sentences.push(sentence);
        }
    };
    say(skipped > 0, format!("Skipped {skipped} {}: {}", plural(skipped, "picture"), report.reasons()));
    say(
        report.shared_people,
        "The held-back pictures show people who are also trained on, since there are too few: figures of identity are \
         too good"
            .to_owned(),
    );
    say(report.held_out == 0, "No pictures are held back: nothing is measured on unseen ones".to_owned());
    sentences
}

fn plural(count: u64, what: &str) -> String {
    if count == 1 { what.to_owned() } else { format!("{what}s") }
}
