//! `facespace audit export` and `facespace audit import`: labels for other programs, and back.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Value, json};

use super::judge::By;
use crate::audit::{Audit, Form, Unknown};
use crate::cli::context::{Context, Outcome};
use crate::cli::outputs;
use crate::cli::table::counted;

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
    // The folder for labels may lie in the set's, as long as it is another one, which is seen to where it is written.
    let kept = if *form == Form::Labels { vec![folder.clone()] } else { vec![folder.clone(), info.source] };
    outputs::refuse_within(output, &kept)?;
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
    name_unknown(context, table, keys, "name a face that this audit does not judge", "take a table of the same set");
    name_unknown(context, table, classes, "have a label that is none", "write one of the eight expressions");
    Ok(json!({
        "audit": folder, "table": table, "rows": report.rows, "keep": report.keep, "relabel": report.relabel,
        "ambiguous": report.ambiguous, "unchanged": report.unchanged, "unknown_keys": unknown(keys),
        "unknown_classes": unknown(classes),
    }))
}

/// Notes rows that said nothing as one failure.
fn name_unknown(context: &mut Context, table: &Path, unknown: &Unknown, what: &str, remedy: &str) {
    if unknown.count > 0 {
        let examples: Vec<String> = unknown.examples.iter().map(|example| format!("\"{example}\"")).collect();
        let sentence = format!(
            "{} {what} ({}); {remedy}: {}",
            counted(unknown.count, "row"),
            examples.join(", "),
            table.display()
        );
        context.fail(table, sentence);
    }
}

fn unknown(unknown: &Unknown) -> Value {
    json!({"count": unknown.count, "examples": unknown.examples})
}
