//! `facespace transfer`: parts of one face given to another.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::context::{Context, Outcome};
use super::outputs;
use super::pictures::{self, CropOptions};
use crate::face::Part;
use crate::face::transfer::transfer;

#[derive(Args)]
pub struct Arguments {
    /// The face that gives
    #[arg(long, value_name = "PHOTO")]
    source: PathBuf,
    /// The face that takes
    #[arg(long, value_name = "PHOTO")]
    target: PathBuf,
    #[command(flatten)]
    crop: CropOptions,
    #[command(flatten)]
    choice: PartChoice,
    /// How far to go from the target's own part (0) to the source's (1)
    #[arg(long, default_value_t = 1.0, value_parser = strength, allow_hyphen_values = true)]
    strength: f32,
    /// The picture file to write
    #[arg(short, long, value_name = "OUT")]
    output: PathBuf,
}

#[derive(Args)]
#[group(required = true, multiple = false)]
struct PartChoice {
    /// What to give: pose, identity, expression, style, separated by commas
    #[arg(long, value_delimiter = ',')]
    parts: Vec<Part>,
    /// Give everything except these
    #[arg(long, value_delimiter = ',')]
    all_except: Vec<Part>,
}

fn strength(text: &str) -> Result<f32, String> {
    match text.parse() {
        Ok(value) if (0.0..=1.0).contains(&value) => Ok(value),
        _ => Err("give a number from 0 to 1".to_owned()),
    }
}

impl Arguments {
    /// What the command reads.
    pub fn reads(&self) -> Vec<PathBuf> {
        vec![self.source.clone(), self.target.clone()]
    }
}

pub fn run(context: &mut Context, arguments: Arguments) -> Outcome {
    let PartChoice { parts, all_except } = arguments.choice;
    let parts: Vec<Part> = if all_except.is_empty() {
        parts
    } else {
        Part::ALL.into_iter().filter(|part| !all_except.contains(part)).collect()
    };
    let given = [arguments.source, arguments.target];
    outputs::check_file(&arguments.output, &given)?;
    let faces = pictures::faces(context, &given, &arguments.crop)?;
    let (source, target) = (faces[0], faces[1]);
    let asked = transfer(&source, &target, &parts, arguments.strength);
    let wants_drift = context.wants_json();
    context.require_parts()?;
    let engine = context.engine()?;
    let picture = engine.picture(&asked)?;
    let drift = if wants_drift { Some(engine.drift(&target, &asked)?) } else { None };
    if !outputs::save(context, "transfer", &arguments.output, &picture) {
        return Ok(json!(null));
    }
    let names: Vec<&str> = parts.iter().map(|part| part.name()).collect();
    Ok(json!({
        "source": given[0], "target": given[1], "parts": names, "strength": arguments.strength,
        "output": arguments.output, "drift": drift,
    }))
}
