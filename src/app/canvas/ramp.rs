//! The colours of a difference, from none to the largest. The shader gets the same stops; nothing here is drawn.

use eframe::egui::Color32;

/// Dark blue over red to pale yellow: lightness grows evenly from stop to stop, so that the order is seen without
/// telling the hues apart.
pub const STOPS: [[u8; 3]; 9] = [
    [4, 10, 28],
    [36, 17, 82],
    [86, 21, 112],
    [140, 35, 117],
    [190, 59, 106],
    [230, 95, 86],
    [254, 143, 69],
    [255, 197, 112],
    [255, 244, 177],
];

/// The colour at a place on the scale, 0 to 1.
pub fn colour(place: f32) -> Color32 {
    let at = place.clamp(0.0, 1.0) * (STOPS.len() - 1) as f32;
    let stop = (at as usize).min(STOPS.len() - 2);
    let part = at - stop as f32;
    let [r, g, b] = std::array::from_fn(|channel| {
        let [low, high] = [stop, stop + 1].map(|stop| f32::from(STOPS[stop][channel]));
        (low + (high - low) * part).round() as u8
    });
    Color32::from_rgb(r, g, b)
}

/// Where a difference of so many levels (0 to 255) stands on the scale: its root, since small ones are the common ones.
pub fn place(levels: u8) -> f32 {
    (f32::from(levels) / 255.0).sqrt()
}

/// The colour of the difference of two colours: the channel that differs most counts.
pub fn difference(a: [u8; 3], b: [u8; 3]) -> Color32 {
    let apart = a.iter().zip(b).map(|(&a, b)| a.abs_diff(b)).max().unwrap_or(0);
    colour(place(apart))
}
