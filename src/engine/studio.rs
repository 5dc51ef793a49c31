//! The window's side of the engine: it asks here and never waits. Pictures and answers are collected once a frame; the
//! window is woken when there are new ones.
//!
//! On the other side is one thread named "studio", which owns the networks, one named "paste", which puts edited faces
//! back into photographs, and two pools for files. Only plain pictures and records cross.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver};

use super::bell::Stop;
use super::crew::{Crew, End, Wake};
use super::device::DeviceChoice;
use super::files::Files;
use super::job::{Job, Work};
use super::networks::EngineError;
use super::open::Placement;
use super::outbox::Outbox;
use super::paste_thread::{self, Board};
use super::protocol::{
    BoardPicture, Event, Paste, Pasted, Placed, Refused, Render, Rendered, RgbImage, Save, Setup, Source, WeightsSource,
};
use super::search::Search;
use super::studio_thread::{Inbox, Order, Shared, StudioThread};
use super::ticket::{Orders, Ticket, Tickets};
use super::worker::{Opener, open_engine};
use crate::face::{Edit, FaceCode, ModelName, Recipe};

/// Answers of the studio thread that may wait to be read.
const EVENTS: usize = 256;
/// Opened photographs that may wait to be read; each may be large.
const OPENED: usize = 8;

/// The handle; dropping it stops the thread within one job. A file that is being saved is saved first.
pub struct Studio {
    // Fields are dropped in this order: the threads are told to stop, nobody is left waiting for a reader, the pools go,
    // and then the end is waited for.
    _stop: Stop,
    shared: Arc<Shared>,
    pasting: Pasting,
    answers: Receiver<Event>,
    opened: Receiver<Event>,
    orders: Orders<Order>,
    background: Orders<Job>,
    files: Files,
    tickets: Tickets,
    _end: End,
}

impl Studio {
    /// Starts the thread, which opens device and weights; `Event::Ready` says when they are there. `wake` is called,
    /// from any thread, whenever there is something new to read.
    ///
    /// # Errors
    /// [`EngineError::NoThread`] where the operating system refuses a thread.
    pub fn start(setup: Setup, wake: impl Fn() + Send + Sync + 'static) -> Result<Self, EngineError> {
        Self::start_by(setup, wake, None, Search::default())
    }

    /// [`Studio::start`] with other workers than the networks: what a window is measured and tested with.
    ///
    /// # Errors
    /// As [`Studio::start`].
    pub fn start_with(
        setup: Setup,
        wake: impl Fn() + Send + Sync + 'static,
        open: Box<Opener>,
    ) -> Result<Self, EngineError> {
        Self::start_by(setup, wake, Some(open), Search::default())
    }

    /// [`Studio::start`] with other workers than the networks, where there are any, and with another finder of faces.
    ///
    /// # Errors
    /// As [`Studio::start`].
    pub fn start_by(
        setup: Setup,
        wake: impl Fn() + Send + Sync + 'static,
        open: Option<Box<Opener>>,
        search: Search,
    ) -> Result<Self, EngineError> {
        let open = open.unwrap_or_else(|| Box::new(open_engine));
        let wake: Wake = Arc::new(wake);
        let (say, answers) = mpsc::sync_channel(EVENTS);
        let (say_opened, opened) = mpsc::sync_channel(OPENED);
        let shared = Arc::new(Shared::default());
        let (orders, to_do) = Orders::new(&shared.bell);
        let (background, to_do_later) = Orders::new(&shared.bell);

        let crew = Crew::new();
        let files = Files::new(search, Outbox::new(say_opened, Arc::clone(&wake)), crew.alive())?;
        let outbox = Outbox::new(say, wake);
        let pasting = Pasting(paste_thread::start(outbox.clone(), &crew)?);
        let inbox = Inbox { orders: to_do, background: to_do_later };
        let theirs = Arc::clone(&shared);
        // The networks stay on the thread that opens them.
        crew.spawn("studio", move || StudioThread::new(theirs, inbox, outbox, setup, open).run())?;
        Ok(Studio {
            _stop: Stop(vec![Arc::clone(&shared.bell)]),
            shared,
            pasting,
            answers,
            opened,
            orders,
            background,
            files,
            tickets: Tickets::after(0),
            _end: crew.end(),
        })
    }

    /// Asks for the picture of a face and gives the number that it will carry. It goes before everything else that
    /// waits, and replaces a render that was not begun yet.
    pub fn render(&self, face: FaceCode) -> u64 {
        let number = self.tickets.number();
        self.shared.render.put(Render { number, face });
        self.shared.bell.ring();
        number
    }

    /// The newest picture, once. One with a number below `not_before` (the first that is still of interest, such as
    /// the first render of the face that is open now) is dropped.
    pub fn rendered(&self, not_before: u64) -> Option<Rendered> {
        self.shared.rendered.take().filter(|rendered| rendered.number >= not_before)
    }

    /// Asks for an edited face to be put back into its photograph and gives the number that the picture will carry. It
    /// replaces a paste that was not begun yet. While face, square and landmarks stay the same, another strength or
    /// mask costs a fraction of the first.
    pub fn paste(&self, paste: Paste) -> u64 {
        let number = self.tickets.number();
        self.pasting.0.put(number, paste);
        number
    }

