//! The part of a crop that may change: a rounded box around the face, before and after the edit, with a soft edge that
//! ends before the crop does. Knows no pixels.

use super::motion::Motion;
use crate::face::{CROP_SIDE, Landmarks};

const SIDE: f32 = CROP_SIDE as f32;
/// What the mask keeps away from the crop's border, in crop pixels.
const BORDER: f32 = 2.0;
/// Width of the soft edge, and of the one along the crop's border, in crop pixels.
const FEATHER: f32 = 12.0;
const BORDER_FEATHER: f32 = 8.4;
/// What a face has around its outermost points, in crop pixels: to the sides, below the chin.
const BESIDE: f32 = 9.0;
const BELOW: f32 = 8.0;
/// How much higher a face is than its points, which end at the brows, over their height.
const FOREHEAD: f32 = 0.42;

/// The box of a face in its crop, left, top, right and bottom in crop pixels; it may reach beyond the crop.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Outline([f32; 4]);

impl Outline {
    /// Of a face of which no points are known.
    const USUAL: Self = Self([4.0, -16.0, 124.0, 127.0]);

    /// Of a face with these points before the edit, in crop pixels, and where the motion takes them.
    pub(super) fn of(points: Option<&Landmarks>, motion: &Motion) -> Self {
        let known = points.filter(|points| points.as_flattened().iter().all(|v| v.is_finite()));
        let Some(points) = known else { return Self::USUAL };
        let ends = |axis: usize| {
            let places = points.iter().flat_map(|&point| [point[axis], point[axis] - motion.near(point)[axis]]);
            places.fold([f32::INFINITY, f32::NEG_INFINITY], |[low, high], v| [low.min(v), high.max(v)])
        };
        let ([left, right], [top, bottom]) = (ends(0), ends(1));
        // However wrong the points are, the mask has the middle of the crop in it.
        Self([
            (left - BESIDE).clamp(0.0, 40.0),
            (top - FOREHEAD * (bottom - top)).clamp(-24.0, 8.0),
            (right + BESIDE).clamp(88.0, 128.0),
            (bottom + BELOW).clamp(100.0, 130.0),
        ])
    }

    /// The mask around it, `size` times as large.
    pub(super) fn mask(&self, size: f32) -> Mask {
        let [left, top, right, bottom] = self.0;
        Mask {
            centre: [(left + right) / 2.0, (top + bottom) / 2.0],
            reach: [(right - left) / 2.0 * size, (bottom - top) / 2.0 * size],
            feather: FEATHER * size.min(1.0),
        }
    }
}

/// How much of the change each place of a crop takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Mask {
    /// In crop pixels, as is all of it.
    centre: [f32; 2],
    reach: [f32; 2],
    feather: f32,
}

impl Mask {
    /// The smallest box in the crop that holds the mask: left, top, right, bottom.
    pub(super) fn bounds(&self) -> [f32; 4] {
        let end = |axis: usize, sign: f32| (self.centre[axis] + sign * self.reach[axis]).clamp(BORDER, SIDE - BORDER);
        [end(0, -1.0), end(1, -1.0), end(0, 1.0), end(1, 1.0)]
    }

    /// How far inside a place lies; 0 or less outside.
    pub(super) fn depth(&self, place: [f32; 2]) -> f32 {
        let [from_edge, from_border] = self.depths(place);
        from_edge.min(from_border)
    }

    /// From 0, outside, to 1.
    pub(super) fn weight(&self, place: [f32; 2]) -> f32 {
        let [from_edge, from_border] = self.depths(place);
        if from_edge <= 0.0 || from_border <= 0.0 {
            return 0.0;
        }
        smooth(from_edge / self.feather) * smooth(from_border / BORDER_FEATHER)
    }

    /// How far inside the rounded box, and how far from what is kept away from the crop's border.
    fn depths(&self, [x, y]: [f32; 2]) -> [f32; 2] {
        let across = (x - self.centre[0]).abs() / self.reach[0];
        let down = (y - self.centre[1]).abs() / self.reach[1];
        let from_border = x.min(y).min(SIDE - x).min(SIDE - y) - BORDER;
        // An ellipse with the exponent 3 is a box with round corners.
        let round = (across * across * across + down * down * down).cbrt();
        [(1.0 - round) * self.reach[0].min(self.reach[1]), from_border]
    }
}

/// From 0 to 1 with no corner in slope or curvature.
fn smooth(t: f32) -> f32 {
    let t = t.clamp(0.0, 1.0);
    t * t * t * (t * (6.0 * t - 15.0) + 10.0)
}
