//! The lock of a folder: an empty file in it that one process holds while it writes there.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::Path;
use std::thread;
use std::time::Duration;

/// Whoever asks whether a lock is free holds it for an instant, so that the first refusal is not believed.
const TRIES: u32 = 10;
const BETWEEN: Duration = Duration::from_millis(30);

/// Held while it lives; the operating system lets go of it when the process ends, however it does.
#[derive(Debug)]
pub(crate) struct Lock {
    file: File,
}

impl Lock {
    /// Takes the lock; none where another process has it.
    ///
    /// # Errors
    /// A file that cannot be made or opened for writing.
    pub fn take(path: &Path) -> io::Result<Option<Self>> {
        for _ in 0..TRIES {
            let file = OpenOptions::new().create(true).truncate(false).write(true).open(path)?;
            match file.try_lock() {
                Ok(()) if lies_at(&file, path) => return Ok(Some(Lock { file })),
                // Whoever had it has deleted it; the next one of that name is another file.
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => thread::sleep(BETWEEN),
                Err(TryLockError::Error(error)) => return Err(error),
            }
        }
        Ok(None)
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Closing it would be enough, but for a child process that is being started by another thread at this moment
        // and has the file open, too.
        let _ = self.file.unlock();
    }
}

/// Whether an open file is still the one of this name.
#[cfg(unix)]
fn lies_at(file: &File, path: &Path) -> bool {
    use std::fs::{Metadata, metadata};
    use std::os::unix::fs::MetadataExt;
    let place = |about: Metadata| (about.dev(), about.ino());
    let (open, named) = (file.metadata().map(place), metadata(path).map(place));
    open.is_ok_and(|open| named.is_ok_and(|named| open == named))
}

/// Elsewhere a file that is open cannot be deleted.
#[cfg(not(unix))]
fn lies_at(_: &File, _: &Path) -> bool {
    true
}

/// Whether a process holds the lock. Nobody holds one that is not there.
pub(crate) fn is_taken(path: &Path) -> bool {
    let Ok(file) = File::open(path) else { return false };
    // Shared, so that two who ask do not take each other for a writer.
    let taken = matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock));
    // As above.
    let _ = file.unlock();
    taken
}
