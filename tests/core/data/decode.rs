//! Formats, orientation, and everything that must be refused with a sentence.

use std::fs;
use std::io;
use std::path::Path;

use facespace::data::image::{PictureError, decode, decode_as_stored, load};
use image::{ImageFormat, RgbImage};
use img_parts::jpeg::Jpeg;
use img_parts::png::{Png, PngChunk};
use img_parts::webp::WebP;
use img_parts::{Bytes, ImageEXIF};

use super::{assert_colour, bytes_of, fixture, noise, pattern, quarters, worst};

const FORMATS: [ImageFormat; 6] =
    [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP, ImageFormat::Bmp, ImageFormat::Tiff, ImageFormat::Gif];

/// EXIF data with nothing but an orientation.
fn exif(orientation: u8) -> Bytes {
    let entry = [0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0];
    [b"II*\0\x08\0\0\0\x01\0".as_slice(), &entry, &[0; 4]].concat().into()
}

fn problem(bytes: &[u8]) -> PictureError {
    decode(bytes).map(|_: RgbImage| ()).expect_err("must be refused")
}

#[test]
fn every_format_is_told_by_its_content() {
    let folder = tempfile::tempdir().unwrap();
    let picture = quarters(64, 48);
    for format in FORMATS {
        let path = folder.path().join("wrongly_named.txt");
        fs::write(&path, bytes_of(picture.clone(), format)).unwrap();
        let read = load(&path).unwrap();
        assert_eq!(read.dimensions(), (64, 48), "{format:?}");
        assert_colour(&read, (8, 8), [255, 0, 0], 4);
        assert_colour(&read, (56, 8), [0, 255, 0], 4);
        assert_colour(&read, (8, 40), [0, 0, 255], 4);
    }
    let smooth = pattern(64, 48);
    for exact in [ImageFormat::Png, ImageFormat::WebP, ImageFormat::Bmp, ImageFormat::Tiff] {
        assert_eq!(decode(&bytes_of(smooth.clone(), exact)).unwrap(), smooth);
    }
    assert_eq!(decode(&fixture("progressive.jpg")).unwrap().dimensions(), (64, 48));
    assert_eq!(decode(&fixture("lossy.webp")).unwrap().dimensions(), (64, 48));
}

#[test]
fn all_eight_orientations_are_put_upright() {
    let plain = bytes_of(quarters(64, 48), ImageFormat::Jpeg);
    let (r, g, b, w) = ([255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255]);
    // Top left, top right, bottom left, bottom right of what the viewer must see.
    let seen = [
        [r, g, b, w],
        [g, r, w, b],
        [w, b, g, r],
        [b, w, r, g],
        [r, b, g, w],
        [b, r, w, g],
        [w, g, b, r],
        [g, w, r, b],
    ];
    for (orientation, expected) in (1..).zip(seen) {
        let mut jpeg = Jpeg::from_bytes(plain.clone().into()).unwrap();
        jpeg.set_exif(Some(exif(orientation)));
        let bytes = jpeg.encoder().bytes();
        let upright = decode(&bytes).unwrap();
        let turned = orientation > 4;
        assert_eq!(upright.dimensions(), if turned { (48, 64) } else { (64, 48) }, "orientation {orientation}");
        let (right, low) = (upright.width() - 9, upright.height() - 9);
        for (at, colour) in [(8, 8), (right, 8), (8, low), (right, low)].into_iter().zip(expected) {
            assert_colour(&upright, at, colour, 8);
        }
        assert_eq!(decode_as_stored(&bytes).unwrap(), decode(&plain).unwrap());
    }
}

#[test]
fn orientation_is_honoured_outside_jpeg_too() {
    let mut png = Png::from_bytes(bytes_of(quarters(64, 48), ImageFormat::Png).into()).unwrap();
    png.set_exif(Some(exif(6)));
    assert_colour(&decode(&png.encoder().bytes()).unwrap(), (4, 4), [0, 0, 255], 0);

    let mut webp = WebP::from_bytes(bytes_of(quarters(64, 48), ImageFormat::WebP).into()).unwrap();
    webp.set_exif(Some([b"Exif\0\0".as_slice(), &exif(6)].concat().into()));
    assert_colour(&decode(&webp.encoder().bytes()).unwrap(), (4, 4), [0, 0, 255], 0);
}

#[test]
fn cut_off_files_are_refused_in_every_format() {
    let mut files: Vec<(String, Vec<u8>)> =
        FORMATS.iter().map(|&format| (format!("{format:?}"), bytes_of(noise(96, 80), format))).collect();
    for name in ["progressive.jpg", "lossy.webp", "cmyk.jpg"] {
        files.push((name.to_owned(), fixture(name)));
    }
    for (name, whole) in files {
        decode(&whole).unwrap();
        for percent in [20, 50, 70, 90, 97] {
            let cut = &whole[..whole.len() * percent / 100];
            let refused = decode(cut).map(|_| ()).expect_err(&format!("{name} cut at {percent} %"));
            assert!(matches!(refused, PictureError::Damaged { .. }), "{name} at {percent} %: {refused}");
        }
    }
}

