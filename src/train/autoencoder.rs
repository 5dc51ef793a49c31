//! Stage one: E and G with both discriminators (section 4 of the method). Nothing here waits for the device.

use burn::module::Module;
use burn::tensor::{Device, Tensor, TensorData};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal, Uniform};

use super::adam::{added, gradients_of, scaled};
use super::config::{Autoencoder, Config, RandomCodes};
use super::learner::{Learner, Losses};
use super::random::{self, Permutation};
use super::teachers::Teachers;
use crate::face::CODE_DIM;
use crate::nn::losses::adversarial::{says_fake, says_real};
use crate::nn::losses::diff_augment::Policy;
use crate::nn::losses::reconstruction::{contrast_structure, l1_levels};

/// What a step of this stage does beside reconstructing, by its number within the stage.
#[derive(Clone, Copy)]
pub struct Turn {
    image: bool,
    structure: bool,
    train_latent: bool,
    train_image: bool,
}

impl Turn {
    /// In stage three, which goes on where stage one ended.
    pub fn of_joint(config: &Autoencoder, stage_step: u64) -> Self {
        let settled = Autoencoder { image_from: 0, structure_from: 0, ..config.clone() };
        Turn::of(&settled, stage_step)
    }

    fn of(config: &Autoencoder, stage_step: u64) -> Self {
        let image = stage_step >= config.image_from && config.image + config.image_random > 0.0;
        Turn {
            image,
            structure: stage_step >= config.structure_from && config.structure > 0.0,
            train_latent: stage_step.is_multiple_of(config.latent_every) && config.latent > 0.0,
            train_image: image && stage_step.is_multiple_of(config.image_every),
        }
    }
}

/// One step on pictures `[n, 3, 128, 128]`; `step` counts over the run, `stage_step` within the stage.
pub fn step(
    learner: &mut Learner,
    config: &Config,
    teachers: &Teachers,
    pictures: &Tensor<4>,
    [step, stage_step]: [u64; 2],
) -> Losses {
    let turn = Turn::of(&config.autoencoder, stage_step);
    let parts = config.batch.accumulate.clamp(1, pictures.dims()[0]);
    let mut sums = [None, None];
    let mut made = Vec::new();
    let mut losses = Losses::new();
    for (part, pictures) in pictures.clone().chunk(parts, 0).into_iter().enumerate() {
        let mut random = random::rng_for(config.seed, step, &format!("stage one {part}"));
        let decoded = Decoded::direct(learner, pictures.clone());
        let (total, part_losses, generated) =
            objective(learner, config, teachers, pictures.clone(), decoded, turn, &mut random);
        let mut gradients = total.backward();
        for (sum, named) in sums.iter_mut().zip([
            gradients_of("E", &learner.networks.E, &mut gradients),
            gradients_of("G", &learner.networks.G, &mut gradients),
        ]) {
            let named = scaled(named, 1.0 / parts as f32);
            *sum = Some(match sum.take() {
                Some(before) => added(before, named),
                None => named,
            });
        }
        losses = part_losses;
        made.push((pictures, generated));
    }
    let rate = config.autoencoder.learning_rate;
    let [encoder, generator] = sums.map(Option::unwrap_or_default);
    learner.adams.autoencoder.begin();
    learner.networks.E = learner.adams.autoencoder.step("E", rate, learner.networks.E.clone(), encoder);
    learner.networks.G = learner.adams.autoencoder.step("G", rate, learner.networks.G.clone(), generator);
    for (part, (pictures, generated)) in made.into_iter().enumerate() {
        let mut random = random::rng_for(config.seed, step, &format!("discriminators {part}"));
        losses.extend(train_discriminators(learner, config, pictures, generated, turn, rate, &mut random));
    }
    losses
}

/// The codes of a batch: what E gave, and what G decodes. The same in stage one.
pub struct Decoded {
    pub z: Tensor<2>,
    pub codes: Tensor<2>,
}

impl Decoded {
    fn direct(learner: &Learner, pictures: Tensor<4>) -> Self {
        let z = learner.networks.E.forward(pictures);
        Decoded { codes: z.clone(), z }
    }
}

/// What E and G made of a batch, without gradients, for the discriminators.
pub struct Generated {
    z: Tensor<2>,
    /// Reconstructions, then pictures of random codes.
    pictures: Option<Tensor<4>>,
}

/// The loss of E and G on a batch, its terms, and what the discriminators see of it.
pub fn objective(
    learner: &Learner,
    config: &Config,
    teachers: &Teachers,
    pictures: Tensor<4>,
    Decoded { z, codes }: Decoded,
    turn: Turn,
    random: &mut ChaCha8Rng,
) -> (Tensor<1>, Losses, Generated) {
    let settings = &config.autoencoder;
    let mut losses = Losses::new();
    let n = pictures.dims()[0];
    // One pass of G for both kinds of codes.
    let random_codes = turn.image.then(|| random_codes(z.clone().detach(), settings.random_codes, random));
    let codes = match random_codes {
        Some(random_codes) => Tensor::cat(vec![codes, random_codes], 0),
        None => codes,
    };
    let all = learner.networks.G.forward(codes);
    let decoded = all.clone().narrow(0, 0, n);
    let reconstruction = l1_levels(pictures.clone(), decoded.clone());
    losses.push(("reconstruction", reconstruction.clone().inner()));
    let weight = if turn.structure { settings.reconstruction_with_structure } else { settings.reconstruction };
    let mut total = reconstruction * weight;
    if turn.structure {
        let structure = contrast_structure(pictures.clone(), decoded.clone()).neg().add_scalar(1.0);
        losses.push(("structure", structure.clone().inner()));
        total = total + structure * settings.structure;
    }
    if settings.latent > 0.0 {
        let fooled = says_real(learner.discriminators.D_z.clone().no_grad().forward(z.clone()));
        losses.push(("latent", fooled.clone().inner()));
        total = total + fooled * settings.latent;
    }
    if turn.image {
        let (fooled, named) = fool_image(learner, settings, pictures.clone(), all.clone(), random);
        losses.extend(named);
        total = total + fooled;
    }
    if let Some((taught, named)) = teachers.picture_loss(pictures, decoded) {
        losses.extend(named);
        total = total + taught;
    }
    let generated = Generated { z: z.detach(), pictures: turn.image.then(|| all.detach()) };
    (total, losses, generated)
}

