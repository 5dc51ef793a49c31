//! What crosses between the window and the galleries' threads: plain records, never a connection.

use std::path::PathBuf;
use std::time::Duration;

use crate::engine::open::Placement;
use crate::engine::protocol::{Setup, Source};
use crate::face::recipe::ModelName;
use crate::face::{FaceCode, Part};
use crate::gallery::{FaceCard, FaceKey, Filter, Info, PersonId, Query, Report};

/// What is to be indexed, and with what.
#[derive(Clone, Debug, Default)]
pub struct Build {
    /// The index: made where there is none, else brought up to date.
    pub folder: PathBuf,
    /// Folders, photographs and shards that it shall hold besides those that it holds.
    pub add: Vec<PathBuf>,
    /// Device and weights that encode. The networks are opened for this build alone, so that the window's stay free.
    pub setup: Setup,
    /// Encodes everything anew where the index is one of another model.
    pub rebuild: bool,
}

/// What to look for in the open index; a newer one replaces it while it waits.
#[derive(Clone, Debug, Default)]
pub struct SearchRequest {
    /// None for everything, in the index's order.
    pub query: Option<Query>,
    pub filter: Filter,
    /// How many faces are wanted at most.
    pub limit: usize,
    /// The model that the query's codes are of: in an index of another, such a search fails with a sentence. None where
    /// there is no query, or where its codes are the index's own.
    pub model: Option<ModelName>,
}

/// A face of the index, by how well it answers a query.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FoundFace {
    pub key: FaceKey,
    /// -1 to 1; 0 without a query.
    pub score: f32,
    /// How like the query each part is, in the order of [`Part::ALL`]; zeros without a query.
    pub parts: [f32; 4],
}

/// The answer to the newest search.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SearchAnswer {
    /// The number that [`super::Galleries::search`] gave.
    pub number: u64,
    /// Best first, or in the index's order without a query.
    pub hits: Vec<FoundFace>,
    /// The best of each part alone, in the order of [`Part::ALL`]; empty without a query, and for a part in which the
    /// faces of the query cancel out.
    pub rows: [Vec<FoundFace>; 4],
    /// Faces that pass the filter, also those beyond the limit.
    pub total: usize,
    /// Without the time spent waiting.
    pub took: Duration,
    /// What was wrong with the search, in a sentence; there are no hits then.
    pub error: Option<String>,
}

/// Faces that seem to be of one person.
#[derive(Clone, Debug, PartialEq)]
pub struct FaceGroup {
    /// None for a group that nobody has named, merged or split.
    pub person: Option<PersonId>,
    pub name: Option<String>,
    /// The best example first.
    pub members: Vec<FaceKey>,
}

/// The answer to the newest request for groups.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GroupsAnswer {
    /// The number that [`super::Galleries::group`] gave.
    pub number: u64,
    /// The cosine from which two faces count as one person's.
    pub threshold: f32,
    /// Largest first.
    pub groups: Vec<FaceGroup>,
    /// Without the time spent waiting.
    pub took: Duration,
    /// What was wrong, in a sentence; there are no groups then.
    pub error: Option<String>,
}

/// What the galleries say, in order and without loss. Every ticket gets exactly one that closes it
/// ([`GalleryEvent::closes`]).
#[derive(Clone, Debug)]
pub enum GalleryEvent {
    /// An index is open; the one before it is not any more. The model that its codes are of is in `info`. `number` is
    /// none where a build opened it, so that it can be looked at while it grows.
    Opened {
        number: Option<u64>,
        folder: PathBuf,
        info: Box<Info>,
    },
    /// The open index has other faces than before, as while it is built. Search and group again for them; at most one
    /// every two seconds.
    Refreshed {
        faces: usize,
        info: Box<Info>,
    },
    /// A build has come to its end. What is open was refreshed before. Also one that was called off has a report.
    Built {
        number: u64,
        folder: PathBuf,
        report: Box<Report>,
    },
    Card {
        number: u64,
        card: Box<FaceCard>,
    },
    /// Where the picture of a face is to be had and where the face lies in it, for [`crate::engine::Studio::open`].
    Picked {
        number: u64,
        key: FaceKey,
        name: String,
        source: Source,
        placement: Placement,
        /// Its code as the index has it.
        code: Box<FaceCode>,
    },
    /// All faces of the open index in a plane, the most telling axis first. `explained` is the share of the whole
    /// variance along each axis, 0 to 1.
    Map {
        number: u64,
        part: Part,
        keys: Vec<FaceKey>,
        points: Vec<[f32; 2]>,
        explained: [f32; 2],
    },
    /// Groups of faces that are nearly the same.
    Duplicates {
        number: u64,
        groups: Vec<Vec<FaceKey>>,
    },
    /// People were named, merged, split or set back: what was done, in a sentence. Group again to see it.
    PeopleChanged {
        number: u64,
        what: String,
    },
    /// So many faces' codes are in a file.
    Exported {
        number: u64,
        path: PathBuf,
        faces: usize,
    },
    /// The index and everything in it is gone from the disk.
    Deleted {
        number: u64,
        folder: PathBuf,
    },
    /// No index is open any more.
    Closed,
    /// A request that could not be met; what was there before stays.
    Failed {
        number: u64,
        sentence: String,
    },
    Cancelled {
        number: u64,
    },
    /// Something to know that answers no request.
    Notice(String),
}

impl GalleryEvent {
    /// The number of the request that this event closes.
    pub fn closes(&self) -> Option<u64> {
        match self {
            GalleryEvent::Opened { number, .. } => *number,
            GalleryEvent::Built { number, .. }
            | GalleryEvent::Card { number, .. }
            | GalleryEvent::Picked { number, .. }
            | GalleryEvent::Map { number, .. }
            | GalleryEvent::Duplicates { number, .. }
            | GalleryEvent::PeopleChanged { number, .. }
            | GalleryEvent::Exported { number, .. }
            | GalleryEvent::Deleted { number, .. }
            | GalleryEvent::Failed { number, .. }
            | GalleryEvent::Cancelled { number } => Some(*number),
            GalleryEvent::Refreshed { .. } | GalleryEvent::Closed | GalleryEvent::Notice(_) => None,
        }
    }
}
