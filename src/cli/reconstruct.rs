//! `facespace reconstruct`: what the model keeps of a face.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::context::{Context, Outcome};
use super::outputs;
use super::pictures::{self, Photographs};
use crate::face::FaceCode;

#[derive(Args)]
pub struct Arguments {
    #[command(flatten)]
    photographs: Photographs,
    /// Decode the encoder's code itself, without the way through pose, identity, expression and style
    #[arg(long)]
    direct: bool,
    /// A picture file for one photograph, else a folder
    #[arg(short, long, value_name = "OUT")]
    output: PathBuf,
}

impl Arguments {
    /// What the command reads.
    pub fn reads(&self) -> Vec<PathBuf> {
        self.photographs.paths.clone()
    }
}

pub fn run(context: &mut Context, arguments: Arguments) -> Outcome {
    let inputs = pictures::expand(context, &arguments.photographs)?;
    let paths = outputs::plan(&arguments.photographs.paths, &inputs, &arguments.output)?;
    let bar = context.progress(inputs.len(), "reconstructing");
    let mut results = Vec::new();
    pictures::for_each_batch(context, &inputs, |context, crops| {
        let (places, crops): (Vec<usize>, Vec<_>) = crops.into_iter().unzip();
        let codes = context.engine()?.encode(&crops, &|_| ())?;
        let (places, pictures) = if arguments.direct {
            let latents: Vec<_> = codes.iter().map(|code| code.z).collect();
            (places, context.engine()?.decode_latent(&latents)?)
        } else {
            let faces = places.iter().zip(&codes);
            let (places, faces): (Vec<usize>, Vec<FaceCode>) = faces
                .filter_map(|(&place, code)| Some((place, pictures::face(context, &inputs[place], code)?)))
                .unzip();
            (places, context.engine()?.decode(&faces)?)
        };
        for (place, picture) in places.into_iter().zip(pictures) {
            if outputs::save(context, "reconstruct", &paths[place], &picture) {
                results.push(json!({"file": inputs[place].path, "output": paths[place]}));
            }
            bar.inc(1);
        }
        Ok(())
    })?;
    bar.finish_and_clear();
    Ok(json!(results))
}
