//! What a saved picture says about itself, and what it keeps to itself.

use facespace::nn::Weights;
use image::ImageFormat;
use img_parts::jpeg::Jpeg;
use img_parts::png::{Png, PngChunk};
use img_parts::webp::WebP;
use img_parts::{Bytes, ImageEXIF, ImageICC};

use super::{Desk, a_face};
use crate::data::bytes_of;

/// A word that stands in the photograph's metadata only.
const PRIVATE: &str = "Hinter der Muehle 7";

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[test]
fn every_saved_picture_says_that_it_is_synthetic_and_by_what() {
    let desk = Desk::with_faces();
    let model = Weights::bundled().unwrap().card.name;
    let faces = "--source a.png --target b.png --parts style";
    for (command, output, name) in [
        ("edit a.png --yaw 5 -o", "e.png", "edit"),
        ("edit a.png --yaw 5 -o", "e.jpg", "edit"),
        ("edit a.png --yaw 5 -o", "e.webp", "edit"),
        ("reconstruct a.png -o", "r.jpeg", "reconstruct"),
        (&format!("transfer {faces} -o"), "t.webp", "transfer"),
        ("sample --count 2 -o", "s.png", "sample"),
        ("interpolate a.png b.png --steps 2 -o", "i.jpg", "interpolate"),
        ("interpolate a.png b.png --steps 2 -o", "i.gif", "interpolate"),
    ] {
        desk.run(&format!("{command} {output}")).ok();
        let bytes = desk.bytes(output);
        assert!(contains(&bytes, "digitalsourcetype/trainedAlgorithmicMedia"), "{output}");
        assert!(
            contains(&bytes, &format!("facespace {}: {name}, model {model}", env!("CARGO_PKG_VERSION"))),
            "{output}"
        );
    }

    // Where readers look for it: a text chunk, an APP1 segment, a chunk that the header announces.
    let png = Png::from_bytes(desk.bytes("e.png").into()).unwrap();
    assert!(png.chunk_by_type(*b"iTXt").unwrap().contents().starts_with(b"XML:com.adobe.xmp\0"));
    let jpeg = Jpeg::from_bytes(desk.bytes("e.jpg").into()).unwrap();
    assert!(jpeg.segments_by_marker(0xE1).any(|app1| app1.contents().starts_with(b"http://ns.adobe.com/xap/1.0/\0")));
    let webp = WebP::from_bytes(desk.bytes("e.webp").into()).unwrap();
    assert!(webp.chunk_by_id(*b"XMP ").is_some());
    let header = webp.chunk_by_id(*b"VP8X").unwrap().content().data().unwrap();
    assert_eq!(header[0] & 4, 4);
}

#[test]
fn nothing_of_a_photographs_metadata_is_passed_on() {
    let desk = Desk::empty();
    let mut jpeg = Jpeg::from_bytes(bytes_of(a_face(), ImageFormat::Jpeg).into()).unwrap();
    jpeg.set_exif(Some(gps_exif()));
    jpeg.set_icc_profile(Some(PRIVATE.as_bytes().to_vec().into()));
    desk.put("photo.jpg", jpeg.encoder().bytes());
    let mut png = Png::from_bytes(bytes_of(a_face(), ImageFormat::Png).into()).unwrap();
    png.set_exif(Some(gps_exif()));
    png.chunks_mut().insert(1, PngChunk::new(*b"tEXt", [b"Comment\0", PRIVATE.as_bytes()].concat().into()));
    desk.put("photo.png", png.encoder().bytes());

    for input in ["photo.jpg", "photo.png"] {
        assert!(contains(&desk.bytes(input), PRIVATE));
        for output in ["out.png", "out.jpg", "out.webp"] {
            desk.run(&format!("edit {input} --yaw 5 -o {output}")).ok();
            let bytes = desk.bytes(output);
            assert!(!contains(&bytes, PRIVATE), "{input} to {output}");
            assert!(!contains(&bytes, "Exif") && !contains(&bytes, input), "{input} to {output}");
        }
        assert!(Png::from_bytes(desk.bytes("out.png").into()).unwrap().exif().is_none());
        assert!(Jpeg::from_bytes(desk.bytes("out.jpg").into()).unwrap().exif().is_none());
        assert!(WebP::from_bytes(desk.bytes("out.webp").into()).unwrap().exif().is_none());
    }
}

/// EXIF data with a place in it: a directory that points to a GPS directory, which has a latitude's letter and the
/// private words as the processing method.
fn gps_exif() -> Bytes {
    let entry = |tag: u16, kind: u16, count: u32, value: [u8; 4]| {
        [&tag.to_le_bytes()[..], &kind.to_le_bytes(), &count.to_le_bytes(), &value].concat()
    };
    const GPS: u32 = 8 + 2 + 12 + 4;
    const WORDS: u32 = GPS + 2 + 2 * 12 + 4;
    [
        b"II*\0\x08\0\0\0\x01\0".to_vec(),
        entry(0x8825, 4, 1, GPS.to_le_bytes()),
        vec![0; 4],
        b"\x02\0".to_vec(),
        entry(0x0001, 2, 2, *b"N\0\0\0"),
        entry(0x001B, 7, PRIVATE.len() as u32, WORDS.to_le_bytes()),
        vec![0; 4],
        PRIVATE.as_bytes().to_vec(),
    ]
    .concat()
    .into()
}
