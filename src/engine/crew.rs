//! What the handles over several threads have in common: how their threads are started, heard and waited for, how a
//! request is closed, how long the rest of one takes, and whether two folders are the same.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::Duration;

use super::guard::guarded;
use super::networks::EngineError;
use super::ticket::Ticket;

/// How long the end of the program waits for a file that is being written and for what else is in hand.
const PATIENCE: Duration = Duration::from_secs(5);

/// For so long nothing is said of the time that something still takes.
const UNTRIED: Duration = Duration::from_secs(2);

/// The window's bell.
pub(super) type Wake = Arc<dyn Fn() + Send + Sync>;

/// Where threads put their events, and the window's bell.
pub(super) struct Voice<E> {
    events: Sender<E>,
    wake: Wake,
}

impl<E> Voice<E> {
    /// With the end that the window reads.
    pub fn new(wake: &Wake) -> (Self, Receiver<E>) {
        let (say, events) = mpsc::channel();
        (Voice { events: say, wake: Arc::clone(wake) }, events)
    }

    pub fn say(&self, event: E) {
        // Where nobody listens any more, the stop follows.
        let _ = self.events.send(event);
        self.wake();
    }

    pub fn wake(&self) {
        (self.wake)();
    }
}

impl<E> Clone for Voice<E> {
    fn clone(&self) -> Self {
        Voice { events: self.events.clone(), wake: Arc::clone(&self.wake) }
    }
}

/// Events that may say what became of a request.
pub(super) trait Closing {
    fn failed(number: u64, sentence: String) -> Self;
    fn cancelled(number: u64) -> Self;
}

/// The event that closes a request: what its work returned, or that it was called off (none), or that it failed.
pub(super) fn closed<E: Closing>(number: u64, outcome: Result<Option<E>, String>) -> E {
    match outcome {
        Ok(Some(event)) => event,
        Ok(None) => E::cancelled(number),
        Err(sentence) => E::failed(number, sentence),
    }
}

/// What the work of a request comes to: none where it was called off before it began. `crashed` makes a sentence of a
/// panic.
pub(super) fn outcome<T>(
    ticket: &Ticket,
    crashed: impl FnOnce(&str) -> String,
    work: impl FnOnce() -> Result<Option<T>, String>,
) -> Result<Option<T>, String> {
    if ticket.is_cancelled() {
        return Ok(None);
    }
    guarded(work).unwrap_or_else(|panic| Err(crashed(&panic)))
}

/// Does the work of a request that is one piece, unless it was called off before or the program ends; the event that
/// closes it. `crashed` makes a sentence of a panic.
pub(super) fn answer<E: Closing>(
    ticket: &Ticket,
    stopped: bool,
    crashed: impl FnOnce(&str) -> String,
    work: impl FnOnce(u64) -> Result<Option<E>, String>,
) -> E {
    let number = ticket.number();
    ticket.expect(1);
    if stopped || ticket.is_cancelled() {
        return E::cancelled(number);
    }
    let outcome = guarded(|| work(number)).unwrap_or_else(|panic| Err(crashed(&panic)));
    ticket.advance();
    closed(number, outcome)
}

/// Held by whatever must come to its end before the program does: a sender of nothing, seen to be gone at the other
/// end.
pub(super) type Alive = Sender<()>;

/// How long the rest of something takes at the pace so far: `done` of `total` pieces are done, and those after `before`
/// took so long. None before that can be said.
pub(super) fn time_left(took: Duration, before: u64, done: u64, total: u64) -> Option<Duration> {
    let counted = done.saturating_sub(before);
    let is_known = took >= UNTRIED && counted > 0 && total >= done;
    is_known.then(|| took.mul_f64((total - done) as f64 / counted as f64))
}

/// The threads of a handle, while they are started.
pub(super) struct Crew {
    alive: Alive,
    ended: Receiver<()>,
}

impl Crew {
    pub fn new() -> Self {
        let (alive, ended) = mpsc::channel();
        Crew { alive, ended }
    }

    /// For work on other threads that is to be waited for, too.
    pub fn alive(&self) -> Alive {
        self.alive.clone()
    }

    /// Starts a thread.
    ///
    /// # Errors
    /// [`EngineError::NoThread`] where the operating system refuses it.
    pub fn spawn(&self, name: &str, work: impl FnOnce() + Send + 'static) -> Result<(), EngineError> {
        let alive = self.alive();
        let body = move || {
            work();
            drop(alive);
        };
        let started = thread::Builder::new().name(name.to_owned()).spawn(body);
        started.map(|_| ()).map_err(|e| EngineError::NoThread(e.to_string()))
    }

    /// No more threads come; dropping the end waits for those that there are.
    pub fn end(self) -> End {
        self.end_within(PATIENCE)
    }

    /// [`Crew::end`] with another patience.
    pub fn end_within(self, patience: Duration) -> End {
        End { ended: self.ended, patience }
    }
}

/// Waits until all threads have ended, but not for ever: a driver that hangs must not keep the window open.
pub(super) struct End {
    ended: Receiver<()>,
    patience: Duration,
}

impl Drop for End {
    fn drop(&mut self) {
        // Nothing is ever sent; either everything has ended or patience has.
        let _ = self.ended.recv_timeout(self.patience);
    }
}

/// Whether two paths are of one folder, however they are spelled.
pub(super) fn same_folder(a: &Path, b: &Path) -> bool {
    a == b || fs::canonicalize(a).is_ok_and(|a| fs::canonicalize(b).is_ok_and(|b| a == b))
}
