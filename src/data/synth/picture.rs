//! A subject to the stored crop: its surfaces into a depth buffer, one look at every fine pixel, and then what a camera
//! makes of that light.

use image::RgbImage;

use super::backdrop::Backdrop;
use super::factors::Values;
use super::glasses::Glasses;
use super::hair::Hair;
use super::light::{Light, Surface};
use super::math::{Rotation, V3, add, hsv, lerp, mix, noise, scale, speckle, step, unit};
use super::raster::{FINE, Fragment, Kind, MARGIN, Raster, STORED_SIDE};
use super::skin::Face;
use super::subject::Subject;
use crate::face::{CROP_SIDE, Crop};

/// How far neck and shoulders follow the head: yaw, pitch, roll.
const BODY_FOLLOWS: [f32; 3] = [0.35, 0.25, 0.3];

/// A drawn face with the truth about it.
pub struct Drawn {
    /// 168 x 168 pixels.
    pub picture: RgbImage,
    /// Yaw, pitch and roll in degrees, as the picture shows them: the crop has taken its turn out of the roll.
    pub pose_deg: [f32; 3],
    /// In pixels of the picture.
    pub landmarks: [[f32; 2]; 68],
}

impl Drawn {
    /// Whether every landmark lies within the picture.
    pub fn is_whole(&self) -> bool {
        let inside = 0.5..STORED_SIDE as f32 - 0.5;
        self.landmarks.as_flattened().iter().all(|c| inside.contains(c))
    }
}

/// Draws a face; `pose` is yaw, pitch and roll of the head before the camera, in radians.
pub fn draw(values: &Values, pose: [f32; 3]) -> Drawn {
    let subject = Subject::new(values.clone(), pose, BODY_FOLLOWS);
    let projected = subject.landmarks();
    // A head's eyes are apart and above its mouth at every pose that is drawn.
    let crop = Crop::from_landmarks(&projected).unwrap_or(Crop::level([0.0; 2], 150.0));
    let square = crop.widened(MARGIN);
    let to_stored = STORED_SIDE as f32 / CROP_SIDE as f32;
    let [yaw, pitch, roll] = pose.map(f32::to_degrees);

    let mut raster = Raster::new(subject.camera, square, [STORED_SIDE; 2]);
    let lenses = subject.draw(&subject.grids(false), &mut raster);
    let backdrop = Backdrop::new(values);
    let behind = |x: usize, y: usize| {
        let place = [x, y].map(|c| (c as f32 + 0.5) / STORED_SIDE as f32);
        backdrop.at(place[0], place[1])
    };
    let mut light = Scene::of(&subject).light_of(&raster, &lenses, behind);
    let side = STORED_SIDE as usize;
    blur(&mut light, [side; 2], values.blur.powi(2));
    Drawn {
        picture: RgbImage::from_fn(STORED_SIDE, STORED_SIDE, |x, y| {
            image::Rgb(develop(values, light[y as usize * side + x as usize], x, y))
        }),
        pose_deg: [yaw, pitch, roll - crop.roll_deg()],
        landmarks: projected.map(|p| square.crop_from_photo(p).map(|c| c * to_stored)),
    }
}

/// Everything of a person that a pixel may show.
pub struct Scene<'a> {
    values: &'a Values,
    face: Face<'a>,
    light: &'a Light,
    hair: Option<&'a Hair>,
    glasses: Option<&'a Glasses>,
    turn: Rotation,
    body_turn: Rotation,
}

impl<'a> Scene<'a> {
    pub fn of(subject: &'a Subject) -> Self {
        let Subject { values, head, eyes, brows, light, turn, .. } = subject;
        let hair = subject.hair.as_ref();
        Self {
            values,
            face: Face::new(values, head, eyes, brows, hair, turn.undo(light.to_lamp)),
            light,
            hair,
            glasses: subject.glasses.as_ref(),
            turn: *turn,
            body_turn: subject.body_turn,
        }
    }

    /// The light that reaches each pixel of a raster, row by row; `behind` is asked for the light beside the person,
    /// by column and row.
    pub fn light_of(
        &self,
        raster: &Raster,
        lenses: &[Option<[f32; 2]>],
        behind: impl Fn(usize, usize) -> V3,
    ) -> Vec<V3> {
        let (fine, across) = (FINE as usize, raster.size[0]);
        let [width, height] = raster.size.map(|side| side / fine);
        let fragments = &raster.fragments;
        let mut light = Vec::with_capacity(width * height);
        for pixel in 0..width * height {
            let (x, y) = (pixel % width, pixel / width);
            // The same for all samples of a pixel: it is out of focus anyway.
            let mut beside = None;
            let first = y * fine * across + x * fine;
            let samples = [first, first + across + 1, first + 1, first + across];
            // Within a surface two samples across are enough; edges and glasses take all four.
            let whole = samples.iter().all(|&at| fragments[at].kind == fragments[first].kind);
            let samples = if whole && lenses.is_empty() { &samples[..2] } else { &samples[..] };
            let mut sum = [0.0; 3];
            for &at in samples {
                let mut seen = match fragments[at].kind {
                    Kind::Backdrop => *beside.get_or_insert_with(|| behind(x, y)),
                    _ => self.look(&fragments[at]),
                };
                if let (Some(glasses), Some(Some(tag))) = (self.glasses, lenses.get(at)) {
                    seen = mix(seen, glasses.reflection(*tag), glasses.hides);
                }
                sum = add(sum, seen);
            }
            light.push(scale(sum, 1.0 / samples.len() as f32));
        }
        light
    }

