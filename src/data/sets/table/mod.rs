//! A table with a face a row: CSV (commas, semicolons or tabs) or Parquet, whose columns a user names. A picture is a
//! path, relative to the table's folder, or lies in the table itself. Rows in which a column says so belong to another
//! part of the set than training. Pictures beside those of rows, in the same folders, that have no row are told after
//! the last row of the last part; other folders are not looked at.

mod fields;
mod parquet_rows;
mod text;

use std::collections::BTreeSet;
use std::iter::Zip;
use std::ops::RangeFrom;
use std::path::{Path, PathBuf};
use std::str;

use csv::ByteRecord;

pub(super) use fields::{Fields, Places, named, no_columns};
pub(super) use parquet_rows::{Cells, ParquetRow, ParquetRows, Wanted, cells_of, error_of, is_parquet, numbered};
pub(super) use text::{TextRows, TextTable, cell};

use super::columns::{known_classes, mood, whole_number};
use super::files::{Seen, folder_of, key_of, name_of, pictures, plain};
use super::walk::{joined, without_row};
use super::{Columns, Entries, Entry, Format, Marks, Picture, Problem, Reason, Set, SetError, Split};
use crate::data::shards::{self, Kind};

/// # Errors
/// A folder, a file that cannot be read, one without a column for the picture or without one that the user names.
pub(super) fn open(path: &Path, columns: &Columns) -> Result<Box<dyn Set>, SetError> {
    Ok(Box::new(Table::open(path, columns)?))
}

pub(super) struct Table {
    path: PathBuf,
    /// What paths of pictures are relative to.
    folder: PathBuf,
    name: String,
    columns: Columns,
    pub source: Source,
    /// Rows of each part.
    counts: [u64; 3],
}

/// The file itself, and where what is wanted of it is.
pub(super) enum Source {
    Text { table: TextTable, places: Places },
    Parquet { names: Vec<String>, places: Places },
}

/// What a row says.
struct Row {
    /// A path, or the picture itself.
    picture: Option<Vec<u8>>,
    /// What a picture in the table is called.
    name: Option<String>,
    fields: Fields<Option<String>>,
    /// Whether it has fewer cells than there are columns.
    is_cut: bool,
}

type Rows<'a> = Box<dyn Iterator<Item = Result<Row, SetError>> + Send + 'a>;

impl Table {
    pub fn open(path: &Path, columns: &Columns) -> Result<Self, SetError> {
        if path.is_dir() {
            let (path, lacks) = (path.to_owned(), "a CSV or Parquet file".to_owned());
            return Err(SetError::Lacks { path, format: Format::Table, lacks });
        }
        let source = if is_parquet(path) {
            let names = open_parquet(path)?.names();
            let places = Places::find(path, &names, columns)?;
            Source::Parquet { names, places }
        } else {
            let table = TextTable::open(path)?;
            let places = Places::find(path, &table.columns, columns)?;
            Source::Text { table, places }
        };
        let folder = columns.root.clone().unwrap_or_else(|| folder_of(path));
        let name = plain(&name_of(&path.with_extension("")));
        let (path, columns) = (path.to_owned(), columns.clone());
        let mut table = Self { path, folder, name, columns, source, counts: [0; 3] };
        table.counts = table.count_parts()?;
        table.refuse_numbers_from_one()?;
        if table.counts == [0; 3] { Err(SetError::Empty(table.path)) } else { Ok(table) }
    }

    pub fn places(&self) -> &Places {
        match &self.source {
            Source::Text { places, .. } | Source::Parquet { places, .. } => places,
        }
    }

    /// Asks what they mean where the classes are the numbers 1 to 7: those are RAF-DB's, and others', each with an order of
    /// its own. AffectNet's begin with 0, and with the first of those there is nothing left to ask.
    fn refuse_numbers_from_one(&self) -> Result<(), SetError> {
        if self.places().fields.given.is_none() || !self.columns.classes.is_empty() {
            return Ok(());
        }
        let mut numbers = BTreeSet::new();
        for row in self.rows(false)? {
            match row?.fields.given.as_deref().unwrap_or_default().trim() {
                "" => {}
                word => match whole_number(word) {
                    Some(number @ 1..=7) => _ = numbers.insert(number),
                    _ => return Ok(()),
                },
            }
        }
        if numbers.len() < 7 {
            return Ok(());
        }
        let words = numbers.iter().map(u8::to_string).collect();
        Err(SetError::UnknownClasses { path: self.path.clone(), words })
    }

