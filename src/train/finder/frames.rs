//! Frames that the landmarker learns from: faces framed roughly, as a detector's box implies, or nearly right, as its own
//! first answer is, with their points; and what is no face or is framed wrongly. Each frame is a function of seed, step
//! and its number.

use std::sync::Arc;

use image::{Rgb, RgbImage};
use serde::{Deserialize, Serialize};

use super::camera;
use super::chance::Chance;
use super::material::{Material, decodable, place_of};
use super::views::{Beyond, Window, cut};
use crate::data::image::views;
use crate::face::landmarks::eye_corners_apart;
use crate::face::{Crop, FaceBox, Landmarks};
use crate::find::frame_of_box;
use crate::nn::finder::{FRAME, MEAN, POINTS, SIDE};

/// Numbers of a frame's picture.
pub const NUMBERS: usize = 3 * SIDE * SIDE;

/// How often a frame shows no face, or not as it should.
pub const NEGATIVES: f32 = 0.3;
/// Of those: where an earlier network saw a face, a face framed wrongly; the rest is any part of a scene.
const ALARMS: f32 = 0.35;
const WRONG: f32 = 0.3;
/// Of the faces: sure ones of scenes, whose points nobody knows. They alone are turned away, dark and blurred as faces in
/// ordinary pictures are.
const OF_SCENES: f32 = 0.1;
/// Of the other faces: from crops and from drawn photographs; the rest from photographs.
const CROPS: f32 = 0.48;
const DRAWN: f32 = 0.07;
/// Of the faces: framed roughly.
const ROUGH: f32 = 0.45;
/// How far rough frames are off: the face's lean in degrees, the logarithm of the size, the place in sides of the crop.
const ROUGH_LEAN: f32 = 45.0;
const ROUGH_SIZE: f32 = 0.25;
const ROUGH_SHIFT: f32 = 0.2;
/// How often the lean is any; else it is as people hold their heads (deviation, limit).
const ANY_LEAN: f32 = 0.4;
const USUAL_LEAN: [f32; 2] = [12.0, 45.0];
/// The same of nearly right ones: deviation, limit.
const FINE_LEAN: [f32; 2] = [3.0, 9.0];
const FINE_SIZE: [f32; 2] = [0.035, 0.1];
const FINE_SHIFT: [f32; 2] = [0.02, 0.06];
/// The same of sure faces in scenes, around what their boxes imply.
const SCENE_SIZE: [f32; 2] = [0.12, 0.3];
const SCENE_SHIFT: [f32; 2] = [0.06, 0.15];
/// A wrong frame is off by so many sides, or so many times too large or too small, or upside down.
const WRONG_SHIFT: [f32; 2] = [0.55, 1.2];
const WRONG_SIZE: [f32; 2] = [1.9, 3.2];
/// How often something stands before a face, and over how much of the frame's sides.
const HIDDEN: f32 = 0.25;
const HIDDEN_SHARE: f32 = 0.45;
/// Of its pixels along a side, so many the strongest blur leaves a frame.
const SOFTEST: f32 = 0.3;
/// Pixels that a stored crop loses at each border, at most: were its border always where the crop's is, the network
/// would look for it and not for the face.
const TRIMMED: u32 = 14;
/// How often a part of a scene is drawn again that shows a face.
const TRIES: usize = 8;
/// Half sides of frames without a face, in pixels of the scene.
const LEAST_HALF: f32 = 9.0;
/// Errors are counted in distances of the outer eye corners; those of a head in profile as if they were this share of
/// the crop's side apart, which is two thirds of their distance from the front.
const LEAST_APART: f32 = 0.36;

/// A square of a scene that a network took for a face.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mistaken {
    /// Number of the scene.
    pub scene: usize,
    /// What the network was shown.
    pub frame: Crop,
    /// 0 to 1.
    pub probability: f32,
}

/// A frame.
#[derive(Clone, Debug)]
pub struct Frame {
    pub picture: RgbImage,
    /// In units of the frame, 0 to 1; missing where they are unknown, and where it shows no face as it should.
    pub points: Option<Landmarks>,
    /// Whether it shows a face as it should.
    pub is_face: bool,
}

/// Some frames as the landmarker takes them.
#[derive(Clone, Debug, Default)]
pub struct FrameBatch {
    /// `[n, 3, 64, 64]`.
    pub pictures: Vec<f32>,
    /// `[n, 136]`; zeros where they are unknown.
    pub points: Vec<f32>,
    /// `[n]`: 1 over the distance of the outer eye corners in units of the frame; 0 where the points are unknown.
    pub weights: Vec<f32>,
    /// `[n]`: 1 for a face, 0 for none.
    pub is_face: Vec<f32>,
}

