//! The gallery's thread: it owns the open index and does what is asked in order, searches once nothing else waits. What
//! takes seconds it hands to the thread beside it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, Sender};
use std::time::Duration;

use super::super::crew;
use super::super::crew::same_folder;
use super::super::guard::guarded;
use super::super::ticket::Ticket;
use super::surveys::Task;
use super::view::OpenIndex;
use super::{FaceKey, GalleryEvent, GroupsAnswer, SearchAnswer, SearchRequest, Shared, Voice};
use crate::face::Part;
use crate::gallery::Index;

/// How long a deletion waits for the thumbnails' thread to let go of the index.
const LETTING_GO: Duration = Duration::from_secs(1);

const NONE_OPEN: &str = "No index is open; open or build one first";

/// Something to do.
pub(super) enum Order {
    Open(Ticket, PathBuf),
    Close,
    Delete(Ticket, PathBuf),
    /// An index is about to be built; it is to be opened once it is there.
    Expect(PathBuf),
    /// A build has stored faces in an index, with `last` for the last time.
    Grown {
        folder: PathBuf,
        last: bool,
    },
    /// An event from the indexer, after what it did.
    Say(GalleryEvent),
    Card(Ticket, FaceKey),
    Pick(Ticket, FaceKey),
    People(Ticket, Change),
    Map(Ticket, Part),
    Duplicates(Ticket),
    Export(Ticket, PathBuf),
}

/// A change in who is who.
pub(super) enum Change {
    Rename(Vec<FaceKey>, String),
    Merge(Vec<FaceKey>),
    /// Faces, and the whole group that they are split from.
    Split(Vec<FaceKey>, Vec<FaceKey>),
    Undo,
}

pub(super) struct GalleryThread {
    shared: Arc<Shared>,
    orders: Receiver<Order>,
    surveys: Sender<Task>,
    voice: Voice,
    open: Option<OpenIndex>,
    /// The folder of the index that is to be opened once a build has begun it.
    expected: Option<PathBuf>,
}

impl GalleryThread {
    pub fn new(shared: Arc<Shared>, orders: Receiver<Order>, surveys: Sender<Task>, voice: Voice) -> Self {
        GalleryThread { shared, orders, surveys, voice, open: None, expected: None }
    }

    /// Works until it is told to stop.
    pub fn run(mut self) {
        let bell = Arc::clone(&self.shared.bell);
        bell.work(|| self.turn());
    }

    /// Does the most urgent thing; false if there is none.
    fn turn(&mut self) -> bool {
        if let Ok(order) = self.orders.try_recv() {
            self.obey(order);
        } else if let Some((number, request)) = self.shared.search.take() {
            self.search(number, &request);
        } else if let Some((number, threshold)) = self.shared.group.take() {
            self.group(number, threshold);
        } else {
            return false;
        }
        true
    }

    fn obey(&mut self, order: Order) {
        match order {
            Order::Open(ticket, folder) => self.answer(&ticket, |this, number| this.open(Some(number), folder)),
            Order::Close => self.close(),
            Order::Delete(ticket, folder) => self.answer(&ticket, |this, number| this.delete(number, folder)),
            Order::Expect(folder) => self.expected = Some(folder),
            Order::Grown { folder, last } => self.grown(folder, last),
            Order::Say(event) => self.voice.say(event),
            Order::Card(ticket, key) => self.answer(&ticket, |this, number| {
                let card = Box::new(this.opened()?.card(key)?);
                Ok(GalleryEvent::Card { number, card })
            }),
            Order::Pick(ticket, key) => self.answer(&ticket, |this, number| this.opened()?.pick(number, key)),
            Order::People(ticket, change) => self.answer(&ticket, |this, number| {
                let what = this.opened()?.change(change)?;
                Ok(GalleryEvent::PeopleChanged { number, what })
            }),
            Order::Map(ticket, part) => self.survey(ticket, |ticket, open| Task::Map(ticket, part, open.codes())),
            Order::Duplicates(ticket) => self.survey(ticket, |ticket, open| Task::Duplicates(ticket, open.codes())),
            Order::Export(ticket, path) => {
                self.survey(ticket, |ticket, open| Task::Export(ticket, open.folder().to_owned(), path));
            }
        }
    }

    /// Work with one answer: what it returns, or that it failed or was called off before it began.
    fn answer(&mut self, ticket: &Ticket, work: impl FnOnce(&mut Self, u64) -> Result<GalleryEvent, String>) {
        let event = crew::answer(ticket, false, crashed, |number| work(self, number).map(Some));
        self.voice.say(event);
    }

    /// Hands work on the open index to the thread beside this one, which answers.
    fn survey(&mut self, ticket: Ticket, task: impl FnOnce(Ticket, &OpenIndex) -> Task) {
        ticket.expect(1);
        match &self.open {
            // That thread ends only after this one.
            Some(open) => drop(self.surveys.send(task(ticket, open))),
            None => {
                let sentence = NONE_OPEN.to_owned();
                self.voice.say(GalleryEvent::Failed { number: ticket.number(), sentence });
            }
        }
    }

