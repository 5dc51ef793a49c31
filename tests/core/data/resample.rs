//! Where things land when a crop is cut out, what its filter does, and its border.

use facespace::data::image::{as_aligned, centre_crop_of_square, crop};
use facespace::face::crop::{CROP_SIDE, Crop};
use image::{Rgb, RgbImage};

use super::{assert_colour, pattern, worst};

fn turned(centre: [f32; 2], half_side: f32, degrees: f32) -> Crop {
    let (sin, cos) = degrees.to_radians().sin_cos();
    Crop { centre, half_side, x_axis: [cos, sin] }
}

/// A black photograph with a soft white dot, `sigma` pixels wide.
fn dot(side: u32, at: [f32; 2], sigma: f32) -> RgbImage {
    RgbImage::from_fn(side, side, |x, y| {
        let r2 = (x as f32 + 0.5 - at[0]).powi(2) + (y as f32 + 0.5 - at[1]).powi(2);
        Rgb([(255.0 * (-r2 / (2.0 * sigma * sigma)).exp()).round() as u8; 3])
    })
}

/// Where the light of a picture lies on average, in its own pixels.
fn centroid(picture: &RgbImage) -> [f32; 2] {
    let mut sum = [0.0f64; 3];
    for (x, y, pixel) in picture.enumerate_pixels() {
        let light = f64::from(pixel.0[0]);
        sum[0] += light * (f64::from(x) + 0.5);
        sum[1] += light * (f64::from(y) + 0.5);
        sum[2] += light;
    }
    [(sum[0] / sum[2]) as f32, (sum[1] / sum[2]) as f32]
}

#[test]
fn a_dot_lands_where_the_geometry_says() {
    // Half sides from enlarging four times to shrinking fourteen times.
    for half_side in [16.0, 40.0, 64.0, 90.0, 130.0, 200.0, 467.0, 900.0f32] {
        // No border inside the square, or the dot's mirror image would be seen as well.
        let side = 400.0f32.max(half_side * 3.0);
        for degrees in [0.0, 17.0, -40.0, 90.0, 163.0] {
            let square = turned([side / 2.0 + 1.3, side / 2.0 - 1.2], half_side, degrees);
            let expected = [40.0, 75.0];
            let at = square.photo_from_crop(expected);
            let photo = dot(side as u32, at, (half_side / 64.0 * 2.5).max(1.5));
            let found = centroid(&crop(&photo, &square, CROP_SIDE));
            let off = (found[0] - expected[0]).hypot(found[1] - expected[1]);
            assert!(off < 0.3, "half side {half_side}, {degrees} degrees: {off} px off");
        }
    }
}

#[test]
fn one_to_one_is_a_copy() {
    let photo = pattern(200, 180);
    let cut = crop(&photo, &Crop::level([100.0, 90.0], 64.0), 128);
    assert_eq!(cut, image::imageops::crop_imm(&photo, 36, 26, 128, 128).to_image());
    let quarter_turned = crop(&photo, &turned([100.0, 90.0], 64.0, 90.0), 128);
    assert!(worst(&image::imageops::rotate90(&quarter_turned), &cut) <= 1);
}

#[test]
fn shrinking_filters_first() {
    let checks = RgbImage::from_fn(1200, 1200, |x, y| Rgb([if (x + y) % 2 == 0 { 255 } else { 0 }; 3]));
    let stripes = RgbImage::from_fn(1200, 1200, |x, _| Rgb([if x % 3 == 0 { 255 } else { 0 }; 3]));
    for half_side in [150.0, 233.0, 400.0f32] {
        for degrees in [0.0, 20.0] {
            let square = turned([600.2, 599.7], half_side, degrees);
            for pixel in crop(&checks, &square, 128).pixels() {
                assert!(pixel.0[0].abs_diff(127) <= 6, "checks became {}", pixel.0[0]);
            }
            if half_side > 200.0 {
                for pixel in crop(&stripes, &square, 128).pixels() {
                    assert!(pixel.0[0].abs_diff(85) <= 8, "stripes became {}", pixel.0[0]);
                }
            }
        }
    }
}

