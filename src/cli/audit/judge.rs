//! `facespace audit judge` and `facespace audit undo`: verdicts, each on the disk when the command returns.

use std::env;
use std::path::PathBuf;

use clap::Args;
use clap::builder::NonEmptyStringValueParser;
use serde_json::{Value, json};

use super::Chosen;
use crate::audit::{Audit, Verdict};
use crate::cli::context::{Context, Outcome};
use crate::cli::table::counted;
use crate::face::Expression;

/// Whose verdicts are of nobody known.
const SOMEBODY: &str = "somebody";

#[derive(Args)]
pub struct Arguments {
    /// The folder of the audit
    #[arg(value_name = "DIR")]
    pub(super) audit: PathBuf,
    #[command(flatten)]
    chosen: Chosen,
    /// keep where the label is right, ambiguous where none is, else the expression that the face shows: neutral, happy,
    /// sad, surprise, fear, disgust, anger or contempt
    #[arg(value_name = "keep|ambiguous|EXPRESSION")]
    verdict: Verdict,
    #[command(flatten)]
    by: By,
}

#[derive(Args)]
pub struct UndoArguments {
    /// The folder of the audit
    #[arg(value_name = "DIR")]
    pub(super) audit: PathBuf,
    #[command(flatten)]
    by: By,
}

/// Who says it.
#[derive(Args)]
pub struct By {
    /// Who says it, for the log (the name of the computer's user if not given)
    #[arg(long, value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    by: Option<String>,
}

impl By {
    pub fn name(&self) -> String {
        let users =
            || ["USER", "USERNAME"].into_iter().find_map(|name| env::var(name).ok().filter(|user| !user.is_empty()));
        self.by.clone().or_else(users).unwrap_or_else(|| SOMEBODY.to_owned())
    }
}

pub fn run(context: &mut Context, arguments: &Arguments) -> Outcome {
    let mut audit = Audit::open(&arguments.audit)?;
    let face = arguments.chosen.face(&audit)?;
    let by = arguments.by.name();
    let name = audit.name(face)?;
    let given = audit.index().card(face)?.and_then(|card| card.labels.expression);
    let verdict = audit.judge(face, arguments.verdict, &by)?;
    context.print(&format!("{name}: {}\n", words(given, verdict)))?;
    Ok(json!({
        "audit": arguments.audit, "face": face, "name": name, "given": given, "verdict": verdict.to_string(), "by": by,
    }))
}

/// What a verdict says of a label.
fn words(given: Option<Expression>, verdict: Verdict) -> String {
    let given = given.map_or("the label", Expression::name);
    match verdict {
        Verdict::Keep => format!("{given} stays"),
        Verdict::Relabel(label) => format!("{given} becomes {label}"),
        Verdict::Ambiguous => format!("{given} is ambiguous"),
    }
}

pub fn undo(context: &mut Context, arguments: &UndoArguments) -> Outcome {
    let mut audit = Audit::open(&arguments.audit)?;
    let by = arguments.by.name();
    let Some(undone) = audit.undo(&by)? else {
        context.print("There is no verdict to take back\n")?;
        return Ok(json!({"audit": arguments.audit, "faces": [], "by": by}));
    };
    let text = match undone.faces.as_slice() {
        [(_, None)] => format!("Took back the verdict on {}, which has none now", undone.name),
        [(_, Some(verdict))] => format!("Took back the verdict on {}, which is {verdict} again", undone.name),
        faces => format!("Took back {}, the first of them on {}", counted(faces.len(), "verdict"), undone.name),
    };
    context.print(&format!("{text}\n"))?;
    let faces: Vec<Value> = undone
        .faces
        .iter()
        .map(|(face, verdict)| json!({"face": face, "verdict": verdict.map(|verdict| verdict.to_string())}))
        .collect();
    Ok(json!({"audit": arguments.audit, "name": undone.name, "faces": faces, "by": by}))
}
