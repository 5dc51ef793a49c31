//! Remarks about drawn pictures.

use facespace::data::image::RgbImage;
use facespace::face::{Crop, FaceBox, Found, Pose, Remark};
use facespace::find::quality::{Seen, remarks};
use image::Rgb;

use super::heads::{head, noise, seen};

/// Soft patches with fine grain on them, as skin and hair have; `grain` in levels.
fn drawn(grain: f32) -> RgbImage {
    RgbImage::from_fn(128, 128, |x, y| {
        let patch = 60.0 * ((x as f32 / 20.0).sin() + (y as f32 / 17.0).cos());
        let fine = grain * noise((x + 128 * y) as usize);
        Rgb([(128.0 + patch + fine).clamp(0.0, 255.0) as u8; 3])
    })
}

fn found(pose_deg: [f32; 3]) -> Found {
    Found {
        frame: FaceBox { x: 0.0, y: 0.0, w: 80.0, h: 100.0 },
        landmarks: Box::new(seen(&head(), pose_deg, 60.0, [200.0, 200.0], None)),
        pose: Pose::from_array_deg(pose_deg),
        confidence: 1.0,
    }
}

const FINE: Crop = Crop::level([200.0, 200.0], 80.0);

fn of<'a>(crop: &'a RgbImage, square: &'a Crop) -> Seen<'a> {
    Seen {
        photo_size: (400, 400),
        square: Some(square),
        found: None,
        crop,
        reconstruction: None,
        usual_rmse: Some([20.0, 28.0]),
    }
}

#[test]
fn a_fine_face_needs_no_words() {
    let (crop, face) = (drawn(30.0), found([10.0, -5.0, 60.0]));
    let softer = drawn(12.0);
    let seen = Seen { found: Some(&face), reconstruction: Some(&softer), ..of(&crop, &FINE) };
    assert_eq!(remarks(&seen), []);
    assert_eq!(remarks(&Seen { square: None, ..seen }), []);
}

#[test]
fn a_small_face_is_told_once() {
    // 0.475 box heights are half a crop's side: 40 pixels of height.
    let square = Crop::level([200.0, 200.0], 19.0);
    let soft = drawn(0.0);
    match remarks(&of(&soft, &square))[..] {
        [Remark::Small { pixels }] => assert!((pixels - 40.0).abs() < 1e-3),
        ref other => panic!("{other:?}"),
    }
}

#[test]
fn blur_is_seen_alone_and_beside_the_reconstruction() {
    let (soft, middling, sharp) = (drawn(0.0), drawn(8.0), drawn(40.0));
    assert_eq!(remarks(&of(&soft, &FINE)), [Remark::Blurred]);
    assert_eq!(remarks(&of(&middling, &FINE)), []);
    let beside = Seen { reconstruction: Some(&sharp), ..of(&middling, &FINE) };
    assert_eq!(remarks(&beside), [Remark::Blurred]);
    let even = RgbImage::from_pixel(128, 128, Rgb([90; 3]));
    assert_eq!(remarks(&of(&even, &FINE)), [Remark::Blurred]);
}

#[test]
fn looking_away_is_told_with_its_angle() {
    let crop = drawn(30.0);
    let told = |pose| remarks(&Seen { found: Some(&found(pose)), ..of(&crop, &FINE) });
    assert_eq!(told([-41.0, 0.0, 0.0]), [Remark::Turned { yaw_deg: -41.0 }]);
    assert_eq!(told([0.0, 33.0, 0.0]), [Remark::Tilted { pitch_deg: 33.0 }]);
    assert_eq!(told([50.0, -40.0, 0.0]).len(), 2);
    // A picture on its side is no obstacle.
    assert_eq!(told([39.0, 29.0, 90.0]), []);
}

#[test]
fn the_share_outside_the_photograph_is_measured() {
    let crop = drawn(30.0);
    let at = |x: f32| Crop::level([x, 200.0], 80.0);
    match remarks(&of(&crop, &at(40.0)))[..] {
        [Remark::CutOff { share }] => assert!((share - 0.25).abs() < 0.01, "{share}"),
        ref other => panic!("{other:?}"),
    }
    assert_eq!(remarks(&of(&crop, &at(70.0))), []);
    // A quarter turn about the same middle cuts off as much.
    let turned = Crop { x_axis: [0.0, 1.0], ..at(40.0) };
    assert_eq!(remarks(&of(&crop, &turned)).len(), 1);
    let nowhere = Crop::level([-900.0, -900.0], 80.0);
    assert_eq!(remarks(&of(&crop, &nowhere)), [Remark::CutOff { share: 1.0 }]);
}

#[test]
fn what_the_model_does_not_know_is_told() {
    let crop = drawn(30.0);
    let brighter = |by: u8| {
        let mut picture = crop.clone();
        picture.pixels_mut().for_each(|pixel| pixel.0 = pixel.0.map(|level| level.saturating_add(by)));
        picture
    };
    let told = |made: &RgbImage| remarks(&Seen { reconstruction: Some(made), ..of(&crop, &FINE) });
    assert_eq!(told(&brighter(10)), []);
    match told(&brighter(40))[..] {
        [Remark::Unlike { rmse, usual }] => assert!((30.0..=40.0).contains(&rmse) && usual == 28.0, "{rmse}"),
        ref other => panic!("{other:?}"),
    }
    let unmeasured = Seen { reconstruction: Some(&brighter(40)), usual_rmse: None, ..of(&crop, &FINE) };
    assert_eq!(remarks(&unmeasured), []);
    // A picture of another size is not compared.
    assert_eq!(told(&RgbImage::new(64, 64)), []);
}
