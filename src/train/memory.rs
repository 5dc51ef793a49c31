//! How much memory a training will take, how much there is, how much this process has taken.
//!
//! The estimate counts numbers of four bytes from the networks' sizes. What cannot be counted so is a constant, fitted to
//! two things that were measured on two CPU cores: the peaks of the autoencoder's step by itself (`benches/README.md`,
//! "Training": 535, 1,107, 2,370 and 4,422 MB at widths 32 and 64 with batches of 16 and 100), which it meets within 1 %
//! before the margin; and what whole trainings held at their end (`BETWEEN_STEPS_MB`). Megabytes are millions of bytes.

use super::config::Config;
use crate::nn::Variant;

/// What an estimate lies above what was measured.
const MARGIN: f64 = 1.2;
/// What a training of several stages holds beside its largest step: what it measures, draws and exports, and what the
/// allocator keeps of one stage while the next one computes. Whole runs held 403 MB at their end (`tiny`) and 1,032 MB
/// (`small-data` on 1,000 pictures with a recogniser, shortened), where their largest steps come to 250 and 1,260.
const BETWEEN_STEPS_MB: f64 = 150.0;
/// The program, its threads and what the allocator keeps.
const BASE_MB: f64 = 60.0;
/// What autodiff keeps of each feature map that a convolution gives: the map itself, what its norm and the ReLU made.
const KEPT: f64 = 2.4;
/// Copies of each weight: itself, its average, its gradient and Adam's two moments, not all at once.
const COPIES: f64 = 4.1;
/// Prepared batches that wait for the networks, at most, and the one in use.
const BATCHES_AHEAD: f64 = 5.0;
/// Stored pictures, views and buffers of a thread that prepares batches.
const WORKER_MB: f64 = 2.0;
/// What stays in memory of each picture of the set: its place and its keys.
const CROP_BYTES: f64 = 32.0;
/// Numbers of a picture.
const PICTURE: f64 = 3.0 * 128.0 * 128.0;
/// Copies of a picture that the losses on pixels keep: differences, blurred squares and products of the structure term.
const PICTURE_COPIES: f64 = 7.0;
/// Feature maps of the recogniser for one picture, in numbers, and its weights.
const RECOGNISER_MAPS: f64 = 1.0e6;
const RECOGNISER_MB: f64 = 25.0;
/// Before the first step 99 principal components are taken: a sketch of some more directions, three times, and the
/// pictures as bytes, so many at most.
const SKETCH_MB: f64 = 3.0 * PICTURE * 119.0 * 4.0 / 1e6;
const SKETCHED: usize = 3000;
/// Share of what is free that a training may be planned for.
const SHARE: f64 = 0.9;
/// Batch norm and triplets need more than one picture.
const SMALLEST_BATCH: usize = 2;
const LARGEST_BATCH: usize = 4096;

/// What a training will take at its peak, in megabytes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    pub megabytes: f64,
    /// Of its largest step, the weights with their gradients, moments and averages.
    pub weights: f64,
    /// Of its largest step, the feature maps kept for the gradients; the part that grows with the batch.
    pub activations: f64,
    /// Of its largest step, prepared batches and the set's keys.
    pub pictures: f64,
}

/// The peak of a training with these settings on a set of so many pictures.
///
/// With `w` the width, `n` the pictures that pass at once, in numbers of four bytes:
///
/// - feature maps of a pass, a picture: E 13,696 w; G 17,792 w (29,568 w in the paper's variant) and two pictures; D_x
///   3,904 w (7,808 w);
/// - the autoencoder's step for E and G keeps one pass of E, two of G and two of D_x; a step with the cycle terms one of E
///   and one of G more;
/// - activations = n x (2.4 x those + 7 pictures for the losses on pixels + the recogniser's maps where it teaches);
/// - weights: about (2,741 + 2,612 + 425) w^2 of E, G and D_x and h^2 + 700 h of D_z, Phi and its inverse, 4.1 times
///   each (three h^2 more in the paper's variant).
pub fn estimate(config: &Config, pictures: usize) -> Estimate {
    let at_once = config.batch.size.div_ceil(config.batch.accumulate.max(1)) as f64;
    let teaches = config.teachers.recogniser.is_some();
    let perceives = teaches && config.teachers.perceptual + config.teachers.identity > 0.0;
    let recogniser = if perceives { 2.0 * RECOGNISER_MAPS } else { 0.0 };
    let each = KEPT * feature_maps(config) + PICTURE_COPIES * PICTURE + recogniser;
    let activations = megabytes(at_once * each);
    let weights = megabytes(COPIES * parameters(config)) + if teaches { RECOGNISER_MB } else { 0.0 };
    // In stage three a picture may come in two views.
    let views = if config.joint.steps > 0 { 2.0 } else { 1.0 };
    let prepared = megabytes(BATCHES_AHEAD * config.batch.size as f64 * views * PICTURE);
    let loading = prepared + WORKER_MB * config.data.workers.max(1) as f64 + pictures as f64 * CROP_BYTES / 1e6;
    let sketch = SKETCH_MB + pictures.min(SKETCHED) as f64 * PICTURE / 1e6;
    let largest = BASE_MB + activations.max(sketch) + weights + loading;
    let between = if has_several_stages(config) { BETWEEN_STEPS_MB } else { 0.0 };
    Estimate { megabytes: MARGIN * (largest + between), weights, activations, pictures: loading }
}

