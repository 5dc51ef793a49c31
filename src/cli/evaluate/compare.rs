//! `facespace evaluate compare`: two reports beside each other, and which figures moved by more than their intervals.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use crate::cli::context::{Context, Outcome, Stop};
use crate::evaluate::report::{ComparisonFormat, Report, compare};

#[derive(Args)]
pub struct Arguments {
    /// The first report: its folder, or one of its files
    #[arg(value_name = "A")]
    first: PathBuf,
    /// The second report, which may be better or worse than the first
    #[arg(value_name = "B")]
    second: PathBuf,
    /// Also write the comparison to this file, as a page or as JSON by its ending
    #[arg(short, long, value_name = "FILE.html|FILE.json")]
    output: Option<PathBuf>,
}

impl Arguments {
    /// What the command reads.
    pub fn reads(&self) -> Vec<PathBuf> {
        vec![self.first.clone(), self.second.clone()]
    }
}

pub fn run(context: &mut Context, arguments: &Arguments) -> Outcome {
    let reports = [arguments.first.as_path(), arguments.second.as_path()];
    let target = |path| ComparisonFormat::of(path, reports).map(|format| (path, format));
    let output = arguments.output.as_deref().map(target).transpose().map_err(|e| Stop::Usage(e.to_string()))?;
    let (first, second) = (Report::read(&arguments.first)?, Report::read(&arguments.second)?);
    let comparison = compare(&first, &second);
    if let Some((path, format)) = output {
        comparison.write(path, format)?;
    }
    context.print(&comparison.to_string())?;
    comparison.notes.iter().for_each(|note| context.remark(note));
    Ok(json!(comparison))
}
