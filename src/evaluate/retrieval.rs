//! How often the faces that a search by a part of the code finds first share what that part should say (Fig. 4 of the
//! paper): the same person by `f_id`, the same expression by `f_e`, about the same pose by `f_p`, the same clip by
//! `f_s`; and by the other parts, which should find them no more often than chance. It is the gallery's own search.
//!
//! Each face is searched with once, among all others of which it is known whether they share it; of many faces, some
//! ([`QUERIES`]). Faces that share it with nobody ask nothing.

use std::collections::HashMap;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::Subset;
use super::bootstrap::{self, Draws, Measured};
use super::error::Stopped;
use super::parts::Watch;
use super::pose::between_deg;
use super::spread::places;
use crate::face::{Expression, Part};
use crate::gallery::{Codes, FaceKey, Query, top};
use crate::nn::Code;

/// Faces of a row of the paper's figure.
pub const TOP: usize = 7;
/// Poses are the same up to this distance, Euclidean over yaw, pitch and roll.
pub const SAME_POSE_DEG: f64 = 10.0;

/// Faces that are searched with at most, spread over all; every face is searched among.
pub const QUERIES: usize = 2000;
/// Searches between two questions whether to go on.
const AT_ONCE: usize = 32;

/// What is known of a face.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Known<'a> {
    pub person: Option<&'a str>,
    /// Of the person: two people may have clips of one name.
    pub clip: Option<&'a str>,
    pub expression: Option<Expression>,
    /// Yaw, pitch and roll.
    pub pose_deg: Option<[f32; 3]>,
}

/// How well faces are found that share something.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Retrieval {
    /// What they share, such as "same person".
    pub shares: String,
    /// Name of the part that should say it.
    pub own_part: String,
    /// The precision that a search by chance reaches: the share of the faces that are right, the mean over all searches.
    pub chance: f64,
    /// The precision that the best search reaches; below 1 where some share it with fewer than seven.
    pub best: f64,
    /// By pose, identity, expression and style, each alone, and by all but its own part.
    pub by: Vec<Searched>,
}

/// What a search by some parts finds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Searched {
    /// The parts, as the paper writes them.
    pub reads: String,
    /// Share of the first [`TOP`] faces that are right, the mean over `n` searches.
    pub precision: Measured,
    /// Mean over the searches of the average precision: over the right faces, the share of right ones up to each.
    pub average_precision: Measured,
}

/// Searches with every one of the faces that have these codes `f`; `known` says what they share. None where no two
/// faces are known to share anything. `watch` hears how many searches are done, and of how many.
///
/// # Errors
/// [`Stopped`] where `watch` says no.
pub fn table(codes: &[Code], known: &[Known], seed: u64, watch: Watch) -> Result<Option<Vec<Retrieval>>, Stopped> {
    let mut searched = Codes::with_capacity(codes.len());
    let numbered = codes.iter().zip(known).enumerate();
    // A code without a direction is no face.
    let known: Vec<Known> =
        numbered.filter_map(|(key, (f, known))| searched.push(key as FaceKey, f).then_some(*known)).collect();
    let faces = Faces { codes: &searched, known: &known };
    let asking = places(known.len(), QUERIES);
    let mut answers: Vec<[Option<Answer>; 4]> = Vec::with_capacity(asking.len());
    for some in asking.chunks(AT_ONCE) {
        if !watch(answers.len(), asking.len()) {
            return Err(Stopped);
        }
        answers.par_extend(some.par_iter().map(|&face| faces.search_with(face)));
    }
    let people = people(&known);
    let rows: Vec<Retrieval> = Shared::ALL
        .into_iter()
        .filter_map(|shared| {
            let of_it = asking
                .iter()
                .zip(&answers)
                .filter_map(|(&face, all)| all[shared as usize].as_ref().map(|answer| (people[face], answer)));
            let (who, of_it): (Vec<usize>, Vec<&Answer>) = of_it.unzip();
            row(shared, &of_it, Draws::by_group(seed, &who))
        })
        .collect();
    Ok((!rows.is_empty()).then_some(rows))
}

/// A number for each face, the same for faces of one person; a face without a name is a person of its own.
fn people(known: &[Known]) -> Vec<usize> {
    let mut numbers: HashMap<&str, usize> = HashMap::new();
    let mut of_all = Vec::with_capacity(known.len());
    for (face, known_of_it) in known.iter().enumerate() {
        let next = numbers.len();
        // Faces without a name stand past the numbers of all names.
        let unnamed = known.len() + face;
        of_all.push(known_of_it.person.map_or(unnamed, |name| *numbers.entry(name).or_insert(next)));
    }
    of_all
}

