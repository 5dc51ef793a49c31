//! Work of several steps as the terminal watches it: a bar for each, and Ctrl+C.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use indicatif::{ProgressBar, ProgressStyle};

use super::context::Context;
use super::train_terminal::hear_interrupts;

pub struct Steps {
    bar: ProgressBar,
    interrupts: Arc<AtomicUsize>,
    /// The step that is shown, and whether it is known how much of it there is.
    shown: (&'static str, bool),
}

impl Steps {
    /// From here on the first Ctrl+C asks the work to stop, and the second ends the program.
    pub fn new(context: &mut Context) -> Self {
        let interrupts = Arc::new(AtomicUsize::new(0));
        hear_interrupts(&interrupts);
        Steps { bar: context.line(), interrupts, shown: ("", false) }
    }

    /// Shows how much of a step is done, and of how much; of 0 where that is not known yet. `beside` stands behind it.
    /// False once the work is to stop.
    pub fn hear(&mut self, step: &'static str, counts: [u64; 2], beside: &str) -> bool {
        self.show(step, "{pos} of {len}", counts, beside)
    }

    /// The same of work whose amount says nothing to people: its share stands there, in per cent.
    pub fn hear_share(&mut self, step: &'static str, work: [u64; 2], beside: &str) -> bool {
        self.show(step, "{percent} %", work, beside)
    }

    fn show(&mut self, step: &'static str, how_much: &str, [done, total]: [u64; 2], beside: &str) -> bool {
        let is_known = total > 0;
        if self.shown != (step, is_known) {
            let known = format!("{step} {{bar:30}} {how_much}{{msg}}  {{eta}} left");
            let style = ProgressStyle::with_template(if is_known { &known } else { "{wide_msg}" });
            self.bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            self.bar.set_position(done);
            // The time that other steps took says nothing about this one.
            self.bar.reset_eta();
            self.shown = (step, is_known);
        }
        if is_known {
            self.bar.set_length(total);
            self.bar.set_message(beside.to_owned());
            self.bar.set_position(done);
        } else {
            self.bar.set_message(step);
            self.bar.tick();
        }
        self.goes_on()
    }

    pub fn goes_on(&self) -> bool {
        self.interrupts.load(Ordering::Relaxed) == 0
    }

    /// Takes the bar away.
    pub fn finish(self) {
        self.bar.finish_and_clear();
    }
}