/// Whether pictures pass the networks in steps of more than one kind.
fn has_several_stages(config: &Config) -> bool {
    let Config { pca_start, autoencoder, disentangle, joint, .. } = config;
    let stages = [pca_start.steps, autoencoder.steps, disentangle.cycle_steps, joint.steps];
    stages.iter().filter(|&&steps| steps > 0).count() > 1
}

/// Numbers in the feature maps that the largest step keeps for one picture.
fn feature_maps(config: &Config) -> f64 {
    let width = config.model.width as f64;
    let (generator, discriminator) = match config.model.variant {
        Variant::Authors => (17_792.0, 3904.0),
        Variant::Paper => (29_568.0, 7808.0),
    };
    let encoder = 13_696.0 * width;
    let generator = generator * width + 2.0 * PICTURE;
    let discriminator = discriminator * width;
    let cycle = config.disentangle.cycle_steps > 0 || config.joint.steps > 0;
    // Stage two alone keeps no more than a joint step, which has the autoencoder's passes as well.
    let joint = config.joint.steps > 0;
    let trains_pictures = joint || config.autoencoder.steps > 0;
    let autoencoder = if trains_pictures { encoder + 2.0 * generator + 2.0 * discriminator } else { 0.0 };
    let cycle = if cycle { encoder + generator } else { 0.0 };
    if joint { autoencoder + cycle } else { autoencoder.max(cycle).max(encoder + generator) }
}

fn parameters(config: &Config) -> f64 {
    let (width, hidden) = (config.model.width as f64, config.model.hidden as f64);
    let (encoder, generator, discriminator, layers) = match config.model.variant {
        Variant::Authors => (2741.0, 2612.0, 425.0, 1.0),
        Variant::Paper => (2741.0, 4150.0, 1700.0, 4.0),
    };
    (encoder + generator + discriminator) * width * width + layers * hidden * hidden + 700.0 * hidden
}

fn megabytes(numbers: f64) -> f64 {
    numbers * 4.0 / 1e6
}

/// The largest batch of these settings whose training fits into so many megabytes, a multiple of `batch.accumulate`;
/// none where not even two pictures at once do.
pub fn largest_batch(config: &Config, megabytes: f64) -> Option<usize> {
    let accumulate = config.batch.accumulate.max(1);
    let takes = |each: usize| {
        let mut config = config.clone();
        config.batch.size = each * accumulate;
        estimate(&config, 0).megabytes
    };
    let fits = |&each: &usize| takes(each) <= megabytes;
    // It grows with the batch: the fitting ones come first.
    let sizes: Vec<usize> = (SMALLEST_BATCH..=(LARGEST_BATCH / accumulate).max(SMALLEST_BATCH)).collect();
    let count = sizes.partition_point(fits);
    count.checked_sub(1).map(|last| sizes[last] * accumulate)
}

/// The largest batch that fits into what is free on this machine now, with some room left for others; none where nothing
/// fits or where nobody can tell.
pub fn fits(config: &Config) -> Option<usize> {
    largest_batch(config, SHARE * available_mb()? as f64)
}

/// Megabytes that a new process can take without driving others out; none where the system does not say.
pub fn available_mb() -> Option<u64> {
    let machine = megabytes_in("/proc/meminfo", "MemAvailable")?;
    Some(group().map_or(machine, |group| machine.min(group.free_mb)))
}

/// Megabytes of the machine, or of the container that this runs in; none where the system does not say.
pub fn total_mb() -> Option<u64> {
    let machine = megabytes_in("/proc/meminfo", "MemTotal")?;
    Some(group().map_or(machine, |group| machine.min(group.total_mb)))
}

/// Megabytes that this process has now.
pub fn now_mb() -> Option<f64> {
    megabytes_in("/proc/self/status", "VmRSS").map(|megabytes| megabytes as f64)
}

/// Megabytes that this process had at its peak.
pub fn peak_mb() -> Option<f64> {
    megabytes_in("/proc/self/status", "VmHWM").map(|megabytes| megabytes as f64)
}

/// Lets the system count the peak of this process anew. Where it does not, peaks are those since the start.
pub fn forget_peak() {
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}

/// Whether a process that had so many megabytes was near what the machine has, so that it was probably ended for memory.
pub fn fills(process_mb: f64, total_mb: u64, available_mb: u64) -> bool {
    // What it had is free again by now.
    process_mb >= SHARE * total_mb.min(available_mb) as f64
}

fn megabytes_in(file: &str, name: &str) -> Option<u64> {
    megabytes_of(&std::fs::read_to_string(file).ok()?, name)
}

/// The value of a line such as `VmRSS:    1234 kB`, in megabytes.
pub fn megabytes_of(text: &str, name: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
    let kibibytes: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kibibytes * 1024 / 1_000_000)
}

/// The limit of a control group, as containers have it.
struct Group {
    total_mb: u64,
    free_mb: u64,
}

/// None where there is no limit.
fn group() -> Option<Group> {
    let read = |name: &str| std::fs::read_to_string(format!("/sys/fs/cgroup/{name}")).ok();
    let bytes = |name: &str| read(name)?.trim().parse::<u64>().ok();
    let (most, now) = (bytes("memory.max")?, bytes("memory.current")?);
    // Cached files count as taken and are given back when others need the room.
    let stat = read("memory.stat")?;
    let cached = stat.lines().find_map(|line| line.strip_prefix("inactive_file ")?.parse().ok()).unwrap_or(0);
    let free = most.saturating_sub(now.saturating_sub(cached));
    Some(Group { total_mb: most / 1_000_000, free_mb: free / 1_000_000 })
}