    /// Rows of each part, or nearly: all are training where no column says otherwise.
    fn count_parts(&self) -> Result<[u64; 3], SetError> {
        let mut counts = [0; 3];
        if self.places().fields.split.is_some() {
            for row in self.rows(false)? {
                // Rows of unknown parts are reported with the first.
                let part = split_of(&row?).unwrap_or(Split::Train);
                counts[part as usize] += 1;
            }
        } else {
            counts[0] = match &self.source {
                Source::Text { table, .. } => table.count(),
                Source::Parquet { .. } => open_parquet(&self.path)?.rows(),
            };
        }
        Ok(counts)
    }

    /// The rows; without their pictures where those lie in the table and are not wanted.
    fn rows(&self, with_pictures: bool) -> Result<Rows<'_>, SetError> {
        let rows: Rows<'_> = match &self.source {
            Source::Text { table, places } => {
                let (places, cells) = (*places, table.columns.len());
                Box::new(table.rows()?.map(move |row| row.map(|row| Row::of_text(&row, &places, cells))))
            }
            Source::Parquet { names, places } => {
                Box::new(parquet_rows(&self.path, names, places, with_pictures)?.map(|row| row.map(Row::of_parquet)))
            }
        };
        Ok(rows)
    }

    /// The key of each row, in order; an error ends it.
    pub fn keys(&self) -> Result<impl Iterator<Item = Result<String, SetError>> + '_, SetError> {
        let rows = self.rows(true)?.zip(0..);
        Ok(rows.map(move |(row, number)| row.map(|row| self.picture(number, row).0)))
    }

    /// The key of a row of text.
    pub fn key_of_text(&self, row: &ByteRecord, number: u64) -> String {
        let picture = Some(cell(row, self.places().picture).as_bytes().to_vec());
        let row = Row { picture, name: None, fields: Fields::default(), is_cut: false };
        self.picture(number, row).0
    }

    /// A row's key, and its picture if it has one.
    fn picture(&self, number: u64, row: Row) -> (String, Option<Picture>) {
        let bytes = row.picture.filter(|bytes| !bytes.is_empty());
        let path = bytes.as_deref().and_then(|bytes| str::from_utf8(bytes).ok()).filter(|text| !text.contains('\0'));
        if let Some(path) = path {
            let whole = Path::new(path);
            let below = if whole.is_absolute() { whole.strip_prefix(&self.folder).ok() } else { None };
            let key = key_of(below.and_then(Path::to_str).unwrap_or(path));
            let picture = Picture::File(self.folder.join(&key));
            return (key, Some(picture));
        }
        let key = row.name.map_or_else(|| numbered(&self.path, number), |name| key_of(&name));
        (key, bytes.map(Picture::Bytes))
    }
}

impl Set for Table {
    fn format(&self) -> Format {
        Format::Table
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn root(&self) -> &Path {
        &self.path
    }

    fn splits(&self) -> Vec<Split> {
        Split::ALL.into_iter().filter(|&split| self.count(split) > 0).collect()
    }

    fn count(&self, split: Split) -> u64 {
        self.counts[split as usize]
    }

    fn entries(&self, split: Split) -> Result<Entries<'_>, SetError> {
        let is_last = self.splits().last() == Some(&split);
        let (seen, folders, unnamed) = (Seen::default(), BTreeSet::new(), Vec::new());
        let faces = Faces { table: self, split, rows: self.rows(true)?.zip(0..), seen, is_last, folders, unnamed };
        Ok(known_classes(Box::new(faces), &self.path))
    }

    fn has_expressions(&self) -> bool {
        self.places().fields.given.is_some()
    }
}

/// The rows of a part, and after those of the last part the pictures that lie beside those of rows and have none.
struct Faces<'a> {
    table: &'a Table,
    split: Split,
    rows: Zip<Rows<'a>, RangeFrom<u64>>,
    seen: Seen,
    is_last: bool,
    /// Where pictures of rows lie, as keys have it; after the last row those that are still to be looked through.
    folders: BTreeSet<String>,
    /// Pictures without a row in the last of them, the next one at the end.
    unnamed: Vec<String>,
}

impl Iterator for Faces<'_> {
    type Item = Result<Entry, Problem>;

    fn next(&mut self) -> Option<Self::Item> {
        while let Some((row, number)) = self.rows.next() {
            match row {
                Ok(row) => {
                    if let Some(entry) = self.entry(number, row) {
                        return Some(entry);
                    }
                }
                Err(error) => return Some(Err(Problem::Stop(error))),
            }
        }
        self.next_unnamed().map(without_row)
    }
}

