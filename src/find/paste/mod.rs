//! An edited face back into its photograph: not the decoded pixels, but what the edit changed in them, so that skin,
//! freckles and hair stay the photograph's own. May use `face` and `data`.
//!
//! `motion` finds where everything went between the two decoded faces, `mask` says what may change, `layer` makes both
//! into what happens at each place of the crop, `blend` does it to the photograph's pixels; `plane` is what they
//! compute on.

mod blend;
mod layer;
mod mask;
mod motion;
mod plane;

pub use motion::{Motion, motion};

use layer::Layer;
use mask::Outline;
use plane::Plane;

use crate::data::image::RgbImage;
use crate::face::{CROP_SIDE, Crop, Landmarks, PasteMode, PasteOptions};

/// An edit of one face in a photograph.
#[derive(Clone, Copy, Debug)]
pub struct Change<'a> {
    /// The face's crop in the photograph.
    pub square: &'a Crop,
    /// The face decoded before the edit and after it, 128 x 128 pixels.
    pub own: &'a RgbImage,
    pub edited: &'a RgbImage,
    /// Of the face before the edit, in pixels of the photograph; the mask follows them.
    pub landmarks: Option<&'a Landmarks>,
}

/// A change whose motion is known, so that strength and size of the mask can be chosen again and again.
#[derive(Clone, Debug)]
pub struct Prepared {
    square: Crop,
    own: Plane<3>,
    edited: Plane<3>,
    motion: Motion,
    outline: Outline,
}

/// The photograph with the face edited in it, of the photograph's own size. No pixel outside the mask changes, and
/// none at all where `own` and `edited` are the same picture or the strength is 0.
///
/// # Panics
/// As [`prepare`].
pub fn paste(photo: &RgbImage, change: &Change, options: &PasteOptions) -> RgbImage {
    prepare(change).apply(photo, options)
}

/// Finds the motion of a change, which is most of the work for all but large faces.
///
/// # Panics
/// Where a decoded face has not 128 x 128 pixels.
pub fn prepare(change: &Change) -> Prepared {
    let faces = [change.own, change.edited];
    assert!(faces.iter().all(|face| face.dimensions() == (CROP_SIDE, CROP_SIDE)), "decoded faces have one size");
    let [own, edited] = faces.map(Plane::<3>::of);
    let motion = motion::between(&own, &edited);
    let points = change.landmarks.map(|points| points.map(|point| change.square.crop_from_photo(point)));
    let outline = Outline::of(points.as_ref(), &motion);
    Prepared { square: *change.square, own, edited, motion, outline }
}

impl Prepared {
    /// The photograph with the face edited in it, as [`paste`] gives it. A square that lies nowhere and options that
    /// [`PasteOptions::checked`] refuses change nothing.
    pub fn apply(&self, photo: &RgbImage, options: &PasteOptions) -> RgbImage {
        let asked = options.checked().is_ok_and(|options| options.strength > 0.0);
        if !asked || self.own == self.edited || !self.lies_somewhere() {
            return photo.clone();
        }
        let mask = self.outline.mask(options.mask);
        let layer = match options.mode {
            PasteMode::Change => Layer::change(&self.own, &self.edited, &self.motion, &mask),
            PasteMode::Generated => Layer::generated(&self.edited),
        };
        blend::blend(photo, &self.square, &layer.fitted(&self.square), &mask, options.strength)
    }

    /// How much of the change a point of the photograph takes, in its pixels: from 0, outside the mask, to the
    /// strength.
    pub fn weight_at(&self, point: [f32; 2], options: &PasteOptions) -> f32 {
        options.strength * self.outline.mask(options.mask).weight(self.square.crop_from_photo(point))
    }

    fn lies_somewhere(&self) -> bool {
        let Crop { centre: [x, y], half_side, x_axis: [right, down] } = self.square;
        [x, y, half_side, right, down].iter().all(|v| v.is_finite()) && half_side > 0.0
    }
}
