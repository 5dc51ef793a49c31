//! Label audits for a window: an audit on the disk is opened, listed, judged and built here. The window asks and
//! collects, and never waits.
//!
//! - `protocol`: what is asked and answered;
//! - `thread`: "audit", which owns the open audit and does what is asked in order; lists are newest wins;
//! - `view`: the open audit, its rows in memory, and how they are listed;
//! - `faces`: "audit faces", which tells and draws the face that is looked at, with networks of its own, and those that
//!   come next; `shown`: what is known of each by now;
//! - `builder`: "audit builder", which builds with networks of its own;
//! - `exports`: "audit exports", which writes labels and tables.
//!
//! One more thread, "audit pictures", reads and decodes the thumbnails that are in sight.

mod builder;
mod exports;
mod faces;
mod protocol;
mod shown;
mod thread;
mod view;

use std::cell::RefCell;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use builder::Builder;
use exports::Exports;
use faces::{Faces, Look, Turn};
use thread::{AuditThread, Order};

use super::bell::{Bell, Stop};
use super::crew::{Closing, Crew, End, Wake};
use super::networks::EngineError;
use super::protocol::{Refused, RgbImage, Setup};
use super::slot::Slot;
use super::thumbnails::{Shelf, Thumbnails};
use super::ticket::{Orders, Ticket, Tickets};
use super::worker::{Opener, Worker, open_engine};

pub use crate::audit::confusion::Confusion;
pub use crate::audit::{
    Budget, Card, Chances, Counts, Form, ImportReport, Info, Names, Neighbour, Outcome, Qualities, Row, Score,
    Shortcut, Source, Step, Unknown, Verdict,
};
pub use crate::data::sets::{Columns, Format};
pub use crate::evaluate::Measured;
pub use crate::face::recipe::ModelName;
pub use crate::gallery::{FaceKey, THUMBNAIL_SIDE};
pub use protocol::{AuditEvent, Build, BuildProgress, Filter, Looked, RankAnswer, RankRequest, Verdicts};

/// Numbers begin here, so that none is a [`super::Studio`]'s or one of [`super::Galleries`] as well.
const FIRST_NUMBER: u64 = 2 << 40;

/// The handle. Dropping it stops the threads; a build is called off, and what it has stored stays.
pub struct Audits {
    // Fields are dropped in this order: the threads are told to stop, nobody is left waiting for a reader, the queues
    // close, and then the end is waited for.
    _stop: Stop,
    shared: Arc<Shared>,
    events: Receiver<AuditEvent>,
    thumbnails: Thumbnails,
    orders: Orders<Order>,
    builds: Sender<(Ticket, Build)>,
    wake: Wake,
    /// The rows that the window has.
    rows: RefCell<Option<Rows>>,
    /// A list of rows that the window has not got yet.
    early: RefCell<Option<Ranked>>,
    tickets: Tickets,
    _end: End,
}

type Rows = Arc<Vec<Row>>;
/// A list, and the rows that it is of; none where it only says what was wrong.
type Ranked = (Option<Rows>, RankAnswer);
type Voice = super::crew::Voice<AuditEvent>;

/// What all sides see: cells that hold only what is current.
#[derive(Default)]
struct Shared {
    rank: Slot<(u64, RankRequest)>,
    ranked: Slot<Ranked>,
    /// Of the audit's thread; when that is to stop, all are.
    bell: Arc<Bell>,
    look: Slot<Look>,
    setup: Slot<Setup>,
    turn: Slot<Turn>,
    /// What is known of the face that is looked at, and the generation of the audit that it is of.
    looked: Slot<(u64, Looked)>,
    /// Of the faces' thread.
    faces_bell: Arc<Bell>,
    progress: Mutex<Option<BuildProgress>>,
    /// Counts the audits that were opened and closed: what was worked out for another is dropped.
    generation: AtomicU64,
    shelf: Arc<Shelf>,
}

impl Shared {
    fn stopped(&self) -> bool {
        self.bell.stopped()
    }

    fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }

    fn progress(&self) -> MutexGuard<'_, Option<BuildProgress>> {
        // Held for a copy only.
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What makes networks, for two threads.
#[derive(Clone)]
struct Opening(Arc<Mutex<Box<Opener>>>);

