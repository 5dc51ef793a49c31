//! What people are told about the groups of faces: names, who belongs together and who does not.

use std::collections::BTreeSet;

use super::super::super::gallery::GalleryWish;
use super::super::super::gallery::command::GalleryCommand;
use super::super::super::gallery::people::THRESHOLDS;
use super::super::super::hands::Hands;
use super::super::super::pending::Wish;
use super::super::super::state::State;
use super::super::{asked, fail};
use crate::engine::gallery::FaceKey;

pub(super) fn apply(state: &mut State, hands: &Hands, command: GalleryCommand) {
    let now = state.now;
    let people = &mut state.gallery.people;
    match command {
        GalleryCommand::Threshold(threshold) => {
            people.changed_at = now;
            state.gallery.threshold = threshold.clamp(THRESHOLDS[0], THRESHOLDS[1]);
            state.touch();
        }
        GalleryCommand::LookAtGroup(place) => {
            people.looked_at = place;
            people.chosen.clear();
            people.naming = None;
        }
        GalleryCommand::Choose(key) => toggle(&mut people.chosen, key),
        GalleryCommand::Naming(first, text) => people.naming = text.map(|text| (first, text)),
        GalleryCommand::Name => name(state, hands),
        GalleryCommand::MergeWith(place) => merge(state, hands, place),
        GalleryCommand::SplitOff => split(state, hands),
        GalleryCommand::UndoPeople => asked(state, hands.galleries.undo(), PEOPLE),
        _ => {}
    }
}

const PEOPLE: Wish = Wish::Gallery(GalleryWish::People);

/// A name that is empty or the old one changes nothing.
fn name(state: &mut State, hands: &Hands) {
    let Some((first, text)) = state.gallery.people.naming.take() else { return };
    let group = state.gallery.people.groups().iter().find(|group| group.members.first() == Some(&first));
    let (Some(group), name) = (group, text.trim()) else {
        return fail(state, "The group was put together anew while its name was typed; type it once more");
    };
    if !name.is_empty() && group.name.as_deref() != Some(name) {
        let asking = hands.galleries.rename(group.members.clone(), name.to_owned());
        asked(state, asking, PEOPLE);
    }
}

fn merge(state: &mut State, hands: &Hands, place: usize) {
    let people = &state.gallery.people;
    let (Some((own, group)), Some(other)) = (people.group(), people.groups().get(place)) else { return };
    if own == place {
        return;
    }
    let members: Vec<FaceKey> = group.members.iter().chain(&other.members).copied().collect();
    asked(state, hands.galleries.merge(members), PEOPLE);
}

fn split(state: &mut State, hands: &Hands) {
    let people = &state.gallery.people;
    let Some((_, group)) = people.group() else { return };
    let chosen: Vec<FaceKey> = group.members.iter().copied().filter(|key| people.chosen.contains(key)).collect();
    if chosen.is_empty() || chosen.len() == group.members.len() {
        fail(state, "Choose some of the faces of this group, but not all; those are split off");
        return;
    }
    let asking = hands.galleries.split(chosen, group.members.clone());
    state.gallery.people.chosen.clear();
    asked(state, asking, PEOPLE);
}

/// Chooses a face, or no longer.
fn toggle(chosen: &mut BTreeSet<FaceKey>, key: FaceKey) {
    if !chosen.remove(&key) {
        chosen.insert(key);
    }
}
