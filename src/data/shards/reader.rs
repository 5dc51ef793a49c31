//! Shards row by row. At any time one row group is in memory, its pictures encoded.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use parquet::data_type::ByteArray;

use super::columns::{Column, Kind, Table};
use super::find::holds_photographs;
use super::{PoseTable, ShardError};

/// The highest expression label: seven emotions and neutral.
const LAST_EXPRESSION: f64 = 7.0;

/// A labelled picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// The picture's own path or name; `SHARD#ROW` where the shard gives none.
    pub path: String,
    /// The picture's file, to be decoded by [`crate::data::image::decode`].
    pub picture_bytes: Vec<u8>,
    pub person: Option<String>,
    pub clip: Option<String>,
    /// 0 neutral, 1 happy, 2 sad, 3 surprise, 4 fear, 5 disgust, 6 anger, 7 contempt.
    pub expression: Option<u8>,
    /// -1 to 1.
    pub valence: Option<f32>,
    /// -1 to 1.
    pub arousal: Option<f32>,
    /// Yaw, pitch, roll in degrees.
    pub pose_deg: Option<[f32; 3]>,
    /// 68 points in pixels of the stored picture.
    pub landmarks: Option<[[f32; 2]; 68]>,
    /// What a synthetic face was made from, in the order of [`crate::data::synth::FACTORS`].
    pub factors: Option<Vec<f32>>,
}

/// Reads a shard; an iterator over its rows. A row that is wrong is an error and the next one follows; after a damaged
/// part of the file there is nothing more.
pub struct ShardReader {
    table: Table,
    columns: Columns,
    poses: Arc<PoseTable>,
    next_group: usize,
    group: Option<Group>,
    /// Number of the next row in the file.
    row: u64,
    /// A label that is none of the eight expressions does not make its row wrong.
    keeps_unlabelled: bool,
    labels_left_out: u64,
}

struct Columns {
    bytes: Column,
    path: Option<Column>,
    person: Option<Column>,
    clip: Option<Column>,
    expression: Option<Column>,
    valence: Option<Column>,
    arousal: Option<Column>,
    angles: [Option<Column>; 3],
    landmarks: Option<Column>,
    factors: Option<Column>,
}

impl Columns {
    fn of(table: &Table) -> Result<Self, ShardError> {
        let number = |name| table.find(name, Kind::Number);
        Ok(Self {
            bytes: table.require("image.bytes", Kind::Bytes)?,
            path: table.find("image.path", Kind::Bytes)?,
            person: table.find("person", Kind::Bytes)?,
            clip: table.find("clip", Kind::Bytes)?,
            expression: number("expression")?,
            valence: number("valence")?,
            arousal: number("arousal")?,
            angles: [number("yaw")?, number("pitch")?, number("roll")?],
            landmarks: table.find("landmarks", Kind::Numbers)?,
            factors: table.find("factors", Kind::Numbers)?,
        })
    }
}

/// The columns of one row group; taken from the front, a cell each.
struct Group {
    bytes: Cells<ByteArray>,
    path: Cells<String>,
    person: Cells<String>,
    clip: Cells<String>,
    expression: Cells<f64>,
    valence: Cells<f64>,
    arousal: Cells<f64>,
    angles: [Cells<f64>; 3],
    landmarks: Cells<Vec<f32>>,
    factors: Cells<Vec<f32>>,
}

/// Cells of a column in order; a column that the shard lacks is one without cells.
struct Cells<T>(std::vec::IntoIter<Option<T>>);

impl<T> Cells<T> {
    fn of(
        column: Option<Column>,
        read: impl FnOnce(Column) -> Result<Vec<Option<T>>, ShardError>,
    ) -> Result<Self, ShardError> {
        Ok(Self(column.map(read).transpose()?.unwrap_or_default().into_iter()))
    }

    fn take(&mut self) -> Option<T> {
        self.0.next().flatten()
    }
}

