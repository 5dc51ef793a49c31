use facespace::evaluate::pose;
use facespace::evaluate::reconstruction::{COMPONENTS, Linear, Tally};
use facespace::face::CODE_DIM;
use image::{Rgb, RgbImage};
use nalgebra::DMatrix;

use super::Noise;

fn flat(level: u8) -> RgbImage {
    RgbImage::from_pixel(6, 6, Rgb([level; 3]))
}

fn near(found: f64, expected: f64) -> bool {
    (found - expected).abs() < 1e-6
}

#[test]
fn both_definitions_of_the_error_by_hand() {
    let mut tally = Tally::default();
    assert!(tally.finish(1).is_none());
    // Squared and absolute differences: 9 and 3; 12.5 and 2.5.
    tally.add(&flat(10), &flat(13));
    tally.add(&flat(10), &RgbImage::from_fn(6, 6, |x, _| Rgb([if x < 3 { 10 } else { 15 }; 3])));
    let found = tally.finish(1).unwrap();
    assert!(near(found.rmse.value, (21.5f64 / 2.0).sqrt()));
    assert!(near(found.rmse_authors.value, ((9.0 + 6.25) / 2.0f64).sqrt()));
    assert!(near(found.mae.value, 2.75));
    assert_eq!(found.rmse.n, 2);
    let range = found.rmse.interval.unwrap();
    assert!(near(range.low, 3.0) && near(range.high, 12.5f64.sqrt()), "one picture or the other, twice: {range:?}");
}

#[test]
fn sharpness_is_over_that_of_the_originals() {
    let checks = |contrast: u8| RgbImage::from_fn(9, 9, |x, y| Rgb([if (x + y) % 2 == 0 { 0 } else { contrast }; 3]));
    let mut tally = Tally::default();
    tally.add(&checks(200), &checks(50));
    assert!((tally.finish(1).unwrap().sharpness.value - 0.25).abs() < 1e-4);
}

#[test]
fn an_error_over_anothers_by_hand() {
    let (mut ours, mut theirs) = (Tally::default(), Tally::default());
    assert!(ours.rmse_over(&theirs, 1).is_none());
    // Squared differences: 9 and 16 against 36 and 64, half as large an error in every picture.
    for (by, other) in [(3, 6), (4, 8)] {
        ours.add(&flat(10), &flat(10 + by));
        theirs.add(&flat(10), &flat(10 + other));
    }
    let found = ours.rmse_over(&theirs, 1).unwrap();
    assert!(near(found.value, 0.5) && found.n == 2);
    let range = found.interval.unwrap();
    assert!(near(range.low, 0.5) && near(range.high, 0.5), "the same pictures are drawn of both: {range:?}");
    theirs.add(&flat(10), &flat(11));
    assert!(ours.rmse_over(&theirs, 1).is_none(), "not the same pictures");
}

/// A picture of 6 x 6 whose 108 numbers look random.
fn noisy(noise: &mut Noise) -> RgbImage {
    let levels = (0..108).map(|_| (127.5 + 127.5 * noise.next()) as u8).collect();
    RgbImage::from_raw(6, 6, levels).unwrap()
}

fn given(pictures: &[RgbImage]) -> impl FnMut(usize) -> Result<RgbImage, String> {
    move |i| Ok(pictures[i].clone())
}

fn row(picture: &RgbImage) -> Vec<f64> {
    picture.as_raw().iter().map(|&level| f64::from(level)).collect()
}

/// What the first components of a singular value decomposition of all `train` pictures make of each of the others: for
/// 99 of them and for 96.
fn by_svd(train: &[RgbImage], pictures: &[RgbImage]) -> Vec<[Vec<f64>; 2]> {
    let rows: Vec<Vec<f64>> = train.iter().map(row).collect();
    let mean: Vec<f64> = (0..108).map(|j| rows.iter().map(|row| row[j]).sum::<f64>() / rows.len() as f64).collect();
    let axes = DMatrix::from_fn(rows.len(), 108, |i, j| rows[i][j] - mean[j]).svd(false, true).v_t.unwrap();
    let made = |picture: &RgbImage, components: usize| {
        let offset: Vec<f64> = row(picture).iter().zip(&mean).map(|(level, mean)| level - mean).collect();
        let mut made = mean.clone();
        for axis in axes.row_iter().take(components) {
            let along: f64 = axis.iter().zip(&offset).map(|(a, b)| a * b).sum();
            made.iter_mut().zip(axis.iter()).for_each(|(level, a)| *level += along * a);
        }
        made.iter().map(|level| level.clamp(0.0, 255.0)).collect()
    };
    pictures.iter().map(|picture| [made(picture, 99), made(picture, 96)]).collect()
}

