//! `facespace index build` and `facespace index update`: what is said while faces are indexed, and what came of it.

use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use clap::Args;
use image::RgbImage;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};

use crate::cli::context::{Context, Outcome, Stop};
use crate::cli::table::counted;
use crate::cli::train_terminal::{duration, hear_interrupts};
use crate::data::inputs::InputError;
use crate::engine::Engine;
use crate::engine::open;
use crate::face::{CODE_DIM, ModelName};
use crate::gallery::{self, GalleryError, Index, Progress, Report, Tools};

/// Between two looks at an index that another process writes to.
const PAUSE: Duration = Duration::from_millis(250);

#[derive(Args)]
pub struct BuildArguments {
    /// Folders of photographs with all the folders in them, single photographs, and Parquet shards of crops
    #[arg(required = true, value_name = "SOURCE")]
    sources: Vec<PathBuf>,
    /// The folder of the index; made where it is missing, gone on with where it is an index
    #[arg(short, long, value_name = "INDEX")]
    output: PathBuf,
    /// Where another process writes to the index, wait for its end
    #[arg(long)]
    wait: bool,
}

#[derive(Args)]
pub struct UpdateArguments {
    #[arg(value_name = "INDEX")]
    pub(super) index: PathBuf,
    /// Where another model made the index, make its codes anew with the one in use; names of people stay
    #[arg(long)]
    rebuild: bool,
    /// Where another process writes to the index, wait for its end
    #[arg(long)]
    wait: bool,
}

impl BuildArguments {
    /// What the command reads.
    pub fn reads(&self) -> Vec<PathBuf> {
        self.sources.iter().cloned().chain(super::files(&self.output)).collect()
    }
}

/// How an index is begun with.
#[derive(Clone, Copy, PartialEq)]
enum Start {
    /// It may be there or not.
    Build,
    /// It has to be there, made by the model in use.
    Update,
    /// It has to be there, made by any model.
    Rebuild,
}

struct Job<'a> {
    folder: &'a Path,
    /// Sources besides those that the index has.
    add: &'a [PathBuf],
    start: Start,
    wait: bool,
}

pub fn build(context: &mut Context, arguments: &BuildArguments) -> Outcome {
    let BuildArguments { sources, output, wait } = arguments;
    let sources = existing(context, sources);
    if sources.is_empty() {
        return Ok(Value::Null);
    }
    run(context, &Job { folder: output, add: &sources, start: Start::Build, wait: *wait })
}

pub fn update(context: &mut Context, arguments: &UpdateArguments) -> Outcome {
    let UpdateArguments { index, rebuild, wait } = arguments;
    // Before the networks are loaded, which takes longer.
    Index::open(index)?;
    let start = if *rebuild { Start::Rebuild } else { Start::Update };
    run(context, &Job { folder: index, add: &[], start, wait: *wait })
}

/// The sources that are there; the others are failures.
fn existing(context: &mut Context, sources: &[PathBuf]) -> Vec<PathBuf> {
    let (there, missing): (Vec<PathBuf>, Vec<PathBuf>) = sources.iter().cloned().partition(|source| source.exists());
    for source in missing {
        context.fail(&source, InputError::Missing(source.clone()).to_string());
    }
    there
}

fn run(context: &mut Context, job: &Job) -> Outcome {
    let model = context.model()?;
    let interrupts = Arc::new(AtomicUsize::new(0));
    hear_interrupts(&interrupts);
    let mut watch = Watch { bar: context.line(), interrupts, has_begun: false };
    let started = Instant::now();
    let outcome = free(context, job, &model, &mut watch);
    watch.bar.finish_and_clear();
    let (index, report) = outcome?;
    let faces = index.faces()?;
    context.print(&text(job.folder, &report, faces, started.elapsed().as_secs_f64()))?;
    context.fail_all(&report.failed);
    let mut value = json!(report);
    value["index"] = json!(job.folder);
    value["faces"] = json!(faces);
    value["model"] = json!(model);
    Ok(value)
}

