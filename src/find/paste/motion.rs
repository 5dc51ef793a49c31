//! Where each point of an edited face comes from in the face before the edit. Knows pictures only.
//!
//! Both pictures are brought to one contrast everywhere, so that light and colour that change are no motion. The
//! motion is then the smooth field that explains the edited picture best, found coarse to fine: at each scale the
//! picture is moved by what is known, and the rest is solved for on straight lines (after Horn and Schunck), with less
//! weight where the two cannot be brought together, as where a mouth opens.

use super::plane::Plane;
use crate::data::image::RgbImage;

/// Scales, each half as fine as the one before; the coarsest sees a shift of 8 px as one of 1.
const LEVELS: usize = 4;
/// How often the picture is moved at each scale, how often the weights follow, and how often all points are then
/// brought in line with their neighbours.
const WARPS: usize = 4;
const REWEIGHTINGS: usize = 2;
const SWEEPS: usize = 10;
/// Price of a slope of 1 in the motion, where a picture of even contrast has variance 1.
const SMOOTHNESS: f32 = 0.15;
/// How much further than asked each point goes at once, which brings all of them there sooner.
const OVER_RELAXATION: f32 = 1.6;
/// A misfit of this size has its weight halved in square.
const MISFIT: f32 = 0.5;
/// Over how far contrast is made even, as a standard deviation in points, where the picture is eight times as wide.
const NEIGHBOURHOOD: f32 = 8.0;
/// Contrast that counts as none, in levels of 0..255: noise is not brought up to it.
const NO_CONTRAST: f32 = 3.0;
/// How far a point moves at most before the picture is moved anew, in points.
const LONGEST_STEP: f32 = 1.0;

/// A motion from the face before an edit to the face after it.
#[derive(Clone, Debug, PartialEq)]
pub struct Motion {
    field: Plane<2>,
}

impl Motion {
    /// What moved to the middle of a pixel came from so far to the right and below, in pixels.
    pub fn at(&self, column: usize, row: usize) -> [f32; 2] {
        self.field.at(column, row)
    }

    /// The same at any place of the picture.
    pub(super) fn near(&self, place: [f32; 2]) -> [f32; 2] {
        self.field.linear(place)
    }
}

/// The motion that makes `edited` of `own` where it can: `edited(u)` shows what `own` shows at `u + m(u)`. Equal
/// pictures have none.
///
/// # Panics
/// Where the pictures are no squares of one side, a multiple of 8 and 16 or more; faces have 128 pixels.
pub fn motion(own: &RgbImage, edited: &RgbImage) -> Motion {
    let side = own.width();
    assert!(own.dimensions() == (side, side) && edited.dimensions() == (side, side), "two squares of one side");
    assert!(side >= 16 && side.is_multiple_of(1 << (LEVELS - 1)), "a side that can be halved");
    between(&Plane::<3>::of(own), &Plane::<3>::of(edited))
}

/// As [`motion`], of pictures that it would take.
pub(super) fn between(own: &Plane<3>, edited: &Plane<3>) -> Motion {
    let mut scales = vec![[own.light(), edited.light()]];
    while scales.len() < LEVELS {
        // There is always a last one.
        let coarser = scales[scales.len() - 1].each_ref().map(Plane::halved);
        scales.push(coarser);
    }
    let nothing = Plane::from_fn(scales[LEVELS - 1][0].side(), |_, _| [0.0; 2]);
    let field = scales.iter().rev().fold(nothing, |field, [own, edited]| {
        let start = if field.side() < own.side() { field.doubled().map(|m| m.map(|v| 2.0 * v)) } else { field };
        refined(start, &evened(own), &evened(edited))
    });
    Motion { field }
}

/// A picture without its slow changes of light, at about one contrast everywhere.
fn evened(light: &Plane<1>) -> Plane<1> {
    let sigma = NEIGHBOURHOOD.min(light.side() as f32 / 8.0);
    let detail = light.with(&light.blurred(sigma), |[v], [mean]| [v - mean]);
    let variance = detail.map(|[v]| [v * v]).blurred(sigma);
    detail.with(&variance, |[v], [variance]| [v / (variance + NO_CONTRAST * NO_CONTRAST).sqrt()])
}

