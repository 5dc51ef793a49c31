//! Pictures of the command line, opened: the faces in them, and batches of them so that a folder of any length takes
//! bounded memory.

use std::num::NonZero;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use image::RgbImage;

use super::context::{Context, Stop};
use super::pictures::Input;
use crate::data::image as picture;
use crate::engine::open::{self, Cropped, Placement};

/// Pictures in memory at a time.
const BATCH: usize = 64;
/// Their pixels together, unless one picture has more by itself: 300 MB.
const BATCH_PIXELS: u64 = 100_000_000;

/// An opened picture with its faces.
pub struct Picture {
    /// Its place among the inputs.
    pub place: usize,
    /// One or more.
    pub faces: Vec<Face>,
    /// The photograph that its faces go back into; none for a crop, and where nobody asked.
    pub photo: Option<RgbImage>,
}

/// A face in a picture.
pub struct Face {
    pub cropped: Cropped,
    /// What is known of the photograph around it; none for a crop.
    pub origin: Option<Origin>,
}

/// The photograph of a face.
#[derive(Clone, Copy)]
pub struct Origin {
    /// Width and height in pixels.
    pub size: (u32, u32),
    /// How many faces it has; 0 where nobody looked.
    pub faces: usize,
    /// Which of them this is, 1 for the largest; 1 where nobody looked.
    pub number: usize,
}

impl Picture {
    /// The face of a command that takes one of a picture.
    pub fn face(&self) -> &Face {
        // A picture without a face is not opened.
        &self.faces[0]
    }
}

impl Input {
    /// The picture's faces, or one sentence that ends with its path. With `keep`, a photograph stays in memory.
    pub fn open(&self, keep: bool) -> Result<Picture, String> {
        let photo = picture::load(&self.path).map_err(|e| e.to_string())?;
        let faces = self.look(&photo).map_err(|sentence| format!("{sentence}: {}", self.path.display()))?;
        let is_photo = faces.iter().any(|face| face.origin.is_some());
        Ok(Picture { place: 0, faces, photo: (keep && is_photo).then_some(photo) })
    }

    /// One face or more, or a sentence without a path.
    fn look(&self, photo: &RgbImage) -> Result<Vec<Face>, String> {
        let sight = open::sight(photo, self.placement, &|| false)?;
        let origin = |number: usize| {
            sight.is_photo.then_some(Origin { size: photo.dimensions(), faces: sight.faces.len(), number })
        };
        if self.all && sight.is_photo {
            let faces = (1..).zip(&sight.faces);
            let faces: Vec<Face> = faces
                .filter_map(|(number, found)| {
                    Some(Face { cropped: open::found_face(photo, found)?, origin: origin(number) })
                })
                .collect();
            return if faces.is_empty() { Err(no_face()) } else { Ok(faces) };
        }
        let number = if let Placement::Found(index) = self.placement { index + 1 } else { 1 };
        match sight.cropped {
            Some(cropped) => Ok(vec![Face { cropped, origin: origin(number) }]),
            None if sight.faces.is_empty() => Err(no_face()),
            None => Err(no_such_face(number, sight.faces.len())),
        }
    }
}

fn no_face() -> String {
    "No face was found in this picture; place the crop with --points, or say --aligned if it is one already".to_owned()
}

fn no_such_face(number: usize, faces: usize) -> String {
    let faces = if faces == 1 { "one face".to_owned() } else { format!("{faces} faces") };
    format!("This photograph has {faces} and no face {number}; choose another with --face")
}

/// Hands the pictures to `work` in batches, in order; those that cannot be read, or show no face, are failures. With
/// `keep`, photographs are there beside their faces.
pub fn for_each_batch(
    context: &mut Context,
    inputs: &[Input],
    keep: bool,
    mut work: impl FnMut(&mut Context, Vec<Picture>) -> Result<(), Stop>,
) -> Result<(), Stop> {
    let pixels: Vec<u64> = inputs.iter().map(|input| input.pixels).collect();
    for batch in batches(&pixels) {
        let opened = on_all_cores(batch.len(), |i| inputs[batch.start + i].open(keep));
        let mut pictures = Vec::new();
        for (place, picture) in batch.zip(opened) {
            match picture {
                Ok(picture) => pictures.push(Picture { place, ..picture }),
                Err(sentence) => context.fail(&inputs[place].path, sentence),
            }
        }
        if !pictures.is_empty() {
            work(context, pictures)?;
        }
    }
    Ok(())
}

/// The faces of all the pictures in a line, each with its picture's place; and copies of their crops.
pub fn flat(pictures: Vec<Picture>) -> (Vec<(usize, Face)>, Vec<RgbImage>) {
    let faces: Vec<(usize, Face)> = pictures
        .into_iter()
        .flat_map(|picture| picture.faces.into_iter().map(move |face| (picture.place, face)))
        .collect();
    let crops = faces.iter().map(|(_, face)| face.cropped.picture.clone()).collect();
    (faces, crops)
}

/// Runs of pictures that may be in memory together, by each one's pixels.
pub fn batches(pixels: &[u64]) -> Vec<Range<usize>> {
    let mut batches: Vec<Range<usize>> = Vec::new();
    let mut held = 0;
    for (i, &pixels) in pixels.iter().enumerate() {
        match batches.last_mut() {
            Some(last) if last.len() < BATCH && held + pixels <= BATCH_PIXELS => {
                last.end = i + 1;
                held += pixels;
            }
            _ => {
                batches.push(i..i + 1);
                held = pixels;
            }
        }
    }
    batches
}

/// Does `work` for the numbers below `count`, as many at a time as there are cores; the results come in order. The
/// threads are plain ones: one of the common pool that waits for a part of its picture would begin another on top of it.
pub fn on_all_cores<T: Send>(count: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let share = || {
        let numbers = std::iter::from_fn(|| Some(next.fetch_add(1, Ordering::Relaxed)).filter(|&i| i < count));
        numbers.map(|i| (i, work(i))).collect::<Vec<(usize, T)>>()
    };
    let mut done = thread::scope(|scope| {
        let helpers = thread::available_parallelism().map_or(1, NonZero::get).min(count);
        let start = || thread::Builder::new().name("pictures".to_owned()).spawn_scoped(scope, share);
        // Where the operating system gives no thread, the others do its share.
        let helpers: Vec<_> = (1..helpers).filter_map(|_| start().ok()).collect();
        let mut done = share();
        for helper in helpers {
            // Only `work` panics; that is passed on as it came.
            done.extend(helper.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        done
    });
    done.sort_by_key(|(i, _)| *i);
    done.into_iter().map(|(_, result)| result).collect()
}
