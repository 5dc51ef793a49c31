//! Synthetic photographs, and a stand-in for the finder that knows them by heart and sees no face in any other picture,
//! so that no test of the window depends on how well faces are found.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use facespace::data::synth::{Photograph, photograph};
use facespace::engine::Search;
use facespace::engine::keeper::png;
use facespace::face::{FaceBox, Found};
use image::RgbImage;

/// Sizes, seeds and people. Each size is met once, and no other picture of the tests has it.
const PHOTOGRAPHS: [((u32, u32), u64, usize); 3] = [((900, 600), 31, 3), ((660, 480), 30, 1), ((600, 404), 5, 0)];

static ALBUM: LazyLock<[Photograph; 3]> =
    LazyLock::new(|| PHOTOGRAPHS.map(|(size, seed, faces)| photograph(seed, size, faces)));

/// Three people.
pub fn three() -> &'static Photograph {
    &ALBUM[0]
}

/// One person.
pub fn one() -> &'static Photograph {
    &ALBUM[1]
}

/// Nobody.
pub fn none() -> &'static Photograph {
    &ALBUM[2]
}

/// What a perfect finder would find in it.
pub fn found(photograph: &Photograph) -> Vec<Found> {
    let of = |(landmarks, pose): (&_, &_)| Found {
        frame: FaceBox::from_landmarks(landmarks).unwrap(),
        landmarks: Box::new(*landmarks),
        pose: *pose,
        confidence: 0.9,
    };
    let mut faces: Vec<Found> = photograph.faces.iter().zip(&photograph.poses).map(of).collect();
    faces.sort_by(|a, b| b.frame.area().total_cmp(&a.frame.area()));
    faces
}

/// The stand-in.
pub fn search() -> Search {
    Search::StandIn(Arc::new(|picture: &RgbImage| {
        let place = PHOTOGRAPHS.iter().position(|(size, _, _)| *size == picture.dimensions());
        let known = place.map(|place| &ALBUM[place]).filter(|known| known.picture == *picture);
        known.map_or_else(Vec::new, found)
    }))
}

/// Writes it where a window can open it.
pub fn file(folder: &Path, name: &str, photograph: &Photograph) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, png(&photograph.picture).unwrap()).unwrap();
    path
}
