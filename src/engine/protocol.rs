//! What crosses between the window and the engine's threads: plain pictures and records, never tensors.

use std::borrow::Cow;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::device::{Adapter, DeviceChoice};
use super::open::{Cropped, Placement};
use crate::face::found::Found;
use crate::face::landmarks::Landmarks;
use crate::face::paste::PasteOptions;
use crate::face::quality::Remark;
use crate::face::{Crop, Drift, Edit, FaceCode, FaceSpace, ModelName, Recipe};
use crate::nn::weights::{Weights, WeightsError};

pub use crate::data::image::{Origin, RgbImage};
pub use crate::nn::refine::Refined;
pub use crate::nn::weights::Card;

/// With which device and weights the engine starts.
#[derive(Clone, Debug, Default)]
pub struct Setup {
    pub device: DeviceChoice,
    pub weights: WeightsSource,
}

/// Where weights come from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum WeightsSource {
    /// Those that come with the program.
    #[default]
    Bundled,
    File(PathBuf),
}

impl WeightsSource {
    pub(super) fn load(&self) -> Result<Weights, WeightsError> {
        match self {
            WeightsSource::Bundled => Weights::bundled(),
            WeightsSource::File(path) => Weights::read(path),
        }
    }

    /// A sentence with the file that it is about at its end.
    pub(super) fn named(&self, sentence: String) -> String {
        match self {
            WeightsSource::Bundled => sentence,
            WeightsSource::File(path) => format!("{sentence}: {}", path.display()),
        }
    }
}

/// A face to draw; a newer one replaces it while it waits.
#[derive(Clone, Copy, Debug)]
pub(super) struct Render {
    pub number: u64,
    pub face: FaceCode,
}

/// A drawn face.
#[derive(Clone, Debug, PartialEq)]
pub struct Rendered {
    /// The number that [`super::Studio::render`] gave.
    pub number: u64,
    /// 128 x 128.
    pub picture: RgbImage,
    /// What the networks took, without the time spent waiting.
    pub took: Duration,
}

/// Where a crop comes from: what the remarks about it need ([`super::Studio::encode`]).
#[derive(Clone, Debug, PartialEq)]
pub struct Placed {
    /// Width and height of the photograph.
    pub photo_size: (u32, u32),
    pub square: Crop,
    /// None where the finder did not see the face in the square.
    pub found: Option<Found>,
}

/// Edited faces to put back into their photograph.
#[derive(Clone, Debug)]
pub struct Paste {
    pub photo: Arc<RgbImage>,
    /// Where two overlap, a later one lies over an earlier one.
    pub faces: Vec<PastedFace>,
}

/// An edited face of a photograph.
#[derive(Clone, Debug, PartialEq)]
pub struct PastedFace {
    /// The square of the face in this photograph.
    pub square: Crop,
    /// In pixels of this photograph; where there are none, the mask is that of a usual face.
    pub landmarks: Option<Box<Landmarks>>,
    /// The face as it is decoded before the edit, 128 x 128.
    pub own: Arc<RgbImage>,
    /// The same after the edit, 128 x 128.
    pub edited: Arc<RgbImage>,
    pub options: PasteOptions,
}

impl Paste {
    /// The same paste into the same photograph at another size, such as its preview: squares and landmarks follow.
    pub fn into_copy(self, copy: Arc<RgbImage>) -> Self {
        // A preview keeps the photograph's proportions to within its rounding.
        let by = copy.width() as f32 / self.photo.width().max(1) as f32;
        let scaled = |[x, y]: [f32; 2]| [by * x, by * y];
        let face = |face: PastedFace| PastedFace {
            square: Crop { centre: scaled(face.square.centre), half_side: by * face.square.half_side, ..face.square },
            landmarks: face.landmarks.map(|points| Box::new(points.map(scaled))),
            ..face
        };
        Paste { photo: copy, faces: self.faces.into_iter().map(face).collect() }
    }
}

/// A photograph with edited faces in it.
#[derive(Clone, Debug)]
pub struct Pasted {
    /// The number that [`super::Studio::paste`] gave.
    pub number: u64,
    /// Of the size of the photograph that was given.
    pub picture: Arc<RgbImage>,
    /// Without the time spent waiting.
    pub took: Duration,
}

/// What computes, and what is known about it.
#[derive(Clone, Debug)]
pub struct Ready {
    pub device: String,
    pub is_gpu: bool,
    pub card: Card,
    pub space: Arc<FaceSpace>,
    /// Width of the networks: 32 for the light model, 64 for the full one.
    pub width: usize,
    /// The same for the same networks alone: codes of others mean something else.
    pub fingerprint: String,
}

impl Ready {
    /// Which weights codes come from, for recipes and indexes.
    pub fn model(&self) -> ModelName {
        ModelName { name: self.card.name.clone(), fingerprint: self.fingerprint.clone() }
    }
}

