//! Evaluations in words: what parts need, what measures mean, moments and sizes, for somebody who has not read the paper.

use super::PathFor;
use crate::app::train::words::{counted, thousands};
use crate::engine::evaluation::{EvaluationProgress, PartName, Report, SetReport, Side, Step, Verdict};

pub const INTERVAL: &str = "Where the figure would lie in 95 of 100 samples that are drawn again from the same faces; a \
                            wide interval means few faces";
pub const COUNT: &str = "Over how many faces, pairs or searches the figure is";
pub const PAPER: &str = "What Browatzki and Wallraven have for the same measure on the same data set; empty where the \
                         paper measured it on other data or not at all";
pub const DRAWN: &str = "The dot is the figure, the band its 95 % interval, the upright stroke the paper's figure, and a \
                         hollow dot what it is to be judged by";
pub const MOVED: &str = "A figure moved where each of its two values lies outside the other's 95 % interval; all others \
                         count as the same";
pub const NOTATION: &str = "f is the whole code of a face, 99 numbers: f_p is the pose in it, f_id the identity, f_e the \
                            expression and f_s the style; f without one of them is all the others together";
pub const PAIRS: &str = "A list in the form of LFW's pairs.txt: which pictures show the same person and which two do \
                         not. Verification needs it";
pub const RECOGNISER: &str = "A face recognition network as a safetensors file, which judges whether a person is kept \
                              and how real samples look. It must be another one than that which taught the weights, else \
                              it flatters them";
pub const TRAINING: &str = "Faces on which the readers are trained: small networks that read expressions from codes, and \
                            PCA, the linear method that reconstructions are set beside. Of 10,000 faces at most PCA takes \
                            all, the networks those that have a label. Without any, they are trained on a part of the \
                            measured faces and measured on the rest";
pub const FACES: &str = "So many faces of each set at most, spread evenly over it. More take longer and make the \
                         intervals narrower";
pub const SAMPLES: &str = "So many faces of nobody are drawn at random for the part Sampling, at most, and never more than \
                           there are real faces to set beside them. More take longer and say more surely how much they \
                           look like real ones";
pub const OUT: &str = "The report lies there as a page, JSON and CSV, with its pictures. What was measured before with the \
                       same faces and weights is taken from there";

/// What a part reads, in a few words; empty where any faces will do.
pub fn needs(part: PartName) -> &'static str {
    match part {
        PartName::Reconstruction | PartName::Cycle | PartName::Figures => "",
        PartName::Sampling => "better with a recogniser",
        PartName::Verification => "needs pairs",
        PartName::Expression => "needs expression labels",
        PartName::Pose => "needs known angles",
        PartName::Retrieval => "needs labels",
        PartName::Identity => "needs a recogniser",
        PartName::Disentanglement => "needs synthetic faces",
    }
}

/// What is given for a part that is not measured, as the button beside it says.
pub fn give(path: PathFor) -> &'static str {
    match path {
        PathFor::Pairs => "Choose pairs…",
        PathFor::Recogniser => "Choose a recogniser…",
        _ => "Add data…",
    }
}

/// What the figure of this key measures, in a sentence; empty where its name says it all.
pub fn measure(key: &str) -> &'static str {
    let mut words = key.split('.');
    let (part, what) = (words.next().unwrap_or_default(), words.next_back().unwrap_or_default());
    match (part, what) {
        ("reconstruction", "rmse") => {
            "How far the picture that comes back is from the one that went in: the root of the mean squared difference \
             of all pixels, in levels from 0 to 255"
        }
        ("reconstruction", "rmse_authors") => {
            "The same by the formula of the authors' program, the root mean square over pictures of each one's mean \
             absolute error; it comes out lower"
        }
        ("reconstruction", "mae") => "The mean absolute difference of all pixels, in levels from 0 to 255",
        ("reconstruction", "sharpness") => {
            "How much fine detail the picture that comes back has for each bit of detail in the one that went in: 1 is \
             as sharp, below 1 is soft"
        }
        ("reconstruction", "rmse_over_pca_99") => {
            "Below 1 the model draws faces closer to the originals than PCA does with as many numbers"
        }
        ("sampling", "frechet") => {
            "How far the crowd of drawn faces is from the crowd of real ones, as the recogniser sees them: 0 is the same"
        }
        ("sampling", "frechet_real") => "The same between two halves of the real faces: the best that can be hoped for",
        ("sampling", _) => {
            "The mean difference of two faces drawn at random: if samples differ less than real faces, the model draws \
             too much of the same"
        }
        ("verification" | "expression", "gap") => {
            "By how much the part that should tell it is better at it than all the others together: the more, the better \
             the parts are kept from each other"
        }
        ("verification", "auc") => {
            "How well the distance ranks pairs of one person before pairs of two: 0.5 is guessing"
        }
        ("verification", _) => {
            "Of 100 pairs, how many are told right as one person or two; guessing gets 50, and the threshold comes from \
             other pairs"
        }
        ("expression", _) => {
            "How well one expression is told from the rest, the area under the ROC curve: 0.5 is guessing, 1 never wrong"
        }
        ("pose", _) => "How many degrees the angle is off in the mean",
        ("retrieval", "map") => "How early in the list those come that are looked for: 1 where all of them come first",
        ("retrieval", _) => "Of the seven nearest faces, how many share what is looked for",
        ("cycle", _) if key.starts_with("cycle.unedited") => {
            "How far the part moves by being drawn and read again, with nothing changed"
        }
        ("cycle", "asked") => "After the swap was drawn and read again: how far the part is from what was asked",
        ("cycle", "way") => "How far the part had to go, from the face's own to the other's",
        ("cycle", what) if what.starts_with("drift") => {
            "How far a part moves that was to stay, after the picture was drawn and read again"
        }
        ("identity", "same_person") => "Of 100 faces, how many the recogniser still takes for the same person",
        ("identity", "distance") => "How far apart the recogniser sees the two faces: 0 is the same",
        ("disentanglement", "own_part") => {
            "Of everything known about the drawn faces, the share that is read best where it belongs"
        }
        ("disentanglement", "rest") => "How well the property is read from all other parts, which should not tell it",
        ("disentanglement", _) => "How well the property is read from the part that should hold it",
        _ => "",
    }
}

