//! What a thread sleeps by: its bell rings when there is something to do, and for the last time when it is to stop.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::slot::Slot;

/// However often it rings, whoever waits wakes once.
#[derive(Debug, Default)]
pub(super) struct Bell {
    rung: Slot<()>,
    stopped: AtomicBool,
}

impl Bell {
    pub fn ring(&self) {
        self.rung.put(());
    }

    pub fn wait(&self) {
        self.rung.wait();
    }

    /// Whether its thread is to stop.
    pub fn stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }

    /// Works until it is told to stop. `turn` does the most urgent thing; false if there is none.
    pub fn work(&self, mut turn: impl FnMut() -> bool) {
        while !self.stopped() {
            if !turn() {
                self.wait();
            }
        }
    }
}

/// Tells the threads that sleep by these bells to stop, when it is dropped.
pub(super) struct Stop(pub Vec<Arc<Bell>>);

impl Drop for Stop {
    fn drop(&mut self) {
        for bell in &self.0 {
            bell.stopped.store(true, Ordering::Relaxed);
            bell.ring();
        }
    }
}
