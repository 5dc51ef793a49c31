//! The window's own files (session, settings, pictures of faces), written behind its back: one thread that takes what
//! is newest for each path and writes it whole or not at all. Knows paths and bytes, not what they mean.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use image::codecs::png::PngEncoder;

use super::guard::guarded;
use super::networks::EngineError;
use crate::data::atomic::{self, WriteError};
use crate::data::image::{RgbImage, decode};

/// How long the end of the program waits for what is still to be written.
const PATIENCE: Duration = Duration::from_secs(5);

/// What a file shall hold, worked out on the keeper's thread; a sentence where that fails.
pub type Contents = Box<dyn FnOnce() -> Result<Vec<u8>, String> + Send>;

/// The handle. Dropping it writes what still waits, for a few seconds at most.
pub struct Keeper {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

impl Keeper {
    /// Starts the thread.
    ///
    /// # Errors
    /// [`EngineError::NoThread`] where the operating system refuses one.
    pub fn start() -> Result<Self, EngineError> {
        let shared = Arc::new(Shared::default());
        let theirs = Arc::clone(&shared);
        let thread = thread::Builder::new()
            .name("keeper".to_owned())
            .spawn(move || theirs.run())
            .map_err(|e| EngineError::NoThread(e.to_string()))?;
        Ok(Keeper { shared, thread: Some(thread) })
    }

    /// Calls `wake`, from the keeper's thread, whenever there is a failure to read. Only the first call counts.
    pub fn wake_by(&self, wake: impl Fn() + Send + Sync + 'static) {
        // A second window on one keeper does not exist.
        let _ = self.shared.wake.set(Box::new(wake));
    }

    /// Has a file written, with the folders above it. What was put for other paths before is on the disk before it. What
    /// waits for the same path is replaced, but for the first of two between which others wait: were it taken away time
    /// and again, a flood of those others would keep this path from the disk for ever.
    pub fn put(&self, path: PathBuf, contents: Contents) {
        let mut desk = self.shared.lock();
        desk.refused.remove(&path);
        let replaced = desk.take_replaceable(&path);
        desk.waiting.push_back((path, contents));
        drop(desk);
        self.shared.work.notify_one();
        // It may be large, and is let go of without the lock.
        drop(replaced);
    }

    /// As [`Keeper::put`], but where something waits for the path, it is replaced in its place: what was put after it
    /// needs it and still comes after it.
    pub fn put_in_place(&self, path: PathBuf, contents: Contents) {
        let mut desk = self.shared.lock();
        let Some(waiting) = desk.waiting.iter_mut().find(|(waiting, _)| *waiting == path) else {
            drop(desk);
            return self.put(path, contents);
        };
        let replaced = std::mem::replace(&mut waiting.1, contents);
        drop(desk);
        drop(replaced);
    }

    /// The next failure to tell. One that goes on is told once, until a write works again where it failed.
    pub fn failure(&self) -> Option<String> {
        self.shared.lock().failures.pop_front()
    }

    /// Waits until all that was put is written, with another try for what failed; false where some is not on the disk.
    pub fn flush(&self, patience: Duration) -> bool {
        let mut desk = self.shared.lock();
        desk.try_refused_again();
        self.shared.work.notify_one();
        let waited = self.shared.idle.wait_timeout_while(desk, patience, |desk| !desk.is_idle());
        let (desk, _) = waited.unwrap_or_else(PoisonError::into_inner);
        desk.is_idle() && desk.refused.is_empty()
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.flush(PATIENCE);
        let mut desk = self.shared.lock();
        desk.stop = true;
        let idle = desk.is_idle();
        drop(desk);
        self.shared.work.notify_one();
        if let Some(thread) = self.thread.take().filter(|_| idle) {
            // It has nothing left to do, and its panics are caught.
            let _ = thread.join();
        }
    }
}

/// Between the window and the thread. The lock is held for moves only, never while something is written.
#[derive(Default)]
struct Shared {
    desk: Mutex<Desk>,
    work: Condvar,
    idle: Condvar,
    wake: OnceLock<Box<dyn Fn() + Send + Sync>>,
}

#[derive(Default)]
struct Desk {
    waiting: VecDeque<(PathBuf, Contents)>,
    /// Something is being written.
    busy: bool,
    stop: bool,
    /// What could not be written, kept until a write works.
    refused: BTreeMap<PathBuf, Vec<u8>>,
    failures: VecDeque<String>,
    /// Failures that go on, without their path, and the file that met each last.
    told: HashMap<String, PathBuf>,
}

/// Why a file is not on the disk, and its contents where they were there.
struct Unwritten {
    sentence: String,
    bytes: Option<Vec<u8>>,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn run(&self) {
        while let Some((path, contents)) = self.next() {
            let outcome = written(&path, contents);
            let told = self.lock().settle(path, outcome);
            if let (true, Some(wake)) = (told, self.wake.get()) {
                wake();
            }
        }
    }

