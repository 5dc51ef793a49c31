//! Macro-batches of stage two (section 5 of the method): for each attribute pictures that belong together and pictures
//! that do not. One attribute a step, in rotation; within an attribute one source a step, in rotation.

use rand_chacha::ChaCha8Rng;

use super::batches::Plan;
use super::codes::{Cached, CodeView};
use super::config::Disentangle;
use super::groups::{
    ByPerson, Draw, ExpressionPool, GEOMETRY, IdentityPool, PosePool, StylePool, fill, having, repeat,
};
use super::random::{Permutation, below, rng_for};
use super::samplers::{ViewRange, lights, shuffled, views};
use crate::data::crops::Keys;
use crate::data::image::views::View;
use crate::face::Part;
use crate::nn::losses::geometry::MIN_FACES;

/// People in an identity batch, at least.
pub const IDENTITY_PEOPLE: usize = 20;
/// People in a style batch, where the set has so many.
pub const STYLE_PEOPLE: usize = 5;
/// Clips of each of them, where they have so many.
pub const STYLE_CLIPS: usize = 4;

/// What a step of stage two teaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Task {
    Pose,
    Identity,
    Style,
    Expression,
}

impl Task {
    /// The part of the code that it teaches.
    pub fn part(self) -> Part {
        match self {
            Task::Pose => Part::Pose,
            Task::Identity => Part::Identity,
            Task::Style => Part::Style,
            Task::Expression => Part::Expression,
        }
    }
}

/// What tells which faces of a source show similar expressions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// Valence and arousal, and labels where they are there.
    ValenceArousal,
    /// Lengths between landmarks, and labels where they are there.
    Geometry,
    /// Labels alone.
    Label,
}

/// What a source must have to be learnt from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Labelled faces, at least, before expression trains from them.
    pub min_labelled: usize,
    /// Expression also trains from landmarks, where there are enough in the whole set to take the pose out of them.
    pub geometry: bool,
}

impl Wanted {
    /// As the settings of stage two have it.
    pub fn of(settings: &Disentangle) -> Self {
        Wanted { geometry: settings.expression_geometry, ..Wanted::default() }
    }
}

impl Default for Wanted {
    fn default() -> Self {
        Self { min_labelled: 10, geometry: true }
    }
}

/// The pictures of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MacroBatch {
    pub task: Task,
    /// The source that all of them are from; none where they are from anywhere.
    pub source: Option<u16>,
    /// Of expression batches.
    pub basis: Option<Basis>,
    /// A style batch of a set without clips: each crop stands there twice, one after the other, and the second views are
    /// re-lit, both of a crop alike. See [`relit_groups`].
    pub relit: bool,
    pub crops: Vec<usize>,
}

/// Macro-batches of a set: what each can be made of. In memory about 20 bytes a crop.
pub struct Macro {
    seed: u64,
    len: usize,
    tasks: Vec<Task>,
    by_person: ByPerson,
    pose: Vec<PosePool>,
    identity: Vec<IdentityPool>,
    style: Vec<StylePool>,
    expression: Vec<ExpressionPool>,
}

/// The attributes that a set can teach, with landmarks as teachers of expression where labels are missing.
pub fn tasks(keys: &Keys, min_labelled: usize) -> Vec<Task> {
    Macro::new(keys, 0, Wanted { min_labelled, ..Wanted::default() }).tasks
}

impl Macro {
    /// Sorts a set's pictures by what they can teach. Pose needs two pictures with angles in a source, identity two
    /// people of two pictures, expression [`Wanted::min_labelled`] pictures with valence and arousal, with landmarks and
    /// angles or with two labels among them; style needs a person with two clips of two pictures, and without one in the
    /// whole set it trains from re-lit views.
    pub fn new(keys: &Keys, seed: u64, wanted: Wanted) -> Self {
        let wanted = Wanted { geometry: wanted.geometry && having(keys, GEOMETRY) >= MIN_FACES, ..wanted };
        let by_person = ByPerson::of(keys);
        let pose = PosePool::all(keys);
        let identity = IdentityPool::all(keys, &by_person);
        let style = StylePool::all(keys, &by_person);
        let expression = ExpressionPool::all(keys, wanted);
        let len = keys.source.len();
        let able = [
            (Task::Pose, !pose.is_empty()),
            (Task::Identity, !identity.is_empty()),
            (Task::Style, len > 0),
            (Task::Expression, !expression.is_empty()),
        ];
        let tasks = able.iter().filter(|(_, able)| *able).map(|(task, _)| *task).collect();
        Self { seed, len, tasks, by_person, pose, identity, style, expression }
    }

