//! The codes of an index as a table for other programs: Parquet, CSV or NPY, whole or not at all. A face at a time is in
//! memory, a row group at a time for Parquet.

use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use npyz::WriterBuilder;
use parquet::basic::Compression;
use parquet::data_type::{ByteArray, ByteArrayType, DataType, FloatType, Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;
use rusqlite::Connection;

use super::error::GalleryError;
use super::index::Index;
use super::read::count_codes;
use super::rows::{self, TOLD, Told};
use crate::data::atomic;
use crate::data::shards::into_io;
use crate::face::{CODE_DIM, FaceCode};

/// Rows of a row group.
const ROWS_IN_GROUP: usize = 10_000;

/// What says which face a row is: its key; the photograph or shard, or the row and name in a shard; which face of the
/// picture it is.
const WHICH: [&str; 5] = ["key", "file", "row", "name", "face"];
/// What is known of it.
const LABELS: [&str; 6] = ["person", "clip", "expression", "valence", "arousal", "confidence"];

/// A kind of table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Columns `key`, `file`, `row`, `name`, `face`, the labels, and the 99 numbers as `facespace encode` has them (pose
    /// in degrees).
    Parquet,
    /// The same columns.
    Csv,
    /// The 99 numbers alone, as faces x 99 in single precision, pose in radians; beside it a CSV of the same name with
    /// `key`, `file`, `row`, `name` and `face`.
    Npy,
}

impl Format {
    /// The kind that a file name's extension asks for, in capitals or not.
    ///
    /// # Errors
    /// Another extension.
    pub fn from_path(path: &Path) -> Result<Self, GalleryError> {
        let extension = path.extension().and_then(|e| e.to_str()).unwrap_or_default();
        match extension.to_ascii_lowercase().as_str() {
            "parquet" => Ok(Self::Parquet),
            "csv" => Ok(Self::Csv),
            "npy" => Ok(Self::Npy),
            _ => Err(GalleryError::UnknownExtension(path.to_owned())),
        }
    }
}

/// Writes the codes of all faces into a file, replacing what has its name; how many there are.
///
/// # Errors
/// A database that cannot be read, and whatever keeps a file from being written; what was there before is then still
/// there.
pub fn export(index: &Index, path: &Path, format: Format) -> Result<usize, GalleryError> {
    // At one moment, so that both files of a pair have the same faces.
    let told = |error: rusqlite::Error| GalleryError::store(index.folder(), &error);
    let moment = index.db.unchecked_transaction().map_err(told)?;
    let count = count_codes(&moment).map_err(told)?;
    let faces = Faces { index, db: &moment };
    match format {
        Format::Parquet => faces.write(path, |out| faces.parquet(out))?,
        Format::Csv => faces.write(path, |out| faces.csv(out, true))?,
        Format::Npy => {
            faces.write(&path.with_extension("csv"), |out| faces.csv(out, false))?;
            faces.write(path, |out| faces.npy(out, count))?;
        }
    }
    Ok(count)
}

/// All faces of an index, as they were at one moment.
struct Faces<'a> {
    index: &'a Index,
    db: &'a Connection,
}

/// Why a table was not written.
enum Fault {
    Database(rusqlite::Error),
    Disk(io::Error),
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        Fault::Database(error)
    }
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        Fault::Disk(error)
    }
}

impl From<csv::Error> for Fault {
    fn from(error: csv::Error) -> Self {
        Fault::Disk(error.into())
    }
}

impl From<ParquetError> for Fault {
    fn from(error: ParquetError) -> Self {
        Fault::Disk(into_io(error))
    }
}

impl Faces<'_> {
    /// Writes a file that `fill` makes.
    fn write(
        &self,
        path: &Path,
        fill: impl FnOnce(&mut (dyn Write + Send)) -> Result<(), Fault>,
    ) -> Result<(), GalleryError> {
        let mut failed = None;
        let written = atomic::write_with(path, |out| match fill(out) {
            Ok(()) => Ok(()),
            Err(Fault::Disk(error)) => Err(error),
            Err(Fault::Database(error)) => {
                failed = Some(error);
                Err(io::Error::other("the index could not be read"))
            }
        });
        match failed {
            Some(error) => Err(GalleryError::store(self.index.folder(), &error)),
            None => Ok(written?),
        }
    }

    /// Hands over one face after the other.
    fn each(&self, mut see: impl FnMut(Told) -> Result<(), Fault>) -> Result<(), Fault> {
        let mut statement = self.db.prepare(&format!("{TOLD} ORDER BY codes.key"))?;
        let mut faces = statement.query([])?;
        while let Some(row) = faces.next()? {
            see(rows::told(row)?)?;
        }
        Ok(())
    }

    /// With `all`, every column; else those that say which face a row is.
    fn csv(&self, out: &mut (dyn Write + Send), all: bool) -> Result<(), Fault> {
        let mut writer = csv::Writer::from_writer(out);
        let mut columns: Vec<String> = WHICH.map(str::to_owned).to_vec();
        if all {
            columns.extend(LABELS.map(str::to_owned));
            columns.extend(FaceCode::columns());
        }
        writer.write_record(&columns)?;
        self.each(|face| {
            let mut record = which(&face);
            if all {
                record.extend(labels(&face));
                record.extend(values(&face)?.iter().map(f32::to_string));
            }
            Ok(writer.write_record(&record)?)
        })?;
        Ok(writer.flush()?)
    }

    fn npy(&self, out: &mut (dyn Write + Send), count: usize) -> Result<(), Fault> {
        let shape = [count as u64, CODE_DIM as u64];
        let mut writer = npyz::WriteOptions::<f32>::new().default_dtype().shape(&shape).writer(out).begin_nd()?;
        self.each(|face| Ok(writer.extend(face.code)?))?;
        Ok(writer.finish()?)
    }

    fn parquet(&self, out: &mut (dyn Write + Send)) -> Result<(), Fault> {
        let schema = Arc::new(parse_message_type(&schema())?);
        let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
        let mut file = SerializedFileWriter::new(out, schema, Arc::new(properties))?;
        let mut group = Vec::with_capacity(ROWS_IN_GROUP);
        self.each(|face| {
            let values = values(&face)?;
            group.push((face, values));
            if group.len() == ROWS_IN_GROUP {
                write_group(&mut file, &group)?;
                group.clear();
            }
            Ok(())
        })?;
        if !group.is_empty() {
            write_group(&mut file, &group)?;
        }
        file.close()?;
        Ok(())
    }
}

