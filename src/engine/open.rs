//! From a decoded picture to the crop that the networks see, for terminal and window alike.

use image::RgbImage;

use super::search::Search;
use crate::data::image as picture;
use crate::face::Found;
use crate::face::crop::{CROP_SIDE, Crop};
use crate::gallery::Look;

/// Left eye, right eye (of the image) and mouth, in pixels of the photograph.
pub type Points = [[f32; 2]; 3];

/// How a picture becomes a crop.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Placement {
    /// A square of 128, 144 or 168 pixels is a crop; anything else is a photograph, of which the largest face is taken.
    #[default]
    BySize,
    /// As by size, but of a photograph this face, counted from 0 in the finder's order (largest first).
    Found(usize),
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
    /// The face as the finder sees it there; none in a stored crop, and where the finder sees none.
    pub found: Option<Found>,
}

/// What a picture shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Sight {
    /// Every face of a photograph, largest first. Looked for with [`Placement::BySize`] and [`Placement::Found`] alone.
    pub faces: Vec<Found>,
    /// None for a photograph without the face that was asked for.
    pub cropped: Option<Cropped>,
    /// Whether it is a photograph, into which a face can be put back; else it is the crop of a face.
    pub is_photo: bool,
}

/// Cuts the face out of a picture; none where it shows none.
///
/// # Errors
/// Points outside the picture, or ones that give no crop; a finder that fails; a sentence without a path.
pub fn cropped(photo: &RgbImage, placement: Placement) -> Result<Option<Cropped>, String> {
    Ok(sight(photo, placement, &|| false)?.cropped)
}

/// Cuts the face out of a picture and tells what else is seen there. Pictures of the size of stored crops, and those
/// that are called aligned, are not searched. A search ends early, with an error, where `stop` says true.
///
/// # Errors
/// As [`cropped`].
pub fn sight(photo: &RgbImage, placement: Placement, stop: &dyn Fn() -> bool) -> Result<Sight, String> {
    sight_by(&Search::Bundled, photo, placement, stop)
}

/// [`sight`] by another finder.
pub(super) fn sight_by(
    search: &Search,
    photo: &RgbImage,
    placement: Placement,
    stop: &dyn Fn() -> bool,
) -> Result<Sight, String> {
    let (width, height) = photo.dimensions();
    let middle = middle_of(photo);
    let stored = stored(photo);
    let is_photo = stored.is_none() && placement != Placement::Aligned;
    let alone = |cropped| Sight { faces: Vec::new(), cropped: Some(cropped), is_photo };
    match (placement, stored) {
        (Placement::Points(points), _) => Ok(alone(by_hand(search, photo, at_points(photo, points)?, is_photo))),
        (Placement::Square(square), _) => Ok(alone(by_hand(search, photo, square, is_photo))),
        (_, Some(cropped)) => Ok(alone(cropped)),
        (Placement::Aligned, None) => {
            let square = Crop::level(middle, width.min(height) as f32 / 2.0);
            Ok(alone(Cropped { square, picture: picture::as_aligned(photo), found: None }))
        }
        (Placement::BySize, None) => searched(search, photo, 0, stop),
        (Placement::Found(number), None) => searched(search, photo, number, stop),
    }
}

/// Every face of a picture, largest first, cut out: what an index keeps of it. A stored crop is one face. Searched on
/// this thread alone, since an index has one for every core; a search ends early, with an error, where `stop` says true.
///
/// # Errors
/// As [`cropped`].
pub fn every_face(photo: &RgbImage, stop: &dyn Fn() -> bool) -> Result<Vec<Look>, String> {
    every_face_by(&Search::Bundled, photo, stop)
}

/// [`every_face`] by another finder.
pub(super) fn every_face_by(search: &Search, photo: &RgbImage, stop: &dyn Fn() -> bool) -> Result<Vec<Look>, String> {
    let look = |Cropped { square, picture, found }: Cropped| Look { square, picture, found };
    if let Some(cropped) = stored(photo) {
        return Ok(vec![look(cropped)]);
    }
    let faces = search.faces_alone(photo, stop)?;
    Ok(faces.iter().filter_map(|found| found_face(photo, found)).map(look).collect())
}

/// The face of a picture of the size of a stored crop.
fn stored(photo: &RgbImage) -> Option<Cropped> {
    let picture = picture::centre_crop_of_square(photo)?;
    Some(Cropped { square: Crop::level(middle_of(photo), CROP_SIDE as f32 / 2.0), picture, found: None })
}

fn middle_of(photo: &RgbImage) -> [f32; 2] {
    [photo.width() as f32 / 2.0, photo.height() as f32 / 2.0]
}

/// All faces of a photograph, and one of them cut out.
fn searched(search: &Search, photo: &RgbImage, number: usize, stop: &dyn Fn() -> bool) -> Result<Sight, String> {
    let faces = search.faces(photo, stop)?;
    let cropped = faces.get(number).and_then(|found| found_face(photo, found));
    Ok(Sight { faces, cropped, is_photo: true })
}

/// A face that was found in a photograph, cut out; none where its landmarks give no crop, which no finder reports.
pub fn found_face(photo: &RgbImage, found: &Found) -> Option<Cropped> {
    let square = found.square().ok()?;
    Some(Cropped { found: Some(found.clone()), ..cut(photo, square) })
}

/// A square that a person placed, with the landmarks of the face in it where the finder is sure of them.
fn by_hand(search: &Search, photo: &RgbImage, square: Crop, is_photo: bool) -> Cropped {
    let found = if is_photo { search.in_square(photo, square) } else { None };
    Cropped { found, ..cut(photo, square) }
}

/// The square of a face with these points.
fn at_points(photo: &RgbImage, points: Points) -> Result<Crop, String> {
    let (width, height) = photo.dimensions();
    for [x, y] in points {
        if !(0.0..=width as f32).contains(&x) || !(0.0..=height as f32).contains(&y) {
            return Err(format!("The point {x},{y} lies outside the picture of {width} x {height}; give one inside"));
        }
    }
    let [left_eye, right_eye, mouth] = points;
    Crop::from_points(left_eye, right_eye, mouth).map_err(|e| e.to_string())
}

fn cut(photo: &RgbImage, square: Crop) -> Cropped {
    Cropped { square, picture: picture::crop(photo, &square, CROP_SIDE), found: None }
}
