//! Faces grouped by who they seem to be, and how the groups are looked at.

use std::collections::BTreeSet;

use crate::engine::gallery::{FaceGroup, FaceKey, GroupsAnswer};

/// Cosines between which the threshold can be chosen.
pub const THRESHOLDS: [f32; 2] = [0.3, 0.95];

/// All of it.
#[derive(Clone, Debug, Default)]
pub struct People {
    /// The threshold and the people's revision that were asked for last, and the number of the answer.
    pub asked: Option<(f32, u64, u64)>,
    /// Number of the first answer that is about this index.
    pub first: u64,
    /// When the threshold was last moved, in seconds of the window's clock.
    pub changed_at: f64,
    /// Number of the newest answer, also of one that says what was wrong.
    pub answered: u64,
    pub answer: Option<GroupsAnswer>,
    /// Why there are none.
    pub error: Option<String>,
    /// The group that is looked at, by its place.
    pub looked_at: Option<usize>,
    /// Those of its faces that are chosen.
    pub chosen: BTreeSet<FaceKey>,
    /// A name that is being typed, and the first face of its group.
    pub naming: Option<(FaceKey, String)>,
}

impl People {
    pub fn groups(&self) -> &[FaceGroup] {
        self.answer.as_ref().map_or(&[], |answer| &answer.groups)
    }

    /// The group that is looked at.
    pub fn group(&self) -> Option<(usize, &FaceGroup)> {
        let place = self.looked_at?;
        Some((place, self.groups().get(place)?))
    }

    /// Whether newer groups are on their way.
    pub fn is_busy(&self) -> bool {
        self.asked.is_some_and(|(_, _, number)| number > self.answered)
    }

    /// Newer groups; the one that is looked at is found again by its best face.
    pub fn take(&mut self, mut answer: GroupsAnswer) {
        self.answered = answer.number;
        self.error = answer.error.take();
        if self.error.is_some() {
            return;
        }
        let first = self.group().and_then(|(_, group)| group.members.first().copied());
        self.looked_at = first.and_then(|first| answer.groups.iter().position(|group| group.members.contains(&first)));
        let chosen = std::mem::take(&mut self.chosen);
        if let Some(group) = self.looked_at.and_then(|place| answer.groups.get(place)) {
            self.chosen = chosen.into_iter().filter(|key| group.members.contains(key)).collect();
        }
        self.answer = Some(answer);
    }
}

/// What a group is called: its name, or its place among the others.
pub fn title(group: &FaceGroup, place: usize) -> String {
    group.name.clone().unwrap_or_else(|| format!("Group {}", place + 1))
}