/// Whether a figure's name has signs for parts of the code in it, which [`NOTATION`] explains.
pub fn is_notation(name: &str) -> bool {
    name.split([' ', ',']).any(|word| ["f_p", "f_id", "f_e", "f_s"].contains(&word))
}

/// What a report is called: whose weights, on what.
pub fn title(report: &Report) -> String {
    let sets: Vec<&str> = report.sets.iter().map(|set| set.name.as_str()).collect();
    format!("{} on {}", report.model.name, sets.join(", "))
}

/// What an evaluation is doing, where, and how far that is: "lfw-val, encoding the faces 256 of 2,000".
pub fn doing(progress: &EvaluationProgress) -> String {
    let (what, is_counted) = match progress.step {
        Step::Prepare => ("cutting the faces out".to_owned(), true),
        Step::Read => ("encoding the faces".to_owned(), true),
        Step::Part(part) => (part.title().to_lowercase(), false),
    };
    let far = match progress.of_step {
        [_, 0] => String::new(),
        [done, of] if is_counted => format!(" {} of {}", thousands(done), thousands(of)),
        [done, of] => format!(" {:.0} %", 100.0 * done as f64 / of as f64),
    };
    format!("{}, {what}{far}", progress.set)
}

/// A moment of RFC 3339, to the minute: "2026-11-28 13:36 UTC"; as it is where it is none.
pub fn moment(text: &str) -> String {
    let zone = if text.ends_with('Z') { " UTC" } else { "" };
    match (text.get(..10), text.get(10..11), text.get(11..16)) {
        (Some(day), Some("T"), Some(minute)) => format!("{day} {minute}{zone}"),
        _ => text.to_owned(),
    }
}

/// Whose report a side of a comparison is.
pub fn side(side: &Side) -> String {
    format!("{}, {}", side.model.name, moment(&side.created))
}

/// What was measured of a set: "2,000 faces of 812 people, 3 pictures passed over".
pub fn size(set: &SetReport) -> String {
    match set.skipped.values().sum::<usize>() {
        0 => set.size_text(),
        passed => format!("{}, {} passed over", set.size_text(), counted(passed, "picture")),
    }
}

/// A verdict on a figure that moved, with a sign.
pub fn verdict(verdict: Verdict) -> String {
    match verdict {
        Verdict::Better => format!("▲ {}", verdict.name()),
        Verdict::Worse => format!("▼ {}", verdict.name()),
        Verdict::Moved => verdict.name().to_owned(),
    }
}

/// A sentence that ends as one.
pub fn sentence(text: &str) -> String {
    if text.ends_with(['.', '!', '?']) { text.to_owned() } else { format!("{text}.") }
}

/// What a report says, such as why something was not measured, without the names that a terminal has for what is to be
/// given.
pub fn said(text: &str) -> String {
    let mut text = text.to_owned();
    while let Some(start) = text.find(" (--") {
        let Some(length) = text[start..].find(')') else { break };
        text.replace_range(start..=start + length, "");
    }
    sentence(&text)
}

/// What is said of an evaluation that is done.
pub fn done(report: &Report, reused: usize) -> String {
    let sections: usize = report.sets.iter().map(|set| set.sections.len()).sum();
    let unmeasured: usize = report.sets.iter().map(|set| set.unmeasured.len()).sum();
    let mut text = format!("The evaluation is done, {} measured", counted(sections, "part"));
    if reused > 0 {
        text.push_str(&format!(", {reused} of them taken from the last one"));
    }
    if unmeasured > 0 {
        let (verb, why) = if unmeasured == 1 { ("was", "why it") } else { ("were", "why they") };
        text.push_str(&format!("; {} {verb} not, the overview says {why} {verb} not", counted(unmeasured, "part")));
    }
    text
}
