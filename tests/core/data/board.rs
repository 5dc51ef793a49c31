//! A labelled board: where its pictures and names come to lie.

use facespace::data::image::{Edge, board};
use image::{Rgb, RgbImage};

const SIDE: u32 = 96;

/// A colour of its own for each cell and edge, none of them dark or grey.
fn colour(row: usize, column: usize) -> Rgb<u8> {
    Rgb([255, 40 * column as u8, 40 * row as u8])
}

fn tile(row: usize, column: usize) -> RgbImage {
    RgbImage::from_pixel(SIDE, SIDE, colour(row, column))
}

fn edge(label: &str, picture: RgbImage) -> Edge {
    Edge { label: label.to_owned(), picture: Some(picture) }
}

/// Three columns and two rows, with pictures at the edges in row and column 0 of the colours.
fn sheet(labels: [&str; 5], corner: &str) -> RgbImage {
    let cells: Vec<Vec<_>> = (1..3).map(|row| (1..4).map(|column| Some(tile(row, column))).collect()).collect();
    let across: Vec<Edge> = (1..4).map(|column| edge(labels[column - 1], tile(0, column))).collect();
    let down: Vec<Edge> = (1..3).map(|row| edge(labels[2 + row], tile(row, 0))).collect();
    board(&cells, &across, &down, corner)
}

/// Left, top, right and bottom of the pixels that `wanted` accepts; right and bottom are the first beyond.
fn bounds(sheet: &RgbImage, wanted: impl Fn(&Rgb<u8>) -> bool) -> Option<[u32; 4]> {
    let places = sheet.enumerate_pixels().filter(|(_, _, pixel)| wanted(pixel));
    places.fold(None, |bounds, (x, y, _)| {
        let [left, top, right, bottom] = bounds.unwrap_or([x, y, x + 1, y + 1]);
        Some([left.min(x), top.min(y), right.max(x + 1), bottom.max(y + 1)])
    })
}

fn place(sheet: &RgbImage, row: usize, column: usize) -> [u32; 4] {
    bounds(sheet, |pixel| *pixel == colour(row, column)).unwrap_or_else(|| panic!("no cell {row} {column}"))
}

fn is_ink(pixel: &Rgb<u8>) -> bool {
    pixel.0.iter().all(|level| *level < 180)
}

#[test]
fn pictures_lie_in_rows_and_columns() {
    let sheet = sheet(["anna", "ben", "carla", "dora", "emil"], "pose");
    for row in 0..3 {
        for column in 0..4 {
            if (row, column) == (0, 0) {
                continue;
            }
            let [left, top, right, bottom] = place(&sheet, row, column);
            assert_eq!((right - left, bottom - top), (SIDE, SIDE), "{row} {column}");
            if column > 1 {
                let before = place(&sheet, row, column - 1);
                assert!(before[1] == top && before[2] < left, "{row} {column}");
            }
            if row > 1 {
                let above = place(&sheet, row - 1, column);
                assert!(above[0] == left && above[3] < top, "{row} {column}");
            }
            assert!(right < sheet.width() && bottom < sheet.height());
        }
    }
}

#[test]
fn names_stand_beside_rows_and_above_columns() {
    let named = sheet(["anna", "ben", "carla", "dora", "emil"], "");
    let nameless = sheet(["", "", "", "", ""], "");
    assert_eq!(bounds(&nameless, is_ink), None);
    let first = place(&named, 1, 1);
    let [left, top, ..] = bounds(&named, is_ink).unwrap();
    assert!(left < place(&named, 1, 0)[0] && top < place(&named, 0, 1)[1] && left > 0 && top > 0);
    // No name lies on a picture.
    for (row, column) in [(0, 1), (1, 0), (1, 1), (2, 3)] {
        assert_eq!(place(&named, row, column)[2] - place(&named, row, column)[0], SIDE);
    }
    assert!(first[0] > place(&nameless, 1, 1)[0], "names of rows take room beside them");
    let cornered = sheet(["", "", "", "", ""], "pose, expression 70 %");
    let [_, _, right, bottom] = bounds(&cornered, is_ink).unwrap();
    assert!(right <= place(&cornered, 1, 1)[0] && bottom <= place(&cornered, 1, 1)[1]);
}

#[test]
fn a_long_name_is_cut_and_never_reaches_the_next_column() {
    let long = "a photograph with a very long name, taken on a day in the summer of some year.jpg";
    let cut = sheet([long, "", long, long, ""], &[long; 40].join(" "));
    let last = place(&cut, 2, 3);
    assert!(cut.width() - last[2] < 20, "the sheet is no wider for it");
    let between = place(&cut, 0, 2);
    for x in between[0]..between[2] {
        for y in 0..between[1] {
            assert!(!is_ink(cut.get_pixel(x, y)), "ink above the nameless column at {x} {y}");
        }
    }
    assert!(place(&cut, 1, 0)[0] < 200, "names of rows are cut, too");
    // Letters that the font has not, and what is no letter.
    let odd = sheet(["日本\n語", "é…ß", "\u{0}", "🙂", "مرحبا"], "\t");
    assert_eq!(place(&odd, 2, 3)[2] - place(&odd, 2, 3)[0], SIDE);
}

#[test]
fn a_cell_without_a_picture_is_grey_and_small_pictures_lie_in_the_middle() {
    let small = RgbImage::from_pixel(20, 40, colour(1, 1));
    let across = ["a", "b"].map(|label| Edge { label: label.to_owned(), picture: None });
    let down = [Edge { label: "c".to_owned(), picture: Some(tile(1, 0)) }, Edge::default()];
    let sheet = board(&[vec![Some(small), None]], &across, &down, "");
    let (cell, edge) = (place(&sheet, 1, 1), place(&sheet, 1, 0));
    assert_eq!((cell[2] - cell[0], cell[3] - cell[1]), (20, 40));
    assert_eq!(cell[1] - edge[1], (SIDE - 40) / 2);
    let grey = bounds(&sheet, |pixel| *pixel == Rgb([235; 3])).unwrap();
    // One to its right, and both of the row that `cells` has not.
    assert!(grey[0] < cell[0] && grey[2] > cell[2] + SIDE && grey[3] > edge[3] + SIDE, "{grey:?}");
    assert_eq!(board(&[], &[], &[], "nothing"), board(&[], &[], &[], "nothing"));
}
