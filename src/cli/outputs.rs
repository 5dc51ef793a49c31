//! Where results go: one file for one picture, else a folder whose files keep the inputs' stems.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use image::RgbImage;

use super::context::{Context, Stop, at};
use super::pictures::{self, Input};
use crate::data::image::{self as picture, Format, Origin, Provenance, SaveError};
use crate::data::inputs;

/// Whether a path names a picture file rather than a folder.
pub fn is_picture_file(out: &Path) -> bool {
    out.extension().is_some() && !out.is_dir()
}

/// One output path an input, in order. `out` is a file if there is one input and it has an extension; else it is a
/// folder, made if it is missing.
pub fn plan(given: &[PathBuf], inputs: &[Input], out: &Path) -> Result<Vec<PathBuf>, Stop> {
    let sources = pictures::paths(inputs);
    if is_picture_file(out) {
        if given.len() > 1 || given.iter().any(|path| path.is_dir()) {
            return Err(Stop::Usage(format!(
                "Several pictures do not fit into one file; give a folder: {}",
                out.display()
            )));
        }
        check_file(out, &sources)?;
        return Ok(sources.iter().map(|_| out.to_owned()).collect());
    }
    make_folder(out)?;
    inputs::output_names(&sources, out, "png").map_err(|e| Stop::Usage(e.to_string()))
}

/// Whether one picture can be saved under this name, and is none of those it is made from.
pub fn check_file(out: &Path, sources: &[PathBuf]) -> Result<(), Stop> {
    Format::from_path(out).map_err(|e| Stop::Usage(e.to_string()))?;
    refuse(out, sources)
}

/// Refuses a file that would replace one of the pictures read.
pub fn refuse(out: &Path, sources: &[PathBuf]) -> Result<(), Stop> {
    inputs::refuse_inputs(&[out.to_owned()], sources).map_err(|e| Stop::Usage(e.to_string()))
}

pub fn make_folder(out: &Path) -> Result<(), Stop> {
    fs::create_dir_all(out).map_err(|e| at(format!("The folder cannot be made ({e}); choose another"), out))
}

/// Saves a picture made by the model, marked as synthetic; false (and a failure noted) where that fails.
pub fn save(context: &mut Context, command: &str, path: &Path, picture: &RgbImage) -> bool {
    saved(context, path, command, |about| picture::save(path, picture, about))
}

/// Saves pictures made by the model as an animation, as [`save`] does.
pub fn save_animation(context: &mut Context, command: &str, path: &Path, frames: &[RgbImage], step: Duration) -> bool {
    saved(context, path, command, |about| picture::save_gif(path, frames, step, about))
}

fn saved(
    context: &mut Context,
    path: &Path,
    command: &str,
    save: impl FnOnce(&Provenance) -> Result<(), SaveError>,
) -> bool {
    let model = context.model_name();
    let about = Provenance { origin: Origin::Generated, command, model: &model };
    let Err(error) = save(&about) else { return true };
    let sentence = match error {
        SaveError::Encode { .. } | SaveError::NoFrames => format!("{error}: {}", path.display()),
        SaveError::UnknownExtension(_) | SaveError::Write(_) => error.to_string(),
    };
    context.fail(path, sentence);
    false
}
