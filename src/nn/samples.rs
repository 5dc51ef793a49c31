//! Faces to start from: people who do not exist, drawn from the model's own distribution.

use image::RgbImage;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Distribution, StandardNormal};

use super::model::FaceModel;
use super::{Code, NnError};
use crate::face::{Expression, FaceCode, FaceSpace, Pose};

/// How many faces come with a weights file.
pub const COUNT: usize = 12;
/// How many are drawn to choose from where time does not matter.
pub const CANDIDATES: usize = 768;
/// Of the candidates, the share that is clear enough to be chosen.
const CLEAR: usize = 16;
const SEED: u64 = 2019;
/// Codes nearer to the mean than N(0, I) decode to clearer faces.
const TRUNCATION: f32 = 0.75;

/// Latent codes from N(0, `scale`^2 I); stage one's latent discriminator holds the encoder to `scale` 1.
pub fn latents(seed: u64, count: usize, scale: f32) -> Vec<Code> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut draw = || -> f32 { StandardNormal.sample(&mut random) };
    (0..count).map(|_| std::array::from_fn(|_| scale * draw())).collect()
}

/// Invents [`COUNT`] faces: of `candidates` drawn, those with the clearest pictures are kept, and of these each next one is
/// the face whose identity is farthest from those already chosen. Half keep a calm face, the others get an
/// expression; heads are turned a little, this way and that.
pub fn invent(model: &FaceModel, space: &FaceSpace, candidates: usize) -> Result<Vec<FaceCode>, NnError> {
    let drawn = model.disentangle(&latents(SEED, candidates, TRUNCATION))?;
    let faces = drawn.iter().filter_map(FaceCode::from_array).enumerate();
    let posed: Vec<FaceCode> = faces.map(|(number, face)| posed(face, number, space)).collect();
    let pictures = model.decode(&posed.iter().map(FaceCode::to_array).collect::<Vec<_>>())?;
    let mut clearest: Vec<(f32, FaceCode)> = pictures.iter().map(clearness).zip(posed).collect();
    clearest.sort_by(|a, b| b.0.total_cmp(&a.0));
    clearest.truncate((candidates / CLEAR).max(2 * COUNT));
    Ok(spread_out(clearest.into_iter().map(|(_, face)| face).collect()))
}

fn posed(mut face: FaceCode, number: usize, space: &FaceSpace) -> FaceCode {
    const YAWS: [f32; 5] = [0.0, -14.0, 9.0, -5.0, 16.0];
    const MOODS: [Expression; 4] = [Expression::Neutral, Expression::Happy, Expression::Neutral, Expression::Surprise];
    face.pose = Pose { yaw_deg: YAWS[number % YAWS.len()], pitch_deg: space.pose.mean.pitch_deg, roll_deg: 0.0 };
    if let Some(mean) = space.class_mean(MOODS[number % MOODS.len()]) {
        face.expression = face.expression.slerp(mean, 0.5);
    }
    face
}

/// How much fine detail the middle of a picture has (mean absolute Laplacian of its lightness, over the mean
/// lightness); zero for one that is nearly black or white, where detail is an artefact.
fn clearness(picture: &RgbImage) -> f32 {
    let light = |x: u32, y: u32| picture.get_pixel(x, y).0.iter().map(|&v| f32::from(v)).sum::<f32>() / 3.0;
    let middle = || (24..104).flat_map(|y| (24..104).map(move |x| (x, y)));
    let count = middle().count() as f32;
    let mean = middle().map(|(x, y)| light(x, y)).sum::<f32>() / count;
    let laplacian = |(x, y)| 4.0 * light(x, y) - light(x - 2, y) - light(x + 2, y) - light(x, y - 2) - light(x, y + 2);
    if !(90.0..190.0).contains(&mean) {
        return 0.0;
    }
    middle().map(|at| laplacian(at).abs()).sum::<f32>() / count / mean
}

/// Farthest-point selection by identity, starting from the first.
fn spread_out(mut candidates: Vec<FaceCode>) -> Vec<FaceCode> {
    let mut chosen: Vec<FaceCode> = candidates.drain(..candidates.len().min(1)).collect();
    while chosen.len() < COUNT {
        let nearest = |face: &FaceCode| {
            let distances = chosen.iter().map(|other| face.identity.angle_deg(&other.identity));
            distances.fold(f32::INFINITY, f32::min)
        };
        let farthest = |a: &usize, b: &usize| nearest(&candidates[*a]).total_cmp(&nearest(&candidates[*b]));
        let Some(next) = (0..candidates.len()).max_by(farthest) else { break };
        chosen.push(candidates.swap_remove(next));
    }
    chosen
}
