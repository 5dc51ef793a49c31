//! `facespace reconstruct`: what the model keeps of a face.

use std::path::PathBuf;

use clap::Args;
use image::RgbImage;
use serde_json::json;

use super::context::{Context, Outcome};
use super::opened;
use super::outputs;
use super::pictures::{self, Photographs};
use super::remarks;
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
    let mut names = outputs::plan(&arguments.photographs.paths, &inputs, &arguments.output)?;
    let bar = context.progress(inputs.len(), "reconstructing");
    let mut results = Vec::new();
    opened::for_each_batch(context, &inputs, false, |context, pictures| {
        let (faces, crops) = opened::flat(pictures);
        let codes = context.engine()?.encode(&crops, &|_| ())?;
        // Which face of all each picture will be of.
        let (of, made): (Vec<usize>, Vec<RgbImage>) = if arguments.direct {
            let latents: Vec<_> = codes.iter().map(|code| code.z).collect();
            ((0..faces.len()).collect(), context.engine()?.decode_latent(&latents)?)
        } else {
            let known = faces.iter().zip(&codes).enumerate();
            let (of, codes): (Vec<usize>, Vec<FaceCode>) = known
                .filter_map(|(i, ((place, _), code))| Some((i, pictures::face(context, &inputs[*place], code)?)))
                .unzip();
            (of, context.engine()?.decode(&codes)?)
        };
        for (i, made) in of.into_iter().zip(made) {
            let (place, face) = &faces[i];
            let nth = faces[..i].iter().rev().take_while(|(other, _)| other == place).count();
            let to = names.of(*place, nth)?;
            let remarks = remarks::of(context, face, Some(&made))?;
            if outputs::save(context, "reconstruct", &to, &made) {
                let found = remarks::report(face, &remarks);
                results.push(json!({"file": inputs[*place].path, "output": to, "found": found}));
            }
            bar.set_position(*place as u64 + 1);
        }
        Ok(())
    })?;
    bar.finish_and_clear();
    Ok(json!(results))
}
