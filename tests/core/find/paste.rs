//! Edited faces put back: what changes, what does not, and where it lands.

use facespace::data::image::crop;
use facespace::face::{CROP_SIDE, Crop, Landmarks, PasteMode, PasteOptions};
use facespace::find::paste::{Change, Prepared, paste, prepare};
use image::{Rgb, RgbImage};

use super::paste_motion::texture;

const BOTH: [PasteMode; 2] = [PasteMode::Change, PasteMode::Generated];

/// A turned square, a little off the pixels' grid.
fn turned(centre: [f32; 2], half_side: f32, degrees: f32) -> Crop {
    let (sin, cos) = degrees.to_radians().sin_cos();
    Crop { centre, half_side, x_axis: [cos, sin] }
}

fn textured([width, height]: [u32; 2], finest: f32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| shaded(texture(8, [x as f32 + 0.5, y as f32 + 0.5], finest)))
}

/// Grey with a warm cast.
fn shaded(light: f32) -> Rgb<u8> {
    Rgb([1.0, 0.9, 0.8].map(|cast: f32| (cast * light).round().clamp(0.0, 255.0) as u8))
}

/// The face that a square shows, and the same with its lower middle moved, warmer, and with a dark mouth that opens.
fn faces(photo: &RgbImage, square: &Crop) -> [RgbImage; 2] {
    let own = crop(photo, square, CROP_SIDE);
    let edited = RgbImage::from_fn(CROP_SIDE, CROP_SIDE, |x, y| {
        let [x, y] = [x as f32 + 0.5, y as f32 + 0.5];
        let near = (-((x - 64.0).powi(2) + (y - 70.0).powi(2)) / 800.0).exp();
        let within = |v: f32| (v as u32).min(CROP_SIDE - 1);
        let Rgb([red, green, blue]) = *own.get_pixel(within(x + 4.0 * near), within(y - 3.0 * near));
        if is_mouth([x, y]) { Rgb([60, 15, 20]) } else { Rgb([red.saturating_add(12), green, blue]) }
    });
    [own, edited]
}

fn is_mouth([x, y]: [f32; 2]) -> bool {
    ((x - 64.0) / 18.0).powi(2) + ((y - 84.0) / 11.0).powi(2) < 1.0
}

fn options(mode: PasteMode, strength: f32, mask: f32) -> PasteOptions {
    PasteOptions { mode, strength, mask }.checked().unwrap()
}

fn middle_of(x: u32, y: u32) -> [f32; 2] {
    [x as f32 + 0.5, y as f32 + 0.5]
}

#[test]
fn options_out_of_range_are_refused_in_one_sentence() {
    assert_eq!(PasteOptions::default().checked(), Ok(options(PasteMode::Change, 1.0, 1.0)));
    for (strength, mask) in [(0.0, 0.5), (1.0, 1.5)] {
        assert!(PasteOptions { strength, mask, ..PasteOptions::default() }.checked().is_ok());
    }
    for strength in [-0.1, 1.01, f32::NAN, f32::INFINITY] {
        let error = PasteOptions { strength, ..PasteOptions::default() }.checked().unwrap_err();
        let sentence = format!("The value {strength} of strength is out of range; give a number from 0 to 1");
        assert_eq!(error.to_string(), sentence);
    }
    for mask in [0.0, 0.49, 1.6, f32::NAN] {
        let error = PasteOptions { mask, ..PasteOptions::default() }.checked().unwrap_err();
        let sentence = format!("The value {mask} of the mask's size is out of range; give a number from 0.5 to 1.5");
        assert_eq!(error.to_string(), sentence);
    }
}

