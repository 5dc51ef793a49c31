//! Jobs side by side on all cores, while the thread that asked for them tells how far they are and may stop them.

use std::num::NonZero;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

/// How often the one who asked hears of them.
const PATIENCE: Duration = Duration::from_millis(50);

/// How far all jobs are together.
#[derive(Default)]
pub(super) struct Ticks {
    done: AtomicUsize,
    stop: AtomicBool,
}

impl Ticks {
    /// One more of the small steps that jobs are made of is done; whether to go on.
    pub fn go_on(&self) -> bool {
        self.done.fetch_add(1, Relaxed);
        !self.stop.load(Relaxed)
    }
}

/// A job by its number: what it gives, none where it was told to stop.
type Work<'a, T, E> = dyn Fn(usize, &Ticks) -> Result<Option<T>, E> + Sync + 'a;

/// What jobs `0..jobs` give, each a function of its number alone, so that the number of cores changes nothing. `ticks`
/// small steps are to be expected of all of them together; a job gives none where [`Ticks::go_on`] told it to stop.
/// `watch` gets the share that is done, 0 to 1, and says whether to go on. None where it said no.
///
/// # Errors
/// That of a job; the others are stopped.
pub(super) fn run<T: Send, E: Send>(
    jobs: usize,
    ticks: usize,
    work: &Work<T, E>,
    watch: &mut dyn FnMut(f32) -> bool,
) -> Result<Option<Vec<T>>, E> {
    let (next, common) = (AtomicUsize::new(0), Ticks::default());
    let worker = |answers: Sender<(usize, Result<Option<T>, E>)>| {
        loop {
            let job = next.fetch_add(1, Relaxed);
            if job >= jobs || common.stop.load(Relaxed) || answers.send((job, work(job, &common))).is_err() {
                break;
            }
        }
    };
    let worker = &worker;
    let threads = thread::available_parallelism().map_or(1, NonZero::get).min(jobs);
    let (mut results, mut failed) = (Vec::new(), None);
    results.resize_with(jobs, || None);
    thread::scope(|scope| {
        let (sender, answers) = mpsc::channel();
        let start = |number: &usize| {
            let sender = sender.clone();
            let named = thread::Builder::new().name(format!("audit {number}"));
            named.spawn_scoped(scope, move || worker(sender)).is_ok()
        };
        if (0..threads).take_while(start).count() == 0 {
            // Where there are no threads to be had, on this one.
            worker(sender.clone());
        }
        drop(sender);
        loop {
            match answers.recv_timeout(PATIENCE) {
                Ok((job, Ok(result))) => results[job] = result,
                Ok((_, Err(error))) => {
                    common.stop.store(true, Relaxed);
                    failed.get_or_insert(error);
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            let share = common.done.load(Relaxed) as f32 / ticks.max(1) as f32;
            if !watch(share.min(1.0)) {
                common.stop.store(true, Relaxed);
            }
        }
    });
    match failed {
        Some(error) => Err(error),
        None => Ok(results.into_iter().collect()),
    }
}
