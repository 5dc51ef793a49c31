//! Tiles that the detector learns from, with the answer for every cell: photographs, scenes, collages, drawn
//! photographs, and places where an earlier detector saw faces that are none. Each tile is a function of seed, step and
//! its number.

use std::sync::Arc;

use image::{Rgb, RgbImage};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::camera;
use super::chance::Chance;
use super::collage::{Piece, paste};
use super::material::{Labelled, Material, Place, decodable, place_of};
use super::targets::{CELLS, Face, TILE, Targets, Truth};
use super::views::{Beyond, Window, cut};
use crate::data::image::views::{self, Light};
use crate::face::FaceBox;
use crate::find::framing::ASPECT;
use crate::find::pyramid::resized;
use crate::nn::finder::MEAN;

/// Numbers of a tile's picture.
pub const NUMBERS: usize = 3 * TILE * TILE;

/// How often a tile is of each kind; the rest are photographs. Without false alarms theirs are scenes.
const ALARMS: f32 = 0.2;
const SCENES: f32 = 0.18;
const COLLAGES: f32 = 0.22;
const DRAWN: f32 = 0.06;
/// How often a scene is looked at where a face is, and a drawn photograph.
const AT_FACE: f32 = 0.4;
const AT_DRAWN_FACE: f32 = 0.7;
/// How often a face leans by anything up to the limit, in degrees; the others lean a little.
const LEANS: f32 = 0.35;
const LEAN_LIMIT: f32 = 45.0;
const LITTLE: [f32; 2] = [8.0, 20.0];
/// How often a scene without faces is turned by quarters.
const QUARTERS: f32 = 0.3;
/// How often something stands before a tile, and over how much of its sides.
const HIDDEN: f32 = 0.15;
const HIDDEN_SHARE: f32 = 0.3;
/// A face of which more than this is hidden is one or not.
const MOST_HIDDEN: f32 = 0.35;
/// Heights of faces in tiles, in pixels: small ones, those that are looked for and somewhat beyond, large ones.
const HEIGHTS: [f32; 4] = [7.0, 16.5, 47.0, 150.0];
/// How often a face is small, and how often large.
const SMALL: f32 = 0.08;
const LARGE: f32 = 0.12;
/// Photographs are kept so large that their face is this high at most.
const KEPT_HEIGHT: f32 = 80.0;
/// Of its pixels along a side, so many the strongest blur leaves a tile.
const SOFTEST: f32 = 0.45;
/// How much a scene may be enlarged.
const ENLARGED: f32 = 1.7;

/// Where a detector saw a face that is none.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Alarm {
    /// Number of the scene.
    pub scene: usize,
    /// Middle and height of the box, in pixels of the scene.
    pub centre: [f32; 2],
    pub height: f32,
    /// 0 to 1.
    pub probability: f32,
}

/// A tile with what it shows.
#[derive(Clone, Debug)]
pub struct Tile {
    pub picture: RgbImage,
    pub truth: Truth,
}

/// Some tiles as the detector takes them.
#[derive(Clone, Debug, Default)]
pub struct TileBatch {
    /// `[n, 3, 128, 128]`.
    pub pictures: Vec<f32>,
    /// `[n, 16, 16]` each, as [`Targets`] has them.
    pub is_face: Vec<f32>,
    pub counts: Vec<f32>,
    /// `[n, 3, 16, 16]`.
    pub place: Vec<f32>,
}

/// A labelled photograph in about the size in which it is needed.
struct Portrait {
    picture: RgbImage,
    place: FaceBox,
    lean_deg: f32,
}

/// Makes tiles.
pub struct Tiles {
    material: Arc<Material>,
    seed: u64,
    portraits: Vec<Portrait>,
    /// Numbers of scenes and of the sure faces in them.
    sure: Vec<(usize, usize)>,
    /// Numbers of scenes without faces.
    faceless: Vec<usize>,
}

impl Tiles {
    /// Decodes what tiles are cut from.
    pub fn new(material: Arc<Material>, seed: u64) -> Self {
        let portraits = material.photographs.par_iter().filter_map(portrait).collect();
        let faces = material.scenes.iter().enumerate().flat_map(|(scene, place)| {
            let sure = place.faces.iter().enumerate().filter(|(_, face)| face.sure);
            sure.map(move |(face, _)| (scene, face))
        });
        let sure = faces.collect();
        let faceless = (0..material.scenes.len()).filter(|&scene| material.scenes[scene].faces.is_empty()).collect();
        Self { material, seed, portraits, sure, faceless }
    }

