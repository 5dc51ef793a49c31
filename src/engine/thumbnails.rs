//! A thread that reads thumbnails out of an open index and decodes them: the newest list of wishes wins, so that what
//! has scrolled out of sight costs nothing. Galleries and audits have one each.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::mpsc::{self, Receiver, Sender, SyncSender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::bell::{Bell, Stop};
use super::crew::{Crew, Wake};
use super::guard::guarded;
use super::networks::EngineError;
use super::protocol::RgbImage;
use super::slot::Slot;
use crate::data::image::decode;
use crate::gallery::{FaceKey, Index};

/// Thumbnails that may wait to be read.
const UNREAD: usize = 256;

/// The window's side. Dropping it stops the thread.
pub(super) struct Thumbnails {
    // The reader goes after the stop, so that nobody is left waiting for one.
    _stop: Stop,
    read: Receiver<Thumbnail>,
    shelf: Arc<Shelf>,
}

/// A thumbnail on its way to the window.
struct Thumbnail {
    /// Of the index that it is from.
    generation: u64,
    key: FaceKey,
    /// None where the face has none.
    picture: Option<Arc<RgbImage>>,
}

/// Between the window, the thread that owns the index and this one.
#[derive(Default)]
pub(super) struct Shelf {
    turn: Slot<Turn>,
    wanted: Slot<Vec<FaceKey>>,
    bell: Arc<Bell>,
    /// Generation and key of what waits to be read, which is not read out twice.
    unread: Mutex<HashSet<(u64, FaceKey)>>,
}

/// Another index to read from, or none.
struct Turn {
    index: Option<(u64, PathBuf)>,
    /// Dropped once the former is let go of.
    _former: Sender<()>,
}

impl Thumbnails {
    /// Starts the thread, which reads what is put on the shelf.
    ///
    /// # Errors
    /// [`EngineError::NoThread`].
    pub fn start(name: &str, shelf: &Arc<Shelf>, crew: &Crew, wake: Wake) -> Result<Self, EngineError> {
        let (show, read) = mpsc::sync_channel(UNREAD);
        let theirs = Arc::clone(shelf);
        crew.spawn(name, move || run(&theirs, &show, &wake))?;
        let stop = Stop(vec![Arc::clone(&shelf.bell)]);
        Ok(Thumbnails { _stop: stop, read, shelf: Arc::clone(shelf) })
    }

    pub fn want(&self, keys: Vec<FaceKey>) {
        self.shelf.wanted.put(keys);
        self.shelf.bell.ring();
    }

    /// The next one of the index of this generation.
    pub fn next(&self, generation: u64) -> Option<(FaceKey, Option<Arc<RgbImage>>)> {
        loop {
            let thumbnail = self.read.try_recv().ok()?;
            self.shelf.unread().remove(&(thumbnail.generation, thumbnail.key));
            if thumbnail.generation == generation {
                return Some((thumbnail.key, thumbnail.picture));
            }
        }
    }
}

impl Shelf {
    /// Has the thread read from another index (its generation and folder), or from none. The receiver ends when the
    /// former is let go of.
    pub fn turn_to(&self, index: Option<(u64, PathBuf)>) -> Receiver<()> {
        let (former, gone) = mpsc::channel();
        self.turn.put(Turn { index, _former: former });
        self.bell.ring();
        gone
    }

    fn unread(&self) -> MutexGuard<'_, HashSet<(u64, FaceKey)>> {
        // Held for a look or a move only.
        self.unread.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Works until it is told to stop, or nobody reads any more.
fn run(shelf: &Shelf, show: &SyncSender<Thumbnail>, wake: &Wake) {
    let mut index: Option<(u64, Index)> = None;
    let mut wishes = Vec::new().into_iter();
    while !shelf.bell.stopped() {
        if let Some(turn) = shelf.turn.take() {
            // The former goes before its end is told, which is where `turn` ends.
            drop(index.take());
            // Its owner has just opened it; where it cannot be opened twice, there are no thumbnails.
            index = turn.index.and_then(|(generation, folder)| {
                guarded(|| Index::open(&folder)).ok().and_then(Result::ok).map(|index| (generation, index))
            });
        }
        if let Some(newer) = shelf.wanted.take() {
            wishes = newer.into_iter();
        }
        let Some(key) = wishes.next() else {
            shelf.bell.wait();
            continue;
        };
        let Some((generation, index)) = &index else { continue };
        if !shelf.unread().insert((*generation, key)) {
            continue;
        }
        let thumbnail = Thumbnail { generation: *generation, key, picture: thumbnail(index, key) };
        if show.send(thumbnail).is_err() {
            return;
        }
        wake();
    }
}

/// The thumbnail of a face. One that is missing or damaged is none; the tile is drawn without it.
pub(super) fn thumbnail(index: &Index, key: FaceKey) -> Option<Arc<RgbImage>> {
    // A decoder is other people's code.
    let read = guarded(|| {
        let bytes = index.thumbnail(key).ok()??;
        decode(&bytes).ok()
    });
    read.ok().flatten().map(Arc::new)
}
