//! Where results go: one file for one picture, else a folder whose files keep the inputs' stems; several results of one
//! picture are numbered. The results of a board carry both their names.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::time::Duration;

use image::{ImageFormat, RgbImage};

use super::context::{Context, Stop, at};
use super::pictures::{self, Input};
use crate::data::atomic;
use crate::data::image::{self as picture, Format, Origin, Provenance, SaveError};
use crate::data::inputs;
use crate::prepare;

/// Whether a path names a picture file rather than a folder.
pub fn is_picture_file(out: &Path) -> bool {
    out.extension().is_some() && !out.is_dir()
}

/// Where the results for each input go.
pub struct Names {
    /// Of each input's first result.
    first: Vec<PathBuf>,
    /// All names given out so far, in small letters, since many disks take names that differ in capitals for one.
    taken: HashSet<String>,
    /// The one input of a result that is named by the user. A name in a folder never is one of an input's: those with
    /// the same stem in that folder are refused at once.
    source: Option<PathBuf>,
}

impl Names {
    /// Where the result number `nth` (from 0) of the input in this place goes. The second of `face.png` goes to
    /// `face-2.png` and so on, past names that are taken.
    pub fn of(&mut self, place: usize, nth: usize) -> Result<PathBuf, Stop> {
        let first = &self.first[place];
        if nth == 0 {
            return Ok(first.clone());
        }
        let part = |part: Option<&OsStr>| part.unwrap_or_default().to_string_lossy().into_owned();
        let (stem, extension) = (part(first.file_stem()), part(first.extension()));
        let named = |number: usize| first.with_file_name(format!("{stem}-{number}.{extension}"));
        let mut number = nth + 1;
        while !self.taken.insert(small(&named(number))) {
            number += 1;
        }
        let path = named(number);
        if let Some(source) = &self.source {
            refuse(&path, std::slice::from_ref(source))?;
        }
        Ok(path)
    }
}

fn small(path: &Path) -> String {
    path.to_string_lossy().to_lowercase()
}

/// The names of the results, an input each. `out` is a file if there is one input and it has an extension; else it is
/// a folder, made if it is missing.
pub fn plan(given: &[PathBuf], inputs: &[Input], out: &Path) -> Result<Names, Stop> {
    let sources = pictures::paths(inputs);
    if is_picture_file(out) {
        if given.len() > 1 || given.iter().any(|path| path.is_dir()) {
            return Err(Stop::Usage(format!(
                "Several pictures do not fit into one file; give a folder: {}",
                out.display()
            )));
        }
        check_file(out, &sources)?;
        let first: Vec<PathBuf> = sources.iter().map(|_| out.to_owned()).collect();
        return Ok(Names { first, taken: HashSet::from([small(out)]), source: sources.into_iter().next() });
    }
    let first = in_folder(&sources, out)?;
    let taken = first.iter().map(|path| small(path)).collect();
    Ok(Names { first, taken, source: None })
}

/// A PNG file in the folder for each of the pictures, under its name; the folder is made if it is missing.
pub fn in_folder(sources: &[PathBuf], folder: &Path) -> Result<Vec<PathBuf>, Stop> {
    make_folder(folder)?;
    inputs::output_names(sources, folder, "png").map_err(|e| Stop::Usage(e.to_string()))
}

/// A PNG file in the folder for each cell of a board, `ROW--COLUMN.png`, row by row; names that are taken get a number.
/// None of them may be one of the pictures read. The folder is made if it is missing.
pub fn of_board(
    rows: &[String],
    columns: &[String],
    folder: &Path,
    read: &[PathBuf],
) -> Result<Vec<Vec<PathBuf>>, Stop> {
    let mut taken = HashSet::new();
    let mut named = |row: &str, column: &str| {
        let mut path = folder.join(format!("{row}--{column}.png"));
        let mut number = 1;
        while !taken.insert(small(&path)) {
            number += 1;
            path = folder.join(format!("{row}--{column}-{number}.png"));
        }
        path
    };
    let mut files = Vec::new();
    for row in rows {
        files.push(columns.iter().map(|column| named(row, column)).collect::<Vec<_>>());
    }
    inputs::refuse_inputs(&files.concat(), read).map_err(|e| Stop::Usage(e.to_string()))?;
    make_folder(folder)?;
    Ok(files)
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

/// Refuses to replace these sets and audits, or a file in them. Only what is JSON and none of theirs, such as an earlier
/// report, may be replaced there.
pub fn refuse_within(out: &Path, kept: &[PathBuf]) -> Result<(), Stop> {
    // What is not there replaces nothing.
    let Ok(found) = fs::canonicalize(out) else { return Ok(()) };
    let is_json = out.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
    let is_free = is_json && out.file_name() != Some(OsStr::new(prepare::JOURNAL));
    let is_kept = |path: &PathBuf| {
        fs::canonicalize(path).is_ok_and(|path| found == path || (found.starts_with(path) && !is_free))
    };
    if kept.iter().any(is_kept) {
        return Err(Stop::Usage(format!(
            "This belongs to the set or the audit, which are not written over; choose another name: {}",
            out.display()
        )));
    }
    Ok(())
}

pub fn make_folder(out: &Path) -> Result<(), Stop> {
    fs::create_dir_all(out).map_err(|e| at(format!("The folder cannot be made ({e}); choose another"), out))
}

/// Saves a picture made by the model, marked as synthetic; false (and a failure noted) where that fails.
pub fn save(context: &mut Context, command: &str, path: &Path, picture: &RgbImage) -> bool {
    saved(context, path, (Origin::Generated, command), |about| picture::save(path, picture, about))
}

/// Saves a photograph with a face of the model's in it, as [`save`] does.
pub fn save_photograph(context: &mut Context, command: &str, path: &Path, photo: &RgbImage) -> bool {
    saved(context, path, (Origin::Composite, command), |about| picture::save(path, photo, about))
}

/// Saves a picture in which nothing is synthetic, so without the mark that says so, by its ending.
pub fn save_unmarked(path: &Path, picture: &RgbImage) -> Result<(), String> {
    let format = ImageFormat::from_path(path).unwrap_or(ImageFormat::Png);
    let mut bytes = Cursor::new(Vec::new());
    let encoded = picture.write_to(&mut bytes, format);
    encoded.map_err(|e| format!("The picture cannot be saved ({e}); choose another format: {}", path.display()))?;
    atomic::write(path, bytes.get_ref()).map_err(|e| e.to_string())
}

/// Saves pictures made by the model as an animation, as [`save`] does.
pub fn save_animation(context: &mut Context, command: &str, path: &Path, frames: &[RgbImage], step: Duration) -> bool {
    saved(context, path, (Origin::Generated, command), |about| picture::save_gif(path, frames, step, about))
}

fn saved(
    context: &mut Context,
    path: &Path,
    (origin, command): (Origin, &str),
    save: impl FnOnce(&Provenance) -> Result<(), SaveError>,
) -> bool {
    let model = context.model_name();
    let about = Provenance { origin, command, model: &model };
    let Err(error) = save(&about) else { return true };
    let sentence = match error {
        SaveError::Encode { .. } | SaveError::NoFrames => format!("{error}: {}", path.display()),
        SaveError::UnknownExtension(_) | SaveError::Write(_) => error.to_string(),
    };
    context.fail(path, sentence);
    false
}
