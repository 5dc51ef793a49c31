//! Eyes and brows: curves in the head's own coordinates. Of each pair the first is on the image's left.

use super::factors::Values;
use super::math::{bell, lerp, step};

/// One eye: its lids and where it looks.
#[derive(Clone, Copy, Debug)]
pub struct Eye {
    /// -1 on the image's left, 1 on its right.
    pub side: f32,
    pub half_width: f32,
    tilt: f32,
    upper: f32,
    lower: f32,
    /// Middle of the iris, from the eye's middle.
    pub gaze: [f32; 2],
}

pub const IRIS: f32 = 0.098;

impl Eye {
    pub fn pair(v: &Values) -> [Self; 2] {
        let size = 1.0 + 0.07 * v.eye_size;
        let open = (1.0 + 0.5 * v.lids_wide - 0.35 * v.lids_tight).clamp(0.3, 1.7);
        [-1.0, 1.0].map(|side| Self {
            side,
            half_width: 0.235 * size,
            tilt: 0.05 + 0.05 * v.eye_tilt,
            upper: 0.108 * size * open,
            lower: 0.066 * size * (1.0 + 0.15 * v.lids_wide - 0.45 * v.lids_tight - 0.25 * v.smile.max(0.0)),
            gaze: [0.085 * v.gaze_x.clamp(-1.0, 1.0), 0.012 + 0.035 * v.gaze_y.clamp(-1.0, 1.0)],
        })
    }

    /// A place seen from the eye: outwards (-1 to 1 between its corners), and up over the line between the corners.
    pub fn seen(&self, x: f32, y: f32) -> [f32; 2] {
        let out = (x - 0.5 * self.side) * self.side;
        [out / self.half_width, y - self.tilt * out / self.half_width * 0.235 * 2.0]
    }

    /// The place of a point that [`Eye::seen`] would see there.
    pub fn place(&self, u: f32, up: f32) -> [f32; 2] {
        let out = u * self.half_width;
        [self.side * (0.5 + out), up + self.tilt * u * 0.235 * 2.0]
    }

    /// Height of the upper lid, of the lower one (negative).
    pub fn lids(&self, u: f32) -> [f32; 2] {
        // To the power of three quarters: rounder than a parabola, sharper at the corners than an ellipse.
        let arch = (1.0 - u * u).max(0.0);
        let arch = (arch * arch.sqrt()).sqrt();
        [self.upper * arch * (1.0 - 0.16 * u), -self.lower * arch * (1.0 + 0.22 * u)]
    }
}

/// One brow: a curve from the nose outwards.
#[derive(Clone, Copy, Debug)]
pub struct Brow {
    side: f32,
    inner: f32,
    points: [f32; 4],
    thickness: f32,
}

/// Length of a brow across.
const BROW_LENGTH: f32 = 0.68;

impl Brow {
    pub fn pair(v: &Values) -> [Self; 2] {
        let base = 0.30 + 0.03 * v.brow_height - 0.10 * v.brow_lower - 0.03 * v.nose_wrinkle;
        let arch = 0.075 + 0.03 * v.brow_arch;
        [-1.0, 1.0].map(|side| Self {
            side,
            inner: 0.19 - 0.06 * v.brow_lower,
            points: [
                base + 0.17 * v.brow_inner - 0.09 * v.brow_lower,
                base + arch * 0.75 + 0.11 * v.brow_inner + 0.08 * v.brow_outer,
                base + arch + 0.15 * v.brow_outer + 0.04 * v.brow_lower,
                base - 0.02 + 0.10 * v.brow_outer + 0.02 * v.brow_lower - 0.02 * v.brow_inner,
            ],
            thickness: 0.050 * (1.0 + 0.22 * v.brow_thickness),
        })
    }

    /// Middle of the brow, `t` from 0 at the nose to 1 at the temple.
    pub fn place(&self, t: f32) -> [f32; 2] {
        let at = t * 3.0;
        let i = (at as usize).min(2);
        let p = |k: isize| self.points[(i as isize + k).clamp(0, 3) as usize];
        let u = at - i as f32;
        // Through the points, smooth where they meet.
        let (m, n) = ((p(1) - p(-1)) / 2.0, (p(2) - p(0)) / 2.0);
        let (u2, u3) = (u * u, u * u * u);
        let y =
            p(0) * (2.0 * u3 - 3.0 * u2 + 1.0) + m * (u3 - 2.0 * u2 + u) + p(1) * (3.0 * u2 - 2.0 * u3) + n * (u3 - u2);
        [self.side * (self.inner + BROW_LENGTH * t), y]
    }

    /// How much hair of the brow is at a place, 0 to 1.
    pub fn hair(&self, x: f32, y: f32) -> f32 {
        let t = (x * self.side - self.inner) / BROW_LENGTH;
        if !(-0.08..=1.08).contains(&t) || !(0.0..0.75).contains(&y) {
            return 0.0;
        }
        let middle = self.place(t.clamp(0.0, 1.0))[1];
        let half = self.thickness * lerp(1.0, 0.35, step(0.35, 1.0, t));
        let ends = step(-0.08, 0.06, t) * step(1.06, 0.85, t);
        bell(y - middle, half) * ends
    }
}
