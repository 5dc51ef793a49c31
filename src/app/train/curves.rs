//! Curves as they are drawn: smoothed, and on a logarithmic axis. Pure.

/// The most that a curve is smoothed.
pub const SMOOTHEST: f32 = 0.99;

/// A running mean in which each value counts `1 - smoothing`, and what came before it `smoothing`. The first values
/// are not pulled towards zero, and a value that is no number is left out.
pub fn smoothed(points: &[[f64; 2]], smoothing: f32) -> Vec<[f64; 2]> {
    let keep = f64::from(smoothing.clamp(0.0, SMOOTHEST));
    let (mut mean, mut weight) = (0.0, 0.0);
    let sound = points.iter().filter(|[step, value]| step.is_finite() && value.is_finite());
    sound
        .map(|&[step, value]| {
            mean = keep * mean + (1.0 - keep) * value;
            weight = keep * weight + (1.0 - keep);
            [step, mean / weight]
        })
        .collect()
}

/// The powers of ten of the values; what has none is left out.
pub fn logarithms(points: &[[f64; 2]]) -> Vec<[f64; 2]> {
    points.iter().filter(|[_, value]| *value > 0.0).map(|&[step, value]| [step, value.log10()]).collect()
}
