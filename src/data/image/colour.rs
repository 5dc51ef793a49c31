//! Colours to sRGB: embedded profiles applied, bit depths and greys brought to 8-bit RGB, transparency laid over white.
//!
//! A profile is applied only to the channels it was made for. One that cannot be read, or does not fit, is ignored, and
//! the picture is taken for sRGB, as browsers do.

use std::sync::Arc;

use image::{DynamicImage, RgbImage};
use moxcms::{ColorProfile, DataColorSpace, Layout, TransformExecutor, TransformOptions};

type Transform<S> = Arc<dyn TransformExecutor<S> + Send + Sync>;

/// A channel value of 8 or 16 bits.
trait Sample: Copy + Default {
    const FULL: f32;
    fn to_f32(self) -> f32;
    fn transform(from: &ColorProfile, layout: Layout) -> Option<Transform<Self>>;
}

impl Sample for u8 {
    const FULL: f32 = 255.0;

    fn to_f32(self) -> f32 {
        f32::from(self)
    }

    fn transform(from: &ColorProfile, layout: Layout) -> Option<Transform<u8>> {
        let srgb = ColorProfile::new_srgb();
        from.create_transform_8bit(layout, &srgb, Layout::Rgb, TransformOptions::default()).ok()
    }
}

impl Sample for u16 {
    const FULL: f32 = 65535.0;

    fn to_f32(self) -> f32 {
        f32::from(self)
    }

    fn transform(from: &ColorProfile, layout: Layout) -> Option<Transform<u16>> {
        let srgb = ColorProfile::new_srgb();
        from.create_transform_16bit(layout, &srgb, Layout::Rgb, TransformOptions::default()).ok()
    }
}

/// The picture in sRGB. `icc` is the profile that came with it.
pub(super) fn to_srgb(picture: DynamicImage, icc: Option<&[u8]>) -> RgbImage {
    use DynamicImage::{
        ImageLuma8, ImageLuma16, ImageLumaA8, ImageLumaA16, ImageRgb8, ImageRgb16, ImageRgba8, ImageRgba16,
    };
    let profile = icc.and_then(|bytes| ColorProfile::new_from_slice(bytes).ok());
    let (profile, size) = (profile.as_ref(), (picture.width(), picture.height()));
    match picture {
        ImageRgb8(rgb) if profile.is_none() => rgb,
        ImageRgb8(p) => flatten(p.as_raw(), size, 3, profile),
        ImageLuma8(p) => flatten(p.as_raw(), size, 1, profile),
        ImageLumaA8(p) => flatten(p.as_raw(), size, 2, profile),
        ImageRgba8(p) => flatten(p.as_raw(), size, 4, profile),
        ImageLuma16(p) => flatten(p.as_raw(), size, 1, profile),
        ImageLumaA16(p) => flatten(p.as_raw(), size, 2, profile),
        ImageRgb16(p) => flatten(p.as_raw(), size, 3, profile),
        ImageRgba16(p) => flatten(p.as_raw(), size, 4, profile),
        floating => flatten(floating.into_rgba16().as_raw(), size, 4, profile),
    }
}

/// RGB from amounts of ink, `[c, m, y, k]` per pixel with 255 = full; through the profile if it is one for CMYK, else
/// multiplied out. None when the buffer does not have that size.
pub(super) fn rgb_from_inks(inks: &[u8], width: u32, height: u32, icc: Option<&[u8]>) -> Option<RgbImage> {
    let mut rgb = RgbImage::new(width, height);
    if inks.len() / 4 != (width * height) as usize {
        return None;
    }
    let profile = icc.and_then(|bytes| ColorProfile::new_from_slice(bytes).ok());
    let transform = profile
        .filter(|profile| profile.color_space == DataColorSpace::Cmyk)
        // Four channels go by the name of the four-channel layout; there is no alpha in it.
        .and_then(|profile| u8::transform(&profile, Layout::Rgba));
    if transform.is_some_and(|transform| transform.transform(inks, &mut rgb).is_ok()) {
        return Some(rgb);
    }
    for (pixel, ink) in rgb.pixels_mut().zip(inks.chunks_exact(4)) {
        let left = u32::from(255 - ink[3]);
        pixel.0 = [ink[0], ink[1], ink[2]].map(|v| ((u32::from(255 - v) * left + 127) / 255) as u8);
    }
    Some(rgb)
}

/// Rows of 1 to 4 channels (grey or RGB, alpha last where their number is even) to opaque 8-bit sRGB.
fn flatten<S: Sample>(
    samples: &[S],
    (width, height): (u32, u32),
    channels: usize,
    profile: Option<&ColorProfile>,
) -> RgbImage {
    let colours = if channels < 3 { 1 } else { 3 };
    let has_alpha = channels != colours;
    let transform = profile.and_then(|profile| transform_of::<S>(profile, colours));
    let taken = transform.as_ref().map_or(3, |&(_, taken)| taken);

    let mut out = RgbImage::new(width, height);
    let width = width as usize;
    let mut source = vec![S::default(); width * taken];
    let mut rgb = vec![S::default(); width * 3];
    for (row, out_row) in samples.chunks_exact(width * channels).zip(out.chunks_exact_mut(width * 3)) {
        for (to, from) in source.chunks_exact_mut(taken).zip(row.chunks_exact(channels)) {
            for (i, value) in to.iter_mut().enumerate() {
                *value = from[i.min(colours - 1)];
            }
        }
        match &transform {
            Some((transform, _)) if transform.transform(&source, &mut rgb).is_ok() => {}
            _ if taken == 3 => rgb.copy_from_slice(&source),
            _ => rgb.chunks_exact_mut(3).zip(&source).for_each(|(to, &grey)| to.fill(grey)),
        }
        let pixels = out_row.chunks_exact_mut(3).zip(rgb.chunks_exact(3)).zip(row.chunks_exact(channels));
        for ((to, colour), from) in pixels {
            let alpha = if has_alpha { from[channels - 1].to_f32() / S::FULL } else { 1.0 };
            for (to, value) in to.iter_mut().zip(colour) {
                let over_white = value.to_f32() / S::FULL * alpha + (1.0 - alpha);
                *to = (over_white * 255.0).round() as u8;
            }
        }
    }
    out
}

/// The way from a profile to sRGB and the number of channels it takes, if it fits a picture with so many colours. A
/// grey picture may carry an RGB profile: its tone curves hold for grey as well.
fn transform_of<S: Sample>(profile: &ColorProfile, colours: usize) -> Option<(Transform<S>, usize)> {
    match profile.color_space {
        DataColorSpace::Gray if colours == 1 => Some((S::transform(profile, Layout::Gray)?, 1)),
        DataColorSpace::Rgb => Some((S::transform(profile, Layout::Rgb)?, 3)),
        _ => None,
    }
}