    /// The next file to write; none at the end.
    fn next(&self) -> Option<(PathBuf, Contents)> {
        let mut desk = self.lock();
        desk.busy = false;
        loop {
            if let Some(next) = desk.waiting.pop_front() {
                desk.busy = true;
                return Some(next);
            }
            self.idle.notify_all();
            if desk.stop {
                return None;
            }
            desk = self.work.wait(desk).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl Desk {
    fn is_idle(&self) -> bool {
        !self.busy && self.waiting.is_empty()
    }

    /// What newer contents of a path come instead of.
    fn take_replaceable(&mut self, path: &Path) -> Option<(PathBuf, Contents)> {
        let same = |(waiting, _): &(PathBuf, Contents)| waiting == path;
        let (first, last) = (self.waiting.iter().position(same)?, self.waiting.iter().rposition(same)?);
        let at_the_end = last + 1 == self.waiting.len();
        if first < last || at_the_end { self.waiting.remove(last) } else { None }
    }

    fn try_refused_again(&mut self) {
        for (path, bytes) in std::mem::take(&mut self.refused) {
            self.waiting.push_back((path, Box::new(move || Ok(bytes))));
        }
    }

    /// Notes how a write went; true where there is something new to tell.
    fn settle(&mut self, path: PathBuf, outcome: Result<(), Unwritten>) -> bool {
        let Err(Unwritten { sentence, bytes }) = outcome else {
            self.told.retain(|_, failed| *failed != path);
            self.try_refused_again();
            return false;
        };
        let superseded = self.waiting.iter().any(|(waiting, _)| *waiting == path);
        if let Some(bytes) = bytes.filter(|_| !superseded) {
            self.refused.insert(path.clone(), bytes);
        }
        // A full disk is one thing to tell, however many files it keeps away.
        let cause = sentence.strip_suffix(&path.display().to_string()).unwrap_or(&sentence).to_owned();
        if self.told.insert(cause, path).is_some() {
            return false;
        }
        self.failures.push_back(sentence);
        true
    }
}

fn written(path: &Path, contents: Contents) -> Result<(), Unwritten> {
    let crashed = |panic| Err(format!("A file could not be made ({panic}); please report it: {}", path.display()));
    let bytes = guarded(contents).unwrap_or_else(crashed).map_err(|sentence| Unwritten { sentence, bytes: None })?;
    let folder = path.parent().map_or(Ok(()), fs::create_dir_all);
    let outcome = folder.map_err(|e| WriteError::new(path, &e)).and_then(|()| atomic::write(path, &bytes));
    outcome.map_err(|error| Unwritten { sentence: error.to_string(), bytes: Some(bytes) })
}

/// Writes one file at once, whole or not at all.
///
/// # Errors
/// One sentence with the path at its end; what was there before is still there.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), String> {
    atomic::write(path, bytes).map_err(|e| e.to_string())
}

/// What is in a file; none where there is no such file. `what` names it in the sentence, such as "project file".
///
/// # Errors
/// One sentence with the path at its end, also for a folder, a pipe and the like.
pub fn read(path: &Path, what: &str) -> Result<Option<Vec<u8>>, String> {
    let unreadable = |detail: &str| {
        format!("The {what} cannot be read ({detail}); check its path and permissions: {}", path.display())
    };
    match fs::metadata(path) {
        Ok(about) if about.is_file() => fs::read(path).map(Some).map_err(|e| unreadable(&e.to_string())),
        // Opening a pipe would wait for ever.
        Ok(_) => Err(unreadable("it is no regular file")),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(None),
        Err(error) => Err(unreadable(&error.to_string())),
    }
}

/// A picture as the bytes of a PNG file, without the mark that results carry: it is what a face was made from.
///
/// # Errors
/// One sentence, for a picture of no pixels.
pub fn png(picture: &RgbImage) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    picture
        .write_with_encoder(PngEncoder::new(&mut bytes))
        .map_err(|e| format!("The picture of a face could not be packed ({e}); please report it"))?;
    Ok(bytes)
}

/// The picture in the bytes of a file.
///
/// # Errors
/// One sentence, without a path.
pub fn picture(bytes: &[u8]) -> Result<RgbImage, String> {
    // A decoder is other people's code, and these bytes may come from anywhere.
    let crashed = |panic| Err(format!("The picture could not be opened ({panic}); please report it"));
    guarded(|| decode(bytes).map_err(|e| e.to_string())).unwrap_or_else(crashed)
}
