//! Synthetic photographs: people before a wall or a landscape, whose faces lie anywhere in the picture, with the truth
//! about where. Finding and pasting are tested on them.
//!
//! Every head is drawn at the size that it has in the picture, so a large face has as much detail as the camera would
//! give it. A photograph is drawn in strips on all cores; what is in memory beside it is a few strips, however large it
//! is.

use image::RgbImage;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Distribution, StandardNormal};
use rayon::iter::{IndexedParallelIterator, ParallelIterator};
use rayon::slice::ParallelSliceMut;

use super::backdrop::{Backdrop, OutOfFocus, Things};
use super::factors::{Values, share};
use super::math::V3;
use super::picture::{Scene, blur, develop};
use super::raster::Raster;
use super::subject::{Grids, Subject};
use crate::face::{Crop, Expression, Landmarks, Part, Pose};

/// How far the body follows the head: yaw, pitch, roll. People who lean do so with their shoulders.
const BODY_FOLLOWS: [f32; 3] = [0.35, 0.25, 0.6];
/// Standard deviations and limits of yaw, pitch and roll in degrees.
const POSE_SPREAD: [[f32; 2]; 3] = [[16.0, 40.0], [8.0, 18.0], [11.0, 30.0]];
/// The middle of a head, hair included, in distances between its eyes; and the circle around it that holds the head at
/// every turn, in the camera's pixels.
const MIDDLE: V3 = [0.0, 0.1, 0.0];
const HEAD_ACROSS: f32 = 480.0;
/// What is drawn of a person around that middle, in the camera's pixels: to each side, and upwards.
const REACH: [f32; 2] = [420.0, 300.0];
/// How far a leaning body gets to the side on its way down.
const LEANS: f32 = 0.4;
/// Heads are at least this share of the largest size for which there is room.
const SMALLEST: f32 = 0.45;
/// Pixels of a strip, about.
const STRIP: usize = 1 << 16;

/// A drawn photograph with the truth about it.
#[derive(Clone, Debug)]
pub struct Photograph {
    pub picture: RgbImage,
    /// Landmarks of every face in pixels of the picture, the largest face first.
    pub faces: Vec<Landmarks>,
    /// Pose of every head in the picture, in the order of `faces`; nothing was levelled here.
    pub poses: Vec<Pose>,
}

/// Draws a photograph of `width` x `height` pixels with so many people in it. The same arguments give the same
/// photograph. Nobody's face is hidden by another or cut off, and heads lean by 30 degrees at most. Faces are as large
/// as there is room for, or somewhat smaller: ask for a wide picture to have small ones, and see [`photograph_with`]
/// for a given size.
///
/// # Panics
/// Where a side is 0.
pub fn photograph(seed: u64, size: (u32, u32), faces: usize) -> Photograph {
    photograph_with(seed, size, faces, None)
}

/// As [`photograph`], every face's crop with sides of about `side` pixels where there is room for that.
///
/// # Panics
/// Where a side of the picture is 0.
pub fn photograph_with(seed: u64, (width, height): (u32, u32), faces: usize, side: Option<f32>) -> Photograph {
    assert!(width > 0 && height > 0, "a photograph has pixels");
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    // Away from the streams that single faces are drawn from.
    random.set_stream(u64::MAX);
    let mut shared = Values::default();
    shared.draw(Part::Style, &mut random);
    let size = [width as f32, height as f32];
    let places = cells(size, faces, &mut random);
    let mut people: Vec<Person> =
        places.iter().enumerate().map(|(i, cell)| Person::new(seed, i as u64, &shared, *cell, side)).collect();
    let things = Things::drawn(&mut random, size);
    // Whoever stands lower in the picture stands before the others.
    people.sort_by(|a, b| a.middle[1].total_cmp(&b.middle[1]));
    let picture =
        Picture { values: &shared, backdrop: OutOfFocus::new(&Backdrop::new(&shared), size), things, people: &people };
    let picture = picture.take([width as usize, height as usize]);
    people.sort_by(|a, b| b.half_side.total_cmp(&a.half_side));
    let (faces, poses) = people.iter().map(|person| (person.landmarks, person.pose)).unzip();
    Photograph { picture, faces, poses }
}

/// A part of the picture in which there is one head: left, top, width, height.
type Cell = [f32; 4];

/// Cells for so many heads, in as few and as square ones as there can be; which of them stay empty is chance.
fn cells([width, height]: [f32; 2], heads: usize, random: &mut ChaCha8Rng) -> Vec<Cell> {
    let room = |columns: usize| (width / columns as f32).min(height / heads.div_ceil(columns) as f32);
    let Some(columns) = (1..=heads).max_by(|&a, &b| room(a).total_cmp(&room(b))) else { return Vec::new() };
    let rows = heads.div_ceil(columns);
    let (w, h) = (width / columns as f32, height / rows as f32);
    let mut cells: Vec<Cell> =
        (0..columns * rows).map(|i| [(i % columns) as f32 * w, (i / columns) as f32 * h, w, h]).collect();
    while cells.len() > heads {
        let gone = (cells.len() as f32 * share(random)) as usize;
        cells.remove(gone.min(cells.len() - 1));
    }
    cells
}

/// Somebody in the picture.
struct Person {
    subject: Subject,
    grids: Grids,
    /// Photograph pixels for one of the camera's.
    scale: f32,
    /// Where the head's middle is, in the camera's pixels and in the photograph's.
    own_middle: [f32; 2],
    middle: [f32; 2],
    landmarks: Landmarks,
    /// Half of the side of this face's crop, in photograph pixels.
    half_side: f32,
    pose: Pose,
}

