//! `facespace find`: every face in photographs, as a line of JSON each, and as pictures with the faces drawn in.

use std::io::{self, Cursor};
use std::path::{Path, PathBuf};

use clap::Args;
use image::{ImageFormat, RgbImage};
use serde::Serialize;
use serde_json::{Value, json};

use super::context::{Context, Outcome, Stop};
use super::{draw, opened, outputs, pictures};
use crate::data::atomic::{self, WriteError};
use crate::data::image as picture;
use crate::face::found::Found;
use crate::find::Finder;

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
        self.paths.clone()
    }
}

pub fn run(context: &mut Context, arguments: Arguments) -> Outcome {
    let files = pictures::files(context, &arguments.paths);
    if let Some(output) = &arguments.output {
        outputs::refuse(output, &files)?;
    }
    let drawn = match &arguments.draw {
        Some(folder) => Some(outputs::in_folder(&files, folder)?),
        None => None,
    };
    let Some(path) = &arguments.output else {
        return search(context, &files, drawn.as_deref(), &mut |context, line| context.print(line));
    };
    // Line by line, so that a folder of any length takes bounded memory.
    let mut outcome = Ok(Value::Null);
    let written = atomic::write_with(path, |out| {
        outcome = search(context, &files, drawn.as_deref(), &mut |_, line| {
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
fn search(context: &mut Context, files: &[PathBuf], drawn: Option<&[PathBuf]>, write: &mut Writer) -> Outcome {
    let pixels: Vec<u64> = files.iter().map(|file| pixels(file)).collect();
    let bar = context.progress(files.len(), "finding faces");
    let mut entries = Vec::new();
    for batch in opened::batches(&pixels) {
        let found = opened::on_all_cores(batch.len(), |i| {
            let i = batch.start + i;
            let found = look(&files[i], drawn.map(|paths| paths[i].as_path()));
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
fn look(file: &Path, drawn: Option<&Path>) -> Result<Looked, String> {
    let mut photo = picture::load(file).map_err(|e| e.to_string())?;
    let faces = Finder::bundled().and_then(|finder| finder.find(&photo, &|| false));
    let faces = faces.map_err(|e| format!("{e}: {}", file.display()))?;
    let drawn = drawn.map_or(Ok(()), |path| {
        draw::faces(&mut photo, &faces);
        save(path, &photo)
    });
    Ok(Looked { faces, drawn })
}

/// Saves a photograph in which nothing is synthetic, so without the mark that says so.
fn save(path: &Path, photo: &RgbImage) -> Result<(), String> {
    let mut bytes = Cursor::new(Vec::new());
    let encoded = photo.write_to(&mut bytes, ImageFormat::Png);
    encoded.map_err(|e| format!("The drawing cannot be saved ({e}); leave out --draw: {}", path.display()))?;
    atomic::write(path, bytes.get_ref()).map_err(|e| e.to_string())
}
