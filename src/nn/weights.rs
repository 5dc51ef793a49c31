//! The weights file: one safetensors with the networks in half precision, the training faces' statistics beside them
//! (`stats.*`, single precision) and metadata that says how pictures must be prepared and where it all comes from.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use safetensors::SafeTensorError;
use safetensors::tensor::{Dtype, SafeTensors, TensorView};

use super::networks::NetworksConfig;
use super::picture::MEAN;
use super::space_tensors;
use crate::data::hash::{self, Hash};
use crate::face::{FaceSpace, ModelName, Part};

/// The version of the format that this program writes, and the newest it reads.
pub const WEIGHTS_VERSION: u32 = 1;
const FORMAT: &str = "facespace weights";
const CROP: &str = "eyes and mouth, half side max(2.65 ee, 2.45 em) / 2, 0.62 em below the eyes, 128 px";
/// Metadata that a file need not have: median and 97.5th percentile, with a comma between.
const USUAL_RMSE: &str = "usual_rmse";
/// How the names of the tensors begin that a code comes from.
const CODING: [&str; 2] = ["E.", "phi."];
/// The two ways in which crops are prepared (section 2 of the method).
const EQUALISATION: [&str; 2] = ["none", "stretch"];

/// `usual_rmse` of the weights that come with the program, whose file does not say it: measured on 80 photographs of
/// people that no training has seen.
const BUNDLED_USUAL_RMSE: [f32; 2] = [19.9, 28.2];

static BUNDLED: &[u8] = include_bytes!("../../weights/light.safetensors");

/// Why a file cannot serve as weights; each is one sentence that says what to do.
#[derive(Debug, thiserror::Error)]
pub enum WeightsError {
    #[error("The weights cannot be read ({0}); check the path and its permissions")]
    Io(#[from] std::io::Error),
    #[error("This is not a weights file ({0}); choose one made by `facespace weights build`")]
    NotWeights(String),
    #[error("This weights file is cut off or damaged ({0}); copy it again")]
    Damaged(String),
    #[error("These weights belong to another program ({0}); choose a file made by `facespace weights build`")]
    OtherProgram(String),
    #[error(
        "These weights were made by a newer facespace (format {0}, this one reads up to {WEIGHTS_VERSION}); update facespace"
    )]
    Newer(u32),
    #[error("These weights expect {what} {found}, but this program works with {expected}; choose other weights")]
    Mismatch { what: &'static str, found: String, expected: String },
    #[error("These weights have another shape ({0}); choose a file made by `facespace weights build`")]
    OtherShape(String),
}

/// What is known about a weights file beside its numbers.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Card {
    /// The model's name as people see it.
    pub name: String,
    pub preset: String,
    /// What it was trained on.
    pub data: String,
    /// On what terms it may be used.
    pub terms: String,
    /// What made the file.
    pub made_by: String,
    /// Whether the parts of its codes mean anything. Weights of a training whose stage two has not begun reconstruct
    /// and sample faces and do no more.
    pub can_edit: bool,
    /// Whether it was trained on crops whose colours are stretched; pictures are then prepared alike.
    pub stretches: bool,
    /// Pixel RMSE of reconstructions (0..255) on faces that it was not trained on: the median, and what 97.5 % of them
    /// stay below. None where nobody measured it.
    pub usual_rmse: Option<[f32; 2]>,
}

/// A weights file in memory, checked; the networks are built from it by [`super::model::FaceModel`].
#[derive(Clone, Debug)]
pub struct Weights {
    pub card: Card,
    pub config: NetworksConfig,
    pub space: FaceSpace,
    bytes: Cow<'static, [u8]>,
    /// Worked out when it is first asked for.
    fingerprint: OnceLock<String>,
}

impl Weights {
    /// The weights that come with the program.
    pub fn bundled() -> Result<Self, WeightsError> {
        let mut weights = Self::check(Cow::Borrowed(BUNDLED))?;
        weights.card.usual_rmse = weights.card.usual_rmse.or(Some(BUNDLED_USUAL_RMSE));
        Ok(weights)
    }

    pub fn read(path: &Path) -> Result<Self, WeightsError> {
        Self::from_bytes(fs::read(path)?)
    }

    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, WeightsError> {
        Self::check(Cow::Owned(bytes))
    }

