//! `facespace audit export` and `facespace audit import`: labels for other programs, and back.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use super::judge::By;
use crate::audit::{Audit, Form, Unknown};
use crate::cli::context::{Context, Outcome};
use crate::cli::outputs;
use crate::cli::table::counted;

/// Rows of a table that a sentence names; the report has more.
const NAMED: usize = 5;

#[derive(Args)]
pub struct ExportArguments {
    /// The folder of the audit
    #[arg(value_name = "DIR")]
    pub(super) audit: PathBuf,
    /// labels: the set's labels with all verdicts, in the set's own form, and the log beside them, into a folder.
    /// cleanlab: a CSV as that program's find_label_issues makes it. fiftyone: a JSON of classes and labels.
    /// log: a CSV of every verdict, when and by whom
    #[arg(long, value_name = "FORM", default_value_t = Form::Labels)]
    form: Form,
    /// The folder for labels, the file for the others; never in the set itself
    #[arg(short, long, value_name = "TO")]
    output: PathBuf,
}

#[derive(Args)]
pub struct ImportArguments {
    /// The folder of the audit
    #[arg(value_name = "DIR")]
    pub(super) audit: PathBuf,
    /// A CSV or JSON file as an export makes it, with the labels changed: each changed one becomes a verdict
    #[arg(value_name = "TABLE")]
    table: PathBuf,
    #[command(flatten)]
    by: By,
}

impl ImportArguments {
    /// What the command reads.
    pub fn reads(&self) -> Vec<PathBuf> {
        vec![self.table.clone()]
    }
}

pub fn export(context: &mut Context, arguments: &ExportArguments) -> Outcome {
    let ExportArguments { audit: folder, form, output } = arguments;
    let audit = Audit::open(folder)?;
    let info = audit.info()?;
    outputs::refuse_within(output, std::slice::from_ref(folder))?;
    let files = audit.export(output, *form)?;
    let lines: Vec<String> = files.iter().map(|file| format!("  {}\n", file.display())).collect();
    let counts = info.verdicts;
    context.print(&format!("Wrote {form} with {}:\n{}", counted(counts.total(), "verdict"), lines.concat()))?;
    Ok(json!({"audit": folder, "form": form.name(), "output": output, "files": files, "verdicts": counts}))
}

pub fn import(context: &mut Context, arguments: &ImportArguments) -> Outcome {
    let ImportArguments { audit: folder, table, by } = arguments;
    let mut audit = Audit::open(folder)?;
    let report = audit.import(table, &by.name())?;
    context.print(&format!(
        "Read {}: {} keep, {} relabel, {} ambiguous, {} unchanged\n",
        counted(report.rows, "row"),
        report.keep,
        report.relabel,
        report.ambiguous,
        report.unchanged
    ))?;
    let (keys, classes) = (&report.unknown_keys, &report.unknown_classes);
    name_unknown(context, table, keys, ["faces", "not judged by this audit", "take a table of the same set"]);
    name_unknown(context, table, classes, ["labels", "none", "write one of the eight expressions"]);
    let mut value = json!(report);
    value["audit"] = json!(folder);
    value["table"] = json!(table);
    Ok(value)
}

/// Notes rows that said nothing as one failure: what of them is wrong, in what way, and what to do.
fn name_unknown(context: &mut Context, table: &Path, unknown: &Unknown, [what, wrong, remedy]: [&str; 3]) {
    if unknown.count > 0 {
        let examples: Vec<String> =
            unknown.examples.iter().take(NAMED).map(|example| format!("\"{example}\"")).collect();
        let sentence = format!(
            "The {what} of {} are {wrong} ({}); {remedy}: {}",
            counted(unknown.count, "row"),
            examples.join(", "),
            table.display()
        );
        context.fail(table, sentence);
    }
}