/// Does the job, once the index is free where it is to be waited for.
fn free(context: &mut Context, job: &Job, model: &ModelName, watch: &mut Watch) -> Result<(Index, Report), Stop> {
    let mut waits = false;
    loop {
        let engine = context.engine()?;
        match attempt(engine, job, model, watch) {
            Err(GalleryError::Busy(_)) if job.wait && watch.goes_on() => {
                if !waits {
                    context.remark(&format!("Another process writes to this index; waiting: {}", job.folder.display()));
                    waits = true;
                }
                thread::sleep(PAUSE);
            }
            outcome => return Ok(outcome?),
        }
    }
}

/// The index is opened each time: whoever wrote to it may have made it anew.
fn attempt(
    engine: &mut Engine,
    job: &Job,
    model: &ModelName,
    watch: &mut Watch,
) -> Result<(Index, Report), GalleryError> {
    let mut index = match job.start {
        Start::Build => Index::begin(job.folder, model, job.add)?,
        _ => Index::open(job.folder)?,
    };
    match index.require(model) {
        Err(GalleryError::OtherModel { .. }) if job.start == Start::Rebuild => index.rebuild(model)?,
        outcome => outcome?,
    }
    let mut encode = |crops: &[RgbImage]| -> Result<Vec<[f32; CODE_DIM]>, String> {
        let codes = engine.encode(crops, &|_| ()).map_err(|e| e.to_string())?;
        Ok(codes.into_iter().map(|code| code.f).collect())
    };
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    let tools = Tools { look: &open::every_face, encode: &mut encode, threads };
    let report = gallery::update(&mut index, job.add, tools, &mut |progress| watch.hear(progress))?;
    Ok((index, report))
}

/// Who watches: the bar with the time left, and Ctrl+C.
struct Watch {
    bar: ProgressBar,
    interrupts: Arc<AtomicUsize>,
    /// Whether it is known how much there is to do.
    has_begun: bool,
}

impl Watch {
    fn goes_on(&self) -> bool {
        self.interrupts.load(Ordering::Relaxed) == 0
    }

    fn hear(&mut self, progress: Progress) -> bool {
        let Progress { done, total, faces } = progress;
        if self.has_begun {
            self.bar.set_message(counted(faces, "face"));
            self.bar.set_position(done as u64);
        } else if total == 0 {
            self.bar.set_message("looking through the folders");
            self.bar.tick();
        } else {
            let style = ProgressStyle::with_template("indexing {bar:30} {pos} of {len}, {msg}  {eta} left");
            self.bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            self.bar.set_length(total as u64);
            self.bar.set_message(counted(faces, "face"));
            self.bar.set_position(done as u64);
            // The time spent on folders says nothing about the pictures.
            self.bar.reset_eta();
            self.has_begun = true;
        }
        self.goes_on()
    }
}

/// What came of it, for people.
fn text(folder: &Path, report: &Report, faces: usize, seconds: f64) -> String {
    let mut changes = Vec::new();
    let Report { added, changed, removed, moved, unchanged, no_face, .. } = *report;
    for (count, what) in [
        (added, "added"),
        (changed, "changed"),
        (removed, "removed"),
        (moved, "moved"),
        (unchanged, "unchanged"),
        (no_face, "without a face"),
        (report.failed.len(), "failed"),
    ] {
        if count > 0 {
            changes.push(format!("{count} {what}"));
        }
    }
    let word = if report.cancelled { "stopped" } else { "finished" };
    let changes = if changes.is_empty() { "none".to_owned() } else { changes.join(", ") };
    let mut text = format!(
        "{word} after {}\nfiles {changes}\nfaces {faces} (+{} -{})\nindex {}\n",
        duration(seconds),
        report.faces_added,
        report.faces_removed,
        folder.display()
    );
    if report.cancelled {
        text += &format!("go on with facespace index update {}\n", folder.display());
    }
    text
}
