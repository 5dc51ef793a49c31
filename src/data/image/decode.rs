//! Bytes to an upright sRGB picture. The size is read from the header and judged before a pixel is decoded.

use std::fs::{self, File};
use std::io::{Cursor, Read};
use std::path::Path;

use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits, RgbImage};

use super::{PictureError, colour, jpeg};

/// Fewest pixels on a side of a picture that is read.
pub const MIN_SIDE: u32 = 32;
/// Most pixels of a picture that is read.
pub const MAX_PIXELS: u64 = 250_000_000;

/// Memory for the header, colour profile and text of a picture: a few kilobytes can be packed to claim gigabytes.
const HEADER_BYTES: u64 = 64 << 20;
/// How much of a file tells its kind.
const HEAD: u64 = 64;

/// A decoded picture before its colours are converted and it is turned upright.
pub(super) struct Raw {
    pub picture: DynamicImage,
    pub icc: Option<Vec<u8>>,
    pub orientation: Orientation,
}

/// Reads a picture: JPEG, PNG, WebP, BMP, TIFF or the first frame of a GIF, told by its content and not by its name.
/// See [`decode`] for what becomes of its colours.
///
/// # Errors
/// What [`decode`] refuses, and files that are missing, empty, not regular or not readable; the path is in the error.
pub fn load(path: &Path) -> Result<RgbImage, PictureError> {
    read_file(path).and_then(|bytes| decode(&bytes)).map_err(|problem| problem.at(path))
}

/// The bytes of a picture's file, for [`decode`].
///
/// # Errors
/// Files that are missing, empty, not regular or not readable, and those that begin like no picture that is read; the
/// sentence is without the path.
pub fn read(path: &Path) -> Result<Vec<u8>, PictureError> {
    read_file(path)
}

/// Decodes a picture from the bytes of its file: turned as its EXIF orientation says, converted from its embedded
/// colour profile to sRGB, 16 bits, greys and palettes brought to 8-bit RGB. What is transparent is laid over white.
/// CMYK without a profile is multiplied out; a profile that does not fit the picture's channels is ignored.
///
/// # Errors
/// Bytes that are no picture, or a damaged, unsupported, too small or too large one.
pub fn decode(bytes: &[u8]) -> Result<RgbImage, PictureError> {
    let raw = raw(bytes)?;
    let mut upright = DynamicImage::ImageRgb8(colour::to_srgb(raw.picture, raw.icc.as_deref()));
    upright.apply_orientation(raw.orientation);
    Ok(upright.into_rgb8())
}

/// As [`decode`], but not turned: points that somebody measured in the stored pixels fit it.
///
/// # Errors
/// As there.
pub fn decode_as_stored(bytes: &[u8]) -> Result<RgbImage, PictureError> {
    let raw = raw(bytes)?;
    Ok(colour::to_srgb(raw.picture, raw.icc.as_deref()))
}

fn raw(bytes: &[u8]) -> Result<Raw, PictureError> {
    if bytes.is_empty() {
        return Err(PictureError::Empty);
    }
    match kind_of(bytes)? {
        ImageFormat::Jpeg => jpeg::decode(bytes),
        other => decode_other(other, bytes),
    }
}

/// The size that a picture file's header declares, before any turning; none where it cannot be told. Cheap: the pixels
/// are not read.
pub fn declared_size(path: &Path) -> Option<(u32, u32)> {
    fs::metadata(path).ok().filter(fs::Metadata::is_file)?;
    ImageReader::open(path).ok()?.with_guessed_format().ok()?.into_dimensions().ok()
}

/// As [`declared_size`], of a picture that is already read.
pub fn declared_size_of(bytes: &[u8]) -> Option<(u32, u32)> {
    ImageReader::new(Cursor::new(bytes)).with_guessed_format().ok()?.into_dimensions().ok()
}

/// Judges a size that a header declares.
pub(super) fn check_size(width: u32, height: u32) -> Result<(), PictureError> {
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(PictureError::TooLarge { width, height });
    }
    if width.min(height) < MIN_SIDE {
        return Err(PictureError::TooSmall { width, height });
    }
    Ok(())
}

