//! Columns of a Parquet file as plain vectors, a row group at a time: one entry a row, `None` where the cell is null.

use std::fs::File;
use std::path::{Path, PathBuf};

use parquet::basic::Type;
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::{ByteArray, DataType};
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::schema::types::ColumnDescriptor;

use super::ShardError;

/// What a column is expected to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::data) enum Kind {
    /// Text or encoded pictures.
    Bytes,
    /// Whole numbers or fractions, of any width.
    Number,
    /// Lists of them.
    Numbers,
}

impl Kind {
    fn wanted(self) -> &'static str {
        match self {
            Self::Bytes => "bytes or text",
            Self::Number => "numbers",
            Self::Numbers => "lists of numbers",
        }
    }

    fn fits(self, column: &ColumnDescriptor) -> bool {
        let number = matches!(column.physical_type(), Type::INT32 | Type::INT64 | Type::FLOAT | Type::DOUBLE);
        match (self, column.max_rep_level()) {
            (Self::Bytes, 0) => column.physical_type() == Type::BYTE_ARRAY,
            (Self::Number, 0) | (Self::Numbers, 1) => number,
            _ => false,
        }
    }
}

/// An open Parquet file whose columns are found by name.
pub(in crate::data) struct Table {
    path: PathBuf,
    file: SerializedFileReader<File>,
}

/// Where a column of known kind lies in its table.
#[derive(Clone, Copy)]
pub(in crate::data) struct Column(usize);

