//! `facespace bench`: how fast edits, encoding and what is done to photographs are on this machine. Every figure is
//! measured here and now; medians are quoted, with the fastest and slowest run beside them. With `--train`, `--search` or
//! `--window` it measures those instead.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;
use std::{env, fs};

use burn::tensor::Device;
use clap::Args;
use image::RgbImage;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::bench_photograph;
use super::bench_search::{self, SearchArguments};
use super::bench_train::{self, TrainingArguments};
use super::context::{Context, Outcome, Stop};
use crate::data::image as pictures;
use crate::engine::device;
use crate::face::FaceCode;
use crate::nn::weights::Weights;
use crate::nn::{Code, FaceModel, Networks, NetworksConfig, Variant};

/// The width of the real model, measured with random weights; speed does not depend on their values.
const FULL_WIDTH: usize = 64;
/// How often each edit and each encoding is timed.
const RUNS: u16 = 30;
/// How often the folder is encoded.
const FOLDER_PASSES: usize = 3;

#[derive(Args)]
pub struct Arguments {
    /// How often each edit and each encoding is timed, 30 times if not given; with --train how many rounds of four
    /// steps, 3 if not given; with --search how often each search, 20 times if not given
    #[arg(long, value_parser = clap::value_parser!(u16).range(3..=1000))]
    runs: Option<u16>,
    /// How many pictures the folder holds whose encoding is timed
    #[arg(long, default_value_t = 128, value_parser = clap::value_parser!(u16).range(8..=10_000))]
    pictures: u16,
    /// Measure the window instead, over a scripted drag; needs a desktop
    #[cfg(feature = "gui")]
    #[arg(long, conflicts_with_all = ["train", "search"])]
    window: bool,
    #[command(flatten)]
    training: TrainingArguments,
    #[command(flatten)]
    searching: SearchArguments,
}

/// A time in milliseconds over several runs.
#[derive(Clone, Copy, Serialize)]
pub struct Timing {
    pub median_ms: f64,
    min_ms: f64,
    max_ms: f64,
    runs: usize,
}

#[derive(Serialize)]
struct WidthResult {
    /// Phi^-1 and G, one face.
    edit: Timing,
    /// E and Phi, one picture.
    encode: Timing,
    /// Pictures a second, the median over several passes: files read, decoded and encoded on all cores.
    folder_per_second: f64,
    /// Highest memory use of the process up to the end of this width's runs, in megabytes; null where unknown.
    peak_memory_mb: Option<f64>,
}

pub fn run(context: &mut Context, arguments: Arguments) -> Outcome {
    #[cfg(feature = "gui")]
    if arguments.window {
        return super::open::measure(context);
    }
    if arguments.training.train {
        return bench_train::run(context, arguments.training, arguments.runs);
    }
    if arguments.searching.search {
        return bench_search::run(context, arguments.searching, arguments.runs);
    }
    let weights = context.load_weights()?;
    let (device, notice) = device::open(context.device_choice());
    notice.iter().for_each(|notice| context.remark(notice));
    let folder = Folder::new(&weights, usize::from(arguments.pictures))?;
    let start = start_to_first_picture(&folder, context.weights_path())?;
    let runs = usize::from(arguments.runs.unwrap_or(RUNS));
    let mut widths = Map::new();
    let mut models = vec![(weights.config.width, FaceModel::load(&weights, &device.device)?)];
    if weights.config.width != FULL_WIDTH {
        let full = Networks::init(&NetworksConfig::new(FULL_WIDTH, Variant::Authors), &device.device);
        models.push((FULL_WIDTH, FaceModel::new(full, &device.device)));
    }
    for (width, model) in models {
        let result = measure(&model, &weights, &folder, runs)?;
        context.print(&format!(
            "width {width:<3} edit {:6.1} ms   encode {:6.1} ms   folder {:6.1} pictures/s   peak memory {}\n",
            result.edit.median_ms,
            result.encode.median_ms,
            result.folder_per_second,
            result.peak_memory_mb.map_or("unknown".to_owned(), |mb| format!("{mb:.0} MB")),
        ))?;
        widths.insert(width.to_string(), serde_json::to_value(result)?);
    }
    context.print(&format!("start to first picture {:.0} ms\n", start.median_ms))?;
    let photograph = bench_photograph::measure(context, runs)?;
    Ok(json!({
        "machine": {"device": device.name, "os": env::consts::OS, "arch": env::consts::ARCH},
        "weights": weights.card.name, "pictures": arguments.pictures,
        "start_to_first_picture": start, "width": Value::Object(widths), "photograph": photograph,
    }))
}

