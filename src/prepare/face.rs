//! One row of a shard, from a picture and what a set says of it; or why there is none.

use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::{AtomicBool, Ordering};

use image::RgbImage;
use image::codecs::jpeg::JpegEncoder;

use super::options::Points;
use super::which;
use crate::data::image::{self as picture, PictureError};
use crate::data::sets::{Entry, Marks, Picture, Reason};
use crate::data::shards::Record;
use crate::face::crop::CropError;
use crate::face::{CROP_SIDE, Crop, FaceBox, Found, Landmarks};
use crate::find::{FindError, Finder, pose};

/// Side of the crops that are stored, in pixels: the 128 of the crop and a margin (section 2 of the method).
pub const STORED_SIDE: u32 = 168;
/// Pixels of it on each side.
const MARGIN: f32 = (STORED_SIDE - CROP_SIDE) as f32 / 2.0;
const JPEG_QUALITY: u8 = 95;
/// Faces whose crop has sides of fewer pixels of the picture than this show nothing.
const SMALLEST: f32 = 16.0;
/// A square that is so many times larger than the picture is no face in it.
const LARGEST: f32 = 2.0;

const NO_CROP: &str = "its points give no crop";
const OUTSIDE: &str = "its face lies outside the picture";
const TOO_SMALL_FACE: &str = "its face is smaller than 16 pixels";
const NO_FACE: &str = "no face is seen in the picture";
const NO_FACE_THERE: &str = "no face is seen where the set has it";
const NO_STORED_CROP: &str = "the stored crop is not a square of 128, 144 or 168 pixels";
const STUMBLES: &str = "the picture makes its decoder stop";

/// A row, or why there is none.
pub(super) type Made = Result<Box<Record>, Left>;

/// Why a picture has no row.
#[derive(Debug)]
pub(super) enum Left {
    /// It cannot be used, for this reason; others can.
    Out(String),
    /// The finder fails, and with it all.
    Failed(FindError),
}

impl Left {
    fn out(reason: &str) -> Self {
        Left::Out(reason.to_owned())
    }
}

impl From<PictureError> for Left {
    fn from(error: PictureError) -> Self {
        match error.problem() {
            PictureError::Missing => Left::Out(Reason::Missing.to_string()),
            problem => Left::out(words(problem)),
        }
    }
}

impl From<CropError> for Left {
    fn from(_: CropError) -> Self {
        Left::out(NO_CROP)
    }
}

impl From<FindError> for Left {
    fn from(error: FindError) -> Self {
        Left::Failed(error)
    }
}

/// What is wrong with a picture, in words that are the same for all that have it.
fn words(problem: &PictureError) -> &'static str {
    match problem {
        PictureError::Folder | PictureError::NotAFile => "the picture is no regular file",
        PictureError::NoPermission => "the picture may not be read",
        PictureError::Empty => "the picture is empty",
        PictureError::NotAnImage => "the file is no picture",
        PictureError::ConvertFirst { .. } => "the picture is HEIC or AVIF",
        PictureError::Damaged { .. } => "the picture is cut off or damaged",
        PictureError::Unsupported { .. } => "the picture is of an uncommon variety of its format",
        PictureError::TooSmall { .. } => "the picture has fewer than 32 pixels on a side",
        PictureError::TooLarge { .. } | PictureError::TooMuchMemory { .. } => "the picture is too large",
        PictureError::Missing | PictureError::Unreadable(_) | PictureError::At { .. } => "the picture cannot be read",
    }
}

/// Makes rows, on whatever thread calls, and there alone: a pool of one thread, where every core has such a caller.
pub(super) struct Maker<'a> {
    pub finder: &'a Finder,
    pub points: Points,
    /// Ends a search early.
    pub stop: &'a AtomicBool,
}

/// What is stored of a face.
struct Face {
    bytes: Vec<u8>,
    /// In pixels of the stored picture.
    landmarks: Option<Box<Landmarks>>,
    pose_deg: Option<[f32; 3]>,
}

