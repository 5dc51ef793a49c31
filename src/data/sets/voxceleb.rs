//! Frames of VoxCeleb's films: `person/video/frame.jpg`. The person's folder may hold one for the frames' scale (`1.6`)
//! before those of the videos, and a video's one for each utterance; a clip is always a whole video, since what is said
//! in it has the same light, room and clothes.
//!
//! Parts are the folders `dev` (which is trained on) and `test`, or else what `vox1_meta.csv` or `vox2_meta.csv` says.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use super::files::{folders, name_of, pictures};
use super::lists::{List, find_columns, parts};
use super::walk::{Item, Part, Visit, Walk, has_pictures, joined, nearly, part_named, steps, until_stop, without_row};
use super::{Columns, Entries, Entry, Format, Problem, Set, SetError, Split};

/// Folders that archives of frames have around those of the people.
const AROUND: [&str; 4] = ["unzippedFaces", "frames", "faces", "mp4"];
const META: [&str; 2] = ["vox1_meta.csv", "vox2_meta.csv"];
/// People's folders that are looked into to tell whether a folder is a VoxCeleb.
const LOOKED_INTO: usize = 20;

struct Voxceleb {
    root: PathBuf,
    parts: Vec<Part>,
    /// The part of each person by the table, where it is asked.
    people: Option<HashMap<String, Split>>,
    /// The parts that it has, with about how many pictures.
    counts: BTreeMap<Split, u64>,
}

/// Whether a folder has VoxCeleb's table, or people's folders as it calls them.
pub(super) fn is_here(root: &Path) -> bool {
    let has_table = META.iter().any(|name| root.join(name).is_file());
    has_table || parts_of(root).is_ok_and(|(parts, _)| parts.iter().any(|part| has_people(&part.folder)))
}

/// Whether one of the first folders is called `id` and five digits or has one for a scale, and holds folders.
fn has_people(folder: &Path) -> bool {
    let is_number = |name: &str| name.len() == 5 && name.bytes().all(|digit| digit.is_ascii_digit());
    let is_person = |name: &String| {
        let inside = folders(&folder.join(name)).unwrap_or_default();
        let is_named = name.strip_prefix("id").is_some_and(is_number) && !inside.is_empty();
        is_named || inside.iter().any(|name| is_scale(name))
    };
    folders(folder).is_ok_and(|names| names.iter().take(LOOKED_INTO).any(is_person))
}

/// Whether a folder is called after a scale, such as `1.6`.
fn is_scale(name: &str) -> bool {
    name.contains('.') && name.parse::<f32>().is_ok()
}

/// Opens the frames of a VoxCeleb.
///
/// # Errors
/// No frames; a table that lacks columns, or one that knows none of the people.
pub(super) fn open(path: &Path, _columns: &Columns) -> Result<Box<dyn Set>, SetError> {
    let lacks = |lacks: String| SetError::Lacks { path: path.to_owned(), format: Format::Voxceleb, lacks };
    let (parts, are_named) = parts_of(path)?;
    let mut set = Voxceleb { root: path.to_owned(), parts, people: None, counts: BTreeMap::new() };
    if set.counted()?.is_empty() || !set.has_frames()? {
        return Err(lacks("the frames as person/video/frame.jpg".to_owned()));
    }
    let table = META.iter().map(|name| path.join(name)).find(|table| table.is_file());
    // Folders of parts say as much.
    let table = table.filter(|_| !are_named);
    set.people = table.as_deref().map(people_of).transpose()?;
    set.counts = set.counted()?;
    match table {
        Some(table) if set.counts.is_empty() => Err(lacks(format!("the rows of its people in {}", name_of(&table)))),
        _ => Ok(Box::new(set)),
    }
}

/// The folders with people's folders, and whether they are called after parts of the set.
fn parts_of(root: &Path) -> Result<(Vec<Part>, bool), SetError> {
    let (folder, below) = inside_of(root.to_owned(), String::new());
    let parts = Part::in_folder(&folder, &below, part_called)?;
    if parts.is_empty() {
        let split = part_called(&name_of(root));
        let part = Part { split: split.unwrap_or(Split::Train), folder, below };
        return Ok((vec![part], split.is_some()));
    }
    let inside = |Part { split, folder, below }| {
        let (folder, below) = inside_of(folder, below);
        Part { split, folder, below }
    };
    Ok((parts.into_iter().map(inside).collect(), true))
}

