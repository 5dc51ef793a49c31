//! Saved pictures: their pixels, and what they say about themselves.

use std::fs;
use std::io::Cursor;
use std::time::Duration;

use facespace::data::image::{
    Format, Origin, Provenance, SaveError, decode, encode, encode_gif, load, save, save_gif, sheet,
};
use image::codecs::gif::GifDecoder;
use image::{AnimationDecoder, ImageDecoder, ImageFormat, ImageReader, Rgb, RgbImage};
use img_parts::webp::WebP;

use super::{assert_colour, pattern, worst};

const ABOUT: Provenance =
    Provenance { origin: Origin::Generated, command: "edit --yaw 20", model: "studio <1> & \"co\"" };

fn packet_in(bytes: &[u8], format: ImageFormat) -> String {
    let mut decoder = ImageReader::with_format(Cursor::new(bytes), format).into_decoder().unwrap();
    assert!(decoder.exif_metadata().unwrap().is_none());
    assert!(decoder.icc_profile().unwrap().is_none());
    String::from_utf8(decoder.xmp_metadata().unwrap().expect("an XMP packet")).unwrap()
}

#[test]
fn every_format_says_that_it_is_synthetic() {
    let kinds = [(Format::Png, ImageFormat::Png), (Format::Jpeg, ImageFormat::Jpeg), (Format::WebP, ImageFormat::WebP)];
    for (format, kind) in kinds {
        let bytes = encode(format, &pattern(70, 50), &ABOUT).unwrap();
        let packet = packet_in(&bytes, kind);
        let source =
            "<Iptc4xmpExt:DigitalSourceType>http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia<";
        assert!(packet.contains(source), "{format:?}");
        assert!(packet.contains(concat!("<xmp:CreatorTool>facespace ", env!("CARGO_PKG_VERSION"), "<")));
        assert!(packet.contains("edit --yaw 20, model studio &#60;1&#62; &#38; &#34;co&#34;<"));

        let composite = Provenance { origin: Origin::Composite, command: "a\u{1}b", ..ABOUT };
        let packet = packet_in(&encode(format, &pattern(70, 50), &composite).unwrap(), kind);
        assert!(packet.contains("digitalsourcetype/compositeWithTrainedAlgorithmicMedia<"));
        assert!(packet.contains("a\u{fffd}b"));
    }
}

#[test]
fn a_webp_with_a_packet_has_a_right_header() {
    let bytes = encode(Format::WebP, &pattern(70, 50), &ABOUT).unwrap();
    let webp = WebP::from_bytes(bytes.clone().into()).unwrap();
    let ids: Vec<_> = webp.chunks().iter().map(|chunk| chunk.id()).collect();
    assert_eq!(ids, [*b"VP8X", *b"VP8L", *b"XMP "]);
    let header = webp.chunks()[0].content().data().unwrap();
    assert_eq!(&header[..], [4, 0, 0, 0, 69, 0, 0, 49, 0, 0]);
    assert_eq!(u32::from_le_bytes(bytes[4..8].try_into().unwrap()) as usize + 8, bytes.len());
}

#[test]
fn the_extension_chooses_the_format() {
    let folder = tempfile::tempdir().unwrap();
    let picture = pattern(70, 50);
    for (name, exact) in [("a.png", true), ("b.WEBP", true), ("c.jpg", false), ("d.JPEG", false)] {
        let path = folder.path().join(name);
        save(&path, &picture, &ABOUT).unwrap();
        let read = load(&path).unwrap();
        assert!(worst(&read, &picture) <= if exact { 0 } else { 60 }, "{name}");
    }
    for name in ["a.bmp", "noextension"] {
        let error = save(&folder.path().join(name), &picture, &ABOUT).unwrap_err();
        assert!(matches!(error, SaveError::UnknownExtension(_)));
        assert!(error.to_string().starts_with("Pictures are saved as .png, .jpg or .webp;"));
        assert!(error.to_string().ends_with(name));
    }
    let nowhere = save(&folder.path().join("no/such/a.png"), &picture, &ABOUT).unwrap_err();
    assert!(nowhere.to_string().starts_with("The folder to write into does not exist"));
}

#[test]
fn a_picture_too_large_for_its_format_is_refused() {
    let long = RgbImage::new(20_000, 1);
    let error = encode(Format::WebP, &long, &ABOUT).unwrap_err();
    assert!(error.to_string().starts_with("A picture of 20000 x 1 pixels cannot be saved as WebP"));
}

#[test]
fn a_long_command_still_fits_a_jpeg() {
    let command = "<".repeat(100_000);
    let about = Provenance { command: &command, ..ABOUT };
    let bytes = encode(Format::Jpeg, &pattern(40, 40), &about).unwrap();
    decode(&bytes).unwrap();
    assert!(packet_in(&bytes, ImageFormat::Jpeg).contains("&#60;&#60;"));
}

#[test]
fn an_animation_keeps_its_frames_and_its_pace() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("turn.gif");
    let frames: Vec<_> = [50, 120, 190].map(|v| RgbImage::from_pixel(48, 40, Rgb([v, 0, 255 - v]))).into();
    save_gif(&path, &frames, Duration::from_millis(80), &ABOUT).unwrap();

    let bytes = fs::read(&path).unwrap();
    let decoded = GifDecoder::new(Cursor::new(&bytes)).unwrap().into_frames().collect_frames().unwrap();
    assert_eq!(decoded.len(), 3);
    for (frame, expected) in decoded.iter().zip(&frames) {
        assert_eq!(frame.delay().numer_denom_ms(), (80, 1));
        let pixel = frame.buffer().get_pixel(10, 10).0;
        assert!(pixel.iter().zip(expected.get_pixel(0, 0).0).all(|(a, b)| a.abs_diff(b) <= 2));
    }
    let packet = String::from_utf8_lossy(&bytes);
    assert!(packet.contains("XMP DataXMP<?xpacket") && packet.contains("trainedAlgorithmicMedia"));
    assert_colour(&load(&path).unwrap(), (10, 10), [50, 0, 205], 2);
    assert!(matches!(encode_gif(&[], Duration::ZERO, &ABOUT), Err(SaveError::NoFrames)));
}

#[test]
fn a_sheet_is_filled_row_by_row() {
    let pictures: Vec<_> = (0..5u8).map(|i| RgbImage::from_pixel(10, 8, Rgb([i; 3]))).collect();
    let grid = sheet(&pictures, 3);
    assert_eq!(grid.dimensions(), (30, 16));
    for (i, at) in [(5, 4), (15, 4), (25, 4), (5, 12), (15, 12)].into_iter().enumerate() {
        assert_colour(&grid, at, [i as u8; 3], 0);
    }
    assert_colour(&grid, (25, 12), [255; 3], 0);
    assert_eq!(sheet(&pictures, 0).dimensions(), (10, 40));
    assert_eq!(sheet(&pictures[..2], 9).dimensions(), (20, 8));
    assert_eq!(sheet(&[], 4).dimensions(), (0, 0));
}
