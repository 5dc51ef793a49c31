//! The thread that owns the processes and looks at the run directory. Where nothing is watched and nothing runs, it
//! sleeps.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::Duration;

use serde::Deserialize;

use super::super::device;
use super::super::guard::guarded;
use super::child::{Ending, Program, Running};
use super::request::TrainRequest;
use super::view::{RunRow, RunState};
use super::watch::Watch;
use super::{Shared, TrainingEvent, Word, ending};
use crate::data::image;
use crate::train::control::ControlFile;
use crate::train::memory;
use crate::train::run_dir::RunDir;
use crate::train::summary::{self, RunSummary};

/// Between two looks at a run that is alive.
const ALIVE: Duration = Duration::from_millis(250);
/// Between two looks at one that is not; somebody may resume it in a terminal.
const STILL: Duration = Duration::from_secs(1);

const NONE_CHOSEN: &str = "No run is chosen; choose one first";

/// Something to do.
pub(super) enum Order {
    Begin(Box<TrainRequest>),
    Watch(Option<PathBuf>),
    Send(Word),
    List(PathBuf),
    Estimate(Box<TrainRequest>),
    Preview(u64),
}

pub(super) struct TrainingsThread {
    program: io::Result<Program>,
    orders: Receiver<Order>,
    events: Sender<TrainingEvent>,
    shared: Arc<Shared>,
    children: Vec<Running>,
    watched: Option<Watch>,
    /// Said to the watched run's process before it could hear.
    word: Option<Word>,
}

impl TrainingsThread {
    pub fn new(
        program: io::Result<Program>,
        orders: Receiver<Order>,
        events: Sender<TrainingEvent>,
        shared: Arc<Shared>,
    ) -> Self {
        TrainingsThread { program, orders, events, shared, children: Vec::new(), watched: None, word: None }
    }

    /// Works until the handle is gone.
    pub fn run(mut self) {
        loop {
            match self.next_order() {
                Err(RecvTimeoutError::Disconnected) => return,
                // Decoders and file systems are other people's code.
                Ok(order) => self.carefully(|this| this.obey(order)),
                Err(RecvTimeoutError::Timeout) => (),
            }
            self.carefully(Self::look);
        }
    }

    fn next_order(&self) -> Result<Order, RecvTimeoutError> {
        let alive = !self.children.is_empty() || self.watched.as_ref().is_some_and(Watch::is_alive);
        match (alive, &self.watched) {
            (true, _) => self.orders.recv_timeout(ALIVE),
            (false, Some(_)) => self.orders.recv_timeout(STILL),
            (false, None) => self.orders.recv().map_err(|_| RecvTimeoutError::Disconnected),
        }
    }

    fn carefully(&mut self, work: impl FnOnce(&mut Self)) {
        if let Err(panic) = guarded(|| work(self)) {
            self.say(TrainingEvent::Failed(format!(
                "The window's look at its trainings stopped ({panic}); please report this"
            )));
        }
    }

    fn obey(&mut self, order: Order) {
        let outcome = match order {
            Order::Begin(request) => {
                self.begin(request.absolute());
                Ok(())
            }
            Order::Watch(run_dir) => {
                if run_dir.as_deref() != self.watched.as_ref().map(Watch::run_dir) {
                    self.watched = run_dir.map(Watch::new);
                    self.word = None;
                    self.shared.show(None);
                }
                Ok(())
            }
            Order::Send(word) => self.send(word),
            Order::List(folder) => {
                let runs = summary::list_runs(&folder).into_iter().map(row).collect();
                self.say(TrainingEvent::Listed(runs));
                Ok(())
            }
            Order::Estimate(request) => estimate(&request.absolute()).map(|event| self.say(event)),
            Order::Preview(step) => self.preview(step).map(|event| self.say(event)),
        };
        if let Err(sentence) = outcome {
            self.say(TrainingEvent::Failed(sentence));
        }
    }

    fn begin(&mut self, request: TrainRequest) {
        let no_program = |e: &io::Error| {
            format!("This program cannot be found on the disk ({e}); put it back where it was and try again")
        };
        let started = self.program.as_ref().map_err(no_program).and_then(|program| Running::start(program, &request));
        match started {
            Ok(child) => {
                let run_dir = child.run_dir.clone();
                self.children.push(child);
                self.watched = Some(Watch::new(run_dir.clone()));
                self.word = None;
                self.shared.show(None);
                self.say(TrainingEvent::Started { run_dir });
            }
            Err(sentence) => self.say(TrainingEvent::NotStarted(sentence)),
        }
    }

    fn send(&mut self, word: Word) -> Result<(), String> {
        let watch = self.watched.as_ref().ok_or(NONE_CHOSEN)?;
        let run_dir = watch.run_dir();
        match self.child_in(run_dir) {
            // What is said to it before it has taken its folder counts as said to an earlier one.
            Some(pid) if !watch.hears(pid) => {
                self.word = Some(word);
                Ok(())
            }
            None if !RunDir::is_locked(run_dir) => {
                Err(format!("No training runs here now; resume it first: {}", run_dir.display()))
            }
            _ => ControlFile::new(run_dir).send(word).map_err(|e| e.to_string()),
        }
    }