fn measure(model: &FaceModel, weights: &Weights, folder: &Folder, runs: usize) -> Result<WidthResult, Stop> {
    let codes: Vec<Code> = weights.space.samples.iter().map(FaceCode::to_array).collect();
    let crops: Vec<RgbImage> =
        (0..codes.len().min(folder.count)).map(|i| folder.picture(i)).collect::<Result<_, Stop>>()?;
    let edit = time(runs, |run| model.decode(&[codes[run % codes.len()]]).map(drop))?;
    let encode = time(runs, |run| model.encode(&crops[run % crops.len()..][..1]).map(drop))?;
    let mut rates = Vec::new();
    for _ in 0..FOLDER_PASSES {
        let started = Instant::now();
        model.encode_many(folder.count, |i| folder.picture(i), |_| ())?;
        rates.push(folder.count as f64 / started.elapsed().as_secs_f64());
    }
    rates.sort_by(f64::total_cmp);
    let folder_per_second = rates[FOLDER_PASSES / 2];
    Ok(WidthResult { edit, encode, folder_per_second, peak_memory_mb: peak_memory_mb() })
}

/// Three runs to warm up, then `runs` that count.
pub fn time<E: std::error::Error>(runs: usize, work: impl Fn(usize) -> Result<(), E>) -> Result<Timing, Stop> {
    for run in 0..3 {
        work(run)?;
    }
    let mut times = Vec::new();
    for run in 0..runs {
        let started = Instant::now();
        work(run)?;
        times.push(started.elapsed().as_secs_f64() * 1e3);
    }
    Ok(Timing::of(times))
}

impl Timing {
    /// Of one run or more.
    pub fn of(mut times: Vec<f64>) -> Self {
        times.sort_by(f64::total_cmp);
        let (min_ms, max_ms) = (times[0], times[times.len() - 1]);
        Timing { median_ms: times[times.len() / 2], min_ms, max_ms, runs: times.len() }
    }
}

/// The program itself, from its start to an edited picture on disk.
fn start_to_first_picture(folder: &Folder, weights: Option<&Path>) -> Result<Timing, Stop> {
    let program = env::current_exe()?;
    let out = folder.path.path().join("edited.png");
    let mut times = Vec::new();
    for _ in 0..5 {
        let started = Instant::now();
        let status = Command::new(&program)
            .args(weights.iter().flat_map(|path| [OsStr::new("--weights"), path.as_os_str()]))
            .args(["--device", "cpu", "--quiet", "edit", "--yaw", "10", "-o"])
            .arg(&out)
            .arg(folder.file(0))
            .stdout(Stdio::null())
            .status()?;
        times.push(started.elapsed().as_secs_f64() * 1e3);
        if !status.success() {
            return Err(Stop::Failed(format!("the program could not edit a sample ({status}); please report this")));
        }
    }
    Ok(Timing::of(times))
}

/// A temporary folder of sample faces, decoded once.
struct Folder {
    path: tempfile::TempDir,
    count: usize,
}

impl Folder {
    fn new(weights: &Weights, count: usize) -> Result<Self, Stop> {
        let folder = Folder { path: tempfile::tempdir()?, count };
        let model = FaceModel::load(weights, &Device::flex())?;
        let codes: Vec<Code> = weights.space.samples.iter().map(FaceCode::to_array).collect();
        for (i, picture) in model.decode(&codes)?.iter().cycle().take(count).enumerate() {
            picture.save(folder.file(i))?;
        }
        Ok(folder)
    }

    fn file(&self, i: usize) -> std::path::PathBuf {
        self.path.path().join(format!("{i:05}.png"))
    }

    fn picture(&self, i: usize) -> Result<RgbImage, Stop> {
        Ok(pictures::load(&self.file(i))?)
    }
}

/// The kernel's own account of this process; Linux only.
fn peak_memory_mb() -> Option<f64> {
    let status = fs::read_to_string(Path::new("/proc/self/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches(" kB").trim().parse::<f64>().ok().map(|kb| kb / 1024.0)
}