#[test]
fn options_are_saved_under_plain_names() {
    let chosen = options(PasteMode::Generated, 0.25, 1.25);
    let text = serde_json::to_string(&chosen).unwrap();
    assert_eq!(text, r#"{"mode":"generated","strength":0.25,"mask":1.25}"#);
    assert_eq!(serde_json::from_str::<PasteOptions>(&text).unwrap(), chosen);
    assert_eq!(serde_json::from_str::<PasteOptions>("{}").unwrap(), PasteOptions::default());
    assert!(serde_json::from_str::<PasteOptions>(r#"{"mode":"copied"}"#).is_err());
}

#[test]
fn nothing_changed_and_nothing_asked_give_the_photograph_back() {
    let photo = textured([260, 220], 3.0);
    let square = turned([130.3, 108.2], 71.0, -17.0);
    let [own, edited] = faces(&photo, &square);
    for mode in BOTH {
        let null = Change { square: &square, own: &own, edited: &own, landmarks: None };
        assert!(paste(&photo, &null, &options(mode, 1.0, 1.5)) == photo, "{mode:?}");
        let change = Change { edited: &edited, ..null };
        assert!(paste(&photo, &change, &options(mode, 0.0, 1.0)) == photo, "{mode:?}");
        for strength in [f32::NAN, -1.0, 2.0] {
            let refused = PasteOptions { mode, strength, mask: 1.0 };
            assert!(paste(&photo, &change, &refused) == photo, "{mode:?} with strength {strength}");
        }
    }
    for half_side in [0.0, -3.0, f32::NAN, f32::INFINITY] {
        let nowhere = Crop { half_side, ..square };
        let change = Change { square: &nowhere, own: &own, edited: &edited, landmarks: None };
        assert!(paste(&photo, &change, &PasteOptions::default()) == photo, "half side {half_side}");
    }
}

/// Asserts that only pixels with a weight differ, and returns how many have one and how many differ.
fn touched(photo: &RgbImage, pasted: &RgbImage, prepared: &Prepared, options: &PasteOptions) -> [usize; 2] {
    assert_eq!(photo.dimensions(), pasted.dimensions());
    let mut counts = [0; 2];
    for (x, y, pixel) in pasted.enumerate_pixels() {
        let inside = prepared.weight_at(middle_of(x, y), options) > 0.0;
        let differs = pixel != photo.get_pixel(x, y);
        assert!(inside || !differs, "({x}, {y}) is outside the mask and changed");
        counts[0] += usize::from(inside);
        counts[1] += usize::from(differs);
    }
    counts
}

#[test]
fn no_pixel_outside_the_mask_changes() {
    let photo = textured([240, 200], 3.0);
    let squares = [
        ("level", Crop::level([120.0, 100.0], 64.0)),
        ("turned", turned([121.7, 97.1], 80.0, 31.0)),
        ("upside down", turned([110.2, 104.6], 60.0, 178.0)),
        ("small", turned([60.4, 70.7], 11.0, -8.0)),
        ("over the left border", turned([12.3, 96.0], 55.0, 12.0)),
        ("over a corner", turned([236.0, 196.4], 70.0, -25.0)),
        ("larger than the photograph", turned([120.0, 100.0], 400.0, 5.0)),
    ];
    for (name, square) in squares {
        let [own, edited] = faces(&photo, &square);
        let prepared = prepare(&Change { square: &square, own: &own, edited: &edited, landmarks: None });
        for mode in BOTH {
            let mut smaller = 0;
            for mask in [0.5, 1.0, 1.5] {
                let options = options(mode, 1.0, mask);
                let [inside, changed] = touched(&photo, &prepared.apply(&photo, &options), &prepared, &options);
                assert!(changed * 10 > inside, "{name}, {mode:?}, mask {mask}: {changed} of {inside} changed");
                assert!(inside >= smaller, "{name}: a larger mask holds less");
                smaller = inside;
            }
        }
    }
}

#[test]
fn a_square_beside_the_photograph_changes_nothing() {
    let photo = textured([120, 100], 3.0);
    for centre in [[-300.0, 50.0], [60.0, 400.0], [1e6, -1e6]] {
        let square = turned(centre, 40.0, 20.0);
        let [own, edited] = faces(&photo, &Crop::level([60.0, 50.0], 40.0));
        let change = Change { square: &square, own: &own, edited: &edited, landmarks: None };
        assert!(paste(&photo, &change, &PasteOptions::default()) == photo, "at {centre:?}");
    }
}

#[test]
fn the_mask_ends_softly_before_the_crop_does() {
    let photo = textured([128, 128], 3.0);
    let square = Crop::level([64.0, 64.0], 64.0);
    let [own, edited] = faces(&photo, &square);
    let wild: Landmarks = std::array::from_fn(|i| [[-500.0, 900.0], [40.0, 30.0], [700.0, -50.0]][i % 3]);
    let point: Landmarks = [[30.0, 99.0]; 68];
    let unknown: Landmarks = [[f32::NAN; 2]; 68];
    for landmarks in [None, Some(&wild), Some(&point), Some(&unknown)] {
        let prepared = prepare(&Change { square: &square, own: &own, edited: &edited, landmarks });
        for mask in [0.5, 0.8, 1.0, 1.5] {
            let options = options(PasteMode::Change, 1.0, mask);
            let weight = |x: u32, y: u32| prepared.weight_at(middle_of(x, y), &options);
            assert!(weight(64, 60) > 0.99, "all of the change in the middle");
            for i in 0..128 {
                for (x, y) in [(i, 0), (i, 127), (0, i), (127, i), (i, 1), (1, i)] {
                    assert_eq!(weight(x, y), 0.0, "at ({x}, {y})");
                }
                for j in 0..127 {
                    let steps = [weight(j + 1, i) - weight(j, i), weight(i, j + 1) - weight(i, j)];
                    assert!(steps.iter().all(|step| step.abs() < 0.5), "a hard edge near ({j}, {i})");
                }
            }
        }
    }
}

#[test]
fn the_mask_follows_the_face() {
    let photo = textured([128, 128], 3.0);
    let square = Crop::level([64.0, 64.0], 64.0);
    let [own, edited] = faces(&photo, &square);
    // A head turned to the left: its points end far before the right border.
    let landmarks: Landmarks =
        std::array::from_fn(|i| [14.0 + 70.0 * (i as f32 / 67.0), 20.0 + (i % 10) as f32 * 10.0]);
    let weight = |landmarks: Option<&Landmarks>, at: [f32; 2]| {
        let prepared = prepare(&Change { square: &square, own: &own, edited: &edited, landmarks });
        prepared.weight_at(at, &PasteOptions::default())
    };
    assert!(weight(None, [108.0, 64.0]) > 0.9);
    assert!(weight(Some(&landmarks), [108.0, 64.0]) < 0.1);
    assert!(weight(Some(&landmarks), [40.0, 64.0]) > 0.9);
}

#[test]
fn strength_goes_evenly_from_nothing_to_all() {
    let photo = textured([300, 300], 3.0);
    let square = turned([150.0, 150.0], 110.0, 9.0);
    let [own, edited] = faces(&photo, &square);
    let prepared = prepare(&Change { square: &square, own: &own, edited: &edited, landmarks: None });
    for mode in BOTH {
        let mut before = 0;
        for strength in [0.25, 0.5, 0.75, 1.0] {
            let pasted = prepared.apply(&photo, &options(mode, strength, 1.0));
            let pairs = pasted.as_raw().iter().zip(photo.as_raw());
            let difference: u64 = pairs.map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
            assert!(difference > before, "{mode:?} at {strength}");
            before = difference;
        }
    }
}

#[test]
fn prepared_once_gives_what_pasting_gives() {
    let photo = textured([200, 180], 3.0);
    let square = turned([101.0, 92.0], 66.0, 14.0);
    let [own, edited] = faces(&photo, &square);
    let change = Change { square: &square, own: &own, edited: &edited, landmarks: None };
    let prepared = prepare(&change);
    for mode in BOTH {
        for (strength, mask) in [(1.0, 1.0), (0.4, 1.3), (0.9, 0.6)] {
            let options = options(mode, strength, mask);
            assert!(prepared.apply(&photo, &options) == paste(&photo, &change, &options));
        }
    }
}

#[test]
fn rotation_and_scale_of_the_crop_are_undone() {
    let photo = RgbImage::from_pixel(500, 460, Rgb([120; 3]));
    let own = RgbImage::from_pixel(CROP_SIDE, CROP_SIDE, Rgb([120; 3]));
    for (half_side, degrees) in [(64.0, 0.0), (150.0, 33.0), (90.0, -140.0), (31.0, 71.0)] {
        let square = turned([251.3, 228.9], half_side, degrees);
        for dot in [[40.0, 82.0], [77.5, 50.25]] {
            let edited = RgbImage::from_fn(CROP_SIDE, CROP_SIDE, |x, y| {
                let far = (x as f32 + 0.5 - dot[0]).powi(2) + (y as f32 + 0.5 - dot[1]).powi(2);
                Rgb([(120.0 + 100.0 * (-far / 32.0).exp()).round() as u8; 3])
            });
            let change = Change { square: &square, own: &own, edited: &edited, landmarks: None };
            for mode in BOTH {
                let pasted = paste(&photo, &change, &options(mode, 1.0, 1.0));
                let expected = square.photo_from_crop(dot);
                let off = centroid(&pasted, 120).into_iter().zip(expected).map(|(a, b)| (a - b).powi(2)).sum::<f32>();
                // A tenth of a crop pixel, and what rounding to whole levels does to few pixels.
                let bound = 0.1 * (half_side / 64.0) + 0.05;
                assert!(off.sqrt() < bound, "{mode:?}, {half_side} px, {degrees} degrees: {} px off", off.sqrt());
            }
        }
    }
}

/// Where what is lighter than the ground lies on average, in pixels.
fn centroid(picture: &RgbImage, ground: u8) -> [f32; 2] {
    let mut sums = [0.0f64; 3];
    for (x, y, pixel) in picture.enumerate_pixels() {
        let light = f64::from(pixel.0[0]) - f64::from(ground);
        for (sum, of) in sums.iter_mut().zip([f64::from(x) + 0.5, f64::from(y) + 0.5, 1.0]) {
            *sum += light * of;
        }
    }
    [(sums[0] / sums[2]) as f32, (sums[1] / sums[2]) as f32]
}

/// Whose lower middle comes from up to 4 px to the right and 3 px above, in crop pixels.
fn swayed([x, y]: [f32; 2]) -> [f32; 2] {
    let near = (-((x - 64.0).powi(2) + (y - 70.0).powi(2)) / 800.0).exp();
    [x + 4.0 * near, y - 3.0 * near]
}

/// A photograph with patches of 3 px, which no crop shows, looked at through a warp of the crop.
fn warped(square: &Crop, warp: impl Fn([f32; 2]) -> [f32; 2]) -> RgbImage {
    RgbImage::from_fn(460, 420, |x, y| {
        let place = square.photo_from_crop(warp(square.crop_from_photo(middle_of(x, y))));
        shaded(texture(8, place, 3.0))
    })
}

#[test]
fn the_photographs_own_texture_moves() {
    let square = turned([231.3, 208.8], 160.0, 24.0);
    let (photo, truth) = (warped(&square, |place| place), warped(&square, swayed));
    let [own, edited] = [&photo, &truth].map(|picture| crop(picture, &square, CROP_SIDE));
    let change = Change { square: &square, own: &own, edited: &edited, landmarks: None };
    let pasted = paste(&photo, &change, &PasteOptions::default());
    let difference = |picture: &RgbImage| {
        let near = |x: u32, y: u32| {
            let [x, y] = square.crop_from_photo(middle_of(x, y));
            (x - 64.0).hypot(y - 66.0) < 32.0
        };
        let inside = truth.enumerate_pixels().filter(|&(x, y, _)| near(x, y));
        let all: Vec<f64> =
            inside.map(|(x, y, pixel)| f64::from(pixel.0[0].abs_diff(picture.get_pixel(x, y).0[0]))).collect();
        all.iter().sum::<f64>() / all.len() as f64
    };
    let (before, after) = (difference(&photo), difference(&pasted));
    assert!(after < 0.3 * before, "{before} levels off before, {after} after");
}

/// Standard deviation of the Laplacian of the green values where the mask lets through half or more.
fn fine_detail(picture: &RgbImage, prepared: &Prepared) -> f64 {
    let green = |x: u32, y: u32| f64::from(picture.get_pixel(x, y).0[1]);
    let mut found = Vec::new();
    for y in 1..picture.height() - 1 {
        for x in 1..picture.width() - 1 {
            if prepared.weight_at(middle_of(x, y), &PasteOptions::default()) >= 0.5 {
                let around = green(x - 1, y) + green(x + 1, y) + green(x, y - 1) + green(x, y + 1);
                found.push(4.0 * green(x, y) - around);
            }
        }
    }
    let mean = found.iter().sum::<f64>() / found.len() as f64;
    (found.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / found.len() as f64).sqrt()
}

#[test]
fn detail_stays_the_photographs() {
    let square = turned([231.3, 208.8], 170.0, -13.0);
    // All of it turned by 6 degrees, swayed, and in another light.
    let turned_and_swayed = |place: [f32; 2]| {
        let (sin, cos) = 6.0f32.to_radians().sin_cos();
        let [x, y] = swayed(place).map(|v| v - 64.0);
        [cos * x - sin * y + 64.0, sin * x + cos * y + 64.0]
    };
    let (photo, moved) = (warped(&square, |place| place), warped(&square, turned_and_swayed));
    let [own, mut edited] = [&photo, &moved].map(|picture| crop(picture, &square, CROP_SIDE));
    edited.pixels_mut().for_each(|pixel| pixel.0 = pixel.0.map(|v| (0.85 * f32::from(v) + 25.0) as u8));
    let prepared = prepare(&Change { square: &square, own: &own, edited: &edited, landmarks: None });
    let before = fine_detail(&photo, &prepared);
    let kept = |mode| fine_detail(&prepared.apply(&photo, &options(mode, 1.0, 1.0)), &prepared) / before;
    assert!(kept(PasteMode::Change) > 0.9, "{} of the detail kept", kept(PasteMode::Change));
    assert!(kept(PasteMode::Generated) < 0.7, "generated pixels have no such detail");
}

#[test]
fn the_change_arrives() {
    let photo = textured([460, 420], 3.0);
    let square = turned([231.3, 208.8], 170.0, -13.0);
    let [own, edited] = faces(&photo, &square);
    let change = Change { square: &square, own: &own, edited: &edited, landmarks: None };
    let prepared = prepare(&change);
    for mode in BOTH {
        let again = crop(&prepared.apply(&photo, &options(mode, 1.0, 1.0)), &square, CROP_SIDE);
        let (mut along, mut asked) = (0.0, 0.0);
        for (x, y, after) in edited.enumerate_pixels() {
            if prepared.weight_at(square.photo_from_crop(middle_of(x, y)), &PasteOptions::default()) < 0.99 {
                continue;
            }
            let (before, shown) = (own.get_pixel(x, y), again.get_pixel(x, y));
            for i in 0..3 {
                let [after, before, shown] = [after, before, shown].map(|pixel| f64::from(pixel.0[i]));
                along += (shown - before) * (after - before);
                asked += (after - before) * (after - before);
            }
            // The mouth that opened is dark wherever a pixel from its edge.
            if is_mouth([x as f32 + 0.5, y as f32 - 3.0]) && is_mouth([x as f32 + 0.5, y as f32 + 4.0]) {
                assert!(shown.0[0] < 130, "{mode:?}: {shown:?} in the mouth at ({x}, {y})");
            }
        }
        assert!(along > 0.8 * asked, "{mode:?}: {:.2} of the change arrived", along / asked);
    }
}

#[test]
fn a_photograph_of_one_pixel_is_no_trouble() {
    let face = RgbImage::from_pixel(CROP_SIDE, CROP_SIDE, Rgb([10; 3]));
    let edited = RgbImage::from_pixel(CROP_SIDE, CROP_SIDE, Rgb([90; 3]));
    let photo = RgbImage::from_pixel(1, 1, Rgb([10; 3]));
    let square = Crop::level([0.5, 0.5], 3.0);
    let change = Change { square: &square, own: &face, edited: &edited, landmarks: None };
    assert_eq!(paste(&photo, &change, &PasteOptions::default()).get_pixel(0, 0), &Rgb([90; 3]));
}
