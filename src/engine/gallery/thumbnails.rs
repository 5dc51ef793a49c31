//! The thread that reads thumbnails out of the open index and decodes them: the newest list of wishes wins, so that
//! what has scrolled out of sight costs nothing.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::mpsc::{self, Receiver, Sender, SyncSender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::super::guard::guarded;
use super::super::slot::Slot;
use super::{FaceKey, RgbImage, Shared, Voice};
use crate::data::image::decode;
use crate::gallery::Index;

/// Thumbnails that may wait to be read.
pub(super) const UNREAD: usize = 256;

/// A thumbnail on its way to the window.
pub(super) struct Thumbnail {
    /// Of the index that it is from.
    pub generation: u64,
    pub key: FaceKey,
    /// None where the face has none.
    pub picture: Option<Arc<RgbImage>>,
}

/// Between the window, the gallery's thread and this one.
#[derive(Default)]
pub(super) struct Shelf {
    turn: Slot<Turn>,
    wanted: Slot<Vec<FaceKey>>,
    bell: Slot<()>,
    /// Generation and key of what waits to be read, which is not read out twice.
    unread: Mutex<HashSet<(u64, FaceKey)>>,
}

/// Another index to read from, or none.
struct Turn {
    index: Option<(u64, PathBuf)>,
    /// Dropped once the former is let go of.
    _former: Sender<()>,
}

impl Shelf {
    pub fn want(&self, keys: Vec<FaceKey>) {
        self.wanted.put(keys);
        self.bell.put(());
    }

    /// Has the thread read from another index (its generation and folder), or from none. The receiver ends when the
    /// former is let go of.
    pub fn turn_to(&self, index: Option<(u64, PathBuf)>) -> Receiver<()> {
        let (former, gone) = mpsc::channel();
        self.turn.put(Turn { index, _former: former });
        self.bell.put(());
        gone
    }

    /// Notes that the window has taken one.
    pub fn was_read(&self, thumbnail: &Thumbnail) {
        self.unread().remove(&(thumbnail.generation, thumbnail.key));
    }

    pub fn ring(&self) {
        self.bell.put(());
    }

    fn unread(&self) -> MutexGuard<'_, HashSet<(u64, FaceKey)>> {
        // Held for a look or a move only.
        self.unread.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Works until it is told to stop, or nobody reads any more.
pub(super) fn run(shared: &Shared, show: &SyncSender<Thumbnail>, voice: &Voice) {
    let shelf = &shared.shelf;
    let mut index: Option<(u64, Index)> = None;
    let mut wishes = Vec::new().into_iter();
    while !shared.stopped() {
        if let Some(turn) = shelf.turn.take() {
            // The former goes before its end is told, which is where `turn` ends.
            drop(index.take());
            // The gallery's thread has just opened it; where it cannot be opened twice, there are no thumbnails.
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
        let thumbnail = Thumbnail { generation: *generation, key, picture: picture(index, key) };
        if show.send(thumbnail).is_err() {
            return;
        }
        voice.wake();
    }
}

/// A thumbnail that is missing or damaged is none; the tile is drawn without it.
fn picture(index: &Index, key: FaceKey) -> Option<Arc<RgbImage>> {
    // A decoder is other people's code.
    let read = guarded(|| {
        let bytes = index.thumbnail(key).ok()??;
        decode(&bytes).ok()
    });
    read.ok().flatten().map(Arc::new)
}