/// Goes into the folder that an archive has around those of the people.
fn inside_of(folder: PathBuf, below: String) -> (PathBuf, String) {
    match AROUND.iter().find(|name| folder.join(name).is_dir()) {
        Some(name) => (folder.join(name), joined(&below, name)),
        None => (folder, below),
    }
}

/// What is called `dev` here is what others call the training set.
fn part_called(word: &str) -> Option<Split> {
    if word.eq_ignore_ascii_case("dev") { Some(Split::Train) } else { part_named(word) }
}

/// The part of each person, under each of the names that a table has for them.
fn people_of(path: &Path) -> Result<HashMap<String, Split>, SetError> {
    let mut list = List::open(path)?;
    let header = list.line()?.map_or(String::new(), |(_, line)| line.to_owned());
    let header = parts(&header);
    let [set] = find_columns(path, &header, &["Set"])?;
    let is_name = |column: &str| column.ends_with("ID");
    let names: Vec<usize> = (0..header.len()).filter(|&column| is_name(header[column])).collect();
    let mut people = HashMap::new();
    while let Some((_, line)) = list.line()? {
        let row = parts(line);
        let Some(split) = row.get(set).and_then(|word| part_called(word)) else { continue };
        people.extend(names.iter().filter_map(|&column| Some((as_listed(row.get(column)?).to_owned(), split))));
    }
    Ok(people)
}

/// A person's name as it is looked up: folders cannot end in dots everywhere.
fn as_listed(person: &str) -> &str {
    person.trim_end_matches('.')
}

impl Set for Voxceleb {
    fn format(&self) -> Format {
        Format::Voxceleb
    }

    fn name(&self) -> &str {
        "voxceleb"
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
        let is_first = self.splits().first() == Some(&split);
        let (mut people, mut loose) = (Vec::new(), Vec::new());
        for part in &self.parts {
            for person in folders(&part.folder)? {
                match self.split_of(part, &person) {
                    Some(own) if own == split => people.push((part, person, true)),
                    None if is_first => people.push((part, person, false)),
                    _ => {}
                }
            }
            if is_first {
                loose.extend(pictures(&part.folder)?.iter().map(|name| without_row(part.key("", name))));
            }
        }
        let of_people = people.into_iter().flat_map(|(part, person, is_known)| frames(part, person, is_known));
        Ok(Box::new(until_stop(of_people.chain(loose))))
    }

    fn has_expressions(&self) -> bool {
        false
    }
}

impl Voxceleb {
    /// None for somebody whom the table does not have.
    fn split_of(&self, part: &Part, person: &str) -> Option<Split> {
        match &self.people {
            Some(people) => people.get(as_listed(person)).copied(),
            None => Some(part.split),
        }
    }

    fn has_frames(&self) -> Result<bool, SetError> {
        for part in &self.parts {
            if has_pictures(&part.folder)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The parts with people in them, and about how many frames they have.
    fn counted(&self) -> Result<BTreeMap<Split, u64>, SetError> {
        let mut counts = BTreeMap::new();
        for split in Split::ALL {
            let (mut has_people, mut count) = (false, 0);
            for part in &self.parts {
                let mut names = folders(&part.folder)?;
                names.retain(|person| self.split_of(part, person) == Some(split));
                has_people |= !names.is_empty();
                count += nearly(&part.folder, &names);
            }
            if has_people {
                counts.insert(split, count);
            }
        }
        Ok(counts)
    }
}

/// All frames of a person, or why they are left out.
fn frames(part: &Part, person: String, is_known: bool) -> impl Iterator<Item = Item> {
    Walk::new(part.folder.join(&person)).flat_map(move |visit| match visit {
        Ok(visit) => of_folder(part, &person, &visit, is_known),
        Err(error) => vec![Err(Problem::Stop(error))],
    })
}

fn of_folder(part: &Part, person: &str, visit: &Visit, is_known: bool) -> Vec<Item> {
    let below = joined(person, &visit.below);
    let clip = steps(&visit.below).find(|step| !is_scale(step)).map(str::to_owned);
    let item = |name: &String| {
        let entry = part.entry(&below, name);
        if !is_known {
            return without_row(entry.key);
        }
        Ok(Entry { person: Some(person.to_owned()), clip: clip.clone(), ..entry })
    };
    visit.pictures.iter().map(item).collect()
}
