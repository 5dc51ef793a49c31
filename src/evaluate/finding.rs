//! How well faces are found in photographs: what a finder reports against labelled faces and marked scenes.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::bootstrap::{self, Measured};
use super::pose::{AngleError, between_deg};
use crate::data::shards::MarkedFace;
use crate::face::landmarks::eye_corners_apart;
use crate::face::{Crop, FaceBox, Found, Landmarks, Pose};

/// A box that shares so much with a face's (intersection over union) is that face's.
const SAME: f32 = 0.4;
/// What is found elsewhere is a false alarm, unless it shares so much with a box of any kind, or the middle of one lies
/// in the other.
const BESIDE: f32 = 0.15;
/// Sure faces of scenes that are lower than this, in pixels, need not be found.
const LOWEST: f32 = 20.0;
/// Percent of the outer eye corners' distance above which landmarks have failed.
const FAILED: f64 = 8.0;
/// How near a crop's scale and centre are to the label's: of its scale, of its side.
const SCALE: f32 = 0.05;
const CENTRE: f32 = 0.03;

/// What was found, picture by picture.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    labelled: Vec<f64>,
    sure: Vec<f64>,
    /// False alarms of each scene: without a face, and with faces.
    without: Vec<f64>,
    with: Vec<f64>,
    /// Of the labelled faces that were found: percent of the outer eye corners' distance; whether the crop is right.
    errors: Vec<f64>,
    crops: Vec<f64>,
    angles: [Vec<f64>; 3],
    milliseconds: Vec<f64>,
}

/// How good a finder is. Figures are none of no pictures.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// Of the labelled faces, the share that was found.
    pub labelled_recall: Option<Measured>,
    /// Of the sure faces of 20 pixels or more in scenes.
    pub sure_recall: Option<Measured>,
    /// A scene without a face.
    pub false_alarms: Option<Measured>,
    /// A scene with faces.
    pub false_alarms_beside_faces: Option<Measured>,
    /// The mean over points and found faces, in percent of the outer eye corners' distance.
    pub landmark_error: Option<Measured>,
    /// Share of the found faces whose error is above 8 percent.
    pub landmark_failures: Option<Measured>,
    /// Share of the found faces whose crop has the label's scale within 5 percent and its centre within 3 percent of the
    /// side.
    pub crops_right: Option<Measured>,
    pub pose: Vec<AngleError>,
    /// Of a photograph, without decoding it.
    pub milliseconds: Option<Measured>,
}

impl Tally {
    /// A photograph with one labelled face, and what was found in it. Whatever else was found may be a face.
    pub fn add_labelled(&mut self, landmarks: &Landmarks, pose_deg: Option<[f32; 3]>, found: &[Found]) {
        let Some(place) = FaceBox::from_landmarks(landmarks) else { return };
        let best = best(&place, found);
        self.labelled.push(f64::from(u8::from(best.is_some())));
        let Some(found) = best else { return };
        self.errors.push(landmark_error(&found.landmarks, landmarks));
        self.crops.push(f64::from(u8::from(is_crop_right(found, landmarks))));
        if let Some(truth) = pose_deg {
            let Pose { yaw_deg, pitch_deg, roll_deg } = found.pose;
            for ((errors, angle), truth) in self.angles.iter_mut().zip([yaw_deg, pitch_deg, roll_deg]).zip(truth) {
                errors.push(between_deg(angle, truth));
            }
        }
    }

    /// A scene with all its faces, and what was found in it.
    pub fn add_scene(&mut self, faces: &[MarkedFace], found: &[Found]) {
        for face in faces.iter().filter(|face| face.sure && face.frame.h >= LOWEST) {
            self.sure.push(f64::from(u8::from(best(&face.frame, found).is_some())));
        }
        let is_beside = |found: &&Found| faces.iter().any(|face| is_near(&found.frame, &face.frame));
        let alarms = found.len() - found.iter().filter(is_beside).count();
        let list = if faces.is_empty() { &mut self.without } else { &mut self.with };
        list.push(alarms as f64);
    }

