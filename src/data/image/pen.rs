//! Text in pictures: the letters of sheets, in the window's own font.

use ab_glyph::{Font, FontRef, GlyphId, ScaleFont, point};
use epaint_default_fonts::UBUNTU_LIGHT;
use image::{Rgb, RgbImage};

/// Height of the letters from their lowest to their highest, in pixels.
const TEXT: f32 = 17.0;
/// From line to line.
pub(super) const LINE: u32 = 20;
/// What is written on.
pub(super) const PAPER: Rgb<u8> = Rgb([255; 3]);
const INK: Rgb<u8> = Rgb([30; 3]);

/// Writes lines of text.
pub(super) struct Pen {
    font: FontRef<'static>,
}

impl Pen {
    pub fn new() -> Self {
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
    pub fn width(&self, text: &str) -> u32 {
        self.letters(text).1.ceil() as u32
    }

    /// Writes a line with its upper left corner at a place.
    pub fn write(&self, sheet: &mut RgbImage, text: &str, [left, top]: [u32; 2]) {
        let base = top as f32 + self.font.as_scaled(TEXT).ascent();
        for (id, x) in self.letters(text).0 {
            let glyph = id.with_scale_and_position(TEXT, point(left as f32 + x, base));
            let Some(outline) = self.font.outline_glyph(glyph) else { continue };
            let corner = outline.px_bounds().min;
            outline.draw(|dx, dy, cover| {
                let (x, y) = (corner.x as i64 + i64::from(dx), corner.y as i64 + i64::from(dy));
                let (Ok(x), Ok(y)) = (u32::try_from(x), u32::try_from(y)) else { return };
                if let Some(pixel) = sheet.get_pixel_mut_checked(x, y) {
                    blend(pixel, INK, cover.clamp(0.0, 1.0));
                }
            });
        }
    }

    /// The text if it is no wider than that, else both its ends with an ellipsis between them.
    pub fn fitted(&self, text: &str, width: u32) -> String {
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
    pub fn wrapped(&self, text: &str, [width, height]: [u32; 2]) -> Vec<String> {
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

/// Lays a colour over a pixel, as dense as `cover` says.
pub(super) fn blend(pixel: &mut Rgb<u8>, colour: Rgb<u8>, cover: f32) {
    for (level, ink) in pixel.0.iter_mut().zip(colour.0) {
        *level = (f32::from(*level) * (1.0 - cover) + f32::from(ink) * cover).round() as u8;
    }
}
