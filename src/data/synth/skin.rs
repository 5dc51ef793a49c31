//! What a face looks like at each place of its surface: skin and what the years left in it, brows, beard. Eyes and
//! lips are painted by `features`.

use super::eyes::{Brow, Eye};
use super::factors::Values;
use super::features::{paint_eyes, paint_mouth};
use super::hair::{Hair, natural_colour};
use super::head::Head;
use super::light::Surface;
use super::math::{V3, bell, hill, lerp, mix, noise, scale, speckle, srgb, step, times};

/// Everything that is painted on a head.
pub struct Face<'a> {
    pub values: &'a Values,
    pub head: &'a Head,
    pub eyes: &'a [Eye; 2],
    pub brows: &'a [Brow; 2],
    pub hair: Option<&'a Hair>,
    pub skin: V3,
    brow_colour: V3,
    /// The lamp as the head sees it, for the light in the eyes.
    pub to_lamp: V3,
}

impl<'a> Face<'a> {
    pub fn new(
        values: &'a Values,
        head: &'a Head,
        eyes: &'a [Eye; 2],
        brows: &'a [Brow; 2],
        hair: Option<&'a Hair>,
        to_lamp: V3,
    ) -> Self {
        let brow_colour = mix(natural_colour(values), srgb(20, 16, 14), 0.35);
        Self { values, head, eyes, brows, hair, skin: skin_colour(values), brow_colour, to_lamp }
    }

    /// The surface at a place of the head, `n` its normal there.
    pub fn surface(&self, p: V3, n: V3) -> Surface {
        let [x, y, z] = p;
        let grain = 0.95 + 0.1 * noise(x * 9.0, y * 9.0, 21);
        let mut at = Surface { albedo: scale(self.skin, grain), n, gloss: 0.09, polish: 14, open: 1.0 };
        if z < -0.2 {
            return at;
        }
        at.open = self.hair.map_or(1.0, |hair| hair.lets_through(x, y));
        self.colour_cheeks(&mut at, x, y);
        self.crease(&mut at, x, y);
        self.grow_beard(&mut at, x, y);
        let brow = self.brows.iter().map(|brow| brow.hair(x, y)).fold(0.0, f32::max);
        if brow > 0.0 {
            let hairs = 0.55 + 0.6 * noise(x * 45.0, y * 20.0 + x.abs() * 40.0, 31);
            at.albedo = mix(at.albedo, self.brow_colour, (brow * hairs * 1.15).min(0.95));
            at.gloss *= 1.0 - brow;
        }
        paint_eyes(self, &mut at, x, y);
        paint_mouth(self, &mut at, x, y);
        at.albedo = scale(at.albedo, lerp(0.55, 1.0, at.open));
        at
    }

    fn colour_cheeks(&self, at: &mut Surface, x: f32, y: f32) {
        let v = self.values;
        let side = x.abs();
        let blood = hill(side, y, [0.62, -0.48], [0.30, 0.26]) + 0.8 * hill(x, y, [0.0, -0.55], [0.2, 0.16]);
        let amount = blood * (0.30 + 0.13 * v.skin_redness).max(0.0);
        at.albedo = times(at.albedo, mix([1.0; 3], [1.05, 0.72, 0.70], amount));
        let freckled = step(0.6, 1.0, v.freckles) * (1.0 - 0.7 * v.skin_darkness);
        if freckled > 0.0 && (-0.9..0.2).contains(&y) {
            let (u, w) = (x / 0.045, y / 0.045);
            let (i, j) = (u.floor(), w.floor());
            let [jitter, size] = [41, 42].map(|seed| speckle(i as i32, j as i32, seed));
            let away = ((u - i - 0.3 - 0.4 * jitter).powi(2) + (w - j - 0.7 + 0.4 * jitter).powi(2)).sqrt();
            let place = hill(side, y, [0.38, -0.40], [0.42, 0.30]);
            let dot = step(0.42, 0.15, away) * step(0.45, 0.6, size);
            at.albedo = times(at.albedo, mix([1.0; 3], [0.72, 0.52, 0.40], 0.8 * dot * place * freckled));
        }
        // Sides of the nose and the sockets lie deeper than the rest.
        let socket = hill(side, y, [0.33, 0.08], [0.13, 0.12]) + 0.5 * hill(side, y, [0.5, 0.14], [0.25, 0.09]);
        at.albedo = times(at.albedo, mix([1.0; 3], [0.72, 0.62, 0.60], 0.45 * socket.min(1.0)));
        let nose_y = self.head.nose_y;
        let under = hill(x, y, [0.0, nose_y - 0.07], [0.22, 0.06]);
        let wing = hill(side, y, [self.head.nose_width * 1.12, nose_y + 0.03], [0.04, 0.09]);
        at.albedo = times(at.albedo, mix([1.0; 3], [0.55, 0.42, 0.40], 0.42 * (under + wing).min(1.0)));
        let nostril = hill(side, y, [self.head.nose_width * 0.46, nose_y - 0.025], [0.062, 0.026]);
        at.albedo = mix(at.albedo, srgb(30, 14, 12), (1.3 * nostril).min(0.92));
    }

