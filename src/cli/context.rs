//! The contract of every subcommand: results on stdout or where `-o` says, one sentence per failure on stderr, the
//! same as JSON where `--json` says, a progress bar on a terminal, exit code 0, 1 or 2.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;
use serde_json::{Value, json};

use super::{Global, outputs};
use crate::data::{atomic, inputs};
use crate::engine::{DeviceChoice, Engine};
use crate::face::ModelName;
use crate::nn::weights::Weights;

/// Failures that are said one by one where there are many; the report has all of them.
const SAID: usize = 20;

/// Why a command stopped altogether.
pub enum Stop {
    /// The command line makes no sense: exit code 2.
    Usage(String),
    /// Nothing (more) could be done: exit code 1.
    Failed(String),
}

/// Most errors say what to do in one sentence and stop the command with it.
impl<E: std::error::Error> From<E> for Stop {
    fn from(error: E) -> Self {
        Stop::Failed(error.to_string())
    }
}

/// A sentence that ends with the path it is about.
pub fn at(error: impl std::fmt::Display, path: &Path) -> Stop {
    Stop::Failed(format!("{error}: {}", path.display()))
}

/// What a command gives back: its part of the JSON report.
pub type Outcome = Result<Value, Stop>;

/// The options, the engine once it is needed, and what went wrong so far.
pub struct Context {
    global: Global,
    engine: Option<Engine>,
    failures: Vec<Failure>,
    /// The bar on the terminal; a line goes above it and not into it.
    bar: ProgressBar,
}

#[derive(Serialize)]
struct Failure {
    file: String,
    error: String,
}

impl Context {
    pub(super) fn new(global: Global) -> Self {
        Context { global, engine: None, failures: Vec::new(), bar: ProgressBar::hidden() }
    }

    /// The device to compute on.
    pub fn device_choice(&self) -> DeviceChoice {
        self.global.device.unwrap_or_default()
    }

    /// The device that was named, if one was.
    #[cfg(feature = "gui")]
    pub fn chosen_device(&self) -> Option<DeviceChoice> {
        self.global.device
    }

    /// Whether anybody reads the JSON report.
    pub fn wants_json(&self) -> bool {
        self.global.json.is_some()
    }

    /// Refuses a report that would replace something the command reads, or something in the sets and audits that it
    /// `keeps`; it is not written then. Comes before anything else, since a command that stops writes a report, too.
    pub fn check_report(&mut self, reads: &[PathBuf], keeps: &[PathBuf]) -> Result<(), Stop> {
        let Some(report) = &self.global.json else { return Ok(()) };
        // What cannot be looked into has nothing that could be overwritten.
        let mut files: Vec<PathBuf> =
            reads.iter().flat_map(|path| inputs::expand(std::slice::from_ref(path)).unwrap_or_default()).collect();
        files.extend(self.global.weights.clone());
        let outcome = outputs::refuse(report, &files).and_then(|()| outputs::refuse_within(report, keeps));
        if outcome.is_err() {
            self.global.json = None;
        }
        outcome
    }

    /// The weights file that the user chose; none for the one that comes with the program.
    pub fn weights_path(&self) -> Option<&Path> {
        self.global.weights.as_deref()
    }

    /// Takes this weights file, whatever `--weights` says.
    pub fn use_weights(&mut self, path: PathBuf) {
        self.global.weights = Some(path);
    }

    pub fn load_weights(&self) -> Result<Weights, Stop> {
        match &self.global.weights {
            None => Ok(Weights::bundled()?),
            Some(path) => Weights::read(path).map_err(|e| at(e, path)),
        }
    }

    /// The engine on the chosen device, opened at first use.
    pub fn engine(&mut self) -> Result<&mut Engine, Stop> {
        let engine = match self.engine.take() {
            Some(engine) => engine,
            None => {
                let engine = Engine::open(self.device_choice(), Arc::new(self.load_weights()?));
                engine.map_err(|e| match self.weights_path() {
                    Some(path) => at(e, path),
                    None => e.into(),
                })?
            }
        };
        let engine = self.engine.insert(engine);
        for notice in engine.take_notices() {
            self.bar.suspend(|| say(&notice));
        }
        Ok(engine)
    }

    /// Refuses weights whose codes have no parts that mean anything.
    pub fn require_parts(&mut self) -> Result<(), Stop> {
        if self.engine()?.weights().card.can_edit {
            return Ok(());
        }
        Err(Stop::Failed(
            "These weights were saved before stage two of their training and only reconstruct and sample faces; train \
             on, or choose others with --weights"
                .to_owned(),
        ))
    }

    /// The model in use, whose codes recipes and indexes hold; its parts have to mean something.
    pub fn model(&mut self) -> Result<ModelName, Stop> {
        self.require_parts()?;
        Ok(self.engine()?.weights().model())
    }