    fn preview(&self, step: u64) -> Result<TrainingEvent, String> {
        let run_dir = self.watched.as_ref().ok_or(NONE_CHOSEN)?.run_dir();
        preview(run_dir, step)
    }

    /// The process that this window has in a run.
    fn child_in(&self, run_dir: &Path) -> Option<u32> {
        self.children.iter().find(|child| child.run_dir == run_dir).map(Running::pid)
    }

    /// Looks after the processes and at the watched run.
    fn look(&mut self) {
        for place in (0..self.children.len()).rev() {
            if let Some(ending) = self.children[place].ending() {
                let child = self.children.remove(place);
                self.child_ended(&child.run_dir, &ending);
            }
        }
        self.look_at_watched();
    }

    fn child_ended(&mut self, run_dir: &Path, ending: &Ending) {
        let mut other = None;
        let watched = self.watched.as_mut().filter(|watch| watch.run_dir() == run_dir);
        let is_watched = watched.is_some();
        let watch = watched.unwrap_or_else(|| other.insert(Watch::new(run_dir.to_owned())));
        watch.end();
        let checkpoint = watch.checkpoint();
        let (sentence, ended_as) = match ending {
            Ending::Done => (watch.sentence(), None),
            Ending::Said(sentence) => (sentence.clone(), Some(RunState::Failed)),
            Ending::Crashed(words) => (ending::crashed(words, checkpoint), Some(RunState::Failed)),
            Ending::Killed => (ending::killed_for_memory(checkpoint, watch.config()), Some(RunState::Killed)),
            Ending::Silent(how) => (ending::silent(Some(how), checkpoint), Some(RunState::Killed)),
        };
        watch.note_end(sentence.clone(), ended_as);
        if is_watched {
            self.show_watched();
        }
        self.say(TrainingEvent::Ended { run_dir: run_dir.to_owned(), sentence });
    }

    fn look_at_watched(&mut self) {
        let Some(watch) = &mut self.watched else { return };
        let run_dir = watch.run_dir().to_owned();
        let child = self.children.iter().find(|child| child.run_dir == run_dir).map(Running::pid);
        let seen = watch.look(child);
        let hears = child.is_some_and(|pid| watch.hears(pid));
        if let Some(word) = self.word.take_if(|_| hears)
            && let Err(error) = ControlFile::new(&run_dir).send(word)
        {
            self.say(TrainingEvent::Failed(error.to_string()));
        }
        if seen.changed {
            self.show_watched();
        }
        if let Some((step, can_edit)) = seen.weights {
            let path = run_dir.join(RunDir::WEIGHTS);
            self.say(TrainingEvent::NewWeights { run_dir: run_dir.clone(), path, step, can_edit });
        }
        if let Some(sentence) = seen.ended {
            self.say(TrainingEvent::Ended { run_dir, sentence });
        }
    }

    fn show_watched(&self) {
        let view = self.watched.as_ref().map(|watch| watch.view(self.child_in(watch.run_dir())));
        self.shared.show(view);
    }

    fn say(&self, event: TrainingEvent) {
        // Where nobody listens any more, the end follows.
        let _ = self.events.send(event);
        self.shared.wake();
    }
}

fn row(run: RunSummary) -> RunRow {
    RunRow {
        state: run.state,
        run_dir: run.run_dir,
        preset: run.preset,
        data: run.data,
        step: run.step,
        best_rmse: run.rmse_best,
        started_unix: run.started_unix,
        can_resume: run.can_resume,
        left_out: run.left_out,
    }
}

fn estimate(request: &TrainRequest) -> Result<TrainingEvent, String> {
    let config = request.config()?;
    let megabytes = memory::estimate(&config, request.pictures(&config)).megabytes.ceil() as u64;
    let on_gpu = device::means_gpu(request.device);
    let available_megabytes = if on_gpu { None } else { memory::available_mb() };
    let fits = available_megabytes.is_none_or(|available| megabytes <= available);
    let fits_batch = if fits { None } else { memory::fits(&config) };
    Ok(TrainingEvent::Estimated { megabytes, available_megabytes, fits_batch, on_gpu })
}

/// What stands beside a sheet of pictures.
#[derive(Deserialize)]
struct Beside {
    columns: usize,
    rows: Vec<String>,
}

fn preview(run_dir: &Path, step: u64) -> Result<TrainingEvent, String> {
    let file = RunDir::preview_in(run_dir, step, "png");
    let picture = image::load(&file).map_err(|e| e.to_string())?;
    let beside = file.with_extension("json");
    let unreadable =
        |e: String| format!("The description of a sheet of pictures cannot be read ({e}): {}", beside.display());
    let text = std::fs::read(&beside).map_err(|e| unreadable(e.to_string()))?;
    let Beside { columns, rows } = serde_json::from_slice(&text).map_err(|e| unreadable(e.to_string()))?;
    Ok(TrainingEvent::Preview { step, picture: Arc::new(picture), columns, rows })
}
