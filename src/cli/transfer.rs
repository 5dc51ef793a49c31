//! `facespace transfer`: parts of one face given to another.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::context::{Context, Outcome};
use super::outputs;
use super::pictures::{self, CropOptions};
use super::put_back::{PutBack, put_back};
use super::remarks;
use crate::face::Part;
use crate::face::transfer::transfer;

/// The place of the target among the two pictures.
const TARGET: usize = 1;

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
    /// How much of the change goes into the target's photograph, from none of it (0) to all (1)
    #[arg(long, value_name = "SHARE", default_value_t = 1.0, allow_hyphen_values = true, conflicts_with = "alone")]
    paste_strength: f32,
    #[command(flatten)]
    put_back: PutBack,
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
    let options = arguments.put_back.options(arguments.paste_strength)?;
    let given = [arguments.source, arguments.target];
    outputs::check_file(&arguments.output, &given)?;
    let pictures = pictures::needed(&given, &arguments.crop, options.map(|_| TARGET))?;
    let faces = pictures::codes(context, &pictures, &given)?;
    let (source, target) = (faces[0], faces[TARGET]);
    context.require_parts()?;
    let mut seen = Vec::new();
    for ((picture, code), path) in pictures.iter().zip(&faces).zip(&given) {
        let (remarks, reconstruction) = remarks::before_edit(context, path, picture.face(), code)?;
        seen.push((remarks::report(picture.face(), &remarks), reconstruction));
    }
    let asked = transfer(&source, &target, &parts, arguments.strength);
    let wants_drift = context.wants_json();
    let engine = context.engine()?;
    let face = engine.picture(&asked)?;
    let drift = if wants_drift { Some(engine.drift(&target, &asked)?) } else { None };
    let saved = match (&pictures[TARGET].photo, &seen[TARGET].1, &options) {
        (Some(photo), Some(own), Some(options)) => {
            let photo = put_back(photo, pictures[TARGET].face(), [own, &face], options);
            outputs::save_photograph(context, "transfer", &arguments.output, &photo)
        }
        _ => outputs::save(context, "transfer", &arguments.output, &face),
    };
    if !saved {
        return Ok(json!(null));
    }
    let names: Vec<&str> = parts.iter().map(|part| part.name()).collect();
    Ok(json!({
        "source": given[0], "target": given[TARGET], "parts": names, "strength": arguments.strength,
        "output": arguments.output, "drift": drift, "found": {"source": seen[0].0, "target": seen[TARGET].0},
    }))
}