    /// The tiles of a step.
    pub fn batch(&self, step: u64, size: usize, alarms: &[Alarm]) -> TileBatch {
        let mut batch = TileBatch::default();
        for number in 0..size {
            let tile = self.tile(step, number, alarms);
            let from = batch.pictures.len();
            batch.pictures.resize(from + NUMBERS, 0.0);
            views::planes(&tile.picture, MEAN, &mut batch.pictures[from..]);
            let targets = Targets::of(&tile.truth);
            batch.is_face.extend(targets.is_face);
            batch.counts.extend(targets.counts);
            batch.place.extend(targets.place);
        }
        debug_assert_eq!(batch.is_face.len(), size * CELLS);
        batch
    }

    /// One tile of a step.
    pub fn tile(&self, step: u64, number: usize, alarms: &[Alarm]) -> Tile {
        let mut chance = Chance::new(self.seed, step, &format!("tile {number}"));
        let mut kind = chance.unit();
        let mut falls = |share: f32| {
            kind -= share;
            (-share..0.0).contains(&kind)
        };
        let (alarm, scene, collage, drawn) = (falls(ALARMS), falls(SCENES), falls(COLLAGES), falls(DRAWN));
        let tile = match (alarm, scene, collage, drawn) {
            (true, ..) => self.at_alarm(alarms, &mut chance).or_else(|| self.scene(&mut chance)),
            (_, true, ..) => self.scene(&mut chance),
            (_, _, true, _) => Some(self.collage(&mut chance)),
            (.., true) => self.drawn(&mut chance),
            _ => self.photograph(&mut chance),
        };
        let mut tile = tile.unwrap_or_else(|| self.collage(&mut chance));
        if chance.happens(HIDDEN) {
            self.hide(&mut tile, &mut chance);
        }
        tile.picture = camera::taken(tile.picture, SOFTEST, &mut chance);
        tile
    }

    /// A labelled photograph, looked at so that its face has some height.
    fn photograph(&self, chance: &mut Chance) -> Option<Tile> {
        let Portrait { picture, place, .. } = chance.one_of(&self.portraits)?;
        let window = at_face(place.centre(), place.h, chance);
        let picture = cut(picture, &window, TILE as u32, Beyond::Colour(border(chance)));
        let truth = Truth { faces: vec![seen(&window, place)], ..Truth::default() };
        Some(Tile { picture, truth })
    }

    fn scene(&self, chance: &mut Chance) -> Option<Tile> {
        if chance.happens(AT_FACE)
            && let Some(&(scene, face)) = chance.one_of(&self.sure)
        {
            let place = &self.material.scenes[scene];
            let face = &place.faces[face].frame;
            let window = at_face(face.centre(), face.h, chance);
            return Some(of_scene(place, &window, chance));
        }
        let place = chance.one_of(&self.material.scenes)?;
        let window = anywhere(&place.picture, place.faces.is_empty(), chance);
        Some(of_scene(place, &window, chance))
    }

    fn at_alarm(&self, alarms: &[Alarm], chance: &mut Chance) -> Option<Tile> {
        let Alarm { scene, centre, height, .. } = chance.one_of(alarms)?;
        let place = self.material.scenes.get(*scene)?;
        Some(of_scene(place, &at_face(*centre, *height, chance), chance))
    }

    fn drawn(&self, chance: &mut Chance) -> Option<Tile> {
        let photograph = chance.one_of(&self.material.drawn)?;
        let faces: Vec<FaceBox> = photograph.faces.iter().filter_map(FaceBox::from_landmarks).collect();
        let looks_at_face = chance.happens(AT_DRAWN_FACE);
        let window = match chance.one_of(&faces) {
            Some(face) if looks_at_face => at_face(face.centre(), face.h, chance),
            _ => anywhere(&photograph.picture, false, chance),
        };
        let picture = cut(&photograph.picture, &window, TILE as u32, Beyond::Colour(border(chance)));
        let faces = faces.iter().map(|face| seen(&window, face)).collect();
        Some(Tile { picture, truth: Truth { faces, complete: true, ..Truth::default() } })
    }

    /// Faces from crops and photographs, and other things cut out alike, before a background without faces.
    fn collage(&self, chance: &mut Chance) -> Tile {
        let mut picture = self.background(chance);
        for _ in 0..chance.below(3) {
            self.distract(&mut picture, chance);
        }
        let mut faces = Vec::new();
        for _ in 0..1 + chance.below(4) {
            let height = chance.log_between(HEIGHTS[1], 1.2 * HEIGHTS[2]);
            let Some(place) = free(&faces, height, chance) else { continue };
            let pasted = if chance.happens(0.55) {
                self.paste_crop(&mut picture, place, height, chance)
            } else {
                self.paste_head(&mut picture, place, height, chance)
            };
            faces.extend(pasted);
        }
        Tile { picture, truth: Truth { faces, complete: true, ..Truth::default() } }
    }

