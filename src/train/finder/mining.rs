//! What networks in training take for faces in scenes, where all faces are known: what later batches show more often.

use std::path::Path;

use burn::tensor::Device;
use rayon::prelude::*;

use super::super::error::TrainError;
use super::chance::Chance;
use super::frames::{Mistaken, as_crop, is_near, random_frame};
use super::learner;
use super::lesson;
use super::material::Place;
use super::tiles::Alarm;
use super::views::{Beyond, cut};
use crate::data::shards::MarkedFace;
use crate::face::{Crop, FaceBox};
use crate::find::framing::{box_of_height, framed};
use crate::find::pyramid::resized;
use crate::find::suppression::suppressed;
use crate::find::{FindError, Finder};
use crate::nn::NnError;
use crate::nn::finder::{
    Detector, DetectorConfig, FinderCard, FinderModel, FinderNetworks, FinderWeights, Landmarker, MeanFace, Planes,
    SIDE, SIZE_HIGH,
};

/// What is found less likely than this is no alarm.
const LEAST: f32 = 0.15;
/// Alarms of a scene at most, of all scenes, and with those of before.
const OF_A_SCENE: usize = 12;
const NEW: usize = 600;
const ALL: usize = 1000;
/// The first scale of a scene: each search looks at another one, so that alarms between two levels are found, too.
const SCALES: [f32; 2] = [0.6, 1.25];
/// Any places that the landmarker is shown, how many a scene and at once, and below which answer they are no mistakes.
const PLACES: usize = 20;
const AT_ONCE: usize = 32;
const LEAST_MISTAKEN: f32 = 0.1;
/// Scenes that the whole finder is shown in a search for mistakes, about: networks that know little see faces everywhere,
/// and each of those takes time.
const SHOWN: f32 = 40.0;
/// What it reports then, from this confidence on.
const LEAST_CONFIDENCE: f32 = 0.03;
/// In heights of a face: what is nearer to it is no false alarm, and neither is what covers it so far.
const NEAR: f32 = 0.6;
const COVERS: f32 = 0.15;

/// False alarms of a detector in scenes, with those of `before` that it does not repeat; the surest first.
///
/// # Errors
/// [`TrainError::Networks`].
pub fn alarms(
    scenes: &[Place],
    detector: &Detector,
    before: &[Alarm],
    seed: u64,
    step: u64,
) -> Result<Vec<Alarm>, TrainError> {
    let landmarker = Landmarker::init(&Device::flex());
    let model = FinderModel::new(&FinderNetworks { detector: detector.clone(), landmarker });
    let of_scene = |(number, place): (usize, &Place)| {
        let mut chance = Chance::new(seed, step, &format!("alarms {number}"));
        alarms_in(&model, number, place, chance.log_between(SCALES[0], SCALES[1]))
    };
    let found: Vec<Vec<Alarm>> = scenes.par_iter().enumerate().map(of_scene).collect::<Result<_, NnError>>()?;
    let mut found: Vec<Alarm> = found.into_iter().flatten().collect();
    found.sort_by(|a, b| b.probability.total_cmp(&a.probability));
    found.truncate(NEW);
    let same = |a: &Alarm, b: &Alarm| a.scene == b.scene && place_of(a).overlap(&place_of(b)) > 0.4;
    let old: Vec<Alarm> =
        before.iter().filter(|old| !found.iter().any(|new| same(new, old))).take(ALL - found.len()).copied().collect();
    found.extend(old);
    Ok(found)
}

fn alarms_in(model: &FinderModel, number: usize, place: &Place, first_scale: f32) -> Result<Vec<Alarm>, NnError> {
    let mut found = Vec::new();
    let mut scale = first_scale;
    let mut level = resized(&place.picture, f64::from(scale));
    loop {
        let planes = Planes::of(&level, 0..level.height() as usize);
        let rows = 0..planes.cells()[0];
        found.extend(model.detect(planes, rows, LEAST)?.into_iter().map(|sighting| Alarm {
            scene: number,
            centre: sighting.centre.map(|c| c / scale),
            height: sighting.height / scale,
            probability: sighting.probability,
        }));
        if level.height() as f32 <= SIZE_HIGH {
            break;
        }
        level = resized(&level, 0.5);
        scale *= 0.5;
    }
    found.retain(|alarm| !is_known(&place_of(alarm), &place.faces));
    Ok(suppressed(found, OF_A_SCENE, |alarm| (place_of(alarm), alarm.probability)))
}

fn place_of(alarm: &Alarm) -> FaceBox {
    box_of_height(alarm.centre, alarm.height)
}

/// Whether a box may be one of these faces, or a part of one.
pub fn is_known(place: &FaceBox, faces: &[MarkedFace]) -> bool {
    let [x, y] = place.centre();
    faces.iter().any(|MarkedFace { frame, .. }| {
        let [face_x, face_y] = frame.centre();
        (x - face_x).hypot(y - face_y) < NEAR * frame.h.max(place.h) || place.overlap(frame) > COVERS
    })
}

