//! A head in space, and its landmarks as a camera sees them: worked out here anew, angle by angle.

use facespace::face::Landmarks;
use facespace::face::landmarks::MIRROR_OF;
use facespace::nn::finder::MeanFace;

/// Somewhat like a head: the outer eye corners are 1 apart, the mean of all points is the origin.
pub fn head() -> MeanFace {
    let mut points: MeanFace = std::array::from_fn(|i| {
        let of = |first: usize, count: usize| (i - first) as f32 / (count - 1) as f32;
        match i {
            0..17 => {
                let angle = of(0, 17) * std::f32::consts::PI;
                [-0.76 * angle.cos(), 0.49 - 1.3 * angle.sin(), -0.5 + 0.55 * angle.sin()]
            }
            17..27 => [-0.62 + 0.11 * (i - 17) as f32, 0.62, 0.05],
            27..31 => [0.0, 0.46 - 0.4 * of(27, 4), 0.2 + 0.3 * of(27, 4)],
            31..36 => [-0.16 + 0.08 * (i - 31) as f32, -0.06, 0.3],
            36..48 => {
                let angle = (i - 36) as f32 * std::f32::consts::PI / 3.0;
                [-0.35 - 0.15 * angle.cos(), 0.4 + 0.05 * angle.sin(), 0.0]
            }
            48..60 => {
                let angle = (i - 48) as f32 * std::f32::consts::PI / 6.0;
                [-0.3 * angle.cos(), -0.35 + 0.12 * angle.sin(), 0.25 - 0.15 * angle.cos().abs()]
            }
            _ => {
                let angle = (i - 60) as f32 * std::f32::consts::PI / 4.0;
                [-0.2 * angle.cos(), -0.35 + 0.04 * angle.sin(), 0.22 - 0.1 * angle.cos().abs()]
            }
        }
    });
    for i in 0..68 {
        // The half that comes first stands for both; what lies in the middle has no side.
        let [x, y, z] = points[i];
        let other = MIRROR_OF[i];
        if other > i {
            points[other] = [-x, y, z];
        } else if other == i {
            points[i][0] = 0.0;
        }
    }
    let unit = points[45][0] - points[36][0];
    let mean: [f32; 3] = std::array::from_fn(|axis| points.iter().map(|point| point[axis]).sum::<f32>() / 68.0);
    points.map(|point| std::array::from_fn(|axis| (point[axis] - mean[axis]) / unit))
}

/// The head's landmarks in a picture, y downwards: `size` pixels to the unit, its origin at `at`; `camera` units away,
/// or far beyond everything.
pub fn seen(head: &MeanFace, [yaw, pitch, roll]: [f32; 3], size: f32, at: [f32; 2], camera: Option<f32>) -> Landmarks {
    let turn = |a: f32, b: f32, deg: f32| {
        let (sin, cos) = deg.to_radians().sin_cos();
        [cos * a - sin * b, sin * a + cos * b]
    };
    head.map(|[x, y, z]| {
        // The head nods first, then turns aside, then leans over.
        let [y, z] = turn(y, z, -pitch);
        let [z, x] = turn(z, x, yaw);
        let [x, y] = turn(x, y, -roll);
        let nearer = camera.map_or(1.0, |distance| 1.0 / (1.0 - z / distance));
        [at[0] + size * nearer * x, at[1] - size * nearer * y]
    })
}

/// A number in -1..1 that is another one for every `i`.
pub fn noise(i: usize) -> f32 {
    ((i as f32 * 12.9898).sin() * 43_758.547).fract()
}
