//! A set's pictures sorted by what they can teach: people and their clips, classes of expression, pictures with angles;
//! for each source of its own.

use rand_chacha::ChaCha8Rng;

use super::macros::{Basis, Wanted};
use super::random::Permutation;
use crate::data::crops::{Keys, NO_EXPRESSION, NOBODY};
use crate::data::hash::fnv;

pub(super) const POSE: u8 = 1;
pub(super) const LANDMARKS: u8 = 2;
const VALENCE_AROUSAL: u8 = 4;
/// What a face does is measured by its landmarks once its pose is taken out of them.
pub(super) const GEOMETRY: u8 = LANDMARKS | POSE;

/// Crops that stand side by side in a [`ByPerson`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub start: u32,
    pub len: u32,
}

/// The crops whose person is known, those of a person side by side, and within them those of a clip; sources in order.
pub(super) struct ByPerson(Vec<u32>);

impl ByPerson {
    pub fn of(keys: &Keys) -> Self {
        let mut crops: Vec<u32> = (0..keys.source.len() as u32).collect();
        crops.retain(|&crop| keys.person[crop as usize] != NOBODY);
        crops.sort_unstable_by_key(|&crop| {
            let crop = crop as usize;
            (keys.source[crop], keys.person[crop], keys.clip[crop], crop)
        });
        Self(crops)
    }

    pub fn crop(&self, place: u32) -> usize {
        self.0[place as usize] as usize
    }

    pub fn crops(&self, span: Span) -> &[u32] {
        &self.0[span.start as usize..(span.start + span.len) as usize]
    }

    /// The whole of it.
    pub fn all(&self) -> Span {
        Span { start: 0, len: self.0.len() as u32 }
    }

    /// Parts of a span, each of crops that are alike in `key`.
    pub fn split<K: PartialEq>(&self, span: Span, key: impl Fn(usize) -> K) -> Vec<Span> {
        let mut start = span.start;
        let alike = self.crops(span).chunk_by(|&a, &b| key(a as usize) == key(b as usize));
        let spans = alike.map(|chunk| {
            let found = Span { start, len: chunk.len() as u32 };
            start += found.len;
            found
        });
        spans.collect()
    }

    /// All people of a source, source by source.
    fn people(&self, keys: &Keys) -> Vec<(u16, Vec<Span>)> {
        let sources = self.split(self.all(), |crop| keys.source[crop]);
        let of = |source: Span| (keys.source[self.crop(source.start)], self.split(source, |crop| keys.person[crop]));
        sources.into_iter().map(of).collect()
    }

    /// The clips of a person that have two pictures or more.
    pub fn clips(&self, keys: &Keys, person: Span) -> Vec<Span> {
        let clips = self.split(person, |crop| keys.clip[crop]).into_iter();
        clips.filter(|clip| clip.len >= 2 && keys.clip[self.crop(clip.start)] != NOBODY).collect()
    }
}

/// Pictures with angles.
pub(super) struct PosePool {
    pub source: u16,
    pub crops: Vec<u32>,
}

impl PosePool {
    pub fn all(keys: &Keys) -> Vec<Self> {
        let pools = by_source(keys, |crop| keys.has[crop] & POSE != 0);
        pools.into_iter().filter(|(_, crops)| crops.len() >= 2).map(|(source, crops)| Self { source, crops }).collect()
    }

    /// Its own order of pictures in each epoch.
    pub fn seed(&self, seed: u64) -> u64 {
        fnv(seed.to_le_bytes().into_iter().chain(self.source.to_le_bytes()))
    }
}

/// People of two pictures or more.
pub(super) struct IdentityPool {
    pub source: u16,
    pub people: Vec<Span>,
}

impl IdentityPool {
    pub fn all(keys: &Keys, by_person: &ByPerson) -> Vec<Self> {
        let several = |(source, mut people): (u16, Vec<Span>)| {
            people.retain(|person| person.len >= 2);
            (people.len() >= 2).then_some(Self { source, people })
        };
        by_person.people(keys).into_iter().filter_map(several).collect()
    }
}

/// People with two clips of two pictures or more, as those clips.
pub(super) struct StylePool {
    pub source: u16,
    pub people: Vec<Vec<Span>>,
}

impl StylePool {
    pub fn all(keys: &Keys, by_person: &ByPerson) -> Vec<Self> {
        let clipped = |(source, people): (u16, Vec<Span>)| {
            let clips = people.into_iter().map(|person| by_person.clips(keys, person));
            let people: Vec<_> = clips.filter(|clips| clips.len() >= 2).collect();
            (!people.is_empty()).then_some(Self { source, people })
        };
        by_person.people(keys).into_iter().filter_map(clipped).collect()
    }
}

/// Pictures whose expressions can be compared, by their labels; those without one are a class of their own.
pub(super) struct ExpressionPool {
    pub source: u16,
    pub basis: Basis,
    pub classes: Vec<Vec<u32>>,
}