/// D_x's verdict on generated pictures: reconstructions of the photographs first, then pictures of random codes.
fn fool_image(
    learner: &Learner,
    settings: &Autoencoder,
    photographs: Tensor<4>,
    all: Tensor<4>,
    random: &mut ChaCha8Rng,
) -> (Tensor<1>, Losses) {
    let (n, count) = (photographs.dims()[0], all.dims()[0]);
    let critic = learner.discriminators.D_x.clone().no_grad();
    let (logits, features) = critic.forward_with_features(augmented(all, settings, random));
    let reconstructions = says_real(logits.clone().narrow(0, 0, n));
    let sampled = says_real(logits.narrow(0, n, count - n));
    let mut losses = vec![("image", reconstructions.clone().inner()), ("image random", sampled.clone().inner())];
    let mut total = reconstructions * settings.image + sampled * settings.image_random;
    if settings.feature_matching > 0.0 {
        let (_, wanted) = critic.forward_with_features(augmented(photographs, settings, random));
        let matching = (wanted.mean_dim(0).detach() - features.narrow(0, 0, n).mean_dim(0)).abs().mean();
        losses.push(("feature matching", matching.clone().inner()));
        total = total + matching * settings.feature_matching;
    }
    (total, losses)
}

fn augmented(pictures: Tensor<4>, settings: &Autoencoder, random: &mut ChaCha8Rng) -> Tensor<4> {
    if !settings.diff_augment {
        return pictures;
    }
    Policy::draw(random, pictures.dims()[0]).apply(pictures)
}

/// The discriminators' own steps.
pub fn train_discriminators(
    learner: &mut Learner,
    config: &Config,
    pictures: Tensor<4>,
    generated: Generated,
    turn: Turn,
    rate: f64,
    random: &mut ChaCha8Rng,
) -> Losses {
    let mut losses = Losses::new();
    let n = pictures.dims()[0];
    if turn.train_latent {
        let real = normal([n, CODE_DIM], random, &learner.device);
        // Without norms (the authors' variant) both kinds may pass as one batch.
        let logits = learner.discriminators.D_z.forward(Tensor::cat(vec![real, generated.z], 0));
        let loss = says_real(logits.clone().narrow(0, 0, n)) + says_fake(logits.narrow(0, n, n));
        losses.push(("latent discriminator", loss.clone().inner()));
        let mut gradients = loss.backward();
        let named = gradients_of("D_z", &learner.discriminators.D_z, &mut gradients);
        learner.adams.latent.begin();
        learner.discriminators.D_z = learner.adams.latent.step("D_z", rate, learner.discriminators.D_z.clone(), named);
    }
    let Some(made) = generated.pictures.filter(|_| turn.train_image) else { return losses };
    let settings = &config.autoencoder;
    let count = made.dims()[0];
    let real = learner.discriminators.D_x.forward(augmented(pictures, settings, random));
    let fake = learner.discriminators.D_x.forward(augmented(made, settings, random));
    let weights = settings.image + settings.image_random;
    let loss = says_real(real)
        + says_fake(fake.clone().narrow(0, 0, n)) * (settings.image / weights)
        + says_fake(fake.narrow(0, n, count - n)) * (settings.image_random / weights);
    losses.push(("image discriminator", loss.clone().inner()));
    let mut gradients = loss.backward();
    let named = gradients_of("D_x", &learner.discriminators.D_x, &mut gradients);
    learner.adams.image.begin();
    let rate = rate * settings.image_rate;
    learner.discriminators.D_x = learner.adams.image.step("D_x", rate, learner.discriminators.D_x.clone(), named);
    losses
}

/// Codes that no picture gave: `sqrt(a) z1 + sqrt(1 - a) z2` between shuffled codes of the batch, which keeps a
/// Gaussian's variance, or N(0, I).
fn random_codes(z: Tensor<2>, kind: RandomCodes, random: &mut ChaCha8Rng) -> Tensor<2> {
    let [n, _] = z.dims();
    let device = z.device();
    match kind {
        RandomCodes::Prior => normal([n, CODE_DIM], random, &device),
        RandomCodes::Interpolated => {
            let order: Vec<i64> = Permutation::new(n, random).iter().map(|i| i as i64).collect();
            let other = z.clone().select(0, Tensor::from_data(TensorData::new(order, [n]), &device));
            // The ends are in, so no error can come of it.
            let shares: Vec<f32> = match Uniform::new_inclusive(0.0_f32, 1.0) {
                Ok(uniform) => (0..n).map(|_| uniform.sample(random)).collect(),
                Err(_) => vec![0.5; n],
            };
            let share = Tensor::<2>::from_data(TensorData::new(shares, [n, 1]), &device);
            z * share.clone().sqrt() + other * share.neg().add_scalar(1.0).sqrt()
        }
    }
}

/// Draws from N(0, 1) that are the same on every device.
pub fn normal(shape: [usize; 2], random: &mut ChaCha8Rng, device: &Device) -> Tensor<2> {
    let values: Vec<f32> = (0..shape[0] * shape[1]).map(|_| StandardNormal.sample(random)).collect();
    Tensor::from_data(TensorData::new(values, shape), device)
}