/// Makes frames.
pub struct Frames {
    material: Arc<Material>,
    seed: u64,
}

impl Frames {
    pub fn new(material: Arc<Material>, seed: u64) -> Self {
        Self { material, seed }
    }

    /// The frames of a step.
    pub fn batch(&self, step: u64, size: usize, mistaken: &[Mistaken]) -> FrameBatch {
        let mut batch = FrameBatch::default();
        for number in 0..size {
            let frame = self.frame(step, number, mistaken);
            let from = batch.pictures.len();
            batch.pictures.resize(from + NUMBERS, 0.0);
            views::planes(&frame.picture, MEAN, &mut batch.pictures[from..]);
            batch.is_face.push(f32::from(u8::from(frame.is_face)));
            match &frame.points {
                Some(points) => {
                    batch.points.extend(points.as_flattened());
                    batch.weights.push(weight(points));
                }
                None => {
                    batch.points.extend([0.0; POINTS]);
                    batch.weights.push(0.0);
                }
            }
        }
        batch
    }

    /// One frame of a step.
    pub fn frame(&self, step: u64, number: usize, mistaken: &[Mistaken]) -> Frame {
        let mut chance = Chance::new(self.seed, step, &format!("frame {number}"));
        let frame =
            if chance.happens(NEGATIVES) { self.negative(mistaken, &mut chance) } else { self.face(&mut chance) };
        let mut frame = frame.unwrap_or_else(|| nothing(&mut chance));
        if chance.happens(HIDDEN) {
            let other = chance.one_of(&self.material.scenes).map(|place| &place.picture);
            camera::hidden(&mut frame.picture, other, HIDDEN_SHARE, &mut chance);
        }
        frame.picture = camera::taken(frame.picture, SOFTEST, &mut chance);
        frame
    }

    fn face(&self, chance: &mut Chance) -> Option<Frame> {
        if chance.happens(OF_SCENES)
            && let Some(frame) = self.face_of_scene(chance)
        {
            return Some(frame);
        }
        let (picture, landmarks, border) = self.source(chance)?;
        let window = if chance.happens(ROUGH) { rough(&landmarks, chance)? } else { fine(&landmarks, chance)? };
        let points = window.seen_landmarks(&landmarks);
        let picture = self.shown(&picture, &window, border, chance);
        Some(Frame { picture, points: Some(points), is_face: true })
    }

    /// A sure face of a scene, as its box frames it, about.
    fn face_of_scene(&self, chance: &mut Chance) -> Option<Frame> {
        (0..TRIES).find_map(|_| {
            let place = chance.one_of(&self.material.scenes)?;
            let face = chance.one_of(&place.faces).filter(|face| face.sure)?;
            let own = frame_of_box(&face.frame);
            let shift = [0; 2].map(|_| chance.normal(SCENE_SHIFT[0], SCENE_SHIFT[1]) * 2.0 * own.half_side);
            let window = Window {
                centre: [own.centre[0] + shift[0], own.centre[1] + shift[1]],
                half_side: FRAME * own.half_side * chance.normal(SCENE_SIZE[0], SCENE_SIZE[1]).exp(),
                turn_deg: chance.normal(USUAL_LEAN[0], USUAL_LEAN[1]),
                mirror: chance.happens(0.5),
            };
            let picture = cut(&place.picture, &window, SIDE as u32, Beyond::Mirrored);
            Some(Frame { picture, points: None, is_face: true })
        })
    }

    /// A picture with a labelled face, and whether its borders lie where those of a crop do.
    fn source(&self, chance: &mut Chance) -> Option<(RgbImage, Landmarks, Border)> {
        let kind = chance.unit();
        let of_crop = |chance: &mut Chance| {
            let (crop, picture) = decodable(chance, |chance| self.material.crop(chance))?;
            let (picture, landmarks) = trimmed(&picture, &crop.landmarks, chance);
            Some((picture, landmarks, Border::OfCrop))
        };
        let of_photograph = |chance: &mut Chance| {
            let (photograph, picture) = decodable(chance, |chance| chance.one_of(&self.material.photographs))?;
            Some((picture, photograph.landmarks, Border::OfPhotograph))
        };
        if kind < DRAWN
            && let Some(photograph) = chance.one_of(&self.material.drawn)
            && let Some(landmarks) = chance.one_of(&photograph.faces)
        {
            return Some((photograph.picture.clone(), *landmarks, Border::OfPhotograph));
        }
        if kind < DRAWN + CROPS {
            of_crop(chance).or_else(|| of_photograph(chance))
        } else {
            of_photograph(chance).or_else(|| of_crop(chance))
        }
    }

