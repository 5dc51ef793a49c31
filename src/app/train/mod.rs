//! What the window knows of trainings: the one that is being set up, the run that is watched, the runs that were made.
//!
//! - [`form`]: the choices of a training that is to begin;
//! - [`wanted`]: what is asked of the engine for all this, once a frame;
//! - [`curves`]: smoothing and the logarithmic axis; [`words`]: states, stages and numbers as people read them.

pub mod curves;
pub mod form;
pub mod wanted;
pub mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::engine::protocol::RgbImage;
use crate::engine::training::{Curve, RunRow, RunState, RunView};

pub use form::{Form, Preset};

/// The loss that says most to most people.
const MAIN_LOSS: &str = "reconstruction";
/// Sheets of pictures that are held for the slider over them.
const SHEETS: usize = 64;

/// All of it.
#[derive(Default)]
pub struct TrainDesk {
    pub form: Form,
    /// When the form was last changed, in seconds of the window's clock.
    pub changed_at: f64,
    /// The form that was worked out last, and what its training will take of the memory where that could be told.
    pub estimate: Option<(Form, Option<Memory>)>,
    /// The form for which that is on its way.
    pub estimating: Option<Form>,
    /// Where runs are made and listed; none where nobody has said and the system names no place.
    pub folder: Option<PathBuf>,
    /// The runs in it; none before they were listed.
    pub runs: Option<Vec<RunRow>>,
    /// They were asked for, and nothing is known to have changed since.
    pub listed: bool,
    /// The list of runs stands in the place of the watched one.
    pub listing: bool,
    /// The run that is looked at.
    pub watched: Option<PathBuf>,
    /// Its newest.
    pub view: Option<Arc<RunView>>,
    /// A process is being started.
    pub starting: bool,
    /// The watched run is the last session's; whether it still goes on is to be said once.
    pub greet: bool,
    pub look: Look,
    /// Sheets of pictures by step.
    pub sheets: BTreeMap<u64, Sheet>,
    /// The sheet that is on its way.
    pub seeking: Option<u64>,
    /// Those that could not be read; they are not asked for again.
    pub missing: BTreeSet<u64>,
}

/// How a run is looked at.
#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    /// The losses that have a plot; where none was chosen, reconstruction has one.
    pub losses: BTreeSet<String>,
    /// 0 shows every value as it is, 1 would show none.
    pub smoothing: f32,
    pub logarithmic: bool,
    /// The step whose pictures are shown; none follows the newest.
    pub sheet: Option<u64>,
}

impl Default for Look {
    fn default() -> Self {
        Look { losses: BTreeSet::new(), smoothing: 0.6, logarithmic: false, sheet: None }
    }
}

/// Megabytes that a training takes and that there are, and the largest batch that fits where its own does not.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Memory {
    pub needed_mb: u64,
    /// None where the system does not say, and on a GPU, where nobody does.
    pub available_mb: Option<u64>,
    pub fits_batch: Option<usize>,
    /// It is the GPU's memory that is taken.
    pub on_gpu: bool,
}

impl Memory {
    pub fn is_enough(&self) -> bool {
        self.available_mb.is_none_or(|available| self.needed_mb <= available)
    }
}

/// A grid of pictures that a run has drawn.
#[derive(Clone, Debug)]
pub struct Sheet {
    pub picture: Arc<RgbImage>,
    pub columns: usize,
    /// The names of its rows, from the top.
    pub rows: Vec<String>,
}

impl TrainDesk {
    /// The watched run, where a process trains it now.
    pub fn running(&self) -> Option<&RunView> {
        self.view.as_deref().filter(|view| view.alive)
    }

    pub fn is_paused(&self) -> bool {
        self.running().is_some_and(|view| view.state == RunState::Paused)
    }

    /// Another run is looked at, or none.
    pub fn watch(&mut self, run: Option<PathBuf>) {
        if self.watched == run {
            return;
        }
        self.watched = run;
        (self.view, self.seeking) = (None, None);
        self.look = Look { smoothing: self.look.smoothing, logarithmic: self.look.logarithmic, ..Look::default() };
        self.sheets.clear();
        self.missing.clear();
    }

    /// The step whose pictures are to be seen.
    pub fn shown_step(&self) -> Option<u64> {
        let previews = &self.view.as_ref()?.previews;
        self.look.sheet.filter(|step| previews.contains(step)).or(previews.last().copied())
    }

    /// The pictures to be seen; until they are there, the newest that are.
    pub fn shown_sheet(&self) -> Option<(u64, &Sheet)> {
        let step = self.shown_step()?;
        let held = self.sheets.get_key_value(&step).or_else(|| self.sheets.range(..step).next_back());
        held.or_else(|| self.sheets.last_key_value()).map(|(step, sheet)| (*step, sheet))
    }

    /// Keeps a sheet, and lets go of the one that is farthest from it where there are many.
    pub fn keep(&mut self, step: u64, sheet: Sheet) {
        self.sheets.insert(step, sheet);
        let farthest = self.sheets.keys().copied().max_by_key(|held| held.abs_diff(step));
        if let Some(farthest) = farthest.filter(|_| self.sheets.len() > SHEETS) {
            self.sheets.remove(&farthest);
        }
    }

    /// The losses that have a plot.
    pub fn plotted<'a>(&self, view: &'a RunView) -> Vec<&'a Curve> {
        let chosen: Vec<_> = view.curves.iter().filter(|curve| self.look.losses.contains(&curve.name)).collect();
        if !chosen.is_empty() {
            return chosen;
        }
        let main = view.curves.iter().find(|curve| curve.name == MAIN_LOSS);
        main.or(view.curves.first()).into_iter().collect()
    }

    /// Where the next run will lie, as far as the runs are known; none where no folder is.
    pub fn next_run(&self) -> Option<PathBuf> {
        self.new_run(|_| true)
    }

    /// As [`TrainDesk::next_run`], but looked for on the disk.
    pub fn free_run(&self) -> Option<PathBuf> {
        self.new_run(|path| !path.exists())
    }

    fn new_run(&self, is_free: impl Fn(&Path) -> bool) -> Option<PathBuf> {
        if let Some(chosen) = &self.form.run_dir {
            return Some(chosen.clone());
        }
        let folder = self.folder.as_ref()?;
        let taken = |path: &Path| {
            let is_this = |row: &RunRow| row.run_dir == path;
            self.watched.as_deref() == Some(path) || self.runs.iter().flatten().any(is_this)
        };
        // There are fewer runs than numbers.
        (1..)
            .map(|number: u32| folder.join(format!("{}-{number}", self.form.preset.name())))
            .find(|path| !taken(path) && is_free(path))
    }

    /// The estimate of the form as it stands.
    pub fn memory(&self) -> Option<&Memory> {
        self.estimate.as_ref().filter(|(form, _)| *form == self.form)?.1.as_ref()
    }
}
