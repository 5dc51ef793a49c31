//! What the window knows of evaluations: the one that is to begin, the one that goes on, and the report that is open.
//!
//! - [`command`]: what can be done; [`form`]: the choices of the next evaluation;
//! - [`words`]: parts, measures and moments in words;
//! - [`wanted`]: what is asked of the engine for all this, once a frame.

pub mod command;
pub mod form;
pub mod wanted;
pub mod words;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::state::State;
use super::store::paths;
use crate::engine::evaluation::{
    Comparison, EvaluationProgress, PartName, Report, Section, SetReport, Shown, Unmeasured,
};
use crate::engine::protocol::RgbImage;

pub use command::{EvaluateCommand, PathFor};
pub use form::Form;
use form::plain;

/// What a report is called in its folder, by which that is known.
const REPORT_FILE: &str = "report.json";
/// Endings of files that are a report.
const REPORT_ENDINGS: [&str; 2] = ["json", "html"];

const WITHOUT_A_PLACE: &str = "No folder for reports is known; choose one under Result folder";
const WITHOUT_NETWORKS: &str = "There are no networks to measure; open weights first";
const WARMING_UP: &str = "The networks are warming up";
const GOES_ON: &str = "An evaluation goes on already; stop it, or let it end first";

/// What the panel shows of the open report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tab {
    /// The figures that matter, and what was not measured.
    #[default]
    Overview,
    Part(PartName),
    /// Which figures moved from another report to this.
    Comparison,
}

impl Tab {
    pub fn name(self) -> &'static str {
        match self {
            Tab::Overview => "Overview",
            Tab::Part(part) => part.title(),
            Tab::Comparison => "Comparison",
        }
    }
}

/// What was asked of the engine about evaluations and is answered once.
#[derive(Clone, Debug, PartialEq)]
pub enum EvaluateWish {
    /// A report into this folder.
    Run(PathBuf),
    Open,
    Compare,
    /// A comparison into a file.
    Save,
}

/// The report that is open.
#[derive(Clone, Debug)]
pub struct OpenReport {
    /// Of the event that brought it; its pictures are asked for by it.
    pub number: u64,
    pub shown: Shown,
}

impl OpenReport {
    pub fn report(&self) -> &Report {
        &self.shown.report
    }
}

/// The open report against another.
#[derive(Clone, Debug)]
pub struct OpenComparison {
    /// The other report and the open one, as they were named.
    pub reports: [PathBuf; 2],
    pub comparison: Arc<Comparison>,
}

impl OpenComparison {
    /// What its file is called where nobody says otherwise.
    pub fn file_name(&self) -> String {
        let Comparison { a, b, .. } = &*self.comparison;
        format!("{}-against-{}.html", plain(&b.model.name), plain(&a.model.name))
    }
}

/// All of it.
#[derive(Default)]
pub struct EvaluateDesk {
    /// Where the window puts reports; none where nothing is kept.
    pub home: Option<PathBuf>,
    pub form: Form,
    /// The report that is open, or to be opened as soon as it is looked at: its folder or one of its files.
    pub path: Option<PathBuf>,
    /// None while it is not open.
    pub open: Option<OpenReport>,
    /// It could not be opened; it is not tried again by itself.
    pub failed: bool,
    /// A report was opened by hand since the evaluation in hand began, so that its own does not take the place of it.
    pub turned: bool,
    /// Parts that the evaluation in hand measures.
    pub parts: Vec<PartName>,
    /// How far it is.
    pub progress: Option<EvaluationProgress>,
    /// The last evaluation was stopped, and no report has been opened since.
    pub stopped: bool,
    pub comparison: Option<OpenComparison>,
    pub tab: Tab,
    /// The set that is looked at.
    pub set: usize,
    /// Pictures of the open report by their file; none within for one that cannot be had.
    pub pictures: HashMap<String, Option<Arc<RgbImage>>>,
    /// Those that were wished for last.
    pub wished: Vec<String>,
}

