//! Exchanges with a known answer (section 5 of the method): a face takes parts of its code from another one, and the
//! picture that must come out exists, so that its code is cached. As pairs of numbers; the codes are the caller's.

use rand_chacha::ChaCha8Rng;

use super::codes::{Cached, CodeView};
use super::groups::{ByPerson, Span};
use super::random::{below, rng_for};
use crate::data::crops::{Keys, NOBODY};
use crate::face::{Expression, Part};

/// Of a source's people, the share that must be a neutral and a happy picture, and nothing more, for them to be of one
/// sitting.
const PAIRED: f64 = 0.9;

/// Where the answer is known from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Style from the same picture in another light.
    Light,
    /// Pose from the same picture turned.
    Turn,
    /// Identity from another picture of the person.
    Person,
    /// Pose and expression from another picture of the clip.
    Frame,
    /// Pose and expression between the neutral and the happy picture of a sitting.
    Sitting,
}

impl Kind {
    /// The parts of the code that are taken.
    pub fn parts(self) -> &'static [Part] {
        match self {
            Kind::Light => &[Part::Style],
            Kind::Turn => &[Part::Pose],
            Kind::Person => &[Part::Identity],
            Kind::Frame | Kind::Sitting => &[Part::Pose, Part::Expression],
        }
    }
}

/// `taker` with the parts of `giver` is `answer`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exchange {
    pub kind: Kind,
    pub taker: Cached,
    pub giver: Cached,
    pub answer: Cached,
}

impl Exchange {
    /// The parts of the code that are taken.
    pub fn parts(&self) -> &'static [Part] {
        self.kind.parts()
    }
}

/// The exchanges that a set can form.
pub struct Exchanges {
    len: usize,
    kinds: Vec<Kind>,
    by_person: ByPerson,
    /// People of two pictures or more.
    people: Vec<Span>,
    /// Clips of two pictures or more.
    clips: Vec<Span>,
    /// Pictures of one person in one light, a neutral and a happy one among them.
    sittings: Vec<Sitting>,
}

struct Sitting {
    neutral: Vec<u32>,
    happy: Vec<u32>,
}

impl Exchanges {
    /// Sorts a set's pictures by the exchanges that they allow.
    pub fn new(keys: &Keys) -> Self {
        let by_person = ByPerson::of(keys);
        let several = |spans: Vec<Span>| spans.into_iter().filter(|span| span.len >= 2).collect::<Vec<_>>();
        let everyone = by_person.split(by_person.all(), |crop| keys.person[crop]);
        let people = several(everyone);
        let clips: Vec<Span> = people.iter().flat_map(|&person| by_person.clips(keys, person)).collect();
        let sittings = sittings(keys, &by_person, &clips);
        let len = keys.source.len();
        let able = [
            (Kind::Light, len > 0),
            (Kind::Turn, len > 0),
            (Kind::Person, !people.is_empty()),
            (Kind::Frame, !clips.is_empty()),
            (Kind::Sitting, !sittings.is_empty()),
        ];
        let kinds = able.iter().filter(|(_, able)| *able).map(|(kind, _)| *kind).collect();
        Self { len, kinds, by_person, people, clips, sittings }
    }

    /// The kinds that the set can form.
    pub fn kinds(&self) -> &[Kind] {
        &self.kinds
    }

    /// The `n` exchanges of a step, of all kinds equally often; none for an empty set.
    pub fn draw(&self, seed: u64, step: u64, n: usize) -> Vec<Exchange> {
        if self.kinds.is_empty() {
            return Vec::new();
        }
        let mut rng = rng_for(seed, step, "exchanges");
        // Goes on where the step before ended, so that the kinds stay level where they do not divide a batch.
        let first = ((u128::from(step) * n as u128) % self.kinds.len() as u128) as usize;
        (first..first + n).map(|place| self.one(self.kinds[place % self.kinds.len()], &mut rng)).collect()
    }

