//! Faces read from shards: how many of each, which beyond them, and what is in memory.

use std::collections::HashSet;
use std::path::PathBuf;

use facespace::data::shards::Record;
use facespace::evaluate::error::Halt;
use facespace::evaluate::faces::{Faces, Read, Wanted, look_stretched, read, read_to_train};
use facespace::face::CROP_SIDE;
use image::{ImageFormat, Rgb, RgbImage, imageops};

use super::{Desk, Shrunk, record, shrunk};
use crate::data::bytes_of;

fn all(shards: &[PathBuf], limit: usize, needed: &[&str]) -> Read {
    let needed: HashSet<String> = needed.iter().map(|name| (*name).to_owned()).collect();
    let wanted = Wanted { shards, limit, needed: &needed };
    read(&wanted, &mut Shrunk::new(), &mut |_, _| true).unwrap_or_else(|_| panic!("shards that were just written"))
}

fn names(faces: &Faces) -> Vec<&str> {
    faces.labels.iter().map(|label| label.path.as_str()).collect()
}

#[test]
fn a_limit_is_spread_over_the_shards() {
    let desk = Desk::new();
    let shards = [desk.shard("a-0.parquet", 0..2), desk.shard("a-1.parquet", 4..40), desk.shard("a-2.parquet", 40..80)];
    let read = all(&shards, 20, &[]);
    assert_eq!(read.faces.len(), 20, "what one lacks the others give");
    let of_last = read.faces.labels.iter().filter(|label| label.path.as_str() >= "faces/P10").count();
    assert_eq!(of_last, 9);
    assert!(read.beyond.is_empty());
}

#[test]
fn a_limit_is_spread_over_a_shard() {
    let desk = Desk::new();
    // Ten people with four pictures each, side by side as in most sets.
    let read = all(&[desk.shard("a.parquet", 0..40)], 10, &[]);
    assert_eq!((read.faces.len(), read.faces.named_people()), (10, 10));

    // What is of no use is made up for by those behind it.
    let mut records: Vec<_> = (0..120).map(record).collect();
    records.iter_mut().step_by(4).take(5).for_each(|record| record.picture_bytes = b"no picture".to_vec());
    let read = all(&[desk.records("b.parquet", records)], 30, &[]);
    assert_eq!((read.faces.len(), read.faces.skipped.values().sum::<usize>()), (30, 5));
    assert_eq!(names(&read.faces).last(), Some(&"faces/P29_0003.png"), "{:?}", names(&read.faces));
}

#[test]
fn half_of_what_is_trained_on_is_labelled_where_that_can_be_had() {
    let desk = Desk::new();
    let unlabelled = |name: &str, faces: std::ops::Range<usize>| {
        let bare = |number| Record { expression: None, ..record(number) };
        desk.records(name, faces.map(bare))
    };
    let four: Vec<PathBuf> = (0..4).map(|i| unlabelled(&format!("{i}.parquet"), 20 * i..20 * (i + 1))).collect();
    let labelled = desk.shard("labelled.parquet", 80..100);
    // Faces, and those among them that have a label.
    let counts = |shards: &[PathBuf], limit: usize| {
        let faces = read_to_train(shards, limit, &mut Shrunk::new(), &mut |_, _| true).unwrap();
        (faces.len(), faces.expressions().len())
    };
    let all: Vec<PathBuf> = four.iter().cloned().chain([labelled.clone()]).collect();
    assert_eq!((counts(&all, 20), counts(&all, 21), counts(&all, 1)), ((20, 10), (21, 11), (1, 1)));
    assert_eq!((counts(&all, 90), counts(&all, 1000)), ((90, 20), (100, 20)), "as many as there are");
    assert_eq!((counts(&four, 30), counts(std::slice::from_ref(&labelled), 15)), ((30, 0), (15, 15)), "one kind alone");
    // Where the others are few, the labelled ones make up for them.
    let few = [unlabelled("few.parquet", 0..4), labelled, desk.shard("more.parquet", 100..120)];
    assert_eq!(counts(&few, 40), (40, 36));
}

#[test]
fn a_label_that_is_no_expression_is_left_out_and_its_face_stays() {
    let desk = Desk::new();
    let mut records: Vec<_> = (0..8).map(record).collect();
    (records[2].expression, records[5].expression) = (Some(8), Some(40));
    let faces = all(&[desk.records("a.parquet", records)], 10, &[]).faces;
    assert_eq!((faces.len(), faces.unknown_labels, faces.expressions().len()), (8, 2, 6));
    assert!(faces.skipped.is_empty() && faces.labels[2].expression.is_none());
}

