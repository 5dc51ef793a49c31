//! `facespace train finder`: the networks that find faces in photographs, trained in a terminal.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use clap::Args;
use clap::builder::RangedU64ValueParser;
use indicatif::ProgressBar;
use serde_json::json;

use super::context::{Context, Outcome, Stop};
use super::outputs;
use super::train_terminal::{duration, hear_interrupts};
use crate::data::inputs::InputError;
use crate::train::finder::run::{self, Outcome as Ended};
use crate::train::finder::settings::{Course, DRAWN, Network, Request};
use crate::train::finder::watch::{Event, Progress, Watch};

#[derive(Args)]
pub struct Arguments {
    /// The run's folder: a folder for each network, and the finder in finder.safetensors
    #[arg(long, value_name = "DIR")]
    run: PathBuf,
    /// Parquet shards of crops, of photographs with one labelled face (loose-*) and of scenes (scenes-*), or folders of
    /// them
    #[arg(long, value_name = "PATH", num_args = 1.., required = true)]
    data: Vec<PathBuf>,
    /// Train on no whole photograph whose path has this text in it, such as those of a source with wrong labels
    #[arg(long, value_name = "TEXT")]
    leave_out: Vec<String>,
    /// Also write the finder to this file
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Train only the detector or only the landmarks; two processes may train them side by side in one folder
    #[arg(long, value_name = "NETWORK")]
    only: Option<Network>,
    /// Steps of the detector
    #[arg(long, value_name = "N", default_value_t = Course::usual(Network::Detector).steps, value_parser = steps())]
    detector_steps: u64,
    /// Steps of the landmarks
    #[arg(long, value_name = "N", default_value_t = Course::usual(Network::Landmarks).steps, value_parser = steps())]
    landmark_steps: u64,
    /// Another seed gives another training
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Go on from the newest checkpoints in the run's folder
    #[arg(long)]
    resume: bool,
    /// The finder's name on its card
    #[arg(long, value_name = "TEXT", default_value = "finder")]
    name: String,
    /// On what terms the finder may be used, for its card
    #[arg(long, value_name = "TEXT", default_value = "")]
    terms: String,
    /// How good the finder is, for its card
    #[arg(long, value_name = "TEXT", default_value = "")]
    measured: String,
}

/// At least one.
fn steps() -> RangedU64ValueParser {
    RangedU64ValueParser::new().range(1..)
}

impl Arguments {
    /// What the command reads.
    pub fn reads(&self) -> Vec<PathBuf> {
        self.data.clone()
    }

    fn request(&self) -> Result<Request, Stop> {
        let mut data = Vec::with_capacity(self.data.len());
        for path in &self.data {
            data.push(std::path::absolute(path)?);
            if !path.exists() {
                return Err(InputError::Missing(path.clone()).into());
            }
        }
        let course = |network: Network, steps: u64| Course { steps, seed: self.seed, ..Course::usual(network) };
        Ok(Request {
            data,
            leave_out: self.leave_out.clone(),
            run_dir: self.run.clone(),
            output: self.output.clone(),
            only: self.only,
            detector: course(Network::Detector, self.detector_steps),
            landmarks: course(Network::Landmarks, self.landmark_steps),
            drawn: DRAWN,
            resume: self.resume,
            name: self.name.clone(),
            terms: self.terms.clone(),
            measured: self.measured.clone(),
        })
    }
}

pub fn run(context: &mut Context, arguments: Arguments) -> Outcome {
    if let Some(output) = &arguments.output {
        outputs::refuse(output, &arguments.reads())?;
    }
    let request = arguments.request()?;
    let interrupts = Arc::new(AtomicUsize::new(0));
    hear_interrupts(&interrupts);
    let started = Instant::now();
    let mut terminal = Terminal { line: context.line(), context: &mut *context, interrupts, last: String::new() };
    let ended = run::run(&request, &mut terminal);
    terminal.line.finish_and_clear();
    let ended = ended?;
    let seconds = started.elapsed().as_secs_f64();
    let after = duration(seconds);
    let text = match &ended {
        Ended::Written { path, threshold } => {
            format!("finished after {after}\nfinder {} (threshold {threshold:.2})\n", path.display())
        }
        Ended::OneOfTwo(network) => {
            format!("{} finished after {after}; the finder is written once both networks are trained\n", network.name())
        }
        Ended::Stopped { network, step } => {
            format!("{} stopped at step {step} after {after}; go on with it by --resume\n", network.name())
        }
    };
    context.print(&text)?;
    let (word, finder, threshold) = match &ended {
        Ended::Written { path, threshold } => ("finished", Some(path), Some(threshold)),
        Ended::OneOfTwo(_) => ("one of two", None, None),
        Ended::Stopped { .. } => ("stopped", None, None),
    };
    Ok(json!({
        "run": request.run_dir, "outcome": word, "finder": finder, "threshold": threshold, "seconds": seconds,
    }))
}

/// The watcher: one line that changes, remarks above it, Ctrl+C.
struct Terminal<'a> {
    context: &'a mut Context,
    line: ProgressBar,
    interrupts: Arc<AtomicUsize>,
    /// Where the training was at its last step.
    last: String,
}

impl Watch for Terminal<'_> {
    fn hear(&mut self, event: &Event) {
        match event {
            Event::Preparing(what) => {
                self.line.set_message((*what).to_owned());
                self.line.tick();
                if self.line.is_hidden() {
                    self.context.remark(&format!("Preparing: {what}"));
                }
            }
            Event::Remark(text) => self.context.remark(text),
            Event::Step(progress) => {
                self.last = step_line(progress);
                self.line.set_message(self.last.clone());
                self.line.tick();
            }
            Event::Mined { network, step, count } => {
                let name = network.name();
                self.context.remark(&format!("{name} step {step}  takes {count} places for faces that are none"));
            }
            Event::Saved { .. } => self.context.remark(&format!("{}  saved", self.last)),
            Event::Written(path) => self.context.remark(&format!("Wrote {}", path.display())),
        }
    }

    fn goes_on(&mut self) -> bool {
        self.interrupts.load(Ordering::Relaxed) == 0
    }
}

/// Where the training is, in a line.
fn step_line(progress: &Progress) -> String {
    let losses: Vec<String> = progress.losses.iter().map(|(name, value)| format!("{name} {value:.4}")).collect();
    let mut parts = vec![
        format!("{} {} of {}", progress.network.name(), progress.step, progress.steps),
        losses.join(" "),
        format!("{:.1} steps/s", progress.steps_per_second),
        format!("{:.0} % waiting", 100.0 * progress.waiting_share),
    ];
    parts.extend(progress.seconds_left.map(|seconds| format!("{} left", duration(seconds))));
    parts.join("  ")
}
