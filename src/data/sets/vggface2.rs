//! VGGFace2: `train` and `test` with a folder a person (`n000001`), and tables of five points a picture in `bb_landmark`.
//! Without those tables the faces are to be found anew; a table for one part alone is an error.
//!
//! Pictures and rows are joined person by person. A first look at a table notes where each person's rows begin, so that
//! they may stand in any order and one person's are in memory at a time.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::files::{folders, name_of, pictures};
use super::lists::{List, PointColumns, find_columns, five_points, parts};
use super::walk::{Item, Part, has_pictures, nearly, or_stop, part_named, splits_of, stem, until_stop, without_row};
use super::{Columns, Entries, Entry, Format, Marks, Problem, Reason, Set, SetError, Split};

/// Where the parts may be below the root, and where the tables may be from there or above.
const PARTS_IN: [&str; 4] = ["", "data", "vggface2_train", "vggface2_test"];
const TABLES_IN: [&str; 3] = ["bb_landmark", "meta/bb_landmark", ""];

const COLUMNS: [&str; 11] = ["NAME_ID", "P1X", "P1Y", "P2X", "P2Y", "P3X", "P3Y", "P4X", "P4Y", "P5X", "P5Y"];

struct Vggface2 {
    root: PathBuf,
    parts: Vec<People>,
}

/// A part with a folder a person.
struct People {
    part: Part,
    points: Option<Table>,
    count: u64,
}

/// Where a table of points is, and where its columns are in it.
#[derive(Clone)]
struct Table {
    path: PathBuf,
    name: usize,
    points: PointColumns,
}

/// Whether a folder has the folders of people as VGGFace2 calls them, or its tables.
pub(super) fn is_here(root: &Path) -> bool {
    let has_table = |split: Split| TABLES_IN.iter().any(|below| root.join(below).join(table_name(split)).is_file());
    Split::ALL.into_iter().any(has_table)
        || parts_of(root).is_ok_and(|parts| parts.iter().any(|part| has_people(&part.folder)))
}

/// Opens a VGGFace2, or the folder of one of its parts.
///
/// # Errors
/// No part with pictures; points for one part and not for another; a table that lacks columns.
pub(super) fn open(path: &Path, _columns: &Columns) -> Result<Box<dyn Set>, SetError> {
    let lacks = |lacks: String| SetError::Lacks { path: path.to_owned(), format: Format::Vggface2, lacks };
    let found = parts_of(path)?;
    let tables: Vec<Option<PathBuf>> = found.iter().map(|part| table_of(path, part)).collect();
    if let (true, Some(without)) = (tables.iter().any(Option::is_some), tables.iter().position(Option::is_none)) {
        return Err(lacks(format!("bb_landmark/{}", table_name(found[without].split))));
    }
    let mut parts = Vec::new();
    for (part, table) in found.into_iter().zip(tables) {
        if has_pictures(&part.folder)? {
            let points = table.as_deref().map(Table::open).transpose()?;
            let count = nearly(&part.folder, &folders(&part.folder)?);
            parts.push(People { part, points, count });
        }
    }
    if parts.is_empty() {
        return Err(lacks("the folders train and test with a folder a person".to_owned()));
    }
    Ok(Box::new(Vggface2 { root: path.to_owned(), parts }))
}

/// The parts in a folder; the folder itself where it holds people's folders, which may be a part by its name.
fn parts_of(root: &Path) -> Result<Vec<Part>, SetError> {
    let mut parts = Vec::new();
    for below in PARTS_IN.into_iter().filter(|below| root.join(below).is_dir()) {
        parts.extend(Part::in_folder(&root.join(below), below, part_named)?);
    }
    if parts.is_empty() && has_people(root) {
        let split = part_named(&name_of(root)).unwrap_or(Split::Train);
        parts.push(Part { split, folder: root.to_owned(), below: String::new() });
    }
    parts.sort_by_key(|part| part.split);
    Ok(parts)
}

/// Whether a folder holds one that is called as VGGFace2 calls people, `n` and six digits.
fn has_people(folder: &Path) -> bool {
    let is_person = |name: &String| {
        let digits = name.strip_prefix('n').unwrap_or_default();
        digits.len() == 6 && digits.bytes().all(|digit| digit.is_ascii_digit())
    };
    folders(folder).is_ok_and(|names| names.iter().any(is_person))
}

fn table_name(split: Split) -> String {
    format!("loose_landmark_{split}.csv")
}

/// The table of a part, below the root or beside or above the part's folder.
fn table_of(root: &Path, part: &Part) -> Option<PathBuf> {
    let above = part.folder.ancestors().skip(1).take(2);
    let mut places =
        std::iter::once(root).chain(above).flat_map(|top| TABLES_IN.iter().map(move |below| top.join(below)));
    places.find_map(|folder| Some(folder.join(table_name(part.split))).filter(|path| path.is_file()))
}

impl Table {
    /// Reads the columns' names.
    fn open(path: &Path) -> Result<Self, SetError> {
        let mut list = List::open(path)?;
        let header = list.line()?.map_or(String::new(), |(_, line)| line.to_owned());
        let [name, points @ ..] = find_columns(path, &parts(&header), &COLUMNS)?;
        Ok(Table { path: path.to_owned(), name, points })
    }
}

