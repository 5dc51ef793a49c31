//! Evaluations for a window: a model is measured here, reports are opened and compared. The window asks and collects,
//! and never waits.
//!
//! - `protocol`: what is asked and answered;
//! - `thread`: "evaluation", which measures with networks of its own;
//! - `lent`: the [`Engine`](super::Engine) as the model that is measured, for the terminal, too;
//! - `reports`: "reports", which opens and compares them, and writes comparisons, while something is measured;
//! - `pictures`: "report pictures", which decodes the pictures of a report that are in sight.

mod lent;
mod pictures;
mod protocol;
mod reports;
mod thread;

use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, Sender, SyncSender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use pictures::Pictures;
use reports::{Order, Reports};
use thread::EvaluationThread;

use super::bell::{Bell, Stop};
use super::crew::{Closing, Crew, End, Wake};
use super::networks::EngineError;
use super::protocol::{Refused, RgbImage};
use super::ticket::{REQUESTS, Ticket, Tickets, submit};

pub use crate::data::sets::{Columns, Format};
pub use crate::evaluate::bootstrap::{Interval, Measured};
pub use crate::evaluate::lent::{CardWords, Model};
pub use crate::evaluate::options::{FACES, Options, PartName, SAMPLES, SEED};
pub use crate::evaluate::report::compare::{Lone, Side};
pub use crate::evaluate::report::figure::{count, duration};
pub use crate::evaluate::report::headline::GLANCE;
pub use crate::evaluate::report::html::bar::Scale;
pub use crate::evaluate::report::words::explanation;
pub use crate::evaluate::report::{
    Better, Cell, Column, Comparison, Figure, HTML, Headline, JSON, Moved, Paper, Picture, Report, Section, SetReport,
    Setting, Table, Unit, Unmeasured, Verdict, headlines,
};
pub use crate::evaluate::run::Step;
pub use crate::face::ModelName;
pub use lent::{Lender, Lent};
pub use pictures::FIGURE_SIDE;
pub use protocol::{EvaluationEvent, EvaluationProgress, Request, Shown};

/// Numbers begin here, so that none is a [`super::Studio`]'s or one of [`super::Galleries`] or [`super::Audits`] as
/// well.
const FIRST_NUMBER: u64 = 3 << 40;

/// The handle. Dropping it stops the threads; an evaluation is called off, and the parts that it has measured stay.
pub struct Evaluations {
    // Fields are dropped in this order: the threads are told to stop, nobody is left waiting for a reader, the queues
    // close, and then the end is waited for.
    _stop: Stop,
    shared: Arc<Shared>,
    events: Receiver<EvaluationEvent>,
    pictures: Pictures,
    orders: SyncSender<Order>,
    requests: Sender<(Ticket, Request)>,
    tickets: Tickets,
    _end: End,
}

type Voice = super::crew::Voice<EvaluationEvent>;

/// What all sides see.
#[derive(Default)]
struct Shared {
    progress: Mutex<Option<EvaluationProgress>>,
    /// Only for the end; these threads sleep by their queues.
    bell: Arc<Bell>,
}

impl Shared {
    fn stopped(&self) -> bool {
        self.bell.stopped()
    }

