//! A board of faces as one labelled picture: who takes down its side, who gives along its top, both with their names,
//! and a picture where they meet.

use ab_glyph::{Font, FontRef, GlyphId, ScaleFont, point};
use epaint_default_fonts::UBUNTU_LIGHT;
use image::{Rgb, RgbImage, imageops};

/// Height of the letters from their lowest to their highest, in pixels.
const TEXT: f32 = 17.0;
/// From line to line.
const LINE: u32 = 20;
/// Between pictures, and between a picture and its name.
const GAP: u32 = 6;
/// Around the whole.
const MARGIN: u32 = 12;
/// No cell is smaller, so that there is room for names.
const SMALLEST: u32 = 64;
/// Names of rows are cut where they are longer.
const LONGEST_NAME: u32 = 160;
const PAPER: Rgb<u8> = Rgb([255; 3]);
const EMPTY: Rgb<u8> = Rgb([235; 3]);
const INK: Rgb<u8> = Rgb([30; 3]);

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

/// Writes lines of text.
struct Pen {
    font: FontRef<'static>,
}

impl Pen {
    fn new() -> Self {
        Pen { font: FontRef::try_from_slice(UBUNTU_LIGHT).expect("the font that is compiled in is whole") }
    }

    /// The letters of a line, each with the place of its origin, and where the line ends.
    fn letters(&self, text: &str) -> (Vec<(GlyphId, f32)>, f32) {
        let font = self.font.as_scaled(TEXT);
        let mut letters: Vec<(GlyphId, f32)> = Vec::new();
        let mut end = 0.0;
        for letter in text.chars() {
            let id = font.glyph_id(if letter.is_control() { ' ' } else { letter });
            if let Some((before, _)) = letters.last() {
                end += font.kern(*before, id);
            }
            letters.push((id, end));
            end += font.h_advance(id);
        }
        (letters, end)
    }

    /// Width of a line in pixels.
    fn width(&self, text: &str) -> u32 {
        self.letters(text).1.ceil() as u32
    }

    /// Writes a line with its upper left corner at a place.
    fn write(&self, sheet: &mut RgbImage, text: &str, [left, top]: [u32; 2]) {
        let base = top as f32 + self.font.as_scaled(TEXT).ascent();
        for (id, x) in self.letters(text).0 {
            let glyph = id.with_scale_and_position(TEXT, point(left as f32 + x, base));
            let Some(outline) = self.font.outline_glyph(glyph) else { continue };
            let corner = outline.px_bounds().min;
            outline.draw(|dx, dy, cover| {
                let (x, y) = (corner.x as i64 + i64::from(dx), corner.y as i64 + i64::from(dy));
                let (Ok(x), Ok(y)) = (u32::try_from(x), u32::try_from(y)) else { return };
                if let Some(pixel) = sheet.get_pixel_mut_checked(x, y) {
                    blend(pixel, cover.clamp(0.0, 1.0));
                }
            });
        }
    }

    /// The text if it is no wider than that, else both its ends with an ellipsis between them.
    fn fitted(&self, text: &str, width: u32) -> String {
        if self.width(text) <= width {
            return text.to_owned();
        }
        let letters: Vec<char> = text.chars().collect();
        let shortened = |kept: usize| {
            let (start, end) = (&letters[..kept.div_ceil(2)], &letters[letters.len() - kept / 2..]);
            start.iter().chain(&['…']).chain(end).collect::<String>()
        };
        let (mut fits, mut over) = (0, letters.len());
        while over - fits > 1 {
            let kept = fits.midpoint(over);
            if self.width(&shortened(kept)) <= width {
                fits = kept;
            } else {
                over = kept;
            }
        }
        if fits == 0 { String::new() } else { shortened(fits) }
    }

    /// The text on lines of that width, broken between words, as many as the height has room for; what is left over is
    /// on the last one, cut.
    fn wrapped(&self, text: &str, [width, height]: [u32; 2]) -> Vec<String> {
        let most = (height / LINE) as usize;
        let mut lines: Vec<String> = Vec::new();
        for word in text.split_whitespace() {
            let longer = lines.last().map(|line| format!("{line} {word}")).filter(|line| self.width(line) <= width);
            if longer.is_some() {
                lines.pop();
            }
            lines.push(longer.unwrap_or_else(|| word.to_owned()));
        }
        if lines.len() > most {
            let rest = lines.split_off(most.saturating_sub(1)).join(" ");
            lines.extend((most > 0).then_some(rest));
        }
        lines.iter().map(|line| self.fitted(line, width)).collect()
    }
}

/// Lays ink over a pixel, as dense as `cover` says.
fn blend(pixel: &mut Rgb<u8>, cover: f32) {
    for (level, ink) in pixel.0.iter_mut().zip(INK.0) {
        *level = (f32::from(*level) * (1.0 - cover) + f32::from(ink) * cover).round() as u8;
    }
}