#[test]
fn principal_components_are_those_of_a_direct_decomposition() {
    let mut noise = Noise::new(4);
    let pictures: Vec<RgbImage> = (0..124).map(|_| noisy(&mut noise)).collect();
    let (train, test) = pictures.split_at(120);
    let linear = Linear::of_others(120, 1, &mut given(train)).unwrap().unwrap();
    assert_eq!((COMPONENTS, linear.fitted_on().as_str()), ([99, 96], "120 training faces"));
    let (made, expected) = (linear.made(0, test), by_svd(train, test));
    let (mut ours, mut direct) = ([0.0; 2], [0.0; 2]);
    for ((picture, made), expected) in test.iter().zip(&made).zip(&expected) {
        for (which, expected) in expected.iter().enumerate() {
            for ((level, expected), original) in row(&made[which]).iter().zip(expected).zip(row(picture)) {
                // A level is the nearest whole number.
                assert!((level - expected).abs() < 0.6, "{level} for {expected}");
                ours[which] += (level - original).powi(2);
                direct[which] += (expected.round() - original).powi(2);
            }
        }
    }
    assert!((0..2).all(|which| (ours[which] / direct[which] - 1.0).abs() < 0.01), "{ours:?} for {direct:?}");
    assert!(ours[0] < ours[1], "99 components keep more than 96");
}

#[test]
fn halves_read_each_other_and_people_stay_together() {
    // Everybody has two pictures that are all but the same; a picture is not read by components of its twin.
    let mut noise = Noise::new(8);
    let mut pictures = Vec::new();
    let mut people = Vec::new();
    for person in 0..110 {
        let picture = noisy(&mut noise);
        pictures.extend([picture.clone(), picture]);
        people.extend([person, person]);
    }
    let linear = Linear::of_halves(&people, 1, &mut given(&pictures)).unwrap().unwrap();
    assert!(linear.fitted_on().contains("each half"));
    let made = linear.made(0, &pictures);
    let mut tally = Tally::default();
    pictures.iter().zip(&made).for_each(|(picture, made)| tally.add(picture, &made[0]));
    // 110 pictures of a half are 55 different ones, whose plane holds themselves and about half of any other's variance:
    // 74 levels of noise times the root of a half.
    let found = tally.finish(1).unwrap();
    assert!((45.0..65.0).contains(&found.rmse.value), "{:?}", found.rmse);
    assert_eq!(linear.made(7, &pictures[7..8])[0], made[7], "faces go by their numbers");
}

#[test]
fn too_few_pictures_have_no_components_and_failures_are_told() {
    let mut noise = Noise::new(5);
    let pictures: Vec<RgbImage> = (0..199).map(|_| noisy(&mut noise)).collect();
    assert!(Linear::of_others(99, 1, &mut given(&pictures)).unwrap().is_none(), "99 pictures have no 99 components");
    let each: Vec<usize> = (0..199).collect();
    assert!(Linear::of_halves(&each, 1, &mut given(&pictures)).unwrap().is_none(), "a half has 99");
    assert!(Linear::of_halves(&[4; 199], 1, &mut given(&pictures)).unwrap().is_none(), "one person has no halves");
    let mut broken = |i: usize| if i == 60 { Err("no picture") } else { Ok(pictures[i].clone()) };
    assert_eq!(Linear::of_others(199, 1, &mut broken).err(), Some("no picture"));
}

#[test]
fn pose_errors_are_in_degrees_and_go_the_short_way_round() {
    let mut codes = vec![[0.0; CODE_DIM]; 2];
    codes[0][..3].copy_from_slice(&[10.0f32, -5.0, 179.0].map(f32::to_radians));
    let errors = pose::errors(&codes, &[[12.0, -5.0, -179.0], [4.0, 1.0, 0.0]], 1).unwrap();
    let found: Vec<_> = errors.iter().map(|error| (error.angle.as_str(), error.error_deg.value)).collect();
    for ((angle, found), (name, expected)) in found.into_iter().zip([("yaw", 3.0), ("pitch", 0.5), ("roll", 1.0)]) {
        assert!(angle == name && (found - expected).abs() < 1e-3, "{angle}: {found}");
    }
    assert!(pose::errors(&[], &[], 1).is_none());
}
