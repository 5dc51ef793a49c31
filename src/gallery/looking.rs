//! The threads of an update that read, decode and look. They know the index from the plan alone; what they see goes to
//! the thread that encodes and stores.
//!
//! Each looks alone, in a pool of one thread, so that all of them together take no more cores than they were given, and
//! none of them begins another picture while it waits for a part of its own.

use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, Scope};
use std::time::Instant;

use image::RgbImage;
use image::codecs::jpeg::JpegEncoder;

use super::card::{FaceLabels, THUMBNAIL_SIDE};
use super::error::GalleryError;
use super::plan::{Job, Lost, Shard, What};
use super::rows::ShardRow;
use super::schema::DONE;
use super::update::{Look, LookAt};
use crate::data::hash;
use crate::data::image::{self as picture, PictureError};
use crate::data::shards::{Record, ShardError, ShardReader};
use crate::face::{Crop, Expression};
use crate::nn::many::alone;

/// Of the threads that look.
const NAME: &str = "look";
const THUMBNAIL_QUALITY: u8 = 85;
/// What waits for each thread, to be looked at or to be stored.
const WAITING: usize = 2;

/// What has come of a photograph, of a row of a shard, or of its end.
pub(super) struct Looked {
    /// Its place among the plan's jobs.
    pub job: usize,
    /// In a shard: what is to be stored comes in this order. The end stands after the last row.
    pub place: u64,
    pub what: Outcome,
}

pub(super) enum Outcome {
    /// A photograph that is as the index knows it.
    Same,
    /// The photograph that the index knows as this file, under another name.
    Moved(i64),
    /// Deleted since it was listed.
    Vanished,
    /// In a sentence without the path. What could not even be read, and may be what it was, is tried `again` by the next
    /// update.
    Failed { problem: String, content: u64, again: bool },
    Faces {
        content: u64,
        pixels: (u32, u32),
        faces: Vec<Seen>,
        /// The file that the index knows this as, under another name and without codes.
        from: Option<i64>,
    },
    /// A row that was this one before, with all its codes.
    RowKept { old: u64, row: ShardRow, labels: FaceLabels },
    /// A row that may have been this one before, without codes.
    RowFaces { old: Option<u64>, row: ShardRow, labels: FaceLabels, faces: Vec<Seen> },
    /// In a sentence with the path.
    RowFailed(String),
    /// With the sentence of what broke it off, with the path.
    End(Option<String>),
}

/// A face that was seen, and its thumbnail.
pub(super) struct Seen {
    pub look: Look,
    pub thumbnail: Vec<u8>,
}

/// What the threads share.
pub(super) struct Lookers<'a> {
    look: &'a LookAt<'a>,
    stop: &'a AtomicBool,
    jobs: &'a [Job],
    lost: Mutex<Lost>,
    nanos: AtomicU64,
}

enum Task {
    Picture(usize),
    Row(usize, u64, Box<Record>),
}

impl<'a> Lookers<'a> {
    /// They end early where `stop` becomes true.
    pub fn new(look: &'a LookAt<'a>, stop: &'a AtomicBool, jobs: &'a [Job], lost: Lost) -> Self {
        Lookers { look, stop, jobs, lost: Mutex::new(lost), nanos: AtomicU64::new(0) }
    }