    fn one(&self, kind: Kind, rng: &mut ChaCha8Rng) -> Exchange {
        let known = |taker: Cached, giver: Cached, answer: Cached| Exchange { kind, taker, giver, answer };
        match kind {
            Kind::Light | Kind::Turn => {
                let crop = below(rng, self.len);
                let other = if kind == Kind::Light { CodeView::Relit } else { CodeView::Turned };
                let mut pair = [CodeView::Plain, other].map(|view| Cached { crop, view });
                if below(rng, 2) == 1 {
                    pair.reverse();
                }
                known(pair[0], pair[1], pair[1])
            }
            Kind::Person => {
                let [taker, giver] = two_of(self.by_person.crops(self.people[below(rng, self.people.len())]), rng);
                let [taker, giver] =
                    [taker, giver].map(|crop| Cached { crop, view: CodeView::ALL[below(rng, CodeView::ALL.len())] });
                known(taker, giver, taker)
            }
            Kind::Frame => {
                let pair = two_of(self.by_person.crops(self.clips[below(rng, self.clips.len())]), rng);
                let [taker, giver] = in_one_light(pair, rng);
                known(taker, giver, giver)
            }
            Kind::Sitting => {
                let sitting = &self.sittings[below(rng, self.sittings.len())];
                let mut pair = [&sitting.neutral, &sitting.happy].map(|crops| crops[below(rng, crops.len())] as usize);
                if below(rng, 2) == 1 {
                    pair.reverse();
                }
                let [taker, giver] = in_one_light(pair, rng);
                known(taker, giver, giver)
            }
        }
    }
}

/// Two different ones of two or more.
fn two_of(crops: &[u32], rng: &mut ChaCha8Rng) -> [usize; 2] {
    let first = below(rng, crops.len());
    let second = (first + 1 + below(rng, crops.len() - 1)) % crops.len();
    [first, second].map(|place| crops[place] as usize)
}

/// Two crops in views whose light is alike: each plain or turned, or both mirrored.
fn in_one_light(crops: [usize; 2], rng: &mut ChaCha8Rng) -> [Cached; 2] {
    use CodeView::{Mirrored, Plain, Turned};
    const VIEWS: [[CodeView; 2]; 5] =
        [[Plain, Plain], [Plain, Turned], [Turned, Plain], [Turned, Turned], [Mirrored, Mirrored]];
    let [taker, giver] = VIEWS[below(rng, VIEWS.len())];
    [Cached { crop: crops[0], view: taker }, Cached { crop: crops[1], view: giver }]
}

/// Clips with a neutral and a happy picture, and the people of sources that hold such a pair of everyone.
fn sittings(keys: &Keys, by_person: &ByPerson, clips: &[Span]) -> Vec<Sitting> {
    let of = |span: Span| {
        let labelled = |label: Expression| -> Vec<u32> {
            let of_label = |&&crop: &&u32| usize::from(keys.expression[crop as usize]) == label.index();
            by_person.crops(span).iter().filter(of_label).copied().collect()
        };
        let (neutral, happy) = (labelled(Expression::Neutral), labelled(Expression::Happy));
        (!neutral.is_empty() && !happy.is_empty()).then_some(Sitting { neutral, happy })
    };
    let mut found: Vec<Sitting> = clips.iter().filter_map(|&clip| of(clip)).collect();
    for source in by_person.split(by_person.all(), |crop| keys.source[crop]) {
        let people = by_person.split(source, |crop| keys.person[crop]);
        let count = people.len();
        let unclipped = |person: &Span| by_person.crops(*person).iter().all(|&crop| keys.clip[crop as usize] == NOBODY);
        let pairs = people.into_iter().filter(|person| person.len == 2 && unclipped(person));
        let pairs: Vec<Sitting> = pairs.filter_map(of).collect();
        if pairs.len() as f64 >= PAIRED * count as f64 {
            found.extend(pairs);
        }
    }
    found
}
