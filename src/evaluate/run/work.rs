//! How much there is to do, and how much of it is done: in estimated work, about a millisecond each of two cores and
//! networks of full width. Only the shares matter.

use super::{Progress, Step};
use crate::evaluate::options::{Options, PartName};
use crate::evaluate::parts::MOST_EDITED;

/// To find a face in a photograph and cut it out.
const PREPARE: u64 = 60;
/// To read and decode a picture.
const DECODE_FILE: u64 = 1;
const ENCODE: u64 = 10;
const DECODE: u64 = 10;
/// The recogniser's look at a picture.
const DESCRIBE: u64 = 20;
/// The readers of expressions, which are trained anew.
const READERS: u64 = 30_000;
/// The figures' sheets, beside the readers.
const SHEETS: u64 = 10_000;

/// The work of preparing so many pictures.
pub(super) fn preparing(pictures: u64) -> u64 {
    pictures * PREPARE
}

/// The work of reading and encoding so many faces.
pub(super) fn reading(faces: u64) -> u64 {
    faces * (DECODE_FILE + ENCODE)
}

/// The work of a part on so many faces.
pub(super) fn of_part(part: PartName, faces: u64, options: &Options) -> u64 {
    let samples = faces.min(options.samples as u64);
    let described = if options.recogniser.is_some() { DESCRIBE } else { 0 };
    let few = faces.min(MOST_EDITED as u64);
    let work = match part {
        // Decoded in two ways; PCA goes through the pictures four times.
        PartName::Reconstruction => faces * (2 * DECODE + 5 * DECODE_FILE) + 2000,
        PartName::Sampling => samples * DECODE + (samples + faces) * described,
        PartName::Verification => 1000,
        PartName::Expression => READERS,
        PartName::Pose => 100,
        // Everybody searches among all.
        PartName::Retrieval => faces * (10 + faces / 500),
        PartName::Cycle => 4 * few * (DECODE + ENCODE),
        PartName::Identity if described == 0 => 1,
        PartName::Identity => faces * (DECODE + 2 * described) + 4 * few * (DECODE + described),
        PartName::Disentanglement => faces * 5,
        PartName::Figures => READERS + SHEETS,
    };
    work.max(1)
}

/// Tells whoever watches.
pub(super) struct Work<'a> {
    watch: &'a mut dyn FnMut(Progress) -> bool,
    set: String,
    step: Step,
    /// Of all steps before this one.
    before: u64,
    /// Of this step.
    of_step: u64,
    total: u64,
    stopped: bool,
}

impl<'a> Work<'a> {
    pub fn new(watch: &'a mut dyn FnMut(Progress) -> bool) -> Self {
        Work { watch, set: String::new(), step: Step::Read, before: 0, of_step: 0, total: 0, stopped: false }
    }

    /// Learns how much there is to do from here on.
    pub fn expect(&mut self, work: u64) {
        self.total = self.before + self.of_step + work;
    }

    /// Ends the step in hand and begins another one; false where that is not wanted any more.
    pub fn begin(&mut self, set: &str, step: Step, work: u64) -> bool {
        self.before += self.of_step;
        (self.set, self.step, self.of_step) = (set.to_owned(), step, work);
        // Estimates made on the way may be larger than those made before.
        self.total = self.total.max(self.before + self.of_step);
        self.hear(0, 0)
    }

    /// Hears how much of the step is done, and of how much; of 0 where that is not known yet. False where no more of it
    /// is wanted.
    pub fn hear(&mut self, done: u64, of: u64) -> bool {
        if !self.stopped {
            let work = (u128::from(self.of_step) * u128::from(done.min(of)) / u128::from(of.max(1))) as u64;
            let progress = Progress {
                set: self.set.clone(),
                part: self.step,
                of_step: [done.min(of), of],
                done: self.before + work,
                total: self.total.max(1),
            };
            self.stopped = !(self.watch)(progress);
        }
        !self.stopped
    }

    /// The same of numbers in memory.
    pub fn hear_counted(&mut self, done: usize, of: usize) -> bool {
        self.hear(done as u64, of as u64)
    }

    pub fn is_stopped(&self) -> bool {
        self.stopped
    }
}