    /// A part of something without a face in it.
    fn empty(&self, chance: &mut Chance) -> Option<&RgbImage> {
        if let Some(&scene) = chance.one_of(&self.faceless) {
            return Some(&self.material.scenes[scene].picture);
        }
        let drawn: Vec<&RgbImage> = self
            .material
            .drawn
            .iter()
            .filter(|photograph| photograph.faces.is_empty())
            .map(|photograph| &photograph.picture)
            .collect();
        chance.one_of(&drawn).copied()
    }

    fn background(&self, chance: &mut Chance) -> RgbImage {
        match self.empty(chance) {
            Some(source) => {
                let window = anywhere(source, true, chance);
                cut(source, &window, TILE as u32, Beyond::Mirrored)
            }
            None => RgbImage::from_pixel(TILE as u32, TILE as u32, Rgb(border(chance))),
        }
    }

    /// Something that is no face, cut out as faces are.
    fn distract(&self, picture: &mut RgbImage, chance: &mut Chance) {
        let Some(source) = self.empty(chance) else { return };
        let height = chance.log_between(HEIGHTS[1], HEIGHTS[2]);
        let window = anywhere(source, true, chance);
        let half = window.half_side.min(source.width().min(source.height()) as f32 / 2.0);
        let window = Window { half_side: half, ..window };
        let piece = Piece {
            source,
            middle: window.centre,
            radii: [half * chance.between(0.55, 0.8), half * chance.between(0.65, 0.8)],
            lean_deg: window.turn_deg,
            power: chance.between(2.0, 6.0),
            feather: chance.between(0.05, 0.35),
        };
        let at = [0; 2].map(|_| (chance.between(-0.1, 0.9) * TILE as f32) as i64);
        paste(picture, &piece, &window, (1.3 * height) as u32, at, |patch| patch);
    }

    fn paste_crop(&self, picture: &mut RgbImage, at: [f32; 2], height: f32, chance: &mut Chance) -> Option<Face> {
        let (crop, source) = decodable(chance, |chance| self.material.crop(chance))?;
        let (place, lean_deg) = place_of(&crop.landmarks)?;
        let half = source.width() as f32 / 2.0;
        let piece = Piece {
            source: &source,
            middle: [half; 2],
            radii: [0.98 * half; 2],
            lean_deg: 0.0,
            power: chance.between(3.0, 8.0),
            feather: chance.between(0.08, 0.35),
        };
        Some(paste_face(picture, &piece, &place, lean_deg, at, height, chance))
    }

    fn paste_head(&self, picture: &mut RgbImage, at: [f32; 2], height: f32, chance: &mut Chance) -> Option<Face> {
        let Portrait { picture: source, place, lean_deg } = chance.one_of(&self.portraits)?;
        let piece = Piece {
            source,
            middle: place.centre(),
            radii: [place.h * chance.between(0.5, 0.75), place.h * chance.between(0.62, 0.8)],
            lean_deg: *lean_deg,
            power: chance.between(2.0, 4.0),
            feather: chance.between(0.08, 0.3),
        };
        Some(paste_face(picture, &piece, place, *lean_deg, at, height, chance))
    }

    /// Lays something over a part of the tile. A face of which too much is hidden is one or not.
    fn hide(&self, tile: &mut Tile, chance: &mut Chance) {
        let other = self.empty(chance);
        let [x, y, w, h] = camera::hidden(&mut tile.picture, other, HIDDEN_SHARE, chance).map(|v| v as f32);
        let covered = |face: &Face| {
            let [width, height] = [ASPECT * face.height, face.height];
            let shared = |from: f32, side: f32, centre: f32, length: f32| {
                ((from + side).min(centre + length / 2.0) - from.max(centre - length / 2.0)).max(0.0) / length
            };
            shared(x, w, face.centre[0], width) * shared(y, h, face.centre[1], height) > MOST_HIDDEN
        };
        let all = std::mem::take(&mut tile.truth.faces);
        let (hidden, seen): (Vec<Face>, Vec<Face>) = all.into_iter().partition(covered);
        tile.truth.faces = seen;
        tile.truth.doubtful.extend(hidden);
    }
}

fn portrait(labelled: &Labelled) -> Option<Portrait> {
    let picture = labelled.picture()?;
    let (place, lean_deg) = labelled.place()?;
    let scale = (KEPT_HEIGHT / place.h).min(1.0);
    let kept = if scale < 1.0 { resized(&picture, f64::from(scale)) } else { picture };
    let FaceBox { x, y, w, h } = place;
    Some(Portrait { picture: kept, place: FaceBox::from([x, y, w, h].map(|v| v * scale)), lean_deg })
}

