//! How well valence and arousal agree with the expression that a face is labelled with, where a set has both. What goes
//! with a class is learned from the set itself, by medians, which some wrong labels do not move far.

use crate::face::Expression;

/// Fewer faces do not tell what goes with a class.
const MIN_OF_CLASS: usize = 5;
/// A spread is at least so large, on the scale of -1 to 1: people do not judge moods more exactly than that.
const LEAST_SPREAD: f32 = 0.05;
/// The standard deviation of a normal distribution over its median deviation.
const OF_DEVIATION: f32 = 1.4826;

/// For each face the probability of its label among all classes, by its valence and arousal (-1 to 1) alone: each class
/// taken for a normal distribution around its median, as frequent as it is among the faces. None for faces of which the
/// two are not known, and for labels of too few faces.
pub fn agreements(moods: &[Option<[f32; 2]>], given: &[Expression]) -> Vec<Option<f32>> {
    let classes: Vec<Option<Class>> = Expression::ALL.into_iter().map(|class| Class::of(class, moods, given)).collect();
    let agreement = |(mood, given): (&Option<[f32; 2]>, &Expression)| {
        let mood = mood.filter(is_finite)?;
        let own = classes[given.index()].as_ref()?.log_density(mood);
        let others = classes.iter().flatten().map(|class| (class.log_density(mood) - own).exp());
        // The label's own class is among them, so that the sum is 1 at least.
        Some(1.0 / others.sum::<f32>())
    };
    moods.iter().zip(given).map(agreement).collect()
}

fn is_finite(mood: &[f32; 2]) -> bool {
    mood.iter().all(|number| number.is_finite())
}

/// Where the faces of a class lie.
struct Class {
    faces: usize,
    middle: [f32; 2],
    spread: [f32; 2],
}

impl Class {
    fn of(class: Expression, moods: &[Option<[f32; 2]>], given: &[Expression]) -> Option<Self> {
        let of_class = moods.iter().zip(given).filter(|(_, given)| **given == class);
        let moods: Vec<[f32; 2]> = of_class.filter_map(|(mood, _)| mood.filter(is_finite)).collect();
        if moods.len() < MIN_OF_CLASS {
            return None;
        }
        let middle: [f32; 2] = std::array::from_fn(|axis| median(moods.iter().map(|mood| mood[axis]).collect()));
        let spread = std::array::from_fn(|axis| {
            let deviation = median(moods.iter().map(|mood| (mood[axis] - middle[axis]).abs()).collect());
            (OF_DEVIATION * deviation).max(LEAST_SPREAD)
        });
        Some(Class { faces: moods.len(), middle, spread })
    }

    /// But for what is the same for all classes.
    fn log_density(&self, mood: [f32; 2]) -> f32 {
        let along = |axis: usize| {
            let distance = (mood[axis] - self.middle[axis]) / self.spread[axis];
            -0.5 * distance * distance - self.spread[axis].ln()
        };
        (self.faces as f32).ln() + along(0) + along(1)
    }
}

/// Of one number or more; of an even number of them the upper one in the middle.
fn median(mut numbers: Vec<f32>) -> f32 {
    let middle = numbers.len() / 2;
    *numbers.select_nth_unstable_by(middle, f32::total_cmp).1
}
