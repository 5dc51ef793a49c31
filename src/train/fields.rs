//! Every setting of a training: its name in the file, what it is, what it may be. The one table from which the
//! commented file is written and by which every value is checked.

/// What a setting may be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// A whole number, both ends included.
    Whole(i64, i64),
    /// A number, both ends included.
    Number(f64, f64),
    /// The same, kept in single precision.
    Single(f64, f64),
    /// `true` or `false`.
    Switch,
    /// One of these words.
    Word(&'static [&'static str]),
    /// A list of texts.
    Texts,
    /// A path; the setting is left out where there is none.
    Path,
}

/// One setting.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Field {
    /// `section.field`, or `field` for those above the sections.
    pub name: &'static str,
    /// What it is, for whoever reads the file.
    pub comment: &'static str,
    pub kind: Kind,
}

const fn field(name: &'static str, kind: Kind, comment: &'static str) -> Field {
    Field { name, comment, kind }
}

/// The largest number that TOML has.
const MOST: i64 = i64::MAX;
/// A stage of more steps than this is a slip of the keyboard.
const STEPS: Kind = Kind::Whole(0, 100_000_000);
const EVERY: Kind = Kind::Whole(1, 100_000_000);
const RATE: Kind = Kind::Number(1e-9, 1.0);
const WEIGHT: Kind = Kind::Number(0.0, 10_000.0);

use Kind::{Number, Path, Single, Switch, Texts, Whole, Word};

