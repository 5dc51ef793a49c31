//! Where a training's settings start: `paper`, `authors`, `small-data` and `tiny`, by name.
//!
//! `paper` follows the paper's text and `authors` its authors' release where the two differ; both want a GPU and days.
//! `small-data` is for tens of thousands of pictures and hours of two CPU cores, `tiny` shows all three stages within
//! minutes. What they share stands in `authors`, the others change it.

use super::config::{
    Autoencoder, Batch, CONFIG_VERSION, Checkpoint, Config, Data, Disentangle, Equalisation, Joint, Model, PcaStart,
    RandomCodes, Teachers,
};
use crate::data::crops::SubFolders;
use crate::nn::Variant;

/// The presets by name, the default first.
pub const NAMES: [&str; 4] = ["small-data", "tiny", "authors", "paper"];

/// What a training starts from when nobody says otherwise.
pub const DEFAULT: &str = NAMES[0];

/// The preset of this name.
pub fn preset(name: &str) -> Option<Config> {
    match name {
        "paper" => Some(paper()),
        "authors" => Some(authors()),
        "small-data" => Some(small_data()),
        "tiny" => Some(tiny()),
        _ => None,
    }
}

/// As the authors' public release trains: smaller networks than the paper's, slower rates, the structure term,
/// nearest negatives, stage two five times as loud.
///
/// Their schedule of stage one is not published; it is given the pictures of the paper's.
pub fn authors() -> Config {
    Config {
        version: CONFIG_VERSION,
        preset: "authors".to_owned(),
        seed: 1,
        data: Data {
            paths: Vec::new(),
            labels_only: Vec::new(),
            sub_folders: SubFolders::Auto,
            equalisation: Equalisation::None,
            held_out: 2000,
            limit: 0,
            workers: 4,
            mirror: true,
            turn_deg: 8.0,
            shift_px: 0.0,
        },
        model: Model { width: 64, hidden: 1000, variant: Variant::Authors, start_from: None },
        batch: Batch { size: 100, accumulate: 1, clip_norm: 0.0, average_half_life: 0.0, cooldown: 0.0 },
        pca_start: PcaStart { steps: 0, learning_rate: 1e-3, pictures: 12_000 },
        autoencoder: long_autoencoder(),
        disentangle: long_disentangle(),
        joint: Joint { steps: 60_000, rate_factor: 0.333, autoencoder: 1.0, disentangle: 1.0 },
        teachers: Teachers::default(),
        checkpoint: Checkpoint {
            every: 2000,
            keep: 3,
            measure_every: 1000,
            preview_every: 1000,
            first_look: 100,
            rarer_on_codes: 10,
        },
    }
}

/// Stage one at length: 230,000 batches of 100 are the 23 million pictures that the paper trained on.
fn long_autoencoder() -> Autoencoder {
    Autoencoder {
        steps: 230_000,
        learning_rate: 2e-5,
        image_rate: 0.5,
        image_from: 20_000,
        structure_from: 60_000,
        latent_every: 2,
        image_every: 4,
        reconstruction: 1.0,
        reconstruction_with_structure: 0.5,
        structure: 30.0,
        latent: 1.0,
        image: 0.75,
        image_random: 0.25,
        random_codes: RandomCodes::Interpolated,
        feature_matching: 0.0,
        diff_augment: false,
    }
}

/// Stage two at length, all of it with the cycle terms.
fn long_disentangle() -> Disentangle {
    Disentangle {
        cached_steps: 0,
        cycle_steps: 60_000,
        learning_rate: 8e-5,
        cached_batch: 100,
        scale: 5.0,
        inverse: 4.0,
        pose: 1.0,
        identity: 1.0,
        style: 1.0,
        expression: 2.0,
        cycle: 1.0,
        augmentation: 1.0,
        pose_squared: true,
        triplet_squared: false,
        random_negatives: false,
        cycle_pose: false,
        exchanges: 0.0,
        decorrelation: 0.0,
        expression_geometry: false,
        descriptor: 0.0,
        start_linear: false,
        head_steps: 5000,
    }
}

/// As the paper's text has it: the larger networks, stretched colours, the weights of Eq. 5
/// (`0.9 (rec + adv) + enc + gen`), L1 for pose, squared distances and random negatives in the triplets, the cycle over
/// all 99 numbers; no structure term and nothing that came later.
///
/// The paper counts 23 million pictures, which are the 230,000 batches of 100 of stage one; the lengths of the other
/// two stages, which it does not give, are about a quarter of that.
pub fn paper() -> Config {
    let start = authors();
    Config {
        preset: "paper".to_owned(),
        data: Data { equalisation: Equalisation::Stretch, ..start.data },
        model: Model { variant: Variant::Paper, ..start.model },
        autoencoder: Autoencoder {
            learning_rate: 5e-5,
            // Nothing is to come after it.
            structure_from: 0,
            structure: 0.0,
            image_every: 2,
            reconstruction: 0.9,
            reconstruction_with_structure: 0.9,
            latent: 1.0,
            image: 0.9,
            image_random: 1.0,
            random_codes: RandomCodes::Prior,
            ..start.autoencoder
        },
        disentangle: Disentangle {
            learning_rate: 1e-4,
            scale: 1.0,
            pose_squared: false,
            triplet_squared: true,
            random_negatives: true,
            cycle_pose: true,
            ..start.disentangle
        },
        ..start
    }
}

