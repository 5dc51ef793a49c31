//! A newest-wins cell between two threads: a value that is put replaces the one that nobody has taken yet.
//!
//! It holds what is only current (a face to draw, the picture drawn); what must not be lost goes through a queue. A
//! `Slot<()>` is a bell: however often it rings, whoever waits wakes once.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// The cell. Neither putting nor taking ever waits for the other side.
#[derive(Debug)]
pub struct Slot<T> {
    value: Mutex<Option<T>>,
    filled: Condvar,
}

impl<T> Slot<T> {
    /// Puts a value and wakes whoever waits; what was still there comes back.
    pub fn put(&self, value: T) -> Option<T> {
        let replaced = self.lock().replace(value);
        self.filled.notify_one();
        replaced
    }

    /// Takes what is there.
    pub fn take(&self) -> Option<T> {
        self.lock().take()
    }

    /// Waits until there is a value and takes it.
    pub fn wait(&self) -> T {
        let mut value = self.lock();
        loop {
            if let Some(taken) = value.take() {
                return taken;
            }
            value = self.filled.wait(value).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<T>> {
        // Held for a move only, which leaves no half-written value behind.
        self.value.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Default for Slot<T> {
    fn default() -> Self {
        Slot { value: Mutex::new(None), filled: Condvar::new() }
    }
}