impl ExpressionPool {
    pub fn all(keys: &Keys, wanted: Wanted) -> Vec<Self> {
        by_source(keys, |_| true)
            .into_iter()
            .filter_map(|(source, crops)| Self::of(keys, wanted, source, &crops))
            .collect()
    }

    fn of(keys: &Keys, wanted: Wanted, source: u16, crops: &[u32]) -> Option<Self> {
        let having = |flag: u8| move |crop: usize| keys.has[crop] & flag == flag;
        let labelled = |crop: usize| keys.expression[crop] != NO_EXPRESSION;
        let only = |keep: &dyn Fn(usize) -> bool| -> Option<Vec<u32>> {
            let kept: Vec<u32> = crops.iter().copied().filter(|&crop| keep(crop as usize)).collect();
            (kept.len() >= wanted.min_labelled.max(2)).then_some(kept)
        };
        let by_measure = || {
            // With labels beside it the measure says more.
            let flags = [(Basis::ValenceArousal, VALENCE_AROUSAL), (Basis::Geometry, GEOMETRY)];
            let allowed = flags.into_iter().filter(|(basis, _)| wanted.geometry || *basis != Basis::Geometry);
            allowed.into_iter().find_map(|(basis, flag)| {
                let has = having(flag);
                let both = only(&|crop| has(crop) && labelled(crop));
                both.or_else(|| only(&has)).map(|crops| (basis, crops))
            })
        };
        let by_label = || {
            let crops = only(&labelled)?;
            let first = keys.expression[crops[0] as usize];
            let differ = crops.iter().any(|&crop| keys.expression[crop as usize] != first);
            differ.then_some((Basis::Label, crops))
        };
        let (basis, crops) = by_measure().or_else(by_label)?;
        let mut classes = vec![Vec::new(); usize::from(NO_EXPRESSION) + 1];
        for crop in crops {
            classes[usize::from(keys.expression[crop as usize])].push(crop);
        }
        classes.retain(|class| !class.is_empty());
        Some(Self { source, basis, classes })
    }

    /// Whether labels say something in it: enough of them, of two expressions or more.
    pub fn has_labels(&self, keys: &Keys, fewest: usize) -> bool {
        let labelled = self.classes.iter().filter(|class| keys.expression[class[0] as usize] != NO_EXPRESSION);
        let sizes: Vec<usize> = labelled.map(Vec::len).collect();
        sizes.len() >= 2 && sizes.iter().sum::<usize>() >= fewest
    }
}

/// How many pictures have all of these.
pub(super) fn having(keys: &Keys, flags: u8) -> usize {
    keys.has.iter().filter(|&&has| has & flags == flags).count()
}

/// The crops of each source that are kept; sources without any are left out.
fn by_source(keys: &Keys, keep: impl Fn(usize) -> bool) -> Vec<(u16, Vec<u32>)> {
    let mut pools: Vec<Vec<u32>> = Vec::new();
    for (crop, &source) in keys.source.iter().enumerate().filter(|(crop, _)| keep(*crop)) {
        let source = usize::from(source);
        if pools.len() <= source {
            pools.resize_with(source + 1, Vec::new);
        }
        pools[source].push(crop as u32);
    }
    let numbered = pools.into_iter().enumerate().map(|(source, crops)| (source as u16, crops));
    numbered.filter(|(_, crops)| !crops.is_empty()).collect()
}

/// Pictures of a span in random order, each once.
pub(super) struct Draw {
    span: Span,
    order: Permutation,
    used: u32,
}

impl Draw {
    pub fn new(span: Span, rng: &mut ChaCha8Rng) -> Self {
        Self { span, order: Permutation::new(span.len as usize, rng), used: 0 }
    }

    fn next(&mut self, by_person: &ByPerson) -> Option<usize> {
        (self.used < self.span.len).then(|| {
            let place = self.order.at(self.used as usize) as u32;
            self.used += 1;
            by_person.crop(self.span.start + place)
        })
    }
}

/// Adds two pictures of each draw as long as there is room for two, then one more of each of these in turn until the
/// batch has `n` or they have no more.
pub(super) fn fill(picked: &mut Vec<usize>, n: usize, draws: &mut [Draw], by_person: &ByPerson) {
    for draw in draws.iter_mut() {
        if n - picked.len() >= 2 {
            picked.extend(draw.next(by_person));
            picked.extend(draw.next(by_person));
        }
    }
    loop {
        let before = picked.len();
        for draw in draws.iter_mut().filter(|draw| draw.used > 0) {
            if picked.len() < n {
                picked.extend(draw.next(by_person));
            }
        }
        if picked.len() == before || picked.len() == n {
            return;
        }
    }
}

/// Fills a batch up with what is in it, from its front.
pub(super) fn repeat(picked: &mut Vec<usize>, n: usize) {
    let there = picked.len();
    let again: Vec<usize> = picked.iter().copied().cycle().take(n.saturating_sub(there)).collect();
    picked.extend(again);
}