    /// What the window shows. A crop does not fill it, and what is beyond is not always its mirror image: what is seen
    /// there must not tell where the face is.
    fn shown(&self, picture: &RgbImage, window: &Window, border: Border, chance: &mut Chance) -> RgbImage {
        let kind = chance.unit();
        if border == Border::OfPhotograph || kind < 0.45 {
            return cut(picture, window, SIDE as u32, Beyond::Mirrored);
        }
        let colour = [0; 3].map(|_| chance.below(256) as u8);
        let Some(place) = chance.one_of(&self.material.scenes).filter(|_| kind < 0.8) else {
            return cut(picture, window, SIDE as u32, Beyond::Colour(colour));
        };
        let around = anywhere(&place.picture, chance);
        let mut shown = cut(&place.picture, &around, SIDE as u32, Beyond::Mirrored);
        let face = cut(picture, window, SIDE as u32, Beyond::Mirrored);
        let [width, height] = [picture.width(), picture.height()].map(|side| side as f32);
        for (x, y, pixel) in shown.enumerate_pixels_mut() {
            let [u, v] = window.source([x, y].map(|i| (i as f32 + 0.5) / SIDE as f32 * 2.0 - 1.0));
            if (0.0..width).contains(&u) && (0.0..height).contains(&v) {
                *pixel = *face.get_pixel(x, y);
            }
        }
        shown
    }

    fn negative(&self, mistaken: &[Mistaken], chance: &mut Chance) -> Option<Frame> {
        let kind = chance.unit();
        if kind < ALARMS
            && let Some(Mistaken { scene, frame, .. }) = chance.one_of(mistaken)
        {
            let place = self.material.scenes.get(*scene)?;
            let window = Window {
                centre: [0, 1].map(|axis| frame.centre[axis] + frame.half_side * chance.normal(0.08, 0.2)),
                half_side: frame.half_side * chance.normal(0.06, 0.15).exp(),
                turn_deg: frame.roll_deg() + chance.normal(6.0, 20.0),
                mirror: chance.happens(0.5),
            };
            return Some(without_face(cut(&place.picture, &window, SIDE as u32, Beyond::Mirrored)));
        }
        if kind < ALARMS + WRONG {
            let (picture, landmarks, border) = self.source(chance)?;
            let window = wrong(&landmarks, chance)?;
            return Some(without_face(self.shown(&picture, &window, border, chance)));
        }
        (0..TRIES).find_map(|_| {
            let place = chance.one_of(&self.material.scenes)?;
            let window = random_frame(place.picture.dimensions(), chance);
            let faces: Vec<FaceBox> = place.faces.iter().map(|face| face.frame).collect();
            (!is_near(&window, &faces))
                .then(|| without_face(cut(&place.picture, &window, SIDE as u32, Beyond::Mirrored)))
        })
    }
}

/// Where a source picture ends.
#[derive(Clone, Copy, PartialEq)]
enum Border {
    OfPhotograph,
    OfCrop,
}

/// Any level or leaning square of a picture of this size.
pub fn random_frame((width, height): (u32, u32), chance: &mut Chance) -> Window {
    let most = (0.5 * width.min(height) as f32).max(1.01 * LEAST_HALF);
    Window {
        centre: [width as f32 * chance.unit(), height as f32 * chance.unit()],
        half_side: chance.log_between(LEAST_HALF, most),
        turn_deg: if chance.happens(0.5) { 0.0 } else { chance.between(-45.0, 45.0) },
        mirror: false,
    }
}

/// Whether a window's middle part holds the centre of one of these boxes, whatever its size.
pub fn is_near(window: &Window, faces: &[FaceBox]) -> bool {
    faces.iter().any(|face| {
        let [x, y] = window.seen(face.centre());
        let beside = 0.5 * face.h / window.half_side.max(1.0);
        (-beside..=1.0 + beside).contains(&x) && (-beside..=1.0 + beside).contains(&y)
    })
}

/// 1 over what errors of these points are counted in, both in units of the frame.
pub fn weight(points: &Landmarks) -> f32 {
    let side = Crop::from_landmarks(points).map_or(1.0 / FRAME, |crop| 2.0 * crop.half_side);
    1.0 / eye_corners_apart(points).max(LEAST_APART * side)
}

fn without_face(picture: RgbImage) -> Frame {
    Frame { picture, points: None, is_face: false }
}

/// One colour: where there is no scene to take something from.
fn nothing(chance: &mut Chance) -> Frame {
    without_face(RgbImage::from_pixel(SIDE as u32, SIDE as u32, Rgb([0; 3].map(|_| chance.below(256) as u8))))
}

