//! Faces put together by identity: who was named by hand first, then everybody else around them or around each other.
//!
//! A group is known by its centroid, the direction of the sum of its faces' `f_id`, and a face is as near to it as the
//! cosine between the two. Faces are gone through once: each joins the nearest group that is near enough, or founds one.
//! Since the first faces of a person may have founded several, groups then go through the same once, the large ones
//! first; only, they join nobody named by hand of whom there are fewer faces, so that faces that were split off do not
//! draw after them those that they were split from. Nothing hangs on chance or on the number of cores.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rayon::prelude::*;

use super::FaceKey;
use super::codes::{Codes, cosine};
use super::people::{PersonId, Pins};
use crate::face::{Direction, PART_DIM, UnitPart};

/// A threshold to start from: with the bundled weights, 933 faces of 397 people that no training has seen are grouped best
/// by it (pair precision 0.43, recall 0.48; at 0.6 they run together into 58 groups, at 0.9 nearly each stands alone).
pub const SUGGESTED_THRESHOLD: f32 = 0.8;
/// Centroids that are compared with a face at once.
const TILE: usize = 16;
/// Faces that are compared with the same centroids before those move.
const BATCH: usize = 512;
/// Faces of a batch that one thread compares while a tile is in the nearest cache.
const SHARE: usize = 32;

/// Faces that belong together.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// Who it is, where some of them were put together by hand.
    pub person: Option<PersonId>,
    pub name: Option<String>,
    /// Places in the codes, the best example (the one nearest to all of them) first.
    pub members: Vec<usize>,
}

/// All faces in groups, the largest first; a face that is near nobody is a group of its own.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Groups {
    pub groups: Vec<Group>,
}

/// Puts all faces into groups by `threshold`, the cosine (0 to 1) from which a face joins a group. Faces pinned to a
/// person stay with it, and two persons are never put together. None where `stop` said true.
pub fn group(codes: &Codes, pins: &Pins, threshold: f32, stop: &dyn Fn() -> bool) -> Option<Groups> {
    let faces = codes.unit(UnitPart::Identity);
    let person_of: HashMap<FaceKey, PersonId> = pins.of.iter().copied().collect();
    let mut persons: BTreeMap<PersonId, Cluster> = BTreeMap::new();
    let mut others = Vec::new();
    for (place, key) in codes.keys().iter().enumerate() {
        let Some(&person) = person_of.get(key) else {
            others.push(place);
            continue;
        };
        let face = Cluster { person: Some(person), ..Cluster::of(place, &faces[place]) };
        match persons.get_mut(&person) {
            Some(cluster) => cluster.take(face),
            None => {
                persons.insert(person, face);
            }
        }
    }
    let mut gathering = Gathering::around(persons.into_values().collect(), threshold, stop);
    gathering.settle(others.into_iter().map(|place| Cluster::of(place, &faces[place])), true)?;
    let clusters = merged(gathering.clusters, threshold, stop)?;

    let mut groups: Vec<Group> = clusters.into_par_iter().map(|cluster| cluster.ranked(faces, pins)).collect();
    groups.sort_by_key(|group| (std::cmp::Reverse(group.members.len()), group.members.iter().min().copied()));
    Some(Groups { groups })
}

/// Groups that are near enough to each other put together, the larger taking the smaller.
fn merged(clusters: Vec<Cluster>, threshold: f32, stop: &dyn Fn() -> bool) -> Option<Vec<Cluster>> {
    let (persons, mut rest): (Vec<_>, Vec<_>) = clusters.into_iter().partition(|cluster| cluster.person.is_some());
    // Stable: of two that are as large, the one that was founded first.
    rest.sort_by_key(|cluster| std::cmp::Reverse(cluster.members.len()));
    let single = rest.split_off(rest.partition_point(|cluster| cluster.members.len() > 1));
    let mut gathering = Gathering::around(persons, threshold, stop);
    gathering.settle(rest.into_iter(), true)?;
    // Single faces have been compared with each other, or they would not be single.
    let alone = gathering.settle(single.into_iter(), false)?;
    Some(gathering.clusters.into_iter().chain(alone).collect())
}

/// Some faces that were put together.
struct Cluster {
    person: Option<PersonId>,
    sum: [f32; PART_DIM],
    /// The sum's direction; zeros where it has none, so that it is near nobody.
    centroid: [f32; PART_DIM],
    members: Vec<usize>,
}

impl Cluster {
    fn of(place: usize, face: &[f32; PART_DIM]) -> Self {
        Cluster { person: None, sum: *face, centroid: *face, members: vec![place] }
    }

    /// Whether something that is near enough may join.
    fn admits(&self, other: &Cluster) -> bool {
        self.person.is_none() || other.members.len() <= self.members.len()
    }

    fn take(&mut self, other: Cluster) {
        self.sum.iter_mut().zip(other.sum).for_each(|(sum, more)| *sum += more);
        self.centroid = Direction::new(self.sum).map_or([0.0; PART_DIM], |direction| *direction.as_array());
        self.members.extend(other.members);
    }

