//! What is known by now of the face that is looked at, of those that come next and of a few that came before.

use super::FaceKey;
use super::protocol::Looked;

/// How many faces are kept; each takes less than half a megabyte.
const KEPT: usize = 16;

/// What is to be found out next about a face.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    Card,
    Input,
    Neighbours,
    Reconstruction,
    /// The counterfactual of the given label, and that of the predicted one.
    Given,
    Predicted,
    /// What the reconstruction is read as.
    Reading,
    Done,
}

impl Stage {
    pub fn next(self) -> Self {
        match self {
            Stage::Card => Stage::Input,
            Stage::Input => Stage::Neighbours,
            Stage::Neighbours => Stage::Reconstruction,
            Stage::Reconstruction => Stage::Given,
            Stage::Given => Stage::Predicted,
            Stage::Predicted => Stage::Reading,
            Stage::Reading | Stage::Done => Stage::Done,
        }
    }

    /// What can still be found out where this failed: without a card nothing, and networks that fail once are not asked
    /// again for this face.
    pub fn after_failure(self) -> Self {
        match self {
            Stage::Input | Stage::Neighbours => self.next(),
            _ => Stage::Done,
        }
    }
}

/// A face, as far as it is known.
pub(super) struct Shown {
    /// As yet without the number of a request.
    pub looked: Looked,
    pub stage: Stage,
}

impl Shown {
    pub fn new(face: FaceKey) -> Self {
        Shown { looked: Looked { face, ..Looked::default() }, stage: Stage::Card }
    }

    pub fn is_done(&self) -> bool {
        self.stage == Stage::Done
    }

    pub fn has_failed(&self) -> bool {
        self.looked.error.is_some()
    }
}

/// The faces that are kept, the one that was worked at last behind all others.
#[derive(Default)]
pub(super) struct Kept(Vec<Shown>);

impl Kept {
    pub fn get(&self, face: FaceKey) -> Option<&Shown> {
        self.0.iter().find(|shown| shown.looked.face == face)
    }

    pub fn take(&mut self, face: FaceKey) -> Option<Shown> {
        let place = self.0.iter().position(|shown| shown.looked.face == face)?;
        Some(self.0.remove(place))
    }

    /// Keeps a face. Where there are too many, the oldest goes that is not among `needed`.
    pub fn put(&mut self, shown: Shown, needed: &[FaceKey]) {
        self.0.push(shown);
        if self.0.len() > KEPT {
            let unneeded = self.0.iter().position(|shown| !needed.contains(&shown.looked.face));
            self.0.remove(unneeded.unwrap_or_default());
        }
    }

    pub fn clear(&mut self) {
        self.0.clear();
    }
}
