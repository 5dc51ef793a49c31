//! Trainings for a window: each is a process of its own, started here, found again in its run directory, and spoken to
//! through one file there. A crash, a lost GPU or a full memory in it costs the window nothing, and the window's end
//! costs it nothing.
//!
//! One thread named "trainings" does everything that takes time: it starts processes, looks at the watched run about
//! four times a second, reads what is new there. The window asks and collects, and never waits.
//!
//! - [`request`](TrainRequest): what is asked for, and the arguments that say so;
//! - `child`, `ending`: the process, and what its end means;
//! - `watch`, `view`, `table`: the run directory, and what a window sees of it;
//! - `thread`: who does it.

mod child;
mod ending;
mod request;
mod table;
mod thread;
mod view;
mod watch;

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use child::Program;
use thread::{Order, TrainingsThread};

use super::crew::{Crew, End};
use super::networks::EngineError;
use super::protocol::RgbImage;

pub use crate::data::crops::SubFolders;
pub use crate::train::control::Word;
pub use crate::train::scope::Stages;
pub use request::{TrainData, TrainRequest};
pub use table::Table;
pub use view::{CURVE_POINTS, Curve, HeldOutPoint, RunRow, RunState, RunView};

/// How long the end of the program waits for what the thread has in hand.
const PATIENCE: Duration = Duration::from_secs(2);

/// What is said to the window, in order and without loss.
#[derive(Clone, Debug, PartialEq)]
pub enum TrainingEvent {
    /// The process is there; its run is the watched one from now on.
    Started { run_dir: PathBuf },
    /// It is not, in a sentence.
    NotStarted(String),
    /// The runs of a folder.
    Listed(Vec<RunRow>),
    /// What a training would take; `on_gpu` says of whose memory. How much a GPU has is not known, so for one there is
    /// nothing available. `fits_batch` is the largest batch that fits, where the one asked for does not.
    Estimated { megabytes: u64, available_megabytes: Option<u64>, fits_batch: Option<usize>, on_gpu: bool },
    /// A sheet of pictures, `columns` wide, and what its rows show from the top down.
    Preview { step: u64, picture: Arc<RgbImage>, columns: usize, rows: Vec<String> },
    /// A process that was started here, or the one in the watched run, is no longer there; how it ended.
    Ended { run_dir: PathBuf, sentence: String },
    /// The watched run has written new weights.
    NewWeights { run_dir: PathBuf, path: PathBuf, step: u64, can_edit: bool },
    /// Something that was asked for could not be done, in a sentence.
    Failed(String),
}

/// The handle. Dropping it ends the thread, and no training.
pub struct Trainings {
    // Fields are dropped in this order: the thread ends once the queue is closed, and that is waited for.
    orders: Sender<Order>,
    events: Receiver<TrainingEvent>,
    shared: Arc<Shared>,
    _end: End,
}

/// What both sides see.
#[derive(Default)]
pub(super) struct Shared {
    view: Mutex<Option<Arc<RunView>>>,
    wake: OnceLock<Box<dyn Fn() + Send + Sync>>,
}

impl Trainings {
    /// Starts the thread; trainings are processes of this same program.
    ///
    /// # Errors
    /// [`EngineError::NoThread`] where the operating system refuses a thread.
    pub fn start() -> Result<Self, EngineError> {
        Self::with(Program::this())
    }

    /// [`Trainings::start`] with another program, and what comes before a training's arguments: what a window is tested
    /// with.
    ///
    /// # Errors
    /// As [`Trainings::start`].
    pub fn start_with(program: PathBuf, before: Vec<OsString>) -> Result<Self, EngineError> {
        Self::with(Ok(Program { path: program, before }))
    }

    fn with(program: std::io::Result<Program>) -> Result<Self, EngineError> {
        let (orders, to_do) = mpsc::channel();
        let (say, events) = mpsc::channel();
        let shared = Arc::new(Shared::default());
        let crew = Crew::new();
        let thread = TrainingsThread::new(program, to_do, say, Arc::clone(&shared));
        crew.spawn("trainings", move || thread.run())?;
        Ok(Trainings { orders, events, shared, _end: crew.end_within(PATIENCE) })
    }

    /// Calls `wake`, from the thread, whenever there is something new to read. Only the first call counts.
    pub fn wake_by(&self, wake: impl Fn() + Send + Sync + 'static) {
        // A second window on one handle does not exist.
        let _ = self.shared.wake.set(Box::new(wake));
    }

    /// Starts a training and watches it: [`TrainingEvent::Started`] or [`TrainingEvent::NotStarted`].
    pub fn begin(&self, request: TrainRequest) {
        self.order(Order::Begin(Box::new(request)));
    }

    /// Looks at another run from now on, or at none. Trainings that were started here are still waited for.
    pub fn watch(&self, run_dir: Option<PathBuf>) {
        self.order(Order::Watch(run_dir));
    }

    /// Says a word to the watched run.
    pub fn send(&self, word: Word) {
        self.order(Order::Send(word));
    }

    /// Asks which runs there are: the folder itself, or those directly in it. [`TrainingEvent::Listed`].
    pub fn list(&self, folder: PathBuf) {
        self.order(Order::List(folder));
    }

    /// Asks how much memory a training would take: [`TrainingEvent::Estimated`].
    pub fn estimate(&self, request: TrainRequest) {
        self.order(Order::Estimate(Box::new(request)));
    }

    /// Asks for a sheet of pictures of the watched run: [`TrainingEvent::Preview`].
    pub fn preview(&self, step: u64) {
        self.order(Order::Preview(step));
    }

    /// The next event.
    pub fn next(&self) -> Option<TrainingEvent> {
        self.events.try_recv().ok()
    }

    /// The newest of the watched run; of the one before it until the new one was looked at.
    pub fn view(&self) -> Option<Arc<RunView>> {
        self.shared.view.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn order(&self, order: Order) {
        // The thread ends only after this handle.
        let _ = self.orders.send(order);
    }
}

impl Shared {
    fn show(&self, view: Option<RunView>) {
        // Held for a move only; the former view is let go of after it.
        let view = view.map(Arc::new);
        let former = std::mem::replace(&mut *self.view.lock().unwrap_or_else(PoisonError::into_inner), view);
        drop(former);
        self.wake();
    }

    fn wake(&self) {
        if let Some(wake) = self.wake.get() {
            wake();
        }
    }
}
