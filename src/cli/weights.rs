//! `facespace weights show` and `facespace weights build`.

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde_json::json;

use super::context::{Context, Outcome, Stop, at};
use super::outputs;
use crate::data::atomic;
use crate::data::shards::{self, ShardError, ShardReader, Wanted};
use crate::engine::device;
use crate::nn::build;
use crate::nn::weights::{Card, Weights};

#[derive(Subcommand)]
pub enum Command {
    /// Say what a weights file holds, where it comes from and on what terms
    Show {
        /// The file (the one in use if not given)
        file: Option<PathBuf>,
        /// Also draw its sample faces into this folder
        #[arg(long, value_name = "DIR")]
        samples: Option<PathBuf>,
    },
    /// Make a weights file of a trained model and the pictures it was trained on
    Build(BuildArguments),
}

#[derive(Args)]
pub struct BuildArguments {
    /// The trained networks, a safetensors file
    #[arg(long, value_name = "MODEL")]
    from: PathBuf,
    /// Parquet shards of the training crops, or folders of them (validation shards are left out)
    #[arg(long, value_name = "SHARDS", num_args = 1.., required = true)]
    data: Vec<PathBuf>,
    /// The model's name as people will see it
    #[arg(long)]
    name: String,
    /// The preset it was trained with
    #[arg(long, default_value = "unknown")]
    preset: String,
    /// What it was trained on, in a sentence
    #[arg(long, default_value = "not said")]
    sources: String,
    /// On what terms it may be used
    #[arg(long, default_value = "not said")]
    terms: String,
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
}

impl Command {
    /// What the command reads.
    pub fn reads(&self) -> Vec<PathBuf> {
        match self {
            Command::Show { file, .. } => file.iter().cloned().collect(),
            Command::Build(arguments) => arguments.data.iter().chain([&arguments.from]).cloned().collect(),
        }
    }
}

pub fn run(context: &mut Context, command: Command) -> Outcome {
    match command {
        Command::Show { file, samples } => {
            if let Some(file) = file {
                context.use_weights(file);
            }
            let weights = context.load_weights()?;
            if let Some(folder) = samples {
                draw_samples(context, &weights, &folder)?;
            }
            show(context, &weights)
        }
        Command::Build(arguments) => build(context, arguments),
    }
}

fn show(context: &Context, weights: &Weights) -> Outcome {
    let Weights { card, config, space, .. } = weights;
    let classes: Vec<&str> = space.class_means.iter().map(|(class, _)| class.name()).collect();
    let [low, high] = [space.pose.low, space.pose.high];
    context.print(&format!(
        "name        {}\npreset      {}\nwidth       {}\nsize        {:.1} MB\nmade by     {}\ndata        {}\nterms       {}\n\
         expressions {}\nyaw         {:.0} to {:.0} degrees\npitch       {:.0} to {:.0} degrees\nroll        {:.0} to {:.0} degrees\nsamples     {}\n",
        card.name,
        card.preset,
        config.width,
        weights.bytes().len() as f64 / 1e6,
        card.made_by,
        card.data,
        card.terms,
        classes.join(", "),
        low.yaw_deg,
        high.yaw_deg,
        low.pitch_deg,
        high.pitch_deg,
        low.roll_deg,
        high.roll_deg,
        space.samples.len(),
    ))?;
    Ok(json!({
        "card": card, "networks": config, "bytes": weights.bytes().len(), "expressions": classes,
        "pose": {"low": low, "high": high}, "samples": space.samples.len(),
    }))
}

fn draw_samples(context: &mut Context, weights: &Weights, folder: &Path) -> Result<(), Stop> {
    outputs::make_folder(folder)?;
    let pictures = context.engine()?.decode(&weights.space.samples)?;
    for (number, picture) in pictures.iter().enumerate() {
        outputs::save(context, "weights show", &folder.join(format!("sample-{:02}.png", number + 1)), picture);
    }
    Ok(())
}

fn build(context: &mut Context, arguments: BuildArguments) -> Outcome {
    let model = fs::read(&arguments.from)
        .map_err(|e| at(format!("The model cannot be read ({e}); check its path and permissions"), &arguments.from))?;
    let shards = shards::find_shards(&arguments.data, Wanted::TrainingCrops)?;
    let rows = shards.iter().map(|shard| Ok(ShardReader::open(shard)?.rows())).sum::<Result<u64, ShardError>>()?;
    let bar = context.progress(rows as usize, "encoding the training faces");
    let card = Card {
        name: arguments.name,
        preset: arguments.preset,
        data: arguments.sources,
        terms: arguments.terms,
        made_by: format!("facespace {}", env!("CARGO_PKG_VERSION")),
        can_edit: true,
        stretches: false,
        usual_rmse: None,
    };
    let (device, notice) = device::open(context.device_choice());
    notice.iter().for_each(|notice| context.remark(notice));
    let bytes = build::build(model, &shards, &card, &device.device, &|done| bar.set_position(done as u64))?;
    bar.finish_and_clear();
    atomic::write(&arguments.output, &bytes)?;
    // What was written is read back the way every start does it.
    show(context, &Weights::from_bytes(bytes)?)
}
