//! Where the engine's threads put their answers.

use std::sync::mpsc::SyncSender;

use super::crew::Wake;
use super::protocol::Event;

/// The near end of a bounded queue of events, and the window's bell.
#[derive(Clone)]
pub(super) struct Outbox {
    events: SyncSender<Event>,
    wake: Wake,
}

impl Outbox {
    pub fn new(events: SyncSender<Event>, wake: Wake) -> Self {
        Outbox { events, wake }
    }

    /// Says something and wakes the window; waits while the queue is full, since nothing said may be lost. False where
    /// nobody listens any more.
    pub fn say(&self, event: Event) -> bool {
        let heard = self.events.send(event).is_ok();
        self.wake();
        heard
    }

    /// Tells the window that there is something to look at.
    pub fn wake(&self) {
        (self.wake)();
    }
}
