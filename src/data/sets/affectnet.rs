//! AffectNet as it was first published: `training.csv` and `validation.csv` (in `Manually_Annotated_file_lists` or
//! elsewhere, the second without a row of names in some copies), pictures in `Manually_Annotated_Images`. A row has the
//! picture, a box around the face, 68 landmarks as `x;y;x;y...`, the expression 0 to 10, valence and arousal; -2 stands
//! for those that are not known. Landmarks and boxes are taken as pixels of the picture. Pictures that no list names
//! are told after the last row of the last list.

use std::path::{Path, PathBuf};

use csv::ByteRecord;

use super::columns::{known_classes, mood};
use super::files::{Seen, folder_of, folders, key_of, names};
use super::table::{TextRows, TextTable, cell, no_columns, numbered};
use super::walk::{Walk, joined};
use super::{Columns, Entries, Entry, Format, Marks, Picture, Problem, Reason, Set, SetError, Split};
use crate::face::{Crop, FaceBox, Landmarks};

/// The columns, in the order of a list that does not name them.
const COLUMNS: [&str; 9] = [
    "subDirectory_filePath",
    "face_x",
    "face_y",
    "face_width",
    "face_height",
    "facial_landmarks",
    "expression",
    "valence",
    "arousal",
];

/// How deep the lists may lie below the folder that is named.
const DEPTH: usize = 3;
/// How many rows are tried in each folder that may have the pictures.
const TRIED: usize = 100;

/// Where the pictures may lie, beside the lists, beside their folder, or in the folder that is named.
const IMAGES: [&str; 8] = [
    "",
    "Manually_Annotated_Images",
    "Manually_Annotated/Manually_Annotated_Images",
    "Manually_Annotated_compressed/Manually_Annotated_Images",
    "Automatically_Annotated_Images",
    "Automatically_Annotated/Automatically_Annotated_Images",
    "Automatically_Annotated_compressed/Automatically_Annotated_Images",
    "images",
];

/// # Errors
/// No list or no pictures at the path, a list that cannot be read or lacks the pictures' names or the expressions.
pub(super) fn open(path: &Path, columns: &Columns) -> Result<Box<dyn Set>, SetError> {
    Ok(Box::new(Affectnet::open(path, columns)?))
}

/// Whether AffectNet's lists lie here.
pub(super) fn is_here(path: &Path) -> bool {
    let is_list = |(_, path): &(Split, PathBuf)| {
        let table = TextTable::open_known(path, &COLUMNS);
        table.is_ok_and(|table| table.place(COLUMNS[0]).is_some())
    };
    lists(path).is_ok_and(|found| found.first().is_some_and(is_list))
}

pub(super) struct Affectnet {
    root: PathBuf,
    /// In the order of their parts.
    pub lists: Vec<List>,
    images: PathBuf,
    columns: Columns,
}

/// One of the two files.
pub(super) struct List {
    split: Split,
    pub table: TextTable,
    places: Places,
}

struct Places {
    picture: usize,
    expression: usize,
    /// x, y, width and height.
    frame: Option<[usize; 4]>,
    landmarks: Option<usize>,
    valence: Option<usize>,
    arousal: Option<usize>,
    person: Option<usize>,
    clip: Option<usize>,
}

impl Affectnet {
    pub fn open(path: &Path, columns: &Columns) -> Result<Self, SetError> {
        let lacks =
            |lacks: &str| SetError::Lacks { path: path.to_owned(), format: Format::Affectnet, lacks: lacks.to_owned() };
        let found = lists(path)?;
        if found.is_empty() {
            return Err(lacks("training.csv and validation.csv"));
        }
        let mut lists = Vec::new();
        for (split, path) in found {
            let table = TextTable::open_known(&path, &COLUMNS)?;
            let places = Places::find(&table, columns)?;
            lists.push(List { split, table, places });
        }
        let some = some_pictures(&lists)?;
        if some.is_empty() {
            return Err(SetError::Empty(path.to_owned()));
        }
        let images = match &columns.root {
            Some(folder) => folder.clone(),
            None => images(path, &lists, &some).ok_or_else(|| {
                lacks("the pictures that its lists name, in Manually_Annotated_Images or where --pictures says")
            })?,
        };
        Ok(Self { root: path.to_owned(), lists, images, columns: columns.clone() })
    }
}

impl List {
    pub fn key(&self, row: &ByteRecord) -> String {
        key_of(&cell(row, self.places.picture))
    }

    /// Where the expression stands in a row.
    pub fn expression(&self) -> usize {
        self.places.expression
    }
}

