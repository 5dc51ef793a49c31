//! The whole of an evaluation: the sets at some paths, the parts of each, and the report. What is measured is kept in
//! the report's folder part by part, so that a stop or a kill costs the part in hand, and what has not changed is not
//! measured again. A set's faces are read and encoded once for all its parts, and only where some part is not kept.
//!
//! - `plan`: the sets, and what is kept of each; `set`: one set, part by part;
//! - `given`: what the user points to beside the data; `kept`: the folder, and the parts in it; `work`: how far it is.

mod given;
mod kept;
mod plan;
mod set;
mod work;

use std::path::{Path, PathBuf};
use std::time::Instant;

use super::data::{self, DataSet};
use super::error::EvaluateError;
use super::lent::Model;
use super::options::{Options, PartName};
use super::report::{REPORT_VERSION, Report, SetReport, Setting, Unmeasured};
use crate::data::hash::Hash;
use crate::data::when::{now, rfc3339};
use crate::train::memory;
use given::Given;
use kept::Folder;
use work::Work;

/// What is being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// A published set is made into crops.
    Prepare,
    /// Faces are read and encoded.
    Read,
    Part(PartName),
}

impl Step {
    /// A few words for it.
    pub fn name(self) -> &'static str {
        match self {
            Step::Prepare => "preparing",
            Step::Read => "reading faces",
            Step::Part(part) => part.name(),
        }
    }
}

/// How far an evaluation is.
#[derive(Clone, Debug, PartialEq)]
pub struct Progress {
    /// Name of the set in hand.
    pub set: String,
    pub part: Step,
    /// Done of that step, and all of it: pictures that are prepared or read, a part's own pieces; all is 0 before it is
    /// known.
    pub of_step: [u64; 2],
    /// In estimated work, over all sets and parts; it never falls.
    pub done: u64,
    /// It may change once it is known what is kept of a set that had to be prepared.
    pub total: u64,
}

/// What came of an evaluation.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Of a cancelled one: of the parts that are done.
    pub report: Report,
    pub cancelled: bool,
    /// Parts that were taken from an earlier run.
    pub reused: usize,
}

/// Measures a model on the sets at some paths (see [`data::open`]) and writes the report into `out`, a folder that is
/// made where it is missing: `report.html`, `report.json`, `report.csv`, `figures/*.jpg`, and `parts/`, what is kept
/// for the next run. Published sets are prepared into `crops/` there first; what earlier runs prepared and this one did
/// not use goes once it is done.
///
/// `watch` hears how far it is and stops it by answering false: the parts that are done are kept, the report is not
/// written. A part that fails, or has nothing to measure, is in the report with a sentence, and the others go on.
///
/// # Errors
/// Paths that do not exist or are no sets of faces; not one face that can be measured; `out` is a file, holds the data,
/// is written by another process or cannot be written.
pub fn evaluate(
    data: &[PathBuf],
    model: &mut dyn Model,
    options: &Options,
    out: &Path,
    watch: &mut dyn FnMut(Progress) -> bool,
) -> Result<Outcome, EvaluateError> {
    memory::forget_peak();
    let started = Instant::now();
    let sets = data::open(data, options.format, &options.columns)?;
    let given = Given::open(options)?;
    let folder = Folder::take(out, &sets)?;
    let used = sets.iter().flat_map(DataSet::folders).chain(given.training_shards().iter().cloned()).collect();
    let weights = Hash::new("weights").text(&model.name().fingerprint).number(model.contents()).end();
    let asked = PartName::ALL.into_iter().filter(|part| options.parts.contains(part)).collect();
    let work = Work::new(watch);
    let (sets_done, remarks) = (Vec::new(), Vec::new());
    let mut run = Run {
        model,
        options,
        weights,
        asked,
        given,
        folder,
        used,
        work,
        sets: sets_done,
        remarks,
        reused: 0,
        failure: None,
    };
    run.remark_on_weights();
    let is_done = run.all(sets)?;
    let report = run.report(started);
    if is_done && report.sets.iter().all(|set| set.faces == 0) {
        return Err(run.failure.unwrap_or(EvaluateError::NoData));
    }
    if is_done {
        report.write(out)?;
        run.folder.clear_crops(&run.used);
    }
    Ok(Outcome { report, cancelled: !is_done, reused: run.reused })
}

/// An evaluation under way.
struct Run<'a> {
    model: &'a mut dyn Model,
    options: &'a Options,
    /// Stands for the model.
    weights: u64,
    /// Parts in the order of a report.
    asked: Vec<PartName>,
    given: Given,
    folder: Folder,
    /// Folders and files that faces come from.
    used: Vec<PathBuf>,
    work: Work<'a>,
    /// Those that are done, and the one in hand.
    sets: Vec<SetReport>,
    remarks: Vec<String>,
    reused: usize,
    /// Why the first set that has no faces has none.
    failure: Option<EvaluateError>,
}

impl Run<'_> {
    /// Everything; false where it was stopped.
    fn all(&mut self, sets: Vec<DataSet>) -> Result<bool, EvaluateError> {
        let Some(plans) = self.plans(sets)? else { return Ok(false) };
        self.expect(&plans);
        for plan in plans {
            if !self.set(&plan)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Notes a set of which nothing can be measured.
    fn fail(&mut self, name: &str, error: EvaluateError) {
        let unmeasured = |&part: &PartName| Unmeasured { part, why: error.to_string() };
        let unmeasured = self.asked.iter().map(unmeasured).collect();
        self.sets.push(SetReport { name: name.to_owned(), unmeasured, ..SetReport::default() });
        self.failure.get_or_insert(error);
    }

    fn remark_on_weights(&mut self) {
        if !self.model.card().can_edit {
            self.remarks.push(
                "These weights were saved before stage two of their training, so the parts of their codes mean nothing \
                 yet; train on, or choose others"
                    .to_owned(),
            );
        }
    }

    /// What there is now, as a report.
    fn report(&mut self, started: Instant) -> Report {
        let mut sets = std::mem::take(&mut self.sets);
        // What could not be measured was known first, and is of least interest.
        sets.sort_by_key(|set| set.faces == 0);
        Report {
            version: REPORT_VERSION,
            facespace: env!("CARGO_PKG_VERSION").to_owned(),
            model: self.model.name(),
            card: self.model.card(),
            created: rfc3339(now()),
            seconds: started.elapsed().as_secs_f64(),
            reused: self.reused,
            peak_memory_bytes: memory::peak_mb().map(|megabytes| (megabytes * 1e6) as u64),
            settings: settings(self.options, &self.given),
            sets,
            remarks: std::mem::take(&mut self.remarks),
        }
    }
}

/// How it was asked for; of files and folders the names alone, since a report is sent around, and a number that stands
/// for what is in them.
fn settings(options: &Options, given: &Given) -> Vec<Setting> {
    let files = |name: &str, paths: &[PathBuf], contents: u64| {
        let name_of = |path: &PathBuf| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let names: Vec<String> = paths.iter().map(name_of).collect();
        if names.is_empty() { Setting::new(name, "none") } else { Setting::of_files(name, &names.join(", "), contents) }
    };
    let training = "Training data of PCA and of the readers";
    vec![
        Setting::new("Faces of each set, at most", options.faces.to_string()),
        Setting::new("Samples, at most", options.samples.to_string()),
        files("Pairs", options.pairs.as_slice(), given.pairs_key),
        files("Recogniser", options.recogniser.as_slice(), given.recogniser_key),
        files(training, &options.head_data, given.training_contents),
        Setting::new("Training faces, at most", options.head_faces.to_string()),
        Setting::new("Seed", options.seed.to_string()),
    ]
}
