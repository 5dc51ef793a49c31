//! CelebA: pictures numbered through in one folder, and lists that name them. Five points, people and parts of the set
//! are taken from it; `list_attr_celeba.txt` is not read, for none of its attributes (not Smiling either) is one of the
//! eight expressions.
//!
//! Lists are found beside the pictures' folder, in `Anno` and in `Eval`, as text with blanks or as CSV; they are joined
//! by the pictures' names, so that a list that lacks rows or has them in another order does no harm.

use std::path::{Path, PathBuf};

use super::files::pictures;
use super::lists::{List, PointColumns, find_columns, five_points, parts};
use super::walk::{Item, joined, stem, until_stop, without_row};
use super::{Columns, Entries, Entry, Format, Marks, Picture, Problem, Reason, Set, SetError, Split};
use crate::data::inputs::is_picture;

/// Folders with levelled pictures, and those with the photographs that they were cut from.
const ALIGNED: [&str; 2] = ["img_align_celeba", "img_align_celeba_png"];
const IN_THE_WILD: [&str; 3] = ["img_celeba", "img_celeba_png", "in_the_wild"];
/// Where the pictures' folders and the lists may be below the root.
const PICTURES_IN: [&str; 2] = ["", "Img"];
const LISTS_IN: [&str; 3] = ["", "Anno", "Eval"];

const ALIGNED_POINTS: &str = "list_landmarks_align_celeba";
const WILD_POINTS: &str = "list_landmarks_celeba";
const PEOPLE: &str = "identity_CelebA";
const PARTS: &str = "list_eval_partition";

const POINT_COLUMNS: [&str; 10] = [
    "lefteye_x",
    "lefteye_y",
    "righteye_x",
    "righteye_y",
    "nose_x",
    "nose_y",
    "leftmouth_x",
    "leftmouth_y",
    "rightmouth_x",
    "rightmouth_y",
];

/// Stand for a number that a list does not give, and for one that it gives in two ways or not as a number.
const UNSAID: u32 = u32::MAX;
const UNCLEAR: u32 = u32::MAX - 1;

struct Celeba {
    root: PathBuf,
    folder: Folder,
    /// The list that is gone through: of points, or of people where there are none.
    rows: PathBuf,
    columns: Option<PointColumns>,
    people: Option<PathBuf>,
    parts: Option<PathBuf>,
    /// A number for each of [`Split::ALL`].
    counts: [u64; 3],
}

/// Where the pictures are.
struct Folder {
    path: PathBuf,
    below: String,
    aligned: bool,
}

/// Whether a folder has pictures or lists of CelebA.
pub(super) fn is_here(root: &Path) -> bool {
    let lists = [ALIGNED_POINTS, WILD_POINTS, PEOPLE];
    folder_of(root, &ALIGNED, true).is_some() || lists.iter().any(|name| list_of(root, name).is_some())
}

/// Opens a CelebA.
///
/// # Errors
/// Neither pictures nor lists where they belong (said which), a list of points that lacks columns.
pub(super) fn open(path: &Path, _columns: &Columns) -> Result<Box<dyn Set>, SetError> {
    let lacks =
        |lacks: &str| SetError::Lacks { path: path.to_owned(), format: Format::Celeba, lacks: lacks.to_owned() };
    let folder = folder_of(path, &ALIGNED, true)
        .or_else(|| folder_of(path, &IN_THE_WILD, false))
        .ok_or_else(|| lacks("the folder img_align_celeba with pictures"))?;
    let points_name = if folder.aligned { ALIGNED_POINTS } else { WILD_POINTS };
    let (points, people) = (list_of(path, points_name), list_of(path, PEOPLE));
    let Some(rows) = points.clone().or_else(|| people.clone()) else {
        return Err(lacks(&format!("both {points_name}.txt and {PEOPLE}.txt")));
    };
    let columns = points.as_deref().map(point_columns).transpose()?;
    let parts = list_of(path, PARTS);
    let counts = match &parts {
        Some(list) => count_parts(list)?,
        None => [count_rows(&rows)?, 0, 0],
    };
    if counts.iter().sum::<u64>() == 0 {
        return Err(lacks(&format!("the rows of {}", name_of_list(parts.as_deref().unwrap_or(&rows)))));
    }
    Ok(Box::new(Celeba { root: path.to_owned(), folder, rows, columns, people, parts, counts }))
}

