//! The finder's file: one safetensors with both networks in half precision, the mean face in single precision, the
//! threshold above which a face is reported, and where all that comes from.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use burn::tensor::Device;
use safetensors::SafeTensorError;
use safetensors::tensor::{Dtype, SafeTensors, TensorView};

use super::super::error::listed;
use super::super::tensors::{self, Precision};
use super::super::{NnError, TensorFault};
use super::FinderNetworks;
use super::detector::DetectorConfig;

/// The version of the format that this program writes, and the newest it reads.
pub const FINDER_VERSION: u32 = 1;
const FORMAT: &str = "facespace finder";
const MEAN_FACE: &str = "mean_face";
/// A layer whose shape shows how wide the detector is.
const TELLS_CHANNELS: &str = "detector.out.weight";
/// Wider detectors are refused before memory is spent on them.
const MOST_CHANNELS: usize = 1024;

static BUNDLED: &[u8] = include_bytes!("../../../weights/finder.safetensors");

/// The 68 points of the mean head in space: x right, y up, z to the camera, as `find::mean_face` gives them.
pub type MeanFace = [[f32; 3]; 68];

/// Why a file cannot serve as finder; each is one sentence that says what to do.
#[derive(Debug, thiserror::Error)]
pub enum FinderWeightsError {
    #[error("The finder cannot be read ({0}); check the path and its permissions")]
    Io(#[from] std::io::Error),
    #[error("This facespace was built without a finder; mark faces by hand, or build it with trained weights")]
    NotBuiltIn,
    #[error("This is not a finder ({0}); choose a file made by `facespace train finder`")]
    NotFinder(String),
    #[error("This finder is cut off or damaged ({0}); copy it again")]
    Damaged(String),
    #[error(
        "This finder was made by a newer facespace (format {0}, this one reads up to {FINDER_VERSION}); update facespace"
    )]
    Newer(u32),
    #[error("This finder has another shape ({0}); choose a file made by `facespace train finder`")]
    OtherShape(String),
    #[error("The finder cannot be written ({0}); train it again")]
    Unwritable(String),
}

/// What is known about a finder beside its numbers.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize)]
pub struct FinderCard {
    pub name: String,
    /// What it was trained on.
    pub trained_on: String,
    /// On what terms it may be used.
    pub terms: String,
    /// What made the file.
    pub made_by: String,
    /// How good it is, in words.
    pub measured: String,
}

/// A finder's file in memory, checked.
#[derive(Clone, Debug)]
pub struct FinderWeights {
    /// As trained, norms and all, on the CPU.
    pub networks: FinderNetworks,
    pub mean_face: MeanFace,
    /// Confidence (0 to 1) above which a face is reported.
    pub threshold: f32,
    pub card: FinderCard,
}

impl FinderWeights {
    /// The finder that comes with the program.
    ///
    /// # Errors
    /// [`FinderWeightsError::NotBuiltIn`] where the program was built before there was one.
    pub fn bundled() -> Result<Self, FinderWeightsError> {
        let bytes = BUNDLED.to_vec();
        if bytes.is_empty() { Err(FinderWeightsError::NotBuiltIn) } else { Self::from_bytes(bytes) }
    }

    /// # Errors
    /// As [`Self::from_bytes`], and [`FinderWeightsError::Io`].
    pub fn read(path: &Path) -> Result<Self, FinderWeightsError> {
        Self::from_bytes(fs::read(path)?)
    }

    /// # Errors
    /// Bytes that are no finder, one that was cut off, one of a newer program, and one whose tensors are not those of
    /// the networks.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, FinderWeightsError> {
        let metadata = metadata(&bytes)?;
        let field = |key: &str| metadata.get(key).cloned().unwrap_or_default();
        check_format(&field)?;
        let file = SafeTensors::deserialize(&bytes).map_err(|e| FinderWeightsError::Damaged(e.to_string()))?;
        let config = DetectorConfig { channels: channels(&field("channels"), &file)? };
        let mean_face = mean_face(&file)?;
        let threshold = threshold(&field("threshold"))?;
        let card = FinderCard {
            name: field("name"),
            trained_on: field("trained_on"),
            terms: field("terms"),
            made_by: field("made_by"),
            measured: field("measured"),
        };
        let networks = FinderNetworks::build(&config, &Device::flex());
        let networks = tensors::load(networks, bytes).map_err(|error| match error {
            NnError::WrongTensors { faults } => FinderWeightsError::OtherShape(listed(&faults)),
            NnError::Unreadable { reason } => FinderWeightsError::Damaged(reason),
            other => FinderWeightsError::Damaged(other.to_string()),
        })?;
        Ok(Self { networks, mean_face, threshold, card })
    }

    /// The file's bytes.
    ///
    /// # Errors
    /// [`FinderWeightsError::Unwritable`] where the networks' device cannot give the numbers back.
    pub fn to_bytes(&self) -> Result<Vec<u8>, FinderWeightsError> {
        let saved = tensors::save(&self.networks, Precision::Half, &[]).map_err(|error| match error {
            NnError::Unwritable { reason } => FinderWeightsError::Unwritable(reason),
            other => unwritable(other),
        })?;
        let networks = SafeTensors::deserialize(&saved).map_err(unwritable)?;
        let mut tensors: Vec<(String, TensorView)> =
            networks.iter().map(|(name, view)| (name.to_owned(), view)).collect();
        let points: Vec<u8> = self.mean_face.as_flattened().iter().flat_map(|v| v.to_le_bytes()).collect();
        let points = TensorView::new(Dtype::F32, vec![self.mean_face.len(), 3], &points).map_err(unwritable)?;
        tensors.push((MEAN_FACE.to_owned(), points));
        let metadata = [
            ("format", FORMAT.to_owned()),
            ("version", FINDER_VERSION.to_string()),
            ("channels", self.networks.detector.config().channels.to_string()),
            ("threshold", self.threshold.to_string()),
            ("name", self.card.name.clone()),
            ("trained_on", self.card.trained_on.clone()),
            ("terms", self.card.terms.clone()),
            ("made_by", self.card.made_by.clone()),
            ("measured", self.card.measured.clone()),
        ];
        let metadata: HashMap<String, String> = metadata.map(|(key, value)| (key.to_owned(), value)).into();
        safetensors::serialize(tensors, Some(metadata)).map_err(unwritable)
    }
}

