//! Records to a shard, in the columns that `reader` reads, plus nothing else. At any time one row group is in memory.

use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use parquet::basic::Compression;
use parquet::column::writer::ColumnWriterImpl;
use parquet::data_type::{ByteArray, ByteArrayType, DataType, FloatType, Int32Type};
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;
use parquet::schema::types::ColumnPath;

use super::Record;
use crate::data::atomic::{self, WriteError};

/// Rows of a row group: what a reader holds in memory at a time, about 5 MB of crops.
const ROWS_IN_GROUP: usize = 500;

const SCHEMA: &str = "message schema {
    optional group image { optional binary bytes; optional binary path (UTF8); }
    optional binary person (UTF8);
    optional binary clip (UTF8);
    optional int32 expression (INTEGER(8, true));
    optional float valence;
    optional float arousal;
    optional float yaw;
    optional float pitch;
    optional float roll;
    optional group landmarks (LIST) { repeated group list { optional float element; } }
    optional group factors (LIST) { repeated group list { optional float element; } }
}";

/// Writes a shard, replacing what has its name, whole or not at all; the number of rows in it. The rows are taken one
/// after the other and never all at once.
///
/// # Errors
/// The first error among the rows, or what keeps the file from being written; nothing is left behind then.
pub fn write<E: From<WriteError>>(path: &Path, mut rows: impl Iterator<Item = Result<Record, E>>) -> Result<u64, E> {
    let mut failed = None;
    let mut written = 0;
    let outcome = atomic::write_with(path, |out| {
        // Ends at the first row that could not be made.
        let mut made = rows.by_ref().map_while(|row| row.map_err(|error| failed = Some(error)).ok());
        written = write_groups(out, &mut made).map_err(into_io)?;
        drop(made);
        if failed.is_some() { Err(io::Error::other("a row could not be made")) } else { Ok(()) }
    });
    match failed {
        Some(error) => Err(error),
        None => Ok(outcome.map(|()| written)?),
    }
}

fn write_groups(out: &mut (dyn Write + Send), rows: &mut dyn Iterator<Item = Record>) -> Result<u64, ParquetError> {
    let schema = Arc::new(parse_message_type(SCHEMA)?);
    let mut file = SerializedFileWriter::new(out, schema, Arc::new(properties()))?;
    let mut written = 0;
    loop {
        let group_rows: Vec<Record> = rows.take(ROWS_IN_GROUP).collect();
        if group_rows.is_empty() {
            break;
        }
        let mut group = file.next_row_group()?;
        write_columns(&mut group, &group_rows)?;
        group.close()?;
        written += group_rows.len() as u64;
    }
    file.close()?;
    Ok(written)
}

/// Pictures are compressed already and no two are the same; names repeat.
fn properties() -> WriterProperties {
    let pictures = || ColumnPath::new(vec!["image".to_owned(), "bytes".to_owned()]);
    WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_column_compression(pictures(), Compression::UNCOMPRESSED)
        .set_dictionary_enabled(false)
        .set_column_dictionary_enabled(ColumnPath::from("person"), true)
        .set_column_dictionary_enabled(ColumnPath::from("clip"), true)
        .set_statistics_enabled(EnabledStatistics::None)
        .build()
}

/// The columns of a row group, in the order of the schema.
fn write_columns<W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    rows: &[Record],
) -> Result<(), ParquetError> {
    let text = |text: &Option<String>| text.as_deref().map(ByteArray::from);
    // The picture's fields lie one level deeper than the others.
    flat::<ByteArrayType, _>(group, 2, rows, |row| Some(row.picture_bytes.clone().into()))?;
    flat::<ByteArrayType, _>(group, 2, rows, |row| Some(row.path.as_str().into()))?;
    flat::<ByteArrayType, _>(group, 1, rows, |row| text(&row.person))?;
    flat::<ByteArrayType, _>(group, 1, rows, |row| text(&row.clip))?;
    flat::<Int32Type, _>(group, 1, rows, |row| row.expression.map(i32::from))?;
    flat::<FloatType, _>(group, 1, rows, |row| row.valence)?;
    flat::<FloatType, _>(group, 1, rows, |row| row.arousal)?;
    for axis in 0..3 {
        flat::<FloatType, _>(group, 1, rows, |row| row.pose_deg.map(|angles| angles[axis]))?;
    }
    lists(group, rows, |row| row.landmarks.as_ref().map(|points| points.as_flattened()))?;
    lists(group, rows, |row| row.factors.as_deref())
}

/// One column without lists; `there` is the definition level of a value that is there.
fn flat<T: DataType, W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    there: i16,
    rows: &[Record],
    cell: impl Fn(&Record) -> Option<T::T>,
) -> Result<(), ParquetError> {
    let cells: Vec<Option<T::T>> = rows.iter().map(cell).collect();
    let levels: Vec<i16> = cells.iter().map(|cell| if cell.is_some() { there } else { 0 }).collect();
    let values: Vec<T::T> = cells.into_iter().flatten().collect();
    column::<T, W>(group, |writer| writer.write_batch(&values, Some(&levels), None))
}

/// One column of lists; a list that is absent is null, an empty one stays empty.
fn lists<'r, W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    rows: &'r [Record],
    cell: impl Fn(&'r Record) -> Option<&'r [f32]>,
) -> Result<(), ParquetError> {
    const NULL: i16 = 0;
    const EMPTY: i16 = 1;
    const THERE: i16 = 3;
    let (mut values, mut definitions, mut repetitions) = (Vec::new(), Vec::new(), Vec::new());
    for row in rows {
        match cell(row) {
            Some(numbers) if !numbers.is_empty() => {
                values.extend_from_slice(numbers);
                definitions.extend(numbers.iter().map(|_| THERE));
                repetitions.extend((0..numbers.len()).map(|i| i16::from(i > 0)));
            }
            other => {
                definitions.push(if other.is_some() { EMPTY } else { NULL });
                repetitions.push(0);
            }
        }
    }
    column::<FloatType, W>(group, |writer| writer.write_batch(&values, Some(&definitions), Some(&repetitions)))
}

fn column<T: DataType, W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    fill: impl FnOnce(&mut ColumnWriterImpl<'_, T>) -> Result<usize, ParquetError>,
) -> Result<(), ParquetError> {
    // The calls follow the schema, so there is a column left for each.
    let missing = || ParquetError::General("there are more columns than the schema has".to_owned());
    let mut column = group.next_column()?.ok_or_else(missing)?;
    fill(column.typed::<T>())?;
    column.close()
}

/// The operating system's own error where there is one, so that a full disk is told as such.
pub(crate) fn into_io(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(inner) => match inner.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(inner) => io::Error::other(inner),
        },
        other => io::Error::other(other),
    }
}
