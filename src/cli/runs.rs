//! `facespace runs`: the trainings of a folder, compared.

use std::fs;
use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::context::{Context, Outcome, at};
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

/// What stands above the columns, and whether a column holds numbers.
const COLUMNS: [(&str, bool); 11] = [
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
    context.print(&table(&runs))?;
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

/// The runs under each other, every column as wide as its widest cell.
fn table(runs: &[RunSummary]) -> String {
    let head = COLUMNS.map(|(title, _)| title.to_owned());
    let rows: Vec<[String; COLUMNS.len()]> = std::iter::once(head).chain(runs.iter().map(cells)).collect();
    let widths: [usize; COLUMNS.len()] =
        std::array::from_fn(|i| rows.iter().map(|row| row[i].chars().count()).max().unwrap_or_default());
    let mut text = String::new();
    for row in &rows {
        let mut line = String::new();
        for ((cell, width), (_, numbers)) in row.iter().zip(widths).zip(COLUMNS) {
            line += &if numbers { format!("{cell:>width$}  ") } else { format!("{cell:<width$}  ") };
        }
        text += line.trim_end();
        text.push('\n');
    }
    text
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
