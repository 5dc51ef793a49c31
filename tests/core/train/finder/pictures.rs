//! Pictures and their labels stay together whatever happens to a picture on its way to a network.

use std::sync::Arc;

use facespace::data::shards::MarkedFace;
use facespace::face::landmarks::MIRROR_OF;
use facespace::face::{Crop, FaceBox, Landmarks};
use facespace::nn::finder::SIDE;
use facespace::train::finder::chance::Chance;
use facespace::train::finder::frames::{Frames, Mistaken, random_frame, weight};
use facespace::train::finder::material::{Labelled, Material, Place};
use facespace::train::finder::targets::TILE;
use facespace::train::finder::tiles::{Alarm, Tiles};
use facespace::train::finder::views::{Beyond, Window, cut};
use image::{ImageFormat, Rgb, RgbImage};

use crate::data::bytes_of;

/// A face as far as geometry needs one, its crop's side about `side` and its middle at `middle`.
fn landmarks(middle: [f32; 2], side: f32) -> Landmarks {
    let mut points: Landmarks = std::array::from_fn(|i| {
        let angle = std::f32::consts::PI * (i as f32 / 16.0);
        match i {
            0..17 => [-0.45 * angle.cos(), 0.48 * angle.sin() - 0.05],
            17..27 => [0.075 * (i as f32 - 21.5), -0.3],
            27..36 => [0.03 * (i as f32 - 31.5), 0.0],
            36..42 => [-0.19 + 0.02 * ((i - 36) as f32 - 2.5), -0.23],
            42..48 => [0.19 + 0.02 * ((i - 42) as f32 - 2.5), -0.23],
            _ => [0.02 * ((i - 48) as f32 - 3.0), 0.15],
        }
    });
    for point in &mut points {
        *point = [middle[0] + side * point[0], middle[1] + side * point[1]];
    }
    points
}

fn brightness(pixel: &Rgb<u8>) -> f32 {
    pixel.0.iter().map(|&level| f32::from(level)).sum::<f32>() / 3.0
}

fn mean(picture: &RgbImage) -> f32 {
    picture.pixels().map(brightness).sum::<f32>() / (picture.width() * picture.height()) as f32
}

/// The mean within so many pixels of a place; none where that reaches out of the picture.
fn around(picture: &RgbImage, [x, y]: [f32; 2], reach: i64) -> Option<f32> {
    let (x, y) = (x.floor() as i64, y.floor() as i64);
    let inside = |c: i64, side: u32| c >= reach && c + reach < i64::from(side);
    if !inside(x, picture.width()) || !inside(y, picture.height()) {
        return None;
    }
    let places = (-reach..=reach).flat_map(|j| (-reach..=reach).map(move |i| (x + i, y + j)));
    let levels: Vec<f32> = places.map(|(x, y)| brightness(picture.get_pixel(x as u32, y as u32))).collect();
    Some(levels.iter().sum::<f32>() / levels.len() as f32)
}

/// Dark, with a bright disc at each of these places.
fn discs(size: (u32, u32), places: &[[f32; 2]], radius: f32) -> RgbImage {
    RgbImage::from_fn(size.0, size.1, |x, y| {
        let near = |place: &[f32; 2]| (x as f32 + 0.5 - place[0]).hypot(y as f32 + 0.5 - place[1]) <= radius;
        if places.iter().any(near) { Rgb([230, 220, 210]) } else { Rgb([25, 30, 40]) }
    })
}

