//! A folder of crops as a source: the pictures in it, and those in its sub-folders, whose names may say what they show.
//! One level deep.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::CropSetError;
use super::source::{Encoded, Item, Items, Problem, Reader};
use crate::data::inputs::{InputError, files_in, is_picture};
use crate::face::Expression;

/// What the names of sub-folders say of the pictures in them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SubFolders {
    /// Expressions where all are named after one, people otherwise.
    #[default]
    Auto,
    Nothing,
    People,
    /// Those that are not named after an expression say nothing.
    Expressions,
}

impl SubFolders {
    pub const ALL: [SubFolders; 4] =
        [SubFolders::Auto, SubFolders::Nothing, SubFolders::People, SubFolders::Expressions];

    /// As settings write it.
    pub fn name(self) -> &'static str {
        match self {
            SubFolders::Auto => "auto",
            SubFolders::Nothing => "nothing",
            SubFolders::People => "people",
            SubFolders::Expressions => "expressions",
        }
    }
}

pub(super) struct FolderReader {
    source: String,
    parts: Vec<PartFolder>,
    count: u64,
}

/// The pictures directly in one folder, which share what is known of them.
struct PartFolder {
    path: PathBuf,
    person: Option<String>,
    expression: Option<u8>,
}

impl FolderReader {
    /// Expressions may be written in capitals or not; sub-folders without pictures do not count.
    ///
    /// # Errors
    /// A folder that cannot be read, or one without pictures; sub-folders that are to be expressions, of which none is
    /// named after one.
    pub fn open(path: &Path, source: String, sub_folders: SubFolders) -> Result<Self, CropSetError> {
        let mut count = pictures_in(path)?.len() as u64;
        let mut names = Vec::new();
        for (folder, name) in folders_in(path)? {
            let inside = pictures_in(&folder)?.len() as u64;
            if inside > 0 {
                names.push((folder, name));
                count += inside;
            }
        }
        if count == 0 {
            return Err(InputError::NoPictures(path.to_owned()).into());
        }
        let say = match sub_folders {
            SubFolders::Auto if names.iter().all(|(_, name)| class(name).is_some()) => SubFolders::Expressions,
            SubFolders::Auto => SubFolders::People,
            chosen => chosen,
        };
        if say == SubFolders::Expressions && !names.is_empty() && names.iter().all(|(_, name)| class(name).is_none()) {
            return Err(CropSetError::NoExpressions(path.to_owned()));
        }
        let mut parts = vec![PartFolder { path: path.to_owned(), person: None, expression: None }];
        parts.extend(names.into_iter().map(|(path, name)| PartFolder {
            path,
            expression: class(&name).filter(|_| say == SubFolders::Expressions),
            person: (say == SubFolders::People).then_some(name),
        }));
        Ok(Self { source, parts, count })
    }
}

/// The place in [`Expression::ALL`] of the expression that a folder is named after.
fn class(name: &str) -> Option<u8> {
    name.to_lowercase().parse::<Expression>().ok().map(|class| class.index() as u8)
}

impl Reader for FolderReader {
    fn source(&self) -> &str {
        &self.source
    }

    fn is_measured(&self) -> bool {
        false
    }

    fn count(&self) -> u64 {
        self.count
    }

    fn each_file(&self, see: &mut dyn FnMut(&Path)) -> Result<(), CropSetError> {
        for part in &self.parts {
            pictures_in(&part.path)?.iter().for_each(|picture| see(picture));
        }
        Ok(())
    }

    fn items(&self) -> Items<'_> {
        Box::new(self.parts.iter().flat_map(|part| {
            let (pictures, failure) = match pictures_in(&part.path) {
                Ok(pictures) => (pictures, None),
                Err(error) => (Vec::new(), Some(Err(Problem::Stop(error.into())))),
            };
            pictures.into_iter().map(|picture| Ok(part.item(picture))).chain(failure)
        }))
    }
}

impl PartFolder {
    fn item(&self, picture: PathBuf) -> Item {
        Item {
            picture: Encoded::File(picture),
            person: self.person.clone(),
            clip: None,
            expression: self.expression,
            valence_arousal: None,
            pose_deg: None,
            landmarks: None,
        }
    }
}

/// The pictures directly in a folder, sorted by name.
fn pictures_in(folder: &Path) -> Result<Vec<PathBuf>, InputError> {
    let mut found = files_in(folder, is_picture).map_err(|e| unreadable(folder, &e))?;
    found.sort();
    Ok(found)
}

/// The folders directly in a folder and their names, sorted, but for hidden ones.
fn folders_in(folder: &Path) -> Result<Vec<(PathBuf, String)>, InputError> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(|e| unreadable(folder, &e))? {
        let entry = entry.map_err(|e| unreadable(folder, &e))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if !name.starts_with('.') && entry.path().is_dir() {
            found.push((entry.path(), name));
        }
    }
    found.sort();
    Ok(found)
}

fn unreadable(folder: &Path, error: &std::io::Error) -> InputError {
    InputError::Folder { path: folder.to_owned(), detail: error.to_string() }
}
