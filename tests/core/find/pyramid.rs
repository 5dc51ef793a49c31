//! The scales of a photograph, and the pieces in which the detector sees them.

use burn::tensor::Device;
use facespace::find::pyramid::{Level, WORKING_PIXELS, levels, pieces, resized};
use facespace::nn::finder::{CELL, DetectorConfig, FinderModel, FinderNetworks, Planes, REACH, Sighting};
use image::{Rgb, RgbImage};

fn sizes(width: u32, height: u32) -> Vec<(u32, u32)> {
    levels(&RgbImage::new(width, height)).iter().map(|level| level.picture.dimensions()).collect()
}

#[test]
fn each_level_is_half_of_the_one_before() {
    assert_eq!(sizes(1600, 1200), [(800, 600), (400, 300), (200, 150), (100, 75), (50, 38), (25, 19)]);
    let scales: Vec<f32> = levels(&RgbImage::new(1600, 1200)).iter().map(|level| level.scale).collect();
    assert_eq!(scales, [0.5, 0.25, 0.125, 0.0625, 0.03125, 0.015625]);
}

#[test]
fn small_photographs_are_enlarged_a_little() {
    assert_eq!(sizes(640, 480)[0], (800, 600));
    assert_eq!(sizes(100, 80)[0], (150, 120));
    assert_eq!(sizes(32, 32), [(48, 48), (24, 24)]);
}

#[test]
fn a_panorama_is_bounded_and_kept_in_shape() {
    let wide = levels(&RgbImage::new(4800, 400));
    assert_eq!(wide[0].picture.dimensions(), (2400, 200));
    assert!(wide.iter().all(|level| level.picture.width() * level.picture.height() <= WORKING_PIXELS));
    // 66.7 pixels of width: the last one shows less than the others.
    assert_eq!(sizes(100, 10_800)[0], (67, 7200));
    assert!(levels(&RgbImage::new(0, 0)).is_empty());
}

#[test]
fn the_last_level_has_room_for_a_face_higher_than_the_photograph() {
    for (width, height) in [(640, 480), (480, 640), (3000, 200), (33, 1000), (800, 800)] {
        let last = sizes(width, height).pop().unwrap();
        assert!(last.1 <= 32, "{width} x {height}: {last:?}");
    }
}

#[test]
fn shrinking_averages_areas() {
    let picture = RgbImage::from_fn(6, 4, |x, y| Rgb([10 * x as u8, 20 * y as u8, 77]));
    let half = resized(&picture, 0.5);
    assert_eq!(half.dimensions(), (3, 2));
    // Columns 2 and 3, rows 2 and 3.
    assert_eq!(*half.get_pixel(1, 1), Rgb([25, 50, 77]));
    // Two thirds: one pixel and a half each.
    let picture = RgbImage::from_fn(3, 1, |x, _| Rgb([30 * x as u8; 3]));
    let shrunk = resized(&picture, 2.0 / 3.0);
    assert_eq!(shrunk.dimensions(), (2, 1));
    assert_eq!([shrunk.get_pixel(0, 0)[0], shrunk.get_pixel(1, 0)[0]], [10, 50]);
}

#[test]
fn enlarging_is_linear_and_one_changes_nothing() {
    let picture = RgbImage::from_fn(9, 7, |x, y| Rgb([20 * x as u8, 30 * y as u8, (x * y) as u8]));
    assert_eq!(resized(&picture, 1.0), picture);
    let line = RgbImage::from_fn(2, 1, |x, _| Rgb([100 * x as u8; 3]));
    let values: Vec<u8> = resized(&line, 2.0).pixels().map(|pixel| pixel[0]).collect();
    assert_eq!(values, [0, 25, 75, 100, 0, 25, 75, 100]);
}

#[test]
fn every_row_of_cells_counts_once_and_sees_all_that_it_depends_on() {
    for (cores, height) in [(1, 600), (2, 600), (3, 800), (16, 800), (2, 19)] {
        let levels = [Level { picture: RgbImage::new(40, height), scale: 1.0 }];
        let rows = (height as usize).div_ceil(CELL);
        let mut next = 0;
        for piece in pieces(&levels, cores) {
            let first = piece.rows.start / CELL;
            assert_eq!(first + piece.cells.start, next);
            next = first + piece.cells.end;
            assert!(first == 0 || piece.cells.start >= REACH);
            let last = piece.rows.end / CELL;
            assert!(last == rows || last - next >= REACH);
        }
        assert_eq!(next, rows, "{cores} cores, {height} rows");
    }
}

#[test]
fn a_level_in_pieces_gives_the_answers_of_the_whole() {
    let model = FinderModel::new(&FinderNetworks::init(&DetectorConfig { channels: 6 }, &Device::flex()));
    let picture = RgbImage::from_fn(48, 500, |x, y| Rgb([(x * 5) as u8, (y * 3) as u8, (x * y) as u8]));
    let whole = model.detect(Planes::of(&picture, 0..504), 0..63, 0.0).unwrap();
    let levels = [Level { picture, scale: 1.0 }];
    let pieces = pieces(&levels, 2);
    assert_eq!(pieces.len(), 2);
    let parts: Vec<Sighting> = pieces
        .iter()
        .flat_map(|piece| {
            let planes = Planes::of(&levels[0].picture, piece.rows.clone());
            let mut seen = model.detect(planes, piece.cells.clone(), 0.0).unwrap();
            seen.iter_mut().for_each(|sighting| sighting.centre[1] += piece.rows.start as f32);
            seen
        })
        .collect();
    assert_eq!(parts.len(), whole.len());
    for (part, whole) in parts.iter().zip(&whole) {
        assert!((part.probability - whole.probability).abs() < 1e-4, "{part:?} {whole:?}");
        assert!((part.centre[1] - whole.centre[1]).abs() < 1e-2 && (part.height - whole.height).abs() < 1e-2);
    }
}
