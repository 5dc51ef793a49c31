//! The faces of an index as an audit needs them: who has a label, under which name, and who belongs together.

use std::collections::{HashMap, HashSet};

use super::card::Names;
use super::error::AuditError;
use super::readings::Labelled;
use crate::data::hash;
use crate::data::sets::SharedNames;
use crate::face::Expression;
use crate::gallery::{Codes, FaceKey, FaceLabels, Index};

/// Faces with an expression, in the order of their keys; a face is known by its place.
#[derive(Debug, Default)]
pub(super) struct Labels {
    pub keys: Vec<FaceKey>,
    /// Where each stands in the codes.
    pub places: Vec<usize>,
    pub names: Names,
    pub given: Vec<Expression>,
    /// Equal for faces of one person; where that is not known, of one recording; else each face's own.
    pub groups: Vec<usize>,
    /// Valence and arousal.
    pub moods: Vec<Option<[f32; 2]>>,
    /// Whether some faces belong together.
    pub has_groups: bool,
    /// Faces of the index, these and all others.
    pub faces: usize,
    pub unlabelled: usize,
    /// Of a name that an earlier face of their shard has: nobody could tell which of them a verdict is about.
    pub left_out: usize,
}

impl Labels {
    /// The labels of an index whose codes are in memory; `shared` are the names that several of its shards have.
    ///
    /// # Errors
    /// A database that cannot be read.
    pub fn read(index: &Index, codes: &Codes, shared: &SharedNames) -> Result<Self, AuditError> {
        let mut labels = Labels::default();
        let mut numbers = Numbers::default();
        let mut seen = HashSet::new();
        index.each_labels(|key, shard, name, known| {
            labels.faces += 1;
            let Some(given) = known.expression else {
                labels.unlabelled += 1;
                return;
            };
            let name = shared.key(shard, name);
            let place = codes.position(key);
            let is_first = seen.insert(hash::mix(hash::fnv(name.bytes())));
            let Some(place) = place.filter(|_| is_first) else {
                labels.left_out += 1;
                return;
            };
            labels.keys.push(key);
            labels.places.push(place);
            labels.names.push(&name);
            labels.given.push(given);
            labels.groups.push(numbers.of(&known));
            labels.moods.push(known.valence.zip(known.arousal).map(|(valence, arousal)| [valence, arousal]));
        })?;
        labels.has_groups = numbers.next < labels.keys.len();
        Ok(labels)
    }

    pub fn len(&self) -> usize {
        self.keys.len()
    }

    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// What a face is called; none where it is not among these.
    pub fn name(&self, face: FaceKey) -> Option<&str> {
        Some(self.names.get(self.keys.binary_search(&face).ok()?))
    }

    pub fn labelled<'a>(&'a self, codes: &'a Codes) -> Labelled<'a> {
        Labelled { codes, places: &self.places, given: &self.given, groups: &self.groups }
    }
}

/// Numbers of people and recordings.
#[derive(Default)]
struct Numbers {
    people: HashMap<String, usize>,
    clips: HashMap<String, usize>,
    /// As many were given.
    next: usize,
}

impl Numbers {
    fn of(&mut self, labels: &FaceLabels) -> usize {
        let known = match (&labels.person, &labels.clip) {
            (Some(person), _) => Some((&mut self.people, person)),
            (None, Some(clip)) => Some((&mut self.clips, clip)),
            (None, None) => None,
        };
        let new = self.next;
        let number = known.map_or(new, |(numbers, name)| match numbers.get(name) {
            Some(&number) => number,
            None => {
                numbers.insert(name.clone(), new);
                new
            }
        });
        self.next += usize::from(number == new);
        number
    }
}
