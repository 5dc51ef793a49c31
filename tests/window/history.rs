//! The laws of undo and redo, on random changes drawn from seeds.

use std::collections::BTreeSet;
use std::time::Instant;

use facespace::app::history::{Change, FaceRecord, History, Placing, Refinement};
use facespace::face::{
    AngleEdit, Crop, Direction, Edit, Expression, FaceBox, FaceCode, Found, PART_DIM, PasteMode, PasteOptions, Pose,
};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Distribution, Uniform};

/// A tray that is changed at random.
pub struct Play {
    pub faces: Vec<FaceRecord>,
    chance: ChaCha8Rng,
    next_id: u64,
}

impl Play {
    pub fn new(seed: u64) -> Self {
        Play { faces: Vec::new(), chance: ChaCha8Rng::seed_from_u64(seed), next_id: 1 }
    }

    pub fn below(&mut self, limit: usize) -> usize {
        Uniform::new(0, limit).unwrap().sample(&mut self.chance)
    }

    fn number(&mut self) -> f32 {
        Uniform::new(-1.0f32, 1.0).unwrap().sample(&mut self.chance)
    }

    pub fn edit(&mut self) -> Edit {
        let mut edit = Edit::default();
        edit.pose.yaw = Some(AngleEdit::Set(90.0 * self.number()));
        edit.pose.roll = Some(AngleEdit::Add(90.0 * self.number()));
        edit.expression.classes.insert(Expression::Happy, self.number());
        for _ in 0..3 {
            let (axis, number) = (1 + self.below(32) as u8, self.below(32) as u8);
            edit.identity.axes.insert(axis, 4.0 * self.number());
            edit.style.raw.insert(number, 0.1 * self.number());
        }
        edit
    }

    fn placing(&mut self) -> Placing {
        let points = [[100.0, 100.0], [180.0, 100.0 + self.number()], [140.0 + self.number(), 200.0]];
        let [left, right, mouth] = points;
        let square = Some(Crop::from_points(left, right, mouth).unwrap());
        Placing { square, points: Some(points), found: self.found(), refined: self.refined() }
    }

    fn found(&mut self) -> Option<Box<Found>> {
        let pose = Pose { yaw_deg: 40.0 * self.number(), ..Pose::default() };
        let frame = FaceBox { x: 100.0 * self.number(), y: -7.5, w: 80.0, h: 100.0 };
        let landmarks = Box::new(std::array::from_fn(|i| [i as f32, self.number()]));
        let found = Found { frame, landmarks, pose, confidence: 0.75 };
        (self.below(2) == 0).then(|| Box::new(found))
    }

    fn refined(&mut self) -> Option<Box<Refinement>> {
        let direction = Direction::new([1.0; PART_DIM]).unwrap();
        let pose = Pose { yaw_deg: 40.0 * self.number(), ..Pose::default() };
        let code = FaceCode { pose, identity: direction, expression: direction, style: direction };
        let refined = Refinement::new(&code, [20.5, 17.25], "light 1.2").unwrap();
        (self.below(3) == 0).then(|| Box::new(refined))
    }

    fn paste(&mut self) -> PasteOptions {
        let mode = if self.below(2) == 0 { PasteMode::Change } else { PasteMode::Generated };
        PasteOptions { mode, strength: self.number().abs(), mask: 1.0 + 0.5 * self.number() }
    }

    pub fn face(&mut self) -> FaceRecord {
        let id = self.next_id;
        self.next_id += 1;
        let placing = self.placing();
        let path = (self.below(2) == 0).then(|| format!("/photographs/{id} größer.jpg").into());
        let edit = self.edit();
        let mut face = FaceRecord {
            id,
            name: format!("face \"{id}\""),
            path,
            sample: id.is_multiple_of(5),
            edit,
            photograph: (self.below(2) == 0).then_some([4000, 3000]),
            paste: self.paste(),
            ..FaceRecord::default()
        };
        face.put(placing);
        face
    }

    /// A change of the faces as they are; it is not made yet.
    pub fn change(&mut self) -> Change {
        if self.faces.is_empty() || self.below(6) == 0 {
            return Change::Add { place: self.below(self.faces.len() + 1), face: self.face() };
        }
        let place = self.below(self.faces.len());
        let face = self.faces[place].clone();
        match self.below(10) {
            0 => Change::Remove { place, face },
            1 => Change::Rename { face: face.id, before: face.name, after: format!("name {}", self.below(1000)) },
            2 => Change::Place { face: face.id, before: face.placing(), after: self.placing() },
            3 => self.many(),
            4 => Change::Paste { face: face.id, before: face.paste, after: self.paste() },
            5 => Change::Refine { face: face.id, before: face.refined, after: self.refined() },
            _ => Change::Edit { face: face.id, before: face.edit, after: self.edit() },
        }
    }

    /// Several changes, each of what the one before has left.
    fn many(&mut self) -> Change {
        let faces = self.faces.clone();
        let mut changes = Vec::new();
        for _ in 0..self.below(4) {
            let change = self.change();
            change.apply(&mut self.faces);
            changes.push(change);
        }
        self.faces = faces;
        Change::Many(changes)
    }

    /// Makes a change and notes it.
    pub fn step(&mut self, history: &mut History) -> Change {
        let change = self.change();
        change.apply(&mut self.faces);
        history.push(change.clone());
        change
    }
}

fn json(history: &History) -> String {
    serde_json::to_string(history).unwrap()
}

#[test]
fn a_change_and_its_inverse_leave_nothing() {
    for seed in 0..200 {
        let mut play = Play::new(seed);
        for _ in 0..40 {
            let before = play.faces.clone();
            let change = play.step(&mut History::default());
            assert_eq!(change.inverse().inverse(), change);
            let mut back = play.faces.clone();
            change.inverse().apply(&mut back);
            assert_eq!(back, before, "seed {seed}: {change:?}");
        }
    }
}