    /// The whole file.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// What tells these networks' codes from those of others: 16 hexadecimal digits of the encoder's and the
    /// disentangler's tensors, and of how pictures are prepared for them. Codes can be compared where it is the same.
    pub fn fingerprint(&self) -> String {
        self.fingerprint.get_or_init(|| fingerprint(&self.bytes, self.card.stretches)).clone()
    }

    /// Their name and fingerprint, as recipes and indexes keep them.
    pub fn model(&self) -> ModelName {
        ModelName { name: self.card.name.clone(), fingerprint: self.fingerprint() }
    }

    fn check(bytes: Cow<'static, [u8]>) -> Result<Self, WeightsError> {
        let metadata = metadata(&bytes)?;
        let field = |key: &str| metadata.get(key).cloned().unwrap_or_default();
        check_metadata(field)?;
        let config: NetworksConfig = serde_json::from_str(&field("networks"))
            .map_err(|e| WeightsError::OtherShape(format!("its networks are not described: {e}")))?;
        let tensors = SafeTensors::deserialize(&bytes).map_err(|e| WeightsError::Damaged(e.to_string()))?;
        check_sizes(&config, &tensors)?;
        let space = space_tensors::read(&tensors, &field("classes")).map_err(WeightsError::OtherShape)?;
        let card = Card {
            name: field("name"),
            preset: field("preset"),
            data: field("data"),
            terms: field("terms"),
            made_by: field("made_by"),
            // Files from before there was a trainer do not say it, and can.
            can_edit: field("can_edit") != "false",
            stretches: field("equalisation") == EQUALISATION[1],
            usual_rmse: usual_rmse(&field(USUAL_RMSE)),
        };
        Ok(Weights { card, config, space, bytes, fingerprint: OnceLock::new() })
    }
}

/// In the file's half or single precision, in the order of names.
fn fingerprint(bytes: &[u8], stretches: bool) -> String {
    let hash = Hash::new("weights").number(u64::from(stretches));
    let hash = match SafeTensors::deserialize(bytes) {
        Ok(file) => {
            let is_coding = |name: &str| CODING.iter().any(|network| name.starts_with(network));
            let mut tensors: Vec<(&str, TensorView)> = file.iter().filter(|(name, _)| is_coding(name)).collect();
            tensors.sort_by_key(|(name, _)| *name);
            tensors.iter().fold(hash, |hash, (name, view)| {
                let named = hash.text(name).text(&format!("{:?}", view.dtype()));
                let shaped = view.shape().iter().fold(named, |hash, &size| hash.number(size as u64));
                shaped.number(hash::content(view.data()))
            })
        }
        // Weights that were checked are such a file.
        Err(_) => hash.number(hash::content(bytes)),
    };
    format!("{:016x}", hash.end())
}

/// Puts a weights file together: the networks' tensors of `model` (a safetensors file) as they are, with statistics
/// and metadata added.
///
/// # Errors
/// If `model` is not a safetensors file.
pub fn assemble(
    model: &[u8],
    config: &NetworksConfig,
    card: &Card,
    space: &FaceSpace,
) -> Result<Vec<u8>, WeightsError> {
    let networks = SafeTensors::deserialize(model).map_err(|e| WeightsError::NotWeights(e.to_string()))?;
    let statistics = space_tensors::write(space);
    let mut tensors: Vec<(String, TensorView)> =
        networks.iter().filter(|(name, _)| !name.starts_with(space_tensors::PREFIX)).map(named).collect();
    for (name, shape, bytes) in &statistics {
        let view =
            TensorView::new(Dtype::F32, shape.clone(), bytes).map_err(|e| WeightsError::Damaged(e.to_string()))?;
        tensors.push((name.clone(), view));
    }
    let classes: Vec<&str> = space.class_means.iter().map(|(class, _)| class.name()).collect();
    let config = serde_json::to_string(config).map_err(|e| WeightsError::OtherShape(e.to_string()))?;
    let mut metadata = HashMap::from(requirements().map(|(key, value)| (key.to_owned(), value)));
    metadata.extend(
        [
            ("version", WEIGHTS_VERSION.to_string()),
            ("classes", classes.join(",")),
            ("networks", config),
            ("name", card.name.clone()),
            ("preset", card.preset.clone()),
            ("data", card.data.clone()),
            ("terms", card.terms.clone()),
            ("made_by", card.made_by.clone()),
            ("can_edit", card.can_edit.to_string()),
            ("equalisation", EQUALISATION[usize::from(card.stretches)].to_owned()),
        ]
        .map(|(key, value)| (key.to_owned(), value)),
    );
    if let Some(usual) = card.usual_rmse {
        metadata.insert(USUAL_RMSE.to_owned(), usual.map(|rmse| rmse.to_string()).join(","));
    }
    safetensors::serialize(tensors, Some(metadata)).map_err(|e| WeightsError::Damaged(e.to_string()))
}