/// A part of a crop without a random strip at each border, and its points.
fn trimmed(picture: &RgbImage, landmarks: &Landmarks, chance: &mut Chance) -> (RgbImage, Landmarks) {
    let most = TRIMMED.min(picture.width().min(picture.height()) / 8);
    let [left, top, right, bottom] = [0; 4].map(|_| chance.below(most as usize + 1) as u32);
    let (width, height) = (picture.width() - left - right, picture.height() - top - bottom);
    let part = image::imageops::crop_imm(picture, left, top, width, height).to_image();
    (part, landmarks.map(|[x, y]| [x - left as f32, y - top as f32]))
}

/// The frame that a detector's box would give in a photograph in which the face leans in some way.
fn rough(landmarks: &Landmarks, chance: &mut Chance) -> Option<Window> {
    let (place, lean_deg) = place_of(landmarks)?;
    let leans = if chance.happens(ANY_LEAN) {
        chance.between(-ROUGH_LEAN, ROUGH_LEAN)
    } else {
        chance.normal(USUAL_LEAN[0], USUAL_LEAN[1])
    };
    let size = chance.between(-ROUGH_SIZE, ROUGH_SIZE).exp();
    let shift = [0; 2].map(|_| chance.between(-ROUGH_SHIFT, ROUGH_SHIFT));
    // In the photograph's own axes, in which the box is level and the frame lies below its middle.
    let own = frame_of_box(&FaceBox::around([0.0; 2], place.w, place.h));
    let upright = Window { centre: [0.0; 2], half_side: 1.0, turn_deg: lean_deg - leans, mirror: false };
    let [x, y] = upright.source([0, 1].map(|axis| own.centre[axis] + 2.0 * own.half_side * shift[axis]));
    let [middle_x, middle_y] = place.centre();
    Some(Window {
        centre: [middle_x + x, middle_y + y],
        half_side: FRAME * own.half_side * size,
        turn_deg: upright.turn_deg,
        mirror: chance.happens(0.5),
    })
}

/// The frame of the face's own crop, nearly.
fn fine(landmarks: &Landmarks, chance: &mut Chance) -> Option<Window> {
    let crop = Crop::from_landmarks(landmarks).ok()?;
    let shift = [0; 2].map(|_| chance.normal(FINE_SHIFT[0], FINE_SHIFT[1]) * 2.0 * crop.half_side);
    Some(Window {
        centre: [crop.centre[0] + shift[0], crop.centre[1] + shift[1]],
        half_side: FRAME * crop.half_side * chance.normal(FINE_SIZE[0], FINE_SIZE[1]).exp(),
        turn_deg: crop.roll_deg() + chance.normal(FINE_LEAN[0], FINE_LEAN[1]),
        mirror: chance.happens(0.5),
    })
}

/// A frame that holds a face beside its middle, much too large or small, or upside down.
fn wrong(landmarks: &Landmarks, chance: &mut Chance) -> Option<Window> {
    let right = fine(landmarks, chance)?;
    let side = 2.0 * right.half_side / FRAME;
    Some(match chance.below(5) {
        0 | 1 => {
            let (sin, cos) = chance.between(0.0, std::f32::consts::TAU).sin_cos();
            let far = side * chance.between(WRONG_SHIFT[0], WRONG_SHIFT[1]);
            Window { centre: [right.centre[0] + far * cos, right.centre[1] + far * sin], ..right }
        }
        2 => Window { half_side: right.half_side * chance.log_between(WRONG_SIZE[0], WRONG_SIZE[1]), ..right },
        3 => {
            let shift = [0; 2].map(|_| side * chance.between(-0.2, 0.2));
            Window {
                centre: [right.centre[0] + shift[0], right.centre[1] + shift[1]],
                half_side: right.half_side / chance.log_between(WRONG_SIZE[0], WRONG_SIZE[1]),
                ..right
            }
        }
        _ => Window { turn_deg: right.turn_deg + chance.between(120.0, 240.0), ..right },
    })
}

/// A part of a picture to stand around something else.
fn anywhere(picture: &RgbImage, chance: &mut Chance) -> Window {
    let sides = [picture.width(), picture.height()].map(|side| side as f32);
    let half = chance.log_between(SIDE as f32 / 4.0, (sides[0].min(sides[1]) / 2.0).max(SIDE as f32 / 3.0));
    Window { centre: sides.map(|side| side * chance.unit()), half_side: half, turn_deg: 0.0, mirror: false }
}

/// The window as the square that a finder would show the landmarker.
pub fn as_crop(window: &Window) -> Crop {
    let (sin, cos) = window.turn_deg.to_radians().sin_cos();
    Crop { centre: window.centre, half_side: window.half_side, x_axis: [cos, sin] }
}
