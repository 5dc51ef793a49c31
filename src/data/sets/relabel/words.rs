//! The words or numbers that a table itself has for the classes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::Relabel;
use crate::data::sets::columns::whole_number;
use crate::data::sets::table::{Cells, Fields, ParquetRows, TextTable, Wanted, cell, cells_of, open_parquet};
use crate::data::sets::{Columns, SetError};
use crate::face::Expression;

/// What each class is called in a table: the word that is there most often, then what the user says, then its number
/// where the table has numbers, else its name.
pub(super) struct Words {
    path: PathBuf,
    found: [Option<String>; 8],
    said: Vec<(String, Expression)>,
    are_numbers: bool,
}

impl Words {
    /// # Errors
    /// A table that cannot be read any more.
    pub fn of_text(table: &TextTable, column: usize, columns: &Columns) -> Result<Self, SetError> {
        let cells = table.rows()?.map(|row| row.map(|row| cell(&row, column).into_owned()));
        Self::learnt(table.path(), cells, false, columns)
    }

    /// # Errors
    /// A file that cannot be read any more, or one without this column.
    pub fn of_parquet(path: &Path, column: &str, columns: &Columns) -> Result<Self, SetError> {
        let table = open_parquet(path)?;
        let given = cells_of(&table, column)?.ok_or_else(|| SetError::NoLabels(path.to_owned()))?;
        let are_numbers = matches!(given, Cells::Number(_));
        let fields = Fields { given: Some(given), ..Fields::default() };
        let rows = ParquetRows::new(table, Wanted { picture: None, name: None, fields });
        let cells = rows.map(|row| row.map(|row| row.fields.given.unwrap_or_default()));
        Self::learnt(path, cells, are_numbers, columns)
    }

    fn learnt(
        path: &Path,
        cells: impl Iterator<Item = Result<String, SetError>>,
        are_numbers: bool,
        columns: &Columns,
    ) -> Result<Self, SetError> {
        let mut counts: [BTreeMap<String, u64>; 8] = Default::default();
        for cell in cells {
            let word = cell?.trim().to_owned();
            if let Ok(Some(class)) = columns.class_of(&word) {
                *counts[class.index()].entry(word).or_default() += 1;
            }
        }
        let mut words = counts.iter().flat_map(BTreeMap::keys).peekable();
        let are_numbers = are_numbers || (words.peek().is_some() && words.all(|word| whole_number(word).is_some()));
        // The first of several that are equally frequent, so that the result does not change.
        let most = |words: BTreeMap<String, u64>| words.into_iter().rev().max_by_key(|&(_, count)| count);
        let found = counts.map(|words| most(words).map(|(word, _)| word));
        Ok(Self { path: path.to_owned(), found, said: columns.classes.clone(), are_numbers })
    }

    /// What is written for a label; none for what is ambiguous.
    ///
    /// # Errors
    /// A class for which a table of numbers has none, and the number that it has elsewhere means another one.
    pub fn word(&self, label: Relabel) -> Result<Option<String>, SetError> {
        let Relabel::To(class) = label else { return Ok(None) };
        let said = || self.said.iter().find(|(_, said)| *said == class).map(|(word, _)| word.clone());
        if let Some(word) = self.found[class.index()].clone().or_else(said) {
            return Ok(Some(word));
        }
        if !self.are_numbers {
            return Ok(Some(class.name().to_owned()));
        }
        let number = class.index().to_string();
        let is_free = self.said.iter().all(|(word, _)| word.trim() != number);
        is_free.then_some(Some(number)).ok_or_else(|| SetError::NoWord { path: self.path.clone(), class })
    }
}