/// Where the search for the landmarker's mistakes finds a detector, and what poses are measured with.
#[derive(Clone, Copy, Debug)]
pub struct Beside<'a> {
    /// Folder of the detector's training, in which there may be none yet.
    pub detector: &'a Path,
    pub mean_face: &'a MeanFace,
}

/// Squares of scenes that a landmarker takes for faces: any squares, and what the whole finder reports where a detector
/// was trained; with those of `before` that are not found again. The surest first.
///
/// # Errors
/// [`TrainError::Networks`], [`TrainError::Find`].
pub fn mistaken(
    scenes: &[Place],
    landmarker: &Landmarker,
    beside: Beside,
    before: &[Mistaken],
    seed: u64,
    step: u64,
) -> Result<Vec<Mistaken>, TrainError> {
    let detector = trained_detector(beside.detector)?;
    let with_detector = detector.is_some();
    let detector = detector.unwrap_or_else(|| DetectorConfig::default().init(&Device::flex()));
    let networks = FinderNetworks { detector, landmarker: landmarker.clone() };
    let mut found = anywhere(scenes, &FinderModel::new(&networks), seed, step)?;
    if with_detector {
        let finder = finder(networks, beside.mean_face, LEAST_CONFIDENCE)?;
        let mut chance = Chance::new(seed, step, "shown to the finder");
        let shown = scenes.iter().enumerate().filter(|_| chance.happens(SHOWN / scenes.len() as f32));
        for (number, place) in shown {
            found.extend(false_finds(&finder, place)?.into_iter().map(|(square, probability)| Mistaken {
                scene: number,
                frame: framed(&square),
                probability,
            }));
        }
    }
    found.sort_by(|a, b| b.probability.total_cmp(&a.probability));
    found.truncate(NEW);
    let same = |a: &Mistaken, b: &Mistaken| {
        let apart = (a.frame.centre[0] - b.frame.centre[0]).hypot(a.frame.centre[1] - b.frame.centre[1]);
        a.scene == b.scene && apart < 0.2 * a.frame.half_side.min(b.frame.half_side)
    };
    let old: Vec<Mistaken> =
        before.iter().filter(|old| !found.iter().any(|new| same(new, old))).take(ALL - found.len()).copied().collect();
    found.extend(old);
    Ok(found)
}

/// A finder of networks in training.
///
/// # Errors
/// [`FindError`].
pub fn finder(networks: FinderNetworks, mean_face: &MeanFace, threshold: f32) -> Result<Finder, FindError> {
    Finder::new(FinderWeights { networks, mean_face: *mean_face, threshold, card: FinderCard::default() })
}

/// What a finder reports in a scene and no face can be: crops and confidences.
///
/// # Errors
/// [`FindError`].
pub fn false_finds(finder: &Finder, place: &Place) -> Result<Vec<(Crop, f32)>, FindError> {
    let found = finder.find(&place.picture, &|| false)?;
    let wrong = found.iter().filter(|face| !is_known(&face.frame, &place.faces));
    Ok(wrong.filter_map(|face| Some((face.square().ok()?, face.confidence))).collect())
}

/// The detector of a training, finished or as it is by now.
fn trained_detector(folder: &Path) -> Result<Option<Detector>, TrainError> {
    let fresh = || DetectorConfig::default().init(&Device::flex());
    if let Some(finished) = lesson::finished(folder, fresh())? {
        return Ok(Some(finished));
    }
    Ok(learner::newest(folder, fresh()))
}

/// Squares anywhere that are taken for faces.
fn anywhere(scenes: &[Place], model: &FinderModel, seed: u64, step: u64) -> Result<Vec<Mistaken>, NnError> {
    let chunk = |number: usize| -> Result<Vec<Mistaken>, NnError> {
        let mut chance = Chance::new(seed, step, &format!("anywhere {number}"));
        let mut drawn = Vec::with_capacity(AT_ONCE);
        for _ in 0..AT_ONCE {
            let scene = chance.below(scenes.len());
            let Some(place) = scenes.get(scene) else { break };
            let window = random_frame(place.picture.dimensions(), &mut chance);
            let faces: Vec<FaceBox> = place.faces.iter().map(|face| face.frame).collect();
            if !is_near(&window, &faces) {
                let picture = cut(&place.picture, &window, SIDE as u32, Beyond::Mirrored);
                drawn.push((scene, as_crop(&window), picture));
            }
        }
        let pictures: Vec<_> = drawn.iter().map(|(.., picture)| picture.clone()).collect();
        let marked = model.landmarks(&pictures)?;
        let seen = drawn.into_iter().zip(marked).map(|((scene, frame, _), marked)| Mistaken {
            scene,
            frame,
            probability: marked.probability,
        });
        Ok(seen.filter(|mistaken| mistaken.probability >= LEAST_MISTAKEN).collect())
    };
    let found: Vec<Vec<Mistaken>> =
        (0..(PLACES * scenes.len()).div_ceil(AT_ONCE)).into_par_iter().map(chunk).collect::<Result<_, NnError>>()?;
    Ok(found.into_iter().flatten().collect())
}
