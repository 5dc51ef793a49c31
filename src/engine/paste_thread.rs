//! The thread that puts edited faces back into photographs: the newest wins, since a slider asks for many. What costs
//! most, the motion from one decoded face to the other, is kept while only strength and mask change.

use std::sync::Arc;
use std::thread;
use std::time::Instant;

use image::RgbImage;

use super::files::Alive;
use super::guard::guarded;
use super::networks::EngineError;
use super::outbox::Outbox;
use super::protocol::{Event, Paste, Pasted};
use super::slot::Slot;
use crate::face::{Crop, Landmarks};
use crate::find::paste::{Change, Prepared, prepare};

/// Between the window and the thread.
#[derive(Default)]
pub(super) struct Board {
    /// With its number; none for the end.
    wanted: Slot<Option<(u64, Paste)>>,
    pasted: Slot<Pasted>,
}

impl Board {
    /// Asks for a paste, instead of one that was not begun yet.
    pub fn put(&self, number: u64, paste: Paste) {
        self.wanted.put(Some((number, paste)));
    }

    /// The newest that is done, once.
    pub fn take(&self) -> Option<Pasted> {
        self.pasted.take()
    }

    /// Ends the thread after what is in hand.
    pub fn stop(&self) {
        self.wanted.put(None);
    }

    fn run(&self, outbox: &Outbox) {
        let mut kept = None;
        while let Some((number, paste)) = self.wanted.wait() {
            let started = Instant::now();
            match picture(&paste, &mut kept) {
                Ok(picture) => {
                    self.pasted.put(Pasted { number, picture: Arc::new(picture), took: started.elapsed() });
                    outbox.wake();
                }
                Err(sentence) => {
                    // What nobody hears any more is followed by the end.
                    outbox.say(Event::Failed { number, sentence });
                }
            }
        }
    }
}

/// Starts the thread, which keeps `alive` until it has ended.
pub(super) fn start(outbox: Outbox, alive: Alive) -> Result<Arc<Board>, EngineError> {
    let board = Arc::new(Board::default());
    let theirs = Arc::clone(&board);
    thread::Builder::new()
        .name("paste".to_owned())
        .spawn(move || {
            theirs.run(&outbox);
            drop(alive);
        })
        .map_err(|e| EngineError::NoThread(e.to_string()))?;
    Ok(board)
}

/// The whole photograph with the face in it, or a sentence without a path.
pub(super) fn pasted(paste: &Paste) -> Result<RgbImage, String> {
    picture(paste, &mut None)
}

/// The motion of a change, with what it was estimated from.
struct Kept {
    square: Crop,
    landmarks: Option<Box<Landmarks>>,
    own: Arc<RgbImage>,
    edited: Arc<RgbImage>,
    prepared: Prepared,
}

impl Kept {
    fn of(paste: &Paste) -> Self {
        let change = Change {
            square: &paste.square,
            own: &paste.own,
            edited: &paste.edited,
            landmarks: paste.landmarks.as_deref(),
        };
        Kept {
            square: paste.square,
            landmarks: paste.landmarks.clone(),
            own: Arc::clone(&paste.own),
            edited: Arc::clone(&paste.edited),
            prepared: prepare(&change),
        }
    }

    fn serves(&self, paste: &Paste) -> bool {
        self.square == paste.square
            && self.landmarks == paste.landmarks
            && self.own == paste.own
            && self.edited == paste.edited
    }
}

fn picture(paste: &Paste, kept: &mut Option<Kept>) -> Result<RgbImage, String> {
    let options = paste.options.checked().map_err(|e| e.to_string())?;
    if kept.as_ref().is_some_and(|kept| !kept.serves(paste)) {
        *kept = None;
    }
    let crashed = |panic| format!("The face could not be put back into its photograph ({panic}); please report this");
    guarded(|| kept.get_or_insert_with(|| Kept::of(paste)).prepared.apply(&paste.photo, &options)).map_err(crashed)
}
