//! Light: one lamp or sun, and what comes from everywhere; and the shadows that a face throws on itself.

use super::factors::Values;
use super::head::Head;
use super::math::{Rotation, V3, add, dot, lerp, mix, scale, step, times, unit};
use super::raster::Grid;

/// The light of a clip; directions as the camera sees them.
pub struct Light {
    pub to_lamp: V3,
    lamp: V3,
    sky: V3,
    ground: V3,
}

/// What a place is made of.
#[derive(Clone, Copy, Debug)]
pub struct Surface {
    /// Share of the light that it gives back, by channel.
    pub albedo: V3,
    /// In the coordinates of its own model.
    pub n: V3,
    /// Strength of its highlight.
    pub gloss: f32,
    /// Larger is a smaller highlight.
    pub polish: i32,
    /// Share of the light from everywhere that reaches it.
    pub open: f32,
}

impl Light {
    pub fn new(v: &Values) -> Self {
        let (across, up) = ((1.15 * v.light_from_right).sin(), (0.55 + 0.45 * v.light_from_above).sin());
        let warm = mix([1.0, 0.97, 0.93], [1.08, 0.97, 0.80], v.light_warmth.max(0.0));
        let colour = mix(warm, [0.90, 0.99, 1.12], (-v.light_warmth).max(0.0));
        let hard = v.light_hardness;
        Self {
            to_lamp: unit([across, up, (1.0 - across * across).sqrt() * 0.9 + 0.1]),
            lamp: scale(colour, lerp(0.55, 1.15, hard)),
            sky: scale(mix([1.0, 1.0, 1.0], colour, 0.5), lerp(0.55, 0.30, hard)),
            ground: scale(mix([1.0, 0.93, 0.86], colour, 0.3), lerp(0.32, 0.15, hard)),
        }
    }

    /// The light that a surface gives back. `n` is its normal as the camera sees it, `lit` the share of the lamp that
    /// reaches it.
    pub fn shade(&self, surface: &Surface, n: V3, lit: f32) -> V3 {
        let facing = dot(n, self.to_lamp);
        // Skin and hair carry light a little way round the edge.
        let lamp = ((facing + 0.18) / 1.18).max(0.0) * lit;
        let around = mix(self.ground, self.sky, 0.5 + 0.5 * n[1]);
        let diffuse = times(surface.albedo, add(scale(self.lamp, lamp), scale(around, surface.open)));
        let half = unit(add(self.to_lamp, [0.0, 0.0, 1.0]));
        let shine = surface.gloss * dot(n, half).max(0.0).powi(surface.polish) * lit * step(-0.1, 0.3, facing);
        add(diffuse, scale(self.lamp, shine))
    }
}

/// Darkens the places of a head's grid from which its own nose, brows or cheeks hide the lamp.
pub fn throw_shadows(head: &Head, grid: &mut Grid, light: &Light, turn: &Rotation) {
    let relief = Heights::of(head);
    let to_lamp = turn.undo(light.to_lamp);
    for vertex in &mut grid.vertices {
        if vertex.p[2] < 0.0 {
            continue;
        }
        let mut hidden = 0.0_f32;
        for stride in 1..=10 {
            let way = 0.055 * stride as f32;
            let [x, y, z] = add(vertex.p, scale(to_lamp, way));
            // The farther the edge, the softer its shadow.
            hidden = hidden.max((relief.at(x, y) - z - 0.012) / (0.03 + 0.12 * way));
        }
        vertex.open = 1.0 - 0.8 * step(0.0, 1.0, hidden);
    }
}

/// Depths of the face at even places.
struct Heights(Vec<f32>);

const ACROSS: usize = 52;
const DOWN: usize = 64;
const LEFT: f32 = -1.15;
const TOP: f32 = 1.0;
const STRIDE: f32 = 0.0452;
const NOTHING: f32 = -9.0;

impl Heights {
    fn of(head: &Head) -> Self {
        let at = |i: usize| {
            let (x, y) = (LEFT + STRIDE * (i % ACROSS) as f32, TOP - STRIDE * (i / ACROSS) as f32);
            // Beside the head there is nothing that hides the lamp.
            if x.abs() < head.section(y).half_width { head.depth(x, y) } else { NOTHING }
        };
        Self((0..ACROSS * DOWN).map(at).collect())
    }

    fn at(&self, x: f32, y: f32) -> f32 {
        let (u, v) = ((x - LEFT) / STRIDE, (TOP - y) / STRIDE);
        if u < 0.0 || v < 0.0 || u >= (ACROSS - 1) as f32 || v >= (DOWN - 1) as f32 {
            return NOTHING;
        }
        let i = v as usize * ACROSS + u as usize;
        let (fu, fv) = (u.fract(), v.fract());
        let row = |i: usize| lerp(self.0[i], self.0[i + 1], fu);
        lerp(row(i), row(i + ACROSS), fv)
    }
}