/// A picture to open.
#[derive(Clone, Debug)]
pub enum Source {
    /// A file, or a folder that stands for the pictures directly in it.
    Path(PathBuf),
    /// The bytes of a picture's file, such as a bundled sample.
    Bytes { name: String, bytes: Cow<'static, [u8]> },
    /// A picture that is decoded already: pasted, or opened before and to be cropped anew.
    Picture { name: String, photo: Arc<RgbImage> },
}

/// Longest side of a photograph as a window shows it, in pixels.
pub const PREVIEW_SIDE: u32 = 1536;

/// A picture that was opened.
#[derive(Clone, Debug)]
pub struct Opened {
    /// Its place among the pictures asked for, folders replaced by what is in them.
    pub place: usize,
    pub name: String,
    /// None for what did not come from a file.
    pub path: Option<PathBuf>,
    pub photo: Arc<RgbImage>,
    /// The photograph for the screen, no side longer than [`PREVIEW_SIDE`] pixels.
    pub preview: Arc<RgbImage>,
    /// 128 x 128, for a list: the crop, or the middle of a photograph that has none yet.
    pub tile: Arc<RgbImage>,
    /// None for a photograph whose face is still to be marked.
    pub crop: Option<Cropped>,
    /// Every face of a photograph, largest first, in the order of [`Placement::Found`]. Looked for with that placement
    /// and [`Placement::BySize`] alone; empty with the others and for a stored crop.
    pub faces: Arc<Vec<Found>>,
    /// Whether it is a photograph, into which an edited face can be put back; else it is the crop of a face.
    pub is_photo: bool,
    pub placement: Placement,
}

/// A picture to save, with what its file says about it.
#[derive(Clone, Debug)]
pub struct Save {
    pub path: PathBuf,
    /// What is saved, unless there is something to paste.
    pub picture: Arc<RgbImage>,
    /// Saves the whole photograph with this face put back into it, instead of `picture`.
    pub paste: Option<Box<Paste>>,
    pub origin: Origin,
    /// What made it, such as the panel's name.
    pub command: String,
    /// Name of the model that decoded it.
    pub model: String,
    /// The photographs it was made from, which it must not replace.
    pub sources: Vec<PathBuf>,
    /// Its folder is made where it is missing.
    pub makes_folder: bool,
}

/// A board of faces to save as one labelled sheet ([`super::Studio::save_board`]).
#[derive(Clone, Debug)]
pub struct BoardPicture {
    /// Row by row, as long as `down`, each as long as `across`; none where there is no picture.
    pub cells: Vec<Vec<Option<Arc<RgbImage>>>>,
    /// What stands above the columns.
    pub across: Vec<BoardEdge>,
    /// What stands beside the rows.
    pub down: Vec<BoardEdge>,
    /// What is said in the corner, such as the parts that are given.
    pub corner: String,
    /// What made it, such as the panel's name.
    pub command: String,
    /// Name of the model that decoded it.
    pub model: String,
    /// The photographs it was made from, which it must not replace.
    pub sources: Vec<PathBuf>,
}

/// What stands above a column or beside a row of a board.
#[derive(Clone, Debug)]
pub struct BoardEdge {
    pub label: String,
    pub picture: Option<Arc<RgbImage>>,
}

/// What the engine says. None of these is ever lost; every ticket gets exactly one that closes it
/// ([`Event::closes`]).
#[derive(Clone, Debug)]
pub enum Event {
    /// At the start, and again whenever the device or the weights have changed.
    Ready(Ready),
    Encoded {
        number: u64,
        face: Box<FaceCode>,
        reconstruction: RgbImage,
        /// What is to be said about this crop before it is edited.
        remarks: Vec<Remark>,
    },
    /// A face fitted to its photograph.
    Refined {
        number: u64,
        face: Box<FaceCode>,
        reconstruction: RgbImage,
        /// Root of the mean squared pixel error against the crop, in levels of 0..255: before and after.
        rmse: [f32; 2],
    },
    Drift {
        number: u64,
        drift: Drift,
    },
    /// In the order of the faces.
    Pictures {
        number: u64,
        pictures: Vec<RgbImage>,
    },
    /// One picture of an `open`; more may follow.
    Opened {
        number: u64,
        opened: Box<Opened>,
    },
    /// One picture of an `open` that could not be read; the others go on.
    NotOpened {
        number: u64,
        place: usize,
        sentence: String,
    },
    /// A picture, an edit, a recipe or a board is on the disk.
    Saved {
        number: u64,
        path: PathBuf,
    },
    EditRead {
        number: u64,
        path: PathBuf,
        edit: Box<Edit>,
        /// The weights that what others gave was made with; see [`ModelName::require`].
        model: Option<ModelName>,
    },
    RecipeRead {
        number: u64,
        path: PathBuf,
        recipe: Box<Recipe>,
        /// The weights it was made with; see [`ModelName::require`].
        model: ModelName,
    },
    /// The CPU, and the GPUs in the order of [`DeviceChoice::GpuAt`].
    Devices {
        number: u64,
        cpu: String,
        gpus: Vec<Adapter>,
    },
    /// The weights or the device are in use (a `Ready` came before), or all pictures of an `open` were tried.
    Done {
        number: u64,
    },
    /// A request, or the render of this number, that could not be met; what was there before stays.
    Failed {
        number: u64,
        sentence: String,
    },
    Cancelled {
        number: u64,
    },
    /// Something to know that answers no request.
    Notice(String),
    /// No networks could be opened at the start.
    NotReady(String),
    /// The networks crashed and were built again.
    Restarted(String),
}

impl Event {
    /// The number of the request (or of the failed render) that this event closes.
    pub fn closes(&self) -> Option<u64> {
        match self {
            Event::Encoded { number, .. }
            | Event::Refined { number, .. }
            | Event::Drift { number, .. }
            | Event::Pictures { number, .. }
            | Event::Saved { number, .. }
            | Event::EditRead { number, .. }
            | Event::RecipeRead { number, .. }
            | Event::Devices { number, .. }
            | Event::Done { number }
            | Event::Failed { number, .. }
            | Event::Cancelled { number } => Some(*number),
            Event::Ready(_)
            | Event::Opened { .. }
            | Event::NotOpened { .. }
            | Event::Notice(_)
            | Event::NotReady(_)
            | Event::Restarted(_) => None,
        }
    }
}

/// Why a request was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("Too many requests are waiting; try again in a moment")]
    Full,
    #[error("The engine has stopped; start the program again")]
    Stopped,
}
