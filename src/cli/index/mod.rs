//! `facespace index`: the faces of folders and shards, kept with their codes so that `search` looks through them.
//! `build` makes an index and keeps it up to date; `people`, `map` and `duplicates` look at all of its faces at once.

mod build;
mod duplicates;
mod map;
mod people;

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use clap::Subcommand;
use serde_json::json;

use super::context::{Context, Outcome, Stop};
use super::outputs;
use super::table::counted;
use super::train_terminal::duration;
use crate::face::ModelName;
use crate::gallery::{self, FaceKey, Format, From, GalleryError, Index, Info};

/// From this many seconds on, a time is told in days.
const TWO_DAYS: f64 = 2.0 * 86_400.0;

#[derive(Subcommand)]
pub enum Command {
    /// Index every face in folders of photographs or in shards; an index that is there already is gone on with
    Build(build::BuildArguments),
    /// Look at what is new, changed or gone since an index was made, and at nothing else
    Update(build::UpdateArguments),
    /// Say what an index holds, where it comes from and which model made it
    Info {
        #[arg(value_name = "INDEX")]
        index: PathBuf,
    },
    /// Take folders, photographs or shards out of an index, with all the faces that it has from them
    Forget {
        #[arg(value_name = "INDEX")]
        index: PathBuf,
        /// Sources, as `facespace index info` lists them
        #[arg(required = true, value_name = "SOURCE")]
        sources: Vec<PathBuf>,
    },
    /// Remove an index with everything in it: codes, thumbnails and names
    Delete {
        #[arg(value_name = "INDEX")]
        index: PathBuf,
    },
    /// Write the codes as a table, one row a face
    Export {
        #[arg(value_name = "INDEX")]
        index: PathBuf,
        /// A .parquet, .csv or .npy file; beside the last goes a .csv that says which row is which face
        #[arg(short, long, value_name = "FILE")]
        output: PathBuf,
    },
    /// Group the faces by person; name, join and split the groups
    People(people::Arguments),
    /// Lay all faces out in a plane by one part, so that what is alike lies together
    Map(map::Arguments),
    /// List faces that are nearly the same
    Duplicates {
        #[arg(value_name = "INDEX")]
        index: PathBuf,
    },
}

impl Command {
    /// What the command reads.
    pub fn reads(&self) -> Vec<PathBuf> {
        match self {
            Command::Build(arguments) => arguments.reads(),
            Command::Update(arguments) => files(&arguments.index),
            Command::People(arguments) => files(&arguments.index),
            Command::Map(arguments) => files(&arguments.index),
            Command::Info { index }
            | Command::Forget { index, .. }
            | Command::Delete { index }
            | Command::Export { index, .. }
            | Command::Duplicates { index } => files(index),
        }
    }
}

pub fn run(context: &mut Context, command: Command) -> Outcome {
    match command {
        Command::Build(arguments) => build::build(context, &arguments),
        Command::Update(arguments) => build::update(context, &arguments),
        Command::Info { index } => info(context, &index),
        Command::Forget { index, sources } => forget(context, &index, &sources),
        Command::Delete { index } => delete(context, &index),
        Command::Export { index, output } => export(context, &index, &output),
        Command::People(arguments) => people::run(context, &arguments),
        Command::Map(arguments) => map::run(context, &arguments),
        Command::Duplicates { index } => duplicates::run(context, &index),
    }
}

/// The files of an index, over which nothing else may be written.
pub fn files(index: &Path) -> Vec<PathBuf> {
    Index::FILES.iter().map(|name| index.join(name)).collect()
}

/// Where a face comes from, for people: its file, or the row of its shard.
pub fn origin(from: &From) -> String {
    match from {
        From::Photo { path, .. } => path.display().to_string(),
        From::Row { shard, row, .. } => format!("{}#{row}", shard.display()),
    }
}