#[test]
fn a_window_shows_points_where_it_shows_their_pixels() {
    let place = [70.0, 40.0];
    let source = discs((120, 90), &[place], 4.0);
    for (turn_deg, mirror, half_side) in
        [(0.0, false, 40.0), (33.0, true, 60.0), (-120.0, false, 25.0), (90.0, true, 90.0)]
    {
        let window = Window { centre: [60.0, 45.0], half_side, turn_deg, mirror };
        let view = cut(&source, &window, 64, Beyond::Colour([25, 30, 40]));
        let (mut sum, mut weight) = ([0.0f32; 2], 0.0f32);
        for (x, y, pixel) in view.enumerate_pixels() {
            let bright = (brightness(pixel) - 60.0).max(0.0);
            sum = [sum[0] + bright * (x as f32 + 0.5), sum[1] + bright * (y as f32 + 0.5)];
            weight += bright;
        }
        let seen = window.seen(place).map(|c| 64.0 * c);
        assert!(weight > 0.0, "{window:?}");
        let off = (sum[0] / weight - seen[0]).hypot(sum[1] / weight - seen[1]);
        assert!(off < 0.35, "{window:?}: {off}");
        let back = window.source(window.seen(place).map(|c| 2.0 * c - 1.0));
        assert!((back[0] - place[0]).hypot(back[1] - place[1]) < 1e-3);
    }
}

#[test]
fn a_window_can_be_laid_so_that_a_point_is_seen_anywhere() {
    for mirror in [false, true] {
        let window = Window::showing([30.0, 20.0], [0.5, -0.25], 10.0, 17.0, mirror);
        let seen = window.seen([30.0, 20.0]);
        assert!((seen[0] - 0.75).abs() < 1e-4 && (seen[1] - 0.375).abs() < 1e-4, "{seen:?}");
    }
}

#[test]
fn mirrored_points_are_numbered_anew() {
    let face = landmarks([50.0, 50.0], 40.0);
    let plain = Window { centre: [50.0, 50.0], half_side: 30.0, turn_deg: 0.0, mirror: false };
    let (seen, mirrored) = (plain.seen_landmarks(&face), Window { mirror: true, ..plain }.seen_landmarks(&face));
    for i in 0..68 {
        let other = seen[MIRROR_OF[i]];
        assert!((mirrored[i][0] - (1.0 - other[0])).abs() < 1e-5 && (mirrored[i][1] - other[1]).abs() < 1e-5);
    }
    for points in [seen, mirrored] {
        assert!(points[36][0] < points[45][0] && points[0][0] < points[16][0], "left stays left");
        assert!(Crop::from_landmarks(&points).unwrap().x_axis[0] > 0.99);
    }
}

#[test]
fn what_is_beyond_a_picture_is_its_mirror_image_or_a_colour() {
    let source = RgbImage::from_fn(32, 32, |x, _| Rgb([if x < 4 { 200 } else { 50 }; 3]));
    let window = Window { centre: [0.0, 16.0], half_side: 16.0, turn_deg: 0.0, mirror: false };
    let mirrored = cut(&source, &window, 32, Beyond::Mirrored);
    assert!(mirrored.get_pixel(13, 16).0[0] > 190 && mirrored.get_pixel(5, 16).0[0] < 60);
    let coloured = cut(&source, &window, 32, Beyond::Colour([9, 8, 7]));
    assert_eq!(coloured.get_pixel(5, 16).0, [9, 8, 7]);
    assert!(coloured.get_pixel(18, 16).0[0] > 190);
}

/// A photograph whose landmarks are bright discs.
fn marked_photograph() -> Labelled {
    let landmarks = landmarks([120.0, 90.0], 90.0);
    let bytes = bytes_of(discs((240, 180), &landmarks, 3.0), ImageFormat::Png);
    Labelled { path: "marked.png".to_owned(), bytes, landmarks, pose_deg: None }
}

#[test]
fn points_stay_on_the_face_through_everything_that_happens_to_it() {
    let material = Material { photographs: vec![marked_photograph()], ..Material::default() };
    let frames = Frames::new(Arc::new(material), 1);
    let (mut on_discs, mut all) = (0, 0);
    for number in 0..200 {
        let frame = frames.frame(3, number, &[]);
        assert_eq!(frame.picture.dimensions(), (SIDE as u32, SIDE as u32));
        let Some(points) = frame.points else { continue };
        assert!(points[36][0].is_finite() && weight(&points) > 0.0);
        let usual = mean(&frame.picture);
        for point in &points {
            if let Some(found) = around(&frame.picture, point.map(|c| c * SIDE as f32), 0) {
                all += 1;
                on_discs += usize::from(found > usual);
            }
        }
    }
    assert!(all > 4000, "{all}");
    // Some are hidden, some lost in noise and blur.
    assert!(on_discs as f32 > 0.8 * all as f32, "{on_discs} of {all}");
}

