//! What can be undone: changes to faces, each as before and after, and the two stacks between which they move. Pure: it
//! knows no widgets, no threads and no files.

use std::collections::BTreeSet;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::store::paths;
use super::transfer::Arrangement;
use crate::engine::open::Points;
use crate::engine::protocol::{PastedFace, RgbImage};
use crate::face::{CODE_DIM, Crop, Edit, FaceCode, Found, PasteOptions};

/// A face at hand, without its pictures.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaceRecord {
    pub id: u64,
    pub name: String,
    /// The photograph's file; none for what was pasted and for samples.
    #[serde(default, with = "paths", skip_serializing_if = "Option::is_none")]
    pub path: Option<PathBuf>,
    /// Where the face lies in the photograph; none where it is still to be marked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub square: Option<Crop>,
    /// Left eye, right eye and mouth in pixels of the photograph, where they were marked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub points: Option<Points>,
    /// One of the faces that come with the program.
    #[serde(default)]
    pub sample: bool,
    #[serde(default)]
    pub edit: Edit,
    /// Width and height of the photograph that the edit can be put back into; none for what came as a crop.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub photograph: Option<[u32; 2]>,
    /// The face as it was found in the photograph; none where nothing was found in its square.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<Box<Found>>,
    /// The code that was fitted to the photograph, which then takes the place of the encoder's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refined: Option<Box<Refinement>>,
    /// How the edit is put back into the photograph.
    #[serde(default, skip_serializing_if = "is_usual")]
    pub paste: PasteOptions,
}

impl FaceRecord {
    /// How the face goes back into its photograph, decoded before and after an edit; none where it has no square there.
    pub fn pasted(&self, own: &Arc<RgbImage>, edited: &Arc<RgbImage>) -> Option<PastedFace> {
        Some(PastedFace {
            square: self.square?,
            landmarks: self.found.as_ref().map(|found| found.landmarks.clone()),
            own: Arc::clone(own),
            edited: Arc::clone(edited),
            options: self.paste,
        })
    }
}

impl FaceRecord {
    /// Where it lies, and what is known of it there.
    pub fn placing(&self) -> Placing {
        Placing { square: self.square, points: self.points, found: self.found.clone(), refined: self.refined.clone() }
    }

    /// Puts it somewhere else.
    pub fn put(&mut self, placing: Placing) {
        let Placing { square, points, found, refined } = placing;
        (self.square, self.points, self.found, self.refined) = (square, points, found, refined);
    }
}

fn is_usual(options: &PasteOptions) -> bool {
    *options == PasteOptions::default()
}

/// A code that was fitted to a photograph.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Refinement {
    /// The 99 numbers of `f`, pose in radians.
    f: Vec<f32>,
    /// Pixel RMSE against the crop in levels of 0..255, before and after.
    pub rmse: [f32; 2],
    /// Name of the weights that it was fitted with; it means nothing to others.
    pub weights: String,
}

impl Refinement {
    /// None where one of the numbers is not finite, and so could not be kept.
    pub fn new(face: &FaceCode, rmse: [f32; 2], weights: &str) -> Option<Self> {
        let f = face.to_array().to_vec();
        let finite = f.iter().chain(&rmse).all(|v| v.is_finite());
        finite.then(|| Refinement { f, rmse, weights: weights.to_owned() })
    }

    /// None where a file held numbers that are no code.
    pub fn code(&self) -> Option<FaceCode> {
        let f: &[f32; CODE_DIM] = self.f.as_slice().try_into().ok()?;
        FaceCode::from_array(f)
    }
}

/// Where a face lies in its photograph, and what is known of it there.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Placing {
    pub square: Option<Crop>,
    pub points: Option<Points>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<Box<Found>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refined: Option<Box<Refinement>>,
}

/// One step of what can be undone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub enum Change {
    Edit {
        face: u64,
        before: Edit,
        after: Edit,
    },
    Place {
        face: u64,
        before: Placing,
        after: Placing,
    },
    /// A code fitted to the photograph, or taken back.
    Refine {
        face: u64,
        before: Option<Box<Refinement>>,
        after: Option<Box<Refinement>>,
    },
    /// How the edit is put back into the photograph.
    Paste {
        face: u64,
        before: PasteOptions,
        after: PasteOptions,
    },
    Rename {
        face: u64,
        before: String,
        after: String,
    },
    /// Who stands on the transfer board, and what is given there.
    Board {
        before: Box<Arrangement>,
        after: Box<Arrangement>,
    },
    /// A face put into the tray at a place.
    Add {
        place: usize,
        face: FaceRecord,
    },
    /// A face taken out of its place in the tray.
    Remove {
        place: usize,
        face: FaceRecord,
    },
    /// Several changes in their order, undone as one.
    Many(Vec<Change>),
}