impl Set for Vggface2 {
    fn format(&self) -> Format {
        Format::Vggface2
    }

    fn name(&self) -> &str {
        "vggface2"
    }

    fn root(&self) -> &Path {
        &self.root
    }

    fn splits(&self) -> Vec<Split> {
        splits_of(self.parts.iter().map(|people| &people.part))
    }

    fn count(&self, split: Split) -> u64 {
        self.parts.iter().filter(|people| people.part.split == split).map(|people| people.count).sum()
    }

    fn entries(&self, split: Split) -> Result<Entries<'_>, SetError> {
        let parts = self.parts.iter().filter(move |people| people.part.split == split);
        Ok(Box::new(until_stop(parts.flat_map(|people| {
            people.entries().unwrap_or_else(|error| Box::new(std::iter::once(Err(Problem::Stop(error)))))
        }))))
    }

    fn has_expressions(&self) -> bool {
        false
    }
}

impl People {
    fn entries(&self) -> Result<Entries<'_>, SetError> {
        let mut rows = self.points.as_ref().map(Rows::open).transpose()?;
        let mut people: BTreeMap<String, bool> =
            rows.iter().flat_map(|rows| rows.places.keys()).map(|person| (person.clone(), false)).collect();
        people.extend(folders(&self.part.folder)?.into_iter().map(|person| (person, true)));
        let loose = pictures(&self.part.folder)?.into_iter().map(|name| without_row(self.part.key("", &name)));
        let of_people = people.into_iter();
        let of_people =
            of_people.flat_map(move |(person, has_folder)| or_stop(self.person(&person, has_folder, rows.as_mut())));
        Ok(Box::new(of_people.chain(loose)))
    }

    /// All that is to be said of a person: of the pictures in order, then of rows without one.
    fn person(&self, person: &str, has_folder: bool, rows: Option<&mut Rows>) -> Result<Vec<Item>, SetError> {
        let names = if has_folder { pictures(&self.part.folder.join(person))? } else { Vec::new() };
        let mut items = Vec::with_capacity(names.len());
        let mut rows = rows.map(|rows| rows.person(person)).transpose()?;
        for name in names {
            let marks = match &mut rows {
                Some(rows) => rows.points.remove(stem(&name)).unwrap_or(Err(Reason::NoRow)).map(Marks::Points5),
                None => Ok(Marks::None),
            };
            let entry = self.part.entry(person, &name);
            items.push(match marks {
                Ok(marks) => Ok(Entry { marks, person: Some(person.to_owned()), ..entry }),
                Err(reason) => Err(Problem::Skip { key: entry.key, reason }),
            });
        }
        let rows = rows.unwrap_or_default();
        let missing = rows.points.keys().map(|name| (name, Reason::Missing));
        let twice = rows.twice.iter().map(|name| (name, Reason::Twice));
        let problems = missing.chain(twice);
        items.extend(problems.map(|(name, reason)| Err(Problem::skip(self.part.key(person, name), reason))));
        Ok(items)
    }
}

/// A table of points that is read a person at a time.
struct Rows {
    table: Table,
    list: List,
    /// Where each run of a person's rows begins.
    places: BTreeMap<String, Vec<u64>>,
}

/// The rows of one person by the pictures' names without their ending, and names that came again.
#[derive(Default)]
struct OfPerson {
    points: BTreeMap<String, Result<[[f32; 2]; 5], Reason>>,
    twice: Vec<String>,
}

impl Rows {
    fn open(table: &Table) -> Result<Self, SetError> {
        let mut list = List::open(&table.path)?;
        list.line()?;
        let mut places = BTreeMap::<String, Vec<u64>>::new();
        let mut last = None;
        while let Some((place, line)) = list.line()? {
            let (person, _) = table.named(&parts(line));
            if last.as_deref() != Some(person) {
                places.entry(person.to_owned()).or_default().push(place);
                last = Some(person.to_owned());
            }
        }
        Ok(Rows { table: table.clone(), list, places })
    }

    fn person(&mut self, person: &str) -> Result<OfPerson, SetError> {
        let mut found = OfPerson::default();
        for &place in self.places.get(person).map_or(&[][..], Vec::as_slice) {
            self.list.go_to(place)?;
            while let Some((_, line)) = self.list.line()? {
                let row = parts(line);
                let (whose, name) = self.table.named(&row);
                if whose != person {
                    break;
                }
                if found.points.contains_key(name) {
                    found.twice.push(name.to_owned());
                } else {
                    found.points.insert(name.to_owned(), five_points(&row, &self.table.points));
                }
            }
        }
        Ok(found)
    }
}

impl Table {
    /// The person and the picture's name, without an ending, of a row; both are empty where it has no such name.
    fn named<'a>(&self, row: &[&'a str]) -> (&'a str, &'a str) {
        let name = row.get(self.name).copied().unwrap_or_default();
        let (person, picture) = name.split_once('/').unwrap_or(("", name));
        (person, picture.strip_suffix(".jpg").unwrap_or(picture))
    }
}