    /// How long a photograph took.
    pub fn add_time(&mut self, milliseconds: f64) {
        self.milliseconds.push(milliseconds);
    }

    /// What it all comes to.
    pub fn finish(&self, seed: u64) -> Finding {
        let mean = |values: &[f64]| bootstrap::mean(values, seed);
        let failed: Vec<f64> = self.errors.iter().map(|&error| f64::from(u8::from(error > FAILED))).collect();
        let angle =
            |(errors, name): (&Vec<f64>, &str)| Some(AngleError { angle: name.to_owned(), error_deg: mean(errors)? });
        Finding {
            labelled_recall: mean(&self.labelled),
            sure_recall: mean(&self.sure),
            false_alarms: mean(&self.without),
            false_alarms_beside_faces: mean(&self.with),
            landmark_error: mean(&self.errors),
            landmark_failures: mean(&failed),
            crops_right: mean(&self.crops),
            pose: self.angles.iter().zip(Pose::NAMES).filter_map(angle).collect(),
            milliseconds: mean(&self.milliseconds),
        }
    }
}

/// The found face that lies where a face is, if there is one.
fn best<'a>(place: &FaceBox, found: &'a [Found]) -> Option<&'a Found> {
    let nearest = found.iter().max_by(|a, b| place.overlap(&a.frame).total_cmp(&place.overlap(&b.frame)))?;
    (place.overlap(&nearest.frame) >= SAME).then_some(nearest)
}

/// Whether a found box may be the marked one, which is often a part of a face or somewhat beside it.
fn is_near(found: &FaceBox, marked: &FaceBox) -> bool {
    found.overlap(marked) > BESIDE || found.contains(marked.centre()) || marked.contains(found.centre())
}

/// The mean distance of points from where they should be, in percent of the outer eye corners' distance.
pub fn landmark_error(found: &Landmarks, truth: &Landmarks) -> f64 {
    let apart = |(a, b): (&[f32; 2], &[f32; 2])| f64::from((a[0] - b[0]).hypot(a[1] - b[1]));
    let mean = found.iter().zip(truth).map(apart).sum::<f64>() / truth.len() as f64;
    100.0 * mean / f64::from(eye_corners_apart(truth)).max(1e-6)
}

fn is_crop_right(found: &Found, truth: &Landmarks) -> bool {
    let (Ok(found), Ok(truth)) = (found.square(), Crop::from_landmarks(truth)) else { return false };
    let apart = (found.centre[0] - truth.centre[0]).hypot(found.centre[1] - truth.centre[1]);
    (found.half_side / truth.half_side - 1.0).abs() <= SCALE && apart <= CENTRE * 2.0 * truth.half_side
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:44} {:>8}  {:>17}  {:>6}", "", "value", "95 % interval", "n")?;
        let figures = [
            ("labelled faces found", &self.labelled_recall),
            ("sure faces of scenes found", &self.sure_recall),
            ("false alarms a scene without a face", &self.false_alarms),
            ("false alarms a scene with faces", &self.false_alarms_beside_faces),
            ("landmarks, error in % of the eyes' distance", &self.landmark_error),
            ("landmarks, share of errors above 8 %", &self.landmark_failures),
            ("crop, share within 5 % and 3 %", &self.crops_right),
        ];
        for (what, figure) in figures {
            figure.as_ref().map_or(Ok(()), |figure| line(f, what, figure))?;
        }
        for error in &self.pose {
            line(f, &format!("pose, error of {} in degrees", error.angle), &error.error_deg)?;
        }
        self.milliseconds.as_ref().map_or(Ok(()), |figure| line(f, "milliseconds a photograph", figure))
    }
}

fn line(f: &mut fmt::Formatter, what: &str, figure: &Measured) -> fmt::Result {
    let interval = figure.interval.map_or(String::new(), |range| format!("{:.3} to {:.3}", range.low, range.high));
    writeln!(f, "{what:44} {:>8.3}  {interval:>17}  {:>6}", figure.value, figure.n)
}