impl Change {
    /// The change that takes this one back.
    pub fn inverse(&self) -> Change {
        match self.clone() {
            Change::Edit { face, before, after } => Change::Edit { face, before: after, after: before },
            Change::Place { face, before, after } => Change::Place { face, before: after, after: before },
            Change::Refine { face, before, after } => Change::Refine { face, before: after, after: before },
            Change::Paste { face, before, after } => Change::Paste { face, before: after, after: before },
            Change::Rename { face, before, after } => Change::Rename { face, before: after, after: before },
            Change::Board { before, after } => Change::Board { before: after, after: before },
            Change::Add { place, face } => Change::Remove { place, face },
            Change::Remove { place, face } => Change::Add { place, face },
            Change::Many(changes) => Change::Many(changes.iter().rev().map(Change::inverse).collect()),
        }
    }

    /// Makes the change. A face that is not there is passed over: the window would rather miss a step than stop.
    pub fn apply(&self, faces: &mut Vec<FaceRecord>) {
        let found = |faces: &[FaceRecord], id: u64| faces.iter().position(|face| face.id == id);
        match self {
            Change::Edit { face, after, .. } => {
                if let Some(place) = found(faces, *face) {
                    faces[place].edit = after.clone();
                }
            }
            Change::Place { face, after, .. } => {
                if let Some(place) = found(faces, *face) {
                    faces[place].put(after.clone());
                }
            }
            Change::Refine { face, after, .. } => {
                if let Some(place) = found(faces, *face) {
                    faces[place].refined.clone_from(after);
                }
            }
            Change::Paste { face, after, .. } => {
                if let Some(place) = found(faces, *face) {
                    faces[place].paste = *after;
                }
            }
            Change::Rename { face, after, .. } => {
                if let Some(place) = found(faces, *face) {
                    faces[place].name.clone_from(after);
                }
            }
            Change::Add { place, face } => {
                if found(faces, face.id).is_none() {
                    faces.insert((*place).min(faces.len()), face.clone());
                }
            }
            // It changes nothing about the faces themselves.
            Change::Board { .. } => {}
            Change::Remove { face, .. } => faces.retain(|other| other.id != face.id),
            Change::Many(changes) => changes.iter().for_each(|change| change.apply(faces)),
        }
    }

    /// What it is called in a menu, after "Undo" or "Redo".
    pub fn name(&self) -> &'static str {
        match self {
            Change::Edit { .. } => "edit",
            Change::Place { .. } => "crop",
            Change::Refine { .. } => "refinement",
            Change::Paste { .. } => "pasting",
            Change::Rename { .. } => "renaming",
            Change::Board { .. } => "board",
            Change::Add { .. } => "opening",
            Change::Remove { .. } => "removal",
            Change::Many(changes) => match changes.split_first() {
                Some((first, rest)) if rest.iter().all(|change| change.name() == first.name()) => first.name(),
                _ => "changes",
            },
        }
    }

    /// Whether everything is as before.
    pub fn is_nothing(&self) -> bool {
        match self {
            Change::Edit { before, after, .. } => before == after,
            Change::Place { before, after, .. } => before == after,
            Change::Refine { before, after, .. } => before == after,
            Change::Paste { before, after, .. } => before == after,
            Change::Rename { before, after, .. } => before == after,
            Change::Board { before, after } => before == after,
            Change::Add { .. } | Change::Remove { .. } => false,
            Change::Many(changes) => changes.iter().all(Change::is_nothing),
        }
    }

    /// The same change to faces whose numbers are higher.
    fn shifted(&self, by: u64) -> Change {
        let mut change = self.clone();
        match &mut change {
            Change::Edit { face, .. }
            | Change::Place { face, .. }
            | Change::Refine { face, .. }
            | Change::Paste { face, .. }
            | Change::Rename { face, .. } => *face += by,
            Change::Board { before, after } => {
                for board in [before, after] {
                    **board = Arrangement::clone(board).shifted(by);
                }
            }
            Change::Add { face, .. } | Change::Remove { face, .. } => face.id += by,
            Change::Many(changes) => changes.iter_mut().for_each(|change| *change = change.shifted(by)),
        }
        change
    }

    fn record_of(&self, id: u64) -> Option<&FaceRecord> {
        match self {
            Change::Add { face, .. } | Change::Remove { face, .. } => (face.id == id).then_some(face),
            Change::Many(changes) => changes.iter().find_map(|change| change.record_of(id)),
            _ => None,
        }
    }

    fn add_faces(&self, ids: &mut BTreeSet<u64>) {
        match self {
            Change::Edit { face, .. }
            | Change::Place { face, .. }
            | Change::Refine { face, .. }
            | Change::Paste { face, .. }
            | Change::Rename { face, .. } => {
                ids.insert(*face);
            }
            // Whoever was on the board is in the tray, or was taken out of it by another change.
            Change::Board { .. } => {}
            Change::Add { face, .. } | Change::Remove { face, .. } => {
                ids.insert(face.id);
            }
            Change::Many(changes) => changes.iter().for_each(|change| change.add_faces(ids)),
        }
    }
}

