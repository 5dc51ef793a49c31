//! A table as text copied row by row, with other cells in one column.

use std::path::Path;

use csv::{ByteRecord, Terminator, WriterBuilder};

use super::{disk, stopped};
use crate::data::atomic;
use crate::data::sets::SetError;
use crate::data::sets::table::TextTable;

/// What a cell becomes, from its row and the row's number; none where it stays.
pub(super) type Cell<'a> = &'a mut dyn FnMut(&ByteRecord, u64) -> Result<Option<String>, SetError>;

/// Copies a table to `target`, its delimiter and ends of lines kept. A row that is too short for the column stays as it
/// is.
///
/// # Errors
/// A table that cannot be read any more, the first error of `cell`, a file that cannot be written.
pub(super) fn copy(table: &TextTable, column: usize, target: &Path, cell: Cell) -> Result<(), SetError> {
    let rows = table.rows()?;
    let mut failed = None;
    let written = atomic::write_with(target, |out| {
        let terminator = if table.crlf { Terminator::CRLF } else { Terminator::Any(b'\n') };
        let mut builder = WriterBuilder::new();
        builder.delimiter(table.delimiter).flexible(true).terminator(terminator);
        let mut writer = builder.from_writer(out);
        if table.is_named {
            writer.write_record(&table.columns).map_err(disk)?;
        }
        for (row, number) in rows.zip(0..) {
            let row = row.map_err(|error| stopped(&mut failed, error))?;
            match cell(&row, number).map_err(|error| stopped(&mut failed, error))? {
                Some(word) => {
                    let cells = row.iter().enumerate();
                    let cells = cells.map(|(at, old)| if at == column { word.as_bytes() } else { old });
                    writer.write_record(cells).map_err(disk)?;
                }
                None => writer.write_byte_record(&row).map_err(disk)?,
            }
        }
        writer.flush()
    });
    match failed {
        Some(error) => Err(error),
        None => Ok(written?),
    }
}
