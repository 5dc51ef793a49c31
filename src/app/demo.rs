//! The demonstration: a tour over the bundled faces that runs by itself, is taken over by a touch, and goes on after a
//! minute of rest. Pure; the clock is given, the panel draws.

use std::f32::consts::TAU;

use super::canvas::Picture;
use super::dials::{self, Dial};
use crate::face::transfer::transfer;
use crate::face::{AngleEdit, Edit, Expression, FaceCode, FaceSpace, Part};

/// Seconds without a touch after which the tour goes on.
pub const REST: f64 = 60.0;
/// Seconds that a morph takes.
const MORPH: f64 = 3.0;
/// Seconds of the tour's acts: turning, two expressions, and the morph to the next person.
const TURNING: f64 = 5.0;
const FEELING: f64 = 3.5;
const ACT: f64 = TURNING + 2.0 * FEELING + MORPH;
/// How far the head turns and nods on the tour, in degrees.
const TURN_DEG: f32 = 28.0;
const NOD_DEG: f32 = 10.0;
/// What the tour's people show, two each, so far as the weights know it.
const FEELINGS: [Expression; 4] = [Expression::Happy, Expression::Surprise, Expression::Sad, Expression::Anger];

/// A demonstration that is under way; times are seconds of the window's clock.
#[derive(Clone, Debug)]
pub struct Demo {
    began: f64,
    hand: Option<Hand>,
    /// What is on the screen.
    pub shown: Option<Picture>,
    /// The render asked for, its face, and the first whose picture counts.
    pub asked: Option<(u64, FaceCode)>,
    pub first: u64,
}

/// A face in somebody's hands.
#[derive(Clone, Debug)]
struct Hand {
    touched: f64,
    base: FaceCode,
    edit: Edit,
    /// The face that a morph comes from, and when it began.
    from: Option<(FaceCode, f64)>,
}

impl Demo {
    pub fn new(now: f64) -> Self {
        Demo { began: now, hand: None, shown: None, asked: None, first: 0 }
    }

    /// Whether it runs by itself.
    pub fn on_tour(&self) -> bool {
        self.hand.is_none()
    }

    /// Lets the tour go on after a rest; true where it just did.
    pub fn tick(&mut self, now: f64) -> bool {
        let rested = self.hand.as_ref().is_some_and(|hand| now - hand.touched > REST);
        if rested {
            *self = Demo { shown: self.shown.take(), asked: self.asked.take(), first: self.first, ..Demo::new(now) };
        }
        rested
    }

    /// Seconds until the tour goes on, where somebody has taken over.
    pub fn rest_left(&self, now: f64) -> Option<f64> {
        self.hand.as_ref().map(|hand| (REST - (now - hand.touched)).max(0.0))
    }

    /// Somebody is here: the face on the screen is theirs.
    pub fn touch(&mut self, now: f64, space: &FaceSpace) {
        match &mut self.hand {
            Some(hand) => hand.touched = now,
            None => {
                if let Some((base, _)) = self.at(now, space) {
                    self.hand = Some(Hand { touched: now, base, edit: Edit::default(), from: None });
                }
            }
        }
    }

    /// Where a dial stands in somebody's hands; none on the tour.
    pub fn value(&self, dial: Dial, space: &FaceSpace) -> Option<f32> {
        self.hand.as_ref().map(|hand| dial.value(&hand.edit, &hand.base, space))
    }

    pub fn set(&mut self, dial: Dial, value: f32, now: f64, space: &FaceSpace) {
        self.touch(now, space);
        if let Some(hand) = &mut self.hand {
            dial.set(&mut hand.edit, &hand.base, space, value);
        }
    }

    /// A face that nobody has, at once.
    pub fn random(&mut self, draw: u64, now: f64, space: &FaceSpace) {
        self.touch(now, space);
        if let (Some(hand), Some(face)) = (&mut self.hand, random_face(draw, space)) {
            *hand = Hand { touched: now, base: face, edit: Edit::default(), from: None };
        }
    }

    /// The way to another face.
    pub fn morph(&mut self, draw: u64, now: f64, space: &FaceSpace) {
        self.touch(now, space);
        let from = self.at(now, space);
        if let (Some(hand), Some(to), Some((from, _))) = (&mut self.hand, random_face(draw, space), from) {
            *hand = Hand { touched: now, base: to, edit: Edit::default(), from: Some((from, now)) };
        }
    }

    /// Whether the picture moves without a hand on it.
    pub fn moves(&self, now: f64) -> bool {
        self.hand.as_ref().is_none_or(|hand| hand.from.is_some_and(|(_, began)| now - began < MORPH))
    }

    /// The face of this moment, and what is to be seen on it; none where the weights brought no faces.
    pub fn at(&self, now: f64, space: &FaceSpace) -> Option<(FaceCode, String)> {
        let Some(hand) = &self.hand else { return tour(now - self.began, space) };
        let face = hand.edit.apply(&hand.base, space).unwrap_or(hand.base);
        let (Some((from, began)), caption) = (&hand.from, "Your turn: drag a slider".to_owned()) else {
            return Some((face, "Your turn: drag a slider".to_owned()));
        };
        Some((transfer(&face, from, &Part::ALL, smooth((now - began) / MORPH)), caption))
    }
}

/// A sample face with a drawn identity and style.
fn random_face(draw: u64, space: &FaceSpace) -> Option<FaceCode> {
    let base = space.samples.get(draw as usize % space.samples.len().max(1))?;
    let mut edit = Edit::default();
    dials::surprise(&mut edit, Part::Identity, base, space, draw);
    dials::surprise(&mut edit, Part::Style, base, space, draw + 1);
    edit.apply(base, space).ok()
}

fn tour(seconds: f64, space: &FaceSpace) -> Option<(FaceCode, String)> {
    let people = &space.samples;
    let act = (seconds / ACT).max(0.0) as usize;
    let person = people.get(act % people.len().max(1))?;
    let next = &people[(act + 1) % people.len()];
    let time = seconds.rem_euclid(ACT);
    let mut edit = Edit::default();
    let caption = if time < TURNING {
        let turn = TAU * (time / TURNING) as f32;
        edit.pose.yaw = Some(AngleEdit::Set(person.pose.yaw_deg + TURN_DEG * turn.sin()));
        edit.pose.pitch = Some(AngleEdit::Set(person.pose.pitch_deg + NOD_DEG * (2.0 * turn).sin() * 0.5));
        "The head turns: three numbers for yaw, pitch and roll".to_owned()
    } else if time < TURNING + 2.0 * FEELING {
        let second = time >= TURNING + FEELING;
        let along = ((time - TURNING) / FEELING).fract() as f32;
        let known: Vec<_> = FEELINGS.into_iter().filter(|class| space.class_mean(*class).is_some()).collect();
        let feeling = known.get((2 * act + usize::from(second)) % known.len().max(1))?;
        edit.expression.classes.insert(*feeling, (TAU / 2.0 * along).sin());
        format!("The expression changes: {feeling}, 32 numbers of their own")
    } else {
        let along = smooth((time - TURNING - 2.0 * FEELING) / MORPH);
        let caption = "From one person to another: all 99 numbers on their way".to_owned();
        return Some((transfer(next, person, &Part::ALL, along), caption));
    };
    Some((edit.apply(person, space).unwrap_or(*person), caption))
}

/// From 0 to 1 without a jerk at either end.
fn smooth(t: f64) -> f32 {
    let t = t.clamp(0.0, 1.0) as f32;
    t * t * (3.0 - 2.0 * t)
}
