// The canvas: one picture, the split of two, or the heat map of their difference, drawn into one rectangle.
//
// Colours stay as they are stored, gamma-encoded, as egui's own drawing does, so that a picture looks the same on the
// canvas and in the tray. Only a target that encodes by itself gets linear values.

const STOPS: u32 = 9u;

struct Scene {
    /// Left, top, width and height of the picture, in pixels of the target.
    rect: vec4<f32>,
    /// Width and height of the target in pixels.
    surface: vec2<f32>,
    /// Where the split line stands, in pixels of the target.
    split: f32,
    /// How much of the newest picture is there, 0 to 1.
    fade: f32,
    /// 1 when the target encodes linear values by itself.
    encodes: u32,
    /// 1 when `previous` holds what the newest picture replaces.
    replaces: u32,
    unused_a: u32,
    unused_b: u32,
    /// The heat map from no difference to the largest.
    ramp: array<vec4<f32>, 9>,
}

@group(0) @binding(0) var<uniform> scene: Scene;
@group(0) @binding(1) var smooth_sampler: sampler;
@group(0) @binding(2) var after: texture_2d<f32>;
@group(0) @binding(3) var before: texture_2d<f32>;
@group(0) @binding(4) var previous: texture_2d<f32>;

@vertex
fn vertex(@builtin(vertex_index) index: u32) -> @builtin(position) vec4<f32> {
    let corner = vec2<f32>(f32(index & 1u), f32(index >> 1u));
    let point = (scene.rect.xy + corner * scene.rect.zw) / scene.surface;
    return vec4<f32>(2.0 * point.x - 1.0, 1.0 - 2.0 * point.y, 0.0, 1.0);
}

/// The four weights of a Catmull-Rom spline at `t` between its second and its third point; their sum is 1.
fn spline(t: f32) -> vec4<f32> {
    let t2 = t * t;
    let t3 = t2 * t;
    return vec4<f32>(
        -0.5 * t3 + t2 - 0.5 * t,
        1.5 * t3 - 2.5 * t2 + 1.0,
        -1.5 * t3 + 2.0 * t2 + 0.5 * t,
        0.5 * t3 - 0.5 * t2,
    );
}

/// Four neighbours in one row, weighted; texels beyond the edge repeat the edge.
fn spline_row(picture: texture_2d<f32>, x: vec4<i32>, y: i32, weights: vec4<f32>) -> vec3<f32> {
    return textureLoad(picture, vec2<i32>(x.x, y), 0).rgb * weights.x
        + textureLoad(picture, vec2<i32>(x.y, y), 0).rgb * weights.y
        + textureLoad(picture, vec2<i32>(x.z, y), 0).rgb * weights.z
        + textureLoad(picture, vec2<i32>(x.w, y), 0).rgb * weights.w;
}

fn enlarged(picture: texture_2d<f32>, place: vec2<f32>) -> vec3<f32> {
    let size = vec2<i32>(textureDimensions(picture, 0));
    let texel = place * vec2<f32>(size) - 0.5;
    let first = vec2<i32>(floor(texel)) - 1;
    let inside = texel - floor(texel);
    let across = spline(inside.x);
    let down = spline(inside.y);
    let x = clamp(vec4<i32>(0, 1, 2, 3) + first.x, vec4<i32>(0), vec4<i32>(size.x - 1));
    let y = clamp(vec4<i32>(0, 1, 2, 3) + first.y, vec4<i32>(0), vec4<i32>(size.y - 1));
    let colour = spline_row(picture, x, y.x, across) * down.x
        + spline_row(picture, x, y.y, across) * down.y
        + spline_row(picture, x, y.z, across) * down.z
        + spline_row(picture, x, y.w, across) * down.w;
    return clamp(colour, vec3<f32>(0.0), vec3<f32>(1.0));
}

/// The picture at `place` (0 to 1 on each axis): a spline where it is enlarged, averaged levels where it is reduced.
fn colour_at(picture: texture_2d<f32>, place: vec2<f32>) -> vec3<f32> {
    let texels = vec2<f32>(textureDimensions(picture, 0)) / scene.rect.zw;
    let reduction = max(texels.x, texels.y);
    if reduction <= 1.0 {
        return enlarged(picture, place);
    }
    return textureSampleLevel(picture, smooth_sampler, place, log2(reduction)).rgb;
}

/// Colour of a difference, 0 to 1. The root spreads small differences, which are the common ones, over the scale.
fn heat(difference: f32) -> vec3<f32> {
    let place = sqrt(clamp(difference, 0.0, 1.0)) * f32(STOPS - 1u);
    let stop = min(u32(place), STOPS - 2u);
    return mix(scene.ramp[stop].rgb, scene.ramp[stop + 1u].rgb, place - f32(stop));
}

/// What the target takes of a gamma-encoded colour, multiplied by its opacity.
fn encoded(gamma: vec3<f32>, opacity: f32) -> vec4<f32> {
    let dark = gamma / 12.92;
    let bright = pow((gamma + 0.055) / 1.055, vec3<f32>(2.4));
    let linear = select(bright, dark, gamma < vec3<f32>(0.04045));
    return vec4<f32>(select(gamma, linear, scene.encodes == 1u), 1.0) * opacity;
}

fn place_of(pixel: vec4<f32>) -> vec2<f32> {
    return (pixel.xy - scene.rect.xy) / scene.rect.zw;
}

// One entry a mode, none with a texture behind a condition: Mesa's software driver loses a megabyte a frame at those.

@fragment
fn whole(@builtin(position) pixel: vec4<f32>) -> @location(0) vec4<f32> {
    return encoded(colour_at(after, place_of(pixel)), 1.0);
}

/// The newest picture over the one that it replaces, or over nothing.
@fragment
fn fading(@builtin(position) pixel: vec4<f32>) -> @location(0) vec4<f32> {
    let place = place_of(pixel);
    let newest = colour_at(after, place);
    let replaces = scene.replaces == 1u;
    let colour = mix(select(newest, colour_at(previous, place), replaces), newest, scene.fade);
    return encoded(colour, select(scene.fade, 1.0, replaces));
}

@fragment
fn split(@builtin(position) pixel: vec4<f32>) -> @location(0) vec4<f32> {
    let place = place_of(pixel);
    return encoded(select(colour_at(after, place), colour_at(before, place), pixel.x < scene.split), 1.0);
}

@fragment
fn difference(@builtin(position) pixel: vec4<f32>) -> @location(0) vec4<f32> {
    let place = place_of(pixel);
    let apart = abs(colour_at(after, place) - colour_at(before, place));
    return encoded(heat(max(apart.r, max(apart.g, apart.b))), 1.0);
}