#[test]
fn names_that_are_needed_are_read_beyond_the_limit_wherever_they_are() {
    let desk = Desk::new();
    let shards = [desk.shard("a-0.parquet", 0..40), desk.shard("a-1.parquet", 40..80)];
    let read = all(&shards, 4, &["P00_0001", "P07_0003", "P19_0004", "P99_0001"]);
    assert_eq!(read.faces.len(), 4);
    assert_eq!(names(&read.beyond), ["faces/P07_0003.png", "faces/P19_0004.png"]);
    assert_eq!(read.faces.f.len(), 4);
    assert_eq!(read.beyond.z.len(), 2);
}

#[test]
fn pictures_come_back_as_they_were_encoded_and_points_lie_in_the_crop() {
    let desk = Desk::new();
    let crop = RgbImage::from_fn(CROP_SIDE, CROP_SIDE, |x, y| Rgb([(x * 2) as u8, (y * 2) as u8, 90]));
    // A margin of eight pixels, as the shared shards have it.
    let mut stored = RgbImage::new(144, 144);
    imageops::replace(&mut stored, &crop, 8, 8);
    let mut face = record(0);
    face.picture_bytes = bytes_of(stored, ImageFormat::Png);
    face.landmarks = Some([[20.5, 30.0]; 68]);
    // Noise is larger as a file than as pixels.
    let noise =
        RgbImage::from_fn(168, 168, |x, y| Rgb([(x * 97 + y * 31 + x * y) as u8, (y * 57 + x * x * 13) as u8, 7]));
    let mut rough = record(1);
    rough.picture_bytes = bytes_of(noise.clone(), ImageFormat::Bmp);
    let shard = [desk.records("a.parquet", [face, rough])];
    let faces = all(&shard, 10, &[]).faces;
    assert_eq!(faces.picture(0), crop);
    assert_eq!(faces.picture(1), imageops::crop_imm(&noise, 20, 20, 128, 128).to_image());
    assert_eq!(faces.pictures(&[1, 0]), [faces.picture(1), faces.picture(0)]);
    assert_eq!(faces.landmarks(0).unwrap()[67], [12.5, 22.0]);
    assert!(faces.landmarks(1).is_none() && faces.labels[0].picture_bytes.is_empty());
    assert_eq!(faces.z[0], shrunk(&crop));
    // A face's directions are brought to length 1 once more and its angles turned to degrees and back, so that last
    // bits may differ.
    let again = faces.code(0).to_array();
    assert!(again.iter().zip(&faces.f[0]).all(|(a, b)| (a - b).abs() < 1e-6), "{again:?}");
}

#[test]
fn people_without_a_name_are_people_of_their_own() {
    let desk = Desk::new();
    let mut records: Vec<_> = (0..8).map(record).collect();
    records[5].person = None;
    records[6].person = None;
    let faces = all(&[desk.records("a.parquet", records)], 10, &[]).faces;
    let people = faces.people();
    assert_eq!(people[..5], [0, 0, 0, 0, 1]);
    assert_eq!(people[7], 1);
    assert_eq!(people.iter().collect::<HashSet<_>>().len(), 4);
    assert_eq!(faces.named_people(), 2);
    assert_eq!(faces.expressions().len(), 8);
}

#[test]
fn stretched_colours_are_noticed() {
    let desk = Desk::new();
    let with = |low: u32, range: u32| {
        let picture = RgbImage::from_fn(128, 128, |x, y| Rgb([(low + (x + y) * range / 254) as u8; 3]));
        let mut record = record(0);
        record.picture_bytes = bytes_of(picture, ImageFormat::Png);
        record
    };
    let mild = all(&[desk.records("a.parquet", (0..4).map(|i| with(40 + i, 120)))], 10, &[]).faces;
    assert!(!look_stretched(&mild));
    let mut stretched = mild.picture(0);
    facespace::data::image::views::stretch_levels(&mut stretched);
    let mut face = record(0);
    face.picture_bytes = bytes_of(stretched, ImageFormat::Png);
    assert!(look_stretched(&all(&[desk.records("b.parquet", [face])], 10, &[]).faces));
}

#[test]
fn reading_is_stopped_between_pictures() {
    let desk = Desk::new();
    let shards = [desk.shard("a.parquet", 0..8)];
    let wanted = Wanted { shards: &shards, limit: 8, needed: &HashSet::new() };
    assert!(matches!(read(&wanted, &mut Shrunk::new(), &mut |_, _| false), Err(Halt::Cancelled)));
}