/// For thousands to tens of thousands of pictures: the PCA start, averaged weights, DiffAugment, the structure term,
/// exchanges with a known answer, and what teachers there are: landmarks, and a recogniser where one is given.
///
/// Sized for about three hours of two CPU cores at 25 pictures a second in the PCA start, 15 to 20 in the autoencoder
/// and 10 to 12 with cycle terms: 64,000, 80,000, 19,200 and 19,200 pictures.
pub fn small_data() -> Config {
    let start = authors();
    Config {
        preset: "small-data".to_owned(),
        // CelebA at 10,000: many people, but enlarged from small originals.
        data: Data {
            labels_only: vec!["celeba10k".to_owned()],
            held_out: 1000,
            workers: 1,
            shift_px: 2.0,
            ..start.data
        },
        model: Model { width: 32, ..start.model },
        // The method's half-life of 31,000 pictures would be a third of the whole run here and the average would lag
        // behind; an eighth of that forgets the start by the end of a stage.
        batch: Batch { size: 32, clip_norm: 50.0, average_half_life: 4000.0, cooldown: 0.4, ..start.batch },
        pca_start: PcaStart { steps: 2000, ..start.pca_start },
        autoencoder: Autoencoder {
            steps: 2500,
            learning_rate: 3e-4,
            image_from: 250,
            structure_from: 500,
            image_every: 2,
            diff_augment: true,
            ..start.autoencoder
        },
        disentangle: Disentangle {
            cached_steps: 6000,
            cycle_steps: 600,
            learning_rate: 3e-4,
            cached_batch: 256,
            exchanges: 1.0,
            // A few hundredths of the loss at first: at ten times that nothing is said by any part.
            decorrelation: 0.01,
            expression_geometry: true,
            descriptor: 2.0,
            start_linear: true,
            head_steps: 2000,
            ..start.disentangle
        },
        joint: Joint { steps: 600, ..start.joint },
        // Beside 30 (1 - cs) and half the L1 in levels, both near 10, so that the teachers guide and do not rule.
        teachers: Teachers { recogniser: None, perceptual: 4.0, identity: 2.0 },
        checkpoint: Checkpoint { every: 500, measure_every: 250, preview_every: 250, ..start.checkpoint },
        ..start
    }
}

/// All three stages within five minutes of two CPU cores, on synthetic faces; for tests, demonstrations and the first press
/// of "start".
///
/// Sized by what was measured on two cores: 65 pictures a second of E and G side by side, 30 of the autoencoder, 130
/// steps a second on cached codes. Small batches learn more from each picture than larger ones do from as many. Measuring
/// and drawing take about 2 s in stage one and a checkpoint as much again, so that the looks of the PCA start come to some
/// 14 s. The first is early, for whoever waits for a face; on cached codes 400 steps pass in less time than a look takes.
pub fn tiny() -> Config {
    let start = small_data();
    Config {
        preset: "tiny".to_owned(),
        // Few pictures seen few times: what views add would have to be learned as well.
        data: Data { labels_only: Vec::new(), held_out: 64, turn_deg: 4.0, shift_px: 0.0, ..start.data },
        model: Model { width: 16, hidden: 256, ..start.model },
        batch: Batch { size: 8, average_half_life: 200.0, cooldown: 0.3, ..start.batch },
        pca_start: PcaStart { steps: 1400, learning_rate: 2e-3, pictures: 2000 },
        autoencoder: Autoencoder {
            steps: 32,
            learning_rate: 7e-4,
            image_from: 16,
            structure_from: 26,
            ..start.autoencoder
        },
        disentangle: Disentangle {
            cached_steps: 2000,
            cycle_steps: 8,
            learning_rate: 1e-3,
            cached_batch: 128,
            // In radians and beside triplets the error of the pose is small; with weight 1 `f_p` hardly learns pitch.
            pose: 10.0,
            identity: 2.0,
            style: 2.0,
            head_steps: 300,
            ..start.disentangle
        },
        joint: Joint { steps: 8, ..start.joint },
        teachers: Teachers::default(),
        checkpoint: Checkpoint { every: 400, keep: 2, measure_every: 400, preview_every: 400, ..start.checkpoint },
        ..start
    }
}
