use facespace::evaluate::reconstruction::Tally;
use facespace::evaluate::{pose, recognition};
use facespace::face::CODE_DIM;
use image::{Rgb, RgbImage};

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
fn principal_components_reconstruct_what_lies_in_their_plane() {
    let mut noise = Noise::new(4);
    let mut draw = || {
        let (across, down) = (noise.next(), noise.next());
        RgbImage::from_fn(16, 16, |x, y| {
            let level = 128.0 + 60.0 * across * (x as f32 / 8.0 - 1.0) + 60.0 * down * (y as f32 / 8.0 - 1.0);
            Rgb([level.round() as u8; 3])
        })
    };
    let pictures: Vec<RgbImage> = (0..140).map(|_| draw()).collect();
    let pictures: Vec<&RgbImage> = pictures.iter().collect();
    let (train, test) = pictures.split_at(120);
    let mut tally = Tally::default();
    assert!(tally.add_pca(train, test, 1));
    let found = tally.finish(1).unwrap();
    assert_eq!(found.rmse.n, 20);
    assert!(found.rmse.value < 1.0, "{:?}", found.rmse);
    assert!(!Tally::default().add_pca(&train[..99], test, 1), "99 pictures have no 99 components");
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

#[test]
fn who_is_kept_by_distance() {
    let kept = recognition::kept(&[0.2, 0.5, 0.9, 0.3], 1).unwrap();
    assert_eq!(kept.same_person.value, 0.75);
    assert!((kept.distance.value - 0.4).abs() < 1e-6, "half-way between the two in the middle");
    assert!(recognition::kept(&[], 1).is_none());
}