    /// The name of the model in use; empty before the engine was opened.
    pub fn model_name(&self) -> String {
        self.engine.as_ref().map(|engine| engine.weights().card.name.clone()).unwrap_or_default()
    }

    /// Notes that one input failed, in a sentence that ends with a path; the others go on.
    pub fn fail(&mut self, file: &Path, sentence: String) {
        self.bar.suspend(|| say(&sentence));
        self.note(file, sentence);
    }

    /// Notes a failure for the report and the exit code alone.
    fn note(&mut self, file: &Path, sentence: String) {
        self.failures.push(Failure { file: file.display().to_string(), error: sentence });
    }

    /// Notes many inputs that failed, each with a sentence that ends with its path: the first of them are said one by one,
    /// and how many there are beyond them.
    pub fn fail_all(&mut self, failed: &[(PathBuf, String)]) {
        for (number, (path, sentence)) in failed.iter().enumerate() {
            if number < SAID {
                self.fail(path, sentence.clone());
            } else {
                self.note(path, sentence.clone());
            }
        }
        if let Some(more) = failed.len().checked_sub(SAID).filter(|&more| more > 0) {
            self.remark(&format!("{more} more failed; --json FILE lists them all"));
        }
    }

    /// A remark for people, on stderr.
    pub fn remark(&self, text: &str) {
        if !self.global.quiet {
            self.bar.suspend(|| say(text));
        }
    }

    /// Results for people, on stdout; the report takes their place where that is asked for on stdout.
    pub fn print(&self, text: &str) -> Result<(), Stop> {
        if self.report_on_stdout() {
            return Ok(());
        }
        print(text).map_err(|e| {
            Stop::Failed(format!("The results could not be written to stdout ({e}); let its reader take them all"))
        })
    }

    fn report_on_stdout(&self) -> bool {
        self.global.json.as_deref().is_some_and(|path| path.as_os_str() == "-")
    }

    /// A bar with the remaining time; hidden where nobody looks at it.
    pub fn progress(&mut self, total: usize, what: &str) -> ProgressBar {
        if self.global.quiet || total < 2 || !std::io::stderr().is_terminal() {
            return ProgressBar::hidden();
        }
        let style = ProgressStyle::with_template("{msg} {bar:30} {pos} of {len}  {eta} left");
        self.bar = ProgressBar::new(total as u64)
            .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
            .with_message(what.to_owned());
        self.bar.clone()
    }

    /// A line whose words change; hidden where nobody looks at it.
    pub fn line(&mut self) -> ProgressBar {
        if self.global.quiet || !std::io::stderr().is_terminal() {
            return ProgressBar::hidden();
        }
        let style = ProgressStyle::with_template("{wide_msg}");
        self.bar = ProgressBar::new_spinner().with_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
        self.bar.clone()
    }

    /// Writes the report and turns the outcome into the exit code.
    pub fn finish(mut self, outcome: Outcome) -> ExitCode {
        self.bar.finish_and_clear();
        if let Some(engine) = &mut self.engine {
            engine.take_notices().iter().for_each(|notice| say(notice));
        }
        let (results, stop) = match outcome {
            Ok(results) => (results, None),
            Err(stop) => (Value::Null, Some(stop)),
        };
        let mut code = u8::from(!self.failures.is_empty());
        let mut error = Value::Null;
        if let Some(Stop::Usage(text) | Stop::Failed(text)) = &stop {
            say(text);
            code = if matches!(stop, Some(Stop::Usage(_))) { 2 } else { 1 };
            error = json!(text);
        }
        if let Err(text) = self.write_report(results, error) {
            say(&text);
            code = code.max(1);
        }
        ExitCode::from(code)
    }

    fn write_report(&self, results: Value, error: Value) -> Result<(), String> {
        let Some(path) = &self.global.json else { return Ok(()) };
        let report = json!({
            "facespace": env!("CARGO_PKG_VERSION"),
            "device": self.engine.as_ref().map(|engine| engine.device().name.clone()),
            "weights": self.engine.as_ref().map(|engine| engine.weights().card.name.clone()),
            "results": results,
            "failures": self.failures,
            "error": error,
        });
        let text = format!("{report:#}\n");
        if self.report_on_stdout() {
            return print(&text).map_err(|_| "The report could not be written to stdout; give it a file".to_owned());
        }
        atomic::write(path, text.as_bytes()).map_err(|e| e.to_string())
    }
}

/// Prints to stdout; a reader that has gone away (`| head`) is an error like any other, not a panic.
fn print(text: &str) -> std::io::Result<()> {
    let mut stdout = std::io::stdout().lock();
    stdout.write_all(text.as_bytes())?;
    stdout.flush()
}

/// One sentence on stderr.
fn say(text: &str) {
    // If stderr is gone there is nobody to tell.
    let _ = writeln!(std::io::stderr(), "{text}");
}