/// Reads a whole file after a look at what it is and how it begins: opening a pipe would wait for ever, and a film of
/// many gigabytes need not be read to be refused.
fn read_file(path: &Path) -> Result<Vec<u8>, PictureError> {
    let about = fs::metadata(path)?;
    if about.is_dir() {
        return Err(PictureError::Folder);
    }
    if !about.is_file() {
        return Err(PictureError::NotAFile);
    }
    let mut file = File::open(path)?;
    let mut bytes = Vec::new();
    file.by_ref().take(HEAD).read_to_end(&mut bytes)?;
    if bytes.is_empty() {
        return Err(PictureError::Empty);
    }
    kind_of(&bytes)?;
    file.read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn kind_of(bytes: &[u8]) -> Result<ImageFormat, PictureError> {
    use ImageFormat::{Bmp, Gif, Jpeg, Png, Tiff, WebP};
    if let Some(kind) = phone_format(bytes) {
        return Err(PictureError::ConvertFirst { kind });
    }
    match image::guess_format(bytes) {
        Ok(format @ (Jpeg | Png | WebP | Bmp | Tiff | Gif)) => Ok(format),
        _ => Err(PictureError::NotAnImage),
    }
}

/// HEIC and AVIF, which share a container, by the brands in its first box.
fn phone_format(bytes: &[u8]) -> Option<&'static str> {
    if bytes.get(4..8)? != b"ftyp" {
        return None;
    }
    let length = u32::from_be_bytes(*bytes.first_chunk()?) as usize;
    let brands = bytes.get(8..length.min(bytes.len()))?;
    let has = |names: &[&[u8; 4]]| brands.chunks_exact(4).any(|brand| names.iter().any(|name| brand == *name));
    if has(&[b"avif", b"avis"]) {
        Some("AVIF")
    } else if has(&[b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"]) {
        Some("HEIC")
    } else {
        None
    }
}

fn decode_other(format: ImageFormat, bytes: &[u8]) -> Result<Raw, PictureError> {
    let name = name_of(format);
    let problem = |error| picture_problem(name, error);
    if format == ImageFormat::WebP {
        check_riff_length(bytes)?;
    }
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(memory(HEADER_BYTES));
    let mut decoder = reader.into_decoder().map_err(problem)?;
    let (width, height) = decoder.dimensions();
    check_size(width, height)?;
    // The pixels themselves and as much again for the decoder's buffers; a frame larger than its picture is refused.
    decoder.set_limits(memory(2 * decoder.total_bytes() + HEADER_BYTES)).map_err(problem)?;
    // A broken profile or a broken orientation costs the picture nothing but itself.
    let icc = decoder.icc_profile().unwrap_or_default();
    let orientation = orientation_of(&mut decoder);
    let picture = DynamicImage::from_decoder(decoder).map_err(problem)?;
    Ok(Raw { picture, icc, orientation })
}

fn memory(bytes: u64) -> Limits {
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(bytes);
    limits
}

/// The orientation, also from EXIF data with the prefix that belongs to JPEG and that some programs write elsewhere.
fn orientation_of(decoder: &mut impl ImageDecoder) -> Orientation {
    match decoder.orientation() {
        Ok(Orientation::NoTransforms) | Err(_) => decoder
            .exif_metadata()
            .ok()
            .flatten()
            .and_then(|exif| Orientation::from_exif_chunk(exif.strip_prefix(b"Exif\0\0")?))
            .unwrap_or(Orientation::NoTransforms),
        Ok(orientation) => orientation,
    }
}

/// The decoder fills what is missing at the end of a lossy WebP, so the length that its header promises is compared.
fn check_riff_length(bytes: &[u8]) -> Result<(), PictureError> {
    let promised = bytes.get(4..8).and_then(|field| field.first_chunk()).map_or(0, |field| u32::from_le_bytes(*field));
    // Some writers leave out the padding byte of the last chunk but count it.
    if promised as usize + 8 > bytes.len() + 1 {
        let detail = format!("{} of {} bytes", bytes.len(), promised as usize + 8);
        return Err(PictureError::Damaged { format: "WebP", detail });
    }
    Ok(())
}

fn picture_problem(format: &'static str, error: ImageError) -> PictureError {
    match error {
        ImageError::Limits(_) => PictureError::TooMuchMemory { format },
        ImageError::Unsupported(what) => PictureError::Unsupported { format, detail: what.to_string() },
        other => PictureError::Damaged { format, detail: other.to_string() },
    }
}

fn name_of(format: ImageFormat) -> &'static str {
    match format {
        ImageFormat::Png => "PNG",
        ImageFormat::WebP => "WebP",
        ImageFormat::Bmp => "BMP",
        ImageFormat::Tiff => "TIFF",
        ImageFormat::Gif => "GIF",
        _ => "JPEG",
    }
}
