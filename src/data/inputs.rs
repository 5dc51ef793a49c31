//! What a command line names as pictures, and the names of what is made from them. Looks at folders, never into files.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

/// Endings by which a folder's pictures are told. HEIC and AVIF are among them so that each is refused with a reason
/// and not passed over in silence.
const PICTURE_EXTENSIONS: [&str; 13] =
    ["jpg", "jpeg", "jpe", "jfif", "png", "webp", "bmp", "tif", "tiff", "gif", "heic", "heif", "avif"];

/// Why a list of inputs or outputs does not work.
#[derive(Debug, thiserror::Error)]
pub enum InputError {
    #[error("Nothing was given to work on; name pictures or folders of pictures")]
    Nothing,
    #[error("There is no such file or folder; check its name: {}", .0.display())]
    Missing(PathBuf),
    #[error("The folder has no pictures; choose one with JPEG, PNG, WebP, BMP, TIFF or GIF files: {}", .0.display())]
    NoPictures(PathBuf),
    #[error("The folder cannot be read ({detail}); check its permissions: {}", path.display())]
    Folder { path: PathBuf, detail: String },
    #[error("The result would overwrite one of the pictures it is made from; choose another folder: {}", .0.display())]
    OverwritesInput(PathBuf),
}

/// The pictures that `paths` name, in their order. A folder stands for the pictures directly in it, sorted by name:
/// told by extension, hidden files and folders within it left out. A file is taken whatever its name. What is named
/// twice is taken once.
///
/// # Errors
/// No paths, a path that does not exist, a folder without pictures or one that cannot be read.
pub fn expand(paths: &[PathBuf]) -> Result<Vec<PathBuf>, InputError> {
    if paths.is_empty() {
        return Err(InputError::Nothing);
    }
    let mut seen = HashSet::new();
    let mut pictures = Vec::new();
    for path in paths {
        let found = if path.is_dir() { pictures_in(path)? } else { vec![path.clone()] };
        for picture in found {
            let canonical = fs::canonicalize(&picture).map_err(|_| InputError::Missing(picture.clone()))?;
            if seen.insert(canonical) {
                pictures.push(picture);
            }
        }
    }
    Ok(pictures)
}

fn pictures_in(folder: &Path) -> Result<Vec<PathBuf>, InputError> {
    let mut found = files_in(folder, is_picture)
        .map_err(|e| InputError::Folder { path: folder.to_owned(), detail: e.to_string() })?;
    found.sort();
    if found.is_empty() { Err(InputError::NoPictures(folder.to_owned())) } else { Ok(found) }
}

/// The files directly in a folder which `wanted` accepts by name, but for hidden ones; in no particular order.
pub(super) fn files_in(folder: &Path, wanted: fn(&Path) -> bool) -> std::io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        let hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
        if !hidden && wanted(&path) && !path.is_dir() {
            found.push(path);
        }
    }
    Ok(found)
}

/// Whether a name ends as those of pictures do.
pub fn is_picture(path: &Path) -> bool {
    let extension = path.extension().and_then(OsStr::to_str).unwrap_or_default();
    PICTURE_EXTENSIONS.iter().any(|known| extension.eq_ignore_ascii_case(known))
}

/// Where the results for `inputs` go: `dir/STEM.extension`, one for each, in their order. Of inputs with equal stems
/// the second becomes `STEM-2` and so on, past names that another input has of its own. Stems that differ in capitals
/// only count as equal, since many disks take them for one name.
///
/// # Errors
/// When a result would replace one of the inputs, whichever way the two paths are spelled.
pub fn output_names(inputs: &[PathBuf], dir: &Path, extension: &str) -> Result<Vec<PathBuf>, InputError> {
    let stems: Vec<String> =
        inputs.iter().map(|path| path.file_stem().unwrap_or_default().to_string_lossy().into_owned()).collect();
    let own: HashSet<String> = stems.iter().map(|stem| stem.to_lowercase()).collect();

    let mut taken = HashSet::new();
    let mut outputs = Vec::with_capacity(inputs.len());
    for stem in stems {
        let mut name = stem.clone();
        let mut number = 1;
        while (number > 1 && own.contains(&name.to_lowercase())) || !taken.insert(name.to_lowercase()) {
            number += 1;
            name = format!("{stem}-{number}");
        }
        outputs.push(dir.join(format!("{name}.{extension}")));
    }
    refuse_inputs(&outputs, inputs)?;
    Ok(outputs)
}

/// Refuses results that would replace one of the pictures they are made from, whichever way the two paths are spelled.
///
/// # Errors
/// The first such output.
pub fn refuse_inputs(outputs: &[PathBuf], inputs: &[PathBuf]) -> Result<(), InputError> {
    let originals: HashSet<PathBuf> = inputs.iter().filter_map(|path| fs::canonicalize(path).ok()).collect();
    let overwrites = |output: &&PathBuf| fs::canonicalize(output).is_ok_and(|path| originals.contains(&path));
    match outputs.iter().find(overwrites) {
        Some(output) => Err(InputError::OverwritesInput(output.clone())),
        None => Ok(()),
    }
}
