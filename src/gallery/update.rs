//! An index brought up to date with its sources: what is new or changed is decoded, looked at, encoded and stored, a file
//! at a time; what is gone is removed; what was moved keeps its faces. Whoever calls lends finder and networks.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use image::RgbImage;
use serde::Serialize;

use super::error::GalleryError;
use super::index::Index;
use super::looking::Lookers;
use super::plan::Plan;
use super::storing::Storing;
use crate::face::{CODE_DIM, Crop, Found};

/// Between two questions whether to go on while folders are gone through.
const GLANCE: Duration = Duration::from_millis(100);

/// The faces of a picture, largest first; a stored crop is one face. Called from several threads, each in a pool of its
/// own, where it computes alone; ends early, with an error, where its second argument says true. An error is a sentence
/// without a path, and that picture's alone.
pub type LookAt<'a> = dyn Fn(&RgbImage, &dyn Fn() -> bool) -> Result<Vec<Look>, String> + Sync + 'a;
/// The codes `f` (pose in radians) of crops of 128 x 128, in their order. An error ends the update.
pub type Encode<'a> = dyn FnMut(&[RgbImage]) -> Result<Vec<[f32; CODE_DIM]>, String> + 'a;

/// The finder and the networks, lent for an update.
pub struct Tools<'a> {
    pub look: &'a LookAt<'a>,
    pub encode: &'a mut Encode<'a>,
    /// How many threads decode and look; at least one does.
    pub threads: usize,
}

/// A face that was seen in a picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    /// Where it lies, in pixels of the picture.
    pub square: Crop,
    /// 128 x 128.
    pub picture: RgbImage,
    /// None in a stored crop.
    pub found: Option<Found>,
}

/// How far an update is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// New and changed photographs, and rows of shards, that are dealt with.
    pub done: usize,
    /// How many there are; 0 while folders are still gone through.
    pub total: usize,
    /// Faces stored so far.
    pub faces: usize,
}

/// What an update came to. `added` to `unchanged` count photographs and shards.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Report {
    pub added: usize,
    pub changed: usize,
    pub removed: usize,
    /// Found again under another name, by their content; a shard that was also touched counts as changed.
    pub moved: usize,
    pub unchanged: usize,
    pub faces_added: usize,
    pub faces_removed: usize,
    /// Pictures of this update in which no face was found.
    pub no_face: usize,
    /// What could not be read this time, each with its sentence, which ends with the path.
    pub failed: Vec<(PathBuf, String)>,
    /// Whether it was stopped before its end.
    pub cancelled: bool,
    pub seconds: Seconds,
}

/// Where the time of an update went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Seconds {
    pub total: f64,
    /// Reading, decoding and finding, added up over all threads.
    pub look: f64,
    pub encode: f64,
    pub store: f64,
}

/// Brings an index up to date with its sources and with those in `add`, which it keeps up with from then on. `watch`
/// hears how far it is, several times a second, and stops it by answering false.
///
/// Only new, changed and vanished files are touched. A file is stored whole as soon as its codes are there, a shard row by
/// row, so that a stop or a kill loses what is in hand alone. A picture that fails is remembered with its sentence and
/// tried again once it changes; one that cannot even be read keeps its faces and is tried again by the next update. A
/// vanished file whose content turns up under another name is moved: its faces stay, and so do their names. In a picture
/// that was saved anew, faces that are the same stay, too. What lies in a source that is not there keeps its faces, and
/// the source is reported as failed.
///
/// # Errors
/// [`GalleryError::Busy`] at once where another process writes; [`GalleryError::OtherModel`] where one has rebuilt the
/// index since it was opened; something in `add` that is not there or no source; the networks; a disk that is full or
/// cannot be written. All that was stored before stays.
pub fn update(
    index: &mut Index,
    add: &[PathBuf],
    tools: Tools,
    watch: &mut dyn FnMut(Progress) -> bool,
) -> Result<Report, GalleryError> {
    let started = Instant::now();
    // Held to the end.
    let _lock = index.lock_for_codes()?;
    let mut asked = Instant::now();
    let mut go_on = || {
        if asked.elapsed() < GLANCE {
            return true;
        }
        asked = Instant::now();
        watch(Progress::default())
    };
    let Some(plan) = Plan::make(index, add, &mut go_on)? else {
        return Ok(Report { cancelled: true, ..Report::default() });
    };
    let total = plan.total();
    let Plan { jobs, lost, gone, missing, unchanged, moved, failed } = plan;
    let report = Report { unchanged, moved, failed, ..Report::default() };
    let Tools { look, encode, threads } = tools;
    let stop = AtomicBool::new(false);
    let lookers = Lookers::new(look, &stop, &jobs, lost);
    let mut storing = Storing::new(index, encode, &jobs, report, total);
    let is_done = thread::scope(|scope| {
        // Also where it ends by an error: nobody shall go on looking for nobody.
        let _stopping = Stopping(&stop);
        let looked = lookers.start(scope, threads)?;
        storing.run(looked, watch)
    })?;
    if is_done {
        storing.finish(&gone, &missing)?;
    }
    let mut report = storing.into_report();
    report.cancelled = !is_done;
    report.seconds.look = lookers.seconds();
    report.seconds.total = started.elapsed().as_secs_f64();
    Ok(report)
}

/// Tells the threads to stop when it goes.
struct Stopping<'a>(&'a AtomicBool);

impl Drop for Stopping<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}