fn unwritable(error: impl std::fmt::Display) -> FinderWeightsError {
    FinderWeightsError::Unwritable(error.to_string())
}

fn metadata(bytes: &[u8]) -> Result<HashMap<String, String>, FinderWeightsError> {
    if bytes.is_empty() {
        return Err(FinderWeightsError::Damaged("it is empty".to_owned()));
    }
    match SafeTensors::read_metadata(bytes) {
        Ok((_, metadata)) => Ok(metadata.metadata().clone().unwrap_or_default()),
        // The header is there and describes more bytes than the file has.
        Err(e @ (SafeTensorError::MetadataIncompleteBuffer | SafeTensorError::InvalidHeaderLength)) => {
            Err(FinderWeightsError::Damaged(e.to_string()))
        }
        Err(e) => Err(FinderWeightsError::NotFinder(e.to_string())),
    }
}

fn check_format(field: &impl Fn(&str) -> String) -> Result<(), FinderWeightsError> {
    match field("format").as_str() {
        FORMAT => {}
        "" => return Err(FinderWeightsError::NotFinder("it does not name facespace".to_owned())),
        other => return Err(FinderWeightsError::NotFinder(format!("it is \"{other}\""))),
    }
    match field("version").parse::<u32>() {
        Ok(version) if version <= FINDER_VERSION => Ok(()),
        Ok(version) => Err(FinderWeightsError::Newer(version)),
        Err(_) => Err(FinderWeightsError::NotFinder("its version is no number".to_owned())),
    }
}

/// The detector's width, compared with its tensors before a network of that size is made.
fn channels(described: &str, file: &SafeTensors) -> Result<usize, FinderWeightsError> {
    let Ok(channels) = described.parse::<usize>() else {
        return Err(FinderWeightsError::OtherShape("its channels are no number".to_owned()));
    };
    let found = file.tensor(TELLS_CHANNELS).ok().and_then(|view| view.shape().get(1).copied());
    match found {
        None => {
            let missing = TensorFault::Missing { name: TELLS_CHANNELS.to_owned() };
            Err(FinderWeightsError::OtherShape(missing.to_string()))
        }
        Some(found) if found != channels || !(1..=MOST_CHANNELS).contains(&channels) => {
            Err(FinderWeightsError::OtherShape(format!("channels {found}, though it is described as {channels}")))
        }
        Some(found) => Ok(found),
    }
}

fn mean_face(file: &SafeTensors) -> Result<MeanFace, FinderWeightsError> {
    let other_shape = |what: String| FinderWeightsError::OtherShape(format!("{MEAN_FACE} {what}"));
    let view = file.tensor(MEAN_FACE).map_err(|_| other_shape("is missing".to_owned()))?;
    if view.dtype() != Dtype::F32 || view.shape() != [68, 3] {
        return Err(other_shape(format!("is {:?} {:?} instead of F32 [68, 3]", view.dtype(), view.shape())));
    }
    // 68 x 3 numbers of four bytes, as was just seen.
    let numbers = view.data().as_chunks::<4>().0;
    let face: MeanFace = std::array::from_fn(|i| std::array::from_fn(|j| f32::from_le_bytes(numbers[3 * i + j])));
    if face.as_flattened().iter().all(|v| v.is_finite()) {
        Ok(face)
    } else {
        Err(FinderWeightsError::Damaged(format!("{MEAN_FACE} has numbers that are none")))
    }
}

fn threshold(text: &str) -> Result<f32, FinderWeightsError> {
    match text.parse::<f32>() {
        Ok(threshold) if (0.0..=1.0).contains(&threshold) => Ok(threshold),
        _ => Err(FinderWeightsError::Damaged("its threshold is no number from 0 to 1".to_owned())),
    }
}