impl Places {
    fn find(table: &TextTable, columns: &Columns) -> Result<Self, SetError> {
        let own = |said: &Option<String>, name: &str| table.place(said.as_deref().unwrap_or(name));
        let said = |said: &Option<String>| said.as_deref().and_then(|name| table.place(name));
        let [picture_name, x, y, width, height, landmarks, given_name, valence, arousal] = COLUMNS;
        let picture = own(&columns.picture, picture_name);
        let given = own(&columns.given, given_name);
        let (Some(picture), Some(expression)) = (picture, given) else {
            let wanted = COLUMNS.map(|name| match (name, &columns.picture, &columns.given) {
                (name, Some(said), _) if name == picture_name => said.clone(),
                (name, _, Some(said)) if name == given_name => said.clone(),
                (name, ..) => name.to_owned(),
            });
            let missing = wanted.into_iter().filter(|name| table.place(name).is_none()).collect();
            return Err(no_columns(table.path(), missing, &table.columns));
        };
        let frame = [x, y, width, height].map(|name| table.place(name));
        Ok(Self {
            picture,
            expression,
            frame: frame.iter().all(Option::is_some).then(|| frame.map(Option::unwrap_or_default)),
            landmarks: table.place(landmarks),
            valence: own(&columns.valence, valence),
            arousal: own(&columns.arousal, arousal),
            person: said(&columns.person),
            clip: said(&columns.clip),
        })
    }
}

/// The lists at a path: the file itself, or those of the first folder that has any, with the part that each is.
fn lists(path: &Path) -> Result<Vec<(Split, PathBuf)>, SetError> {
    if path.is_file() {
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
        let split = if name.contains("validation") { Split::Val } else { Split::Train };
        return Ok(vec![(split, path.to_owned())]);
    }
    let mut level = vec![path.to_owned()];
    for _ in 0..DEPTH {
        let mut below = Vec::new();
        for folder in level {
            let found = lists_in(&folder)?;
            if !found.is_empty() {
                return Ok(found);
            }
            // Pictures lie in more than a thousand folders that are called by numbers.
            let inner = folders(&folder)?.into_iter().filter(|name| name.parse::<u64>().is_err());
            below.extend(inner.map(|name| folder.join(name)));
        }
        level = below;
    }
    Ok(Vec::new())
}

/// The lists directly in a folder. Some copies put a word before the names.
fn lists_in(folder: &Path) -> Result<Vec<(Split, PathBuf)>, SetError> {
    let found = names(folder, |path| path.extension().is_some_and(|end| end.eq_ignore_ascii_case("csv")))?;
    let list = |name: &str| {
        let exact = found.iter().find(|found| found.eq_ignore_ascii_case(name));
        exact.or_else(|| found.iter().find(|found| found.to_lowercase().ends_with(&format!("_{name}"))))
    };
    let train = list("training.csv").or_else(|| list("automatically_annotated.csv"));
    let lists = [(Split::Train, train), (Split::Val, list("validation.csv"))];
    Ok(lists.into_iter().filter_map(|(split, name)| Some((split, folder.join(name?)))).collect())
}

/// The pictures that the first rows name.
fn some_pictures(lists: &[List]) -> Result<Vec<String>, SetError> {
    let mut some = Vec::new();
    for list in lists {
        for row in list.table.rows()?.take(TRIED) {
            some.push(list.key(&row?));
        }
    }
    Ok(some)
}

/// The folder with most of these pictures; none where no folder has any.
fn images(root: &Path, lists: &[List], some: &[String]) -> Option<PathBuf> {
    let beside = folder_of(lists.first()?.table.path());
    let bases = [Some(beside.as_path()), beside.parent(), Some(root)];
    let mut best = None;
    let mut most = 0;
    for base in bases.into_iter().flatten() {
        for inner in IMAGES {
            let folder = base.join(inner);
            if !folder.is_dir() {
                continue;
            }
            let there = some.iter().filter(|name| folder.join(name).is_file()).count();
            if there > most {
                (best, most) = (Some(folder), there);
            }
        }
    }
    best
}

impl Set for Affectnet {
    fn format(&self) -> Format {
        Format::Affectnet
    }

    fn name(&self) -> &str {
        "affectnet"
    }

    fn root(&self) -> &Path {
        &self.root
    }

    fn splits(&self) -> Vec<Split> {
        self.lists.iter().map(|list| list.split).collect()
    }

    fn count(&self, split: Split) -> u64 {
        self.lists.iter().find(|list| list.split == split).map_or(0, |list| list.table.count())
    }

