//! `facespace evaluate compare`: two reports beside each other, and which figures moved by more than their intervals.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use crate::cli::context::{Context, Outcome, Stop};
use crate::cli::outputs;
use crate::data::atomic;
use crate::evaluate::report::{CSV, HTML, JSON, Report, compare, html};

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

/// How a comparison is written.
#[derive(Clone, Copy)]
enum Form {
    Page,
    Json,
}

pub fn run(context: &mut Context, arguments: &Arguments) -> Outcome {
    let output = arguments.output.as_deref().map(|path| form(path).map(|form| (path, form))).transpose()?;
    let (first, second) = (Report::read(&arguments.first)?, Report::read(&arguments.second)?);
    let comparison = compare(&first, &second);
    let value = json!(comparison);
    if let Some((path, form)) = output {
        outputs::refuse(path, &files(arguments))?;
        let text = match form {
            Form::Page => html::comparison_page(&comparison),
            Form::Json => format!("{value:#}\n"),
        };
        atomic::write(path, text.as_bytes())?;
    }
    context.print(&comparison.to_string())?;
    comparison.notes.iter().for_each(|note| context.remark(note));
    Ok(value)
}

/// The files of both reports, which stay as they are.
fn files(arguments: &Arguments) -> Vec<PathBuf> {
    let mut files = arguments.reads();
    for report in arguments.reads() {
        let folder = if report.is_dir() { report.as_path() } else { report.parent().unwrap_or(Path::new("")) };
        files.extend([JSON, HTML, CSV].map(|name| folder.join(name)));
    }
    files
}

/// As the file's ending says.
fn form(path: &Path) -> Result<Form, Stop> {
    let ending = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default().to_ascii_lowercase();
    match ending.as_str() {
        "html" | "htm" => Ok(Form::Page),
        "json" => Ok(Form::Json),
        _ => Err(Stop::Usage(format!(
            "A comparison is written as .html or .json; give the file one of these endings: {}",
            path.display()
        ))),
    }
}
