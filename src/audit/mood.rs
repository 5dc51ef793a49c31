//! How well valence and arousal agree with the expression that a face is labelled with, where a set has both. What goes
//! with a class is learned from the set itself, by medians, which some wrong labels do not move far; of its own class
//! from the other faces alone, so that no face speaks for its own label.

use crate::face::Expression;

/// Fewer faces do not tell what goes with a class.
const MIN_OF_CLASS: usize = 5;
/// A spread is at least so large, on the scale of -1 to 1: people do not judge moods more exactly than that.
const LEAST_SPREAD: f32 = 0.05;
/// The standard deviation of a normal distribution over its median deviation.
const OF_DEVIATION: f32 = 1.4826;

/// For each face the probability of its label among all classes, by its valence and arousal (-1 to 1) alone: each class
/// taken for a normal distribution around its median, as frequent as it is among the faces, the face itself left out.
/// None for faces of which the two are not known, and for labels of too few faces.
pub fn agreements(moods: &[Option<[f32; 2]>], given: &[Expression]) -> Vec<Option<f32>> {
    let classes: Vec<Option<Class>> = Expression::ALL.into_iter().map(|class| Class::of(class, moods, given)).collect();
    let agreement = |(mood, given): (&Option<[f32; 2]>, &Expression)| {
        let mood = mood.filter(is_finite)?;
        let own = classes[given.index()].as_ref()?.log_density_without(mood);
        let others = Expression::ALL.into_iter().filter(|class| class != given);
        let others = others.filter_map(|class| Some(classes[class.index()].as_ref()?.log_density(mood)));
        Some(1.0 / (1.0 + others.map(|other| (other - own).exp()).sum::<f32>()))
    };
    moods.iter().zip(given).map(agreement).collect()
}

fn is_finite(mood: &[f32; 2]) -> bool {
    mood.iter().all(|number| number.is_finite())
}

/// Where the faces of a class lie.
struct Class {
    faces: usize,
    /// Valence and arousal.
    axes: [Axis; 2],
}

impl Class {
    fn of(class: Expression, moods: &[Option<[f32; 2]>], given: &[Expression]) -> Option<Self> {
        let of_class = moods.iter().zip(given).filter(|(_, given)| **given == class);
        let moods: Vec<[f32; 2]> = of_class.filter_map(|(mood, _)| mood.filter(is_finite)).collect();
        if moods.len() < MIN_OF_CLASS {
            return None;
        }
        let axes = std::array::from_fn(|axis| Axis::of(moods.iter().map(|mood| mood[axis]).collect()));
        Some(Class { faces: moods.len(), axes })
    }

    /// But for what is the same for all classes.
    fn log_density(&self, mood: [f32; 2]) -> f32 {
        let along = |axis: usize| self.axes[axis].all().log_density(mood[axis]);
        (self.faces as f32).ln() + along(0) + along(1)
    }

    /// The same where the face of this mood is one of the class and does not count.
    fn log_density_without(&self, mood: [f32; 2]) -> f32 {
        let along = |axis: usize| self.axes[axis].without(mood[axis]).log_density(mood[axis]);
        ((self.faces - 1) as f32).ln() + along(0) + along(1)
    }
}

/// The numbers of a class along one axis, and what their medians are without any one of them.
struct Axis {
    /// From the smallest to the largest.
    numbers: Vec<f32>,
    /// The median without one number is one of the two that stand here: each of them, and how far all numbers lie from
    /// it, sorted.
    middles: [(f32, Vec<f32>); 2],
}

impl Axis {
    /// Of two numbers at least.
    fn of(numbers: Vec<f32>) -> Self {
        let numbers = sorted(numbers);
        let around = |middle: f32| (middle, sorted(numbers.iter().map(|number| (number - middle).abs()).collect()));
        let first = (numbers.len() - 1) / 2;
        let middles = [around(numbers[first]), around(numbers[first + 1])];
        Axis { numbers, middles }
    }

    fn all(&self) -> Normal {
        let half = self.numbers.len() / 2;
        // That of all is one of the two as well.
        let (middle, deviations) = &self.middles[usize::from(self.numbers.len().is_multiple_of(2))];
        Normal::new(*middle, deviations[half])
    }

    /// Without one of the numbers.
    fn without(&self, number: f32) -> Normal {
        let middle = median_without(&self.numbers, number);
        let at = usize::from(middle != self.middles[0].0);
        let deviations = &self.middles[at].1;
        Normal::new(middle, median_without(deviations, (number - middle).abs()))
    }
}

/// A normal distribution.
struct Normal {
    middle: f32,
    spread: f32,
}

impl Normal {
    /// With this median and median deviation.
    fn new(middle: f32, deviation: f32) -> Self {
        Normal { middle, spread: (OF_DEVIATION * deviation).max(LEAST_SPREAD) }
    }

    /// But for what is the same for all.
    fn log_density(&self, number: f32) -> f32 {
        let distance = (number - self.middle) / self.spread;
        -0.5 * distance * distance - self.spread.ln()
    }
}

fn sorted(mut numbers: Vec<f32>) -> Vec<f32> {
    numbers.sort_unstable_by(f32::total_cmp);
    numbers
}

/// The median of sorted numbers without one of them, which is among them; of an even number of them the upper one in the
/// middle. There is another one at least.
fn median_without(sorted: &[f32], one: f32) -> f32 {
    let middle = (sorted.len() - 1) / 2;
    let at = sorted.partition_point(|number| number.total_cmp(&one).is_lt());
    sorted[if at <= middle { middle + 1 } else { middle }]
}
