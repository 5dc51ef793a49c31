//! `facespace bench --train`: how fast the steps of a training are on this machine, and what a step of stage one
//! consists of. `benches/train.py` measures the same step in PyTorch.

use std::env;

use clap::Args;
use serde_json::json;

use super::context::{Context, Outcome, Stop};
use crate::engine::device;
use crate::train::bench::{self, Faces, Figures, Subject};

/// Rounds of four steps that are timed.
const RUNS: u16 = 3;
const NARROWEST: usize = 2;
const WIDEST: usize = 512;

#[derive(Args)]
pub struct TrainingArguments {
    /// Measure the steps of a training instead; at width 64 one of 100 pictures may take a minute, and some forty are
    /// taken
    #[arg(long)]
    pub train: bool,
    /// The widths to train, with --train
    #[arg(long, value_name = "W", num_args = 1.., default_values = ["32", "64"], requires = "train", value_parser = even_width)]
    width: Vec<usize>,
    /// The pictures of a step, with --train; stages other than the autoencoder are measured with the first of them
    #[arg(
        long,
        value_name = "N",
        num_args = 1..,
        default_values = ["16", "100"],
        requires = "train",
        value_parser = clap::value_parser!(u16).range(2..=4096)
    )]
    batch: Vec<u16>,
}

fn even_width(text: &str) -> Result<usize, String> {
    let fits = |width: &usize| width.is_multiple_of(2) && (NARROWEST..=WIDEST).contains(width);
    text.parse::<usize>()
        .ok()
        .filter(fits)
        .ok_or_else(|| format!("\"{text}\" is no width; give an even number from {NARROWEST} to {WIDEST}"))
}

/// Measures stage one in all sizes, and the other stages' steps with the first batch.
pub fn run(context: &mut Context, arguments: TrainingArguments, runs: Option<u16>) -> Outcome {
    let runs = usize::from(runs.unwrap_or(RUNS));
    let (device, notice) = device::open(context.device_choice());
    notice.iter().for_each(|notice| context.remark(notice));
    let batches: Vec<usize> = arguments.batch.iter().map(|&batch| usize::from(batch)).collect();
    let folder = tempfile::tempdir()?;
    let faces = Faces::draw(folder.path(), batches.iter().copied().max().unwrap_or(0))?;
    let mut all: Vec<Figures> = Vec::new();
    for &width in &arguments.width {
        let subject = |batch: usize| Subject { width, batch, runs };
        for (place, &batch) in batches.iter().enumerate() {
            context.print(&format!("width {width}, {batch} pictures a step\n"))?;
            let mut keep = |figures: Figures| {
                context.print(&said(&figures))?;
                all.push(figures);
                Ok::<(), Stop>(())
            };
            keep(bench::stage_one(&faces, subject(batch), &device.device)?)?;
            if place == 0 {
                keep(bench::pca_start(&faces, subject(batch), &device.device)?)?;
                for figures in bench::stage_two(&faces, subject(batch), &device.device)? {
                    keep(figures)?;
                }
            }
        }
    }
    Ok(json!({
        "machine": {"device": device.name, "os": env::consts::OS, "arch": env::consts::ARCH},
        "training": all,
    }))
}

/// A stage's lines in the terminal.
fn said(figures: &Figures) -> String {
    let rate = &figures.pictures_per_second;
    let memory = figures.peak_memory_mb.map_or("unknown".to_owned(), |mb| format!("{mb:.0} MB"));
    let mut text = format!(
        "  {:<12} {:8.1} pictures/s ({:.1} to {:.1})   peak memory {memory}\n",
        figures.stage.to_string(),
        rate.median,
        rate.min,
        rate.max,
    );
    for part in &figures.parts {
        text += &format!("    {:<22} {:9.1} ms {:5.1} %\n", part.name, part.milliseconds, 100.0 * part.share);
    }
    if let Some(loading) = &figures.with_loading {
        text += &format!(
            "    while loading {:.1} pictures/s, {:.1} % of it waiting; a batch alone takes a thread {:.1} ms\n",
            loading.pictures_per_second.median,
            100.0 * loading.waiting_share,
            loading.batch_milliseconds,
        );
    }
    text
}