impl Group {
    fn read(table: &Table, group: usize, columns: &Columns) -> Result<Self, ShardError> {
        let texts = |column| Cells::of(column, |column| table.texts(group, column));
        let numbers = |column| Cells::of(column, |column| table.numbers(group, column));
        let lists = |column| Cells::of(column, |column| table.lists(group, column));
        let [yaw, pitch, roll] = columns.angles;
        Ok(Self {
            bytes: Cells::of(Some(columns.bytes), |column| table.bytes(group, column))?,
            path: texts(columns.path)?,
            person: texts(columns.person)?,
            clip: texts(columns.clip)?,
            expression: numbers(columns.expression)?,
            valence: numbers(columns.valence)?,
            arousal: numbers(columns.arousal)?,
            angles: [numbers(yaw)?, numbers(pitch)?, numbers(roll)?],
            landmarks: lists(columns.landmarks)?,
            factors: lists(columns.factors)?,
        })
    }

    fn is_empty(&self) -> bool {
        self.bytes.0.len() == 0
    }
}

impl ShardReader {
    /// Opens a shard, and the table of angles that lies beside it.
    ///
    /// # Errors
    /// A missing or damaged file, no column `image.bytes`, or a known column of another type.
    pub fn open(path: &Path) -> Result<Self, ShardError> {
        let poses = PoseTable::beside(path.parent().unwrap_or(Path::new("")))?;
        Self::open_with(path, Arc::new(poses))
    }

    /// Opens a shard with a table of angles that is already read. Shards of whole photographs make no use of it.
    ///
    /// # Errors
    /// As [`ShardReader::open`].
    pub fn open_with(path: &Path, poses: Arc<PoseTable>) -> Result<Self, ShardError> {
        let table = Table::open(path)?;
        let columns = Columns::of(&table)?;
        let poses = if holds_photographs(path) { Arc::default() } else { poses };
        let (keeps_unlabelled, labels_left_out) = (false, 0);
        Ok(Self { table, columns, poses, next_group: 0, group: None, row: 0, keeps_unlabelled, labels_left_out })
    }

    /// The same, but a row whose label is none of the eight expressions comes without it and is not wrong.
    pub fn leaving_out_labels(self) -> Self {
        Self { keeps_unlabelled: true, ..self }
    }

    /// Labels that were left out so far.
    pub fn labels_left_out(&self) -> u64 {
        self.labels_left_out
    }