fn schema() -> String {
    let mut schema = "message faces { required int64 key; required binary file (UTF8); optional int64 row; \
                      optional binary name (UTF8); required int32 face; optional binary person (UTF8); \
                      optional binary clip (UTF8); optional binary expression (UTF8); optional float valence; \
                      optional float arousal; optional float confidence; "
        .to_owned();
    for column in FaceCode::columns() {
        schema.push_str(&format!("required float {column}; "));
    }
    schema + "}"
}

/// The columns of a row group, in the order of the schema.
fn write_group<W: Write + Send>(
    file: &mut SerializedFileWriter<W>,
    faces: &[(Told, Vec<f32>)],
) -> Result<(), ParquetError> {
    let mut row_group = file.next_row_group()?;
    let group = &mut row_group;
    let text = |text: Option<&str>| text.map(ByteArray::from);
    required::<Int64Type, _>(group, faces.iter().map(|(face, _)| face.key))?;
    required::<ByteArrayType, _>(group, faces.iter().map(|(face, _)| ByteArray::from(&*file_of(face))))?;
    optional::<Int64Type, _>(group, faces.iter().map(|(face, _)| face.row.map(u64::cast_signed)))?;
    optional::<ByteArrayType, _>(group, faces.iter().map(|(face, _)| text(face.name.as_deref())))?;
    required::<Int32Type, _>(group, faces.iter().map(|(face, _)| i32::try_from(face.number).unwrap_or(i32::MAX)))?;
    optional::<ByteArrayType, _>(group, faces.iter().map(|(face, _)| text(face.labels.person.as_deref())))?;
    optional::<ByteArrayType, _>(group, faces.iter().map(|(face, _)| text(face.labels.clip.as_deref())))?;
    let class = |face: &Told| face.labels.expression.map(|class| class.name());
    optional::<ByteArrayType, _>(group, faces.iter().map(|(face, _)| text(class(face))))?;
    optional::<FloatType, _>(group, faces.iter().map(|(face, _)| face.labels.valence))?;
    optional::<FloatType, _>(group, faces.iter().map(|(face, _)| face.labels.arousal))?;
    optional::<FloatType, _>(group, faces.iter().map(|(face, _)| face.confidence))?;
    for column in 0..CODE_DIM {
        required::<FloatType, _>(group, faces.iter().map(|(_, values)| values[column]))?;
    }
    row_group.close()?;
    Ok(())
}

fn required<T: DataType, W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    cells: impl Iterator<Item = T::T>,
) -> Result<(), ParquetError> {
    column::<T, W>(group, &cells.collect::<Vec<_>>(), None)
}

fn optional<T: DataType, W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    cells: impl Iterator<Item = Option<T::T>>,
) -> Result<(), ParquetError> {
    let cells: Vec<Option<T::T>> = cells.collect();
    let levels: Vec<i16> = cells.iter().map(|cell| i16::from(cell.is_some())).collect();
    column::<T, W>(group, &cells.into_iter().flatten().collect::<Vec<_>>(), Some(&levels))
}

fn column<T: DataType, W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    values: &[T::T],
    levels: Option<&[i16]>,
) -> Result<(), ParquetError> {
    // The calls follow the schema, so there is a column left for each.
    let missing = || ParquetError::General("there are more columns than the schema has".to_owned());
    let mut column = group.next_column()?.ok_or_else(missing)?;
    column.typed::<T>().write_batch(values, levels, None)?;
    column.close()
}

fn file_of(face: &Told) -> String {
    face.path.display().to_string()
}

/// The cells of [`WHICH`].
fn which(face: &Told) -> Vec<String> {
    vec![
        face.key.to_string(),
        file_of(face),
        face.row.map(|row| row.to_string()).unwrap_or_default(),
        face.name.clone().unwrap_or_default(),
        face.number.to_string(),
    ]
}

/// The cells of [`LABELS`].
fn labels(face: &Told) -> [String; 6] {
    let number = |value: Option<f32>| value.map(|value| value.to_string()).unwrap_or_default();
    let labels = &face.labels;
    [
        labels.person.clone().unwrap_or_default(),
        labels.clip.clone().unwrap_or_default(),
        labels.expression.map(|class| class.name().to_owned()).unwrap_or_default(),
        number(labels.valence),
        number(labels.arousal),
        number(face.confidence),
    ]
}

/// The 99 numbers as `facespace encode` has them.
fn values(face: &Told) -> rusqlite::Result<Vec<f32>> {
    let code = FaceCode::from_array(&face.code).ok_or_else(|| rows::misshapen("a code is no face's".to_owned()))?;
    Ok(code.values())
}