#[test]
fn brightness_and_slopes_are_kept() {
    let ramp = RgbImage::from_fn(1000, 1000, |x, y| Rgb([(x / 4) as u8, (y / 4) as u8, 200]));
    for half_side in [30.0, 64.0, 100.0, 300.0f32] {
        let square = Crop::level([500.0, 500.0], half_side);
        let cut = crop(&ramp, &square, 128);
        for at in [(20, 30), (64, 64), (100, 90)] {
            let [x, y] = square.photo_from_crop([at.0 as f32 + 0.5, at.1 as f32 + 0.5]);
            let value = |v: f32| (v / 4.0 - 0.5).round() as u8;
            assert_colour(&cut, at, [value(x), value(y), 200], 1);
        }
    }
}

#[test]
fn detail_survives_enlarging_and_mild_shrinking() {
    let wave = |x: f32| 127.5 + 100.0 * (x * std::f32::consts::TAU / 12.0).sin();
    let photo = RgbImage::from_fn(400, 400, |x, _| Rgb([wave(x as f32 + 0.5).round() as u8; 3]));
    for half_side in [32.0, 64.0, 96.0, 128.0f32] {
        let square = Crop::level([200.0, 200.0], half_side);
        let cut = crop(&photo, &square, 128);
        for column in 10..118 {
            let [x, _] = square.photo_from_crop([column as f32 + 0.5, 64.0]);
            let off = (f32::from(cut.get_pixel(column, 64).0[0]) - wave(x)).abs();
            assert!(off < 12.0, "half side {half_side}, column {column}: {off}");
        }
    }
}

#[test]
fn the_border_is_mirrored_and_not_smeared() {
    let photo = pattern(300, 300);
    for half_side in [64.0, 40.0, 128.0f32] {
        let cut = crop(&photo, &Crop::level([0.0, 150.0], half_side), 128);
        assert!(worst(&cut, &image::imageops::flip_horizontal(&cut)) <= 1, "half side {half_side}");
        let cut = crop(&photo, &Crop::level([150.0, 300.0], half_side), 128);
        assert!(worst(&cut, &image::imageops::flip_vertical(&cut)) <= 1, "half side {half_side}");
    }
    let outside = crop(&photo, &Crop::level([0.0, 150.0], 64.0), 128);
    assert_eq!(outside.get_pixel(33, 64), photo.get_pixel(30, 150));
    // Far outside the mirror image is mirrored again; nothing fails.
    crop(&photo, &turned([-2000.0, 5000.0], 700.0, 33.0), 128);
}

#[test]
fn other_sides_show_the_same_square() {
    let photo = pattern(600, 600);
    let square = turned([300.0, 290.0], 128.0, 12.0);
    let stored = crop(&photo, &square.widened(8.0), 144);
    let inner = centre_crop_of_square(&stored).unwrap();
    assert!(worst(&inner, &crop(&photo, &square, 128)) <= 2);
}

#[test]
fn stored_crops_lose_their_margin() {
    assert_eq!(centre_crop_of_square(&pattern(128, 128)).unwrap(), pattern(128, 128));
    for (side, margin) in [(144, 8), (168, 20)] {
        let stored = pattern(side, side);
        let inner = centre_crop_of_square(&stored).unwrap();
        assert_eq!(inner.dimensions(), (128, 128));
        assert_eq!(inner.get_pixel(0, 0), stored.get_pixel(margin, margin));
        assert_eq!(as_aligned(&stored), inner);
    }
    assert!(centre_crop_of_square(&pattern(256, 256)).is_none());
    assert!(centre_crop_of_square(&pattern(128, 144)).is_none());
}

#[test]
fn aligned_pictures_of_any_size_become_crops() {
    let wide = RgbImage::from_fn(400, 200, |x, _| Rgb([if (100..300).contains(&x) { 200 } else { 0 }; 3]));
    let crop = as_aligned(&wide);
    assert_eq!(crop.dimensions(), (128, 128));
    assert!(crop.pixels().all(|pixel| pixel.0[0] > 150), "only the middle square is seen");
    assert_colour(&crop, (64, 64), [200; 3], 1);
    assert_eq!(as_aligned(&pattern(32, 50)).dimensions(), (128, 128));
}
