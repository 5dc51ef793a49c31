//! What the drawing counts with: vectors of three, smooth steps, and noise that is a function of its place.

pub type V3 = [f32; 3];

pub fn add(a: V3, b: V3) -> V3 {
    [a[0] + b[0], a[1] + b[1], a[2] + b[2]]
}

pub fn sub(a: V3, b: V3) -> V3 {
    [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}

pub fn scale(a: V3, by: f32) -> V3 {
    a.map(|v| v * by)
}

/// Channel by channel, as light meets a colour.
pub fn times(a: V3, b: V3) -> V3 {
    [a[0] * b[0], a[1] * b[1], a[2] * b[2]]
}

pub fn dot(a: V3, b: V3) -> f32 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

pub fn cross(a: V3, b: V3) -> V3 {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

/// Unit length; the zero vector stays what it is.
pub fn unit(a: V3) -> V3 {
    scale(a, 1.0 / dot(a, a).sqrt().max(1e-9))
}

pub fn mix(a: V3, b: V3, share: f32) -> V3 {
    add(scale(a, 1.0 - share), scale(b, share))
}

pub fn lerp(a: f32, b: f32, share: f32) -> f32 {
    a + (b - a) * share
}

/// 0 up to `from`, 1 from `to` on, smooth between; falling where `to` is the smaller one.
pub fn step(from: f32, to: f32, at: f32) -> f32 {
    let t = ((at - from) / (to - from)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

/// A bell of height 1 and this width around 0, cut off where nobody sees it.
pub fn bell(at: f32, width: f32) -> f32 {
    let t = at / width;
    if t.abs() > 3.0 { 0.0 } else { (-t * t).exp() }
}

/// A bell over a plane.
pub fn hill(x: f32, y: f32, centre: [f32; 2], width: [f32; 2]) -> f32 {
    let (u, v) = ((x - centre[0]) / width[0], (y - centre[1]) / width[1]);
    let square = u * u + v * v;
    if square > 9.0 { 0.0 } else { (-square).exp() }
}

/// A row-major rotation.
#[derive(Clone, Copy, Debug)]
pub struct Rotation(pub [V3; 3]);

impl Rotation {
    /// The head's rotation `Rz(-roll) Ry(yaw) Rx(-pitch)` (section 1 of the method); angles in radians, x to the
    /// image's right, y up, z to the camera.
    pub fn of_head([yaw, pitch, roll]: [f32; 3]) -> Self {
        let ((sy, cy), (sp, cp), (sr, cr)) = (yaw.sin_cos(), pitch.sin_cos(), roll.sin_cos());
        // Ry(yaw) Rx(-pitch), then the turn in the image.
        let turned = [[cy, -sy * sp, sy * cp], [0.0, cp, sp], [-sy, -cy * sp, cy * cp]];
        let row = |a: f32, b: f32| add(scale(turned[0], a), scale(turned[1], b));
        Self([row(cr, sr), row(-sr, cr), turned[2]])
    }

    pub fn apply(&self, v: V3) -> V3 {
        self.0.map(|row| dot(row, v))
    }

    /// The other way round.
    pub fn undo(&self, v: V3) -> V3 {
        add(add(scale(self.0[0], v[0]), scale(self.0[1], v[1])), scale(self.0[2], v[2]))
    }
}

/// 0 to 1, the same at the same place and unlike its neighbours.
pub fn speckle(x: i32, y: i32, seed: u32) -> f32 {
    let mut h = (x as u32).wrapping_mul(0x9E37_79B1) ^ (y as u32).wrapping_mul(0x85EB_CA77) ^ seed;
    h = (h ^ (h >> 15)).wrapping_mul(0x2C1B_3C6D);
    h = (h ^ (h >> 12)).wrapping_mul(0x297A_2D39);
    (h ^ (h >> 15)) as f32 / u32::MAX as f32
}

/// 0 to 1, smooth, one wave or so a unit.
pub fn noise(x: f32, y: f32, seed: u32) -> f32 {
    let (fx, fy) = (x.floor(), y.floor());
    let (u, v) = (step(0.0, 1.0, x - fx), step(0.0, 1.0, y - fy));
    let corner = |dx, dy| speckle(fx as i32 + dx, fy as i32 + dy, seed);
    lerp(lerp(corner(0, 0), corner(1, 0), u), lerp(corner(0, 1), corner(1, 1), u), v)
}

/// A smooth curve through points: Catmull-Rom, `t` counted in points.
pub fn through<const N: usize>(points: &[[f32; N]], t: f32) -> [f32; N] {
    let last = points.len() - 1;
    let i = (t.max(0.0) as usize).min(last - 1);
    let u = t - i as f32;
    let [a, b, c, d] = [i.saturating_sub(1), i, i + 1, (i + 2).min(last)].map(|k| points[k]);
    std::array::from_fn(|k| {
        let (m, n) = ((c[k] - a[k]) / 2.0, (d[k] - b[k]) / 2.0);
        let (u2, u3) = (u * u, u * u * u);
        b[k] * (2.0 * u3 - 3.0 * u2 + 1.0) + m * (u3 - 2.0 * u2 + u) + c[k] * (3.0 * u2 - 2.0 * u3) + n * (u3 - u2)
    })
}

/// An sRGB colour, 0 to 255, as the light it stands for. A square is near enough to the standard's curve.
pub fn srgb(r: u8, g: u8, b: u8) -> V3 {
    [r, g, b].map(|v| (f32::from(v) / 255.0).powi(2))
}

/// A colour by hue (0 to 1), saturation and value, as light.
pub fn hsv(hue: f32, saturation: f32, value: f32) -> V3 {
    [0.0, 2.0 / 3.0, 1.0 / 3.0].map(|shift| {
        let away = ((hue + shift).rem_euclid(1.0) * 6.0 - 3.0).abs() - 1.0;
        (value * (1.0 - saturation + saturation * away.clamp(0.0, 1.0))).powi(2)
    })
}