impl Maker<'_> {
    /// The row of one face of a set.
    pub fn row(&self, entry: Entry) -> Made {
        // A decoder that stumbles over one picture shall not cost the others.
        panic::catch_unwind(AssertUnwindSafe(|| self.record(entry))).unwrap_or_else(|_| Err(Left::out(STUMBLES)))
    }

    fn record(&self, entry: Entry) -> Made {
        let Entry { key, picture, marks, person, clip, expression, valence, arousal } = entry;
        let bytes = match picture {
            Picture::File(path) => picture::read(&path)?,
            Picture::Bytes(bytes) => bytes,
        };
        let Face { bytes, landmarks, pose_deg } = self.face(bytes, &marks)?;
        Ok(Box::new(Record {
            path: key,
            picture_bytes: bytes,
            person,
            clip,
            expression: expression.map(|class| class.index() as u8),
            valence,
            arousal,
            pose_deg,
            landmarks: landmarks.map(|points| *points),
            factors: None,
        }))
    }

    fn face(&self, bytes: Vec<u8>, marks: &Marks) -> Result<Face, Left> {
        let finds = self.points == Points::Finder;
        match marks {
            Marks::Crop { landmarks, pose_deg } => {
                let stored = picture::decode(&bytes)?;
                if !picture::is_stored_crop(stored.dimensions()) {
                    return Err(Left::out(NO_STORED_CROP));
                }
                Ok(Face { bytes, landmarks: landmarks.clone(), pose_deg: *pose_deg })
            }
            Marks::None => self.unmarked(bytes),
            Marks::Box(place) => self.found_in(&picture::decode_as_stored(&bytes)?, place),
            Marks::Points68(points) if finds => {
                let place = FaceBox::from_landmarks(points).ok_or_else(|| Left::out(NO_CROP))?;
                self.found_in(&picture::decode_as_stored(&bytes)?, &place)
            }
            Marks::Points68(points) => {
                let square = Crop::from_landmarks(points)?;
                self.cut(&picture::decode_as_stored(&bytes)?, square, Some(**points))
            }
            Marks::Points5(points) => {
                let square = square_of_five(points)?;
                let photo = picture::decode_as_stored(&bytes)?;
                if finds {
                    return self.found_in(&photo, &which::box_of(&square));
                }
                let seen = self.seen_in(&photo, square)?;
                self.cut(&photo, square, seen)
            }
        }
    }

    /// A picture of which the set says nothing: by its size it is a crop, or its face is looked for.
    fn unmarked(&self, bytes: Vec<u8>) -> Result<Face, Left> {
        let photo = picture::decode(&bytes)?;
        if self.points == Points::Own && picture::is_stored_crop(photo.dimensions()) {
            let square = Crop::level([photo.width() as f32 / 2.0; 2], CROP_SIDE as f32 / 2.0);
            let landmarks = self.seen_in(&photo, square)?.map(Box::new);
            let pose_deg = landmarks.as_deref().and_then(|points| self.pose_deg(points));
            return Ok(Face { bytes, landmarks, pose_deg });
        }
        let faces = self.faces(&photo)?;
        let found = which::near_middle(&faces, photo.dimensions()).ok_or_else(|| Left::out(NO_FACE))?;
        self.cut(&photo, found.square()?, Some(*found.landmarks))
    }

    /// The face that the finder sees in a box.
    fn found_in(&self, photo: &RgbImage, place: &FaceBox) -> Result<Face, Left> {
        let (part, corner) = which::around(photo, place).ok_or_else(|| Left::out(OUTSIDE))?;
        let faces = self.faces(&part)?;
        let found = which::in_box(&faces, &which::box_from(place, corner)).ok_or_else(|| Left::out(NO_FACE_THERE))?;
        let landmarks = which::shifted(&found.landmarks, corner);
        self.cut(photo, Crop::from_landmarks(&landmarks)?, Some(landmarks))
    }

    fn faces(&self, photo: &RgbImage) -> Result<Vec<Found>, FindError> {
        self.finder.find_alone(photo, &|| self.stop.load(Ordering::Relaxed))
    }

    /// The points of the face in a square of a picture; none where the finder is unsure of them, or sees another face.
    fn seen_in(&self, photo: &RgbImage, square: Crop) -> Result<Option<Landmarks>, FindError> {
        let (landmarks, confidence) = match self.finder.landmarks(photo, square) {
            Ok(seen) => seen,
            Err(FindError::NoPoints) => return Ok(None),
            Err(error) => return Err(error),
        };
        let is_there = Crop::from_landmarks(&landmarks).is_ok_and(|seen| seen.is_near(&square));
        Ok((is_there && confidence >= self.finder.threshold()).then_some(landmarks))
    }

    /// The crop of a square, with the margin that is stored; `landmarks` in pixels of the picture.
    fn cut(&self, photo: &RgbImage, square: Crop, landmarks: Option<Landmarks>) -> Result<Face, Left> {
        check(&square, photo.dimensions())?;
        let stored = square.widened(MARGIN);
        let unit = STORED_SIDE as f32 / CROP_SIDE as f32;
        let in_stored = |point: [f32; 2]| stored.crop_from_photo(point).map(|v| unit * v);
        let landmarks = landmarks.map(|points| Box::new(points.map(in_stored)));
        let pose_deg = landmarks.as_deref().and_then(|points| self.pose_deg(points));
        Ok(Face { bytes: jpeg(&picture::crop(photo, &stored, STORED_SIDE)), landmarks, pose_deg })
    }

    /// The pose of a head with these points of its levelled crop.
    fn pose_deg(&self, landmarks: &Landmarks) -> Option<[f32; 3]> {
        pose::fit(landmarks, self.finder.mean_face()).map(|head| head.pose.to_array_deg())
    }
}

/// The crop of a face whose eyes, nose and corners of the mouth are known.
fn square_of_five([left_eye, right_eye, _, left, right]: &[[f32; 2]; 5]) -> Result<Crop, CropError> {
    let mouth = [0, 1].map(|axis| (left[axis] + right[axis]) / 2.0);
    Crop::from_points(*left_eye, *right_eye, mouth)
}

/// Whether a square can be that of a face in a picture of this width and height.
fn check(square: &Crop, (width, height): (u32, u32)) -> Result<(), Left> {
    let [x, y] = square.centre;
    let inside = (0.0..width as f32).contains(&x) && (0.0..height as f32).contains(&y);
    // Not a number fails both.
    if !(inside && square.half_side <= LARGEST * width.max(height) as f32) {
        return Err(Left::out(OUTSIDE));
    }
    if 2.0 * square.half_side < SMALLEST {
        return Err(Left::out(TOO_SMALL_FACE));
    }
    Ok(())
}

fn jpeg(crop: &RgbImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    let encoded = crop.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY));
    encoded.expect("a picture of 168 pixels fits into a JPEG, and memory takes every byte");
    bytes
}
