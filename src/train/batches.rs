//! Pictures on their way to the networks: threads of their own read, turn and prepare them, a few batches ahead of the
//! trainer. What a batch holds is decided by its [`Plan`] alone, whatever the number of threads.

use std::any::Any;
use std::collections::{HashSet, VecDeque};
use std::io;
use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::seen::{NUMBERS, fill, fitting, label_seen, readable};
use crate::data::crops::{CropSet, CropSetError, Label};
use crate::data::image::views::View;

/// Batches that are prepared or in work at most, beside the one that the trainer holds.
pub const AHEAD: usize = 4;

/// What a batch is made of.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// Numbers of crops in the set.
    pub crops: Vec<usize>,
    /// One for each crop. A turn that a stored picture's margin does not allow is folded back into what it does.
    pub views: Vec<View>,
    /// A second view of each crop, or nothing.
    pub second: Vec<View>,
}

/// Prepared pictures and what is known of them.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    pub step: u64,
    /// `[n, 3, 128, 128]`, `rgb / 255 - mean`.
    pub pictures: Vec<f32>,
    /// The second views, as many numbers; empty where the plan has none.
    pub second: Vec<f32>,
    /// The crops that are shown: the plan's, but for those that could not be read.
    pub crops: Vec<usize>,
    /// One for each crop; angles and landmarks (pixels of the 128-pixel crop) as seen in the first view.
    pub labels: Vec<Label>,
    /// The same for the second views; empty where the plan has none.
    pub second_labels: Vec<Label>,
}

/// Why there is no next batch.
#[derive(Debug, thiserror::Error)]
pub enum BatchError {
    #[error(transparent)]
    Set(#[from] CropSetError),
    #[error("The pictures of step {step} could not be prepared ({what}); resume from the last checkpoint")]
    Panicked { step: u64, what: String },
    #[error("Step {step} was planned wrongly ({what}); please report this")]
    BadPlan { step: u64, what: String },
    #[error("A thread for preparing pictures could not be started ({0}); choose fewer workers")]
    NoThread(io::Error),
    #[error("The pictures ended after an earlier error; resume from the last checkpoint")]
    Ended,
}

/// What a step shows; called once for each step, in their order, on any thread.
pub type Planner = Arc<dyn Fn(u64) -> Plan + Send + Sync>;

/// Prepares batches ahead, step by step. Dropping it stops its threads.
pub struct Loader {
    shared: Arc<Shared>,
    threads: Vec<JoinHandle<()>>,
    waited_ns: AtomicU64,
}

struct Shared {
    set: CropSet,
    plan: Planner,
    stretch: bool,
    queue: Mutex<Queue>,
    /// There is work, or none any more.
    work: Condvar,
    /// The first batch is ready, or has failed.
    ready: Condvar,
    skipped: Mutex<HashSet<usize>>,
}

struct Queue {
    /// In order; the first is the one that the trainer gets next.
    slots: VecDeque<Slot>,
    next_step: u64,
    /// A thread is asking for a plan.
    planning: bool,
    stop: bool,
}

struct Slot {
    step: u64,
    plan: Arc<Plan>,
    /// The next picture that no thread has taken.
    next: usize,
    /// Pictures that are not ready.
    left: usize,
    batch: Arc<Mutex<Batch>>,
    failed: Option<BatchError>,
}

enum Work {
    Plan(u64),
    Picture { step: u64, plan: Arc<Plan>, place: usize, batch: Arc<Mutex<Batch>> },
}

impl Loader {
    /// Starts `workers` threads (at least one), which prepare the batches from `first_step` on; `stretch` spreads each
    /// crop's colours (section 2 of the method).
    ///
    /// # Errors
    /// [`BatchError::NoThread`] where the system gives no thread.
    pub fn start(
        set: CropSet,
        plan: Planner,
        first_step: u64,
        workers: usize,
        stretch: bool,
    ) -> Result<Self, BatchError> {
        let queue = Queue { slots: VecDeque::new(), next_step: first_step, planning: false, stop: false };
        let shared = Arc::new(Shared {
            set,
            plan,
            stretch,
            queue: Mutex::new(queue),
            work: Condvar::new(),
            ready: Condvar::new(),
            skipped: Mutex::default(),
        });
        // Made before the threads, so that those already there are stopped where one cannot be started.
        let mut loader = Self { shared, threads: Vec::new(), waited_ns: AtomicU64::new(0) };
        for number in 0..workers.max(1) {
            let shared = loader.shared.clone();
            let named = thread::Builder::new().name(format!("pictures-{number}"));
            loader.threads.push(named.spawn(move || shared.serve()).map_err(BatchError::NoThread)?);
        }
        Ok(loader)
    }