    fn entries(&self, split: Split) -> Result<Entries<'_>, SetError> {
        let Some(at) = self.lists.iter().position(|list| list.split == split) else {
            return Ok(Box::new(std::iter::empty()));
        };
        // A picture belongs to the first list that names it.
        let mut seen = Seen::default();
        for list in &self.lists[..at] {
            for row in list.table.rows()? {
                seen.is_new(&list.key(&row?));
            }
        }
        let list = &self.lists[at];
        let is_last = at + 1 == self.lists.len();
        let ahead = is_last.then(|| Walk::new(self.images.clone()));
        let faces = Faces { set: self, list, rows: list.table.rows()?, row: 0, seen, ahead, unlisted: Vec::new() };
        Ok(known_classes(Box::new(faces), list.table.path()))
    }

    fn has_expressions(&self) -> bool {
        true
    }
}

/// The rows of a list, and after the last one the pictures without any.
struct Faces<'a> {
    set: &'a Affectnet,
    list: &'a List,
    rows: TextRows,
    row: u64,
    seen: Seen,
    /// The folders that are still to be looked through for pictures that no list names.
    ahead: Option<Walk>,
    /// Those of the last folder, the next one at the end.
    unlisted: Vec<String>,
}

impl Iterator for Faces<'_> {
    type Item = Result<Entry, Problem>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.rows.next() {
            Some(Ok(row)) => {
                self.row += 1;
                Some(self.entry(&row))
            }
            Some(Err(error)) => Some(Err(Problem::Stop(error))),
            None => self.next_unlisted().map(Err),
        }
    }
}

impl Faces<'_> {
    fn entry(&mut self, row: &ByteRecord) -> Result<Entry, Problem> {
        let (places, columns) = (&self.list.places, &self.set.columns);
        let key = self.list.key(row);
        let path = self.set.images.join(&key);
        if key.is_empty() {
            return Err(Problem::skip(numbered(self.list.table.path(), self.row - 1), Reason::bad("no picture")));
        }
        let is_new = self.seen.is_new(&key);
        let text = |place: Option<usize>| place.map(|place| cell(row, place)).filter(|text| !text.is_empty());
        let entry = || {
            if row.len() < self.list.table.columns.len() {
                return Err(Reason::bad("fewer cells than there are columns"));
            }
            if !is_new {
                return Err(Reason::Twice);
            }
            let expression = columns.affectnet_class_of(&cell(row, places.expression))?;
            if !path.is_file() {
                return Err(Reason::Missing);
            }
            Ok(Entry {
                key: key.clone(),
                picture: Picture::File(path.clone()),
                marks: marks(row, places),
                person: text(places.person).map(|text| text.into_owned()),
                clip: text(places.clip).map(|text| text.into_owned()),
                expression,
                valence: text(places.valence).and_then(|text| mood(&text)),
                arousal: text(places.arousal).and_then(|text| mood(&text)),
            })
        };
        entry().map_err(|reason| Problem::skip(key.as_str(), reason))
    }

    /// The next picture that no list names.
    fn next_unlisted(&mut self) -> Option<Problem> {
        while self.unlisted.is_empty() {
            match self.ahead.as_mut()?.next()? {
                Ok(visit) => {
                    let keys = visit.pictures.iter().rev().map(|name| joined(&visit.below, name));
                    self.unlisted.extend(keys.filter(|key| !self.seen.contains(key)));
                }
                Err(error) => return Some(Problem::Stop(error)),
            }
        }
        self.unlisted.pop().map(|key| Problem::skip(key, Reason::NoRow))
    }
}

/// The landmarks where they give a face, else the box where it has an area.
fn marks(row: &ByteRecord, places: &Places) -> Marks {
    if let Some(points) = places.landmarks.and_then(|place| landmarks(&cell(row, place))) {
        return Marks::Points68(points);
    }
    let number = |place: usize| cell(row, place).parse::<f32>().ok().filter(|value| value.is_finite());
    let frame = || {
        let [x, y, w, h] = places.frame?.map(number);
        Some(FaceBox { x: x?, y: y?, w: w?, h: h? })
    };
    frame().filter(|frame| frame.w > 0.0 && frame.h > 0.0).map_or(Marks::None, Marks::Box)
}

fn landmarks(text: &str) -> Option<Box<Landmarks>> {
    let numbers: Vec<f32> = text.split(';').map(|number| number.trim().parse()).collect::<Result<_, _>>().ok()?;
    points68(&numbers)
}

/// 68 landmarks from x and y in turn; none where the numbers are others or give no face.
pub(super) fn points68(numbers: &[f32]) -> Option<Box<Landmarks>> {
    let points = *<&Landmarks>::try_from(numbers.as_chunks().0).ok()?;
    let whole = numbers.len() == 136 && numbers.iter().all(|value| value.is_finite());
    (whole && Crop::from_landmarks(&points).is_ok()).then(|| Box::new(points))
}
