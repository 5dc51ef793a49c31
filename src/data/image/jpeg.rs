//! JPEG, decoded without the detour over the `image` crate: that one hands CMYK pictures out as RGB beside their CMYK
//! profile, and paints grey what a cut-off file lacks.

use std::borrow::Cow;

use image::metadata::Orientation;
use image::{DynamicImage, GrayImage, RgbImage};
use zune_jpeg::JpegDecoder;
use zune_jpeg::errors::DecodeErrors;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::decode::{Raw, check_size};
use super::{PictureError, colour};

pub(super) fn decode(bytes: &[u8]) -> Result<Raw, PictureError> {
    // Lenient about oddities between the headers, which cameras and old editors leave; strict about the pixels.
    let lenient = DecoderOptions::default().set_strict_mode(false);
    let lenient = lenient.set_max_width(usize::MAX).set_max_height(usize::MAX);
    let bytes = without_end(bytes).ok_or_else(|| damaged("it ends before the picture does"))?;
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(&bytes), lenient);
    decoder.decode_headers().map_err(problem)?;
    let (Some(info), Some(stored)) = (decoder.info(), decoder.input_colorspace()) else {
        return Err(damaged("its header is incomplete"));
    };
    let (width, height) = (u32::from(info.width), u32::from(info.height));
    check_size(width, height)?;
    let wanted = match stored {
        ColorSpace::YCbCr | ColorSpace::RGB => ColorSpace::RGB,
        ColorSpace::Luma | ColorSpace::CMYK | ColorSpace::YCCK => stored,
        _ => return Err(unsupported(format!("{stored:?} channels"))),
    };
    decoder.set_options(lenient.set_strict_mode(true).jpeg_set_out_colorspace(wanted));
    let pixels = decoder.decode().map_err(problem)?;
    let orientation = decoder.exif().and_then(|exif| Orientation::from_exif_chunk(exif));
    let orientation = orientation.unwrap_or(Orientation::NoTransforms);
    let icc = decoder.icc_profile();

    let wrong_size = || damaged("its size and its content differ");
    let (picture, icc) = match wanted {
        ColorSpace::Luma => {
            (GrayImage::from_raw(width, height, pixels).map(DynamicImage::ImageLuma8).ok_or_else(wrong_size)?, icc)
        }
        ColorSpace::RGB => {
            (RgbImage::from_raw(width, height, pixels).map(DynamicImage::ImageRgb8).ok_or_else(wrong_size)?, icc)
        }
        // The inks are converted here, profile and all, so nothing is left for a later step to apply.
        _ => {
            let inks = inks(pixels, wanted == ColorSpace::YCCK);
            let rgb = colour::rgb_from_inks(&inks, width, height, icc.as_deref()).ok_or_else(wrong_size)?;
            (DynamicImage::ImageRgb8(rgb), None)
        }
    };
    Ok(Raw { picture, icc, orientation })
}

/// Amounts of ink (0 = none, 255 = full) from four-channel JPEG pixels, which by Adobe's convention hold their
/// complement; in YCCK the first three are wrapped in YCbCr besides.
fn inks(mut pixels: Vec<u8>, ycck: bool) -> Vec<u8> {
    for pixel in pixels.chunks_exact_mut(4) {
        if ycck {
            let [y, cb, cr] = [f32::from(pixel[0]), f32::from(pixel[1]) - 128.0, f32::from(pixel[2]) - 128.0];
            let cmy = [y + 1.402 * cr, y - 0.344_136 * cb - 0.714_136 * cr, y + 1.772 * cb];
            // Float to integer saturates, and the complement of a complement is the value itself.
            pixel[..3].copy_from_slice(&cmy.map(|v| v.round() as u8));
        } else {
            pixel[..3].iter_mut().for_each(|v| *v = 255 - *v);
        }
        pixel[3] = 255 - pixel[3];
    }
    pixels
}

/// What the markers of a file tell before its pixels are decoded.
struct Markers {
    /// Where the picture's end marker stands.
    end: usize,
    /// One scan with every pixel in order and no restart markers in it: how nearly all pictures are stored that are
    /// not progressive.
    plain: bool,
}

/// Walks to the marker that ends the picture; None if the file stops before. Segments are skipped by their lengths, so
/// the end of a thumbnail within one is not taken for the end of the picture.
fn markers(bytes: &[u8]) -> Option<Markers> {
    let (mut at, mut scans, mut sequential, mut restarts) = (2, 0, false, false);
    loop {
        if *bytes.get(at)? != 0xFF {
            at += 1;
            continue;
        }
        match *bytes.get(at + 1)? {
            0xD9 => return Some(Markers { end: at, plain: sequential && scans == 1 && !restarts }),
            0xFF => at += 1,
            0x00..=0xBF | 0xD0..=0xD8 => at += 2,
            marker => {
                scans += usize::from(marker == 0xDA);
                sequential |= matches!(marker, 0xC0 | 0xC1);
                restarts |= marker == 0xDD;
                at += 2 + usize::from(u16::from_be_bytes(*bytes.get(at + 2..)?.first_chunk()?));
            }
        }
    }
}

/// The bytes to decode. At an end marker the decoder makes up whatever pixels are still missing and does not tell; so
/// where it can do without the marker it gets a few spare bytes instead, and running out of them is an error.
fn without_end(bytes: &[u8]) -> Option<Cow<'_, [u8]>> {
    const SPARE: [u8; 16] = [0; 16];
    let markers = markers(bytes)?;
    Some(if markers.plain { [&bytes[..markers.end], &SPARE].concat().into() } else { bytes.into() })
}

fn problem(error: DecodeErrors) -> PictureError {
    match error {
        DecodeErrors::Unsupported(what) => unsupported(format!("{what:?}")),
        other => damaged(&format!("{other:?}")),
    }
}

fn damaged(detail: &str) -> PictureError {
    PictureError::Damaged { format: "JPEG", detail: detail.to_owned() }
}

fn unsupported(detail: String) -> PictureError {
    PictureError::Unsupported { format: "JPEG", detail }
}
