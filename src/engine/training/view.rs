//! What a window sees of a run: plain records, and the curves that grow with the run's metrics but not beyond a screen.

use std::path::PathBuf;

use super::table::Table;
use crate::train::metrics::{HeldOut, Line};
use crate::train::scope::Stages;

pub use crate::train::status::State as RunState;

/// Points of a curve, at most.
pub const CURVE_POINTS: usize = 2000;

/// The newest of a watched run. A copy is made only when something changed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RunView {
    pub run_dir: PathBuf,
    pub preset: String,
    /// The pictures it trains on, in a few words.
    pub data: String,
    pub state: RunState,
    /// Whether a process trains there now.
    pub alive: bool,
    /// "autoencoder" and so on; empty before the first.
    pub stage: String,
    pub step: u64,
    /// Steps of the whole run; 0 before that is known.
    pub steps: u64,
    pub steps_per_second: f64,
    pub seconds_left: Option<f64>,
    /// Share of the time in which the trainer waits for pictures, 0 to 1.
    pub waiting_share: f64,
    pub memory_mb: f64,
    pub device: String,
    /// What the run says of itself; after a kill, how it ended.
    pub message: String,
    pub curves: Vec<Curve>,
    pub held_out: Vec<HeldOutPoint>,
    pub tables: Vec<Table>,
    /// Steps of which there is a sheet of pictures, ascending.
    pub previews: Vec<u64>,
    /// The newest export.
    pub weights: Option<PathBuf>,
    /// Whether the newest weights can edit; before stage two they only reconstruct and sample.
    pub can_edit: bool,
    /// What its steps had to do without, a sentence each.
    pub passed_over: Vec<String>,
    /// Whether a checkpoint is there, nobody trains, and steps are left.
    pub can_resume: bool,
    /// Finished, it can still be gone on with by this stage, which it has left out.
    pub left_out: Option<Stages>,
}

impl RunView {
    /// Whether it can be gone on with, held to these stages.
    pub fn can_resume_with(&self, stages: Stages) -> bool {
        self.can_resume || self.left_out == Some(stages)
    }
}

/// A loss over the steps.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Curve {
    pub name: String,
    /// Step and value, ascending, [`CURVE_POINTS`] at most; in a long run each is the mean of several.
    pub points: Vec<[f64; 2]>,
}

/// Errors in the pixel range 0 to 255.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HeldOutPoint {
    pub step: u64,
    pub rmse: f64,
    pub rmse_train: f64,
    pub rmse_mean_face: f64,
    /// NaN where it was not measured, as any of these.
    pub rmse_pca_99: f64,
    /// High-frequency energy of the reconstructions over that of the pictures.
    pub sharpness: f64,
}

impl HeldOutPoint {
    fn new(step: u64, held_out: &HeldOut) -> Self {
        HeldOutPoint {
            step,
            rmse: held_out.rmse,
            rmse_train: held_out.rmse_train,
            rmse_mean_face: held_out.rmse_mean_face,
            rmse_pca_99: held_out.rmse_pca_99,
            sharpness: held_out.sharpness,
        }
    }
}

/// A run in a list of runs.
#[derive(Clone, Debug, PartialEq)]
pub struct RunRow {
    pub run_dir: PathBuf,
    pub preset: String,
    pub data: String,
    pub state: RunState,
    pub step: u64,
    /// The lowest held-out error (RMSE, 0 to 255).
    pub best_rmse: Option<f64>,
    /// When it was started, in seconds since 1970.
    pub started_unix: u64,
    /// As [`RunView::can_resume`].
    pub can_resume: bool,
    /// As [`RunView::left_out`].
    pub left_out: Option<Stages>,
}

impl RunRow {
    /// As [`RunView::can_resume_with`].
    pub fn can_resume_with(&self, stages: Stages) -> bool {
        self.can_resume || self.left_out == Some(stages)
    }
}

/// Everything that the metrics have said so far.
#[derive(Default)]
pub(super) struct Series {
    curves: Vec<Growing>,
    pub held_out: Vec<HeldOutPoint>,
    pub tables: Vec<Table>,
}

/// A curve that is thinned while it grows.
struct Growing {
    name: String,
    points: Vec<[f64; 2]>,
    /// Values that one point stands for.
    each: u32,
    /// Sums of what is to be the next point, and how many are in them.
    next: ([f64; 2], u32),
}

impl Series {
    pub fn hear(&mut self, line: Line) {
        match line {
            Line::Losses { step, losses, .. } => {
                for (name, value) in losses {
                    self.add(name, step, value);
                }
            }
            Line::HeldOut { step, held_out, .. } => self.held_out.push(HeldOutPoint::new(step, &held_out)),
            Line::Table { step, table, .. } => {
                let new = Table::of(step, &table);
                // The newest of a title is what counts, and the first is what it is compared with.
                for table in new {
                    let same: Vec<usize> =
                        (0..self.tables.len()).filter(|&i| self.tables[i].title == table.title).collect();
                    if let [_, .., last] = same[..] {
                        self.tables.remove(last);
                    }
                    self.tables.push(table);
                }
            }
            Line::Event { .. } => (),
        }
    }

    pub fn curves(&self) -> Vec<Curve> {
        self.curves.iter().map(Growing::curve).collect()
    }

    fn add(&mut self, name: String, step: u64, value: f64) {
        if !value.is_finite() {
            return;
        }
        let place = self.curves.iter().position(|curve| curve.name == name).unwrap_or_else(|| {
            self.curves.push(Growing { name, points: Vec::new(), each: 1, next: ([0.0; 2], 0) });
            self.curves.len() - 1
        });
        self.curves[place].push([step as f64, value]);
    }
}

impl Growing {
    fn push(&mut self, [step, value]: [f64; 2]) {
        let (sums, count) = &mut self.next;
        sums[0] += step;
        sums[1] += value;
        *count += 1;
        if *count < self.each {
            return;
        }
        self.points.push(mean(*sums, *count));
        self.next = ([0.0; 2], 0);
        if self.points.len() == CURVE_POINTS {
            let pairs = self.points.chunks_exact(2);
            self.points = pairs.map(|pair| mean([pair[0][0] + pair[1][0], pair[0][1] + pair[1][1]], 2)).collect();
            self.each *= 2;
        }
    }

    fn curve(&self) -> Curve {
        let (sums, count) = self.next;
        let rest = (count > 0).then(|| mean(sums, count));
        Curve { name: self.name.clone(), points: self.points.iter().copied().chain(rest).collect() }
    }
}

fn mean(sums: [f64; 2], count: u32) -> [f64; 2] {
    sums.map(|sum| sum / f64::from(count))
}