    /// Whether any row is labelled with one of the eight expressions; of the file that column alone is read.
    ///
    /// # Errors
    /// A damaged part of the file.
    pub fn has_expressions(&self) -> Result<bool, ShardError> {
        let Some(column) = self.columns.expression else { return Ok(false) };
        for group in 0..self.table.row_groups() {
            let labels = self.table.numbers(group, column)?;
            if labels.into_iter().flatten().any(|label| expression_of(label).is_ok()) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Number of rows in the whole shard.
    pub fn rows(&self) -> u64 {
        self.table.rows()
    }

    /// Passes over rows; row groups that lie before the next one wanted are not read.
    ///
    /// # Errors
    /// A damaged part of the file.
    pub fn pass_over(&mut self, rows: u64) -> Result<(), ShardError> {
        let until = self.row + rows;
        while self.group.is_none() && self.next_group < self.table.row_groups() {
            let after = self.row + self.table.rows_in(self.next_group) as u64;
            if after > until {
                break;
            }
            self.row = after;
            self.next_group += 1;
        }
        while self.row < until && self.advance()? {
            // What is wrong with a row that nobody wants does not matter.
            let _ = self.record();
        }
        Ok(())
    }

    /// Makes sure that there is a next row; false at the end.
    fn advance(&mut self) -> Result<bool, ShardError> {
        while self.group.as_ref().is_none_or(Group::is_empty) {
            if self.next_group == self.table.row_groups() {
                return Ok(false);
            }
            // The old group goes before the new one comes.
            self.group = None;
            let group = Group::read(&self.table, self.next_group, &self.columns);
            // After a damaged group the rest cannot be trusted.
            self.next_group = if group.is_ok() { self.next_group + 1 } else { self.table.row_groups() };
            self.group = Some(group?);
        }
        Ok(true)
    }

    /// The next row. All its cells are taken before any is judged, so that the columns stay level.
    fn record(&mut self) -> Option<Result<Record, ShardError>> {
        let group = self.group.as_mut()?;
        let row = self.row;
        self.row += 1;
        let bytes = group.bytes.take();
        let path = group.path.take();
        let (person, clip) = (group.person.take(), group.clip.take());
        let expression = group.expression.take();
        let (valence, arousal) = (group.valence.take(), group.arousal.take());
        let [yaw, pitch, roll] = group.angles.each_mut().map(Cells::take);
        let landmarks = group.landmarks.take();
        let factors = group.factors.take();

        let mut expression = expression.map(expression_of).transpose();
        if self.keeps_unlabelled && expression.is_err() {
            self.labels_left_out += 1;
            expression = Ok(None);
        }
        let bad = |what: String| ShardError::BadRow { path: self.table.path().to_owned(), row, what };
        let path = path.unwrap_or_else(|| {
            format!("{}#{row}", self.table.path().file_name().unwrap_or_default().to_string_lossy())
        });
        let stored_angles = || Some([yaw? as f32, pitch? as f32, roll? as f32]);
        let record = || {
            Ok(Record {
                picture_bytes: bytes.ok_or_else(|| bad("no picture".to_owned()))?.data().to_vec(),
                expression: expression.map_err(bad)?,
                landmarks: landmarks.map(|numbers| points_of(&numbers).map_err(bad)).transpose()?,
                pose_deg: self.poses.get(&path).or_else(stored_angles).filter(|a| a.iter().all(|v| v.is_finite())),
                valence: finite(valence),
                arousal: finite(arousal),
                path,
                person,
                clip,
                factors,
            })
        };
        Some(record())
    }
}

impl Iterator for ShardReader {
    type Item = Result<Record, ShardError>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.advance() {
            Ok(true) => self.record(),
            Ok(false) => None,
            Err(error) => Some(Err(error)),
        }
    }
}

/// The rows of several shards one after the other; a shard that cannot be opened is one error in its place. The table
/// of angles is read once for shards of one folder that follow each other.
pub fn records(shards: Vec<PathBuf>) -> impl Iterator<Item = Result<Record, ShardError>> {
    let mut last: Option<(PathBuf, Arc<PoseTable>)> = None;
    let mut open = move |path: &Path| {
        let folder = path.parent().unwrap_or(Path::new(""));
        let poses = match &last {
            Some((known, poses)) if known == folder => poses.clone(),
            _ => Arc::new(PoseTable::beside(folder)?),
        };
        last = Some((folder.to_owned(), poses.clone()));
        ShardReader::open_with(path, poses)
    };
    shards.into_iter().flat_map(move |path| {
        let (rows, failure) = match open(&path) {
            Ok(reader) => (Some(reader), None),
            Err(error) => (None, Some(Err(error))),
        };
        rows.into_iter().flatten().chain(failure)
    })
}

fn expression_of(label: f64) -> Result<u8, String> {
    if (0.0..=LAST_EXPRESSION).contains(&label) && label.fract() == 0.0 {
        Ok(label as u8)
    } else {
        Err(format!("the expression {label}, which is not one of 0 to {LAST_EXPRESSION}"))
    }
}

fn points_of(numbers: &[f32]) -> Result<[[f32; 2]; 68], String> {
    let points = <&[[f32; 2]; 68]>::try_from(numbers.as_chunks().0);
    match points {
        Ok(points) if numbers.len() == 136 && numbers.iter().all(|v| v.is_finite()) => Ok(*points),
        Ok(_) => Err("landmarks that are not finite numbers".to_owned()),
        Err(_) => Err(format!("{} numbers as landmarks, where 136 belong", numbers.len())),
    }
}

fn finite(value: Option<f64>) -> Option<f32> {
    value.map(|v| v as f32).filter(|v| v.is_finite())
}
