//! Training views: pixels, angles and points keep together.

use facespace::data::image::views::{
    self, Light, View, landmarks_seen, max_shift_px, max_turn_deg, planes, pose_seen, render,
};
use image::{GenericImageView, Rgb, RgbImage};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

use super::{noise, pattern, worst};

const SIDES: [u32; 3] = [128, 144, 168];

/// A face of points: eye line, brows, lips and jaw roughly where they are, no two on one place.
fn face(side: u32) -> [[f32; 2]; 68] {
    let scaled = |x: f32, y: f32| [x, y].map(|v| side as f32 / 2.0 + v);
    std::array::from_fn(|i| {
        let t = i as f32;
        match i {
            0..=16 => scaled(-40.0 + 5.0 * t, 40.0 - 0.4 * (t - 8.0) * (t - 8.0)),
            17..=26 => scaled(-36.0 + 8.0 * (t - 17.0), -26.0 - (t - 21.0).abs()),
            27..=35 => scaled(if i < 31 { 1.0 } else { 4.0 * (t - 33.0) }, -12.0 + 3.0 * (t - 27.0)),
            36..=41 => scaled(-25.0 + 3.0 * (t - 36.0), -14.0),
            42..=47 => scaled(10.0 + 3.0 * (t - 42.0), -14.0),
            _ => scaled(-14.0 + 1.5 * (t - 48.0), 24.0 + (t - 57.0).abs()),
        }
    })
}

/// A soft dot on black at a point, three pixels wide.
fn dot(side: u32, at: [f32; 2]) -> RgbImage {
    RgbImage::from_fn(side, side, |x, y| {
        let distance = (x as f32 + 0.5 - at[0]).hypot(y as f32 + 0.5 - at[1]);
        Rgb([(250.0 * (-distance * distance / 4.0).exp()) as u8; 3])
    })
}

/// The middle of what is bright.
fn middle(picture: &RgbImage) -> [f32; 2] {
    let (mut sum, mut weight) = ([0.0; 2], 0.0);
    for (x, y, pixel) in picture.enumerate_pixels() {
        let bright = f32::from(pixel[0]);
        sum = [sum[0] + bright * (x as f32 + 0.5), sum[1] + bright * (y as f32 + 0.5)];
        weight += bright;
    }
    sum.map(|v| v / weight)
}

fn view(mirror: bool, turn_deg: f32, shift_px: [f32; 2]) -> View {
    View { mirror, turn_deg, shift_px, light: None }
}

#[test]
fn the_plain_view_is_the_middle_of_the_stored_picture() {
    for side in SIDES {
        let (stored, margin) = (noise(side, side), (side - 128) / 2);
        let middle = stored.view(margin, margin, 128, 128).to_image();
        assert_eq!(render(&stored, &View::plain(), false), middle);
        let mirrored = render(&stored, &view(true, 0.0, [0.0; 2]), false);
        assert_eq!(mirrored, image::imageops::flip_horizontal(&middle));
    }
    let stored = noise(144, 144);
    let moved = render(&stored, &view(false, 0.0, [3.0, -2.0]), false);
    assert_eq!(moved, stored.view(8 - 3, 8 + 2, 128, 128).to_image());
}

#[test]
fn a_dot_at_a_landmark_is_found_where_the_view_says() {
    for (side, turn) in [(128, 0.0), (144, 7.0), (168, -14.0)] {
        let landmarks = face(side);
        for mirror in [false, true] {
            let view = view(mirror, turn, [1.25, -0.5]);
            let seen = landmarks_seen(&landmarks, side, &view);
            // Its own mirror image at chin and nose; two that change places; one that goes to the other side's list.
            for (point, there) in [(8, 8), (30, 30), (36, 45), (39, 42), (48, 54), (0, 16), (67, 65)] {
                let found = middle(&render(&dot(side, landmarks[point]), &view, false));
                let said = seen[if mirror { there } else { point }];
                let off = (found[0] - said[0]).hypot(found[1] - said[1]);
                assert!(off < 0.1, "point {point} at {found:?}, said to be at {said:?} ({side} px, mirror {mirror})");
            }
        }
    }
}

#[test]
fn mirroring_twice_is_nothing() {
    let (side, mirror) = (144, view(true, 0.0, [0.0; 2]));
    let landmarks = face(side);
    let once = landmarks_seen(&landmarks, side, &mirror);
    // The view is 128 pixels wide; the second mirror starts from there.
    let twice = landmarks_seen(&once, 128, &mirror);
    for (again, first) in twice.iter().zip(landmarks) {
        assert!((again[0] - (first[0] - 8.0)).abs() < 1e-4 && (again[1] - (first[1] - 8.0)).abs() < 1e-4);
    }
    // Left stays left: in a mirrored face, too, the first eye is the left one of the picture.
    assert!(once[36][0] < once[45][0] && once[0][0] < once[16][0] && once[48][0] < once[54][0]);
    assert_eq!(pose_seen(pose_seen([10.0, -5.0, 3.0], &mirror), &mirror), [10.0, -5.0, 3.0]);
}

