//! What can be done in the Labels panel, each once: its buttons, its keys, the menus and the palette all ask for one of
//! these.

use std::path::PathBuf;

use super::{Choice, Tab};
use crate::app::state::FaceId;
use crate::engine::audit::{FaceKey, Form};
use crate::face::Expression;

/// One thing to do.
#[derive(Clone, Debug, PartialEq)]
pub enum LabelsCommand {
    // The audit.
    Open(PathBuf),
    /// Looks for wrong labels in a set; where the result goes is asked next.
    Audit(PathBuf),
    /// Where the result of that goes.
    Into(PathBuf),
    BringUpToDate,
    /// Encodes and reads everything anew with the weights in use; verdicts stay.
    Rebuild,
    Stop,
    Close,
    /// Files from the desktop.
    Dropped(Vec<PathBuf>),
    // The list.
    LookAtTab(Tab),
    /// Score and conditions, all of them.
    Choose(Box<Choice>),
    /// Faces with this given and this predicted label alone; all of them where they were chosen before.
    Cell(Expression, Expression),
    /// The faces that are drawn now.
    InSight(Vec<FaceKey>),
    LookAt(FaceKey),
    Next,
    Previous,
    /// The next one that has no verdict.
    NextUnjudged,
    /// A face of the tray stands beside those that are looked at from now on, or none.
    CompareWith(Option<FaceId>),
    // Verdicts on the face that is looked at.
    Keep,
    /// It shows what was predicted.
    RelabelPredicted,
    /// It shows this.
    Relabel(Expression),
    Ambiguous,
    Undo,
    /// Whose verdicts they are.
    JudgeAs(String),
    // Files.
    Export(Form, PathBuf),
    Import(PathBuf),
    /// Takes the face into the tray and the Edit panel.
    Edit,
}

impl LabelsCommand {
    /// Whether it says something about a label: a key that is held down says it once.
    pub fn is_verdict(&self) -> bool {
        matches!(
            self,
            LabelsCommand::Keep
                | LabelsCommand::RelabelPredicted
                | LabelsCommand::Relabel(_)
                | LabelsCommand::Ambiguous
                | LabelsCommand::Undo
        )
    }
}
