//! Labeled Faces in the Wild: a folder a person with `NAME_0001.jpg` and so on, in any of its versions. Its lists need
//! not be there: `people*.txt` say how many pictures each person has, and `peopleDevTest.txt` who is only measured on.
//! `pairs.txt` is for `evaluate`.

use std::collections::{BTreeMap, HashSet};
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use super::columns::class_named;
use super::files::{Seen, folders, pictures};
use super::lists::{List, parts};
use super::walk::{Item, Part, joined, nearly, or_stop, stem, until_stop, without_row};
use super::{Columns, Entries, Entry, Format, Problem, Reason, Set, SetError, Split};

/// People's folders that are looked into to tell whether a folder is an LFW.
const LOOKED_INTO: usize = 20;
/// Folders in which the lists may be besides the pictures' and the one above.
const VIEWS: [&str; 2] = ["view1", "view2"];

/// How many pictures a person may have: their numbers have four digits.
const MOST: RangeInclusive<u32> = 0..=9999;

/// The lists by the part that their people belong to; the people of `people.txt` may belong to either.
const LISTS: [(&str, Option<Split>); 3] =
    [("peopleDevTrain", Some(Split::Train)), ("peopleDevTest", Some(Split::Test)), ("people", None)];

struct Lfw {
    root: PathBuf,
    /// The folder of people's folders.
    part: Part,
    people: People,
    /// The parts that it has, with about how many pictures.
    counts: BTreeMap<Split, u64>,
}

/// What the lists say.
#[derive(Default)]
struct People {
    listed: BTreeMap<String, Person>,
    /// Which lists are there: of those who are trained on, and of those who are measured on.
    has_train: bool,
    has_test: bool,
    /// Rows that are no good.
    problems: Vec<(String, Reason)>,
}

#[derive(Clone, Copy, Default)]
struct Person {
    pictures: u32,
    split: Option<Split>,
}

/// Whether a folder, or one in it, has the folders and pictures of LFW.
pub(super) fn is_here(root: &Path) -> bool {
    people_in(root).is_some()
}

/// Opens an LFW.
///
/// # Errors
/// No folder with people's pictures, lists that cannot be read.
pub(super) fn open(path: &Path, _columns: &Columns) -> Result<Box<dyn Set>, SetError> {
    let lacks = "a folder with people's folders and pictures called NAME_0001.jpg in them".to_owned();
    let lacks = SetError::Lacks { path: path.to_owned(), format: Format::Lfw, lacks };
    let (folder, below) = people_in(path).ok_or(lacks)?;
    let part = Part { split: Split::Train, folder, below };
    let people = People::read(path, &part.folder)?;
    let names = folders(&part.folder)?;
    let mut counts = BTreeMap::new();
    for split in Split::ALL {
        let own: Vec<String> = names.iter().filter(|name| people.split_of(name) == Some(split)).cloned().collect();
        if !own.is_empty() {
            counts.insert(split, nearly(&part.folder, &own));
        }
    }
    Ok(Box::new(Lfw { root: path.to_owned(), part, people, counts }))
}

/// The folder of people's folders, which is the root or a folder in it named after a version of the set, and its path
/// below the root.
fn people_in(root: &Path) -> Option<(PathBuf, String)> {
    let mut places = vec![String::new()];
    while let Some(below) = places.pop() {
        let folder = root.join(&below);
        if has_people(&folder) {
            return Some((folder, below));
        }
        let versions = folders(&folder).unwrap_or_default().into_iter().filter(|name| {
            let name = name.to_lowercase();
            name.starts_with("lfw") || name == "images"
        });
        // An unpacked archive may have its folder once more within it, but not deeper.
        if !below.contains('/') {
            places.extend(versions.rev().map(|name| joined(&below, &name)));
        }
    }
    None
}

/// Whether one of the first folders has a picture that is called after it. In a folder `happy` that says nothing: sets
/// with a folder for each expression call their pictures so, too.
fn has_people(folder: &Path) -> bool {
    let is_person = |name: &String| {
        let is_called = |pictures: Vec<String>| pictures.iter().any(|picture| number_of(picture, name).is_some());
        class_named(name).is_none() && pictures(&folder.join(name)).is_ok_and(is_called)
    };
    folders(folder).is_ok_and(|names| names.iter().take(LOOKED_INTO).any(is_person))
}

/// The number of a person's picture, by its name.
fn number_of(picture: &str, person: &str) -> Option<u32> {
    let number = stem(picture).strip_prefix(person)?.strip_prefix('_')?;
    (number.len() == 4).then(|| number.parse().ok())?
}

impl People {
    /// Reads the lists that are there.
    fn read(root: &Path, folder: &Path) -> Result<Self, SetError> {
        let mut places: Vec<PathBuf> = folder.parent().into_iter().chain([folder, root]).map(Path::to_owned).collect();
        places.extend(VIEWS.iter().map(|view| root.join(view)));
        let mut people = People::default();
        for (name, split) in LISTS {
            let file = |place: &PathBuf, ending: &str| place.join(format!("{name}.{ending}"));
            let mut files = places.iter().flat_map(|place| ["txt", "csv"].map(|ending| file(place, ending)));
            if let Some(path) = files.find(|path| path.is_file()) {
                people.has_train |= split == Some(Split::Train);
                people.has_test |= split == Some(Split::Test);
                people.add(&path, split)?;
            }
        }
        Ok(people)
    }

