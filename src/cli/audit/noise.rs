//! `facespace audit noise`: what each score is worth. Labels that are taken for right are made wrong by a rule, and each
//! score is measured by how well it finds them again.

use std::collections::HashSet;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Instant;

use clap::Args;
use serde_json::json;

use crate::audit::noise::{Experiment, NoiseRow, Rule, measure};
use crate::audit::readings::Labelled;
use crate::cli::context::{Context, Outcome, Stop, at};
use crate::cli::outputs;
use crate::cli::steps::Steps;
use crate::cli::table::{Column, counted, table};
use crate::cli::train_terminal::duration;
use crate::data::atomic;
use crate::data::shards::{Wanted, find_shards};
use crate::evaluate::error::Halt;
use crate::evaluate::faces::{self, Faces};
use crate::face::{Expression, FaceCode};
use crate::gallery::{Codes, FaceKey};
use crate::nn::Code;

const COLUMNS: [Column; 8] = [
    ("rule", false),
    ("wrong", true),
    ("score", false),
    ("AUPRC", true),
    ("95 %", true),
    ("precision at 100", true),
    ("recall at budget", true),
    ("faces", true),
];
/// Faces decoded at a time.
const BATCH: usize = 64;

#[derive(Args)]
pub struct Arguments {
    /// Parquet shards of crops whose expressions are taken for right, or folders of them
    #[arg(required = true, value_name = "SHARDS")]
    shards: Vec<PathBuf>,
    /// How many labels to make wrong, in percent
    #[arg(long, value_name = "PERCENT,...", value_delimiter = ',', default_value = "5,10,20")]
    rates: Vec<Percent>,
    /// How to make them wrong: uniform (any other class) or nearest (the class that looks most alike)
    #[arg(long, value_name = "RULE,...", value_delimiter = ',', default_value = "uniform,nearest")]
    rules: Vec<Rule>,
    /// Also measure the score by reconstructions, which takes a decoding and an encoding of each face
    #[arg(long)]
    reconstructions: bool,
    /// Faces to take at most, of all shards together
    #[arg(long, value_name = "N", default_value_t = 5000, value_parser = clap::value_parser!(u32).range(1..))]
    faces: u32,
    /// Another seed makes other labels wrong
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Also write the figures as JSON to this file
    #[arg(short, long, value_name = "FILE.json")]
    output: Option<PathBuf>,
}

/// A share of labels, kept as 0 to 1.
#[derive(Clone, Copy, Debug)]
struct Percent(f64);

impl FromStr for Percent {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.trim().trim_end_matches('%').trim_end().parse::<f64>() {
            Ok(percent) if percent > 0.0 && percent < 100.0 => Ok(Percent(percent / 100.0)),
            _ => Err("give numbers above 0 and below 100, such as 5,10,20".to_owned()),
        }
    }
}

impl Arguments {
    /// What the command reads.
    pub fn reads(&self) -> Vec<PathBuf> {
        self.shards.clone()
    }
}

pub fn run(context: &mut Context, arguments: &Arguments) -> Outcome {
    if let Some(output) = &arguments.output {
        outputs::refuse(output, &arguments.reads())?;
    }
    context.require_parts()?;
    let started = Instant::now();
    let limit = arguments.faces as usize;
    let mut steps = Steps::new(context);
    let shards = find_shards(&arguments.shards, Wanted::Crops)?;
    let Some(faces) = read(context, &shards, limit, &mut steps)? else { return stopped(context, arguments) };
    let known = Known::of(&faces);
    if known.given.is_empty() {
        let sentence = "Not one of these faces has an expression; give shards of crops that have labels";
        return Err(at(sentence, &arguments.shards[0]));
    }
    let skipped: usize = faces.skipped.values().sum();
    if skipped > 0 {
        context.remark(&format!("Passed over {} that could not be used", counted(skipped, "picture")));
    }
    let mut reconstructions = None;
    if arguments.reconstructions {
        reconstructions = reconstruct(context, &known, &mut steps)?;
        if reconstructions.is_none() {
            return stopped(context, arguments);
        }
    }
    let rates: Vec<f64> = arguments.rates.iter().map(|rate| rate.0).collect();
    let moods = known.moods.iter().any(Option::is_some).then_some(known.moods.as_slice());
    let experiment = Experiment {
        labelled: Labelled { codes: &known.codes, places: &known.places, given: &known.given, groups: &known.groups },
        reconstructions: reconstructions.as_deref(),
        moods,
        rates: &rates,
        rules: &arguments.rules,
        seed: arguments.seed,
    };
    let measured =
        measure(&experiment, &mut |share| steps.hear("measuring", [(100.0 * share) as u64, 100], " percent"));
    steps.finish();
    let Some(rows) = measured? else { return stopped(context, arguments) };
    let seconds = started.elapsed().as_secs_f64();
    context.print(&format!("{}{} in {}\n", text(&rows), counted(known.given.len(), "face"), duration(seconds)))?;
    let value = json!({
        "shards": arguments.shards, "faces": known.given.len(), "seed": arguments.seed, "seconds": seconds,
        "rows": rows,
    });
    if let Some(output) = &arguments.output {
        atomic::write(output, format!("{value:#}\n").as_bytes())?;
    }
    Ok(value)
}