/// The motion at one scale, from what is known of it.
fn refined(mut field: Plane<2>, own: &Plane<1>, edited: &Plane<1>) -> Plane<2> {
    let slopes = edited.slopes();
    for _ in 0..WARPS {
        let start = field.clone();
        let clues = clues(&field, own, edited, &slopes);
        for _ in 0..REWEIGHTINGS {
            let equations: Vec<Equation> =
                clues.iter().zip(field.values()).map(|(clue, &motion)| clue.weighed(motion)).collect();
            for _ in 0..SWEEPS {
                sweep(&mut field, &equations, 0);
                sweep(&mut field, &equations, 1);
            }
        }
        field = field.with(&start, |new, old| {
            std::array::from_fn(|i| new[i].clamp(old[i] - LONGEST_STEP, old[i] + LONGEST_STEP))
        });
    }
    field
}

/// What one point of the pictures says of its motion `m`: `slope . m = target`.
struct Clue {
    slope: [f32; 2],
    target: f32,
    /// 0 where the point came from outside the picture, else 1.
    seen: f32,
}

impl Clue {
    /// As an equation for the motion, with the weight that the misfit of the one so far leaves it.
    fn weighed(&self, motion: [f32; 2]) -> Equation {
        let [x, y] = self.slope;
        let misfit = (self.target - x * motion[0] - y * motion[1]) / MISFIT;
        let weight = self.seen / (1.0 + misfit * misfit).sqrt();
        Equation {
            right: [weight * x * self.target, weight * y * self.target],
            mixed: weight * x * y,
            divisors: [weight * x * x, weight * y * y].map(|own| own + 4.0 * SMOOTHNESS),
        }
    }
}

/// What every point says once `own` is moved by `field`.
fn clues(field: &Plane<2>, own: &Plane<1>, edited: &Plane<1>, slopes: &Plane<2>) -> Vec<Clue> {
    let side = field.side();
    let source = |x: usize, y: usize| {
        let [right, down] = field.at(x, y);
        [x as f32 + 0.5 + right, y as f32 + 0.5 + down]
    };
    let moved = Plane::from_fn(side, |x, y| own.linear(source(x, y)));
    let moved_slopes = moved.slopes();
    let inside = |v: f32| (0.5..=side as f32 - 0.5).contains(&v);
    let clue = |x: usize, y: usize| {
        let (a, b) = (slopes.at(x, y), moved_slopes.at(x, y));
        // The mean of both slopes is right to second order.
        let slope = [(a[0] + b[0]) / 2.0, (a[1] + b[1]) / 2.0];
        let [right, down] = field.at(x, y);
        let rest = edited.at(x, y)[0] - moved.at(x, y)[0];
        Clue {
            slope,
            target: rest + slope[0] * right + slope[1] * down,
            seen: if source(x, y).into_iter().all(inside) { 1.0 } else { 0.0 },
        }
    };
    (0..side * side).map(|i| clue(i % side, i / side)).collect()
}

/// The motion of one point, given those of its neighbours: two lines, each solved for one of its two numbers.
struct Equation {
    right: [f32; 2],
    mixed: f32,
    divisors: [f32; 2],
}

/// Solves every second point's equation, as on a chessboard: those of one colour have neighbours of the other only.
fn sweep(field: &mut Plane<2>, equations: &[Equation], colour: usize) {
    let side = field.side();
    let values = field.values_mut();
    for row in 0..side {
        // At the border a point is its own neighbour.
        let above = if row > 0 { side } else { 0 };
        let below = if row + 1 < side { side } else { 0 };
        for column in ((row + colour) % 2..side).step_by(2) {
            let i = row * side + column;
            let (left, right) = (i - usize::from(column > 0), i + usize::from(column + 1 < side));
            let around = [values[left], values[right], values[i - above], values[i + below]];
            let pull = |axis: usize| SMOOTHNESS * around.iter().map(|v| v[axis]).sum::<f32>();
            let equation = &equations[i];
            let [mut x, mut y] = values[i];
            let asked = (equation.right[0] + pull(0) - equation.mixed * y) / equation.divisors[0];
            x += OVER_RELAXATION * (asked - x);
            let asked = (equation.right[1] + pull(1) - equation.mixed * x) / equation.divisors[1];
            y += OVER_RELAXATION * (asked - y);
            values[i] = [x, y];
        }
    }
}
