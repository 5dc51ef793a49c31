//! Whether an edited face goes back into its photograph, and how.

use clap::Args;
use image::RgbImage;

use super::context::Stop;
use super::opened::Face;
use crate::face::paste::{PasteMode, PasteOptions};
use crate::find::paste::{Change, paste};

#[derive(Args)]
pub struct PutBack {
    /// Write the face alone, 128 pixels wide, and not the whole photograph
    #[arg(long = "crop")]
    alone: bool,
    /// Size of the area that may change in the photograph, from 0.5 to 1.5 times that of the face
    #[arg(long, value_name = "SIZE", default_value_t = 1.0, allow_hyphen_values = true, conflicts_with = "alone")]
    mask: f32,
    /// Put the generated pixels into the photograph, instead of changing its own
    #[arg(long, conflicts_with = "alone")]
    generated: bool,
}

impl PutBack {
    /// How faces go back, with this share of the change; none where they are written alone.
    pub fn options(&self, strength: f32) -> Result<Option<PasteOptions>, Stop> {
        let mode = if self.generated { PasteMode::Generated } else { PasteMode::Change };
        let options = PasteOptions { mode, strength, mask: self.mask }.checked();
        let options = options.map_err(|e| Stop::Usage(e.to_string()))?;
        Ok((!self.alone).then_some(options))
    }
}

/// The photograph with the face changed as its decoded picture is, from `own` to `edited`.
pub fn put_back(photo: &RgbImage, face: &Face, [own, edited]: [&RgbImage; 2], options: &PasteOptions) -> RgbImage {
    let landmarks = face.cropped.found.as_ref().map(|found| &*found.landmarks);
    paste(photo, &Change { square: &face.cropped.square, own, edited, landmarks }, options)
}
