//! Batches made ahead on threads of their own. Which thread makes a batch changes nothing about it.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::super::batches::BatchError;

/// Batches that each thread keeps ready, beside the one that it makes.
const READY: usize = 1;

/// Makes the batch of a step, on any thread.
pub type Make<B> = Arc<dyn Fn(u64) -> B + Send + Sync>;

/// The batches of steps that follow each other. Dropping it stops its threads.
pub struct Feed<B> {
    workers: Vec<(Receiver<B>, JoinHandle<()>)>,
    next: usize,
    step: u64,
    waited: Duration,
}

impl<B: Send + 'static> Feed<B> {
    /// Starts `workers` threads (at least one) that make the batches of the steps from `first` to before `end`.
    ///
    /// # Errors
    /// [`BatchError::NoThread`] where the system gives no thread.
    pub fn start(make: &Make<B>, first: u64, end: u64, workers: usize) -> Result<Self, BatchError> {
        let workers = workers.max(1);
        let mut feed = Feed { workers: Vec::new(), next: 0, step: first, waited: Duration::ZERO };
        for number in 0..workers {
            let (sender, receiver) = sync_channel(READY);
            let make = Arc::clone(make);
            let steps = (first + number as u64..end).step_by(workers);
            let thread = thread::Builder::new().name(format!("finder-pictures-{number}"));
            let thread = thread.spawn(move || serve(&make, steps, &sender)).map_err(BatchError::NoThread)?;
            feed.workers.push((receiver, thread));
        }
        Ok(feed)
    }

    /// The next step's batch; waits until it is ready.
    ///
    /// # Errors
    /// [`BatchError::Panicked`] where its thread has ended, and after the last step.
    pub fn take(&mut self) -> Result<B, BatchError> {
        let since = Instant::now();
        let batch = self.workers[self.next].0.recv();
        self.waited += since.elapsed();
        let step = self.step;
        self.next = (self.next + 1) % self.workers.len();
        self.step += 1;
        batch.map_err(|_| BatchError::Panicked { step, what: "its thread has ended".to_owned() })
    }

    /// How long [`Feed::take`] has waited so far.
    pub fn waited(&self) -> Duration {
        self.waited
    }
}

impl<B> Drop for Feed<B> {
    fn drop(&mut self) {
        let (receivers, threads): (Vec<_>, Vec<_>) = self.workers.drain(..).unzip();
        // A thread that cannot hand over its batch ends.
        drop(receivers);
        for thread in threads {
            // A panic in it has been told already.
            let _ = thread.join();
        }
    }
}

fn serve<B>(make: &Make<B>, steps: impl Iterator<Item = u64>, sender: &SyncSender<B>) {
    for step in steps {
        if sender.send(make(step)).is_err() {
            return;
        }
    }
}