/// The first of these folders that has pictures; some copies have it in a folder of its own name.
fn folder_of(root: &Path, names: &[&str], aligned: bool) -> Option<Folder> {
    let ways = PICTURES_IN.iter().flat_map(|above| names.iter().map(move |name| joined(above, name)));
    let nested = |way: String| {
        let again = joined(&way, way.rsplit('/').next().unwrap_or_default());
        [way, again]
    };
    ways.flat_map(nested).find_map(|below| {
        let path = root.join(&below);
        let mut inside = path.read_dir().ok()?.flatten();
        inside.any(|entry| is_picture(&entry.path())).then_some(Folder { path, below, aligned })
    })
}

fn list_of(root: &Path, name: &str) -> Option<PathBuf> {
    let file = |below: &str, ending: &str| root.join(below).join(format!("{name}.{ending}"));
    LISTS_IN.iter().flat_map(|below| ["txt", "csv"].map(|ending| file(below, ending))).find(|path| path.is_file())
}

fn name_of_list(list: &Path) -> String {
    list.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Whether a line is a picture's row, and not the number of rows or the columns' names above them.
fn is_row(row: &[&str]) -> bool {
    row.first().is_some_and(|name| is_picture(Path::new(name)))
}

/// Where the points stand in the rows of a list, which says so above them or has them in the usual order.
fn point_columns(path: &Path) -> Result<PointColumns, SetError> {
    let mut list = List::open(path)?;
    while let Some((_, line)) = list.line()? {
        let header = parts(line);
        if is_row(&header) {
            break;
        }
        // The first line is the number of rows.
        if header.len() > 1 {
            let columns = find_columns(path, &header, &POINT_COLUMNS)?;
            // The text has no name above the pictures' names, the CSV has one.
            let unnamed = usize::from(!header.iter().any(|column| column.eq_ignore_ascii_case("image_id")));
            return Ok(columns.map(|column| column + unnamed));
        }
    }
    Ok(std::array::from_fn(|i| i + 1))
}

fn count_rows(path: &Path) -> Result<u64, SetError> {
    let (mut list, mut count) = (List::open(path)?, 0);
    while let Some((_, line)) = list.line()? {
        count += u64::from(is_row(&parts(line)));
    }
    Ok(count)
}

/// How many rows each of [`Split::ALL`] has in the list of parts.
fn count_parts(path: &Path) -> Result<[u64; 3], SetError> {
    let (mut list, mut counts) = (List::open(path)?, [0; 3]);
    while let Some((_, line)) = list.line()? {
        let row = parts(line);
        let part = row.get(1).and_then(|part| part.parse::<usize>().ok());
        if let Some(count) = part.filter(|_| is_row(&row)).and_then(|part| counts.get_mut(part)) {
            *count += 1;
        }
    }
    Ok(counts)
}

impl Set for Celeba {
    fn format(&self) -> Format {
        Format::Celeba
    }

    fn name(&self) -> &str {
        "celeba"
    }

    fn root(&self) -> &Path {
        &self.root
    }

    fn splits(&self) -> Vec<Split> {
        Split::ALL.into_iter().filter(|&split| self.count(split) > 0).collect()
    }

    fn count(&self, split: Split) -> u64 {
        self.counts[split as usize]
    }

    fn entries(&self, split: Split) -> Result<Entries<'_>, SetError> {
        if self.count(split) == 0 {
            return Ok(Box::new(std::iter::empty()));
        }
        let mut list = List::open(&self.rows)?;
        let mut join = Join::new(self, split)?;
        let items = std::iter::from_fn(move || {
            loop {
                match list.line() {
                    Ok(Some((_, line))) => {
                        if let Some(item) = join.row(&parts(line)) {
                            return Some(item);
                        }
                    }
                    Ok(None) => return join.picture_without_row(),
                    Err(error) => return Some(Err(Problem::Stop(error))),
                }
            }
        });
        Ok(Box::new(until_stop(items)))
    }

    fn has_expressions(&self) -> bool {
        false
    }
}

/// The names of the pictures and what the lists say of each.
struct Join<'a> {
    set: &'a Celeba,
    split: Split,
    /// Whether what belongs to no part is told with this one.
    is_first: bool,
    names: Vec<String>,
    /// How the pictures end where the lists name them otherwise (`.png` for `.jpg`).
    ending: String,
    people: Option<Vec<u32>>,
    parts: Option<Vec<u32>>,
    /// Which pictures had their row, and up to which it was asked whether they had.
    seen: Vec<bool>,
    asked: usize,
    /// Whether the rows have begun.
    begun: bool,
}