/// The file of a face with its number there, where the index still knows it.
fn place(index: &Index, key: FaceKey) -> Result<(String, usize), Stop> {
    let card = index.card(key)?;
    Ok(card.map_or_else(|| ("-".to_owned(), 1), |card| (origin(&card.from), card.number)))
}

fn info(context: &mut Context, folder: &Path) -> Outcome {
    let info = Index::open(folder)?.info()?;
    let in_use = context.load_weights()?.model();
    let is_in_use = in_use.fingerprint == info.model.fingerprint;
    context.print(&text(&info, &in_use))?;
    let mut report = json!(info);
    report["index"] = json!(folder);
    report["model_in_use"] = json!(is_in_use);
    Ok(report)
}

fn text(info: &Info, in_use: &ModelName) -> String {
    let whose = if in_use.fingerprint == info.model.fingerprint {
        "in use".to_owned()
    } else {
        format!("not {in_use}, which is in use; `facespace index update --rebuild` makes the codes anew")
    };
    let failed = if info.failed == 0 { String::new() } else { format!(" ({} of them not readable)", info.failed) };
    let sources: Vec<String> = info.sources.iter().map(|source| source.display().to_string()).collect();
    let mut labels: Vec<String> =
        info.labels.expressions.iter().map(|(expression, count)| format!("{expression} {count}")).collect();
    match info.labels.people {
        0 => {}
        1 => labels.push("1 person".to_owned()),
        people => labels.push(format!("{people} people")),
    }
    let labels = if labels.is_empty() { "none".to_owned() } else { labels.join(", ") };
    format!(
        "model    {}, {whose}\nfaces    {}\nfiles    {}{failed}\nsources  {}\nlabels   {labels}\nsize     {:.1} MB\n\
         made     {} ago\nupdated  {} ago\n",
        info.model,
        info.faces,
        info.files,
        sources.join("\n         "),
        info.bytes as f64 / 1e6,
        since(info.created),
        since(info.updated),
    )
}

/// How long ago a moment was, in seconds since 1970.
fn since(moment: u64) -> String {
    // A clock that was put back since then makes it now.
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64();
    match (now - moment as f64).max(0.0) {
        seconds if seconds < TWO_DAYS => duration(seconds),
        seconds => format!("{:.0} days", seconds / 86_400.0),
    }
}

fn forget(context: &mut Context, folder: &Path, sources: &[PathBuf]) -> Outcome {
    let mut index = Index::open(folder)?;
    let mut forgotten = Vec::new();
    for source in sources {
        match index.forget(source) {
            Ok(faces) => {
                context.print(&format!("Took out {}: {}\n", counted(faces, "face"), source.display()))?;
                forgotten.push(json!({"source": source, "faces": faces}));
            }
            Err(GalleryError::NoSource(_)) => context.fail(
                source,
                format!("This is none of the index's sources; choose one that it has: {}", source.display()),
            ),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(json!({"index": folder, "forgotten": forgotten, "faces": index.faces()?}))
}

fn delete(context: &mut Context, folder: &Path) -> Outcome {
    // A damaged one cannot say what it holds, and goes all the same.
    let faces = Index::open(folder).and_then(|index| index.faces()).ok();
    Index::delete(folder)?;
    let what = faces.map_or_else(String::new, |faces| format!(" of {}", counted(faces, "face")));
    context.print(&format!("Deleted the index{what}: {}\n", folder.display()))?;
    Ok(json!({"index": folder, "faces": faces}))
}

fn export(context: &mut Context, folder: &Path, output: &Path) -> Outcome {
    let format = Format::from_path(output).map_err(|e| Stop::Usage(e.to_string()))?;
    outputs::refuse(output, &files(folder))?;
    let index = Index::open(folder)?;
    let rows = gallery::export(&index, output, format)?;
    context.print(&format!("Wrote {}: {}\n", counted(rows, "row"), output.display()))?;
    Ok(json!({"index": folder, "output": output, "faces": rows}))
}