#[test]
fn roll_follows_the_eye_line() {
    let roll_of = |points: &[[f32; 2]; 68]| {
        let eye = |range: std::ops::Range<usize>| {
            let n = range.len() as f32;
            points[range].iter().fold([0.0; 2], |sum, p| [sum[0] + p[0] / n, sum[1] + p[1] / n])
        };
        let (left, right) = (eye(36..42), eye(42..48));
        (right[1] - left[1]).atan2(right[0] - left[0]).to_degrees()
    };
    // A head with a roll of its own: the level face, turned clockwise by 6 degrees.
    let side = 168;
    let rolled = landmarks_seen(&face(side), side, &view(false, 6.0, [0.0; 2])).map(|p| p.map(|v| v + 20.0));
    let pose = [12.0, -4.0, roll_of(&rolled)];
    assert!((pose[2] - 6.0).abs() < 1e-3);
    for (mirror, turn) in [(false, 0.0), (false, 9.0), (true, 0.0), (true, 9.0), (true, -11.0)] {
        let view = view(mirror, turn, [2.0, 1.0]);
        let seen = pose_seen(pose, &view);
        let measured = roll_of(&landmarks_seen(&rolled, side, &view));
        assert!((seen[2] - measured).abs() < 1e-3, "{seen:?}, measured {measured} (mirror {mirror}, turn {turn})");
        assert_eq!(seen[..2], [if mirror { -12.0 } else { 12.0 }, -4.0]);
    }
}

#[test]
fn random_views_stay_within_the_margin() {
    for side in SIDES {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        // The frame of a larger picture that the stored one was cut from: what comes from outside is another there.
        let larger = noise(side + 40, side + 40);
        let stored = larger.view(20, 20, side, side).to_image();
        let views: Vec<View> = (0..300).map(|_| View::random(&mut rng, side, 20.0, 4.0)).collect();
        for view in &views {
            assert!(view.turn_deg.abs() <= max_turn_deg(side));
            assert!(view.shift_px.iter().all(|v| v.abs() <= max_shift_px(side, view.turn_deg).min(4.0)));
            let [seen, whole] = [&stored, &larger].map(|picture| render(picture, view, false));
            let differ = |(a, b): &(&Rgb<u8>, &Rgb<u8>)| (0..3).any(|c| a[c].abs_diff(b[c]) > 1);
            let strange = seen.pixels().zip(whole.pixels()).filter(differ).count();
            assert!(strange <= if side == 144 { 64 } else { 0 }, "{strange} pixels of {view:?}");
        }
        let mirrored = views.iter().filter(|view| view.mirror).count();
        assert!((110..190).contains(&mirrored), "{mirrored} of 300");
        let turned = views.iter().map(|view| view.turn_deg.abs()).fold(0.0, f32::max);
        assert!(turned >= 0.9 * max_turn_deg(side), "{turned}");
    }
    assert_eq!(SIDES.map(max_turn_deg), [0.0, 8.0, 15.0]);
    // The same numbers give the same views, however far they may go.
    let draw = |turn| View::random(&mut ChaCha8Rng::seed_from_u64(5), 168, turn, 0.0);
    assert_eq!(draw(10.0), draw(10.0));
    assert!((draw(10.0).turn_deg - 2.0 * draw(5.0).turn_deg).abs() < 1e-5);
}

#[test]
fn a_turned_view_is_as_sharp_as_its_picture() {
    // A wave of eight pixels loses little; a bilinear kernel would take about a tenth of it.
    let stored = RgbImage::from_fn(168, 168, |x, _| {
        Rgb([(127.5 + 100.0 * (x as f32 * std::f32::consts::TAU / 8.0).sin()) as u8; 3])
    });
    let spread = |picture: &RgbImage| {
        let values: Vec<f64> = picture.pixels().map(|pixel| f64::from(pixel[0])).collect();
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        (values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / values.len() as f64).sqrt()
    };
    let ratio = spread(&render(&stored, &view(false, 11.0, [0.0; 2]), false)) / spread(&stored);
    assert!((0.95..1.01).contains(&ratio), "{ratio}");
}

