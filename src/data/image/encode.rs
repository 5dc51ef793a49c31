//! Pictures to files, each with the packet of `xmp` in it and nothing else besides its pixels.

use std::path::{Path, PathBuf};
use std::time::Duration;

use image::codecs::gif::{GifEncoder, Repeat};
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::codecs::webp::WebPEncoder;
use image::{Delay, DynamicImage, Frame, ImageResult, RgbImage};
use img_parts::Bytes;
use img_parts::jpeg::{Jpeg, JpegSegment, markers};
use img_parts::png::{Png, PngChunk};
use img_parts::riff::{RiffChunk, RiffContent};
use img_parts::webp::WebP;

use super::xmp::{self, Provenance};
use crate::data::atomic::{self, WriteError};

const JPEG_QUALITY: u8 = 95;
/// 1 is the finest palette and slow, 30 the coarsest.
const GIF_SPEED: i32 = 10;

/// A format in which pictures are saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Png,
    /// Quality 95.
    Jpeg,
    /// Lossless.
    WebP,
}

/// Why a picture was not saved.
#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    #[error("Pictures are saved as .png, .jpg or .webp; give the file one of these endings: {}", .0.display())]
    UnknownExtension(PathBuf),
    #[error("An animation needs at least one picture; choose what to animate")]
    NoFrames,
    #[error("A picture of {width} x {height} pixels cannot be saved as {format} ({detail}); choose another format")]
    Encode { format: &'static str, width: u32, height: u32, detail: String },
    #[error(transparent)]
    Write(#[from] WriteError),
}

impl Format {
    /// The format that a file name's extension asks for, in capitals or not.
    ///
    /// # Errors
    /// An extension other than png, jpg, jpeg and webp.
    pub fn from_path(path: &Path) -> Result<Self, SaveError> {
        let extension = path.extension().and_then(|e| e.to_str()).unwrap_or_default();
        match extension.to_ascii_lowercase().as_str() {
            "png" => Ok(Self::Png),
            "jpg" | "jpeg" => Ok(Self::Jpeg),
            "webp" => Ok(Self::WebP),
            _ => Err(SaveError::UnknownExtension(path.to_owned())),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Png => "PNG",
            Self::Jpeg => "JPEG",
            Self::WebP => "WebP",
        }
    }
}

/// Saves a picture as PNG, JPEG (quality 95) or WebP (lossless) by the path's extension, whole or not at all, marked as
/// synthetic.
///
/// # Errors
/// Another extension, a picture too large for its format, and whatever keeps a file from being written.
pub fn save(path: &Path, picture: &RgbImage, about: &Provenance) -> Result<(), SaveError> {
    let bytes = encode(Format::from_path(path)?, picture, about)?;
    Ok(atomic::write(path, &bytes)?)
}

/// Saves pictures as an endless animated GIF, `delay` apart (to 10 ms), marked as synthetic.
///
/// # Errors
/// No pictures, pictures of more than 65535 pixels on a side, and whatever keeps a file from being written.
pub fn save_gif(path: &Path, frames: &[RgbImage], delay: Duration, about: &Provenance) -> Result<(), SaveError> {
    Ok(atomic::write(path, &encode_gif(frames, delay, about)?)?)
}

/// The bytes of a picture's file; see [`save`].
///
/// # Errors
/// A picture too large for its format.
pub fn encode(format: Format, picture: &RgbImage, about: &Provenance) -> Result<Vec<u8>, SaveError> {
    let packet = xmp::packet(about);
    let plain = encode_unmarked(format, picture)?;
    let marked = match format {
        Format::Png => mark_png(plain, &packet),
        Format::Jpeg => mark_jpeg(plain, &packet),
        Format::WebP => mark_webp(plain, &packet, picture),
    };
    marked.map_err(|e| encode_problem(format.name(), picture, e.to_string()))
}

/// The bytes of a picture's file without a mark: of photographs that no model has changed.
///
/// # Errors
/// A picture too large for its format.
pub fn encode_unmarked(format: Format, picture: &RgbImage) -> Result<Vec<u8>, SaveError> {
    let mut plain = Vec::new();
    encode_plain(format, picture, &mut plain).map_err(|e| encode_problem(format.name(), picture, e.to_string()))?;
    Ok(plain)
}

fn encode_plain(format: Format, picture: &RgbImage, out: &mut Vec<u8>) -> ImageResult<()> {
    match format {
        Format::Png => picture.write_with_encoder(PngEncoder::new(out)),
        Format::Jpeg => picture.write_with_encoder(JpegEncoder::new_with_quality(out, JPEG_QUALITY)),
        Format::WebP => picture.write_with_encoder(WebPEncoder::new_lossless(out)),
    }
}

fn encode_problem(format: &'static str, picture: &RgbImage, detail: String) -> SaveError {
    SaveError::Encode { format, width: picture.width(), height: picture.height(), detail }
}

/// An international text chunk under the keyword that XMP has there, after the header.
fn mark_png(plain: Vec<u8>, packet: &str) -> img_parts::Result<Vec<u8>> {
    let mut png = Png::from_bytes(plain.into())?;
    // Keyword, uncompressed, no compression method, no language, no translated keyword.
    let content = [b"XML:com.adobe.xmp\0\0\0\0\0", packet.as_bytes()].concat();
    png.chunks_mut().insert(1, PngChunk::new(*b"iTXt", content.into()));
    Ok(png.encoder().bytes().into())
}

/// An APP1 segment, after the APP0 segment that must come first.
fn mark_jpeg(plain: Vec<u8>, packet: &str) -> img_parts::Result<Vec<u8>> {
    let mut jpeg = Jpeg::from_bytes(plain.into())?;
    let content = [b"http://ns.adobe.com/xap/1.0/\0", packet.as_bytes()].concat();
    let after_app0 = jpeg.segments().iter().take_while(|segment| segment.marker() == markers::APP0).count();
    jpeg.segments_mut().insert(after_app0, JpegSegment::new_with_contents(markers::APP1, content.into()));
    Ok(jpeg.encoder().bytes().into())
}

/// A chunk at the end, which makes the file an extended one: its header comes first and tells of the packet.
fn mark_webp(plain: Vec<u8>, packet: &str, picture: &RgbImage) -> img_parts::Result<Vec<u8>> {
    const HAS_XMP: u32 = 1 << 2;
    let mut webp = WebP::from_bytes(plain.into())?;
    let mut header = HAS_XMP.to_le_bytes().to_vec();
    for side in [picture.width(), picture.height()] {
        header.extend_from_slice(&(side - 1).to_le_bytes()[..3]);
    }
    let chunk = |id: &[u8; 4], content: Bytes| RiffChunk::new(*id, RiffContent::Data(content));
    webp.chunks_mut().insert(0, chunk(b"VP8X", header.into()));
    webp.chunks_mut().push(chunk(b"XMP ", packet.as_bytes().to_vec().into()));
    Ok(webp.encoder().bytes().into())
}

/// The bytes of an animated GIF; see [`save_gif`].
///
/// # Errors
/// No pictures, or pictures of more than 65535 pixels on a side.
pub fn encode_gif(frames: &[RgbImage], delay: Duration, about: &Provenance) -> Result<Vec<u8>, SaveError> {
    let first = frames.first().ok_or(SaveError::NoFrames)?;
    let mut bytes = Vec::new();
    let mut encoder = GifEncoder::new_with_speed(&mut bytes, GIF_SPEED);
    let delay = Delay::from_saturating_duration(delay);
    let written = encoder.set_repeat(Repeat::Infinite).and_then(|()| {
        frames.iter().try_for_each(|picture| {
            let rgba = DynamicImage::ImageRgb8(picture.clone()).into_rgba8();
            encoder.encode_frame(Frame::from_parts(rgba, 0, 0, delay))
        })
    });
    written.map_err(|e| encode_problem("GIF", first, e.to_string()))?;
    drop(encoder);
    mark_gif(&mut bytes, &xmp::packet(about));
    Ok(bytes)
}

/// An application extension before the trailer. GIF readers walk over it as if it were blocks with length bytes, so it
/// ends in a slide of falling lengths that brings them to its end from wherever they arrive.
fn mark_gif(bytes: &mut Vec<u8>, packet: &str) {
    const TRAILER: u8 = 0x3B;
    let trailer = bytes.pop();
    debug_assert_eq!(trailer, Some(TRAILER));
    bytes.extend_from_slice(b"\x21\xFF\x0BXMP DataXMP");
    bytes.extend_from_slice(packet.as_bytes());
    bytes.push(1);
    bytes.extend((0..=255).rev());
    bytes.extend_from_slice(&[0, TRAILER]);
}
