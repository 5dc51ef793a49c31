//! What the columns of a table are called, and which expression a word or number in them means.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::{Entries, Entry, Problem, Reason, SetError};
use crate::face::Expression;

/// Other words for the classes that are in use, in lower case.
const SYNONYMS: [(&str, Expression); 20] = [
    ("calm", Expression::Neutral),
    ("neutrality", Expression::Neutral),
    ("happiness", Expression::Happy),
    ("joy", Expression::Happy),
    ("joyful", Expression::Happy),
    ("smile", Expression::Happy),
    ("smiling", Expression::Happy),
    ("sadness", Expression::Sad),
    ("sorrow", Expression::Sad),
    ("unhappy", Expression::Sad),
    ("surprised", Expression::Surprise),
    ("astonished", Expression::Surprise),
    ("amazed", Expression::Surprise),
    ("fearful", Expression::Fear),
    ("afraid", Expression::Fear),
    ("scared", Expression::Fear),
    ("disgusted", Expression::Disgust),
    ("angry", Expression::Anger),
    ("contemptuous", Expression::Contempt),
    ("contemptful", Expression::Contempt),
];

/// Words that say that a face has no label, in lower case.
const UNLABELLED: [&str; 9] = ["", "none", "null", "nan", "na", "n/a", "uncertain", "unknown", "ambiguous"];

/// What a table's columns are called, and what else a user says of it. What is not said is as the format has it.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Columns {
    /// Where a row's picture is: a path, or the picture itself.
    pub picture: Option<String>,
    /// The expression.
    pub given: Option<String>,
    pub valence: Option<String>,
    pub arousal: Option<String>,
    pub person: Option<String>,
    pub clip: Option<String>,
    /// Which part of the set a row belongs to.
    pub split: Option<String>,
    /// What words or numbers of the set mean; they go before what is known of them here.
    pub classes: Vec<(String, Expression)>,
    /// The folder that the paths of pictures are relative to.
    pub root: Option<PathBuf>,
}

impl Columns {
    /// The expression that a cell or the name of a folder means: what [`Columns::classes`] says, a class's name, a
    /// well-known other word for it, in capitals or not, or its number 0 to 7 in AffectNet's order (`3` or `3.0`).
    /// None where the cell is empty or says that nothing is known.
    ///
    /// # Errors
    /// [`Reason::UnknownClass`] for other words and numbers.
    pub fn class_of(&self, word: &str) -> Result<Option<Expression>, Reason> {
        let word = word.trim();
        let said = self.classes.iter().find(|(name, _)| name.trim().eq_ignore_ascii_case(word));
        let known = said.map(|&(_, class)| class).or_else(|| class_named(word)).or_else(|| class_numbered(word));
        match known {
            Some(class) => Ok(Some(class)),
            None if UNLABELLED.contains(&word.to_lowercase().as_str()) => Ok(None),
            None => Err(Reason::UnknownClass(word.to_owned())),
        }
    }

    /// As [`Columns::class_of`], with AffectNet's numbers for faces without one of the eight: none for 8 (no such
    /// expression) and 9 (uncertain).
    ///
    /// # Errors
    /// [`Reason::NoFace`] for 10, [`Reason::UnknownClass`] for what is not known.
    pub(super) fn affectnet_class_of(&self, word: &str) -> Result<Option<Expression>, Reason> {
        self.class_of(word).or_else(|unknown| match whole_number(word) {
            Some(8 | 9) => Ok(None),
            Some(10) => Err(Reason::NoFace),
            _ => Err(unknown),
        })
    }

    /// One of [`Columns::classes`] as it is written on a command line, `WORD=EXPRESSION`.
    ///
    /// # Errors
    /// No `=` in it, no word before it, none of the eight expressions after it.
    pub fn parse_class(text: &str) -> Result<(String, Expression), SetError> {
        let bad = || SetError::BadClass(text.to_owned());
        let (word, class) = text.rsplit_once('=').ok_or_else(bad)?;
        let class = class_named(class.trim()).ok_or_else(bad)?;
        if word.trim().is_empty() { Err(bad()) } else { Ok((word.trim().to_owned(), class)) }
    }
}

/// The expression that a word means, in capitals or not; none for numbers and other words.
pub(super) fn class_named(word: &str) -> Option<Expression> {
    let word = word.to_lowercase();
    let synonym = || SYNONYMS.iter().find(|(name, _)| *name == word).map(|&(_, class)| class);
    word.parse().ok().or_else(synonym)
}

/// The class of a whole number 0 to 7, also where it is written as a fraction.
fn class_numbered(word: &str) -> Option<Expression> {
    Expression::ALL.get(usize::from(whole_number(word)?)).copied()
}

/// A whole number below 256, also where it is written as a fraction (`3.0`), as tables with gaps have them.
pub(super) fn whole_number(word: &str) -> Option<u8> {
    let value: f64 = word.trim().parse().ok()?;
    ((0.0..256.0).contains(&value) && value.fract() == 0.0).then_some(value as u8)
}

/// Valence or arousal as a number; none for what is no number from -1 to 1, among it AffectNet's -2 for "not known".
pub(super) fn mood(text: &str) -> Option<f32> {
    text.trim().parse().ok().filter(|value| (-1.0..=1.0).contains(value))
}

/// The same entries; where classes are named and not one of them is known, the last is an error that names them, since
/// the words are of a language or set of their own.
pub(super) fn known_classes<'a>(entries: Entries<'a>, path: &Path) -> Entries<'a> {
    let (entries, path) = (Some(entries), path.to_owned());
    Box::new(KnownClasses { entries, path, words: BTreeSet::new(), is_known: false })
}

struct KnownClasses<'a> {
    /// None after the end.
    entries: Option<Entries<'a>>,
    path: PathBuf,
    /// The first unknown ones.
    words: BTreeSet<String>,
    is_known: bool,
}

impl Iterator for KnownClasses<'_> {
    type Item = Result<Entry, Problem>;

    fn next(&mut self) -> Option<Self::Item> {
        const MOST: usize = 20;
        let next = self.entries.as_mut()?.next();
        match &next {
            Some(Ok(entry)) => self.is_known |= entry.expression.is_some(),
            Some(Err(Problem::Skip { reason: Reason::UnknownClass(word), .. })) if self.words.len() < MOST => {
                self.words.insert(word.clone());
            }
            Some(Err(Problem::Skip { .. })) => {}
            Some(Err(Problem::Stop(_))) => self.entries = None,
            None => {
                self.entries = None;
                let words: Vec<String> = std::mem::take(&mut self.words).into_iter().collect();
                let unknown = !self.is_known && !words.is_empty();
                let path = self.path.clone();
                return unknown.then_some(Err(Problem::Stop(SetError::UnknownClasses { path, words })));
            }
        }
        next
    }
}
