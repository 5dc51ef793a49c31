//! Every core at work on a list of items. Burn's CPU backend uses whichever thread pool calls it, and a small network
//! does not fill the cores; so each core computes alone, in a pool of one thread, as `nn::many` does.

use std::num::NonZero;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver};
use std::thread;

use super::FindError;
use crate::nn::many::alone;

/// Of every thread here.
const NAME: &str = "find";

/// How many cores there are.
pub(super) fn cores() -> usize {
    thread::available_parallelism().map_or(1, NonZero::get)
}

/// What `work` makes of each of the items, in order, on so many cores; on one it is the caller's thread that works.
/// `stop` is asked on that thread, before the first item and after each.
///
/// # Errors
/// The first error of `work`, or [`FindError::Cancelled`]; items that are being worked on are waited for.
pub(super) fn share<T: Sync, U: Send>(
    cores: usize,
    items: &[T],
    stop: &dyn Fn() -> bool,
    work: impl Fn(&T) -> Result<U, FindError> + Sync,
) -> Result<Vec<U>, FindError> {
    if stop() {
        return Err(FindError::Cancelled);
    }
    if cores == 1 {
        return in_turn(items, stop, work);
    }
    let pools = (0..cores.min(items.len())).map(|_| alone(NAME)).collect::<Result<Vec<_>, _>>();
    let pools = pools.map_err(|error| FindError::Thread { reason: error.to_string() })?;
    let (next, halted) = (AtomicUsize::new(0), AtomicBool::new(false));
    let (next, halted, work) = (&next, &halted, &work);
    let mut outputs = thread::scope(|scope| {
        let (sender, results) = mpsc::channel();
        for pool in &pools {
            let sender = sender.clone();
            let run = move || {
                while !halted.load(Ordering::Relaxed) {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let Some(item) = items.get(number) else { break };
                    if sender.send((number, work(item))).is_err() {
                        break;
                    }
                }
            };
            let worker = named().spawn_scoped(scope, move || pool.install(run));
            if let Err(error) = worker {
                halted.store(true, Ordering::Relaxed);
                return Err(FindError::Thread { reason: error.to_string() });
            }
        }
        drop(sender);
        gathered(results, stop, halted)
    })?;
    outputs.sort_by_key(|(number, _)| *number);
    Ok(outputs.into_iter().map(|(_, output)| output).collect())
}

/// [`share`] without other threads.
fn in_turn<T, U>(
    items: &[T],
    stop: &dyn Fn() -> bool,
    work: impl Fn(&T) -> Result<U, FindError>,
) -> Result<Vec<U>, FindError> {
    let mut outputs = Vec::with_capacity(items.len());
    for item in items {
        outputs.push(work(item)?);
        if stop() {
            return Err(FindError::Cancelled);
        }
    }
    Ok(outputs)
}

/// What `work` makes, on a thread of its own that this one waits for: a thread of a pool that waits inside `work` may
/// take up other work of that pool before `work` is done.
pub(super) fn apart<T: Send>(work: impl FnOnce() -> T + Copy + Send) -> T {
    thread::scope(|scope| match named().spawn_scoped(scope, work) {
        Ok(worker) => worker.join().unwrap_or_else(|panic| resume_unwind(panic)),
        // Where the operating system gives no thread, this one has to do.
        Err(_) => work(),
    })
}

fn named() -> thread::Builder {
    thread::Builder::new().name(NAME.to_owned())
}

/// Results until the last worker has gone, or why they are not wanted.
fn gathered<U>(
    results: Receiver<(usize, Result<U, FindError>)>,
    stop: &dyn Fn() -> bool,
    halted: &AtomicBool,
) -> Result<Vec<(usize, U)>, FindError> {
    let mut outputs = Vec::new();
    let mut failed = None;
    for (number, outcome) in results {
        match outcome {
            Ok(output) => outputs.push((number, output)),
            Err(error) => failed = failed.or(Some(error)),
        }
        if failed.is_none() && stop() {
            failed = Some(FindError::Cancelled);
        }
        if failed.is_some() {
            halted.store(true, Ordering::Relaxed);
        }
    }
    failed.map_or(Ok(outputs), Err)
}
