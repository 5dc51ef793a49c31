//! From a decoded picture to the crop that the networks see, for terminal and window alike.

use image::RgbImage;

use crate::data::image as picture;
use crate::face::crop::{CROP_SIDE, Crop};

/// Left eye, right eye (of the image) and mouth, in pixels of the photograph.
pub type Points = [[f32; 2]; 3];

/// How a picture becomes a crop.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Placement {
    /// A square of 128, 144 or 168 pixels is a crop; anything else needs points.
    #[default]
    BySize,
    /// The picture is a crop, whatever its size.
    Aligned,
    Points(Points),
    /// A square that was placed before.
    Square(Crop),
}

/// The square of a face and what it shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Cropped {
    /// Where the square lies in the photograph.
    pub square: Crop,
    /// 128 x 128.
    pub picture: RgbImage,
}

/// Cuts the face out of a picture; none where the picture needs points for that.
///
/// # Errors
/// Points outside the picture, or ones that give no crop; a sentence without a path.
pub fn cropped(photo: &RgbImage, placement: Placement) -> Result<Option<Cropped>, String> {
    let (width, height) = photo.dimensions();
    let middle = [width as f32 / 2.0, height as f32 / 2.0];
    let stored = |picture| Cropped { square: Crop::level(middle, CROP_SIDE as f32 / 2.0), picture };
    match placement {
        Placement::Points(points) => at_points(photo, points).map(Some),
        Placement::Square(square) => Ok(Some(cut(photo, square))),
        Placement::BySize => Ok(picture::centre_crop_of_square(photo).map(stored)),
        Placement::Aligned if picture::is_stored_crop((width, height)) => {
            Ok(picture::centre_crop_of_square(photo).map(stored))
        }
        Placement::Aligned => {
            let square = Crop::level(middle, width.min(height) as f32 / 2.0);
            Ok(Some(Cropped { square, picture: picture::as_aligned(photo) }))
        }
    }
}

fn at_points(photo: &RgbImage, points: Points) -> Result<Cropped, String> {
    let (width, height) = photo.dimensions();
    for [x, y] in points {
        if !(0.0..=width as f32).contains(&x) || !(0.0..=height as f32).contains(&y) {
            return Err(format!("The point {x},{y} lies outside the picture of {width} x {height}; give one inside"));
        }
    }
    let [left_eye, right_eye, mouth] = points;
    let square = Crop::from_points(left_eye, right_eye, mouth).map_err(|e| e.to_string())?;
    Ok(cut(photo, square))
}

fn cut(photo: &RgbImage, square: Crop) -> Cropped {
    Cropped { square, picture: picture::crop(photo, &square, CROP_SIDE) }
}
