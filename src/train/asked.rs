//! Something long before or between steps, of which the observer hears and which it may end.

use std::thread;
use std::time::{Duration, Instant};

use super::codes::CodesError;
use super::error::TrainError;
use super::keeping::Keeping;
use super::observer::{Decision, Event, Observer};
use crate::data::crops::CropSetError;

/// How long a disk that has refused something is left alone, and how often the observer is asked meanwhile.
const AGAIN_AFTER: Duration = Duration::from_secs(2);
const ASKED_EVERY: Duration = Duration::from_millis(200);

/// The observer's side of it.
pub struct Asked<'a> {
    what: &'a str,
    observer: &'a mut dyn Observer,
    discard: bool,
}

impl<'a> Asked<'a> {
    pub fn new(what: &'a str, observer: &'a mut dyn Observer) -> Self {
        Asked { what, observer, discard: false }
    }

    /// Tells how far it is; false where it is to end.
    pub fn go_on(&mut self, done: u64, total: u64) -> bool {
        self.observer.hear(&Event::Preparing { what: self.what, done, total });
        let decision = self.observer.ask();
        self.discard |= decision == Decision::Discard;
        !matches!(decision, Decision::Stop | Decision::Discard)
    }

    /// What came of it; an end that the observer wanted is [`TrainError::Cancelled`].
    pub fn outcome<T>(self, outcome: Result<T, TrainError>) -> Result<T, TrainError> {
        match outcome {
            Err(
                TrainError::Cancelled { .. }
                | TrainError::Set(CropSetError::Cancelled)
                | TrainError::Codes(CodesError::Cancelled),
            ) => Err(TrainError::Cancelled { discard: self.discard }),
            other => other,
        }
    }
}

/// Does something long whose files must lie on the disk before the next step. What the disk refuses is told and tried
/// again, until it takes it or the observer ends the training.
///
/// # Errors
/// What else went wrong in it; [`TrainError::Cancelled`].
pub fn until_written<T>(
    what: &str,
    step: u64,
    keeping: &mut Keeping,
    observer: &mut dyn Observer,
    mut work: impl FnMut(&mut dyn FnMut(u64, u64) -> bool) -> Result<T, TrainError>,
) -> Result<T, TrainError> {
    loop {
        let mut asked = Asked::new(what, observer);
        let outcome = work(&mut |done, total| asked.go_on(done, total));
        let refused = match asked.outcome(outcome) {
            Err(TrainError::Write(refused) | TrainError::Codes(CodesError::Write(refused))) => refused,
            other => return other,
        };
        keeping.waits(step, &refused.to_string(), observer);
        wait(observer)?;
    }
}

/// Waits for a while, or until the observer ends the training.
fn wait(observer: &mut dyn Observer) -> Result<(), TrainError> {
    let since = Instant::now();
    while since.elapsed() < AGAIN_AFTER {
        thread::sleep(ASKED_EVERY);
        match observer.ask() {
            Decision::Stop => return Err(TrainError::Cancelled { discard: false }),
            Decision::Discard => return Err(TrainError::Cancelled { discard: true }),
            // It stands still as it is, and has nothing new to save.
            Decision::Continue | Decision::Pause | Decision::Save => (),
        }
    }
    Ok(())
}