    /// The attributes that the set can teach, in the order of their rotation.
    pub fn tasks(&self) -> &[Task] {
        &self.tasks
    }

    /// Style has no clips to train from, only re-lit views.
    pub fn relit(&self) -> bool {
        self.style.is_empty()
    }

    /// What expression trains from; empty where it does not.
    pub(super) fn expression_pools(&self) -> &[ExpressionPool] {
        &self.expression
    }

    /// The attribute of a step; none for an empty set.
    pub fn task_at(&self, step: u64) -> Option<Task> {
        let place = step.checked_rem(self.tasks.len() as u64)?;
        Some(self.tasks[place as usize])
    }

    /// The `n` pictures of a step; none for an empty set. Where a source has too few, pictures come again.
    pub fn batch(&self, step: u64, n: usize) -> Option<MacroBatch> {
        let task = self.task_at(step)?;
        // How often the task has had its turn.
        let turn = step / self.tasks.len() as u64;
        let mut rng = rng_for(self.seed, step, "macro-batch");
        let mut batch = MacroBatch { task, source: None, basis: None, relit: false, crops: Vec::new() };
        match task {
            Task::Pose => {
                let (pool, visit) = rotated(&self.pose, turn);
                batch.source = Some(pool.source);
                let places = shuffled(pool.crops.len(), pool.seed(self.seed), visit, n);
                batch.crops = places.into_iter().map(|place| pool.crops[place] as usize).collect();
            }
            Task::Identity => {
                let pool = rotated(&self.identity, turn).0;
                batch.source = Some(pool.source);
                batch.crops = self.identity(pool, n, &mut rng);
            }
            Task::Style if self.relit() => {
                batch.relit = true;
                let pairs = shuffled(self.len, self.seed, turn, n.div_ceil(2));
                batch.crops = pairs.into_iter().flat_map(|crop| [crop, crop]).take(n).collect();
            }
            Task::Style => {
                let pool = rotated(&self.style, turn).0;
                batch.source = Some(pool.source);
                batch.crops = self.style(pool, n, &mut rng);
            }
            Task::Expression => {
                let pool = rotated(&self.expression, turn).0;
                (batch.source, batch.basis) = (Some(pool.source), Some(pool.basis));
                batch.crops = expression(pool, n, &mut rng);
            }
        }
        Some(batch)
    }

    /// A step's pictures with a random view each; re-lit ones have a second view, lit alike for both of a crop and of
    /// another geometry than the first. Without crops for an empty set.
    pub fn plan(&self, step: u64, n: usize, range: ViewRange) -> Plan {
        let Some(batch) = self.batch(step, n) else { return Plan::default() };
        let count = batch.crops.len();
        let mut first = views(range, self.seed, step, 2 * count);
        let second = first.split_off(count);
        let second = if batch.relit { relit(second, self.seed, step) } else { Vec::new() };
        Plan { crops: batch.crops, views: first, second }
    }

    /// A step's pictures as cached codes, `n` of them: any of their views, but for style, where mirrored and re-lit
    /// views have another light than their clip. Where style trains from re-lit views, each crop gives its plain, its
    /// turned and its re-lit one.
    pub fn cached(&self, step: u64, n: usize) -> Vec<Cached> {
        self.batch(step, n).map_or(Vec::new(), |batch| self.cached_of(&batch, step, n))
    }

    /// The same of a step's batch that is there already.
    pub fn cached_of(&self, batch: &MacroBatch, step: u64, n: usize) -> Vec<Cached> {
        if batch.relit {
            let mut crops = batch.crops.clone();
            crops.dedup();
            let three = |crop| [CodeView::Plain, CodeView::Turned, CodeView::Relit].map(|view| Cached { crop, view });
            return crops.into_iter().flat_map(three).take(n).collect();
        }
        let mut rng = rng_for(self.seed, step, "cached views");
        let choice: &[CodeView] = match batch.task {
            Task::Style => &[CodeView::Plain, CodeView::Turned],
            _ => &CodeView::ALL,
        };
        let mut seen = |crop| Cached { crop, view: choice[below(&mut rng, choice.len())] };
        batch.crops.iter().copied().map(&mut seen).collect()
    }

