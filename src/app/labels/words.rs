//! Audits in words: steps, verdicts, scores, and what the terms mean to somebody who has never audited labels.

use std::path::Path;

use crate::app::dials::sentence_case;
use crate::app::train::words::{counted, thousands};
use crate::app::widgets::number_text;
use crate::engine::audit::{Counts, Filter, Score, Step, Verdict, Verdicts};
use crate::face::Part;

pub const QUALITY: &str = "How right the label looks, 0 to 1: near 0 it is probably wrong, near 1 nothing speaks \
                           against it";
pub const GIVEN: &str = "The label that the set has";
pub const PREDICTED: &str = "What the face looks like to a small network that never saw this face, nor others of the \
                             same person where those are known";
pub const RANK: &str = "The place among all faces of the set, the most doubtful label first";
pub const VERDICT: &str = "What you say about the label; the set itself is never changed";
pub const BUDGET: &str = "As many of the most doubtful faces as were set aside for looking at when the set was \
                          audited, 5 % of them if nothing else was said";
pub const COUNTERFACTUAL: &str = "A counterfactual: the same face, drawn with the mean expression of all faces of the \
                                  set that are labelled so. Where the face as it was looks more like the other one, \
                                  the label is doubtful";
pub const RECONSTRUCTION: &str = "What the networks keep of the face, drawn back from its 99 numbers; where it shows \
                                  another expression than the photograph, a prediction from it means little";
pub const NEIGHBOURS: &str = "The faces of other people whose expressions are most like this one, with the labels that \
                              they have; the number is the cosine of the angle between the two, 1 for the same";
pub const COMPARE: &str = "A face of the tray, to be looked at beside this one while you go through the list; one that \
                           was picked up with Enter is put here with Enter";
pub const SHORTCUT: &str = "A shortcut is another way to guess the label than by the expression: where pose, identity \
                            or style alone tell it, the set has pictures of one class that look alike in something \
                            else, and networks learn that instead";

/// What a step of an audit does, in a few words and in a sentence.
pub fn step(step: Step) -> [&'static str; 2] {
    match step {
        Step::Preparing => ["Cutting the faces out", "Every face of the set becomes a crop of 168 pixels, in shards"],
        Step::Indexing => ["Encoding the faces", "The networks write each face as 99 numbers"],
        Step::Reading => [
            "Reading the expressions",
            "Small networks learn the labels from the expression part, each without a fifth of the people, whose faces \
             it then reads",
        ],
        Step::Neighbours => ["Asking the neighbours", "For each face, the labels of those that look most like it"],
        Step::Shortcuts => [
            "Looking for shortcuts",
            "How well the label can be told from pose, identity and style, without the expression",
        ],
        Step::Reconstructing => {
            ["Reading the reconstructions", "The most doubtful faces are drawn back and read again"]
        }
    }
}

/// What the angle between two faces in a part says.
pub fn apart(part: Part) -> &'static str {
    match part {
        Part::Pose => "How differently the two heads are turned: the mean difference of yaw, pitch and roll",
        Part::Identity => "Who they are: 0° is the same person in the eyes of the networks, at 90° nothing is alike",
        Part::Expression => "What the two faces do: 0° is the same expression, at 90° nothing is alike",
        Part::Style => "Light, colour, glasses and picture quality: 0° is the same, at 90° nothing is alike",
    }
}

/// A score as a choice.
pub fn score(score: Score) -> String {
    sentence_case(&score.name().replace('-', " "))
}

/// A quality, or a dash where it is not known.
pub fn quality(quality: Option<f32>) -> String {
    quality.map_or_else(|| "\u{2013}".to_owned(), |quality| number_text(quality, 2))
}

/// What was said about a label.
pub fn verdict(verdict: Verdict) -> String {
    match verdict {
        Verdict::Keep => "kept".to_owned(),
        Verdict::Relabel(label) => format!("now {label}"),
        Verdict::Ambiguous => "ambiguous".to_owned(),
    }
}

/// A choice of verdicts.
pub fn verdicts(verdicts: Verdicts) -> &'static str {
    match verdicts {
        Verdicts::Any => "Any or none",
        Verdicts::None => "None yet",
        Verdicts::Some => "Any",
        Verdicts::Keep => "Kept",
        Verdicts::Relabel => "Relabelled",
        Verdicts::Ambiguous => "Ambiguous",
    }
}

/// How many verdicts there are, of each kind.
pub fn counts(counts: Counts) -> String {
    if counts.total() == 0 {
        return "No verdicts yet".to_owned();
    }
    let number = |count: usize| thousands(count as u64);
    format!(
        "{}: {} kept, {} relabelled, {} ambiguous",
        counted(counts.total(), "verdict"),
        number(counts.keep),
        number(counts.relabel),
        number(counts.ambiguous)
    )
}

/// What a filter leaves, as it is said behind a count; empty where it leaves everything.
pub fn filter(filter: &Filter) -> String {
    let mut words = Vec::new();
    words.extend(filter.given.map(|given| format!("given {given}")));
    words.extend(filter.predicted.map(|predicted| format!("looking {predicted}")));
    words.extend(match filter.verdict {
        Verdicts::Any => None,
        Verdicts::None => Some("without a verdict".to_owned()),
        Verdicts::Some => Some("with a verdict".to_owned()),
        Verdicts::Keep => Some("kept".to_owned()),
        Verdicts::Relabel => Some("relabelled".to_owned()),
        Verdicts::Ambiguous => Some("ambiguous".to_owned()),
    });
    let text = filter.text.trim();
    if !text.is_empty() {
        words.push(format!("with \u{201c}{text}\u{201d} in the name"));
    }
    words.join(", ")
}

/// The last piece of a picture's name in the set, and all of it where that is no path.
pub fn short(name: &str) -> &str {
    Path::new(name).file_name().and_then(|name| name.to_str()).unwrap_or(name)
}