impl Table {
    pub fn open(path: &Path) -> Result<Self, ShardError> {
        let file = File::open(path).map_err(|e| ShardError::from_io(path, &e))?;
        let is_dir = file.metadata().is_ok_and(|about| about.is_dir());
        if is_dir {
            return Err(ShardError::Unreadable { path: path.to_owned(), detail: "it is a folder".to_owned() });
        }
        let file = SerializedFileReader::new(file).map_err(|e| ShardError::from_parquet(path, &e))?;
        Ok(Self { path: path.to_owned(), file })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn row_groups(&self) -> usize {
        self.file.num_row_groups()
    }

    pub fn rows(&self) -> u64 {
        self.file.metadata().file_metadata().num_rows().max(0) as u64
    }

    pub fn rows_in(&self, group: usize) -> usize {
        self.file.metadata().row_group(group).num_rows().max(0) as usize
    }

    /// The names of its columns but for those of lists, the fields of a struct after its name and a dot.
    pub fn names(&self) -> Vec<String> {
        let columns = self.file.metadata().file_metadata().schema_descr().columns().iter();
        columns.filter(|column| column.max_rep_level() == 0).map(|column| column.path().string()).collect()
    }

    /// A column that may be absent. Lists go by their outer name: what their inner levels are called differs by writer.
    pub fn find(&self, name: &str, kind: Kind) -> Result<Option<Column>, ShardError> {
        let is_it = |column: &ColumnDescriptor| match kind {
            Kind::Numbers => column.path().parts().first().is_some_and(|part| part == name),
            _ => column.path().string() == name,
        };
        let columns = self.file.metadata().file_metadata().schema_descr().columns();
        let Some(index) = columns.iter().position(|column| is_it(column)) else { return Ok(None) };
        if kind.fits(&columns[index]) {
            return Ok(Some(Column(index)));
        }
        Err(ShardError::WrongColumn {
            path: self.path.clone(),
            column: name.to_owned(),
            found: format!("{:?}", columns[index].physical_type()),
            wanted: kind.wanted(),
        })
    }

    /// A column that must be there.
    pub fn require(&self, name: &'static str, kind: Kind) -> Result<Column, ShardError> {
        self.find(name, kind)?.ok_or_else(|| self.no_column(name))
    }

    fn no_column(&self, name: &'static str) -> ShardError {
        let columns = self.file.metadata().file_metadata().schema_descr().columns().iter();
        let found = columns.map(|column| column.path().string()).collect::<Vec<_>>().join(", ");
        ShardError::NoColumn { path: self.path.clone(), column: name, found }
    }

    /// A field that must be there, a number or a truth value, of a list of structs. Goes by the names of the two: what
    /// the levels between them are called differs by writer.
    pub fn require_field(&self, list: &'static str, field: &'static str) -> Result<Column, ShardError> {
        let is_it = |column: &ColumnDescriptor| {
            let parts = column.path().parts();
            parts.len() > 1
                && parts.first().is_some_and(|part| part == list)
                && parts.last().is_some_and(|part| part == field)
        };
        let columns = self.file.metadata().file_metadata().schema_descr().columns();
        let Some(index) = columns.iter().position(|column| is_it(column)) else { return Err(self.no_column(list)) };
        let is_truth = columns[index].physical_type() == Type::BOOLEAN && columns[index].max_rep_level() == 1;
        if is_truth || Kind::Numbers.fits(&columns[index]) {
            return Ok(Column(index));
        }
        Err(ShardError::WrongColumn {
            path: self.path.clone(),
            column: format!("{list}.{field}"),
            found: format!("{:?}", columns[index].physical_type()),
            wanted: Kind::Numbers.wanted(),
        })
    }

    pub fn bytes(&self, group: usize, column: Column) -> Result<Vec<Option<ByteArray>>, ShardError> {
        self.read(group, column, |reader, levels, rows| match reader {
            ColumnReader::ByteArrayColumnReader(reader) => flat(reader, levels, rows),
            _ => Err(unexpected_type()),
        })
    }

    pub fn texts(&self, group: usize, column: Column) -> Result<Vec<Option<String>>, ShardError> {
        let cells = self.bytes(group, column)?;
        Ok(cells.into_iter().map(|cell| Some(String::from_utf8_lossy(cell?.data()).into_owned())).collect())
    }

    pub fn numbers(&self, group: usize, column: Column) -> Result<Vec<Option<f64>>, ShardError> {
        self.read(group, column, |reader, levels, rows| match reader {
            ColumnReader::Int32ColumnReader(r) => Ok(as_f64(flat(r, levels, rows)?, f64::from)),
            ColumnReader::Int64ColumnReader(r) => Ok(as_f64(flat(r, levels, rows)?, |v| v as f64)),
            ColumnReader::FloatColumnReader(r) => Ok(as_f64(flat(r, levels, rows)?, f64::from)),
            ColumnReader::DoubleColumnReader(r) => Ok(as_f64(flat(r, levels, rows)?, |v| v)),
            _ => Err(unexpected_type()),
        })
    }

    /// Lists of numbers, or of truth values as 0 and 1; a null list and an empty one are both `None`, a null within a
    /// list is not a number.
    pub fn lists(&self, group: usize, column: Column) -> Result<Vec<Option<Vec<f32>>>, ShardError> {
        self.read(group, column, |reader, levels, rows| match reader {
            ColumnReader::Int32ColumnReader(r) => lists(r, levels, rows, |v| v as f32),
            ColumnReader::Int64ColumnReader(r) => lists(r, levels, rows, |v| v as f32),
            ColumnReader::FloatColumnReader(r) => lists(r, levels, rows, |v| v),
            ColumnReader::DoubleColumnReader(r) => lists(r, levels, rows, |v| v as f32),
            ColumnReader::BoolColumnReader(r) => lists(r, levels, rows, |v| f32::from(u8::from(v))),
            _ => Err(unexpected_type()),
        })
    }

    /// Reads one column of one row group. `read` gets the definition level of a value that is there, and the number of
    /// rows.
    fn read<T>(
        &self,
        group: usize,
        Column(index): Column,
        read: impl FnOnce(ColumnReader, i16, usize) -> Result<Vec<T>, ParquetError>,
    ) -> Result<Vec<T>, ShardError> {
        let rows = self.rows_in(group);
        let cells = || {
            let group = self.file.get_row_group(group)?;
            let levels = group.metadata().schema_descr().column(index).max_def_level();
            let cells = read(group.get_column_reader(index)?, levels, rows)?;
            if cells.len() == rows { Ok(cells) } else { Err(ParquetError::EOF("rows are missing".to_owned())) }
        };
        cells().map_err(|e| ShardError::from_parquet(&self.path, &e))
    }
}

/// Cells of a column without lists.
fn flat<T: DataType>(
    mut reader: ColumnReaderImpl<T>,
    there: i16,
    rows: usize,
) -> Result<Vec<Option<T::T>>, ParquetError> {
    let (mut values, mut levels) = (Vec::new(), Vec::new());
    reader.read_records(rows, Some(&mut levels), None, &mut values)?;
    if there == 0 {
        return Ok(values.into_iter().map(Some).collect());
    }
    let mut values = values.into_iter();
    Ok(levels.into_iter().map(|level| if level == there { values.next() } else { None }).collect())
}

/// Cells of a column with one level of lists: a repetition level of 0 starts the next row.
fn lists<T: DataType>(
    mut reader: ColumnReaderImpl<T>,
    there: i16,
    rows: usize,
    to_f32: impl Fn(T::T) -> f32,
) -> Result<Vec<Option<Vec<f32>>>, ParquetError> {
    let (mut values, mut definitions, mut repetitions) = (Vec::new(), Vec::new(), Vec::new());
    reader.read_records(rows, Some(&mut definitions), Some(&mut repetitions), &mut values)?;
    let mut values = values.into_iter();
    let mut cells: Vec<Option<Vec<f32>>> = Vec::with_capacity(rows);
    for (definition, repetition) in definitions.into_iter().zip(repetitions) {
        if repetition == 0 {
            cells.push(None);
        }
        let Some(cell) = cells.last_mut() else { continue };
        if definition == there {
            cell.get_or_insert_default().extend(values.next().map(&to_f32));
        } else if repetition > 0 || cell.is_some() {
            cell.get_or_insert_default().push(f32::NAN);
        }
    }
    Ok(cells)
}

fn as_f64<T>(cells: Vec<Option<T>>, to_f64: impl Fn(T) -> f64) -> Vec<Option<f64>> {
    cells.into_iter().map(|cell| cell.map(&to_f64)).collect()
}

/// A column is only read after [`Kind::fits`] accepted its type; only a file that contradicts itself gets here.
fn unexpected_type() -> ParquetError {
    ParquetError::General("a column changed its type".to_owned())
}
