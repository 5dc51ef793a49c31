//! A stop watch within a step, for [`super::bench`]. In a training it stands still: to time a part is to wait for the
//! device at its end, and a device that works ahead must not be waited for within a step.

use std::cell::RefCell;
use std::time::{Duration, Instant};

use burn::tensor::Device;

/// Parts by name with the time that they took, in the order in which they first ended.
pub type Taken = Vec<(&'static str, Duration)>;

/// Where the parts of steps are timed, from [`Laps::start`] to [`Laps::end`].
#[derive(Default)]
pub struct Laps(RefCell<Option<Watch>>);

struct Watch {
    device: Device,
    since: Instant,
    taken: Taken,
}

impl Laps {
    /// From here on parts are timed; the first begins now.
    pub fn start(&self, device: &Device) {
        let device = device.clone().without_autodiff();
        *self.0.borrow_mut() = Some(Watch { device, since: Instant::now(), taken: Vec::new() });
    }

    /// A part ends here, and the next begins.
    pub fn lap(&self, part: &'static str) {
        let mut watch = self.0.borrow_mut();
        let Some(watch) = watch.as_mut() else { return };
        // A device that fails says so where its numbers are read.
        let _ = watch.device.sync();
        let took = watch.since.elapsed();
        match watch.taken.iter_mut().find(|(known, _)| *known == part) {
            Some((_, sum)) => *sum += took,
            None => watch.taken.push((part, took)),
        }
        watch.since = Instant::now();
    }

    /// What was timed; nothing more is.
    pub fn end(&self) -> Taken {
        self.0.take().map(|watch| watch.taken).unwrap_or_default()
    }
}