    /// Twenty people of two pictures or more, with an equal share each; more people until the batch is full.
    fn identity(&self, pool: &IdentityPool, n: usize, rng: &mut ChaCha8Rng) -> Vec<usize> {
        let share = (n / IDENTITY_PEOPLE).max(2);
        let order = Permutation::new(pool.people.len(), rng);
        let (mut draws, mut room) = (Vec::new(), n);
        for place in order.iter() {
            if room == 0 {
                break;
            }
            let person = pool.people[place];
            room = room.saturating_sub(share.min(person.len as usize));
            draws.push(Draw::new(person, rng));
        }
        let mut picked = Vec::with_capacity(n);
        fill(&mut picked, n, &mut draws, &self.by_person);
        repeat(&mut picked, n);
        picked
    }

    /// Five people, those with four clips first; of each four clips, of each clip two pictures or more. Then their other
    /// clips, then other people.
    fn style(&self, pool: &StylePool, n: usize, rng: &mut ChaCha8Rng) -> Vec<usize> {
        let people = STYLE_PEOPLE.min(n / 4).max(1).min(pool.people.len());
        let clips_each = (n / people / 2).clamp(2, STYLE_CLIPS);
        let mut order: Vec<usize> = Permutation::new(pool.people.len(), rng).iter().collect();
        order.sort_by_key(|&person| pool.people[person].len() < STYLE_CLIPS);

        let (mut first, mut rest) = (Vec::new(), Vec::new());
        for &person in &order[..people] {
            let clips = &pool.people[person];
            for (rank, place) in Permutation::new(clips.len(), rng).iter().enumerate() {
                let draw = Draw::new(clips[place], rng);
                if rank < clips_each { first.push(draw) } else { rest.push(draw) }
            }
        }
        let mut picked = Vec::with_capacity(n);
        fill(&mut picked, n, &mut first, &self.by_person);
        fill(&mut picked, n, &mut rest, &self.by_person);
        for &person in &order[people..] {
            if picked.len() == n {
                break;
            }
            let mut draws: Vec<Draw> = pool.people[person].iter().map(|&clip| Draw::new(clip, rng)).collect();
            // A clip alone has no other clip of its person to be told from.
            if n - picked.len() >= 4 {
                fill(&mut picked, n, &mut draws, &self.by_person);
            }
        }
        repeat(&mut picked, n);
        picked
    }
}

/// Persons and clips of re-lit pictures, for the mining of style: a crop is a person, its light as it was taken one
/// clip, the other light another. Give the crop of each picture, and whether it is re-lit: `[first views, second
/// views]` of a [`MacroBatch`], or the codes of [`Macro::cached`].
pub fn relit_groups(pictures: impl IntoIterator<Item = (usize, bool)>) -> (Vec<Option<u32>>, Vec<Option<u32>>) {
    let groups =
        pictures.into_iter().map(|(crop, relit)| (Some(crop as u32), Some(2 * crop as u32 + u32::from(relit))));
    groups.unzip()
}

/// The pool of a turn, and how often it has had one before.
fn rotated<T>(pools: &[T], turn: u64) -> (&T, u64) {
    // A task without pools has no turn.
    let count = pools.len() as u64;
    (&pools[(turn % count) as usize], turn / count)
}

/// One light for both views of a crop, which stand one after the other.
fn relit(views: Vec<View>, seed: u64, step: u64) -> Vec<View> {
    let lights = lights(seed, step, views.len().div_ceil(2));
    views.into_iter().enumerate().map(|(i, view)| View { light: Some(lights[i / 2].clone()), ..view }).collect()
}

/// Every class as often as the others, as long as its pictures last; then all of them again.
fn expression(pool: &ExpressionPool, n: usize, rng: &mut ChaCha8Rng) -> Vec<usize> {
    let mut picked = Vec::with_capacity(n);
    while picked.len() < n {
        let orders = pool.classes.iter().map(|class| (class, Permutation::new(class.len(), rng), 0));
        let mut open: Vec<(&Vec<u32>, Permutation, usize)> = orders.collect();
        while picked.len() < n && !open.is_empty() {
            let chosen = below(rng, open.len());
            let (class, order, used) = &mut open[chosen];
            picked.push(class[order.at(*used)] as usize);
            *used += 1;
            if *used == class.len() {
                open.remove(chosen);
            }
        }
    }
    picked
}