    fn look(&self, fragment: &Fragment) -> V3 {
        let n = unit(fragment.n);
        let surface = match fragment.kind {
            Kind::Skin => self.face.surface(fragment.p, n),
            Kind::Ear => self.ear(fragment, n),
            Kind::Body => self.body(fragment, n),
            Kind::Hair => return self.strands(fragment, n),
            Kind::Frame | Kind::Backdrop => {
                let albedo = self.glasses.map_or([0.0; 3], |glasses| glasses.rim);
                Surface { albedo, n, gloss: 0.25, polish: 20, open: 1.0 }
            }
        };
        let turn = if fragment.kind == Kind::Body { &self.body_turn } else { &self.turn };
        let mut n = turn.apply(surface.n);
        if fragment.kind == Kind::Frame && n[2] < 0.0 {
            n = scale(n, -1.0);
        }
        self.light.shade(&surface, n, fragment.open)
    }

    fn ear(&self, fragment: &Fragment, n: V3) -> Surface {
        let [deep, high] = fragment.tag;
        let hollow = step(0.75, 0.35, (deep * 1.1 - 0.15).hypot(high * 0.9 - 0.02));
        let rim = step(0.62, 0.80, deep.hypot(high));
        let shade = lerp(1.0, 0.45, hollow) * lerp(0.85, 1.0, rim);
        let red = mix([1.0; 3], [1.04, 0.84, 0.82], 0.8);
        let albedo = std::array::from_fn(|c| self.face.skin[c] * shade * red[c]);
        Surface { albedo, n, gloss: 0.05, polish: 12, open: 0.8 }
    }

    fn body(&self, fragment: &Fragment, n: V3) -> Surface {
        let [x, y, z] = fragment.p;
        // The chin and the jaw keep the light from the neck.
        let chin = self.face.head.chin_y;
        let hidden = step(chin - 0.55, chin + 0.15, y + 0.2 * x.abs()) * step(-0.3, 0.2, z);
        let collar = -2.22 + 0.16 * x.abs() - 0.1 * z;
        let cloth = step(collar + 0.015, collar - 0.015, y);
        let v = self.values;
        let fabric = hsv(v.clothes_hue, 0.15 + 0.5 * v.clothes_light, 0.12 + 0.7 * v.clothes_light);
        let weave = scale(fabric, 0.9 + 0.2 * noise(x * 8.0, y * 8.0, 101));
        let albedo = mix(scale(self.face.skin, lerp(0.95, 0.42, hidden)), weave, cloth);
        Surface { albedo, n, gloss: 0.05 * (1.0 - cloth), polish: 10, open: 1.0 }
    }

    fn strands(&self, fragment: &Fragment, n: V3) -> V3 {
        let Some(hair) = self.hair else { return [0.0; 3] };
        let mut n = self.turn.apply(n);
        if n[2] < 0.0 {
            n = scale(n, -1.0);
        }
        let strands = hair.strands(fragment);
        let surface = Surface { albedo: scale(hair.colour, strands), n, gloss: 0.10 * strands, polish: 9, open: 0.9 };
        self.light.shade(&surface, n, 1.0)
    }
}

/// From light to the numbers of a pixel: exposure, contrast, colour, grain.
pub fn develop(v: &Values, light: V3, x: u32, y: u32) -> [u8; 3] {
    let exposed = scale(light, 1.05 * (1.0 + 0.22 * v.exposure));
    let grey = 0.3 * exposed[0] + 0.59 * exposed[1] + 0.11 * exposed[2];
    let saturation = 1.0 + 0.3 * v.saturation;
    let grain = 0.022 * v.grain.powi(2);
    std::array::from_fn(|c| {
        let value = lerp(grey, exposed[c], saturation).max(0.0);
        // Bright light bends towards white instead of breaking off.
        let bent = if value > 0.7 { 0.7 + 0.3 * (1.0 - (-(value - 0.7) / 0.3).exp()) } else { value };
        let tone = (bent.sqrt() - 0.45) * (1.0 + 0.16 * v.contrast) + 0.45;
        let noisy = tone + grain * (2.0 * speckle(x as i32, y as i32, 200 + c as u32) - 1.0) * 1.7;
        (noisy.clamp(0.0, 1.0) * 255.0 + 0.5) as u8
    })
}

/// Mixes every pixel with its neighbours, along rows and then along columns; `share` 0 to 1.
pub fn blur(light: &mut [V3], [width, height]: [usize; 2], share: f32) {
    let (middle, beside) = (1.0 - 0.5 * share, 0.25 * share);
    // Of each way: from one pixel to the next, from one line to the next, pixels of a line, lines.
    for [stride, line, length, lines] in [[1, width, width, height], [width, 1, height, width]] {
        for first in 0..lines {
            let at = |i: usize| first * line + i * stride;
            let mut before = light[at(0)];
            for i in 0..length {
                let own = light[at(i)];
                let after = light[at((i + 1).min(length - 1))];
                light[at(i)] = std::array::from_fn(|c| middle * own[c] + beside * (before[c] + after[c]));
                before = own;
            }
        }
    }
}
