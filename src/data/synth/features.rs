//! Eyes and mouth, painted where their curves say.

use super::eyes::{Eye, IRIS};
use super::light::Surface;
use super::math::{V3, bell, hsv, lerp, mix, noise, scale, speckle, srgb, step, times, unit};
use super::skin::Face;

/// Eyeballs between the lids, lashes along them, the fold above.
pub fn paint_eyes(face: &Face, at: &mut Surface, x: f32, y: f32) {
    if !(-0.4..0.45).contains(&y) || !(0.1..0.95).contains(&x.abs()) {
        return;
    }
    let eye = &face.eyes[usize::from(x > 0.0)];
    let [u, up] = eye.seen(x, y);
    let inside = u.clamp(-1.0, 1.0);
    let [upper, lower] = eye.lids(inside);
    let ends = step(1.25, 0.95, u.abs());
    // The fold of the upper lid lies over its edge, and the lid between is a little darker.
    let fold = upper + 0.055 + 0.03 * face.values.lid_fold - 0.25 * face.values.lids_wide.clamp(0.0, 1.0) * upper;
    let shadow = 0.35 + 0.45 * face.values.lid_fold;
    let folded = bell(up - fold - 0.015, 0.022) * ends * shadow
        + 0.25 * ends * step(fold + 0.02, upper, up) * step(upper - 0.02, upper, up);
    at.albedo = times(at.albedo, mix([1.0; 3], [0.45, 0.36, 0.34], folded.min(1.0)));
    let open =
        step(lower - 0.008, lower + 0.008, up) * step(upper + 0.008, upper - 0.008, up) * step(1.02, 0.96, u.abs());
    if open > 0.0 {
        let ball = eyeball(face, eye, u, up, upper);
        at.albedo = mix(at.albedo, ball.albedo, open);
        at.n = unit(mix(at.n, ball.n, open));
        at.gloss = lerp(at.gloss, ball.gloss, open);
        at.polish = 40;
    }
    // Lashes: a dark line on the upper lid, winged outside; a faint one below.
    let lash = bell(up - upper - 0.006, 0.018 + 0.006 * u.max(0.0)) * step(1.14, 0.98, u.abs());
    let below = 0.35 * bell(up - lower + 0.004, 0.012) * step(1.0, 0.8, u.abs());
    at.albedo = mix(at.albedo, srgb(26, 17, 14), (0.92 * lash).max(below));
    // The pink corner at the nose.
    let corner = step(-0.86, -0.97, u) * step(-1.08, -1.0, u) * open;
    at.albedo = mix(at.albedo, srgb(190, 110, 105), 0.7 * corner);
}

fn eyeball(face: &Face, eye: &Eye, u: f32, up: f32, upper: f32) -> Surface {
    let across = u * eye.half_width * eye.side;
    let [dx, dy] = [across - eye.gaze[0], up - eye.gaze[1]];
    let away = dx.hypot(dy);
    let n = unit([across / 0.24, up / 0.24, 1.0]);
    let white = scale(srgb(236, 230, 224), 1.0 - 0.12 * step(0.5, 1.0, u.abs()));
    let rays = 0.75 + 0.5 * noise(dy.atan2(dx) * 6.0, away * 30.0, 71);
    let iris = scale(iris_colour(face.values.iris_colour), rays * lerp(1.25, 0.75, away / IRIS));
    let ringed = mix(iris, srgb(18, 14, 14), 0.75 * step(0.80 * IRIS, IRIS, away));
    let mut albedo = mix(white, ringed, step(1.06 * IRIS, 0.94 * IRIS, away));
    albedo = mix(albedo, srgb(8, 7, 8), step(0.044, 0.034, away));
    // The upper lid's shadow.
    albedo = scale(albedo, lerp(1.0, 0.5, step(0.07, -0.01, upper - up)));
    // The lamp in the eye.
    let spot = [eye.gaze[0] + 0.055 * face.to_lamp[0], eye.gaze[1] + 0.055 * face.to_lamp[1]];
    let glint = step(0.026, 0.010, (across - spot[0]).hypot(up - spot[1]));
    albedo = mix(albedo, [1.6; 3], glint * step(0.0, 0.3, face.to_lamp[2]));
    Surface { albedo, n, gloss: 0.12, polish: 40, open: 1.0 }
}

/// Brown for most, then hazel, green, grey and blue.
fn iris_colour(share: f32) -> V3 {
    let colours = [
        srgb(52, 30, 20),
        srgb(84, 50, 28),
        srgb(120, 84, 46),
        srgb(96, 112, 70),
        srgb(116, 136, 148),
        srgb(78, 124, 172),
    ];
    let at = share * (colours.len() - 1) as f32;
    let i = (at as usize).min(colours.len() - 2);
    mix(colours[i], colours[i + 1], at - i as f32)
}