    fn opened(&mut self) -> Result<&mut OpenIndex, String> {
        self.open.as_mut().ok_or_else(|| NONE_OPEN.to_owned())
    }

    /// Opens an index in the place of the one that is open, which stays where that fails.
    fn open(&mut self, number: Option<u64>, folder: PathBuf) -> Result<GalleryEvent, String> {
        let open = OpenIndex::open(folder.clone())?;
        let info = Box::new(open.info()?);
        self.expected = None;
        self.install(Some(open));
        Ok(GalleryEvent::Opened { number, folder, info })
    }

    fn close(&mut self) {
        self.expected = None;
        self.let_go();
        self.voice.say(GalleryEvent::Closed);
    }

    /// Puts another index in the place of the open one; what was asked of that one is of no interest any more.
    fn install(&mut self, open: Option<OpenIndex>) {
        let generation = self.shared.generation.fetch_add(1, Ordering::AcqRel) + 1;
        self.shared.answer.take();
        self.shared.groups.take();
        let shown = open.as_ref().map(|open| (generation, open.folder().to_owned()));
        self.shared.shelf.turn_to(shown);
        self.open = open;
    }

    /// Closes the index here and where thumbnails are read.
    fn let_go(&mut self) {
        self.install(None);
        // Nothing is ever sent; either that thread has let go, or it hangs on a disk and patience has an end.
        let _ = self.shared.shelf.turn_to(None).recv_timeout(LETTING_GO);
    }

    fn delete(&mut self, number: u64, folder: PathBuf) -> Result<GalleryEvent, String> {
        let was_open = self.is_open(&folder);
        if was_open {
            self.let_go();
        }
        let deleted = Index::delete(&folder).map_err(|e| e.to_string());
        match deleted {
            Ok(()) if was_open => self.close(),
            Err(_) if was_open => match self.open(None, folder.clone()) {
                // It is still the one that the window shows; its keys are the same.
                Ok(opened) => self.voice.say(opened),
                Err(_) => self.close(),
            },
            _ => (),
        }
        deleted.map(|()| GalleryEvent::Deleted { number, folder })
    }

    fn is_open(&self, folder: &Path) -> bool {
        self.open.as_ref().is_some_and(|open| same_folder(open.folder(), folder))
    }

    fn expects(&self, folder: &Path) -> bool {
        self.expected.as_ref().is_some_and(|expected| same_folder(expected, folder))
    }

    /// Looks at an index that grows, at most as often as it is worth.
    fn grown(&mut self, folder: PathBuf, last: bool) {
        let outcome = guarded(|| {
            if self.is_open(&folder) {
                self.refresh(last)
            } else if self.expects(&folder) {
                match self.open(None, folder) {
                    Ok(opened) => self.voice.say(opened),
                    // The build itself says what is wrong.
                    Err(_) if last => (),
                    Err(sentence) => return Err(sentence),
                }
                Ok(())
            } else {
                Ok(())
            }
        });
        if let Err(sentence) = outcome.unwrap_or_else(|panic| Err(crashed(&panic))) {
            self.voice.say(GalleryEvent::Notice(sentence));
        }
    }

    /// Reads the open index again where it has changed and it is time, or in any case where `now` says so.
    fn refresh(&mut self, now: bool) -> Result<(), String> {
        let Some(open) = &mut self.open else { return Ok(()) };
        if !open.has_changed() || !(now || open.is_due()) {
            return Ok(());
        }
        let info = Box::new(open.refresh()?);
        let faces = open.codes().len();
        self.voice.say(GalleryEvent::Refreshed { faces, info });
        Ok(())
    }

    fn search(&mut self, number: u64, request: &SearchRequest) {
        let outcome = guarded(|| {
            // Another process may have built it meanwhile.
            self.refresh(false)?;
            self.opened()?.search(request)
        });
        let answer = match outcome.unwrap_or_else(|panic| Err(crashed(&panic))) {
            Ok(answer) => SearchAnswer { number, ..answer },
            Err(sentence) => SearchAnswer { number, error: Some(sentence), ..SearchAnswer::default() },
        };
        self.shared.answer.put(answer);
        self.voice.wake();
    }

    /// Hands the newest wish for groups on.
    fn group(&mut self, number: u64, threshold: f32) {
        let generation = self.shared.generation();
        let task = guarded(|| {
            let open = self.opened()?;
            Ok(Task::Group { number, threshold, codes: open.codes(), pins: open.pins()?, generation })
        });
        match task.unwrap_or_else(|panic| Err(crashed(&panic))) {
            // That thread ends only after this one.
            Ok(task) => drop(self.surveys.send(task)),
            Err(sentence) => {
                let error = Some(sentence);
                self.shared.groups.put(GroupsAnswer { number, threshold, error, ..GroupsAnswer::default() });
                self.voice.wake();
            }
        }
    }
}

pub(super) fn crashed(panic: &str) -> String {
    format!("The gallery could not do this ({panic}); please report it")
}
