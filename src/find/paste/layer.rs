//! What an edit does at each place of the crop, at the 128 pixels that it was made at. Knows no photographs.

use super::mask::Mask;
use super::motion::Motion;
use super::plane::Plane;
use crate::face::{CROP_SIDE, Crop};

/// How far the motion goes at most, over the way to the mask's edge: there it has to end, without folding over what it
/// pushes before it.
const LONGEST_MOTION: f32 = 0.6;
/// Detail is what a blur so wide takes away; it is compared over a neighbourhood so wide. Standard deviations, in
/// crop pixels.
const DETAIL: f32 = 4.0;
const COMPARED: f32 = 2.0;
/// Variance of detail that says nothing yet, in squared levels of 0..255.
const NO_DETAIL: f32 = 60.0;
/// Shares of the detail that differ: so much is a motion that was not met exactly; so much more is all new.
const MISSED: f32 = 0.4;
const ALL_NEW: f32 = 0.5;
/// How much of the photograph's own pixels gives way where all is new.
const GIVES_WAY: f32 = 0.85;
/// How softly it does, as a standard deviation in crop pixels.
const NEW_SOFTNESS: f32 = 1.5;
/// Blur before a crop is shrunk, over the square root of the squared factor less 1, and the widest, in crop pixels.
const SHRINKING_BLUR: f32 = 0.45;
const WIDEST_BLUR: f32 = 16.0;

/// A pixel of the photograph becomes `moved * (1 - weight * novelty) + weight * colour`, where `weight` is the mask's
/// and `moved` the photograph's colour at the pixel's place + `weight * motion`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Touch {
    /// Where the texture comes from, right and down, in crop pixels.
    pub motion: [f32; 2],
    /// How much of the photograph's own pixels gives way, 0 to 1.
    pub novelty: f32,
    /// What is added, in levels of 0..255 to both sides of 0.
    pub colour: [f32; 3],
}

/// The [`Touch`] of each place.
pub(super) struct Layer(Plane<6>);

impl Layer {
    /// What changes from one decoded face to the other: the photograph's texture goes where the motion takes it, and
    /// the colour difference that the motion leaves is added. What was never seen before, as in a mouth that opens,
    /// replaces the texture there.
    pub(super) fn change(own: &Plane<3>, edited: &Plane<3>, motion: &Motion, mask: &Mask) -> Self {
        let side = own.side();
        let middle = |i: usize| i as f32 + 0.5;
        let motion = Plane::from_fn(side, |x, y| {
            let [right, down] = motion.at(x, y);
            let room = LONGEST_MOTION * mask.depth([middle(x), middle(y)]).max(0.0);
            let length = right.hypot(down);
            let share = if length > room { room / length } else { 1.0 };
            [share * right, share * down]
        });
        let moved = Plane::from_fn(side, |x, y| {
            let [right, down] = motion.at(x, y);
            own.cubic([middle(x) + right, middle(y) + down])
        });
        let novelty = novelty(&moved, edited);
        Self(Plane::from_fn(side, |x, y| {
            let ([right, down], [novelty]) = (motion.at(x, y), novelty.at(x, y));
            let (before, after) = (moved.at(x, y), edited.at(x, y));
            let [red, green, blue] = std::array::from_fn(|i| after[i] - (1.0 - novelty) * before[i]);
            [right, down, novelty, red, green, blue]
        }))
    }

    /// The decoded face in place of the photograph's.
    pub(super) fn generated(edited: &Plane<3>) -> Self {
        Self(edited.map(|[red, green, blue]| [0.0, 0.0, 1.0, red, green, blue]))
    }

    /// The same, without what a square smaller than the crop has no pixels for.
    pub(super) fn fitted(self, square: &Crop) -> Self {
        let factor = CROP_SIDE as f32 / (2.0 * square.half_side);
        let sigma = SHRINKING_BLUR * (factor * factor - 1.0).max(0.0).sqrt();
        // A narrower one would do nothing.
        if sigma > 0.3 { Self(self.0.blurred(sigma.min(WIDEST_BLUR))) } else { self }
    }

    /// At a place in crop pixels.
    pub(super) fn at(&self, place: [f32; 2]) -> Touch {
        let [right, down, novelty, colour @ ..] = self.0.cubic(place);
        Touch { motion: [right, down], novelty: novelty.clamp(0.0, 1.0), colour }
    }
}

/// Where the edited face shows detail that the moved one does not have, or the other way round: 0 to [`GIVES_WAY`].
/// Light and colour that change are no detail.
fn novelty(moved: &Plane<3>, edited: &Plane<3>) -> Plane<1> {
    let detail = |picture: &Plane<3>| {
        let light = picture.light();
        light.with(&light.blurred(DETAIL), |[v], [mean]| [v - mean])
    };
    let both = detail(moved).with(&detail(edited), |[a], [b]| [(a - b) * (a - b), a * a + b * b]);
    let share =
        |[different, all]: [f32; 2]| [GIVES_WAY * ((different / (all + NO_DETAIL) - MISSED) / ALL_NEW).clamp(0.0, 1.0)];
    both.blurred(COMPARED).map(share).blurred(NEW_SOFTNESS)
}
