//! An audit made, and brought up to date: a set prepared, indexed, its labels judged. Each step goes on where it was
//! left; scores come all at once; verdicts stay whatever is made anew. Whoever calls lends finder and networks.

use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use image::RgbImage;
use rusqlite::{Connection, params};

use super::card::Info;
use super::error::AuditError;
use super::making::Making;
use super::schema::{self, About};
use super::store::Audit;
use crate::data::database::now;
use crate::data::sets::{self, Columns, Format, SetError};
use crate::face::{FaceCode, ModelName};
use crate::find::Finder;
use crate::gallery;
use crate::prepare::{Points, Report};

/// What is audited.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    pub path: PathBuf,
    /// Recognised where none is said.
    pub format: Option<Format>,
    pub columns: Columns,
}

/// The pictures of codes, 128 x 128, in their order. An error ends the build.
pub type Decode<'a> = dyn FnMut(&[FaceCode]) -> Result<Vec<RgbImage>, String> + 'a;

/// The finder and the networks, lent for a build.
pub struct Tools<'a> {
    pub finder: &'a Finder,
    pub encode: &'a mut gallery::Encode<'a>,
    pub decode: &'a mut Decode<'a>,
    /// How many threads decode and look; at least one does.
    pub threads: usize,
}

/// How many of the worst labels are to be looked at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Budget {
    Faces(usize),
    /// Of the faces with a label, 0 to 1.
    Share(f32),
}

impl Default for Budget {
    fn default() -> Self {
        Budget::Share(0.05)
    }
}

impl Budget {
    /// So many of this number of faces: one at least, all at most.
    pub fn of(self, faces: usize) -> usize {
        let wanted = match self {
            Budget::Faces(wanted) => wanted,
            Budget::Share(share) => (f64::from(share) * faces as f64).round() as usize,
        };
        wanted.max(1).min(faces)
    }
}

/// A text that is no budget.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("The text \"{0}\" is no budget; give a number of faces such as 200, or a share such as 5%")]
pub struct BadBudget(pub String);

impl FromStr for Budget {
    type Err = BadBudget;

    fn from_str(text: &str) -> Result<Self, BadBudget> {
        let bad = || BadBudget(text.to_owned());
        let text = text.trim();
        let Some(share) = text.strip_suffix('%') else {
            let faces = text.parse().ok().filter(|&faces| faces > 0);
            return faces.map(Budget::Faces).ok_or_else(bad);
        };
        let share: f32 = share.trim().parse().map_err(|_| bad())?;
        if share > 0.0 && share <= 100.0 { Ok(Budget::Share(share / 100.0)) } else { Err(bad()) }
    }
}

/// How a set is audited.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Options {
    pub budget: Budget,
    pub seed: u64,
    /// Whose points faces are cut out by, in a set that is no shards of crops.
    pub points: Points,
    /// Where the audit was made with other weights, make codes and scores anew with these; verdicts stay.
    pub rebuild: bool,
}

/// What is being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    Preparing,
    Indexing,
    Reading,
    Neighbours,
    Shortcuts,
    Reconstructing,
}

impl Step {
    pub const ALL: [Step; 6] =
        [Step::Preparing, Step::Indexing, Step::Reading, Step::Neighbours, Step::Shortcuts, Step::Reconstructing];

    /// As it is said while it is being done.
    pub fn name(self) -> &'static str {
        match self {
            Step::Preparing => "preparing pictures",
            Step::Indexing => "indexing faces",
            Step::Reading => "reading expressions",
            Step::Neighbours => "comparing neighbours",
            Step::Shortcuts => "measuring shortcuts",
            Step::Reconstructing => "reading reconstructions",
        }
    }
}

/// How far a step of a build is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    pub step: Step,
    pub done: u64,
    /// 0 while it is not known.
    pub total: u64,
}

/// What came of a build.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome {
    /// None where it was stopped before there were any scores.
    pub info: Option<Info>,
    /// Of a set that is no shards of crops.
    pub prepared: Option<Report>,
    /// Shards and rows that could not be indexed this time, each with its sentence, which ends with the path.
    pub failed: Vec<(PathBuf, String)>,
    /// What somebody should know who reads the scores.
    pub remarks: Vec<String>,
    /// Whether it was stopped before its end.
    pub cancelled: bool,
}

