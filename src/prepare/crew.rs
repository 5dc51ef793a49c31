//! The threads that make rows. Each computes alone, in a pool of one thread, so that the finder within and all of them
//! together take no more cores than they were given. What they make is handed out in the set's order, and no more is
//! under way than [`AHEAD`] pictures a thread, however large the set is.

use std::collections::VecDeque;
use std::iter::Fuse;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, Scope};
use std::time::Duration;

use super::error::PrepareError;
use super::face::{Left, Made, Maker};
use super::fingerprint::{self, Mark};
use super::options::Points;
use super::run::Halt;
use crate::data::sets::{Entries, Entry, Problem};
use crate::find::Finder;
use crate::nn::many::alone;

/// Pictures under way for each thread, not decoded but for those in hand: so many that all have work while a shard
/// goes to the disk.
const AHEAD: usize = 32;
/// Between two questions whether to go on while a picture takes long.
const GLANCE: Duration = Duration::from_millis(100);
/// Of every thread here.
const NAME: &str = "prepare";

/// What the threads share.
pub(super) struct Crew<'a> {
    maker: Maker<'a>,
}

impl<'a> Crew<'a> {
    /// They end early where `stop` becomes true.
    pub fn new(finder: &'a Finder, points: Points, stop: &'a AtomicBool) -> Self {
        Self { maker: Maker { finder, points, stop } }
    }

    /// Starts the threads, which live as long as the line does.
    pub fn start<'scope>(&'scope self, scope: &'scope Scope<'scope, '_>, threads: usize) -> Result<Line, PrepareError> {
        let threads = threads.max(1);
        let (give, tasks) = mpsc::channel();
        let (say, made) = mpsc::channel();
        let tasks = Arc::new(Mutex::new(tasks));
        for _ in 0..threads {
            let pool = alone(NAME).map_err(no_thread)?;
            let (tasks, say) = (Arc::clone(&tasks), say.clone());
            let run = move || pool.install(|| self.work(&tasks, &say));
            thread::Builder::new().name(NAME.to_owned()).spawn_scoped(scope, run).map_err(no_thread)?;
        }
        Ok(Line { give, made, ahead: VecDeque::new(), first: 0, most: AHEAD * threads })
    }

    /// Takes one picture after the other.
    fn work(&self, tasks: &Mutex<Receiver<Task>>, say: &Sender<(u64, Made)>) {
        loop {
            // Whoever waits holds the lock, and the others wait for that. A task is taken whole or not at all.
            let task = tasks.lock().unwrap_or_else(PoisonError::into_inner).recv();
            let Ok(Task { number, entry }) = task else { return };
            if self.maker.stop.load(Ordering::Relaxed) || say.send((number, self.maker.row(entry))).is_err() {
                return;
            }
        }
    }
}

struct Task {
    number: u64,
    entry: Entry,
}

/// What has become of one entry of a set.
pub(super) struct Item {
    pub key: String,
    /// Stands for the entry.
    pub mark: Mark,
    pub made: Made,
}

/// Where pictures are handed to the threads, and rows come back in order.
pub(super) struct Line {
    give: Sender<Task>,
    made: Receiver<(u64, Made)>,
    /// Entries under way, in order.
    ahead: VecDeque<Ahead>,
    /// Number of the first of them; they are counted over all parts of the set.
    first: u64,
    most: usize,
}

struct Ahead {
    key: String,
    mark: Mark,
    made: Option<Made>,
}

impl Line {
    /// What becomes of the next of `entries`; none after the last. While it takes long, `go_on` is asked now and then.
    ///
    /// # Errors
    /// A set that cannot be read any further, and [`Halt::Cancelled`] where `go_on` says no.
    pub fn next(&mut self, entries: &mut Fuse<Entries>, go_on: &mut dyn FnMut() -> bool) -> Result<Option<Item>, Halt> {
        self.fill(entries)?;
        loop {
            match self.ahead.front() {
                None => return Ok(None),
                Some(Ahead { made: Some(_), .. }) => break,
                Some(_) => {}
            }
            match self.made.recv_timeout(GLANCE) {
                Ok((number, made)) => self.put(number, made),
                Err(RecvTimeoutError::Timeout) if go_on() => {}
                Err(RecvTimeoutError::Timeout) => return Err(Halt::Cancelled),
                Err(RecvTimeoutError::Disconnected) => return Err(gone().into()),
            }
        }
        self.first += 1;
        let front = self.ahead.pop_front();
        Ok(front.and_then(|Ahead { key, mark, made }| Some(Item { key, mark, made: made? })))
    }

    /// Hands out entries until enough are under way.
    fn fill(&mut self, entries: &mut Fuse<Entries>) -> Result<(), Halt> {
        while self.ahead.len() < self.most {
            let Some(item) = entries.next() else { break };
            let mark = fingerprint::of(&item);
            let (key, made) = match item {
                Ok(entry) => {
                    let key = entry.key.clone();
                    let number = self.first + self.ahead.len() as u64;
                    self.give.send(Task { number, entry }).map_err(|_| gone())?;
                    (key, None)
                }
                Err(Problem::Skip { key, reason }) => (key, Some(Err(Left::Out(reason.to_string())))),
                Err(Problem::Stop(error)) => return Err(error.into()),
            };
            self.ahead.push_back(Ahead { key, mark, made });
        }
        Ok(())
    }

    fn put(&mut self, number: u64, made: Made) {
        let place = number.checked_sub(self.first).and_then(|place| self.ahead.get_mut(place as usize));
        if let Some(ahead) = place {
            ahead.made = Some(made);
        }
    }
}

fn no_thread(error: impl ToString) -> PrepareError {
    PrepareError::NoThread(error.to_string())
}

/// Threads end before the line does only where something ends them from outside.
fn gone() -> PrepareError {
    no_thread("those at work ended")
}