    /// The next step's batch; waits until it is ready.
    ///
    /// # Errors
    /// What went wrong on the way to it, a panic among that; [`BatchError::Ended`] ever after.
    pub fn next(&self) -> Result<Batch, BatchError> {
        let since = Instant::now();
        let slot = self.shared.first_ready();
        self.waited_ns.fetch_add(since.elapsed().as_nanos() as u64, Ordering::Relaxed);
        let slot = slot.ok_or(BatchError::Ended)?;
        match slot.failed {
            Some(error) => {
                self.shared.stop();
                Err(error)
            }
            None => Ok(std::mem::take(&mut *lock(&slot.batch))),
        }
    }

    /// How long [`Loader::next`] has waited so far.
    pub fn waited(&self) -> Duration {
        Duration::from_nanos(self.waited_ns.load(Ordering::Relaxed))
    }

    /// Crops that could not be read and were replaced by the next one that can be, since this was last asked.
    pub fn take_skipped(&self) -> HashSet<usize> {
        std::mem::take(&mut *lock(&self.shared.skipped))
    }
}

impl Drop for Loader {
    fn drop(&mut self) {
        self.shared.stop();
        for thread in self.threads.drain(..) {
            // A panic in it has been told already.
            let _ = thread.join();
        }
    }
}

impl Shared {
    fn stop(&self) {
        let mut queue = lock(&self.queue);
        queue.stop = true;
        queue.slots.clear();
        self.work.notify_all();
        self.ready.notify_all();
    }

