//! The look of a report's page: its colours, in light and dark, and its one style sheet. The parts have the window's
//! colours, which a test holds together; this room cannot ask the window for them.

use std::fmt::Write;

use crate::face::Part;

/// Red, green and blue.
pub type Colour = [u8; 3];

/// The colours of one theme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Palette {
    pub page: Colour,
    /// Behind what stands out a little: table headings, the legend.
    pub raised: Colour,
    /// Fine lines, and the way along which a bar runs.
    pub line: Colour,
    pub strong_line: Colour,
    pub weak_text: Colour,
    pub text: Colour,
    pub strong_text: Colour,
    /// Links, and bars that belong to no part.
    pub accent: Colour,
    pub better: Colour,
    pub worse: Colour,
    /// In the order of [`Part::ALL`], as in the window.
    pub parts: [Colour; 4],
}

pub const LIGHT: Palette = Palette {
    page: [255, 255, 255],
    raised: [246, 246, 246],
    line: [222, 222, 222],
    strong_line: [150, 150, 150],
    weak_text: [96, 96, 96],
    text: [46, 46, 46],
    strong_text: [16, 16, 16],
    accent: [74, 84, 200],
    better: [24, 110, 80],
    worse: [176, 36, 30],
    parts: [[140, 88, 0], [24, 98, 170], [168, 54, 120], [24, 110, 80]],
};

pub const DARK: Palette = Palette {
    page: [22, 22, 22],
    raised: [32, 32, 32],
    line: [56, 56, 56],
    strong_line: [112, 112, 112],
    weak_text: [160, 160, 160],
    text: [214, 214, 214],
    strong_text: [245, 245, 245],
    accent: [150, 162, 245],
    better: [104, 190, 154],
    worse: [255, 146, 136],
    parts: [[224, 166, 84], [104, 170, 226], [222, 138, 184], [104, 190, 154]],
};

/// Everything but the colours, which it names `--page`, `--text` and so on.
const SHEET: &str = include_str!("html/page.css");

/// The style sheet of a page: light, dark where the reader's screen is, light on paper.
pub fn css() -> String {
    format!(
        ":root{{{}}}\n@media screen and (prefers-color-scheme:dark){{:root{{{}}}}}\n{SHEET}",
        variables(&LIGHT),
        variables(&DARK)
    )
}

fn variables(palette: &Palette) -> String {
    let named = [
        ("page", palette.page),
        ("raised", palette.raised),
        ("line", palette.line),
        ("strong-line", palette.strong_line),
        ("weak", palette.weak_text),
        ("text", palette.text),
        ("strong", palette.strong_text),
        ("accent", palette.accent),
        ("better", palette.better),
        ("worse", palette.worse),
    ];
    let parts = Part::ALL.into_iter().map(|part| (part.name(), palette.parts[part as usize]));
    let mut text = String::new();
    for (name, [red, green, blue]) in named.into_iter().chain(parts) {
        // Writing to a string does not fail.
        let _ = write!(text, "--{name}:#{red:02x}{green:02x}{blue:02x};");
    }
    text
}
