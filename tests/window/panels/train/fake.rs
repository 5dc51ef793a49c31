//! A run directory as a training writes it, without a training.

use std::fs;
use std::path::Path;

use facespace::train::checkpoints::{CHECKPOINT_VERSION, CheckpointState};
use facespace::train::control::Word;
use facespace::train::metrics::{HeldOut, Line};
use facespace::train::observer::Stage;
use facespace::train::presets;
use facespace::train::run_dir::RunDir;
use facespace::train::status::{State, Status};
use image::imageops::{FilterType, replace};
use image::{Rgb, RgbImage};
use serde_json::json;

use super::super::BUNDLED;

/// The rows of a sheet, from the top.
pub const ROWS: [&str; 7] = ["photograph", "reconstruction", "pose", "identity", "expression", "style", "random"];
const COLUMNS: u32 = 6;
const SIDE: u32 = 64;

/// Holds the run's lock as the process does that trains there.
pub struct FakeRun {
    pub run: RunDir,
    pub status: Status,
}

impl FakeRun {
    /// In its stage one, at step 1,200 of 5,000.
    pub fn begun(path: &Path) -> Self {
        let run = RunDir::create(path).unwrap();
        let mut config = presets::preset("tiny").unwrap();
        config.data.paths = vec![run.file(RunDir::SYNTHETIC)];
        run.write_config(&config).unwrap();
        let status = Status {
            state: State::Running,
            stage: Some(Stage::Autoencoder),
            step: 1200,
            steps: 5000,
            steps_per_second: 12.5,
            pictures_per_second: 400.0,
            seconds_left: Some(304.0),
            waiting_share: 0.04,
            memory_mb: Some(812.0),
            ..Status::begun("CPU (2 cores)")
        };
        let run = FakeRun { run, status };
        run.say();
        run
    }

    /// With losses, held-out errors, tables and two sheets of pictures.
    pub fn with_numbers(path: &Path) -> Self {
        let run = FakeRun::begun(path);
        let lines: Vec<Line> = (1..=120).flat_map(|tenth| losses(10 * tenth)).chain(measured()).collect();
        run.add(&lines);
        for step in [600, 1200] {
            run.draw(step);
        }
        run
    }

    /// Writes the status anew.
    pub fn say(&self) {
        self.run.status_file().write_now(&self.status).unwrap();
    }

    /// Says that it stands otherwise now.
    pub fn turn(&mut self, state: State) {
        self.status.state = state;
        self.say();
    }

    pub fn add(&self, lines: &[Line]) {
        let mut metrics = self.run.metrics().unwrap();
        lines.iter().for_each(|line| metrics.append(line).unwrap());
        metrics.flush().unwrap();
    }

    /// A sheet of sample faces, blurred below their first row.
    pub fn draw(&self, step: u64) {
        let mut sheet = RgbImage::from_pixel(COLUMNS * SIDE, ROWS.len() as u32 * SIDE, Rgb([90, 90, 90]));
        for column in 0..COLUMNS {
            let sample = format!("{}/assets/samples/sample-{:02}.png", env!("CARGO_MANIFEST_DIR"), column + 1);
            let face = image::open(sample).unwrap().to_rgb8();
            let face = image::imageops::resize(&face, SIDE, SIDE, FilterType::Triangle);
            for row in 0..ROWS.len() as u32 {
                let coarse = (SIDE / (1 + row)).max(8);
                let blurred = image::imageops::resize(&face, coarse, coarse, FilterType::Triangle);
                let cell = image::imageops::resize(&blurred, SIDE, SIDE, FilterType::Triangle);
                replace(&mut sheet, &cell, (column * SIDE).into(), (row * SIDE).into());
            }
        }
        let about = json!({ "columns": COLUMNS, "rows": ROWS, "side": SIDE });
        fs::write(self.run.preview(step, "json"), about.to_string()).unwrap();
        sheet.save(self.run.preview(step, "png")).unwrap();
    }

    /// A checkpoint with nothing in it but its name.
    pub fn keep(&self, step: u64) {
        let state = CheckpointState {
            version: CHECKPOINT_VERSION,
            step,
            stage: Stage::Autoencoder,
            held_out_rmse: Some(21.5),
            networks: BUNDLED.config.clone(),
            trainer: json!(null),
        };
        self.run.checkpoints().begin(step).unwrap().commit(&state).unwrap();
    }

    /// Weights at the present step, as far as the window looks at them.
    pub fn export(&mut self, can_edit: bool) {
        fs::write(self.run.file(RunDir::WEIGHTS), "weights").unwrap();
        (self.status.weights_step, self.status.can_edit) = (Some(self.status.step), can_edit);
        self.say();
    }

    /// The word that was said to it last.
    pub fn heard(&self) -> Option<Word> {
        self.run.control().take()
    }
}

fn losses(step: u64) -> Vec<Line> {
    let at = step as f64;
    let shaken = 1.0 + 0.12 * (at * 0.37).sin() * (at * 0.11).cos();
    let losses = [
        ("reconstruction", (14.0 + 36.0 * (-at / 260.0).exp()) * shaken),
        ("latent", 0.7 * shaken),
        ("latent discriminator", 1.38 * shaken),
        ("structure", (0.35 + 0.5 * (-at / 500.0).exp()) * shaken),
    ];
    let losses = losses.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    vec![Line::Losses { step, stage: Stage::Autoencoder, losses }]
}

fn measured() -> Vec<Line> {
    let held_out = (1..=12).map(|hundred| {
        let (step, at) = (100 * hundred, 100.0 * hundred as f64);
        let rmse = 21.0 + 30.0 * (-at / 300.0).exp();
        let held_out =
            HeldOut { rmse, rmse_train: rmse - 1.5, rmse_mean_face: 46.0, rmse_pca_99: 17.5, sharpness: 0.62, n: 200 };
        Line::HeldOut { step, stage: Stage::Autoencoder, held_out }
    });
    let read = |own: f64, rest: f64| json!({ "own part": own, "rest": rest });
    let table = json!({ "disentanglement": { "yaw": read(0.93, 0.41), "identity": read(0.88, 0.52), "light": read(0.79, 0.35) } });
    held_out.chain([Line::Table { step: 1200, stage: Stage::Autoencoder, table }]).collect()
}
