//! Everything that can be wrong with a picture on its way in, each as one sentence for the user.

use std::io;
use std::path::{Path, PathBuf};

/// Why a picture cannot be read. The sentences end without a path; [`PictureError::at`] puts it last, as `load` does.
#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    #[error("There is no such file; check its name and folder")]
    Missing,
    #[error("This is a folder where a picture was expected; name a picture in it")]
    Folder,
    #[error("This is no regular file (a pipe or a device); save the picture to disk first")]
    NotAFile,
    #[error("You may not read this file; change its permissions or copy it to a folder of your own")]
    NoPermission,
    #[error("The file cannot be read ({0}); check the disk it lies on, or copy it elsewhere")]
    Unreadable(String),
    #[error("The file is empty (0 bytes); fetch or export the picture again")]
    Empty,
    #[error("This is not a picture of a kind that is read here; use JPEG, PNG, WebP, BMP, TIFF or GIF")]
    NotAnImage,
    #[error("{kind} pictures are not read here; convert this one to JPEG or PNG first")]
    ConvertFirst { kind: &'static str },
    #[error("The {format} picture is cut off or damaged ({detail}); fetch or export it again")]
    Damaged { format: &'static str, detail: String },
    #[error("This variety of {format} is not read here ({detail}); save the picture as an ordinary JPEG or PNG")]
    Unsupported { format: &'static str, detail: String },
    #[error("The picture is {width} x {height} pixels; a side must have 32 at least, so use a larger one")]
    TooSmall { width: u32, height: u32 },
    #[error("The picture is {width} x {height} pixels, more than 250 megapixels; scale it down first")]
    TooLarge { width: u32, height: u32 },
    #[error("The {format} picture takes too much memory to decode; save it as an ordinary JPEG or PNG")]
    TooMuchMemory { format: &'static str },
    #[error("{problem}: {}", path.display())]
    At { path: PathBuf, problem: Box<PictureError> },
}

impl PictureError {
    /// The same problem, with the file that has it.
    pub fn at(self, path: &Path) -> Self {
        Self::At { path: path.to_owned(), problem: Box::new(self) }
    }

    /// The problem without its path.
    pub fn problem(&self) -> &Self {
        match self {
            Self::At { problem, .. } => problem.problem(),
            other => other,
        }
    }
}

impl From<io::Error> for PictureError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Self::Missing,
            io::ErrorKind::PermissionDenied => Self::NoPermission,
            io::ErrorKind::IsADirectory => Self::Folder,
            _ => Self::Unreadable(error.to_string()),
        }
    }
}
