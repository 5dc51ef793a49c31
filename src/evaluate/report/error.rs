//! Why a report cannot be opened, or a comparison of two not be written.

use std::path::PathBuf;

use super::REPORT_VERSION;

/// Each is one sentence that says what to do, with the path last.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    #[error("The report cannot be read ({detail}); check its path and permissions: {}", path.display())]
    Unreadable { path: PathBuf, detail: String },
    #[error("There is no report in this folder; choose one that `facespace evaluate` has finished: {}", .0.display())]
    NoReport(PathBuf),
    #[error(
        "This is not a report of facespace ({detail}); choose a folder or file that `facespace evaluate` wrote: {}",
        path.display()
    )]
    NotAReport { path: PathBuf, detail: String },
    #[error(
        "This report was made by a newer facespace (format {found}, this one reads up to {REPORT_VERSION}); update \
         facespace: {}",
        path.display()
    )]
    Newer { path: PathBuf, found: u64 },
    #[error("A comparison is written as .html or .json; give the file one of these endings: {}", .0.display())]
    OtherEnding(PathBuf),
    #[error("This would overwrite one of the reports that are compared; choose another name: {}", .0.display())]
    OverwritesReport(PathBuf),
}