    fn progress(&self) -> MutexGuard<'_, Option<EvaluationProgress>> {
        // Held for a copy only.
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Closing for EvaluationEvent {
    fn failed(number: u64, sentence: String) -> Self {
        EvaluationEvent::Failed { number, sentence }
    }

    fn cancelled(number: u64) -> Self {
        EvaluationEvent::Cancelled { number }
    }
}

impl Evaluations {
    /// Starts the threads. `wake` is called, from any of them, whenever there is something new to read. `lend` opens
    /// what is measured, the networks where there is none.
    ///
    /// # Errors
    /// [`EngineError::NoThread`] where the operating system refuses a thread.
    pub fn start(wake: impl Fn() + Send + Sync + 'static, lend: Option<Box<Lender>>) -> Result<Self, EngineError> {
        let lend = lend.unwrap_or_else(|| Box::new(lent::open_engine));
        let wake: Wake = Arc::new(wake);
        let (voice, events) = Voice::new(&wake);
        let shared = Arc::new(Shared::default());
        let stop = Stop(vec![Arc::clone(&shared.bell)]);
        let (orders, to_do) = mpsc::sync_channel(REQUESTS);
        let (requests, to_measure) = mpsc::channel();

        let crew = Crew::new();
        let reports = Reports::new(Arc::clone(&shared), to_do, voice.clone());
        crew.spawn("reports", move || reports.run())?;
        let evaluation = EvaluationThread::new(Arc::clone(&shared), to_measure, voice, lend);
        crew.spawn("evaluation", move || evaluation.run())?;
        let pictures = Pictures::start("report pictures", &crew, wake)?;
        let tickets = Tickets::after(FIRST_NUMBER);
        Ok(Evaluations { _stop: stop, shared, events, pictures, orders, requests, tickets, _end: crew.end() })
    }

    /// Asks for a model to be measured: `EvaluationEvent::Done`. The ticket counts the estimated work
    /// ([`Evaluations::progress`] tells more) and calls the evaluation off; the parts that are measured by then are
    /// kept in its folder, and the next request for the same goes on from there. Evaluations wait for each other.
    pub fn begin(&self, request: Request) -> Result<Ticket, Refused> {
        self.tickets.ask(|ticket| self.requests.send((ticket, request)).map_err(|_| Refused::Stopped))
    }

    /// How far the evaluation in hand is; none where none is. May be asked in each frame.
    pub fn progress(&self) -> Option<EvaluationProgress> {
        self.shared.progress().clone()
    }

    /// Asks for a report by its folder or one of its files: `EvaluationEvent::Opened`. It does not wait for
    /// evaluations.
    ///
    /// # Errors
    /// A full queue, here and below.
    pub fn open(&self, path: PathBuf) -> Result<Ticket, Refused> {
        self.tickets.ask(|ticket| submit(&self.orders, Order::Open(ticket, path)))
    }

    /// Asks how the second report differs from the first, both as in [`Evaluations::open`]: `EvaluationEvent::Compared`.
    pub fn compare(&self, a: PathBuf, b: PathBuf) -> Result<Ticket, Refused> {
        self.tickets.ask(|ticket| submit(&self.orders, Order::Compare(ticket, a, b)))
    }

    /// Asks for a comparison in a file, as a page or as JSON by its ending: `EvaluationEvent::Saved`. `reports` are the
    /// two that it is of, as they were given; neither is written over.
    pub fn save_comparison(
        &self,
        comparison: Arc<Comparison>,
        reports: [PathBuf; 2],
        path: PathBuf,
    ) -> Result<Ticket, Refused> {
        self.tickets.ask(|ticket| submit(&self.orders, Order::Save(ticket, comparison, reports, path)))
    }

    /// Says which pictures of a report are wanted, the most urgent first, instead of those that were before. `report` is
    /// the number of the event that brought it, `folder` its folder. One that was read by [`Evaluations::picture`] need
    /// not be wanted again.
    pub fn want<'a>(&self, report: u64, folder: &Path, pictures: impl IntoIterator<Item = &'a Picture>) {
        self.pictures.want(report, folder, pictures);
    }

    /// The next picture of this report: its `file`, and the picture, no side longer than [`FIGURE_SIDE`] pixels; none
    /// within where it is not there or is damaged. Read them all in each frame.
    pub fn picture(&self, report: u64) -> Option<(String, Option<Arc<RgbImage>>)> {
        self.pictures.next(report)
    }

    /// The next event.
    pub fn event(&self) -> Option<EvaluationEvent> {
        self.events.try_recv().ok()
    }
}

fn sentence(error: impl std::fmt::Display) -> String {
    error.to_string()
}
