//! Something long before or between steps, of which the observer hears and which it may end.

use super::codes::CodesError;
use super::error::TrainError;
use super::observer::{Decision, Event, Observer};
use crate::data::crops::CropSetError;

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
