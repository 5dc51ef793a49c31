//! `facespace synth`: faces drawn from geometry, with the truth about each of them, as shards to train on.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use clap::Args;
use serde_json::json;

use super::context::{Context, Outcome, Stop};
use super::outputs;
use crate::data::image as picture;
use crate::data::synth::{self, FACTORS, SynthError};

/// Faces on the sheet that `--sheet` writes, and in a row of it.
const ON_SHEET: u64 = 64;
const IN_ROW: usize = 8;
/// Width and height of a whole photograph, and how many people are on one at most.
const PHOTOGRAPH: (u32, u32) = (1024, 768);
const MOST_PEOPLE: u64 = 3;
/// Every fifth face: the sheet shows several people, clips and expressions.
const SHEET_STRIDE: u64 = 5;

#[derive(Args)]
pub struct Arguments {
    /// The folder for the shards; it is made where it is missing
    #[arg(short, long, value_name = "DIR")]
    output: PathBuf,
    /// How many faces, 16 or more; a tenth of them is kept for measuring
    #[arg(long, default_value_t = 1500)]
    count: usize,
    /// The same seed gives the same faces
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Also a picture of 64 of the faces, to look at
    #[arg(long, value_name = "FILE")]
    sheet: Option<PathBuf>,
    /// Also so many whole photographs, of one to three people each, to try the program on
    #[arg(long, value_name = "N", default_value_t = 0)]
    photographs: u64,
}

pub fn run(context: &mut Context, arguments: Arguments) -> Outcome {
    let Arguments { output, count, seed, sheet, photographs } = arguments;
    if count < synth::FEWEST {
        return Err(Stop::Usage(SynthError::TooFew(count).to_string()));
    }
    if let Some(sheet) = &sheet {
        outputs::check_file(sheet, &[])?;
    }
    let stopped = Arc::new(AtomicBool::new(false));
    let stop = stopped.clone();
    // Where another handler is in place, the program ends at once, as it would without any.
    let _ = ctrlc::set_handler(move || stop.store(true, Ordering::Relaxed));
    let began = Instant::now();
    let bar = context.progress(count, "Faces");
    let furthest = Mutex::new(0);
    let written = synth::write(&output, count, seed, &|done| {
        // Threads do not report in order, and a bar does not go back.
        if let Ok(mut furthest) = furthest.lock()
            && done > *furthest
        {
            *furthest = done;
            bar.set_position(done as u64);
        }
        !stopped.load(Ordering::Relaxed)
    })?;
    bar.finish_and_clear();
    let seconds = began.elapsed().as_secs_f64();
    context.print(&format!(
        "{count} faces in {seconds:.1} s, {} of them for measuring: {}\n",
        written.held_back,
        output.display()
    ))?;
    if let Some(path) = &sheet {
        let shown = ON_SHEET.min(count as u64);
        let stride = if count as u64 > ON_SHEET * SHEET_STRIDE { SHEET_STRIDE } else { 1 };
        let faces = (0..shown).map(|i| picture::decode(&synth::record(seed, i * stride).picture_bytes));
        let faces = faces.collect::<Result<Vec<_>, _>>()?;
        outputs::save(context, "synth", path, &picture::sheet(&faces, IN_ROW));
    }
    for number in 1..=photographs {
        let people = 1 + (number - 1) % MOST_PEOPLE;
        let drawn = synth::photograph(seed.wrapping_add(number), PHOTOGRAPH, people as usize);
        outputs::save(context, "synth", &output.join(format!("photograph-{number}.png")), &drawn.picture);
    }
    let factors: Vec<_> =
        FACTORS.iter().map(|factor| json!({"name": factor.name, "part": factor.part.name()})).collect();
    Ok(json!({
        "written": written,
        "count": count,
        "seed": seed,
        "seconds": seconds,
        "factors": factors,
        "sheet": sheet,
        "photographs": photographs,
    }))
}