    /// Folds and wrinkles: drawn by age, deepened by what the face does.
    fn crease(&self, at: &mut Surface, x: f32, y: f32) {
        let v = self.values;
        let side = x.abs();
        let old = step(0.3, 1.0, v.age);
        let mut deep = 0.0_f32;
        let raised = (0.6 * v.brow_inner.max(0.0) + 0.6 * v.brow_outer.max(0.0)).min(1.0);
        let forehead = step(0.46, 0.56, y) * step(0.98, 0.85, y) * step(0.85, 0.4, side);
        if forehead > 0.0 {
            let wave = ((y + 0.03 * noise(x * 3.0, 1.0, 51)) * std::f32::consts::TAU / 0.125).sin();
            deep += forehead * step(0.55, 1.0, wave) * (0.35 * old + 0.45 * raised * (0.35 + v.age)).min(0.9);
        }
        let frown = bell(side - 0.075, 0.022) * step(0.08, 0.18, y) * step(0.48, 0.36, y);
        deep += frown * (0.25 * old + 0.75 * v.brow_lower).min(0.9);
        deep += 0.8 * v.nose_wrinkle * step(0.5, 1.0, (y * 55.0).sin()) * hill(x, y, [0.0, 0.02], [0.14, 0.13]);
        // Crow's feet fan out from the corners of the eyes.
        let fan = [side - 0.70, y - 0.02];
        if fan[0] > 0.04 {
            let rays = step(0.3, 1.0, (fan[1].atan2(fan[0]) * 9.0).sin());
            let reach = step(0.05, 0.12, fan[0]) * step(0.32, 0.18, fan[0]) * step(0.25, 0.1, fan[1].abs());
            deep += rays * reach * (0.3 * old + 0.7 * v.smile.max(0.0) * (0.15 + v.age));
        }
        // From the wings of the nose past the corners of the mouth.
        let mouth = &self.head.mouth;
        let t = (self.head.nose_y + 0.06 - y) / (self.head.nose_y + 0.12 - mouth.y);
        if (0.0..1.15).contains(&t) {
            let line = lerp(self.head.nose_width * 1.05, mouth.half_width + 0.13, t.powf(0.8));
            let one_sided = v.one_sided * step(0.0, 0.1, x);
            let strength = 0.10 + 0.55 * v.smile.max(0.0) + 0.45 * old + 0.5 * v.nose_wrinkle + 0.5 * one_sided;
            let width = if side > line { 0.07 } else { 0.03 };
            deep += strength.min(1.0) * bell(side - line, width) * step(0.0, 0.15, t) * step(1.15, 0.8, t);
        }
        // Bags below the eyes.
        let bag = bell(y + 0.145 - 0.9 * (side - 0.5).powi(2), 0.025) * step(0.26, 0.1, (side - 0.5).abs());
        deep += bag * (0.12 + 0.5 * old + 0.25 * v.lids_tight);
        // Chin and lips pressed.
        deep += 0.3 * (v.lips_press + v.corners_down) * hill(x, y, [0.0, mouth.lower_out(0.0) - 0.07], [0.2, 0.035]);
        at.albedo = times(at.albedo, mix([1.0; 3], [0.50, 0.40, 0.38], 0.85 * deep.min(1.0)));
    }

    fn grow_beard(&self, at: &mut Surface, x: f32, y: f32) {
        let v = self.values;
        let kind = v.beard_kind as usize;
        if kind == 0 || y > 0.1 {
            return;
        }
        let mouth = &self.head.mouth;
        let (side, u) = (x.abs(), mouth.across(x).clamp(-1.0, 1.0));
        let (above, below) = (mouth.upper_out(u), mouth.lower_out(u));
        let under_nose = self.head.nose_y - 0.06;
        let lip = step(above + 0.0, above + 0.05, y) * step(under_nose + 0.04, under_nose - 0.05, y);
        let moustache = lip * step(mouth.half_width + 0.06, mouth.half_width - 0.10, side);
        let off_lips = if side > mouth.half_width { 1.0 } else { (step(below, below - 0.06, y) + lip).min(1.0) };
        let cheek = lerp(-0.95, 0.05, step(0.45, 1.06, side)) + 0.06 * (noise(x * 12.0, y * 12.0, 63) - 0.5);
        let jaw = step(cheek + 0.10, cheek - 0.16, y) * off_lips;
        let chin = step(0.34, 0.24, side) * step(mouth.y, mouth.y - 0.05, y) * off_lips;
        let area = match kind {
            1 | 4 => jaw.max(moustache),
            2 => moustache,
            _ => moustache.max(chin).max(
                bell(side - mouth.half_width - 0.05, 0.06)
                    * step(under_nose, under_nose - 0.1, y)
                    * step(-1.6, -1.4, y),
            ),
        };
        let cover = if kind == 1 { 0.22 + 0.25 * v.beard_density } else { 0.70 + 0.25 * v.beard_density };
        let strands = noise(x * 38.0, y * 18.0, 61) + 0.6 * noise(x * 75.0, y * 40.0, 62);
        let hairs = scale(self.brow_colour, 0.55 + 0.7 * strands);
        at.albedo = mix(at.albedo, hairs, area * cover * (0.75 + 0.2 * strands));
        at.gloss *= 1.0 - 0.8 * area;
    }
}

/// Skin from the palest to the darkest, redder or yellower.
fn skin_colour(v: &Values) -> V3 {
    let tones = [
        srgb(246, 214, 194),
        srgb(233, 190, 162),
        srgb(214, 165, 130),
        srgb(180, 128, 94),
        srgb(136, 90, 63),
        srgb(102, 66, 48),
        srgb(76, 49, 37),
    ];
    let at = v.skin_darkness * (tones.len() - 1) as f32;
    let i = (at as usize).min(tones.len() - 2);
    let tone = mix(tones[i], tones[i + 1], at - i as f32);
    let red = 0.05 * v.skin_redness;
    times(tone, [1.0 + 0.4 * red, 1.0 - red, 1.0 - 0.8 * red])
}