impl Person {
    fn new(seed: u64, number: u64, shared: &Values, [left, top, width, height]: Cell, side: Option<f32>) -> Self {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        random.set_stream(u64::MAX - 1 - number);
        let values = values(shared, &mut random);
        let pose = POSE_SPREAD.map(|[spread, limit]| {
            let drawn: f32 = StandardNormal.sample(&mut random);
            (spread * drawn).clamp(-limit, limit)
        });
        let subject = Subject::new(values, pose.map(f32::to_radians), BODY_FOLLOWS);
        let projected = subject.landmarks();
        // A head's eyes are apart and above its mouth at every pose that is drawn.
        let own_half = Crop::from_landmarks(&projected).map_or(150.0, |crop| crop.half_side);
        let largest = width.min(height) / HEAD_ACROSS;
        let drawn = largest * (SMALLEST + (1.0 - SMALLEST) * share(&mut random));
        let scale = side.map_or(drawn, |side| (side / (2.0 * own_half)).min(largest));
        let radius = scale * HEAD_ACROSS / 2.0;
        let mut within = |from: f32, length: f32| from + radius + (length - 2.0 * radius).max(0.0) * share(&mut random);
        let middle = [within(left, width), within(top, height)];
        let own_middle = subject.camera.project(subject.turn.apply(MIDDLE));
        Self {
            grids: subject.grids(true),
            landmarks: projected.map(|p| std::array::from_fn(|i| middle[i] + scale * (p[i] - own_middle[i]))),
            half_side: scale * own_half,
            pose: Pose::from_array_deg(pose),
            subject,
            scale,
            own_middle,
            middle,
        }
    }

    /// Draws this person over the light of rows `top..` of a photograph that is `width` pixels wide.
    fn draw(&self, light: &mut [V3], width: usize, top: usize) {
        let rows = light.len() / width;
        let [aside, up] = REACH.map(|reach| reach * self.scale);
        let below = ((top + rows) as f32 - self.middle[1]).max(0.0);
        let aside = aside + LEANS * below;
        let left = (self.middle[0] - aside).max(0.0) as usize;
        let right = ((self.middle[0] + aside).max(0.0).ceil() as usize).min(width);
        if self.middle[1] - up >= (top + rows) as f32 || left >= right {
            return;
        }
        let across = right - left;
        let half = across as f32 / 2.0;
        let corner = [left as f32, top as f32];
        let centre = std::array::from_fn(|i| self.own_middle[i] + (corner[i] + half - self.middle[i]) / self.scale);
        let square = Crop::level(centre, half / self.scale);
        let mut raster = Raster::new(self.subject.camera, square, [across as u32, rows as u32]);
        let lenses = self.subject.draw(&self.grids, &mut raster);
        let behind = |x: usize, y: usize| light[y * width + left + x];
        let seen = Scene::of(&self.subject).light_of(&raster, &lenses, behind);
        for (row, seen) in seen.chunks_exact(across).enumerate() {
            light[row * width + left..][..across].copy_from_slice(seen);
        }
    }
}

/// A person's own numbers; light, camera and place are those that all share.
fn values(shared: &Values, random: &mut ChaCha8Rng) -> Values {
    let mut own = Values::default();
    for part in [Part::Identity, Part::Style, Part::Expression] {
        own.draw(part, random);
    }
    let class = Expression::ALL[((Expression::ALL.len() as f32 * share(random)) as usize).min(7)];
    own.express(class, 0.6 + 0.4 * share(random));
    Values {
        light_from_right: shared.light_from_right,
        light_from_above: shared.light_from_above,
        light_hardness: shared.light_hardness,
        light_warmth: shared.light_warmth,
        camera_near: shared.camera_near,
        ..own
    }
}

/// Everything that the camera sees.
struct Picture<'a> {
    values: &'a Values,
    backdrop: OutOfFocus,
    things: Things,
    people: &'a [Person],
}

impl Picture<'_> {
    fn take(&self, [width, height]: [usize; 2]) -> RgbImage {
        let rows = (STRIP / width).clamp(32, 256);
        let mut picture = RgbImage::new(width as u32, height as u32);
        let bytes: &mut [u8] = &mut picture;
        bytes.par_chunks_mut(3 * width * rows).enumerate().for_each(|(strip, pixels)| {
            pixels.copy_from_slice(&self.strip([width, height], strip * rows, ((strip + 1) * rows).min(height)));
        });
        picture
    }

    /// The pixels of rows `from..to`.
    fn strip(&self, [width, height]: [usize; 2], from: usize, to: usize) -> Vec<u8> {
        // One row more on both sides, since the blur mixes neighbours.
        let (top, bottom) = (from.saturating_sub(1), (to + 1).min(height));
        let mut light = Vec::with_capacity(width * (bottom - top));
        for y in top..bottom {
            for x in 0..width {
                let place = [x as f32 + 0.5, y as f32 + 0.5];
                light.push(self.things.before(self.backdrop.at(place), place));
            }
        }
        for person in self.people {
            person.draw(&mut light, width, top);
        }
        blur(&mut light, [width, bottom - top], self.values.blur.powi(2));
        let mut pixels = Vec::with_capacity(3 * width * (to - from));
        for y in from..to {
            for x in 0..width {
                pixels.extend(develop(self.values, light[(y - top) * width + x], x as u32, y as u32));
            }
        }
        pixels
    }
}
