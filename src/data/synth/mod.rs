//! Faces drawn from geometry: a parametric head of our own with the truth about everything in it. Tests, demonstrations
//! and first trainings use them, and disentanglement is measured on them, since nowhere else every attribute is known.
//!
//! [`record`] draws one face, [`write()`] shards full of them. A person has 16 pictures in four clips: `factors` says
//! what is drawn for a person, a clip and a picture; `actions` what an expression does; `head`, `eyes`, `mouth`,
//! `hair`, `body` and `glasses` are the geometry, `labels` its landmarks; `raster` finds what each pixel shows, `skin`,
//! `features`, `light` and `backdrop` how that looks, and `picture` takes the crop of a `subject`. [`photograph()`] draws
//! several people into a picture of any size.

mod actions;
mod backdrop;
mod body;
mod eyes;
mod factors;
mod features;
mod glasses;
mod hair;
mod head;
mod labels;
mod light;
mod math;
mod mouth;
mod photograph;
mod picture;
mod raster;
mod skin;
mod subject;
mod write;

use image::codecs::jpeg::JpegEncoder;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Distribution, StandardNormal};

use crate::data::shards::Record;
use crate::face::{Expression, Part};
use factors::{Values, share};

pub use factors::{FACTORS, Factor};
pub use photograph::{Photograph, photograph, photograph_with};
pub use write::{FEWEST, LAST_SHARD, SynthError, Written, write};

/// Pictures of a person, one after the other by number.
pub const PER_PERSON: u64 = 16;
/// Pictures of a clip, in which style stands still.
pub const PER_CLIP: u64 = 4;

const JPEG_QUALITY: u8 = 92;
/// How often a head is turned back at most, by a quarter each time.
const MOST_TRIES: usize = 6;
/// Standard deviations and limits of yaw, pitch and roll in degrees.
const POSE_SPREAD: [[f32; 2]; 3] = [[16.0, 35.0], [8.5, 18.0], [9.0, 25.0]];

/// What random numbers are for; each purpose has a stream of its own.
#[derive(Clone, Copy)]
enum Purpose {
    Person = 0,
    Classes = 1,
    Clip = 2,
    Picture = 3,
}

/// Draws face `number` of a seed: a JPEG of 168 x 168 pixels with every label and factor. The same two numbers give the
/// same record.
pub fn record(seed: u64, number: u64) -> Record {
    let (person, clip) = (number / PER_PERSON, number / PER_CLIP);
    let mut values = Values::default();
    values.draw(Part::Identity, &mut stream(seed, Purpose::Person, person));
    values.draw(Part::Style, &mut stream(seed, Purpose::Clip, clip));
    let mut random = stream(seed, Purpose::Picture, number);
    values.draw(Part::Expression, &mut random);
    let expression = class_of(seed, number);
    let strength = 0.6 + 0.4 * share(&mut random);
    values.express(expression, strength);
    let mut pose = POSE_SPREAD.map(|[spread, limit]| {
        let drawn: f32 = StandardNormal.sample(&mut random);
        (spread * drawn).clamp(-limit, limit).to_radians()
    });
    let mut drawn = picture::draw(&values, pose);
    // Now and then a head is turned so far that an ear leaves the picture; it is turned less then.
    for _ in 0..MOST_TRIES {
        if drawn.is_whole() {
            break;
        }
        pose = pose.map(|angle| 0.75 * angle);
        drawn = picture::draw(&values, pose);
    }
    let mut bytes = Vec::new();
    let encoded = drawn.picture.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY));
    encoded.expect("a picture of 168 pixels fits into a JPEG, and memory takes every byte");
    Record {
        path: format!("synthetic-{seed}-{number:07}.jpg"),
        picture_bytes: bytes,
        person: Some(format!("synthetic-{seed}-{person}")),
        clip: Some(format!("synthetic-{seed}-{clip}")),
        expression: Some(expression.index() as u8),
        valence: Some(values.valence()),
        arousal: Some(values.arousal()),
        pose_deg: Some(drawn.pose_deg),
        landmarks: Some(drawn.landmarks),
        factors: Some(values.to_vec()),
    }
}

fn stream(seed: u64, purpose: Purpose, of: u64) -> ChaCha8Rng {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    random.set_stream(of * 4 + purpose as u64);
    random
}

/// The class of a picture: among a person's sixteen, each of the eight comes twice.
fn class_of(seed: u64, number: u64) -> Expression {
    let mut random = stream(seed, Purpose::Classes, number / PER_PERSON);
    let mut classes: Vec<Expression> = Expression::ALL.into_iter().chain(Expression::ALL).collect();
    for last in (1..classes.len()).rev() {
        let other = ((last + 1) as f32 * share(&mut random)) as usize;
        classes.swap(last, other.min(last));
    }
    classes[(number % PER_PERSON) as usize]
}