#[test]
fn undo_goes_all_the_way_back_and_redo_all_the_way_forward() {
    for seed in 0..50 {
        let (mut play, mut history) = (Play::new(seed), History::default());
        let mut states = vec![play.faces.clone()];
        for _ in 0..60 {
            if !play.step(&mut history).is_nothing() {
                states.push(play.faces.clone());
            }
        }
        assert_eq!(history.depth(), (states.len() - 1, 0));
        for expected in states.iter().rev().skip(1) {
            history.undo().unwrap().apply(&mut play.faces);
            assert_eq!(&play.faces, expected, "seed {seed}");
        }
        assert!(!history.can_undo() && history.undo().is_none());
        for expected in states.iter().skip(1) {
            history.redo().unwrap().apply(&mut play.faces);
            assert_eq!(&play.faces, expected, "seed {seed}");
        }
        assert!(!history.can_redo() && history.redo().is_none());
    }
}

#[test]
fn a_wandering_history_always_tells_where_it_is() {
    for seed in 0..50 {
        let (mut play, mut history) = (Play::new(seed), History::default());
        let (mut states, mut here) = (vec![play.faces.clone()], 0);
        for _ in 0..200 {
            match play.below(3) {
                0 => {
                    let step = history.undo();
                    assert_eq!(step.is_some(), here > 0);
                    if let Some(change) = step {
                        change.apply(&mut play.faces);
                        here -= 1;
                    }
                }
                1 => {
                    let step = history.redo();
                    assert_eq!(step.is_some(), here + 1 < states.len());
                    if let Some(change) = step {
                        change.apply(&mut play.faces);
                        here += 1;
                    }
                }
                _ => {
                    if !play.step(&mut history).is_nothing() {
                        states.truncate(here + 1);
                        states.push(play.faces.clone());
                        here += 1;
                    }
                }
            }
            assert_eq!(play.faces, states[here], "seed {seed}");
            assert_eq!(history.depth(), (here, states.len() - 1 - here));
        }
    }
}

#[test]
fn what_changes_nothing_is_no_step_and_keeps_what_can_be_redone() {
    let mut history = History::default();
    let rename = |before: &str, after: &str| Change::Rename { face: 1, before: before.into(), after: after.into() };
    history.push(rename("a", "b"));
    history.undo().unwrap();
    history.push(rename("a", "a"));
    history.push(Change::Many(Vec::new()));
    history.push(Change::Many(vec![rename("a", "a")]));
    assert!(!history.can_undo() && history.can_redo());
    history.push(rename("a", "c"));
    assert!(history.can_undo() && !history.can_redo());
}

#[test]
fn menus_name_the_step() {
    let mut history = History::default();
    assert_eq!((history.undo_name(), history.redo_name()), (None, None));
    let mut play = Play::new(1);
    let face = play.face();
    history.push(Change::Add { place: 0, face: face.clone() });
    let edit = Change::Edit { face: face.id, before: face.edit, after: Edit::default() };
    history.push(edit.clone());
    assert_eq!((history.undo_name(), history.redo_name()), (Some("edit"), None));
    history.undo().unwrap();
    assert_eq!((history.undo_name(), history.redo_name()), (Some("opening"), Some("edit")));
    assert_eq!(Change::Many(vec![edit.clone(), edit.clone()]).name(), "edit");
    let rename = Change::Rename { face: 1, before: "a".into(), after: "b".into() };
    assert_eq!(Change::Many(vec![edit, rename]).name(), "changes");
}

#[test]
fn a_history_is_the_same_after_a_file() {
    for seed in 0..50 {
        let (mut play, mut history) = (Play::new(seed), History::default());
        for _ in 0..40 {
            play.step(&mut history);
        }
        for _ in 0..play.below(20) {
            history.undo();
        }
        let read: History = serde_json::from_str(&json(&history)).unwrap();
        assert_eq!(read, history, "seed {seed}");
        assert_eq!(read.faces(), history.faces());
    }
    assert!(serde_json::from_str::<History>("{\"past\":[{\"jump\":1}]}").is_err());
}

/// The oldest change stands first, so that a file reads like the day.
#[test]
fn a_file_tells_the_changes_in_their_order() {
    let mut history = History::default();
    for (before, after) in [("a", "b"), ("b", "c")] {
        history.push(Change::Rename { face: 1, before: before.into(), after: after.into() });
    }
    let text = json(&history);
    assert!(text.find("\"a\"").unwrap() < text.find("\"c\"").unwrap(), "{text}");
}

#[test]
fn removed_faces_are_still_needed() {
    let (mut play, mut history) = (Play::new(3), History::default());
    let mut ids = BTreeSet::new();
    for _ in 0..100 {
        play.step(&mut history);
        ids.extend(play.faces.iter().map(|face| face.id));
    }
    assert!(play.faces.len() < ids.len());
    assert!(ids.is_subset(&history.faces()));
}

/// A clone shares the changes, however many there are, and dropping them does not recurse.
#[test]
fn a_long_history_is_cloned_at_once_and_dropped_without_recursion() {
    let mut history = History::default();
    for i in 0..300_000 {
        history.push(Change::Rename { face: 1, before: i.to_string(), after: (i + 1).to_string() });
    }
    let start = Instant::now();
    let clones: Vec<History> = (0..1000).map(|_| history.clone()).collect();
    let took = start.elapsed();
    assert!(took.as_millis() < 100, "a thousand clones took {took:?}");
    history.undo().unwrap();
    assert_eq!(clones[0].depth(), (300_000, 0));
    assert_eq!(history.depth(), (299_999, 1));
    drop(history);
    drop(clones);
}
