//! The sets that there are, prepared where they have to be, with what is kept of each: what is still to be done.

use std::path::PathBuf;

use super::kept::{self, Kept};
use super::{Run, Step, work};
use crate::evaluate::data::{self, DataSet, Source};
use crate::evaluate::error::EvaluateError;
use crate::evaluate::options::PartName;
use crate::evaluate::parts;

/// A set that is ready to be measured.
pub(super) struct Plan {
    pub name: String,
    pub shards: Vec<PathBuf>,
    /// Faces at most.
    pub count: u64,
    /// Faces that it holds.
    pub held: u64,
    pub parts: Vec<Planned>,
}

/// A part that was asked for.
pub(super) struct Planned {
    pub part: PartName,
    pub key: String,
    /// From an earlier run.
    pub kept: Option<Kept>,
}

impl Plan {
    /// Whether nothing is left to do.
    pub fn is_whole(&self) -> bool {
        self.open().next().is_none()
    }

    /// The parts that are to be measured.
    pub fn open(&self) -> impl Iterator<Item = PartName> {
        self.parts.iter().filter(|planned| planned.kept.is_none()).map(|planned| planned.part)
    }
}

impl Run<'_> {
    /// The sets with what is kept of each; published ones are prepared. None where it was stopped.
    pub(super) fn plans(&mut self, sets: Vec<DataSet>) -> Result<Option<Vec<Plan>>, EvaluateError> {
        let limit = self.options.faces;
        let counts: Vec<u64> = sets.iter().map(|set| set.count(limit)).collect();
        let expected = |(set, &count): (&DataSet, &u64)| {
            let preparing = if set.source.is_some() { work::preparing(count) } else { 0 };
            preparing + self.work_on(count, self.asked.iter().copied())
        };
        let total: u64 = sets.iter().zip(&counts).map(expected).sum();
        self.work.expect(total);
        let mut plans: Vec<Plan> = Vec::new();
        for (set, count) in sets.into_iter().zip(counts) {
            let Some(source) = &set.source else {
                plans.extend(self.plan(set.name.clone(), &set, count));
                continue;
            };
            let Some(made) = self.prepare(&set.name, source, count)? else { return Ok(None) };
            for set in made {
                let name = data::free_name(&set.name, |name| plans.iter().any(|plan| plan.name == name));
                plans.extend(self.plan(name, &set, set.count(limit)));
            }
        }
        Ok(Some(plans))
    }

    /// Learns how much there is to do.
    pub(super) fn expect(&mut self, plans: &[Plan]) {
        let of_sets: u64 = plans.iter().map(|plan| self.work_on(plan.count, plan.open())).sum();
        let mut open = plans.iter().flat_map(Plan::open);
        let of_training = if self.given.is_unread() && open.any(|part| parts::hangs_on(part).training) {
            work::reading(self.given.training_faces as u64)
        } else {
            0
        };
        self.work.expect(of_sets + of_training);
    }

    /// The work of some parts, and of reading the faces that they take.
    fn work_on(&self, count: u64, parts: impl Iterator<Item = PartName>) -> u64 {
        let of_parts: u64 = parts.map(|part| work::of_part(part, count, self.options)).sum();
        if of_parts > 0 { work::reading(count) + of_parts } else { 0 }
    }

    /// The sets that a published one is made into; none of one that cannot be used, and None where it was stopped.
    fn prepare(&mut self, name: &str, source: &Source, count: u64) -> Result<Option<Vec<DataSet>>, EvaluateError> {
        self.work.begin(name, Step::Prepare, work::preparing(count));
        let (work, needed, limit) = (&mut self.work, &self.given.needed, self.options.faces);
        let folder = source.folder(&self.folder.crops(), limit, needed);
        let made = source.prepare(&folder, limit, needed, &mut |done, of| work.hear(done, of));
        // Also what could not be finished: the next run goes on from there.
        self.used.push(folder);
        match made {
            Ok(made) => Ok(made),
            Err(error @ EvaluateError::Write(_)) => Err(error),
            Err(error) => {
                self.fail(name, error);
                Ok(Some(Vec::new()))
            }
        }
    }

    /// What there is to do on a set; none where its shards cannot be read.
    fn plan(&mut self, name: String, set: &DataSet, count: u64) -> Option<Plan> {
        let stamp = match kept::stamp(&set.shards) {
            Ok(stamp) => stamp,
            Err(error) => {
                self.fail(&name, error.into());
                return None;
            }
        };
        let planned = |&part: &PartName| {
            let key = kept::key(part, self.weights, stamp, self.options, &self.given);
            let kept = self.folder.kept(&name, part, &key);
            Planned { part, key, kept }
        };
        let parts = self.asked.iter().map(planned).collect();
        Some(Plan { name, shards: set.shards.clone(), count, held: set.held(), parts })
    }
}
