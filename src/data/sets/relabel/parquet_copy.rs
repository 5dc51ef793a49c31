//! A Parquet file copied with other cells in one column: the chunks of all other columns go over as they are, whatever
//! they hold.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use parquet::basic::{Compression, Type};
use parquet::column::writer::ColumnCloseResult;
use parquet::data_type::{ByteArray, ByteArrayType, DataType, DoubleType, FloatType, Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::metadata::{ParquetMetaData, ParquetMetaDataReader};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};

use super::words::Words;
use super::{Relabel, stopped};
use crate::data::atomic;
use crate::data::sets::SetError;
use crate::data::sets::table::{Cells, cells_of, error_of, open_parquet};
use crate::data::shards::{Table, into_io};

/// What becomes of the label of each row, in order.
pub(super) type Changes<'a> = &'a mut dyn Iterator<Item = Result<Option<Relabel>, SetError>>;

/// Copies a file to `target`.
///
/// # Errors
/// A file that cannot be read any more or lacks the column, a label that the column cannot hold, a target that cannot
/// be written.
pub(super) fn copy(from: &Path, column: &str, words: &Words, changes: Changes, target: &Path) -> Result<(), SetError> {
    let file = File::open(from).map_err(|e| SetError::from_io(from, &e))?;
    let about = ParquetMetaDataReader::new().parse_and_finish(&file);
    let about = about.map_err(|e| SetError::Damaged { path: from.to_owned(), detail: e.to_string() })?;
    let table = open_parquet(from)?;
    let cells = cells_of(&table, column)?.ok_or_else(|| SetError::NoLabels(from.to_owned()))?;
    let columns = about.file_metadata().schema_descr().columns();
    let at = columns.iter().position(|found| found.path().string() == column).unwrap_or_default();
    let copying = Copying { from, file, about, table, at, cells, words };
    let mut failed = None;
    let written = atomic::write_with(target, |out| match copying.write(out, changes) {
        Ok(()) => Ok(()),
        Err(Fault::Disk(error)) => Err(error),
        Err(Fault::Set(error)) => Err(stopped(&mut failed, error)),
    });
    match failed {
        Some(error) => Err(error),
        None => Ok(written?),
    }
}

/// What can go wrong on the way.
enum Fault {
    Set(SetError),
    Disk(io::Error),
}

impl From<SetError> for Fault {
    fn from(error: SetError) -> Self {
        Fault::Set(error)
    }
}

impl From<ParquetError> for Fault {
    fn from(error: ParquetError) -> Self {
        Fault::Disk(into_io(error))
    }
}

struct Copying<'a> {
    from: &'a Path,
    file: File,
    about: ParquetMetaData,
    /// The same file, to read the column.
    table: Table,
    /// The column's place among all.
    at: usize,
    cells: Cells,
    words: &'a Words,
}

impl Copying<'_> {
    fn write(&self, out: &mut (dyn Write + Send), changes: Changes) -> Result<(), Fault> {
        let about = self.about.file_metadata();
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_statistics_enabled(EnabledStatistics::None)
            .set_key_value_metadata(about.key_value_metadata().cloned())
            .build();
        let mut writer = SerializedFileWriter::new(out, about.schema_descr().root_schema_ptr(), Arc::new(properties))?;
        for (number, group) in self.about.row_groups().iter().enumerate() {
            let mut made = writer.next_row_group()?;
            for (place, chunk) in group.columns().iter().enumerate() {
                if place == self.at {
                    self.write_column(&mut made, number, changes)?;
                    continue;
                }
                let close = ColumnCloseResult {
                    bytes_written: chunk.compressed_size().max(0).cast_unsigned(),
                    rows_written: group.num_rows().max(0).cast_unsigned(),
                    metadata: chunk.clone(),
                    bloom_filter: None,
                    column_index: None,
                    offset_index: None,
                };
                made.append_column(&self.file, close)?;
            }
            made.close()?;
        }
        writer.close()?;
        Ok(())
    }

    /// The column's cells of a row group, changed.
    fn write_column<W: Write + Send>(
        &self,
        group: &mut SerializedRowGroupWriter<'_, W>,
        number: usize,
        changes: Changes,
    ) -> Result<(), Fault> {
        match self.cells {
            Cells::Text(column) => {
                let cells = self.changed(self.table.texts(number, column).map_err(error_of)?, changes, Some)?;
                self.fill::<ByteArrayType, _, _>(group, cells, |word| ByteArray::from(word.into_bytes()))
            }
            Cells::Number(column) => {
                let number_of = |word: String| word.parse::<f64>().ok();
                let cells = self.changed(self.table.numbers(number, column).map_err(error_of)?, changes, number_of)?;
                let columns = self.about.file_metadata().schema_descr();
                match columns.column(self.at).physical_type() {
                    Type::INT32 => self.fill::<Int32Type, _, _>(group, cells, |value| value as i32),
                    Type::INT64 => self.fill::<Int64Type, _, _>(group, cells, |value| value as i64),
                    Type::FLOAT => self.fill::<FloatType, _, _>(group, cells, |value| value as f32),
                    _ => self.fill::<DoubleType, _, _>(group, cells, |value| value),
                }
            }
        }
    }

    /// Cells with what is to be changed in them; `cell` makes one of a word.
    fn changed<T>(
        &self,
        mut cells: Vec<Option<T>>,
        changes: Changes,
        cell: impl Fn(String) -> Option<T>,
    ) -> Result<Vec<Option<T>>, SetError> {
        for old in &mut cells {
            let change = changes.next().transpose()?.flatten();
            if let Some(label) = change {
                *old = match self.words.word(label)? {
                    Some(word) => Some(cell(word).ok_or_else(|| self.unfit())?),
                    None => None,
                };
            }
        }
        Ok(cells)
    }

    fn fill<D: DataType, T, W: Write + Send>(
        &self,
        group: &mut SerializedRowGroupWriter<'_, W>,
        cells: Vec<Option<T>>,
        value: impl Fn(T) -> D::T,
    ) -> Result<(), Fault> {
        let there = self.about.file_metadata().schema_descr().column(self.at).max_def_level();
        // In a struct a null could be the struct's own, which its other fields would have to share.
        if there > 1 || (there == 0 && cells.iter().any(Option::is_none)) {
            return Err(self.unfit().into());
        }
        let levels: Vec<i16> = cells.iter().map(|cell| i16::from(cell.is_some())).collect();
        let values: Vec<D::T> = cells.into_iter().flatten().map(value).collect();
        // The calls follow the schema, so there is a column left for each.
        let missing = || ParquetError::General("there are more columns than the schema has".to_owned());
        let mut column = group.next_column()?.ok_or_else(missing)?;
        column.typed::<D>().write_batch(&values, (there > 0).then_some(levels.as_slice()), None)?;
        column.close()?;
        Ok(())
    }

    fn unfit(&self) -> SetError {
        SetError::CannotHold(self.from.to_owned())
    }
}