    fn ranked(self, faces: &[[f32; PART_DIM]], pins: &Pins) -> Group {
        let mut members: Vec<(f32, usize)> =
            self.members.iter().map(|&place| (cosine(&faces[place], &self.centroid), place)).collect();
        members.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let name = self.person.and_then(|person| pins.names.get(&person).cloned());
        Group { person: self.person, name, members: members.into_iter().map(|(_, place)| place).collect() }
    }
}

/// Clusters that others join, one by one.
struct Gathering<'a> {
    clusters: Vec<Cluster>,
    /// Those of `clusters`, as they were when the batch began.
    centroids: Tiles,
    threshold: f32,
    stop: &'a dyn Fn() -> bool,
}

impl<'a> Gathering<'a> {
    fn around(clusters: Vec<Cluster>, threshold: f32, stop: &'a dyn Fn() -> bool) -> Self {
        let mut centroids = Tiles::default();
        clusters.iter().enumerate().for_each(|(place, cluster)| centroids.set(place, &cluster.centroid));
        Gathering { clusters, centroids, threshold, stop }
    }

    /// Every item joins the nearest cluster that is near enough. Items that are near none found clusters of their own
    /// where they may (`founds`), and are given back otherwise. None where it was stopped.
    fn settle(&mut self, mut items: impl Iterator<Item = Cluster>, founds: bool) -> Option<Vec<Cluster>> {
        let mut alone = Vec::new();
        loop {
            let batch: Vec<Cluster> = items.by_ref().take(BATCH).collect();
            if batch.is_empty() {
                return Some(alone);
            }
            if (self.stop)() {
                return None;
            }
            let wanted: Vec<[f32; PART_DIM]> = batch.iter().map(|item| item.centroid).collect();
            let nearest = self.centroids.nearest(&wanted);
            let known = self.clusters.len();
            let mut changed = BTreeSet::new();
            for (item, near) in batch.into_iter().zip(nearest) {
                let (place, likeness) = self.nearest_since(known, &item.centroid, near);
                if likeness >= self.threshold && self.clusters[place].admits(&item) {
                    self.clusters[place].take(item);
                    changed.insert(place);
                } else if founds {
                    changed.insert(self.clusters.len());
                    self.clusters.push(item);
                } else {
                    alone.push(item);
                }
            }
            changed.into_iter().for_each(|place| self.centroids.set(place, &self.clusters[place].centroid));
        }
    }

    /// The nearer of `near` and of the clusters that were founded since there were `known`.
    fn nearest_since(&self, known: usize, wanted: &[f32; PART_DIM], near: (usize, f32)) -> (usize, f32) {
        self.clusters[known..].iter().enumerate().fold(near, |near, (i, cluster)| {
            let likeness = cosine(&cluster.centroid, wanted);
            if likeness > near.1 { (known + i, likeness) } else { near }
        })
    }
}

/// Centroids sixteen at a time, the same number of each side by side.
#[derive(Default)]
struct Tiles {
    tiles: Vec<[[f32; TILE]; PART_DIM]>,
}

impl Tiles {
    /// Sets a centroid that is there, or the one after the last.
    fn set(&mut self, place: usize, centroid: &[f32; PART_DIM]) {
        if place / TILE == self.tiles.len() {
            // Free places: what is not a number is never the nearer one.
            self.tiles.push([[f32::NAN; TILE]; PART_DIM]);
        }
        for (row, number) in self.tiles[place / TILE].iter_mut().zip(centroid) {
            row[place % TILE] = *number;
        }
    }

    /// The nearest centroid to each, and its cosine; minus infinity where there are none.
    fn nearest(&self, wanted: &[[f32; PART_DIM]]) -> Vec<(usize, f32)> {
        wanted.par_chunks(SHARE).flat_map_iter(|wanted| self.nearest_to(wanted)).collect()
    }

    fn nearest_to(&self, wanted: &[[f32; PART_DIM]]) -> Vec<(usize, f32)> {
        let mut nearest = vec![(0, f32::NEG_INFINITY); wanted.len()];
        for (number, tile) in self.tiles.iter().enumerate() {
            for (nearest, wanted) in nearest.iter_mut().zip(wanted) {
                let cosines = cosines(tile, wanted);
                // All at once: that one of them is nearer is rare.
                if cosines.iter().fold(false, |any, cosine| any | (*cosine > nearest.1)) {
                    for (lane, &cosine) in cosines.iter().enumerate() {
                        if cosine > nearest.1 {
                            *nearest = (number * TILE + lane, cosine);
                        }
                    }
                }
            }
        }
        nearest
    }
}

fn cosines(tile: &[[f32; TILE]; PART_DIM], wanted: &[f32; PART_DIM]) -> [f32; TILE] {
    let mut sums = [0.0; TILE];
    for (row, number) in tile.iter().zip(wanted) {
        sums.iter_mut().zip(row).for_each(|(sum, other)| *sum += other * number);
    }
    sums
}
