//! Stage one: E and G with both discriminators (section 4 of the method). Nothing here waits for the device.

use burn::module::Module;
use burn::tensor::{Device, Tensor, TensorData};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal, Uniform};

use super::accumulate::{self, Accumulated};
use super::adam::{NamedGradients, gradients_of};
use super::config::{Autoencoder, Config, RandomCodes};
use super::learner::{Learner, Losses};
use super::random::{self, Permutation};
use super::teachers::Teachers;
use crate::face::CODE_DIM;
use crate::nn::Variant;
use crate::nn::losses::adversarial::{feature_matching, says_fake, says_real};
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
    let n = pictures.dims()[0];
    let parts = accumulate::parts(config.batch.accumulate, n);
    let mut sum = Accumulated::new(parts);
    let mut made = Vec::new();
    for (part, rows) in accumulate::spans(n, parts).enumerate() {
        let pictures = pictures.clone().slice_dim(0, rows);
        let mut random = random::rng_for(config.seed, step, &format!("stage one {part}"));
        let decoded = Decoded::direct(learner, pictures.clone());
        learner.laps.lap("E forward");
        let (total, losses, generated) =
            objective(learner, config, teachers, pictures.clone(), decoded, turn, &mut random);
        let mut gradients = total.backward();
        learner.laps.lap("backward");
        let mut named = gradients_of("E", &learner.networks.E, &mut gradients);
        named.extend(gradients_of("G", &learner.networks.G, &mut gradients));
        sum.add(named, losses);
        made.push((pictures, generated));
    }
    let rate = config.autoencoder.learning_rate;
    learner.update_autoencoder(rate, &mut sum);
    learner.laps.lap("optimiser");
    let mut losses = sum.losses();
    losses.extend(train_discriminators(learner, config, made, turn, rate, step));
    learner.laps.lap("discriminators' steps");
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
    let decoded = learner.networks.G.forward(codes.clone());
    // A pass of its own: the norms' statistics are those of reconstructions, as they are when pictures are decoded.
    let all = if turn.image {
        let random_codes = random_codes(codes.detach(), settings.random_codes, random);
        Tensor::cat(vec![decoded.clone(), learner.networks.G.forward(random_codes)], 0)
    } else {
        decoded.clone()
    };
    learner.laps.lap("G forward");
    let reconstruction = l1_levels(pictures.clone(), decoded.clone());
    losses.push(("reconstruction", reconstruction.clone().inner()));
    let weight = if turn.structure { settings.reconstruction_with_structure } else { settings.reconstruction };
    let mut total = reconstruction * weight;
    if turn.structure {
        let structure = contrast_structure(pictures.clone(), decoded.clone()).neg().add_scalar(1.0);
        losses.push(("structure", structure.clone().inner()));
        total = total + structure * settings.structure;
    }
    learner.laps.lap("losses on pixels");
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
    learner.laps.lap("D_z and D_x forward");
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
        let matching = feature_matching(wanted, features.narrow(0, 0, n));
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

/// The discriminators' own steps, on the pictures of each part of a batch and what was made of them.
pub fn train_discriminators(
    learner: &mut Learner,
    config: &Config,
    made: Vec<(Tensor<4>, Generated)>,
    turn: Turn,
    rate: f64,
    step: u64,
) -> Losses {
    let mut sum = Accumulated::new(made.len());
    for (part, (pictures, Generated { z, pictures: decoded })) in made.into_iter().enumerate() {
        let mut random = random::rng_for(config.seed, step, &format!("discriminators {part}"));
        if turn.train_latent {
            let (named, losses) = latent_gradients(learner, config, z, &mut random);
            sum.add(named, losses);
        }
        if let Some(decoded) = decoded.filter(|_| turn.train_image) {
            let (named, losses) = image_gradients(learner, config, pictures, decoded, &mut random);
            sum.add(named, losses);
        }
    }
    let discriminators = &mut learner.discriminators;
    if turn.train_latent {
        learner.adams.latent.begin();
        discriminators.D_z = learner.adams.latent.step("D_z", rate, discriminators.D_z.clone(), sum.of("D_z"));
    }
    if turn.train_image {
        let rate = rate * config.autoencoder.image_rate;
        learner.adams.image.begin();
        discriminators.D_x = learner.adams.image.step("D_x", rate, discriminators.D_x.clone(), sum.of("D_x"));
    }
    sum.losses()
}

fn latent_gradients(
    learner: &Learner,
    config: &Config,
    z: Tensor<2>,
    random: &mut ChaCha8Rng,
) -> (NamedGradients, Losses) {
    let n = z.dims()[0];
    let real = normal([n, CODE_DIM], random, &learner.device);
    let critic = &learner.discriminators.D_z;
    // Norms see a batch as one, so with them (the paper's variant) each kind passes by itself.
    let loss = if config.model.variant == Variant::Paper {
        says_real(critic.forward(real)) + says_fake(critic.forward(z))
    } else {
        let logits = critic.forward(Tensor::cat(vec![real, z], 0));
        says_real(logits.clone().narrow(0, 0, n)) + says_fake(logits.narrow(0, n, n))
    };
    let losses = vec![("latent discriminator", loss.clone().inner())];
    (gradients_of("D_z", critic, &mut loss.backward()), losses)
}

/// `decoded` holds reconstructions of the photographs first, then pictures of random codes.
fn image_gradients(
    learner: &Learner,
    config: &Config,
    photographs: Tensor<4>,
    decoded: Tensor<4>,
    random: &mut ChaCha8Rng,
) -> (NamedGradients, Losses) {
    let settings = &config.autoencoder;
    let critic = &learner.discriminators.D_x;
    let (n, count) = (photographs.dims()[0], decoded.dims()[0]);
    let real = critic.forward(augmented(photographs, settings, random));
    let fake = critic.forward(augmented(decoded, settings, random));
    let weights = settings.image + settings.image_random;
    let loss = says_real(real)
        + says_fake(fake.clone().narrow(0, 0, n)) * (settings.image / weights)
        + says_fake(fake.narrow(0, n, count - n)) * (settings.image_random / weights);
    let losses = vec![("image discriminator", loss.clone().inner())];
    (gradients_of("D_x", critic, &mut loss.backward()), losses)
}

/// Codes that no picture gave, as many as `z` `[n, 99]`: `sqrt(a) z1 + sqrt(1 - a) z2` between shuffled codes of the
/// batch, which keeps a Gaussian's variance, or N(0, I).
pub fn random_codes(z: Tensor<2>, kind: RandomCodes, random: &mut ChaCha8Rng) -> Tensor<2> {
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
