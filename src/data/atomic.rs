//! Files that are written whole or not at all: beside their place first, then renamed into it.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// For tests: `FACESPACE_FAULT_WRITE=N` makes every file's disk full after N bytes; `N,FILE` does as long as FILE is
/// there.
const FAULT: &str = "FACESPACE_FAULT_WRITE";

/// Why a file was not written. What was there before is still there.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    #[error("The disk is full; free some space or choose another one, then try again: {}", .0.display())]
    DiskFull(PathBuf),
    #[error("You may not write here; change the folder's permissions or choose another folder: {}", .0.display())]
    NoPermission(PathBuf),
    #[error("This disk is read-only; choose a folder on another one: {}", .0.display())]
    ReadOnlyDisk(PathBuf),
    #[error("The folder to write into does not exist; create it or correct the path: {}", .0.display())]
    NoFolder(PathBuf),
    #[error("A folder has this name; choose another name for the file: {}", .0.display())]
    IsFolder(PathBuf),
    #[error("The file could not be written ({detail}); check the disk or choose another folder: {}", path.display())]
    Other { path: PathBuf, detail: String },
}

impl WriteError {
    /// The sentence for a failure of the operating system on the way to `path`.
    pub fn new(path: &Path, error: &io::Error) -> Self {
        let path = path.to_owned();
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull(path),
            io::ErrorKind::PermissionDenied => Self::NoPermission(path),
            io::ErrorKind::ReadOnlyFilesystem => Self::ReadOnlyDisk(path),
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Self::NoFolder(path),
            io::ErrorKind::IsADirectory => Self::IsFolder(path),
            _ => Self::Other { path, detail: error.to_string() },
        }
    }
}

/// Writes a file, replacing what has its name.
///
/// # Errors
/// A full or read-only disk, missing permission, a missing folder; nothing is left behind then.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), WriteError> {
    write_with(path, |out| out.write_all(bytes))
}

/// Writes a file that `fill` produces piece by piece, replacing what has its name. A link stays a link: the file that
/// it points to is replaced.
///
/// # Errors
/// As [`write()`], and what `fill` returns.
pub fn write_with(path: &Path, fill: impl FnOnce(&mut (dyn Write + Send)) -> io::Result<()>) -> Result<(), WriteError> {
    let target = behind_link(path);
    if target.is_dir() {
        return Err(WriteError::IsFolder(path.to_owned()));
    }
    let temporary = beside(&target);
    let outcome = fill_file(&temporary, &target, fill).and_then(|()| fs::rename(&temporary, &target));
    outcome.map_err(|error| {
        // It may not exist, and the first failure is the one to tell.
        let _ = fs::remove_file(&temporary);
        WriteError::new(path, &error)
    })
}

/// After how many bytes every file's disk is full, where a test asks for it.
pub(crate) fn rehearsed_bytes() -> Option<usize> {
    let fault = std::env::var(FAULT).ok()?;
    let (bytes, condition) = match fault.split_once(',') {
        Some((bytes, file)) => (bytes, Some(file)),
        None => (fault.as_str(), None),
    };
    if condition.is_some_and(|file| !Path::new(file).exists()) { None } else { bytes.parse().ok() }
}

/// Fails as a full disk does where a test asks for it and a file that is written in place would end behind `end`.
pub(crate) fn rehearse_room(end: u64) -> io::Result<()> {
    match rehearsed_bytes() {
        Some(bytes) if end > bytes as u64 => Err(io::ErrorKind::StorageFull.into()),
        _ => Ok(()),
    }
}

fn fill_file(
    temporary: &Path,
    target: &Path,
    fill: impl FnOnce(&mut (dyn Write + Send)) -> io::Result<()>,
) -> io::Result<()> {
    let file = File::create(temporary)?;
    let left = rehearsed_bytes();
    let mut out = BufWriter::new(Disk { file, left });
    fill(&mut out)?;
    let disk = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    if let Ok(before) = fs::metadata(target) {
        fs::set_permissions(temporary, before.permissions())?;
    }
    // Without this a power cut after the rename may leave an empty file under the final name.
    disk.file.sync_all()
}

/// The file that a link points to, also where that does not exist yet; other paths as they are.
fn behind_link(path: &Path) -> PathBuf {
    if let Ok(found) = fs::canonicalize(path) {
        return found;
    }
    match (fs::read_link(path), path.parent()) {
        (Ok(target), Some(folder)) => folder.join(target),
        _ => path.to_owned(),
    }
}

/// A hidden name in the same folder, so that the rename stays on one disk; no other write has it at the same time.
fn beside(target: &Path) -> PathBuf {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    target.with_file_name(format!(".{name}.{}-{count}.part", std::process::id()))
}

/// The file, which fails like a full disk where a test asks for it.
struct Disk {
    file: File,
    left: Option<usize>,
}

impl Write for Disk {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let Some(left) = &mut self.left else { return self.file.write(bytes) };
        if *left == 0 {
            return Err(io::ErrorKind::StorageFull.into());
        }
        let written = self.file.write(&bytes[..bytes.len().min(*left)])?;
        *left -= written;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
