//! What can be done in the Evaluate panel, each once: its buttons, the menus and the palette all ask for one of these.

use std::path::PathBuf;

use super::{Form, Tab};

/// What a path is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathFor {
    /// A folder of shards, or a set as it was published.
    Folder,
    /// Shards, by a dialog that shows files.
    Shards,
    Pairs,
    Recogniser,
    /// What PCA and the readers of expressions are trained on.
    Training,
    /// Where the report goes.
    Out,
    /// A report that is to be seen.
    Report,
    /// One that the open report is to be compared with.
    Other,
    /// Where the comparison of the two is saved.
    Comparison,
}

/// One thing to do.
#[derive(Clone, Debug, PartialEq)]
pub enum EvaluateCommand {
    // What is to be measured.
    /// The choices of the next evaluation, all of them.
    Choose(Box<Form>),
    AddData(Vec<PathBuf>),
    AddTraining(Vec<PathBuf>),
    Pairs(PathBuf),
    Recogniser(PathBuf),
    /// Where its report goes.
    Into(PathBuf),
    /// Files from the desktop.
    Dropped(Vec<PathBuf>),
    Start,
    Stop,
    // Reports.
    Open(PathBuf),
    Close,
    /// The whole report, as a page in the browser.
    Browse,
    /// An earlier report, against which the open one is said to be better or worse.
    CompareWith(PathBuf),
    /// What came of it into a file, as a page or as JSON by its ending.
    SaveComparison(PathBuf),
    LookAtTab(Tab),
    /// One of the sets of the open report, from 0.
    LookAtSet(usize),
}

impl EvaluateCommand {
    /// What is done with a path that was asked for.
    pub fn given(of: PathFor, path: PathBuf) -> Self {
        match of {
            PathFor::Folder | PathFor::Shards => EvaluateCommand::AddData(vec![path]),
            PathFor::Pairs => EvaluateCommand::Pairs(path),
            PathFor::Recogniser => EvaluateCommand::Recogniser(path),
            PathFor::Training => EvaluateCommand::AddTraining(vec![path]),
            PathFor::Out => EvaluateCommand::Into(path),
            PathFor::Report => EvaluateCommand::Open(path),
            PathFor::Other => EvaluateCommand::CompareWith(path),
            PathFor::Comparison => EvaluateCommand::SaveComparison(path),
        }
    }
}