/// Lips, and between them teeth, tongue and the dark.
pub fn paint_mouth(face: &Face, at: &mut Surface, x: f32, y: f32) {
    let mouth = &face.head.mouth;
    let u = mouth.across(x);
    if u.abs() > 1.12 || (y - mouth.y).abs() > 0.6 {
        return;
    }
    let c = u.clamp(-1.0, 1.0);
    let [upper_out, upper_in, lower_in, lower_out] =
        [mouth.upper_out(c), mouth.upper_in(c), mouth.lower_in(c), mouth.lower_out(c)];
    let ends = step(1.04, 0.97, u.abs());
    let soft = 0.014;
    let lips = step(upper_out + soft, upper_out - soft, y) * step(lower_out - soft, lower_out + soft, y) * ends;
    if lips > 0.0 {
        at.albedo = mix(at.albedo, lip_colour(face, x, y), lips);
        // The upper lip looks down, the lower one up.
        let tilt = if y > (upper_in + lower_in) / 2.0 { -0.35 } else { 0.30 };
        let middle = if tilt < 0.0 { (upper_in + upper_out) / 2.0 } else { (lower_in + lower_out) / 2.0 };
        let round = ((y - middle) / 0.06).clamp(-1.0, 1.0);
        at.n = unit([at.n[0], at.n[1] + lips * (tilt + 0.35 * round), at.n[2]]);
        at.gloss = lerp(at.gloss, 0.14, lips);
        at.polish = 24;
    }
    let gap = step(upper_in + 0.008, upper_in - 0.008, y) * step(lower_in - 0.008, lower_in + 0.008, y) * ends;
    if upper_in - lower_in > 0.02 && gap > 0.0 {
        let inner = cavity(face, x, y, upper_in, lower_in);
        at.albedo = mix(at.albedo, inner, gap);
        at.gloss *= 1.0 - 0.7 * gap;
    } else {
        // Closed lips meet in a dark line, deepest at the corners.
        let line = bell(y - (upper_in + lower_in) / 2.0, 0.013) * ends;
        at.albedo = mix(at.albedo, srgb(50, 20, 20), 0.8 * line);
    }
    let corner = bell(u.abs() - 1.0, 0.07) * bell(y - upper_in, 0.035);
    at.albedo = times(at.albedo, mix([1.0; 3], [0.45, 0.35, 0.34], 0.7 * corner));
}

fn lip_colour(face: &Face, x: f32, y: f32) -> V3 {
    let v = face.values;
    let bare = times(face.skin, mix([0.86, 0.52, 0.52], [0.80, 0.60, 0.60], v.skin_darkness));
    let paint = 0.75 * step(0.70, 0.80, v.lip_colour);
    let colour = if paint > 0.0 { mix(bare, hsv(0.96 + 0.05 * v.lip_colour, 0.72, 0.72), paint) } else { bare };
    scale(colour, 0.85 + 0.3 * noise(x * 40.0, y * 6.0, 81))
}

fn cavity(face: &Face, x: f32, y: f32, upper: f32, lower: f32) -> V3 {
    let mut colour = srgb(38, 12, 12);
    let height = upper - lower;
    let tongue =
        step(lower + 0.55 * height, lower + 0.2 * height, y) * step(0.30, 0.15, x.abs()) * step(0.16, 0.3, height);
    colour = mix(colour, srgb(150, 66, 66), 0.8 * tongue);
    // Teeth stay with the skull above and with the jaw below.
    let edge = (face.head.nose_y - 0.52).max(lower);
    let width = 0.098;
    let place = x / width;
    let shade = 0.93 + 0.1 * speckle(place.floor() as i32, 0, 91);
    let between = 1.0 - 0.35 * step(0.40, 0.5, (place - place.floor() - 0.5).abs());
    let arch = step(0.46, 0.30, x.abs());
    let tooth =
        scale(mix(srgb(238, 230, 214), srgb(214, 196, 160), face.values.age), shade * between * lerp(0.35, 1.0, arch));
    let top = step(edge - 0.006, edge + 0.012, y);
    colour = mix(colour, tooth, top * step(0.56, 0.44, x.abs()));
    let jaw = lower + 0.045 * step(0.10, 0.25, height);
    let bottom = step(jaw + 0.01, jaw - 0.008, y) * step(0.36, 0.28, x.abs()) * step(0.12, 0.22, height);
    colour = mix(colour, scale(tooth, 0.75), bottom);
    // The upper lip's shadow.
    scale(colour, lerp(1.0, 0.6, step(0.05, 0.0, upper - y)))
}
