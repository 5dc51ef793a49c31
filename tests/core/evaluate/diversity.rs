use std::collections::BTreeSet;

use facespace::evaluate::diversity::{compare, descriptors, pairs, pixels};
use image::{Rgb, RgbImage};

#[test]
fn pairs_are_of_two_people_and_nobody_is_in_two() {
    let people: Vec<usize> = (0..101).map(|face| face / 2).collect();
    let found = pairs(&people, 1);
    let faces: BTreeSet<usize> = found.iter().flatten().copied().collect();
    assert_eq!(faces.len(), 2 * found.len());
    assert!((45..=50).contains(&found.len()), "a pair of one person is left out, and the odd face: {}", found.len());
    assert!(found.iter().all(|[a, b]| people[*a] != people[*b] && *a < 101 && *b < 101));
    assert_eq!(found, pairs(&people, 1));
    assert_ne!(found, pairs(&people, 2));
    assert!(pairs(&[5; 40], 1).is_empty() && pairs(&[5], 1).is_empty() && pairs(&[], 1).is_empty());
}

#[test]
fn distances_by_hand() {
    let flat = |level: u8| RgbImage::from_pixel(4, 4, Rgb([level; 3]));
    let pictures = [flat(10), flat(13), flat(10), flat(30)];
    assert_eq!(pixels(&pictures, &[[0, 1], [2, 3]]), [3.0, 20.0]);
    let rows = [[0.0f32, 0.0], [3.0, 4.0], [1.0, 1.0], [1.0, 0.0]];
    assert_eq!(descriptors(&rows, &[[0, 1], [3, 2]]), [5.0, 1.0]);
}

#[test]
fn made_faces_are_compared_with_real_ones() {
    // Means of 2 and 4 over three and over two pairs.
    let found = compare(&[1.0, 2.0, 3.0], &[3.5, 4.5], 1).unwrap();
    assert_eq!((found.made.value, found.made.n), (2.0, 3));
    assert_eq!((found.real.value, found.real.n), (4.0, 2));
    assert_eq!((found.ratio.value, found.ratio.n), (0.5, 2));
    let range = found.ratio.interval.unwrap();
    assert!(range.low >= 1.0 / 4.5 - 1e-9 && range.high <= 3.0 / 3.5 + 1e-9 && range.low < 0.5 && range.high > 0.5);
    assert!(compare(&[], &[1.0], 1).is_none() && compare(&[1.0], &[], 1).is_none());
}
