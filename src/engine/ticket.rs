//! The counterfoil of a request: its number, how far it is, and a way to call it off; and how requests are handed over.

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, SyncSender, TrySendError};

use super::bell::Bell;
use super::protocol::Refused;

/// Requests that may wait; one more is refused.
pub(super) const REQUESTS: usize = 64;

/// What the asker keeps of a request. Clones are the same request; dropping them all calls nothing off.
#[derive(Clone, Debug)]
pub struct Ticket {
    number: u64,
    state: Arc<State>,
}

#[derive(Debug, Default)]
struct State {
    cancelled: AtomicBool,
    done: AtomicUsize,
    total: AtomicUsize,
}

impl Ticket {
    pub(super) fn new(number: u64) -> Self {
        Ticket { number, state: Arc::default() }
    }

    /// The number that the answers carry.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// Calls the request off. What is in hand is finished; [`super::Event::Cancelled`] is its last answer, unless it
    /// was done before.
    pub fn cancel(&self) {
        self.state.cancelled.store(true, Ordering::Relaxed);
    }

    pub fn is_cancelled(&self) -> bool {
        self.state.cancelled.load(Ordering::Relaxed)
    }

    /// How many pieces are done, and of how many; 0 of 0 before it is known. Only the current state, never a queue of
    /// old ones.
    pub fn progress(&self) -> (usize, usize) {
        (self.state.done.load(Ordering::Relaxed), self.state.total.load(Ordering::Relaxed))
    }

    pub(super) fn expect(&self, total: usize) {
        self.state.total.store(total, Ordering::Relaxed);
    }

    /// So many pieces are done.
    pub(super) fn reach(&self, done: usize) {
        self.state.done.store(done, Ordering::Relaxed);
    }

    /// One more piece is done.
    pub(super) fn advance(&self) {
        self.state.done.fetch_add(1, Ordering::Relaxed);
    }
}

/// Gives every request a number of its own.
pub(super) struct Tickets {
    last: Cell<u64>,
}

impl Tickets {
    /// The first number is the next one after `last`.
    pub fn after(last: u64) -> Self {
        Tickets { last: Cell::new(last) }
    }

    pub fn number(&self) -> u64 {
        let number = self.last.get() + 1;
        self.last.set(number);
        number
    }

    /// Hands a new ticket over and keeps its counterfoil.
    pub fn ask(&self, hand_over: impl FnOnce(Ticket) -> Result<(), Refused>) -> Result<Ticket, Refused> {
        let ticket = Ticket::new(self.number());
        hand_over(ticket.clone())?;
        Ok(ticket)
    }
}

/// A queue to a thread that sleeps by a bell.
pub(super) struct Orders<T> {
    queue: SyncSender<T>,
    bell: Arc<Bell>,
}

impl<T> Orders<T> {
    /// A queue for [`REQUESTS`], and the end that the thread reads.
    pub fn new(bell: &Arc<Bell>) -> (Self, Receiver<T>) {
        let (queue, to_do) = mpsc::sync_channel(REQUESTS);
        (Orders { queue, bell: Arc::clone(bell) }, to_do)
    }

    /// Hands an order over, or says why it has no place there.
    pub fn submit(&self, order: T) -> Result<(), Refused> {
        submit(&self.queue, order)?;
        self.bell.ring();
        Ok(())
    }

    /// Hands an order over as soon as it has a place there.
    pub fn send(&self, order: T) {
        // At the end of the program that thread may be gone before this one.
        let _ = self.queue.send(order);
        self.bell.ring();
    }
}

impl<T> Clone for Orders<T> {
    fn clone(&self) -> Self {
        Orders { queue: self.queue.clone(), bell: Arc::clone(&self.bell) }
    }
}

/// Puts a request into a queue, or says why it has no place there.
pub(super) fn submit<T>(queue: &SyncSender<T>, request: T) -> Result<(), Refused> {
    queue.try_send(request).map_err(|error| match error {
        TrySendError::Full(_) => Refused::Full,
        TrySendError::Disconnected(_) => Refused::Stopped,
    })
}
