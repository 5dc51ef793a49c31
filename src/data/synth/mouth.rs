//! The mouth: four curves from corner to corner. Across, `u` runs from -1 at the corner on the image's left to 1.

use super::factors::Values;
use super::math::{bell, lerp, step};

/// The curves of a mouth, in the head's own coordinates.
#[derive(Clone, Debug)]
pub struct Mouth {
    /// Height of the corners' middle at rest.
    pub y: f32,
    pub half_width: f32,
    /// How far each corner is raised, on the image's left and right.
    lift: [f32; 2],
    /// How far the lips are apart, above and below the line between the corners.
    apart: [f32; 2],
    /// Thickness of the lips.
    lips: [f32; 2],
    /// How far up the middle of the upper lip is drawn.
    sneer: f32,
}

impl Mouth {
    pub fn new(v: &Values) -> Self {
        let press = 1.0 - 0.5 * v.lips_press.min(1.0);
        let corners = 0.17 * v.smile - 0.12 * v.corners_down - 0.03 * v.mouth_stretch;
        let thin = 1.0 - 0.15 * v.smile.max(0.0) - 0.15 * v.mouth_stretch;
        Self {
            y: -1.07 - 0.03 * v.mouth_height - 0.13 * v.jaw_drop + 0.02 * v.nose_wrinkle,
            half_width: 0.43 + 0.025 * v.mouth_width + 0.11 * v.smile + 0.08 * v.mouth_stretch
                - 0.08 * v.jaw_drop * (1.0 - v.mouth_stretch.min(1.0))
                + 0.03 * v.one_sided,
            lift: [corners - 0.01 * v.one_sided, corners + 0.18 * v.one_sided],
            apart: [
                0.045 * v.jaw_drop + 0.055 * v.lip_raise,
                0.30 * v.jaw_drop + 0.03 * v.smile.max(0.0) + 0.05 * v.mouth_stretch + 0.03 * v.lip_raise,
            ],
            lips: [
                (0.100 + 0.018 * v.upper_lip) * press * thin,
                (0.122 + 0.020 * v.lower_lip) * press * (1.0 - 0.1 * v.mouth_stretch),
            ],
            sneer: 0.05 * v.lip_raise,
        }
    }

    /// The place across of an x.
    pub fn across(&self, x: f32) -> f32 {
        x / self.half_width
    }

    /// The line on which closed lips meet.
    fn line(&self, u: f32) -> f32 {
        let lift = self.lift[usize::from(u > 0.0)];
        let middle = 0.35 * (self.lift[0] + self.lift[1]) / 2.0;
        self.y + lift * u * u - middle - 0.012 * bell(u, 0.3)
    }

    pub fn upper_in(&self, u: f32) -> f32 {
        self.line(u) + self.apart[0] * round(u) + self.sneer * round(u)
    }

    pub fn upper_out(&self, u: f32) -> f32 {
        let bow = 1.0 + 0.28 * bell(u.abs() - 0.24, 0.17) - 0.20 * bell(u, 0.12);
        self.upper_in(u) + self.lips[0] * bow * lerp(round(u), 1.0 - u.abs(), 0.55)
    }

    pub fn lower_in(&self, u: f32) -> f32 {
        self.line(u) - self.apart[1] * round(u) - 0.004
    }

    pub fn lower_out(&self, u: f32) -> f32 {
        self.lower_in(u) - self.lips[1] * lerp(round(u), 1.0 - u * u, 0.6)
    }

    /// The lips stand out, most along their middle.
    pub fn relief(&self, x: f32, y: f32) -> f32 {
        let u = self.across(x);
        if u.abs() >= 1.0 || (y - self.y).abs() > 0.7 {
            return 0.0;
        }
        let [upper_out, upper_in, lower_in, lower_out] =
            [self.upper_out(u), self.upper_in(u), self.lower_in(u), self.lower_out(u)];
        let ends = step(1.0, 0.6, u.abs());
        let upper = 0.055 * bell(y - lerp(upper_in, upper_out, 0.4), 0.7 * (upper_out - upper_in).max(0.02));
        let lower = 0.075 * bell(y - lerp(lower_in, lower_out, 0.4), 0.7 * (lower_in - lower_out).max(0.02));
        let between = -0.03 * step(upper_in + 0.02, upper_in, y) * step(lower_in - 0.02, lower_in, y);
        ends * (upper + lower + between)
    }
}

/// 1 in the middle, 0 at both ends, steep there.
fn round(u: f32) -> f32 {
    (1.0 - u * u).max(0.0).sqrt()
}