/// What a session keeps of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Kept {
    pub form: Form,
    /// The report that is open.
    #[serde(with = "paths")]
    pub report: Option<PathBuf>,
}

impl Kept {
    /// With numbers that can be.
    pub fn checked(self) -> Self {
        Kept { form: self.form.checked(), report: self.report }
    }
}

impl EvaluateDesk {
    /// As a session left it; the report is opened when it is looked at.
    pub fn new(kept: Kept) -> Self {
        EvaluateDesk { form: kept.form, path: kept.report, ..EvaluateDesk::default() }
    }

    /// What is to be there again after a kill.
    pub fn kept(&self) -> Kept {
        Kept { form: self.form.clone(), report: self.path.clone() }
    }

    /// Another report, or none, is in hand; the evaluation that goes on stays.
    pub fn turn_to(&mut self, path: Option<PathBuf>) {
        let old = std::mem::take(self);
        *self = EvaluateDesk {
            home: old.home,
            form: old.form,
            path,
            turned: old.turned,
            parts: old.parts,
            progress: old.progress,
            ..EvaluateDesk::default()
        };
    }

    /// The open report.
    pub fn report(&self) -> Option<&Report> {
        self.open.as_ref().map(OpenReport::report)
    }

    /// The set that is looked at.
    pub fn set(&self) -> Option<&SetReport> {
        let sets = &self.report()?.sets;
        sets.get(self.set).or(sets.first())
    }

    /// The part that is looked at, where it was measured on that set.
    pub fn section(&self) -> Option<&Section> {
        let Tab::Part(part) = self.tab else { return None };
        self.set()?.sections.iter().find(|section| section.part == part)
    }

    /// Why a part was not measured on the set that is looked at.
    pub fn unmeasured(&self, part: PartName) -> Option<&Unmeasured> {
        self.set()?.unmeasured.iter().find(|unmeasured| unmeasured.part == part)
    }

    /// The parts that the set that is looked at has something to say about, measured or not.
    pub fn known_parts(&self) -> Vec<PartName> {
        let is_known = |part: &PartName| {
            let measured = self.set().is_some_and(|set| set.sections.iter().any(|section| section.part == *part));
            measured || self.unmeasured(*part).is_some()
        };
        PartName::ALL.into_iter().filter(is_known).collect()
    }

    /// How far the evaluation with this number is.
    pub fn progress_of(&self, number: u64) -> Option<&EvaluationProgress> {
        self.progress.as_ref().filter(|progress| progress.number == number)
    }

    /// Seconds until its end.
    pub fn left(&self, number: u64) -> Option<f64> {
        self.progress_of(number)?.left.map(|left| left.as_secs_f64())
    }

    /// Another set or another part is looked at: pictures of the one before are let go of.
    pub fn let_go(&mut self) {
        self.pictures.clear();
        self.wished.clear();
    }
}

/// Where the report of the next evaluation goes; none where no place is known, or the weights are not.
pub fn out(state: &State) -> Option<PathBuf> {
    let desk = &state.evaluate;
    let usual = || {
        let (home, ready) = (desk.home.as_ref()?, state.engine.ready.as_ref()?);
        desk.form.usual_place(home, &ready.model())
    };
    desk.form.out.clone().or_else(usual)
}

/// Why no evaluation can begin now; none where one can.
pub fn lacks(state: &State) -> Option<&'static str> {
    if state.evaluating().is_some() {
        return Some(GOES_ON);
    }
    let networks = if state.engine.failed { WITHOUT_NETWORKS } else { WARMING_UP };
    let without_networks = state.engine.ready.is_none().then_some(networks);
    let form = state.evaluate.form.lacks();
    form.or(without_networks).or_else(|| out(state).is_none().then_some(WITHOUT_A_PLACE))
}

/// Whether a path is that of a report.
pub fn is_report(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str()).map(str::to_lowercase);
    let is_file = ending.is_some_and(|ending| REPORT_ENDINGS.contains(&ending.as_str())) && path.is_file();
    is_file || path.join(REPORT_FILE).is_file()
}
