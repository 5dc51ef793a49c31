//! Trainings in words: states, stages, numbers.

use std::path::Path;

use crate::engine::training::{RunState, Stages, SubFolders};

/// How a run stands, as the first word of a sentence.
pub fn state(state: RunState) -> &'static str {
    match state {
        RunState::Preparing => "Prepares its pictures",
        RunState::Running => "Trains",
        RunState::Paused => "Paused",
        RunState::Finished => "Finished",
        RunState::Stopped => "Stopped and saved",
        RunState::Failed => "Failed",
        RunState::Discarded => "Discarded",
        RunState::Killed => "Was killed",
    }
}

/// What a stage does.
pub fn stage(name: &str) -> &str {
    match name.to_lowercase().replace('-', " ").as_str() {
        "pca start" => "head start: towards principal components",
        "autoencoder" => "stage one: faces to 99 numbers and back",
        "codes" => "the numbers of all pictures, for stage two",
        "disentangle" => "stage two: the numbers are sorted into parts",
        "cycle" => "stage two: parts are exchanged and read again",
        "joint" => "stage three: all networks together",
        _ => name,
    }
}

/// The choice of stages, and what it means.
pub fn stages(stages: Stages) -> (&'static str, &'static str) {
    match stages {
        Stages::All => ("All three stages", "One after the other, as many steps of each as the preset says"),
        Stages::Autoencoder => ("Stage one only", "Faces to 99 numbers and back; the numbers have no meaning yet"),
        Stages::Disentangle => {
            ("Stage two only", "The numbers are sorted into pose, identity, expression and style; goes on from a run")
        }
        Stages::Joint => {
            ("Stage three only", "All networks together; goes on from a run that has been through stage two")
        }
    }
}

/// What the names of sub-folders say, and what that means.
pub fn sub_folders(say: SubFolders) -> (&'static str, &'static str) {
    match say {
        SubFolders::Auto => {
            ("Told by their names", "Expressions if all are named after one (happy, sad…), else people")
        }
        SubFolders::People => ("People", "Each sub-folder shows one person"),
        SubFolders::Expressions => {
            ("Expressions", "Each sub-folder is a label; those not named after an expression say nothing")
        }
        SubFolders::Nothing => ("Nothing", "Their pictures are taken, their names are not looked at"),
    }
}

/// The batch that the engine's sentence about a run names at its end, where memory ran out.
pub fn named_batch(sentence: &str) -> Option<usize> {
    sentence.rsplit_once("batch.size ")?.1.parse().ok()
}

/// With commas between thousands.
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// So many of something: "1 face", "1,234 faces".
pub fn counted(number: usize, what: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{} {what}{ending}", thousands(number as u64))
}

/// A file or folder by its last name.
pub fn name(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}
