//! Faces to start from: people who do not exist, drawn from the model's own distribution.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Distribution, StandardNormal};

use super::model::FaceModel;
use super::{Code, NnError};
use crate::face::{Expression, FaceCode, FaceSpace, PartAngles, Pose};

/// How many faces come with a weights file.
pub const COUNT: usize = 12;
const CANDIDATES: usize = 400;
const SEED: u64 = 2019;
/// Codes nearer to the mean than N(0, I) decode to clearer faces.
const TRUNCATION: f32 = 0.8;

/// Latent codes from N(0, `scale`^2 I); stage one's latent discriminator holds the encoder to `scale` 1.
pub fn latents(seed: u64, count: usize, scale: f32) -> Vec<Code> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut draw = || -> f32 { StandardNormal.sample(&mut random) };
    (0..count).map(|_| std::array::from_fn(|_| scale * draw())).collect()
}

/// Invents [`COUNT`] faces that are unlike one another: of many drawn, each next one is the face whose identity and
/// style are farthest from those already chosen, among those that the model recognises in its own picture. Half keep
/// a calm face, the others get an expression; heads are turned a little, this way and that.
pub fn invent(model: &FaceModel, space: &FaceSpace) -> Result<Vec<FaceCode>, NnError> {
    let drawn = model.disentangle(&latents(SEED, CANDIDATES, TRUNCATION))?;
    let posed: Vec<FaceCode> =
        drawn.iter().filter_map(FaceCode::from_array).enumerate().map(|(i, face)| posed(face, i, space)).collect();
    let pictures = model.decode(&posed.iter().map(FaceCode::to_array).collect::<Vec<_>>())?;
    let again = model.encode(&pictures)?;
    let mut candidates: Vec<(f32, FaceCode)> = posed
        .into_iter()
        .zip(&again)
        .filter_map(|(face, shown)| {
            let off = PartAngles::between(&face, &FaceCode::from_array(&shown.f)?);
            Some((off.identity_deg + off.style_deg + off.expression_deg, face))
        })
        .collect();
    candidates.sort_by(|a, b| a.0.total_cmp(&b.0));
    candidates.truncate(CANDIDATES / 4);
    Ok(spread_out(candidates.into_iter().map(|(_, face)| face).collect()))
}

fn posed(mut face: FaceCode, number: usize, space: &FaceSpace) -> FaceCode {
    const YAWS: [f32; 5] = [0.0, -14.0, 9.0, -5.0, 16.0];
    const MOODS: [Expression; 4] = [Expression::Neutral, Expression::Happy, Expression::Neutral, Expression::Surprise];
    face.pose = Pose { yaw_deg: YAWS[number % YAWS.len()], pitch_deg: space.pose.mean.pitch_deg, roll_deg: 0.0 };
    if let Some(mean) = space.class_mean(MOODS[number % MOODS.len()]) {
        face.expression = face.expression.slerp(mean, 0.6);
    }
    face
}

/// Farthest-point selection, starting from the first.
fn spread_out(mut candidates: Vec<FaceCode>) -> Vec<FaceCode> {
    let mut chosen: Vec<FaceCode> = candidates.drain(..candidates.len().min(1)).collect();
    while chosen.len() < COUNT {
        let nearest = |face: &FaceCode| {
            let distances = chosen.iter().map(|other| {
                let off = PartAngles::between(face, other);
                off.identity_deg + 0.5 * off.style_deg
            });
            distances.fold(f32::INFINITY, f32::min)
        };
        let Some(farthest) =
            (0..candidates.len()).max_by(|&a, &b| nearest(&candidates[a]).total_cmp(&nearest(&candidates[b])))
        else {
            break;
        };
        chosen.push(candidates.swap_remove(farthest));
    }
    chosen
}