#[test]
fn a_jpeg_with_a_hole_or_a_glued_on_end_is_refused() {
    let whole = bytes_of(noise(256, 256), ImageFormat::Jpeg);
    let mut holed = whole.clone();
    holed.drain(whole.len() / 4..whole.len() * 3 / 4);
    assert!(matches!(problem(&holed), PictureError::Damaged { .. }));
    for percent in [50, 90, 99] {
        let glued = [&whole[..whole.len() * percent / 100], &[0xFF, 0xD9]].concat();
        assert!(matches!(problem(&glued), PictureError::Damaged { .. }), "cut at {percent} %");
    }
    // A flat picture takes hardly any bytes; the check must not mistake its thrift for damage.
    for side in [32, 33, 500] {
        decode(&bytes_of(RgbImage::new(side, side), ImageFormat::Jpeg)).unwrap();
    }
}

#[test]
fn damaged_pixels_of_a_png_are_refused() {
    let mut bytes = bytes_of(noise(64, 64), ImageFormat::Png);
    let middle = bytes.len() / 2;
    bytes[middle..middle + 200].fill(0xAA);
    assert!(matches!(problem(&bytes), PictureError::Damaged { format: "PNG", .. }));
}

#[test]
fn what_is_no_picture_is_refused() {
    assert!(matches!(problem(b""), PictureError::Empty));
    assert!(matches!(problem(b"Dear reader, this is a letter."), PictureError::NotAnImage));
    assert!(matches!(problem(b"%PDF-1.7 and so on and so forth"), PictureError::NotAnImage));
    let heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic";
    assert!(problem(heic).to_string().starts_with("HEIC pictures are not read here; convert this one to JPEG"));
    let avif = b"\0\0\0\x1cftypavif\0\0\0\0mif1avifmiaf";
    assert!(problem(avif).to_string().starts_with("AVIF"));
    let film = b"\0\0\0\x18ftypisom\0\0\0\0isommp41";
    assert!(matches!(problem(film), PictureError::NotAnImage));
}

#[test]
fn tiny_and_huge_pictures_are_refused() {
    let small = bytes_of(pattern(200, 31), ImageFormat::Png);
    assert!(matches!(problem(&small), PictureError::TooSmall { width: 200, height: 31 }));
    decode(&bytes_of(pattern(32, 32), ImageFormat::Png)).unwrap();

    let bomb = declared(50_000, 50_000);
    assert!(bomb.len() < 20_000);
    assert!(matches!(problem(&bomb), PictureError::TooLarge { width: 50_000, height: 50_000 }));
    assert!(matches!(problem(&declared(25_001, 10_000)), PictureError::TooLarge { .. }));
    assert!(matches!(
        problem(&declared(u32::MAX / 2, u32::MAX / 2)),
        PictureError::TooLarge { .. } | PictureError::TooMuchMemory { .. }
    ));
    // A size that is allowed, without the pixels.
    assert!(matches!(problem(&declared(12_000, 12_000)), PictureError::Damaged { .. }));

    let mut jpeg = bytes_of(pattern(64, 64), ImageFormat::Jpeg);
    let frame = jpeg.windows(2).position(|pair| pair == [0xFF, 0xC0]).unwrap();
    jpeg[frame + 5..frame + 9].copy_from_slice(&[0xFF, 0xDC, 0xFF, 0xDC]);
    assert!(matches!(problem(&jpeg), PictureError::TooLarge { width: 65_500, height: 65_500 }));
}

/// A small PNG whose header claims another size.
fn declared(width: u32, height: u32) -> Vec<u8> {
    let mut png = Png::from_bytes(bytes_of(pattern(32, 32), ImageFormat::Png).into()).unwrap();
    let header = png.chunks()[0].contents();
    let claim = [&width.to_be_bytes(), &height.to_be_bytes(), &header[8..]].concat();
    png.chunks_mut()[0] = PngChunk::new(*b"IHDR", claim.into());
    png.encoder().bytes().into()
}

#[test]
fn files_that_cannot_be_read_say_so_with_the_path_last() {
    let folder = tempfile::tempdir().unwrap();
    let refuse = |path: &Path| load(path).map(|_: RgbImage| ()).expect_err("must be refused");

    let missing = folder.path().join("missing.png");
    let error = refuse(&missing);
    assert!(matches!(error.problem(), PictureError::Missing));
    assert_eq!(error.to_string(), format!("There is no such file; check its name and folder: {}", missing.display()));

    assert!(matches!(refuse(folder.path()).problem(), PictureError::Folder));

    let empty = folder.path().join("empty.png");
    fs::write(&empty, b"").unwrap();
    assert!(matches!(refuse(&empty).problem(), PictureError::Empty));

    let denied = PictureError::from(io::Error::from(io::ErrorKind::PermissionDenied));
    assert!(matches!(denied, PictureError::NoPermission));
    let broken = PictureError::from(io::Error::other("the cable came off"));
    assert!(broken.to_string().contains("the cable came off"));
}

#[cfg(unix)]
#[test]
fn a_pipe_does_not_hang() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe.png");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    assert!(matches!(load(&pipe).unwrap_err().problem(), PictureError::NotAFile));
}

#[test]
fn a_clean_jpeg_survives_its_decoder() {
    let picture = pattern(96, 80);
    let mut bytes = Vec::new();
    picture.write_with_encoder(image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, 98)).unwrap();
    assert!(worst(&decode(&bytes).unwrap(), &picture) < 40);
    // Bytes after the end, as telephones append them, change nothing.
    let longer = [bytes.as_slice(), &[0; 100], b"trailer"].concat();
    assert_eq!(decode(&longer).unwrap(), decode(&bytes).unwrap());
}
