//! Where results go: one file for one picture, else a folder whose files keep the inputs' stems.

use std::fs;
use std::path::{Path, PathBuf};

use image::RgbImage;

use super::context::{Context, Stop};
use super::pictures::Input;
use crate::data::{encode, inputs};

/// Whether a path names a picture file rather than a folder.
pub fn is_picture_file(out: &Path) -> bool {
    out.extension().is_some() && !out.is_dir()
}

/// One output path an input, in order. `out` is a file if there is one input and it has an extension; else it is a
/// folder, made if it is missing.
pub fn plan(given: &[PathBuf], inputs: &[Input], out: &Path) -> Result<Vec<PathBuf>, Stop> {
    let sources: Vec<PathBuf> = inputs.iter().map(|input| input.path.clone()).collect();
    if is_picture_file(out) {
        if given.len() > 1 || given.iter().any(|path| path.is_dir()) {
            return Err(Stop::Usage(format!("several pictures need a folder to go to, not a file: {}", out.display())));
        }
        check_file(out, &sources)?;
        return Ok(sources.iter().map(|_| out.to_owned()).collect());
    }
    make_folder(out)?;
    Ok(inputs::output_names(&sources, out, "png")?)
}

/// Whether one picture can be saved under this name, and is none of those it is made from.
pub fn check_file(out: &Path, sources: &[PathBuf]) -> Result<(), Stop> {
    encode::Format::of(out).map_err(|e| Stop::Usage(format!("{e}: {}", out.display())))?;
    Ok(inputs::refuse_input(out, sources)?)
}

pub fn make_folder(out: &Path) -> Result<(), Stop> {
    fs::create_dir_all(out)
        .map_err(|e| Stop::Failed(format!("the folder cannot be made ({e}); choose another: {}", out.display())))
}

/// Saves a picture made by the model, marked as synthetic; false (and a failure noted) where that fails.
pub fn save(context: &mut Context, command: &str, path: &Path, picture: &RgbImage) -> bool {
    let made = made_by(context, command);
    let saved = encode::save(path, picture, &made);
    saved.map_err(|error| context.fail(path, error)).is_ok()
}

/// What a saved picture says of where it comes from.
pub fn made_by(context: &mut Context, command: &str) -> encode::Provenance {
    let model = context.engine().map(|engine| engine.weights().card.name.clone()).unwrap_or_default();
    encode::Provenance { origin: encode::Origin::Generated, made_by: format!("facespace {command}, model {model}") }
}
