//! What a table may say of a face, and the columns where it does.

use std::path::Path;

use super::text::{place_of, some_of};
use crate::data::sets::{Columns, SetError};

/// What columns with pictures are called where nobody says it, the surer ones first.
const PICTURES: [&str; 14] = [
    "image.bytes",
    "picture",
    "image",
    "path",
    "image_path",
    "picture_path",
    "file_path",
    "filepath",
    "file_name",
    "filename",
    "file",
    "img",
    "subDirectory_filePath",
    "image.path",
];

/// The same for what is said of a face.
const OTHERS: Fields<&[&str]> = Fields {
    given: &["expression", "given", "label", "emotion", "class"],
    valence: &["valence"],
    arousal: &["arousal"],
    person: &["person", "identity", "subject", "person_id", "subject_id"],
    clip: &["clip", "video", "clip_id", "video_id"],
    split: &["split", "partition", "subset", "usage"],
};

/// One of something for each thing that a table may say.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(in crate::data::sets) struct Fields<T> {
    /// The expression.
    pub given: T,
    pub valence: T,
    pub arousal: T,
    pub person: T,
    pub clip: T,
    pub split: T,
}

impl<T> Fields<T> {
    pub fn map<U>(&self, mut to: impl FnMut(&T) -> U) -> Fields<U> {
        Fields {
            given: to(&self.given),
            valence: to(&self.valence),
            arousal: to(&self.arousal),
            person: to(&self.person),
            clip: to(&self.clip),
            split: to(&self.split),
        }
    }

    pub fn map_mut<U>(&mut self, mut to: impl FnMut(&mut T) -> U) -> Fields<U> {
        Fields {
            given: to(&mut self.given),
            valence: to(&mut self.valence),
            arousal: to(&mut self.arousal),
            person: to(&mut self.person),
            clip: to(&mut self.clip),
            split: to(&mut self.split),
        }
    }

    pub fn try_map<U, E>(&self, mut to: impl FnMut(&T) -> Result<U, E>) -> Result<Fields<U>, E> {
        Ok(Fields {
            given: to(&self.given)?,
            valence: to(&self.valence)?,
            arousal: to(&self.arousal)?,
            person: to(&self.person)?,
            clip: to(&self.clip)?,
            split: to(&self.split)?,
        })
    }
}

/// The places of columns among the names of a table.
#[derive(Clone, Copy, Debug)]
pub(in crate::data::sets) struct Places {
    pub picture: usize,
    pub fields: Fields<Option<usize>>,
}

impl Places {
    /// The columns that a user names, and where none is named, those of well-known names.
    ///
    /// # Errors
    /// Names that the table does not have, and no column for the picture; all of them in one sentence.
    pub fn find(path: &Path, names: &[String], columns: &Columns) -> Result<Self, SetError> {
        let mut missing = Vec::new();
        let picture = match &columns.picture {
            // A struct of bytes and path goes by its own name.
            Some(name) => [name.clone(), format!("{name}.bytes"), format!("{name}.path")]
                .iter()
                .find_map(|name| place_of(names, name)),
            None => PICTURES.iter().find_map(|name| place_of(names, name)),
        };
        if picture.is_none() {
            missing.push(columns.picture.clone().unwrap_or_else(|| "picture".to_owned()));
        }
        let known = OTHERS.map(|others| others.iter().find_map(|name| place_of(names, name)));
        let said = named(names, columns, &mut missing);
        match picture {
            Some(picture) if missing.is_empty() => Ok(Self { picture, fields: said.or(known) }),
            _ => Err(no_columns(path, missing, names)),
        }
    }
}

impl Fields<Option<usize>> {
    fn or(self, other: Self) -> Self {
        Self {
            given: self.given.or(other.given),
            valence: self.valence.or(other.valence),
            arousal: self.arousal.or(other.arousal),
            person: self.person.or(other.person),
            clip: self.clip.or(other.clip),
            split: self.split.or(other.split),
        }
    }
}

/// The places of the columns that a user names; the names that the table does not have go to `missing`.
pub(in crate::data::sets) fn named(
    names: &[String],
    columns: &Columns,
    missing: &mut Vec<String>,
) -> Fields<Option<usize>> {
    let Columns { given, valence, arousal, person, clip, split, .. } = columns;
    Fields { given, valence, arousal, person, clip, split }.map(|name| {
        let place = place_of(names, (*name).as_ref()?);
        if place.is_none() {
            missing.extend(name.iter().cloned());
        }
        place
    })
}

/// The sentence for a table without some columns.
pub(in crate::data::sets) fn no_columns(path: &Path, columns: Vec<String>, names: &[String]) -> SetError {
    SetError::NoColumns { path: path.to_owned(), columns, found: some_of(names) }
}
