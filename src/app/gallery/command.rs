//! What can be done in the Gallery panel, each once: its buttons, the menus and the palette all ask for one of these.

use std::path::PathBuf;

use super::map::MapLook;
use super::query::{FilterForm, Preset, QueryOf};
use super::{Tab, Use};
use crate::engine::gallery::FaceKey;
use crate::face::Part;

/// One thing to do.
#[derive(Clone, Debug, PartialEq)]
pub enum GalleryCommand {
    // The index.
    Open(PathBuf),
    /// Makes an index of a folder, a photograph or a shard, among the window's own.
    Index(PathBuf),
    /// Takes more into the open index.
    Add(PathBuf),
    Update,
    /// Encodes everything anew with the weights in use.
    Rebuild,
    StopIndexing,
    AskDelete,
    /// The index in this folder, which was asked about before.
    Delete(PathBuf),
    Close,
    Export(PathBuf),
    /// Files from the desktop.
    Dropped(Vec<PathBuf>),
    // The query.
    QueryBy(QueryOf),
    QueryByOpen,
    QueryByEdit,
    /// Takes one of its faces out, by its place.
    Unquery(usize),
    ClearQuery,
    /// How much one of its faces counts, by its place.
    WeighFace(usize, f32),
    /// How much each part counts, in the order of [`Part::ALL`].
    Weigh([f32; 4]),
    Preset(Preset),
    Filter(Box<FilterForm>),
    // What was found.
    LookAt(Tab),
    /// The faces that are drawn now.
    InSight(Vec<FaceKey>),
    /// The list is looked at up to this place.
    Reach(usize),
    Use(FaceKey, Use),
    ShowFile(FaceKey),
    PickUp(Option<FaceKey>),
    // People.
    Threshold(f32),
    /// One of the groups, by its place; none for the list of them.
    LookAtGroup(Option<usize>),
    /// Chooses a face of the group that is looked at, or no longer.
    Choose(FaceKey),
    /// The name that is being typed for the group with this first face; none puts the old one back.
    Naming(FaceKey, Option<String>),
    /// Takes the name that was typed.
    Name,
    /// Makes one person of the group that is looked at and this one.
    MergeWith(usize),
    /// Makes a person of their own of the chosen faces.
    SplitOff,
    UndoPeople,
    // The map and the copies.
    /// Draws it by this part, also where that went wrong before.
    MapBy(Part),
    LookAtMap(MapLook),
    /// Compares all faces once more.
    CompareAgain,
}