/// The first faces of the shards; none where somebody pressed Ctrl+C.
fn read(context: &mut Context, shards: &[PathBuf], limit: usize, steps: &mut Steps) -> Result<Option<Faces>, Stop> {
    let none = HashSet::new();
    let wanted = faces::Wanted { shards, limit, needed: &none };
    let engine = context.engine()?;
    let read = faces::read(&wanted, engine, &mut |done, of| steps.hear("reading faces", [done as u64, of as u64], ""));
    match read {
        Ok(read) => Ok(Some(read.faces)),
        Err(Halt::Cancelled) => Ok(None),
        Err(Halt::Failed(error)) => Err(error.into()),
        Err(Halt::Unmeasured(why)) => Err(Stop::Failed(why)),
    }
}

fn stopped(context: &Context, arguments: &Arguments) -> Outcome {
    context.print("stopped; nothing was measured\n")?;
    Ok(json!({"shards": arguments.shards, "cancelled": true}))
}

/// The faces that have an expression.
#[derive(Default)]
struct Known {
    codes: Codes,
    places: Vec<usize>,
    given: Vec<Expression>,
    /// Who each of them is.
    groups: Vec<usize>,
    /// Valence and arousal.
    moods: Vec<Option<[f32; 2]>>,
}

impl Known {
    fn of(faces: &Faces) -> Self {
        let people = faces.people();
        let mut known = Known::default();
        for (number, expression) in faces.expressions() {
            let record = &faces.labels[number];
            // What has no direction was passed over when the faces were read.
            if known.codes.push(number as FaceKey, &faces.f[number]) {
                known.places.push(known.places.len());
                known.given.push(expression);
                known.groups.push(people[number]);
                known.moods.push(record.valence.zip(record.arousal).map(|(valence, arousal)| [valence, arousal]));
            }
        }
        known
    }
}

/// The code of each face's reconstruction; none where somebody pressed Ctrl+C.
fn reconstruct(context: &mut Context, known: &Known, steps: &mut Steps) -> Result<Option<Vec<Code>>, Stop> {
    let total = known.places.len();
    let mut codes = Vec::with_capacity(total);
    for places in known.places.chunks(BATCH) {
        let faces: Vec<FaceCode> = places.iter().map(|&place| known.codes.face(place)).collect();
        let engine = context.engine()?;
        let pictures = engine.decode(&faces)?;
        codes.extend(engine.encode(&pictures, &|_| ())?.into_iter().map(|code| code.f));
        if !steps.hear("reconstructing", [codes.len() as u64, total as u64], "") {
            return Ok(None);
        }
    }
    Ok(Some(codes))
}

fn text(rows: &[NoiseRow]) -> String {
    let cells = |row: &NoiseRow| {
        let interval = row.auprc.interval.map_or_else(|| "-".to_owned(), |i| format!("{:.3} to {:.3}", i.low, i.high));
        [
            row.rule.to_string(),
            format!("{:.0} %", 100.0 * row.rate),
            row.score.to_string(),
            format!("{:.3}", row.auprc.value),
            interval,
            format!("{:.2}", row.precision_at_100),
            format!("{:.2}", row.recall_at_budget),
            row.n.to_string(),
        ]
    };
    if rows.is_empty() { String::new() } else { table(&COLUMNS, &rows.iter().map(cells).collect::<Vec<_>>()) }
}
