//! `facespace interpolate`: the way from one face to another.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use serde_json::json;

use super::context::{Context, Outcome};
use super::outputs;
use super::pictures::{self, CropOptions};
use super::remarks;
use crate::data::image as picture;
use crate::face::transfer::interpolate;

/// How long an animation shows each step.
const STEP: Duration = Duration::from_millis(80);

#[derive(Args)]
pub struct Arguments {
    /// The face to start from
    a: PathBuf,
    /// The face to end at
    b: PathBuf,
    #[command(flatten)]
    crop: CropOptions,
    /// How many faces, both ends included
    #[arg(long, default_value_t = 9, value_parser = clap::value_parser!(u16).range(2..=512))]
    steps: u16,
    /// A picture file for a strip, or a .gif that plays
    #[arg(short, long, value_name = "STRIP.png|FILE.gif")]
    output: PathBuf,
}

impl Arguments {
    /// What the command reads.
    pub fn reads(&self) -> Vec<PathBuf> {
        vec![self.a.clone(), self.b.clone()]
    }
}

pub fn run(context: &mut Context, arguments: Arguments) -> Outcome {
    let Arguments { a, b, crop, steps, output } = arguments;
    let given = [a, b];
    let animated = output.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("gif"));
    if animated {
        outputs::refuse(&output, &given)?;
    } else {
        outputs::check_file(&output, &given)?;
    }
    let pictures = pictures::needed(&given, &crop)?;
    let faces = pictures::codes(context, &pictures, &given)?;
    let mut found = Vec::new();
    for picture in &pictures {
        let remarks = remarks::of(context, picture.face(), None)?;
        found.push(remarks::report(picture.face(), &remarks));
    }
    let way = interpolate(&faces[0], &faces[1], usize::from(steps));
    let pictures = context.engine()?.decode(&way)?;
    let saved = if animated {
        outputs::save_animation(context, "interpolate", &output, &pictures, STEP)
    } else {
        outputs::save(context, "interpolate", &output, &picture::sheet(&pictures, pictures.len()))
    };
    if !saved {
        return Ok(json!(null));
    }
    Ok(json!({
        "from": given[0], "to": given[1], "steps": steps, "output": output,
        "found": {"from": found[0], "to": found[1]},
    }))
}
