//! Encoding many pictures, a folder's worth.
//!
//! On the CPU one picture does not fill the cores: much of a convolution there is a single thread's reordering. So
//! each core gets a worker, which computes alone in a thread pool of one thread (Burn's CPU backend uses whichever
//! pool calls it) and also loads its own pictures. A GPU is one worker by nature.

use std::num::NonZero;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use image::RgbImage;
use rayon::{ThreadPool, ThreadPoolBuildError, ThreadPoolBuilder};

use super::NnError;
use super::model::{Encoded, FaceModel, MAX_BATCH, MAX_CPU_BATCH};

impl FaceModel {
    /// The codes of pictures of 128 x 128 that are in memory, in order; `progress` as in [`FaceModel::encode_many`].
    ///
    /// # Errors
    /// [`NnError::PictureSize`], [`NnError::Device`], [`NnError::Thread`].
    pub fn encode_all(&self, pictures: &[RgbImage], progress: impl Fn(usize) + Sync) -> Result<Vec<Encoded>, NnError> {
        self.encode_many(pictures.len(), |i| Ok(pictures[i].clone()), progress)
    }

    /// The codes of `count` pictures, in order.
    ///
    /// `picture` loads one by its number, from any thread; `progress` hears how many are done, also from any thread
    /// and not always in order. At most a batch a core is in memory.
    ///
    /// # Errors
    /// The first error of `picture` or of the model; the other workers then stop after their batch.
    pub fn encode_many<E>(
        &self,
        count: usize,
        picture: impl Fn(usize) -> Result<RgbImage, E> + Sync,
        progress: impl Fn(usize) + Sync,
    ) -> Result<Vec<Encoded>, E>
    where
        E: From<NnError> + Send,
    {
        if !self.on_cpu() {
            let work = Work::new(count, MAX_BATCH);
            let outcome = work.share(self, &picture, &progress);
            return outcome.map(|()| work.into_codes());
        }
        let cores = thread::available_parallelism().map_or(1, NonZero::get);
        let workers = cores.min(count.div_ceil(MAX_CPU_BATCH));
        let work = Work::new(count, MAX_CPU_BATCH);
        thread::scope(|scope| {
            let handles: Vec<_> =
                (0..workers).map(|_| scope.spawn(|| work.share_alone(self.clone(), &picture, &progress))).collect();
            // A worker panics only where `picture`, `progress` or the backend does; that is passed on as it came.
            handles
                .into_iter()
                .try_for_each(|handle| handle.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
        })?;
        Ok(work.into_codes())
    }
}

/// A pool of one thread of this name: Burn's CPU backend computes there, and on no other core.
///
/// # Errors
/// Where the operating system gives no thread.
pub fn alone(name: &'static str) -> Result<ThreadPool, ThreadPoolBuildError> {
    ThreadPoolBuilder::new().num_threads(1).thread_name(move |_| name.to_owned()).build()
}

/// What the workers share: the next picture to take, and where codes go.
struct Work {
    count: usize,
    batch: usize,
    next: AtomicUsize,
    done: AtomicUsize,
    failed: AtomicBool,
    /// Number of a batch's first picture, and its codes.
    batches: Mutex<Vec<(usize, Vec<Encoded>)>>,
}

impl Work {
    fn new(count: usize, batch: usize) -> Self {
        Self {
            count,
            batch,
            next: AtomicUsize::new(0),
            done: AtomicUsize::new(0),
            failed: AtomicBool::new(false),
            batches: Mutex::default(),
        }
    }

    /// [`Self::share`] in a thread pool of this worker's own.
    fn share_alone<E: From<NnError> + Send>(
        &self,
        model: FaceModel,
        picture: &(impl Fn(usize) -> Result<RgbImage, E> + Sync),
        progress: &(impl Fn(usize) + Sync),
    ) -> Result<(), E> {
        let pool = alone("encode").map_err(|error| NnError::Thread { reason: error.to_string() })?;
        pool.install(|| self.share(&model, picture, progress))
    }

    /// Takes batches until none is left or a worker has failed.
    fn share<E: From<NnError>>(
        &self,
        model: &FaceModel,
        picture: &impl Fn(usize) -> Result<RgbImage, E>,
        progress: &impl Fn(usize),
    ) -> Result<(), E> {
        while !self.failed.load(Ordering::Relaxed) {
            let first = self.next.fetch_add(self.batch, Ordering::Relaxed);
            if first >= self.count {
                break;
            }
            let numbers = first..(first + self.batch).min(self.count);
            let codes =
                numbers.map(picture).collect::<Result<Vec<_>, E>>().and_then(|loaded| Ok(model.encode(&loaded)?));
            let codes = codes.inspect_err(|_| self.failed.store(true, Ordering::Relaxed))?;
            progress(self.done.fetch_add(codes.len(), Ordering::Relaxed) + codes.len());
            self.batches().push((first, codes));
        }
        Ok(())
    }

    fn batches(&self) -> std::sync::MutexGuard<'_, Vec<(usize, Vec<Encoded>)>> {
        // Held for a push only, which leaves no half-written state behind.
        self.batches.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn into_codes(self) -> Vec<Encoded> {
        let mut batches = std::mem::take(&mut *self.batches());
        batches.sort_by_key(|(first, _)| *first);
        batches.into_iter().flat_map(|(_, codes)| codes).collect()
    }
}
