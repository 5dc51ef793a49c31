//! Folders whose names are labels, in folders of parts (`train`, `test`) or not. A name that means an expression is one,
//! any other is a person, and below a person a clip: `train/happy/1.jpg`, `Ada/2.jpg`, `Ada/monday/sad/3.jpg`.
//!
//! Where most of the outermost folders are expressions, the others are expressions that nobody knows, and not people:
//! their pictures are left out and counted under the folder's name.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::columns::{class_named, whole_number};
use super::files::{folders, name_of, plain};
use super::walk::{Item, Part, Visit, Walk, has_pictures, joined, part_named, splits_of, steps, until_stop};
use super::{Columns, Entries, Entry, Format, Problem, Reason, Set, SetError, Split};
use crate::face::Expression;

/// What some archives hold beside the set.
const NOT_OURS: &str = "__MACOSX";
/// Folders that are looked into to tell whether there are expressions below people.
const LOOKED_INTO: usize = 20;

struct Folders {
    root: PathBuf,
    name: String,
    parts: Vec<Part>,
    /// About how many pictures each part has.
    counts: Vec<u64>,
    /// The paths of folders beside those of the parts, which are none.
    beside: Vec<String>,
    outermost: Outermost,
    columns: Columns,
    has_expressions: bool,
}

/// What the outermost folders are called after.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Outermost {
    Expressions,
    People,
}

/// What a picture's folders say of it.
#[derive(Default)]
struct Label {
    person: Option<String>,
    clip: Option<String>,
    expression: Option<Expression>,
}

/// Whether there are pictures in a folder or below it.
pub(super) fn is_here(root: &Path) -> bool {
    has_pictures(root).unwrap_or(false)
}

/// Opens a folder of labelled folders.
///
/// # Errors
/// No pictures; folders 1 to 7, which are expressions in an order that must be said.
pub(super) fn open(path: &Path, columns: &Columns) -> Result<Box<dyn Set>, SetError> {
    if !path.is_dir() {
        let lacks = "a folder, it is a file".to_owned();
        return Err(SetError::Lacks { path: path.to_owned(), format: Format::Folders, lacks });
    }
    if !has_pictures(path)? {
        return Err(SetError::Empty(path.to_owned()));
    }
    let (parts, beside) = parts_of(path)?;
    let (mut names, mut counts) = (BTreeSet::new(), Vec::new());
    for part in &parts {
        names.extend(folders(&part.folder)?);
        counts.push(part.count()?);
    }
    names.remove(NOT_OURS);
    let outermost = outermost(path, &names, columns)?;
    let has_expressions = outermost == Outermost::Expressions || has_inner_expressions(&parts, columns)?;
    let (root, name, columns) = (path.to_owned(), plain(&name_of(path)), columns.clone());
    Ok(Box::new(Folders { root, name, parts, counts, beside, outermost, columns, has_expressions }))
}

/// The folders of parts and the paths of others beside them; the root alone where it has no folders of parts. Some
/// archives have one folder around those of the parts.
fn parts_of(root: &Path) -> Result<(Vec<Part>, Vec<String>), SetError> {
    let (mut top, mut above) = (root.to_owned(), String::new());
    let mut names = ours(root)?;
    while let [only] = names.as_slice() {
        let inside = ours(&top.join(only))?;
        if !inside.iter().any(|name| is_train(name)) {
            break;
        }
        (top, above) = (top.join(only), joined(&above, only));
        names = inside;
    }
    let (named, beside): (Vec<_>, Vec<_>) = names.into_iter().partition(|name| part_named(name).is_some());
    // Somebody may be called Val.
    if named.iter().any(|name| is_train(name)) || (beside.is_empty() && !named.is_empty()) {
        let beside = beside.iter().map(|name| joined(&above, name)).collect();
        return Ok((Part::in_folder(&top, &above, part_named)?, beside));
    }
    Ok((vec![Part { split: Split::Train, folder: root.to_owned(), below: String::new() }], Vec::new()))
}

/// The folders in a folder that belong to the set.
fn ours(folder: &Path) -> Result<Vec<String>, SetError> {
    let mut names = folders(folder)?;
    names.retain(|name| name != NOT_OURS);
    Ok(names)
}

fn is_train(name: &str) -> bool {
    part_named(name) == Some(Split::Train)
}

