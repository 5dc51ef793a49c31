//! Parquet shards as a set: those that this program prepared, and others with pictures in a column `image.bytes`. What
//! has the size of a stored crop is one and kept as it is. Names with `-val-` and `-test-`, and names that begin with a
//! part's (`test-00000-of-00001`, `validation`), are these parts, all others training. A folder's shards of whole
//! photographs are taken only where it has no crops; those of scenes never, since they say nothing of the faces in
//! them. A row's key is its picture's path in the shard, with the shard's name before it where another shard has that
//! path, too.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use super::affectnet::points68;
use super::columns::{known_classes, mood};
use super::files::{Seen, folder_of, name_of, plain};
use super::shared_names::{self, SharedNames};
use super::table::{Fields, ParquetRows, Wanted, cells_of, error_of, named, no_columns, numbered};
use super::walk::part_named;
use super::{Columns, Entries, Entry, Format, Marks, Picture, Problem, Reason, Set, SetError, Split};
use crate::data::image::{declared_size_of, is_stored_crop};
use crate::data::shards::{
    PoseTable, Record, ShardError, ShardReader, Table, Wanted as Which, find_shards, holds_photographs,
};
use crate::face::Expression;

/// What parts the name of a set from the rest of a shard's.
const PURPOSES: [(&str, Split); 3] = [("-train-", Split::Train), ("-val-", Split::Val), ("-test-", Split::Test)];

/// # Errors
/// No shards at the path, or one that cannot be read, is damaged, or lacks its pictures or a column that the user
/// names.
pub(super) fn open(path: &Path, columns: &Columns) -> Result<Box<dyn Set>, SetError> {
    Ok(Box::new(Shards::open(path, columns)?))
}

pub(super) struct Shards {
    root: PathBuf,
    name: String,
    /// In the order of their parts, and by name within them.
    pub files: Vec<Shard>,
    /// Read when they are first needed.
    shared: OnceLock<SharedNames>,
    columns: Columns,
}

/// One file.
pub(super) struct Shard {
    split: Split,
    pub path: PathBuf,
    rows: u64,
}

impl Shards {
    pub fn open(path: &Path, columns: &Columns) -> Result<Self, SetError> {
        let paths = [path.to_owned()];
        let found = match find_shards(&paths, Which::Crops) {
            Err(ShardError::NoShards(_)) => find_shards(&paths, Which::Photographs)?,
            other => other?,
        };
        let mut files = Vec::with_capacity(found.len());
        for path in found {
            let rows = ShardReader::open_with(&path, Arc::default())?.rows();
            overrides(&path, columns)?;
            files.push(Shard { split: part_of(&path), path, rows });
        }
        if files.iter().all(|file| file.rows == 0) {
            return Err(SetError::Empty(path.to_owned()));
        }
        files.sort_by(|a, b| (a.split, &a.path).cmp(&(b.split, &b.path)));
        let family = family(&files[0].path);
        let one = files.iter().all(|file| self::family(&file.path) == family);
        let name = plain(&if one { family } else { name_of(path) });
        let shared = OnceLock::new();
        Ok(Self { root: path.to_owned(), name, files, shared, columns: columns.clone() })
    }

    /// The names that several of its files have.
    pub fn shared(&self) -> &SharedNames {
        self.shared.get_or_init(|| SharedNames::among(self.files.iter().map(|file| file.path.as_path())))
    }

    fn faces<'a>(&'a self, file: &'a Shard, poses: Arc<PoseTable>) -> Result<Faces<'a>, SetError> {
        let said = overrides(&file.path, &self.columns)?;
        let reader = ShardReader::open_with(&file.path, poses)?;
        Ok(Faces { file, reader, said, row: 0, shared: self.shared(), columns: &self.columns })
    }
}

impl Shard {
    /// The key of each row, in order, also of those that cannot be used; an error ends it.
    pub fn keys<'a>(
        &'a self,
        shared: &'a SharedNames,
    ) -> Result<impl Iterator<Item = Result<String, SetError>> + 'a, SetError> {
        let rows = shared_names::rows(&self.path)?;
        let key = move |number: u64, name: Option<String>| match name {
            Some(name) => shared.key(&self.path, &name).into_owned(),
            None => numbered(&self.path, number),
        };
        Ok((0..).zip(rows).map(move |(number, row)| row.map(|row| key(number, row.name))))
    }
}

impl Set for Shards {
    fn format(&self) -> Format {
        Format::Shards
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn root(&self) -> &Path {
        &self.root
    }

    fn splits(&self) -> Vec<Split> {
        let has = |split: &Split| self.files.iter().any(|file| file.split == *split);
        Split::ALL.into_iter().filter(has).collect()
    }

    fn count(&self, split: Split) -> u64 {
        self.files.iter().filter(|file| file.split == split).map(|file| file.rows).sum()
    }

    fn entries(&self, split: Split) -> Result<Entries<'_>, SetError> {
        // All lie in one folder, whose table of angles is read once.
        let poses = Arc::new(PoseTable::beside(&folder_of(&self.files[0].path))?);
        let mut seen = Seen::default();
        let files = self.files.iter().filter(move |file| file.split == split);
        let entries = files.flat_map(move |file| {
            let (faces, failure) = match self.faces(file, poses.clone()) {
                Ok(faces) => (Some(faces), None),
                Err(error) => (None, Some(Err(Problem::Stop(error)))),
            };
            faces.into_iter().flatten().chain(failure)
        });
        let entries = entries.map(move |entry| match entry {
            Ok(entry) if !seen.is_new(&entry.key) => Err(Problem::skip(entry.key, Reason::Twice)),
            other => other,
        });
        Ok(known_classes(Box::new(entries), &self.root))
    }

