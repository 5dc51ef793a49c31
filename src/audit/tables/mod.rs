//! Labels and verdicts for other programs, and back: new labels in the set's own form, tables that cleanlab and
//! FiftyOne read and write, and the log. `write`: the files; `read`: what a table says of each picture; `import`: what
//! becomes of that.
//!
//! - labels: a folder with the set's own label files, changed, and `log.csv`;
//! - cleanlab: a CSV with the columns of `CleanLearning.get_label_issues()`, `is_label_issue`, `label_quality`,
//!   `given_label` and `predicted_label`; before them `key`, after them `verdict` and `label`;
//! - FiftyOne: the `labels.json` of a `FiftyOneImageClassificationDataset`;
//! - log: a CSV with every verdict that was ever given.
//!
//! cleanlab knows classes by their numbers, 0 to 7 in AffectNet's order, as [`Expression::ALL`] has them; a table that
//! is read back may have those or words. FiftyOne knows pictures by their paths without extensions, and classes by
//! their places in the list that the file begins with.
//!
//! [`Expression::ALL`]: crate::face::Expression::ALL

mod import;
mod read;
mod write;

use std::collections::HashMap;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr;

pub use import::{ImportReport, Unknown};

use super::card::Verdict;
use super::error::AuditError;
use super::store::Audit;
use crate::data::sets::{self, Relabel, SetError};
use crate::face::code::UnknownName;

/// The log's name beside new labels.
const LOG: &str = "log.csv";

/// What an audit is exported as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// Into a folder.
    Labels,
    Cleanlab,
    FiftyOne,
    Log,
}

impl Form {
    pub const ALL: [Form; 4] = [Form::Labels, Form::Cleanlab, Form::FiftyOne, Form::Log];

    /// As it is written on a command line.
    pub fn name(self) -> &'static str {
        match self {
            Form::Labels => "labels",
            Form::Cleanlab => "cleanlab",
            Form::FiftyOne => "fiftyone",
            Form::Log => "log",
        }
    }
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Form {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        Form::ALL.into_iter().find(|form| form.name() == name).ok_or_else(|| UnknownName {
            kind: "form",
            name: name.to_owned(),
            known: Form::ALL.map(Form::name).join(", "),
        })
    }
}

impl Audit {
    /// Writes the audit in one of its forms; the files that were written. [`Form::Labels`] goes into a folder, which is
    /// made, and needs the set where it was; the others go into a file, in the place of one of its name.
    ///
    /// # Errors
    /// A set that is not there, a place in the set itself, [`AuditError::SharedNames`] for an audit from before there
    /// were pictures of one name in several shards, and whatever keeps a file from being written; what was there before
    /// is then still there.
    pub fn export(&self, to: &Path, form: Form) -> Result<Vec<PathBuf>, AuditError> {
        match form {
            Form::Labels => return self.export_labels(to),
            _ if self.is_in_set(to) => return Err(SetError::IntoSet(to.to_owned()).into()),
            Form::Cleanlab => write::cleanlab(self, to)?,
            Form::FiftyOne => write::fiftyone(self, to)?,
            Form::Log => write::log(self, to)?,
        }
        Ok(vec![to.to_owned()])
    }

    fn export_labels(&self, to: &Path) -> Result<Vec<PathBuf>, AuditError> {
        let source = self.source();
        let set = sets::open(&source.path, source.format, &source.columns)?;
        let changes = self.changes()?;
        let shared = set.shared_names();
        if changes.keys().any(|name| shared.contains(name)) {
            return Err(AuditError::SharedNames(self.folder().to_owned()));
        }
        let mut files = sets::write_labels(&*set, &source.columns, &|key| changes.get(key).copied(), to)?;
        let log = to.join(LOG);
        write::log(self, &log)?;
        files.push(log);
        Ok(files)
    }

    /// The labels that are no longer those of the set, by the names of their pictures.
    fn changes(&self) -> Result<HashMap<String, Relabel>, AuditError> {
        let (rows, names) = self.named_rows()?;
        let change = |verdict: Verdict| match verdict {
            Verdict::Keep => None,
            Verdict::Relabel(label) => Some(Relabel::To(label)),
            Verdict::Ambiguous => Some(Relabel::Ambiguous),
        };
        let changes = rows.iter().zip(names.iter());
        Ok(changes.filter_map(|(row, name)| Some((name.to_owned(), change(row.verdict?)?))).collect())
    }

    /// Whether a file would be one of the set's, or lie in its folder.
    fn is_in_set(&self, file: &Path) -> bool {
        let set = self.source().path;
        let Ok(real) = fs::canonicalize(&set) else { return false };
        if !real.is_dir() {
            return fs::canonicalize(file).is_ok_and(|file| file == real);
        }
        let folder = file.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."));
        fs::canonicalize(folder).is_ok_and(|folder| folder.starts_with(&real))
    }
}
