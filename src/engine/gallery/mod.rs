//! Collections of faces for a window: an index on the disk is opened, searched, grouped and built here. The window asks
//! and collects, and never waits.
//!
//! - `protocol`: what is asked and answered;
//! - `thread`: "gallery", which owns the open index and does what is asked in order; searches are newest wins;
//! - `view`: the open index, and what is looked up in it;
//! - `surveys`: "groups", for what takes seconds: groups, maps, duplicates, exports;
//! - `indexer`: "indexer", which builds with networks of its own.
//!
//! A fifth thread, "thumbnails", reads and decodes what is in sight.

mod indexer;
mod protocol;
mod surveys;
mod thread;
mod view;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};

use indexer::Indexer;
use surveys::Surveys;
use thread::{Change, GalleryThread, Order};

use super::bell::{Bell, Stop};
use super::crew::{Closing, Crew, End, Wake};
use super::networks::EngineError;
use super::protocol::{Refused, RgbImage};
use super::search::Search;
use super::slot::Slot;
use super::thumbnails::{Shelf, Thumbnails};
use super::ticket::{Orders, Ticket, Tickets};
use super::worker::{Opener, open_engine};
use crate::face::Part;

pub use crate::face::recipe::ModelName;
pub use crate::gallery::grouping::SUGGESTED_THRESHOLD;
pub use crate::gallery::{
    FaceCard, FaceKey, FaceLabels, Filter, From, Info, Labels, PersonId, Query, Report, Seconds, THUMBNAIL_SIDE,
};
pub use protocol::{Build, FaceGroup, FoundFace, GalleryEvent, GroupsAnswer, SearchAnswer, SearchRequest};

/// Numbers begin here, so that none is a [`super::Studio`]'s as well and both may be kept in one place.
const FIRST_NUMBER: u64 = 1 << 40;

/// The handle. Dropping it stops the threads; a build is called off, and what it has stored stays.
pub struct Galleries {
    // Fields are dropped in this order: the threads are told to stop, nobody is left waiting for a reader, the queues
    // close, and then the end is waited for.
    _stop: Stop,
    shared: Arc<Shared>,
    events: Receiver<GalleryEvent>,
    thumbnails: Thumbnails,
    orders: Orders<Order>,
    builds: Sender<(Ticket, Build)>,
    tickets: Tickets,
    _end: End,
}

/// What all sides see: cells that hold only what is current.
#[derive(Default)]
struct Shared {
    search: Slot<(u64, SearchRequest)>,
    answer: Slot<SearchAnswer>,
    group: Slot<(u64, f32)>,
    groups: Slot<GroupsAnswer>,
    /// Number of the newest request for groups; an older one is given up.
    newest_group: AtomicU64,
    /// Counts the indexes that were opened and closed: what was worked out for another is dropped.
    generation: AtomicU64,
    shelf: Arc<Shelf>,
    /// Of the gallery's thread; when that is to stop, all are.
    bell: Arc<Bell>,
}

impl Shared {
    fn stopped(&self) -> bool {
        self.bell.stopped()
    }

    fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }
}

type Voice = super::crew::Voice<GalleryEvent>;

impl Closing for GalleryEvent {
    fn failed(number: u64, sentence: String) -> Self {
        GalleryEvent::Failed { number, sentence }
    }

    fn cancelled(number: u64) -> Self {
        GalleryEvent::Cancelled { number }
    }
}

impl Galleries {
    /// Starts the threads. `wake` is called, from any of them, whenever there is something new to read. `search` looks
    /// for faces while an index is built; `open` makes what encodes them, the networks where there is none.
    ///
    /// # Errors
    /// [`EngineError::NoThread`] where the operating system refuses a thread.
    pub fn start(
        wake: impl Fn() + Send + Sync + 'static,
        search: Search,
        open: Option<Box<Opener>>,
    ) -> Result<Self, EngineError> {
        let open = open.unwrap_or_else(|| Box::new(open_engine));
        let wake: Wake = Arc::new(wake);
        let (voice, events) = Voice::new(&wake);
        let shared = Arc::new(Shared::default());
        let stop = Stop(vec![Arc::clone(&shared.bell)]);
        let (orders, to_do) = Orders::new(&shared.bell);
        let (builds, to_build) = mpsc::channel();
        let (surveys, to_survey) = mpsc::channel();

        let crew = Crew::new();
        let gallery = GalleryThread::new(Arc::clone(&shared), to_do, surveys, voice.clone());
        crew.spawn("gallery", move || gallery.run())?;
        let surveys = Surveys::new(Arc::clone(&shared), to_survey, voice);
        crew.spawn("groups", move || surveys.run())?;
        let indexer = Indexer::new(Arc::clone(&shared), to_build, orders.clone(), search, open);
        crew.spawn("indexer", move || indexer.run())?;
        let thumbnails = Thumbnails::start("thumbnails", &shared.shelf, &crew, wake)?;
        Ok(Galleries {
            _stop: stop,
            shared,
            events,
            thumbnails,
            orders,
            builds,
            tickets: Tickets::after(FIRST_NUMBER),
            _end: crew.end(),
        })
    }

    /// Asks for an index to be opened in the place of the one that is: `GalleryEvent::Opened`. Where it cannot be, that
    /// one stays.
    pub fn open(&self, folder: PathBuf) -> Result<Ticket, Refused> {
        self.order(|ticket| Order::Open(ticket, folder))
    }

