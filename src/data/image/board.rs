//! A board of faces as one labelled picture: who takes down its side, who gives along its top, both with their names,
//! and a picture where they meet.

use image::{Rgb, RgbImage, imageops};

use super::pen::{LINE, PAPER, Pen};

/// Between pictures, and between a picture and its name.
const GAP: u32 = 6;
/// Around the whole.
const MARGIN: u32 = 12;
/// No cell is smaller, so that there is room for names.
const SMALLEST: u32 = 64;
/// Names of rows are cut where they are longer.
const LONGEST_NAME: u32 = 160;
const EMPTY: Rgb<u8> = Rgb([235; 3]);

/// What stands at the edge of a board beside a row or above a column.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Edge {
    pub label: String,
    pub picture: Option<RgbImage>,
}

/// A sheet with the cells, row by row, between the names and pictures of `across` and `down`; `corner` is written into
/// the free corner, on as many lines as there is room for. Long names lose their middle. A cell is as large as the
/// largest picture; one without a picture is grey, as are cells that `cells` has too few of.
pub fn board(cells: &[Vec<Option<RgbImage>>], across: &[Edge], down: &[Edge], corner: &str) -> RgbImage {
    let pen = Pen::new();
    let plan = Plan::new(cells, across, down, &pen);
    let [width, height] = plan.at(across.len(), down.len());
    let mut sheet = RgbImage::from_pixel(width + MARGIN - GAP, height + MARGIN - GAP, PAPER);
    for (column, edge) in across.iter().enumerate() {
        let [x, y] = plan.at(column, 0);
        let label = pen.fitted(&edge.label, plan.tile[0]);
        let indent = plan.tile[0].saturating_sub(pen.width(&label)) / 2;
        pen.write(&mut sheet, &label, [x + indent, MARGIN]);
        plan.put(&mut sheet, edge.picture.as_ref(), [x, y.saturating_sub(plan.tile[1] + GAP)]);
    }
    for (row, edge) in down.iter().enumerate() {
        let [x, y] = plan.at(0, row);
        let label = pen.fitted(&edge.label, plan.names);
        pen.write(&mut sheet, &label, [MARGIN, y + plan.tile[1].saturating_sub(LINE) / 2]);
        plan.put(&mut sheet, edge.picture.as_ref(), [x.saturating_sub(plan.tile[0] + GAP), y]);
        for column in 0..across.len() {
            let [x, y] = plan.at(column, row);
            let cell = cells.get(row).and_then(|row| row.get(column)).and_then(Option::as_ref);
            if cell.is_none() {
                let grey = RgbImage::from_pixel(plan.tile[0], plan.tile[1], EMPTY);
                imageops::replace(&mut sheet, &grey, i64::from(x), i64::from(y));
            }
            plan.put(&mut sheet, cell, [x, y]);
        }
    }
    let [left, top] = plan.at(0, 0);
    let room = [left.saturating_sub(MARGIN + 2 * GAP), top.saturating_sub(MARGIN + GAP)];
    for (line, text) in (0..).zip(pen.wrapped(corner, room)) {
        pen.write(&mut sheet, &text, [MARGIN, MARGIN + line * LINE]);
    }
    sheet
}

/// Where everything lies on the sheet, in pixels.
struct Plan {
    /// Width and height of a cell.
    tile: [u32; 2],
    /// Width of the rows' names; 0 where they have none.
    names: u32,
    /// The upper left corner of the first cell.
    first: [u32; 2],
}

impl Plan {
    fn new(cells: &[Vec<Option<RgbImage>>], across: &[Edge], down: &[Edge], pen: &Pen) -> Self {
        let edges = across.iter().chain(down).filter_map(|edge| edge.picture.as_ref());
        let pictures = edges.chain(cells.iter().flatten().flatten());
        let tile = pictures.fold([SMALLEST; 2], |[w, h], picture| [w.max(picture.width()), h.max(picture.height())]);
        let names = down.iter().map(|edge| pen.width(&edge.label)).max().unwrap_or(0).min(LONGEST_NAME);
        let has_pictures = |edges: &[Edge]| edges.iter().any(|edge| edge.picture.is_some());
        let with_gap = |size: u32| if size == 0 { 0 } else { size + GAP };
        let beside = if has_pictures(down) { tile[0] } else { 0 };
        let above = if has_pictures(across) { tile[1] } else { 0 };
        let first = [MARGIN + with_gap(names) + with_gap(beside), MARGIN + LINE + GAP + with_gap(above)];
        Plan { tile, names, first }
    }

    /// The upper left corner of a cell.
    fn at(&self, column: usize, row: usize) -> [u32; 2] {
        let [w, h] = self.tile;
        [self.first[0] + column as u32 * (w + GAP), self.first[1] + row as u32 * (h + GAP)]
    }

    /// Puts a picture into the middle of a cell.
    fn put(&self, sheet: &mut RgbImage, picture: Option<&RgbImage>, [x, y]: [u32; 2]) {
        let Some(picture) = picture else { return };
        let [w, h] = self.tile;
        let (right, down) = ((w - picture.width()) / 2, (h - picture.height()) / 2);
        imageops::replace(sheet, picture, i64::from(x + right), i64::from(y + down));
    }
}