#[test]
fn lights_do_what_they_say() {
    let stored = pattern(128, 128);
    let lit = |light: Light| render(&stored, &View { light: Some(light), ..View::plain() }, false);
    assert_eq!(lit(Light::plain()), stored);
    let mean = |picture: &RgbImage, c: usize| picture.pixels().map(|p| f64::from(p[c])).sum::<f64>() / 16384.0;
    assert!(mean(&lit(Light { gamma: 0.6, ..Light::plain() }), 0) > mean(&stored, 0) + 10.0);
    let cast = lit(Light { cast: [0.9, 1.0, 1.1], ..Light::plain() });
    assert!((mean(&cast, 0) / mean(&stored, 0) - 0.9).abs() < 0.01);
    assert!(mean(&cast, 2) > mean(&stored, 2));
    let grey = lit(Light { grey: true, cast: [0.9, 1.0, 1.1], ..Light::plain() });
    assert!(grey.pixels().all(|p| p[0] == p[1] && p[1] == p[2]));
    let flat = lit(Light { contrast: 0.5, ..Light::plain() });
    assert!(flat.as_raw().iter().all(|v| (63..=192).contains(v)));
}

#[test]
fn a_blur_takes_the_fine_and_leaves_the_rest() {
    let blur = |stored: &RgbImage, side| {
        render(
            stored,
            &View { light: Some(Light { blur_to_px: Some(side), ..Light::plain() }), ..View::plain() },
            false,
        )
    };
    let even = RgbImage::from_pixel(128, 128, Rgb([10, 120, 250]));
    assert_eq!(blur(&even, 40), even);
    // Single columns vanish, a broad ramp stays where it is.
    let stripes = RgbImage::from_fn(128, 128, |x, _| Rgb([if x % 2 == 0 { 0 } else { 200 }; 3]));
    assert!(blur(&stripes, 40).pixels().all(|p| (90..=110).contains(&p[0])));
    let ramp = RgbImage::from_fn(128, 128, |x, y| Rgb([(x + 40) as u8, (y + 40) as u8, 9]));
    let inside = |picture: &RgbImage| picture.view(6, 6, 116, 116).to_image();
    assert!(worst(&inside(&blur(&ramp, 40)), &inside(&ramp)) <= 1);
}

#[test]
fn random_lights_are_repeatable_and_varied() {
    let draw = |seed| Light::random(&mut ChaCha8Rng::seed_from_u64(seed));
    assert_eq!(draw(1), draw(1));
    let lights: Vec<Light> = (0..200).map(draw).collect();
    let blurs: Vec<u32> = lights.iter().filter_map(|light| light.blur_to_px).collect();
    assert!((20..90).contains(&blurs.len()) && blurs.iter().all(|side| (40..=80).contains(side)));
    assert!((10..60).contains(&lights.iter().filter(|light| light.grey).count()));
    assert!(lights.iter().all(|light| (0.6..=1.6).contains(&light.gamma) && (0.7..=1.3).contains(&light.contrast)));
}

#[test]
fn a_stretch_brings_the_percentiles_to_the_ends() {
    // Levels 50..=150, each as often: the 2nd percentile is 52, the 98th 148.
    let mut picture = RgbImage::from_fn(101, 101, |x, _| Rgb([50 + x as u8; 3]));
    views::stretch_levels(&mut picture);
    assert_eq!((picture.get_pixel(2, 0)[0], picture.get_pixel(98, 0)[0]), (0, 255));
    assert_eq!((picture.get_pixel(0, 0)[0], picture.get_pixel(100, 5)[0]), (0, 255));
    assert_eq!(picture.get_pixel(50, 0)[1], 128);
    // The three colours together: a cast stays a cast.
    let mut cast = RgbImage::from_fn(128, 128, |x, _| Rgb([x as u8, x as u8, x as u8 / 2 + 20]));
    views::stretch_levels(&mut cast);
    let pixel = cast.get_pixel(100, 0);
    assert!(pixel[2] < pixel[0]);
    let mut even = RgbImage::from_pixel(128, 128, Rgb([77; 3]));
    views::stretch_levels(&mut even);
    assert_eq!(even, RgbImage::from_pixel(128, 128, Rgb([77; 3])));

    let stored = pattern(144, 144);
    let mut after = render(&stored, &View::plain(), false);
    views::stretch_levels(&mut after);
    assert_eq!(render(&stored, &View::plain(), true), after);
}

#[test]
fn planes_are_channels_less_their_means() {
    let picture = RgbImage::from_fn(2, 1, |x, _| Rgb([255 * x as u8, 51, 102]));
    let mut out = [0.0; 6];
    planes(&picture, [0.5, 0.25, 0.0], &mut out);
    let expected = [-0.5, 0.5, 0.2 - 0.25, 0.2 - 0.25, 0.4, 0.4];
    assert!(out.iter().zip(expected).all(|(a, b): (&f32, f32)| (a - b).abs() < 1e-6), "{out:?}");
}
