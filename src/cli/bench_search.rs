//! `facespace bench --search`: how fast an exact search over many codes is on this machine, how much memory it takes,
//! and how fast an index is read. The codes are random. `benches/search.py` does the same searches with a NumPy product
//! and with another library, on the same numbers.

use std::convert::Infallible;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::Args;
use npyz::{WriteOptions, WriterBuilder};
use rand_distr::{Distribution, StandardNormal};
use serde::Serialize;
use serde_json::json;

use super::bench::{Timing, time};
use super::context::{Context, Outcome, Stop};
use crate::data::atomic::{self, WriteError};
use crate::face::{CODE_DIM, FaceCode, ModelName, Part};
use crate::gallery::{self, Codes, FaceKey, FaceLabels, Hit, Index, NewFace, Query, top};
use crate::nn::Code;
use crate::train::memory::{forget_peak, peak_mb};
use crate::train::random::rng_for;

/// How often each search is timed.
const RUNS: u16 = 20;
/// Faces that are looked for.
const TOP: usize = 20;
/// "The same expression on another person, in about this pose and style", all four parts.
const WEIGHTS: [f32; 4] = [0.25, -0.5, 1.0, 0.5];
/// How far heads turn, in radians: 68 of 100 less than 15 degrees.
const TURN: f32 = 0.26;
/// Faces of one transaction.
const BATCH: usize = 20_000;
/// How often the index is read.
const LOADS: usize = 3;
const SEED: u64 = 1;

#[derive(Args)]
pub struct SearchArguments {
    /// Measure searches over many faces instead
    #[arg(long, conflicts_with = "train")]
    pub search: bool,
    /// How many faces there are, with --search
    #[arg(
        long,
        value_name = "N",
        default_value_t = 1_000_000,
        requires = "search",
        value_parser = clap::value_parser!(u32).range(1..=50_000_000)
    )]
    faces: u32,
    /// Keep the codes, the query and what was found in this folder, for benches/search.py, with --search
    #[arg(long, value_name = "DIR", requires = "search")]
    keep: Option<PathBuf>,
}

/// A search that is timed.
#[derive(Serialize)]
struct Row {
    what: &'static str,
    /// Of pose, identity, expression and style.
    weights: [f32; 4],
    /// Faces that take part.
    selected: usize,
    milliseconds: Timing,
    /// What is read of the codes, over the median.
    gigabytes_per_second: f64,
}

/// An index of the same faces, made and read.
#[derive(Serialize)]
struct Stored {
    /// Putting the faces in, without pictures.
    insert_seconds: f64,
    megabytes_on_disk: f64,
    /// From opening it to all codes in memory.
    load_milliseconds: Timing,
    /// The most that the process held while it read, over the codes; none where the system does not say.
    memory_over_codes: Option<f64>,
}

pub fn run(context: &mut Context, arguments: SearchArguments, runs: Option<u16>) -> Outcome {
    let runs = usize::from(runs.unwrap_or(RUNS));
    forget_peak();
    let codes = drawn(arguments.faces as usize);
    let codes_mb = codes.bytes() as f64 / 1e6;
    context.print(&format!("{} faces, {codes_mb:.1} MB of codes\n", codes.len()))?;
    let query = drawn(1).face(0);
    let rows = searches(context, &codes, &query, runs)?;
    let peak = peak_mb();
    let hits = top(&codes, &Query::of(&query, WEIGHTS).target()?, None, TOP);
    let over_codes = peak.map(|peak| peak / codes_mb);
    let said = over_codes.map_or("unknown".to_owned(), |times| format!("{times:.2} times the codes"));
    context.print(&format!("memory at the most while searching: {said}\n"))?;
    if let Some(folder) = &arguments.keep {
        keep(folder, &codes, &query.to_array(), &hits, &rows[0])?;
    }
    let stored = stored(context, codes)?;
    Ok(json!({
        "machine": {"os": env::consts::OS, "arch": env::consts::ARCH, "threads": rayon::current_num_threads()},
        "search": {
            "faces": arguments.faces, "top": TOP, "codes_mb": codes_mb, "peak_memory_mb": peak,
            "memory_over_codes": over_codes, "rows": rows, "index": stored,
        },
    }))
}

/// Faces of random parts, each direction as likely as any other.
fn drawn(count: usize) -> Codes {
    let mut random = rng_for(SEED, count as u64, "search");
    let mut codes = Codes::with_capacity(count);
    let mut key: FaceKey = 0;
    while codes.len() < count {
        let mut f: Code = std::array::from_fn(|_| StandardNormal.sample(&mut random));
        f[Part::Pose.range()].iter_mut().for_each(|angle| *angle *= TURN);
        // Nothing but zeros is never drawn.
        codes.push(key, &f);
        key += 1;
    }
    codes
}

