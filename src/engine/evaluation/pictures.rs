//! A thread that reads and decodes the pictures of a report: the newest list of wishes wins, so that what has scrolled
//! out of sight costs nothing.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use image::imageops;

use super::super::bell::{Bell, Stop};
use super::super::crew::{Crew, Wake};
use super::super::guard::guarded;
use super::super::networks::EngineError;
use super::super::slot::Slot;
use super::{Picture, RgbImage};
use crate::data::image::load;

/// Longest side of a report's picture as a window gets it, in pixels: what every graphics card takes as a texture.
pub const FIGURE_SIDE: u32 = 2048;
/// Pictures that may wait to be read; each may take twelve megabytes.
const UNREAD: usize = 8;

/// The window's side. Dropping it stops the thread.
pub(super) struct Pictures {
    // The reader goes after the stop, so that nobody is left waiting for one.
    _stop: Stop,
    read: Receiver<Decoded>,
    shelf: Arc<Shelf>,
}

/// A picture on its way to the window.
struct Decoded {
    /// The report that it is of.
    report: u64,
    file: String,
    /// None where it cannot be had.
    picture: Option<Arc<RgbImage>>,
}

/// Between the window and this thread.
#[derive(Default)]
struct Shelf {
    wanted: Slot<Wanted>,
    bell: Arc<Bell>,
    /// Report and file of what waits to be read, which is not read out twice.
    unread: Mutex<HashSet<(u64, String)>>,
}

/// The pictures of a report that are wanted.
struct Wanted {
    report: u64,
    /// Each file, and where it lies; nowhere where the report's folder does not have it.
    files: Vec<(String, Option<PathBuf>)>,
}

impl Pictures {
    /// Starts the thread.
    ///
    /// # Errors
    /// [`EngineError::NoThread`].
    pub fn start(name: &str, crew: &Crew, wake: Wake) -> Result<Self, EngineError> {
        let shelf = Arc::new(Shelf::default());
        let (show, read) = mpsc::sync_channel(UNREAD);
        let theirs = Arc::clone(&shelf);
        crew.spawn(name, move || run(&theirs, &show, &wake))?;
        let stop = Stop(vec![Arc::clone(&shelf.bell)]);
        Ok(Pictures { _stop: stop, read, shelf })
    }

    pub fn want<'a>(&self, report: u64, folder: &Path, pictures: impl IntoIterator<Item = &'a Picture>) {
        let file = |picture: &Picture| (picture.file.clone(), picture.path(folder));
        self.shelf.wanted.put(Wanted { report, files: pictures.into_iter().map(file).collect() });
        self.shelf.bell.ring();
    }

    /// The next one of this report.
    pub fn next(&self, report: u64) -> Option<(String, Option<Arc<RgbImage>>)> {
        loop {
            let decoded = self.read.try_recv().ok()?;
            let key = (decoded.report, decoded.file);
            self.shelf.unread().remove(&key);
            if decoded.report == report {
                return Some((key.1, decoded.picture));
            }
        }
    }
}

impl Shelf {
    fn unread(&self) -> MutexGuard<'_, HashSet<(u64, String)>> {
        // Held for a look or a move only.
        self.unread.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Works until it is told to stop, or nobody reads any more.
fn run(shelf: &Shelf, show: &SyncSender<Decoded>, wake: &Wake) {
    let (mut report, mut wishes) = (0, Vec::new().into_iter());
    while !shelf.bell.stopped() {
        if let Some(newer) = shelf.wanted.take() {
            (report, wishes) = (newer.report, newer.files.into_iter());
        }
        let Some((file, path)) = wishes.next() else {
            shelf.bell.wait();
            continue;
        };
        if !shelf.unread().insert((report, file.clone())) {
            continue;
        }
        let picture = path.and_then(|path| decoded(&path));
        if show.send(Decoded { report, file, picture }).is_err() {
            return;
        }
        wake();
    }
}

/// A picture no larger than a window shows it; none where it is missing or damaged.
fn decoded(path: &Path) -> Option<Arc<RgbImage>> {
    // A decoder is other people's code.
    let picture = guarded(|| load(path).ok()).ok().flatten()?;
    let (width, height) = picture.dimensions();
    let longest = width.max(height);
    if longest <= FIGURE_SIDE {
        return Some(Arc::new(picture));
    }
    let scaled = |side: u32| (u64::from(side) * u64::from(FIGURE_SIDE) / u64::from(longest)).max(1) as u32;
    Some(Arc::new(imageops::thumbnail(&picture, scaled(width), scaled(height))))
}
