//! `facespace find`: every face in photographs, as a line of JSON each, and as pictures with the faces drawn in.

use std::io;
use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;
use serde_json::{Value, json};

use super::context::{Context, Outcome, Stop, at};
use super::{draw, opened, outputs, pictures};
use crate::data::atomic::{self, WriteError};
use crate::data::image as picture;
use crate::face::found::Found;
use crate::find::Finder;
use crate::nn::finder::FinderWeights;

#[derive(Args)]
pub struct Arguments {
    /// Photographs, or folders of them; here crops are searched, too
    #[arg(required = true, value_name = "PHOTO|FOLDER")]
    paths: Vec<PathBuf>,
    /// Where to write a line of JSON for each photograph (stdout if not given)
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Also the photographs with their faces drawn in and numbered, into this folder
    #[arg(long, value_name = "DIR")]
    draw: Option<PathBuf>,
    /// A finder to use instead of the one that comes with the program; `train finder` makes them
    #[arg(long, value_name = "FILE")]
    finder: Option<PathBuf>,
    /// Report faces from this confidence on, 0 to 1 (the finder's own if not given)
    #[arg(long, value_name = "CONFIDENCE", value_parser = confidence)]
    threshold: Option<f32>,
}

fn confidence(text: &str) -> Result<f32, String> {
    match text.parse() {
        Ok(value) if (0.0..=1.0).contains(&value) => Ok(value),
        _ => Err(format!("\"{text}\" is not a number from 0 to 1")),
    }
}

/// A line of the output.
#[derive(Serialize)]
struct Line<'a> {
    file: String,
    /// Largest first, in pixels of the upright photograph.
    faces: &'a [Found],
}

/// Takes the lines, one after the other.
type Writer<'a> = dyn FnMut(&Context, &str) -> Result<(), Stop> + 'a;

impl Arguments {
    /// What the command reads.
    pub fn reads(&self) -> Vec<PathBuf> {
        self.paths.iter().chain(&self.finder).cloned().collect()
    }

    fn finder(&self) -> Result<Finder, Stop> {
        let finder = finder_in(self.finder.as_deref())?;
        Ok(match self.threshold {
            None => finder,
            Some(threshold) => finder.with_threshold(threshold),
        })
    }
}

/// The finder in a file; without one, the finder that comes with the program.
pub fn finder_in(file: Option<&Path>) -> Result<Finder, Stop> {
    Ok(match file {
        None => Finder::bundled()?.clone(),
        Some(path) => Finder::new(FinderWeights::read(path).map_err(|e| at(e, path))?)?,
    })
}

pub fn run(context: &mut Context, arguments: Arguments) -> Outcome {
    let finder = arguments.finder()?;
    let files = pictures::files(context, &arguments.paths);
    if let Some(output) = &arguments.output {
        outputs::refuse(output, &files)?;
    }
    let drawn = match &arguments.draw {
        Some(folder) => Some(outputs::in_folder(&files, folder)?),
        None => None,
    };
    let Some(path) = &arguments.output else {
        return search(context, &finder, &files, drawn.as_deref(), &mut |context, line| context.print(line));
    };
    // Line by line, so that a folder of any length takes bounded memory.
    let mut outcome = Ok(Value::Null);
    let written = atomic::write_with(path, |out| {
        outcome = search(context, &finder, &files, drawn.as_deref(), &mut |_, line| {
            out.write_all(line.as_bytes()).map_err(|e| WriteError::new(path, &e).into())
        });
        // The half of a list is not kept.
        if outcome.is_ok() { Ok(()) } else { Err(io::ErrorKind::Interrupted.into()) }
    });
    let found = outcome?;
    written?;
    Ok(found)
}

/// Looks at the files in batches and in order; the entries of the report, where one is wanted.
fn search(
    context: &mut Context,
    finder: &Finder,
    files: &[PathBuf],
    drawn: Option<&[PathBuf]>,
    write: &mut Writer,
) -> Outcome {
    let pixels: Vec<u64> = files.iter().map(|file| pixels(file)).collect();
    let bar = context.progress(files.len(), "finding faces");
    let mut entries = Vec::new();
    for batch in opened::batches(&pixels) {
        let found = opened::on_all_cores(batch.len(), |i| {
            let i = batch.start + i;
            let found = look(finder, &files[i], drawn.map(|paths| paths[i].as_path()));
            bar.inc(1);
            found
        });
        for (file, found) in files[batch].iter().zip(found) {
            let Looked { faces, drawn } = match found {
                Ok(looked) => looked,
                Err(sentence) => {
                    context.fail(file, sentence);
                    continue;
                }
            };
            let line = Line { file: file.display().to_string(), faces: &faces };
            write(context, &format!("{}\n", serde_json::to_string(&line)?))?;
            if context.wants_json() {
                entries.push(json!(line));
            }
            if let Err(sentence) = drawn {
                context.fail(file, sentence);
            }
        }
    }
    bar.finish_and_clear();
    Ok(json!(entries))
}

fn pixels(file: &Path) -> u64 {
    picture::declared_size(file).map_or(0, |(width, height)| u64::from(width) * u64::from(height))
}

/// What came of a photograph.
struct Looked {
    faces: Vec<Found>,
    /// Whether its drawing was written, where one was asked for; a sentence if not.
    drawn: Result<(), String>,
}

/// The faces of a photograph, which may be drawn to a file, or a sentence that ends with its path.
fn look(finder: &Finder, file: &Path, drawn: Option<&Path>) -> Result<Looked, String> {
    let mut photo = picture::load(file).map_err(|e| e.to_string())?;
    let faces = finder.find(&photo, &|| false).map_err(|e| format!("{e}: {}", file.display()))?;
    let drawn = drawn.map_or(Ok(()), |path| {
        draw::faces(&mut photo, &faces);
        outputs::save_unmarked(path, &photo)
    });
    Ok(Looked { faces, drawn })
}