    /// Asks for an index to be made or brought up to date: `GalleryEvent::Built`. The ticket counts files and rows, and
    /// calls the build off between two of them; what is stored by then stays. It is opened as soon as it is there, and
    /// refreshed while it grows. Builds wait for each other.
    pub fn build(&self, build: Build) -> Result<Ticket, Refused> {
        let folder = build.folder.clone();
        self.tickets.ask(|ticket| {
            self.orders.submit(Order::Expect(folder))?;
            self.builds.send((ticket, build)).map_err(|_| Refused::Stopped)
        })
    }

    /// Closes the open index: `GalleryEvent::Closed`.
    ///
    /// # Errors
    /// A full queue, here and below.
    pub fn close(&self) -> Result<(), Refused> {
        self.orders.submit(Order::Close)
    }

    /// Asks for an index to be deleted from the disk, the open one or another: `GalleryEvent::Deleted`, after
    /// `GalleryEvent::Closed` where it was open. Not while it is built.
    pub fn delete(&self, folder: PathBuf) -> Result<Ticket, Refused> {
        self.order(|ticket| Order::Delete(ticket, folder))
    }

    /// Asks for the faces of the open index that answer a query, and gives the number that the answer will carry. It
    /// replaces a search that was not begun yet.
    pub fn search(&self, request: SearchRequest) -> u64 {
        let number = self.tickets.number();
        self.shared.search.put((number, request));
        self.shared.bell.ring();
        number
    }

    /// The newest answer, once. One with a number below `not_before` (the first that is still of interest) is dropped.
    pub fn found(&self, not_before: u64) -> Option<SearchAnswer> {
        self.shared.answer.take().filter(|answer| answer.number >= not_before)
    }

    /// Asks for the faces of the open index in groups, one a person, and gives the number that the answer will carry.
    /// `threshold` is the cosine from which two faces count as one person's. A newer request ends an older one.
    pub fn group(&self, threshold: f32) -> u64 {
        let number = self.tickets.number();
        self.shared.newest_group.store(number, Ordering::Relaxed);
        self.shared.group.put((number, threshold));
        self.shared.bell.ring();
        number
    }

    /// The newest groups, once; `not_before` as in [`Galleries::found`].
    pub fn groups(&self, not_before: u64) -> Option<GroupsAnswer> {
        self.shared.groups.take().filter(|answer| answer.number >= not_before)
    }

    /// Names a group of faces: `GalleryEvent::PeopleChanged`. They stay together from then on, whatever the threshold.
    pub fn rename(&self, members: Vec<FaceKey>, name: String) -> Result<Ticket, Refused> {
        self.change(Change::Rename(members, name))
    }

    /// Makes one person of the faces of several groups: `GalleryEvent::PeopleChanged`.
    pub fn merge(&self, members: Vec<FaceKey>) -> Result<Ticket, Refused> {
        self.change(Change::Merge(members))
    }

    /// Makes a person of their own of some faces of a group, all of whose faces are in `group`; what is left of it stays
    /// together: `GalleryEvent::PeopleChanged`.
    pub fn split(&self, members: Vec<FaceKey>, group: Vec<FaceKey>) -> Result<Ticket, Refused> {
        self.change(Change::Split(members, group))
    }

    /// Takes the last naming, merging or splitting back: `GalleryEvent::PeopleChanged`.
    pub fn undo(&self) -> Result<Ticket, Refused> {
        self.change(Change::Undo)
    }

    /// Asks for all faces of the open index in a plane, by one part: `GalleryEvent::Map`.
    pub fn map(&self, part: Part) -> Result<Ticket, Refused> {
        self.order(|ticket| Order::Map(ticket, part))
    }

    /// Asks for the faces of the open index that are nearly the same: `GalleryEvent::Duplicates`.
    pub fn duplicates(&self) -> Result<Ticket, Refused> {
        self.order(Order::Duplicates)
    }

    /// Asks for the codes of the open index in a file, which is Parquet, CSV or NPY by its ending:
    /// `GalleryEvent::Exported`.
    pub fn export(&self, path: PathBuf) -> Result<Ticket, Refused> {
        self.order(|ticket| Order::Export(ticket, path))
    }

    /// Asks what is known of a face: `GalleryEvent::Card`.
    pub fn card(&self, key: FaceKey) -> Result<Ticket, Refused> {
        self.order(|ticket| Order::Card(ticket, key))
    }

    /// Asks where the picture of a face is to be had, so that it can be opened: `GalleryEvent::Picked`.
    pub fn pick(&self, key: FaceKey) -> Result<Ticket, Refused> {
        self.order(|ticket| Order::Pick(ticket, key))
    }

    /// Says which thumbnails are wanted, the most urgent first, instead of those that were before. One that was read by
    /// [`Galleries::thumbnail`] need not be wanted again.
    pub fn want(&self, keys: Vec<FaceKey>) {
        self.thumbnails.want(keys);
    }

    /// The next thumbnail of the open index, [`THUMBNAIL_SIDE`] pixels wide and high; none within for a face that has
    /// none. Read them all in each frame.
    pub fn thumbnail(&self) -> Option<(FaceKey, Option<Arc<RgbImage>>)> {
        self.thumbnails.next(self.shared.generation())
    }

    /// The next event.
    pub fn event(&self) -> Option<GalleryEvent> {
        self.events.try_recv().ok()
    }

    fn change(&self, change: Change) -> Result<Ticket, Refused> {
        self.order(|ticket| Order::People(ticket, change))
    }

    fn order(&self, order: impl FnOnce(Ticket) -> Order) -> Result<Ticket, Refused> {
        self.tickets.ask(|ticket| self.orders.submit(order(ticket)))
    }
}
