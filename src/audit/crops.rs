//! The set as shards of crops: itself, or what is prepared of it in the audit's folder. Where the set has changed since
//! then, that is prepared anew: it is made of the set alone, and verdicts lie elsewhere and go by names.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::build::{Progress, Step};
use super::error::AuditError;
use super::making::Making;
use super::schema::{CROPS, NEW_CROPS, OLD_CROPS};
use crate::data::atomic::WriteError;
use crate::data::image as picture;
use crate::data::sets::{Columns, Format};
use crate::data::shards::{ShardError, ShardReader, Wanted, find_shards};
use crate::prepare::{self, PrepareError, Report};

/// What the expression's column is called in shards.
const EXPRESSION: &str = "expression";

const CHANGED: &str =
    "The set has changed since its faces were cut out, so that they were cut out anew; all verdicts stayed";
const REPLACED: &str = "Pictures of the set were replaced under their names, so that its faces were cut out anew; \
                        verdicts on such pictures stayed, look at them again";

impl Making<'_, '_> {
    /// The set as shards of crops: itself, or what is prepared of it. None where it was stopped.
    pub(super) fn shards(&mut self) -> Result<Option<Vec<PathBuf>>, AuditError> {
        if self.set.format() == Format::Shards && are_plain(&self.about.columns) {
            match find_shards(std::slice::from_ref(&self.about.source), Wanted::Crops) {
                // They hold photographs.
                Err(ShardError::NoShards(_)) => {}
                shards => {
                    let shards = shards?;
                    if hold_crops(&shards)? {
                        return Ok(Some(shards));
                    }
                }
            }
        }
        let crops = self.folder.join(CROPS);
        let report = self.prepared(&crops)?;
        let cancelled = report.cancelled;
        self.outcome.prepared = Some(report);
        if cancelled { Ok(None) } else { Ok(Some(find_shards(&[crops], Wanted::Crops)?)) }
    }

    /// Prepares the set into the audit's folder; anew where it is no longer what it was when that was done. Till then
    /// the old crops stay.
    fn prepared(&mut self, crops: &Path) -> Result<Report, AuditError> {
        let [new, old] = [NEW_CROPS, OLD_CROPS].map(|name| self.folder.join(name));
        // What a kill left of an exchange.
        let _ = fs::remove_dir_all(&old);
        if !crops.exists() && new.exists() {
            rename(&new, crops)?;
        }
        let remark = match self.prepare(crops) {
            Err(PrepareError::Changed(_)) => CHANGED,
            Err(PrepareError::Replaced(_)) => REPLACED,
            report => return Ok(report?),
        };
        let report = match self.prepare(&new) {
            // Once more, while this was being done.
            Err(PrepareError::Changed(_) | PrepareError::Replaced(_)) => {
                fs::remove_dir_all(&new).map_err(|error| WriteError::new(&new, &error))?;
                self.prepare(&new)?
            }
            report => report?,
        };
        if !report.cancelled {
            rename(crops, &old)?;
            rename(&new, crops)?;
            // What stays of it goes with the next build.
            let _ = fs::remove_dir_all(&old);
            self.outcome.remarks.push(remark.to_owned());
        }
        Ok(report)
    }

    fn prepare(&mut self, out: &Path) -> Result<Report, PrepareError> {
        let options = prepare::Options {
            points: self.options.points,
            threads: self.tools.threads,
            ..prepare::Options::default()
        };
        let mut watch = |progress: prepare::Progress| {
            let prepare::Progress { done, total, .. } = progress;
            (self.watch)(Progress { step: Step::Preparing, done, total })
        };
        prepare::prepare(self.set, out, &options, self.tools.finder, &mut watch)
    }
}

fn rename(from: &Path, to: &Path) -> Result<(), WriteError> {
    fs::rename(from, to).map_err(|error| WriteError::new(to, &error))
}

/// Whether shards are read by the names that their columns have anyway.
fn are_plain(columns: &Columns) -> bool {
    let given = columns.given.clone().filter(|given| given != EXPRESSION);
    Columns { given, ..columns.clone() } == Columns::default()
}

/// Whether shards hold crops, by the first picture in them that can be opened.
fn hold_crops(shards: &[PathBuf]) -> Result<bool, AuditError> {
    for shard in shards {
        let mut reader = ShardReader::open_with(shard, Arc::default())?;
        if let Some(first) = reader.find_map(|row| picture::decode(&row.ok()?.picture_bytes).ok()) {
            return Ok(picture::is_stored_crop(first.dimensions()));
        }
    }
    Ok(true)
}
