//! `facespace runs`: the trainings of a folder, compared.

use std::fs;
use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::context::{Context, Outcome, at};
use super::table::{Column, table};
use crate::train::summary::{RunSummary, list_runs};

#[derive(Args)]
pub struct Arguments {
    /// A folder of runs, or the folder of one
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

impl Arguments {
    /// What the command reads.
    pub fn reads(&self) -> Vec<PathBuf> {
        vec![self.folder.clone()]
    }
}

const COLUMNS: [Column; 11] = [
    ("run", false),
    ("preset", false),
    ("state", false),
    ("stage", false),
    ("step", true),
    ("best RMSE", true),
    ("last", true),
    ("PCA-99", true),
    ("mean face", true),
    ("time", true),
    ("pictures", true),
];

pub fn run(context: &mut Context, arguments: Arguments) -> Outcome {
    let folder = &arguments.folder;
    fs::read_dir(folder)
        .map_err(|e| at(format!("The folder cannot be read ({e}); check its path and permissions"), folder))?;
    let runs = list_runs(folder);
    if runs.is_empty() {
        return Err(at("No training was found here; choose the folder of one, or one that holds some", folder));
    }
    let cells: Vec<[String; COLUMNS.len()]> = runs.iter().map(cells).collect();
    context.print(&table(&COLUMNS, &cells))?;
    for run in &runs {
        if let Some(problem) = &run.problem {
            context.fail(&run.run_dir, problem.clone());
        }
    }
    let rows = runs.iter().map(|run| {
        let mut row = json!(run);
        row["state_in_words"] = json!(run.state_in_words());
        row
    });
    Ok(json!({ "runs": rows.collect::<Vec<_>>() }))
}

fn cells(run: &RunSummary) -> [String; COLUMNS.len()] {
    let known = |value: u64| if value == 0 { "-".to_owned() } else { value.to_string() };
    let error = |value: Option<f64>| value.map_or("-".to_owned(), |value| format!("{value:.2}"));
    [
        run.name.clone(),
        if run.preset.is_empty() { "-".to_owned() } else { run.preset.clone() },
        run.state_in_words(),
        run.stage.map_or("-".to_owned(), |stage| stage.to_string()),
        format!("{}/{}", run.step, known(run.steps)),
        error(run.rmse_best),
        error(run.rmse_last),
        error(run.rmse_pca_99),
        error(run.rmse_mean_face),
        duration(run.seconds),
        known(run.pictures),
    ]
}

/// Hours, minutes and seconds, the largest two that are there.
fn duration(seconds: f64) -> String {
    let seconds = seconds as u64;
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
    match (hours, minutes) {
        (0, 0) => format!("{seconds} s"),
        (0, _) => format!("{minutes} min {} s", seconds % 60),
        _ => format!("{hours} h {minutes} min"),
    }
}