fn searches(context: &Context, codes: &Codes, query: &FaceCode, runs: usize) -> Result<Vec<Row>, Stop> {
    // Every tenth, all over the codes, so that nothing is spared.
    let tenth: Vec<bool> = (0..codes.len()).map(|place| place % 10 == 0).collect();
    let mut rows = Vec::new();
    for (what, weights, selection) in [
        ("four parts", WEIGHTS, None),
        ("one part", [0.0, 1.0, 0.0, 0.0], None),
        ("four parts, a tenth of the faces", WEIGHTS, Some(tenth.as_slice())),
    ] {
        let target = Query::of(query, weights).target()?;
        let milliseconds = time(runs, |_| {
            drop(top(codes, &target, selection, TOP));
            Ok::<(), Infallible>(())
        })?;
        let read = Part::ALL.iter().zip(weights).filter(|(_, weight)| *weight != 0.0);
        let numbers: usize = read.map(|(part, _)| part.range().len()).sum();
        let bytes = codes.len() * numbers * size_of::<f32>();
        let gigabytes_per_second = bytes as f64 / 1e6 / milliseconds.median_ms;
        context.print(&format!(
            "top {TOP} by {what:<34} {:8.2} ms   {gigabytes_per_second:6.1} GB/s\n",
            milliseconds.median_ms
        ))?;
        let selected = selection.map_or(codes.len(), |all| all.iter().filter(|selected| **selected).count());
        rows.push(Row { what, weights, selected, milliseconds, gigabytes_per_second });
    }
    Ok(rows)
}

/// Writes what another library needs to do the first search again: `codes.npy` (`[faces, 99]`, pose in radians),
/// `query.npy` (`[99]`) and `hits.json`.
fn keep(folder: &Path, codes: &Codes, query: &Code, hits: &[Hit], row: &Row) -> Result<(), Stop> {
    fs::create_dir_all(folder).map_err(|e| WriteError::new(folder, &e))?;
    let numbers = (0..codes.len()).flat_map(|place| codes.numbers(place));
    write_npy(&folder.join("codes.npy"), &[codes.len() as u64, CODE_DIM as u64], numbers)?;
    write_npy(&folder.join("query.npy"), &[CODE_DIM as u64], query.iter().copied())?;
    let places: Vec<usize> = hits.iter().map(|hit| hit.place).collect();
    let scores: Vec<f32> = hits.iter().map(|hit| hit.score).collect();
    let text = json!({"search": row, "top": TOP, "places": places, "scores": scores});
    Ok(atomic::write(&folder.join("hits.json"), format!("{text:#}\n").as_bytes())?)
}

fn write_npy(path: &Path, shape: &[u64], numbers: impl Iterator<Item = f32>) -> Result<(), WriteError> {
    atomic::write_with(path, |out| {
        let mut writer = WriteOptions::<f32>::new().default_dtype().shape(shape).writer(out).begin_nd()?;
        writer.extend(numbers)?;
        writer.finish()
    })
}

/// Puts the faces into an index in a folder of its own, which is gone afterwards, and reads them back.
fn stored(context: &Context, codes: Codes) -> Result<Stored, Stop> {
    let folder = tempfile::tempdir()?;
    let folder = folder.path().join("index");
    let model = ModelName { name: "bench".to_owned(), fingerprint: "none".to_owned() };
    let started = Instant::now();
    let mut index = Index::create(&folder, &model)?;
    for from in (0..codes.len()).step_by(BATCH) {
        let faces: Vec<NewFace> = (from..(from + BATCH).min(codes.len())).map(|place| bare(&codes, place)).collect();
        index.insert(&faces)?;
    }
    let insert_seconds = started.elapsed().as_secs_f64();
    let megabytes_on_disk = index.info()?.bytes as f64 / 1e6;
    let bytes = codes.bytes();
    drop((index, codes));

    forget_peak();
    let mut times = Vec::new();
    for _ in 0..LOADS {
        let started = Instant::now();
        let codes = Index::open(&folder)?.codes()?;
        times.push(started.elapsed().as_secs_f64() * 1e3);
        if codes.bytes() != bytes {
            return Err(Stop::Failed("The index does not hold what was put into it; please report this".to_owned()));
        }
    }
    let load_milliseconds = Timing::of(times);
    let memory_over_codes = peak_mb().map(|peak| peak * 1e6 / bytes as f64);
    context.print(&format!(
        "index: {insert_seconds:.1} s to store, {megabytes_on_disk:.0} MB on disk, {:.0} ms to load\n",
        load_milliseconds.median_ms
    ))?;
    Ok(Stored { insert_seconds, megabytes_on_disk, load_milliseconds, memory_over_codes })
}

/// A face of which nothing is known but its code.
fn bare(codes: &Codes, place: usize) -> NewFace {
    NewFace {
        from: gallery::From::Row { shard: PathBuf::from("drawn.parquet"), row: place as u64, name: place.to_string() },
        number: 1,
        labels: FaceLabels::default(),
        code: codes.numbers(place),
        confidence: None,
        thumbnail: Vec::new(),
    }
}
