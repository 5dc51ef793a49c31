//! How a training ended, in one sentence that says how to go on.

use super::view::RunState;
use crate::train::Config;
use crate::train::memory;

/// Batch norm and triplets need more than one picture.
const SMALLEST_PART: usize = 2;

/// A training that came to an end of its own. `message` is what its status says, the sentence where it failed.
pub(super) fn ended(state: RunState, step: u64, message: &str) -> String {
    match state {
        RunState::Finished => "The training has finished".to_owned(),
        RunState::Stopped => format!("The training has stopped and was saved at step {step}; resume it when you like"),
        RunState::Discarded => "The training has stopped and what it had made was discarded".to_owned(),
        RunState::Failed if !message.is_empty() => message.to_owned(),
        _ => silent(None, None),
    }
}

/// One that ended without a sentence; `how` in words, where that is known.
pub(super) fn silent(how: Option<&str>, checkpoint: Option<u64>) -> String {
    let how = how.map_or_else(String::new, |how| format!(" ({how})"));
    format!("The training ended without a word{how}; {}", go_on(checkpoint))
}

/// One that a fault of ours ended.
pub(super) fn crashed(words: &str, checkpoint: Option<u64>) -> String {
    format!("The training crashed ({words}); please report this, and {}", go_on(checkpoint))
}

/// One that the system ended.
pub(super) fn killed_for_memory(checkpoint: Option<u64>, config: Option<&Config>) -> String {
    let batch = config.and_then(smaller_batch).map_or_else(String::new, |size| format!(" with batch.size {size}"));
    format!("The training was stopped by the system, probably because memory ran out; {}{batch}", go_on(checkpoint))
}

/// Whether a process of this size had nearly all of the machine's memory.
pub(super) fn fills_the_machine(memory_mb: f64) -> bool {
    let machine = memory::total_mb().zip(memory::available_mb());
    machine.is_some_and(|(total, free)| memory::fills(memory_mb, total, free))
}

fn go_on(checkpoint: Option<u64>) -> String {
    checkpoint.map_or("start it again".to_owned(), |step| format!("resume it from step {step}"))
}

/// A batch that fits, and is smaller than the one that did not: now that the training is gone, the old one seems to.
fn smaller_batch(config: &Config) -> Option<usize> {
    let parts = config.batch.accumulate.max(1);
    let size = memory::fits(config).unwrap_or(0).min(config.batch.size / 2);
    Some(size - size % parts).filter(|size| *size >= SMALLEST_PART * parts)
}