/// The two numbers of the metadata; none where they are not there or make no sense.
fn usual_rmse(text: &str) -> Option<[f32; 2]> {
    let (median, high) = text.split_once(',')?;
    let usual = [median.trim().parse::<f32>().ok()?, high.trim().parse::<f32>().ok()?];
    (usual.iter().all(|rmse| rmse.is_finite()) && 0.0 <= usual[0] && usual[0] <= usual[1]).then_some(usual)
}

fn named<'a>((name, view): (&'a str, TensorView<'a>)) -> (String, TensorView<'a>) {
    (name.to_owned(), view)
}

/// What a weights file has to agree with this program on, word for word.
fn requirements() -> [(&'static str, String); 4] {
    [
        ("format", FORMAT.to_owned()),
        ("crop", CROP.to_owned()),
        ("mean", MEAN.map(|m| m.to_string()).join(",")),
        ("part_sizes", Part::ALL.map(|part| part.range().len().to_string()).join(",")),
    ]
}

fn check_metadata(field: impl Fn(&str) -> String) -> Result<(), WeightsError> {
    let format = field("format");
    if format != FORMAT {
        let found = if format.is_empty() { "it does not name facespace" } else { &format };
        return Err(WeightsError::OtherProgram(found.to_owned()));
    }
    match field("version").parse::<u32>() {
        Ok(version) if version <= WEIGHTS_VERSION => {}
        Ok(version) => return Err(WeightsError::Newer(version)),
        Err(_) => return Err(WeightsError::OtherProgram("its version is no number".to_owned())),
    }
    for (what, expected) in requirements() {
        let found = field(what);
        if found != expected {
            return Err(WeightsError::Mismatch { what, found, expected });
        }
    }
    let found = field("equalisation");
    if !EQUALISATION.contains(&&*found) {
        return Err(WeightsError::Mismatch { what: "equalisation", found, expected: EQUALISATION.join(" or ") });
    }
    Ok(())
}

/// Compares the sizes that a file describes with those of its tensors, before networks of that size are made. What
/// cannot be read off the tensors is left to the loading of the networks, which names what is missing.
fn check_sizes(config: &NetworksConfig, tensors: &SafeTensors) -> Result<(), WeightsError> {
    let shapes = tensors.iter().map(|(name, view)| (name.to_owned(), view.shape().to_vec())).collect();
    let Ok(found) = NetworksConfig::from_shapes(&shapes) else { return Ok(()) };
    let sizes = [
        ("width", config.width, found.width),
        ("hidden", config.hidden, found.hidden),
        ("classes", config.classes, found.classes),
    ];
    match sizes.into_iter().find(|(_, described, found)| described != found) {
        None => Ok(()),
        Some((name, described, found)) => {
            Err(WeightsError::OtherShape(format!("{name} {found}, though it is described as {described}")))
        }
    }
}

fn metadata(bytes: &[u8]) -> Result<HashMap<String, String>, WeightsError> {
    if bytes.is_empty() {
        return Err(WeightsError::Damaged("it is empty".to_owned()));
    }
    match SafeTensors::read_metadata(bytes) {
        Ok((_, metadata)) => Ok(metadata.metadata().clone().unwrap_or_default()),
        // The header is there and describes more bytes than the file has.
        Err(e @ (SafeTensorError::MetadataIncompleteBuffer | SafeTensorError::InvalidHeaderLength)) => {
            Err(WeightsError::Damaged(e.to_string()))
        }
        Err(e) => Err(WeightsError::NotWeights(e.to_string())),
    }
}