#[test]
fn faces_lie_in_tiles_where_the_truth_says() {
    let face = landmarks([120.0, 90.0], 90.0);
    let place = FaceBox::from_landmarks(&face).unwrap();
    // Half as high as the box, a disc stays inside at every turn.
    let picture = discs((240, 180), &[place.centre()], 0.3 * place.h);
    let bytes = bytes_of(picture.clone(), ImageFormat::Png);
    let photograph = Labelled { path: "disc.png".to_owned(), bytes, landmarks: face, pose_deg: None };
    let scene = Place { picture, faces: vec![MarkedFace { frame: place, sure: true }] };
    let empty = Place { picture: RgbImage::from_pixel(200, 160, Rgb([30, 32, 35])), faces: Vec::new() };
    let material = Material { photographs: vec![photograph], scenes: vec![scene, empty], ..Material::default() };
    let tiles = Tiles::new(Arc::new(material), 1);
    let alarms = [Alarm { scene: 1, centre: [90.0, 80.0], height: 30.0, probability: 0.9 }];
    let (mut right, mut all, mut incomplete) = (0, 0, 0);
    for number in 0..150 {
        let tile = tiles.tile(2, number, &alarms);
        assert_eq!(tile.picture.dimensions(), (TILE as u32, TILE as u32));
        incomplete += usize::from(!tile.truth.complete);
        let usual = mean(&tile.picture);
        for face in tile.truth.faces.iter().filter(|face| face.height > 14.0 && face.height < 60.0) {
            if let Some(found) = around(&tile.picture, face.centre, 1) {
                all += 1;
                right += usize::from(found > usual + 5.0);
            }
        }
    }
    assert!(all > 60 && incomplete > 20, "{all}, {incomplete}");
    assert!(right as f32 > 0.85 * all as f32, "{right} of {all}");
}

#[test]
fn batches_are_functions_of_seed_and_step() {
    let material = Arc::new(Material { photographs: vec![marked_photograph()], ..Material::default() });
    let batch = |seed: u64, step: u64| {
        let tiles = Tiles::new(Arc::clone(&material), seed).batch(step, 2, &[]);
        let frames = Frames::new(Arc::clone(&material), seed).batch(step, 3, &[]);
        assert_eq!(tiles.pictures.len(), 2 * 3 * TILE * TILE);
        assert_eq!((frames.points.len(), frames.weights.len(), frames.is_face.len()), (3 * 136, 3, 3));
        assert!(frames.weights.iter().zip(&frames.is_face).all(|(weight, face)| (*weight > 0.0) == (*face == 1.0)));
        (tiles.pictures, frames.pictures)
    };
    let (tiles, frames) = batch(1, 5);
    assert!((tiles.clone(), frames.clone()) == batch(1, 5));
    for (other_tiles, other_frames) in [batch(1, 6), batch(2, 5)] {
        assert!(tiles != other_tiles && frames != other_frames);
    }
}

#[test]
fn frames_without_a_face_come_from_anywhere_and_from_mistakes() {
    let grey = |level: u8| RgbImage::from_pixel(160, 120, Rgb([level; 3]));
    let face = MarkedFace { frame: FaceBox { x: 60.0, y: 40.0, w: 30.0, h: 40.0 }, sure: false };
    let scenes = vec![Place { picture: grey(90), faces: vec![face] }, Place { picture: grey(150), faces: Vec::new() }];
    let material = Material { scenes, ..Material::default() };
    let frames = Frames::new(Arc::new(material), 1);
    let frame = Crop::level([80.0, 60.0], 20.0);
    let mistaken = [Mistaken { scene: 1, frame, probability: 0.8 }];
    assert!((0..40).all(|number| frames.frame(1, number, &mistaken).points.is_none()));
    let mut chance = Chance::new(1, 1, "test");
    for _ in 0..100 {
        let window = random_frame((160, 120), &mut chance);
        assert!(window.half_side >= 9.0 && window.half_side <= 60.0);
    }
}
