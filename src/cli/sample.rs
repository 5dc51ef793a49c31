//! `facespace sample`: faces that nobody has.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::context::{Context, Outcome};
use super::outputs;
use super::pictures::{self, CropOptions};
use crate::data::image as picture;
use crate::face::Part;
use crate::face::transfer::transfer;
use crate::nn::samples;

#[derive(Args)]
pub struct Arguments {
    /// How many faces
    #[arg(long, default_value_t = 16, value_parser = clap::value_parser!(u16).range(1..=4096))]
    count: u16,
    /// The same seed gives the same faces
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Keep these parts of a photograph: pose, identity, expression, style, separated by commas
    #[arg(long, value_delimiter = ',', requires = "from")]
    keep: Vec<Part>,
    /// The photograph whose parts are kept
    #[arg(long, value_name = "PHOTO", requires = "keep")]
    from: Option<PathBuf>,
    #[command(flatten)]
    crop: CropOptions,
    /// A picture file for a grid of all, or a folder for one file a face
    #[arg(short, long, value_name = "GRID.png|DIR")]
    output: PathBuf,
}

impl Arguments {
    /// What the command reads.
    pub fn reads(&self) -> Vec<PathBuf> {
        self.from.iter().cloned().collect()
    }
}

pub fn run(context: &mut Context, arguments: Arguments) -> Outcome {
    let as_grid = outputs::is_picture_file(&arguments.output);
    let file = |number: u16| arguments.output.join(format!("sample-{number:04}.png"));
    let from: Vec<PathBuf> = arguments.from.into_iter().collect();
    if as_grid {
        outputs::check_file(&arguments.output, &from)?;
    } else {
        (1..=arguments.count).try_for_each(|number| outputs::refuse(&file(number), &from))?;
    }
    let givers = pictures::needed(&from, &arguments.crop)?;
    let givers = pictures::codes(context, &givers, &from)?;
    let latents = samples::latents(arguments.seed, usize::from(arguments.count), 1.0);
    let engine = context.engine()?;
    let mut faces = engine.disentangle(&latents)?;
    for giver in &givers {
        faces.iter_mut().for_each(|face| *face = transfer(giver, face, &arguments.keep, 1.0));
    }
    let pictures = engine.decode(&faces)?;
    let mut written = Vec::new();
    if as_grid {
        let columns = pictures.len().isqrt().max(1);
        let grid = picture::sheet(&pictures, columns);
        if outputs::save(context, "sample", &arguments.output, &grid) {
            written.push(arguments.output.clone());
        }
    } else {
        outputs::make_folder(&arguments.output)?;
        for (number, picture) in (1..).zip(&pictures) {
            let path = file(number);
            if outputs::save(context, "sample", &path, picture) {
                written.push(path);
            }
        }
    }
    Ok(json!({"seed": arguments.seed, "count": arguments.count, "outputs": written}))
}