/// All settings in the order of the file.
pub const FIELDS: &[Field] = &[
    field("version", Whole(1, super::config::CONFIG_VERSION as i64), "The version of this file."),
    field("preset", Word(&super::presets::NAMES), "The preset that it started from; fields that are left out are its."),
    field("seed", Whole(0, MOST), "Everything drawn at random is drawn from this number and the step."),
    // Pictures.
    field("data.paths", Texts, "Shards, folders of shards, folders of crops."),
    field(
        "data.labels_only",
        Texts,
        "Sources (a shard's name before -train-, a folder's name) whose labels are used but whose pictures are too soft \
         to learn pictures from.",
    ),
    field(
        "data.sub_folders",
        Word(&["auto", "nothing", "people", "expressions"]),
        "What the names of sub-folders say in a folder of crops; auto: expressions if all are named so, else people.",
    ),
    field(
        "data.equalisation",
        Word(&["none", "stretch"]),
        "Whether each crop's colours are stretched between the 2nd and the 98th percentile.",
    ),
    field(
        "data.held_out",
        Whole(1, 1_000_000),
        "Pictures held back for measuring where no shard is named -val- or -test-, at most.",
    ),
    field("data.limit", Whole(0, MOST), "Training pictures that are used, at most; 0 is all."),
    field("data.workers", Whole(0, 256), "Threads that decode and turn pictures; 0 is one."),
    field("data.mirror", Switch, "Half of the views are mirrored."),
    field(
        "data.turn_deg",
        Single(0.0, 15.0),
        "Largest random turn in degrees; never more than a picture's margin allows (8 at 144 pixels, 15 at 168).",
    ),
    field("data.shift_px", Single(0.0, 20.0), "Largest random shift in pixels of the 128-pixel crop."),
    // Networks.
    field(
        "model.width",
        Whole(2, 512),
        "Feature maps of the first stage, on which every convolution's size depends; even.",
    ),
    field("model.hidden", Whole(4, 16_384), "Size of the hidden layers of D_z, Phi and its inverse."),
    field(
        "model.variant",
        Word(&["authors", "paper"]),
        "Whether the networks follow the authors' release or the paper's text, which are larger.",
    ),
    field("model.start_from", Path, "A weights file of the same sizes to start from instead of random networks."),
    // Batches.
    field("batch.size", Whole(2, 4096), "Pictures of a step."),
    field(
        "batch.accumulate",
        Whole(1, 1024),
        "Smaller batches that a step's pictures pass in, to save memory; batch norm and triplets see the smaller ones.",
    ),
    field("batch.clip_norm", Single(0.0, 1e6), "The gradient of each network is held to this norm; 0 is off."),
    field("batch.average_half_life", Single(0.0, 1e9), "Half-life of the averaged weights in pictures; 0 is off."),
    field(
        "batch.cooldown",
        Single(0.0, 1.0),
        "Share of a stage's steps, its last ones, over which the learning rates fall to a tenth; 0 is none.",
    ),
    // Stage one.
    field(
        "pca_start.steps",
        STEPS,
        "Steps in which E and G learn PCA codes side by side, before all else; 0 skips them.",
    ),
    field("pca_start.learning_rate", RATE, "Their learning rate."),
    field(
        "pca_start.pictures",
        Whole(200, 1_000_000),
        "Pictures that the principal components are taken from, at most.",
    ),
    field("autoencoder.steps", STEPS, "Steps of stage one; 0 skips it."),
    field("autoencoder.learning_rate", RATE, "Its learning rate."),
    field("autoencoder.image_rate", Number(0.0, 10.0), "Learning rate of D_x over that of the others."),
    field("autoencoder.image_from", STEPS, "The step of this stage from which D_x takes part."),
    field("autoencoder.structure_from", STEPS, "The step of this stage from which the structure term takes part."),
    field("autoencoder.latent_every", EVERY, "D_z trains every so many steps."),
    field("autoencoder.image_every", EVERY, "D_x trains every so many steps."),
    field(
        "autoencoder.reconstruction",
        WEIGHT,
        "Weight of the mean absolute error in levels (0..255) before the structure term takes part.",
    ),
    field("autoencoder.reconstruction_with_structure", WEIGHT, "The same once it does."),
    field("autoencoder.structure", WEIGHT, "Weight of 1 - cs, the contrast-structure term of SSIM; 0 is off."),
    field("autoencoder.latent", WEIGHT, "Weight of fooling D_z."),
    field("autoencoder.image", WEIGHT, "Weight of D_x on reconstructions, and of fooling it with them."),
    field("autoencoder.image_random", WEIGHT, "The same for pictures of random codes."),
    field(
        "autoencoder.random_codes",
        Word(&["interpolated", "prior"]),
        "Random codes lie between shuffled codes of the batch, or come from N(0, I).",
    ),
    field("autoencoder.feature_matching", WEIGHT, "Weight of matching D_x's features; 0 is off."),
    field("autoencoder.diff_augment", Switch, "Translation and colour on everything that D_x sees."),
    // Stage two.
    field("disentangle.cached_steps", STEPS, "Steps of stage two on cached codes, without the cycle terms."),
    field("disentangle.cycle_steps", STEPS, "Steps with the cycle terms, after those."),
    field("disentangle.learning_rate", RATE, "The learning rate of both."),
    field("disentangle.cached_batch", Whole(2, 65_536), "Codes of a step without cycle terms."),
    field("disentangle.scale", WEIGHT, "Factor of the whole loss."),
    field("disentangle.inverse", WEIGHT, "Weight of |z - Phi^-1(Phi(z))|."),
    field("disentangle.pose", WEIGHT, "Weight of pose."),
    field("disentangle.identity", WEIGHT, "Weight of the triplets of identity."),
    field("disentangle.style", WEIGHT, "Weight of the triplets of style."),
    field("disentangle.expression", WEIGHT, "Weight of the triplets of expression."),
    field("disentangle.cycle", WEIGHT, "Weight of the cycle through swapped parts, the picture and back."),
    field("disentangle.augmentation", WEIGHT, "Weight of the tasks on codes that went through that cycle."),
    field("disentangle.pose_squared", Switch, "Squared error for pose (authors) instead of the absolute one (paper)."),
    field("disentangle.triplet_squared", Switch, "Squared distances in the triplets (paper)."),
    field("disentangle.random_negatives", Switch, "Any negative (paper) instead of one of the 5 nearest."),
    field(
        "disentangle.cycle_pose",
        Switch,
        "The cycle over all 99 numbers with full weight (paper) instead of over 96, with pose at half weight.",
    ),
    field("disentangle.exchanges", WEIGHT, "Weight of exchanges whose right answer is known; 0 is off."),
    field("disentangle.decorrelation", WEIGHT, "Weight of the cross-covariance between parts; 0 is off."),
    field(
        "disentangle.expression_geometry",
        Switch,
        "Orders pairs of faces for expression by their landmarks where valence and arousal are missing.",
    ),
    field(
        "disentangle.descriptor",
        WEIGHT,
        "Weight of the recogniser's descriptors as the target of identity, where a recogniser is given.",
    ),
    field("disentangle.start_linear", Switch, "Phi and its inverse start as maps that change only the parts' lengths."),
    field("disentangle.head_steps", STEPS, "Steps of the expression head after each of stages two and three."),
    // Stage three.
    field("joint.steps", STEPS, "Steps of stage three; 0 skips it."),
    field("joint.rate_factor", Number(1e-6, 10.0), "Its learning rates over those of stages one and two."),
    field("joint.autoencoder", WEIGHT, "Weight of stage one's objective."),
    field("joint.disentangle", WEIGHT, "Weight of stage two's objective."),
    // Teachers.
    field("teachers.recogniser", Path, "A face recognition network that teaches; it is not part of the result."),
    field("teachers.perceptual", WEIGHT, "Weight of its activations in stages one and three."),
    field("teachers.identity", WEIGHT, "Weight of its descriptors in stages one and three."),
    // Files.
    field("checkpoint.every", EVERY, "A checkpoint is written every so many steps."),
    field("checkpoint.keep", Whole(1, 1000), "Newest checkpoints that are kept, beside the best."),
    field("checkpoint.measure_every", EVERY, "Held-out pictures are measured every so many steps."),
    field("checkpoint.preview_every", EVERY, "The grid of pictures is drawn every so many steps."),
    field(
        "checkpoint.first_look",
        STEPS,
        "At this step of the run both are done for the first time; 0 waits for the two above.",
    ),
    field(
        "checkpoint.rarer_on_codes",
        Whole(1, 1000),
        "On cached codes, whose steps are many times as short, all of these come so many times as rarely.",
    ),
];

/// The setting of this name.
pub fn find(name: &str) -> Option<&'static Field> {
    FIELDS.iter().find(|field| field.name == name)
}

/// The setting whose name is closest, for whoever mistyped it; none where nothing is near.
pub fn nearest(name: &str) -> Option<&'static Field> {
    let own = last(name);
    let distance = |field: &Field| (edits(own, last(field.name)), edits(name, field.name));
    FIELDS.iter().min_by_key(|field| distance(field)).filter(|field| distance(field).0 * 3 <= own.len().max(3))
}

fn last(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

/// How many letters to insert, delete or replace to get from one word to the other.
fn edits(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, &y) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

impl std::fmt::Display for Kind {
    /// What it may be, as the middle of a sentence.
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        match self {
            Whole(from, MOST) => write!(f, "a whole number from {from}"),
            Whole(from, to) if from == to => write!(f, "{from}"),
            Whole(from, to) => write!(f, "a whole number from {from} to {to}"),
            Number(from, to) | Single(from, to) => write!(f, "a number from {from} to {to}"),
            Switch => write!(f, "true or false"),
            Word(words) => {
                let quoted: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
                write!(f, "{}", quoted.join(" or "))
            }
            Texts => write!(f, "a list of texts"),
            Path => write!(f, "a path"),
        }
    }
}