impl<'a> Join<'a> {
    fn new(set: &'a Celeba, split: Split) -> Result<Self, SetError> {
        let names = pictures(&set.folder.path)?;
        let ending = names.first().map_or("", |name| &name[stem(name).len()..]).to_owned();
        let (seen, is_first) = (vec![false; names.len()], set.splits().first() == Some(&split));
        let (people, parts, asked, begun) = (None, None, 0, false);
        let mut join = Join { set, split, is_first, names, ending, people, parts, seen, asked, begun };
        join.people = set.people.as_deref().map(|list| join.numbers(list)).transpose()?;
        join.parts = set.parts.as_deref().map(|list| join.numbers(list)).transpose()?;
        Ok(join)
    }

    fn place(&self, name: &str) -> Option<usize> {
        let exactly = |name: &str| self.names.binary_search_by(|known| known.as_str().cmp(name)).ok();
        exactly(name).or_else(|| exactly(&format!("{}{}", stem(name), self.ending)))
    }

    /// What a list of names and numbers says of each picture.
    fn numbers(&self, path: &Path) -> Result<Vec<u32>, SetError> {
        let mut numbers = vec![UNSAID; self.names.len()];
        let mut list = List::open(path)?;
        while let Some((_, line)) = list.line()? {
            let row = parts(line);
            let Some(place) = row.first().and_then(|name| self.place(name)) else { continue };
            let number = row.get(1).and_then(|number| number.parse::<u32>().ok()).filter(|&number| number < UNCLEAR);
            let number = number.unwrap_or(UNCLEAR);
            numbers[place] = if [UNSAID, number].contains(&numbers[place]) { number } else { UNCLEAR };
        }
        Ok(numbers)
    }

    /// What comes of a line of the list that is gone through; nothing where it belongs to another part.
    fn row(&mut self, row: &[&str]) -> Option<Item> {
        let named = row.first().copied().unwrap_or_default();
        if !is_row(row) {
            // Above the rows stand their number and the names of the columns.
            return if self.begun { self.told_first(named, Reason::bad("no name of a picture")) } else { None };
        }
        self.begun = true;
        let Some(place) = self.place(named) else { return self.told_first(named, Reason::Missing) };
        if std::mem::replace(&mut self.seen[place], true) {
            return self.told_first(named, Reason::Twice);
        }
        match self.split_of(place) {
            Ok(split) if split != self.split => None,
            Ok(_) => Some(self.entry(place, row).map_err(|reason| Problem::skip(self.key(&self.names[place]), reason))),
            Err(reason) => self.told_first(named, reason),
        }
    }

    /// What is wrong with a row of no part or of an unknown one, once for all parts.
    fn told_first(&self, name: &str, reason: Reason) -> Option<Item> {
        self.is_first.then(|| Err(Problem::skip(self.key(name), reason)))
    }

    fn split_of(&self, place: usize) -> Result<Split, Reason> {
        match self.parts.as_ref().map(|parts| parts[place]) {
            None => Ok(Split::Train),
            Some(UNSAID) => Err(Reason::bad("no part in list_eval_partition")),
            Some(part) => {
                let split = Split::ALL.get(part as usize).copied();
                split.ok_or_else(|| Reason::bad("no clear part in list_eval_partition"))
            }
        }
    }

    fn entry(&self, place: usize, row: &[&str]) -> Result<Entry, Reason> {
        let marks = match &self.set.columns {
            Some(columns) => Marks::Points5(five_points(row, columns)?),
            None => Marks::None,
        };
        let person = match self.people.as_ref().map(|people| people[place]) {
            None | Some(UNSAID) => None,
            Some(UNCLEAR) => return Err(Reason::bad("no clear person in identity_CelebA")),
            Some(person) => Some(person.to_string()),
        };
        let name = &self.names[place];
        let picture = Picture::File(self.set.folder.path.join(name));
        Ok(Entry { marks, person, ..Entry::bare(self.key(name), picture) })
    }

    /// The next picture of which the list said nothing.
    fn picture_without_row(&mut self) -> Option<Item> {
        if !self.is_first {
            return None;
        }
        let place = self.asked + self.seen[self.asked..].iter().position(|&seen| !seen)?;
        self.asked = place + 1;
        Some(without_row(self.key(&self.names[place])))
    }

    fn key(&self, name: &str) -> String {
        joined(&self.set.folder.below, name)
    }
}