impl Opening {
    /// Opens a device and weights; an error is a sentence with the file of the weights at its end.
    fn open(&self, setup: &Setup) -> Result<Box<dyn Worker>, String> {
        // An opener that panics leaves nothing behind.
        let open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        (*open)(setup).map_err(|sentence| setup.weights.named(sentence))
    }
}

impl Closing for AuditEvent {
    fn failed(number: u64, sentence: String) -> Self {
        AuditEvent::Failed { number, sentence }
    }

    fn cancelled(number: u64) -> Self {
        AuditEvent::Cancelled { number }
    }
}

impl Audits {
    /// Starts the threads. `wake` is called, from any of them, whenever there is something new to read. `open` makes
    /// what encodes and draws, the networks where there is none.
    ///
    /// # Errors
    /// [`EngineError::NoThread`] where the operating system refuses a thread.
    pub fn start(wake: impl Fn() + Send + Sync + 'static, open: Option<Box<Opener>>) -> Result<Self, EngineError> {
        let open = Opening(Arc::new(Mutex::new(open.unwrap_or_else(|| Box::new(open_engine)))));
        let wake: Wake = Arc::new(wake);
        let (voice, events) = Voice::new(&wake);
        let shared = Arc::new(Shared::default());
        let stop = Stop(vec![Arc::clone(&shared.bell), Arc::clone(&shared.faces_bell)]);
        let (orders, to_do) = Orders::new(&shared.bell);
        let (builds, to_build) = mpsc::channel();
        let (exports, to_export) = mpsc::channel();

        let crew = Crew::new();
        let audit = AuditThread::new(Arc::clone(&shared), to_do, exports, voice.clone());
        crew.spawn("audit", move || audit.run())?;
        let exports = Exports::new(Arc::clone(&shared), to_export, voice.clone());
        crew.spawn("audit exports", move || exports.run())?;
        let builder = Builder::new(Arc::clone(&shared), to_build, orders.clone(), open.clone());
        crew.spawn("audit builder", move || builder.run())?;
        let theirs = Arc::clone(&shared);
        // The networks stay on the thread that opens them.
        crew.spawn("audit faces", move || Faces::new(theirs, voice, open).run())?;
        let thumbnails = Thumbnails::start("audit pictures", &shared.shelf, &crew, Arc::clone(&wake))?;
        Ok(Audits {
            _stop: stop,
            shared,
            events,
            thumbnails,
            orders,
            builds,
            wake,
            rows: RefCell::default(),
            early: RefCell::default(),
            tickets: Tickets::after(FIRST_NUMBER),
            _end: crew.end(),
        })
    }

    /// Asks for an audit to be opened in the place of the one that is: `AuditEvent::Opened`. Where it cannot be, that
    /// one stays.
    pub fn open(&self, folder: PathBuf) -> Result<Ticket, Refused> {
        self.order(|ticket| Order::Open(ticket, folder))
    }

    /// Asks for an audit to be made or brought up to date: `AuditEvent::Built`, after `Opened` or `Refreshed`, since it
    /// is opened at its end unless another one is opened meanwhile. The ticket counts the pieces of the step in hand
    /// ([`Audits::progress`] tells which that is) and calls the build off; what is stored by then stays. Builds wait
    /// for each other.
    pub fn build(&self, build: Build) -> Result<Ticket, Refused> {
        let folder = build.folder.clone();
        self.tickets.ask(|ticket| {
            self.orders.submit(Order::Expect(folder))?;
            self.builds.send((ticket, build)).map_err(|_| Refused::Stopped)
        })
    }

    /// How far the build in hand is; none where none is. May be asked in each frame.
    pub fn progress(&self) -> Option<BuildProgress> {
        *self.shared.progress()
    }

    /// Closes the open audit: `AuditEvent::Closed`.
    ///
    /// # Errors
    /// A full queue, here and below.
    pub fn close(&self) -> Result<(), Refused> {
        self.orders.submit(Order::Close)
    }

    /// Asks for the faces of the open audit in a list, and gives the number that the answer will carry. It replaces a
    /// request that was not begun yet.
    pub fn rank(&self, request: RankRequest) -> u64 {
        let number = self.tickets.number();
        self.shared.rank.put((number, request));
        self.shared.bell.ring();
        number
    }

