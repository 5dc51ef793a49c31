//! Lists in plain text as sets have them: a picture or a person a line, with tabs, commas or blanks between its parts,
//! which may stand in quotes. One line is in memory at a time, and reading goes on at any place.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use super::{Reason, SetError};

/// What the columns of five points hold: the middles of both eyes, the tip of the nose, the corners of the mouth.
pub(super) type PointColumns = [usize; 10];

/// Coordinates beyond this are damage.
const FARTHEST: f32 = 1e6;

/// A list that is read line by line.
pub(super) struct List {
    path: PathBuf,
    reader: BufReader<File>,
    bytes: Vec<u8>,
    text: String,
    /// Where the next line begins.
    place: u64,
}

impl List {
    /// # Errors
    /// A file that cannot be read.
    pub fn open(path: &Path) -> Result<Self, SetError> {
        let file = File::open(path).map_err(|e| SetError::from_io(path, &e))?;
        let (bytes, text) = (Vec::new(), String::new());
        Ok(List { path: path.to_owned(), reader: BufReader::new(file), bytes, text, place: 0 })
    }

    /// The next line that is not empty, and where it begins; none at the end.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn line(&mut self) -> Result<Option<(u64, &str)>, SetError> {
        loop {
            let place = self.place;
            self.bytes.clear();
            let read = self.reader.read_until(b'\n', &mut self.bytes);
            let length = read.map_err(|e| SetError::from_io(&self.path, &e))?;
            if length == 0 {
                return Ok(None);
            }
            self.place += length as u64;
            self.text.clear();
            // A name in another encoding is one that no file has; the other lines are still good.
            self.text.push_str(&String::from_utf8_lossy(&self.bytes));
            if place == 0 && self.text.starts_with('\u{feff}') {
                self.text.remove(0);
            }
            if !self.text.trim().is_empty() {
                return Ok(Some((place, self.text.trim())));
            }
        }
    }

    /// Goes on with the line that begins at `place`.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn go_to(&mut self, place: u64) -> Result<(), SetError> {
        let step = place.cast_signed() - self.place.cast_signed();
        self.place = place;
        self.reader.seek_relative(step).map_err(|e| SetError::from_io(&self.path, &e))
    }
}

/// The parts of a line: between tabs where it has any, else between commas, else between blanks; without the blanks and
/// quotes around them.
pub(super) fn parts(line: &str) -> Vec<&str> {
    if line.contains('\t') {
        line.split('\t').map(clean).collect()
    } else if line.contains(',') {
        line.split(',').map(clean).collect()
    } else {
        line.split_whitespace().map(clean).collect()
    }
}

fn clean(part: &str) -> &str {
    part.trim().trim_matches(['"', '\'']).trim()
}

/// Where the wanted columns stand in a header, whose names may be in capitals or not.
///
/// # Errors
/// The columns that are not there, by name.
pub(super) fn find_columns<const N: usize>(
    path: &Path,
    header: &[&str],
    wanted: &[&str; N],
) -> Result<[usize; N], SetError> {
    let place = |name: &str| header.iter().position(|column| column.eq_ignore_ascii_case(name));
    let lacking: Vec<String> =
        wanted.iter().filter(|name| place(name).is_none()).map(|&name| name.to_owned()).collect();
    if !lacking.is_empty() {
        return Err(SetError::NoColumns { path: path.to_owned(), columns: lacking, found: header.join(", ") });
    }
    // None of them lacks.
    Ok(wanted.map(|name| place(name).unwrap_or_default()))
}

/// Five points out of a row: the left eye in the picture, the right one, the nose, the left corner of the mouth, the
/// right one.
///
/// # Errors
/// [`Reason::BadRow`]: parts that are missing or no numbers, numbers beyond all pictures, both eyes in one place.
pub(super) fn five_points(row: &[&str], columns: &PointColumns) -> Result<[[f32; 2]; 5], Reason> {
    let mut numbers = [0.0f32; 10];
    for (number, &column) in numbers.iter_mut().zip(columns) {
        let part = row.get(column).ok_or_else(|| Reason::bad("fewer than five points"))?;
        *number = part.parse().map_err(|_| Reason::bad("a point that is no number"))?;
        if !number.is_finite() || number.abs() > FARTHEST {
            return Err(Reason::bad("a point that no picture has"));
        }
    }
    let points: [[f32; 2]; 5] = std::array::from_fn(|i| [numbers[2 * i], numbers[2 * i + 1]]);
    let [[left_x, left_y], [right_x, right_y], ..] = points;
    if (right_x - left_x).hypot(right_y - left_y) < 1.0 {
        return Err(Reason::bad("both eyes in one place"));
    }
    Ok(points)
}