/// A window in which a face has some height, somewhere.
fn at_face(centre: [f32; 2], height: f32, chance: &mut Chance) -> Window {
    let kind = chance.unit();
    let (low, high) = match kind {
        kind if kind < SMALL => (HEIGHTS[0], HEIGHTS[1]),
        kind if kind < SMALL + LARGE => (HEIGHTS[2], HEIGHTS[3]),
        _ => (HEIGHTS[1], HEIGHTS[2]),
    };
    let shown = chance.log_between(low, high);
    let reach = if shown > HEIGHTS[2] { 0.6 } else { 0.92 };
    let at = [0; 2].map(|_| chance.between(-reach, reach));
    let half_side = TILE as f32 / 2.0 * height.max(1.0) / shown;
    Window::showing(centre, at, half_side, lean(chance), chance.happens(0.5))
}

/// A window on any part of a picture, down to what is enlarged and up to the whole.
fn anywhere(picture: &RgbImage, faceless: bool, chance: &mut Chance) -> Window {
    let sides = [picture.width(), picture.height()].map(|side| side as f32);
    let least = TILE as f32 / 2.0 / ENLARGED;
    let most = (0.55 * sides[0].max(sides[1])).max(1.01 * least);
    let quarters = if faceless && chance.happens(QUARTERS) { chance.below(4) } else { 0 };
    Window {
        centre: sides.map(|side| side * chance.unit()),
        half_side: chance.log_between(least, most),
        turn_deg: lean(chance) + 90.0 * quarters as f32,
        mirror: chance.happens(0.5),
    }
}

fn lean(chance: &mut Chance) -> f32 {
    if chance.happens(LEANS) { chance.between(-LEAN_LIMIT, LEAN_LIMIT) } else { chance.normal(LITTLE[0], LITTLE[1]) }
}

/// What is beyond a photograph's border: the middle grey that the detector sees there, black as in turned pictures, or
/// something else.
fn border(chance: &mut Chance) -> [u8; 3] {
    match chance.unit() {
        kind if kind < 0.6 => [128; 3],
        kind if kind < 0.85 => [0; 3],
        _ => [0; 3].map(|_| chance.below(256) as u8),
    }
}

/// A box of the source as a tile shows it.
fn seen(window: &Window, place: &FaceBox) -> Face {
    Face {
        centre: window.seen(place.centre()).map(|c| c * TILE as f32),
        height: place.h * TILE as f32 / (2.0 * window.half_side),
    }
}

/// A window on a scene, all of whose faces are known.
fn of_scene(place: &Place, window: &Window, chance: &mut Chance) -> Tile {
    let picture = cut(&place.picture, window, TILE as u32, Beyond::Colour(border(chance)));
    let mut truth = Truth { complete: true, ..Truth::default() };
    for face in &place.faces {
        let known = if face.sure { &mut truth.faces } else { &mut truth.doubtful };
        known.push(seen(window, &face.frame));
    }
    Tile { picture, truth }
}

/// A place for a face that touches no other; none where that is not found soon.
fn free(faces: &[Face], height: f32, chance: &mut Chance) -> Option<[f32; 2]> {
    const TRIES: usize = 8;
    let margin = (0.35 * height).min(TILE as f32 / 2.0);
    (0..TRIES).find_map(|_| {
        let place = [0; 2].map(|_| chance.between(margin, TILE as f32 - margin));
        let apart = |face: &Face| (face.centre[0] - place[0]).hypot(face.centre[1] - place[1]);
        faces.iter().all(|face| apart(face) > 0.6 * (face.height + height)).then_some(place)
    })
}

/// Pastes a face whose box in the piece's source is `place`, so that it is `height` high and near `at`.
fn paste_face(
    picture: &mut RgbImage,
    piece: &Piece,
    place: &FaceBox,
    lean_deg: f32,
    at: [f32; 2],
    height: f32,
    chance: &mut Chance,
) -> Face {
    let per_pixel = place.h / height;
    // Holds the piece at every turn.
    let reach = 1.42 * piece.radii[0].max(piece.radii[1]) / per_pixel;
    let side = (2.0 * reach).ceil().max(4.0) as u32;
    let window = Window {
        centre: piece.middle,
        half_side: side as f32 / 2.0 * per_pixel,
        turn_deg: lean_deg + lean(chance),
        mirror: chance.happens(0.5),
    };
    let own = window.seen(place.centre()).map(|c| c * side as f32);
    let first = [0, 1].map(|axis| (at[axis] - own[axis]).round() as i64);
    let light = chance.happens(0.5).then(|| Light {
        gamma: chance.log_between(0.7, 1.4),
        cast: [0; 3].map(|_| chance.between(0.85, 1.15)),
        contrast: chance.between(0.75, 1.2),
        ..Light::plain()
    });
    paste(picture, piece, &window, side, first, |patch| match light {
        Some(light) => light.on(patch),
        None => patch,
    });
    Face { centre: [0, 1].map(|axis| first[axis] as f32 + own[axis]), height }
}
