//! Collections of faces, on small drawn crops with stand-ins for finder and networks: a picture is a row of squares of
//! 128 pixels, and a square is a face by its shade, unless it is black.

mod damaged;
mod duplicates;
mod export;
mod filters;
mod grouping;
mod map;
mod people;
mod search;
mod shards;
mod store;
mod updates;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use facespace::face::{CODE_DIM, Crop, FaceBox, Found, ModelName, Part, Pose};
use facespace::gallery::{FaceCard, FaceLabels, From, GalleryError, Index, Look, NewFace, Report, Tools, update};
use image::{ImageFormat, Rgb, RgbImage, imageops};
use tempfile::TempDir;

use crate::data::bytes_of;

/// Pictures, an index of them, and how often it was looked and encoded.
pub struct Desk {
    home: TempDir,
    pub looked: AtomicUsize,
    pub encoded: usize,
}

pub fn model(name: &str) -> ModelName {
    ModelName { name: name.to_owned(), fingerprint: format!("{name:0>16}") }
}

impl Desk {
    /// With an empty index, and an empty folder for pictures.
    pub fn new() -> Self {
        let desk = Desk { home: tempfile::tempdir().unwrap(), looked: AtomicUsize::new(0), encoded: 0 };
        fs::create_dir(desk.pictures()).unwrap();
        Index::create(&desk.folder(), &model("plain")).unwrap();
        desk
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// Of the index.
    pub fn folder(&self) -> PathBuf {
        self.path("index")
    }

    pub fn pictures(&self) -> PathBuf {
        self.path("pictures")
    }

    /// A picture in that folder.
    pub fn picture(&self, name: &str) -> PathBuf {
        self.pictures().join(name)
    }

    /// Puts a picture of these shades there.
    pub fn put(&self, name: &str, shades: &[u8]) -> PathBuf {
        let path = self.picture(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, png(shades)).unwrap();
        path
    }

    pub fn index(&self) -> Index {
        Index::open(&self.folder()).unwrap()
    }

    /// Brings the index up to date with the folder of pictures.
    pub fn update(&mut self) -> Report {
        self.update_with(&[self.pictures()], usize::MAX).unwrap()
    }

    /// The same with other sources, stopped once so many files and rows are done.
    pub fn update_with(&mut self, add: &[PathBuf], stop_after: usize) -> Result<Report, GalleryError> {
        self.update_of(&mut self.index(), add, stop_after)
    }

    pub fn update_of(&mut self, index: &mut Index, add: &[PathBuf], stop_after: usize) -> Result<Report, GalleryError> {
        let Desk { looked, encoded, .. } = self;
        let seen = |photo: &RgbImage, stop: &dyn Fn() -> bool| {
            looked.fetch_add(1, Ordering::Relaxed);
            see(photo, stop)
        };
        let mut encode = |crops: &[RgbImage]| -> Result<Vec<[f32; CODE_DIM]>, String> {
            *encoded += crops.len();
            Ok(crops.iter().map(|crop| code(crop.get_pixel(64, 64).0[0])).collect())
        };
        let tools = Tools { look: &seen, encode: &mut encode, threads: 2 };
        update(index, add, tools, &mut |progress| progress.done < stop_after)
    }

    /// How often pictures were looked at and crops encoded since this was asked last.
    pub fn work(&mut self) -> (usize, usize) {
        (std::mem::take(self.looked.get_mut()), std::mem::take(&mut self.encoded))
    }

    /// The shades of the faces in the index by the name of their picture, in the order of the faces there.
    pub fn shades(&self) -> BTreeMap<String, Vec<u8>> {
        let mut shades = BTreeMap::<String, Vec<(usize, u8)>>::new();
        for card in self.cards() {
            shades.entry(card.from.name()).or_default().push((card.number, shade(&card)));
        }
        let sorted = |mut faces: Vec<(usize, u8)>| {
            faces.sort_unstable();
            faces.into_iter().map(|(_, shade)| shade).collect()
        };
        shades.into_iter().map(|(name, faces)| (name, sorted(faces))).collect()
    }

    pub fn cards(&self) -> Vec<FaceCard> {
        let index = self.index();
        index.keys().unwrap().into_iter().map(|key| index.card(key).unwrap().unwrap()).collect()
    }

    /// The card of the first face in the picture of this name.
    pub fn card(&self, name: &str) -> FaceCard {
        self.cards().into_iter().find(|card| card.from.name() == name && card.number == 1).unwrap()
    }
}

/// A PNG of squares side by side.
pub fn png(shades: &[u8]) -> Vec<u8> {
    let mut picture = RgbImage::new(128 * shades.len() as u32, 128);
    for (i, shade) in shades.iter().enumerate() {
        let square = RgbImage::from_pixel(128, 128, Rgb([*shade; 3]));
        imageops::replace(&mut picture, &square, 128 * i as i64, 0);
    }
    bytes_of(picture, ImageFormat::Png)
}

/// Every square that is not black; those of several have been found.
pub fn look(photo: &RgbImage) -> Vec<Look> {
    let count = photo.width() / 128;
    let squares = (0..count).map(|i| (128 * i, imageops::crop_imm(photo, 128 * i, 0, 128, 128).to_image()));
    squares
        .filter(|(_, picture)| picture.get_pixel(64, 64).0 != [0; 3])
        .map(|(left, picture)| {
            let centre = [left as f32 + 64.0, 64.0];
            let found = Found {
                frame: FaceBox::around(centre, 80.0, 100.0),
                landmarks: Box::new(std::array::from_fn(|i| [centre[0] + i as f32, 64.5])),
                pose: Pose { yaw_deg: 3.0, pitch_deg: -2.5, roll_deg: 0.25 },
                confidence: 0.875,
            };
            Look { square: Crop::level(centre, 64.0), picture, found: (count > 1).then_some(found) }
        })
        .collect()
}

/// [`look`], as an update wants it.
pub fn see(photo: &RgbImage, _: &dyn Fn() -> bool) -> Result<Vec<Look>, String> {
    Ok(look(photo))
}

/// A face whose yaw in degrees is its shade less 100, and whose identity, expression and style hang on it, too.
pub fn code(shade: u8) -> [f32; CODE_DIM] {
    let mut code = [0.0; CODE_DIM];
    code[0] = (f32::from(shade) - 100.0).to_radians();
    code[1] = 0.1;
    for part in [Part::Identity, Part::Expression, Part::Style] {
        code[part.range().start + usize::from(shade % 32)] = 1.0;
    }
    code
}

pub fn shade(card: &FaceCard) -> u8 {
    (card.code.pose.yaw_deg + 100.0).round() as u8
}

/// A face that was given, in a file that is not there.
pub fn given(path: &Path, shade: u8) -> NewFace {
    NewFace {
        from: From::Photo {
            path: path.to_owned(),
            square: Crop::level([64.0; 2], 64.0),
            found: None,
            size: (128, 128),
        },
        number: 1,
        labels: FaceLabels::default(),
        code: code(shade),
        confidence: None,
        thumbnail: Vec::new(),
    }
}

/// Sets a file's time to another one, seconds after 1970.
pub fn touch(path: &Path, seconds: u64) {
    let file = fs::File::options().write(true).open(path).unwrap();
    file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)).unwrap();
}

/// A sentence with this in it, which ends with the path.
#[track_caller]
pub fn assert_says(error: &GalleryError, says: &str, path: &Path) {
    let sentence = error.to_string();
    crate::cli::assert_sentence(&sentence);
    assert!(sentence.contains(says), "{sentence:?} does not say {says:?}");
    assert!(sentence.ends_with(&format!(": {}", path.display())), "{sentence:?} does not end with {}", path.display());
}