impl Faces<'_> {
    /// What a row gives to this part of the set; nothing where it belongs to another.
    fn entry(&mut self, number: u64, row: Row) -> Option<Result<Entry, Problem>> {
        let split = split_of(&row);
        let fields = row.fields.clone();
        let is_cut = row.is_cut;
        let (key, picture) = self.table.picture(number, row);
        if self.is_last && matches!(&picture, Some(Picture::File(_))) {
            let folder = key.rsplit_once('/').map_or("", |(folder, _)| folder);
            if !self.folders.contains(folder) {
                self.folders.insert(folder.to_owned());
            }
        }
        // Also where the row is of another part: the first of two is the one that counts.
        let is_new = self.seen.is_new(&key);
        if split.unwrap_or(Split::Train) != self.split {
            return None;
        }
        let entry = || {
            let picture = picture.ok_or_else(|| Reason::bad("no picture"))?;
            if is_cut {
                return Err(Reason::bad("fewer cells than there are columns"));
            }
            if split.is_none() {
                return Err(Reason::bad("a part of the set that is none of train, val and test"));
            }
            if !is_new {
                return Err(Reason::Twice);
            }
            let expression = self.table.columns.class_of(fields.given.as_deref().unwrap_or_default())?;
            if matches!(&picture, Picture::File(path) if !path.is_file()) {
                return Err(Reason::Missing);
            }
            let mood_of = |cell: &Option<String>| cell.as_deref().and_then(mood);
            Ok(Entry {
                key: key.clone(),
                picture,
                marks: Marks::None,
                valence: mood_of(&fields.valence),
                arousal: mood_of(&fields.arousal),
                person: fields.person.clone(),
                clip: fields.clip.clone(),
                expression,
            })
        };
        Some(entry().map_err(|reason| Problem::skip(key.as_str(), reason)))
    }

    /// The next picture that no row names.
    fn next_unnamed(&mut self) -> Option<String> {
        while self.unnamed.is_empty() {
            let folder = self.folders.pop_first()?;
            // That pictures of a folder are not there is told by their rows.
            let names = pictures(&self.table.folder.join(&folder)).unwrap_or_default();
            let keys = names.iter().rev().map(|name| joined(&folder, name));
            self.unnamed.extend(keys.filter(|key| !self.seen.contains(key)));
        }
        self.unnamed.pop()
    }
}

impl Row {
    fn of_text(row: &ByteRecord, places: &Places, cells: usize) -> Self {
        let filled = |place: usize| Some(cell(row, place)).filter(|text| !text.is_empty());
        Row {
            picture: filled(places.picture).map(|text| text.as_bytes().to_vec()),
            name: None,
            fields: places.fields.map(|place| filled((*place)?).map(|text| text.into_owned())),
            is_cut: row.len() < cells,
        }
    }

    fn of_parquet(row: ParquetRow) -> Self {
        let filled = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
        let picture = row.picture.map(|picture| picture.data().to_vec());
        Row { picture, name: filled(&row.name), fields: row.fields.map(filled), is_cut: false }
    }
}

/// The part that a row belongs to; none where the table says something that is none.
fn split_of(row: &Row) -> Option<Split> {
    row.fields.split.as_deref().map_or(Some(Split::Train), Split::from_word)
}

/// Opens a Parquet file.
///
/// # Errors
/// A file that cannot be read or is damaged.
pub(super) fn open_parquet(path: &Path) -> Result<shards::Table, SetError> {
    shards::Table::open(path).map_err(error_of)
}

fn parquet_rows(path: &Path, names: &[String], places: &Places, with_pictures: bool) -> Result<ParquetRows, SetError> {
    let table = open_parquet(path)?;
    let bytes = |name: &str| match table.find(name, Kind::Bytes) {
        Err(shards::ShardError::WrongColumn { path, column, found, .. }) => {
            Err(SetError::WrongColumn { path, column, found, wanted: "paths or pictures".to_owned() })
        }
        other => other.map_err(error_of),
    };
    let picture_name = &names[places.picture];
    let picture = bytes(picture_name)?;
    let name = match picture_name.strip_suffix(".bytes") {
        Some(outer) => bytes(&format!("{outer}.path"))?,
        None => None,
    };
    let fields = places.fields.try_map(|place| match place {
        Some(place) => cells_of(&table, &names[*place]),
        None => Ok(None),
    })?;
    let wanted = Wanted { picture: picture.filter(|_| with_pictures), name, fields };
    Ok(ParquetRows::new(table, wanted))
}