    /// Takes in a list of names and numbers. Lines of a number alone say how many rows or folds follow; in CSV the
    /// columns are named first.
    fn add(&mut self, path: &Path, split: Option<Split>) -> Result<(), SetError> {
        let (mut list, mut here) = (List::open(path)?, Seen::default());
        while let Some((place, line)) = list.line()? {
            let row = parts(line);
            let name = row.first().copied().unwrap_or_default();
            let number =
                row.get(1).and_then(|number| number.parse::<u32>().ok()).filter(|number| MOST.contains(number));
            let Some(number) = number else {
                if place > 0 && name.parse::<u32>().is_err() {
                    self.problems.push((name.to_owned(), Reason::bad("no number of pictures")));
                }
                continue;
            };
            let person = self.listed.entry(name.to_owned()).or_default();
            if !here.is_new(name) || (split.is_some() && person.split.is_some()) {
                self.problems.push((name.to_owned(), Reason::Twice));
            }
            person.pictures = person.pictures.max(number);
            // Who is in both lists is never trained on.
            person.split = person.split.max(split);
        }
        Ok(())
    }

    /// The part that a person belongs to: everybody is trained on where no list says another thing, and whom a list
    /// leaves out belongs to the other one. None where both lists are there and neither has the person.
    fn split_of(&self, person: &str) -> Option<Split> {
        let listed = self.listed.get(person).and_then(|person| person.split);
        listed.or(match (self.has_train, self.has_test) {
            (false, _) => Some(Split::Train),
            (true, false) => Some(Split::Test),
            (true, true) => None,
        })
    }
}

impl Set for Lfw {
    fn format(&self) -> Format {
        Format::Lfw
    }

    fn name(&self) -> &str {
        "lfw"
    }

    fn root(&self) -> &Path {
        &self.root
    }

    fn splits(&self) -> Vec<Split> {
        self.counts.keys().copied().collect()
    }

    fn count(&self, split: Split) -> u64 {
        self.counts.get(&split).copied().unwrap_or(0)
    }

    fn entries(&self, split: Split) -> Result<Entries<'_>, SetError> {
        let Some(place) = self.splits().iter().position(|&known| known == split) else {
            return Ok(Box::new(std::iter::empty()));
        };
        let is_first = place == 0;
        let mut people: BTreeMap<String, bool> = self.people.listed.keys().map(|name| (name.clone(), false)).collect();
        people.extend(folders(&self.part.folder)?.into_iter().map(|name| (name, true)));
        let items = people.into_iter().flat_map(move |(name, has_folder)| match self.people.split_of(&name) {
            Some(own) if own == split => or_stop(self.person(&name, has_folder)),
            None if is_first => or_stop(self.of_no_part(&name, has_folder)),
            _ => Vec::new(),
        });
        let last = if is_first { self.told_last()? } else { Vec::new() };
        Ok(Box::new(until_stop(items.chain(last))))
    }

    fn has_expressions(&self) -> bool {
        false
    }
}

impl Lfw {
    /// A person's pictures, and those that the lists promise and that are not there.
    fn person(&self, person: &str, has_folder: bool) -> Result<Vec<Item>, SetError> {
        let names = if has_folder { pictures(&self.part.folder.join(person))? } else { Vec::new() };
        let promised = self.people.listed.get(person).map_or(0, |person| person.pictures);
        let there: HashSet<u32> = names.iter().filter_map(|name| number_of(name, person)).collect();
        let of_person = |name: &String| Entry { person: Some(person.to_owned()), ..self.part.entry(person, name) };
        let mut items: Vec<Item> = names.iter().map(|name| Ok(of_person(name))).collect();
        let missing = (1..=promised).filter(|number| !there.contains(number));
        let key = |number| self.part.key(person, &format!("{person}_{number:04}.jpg"));
        items.extend(missing.map(|number| Err(Problem::skip(key(number), Reason::Missing))));
        Ok(items)
    }

    /// The pictures of somebody whom no list puts into a part.
    fn of_no_part(&self, person: &str, has_folder: bool) -> Result<Vec<Item>, SetError> {
        let told = |item: Item| item.map_or_else(Err, |entry| without_row(entry.key));
        Ok(self.person(person, has_folder)?.into_iter().map(told).collect())
    }

    /// Pictures beside the people's folders, and rows of the lists that are no good.
    fn told_last(&self) -> Result<Vec<Item>, SetError> {
        let loose = pictures(&self.part.folder)?.into_iter().map(|name| without_row(self.part.key("", &name)));
        let problems = self.people.problems.iter().cloned().map(|(key, reason)| Err(Problem::Skip { key, reason }));
        Ok(loose.chain(problems).collect())
    }
}