    /// Waits for the first batch; none where there will be none.
    fn first_ready(&self) -> Option<Slot> {
        let mut queue = lock(&self.queue);
        loop {
            if queue.stop {
                return None;
            }
            if queue.slots.front().is_some_and(|slot| slot.left == 0 || slot.failed.is_some()) {
                self.work.notify_all();
                return queue.slots.pop_front();
            }
            queue = self.ready.wait(queue).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// A thread's life: works until the loader stops.
    fn serve(&self) {
        while let Some(work) = self.next_work() {
            let (Work::Plan(step) | Work::Picture { step, .. }) = work;
            let outcome = panic::catch_unwind(AssertUnwindSafe(|| match work {
                Work::Plan(step) => self.add(step),
                Work::Picture { plan, place, batch, .. } => self.prepare(step, &plan, place, &batch),
            }));
            let outcome = outcome.unwrap_or_else(|panic| Err(BatchError::Panicked { step, what: message(&*panic) }));
            if let Err(error) = outcome {
                self.fail(step, error);
            }
        }
    }

    /// The next thing to do: pictures of the earliest step first; none where the loader stops.
    fn next_work(&self) -> Option<Work> {
        let mut queue = lock(&self.queue);
        loop {
            if queue.stop {
                return None;
            }
            let open = |slot: &&mut Slot| slot.failed.is_none() && slot.next < slot.plan.crops.len();
            if let Some(slot) = queue.slots.iter_mut().find(open) {
                let (step, place) = (slot.step, slot.next);
                slot.next += 1;
                return Some(Work::Picture { step, plan: slot.plan.clone(), place, batch: slot.batch.clone() });
            }
            let failed = queue.slots.iter().any(|slot| slot.failed.is_some());
            if !queue.planning && !failed && queue.slots.len() < AHEAD {
                queue.planning = true;
                return Some(Work::Plan(queue.next_step));
            }
            queue = self.work.wait(queue).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Plans a step and makes room for its pictures.
    fn add(&self, step: u64) -> Result<(), BatchError> {
        let plan = (self.plan)(step);
        check(&plan, self.set.len()).map_err(|what| BatchError::BadPlan { step, what })?;
        let n = plan.crops.len();
        let batch = Batch {
            step,
            pictures: vec![0.0; n * NUMBERS],
            second: vec![0.0; plan.second.len() * NUMBERS],
            crops: plan.crops.clone(),
            labels: vec![Label::default(); n],
            second_labels: vec![Label::default(); plan.second.len()],
        };
        self.push(Slot { step, plan: plan.into(), next: 0, left: n, batch: Arc::new(batch.into()), failed: None });
        Ok(())
    }

    fn push(&self, slot: Slot) {
        let mut queue = lock(&self.queue);
        queue.planning = false;
        if !queue.stop {
            queue.next_step = slot.step + 1;
            queue.slots.push_back(slot);
        }
        self.work.notify_all();
        self.ready.notify_all();
    }

    /// Reads a picture and puts its views and labels into the batch.
    fn prepare(&self, step: u64, plan: &Plan, place: usize, batch: &Mutex<Batch>) -> Result<(), BatchError> {
        let (crop, stored) = readable(&self.set, plan.crops[place])?;
        if crop != plan.crops[place] {
            lock(&self.skipped).insert(plan.crops[place]);
        }
        let label = self.set.label(crop)?;
        let seen = |view: &View| {
            let view = fitting(view, stored.width());
            let mut planes = vec![0.0; NUMBERS];
            fill(&stored, &view, self.stretch, &mut planes);
            (planes, label_seen(&label, stored.width(), &view))
        };
        let (first, second) = (seen(&plan.views[place]), plan.second.get(place).map(seen));

        let mut batch = lock(batch);
        let numbers = place * NUMBERS..(place + 1) * NUMBERS;
        batch.crops[place] = crop;
        batch.pictures[numbers.clone()].copy_from_slice(&first.0);
        batch.labels[place] = first.1;
        if let Some((planes, label)) = second {
            batch.second[numbers].copy_from_slice(&planes);
            batch.second_labels[place] = label;
        }
        drop(batch);

        let mut queue = lock(&self.queue);
        if let Some(slot) = queue.slots.iter_mut().find(|slot| slot.step == step) {
            slot.left -= 1;
            if slot.left == 0 {
                self.ready.notify_all();
            }
        }
        Ok(())
    }

    /// Marks a step as failed; those before it are still delivered.
    fn fail(&self, step: u64, error: BatchError) {
        let mut queue = lock(&self.queue);
        if let Some(slot) = queue.slots.iter_mut().find(|slot| slot.step == step) {
            slot.failed.get_or_insert(error);
            self.ready.notify_all();
            return;
        }
        drop(queue);
        self.push(Slot { step, plan: Arc::default(), next: 0, left: 0, batch: Arc::default(), failed: Some(error) });
    }
}

/// What is wrong with a plan over a set of `len` crops.
fn check(plan: &Plan, len: usize) -> Result<(), String> {
    let (crops, views, second) = (plan.crops.len(), plan.views.len(), plan.second.len());
    if views != crops || (second != 0 && second != crops) {
        return Err(format!("{crops} crops, {views} views and {second} second views"));
    }
    match plan.crops.iter().find(|&&crop| crop >= len) {
        Some(crop) => Err(format!("the crop {crop} of {len}")),
        None => Ok(()),
    }
}

pub(super) fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
    text.and_then(|text| text.lines().next()).unwrap_or("it stopped without a message").to_owned()
}

/// A panic while it was held has been caught and told, and what it guards is whole at all times.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
