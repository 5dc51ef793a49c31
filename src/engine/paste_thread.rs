//! The thread that puts edited faces back into photographs: the newest wins, since a slider asks for many. What costs
//! most, the motions from decoded faces to edited ones, is kept while only strength and mask change.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Instant;

use image::RgbImage;

use super::crew::Crew;
use super::guard::guarded;
use super::networks::EngineError;
use super::outbox::Outbox;
use super::protocol::{Event, Paste, Pasted, PastedFace};
use super::slot::Slot;
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
        let mut kept = Vec::new();
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

/// Starts the thread.
///
/// # Errors
/// [`EngineError::NoThread`].
pub(super) fn start(outbox: Outbox, crew: &Crew) -> Result<Arc<Board>, EngineError> {
    let board = Arc::new(Board::default());
    let theirs = Arc::clone(&board);
    crew.spawn("paste", move || theirs.run(&outbox))?;
    Ok(board)
}

/// The whole photograph with the faces in it, or a sentence without a path.
pub(super) fn pasted(paste: &Paste) -> Result<RgbImage, String> {
    picture(paste, &mut Vec::new())
}

/// The motion of a change, with the face that it was estimated from.
struct Kept {
    face: PastedFace,
    prepared: Prepared,
}

impl Kept {
    fn of(face: &PastedFace) -> Self {
        let PastedFace { square, landmarks, own, edited, .. } = face;
        let prepared = prepare(&Change { square, own, edited, landmarks: landmarks.as_deref() });
        Kept { face: face.clone(), prepared }
    }

    /// Whether only the options differ.
    fn serves(&self, face: &PastedFace) -> bool {
        self.face == PastedFace { options: self.face.options, ..face.clone() }
    }
}

fn picture(paste: &Paste, kept: &mut Vec<Kept>) -> Result<RgbImage, String> {
    kept.retain(|kept| paste.faces.iter().any(|face| kept.serves(face)));
    let crashed = |panic| format!("The face could not be put back into its photograph ({panic}); please report this");
    let mut photo = Cow::Borrowed(&*paste.photo);
    for face in &paste.faces {
        let options = face.options.checked().map_err(|e| e.to_string())?;
        let known = kept.iter().position(|kept| kept.serves(face));
        let edited = guarded(|| {
            let place = known.unwrap_or_else(|| {
                kept.push(Kept::of(face));
                kept.len() - 1
            });
            kept[place].prepared.apply(&photo, &options)
        });
        photo = Cow::Owned(edited.map_err(crashed)?);
    }
    Ok(photo.into_owned())
}