    /// The newest photograph with a face put back, once; `not_before` as in [`Studio::rendered`]. A paste that failed
    /// is an `Event::Failed` with its number.
    pub fn pasted(&self, not_before: u64) -> Option<Pasted> {
        self.pasting.0.take().filter(|pasted| pasted.number >= not_before)
    }

    /// The next answer. Read them all in each frame: while too many wait, the engine waits too.
    pub fn event(&self) -> Option<Event> {
        self.answers.try_recv().or_else(|_| self.opened.try_recv()).ok()
    }

    /// Asks for the code of a 128 x 128 crop, its reconstruction and what is to be said about it: `Event::Encoded`.
    /// `placed` says where it comes from, none for what came as a crop.
    ///
    /// # Errors
    /// A full queue, here and below.
    pub fn encode(&self, crop: RgbImage, placed: Option<Placed>) -> Result<Ticket, Refused> {
        self.order(|ticket| Order::Compute(job(ticket, Work::encode(crop, placed))))
    }

    /// Asks for a face to be fitted to its 128 x 128 crop, from the encoder's answer: `Event::Refined`. It takes
    /// seconds; the ticket counts the steps, and between two of them all else is done but for what waits to be drawn by
    /// [`Studio::pictures`].
    pub fn refine(&self, crop: RgbImage, from: FaceCode) -> Result<Ticket, Refused> {
        self.tickets.ask(|ticket| self.background.submit(job(ticket, Work::refine(crop, from))))
    }

    /// Asks what an edit costs, `own` being the face before it: `Event::Drift`.
    pub fn drift(&self, own: FaceCode, asked: FaceCode) -> Result<Ticket, Refused> {
        self.order(|ticket| Order::Compute(job(ticket, Work::drift(own, asked))))
    }

    /// Asks for the pictures of several faces, to be drawn while nothing else is to be done: `Event::Pictures`.
    pub fn pictures(&self, faces: Vec<FaceCode>) -> Result<Ticket, Refused> {
        self.tickets.ask(|ticket| self.background.submit(job(ticket, Work::pictures(faces))))
    }

    /// Asks for other weights: `Event::Ready` and `Event::Done`, or `Event::Failed` and those in use stay.
    pub fn open_weights(&self, source: WeightsSource) -> Result<Ticket, Refused> {
        self.order(|ticket| Order::Weights(ticket, source))
    }

    /// Asks for another device: `Event::Ready` and `Event::Done`, with an `Event::Notice` where the CPU takes over.
    pub fn use_device(&self, choice: DeviceChoice) -> Result<Ticket, Refused> {
        self.order(|ticket| Order::Device(ticket, choice))
    }

    /// Asks which devices there are: `Event::Devices`.
    pub fn list_devices(&self) -> Result<Ticket, Refused> {
        self.tickets.ask(|ticket| self.files.list_devices(ticket))
    }

    /// Asks for pictures and their crops: an `Event::Opened` or `Event::NotOpened` for each, begun in their order, and
    /// `Event::Done` at the end.
    pub fn open(&self, sources: Vec<(Source, Placement)>) -> Result<Ticket, Refused> {
        self.tickets.ask(|ticket| self.files.open(ticket, sources))
    }

    /// Asks for a picture to be saved: `Event::Saved`.
    pub fn save(&self, save: Save) -> Result<Ticket, Refused> {
        self.tickets.ask(|ticket| self.files.save(ticket, save))
    }

    /// Asks for an edit file to be saved, with the weights that its recipe comes from: `Event::Saved`.
    pub fn save_edit(&self, path: PathBuf, edit: Edit, model: Option<ModelName>) -> Result<Ticket, Refused> {
        self.tickets.ask(|ticket| self.files.save_edit(ticket, path, edit, model))
    }

    /// Asks for what is in an edit file: `Event::EditRead`.
    pub fn read_edit(&self, path: PathBuf) -> Result<Ticket, Refused> {
        self.tickets.ask(|ticket| self.files.read_edit(ticket, path))
    }

    /// Asks for a recipe file to be saved, with the weights that its numbers come from: `Event::Saved`.
    pub fn save_recipe(&self, path: PathBuf, recipe: Recipe, model: ModelName) -> Result<Ticket, Refused> {
        self.tickets.ask(|ticket| self.files.save_recipe(ticket, path, recipe, model))
    }

    /// Asks for what is in a recipe file: `Event::RecipeRead`.
    pub fn read_recipe(&self, path: PathBuf) -> Result<Ticket, Refused> {
        self.tickets.ask(|ticket| self.files.read_recipe(ticket, path))
    }

    /// Asks for a board to be drawn and saved as one labelled sheet: `Event::Saved`.
    pub fn save_board(&self, path: PathBuf, board: BoardPicture) -> Result<Ticket, Refused> {
        self.tickets.ask(|ticket| self.files.save_board(ticket, path, board))
    }

    fn order(&self, order: impl FnOnce(Ticket) -> Order) -> Result<Ticket, Refused> {
        self.tickets.ask(|ticket| self.orders.submit(order(ticket)))
    }
}

fn job(ticket: Ticket, work: Work) -> Job {
    ticket.expect(work.len());
    Job { ticket, work, retried: false }
}

/// The thread that pastes, told to stop at the end.
struct Pasting(Arc<Board>);

impl Drop for Pasting {
    fn drop(&mut self) {
        self.0.stop();
    }
}
