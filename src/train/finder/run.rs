//! A whole training of the finder: material, mean head, the two networks, the file made of them.
//!
//! In the run's folder each network has a folder of its own, so that two processes may train them side by side;
//! whichever ends last makes the file.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use burn::tensor::Device;

use super::super::error::TrainError;
use super::super::run_dir::RunDirError;
use super::detector::Detection;
use super::landmarks::Marking;
use super::lesson::{self, Ended};
use super::material::Material;
use super::mining;
use super::settings::{Network, Request};
use super::watch::{Event, Watch};
use crate::data::atomic::{self, WriteError};
use crate::data::lock::Lock;
use crate::find::mean_face::Builder;
use crate::nn::finder::{DetectorConfig, FinderCard, FinderNetworks, FinderWeights, Landmarker, MeanFace};

/// The finder's file in the run's folder, and the mean head, which is found once.
pub const FINDER: &str = "finder.safetensors";
const MEAN_FACE: &str = "mean-face.json";
const LOCK: &str = "lock";

/// Above the surest false alarm in the training's scenes without a face, by so much, faces are reported; but never
/// below or above these.
const MARGIN: f32 = 0.05;
const THRESHOLDS: [f32; 2] = [0.5, 0.9];
/// From this confidence on false alarms are looked for.
const LEAST_CONFIDENCE: f32 = 0.3;

/// How a training ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    Written {
        path: PathBuf,
        threshold: f32,
    },
    /// One network is trained and the other is not, or not yet.
    OneOfTwo(Network),
    /// After a checkpoint at this step.
    Stopped {
        network: Network,
        step: u64,
    },
}

/// Trains what is asked for and writes the finder's file once both networks are there. Gone on with, it gives the
/// numbers of a training that was never stopped.
///
/// # Errors
/// Shards or a folder that cannot be used, a training in that folder that is not to be gone on with, a loss that is no
/// number, a full disk. One sentence each.
pub fn run(request: &Request, watch: &mut dyn Watch) -> Result<Outcome, TrainError> {
    watch.hear(&Event::Preparing("reads the pictures"));
    let material = Arc::new(Material::read(&request.data, &request.leave_out, request.detector.seed, request.drawn)?);
    if material.skipped > 0 {
        let text = format!("Passed over {} pictures that cannot be used; make the shards again", material.skipped);
        watch.hear(&Event::Remark(&text));
    }
    let folder = |network: Network| request.run_dir.join(network.name());
    fs::create_dir_all(&request.run_dir).map_err(|e| WriteError::new(&request.run_dir, &e))?;
    let mean_face = mean_face(&request.run_dir, &material, watch)?;
    for network in request.networks() {
        let own = folder(network);
        fs::create_dir_all(&own).map_err(|e| WriteError::new(&own, &e))?;
        let lock = Lock::take(&own.join(LOCK)).map_err(|e| WriteError::new(&own, &e))?;
        let _held = lock.ok_or_else(|| RunDirError::InUse(own.clone()))?;
        watch.hear(&Event::Preparing("decodes what it learns from"));
        let ended = match network {
            Network::Detector => {
                let course = &request.detector;
                let lesson = Detection::new(Arc::clone(&material), DetectorConfig::default(), course.seed);
                lesson::train(&Arc::new(lesson), course, &own, request.resume, watch)?
            }
            Network::Landmarks => {
                let course = &request.landmarks;
                let detector = folder(Network::Detector);
                let lesson = Marking::new(Arc::clone(&material), mean_face, detector, course.seed);
                lesson::train(&Arc::new(lesson), course, &own, request.resume, watch)?
            }
        };
        if let Ended::Stopped(step) = ended {
            return Ok(Outcome::Stopped { network, step });
        }
    }
    let device = Device::flex();
    let detector = lesson::finished(&folder(Network::Detector), DetectorConfig::default().init(&device))?;
    let landmarker = lesson::finished(&folder(Network::Landmarks), Landmarker::init(&device))?;
    match (detector, landmarker) {
        (Some(detector), Some(landmarker)) => {
            export(request, &material, FinderNetworks { detector, landmarker }, mean_face, watch)
        }
        (None, _) => Ok(Outcome::OneOfTwo(Network::Landmarks)),
        (_, None) => Ok(Outcome::OneOfTwo(Network::Detector)),
    }
}

/// The mean head of the material, from the run's folder where it was found before.
fn mean_face(run_dir: &Path, material: &Material, watch: &mut dyn Watch) -> Result<MeanFace, TrainError> {
    let path = run_dir.join(MEAN_FACE);
    let known = fs::read(&path).ok().and_then(|bytes| serde_json::from_slice::<Vec<[f32; 3]>>(&bytes).ok());
    if let Some(face) = known.and_then(|points| MeanFace::try_from(points).ok()) {
        return Ok(face);
    }
    watch.hear(&Event::Preparing("finds the mean head"));
    let mut builder = Builder::new();
    let crops = material.sources.iter().flat_map(|source| &source.crops);
    for labelled in crops.chain(&material.photographs) {
        if let Some(pose_deg) = labelled.pose_deg {
            builder.add(&labelled.landmarks, pose_deg);
        }
    }
    let face = builder.solve().ok_or(TrainError::NoMeanFace)?;
    let text = serde_json::to_vec(face.as_slice())
        .map_err(|e| WriteError::Other { path: path.clone(), detail: e.to_string() })?;
    atomic::write(&path, &text)?;
    Ok(face)
}

fn export(
    request: &Request,
    material: &Material,
    networks: FinderNetworks,
    mean_face: MeanFace,
    watch: &mut dyn Watch,
) -> Result<Outcome, TrainError> {
    watch.hear(&Event::Preparing("looks for false alarms in the scenes"));
    let threshold = threshold(&networks, &mean_face, material)?;
    let card = FinderCard {
        name: request.name.clone(),
        trained_on: material.description(),
        terms: request.terms.clone(),
        made_by: format!(
            "facespace {} train finder, {} steps of the detector and {} of the landmarks",
            env!("CARGO_PKG_VERSION"),
            request.detector.steps,
            request.landmarks.steps
        ),
        measured: request.measured.clone(),
    };
    let bytes = FinderWeights { networks, mean_face, threshold, card }.to_bytes()?;
    let path = request.run_dir.join(FINDER);
    atomic::write(&path, &bytes)?;
    watch.hear(&Event::Written(&path));
    if let Some(copy) = &request.output {
        atomic::write(copy, &bytes)?;
        watch.hear(&Event::Written(copy));
    }
    Ok(Outcome::Written { path, threshold })
}

/// The confidence from which nothing is reported in the training's scenes without a face, and a margin. In the others
/// some of what is found beside the boxes is a face that nobody marked.
fn threshold(networks: &FinderNetworks, mean_face: &MeanFace, material: &Material) -> Result<f32, TrainError> {
    let finder = mining::finder(networks.clone(), mean_face, LEAST_CONFIDENCE)?;
    let mut surest = 0.0f32;
    for place in material.scenes.iter().filter(|place| place.faces.is_empty()) {
        for (_, confidence) in mining::false_finds(&finder, place)? {
            surest = surest.max(confidence);
        }
    }
    Ok((surest + MARGIN).clamp(THRESHOLDS[0], THRESHOLDS[1]))
}