    /// The newest list, once. One with a number below `not_before` (the first that is still of interest) is dropped.
    /// Its places are always those of the rows that [`Audits::event`] gave last: a list of newer rows comes after these.
    pub fn ranked(&self, not_before: u64) -> Option<RankAnswer> {
        let mut early = self.early.borrow_mut();
        if let Some(newer) = self.shared.ranked.take() {
            *early = Some(newer);
        }
        let shown = self.rows.borrow();
        let is_shown = |rows: &Rows| shown.as_ref().is_some_and(|shown| Arc::ptr_eq(shown, rows));
        let (_, answer) = early.take_if(|(rows, _)| rows.as_ref().is_none_or(is_shown))?;
        Some(answer).filter(|answer| answer.number >= not_before)
    }

    /// Says with which device and weights faces are drawn from now on; what was drawn before is forgotten. They are
    /// opened when a face is looked at, and closed with the audit.
    pub fn draw_with(&self, setup: Setup) {
        self.shared.setup.put(setup);
        self.shared.faces_bell.ring();
    }

    /// Asks all about a face, and gives the number that the answers will carry. It replaces what was looked at before,
    /// also while that is being drawn. `ahead` are the faces that will probably be looked at next, the most probable
    /// first: they are made ready once this one is, and are there at once then.
    pub fn look(&self, face: FaceKey, ahead: Vec<FaceKey>) -> u64 {
        let number = self.tickets.number();
        let generation = self.shared.generation();
        self.shared.look.put(Look { number, generation, face, ahead });
        self.shared.faces_bell.ring();
        number
    }

    /// What is newly known of the looked-at face, once; comes several times for each, each time with more, until it is
    /// `done`. One with a number below `not_before` is dropped.
    pub fn looked(&self, not_before: u64) -> Option<Looked> {
        let (generation, looked) = self.shared.looked.take()?;
        (generation == self.shared.generation() && looked.number >= not_before).then_some(looked)
    }

    /// Gives a verdict: `AuditEvent::Judged`, once it is on the disk. `by` says whose it is.
    pub fn judge(&self, face: FaceKey, verdict: Verdict, by: String) -> Result<Ticket, Refused> {
        self.order(|ticket| Order::Judge(ticket, face, verdict, by))
    }

    /// Takes the last verdict, or the last import, back: `AuditEvent::Undone`.
    pub fn undo(&self, by: String) -> Result<Ticket, Refused> {
        self.order(|ticket| Order::Undo(ticket, by))
    }

    /// Asks for the labels of the open audit in a folder, or for a table or its log in a file: `AuditEvent::Exported`.
    pub fn export(&self, path: PathBuf, form: Form) -> Result<Ticket, Refused> {
        self.order(|ticket| Order::Export(ticket, path, form))
    }

    /// Takes labels over that were changed elsewhere: `AuditEvent::Imported`, after `Refreshed`.
    pub fn import(&self, table: PathBuf, by: String) -> Result<Ticket, Refused> {
        self.order(|ticket| Order::Import(ticket, table, by))
    }

    /// Says which thumbnails are wanted, the most urgent first, instead of those that were before. One that was read by
    /// [`Audits::thumbnail`] need not be wanted again.
    pub fn want(&self, keys: Vec<FaceKey>) {
        self.thumbnails.want(keys);
    }

    /// The next thumbnail of the open audit, [`THUMBNAIL_SIDE`] pixels wide and high; none within for a face that has
    /// none. Read them all in each frame.
    pub fn thumbnail(&self) -> Option<(FaceKey, Option<Arc<RgbImage>>)> {
        self.thumbnails.next(self.shared.generation())
    }

    /// The next event.
    pub fn event(&self) -> Option<AuditEvent> {
        let event = self.events.try_recv().ok()?;
        match &event {
            AuditEvent::Opened { rows, .. } | AuditEvent::Refreshed { rows, .. } => {
                *self.rows.borrow_mut() = Some(Arc::clone(rows));
                if self.early.borrow().is_some() {
                    // It was asked for in vain before.
                    (self.wake)();
                }
            }
            AuditEvent::Closed => *self.rows.borrow_mut() = None,
            _ => (),
        }
        Some(event)
    }

    fn order(&self, order: impl FnOnce(Ticket) -> Order) -> Result<Ticket, Refused> {
        self.tickets.ask(|ticket| self.orders.submit(order(ticket)))
    }
}

fn sentence(error: impl std::fmt::Display) -> String {
    error.to_string()
}

fn crashed(panic: &str) -> String {
    format!("The audit could not do this ({panic}); please report it")
}