/// Audits a set into a folder that is empty, not there yet, or holds an audit of the same set, which is brought up to
/// date. `trained_on` is what the weights' card says of their training. `watch` hears how far it is, several times a
/// second, and stops it by answering false; what is done by then stays, and the next build goes on from there.
///
/// A set of shards of crops is indexed as it is; any other one is first prepared into shards in the audit's folder. The
/// set is never written to. Reconstructions are read of the faces within the budget; those of others when somebody asks
/// for them.
///
/// # Errors
/// A set that cannot be read, is no set, has no expressions, or only one class with five faces or more; a folder in the
/// set, one that holds other things, an audit of another set, of other weights (but for [`Options::rebuild`]) or of a
/// newer program; [`AuditError::Busy`] where another process builds there; the networks; a disk that is full or cannot
/// be written. All that was stored before stays, verdicts above all.
pub fn build(
    folder: &Path,
    source: &Source,
    model: &ModelName,
    trained_on: &str,
    tools: Tools,
    options: &Options,
    watch: &mut dyn FnMut(Progress) -> bool,
) -> Result<Outcome, AuditError> {
    let set = sets::open(&source.path, source.format, &source.columns)?;
    if !set.has_expressions() {
        return Err(SetError::NoLabels(source.path.clone()).into());
    }
    if lies_in(folder, set.root()) {
        return Err(AuditError::IntoSet(folder.to_owned()));
    }
    let about = About {
        model: model.clone(),
        trained_on: trained_on.to_owned(),
        source: std::path::absolute(&source.path).unwrap_or_else(|_| source.path.clone()),
        format: set.format(),
        columns: source.columns.clone(),
        created: now(),
        updated: 0,
    };
    // Held to the end.
    let (db, _lock) = schema::begin(folder, &about)?;
    settle(folder, &db, &about, options.rebuild)?;
    // Whoever said no once means it, also where a step was just done.
    let mut goes_on = true;
    let mut watch = |progress: Progress| {
        goes_on = goes_on && watch(progress);
        goes_on
    };
    let (set, watch, outcome) = (&*set, &mut watch, Outcome::default());
    let mut making = Making { folder, set, about: &about, db, tools, options, watch, outcome };
    let is_done = making.run()?;
    let mut outcome = making.outcome;
    outcome.cancelled = !is_done;
    outcome.info = match Audit::open(folder) {
        Err(AuditError::Unfinished(_)) => None,
        opened => Some(opened?.info()?),
    };
    Ok(outcome)
}

/// Makes sure that what is in the database, old or new, is an audit of this set by this model.
fn settle(folder: &Path, db: &Connection, about: &About, rebuild: bool) -> Result<(), AuditError> {
    let told = |error: rusqlite::Error| AuditError::store(folder, &error);
    let known = About::read(db).map_err(told)?;
    // One that is no longer there was moved.
    if known.source.exists() && real(&known.source) != real(&about.source) {
        return Err(AuditError::OtherSource { path: folder.to_owned(), audited: known.source });
    }
    match schema::require(folder, &known.model, &about.model) {
        Err(AuditError::OtherModel { .. }) if rebuild => {}
        outcome => return outcome,
    }
    let moment = db.unchecked_transaction().map_err(told)?;
    let ModelName { name, fingerprint } = &about.model;
    let changed = moment
        .execute("UPDATE about SET model = ?1, fingerprint = ?2, updated = 0", params![name, fingerprint])
        .and_then(|_| moment.execute("DELETE FROM reconstructions", []));
    changed.and_then(|_| moment.commit()).map_err(told)
}

/// Whether a folder, which need not be there yet, is or would be within another one.
fn lies_in(folder: &Path, other: &Path) -> bool {
    let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    let there = folder.ancestors().find_map(|above| fs::canonicalize(above).ok());
    other.is_dir() && there.is_some_and(|there| there.starts_with(real(other)))
}

/// The path behind all links; as it is, where there is none.
fn real(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}