/// All changes, without limit. A clone costs two counters and shares every change, so that one can be taken at each
/// step and saved on another thread.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct History {
    past: Stack,
    future: Stack,
}

impl History {
    /// Notes a change that was made. What could be redone is forgotten; a change that changes nothing is no step.
    pub fn push(&mut self, change: Change) {
        if !change.is_nothing() {
            self.past.push(Arc::new(change));
            self.future = Stack::default();
        }
    }

    /// Steps back; the change to make for that.
    pub fn undo(&mut self) -> Option<Change> {
        let change = self.past.pop()?;
        let inverse = change.inverse();
        self.future.push(change);
        Some(inverse)
    }

    /// Steps forward again; the change to make for that.
    pub fn redo(&mut self) -> Option<Change> {
        let change = self.future.pop()?;
        let again = Change::clone(&change);
        self.past.push(change);
        Some(again)
    }

    pub fn can_undo(&self) -> bool {
        self.undo_name().is_some()
    }

    pub fn can_redo(&self) -> bool {
        self.redo_name().is_some()
    }

    /// What would be undone, as [`Change::name`] says it.
    pub fn undo_name(&self) -> Option<&'static str> {
        self.past.iter().next().map(Change::name)
    }

    /// What would be redone.
    pub fn redo_name(&self) -> Option<&'static str> {
        self.future.iter().next().map(Change::name)
    }

    /// How many steps can be undone and redone.
    pub fn depth(&self) -> (usize, usize) {
        (self.past.iter().count(), self.future.iter().count())
    }

    /// The same history of faces whose numbers are higher.
    pub fn shifted(&self, by: u64) -> History {
        let shifted = |stack: &Stack| {
            let changes: Vec<_> = stack.iter().map(|change| Arc::new(change.shifted(by))).collect();
            let mut stack = Stack::default();
            changes.into_iter().rev().for_each(|change| stack.push(change));
            stack
        };
        History { past: shifted(&self.past), future: shifted(&self.future) }
    }

    /// The face as it was when it was last taken out of the tray, or put into it.
    pub fn record_of(&self, id: u64) -> Option<FaceRecord> {
        self.past.iter().chain(self.future.iter()).find_map(|change| change.record_of(id)).cloned()
    }

    /// The faces that a step back or forward may need, also those removed from the tray.
    pub fn faces(&self) -> BTreeSet<u64> {
        let mut ids = BTreeSet::new();
        self.past.iter().chain(self.future.iter()).for_each(|change| change.add_faces(&mut ids));
        ids
    }
}

/// A stack whose clones share what lies in it.
#[derive(Clone, Default)]
struct Stack(Option<Arc<Link>>);

struct Link {
    change: Arc<Change>,
    below: Option<Arc<Link>>,
}

impl Stack {
    fn push(&mut self, change: Arc<Change>) {
        self.0 = Some(Arc::new(Link { change, below: self.0.take() }));
    }

    fn pop(&mut self) -> Option<Arc<Change>> {
        let top = self.0.take()?;
        self.0.clone_from(&top.below);
        Some(Arc::clone(&top.change))
    }

    /// Newest first.
    fn iter(&self) -> impl Iterator<Item = &Change> {
        std::iter::successors(self.0.as_ref(), |link| link.below.as_ref()).map(|link| &*link.change)
    }
}

impl Drop for Stack {
    /// Link by link: left to itself, each link would drop the next inside its own drop, and a long day's work would
    /// overflow the thread's stack.
    fn drop(&mut self) {
        let mut top = self.0.take();
        while let Some(link) = top {
            top = Arc::into_inner(link).and_then(|link| link.below);
        }
    }
}

impl PartialEq for Stack {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl fmt::Debug for Stack {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// Oldest first, as the changes were made.
impl Serialize for Stack {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let newest_first: Vec<&Change> = self.iter().collect();
        serializer.collect_seq(newest_first.into_iter().rev())
    }
}

impl<'de> Deserialize<'de> for Stack {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut stack = Stack::default();
        Vec::deserialize(deserializer)?.into_iter().for_each(|change| stack.push(Arc::new(change)));
        Ok(stack)
    }
}
