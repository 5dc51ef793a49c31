//! A file that is read at any place, from any thread.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use super::CropSetError;

pub(super) struct FileAt {
    path: PathBuf,
    len: u64,
    #[cfg(unix)]
    file: File,
    /// Elsewhere place and reading are two steps that must not be parted.
    #[cfg(not(unix))]
    file: std::sync::Mutex<File>,
}

impl FileAt {
    pub fn open(path: &Path) -> Result<Self, CropSetError> {
        let open = || {
            let file = File::open(path)?;
            let len = file.metadata()?.len();
            #[cfg(not(unix))]
            let file = std::sync::Mutex::new(file);
            Ok(Self { path: path.to_owned(), len, file })
        };
        open().map_err(|e| CropSetError::reading(path, &e))
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// In bytes, when it was opened.
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Fills `bytes` from this place on.
    pub fn read(&self, place: u64, bytes: &mut [u8]) -> Result<(), CropSetError> {
        self.read_exact(place, bytes).map_err(|e| CropSetError::reading(&self.path, &e))
    }

    #[cfg(unix)]
    fn read_exact(&self, place: u64, bytes: &mut [u8]) -> io::Result<()> {
        std::os::unix::fs::FileExt::read_exact_at(&self.file, bytes, place)
    }

    #[cfg(not(unix))]
    fn read_exact(&self, place: u64, bytes: &mut [u8]) -> io::Result<()> {
        use std::io::{Read, Seek, SeekFrom};
        // A thread that panicked left the file's place anywhere; it is set anew each time.
        let mut file = self.file.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        file.seek(SeekFrom::Start(place))?;
        file.read_exact(bytes)
    }
}
