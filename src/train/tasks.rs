//! The tasks of the four parts (section 5 of the method): what a batch's labels ask of its codes, on the codes as they
//! are and on those of swapped pictures.

use burn::tensor::{Tensor, TensorData};
use rand_chacha::ChaCha8Rng;

use super::config::Disentangle;
use super::macros::{Basis, Task, relit_groups};
use crate::data::crops::Label;
use crate::face::{Expression, Part};
use crate::nn::losses::disentangle::{cosine, pose};
use crate::nn::losses::geometry::{MEASURES, PoseFree, measures};
use crate::nn::losses::mining::{self, Distances};
use crate::nn::losses::triplet::{NEAREST, chosen_triplet, mined_triplet};

/// What a task asks of a batch's codes.
pub struct TaskLoss {
    /// Weighted; none where there is nothing to go by.
    pub loss: Option<Tensor<1>>,
    /// The task teaches by triplets, and the rows can form none.
    pub without_triplets: bool,
}

/// What one task knows of each row of a batch.
#[derive(Clone, Debug)]
pub struct TaskLabels {
    pub task: Task,
    basis: Option<Basis>,
    persons: Vec<Option<u32>>,
    clips: Vec<Option<u32>>,
    sources: Vec<u16>,
    expressions: Vec<Option<Expression>>,
    valence_arousal: Vec<Option<[f32; 2]>>,
    measures: Vec<Option<[f32; MEASURES]>>,
    pose_rad: Vec<Option<[f32; 3]>>,
    /// Targets of f_id from a recogniser's descriptors, unit vectors.
    targets: Vec<Option<[f32; 32]>>,
}

impl TaskLabels {
    /// From the labels of a batch as its views show them; `relit` says of each row whether it is a re-lit view, for the
    /// style of sets without clips.
    pub fn new(
        task: Task,
        basis: Option<Basis>,
        labels: &[Label],
        relit: Option<Vec<(usize, bool)>>,
        pose_free: Option<&PoseFree>,
    ) -> Self {
        let (persons, clips) = match relit {
            Some(rows) => relit_groups(rows),
            None => labels.iter().map(|label| (label.person, label.clip)).unzip(),
        };
        let measured = |label: &Label| {
            let (free, points, pose) = (pose_free?, label.landmarks.as_ref()?, label.pose_deg?);
            Some(free.apply(&measures(points), pose))
        };
        TaskLabels {
            task,
            basis,
            persons,
            clips,
            sources: labels.iter().map(|label| label.source).collect(),
            expressions: labels.iter().map(|label| label.expression).collect(),
            valence_arousal: labels.iter().map(|label| label.valence_arousal).collect(),
            measures: labels.iter().map(measured).collect(),
            pose_rad: labels.iter().map(|label| label.pose_deg.map(|pose| pose.map(f32::to_radians))).collect(),
            targets: vec![None; labels.len()],
        }
    }

    /// With a recogniser's targets, one for each row.
    pub fn with_targets(self, targets: Vec<Option<[f32; 32]>>) -> Self {
        TaskLabels { targets, ..self }
    }

    /// Row i becomes what row i + `by` was, from the end on to the front: the labels of codes whose part was moved so.
    pub fn rolled(&self, by: usize) -> Self {
        let mut rolled = self.clone();
        let by = by % self.persons.len().max(1);
        rolled.persons.rotate_left(by);
        rolled.clips.rotate_left(by);
        rolled.sources.rotate_left(by);
        rolled.expressions.rotate_left(by);
        rolled.valence_arousal.rotate_left(by);
        rolled.measures.rotate_left(by);
        rolled.pose_rad.rotate_left(by);
        rolled.targets.rotate_left(by);
        rolled
    }

    /// The task's loss on disentangled codes `[n, 99]`; rows that can form no triplet drop those terms alone.
    pub fn loss(&self, settings: &Disentangle, f: Tensor<2>, random: &mut ChaCha8Rng) -> TaskLoss {
        let range = self.task.part().range();
        let part = f.narrow(1, range.start, range.len());
        let triplets = match self.task {
            Task::Pose => return TaskLoss { loss: self.pose(settings, part), without_triplets: false },
            Task::Identity => {
                let mined = mining::identity(&self.persons, random);
                (mined.count() > 0).then(|| nearest(settings, part.clone(), &mined) * settings.identity)
            }
            Task::Style => {
                let mined = mining::style(&self.persons, &self.clips, random);
                (mined.count() > 0).then(|| nearest(settings, part.clone(), &mined) * settings.style)
            }
            Task::Expression => {
                let chosen = mining::expression(&self.distances(), &self.sources, random);
                let weight = settings.expression;
                (chosen.count() > 0).then(|| chosen_triplet(part.clone(), &chosen, settings.triplet_squared) * weight)
            }
        };
        let without_triplets = triplets.is_none();
        let recognised = if self.task == Task::Identity { self.recognised(settings, part) } else { None };
        TaskLoss { loss: sum(triplets, recognised), without_triplets }
    }

    fn pose(&self, settings: &Disentangle, f_p: Tensor<2>) -> Option<Tensor<1>> {
        let n = self.pose_rad.len();
        let valid: Vec<f32> = self.pose_rad.iter().map(|pose| f32::from(u8::from(pose.is_some()))).collect();
        if valid.iter().all(|&weight| weight == 0.0) {
            return None;
        }
        let truth: Vec<f32> = self.pose_rad.iter().flat_map(|pose| pose.unwrap_or_default()).collect();
        let device = f_p.device();
        let truth = Tensor::<2>::from_data(TensorData::new(truth, [n, 3]), &device);
        let valid = Tensor::<1>::from_data(TensorData::new(valid, [n]), &device);
        Some(pose(f_p, truth, valid, settings.pose_squared) * settings.pose)
    }

    fn recognised(&self, settings: &Disentangle, f_id: Tensor<2>) -> Option<Tensor<1>> {
        if settings.descriptor <= 0.0 || self.targets.iter().all(Option::is_none) {
            return None;
        }
        let n = self.targets.len();
        let device = f_id.device();
        let valid: Vec<f32> = self.targets.iter().map(|target| f32::from(u8::from(target.is_some()))).collect();
        let targets: Vec<f32> = self.targets.iter().flat_map(|target| target.unwrap_or([0.0; 32])).collect();
        let targets = Tensor::<2>::from_data(TensorData::new(targets, [n, Part::Identity.range().len()]), &device);
        let valid = Tensor::<1>::from_data(TensorData::new(valid, [n]), &device);
        Some(cosine(f_id, targets, valid) * settings.descriptor)
    }

    fn distances(&self) -> Distances {
        match self.basis {
            Some(Basis::ValenceArousal) => Distances::by_valence_arousal(&self.valence_arousal, &self.expressions),
            Some(Basis::Geometry) if self.measures.iter().any(Option::is_some) => {
                Distances::by_geometry(&self.measures, &self.expressions)
            }
            _ => Distances::by_label(&self.expressions),
        }
    }
}

fn nearest(settings: &Disentangle, part: Tensor<2>, mined: &mining::Mined) -> Tensor<1> {
    if settings.random_negatives {
        chosen_triplet(part, &mined.at_random(), settings.triplet_squared)
    } else {
        mined_triplet(part, mined, NEAREST, settings.triplet_squared)
    }
}

/// The sum of what is there.
fn sum(a: Option<Tensor<1>>, b: Option<Tensor<1>>) -> Option<Tensor<1>> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a + b),
        (a, b) => a.or(b),
    }
}
