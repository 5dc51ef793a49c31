//! Pictures for boards: words below them, and frames that more than their colour tells apart.

use facespace::data::image::tile;
use image::{Rgb, RgbImage};

const SIDE: u32 = 96;
const FACE: Rgb<u8> = Rgb([255, 0, 0]);
const FRAME: Rgb<u8> = Rgb([0, 110, 80]);
const PAPER: Rgb<u8> = Rgb([255; 3]);

fn face() -> RgbImage {
    RgbImage::from_pixel(SIDE, SIDE, FACE)
}

fn count(tile: &RgbImage, colour: Rgb<u8>) -> usize {
    tile.pixels().filter(|pixel| **pixel == colour).count()
}

#[test]
fn a_frame_and_its_tick_lie_around_the_picture_and_change_no_size() {
    let (plain, framed) = (tile(&face(), &[], None), tile(&face(), &[], Some(FRAME)));
    assert_eq!(plain.dimensions(), framed.dimensions());
    assert_eq!(count(&plain, FACE), (SIDE * SIDE) as usize);
    assert_eq!((count(&plain, FRAME), *plain.get_pixel(0, 0)), (0, PAPER));
    for (x, y) in [(0, 0), (0, SIDE / 2), (framed.width() - 1, framed.height() - 1)] {
        assert_eq!(*framed.get_pixel(x, y), FRAME, "{x} {y}");
    }
    // The tick is white on the frame's colour, in the upper right corner.
    assert!(count(&framed, PAPER) > 10);
    let ticked = framed.enumerate_pixels().filter(|(_, _, pixel)| **pixel == PAPER);
    ticked.for_each(|(x, y, _)| assert!(x > SIDE / 2 && y < SIDE / 2, "{x} {y}"));
    assert!(count(&framed, FACE) * 10 > count(&plain, FACE) * 9, "the frame hides no face");
}

#[test]
fn lines_stand_below_the_picture_and_never_beside_it() {
    let bare = tile(&face(), &[], None);
    let lines = tile(&face(), &["happy 0.83", ""], None);
    assert_eq!((lines.width(), lines.height() > bare.height() + 30), (bare.width(), true));
    assert_eq!(tile(&face(), &["", "a"], Some(FRAME)).dimensions(), lines.dimensions());
    let inked: Vec<u32> = lines
        .enumerate_pixels()
        .filter(|(_, _, pixel)| pixel.0[1] < 128 && pixel.0[0] < 128)
        .map(|(_, y, _)| y)
        .collect();
    assert!(!inked.is_empty() && inked.iter().all(|&y| y >= bare.height()), "{inked:?}");
    let long = tile(&face(), &["a very long line of words that no picture is wide enough for"], None);
    assert_eq!(long.width(), bare.width());
}

#[test]
fn the_smallest_pictures_have_tiles_too() {
    let dot = RgbImage::from_pixel(1, 1, FACE);
    assert!(tile(&dot, &["x"], Some(FRAME)).width() > 1);
    assert!(tile(&RgbImage::new(0, 0), &["", "x"], Some(FRAME)).height() > 0);
}