    /// Starts the threads, which live as long as there is something to look at and somebody who takes it.
    pub fn start<'scope>(
        &'scope self,
        scope: &'scope Scope<'scope, '_>,
        threads: usize,
    ) -> Result<Receiver<Looked>, GalleryError> {
        let threads = threads.max(1);
        let (give, tasks) = mpsc::sync_channel(WAITING * threads);
        let (say, looked) = mpsc::sync_channel(WAITING * threads);
        // Of the threads alone: when the last of them has ended, nobody is left waiting to give one a task.
        let tasks = Arc::new(Mutex::new(tasks));
        let named = |name: &str| thread::Builder::new().name(name.to_owned());
        for _ in 0..threads {
            let pool = alone(NAME).map_err(no_thread)?;
            let (tasks, say) = (Arc::clone(&tasks), say.clone());
            let run = move || pool.install(|| self.work(&tasks, &say));
            named(NAME).spawn_scoped(scope, run).map_err(no_thread)?;
        }
        named("read").spawn_scoped(scope, move || self.feed(&give, &say)).map_err(no_thread)?;
        Ok(looked)
    }

    /// What reading, decoding and looking took so far, in seconds, added up over the threads.
    pub fn seconds(&self) -> f64 {
        self.nanos.load(Ordering::Relaxed) as f64 / 1e9
    }

    fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Hands out photographs and rows in order; rows are read here.
    fn feed(&self, give: &SyncSender<Task>, say: &SyncSender<Looked>) {
        for (number, job) in self.jobs.iter().enumerate() {
            let goes_on = match &job.what {
                What::Picture(_) => give.send(Task::Picture(number)).is_ok(),
                What::Shard(shard) => self.feed_shard(number, shard, give, say),
            };
            if !goes_on || self.stopped() {
                return;
            }
        }
    }

    /// False where nobody takes it any more.
    fn feed_shard(&self, job: usize, shard: &Shard, give: &SyncSender<Task>, say: &SyncSender<Looked>) -> bool {
        let end = |place, problem| say.send(Looked { job, place, what: Outcome::End(problem) }).is_ok();
        let opened = ShardReader::open_with(&self.jobs[job].file.path, Arc::default());
        let reader = opened.and_then(|mut reader| reader.pass_over(shard.from).map(|()| reader));
        let reader = match reader {
            Ok(reader) => reader,
            Err(error) => return end(shard.from, Some(error.to_string())),
        };
        let mut place = shard.from;
        for record in reader {
            let taken = match record {
                Ok(record) => give.send(Task::Row(job, place, Box::new(record))).is_ok(),
                Err(error @ ShardError::BadRow { .. }) => {
                    say.send(Looked { job, place, what: Outcome::RowFailed(error.to_string()) }).is_ok()
                }
                Err(error) => return end(place, Some(error.to_string())),
            };
            if !taken || self.stopped() {
                return false;
            }
            place += 1;
        }
        end(place, None)
    }

    /// Takes one task after the other.
    fn work(&self, tasks: &Mutex<Receiver<Task>>, say: &SyncSender<Looked>) {
        loop {
            // Whoever waits holds the lock, and the others wait for that.
            let task = held(tasks).recv();
            let Ok(task) = task else { return };
            if self.stopped() {
                return;
            }
            let started = Instant::now();
            let looked = match task {
                Task::Picture(job) => Looked { job, place: 0, what: self.picture(&self.jobs[job]) },
                Task::Row(job, place, record) => Looked { job, place, what: self.row(&self.jobs[job], place, *record) },
            };
            let nanos = u64::try_from(started.elapsed().as_nanos()).unwrap_or(u64::MAX);
            self.nanos.fetch_add(nanos, Ordering::Relaxed);
            if say.send(looked).is_err() {
                return;
            }
        }
    }

    fn picture(&self, job: &Job) -> Outcome {
        let bytes = match picture::read(&job.file.path) {
            Ok(bytes) => bytes,
            Err(PictureError::Missing) => return Outcome::Vanished,
            Err(error) => {
                let again = matches!(error, PictureError::NoPermission | PictureError::Unreadable(_));
                return Outcome::Failed { problem: error.to_string(), content: 0, again };
            }
        };
        let content = hash::content(&bytes);
        let same = match &job.what {
            What::Picture(known) => known.filter(|known| known.content == content && !known.shard),
            What::Shard(_) => None,
        };
        let lost = match same {
            Some(known) if known.state == DONE => return Outcome::Same,
            Some(_) => None,
            None => held(&self.lost).get_mut(&(job.file.size, content)).and_then(Vec::pop),
        };
        let from = match lost {
            Some(file) if file.state == DONE => return Outcome::Moved(file.id),
            lost => lost.map(|file| file.id),
        };
        match self.faces(&bytes) {
            Ok((pixels, faces)) => Outcome::Faces { content, pixels, faces, from },
            Err(problem) => Outcome::Failed { problem, content, again: false },
        }
    }

    fn row(&self, job: &Job, place: u64, record: Record) -> Outcome {
        let labels = labels_of(&record);
        let row = ShardRow { row: place, name: record.path, content: hash::content(&record.picture_bytes) };
        let old = match &job.what {
            What::Shard(shard) => held(&shard.old).get_mut(&row.content).and_then(|rows| {
                let same = rows.iter().position(|old| old.name == row.name)?;
                Some(rows.swap_remove(same))
            }),
            What::Picture(_) => None,
        };
        if let Some(old) = old.as_ref().filter(|old| old.is_coded) {
            return Outcome::RowKept { old: old.row, row, labels };
        }
        match self.faces(&record.picture_bytes) {
            Ok((_, faces)) => Outcome::RowFaces { old: old.map(|old| old.row), row, labels, faces },
            Err(problem) => {
                let what = format!("a picture that fails ({problem})");
                let error = ShardError::BadRow { path: job.file.path.clone(), row: place, what };
                Outcome::RowFailed(error.to_string())
            }
        }
    }

    /// The size of a picture and the faces in it; a sentence without a path.
    fn faces(&self, bytes: &[u8]) -> Result<((u32, u32), Vec<Seen>), String> {
        let look = || -> Result<((u32, u32), Vec<Seen>), String> {
            let photo = picture::decode(bytes).map_err(|error| error.to_string())?;
            let looks = (self.look)(&photo, &|| self.stopped())?;
            Ok((photo.dimensions(), looks.into_iter().map(Seen::new).collect()))
        };
        // A decoder that stumbles over one picture shall not cost the others.
        panic::catch_unwind(AssertUnwindSafe(look))
            .unwrap_or_else(|_| Err("The picture makes its decoder stop; save it anew with another program".to_owned()))
    }
}

impl Seen {
    fn new(look: Look) -> Self {
        let thumbnail = thumbnail(&look.picture);
        Seen { look, thumbnail }
    }
}

/// A JPEG of [`THUMBNAIL_SIDE`] pixels; empty where it cannot be made, which costs no more than the sight of it.
fn thumbnail(crop: &RgbImage) -> Vec<u8> {
    let half = crop.width() as f32 / 2.0;
    let small = picture::crop(crop, &Crop::level([half; 2], half), THUMBNAIL_SIDE);
    let mut bytes = Vec::new();
    let encoded = small.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, THUMBNAIL_QUALITY));
    if encoded.is_ok() { bytes } else { Vec::new() }
}

fn labels_of(record: &Record) -> FaceLabels {
    FaceLabels {
        person: record.person.clone(),
        clip: record.clip.clone(),
        expression: record.expression.and_then(|class| Expression::ALL.get(usize::from(class)).copied()),
        valence: record.valence,
        arousal: record.arousal,
    }
}

fn no_thread(error: impl ToString) -> GalleryError {
    GalleryError::NoThread(error.to_string())
}

fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    // Whoever held it changed one entry, whole.
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}
