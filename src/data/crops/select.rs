//! Which pictures are trained on, which are held back, which are left out: decided by whole people where people are
//! known, and by hashes of the seed, so that the same inputs always give the same sets.

use std::collections::HashMap;

use crate::data::hash::Hash;

/// One in so many pictures is held back.
const ONE_IN: usize = 20;

/// What becomes of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lot {
    Train,
    HeldOut,
    Out,
}

/// What is known of all items before they are chosen from: a byte each, and eight more for those with a person.
#[derive(Default)]
pub(super) struct Survey {
    states: Vec<State>,
    /// The person of each item that has one, in their order.
    people: Vec<u64>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Shows a person, the next one of `people`.
    Someone,
    /// Shows nobody known.
    Alone,
    Is(Lot),
}

/// What was chosen.
pub(super) struct Choice {
    /// One for each item.
    pub lots: Vec<Lot>,
    /// People are held back and trained on at once, for want of others.
    pub shared_people: bool,
}

impl Survey {
    /// The next item, which may be trained on; `person` is a hash of whom it shows.
    pub fn add(&mut self, person: Option<u64>) {
        self.states.push(if person.is_some() { State::Someone } else { State::Alone });
        self.people.extend(person);
    }

    /// The next item, whose lot is known.
    pub fn add_decided(&mut self, lot: Lot) {
        self.states.push(State::Is(lot));
    }

    pub fn len(&self) -> usize {
        self.states.len()
    }

    /// Holds back a twentieth, `held_out` at most, unless pictures to measure on were given; of the others `limit` at
    /// most are trained on, all if it is 0.
    pub fn choose(self, held_out: usize, limit: usize, seed: u64) -> Choice {
        let given = self.states.contains(&State::Is(Lot::HeldOut));
        let mut choosing = Choosing { states: self.states, people: self.people, seed };
        let total = choosing.open();
        let mut shared_people = false;
        if !given && held_out > 0 && total > 1 {
            let aim = (total / ONE_IN).clamp(1, held_out);
            shared_people = choosing.pick(aim, held_out.min(total / 2), Lot::HeldOut, "held out");
        }
        if limit > 0 && choosing.open() > limit {
            choosing.pick(limit, limit, Lot::Train, "limit");
            choosing.rest(Lot::Out);
        }
        choosing.rest(Lot::Train);
        let lots = choosing.states.into_iter().map(|state| if let State::Is(lot) = state { lot } else { Lot::Train });
        Choice { lots: lots.collect(), shared_people }
    }
}

struct Choosing {
    states: Vec<State>,
    /// One for each `Someone` that is left.
    people: Vec<u64>,
    seed: u64,
}

impl Choosing {
    /// How many are left to choose from.
    fn open(&self) -> usize {
        self.count(State::Someone) + self.count(State::Alone)
    }

    fn count(&self, state: State) -> usize {
        self.states.iter().filter(|&&other| other == state).count()
    }

    fn rest(&mut self, lot: Lot) {
        let left = self.states.iter_mut().filter(|state| !matches!(state, State::Is(_)));
        left.for_each(|state| *state = State::Is(lot));
        self.people.clear();
    }

    fn rank(&self, purpose: &str, of: u64) -> u64 {
        Hash::new(purpose).number(self.seed).number(of).end()
    }

    /// Picks about `aim` items, and `most` at most, of people and of those alone in the shares that they have; whether
    /// some person's items had to be parted.
    fn pick(&mut self, aim: usize, most: usize, lot: Lot, purpose: &str) -> bool {
        let (someone, alone) = (self.count(State::Someone), self.count(State::Alone));
        let aim_of_people = (aim * someone).div_ceil((someone + alone).max(1)).min(aim);
        let people = self.whole_people(aim_of_people, most, purpose);
        let mut picked = self.take_people(lot, |person, _| people.contains_key(&person));
        let nobody_fits = picked == 0 && alone == 0 && someone > 0;
        if nobody_fits {
            let last = self.last_rank(State::Someone, aim, purpose);
            let ranks: Vec<bool> =
                (0..self.people.len()).map(|i| last.is_some_and(|last| self.rank(purpose, i as u64) <= last)).collect();
            picked = self.take_people(lot, |_, place| ranks[place]);
        }
        self.take_alone(aim.saturating_sub(picked), lot, purpose);
        nobody_fits
    }

    /// People, in an order of chance, as long as their items fit into `aim`; where none fits, the one with the fewest
    /// items if those are no more than `most`.
    fn whole_people(&self, aim: usize, most: usize, purpose: &str) -> HashMap<u64, usize> {
        let mut sizes: HashMap<u64, usize> = HashMap::new();
        for &person in &self.people {
            *sizes.entry(person).or_default() += 1;
        }
        let mut order: Vec<(u64, u64, usize)> =
            sizes.into_iter().map(|(person, size)| (self.rank(purpose, person), person, size)).collect();
        order.sort_unstable();
        let mut left = aim;
        let mut chosen = HashMap::new();
        for &(_, person, size) in &order {
            if size <= left {
                left -= size;
                chosen.insert(person, size);
            }
        }
        if chosen.is_empty() && aim > 0 {
            let fewest = order.iter().min_by_key(|(rank, _, size)| (*size, *rank));
            chosen.extend(fewest.filter(|(_, _, size)| *size <= most).map(|&(_, person, size)| (person, size)));
        }
        chosen
    }

    /// Gives `lot` to those with a person that `wanted` accepts by person and place in `people`; how many they are.
    fn take_people(&mut self, lot: Lot, wanted: impl Fn(u64, usize) -> bool) -> usize {
        let mut left = Vec::with_capacity(self.people.len());
        let someone = self.states.iter_mut().filter(|state| **state == State::Someone);
        for (place, (state, &person)) in someone.zip(&self.people).enumerate() {
            if wanted(person, place) {
                *state = State::Is(lot);
            } else {
                left.push(person);
            }
        }
        let taken = self.people.len() - left.len();
        self.people = left;
        taken
    }

    fn take_alone(&mut self, count: usize, lot: Lot, purpose: &str) {
        let Some(last) = self.last_rank(State::Alone, count, purpose) else { return };
        let mut place = 0;
        for i in 0..self.states.len() {
            if self.states[i] == State::Alone {
                if self.rank(purpose, place) <= last {
                    self.states[i] = State::Is(lot);
                }
                place += 1;
            }
        }
    }

    /// The highest rank among the `count` lowest ones of the items in this state; none for none.
    fn last_rank(&self, state: State, count: usize, purpose: &str) -> Option<u64> {
        let mut ranks: Vec<u64> = (0..self.count(state)).map(|place| self.rank(purpose, place as u64)).collect();
        let last = count.min(ranks.len()).checked_sub(1)?;
        Some(*ranks.select_nth_unstable(last).1)
    }
}
