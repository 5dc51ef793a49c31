//! Tables as Parquet files, row by row, every cell but the picture as text. One row group is in memory at a time.

use std::path::Path;

use parquet::data_type::ByteArray;

use super::Fields;
use crate::data::sets::SetError;
use crate::data::shards::{Column, Kind, ShardError, Table};

/// A column of text or numbers.
#[derive(Clone, Copy)]
pub(in crate::data::sets) enum Cells {
    Text(Column),
    Number(Column),
}

/// What is read of a row.
pub(in crate::data::sets) struct Wanted {
    /// The picture's path, or the picture itself.
    pub picture: Option<Column>,
    /// What it is called where it is in the table.
    pub name: Option<Column>,
    pub fields: Fields<Option<Cells>>,
}

/// One row.
pub(in crate::data::sets) struct ParquetRow {
    pub picture: Option<ByteArray>,
    pub name: Option<String>,
    pub fields: Fields<Option<String>>,
}

/// The column of this name as texts or numbers; none where it is absent.
///
/// # Errors
/// A column of lists or of another type.
pub(in crate::data::sets) fn cells_of(table: &Table, name: &str) -> Result<Option<Cells>, SetError> {
    match table.find(name, Kind::Number) {
        Ok(column) => Ok(column.map(Cells::Number)),
        Err(ShardError::WrongColumn { .. }) => match table.find(name, Kind::Bytes) {
            Ok(column) => Ok(column.map(Cells::Text)),
            Err(ShardError::WrongColumn { path, column, found, .. }) => {
                Err(SetError::WrongColumn { path, column, found, wanted: "words or numbers".to_owned() })
            }
            Err(error) => Err(error_of(error)),
        },
        Err(error) => Err(error_of(error)),
    }
}

/// The rows of a Parquet file; it ends after an error.
pub(in crate::data::sets) struct ParquetRows {
    table: Table,
    wanted: Wanted,
    next_group: usize,
    group: Group,
}

/// The columns of a row group, taken from the front; one that is not wanted has no cells.
#[derive(Default)]
struct Group {
    rows_left: usize,
    picture: std::vec::IntoIter<Option<ByteArray>>,
    name: std::vec::IntoIter<Option<String>>,
    fields: Fields<std::vec::IntoIter<Option<String>>>,
}

impl ParquetRows {
    pub fn new(table: Table, wanted: Wanted) -> Self {
        Self { table, wanted, next_group: 0, group: Group::default() }
    }

    fn read(&self, group: usize) -> Result<Group, ShardError> {
        let table = &self.table;
        let texts = |cells: Option<Cells>| match cells {
            None => Ok(Vec::new()),
            Some(Cells::Text(column)) => table.texts(group, column),
            Some(Cells::Number(column)) => {
                let numbers = table.numbers(group, column)?;
                Ok(numbers.into_iter().map(|cell| cell.map(|number| number.to_string())).collect())
            }
        };
        let picture = self.wanted.picture.map(|column| table.bytes(group, column)).transpose()?;
        Ok(Group {
            rows_left: table.rows_in(group),
            picture: picture.unwrap_or_default().into_iter(),
            name: texts(self.wanted.name.map(Cells::Text))?.into_iter(),
            fields: self.wanted.fields.try_map(|cells| texts(*cells).map(Vec::into_iter))?,
        })
    }
}

impl Iterator for ParquetRows {
    type Item = Result<ParquetRow, SetError>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.group.rows_left == 0 {
            if self.next_group >= self.table.row_groups() {
                return None;
            }
            // The old group goes before the new one comes.
            self.group = Group::default();
            match self.read(self.next_group) {
                Ok(group) => self.group = group,
                Err(error) => {
                    // After a damaged group the rest cannot be trusted.
                    self.next_group = self.table.row_groups();
                    return Some(Err(error_of(error)));
                }
            }
            self.next_group += 1;
        }
        let group = &mut self.group;
        group.rows_left -= 1;
        Some(Ok(ParquetRow {
            picture: group.picture.next().flatten(),
            name: group.name.next().flatten(),
            fields: group.fields.map_mut(|cells| cells.next().flatten()),
        }))
    }
}

/// The sentence for a table of somebody else's, where a shard's would say to prepare it again.
pub(in crate::data::sets) fn error_of(error: ShardError) -> SetError {
    match error {
        ShardError::Missing(path) => SetError::Missing(path),
        ShardError::Unreadable { path, detail } => SetError::Unreadable { path, detail },
        ShardError::Damaged { path, detail } => SetError::Damaged { path, detail },
        other => SetError::Shard(other),
    }
}

/// Whether a name ends as those of Parquet files do.
pub(in crate::data::sets) fn is_parquet(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| ["parquet", "pq"].iter().any(|known| extension.eq_ignore_ascii_case(known)))
}

/// A row's name where the table gives it none.
pub(in crate::data::sets) fn numbered(path: &Path, row: u64) -> String {
    format!("{}#{row}", path.file_name().unwrap_or_default().to_string_lossy())
}