fn outermost(root: &Path, names: &BTreeSet<String>, columns: &Columns) -> Result<Outermost, SetError> {
    let is_digit = |name: &String| name.len() == 1 && whole_number(name).is_some();
    let are_digits = !names.is_empty() && names.iter().all(|name| is_digit(name) || named(name, columns).is_some());
    // AffectNet's numbers begin with 0. Seven from 1 on are RAF-DB's, and others', each with its own order.
    let are_numbered = are_digits && names.contains("0");
    if names.len() == 7 && ('1'..='7').all(|digit| names.contains(&digit.to_string())) {
        let unsaid: Vec<String> = names.iter().filter(|name| named(name, columns).is_none()).cloned().collect();
        return if unsaid.is_empty() {
            Ok(Outermost::Expressions)
        } else {
            Err(SetError::UnknownClasses { path: root.to_owned(), words: unsaid })
        };
    }
    let expressions = names.iter().filter(|name| are_numbered || named(name, columns).is_some()).count();
    Ok(if 2 * expressions > names.len() { Outermost::Expressions } else { Outermost::People })
}

/// Whether there are folders of expressions in the first people's folders.
fn has_inner_expressions(parts: &[Part], columns: &Columns) -> Result<bool, SetError> {
    for part in parts {
        for person in folders(&part.folder)?.iter().take(LOOKED_INTO) {
            if folders(&part.folder.join(person))?.iter().any(|name| named(name, columns).is_some()) {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// The expression that a folder's name means, as a word or because the user says so; numbers mean none by themselves.
fn named(name: &str, columns: &Columns) -> Option<Expression> {
    let said = columns.classes.iter().any(|(word, _)| word.trim().eq_ignore_ascii_case(name));
    if said { columns.class_of(name).ok().flatten() } else { class_named(name) }
}

impl Set for Folders {
    fn format(&self) -> Format {
        Format::Folders
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn root(&self) -> &Path {
        &self.root
    }

    fn splits(&self) -> Vec<Split> {
        splits_of(&self.parts)
    }

    fn count(&self, split: Split) -> u64 {
        self.parts.iter().zip(&self.counts).filter(|(part, _)| part.split == split).map(|(_, count)| count).sum()
    }

    fn entries(&self, split: Split) -> Result<Entries<'_>, SetError> {
        let is_first = self.splits().first() == Some(&split);
        let own = self.parts.iter().filter(move |part| part.split == split);
        let items =
            own.flat_map(move |part| Walk::new(part.folder.clone()).flat_map(move |visit| self.folder(part, visit)));
        let beside: &[String] = if is_first { &self.beside } else { &[] };
        let strays = beside
            .iter()
            .flat_map(move |name| Walk::new(self.root.join(name)).flat_map(move |visit| stray(name, visit)));
        Ok(Box::new(until_stop(items.chain(strays))))
    }

    fn has_expressions(&self) -> bool {
        self.has_expressions
    }
}

impl Folders {
    fn folder(&self, part: &Part, visit: Result<Visit, SetError>) -> Vec<Item> {
        let visit = match visit {
            Ok(visit) => visit,
            Err(error) => return vec![Err(Problem::Stop(error))],
        };
        if steps(&visit.below).next() == Some(NOT_OURS) {
            return Vec::new();
        }
        let label = self.label(&visit.below);
        let item = |name: &String| match &label {
            Ok(Label { person, clip, expression }) => {
                let (person, clip, expression) = (person.clone(), clip.clone(), *expression);
                Ok(Entry { person, clip, expression, ..part.entry(&visit.below, name) })
            }
            Err(reason) => Err(Problem::skip(part.key(&visit.below, name), reason.clone())),
        };
        visit.pictures.iter().map(item).collect()
    }

    /// What the folders from a part's down to a picture say of it.
    fn label(&self, below: &str) -> Result<Label, Reason> {
        let mut label = Label::default();
        for (depth, name) in steps(below).enumerate() {
            if depth == 0 && self.outermost == Outermost::Expressions {
                label.expression = self.columns.class_of(name)?;
            } else if let Some(class) = named(name, &self.columns).filter(|_| depth > 0) {
                label.expression = Some(class);
            } else if label.person.is_none() {
                label.person = Some(name.to_owned());
            } else {
                label.clip = Some(joined(label.clip.as_deref().unwrap_or_default(), name));
            }
        }
        Ok(label)
    }
}

/// The pictures in a folder beside those of the parts, whose path is `folder`.
fn stray(folder: &str, visit: Result<Visit, SetError>) -> Vec<Item> {
    match visit {
        Ok(visit) => {
            let reason = || Reason::UnknownClass(folder.to_owned());
            let key = |picture: &String| joined(&joined(folder, &visit.below), picture);
            visit.pictures.iter().map(|picture| Err(Problem::skip(key(picture), reason()))).collect()
        }
        Err(error) => vec![Err(Problem::Stop(error))],
    }
}
