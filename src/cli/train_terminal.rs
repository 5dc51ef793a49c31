//! A training as the terminal watches it: one line that changes, remarks above it, Ctrl+C, and the run's control file.

use std::path::Path;
use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use indicatif::ProgressBar;
use serde_json::{Value, json};

use super::context::Context;
use super::train_truth::Truth;
use crate::nn::FaceModel;
use crate::train::control::{ControlFile, Word};
use crate::train::metrics::HeldOut;
use crate::train::observer::{Decision, Event, Observer, PassedOver, Progress, Stage};

/// The exit code of a program that Ctrl+C has ended.
const INTERRUPTED: i32 = 130;
/// Losses beyond these do not fit into a line.
const LOSSES: usize = 4;

/// Counts every Ctrl+C; the second ends the program at once. Without a handler the first one does.
pub fn hear_interrupts(count: &Arc<AtomicUsize>) {
    let count = Arc::clone(count);
    // Only a second handler in one process is refused, and a training asks once.
    let _ = ctrlc::set_handler(move || {
        if count.fetch_add(1, Ordering::Relaxed) > 0 {
            process::exit(INTERRUPTED);
        }
    });
}

/// What was heard last.
#[derive(Clone, Copy, Default)]
pub struct Last {
    pub step: u64,
    pub held_out: Option<HeldOut>,
    pub passed_over: PassedOver,
}

/// The observer.
pub struct Terminal<'a> {
    context: &'a mut Context,
    line: ProgressBar,
    control: ControlFile,
    interrupts: Arc<AtomicUsize>,
    paused: bool,
    last: Last,
    /// What is being prepared, told once.
    preparing: String,
    /// Whether the run trains on synthetic faces, and those that it is measured on once they are drawn.
    on_synthetic: bool,
    truth: Option<Truth>,
}

impl<'a> Terminal<'a> {
    pub fn new(context: &'a mut Context, run_dir: &Path, interrupts: Arc<AtomicUsize>, on_synthetic: bool) -> Self {
        Terminal {
            line: context.line(),
            context,
            control: ControlFile::new(run_dir),
            interrupts,
            paused: false,
            last: Last::default(),
            preparing: String::new(),
            on_synthetic,
            truth: None,
        }
    }

    /// Takes the line away.
    pub fn finish(self) -> Last {
        self.line.finish_and_clear();
        self.last
    }

    fn prepare(&mut self, what: &str, done: u64, total: u64) {
        if self.preparing != what {
            what.clone_into(&mut self.preparing);
            if self.line.is_hidden() {
                self.context.remark(&format!("Preparing: {what}"));
            }
        }
        let of = if total > 0 { format!(" of {total}") } else { String::new() };
        self.line.set_message(format!("{what}  {done}{of}"));
        self.line.tick();
    }

    fn step(&mut self, progress: &Progress) {
        (self.last.step, self.last.passed_over) = (progress.step, progress.passed_over);
        self.line.set_message(step_line(progress, self.last.held_out.as_ref()));
        self.line.tick();
    }
}

impl Observer for Terminal<'_> {
    fn hear(&mut self, event: &Event) {
        match event {
            Event::Preparing { what, done, total } => self.prepare(what, *done, *total),
            Event::Remark(text) => self.context.remark(text),
            Event::Step(progress) => self.step(progress),
            Event::HeldOut { step, measured: held_out } => {
                self.context.remark(&format!("step {step}  {}", measured(held_out)));
                self.last.held_out = Some(**held_out);
            }
            Event::Checkpoint { step } => self.context.remark(&format!("step {step}  saved")),
            Event::Exported(_) | Event::Preview(_) => (),
        }
    }

    fn ask(&mut self) -> Decision {
        if self.interrupts.load(Ordering::Relaxed) > 0 {
            return Decision::Stop;
        }
        match self.control.take() {
            Some(Word::Pause) => self.paused = true,
            Some(Word::Go) => self.paused = false,
            Some(Word::Save) => return Decision::Save,
            Some(Word::Stop) => return Decision::Stop,
            Some(Word::Discard) => return Decision::Discard,
            None => (),
        }
        if self.paused { Decision::Pause } else { Decision::Continue }
    }

    fn table(&mut self, model: &FaceModel, _stage: Stage) -> Option<Value> {
        if !self.on_synthetic {
            return None;
        }
        self.line.set_message("measuring what each part of the code says");
        self.line.tick();
        if self.truth.is_none() {
            self.truth = Truth::draw();
        }
        let table = self.truth.as_ref()?.table(model)?;
        let (good, all) = (table.rows.iter().filter(|row| row.is_disentangled()).count(), table.rows.len());
        let step = self.last.step;
        self.context.remark(&format!(
            "step {step}  {good} of {all} attributes are read better from their own part than from the rest"
        ));
        Some(json!({"disentanglement": table.plain()}))
    }
}

/// Where the training is, in a line. A narrow terminal cuts off its end, so what is always short comes first.
pub fn step_line(progress: &Progress, held_out: Option<&HeldOut>) -> String {
    let mut parts = vec![format!("{} {} of {}", progress.stage, progress.step, progress.steps)];
    parts.extend(progress.seconds_left.map(|seconds| format!("{} left", duration(seconds))));
    parts.push(format!("{:.1} steps/s", progress.steps_per_second));
    parts.push(format!("{:.1} pictures/s", progress.pictures_per_second));
    parts.push(format!("{:.0} % waiting", 100.0 * progress.waiting_share));
    parts.extend(progress.memory_mb.map(|megabytes| format!("{megabytes:.0} MB")));
    let losses = progress.losses.iter().take(LOSSES).map(|(name, value)| format!("{name} {value:.3}"));
    parts.push(losses.collect::<Vec<_>>().join(" "));
    parts.extend(held_out.map(measured));
    parts.retain(|part| !part.is_empty());
    parts.join("  ")
}

/// Held-out errors beside what they are to be compared with, as far as they were measured.
pub fn measured(held_out: &HeldOut) -> String {
    let beside = [
        ("training", held_out.rmse_train),
        ("PCA-99", held_out.rmse_pca_99),
        ("mean face", held_out.rmse_mean_face),
        ("sharpness", held_out.sharpness),
    ];
    let beside = beside.iter().filter(|(_, value)| value.is_finite());
    let beside: Vec<String> = beside.map(|(name, value)| format!("{name} {value:.2}")).collect();
    format!("held-out RMSE {:.2} ({})", held_out.rmse, beside.join(", "))
}

/// A time for people.
pub fn duration(seconds: f64) -> String {
    let seconds = seconds.max(0.0);
    match seconds {
        s if s < 60.0 => format!("{s:.0} s"),
        s if s < 3600.0 => format!("{:.0} min", s / 60.0),
        s => format!("{:.1} h", s / 3600.0),
    }
}