/// None where nobody asked.
fn row(shared: Shared, answers: &[&Answer], draws: Draws) -> Option<Retrieval> {
    let mean = |value: &dyn Fn(&Answer) -> f64| {
        answers.iter().map(|answer| value(answer)).sum::<f64>() / answers.len().max(1) as f64
    };
    let found = |(place, subset): (usize, Subset)| {
        let measured = |value: &dyn Fn(&Score) -> f64| {
            bootstrap::mean(&answers.iter().map(|answer| value(&answer.by[place])).collect::<Vec<f64>>(), draws)
        };
        Some(Searched {
            reads: subset.name().to_owned(),
            precision: measured(&|score| score.precision)?,
            average_precision: measured(&|score| score.average_precision)?,
        })
    };
    Some(Retrieval {
        shares: shared.name().to_owned(),
        own_part: shared.part().name().to_owned(),
        chance: mean(&|answer| answer.chance),
        best: mean(&|answer| answer.best),
        by: shared.subsets().into_iter().enumerate().map(found).collect::<Option<_>>()?,
    })
}

/// What two faces may share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shared {
    Person,
    Expression,
    Pose,
    Clip,
}

impl Shared {
    pub const ALL: [Shared; 4] = [Shared::Person, Shared::Expression, Shared::Pose, Shared::Clip];

    pub fn name(self) -> &'static str {
        match self {
            Shared::Person => "same person",
            Shared::Expression => "same expression",
            Shared::Pose => "same pose",
            Shared::Clip => "same clip",
        }
    }

    /// The part of the code that should say it.
    pub fn part(self) -> Part {
        match self {
            Shared::Person => Part::Identity,
            Shared::Expression => Part::Expression,
            Shared::Pose => Part::Pose,
            Shared::Clip => Part::Style,
        }
    }

    /// What is searched by: each part, and all but its own.
    fn subsets(self) -> [Subset; 5] {
        let [pose, identity, expression, style] = Part::ALL.map(Subset::Only);
        [pose, identity, expression, style, Subset::Without(self.part())]
    }

    /// Whether two faces share it; none where that is not known of one of them.
    pub fn between(self, a: &Known, b: &Known) -> Option<bool> {
        match self {
            Shared::Person => Some(a.person? == b.person?),
            Shared::Expression => Some(a.expression? == b.expression?),
            Shared::Clip => Some(a.clip? == b.clip? && a.person == b.person),
            Shared::Pose => {
                let (a, b) = (a.pose_deg?, b.pose_deg?);
                let squares: f64 = a.iter().zip(&b).map(|(a, b)| between_deg(*a, *b).powi(2)).sum();
                Some(squares.sqrt() <= SAME_POSE_DEG)
            }
        }
    }
}

/// What a search with one face came to.
struct Answer {
    chance: f64,
    best: f64,
    /// In the order of [`Shared::subsets`].
    by: [Score; 5],
}

#[derive(Clone, Copy)]
struct Score {
    precision: f64,
    average_precision: f64,
}

struct Faces<'a> {
    codes: &'a Codes,
    known: &'a [Known<'a>],
}

impl Faces<'_> {
    /// The answers to the searches with a face, for everything that it shares with somebody.
    fn search_with(&self, face: usize) -> [Option<Answer>; 4] {
        let alone = Part::ALL.map(|part| self.ranking(face, Subset::Only(part)));
        Shared::ALL.map(|shared| {
            let right: Vec<Option<bool>> = self
                .known
                .iter()
                .enumerate()
                .map(|(i, other)| if i == face { None } else { shared.between(&self.known[face], other) })
                .collect();
            let (all, relevant) = (
                right.iter().filter(|right| right.is_some()).count(),
                right.iter().filter(|right| **right == Some(true)).count(),
            );
            if relevant == 0 {
                return None;
            }
            let rest = self.ranking(face, Subset::Without(shared.part()));
            let [a, b, c, d] = alone.each_ref().map(|order| score(order, &right, relevant));
            Some(Answer {
                chance: relevant as f64 / all as f64,
                best: relevant.min(TOP) as f64 / all.min(TOP) as f64,
                by: [a, b, c, d, score(&rest, &right, relevant)],
            })
        })
    }

    /// All faces, those first that are most like this one in some parts.
    fn ranking(&self, face: usize, subset: Subset) -> Vec<usize> {
        let weights = Part::ALL.map(|part| match subset {
            Subset::Only(only) => f32::from(u8::from(part == only)),
            Subset::Without(left_out) => f32::from(u8::from(part != left_out)),
        });
        let target = Query::of(&self.codes.face(face), weights).target();
        let target = target.expect("one face cannot cancel itself out, and a part counts");
        top(self.codes, &target, None, self.codes.len()).into_iter().map(|hit| hit.place).collect()
    }
}

/// How good an order is; what is not known to be right or wrong is passed over. `relevant`, 1 or more, are right.
fn score(order: &[usize], right: &[Option<bool>], relevant: usize) -> Score {
    let known: Vec<bool> = order.iter().filter_map(|&place| right[place]).collect();
    let first = &known[..known.len().min(TOP)];
    let (mut found, mut sum) = (0.0, 0.0);
    for (before, _) in known.iter().enumerate().filter(|(_, right)| **right) {
        found += 1.0;
        sum += found / (before + 1) as f64;
    }
    let in_first = first.iter().filter(|right| **right).count();
    Score { precision: in_first as f64 / first.len() as f64, average_precision: sum / relevant as f64 }
}