    fn has_expressions(&self) -> bool {
        true
    }

    fn shared_names(&self) -> SharedNames {
        self.shared().clone()
    }
}

/// The rows of a shard, each with what the columns that the user names say instead.
struct Faces<'a> {
    file: &'a Shard,
    reader: ShardReader,
    said: Option<ParquetRows>,
    row: u64,
    shared: &'a SharedNames,
    columns: &'a Columns,
}

impl Iterator for Faces<'_> {
    type Item = Result<Entry, Problem>;

    fn next(&mut self) -> Option<Self::Item> {
        let record = self.reader.next()?;
        let said = match self.said.as_mut().and_then(Iterator::next).transpose() {
            Ok(row) => row.map(|row| row.fields),
            Err(error) => return Some(Err(Problem::Stop(error))),
        };
        let row = self.row;
        self.row += 1;
        let skip = |reason: Reason| Problem::skip(numbered(&self.file.path, row), reason);
        Some(match record {
            Ok(record) => {
                let path = self.shared.key(&self.file.path, &record.path).into_owned();
                self.entry(Record { path, ..record }, said)
            }
            Err(ShardError::BadRow { what, .. }) => Err(skip(reason_of(&what))),
            Err(error) => Err(Problem::Stop(error.into())),
        })
    }
}

impl Faces<'_> {
    fn entry(&self, record: Record, said: Option<Fields<Option<String>>>) -> Result<Entry, Problem> {
        let stored = record.expression.and_then(|class| Expression::ALL.get(usize::from(class)).copied());
        let said = said.unwrap_or_default();
        let Columns { given, valence, arousal, person, clip, .. } = self.columns;
        let expression = match given {
            Some(_) => self.columns.class_of(said.given.as_deref().unwrap_or_default()),
            None => Ok(stored),
        };
        let number = |named: &Option<String>, said: Option<String>, stored: Option<f32>| match named {
            Some(_) => said.as_deref().and_then(mood),
            None => stored.filter(|value| (-1.0..=1.0).contains(value)),
        };
        let text = |named: &Option<String>, said: Option<String>, stored: Option<String>| match named {
            Some(_) => said,
            None => stored,
        };
        Ok(Entry {
            expression: expression.map_err(|reason| Problem::skip(record.path.as_str(), reason))?,
            marks: marks(&record, &self.file.path),
            valence: number(valence, said.valence, record.valence),
            arousal: number(arousal, said.arousal, record.arousal),
            person: text(person, said.person, record.person),
            clip: text(clip, said.clip, record.clip),
            picture: Picture::Bytes(record.picture_bytes),
            key: record.path,
        })
    }
}

/// A crop where the picture has the size of one, else its points.
fn marks(record: &Record, shard: &Path) -> Marks {
    let landmarks = record.landmarks.map(Box::new);
    let is_crop = !holds_photographs(shard) && declared_size_of(&record.picture_bytes).is_some_and(is_stored_crop);
    if is_crop {
        return Marks::Crop { landmarks, pose_deg: record.pose_deg };
    }
    landmarks.and_then(|points| points68(points.as_flattened())).map_or(Marks::None, Marks::Points68)
}

/// The columns of a shard that the user names; none where none is named.
///
/// # Errors
/// A column that the shard does not have.
fn overrides(path: &Path, columns: &Columns) -> Result<Option<ParquetRows>, SetError> {
    let Columns { given, valence, arousal, person, clip, .. } = columns;
    if [given, valence, arousal, person, clip].iter().all(|name| name.is_none()) {
        return Ok(None);
    }
    let table = Table::open(path).map_err(error_of)?;
    let names = table.names();
    let mut missing = Vec::new();
    // The part of a row is that of its shard.
    let places = named(&names, &Columns { split: None, ..columns.clone() }, &mut missing);
    if !missing.is_empty() {
        return Err(no_columns(path, missing, &names));
    }
    let fields = places.try_map(|place| match place {
        Some(place) => cells_of(&table, &names[*place]),
        None => Ok(None),
    })?;
    Ok(Some(ParquetRows::new(table, Wanted { picture: None, name: None, fields })))
}

/// The part that a shard is by its name: ours say it within, others begin with it.
fn part_of(path: &Path) -> Split {
    let name = name_of(path);
    let within = PURPOSES.iter().find(|(part, _)| name.contains(*part)).map(|&(_, split)| split);
    within.or_else(|| part_named(name.split(['-', '.']).next()?)).unwrap_or(Split::Train)
}

/// `lfw` of `lfw-train-00-of-01.parquet`; the whole stem where there is no such part.
fn family(path: &Path) -> String {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let name = PURPOSES.iter().find_map(|(part, _)| Some(stem.split_once(*part)?.0)).unwrap_or(&stem);
    name.to_owned()
}

/// A few words for what is wrong with a row, without its values.
fn reason_of(what: &str) -> Reason {
    let known = ["expression", "landmarks"].into_iter().find(|word| what.contains(word));
    match known {
        Some("expression") => Reason::bad("an expression that is none of 0 to 7"),
        Some(_) => Reason::bad("landmarks that are not 68 points"),
        None => Reason::bad("no picture"),
    }
}
