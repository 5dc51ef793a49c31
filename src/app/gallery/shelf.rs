//! Thumbnails and names of the faces of an index or an audit that are in sight, and of those that were: a capped store, in which what was not
//! seen for longest goes first.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use crate::engine::gallery::{FaceCard, FaceKey};
use crate::engine::protocol::RgbImage;

/// Faces that are kept at most.
pub const KEPT: usize = 2000;
/// Faces that stay when some have to go, so that it is not done at each new one.
const AFTER: usize = KEPT - KEPT / 10;

/// All of them.
#[derive(Clone, Debug, Default)]
pub struct Shelf {
    held: HashMap<FaceKey, Held>,
    /// The faces that are drawn now.
    in_sight: Vec<FaceKey>,
    /// Counts the changes of what is in sight.
    time: u64,
}

#[derive(Clone, Debug, Default)]
struct Held {
    /// None within where the index has none.
    thumbnail: Option<Option<Arc<RgbImage>>>,
    about: Option<Arc<About>>,
    /// What is known of it may no longer be so.
    stale: bool,
    seen: u64,
}

/// What is known of a face, in words.
#[derive(Clone, Debug, PartialEq)]
pub struct About {
    pub name: String,
    /// The photograph or the shard.
    pub file: PathBuf,
    /// What its labels say; empty where it has none.
    pub labels: String,
    /// Whether the file is no longer where it was.
    pub missing: bool,
}

impl About {
    pub fn of(card: &FaceCard) -> Self {
        let mut name = card.from.name();
        if card.number > 1 {
            name.push_str(&format!(" face {}", card.number));
        }
        let labels = &card.labels;
        let mut words = Vec::from_iter(labels.person.clone());
        words.extend(labels.expression.map(|expression| expression.name().to_owned()));
        for (name, value) in [("valence", labels.valence), ("arousal", labels.arousal)] {
            words.extend(value.map(|value| format!("{name} {value:.2}")));
        }
        About { name, file: card.from.file().to_owned(), labels: words.join(", "), missing: card.missing }
    }
}

impl Shelf {
    pub fn in_sight(&self) -> &[FaceKey] {
        &self.in_sight
    }

    /// Other faces are drawn from now on.
    pub fn look_at(&mut self, keys: Vec<FaceKey>) {
        self.time += 1;
        for key in &keys {
            self.held.entry(*key).or_default().seen = self.time;
        }
        self.in_sight = keys;
        self.clear_out();
    }

    pub fn thumbnail(&self, key: FaceKey) -> Option<&Arc<RgbImage>> {
        self.held.get(&key)?.thumbnail.as_ref()?.as_ref()
    }

    pub fn about(&self, key: FaceKey) -> Option<&Arc<About>> {
        self.held.get(&key)?.about.as_ref()
    }

    /// What the face is called, as far as that is known.
    pub fn name(&self, key: FaceKey) -> String {
        self.about(key).map_or_else(|| format!("Face {key}"), |about| about.name.clone())
    }

    /// Those in sight whose thumbnail is not here yet.
    pub fn without_thumbnail(&self) -> Vec<FaceKey> {
        let lacks = |key: &FaceKey| self.held.get(key).is_none_or(|held| held.thumbnail.is_none());
        self.in_sight.iter().copied().filter(lacks).collect()
    }

    /// The thumbnails to wish for, where they are others than those that were wished for before.
    pub fn wishes(&self, wished: &mut Vec<FaceKey>) -> Option<Vec<FaceKey>> {
        let wanted = self.without_thumbnail();
        // What has come is taken off the list by itself.
        if wanted.iter().all(|key| wished.contains(key)) {
            return None;
        }
        wished.clone_from(&wanted);
        Some(wanted)
    }

    /// Those in sight of which nothing is known yet, or nothing for certain.
    pub fn unknown(&self) -> Vec<FaceKey> {
        let lacks = |key: &FaceKey| self.held.get(key).is_none_or(|held| held.about.is_none() || held.stale);
        self.in_sight.iter().copied().filter(lacks).collect()
    }

    /// One that has come may be out of sight by now, and is kept all the same.
    pub fn take_thumbnail(&mut self, key: FaceKey, picture: Option<Arc<RgbImage>>) {
        self.entry(key).thumbnail = Some(picture);
        self.clear_out();
    }

    pub fn take_about(&mut self, key: FaceKey, about: About) {
        let held = self.entry(key);
        (held.about, held.stale) = (Some(Arc::new(about)), false);
        self.clear_out();
    }

    /// Files may have moved: what is known stays until it is asked for again.
    pub fn doubt(&mut self) {
        self.held.values_mut().for_each(|held| held.stale = true);
    }

    /// How many faces are kept.
    pub fn len(&self) -> usize {
        self.held.len()
    }

    pub fn is_empty(&self) -> bool {
        self.held.is_empty()
    }

    fn entry(&mut self, key: FaceKey) -> &mut Held {
        let time = self.time;
        self.held.entry(key).or_insert(Held { seen: time, ..Held::default() })
    }

    fn clear_out(&mut self) {
        if self.held.len() <= KEPT {
            return;
        }
        let mut times: Vec<u64> = self.held.values().map(|held| held.seen).collect();
        let surplus = times.len() - AFTER;
        let oldest = *times.select_nth_unstable(surplus).1;
        let now = self.time;
        self.held.retain(|_, held| held.seen > oldest || held.seen == now);
    }
}
