//! The recogniser's descriptors as targets of f_id: what is kept of them, and what is made of them.

use std::fs;
use std::path::Path;

use facespace::data::image::views::{View, render};
use facespace::face::PART_DIM;
use facespace::train::TrainError;
use facespace::train::descriptors::Descriptors;

use super::crop_sets::plain_set;
use super::teachers::{drawn_recogniser, recogniser};

const DIM: usize = 128;

fn write(path: &Path, rows: &[[f32; DIM]]) {
    let bytes: Vec<u8> = rows.as_flattened().iter().flat_map(|number| number.to_le_bytes()).collect();
    fs::write(path, bytes).unwrap();
}

#[test]
fn targets_are_whitened_principal_axes() {
    let folder = tempfile::tempdir().unwrap();
    let (set, path) = (plain_set(folder.path(), 5), folder.path().join("descriptors.f32"));
    // The same but for two of the numbers, which go apart; the last one is the mean of all.
    let offsets = [[9.0, 4.0], [-9.0, -4.0], [9.0, -4.0], [-9.0, 4.0], [0.0, 0.0]];
    let row = |[x, y]: [f32; 2]| {
        let mut row = [0.25; DIM];
        row[7] += x;
        row[100] += y;
        row
    };
    write(&path, &offsets.map(row));
    let drawn = recogniser(&drawn_recogniser(folder.path()));
    let mut never = |_: u64, _: u64| -> bool { panic!("they are there already") };
    let descriptors = Descriptors::build(&path, &set, &drawn, false, &mut never).unwrap();
    let targets = descriptors.targets(&[0, 1, 2, 3, 4]).unwrap();
    // One that is the mean has no direction.
    let [a, b, c, d] = [0, 1, 2, 3].map(|face| targets[face].unwrap());
    assert!(targets[4].is_none());
    // Singular values are 2 * 9 and 2 * 4; 9 over the root of 18 to 4 over the root of 8 is as 3 to 2.
    let root = 13.0_f32.sqrt();
    for target in [a, b, c, d] {
        let rest = target[2..].iter().fold(0.0_f32, |most, value| most.max(value.abs()));
        let off = [target[0].abs() - 3.0 / root, target[1].abs() - 2.0 / root, rest];
        assert!(off.iter().all(|value| value.abs() < 1e-4), "{target:?}");
    }
    let cos = |a: [f32; PART_DIM], b: [f32; PART_DIM]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
    for (found, expected) in [(cos(a, b), -1.0), (cos(c, d), -1.0), (cos(a, c), 5.0 / 13.0), (cos(a, d), -5.0 / 13.0)] {
        assert!((found - expected).abs() < 1e-4, "{found} is not {expected}");
    }
    // Rows are found by their numbers, whatever is asked for with them.
    assert_eq!(descriptors.targets(&[2]).unwrap(), [Some(c)]);
    assert!(matches!(descriptors.targets(&[5]), Err(TrainError::Unreadable { .. })));
}

#[test]
fn every_crop_is_described_once() {
    let folder = tempfile::tempdir().unwrap();
    let (set, path) = (plain_set(folder.path(), 3), folder.path().join("descriptors.f32"));
    let drawn = recogniser(&drawn_recogniser(folder.path()));
    let stopped = Descriptors::build(&path, &set, &drawn, false, &mut |_, _| false);
    assert!(matches!(stopped, Err(TrainError::Cancelled { discard: false })));
    assert!(!path.exists());

    let mut told = Vec::new();
    let mut tell = |done: u64, total: u64| {
        told.push((done, total));
        true
    };
    Descriptors::build(&path, &set, &drawn, false, &mut tell).unwrap();
    Descriptors::build(&path, &set, &drawn, false, &mut tell).unwrap();
    assert_eq!(told, [(0, 3)]);
    let pictures: Vec<_> = (0..3).map(|i| render(&set.picture(i).unwrap(), &View::plain(), false)).collect();
    let expected = drawn.describe(&pictures.iter().collect::<Vec<_>>()).unwrap();
    let bytes = fs::read(&path).unwrap();
    let found: Vec<f32> = bytes.as_chunks::<4>().0.iter().map(|word| f32::from_le_bytes(*word)).collect();
    assert_eq!(found, expected.as_flattened());

    // What was cut off is made anew.
    fs::write(&path, &bytes[..700]).unwrap();
    Descriptors::build(&path, &set, &drawn, false, &mut |_, _| true).unwrap();
    assert_eq!(fs::read(&path).unwrap(), bytes);
}
