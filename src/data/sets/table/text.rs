//! Tables as text: cells between commas, semicolons or tabs, the names of the columns in the first row or given.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use csv::{ByteRecord, ByteRecordsIntoIter, ReaderBuilder};

use crate::data::inputs::is_picture;
use crate::data::sets::SetError;

/// How much of a file tells how many rows it has, or nearly.
const SAMPLE: u64 = 1 << 20;

/// A table whose first row has been read.
pub(in crate::data::sets) struct TextTable {
    path: PathBuf,
    pub delimiter: u8,
    /// Whether its lines end as those of Windows do.
    pub crlf: bool,
    /// Whether the first row holds the names of the columns.
    pub is_named: bool,
    pub columns: Vec<String>,
}

impl TextTable {
    /// # Errors
    /// A file that cannot be read, or an empty one.
    pub fn open(path: &Path) -> Result<Self, SetError> {
        let line = first_line(path).map_err(|e| SetError::from_io(path, &e))?;
        let has = |delimiter: &u8| line.contains(delimiter);
        let delimiter = [b'\t', b',', b';'].into_iter().find(has).unwrap_or(b',');
        let crlf = line.ends_with(b"\r\n");
        let mut table = Self { path: path.to_owned(), delimiter, crlf, is_named: false, columns: Vec::new() };
        let mut rows = table.rows()?;
        let first = rows.next().transpose()?.filter(|row| row.iter().any(|cell| !cell.trim_ascii().is_empty()));
        let empty = || SetError::Damaged { path: path.to_owned(), detail: "it is empty".to_owned() };
        let first = first.ok_or_else(empty)?;
        table.columns = (0..first.len()).map(|place| cell(&first, place).into_owned()).collect();
        table.is_named = true;
        Ok(table)
    }

    /// A table of known columns, the first of them pictures, which may leave out the row of names.
    ///
    /// # Errors
    /// As [`TextTable::open`].
    pub fn open_known(path: &Path, known: &[&str]) -> Result<Self, SetError> {
        let mut table = Self::open(path)?;
        let is_row = table.columns.len() == known.len() && is_picture(Path::new(&table.columns[0]));
        if is_row {
            table.is_named = false;
            table.columns = known.iter().map(|&name| name.to_owned()).collect();
        }
        Ok(table)
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The place of a column of this name; in other capitals only where there is none in these.
    pub fn place(&self, name: &str) -> Option<usize> {
        place_of(&self.columns, name)
    }

    /// Its rows, but for that of names.
    ///
    /// # Errors
    /// A file that can no longer be opened.
    pub fn rows(&self) -> Result<TextRows, SetError> {
        let file = File::open(&self.path).map_err(|e| SetError::from_io(&self.path, &e))?;
        let mut reader = ReaderBuilder::new();
        reader.has_headers(self.is_named).flexible(true).delimiter(self.delimiter);
        Ok(TextRows { path: self.path.clone(), rows: reader.from_reader(file).into_byte_records() })
    }

    /// How many rows there are, judged by the first megabyte; 0 where the file cannot be read.
    pub fn count(&self) -> u64 {
        let lines = || {
            let file = File::open(&self.path)?;
            let whole = file.metadata()?.len();
            let mut sample = Vec::new();
            file.take(SAMPLE).read_to_end(&mut sample)?;
            let ends = sample.iter().filter(|&&byte| byte == b'\n').count() as u64;
            let read = sample.len() as u64;
            let cut = u64::from(read == whole && sample.last().is_some_and(|&byte| byte != b'\n'));
            io::Result::Ok((ends + cut) * whole / read.max(1))
        };
        lines().unwrap_or(0).saturating_sub(u64::from(self.is_named))
    }
}

/// The rows of a [`TextTable`].
pub(in crate::data::sets) struct TextRows {
    path: PathBuf,
    rows: ByteRecordsIntoIter<File>,
}

impl Iterator for TextRows {
    type Item = Result<ByteRecord, SetError>;

    fn next(&mut self) -> Option<Self::Item> {
        let row = self.rows.next()?;
        Some(row.map_err(|error| match error.into_kind() {
            csv::ErrorKind::Io(error) => SetError::from_io(&self.path, &error),
            other => SetError::Damaged { path: self.path.clone(), detail: format!("{other:?}") },
        }))
    }
}

/// A cell as text without space around it; empty where the row is shorter.
pub(in crate::data::sets) fn cell(row: &ByteRecord, place: usize) -> Cow<'_, str> {
    String::from_utf8_lossy(row.get(place).unwrap_or_default().trim_ascii())
}

/// The place of a name; in other capitals only where there is none in these.
pub(super) fn place_of(names: &[String], name: &str) -> Option<usize> {
    let exact = names.iter().position(|found| found == name);
    exact.or_else(|| names.iter().position(|found| found.eq_ignore_ascii_case(name)))
}

/// Names for a sentence, the first of them where there are many.
pub(super) fn some_of(names: &[String]) -> String {
    const MOST: usize = 20;
    let some = names.iter().take(MOST).cloned().collect::<Vec<_>>().join(", ");
    if names.len() > MOST { format!("{some} and {} more", names.len() - MOST) } else { some }
}

fn first_line(path: &Path) -> io::Result<Vec<u8>> {
    let mut line = Vec::new();
    BufReader::new(File::open(path)?.take(SAMPLE)).read_until(b'\n', &mut line)?;
    Ok(line)
}
