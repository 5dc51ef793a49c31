//! Pictures, folders and edit files that cannot be used, each refused in one sentence while the others are done.

use std::fs;

use image::ImageFormat;
use img_parts::png::{Png, PngChunk};

use super::{Desk, Run, a_face, is_locked};
use crate::data::{bytes_of, noise, pattern};

/// Edits one bad picture and a good one; the good one is done and nothing else is left behind.
#[track_caller]
fn one_bad_apple(name: &str, bytes: &[u8], says: &str) {
    let desk = Desk::with_faces();
    desk.put(name, bytes);
    desk.run(&format!("edit {name} a.png --yaw 5 -o out")).failed(1, &[(says, name)]);
    assert_eq!(desk.files_in("out"), ["out/a.png"]);
    assert_eq!(desk.bytes(name), bytes);
}

/// A small PNG whose header claims another size.
fn declared(width: u32, height: u32) -> Vec<u8> {
    let mut png = Png::from_bytes(bytes_of(pattern(32, 32), ImageFormat::Png).into()).unwrap();
    let claim = [&width.to_be_bytes(), &height.to_be_bytes(), &png.chunks()[0].contents()[8..]].concat();
    png.chunks_mut()[0] = PngChunk::new(*b"IHDR", claim.into());
    png.encoder().bytes().into()
}

#[test]
fn what_is_no_image_is_refused() {
    one_bad_apple("letter.png", b"Dear reader, this is a letter.", "use JPEG, PNG, WebP, BMP, TIFF or GIF");
    one_bad_apple("page.jpg", b"%PDF-1.7 and so on and so forth", "use JPEG, PNG, WebP, BMP, TIFF or GIF");
}

#[test]
fn a_telephones_picture_is_refused_with_what_to_convert_it_to() {
    one_bad_apple("phone.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "convert this one to JPEG or PNG");
    one_bad_apple("phone.avif", b"\0\0\0\x1cftypavif\0\0\0\0mif1avifmiaf", "convert this one to JPEG or PNG");
}

#[test]
fn a_picture_that_is_cut_off_is_refused_in_every_format() {
    let desk = Desk::with_faces();
    let formats =
        [("bmp", ImageFormat::Bmp), ("gif", ImageFormat::Gif), ("jpg", ImageFormat::Jpeg), ("png", ImageFormat::Png)];
    let formats = formats.into_iter().chain([("tiff", ImageFormat::Tiff), ("webp", ImageFormat::WebP)]);
    let mut names = Vec::new();
    for (extension, format) in formats {
        let name = format!("cut/half.{extension}");
        let whole = bytes_of(noise(128, 128), format);
        desk.put(&name, &whole[..whole.len() / 2]);
        names.push(name);
    }
    let failures: Vec<(&str, &str)> = names.iter().map(|name| ("cut off or damaged", name.as_str())).collect();
    desk.run("edit cut a.png --yaw 5 -o out").failed(1, &failures);
    assert_eq!(desk.files_in("out"), ["out/a.png"]);
}

#[test]
fn an_empty_file_is_refused() {
    one_bad_apple("empty.jpg", b"", "0 bytes");
}

#[test]
fn a_picture_of_few_pixels_is_refused() {
    one_bad_apple("dot.png", &bytes_of(pattern(1, 1), ImageFormat::Png), "1 x 1 pixels");
    one_bad_apple("icon.png", &bytes_of(pattern(31, 31), ImageFormat::Png), "32 at least");
    one_bad_apple("line.png", &bytes_of(pattern(400, 8), ImageFormat::Png), "400 x 8 pixels");
}

#[test]
fn a_picture_of_more_than_250_megapixels_is_refused_by_its_header() {
    one_bad_apple("huge.png", &declared(50_000, 50_000), "more than 250 megapixels");
    one_bad_apple("wide.png", &declared(25_001, 10_000), "more than 250 megapixels");
}

#[test]
fn a_decompression_bomb_does_not_go_off() {
    // A size that is allowed, with the pixels of a small picture.
    one_bad_apple("hollow.png", &declared(15_000, 15_000), "cut off or damaged");

    // A colour profile that unpacks to more than a header may take costs the picture its profile and nothing else, and
    // pixels beyond the picture's size are not unpacked at all.
    let zeros = deflated_zeros();
    let bomb = |kind: &[u8; 4], content: Vec<u8>| {
        let mut png = Png::from_bytes(bytes_of(a_face(), ImageFormat::Png).into()).unwrap();
        if kind == b"IDAT" {
            png.remove_chunks_by_type(*kind);
        }
        png.chunks_mut().insert(1, PngChunk::new(*kind, content.into()));
        png.encoder().bytes()
    };
    let desk = Desk::with_faces();
    desk.put("bombs/profile.png", bomb(b"iCCP", [b"zeros\0\0".as_slice(), &zeros].concat()));
    desk.put("bombs/pixels.png", bomb(b"IDAT", zeros));
    let run = desk.run("encode bombs a.png").ok();
    let rows = super::rows(&run.stdout);
    assert_eq!(
        rows.iter().map(|row| row.file.as_str()).collect::<Vec<_>>(),
        ["bombs/pixels.png", "bombs/profile.png", "a.png"]
    );
    assert!(rows[1].is_near(&rows[2]), "the profile counts for nothing");
}

/// A zlib stream of 81 megabytes that are all zero: the pixels of a black PNG.
fn deflated_zeros() -> Vec<u8> {
    let black = image::GrayImage::new(9000, 9000);
    let png = Png::from_bytes(bytes_of(black, ImageFormat::Png).into()).unwrap();
    let stream = png.chunks_by_type(*b"IDAT").flat_map(|chunk| chunk.contents().to_vec()).collect::<Vec<u8>>();
    assert!(stream.len() < 1_000_000);
    stream
}

#[cfg(unix)]
#[test]
fn a_picture_that_may_not_be_read_is_named() {
    use std::os::unix::fs::PermissionsExt;

    let desk = Desk::with_faces();
    let mode = |name: &str, mode: u32| fs::set_permissions(desk.path(name), fs::Permissions::from_mode(mode)).unwrap();
    desk.put("secret/x.png", desk.bytes("b.png"));
    mode("b.png", 0o000);
    mode("secret", 0o000);
    let run = if is_locked(&desk.path("b.png")) {
        Some(desk.run("encode b.png secret a.png"))
    } else {
        as_nobody(&desk, "encode b.png secret a.png --device cpu")
    };
    mode("secret", 0o700);
    let Some(run) = run else {
        eprintln!("SKIPPED: root may read every file, and the program could not be started as nobody");
        return;
    };
    // Folders are looked into before any picture is.
    let run = run.failed(1, &[("folder cannot be read", "secret"), ("may not read this file", "b.png")]);
    assert_eq!(super::rows(&run.stdout).len(), 1);
}

/// Root runs the program as somebody without rights; none where the program cannot be reached by everybody.
#[cfg(unix)]
pub fn as_nobody(desk: &Desk, arguments: &str) -> Option<Run> {
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::process::CommandExt;

    fs::set_permissions(desk.path(""), fs::Permissions::from_mode(0o777)).unwrap();
    let output = desk.command(arguments).uid(65_534).gid(65_534).output().ok()?;
    Some(Run::of(&output))
}

#[test]
fn a_folder_without_pictures_is_named() {
    let desk = Desk::with_faces();
    fs::create_dir(desk.path("bare")).unwrap();
    fs::create_dir(desk.path("folder.png")).unwrap();
    desk.put("texts/notes.txt", "no picture");
    desk.put("texts/.hidden.png", desk.bytes("a.png"));
    let failures = [("has no pictures", "bare"), ("has no pictures", "texts"), ("has no pictures", "folder.png")];
    desk.run("reconstruct bare texts folder.png a.png -o out").failed(1, &failures);
    assert_eq!(desk.files_in("out"), ["out/a.png"]);
    desk.run("transfer --source folder.png --target a.png --parts pose -o t.png")
        .failed(1, &[("a folder where a picture was expected", "folder.png")]);
}

#[test]
fn a_folder_of_bad_pictures_still_yields_its_good_ones() {
    let desk = Desk::with_faces();
    desk.put("mix/1.png", "");
    desk.put("mix/2.png", desk.bytes("a.png"));
    desk.put("mix/3.png", "text");
    desk.put("mix/4.png", desk.bytes("b.png"));
    desk.run("edit mix --roll 0 -o out").failed(1, &[("0 bytes", "mix/1.png"), ("not a picture", "mix/3.png")]);
    assert_eq!(desk.files_in("out"), ["out/2.png", "out/4.png"]);
}

#[test]
fn nothing_but_bad_pictures_leaves_nothing() {
    let desk = Desk::empty();
    desk.put("1.png", "");
    desk.run("reconstruct 1.png -o out.png").failed(1, &[("0 bytes", "1.png")]);
    desk.run("edit 1.png gone.png --yaw 5 -o out").failed(1, &[("0 bytes", "1.png"), ("no such file", "gone.png")]);
    assert_eq!(desk.files(), ["1.png"]);
}

#[test]
fn a_bad_edit_file_is_named() {
    let desk = Desk::with_faces();
    let file = |edit: &str| format!(r#"{{"format": "facespace edit", "version": 1, "edit": {edit}}}"#);
    let cases = [
        (file(r#"{"pose": {"yaw": {"set_deg": NaN}}}"#), "not an edit file"),
        (file(r#"{"pose": {"yaw": {"set_deg": null}}}"#), "not an edit file"),
        (file(r#"{"pose": {"yaw": {"set_deg": 1e999}}}"#), "not an edit file"),
        (file(r#"{"pose": {"yaw": {"set_deg": 120}}}"#), "from -90 to 90"),
        (file(r#"{"hair": {"raw": {"1": 0.5}}}"#), "hair"),
        (file(r#"{"expression": {"classes": {"smug": 1}}}"#), "smug"),
        (file(r#"{"identity": {"raw": {"32": 0.1}}}"#), "numbers 0 to 31"),
        (file(r#"{"identity": {"classes": {"happy": 1}}}"#), "only expression has"),
        (r#"{"format": "facespace edit", "version": 2, "edit": {}, "news": 1}"#.to_owned(), "update facespace"),
        (r#"{"format": "another program", "version": 1}"#.to_owned(), "not an edit file"),
        ("[0.1, 0.2, 0.3]".to_owned(), "not an edit file"),
        (String::new(), "not an edit file"),
        (file("{}")[..30].to_owned(), "not an edit file"),
    ];
    for (text, says) in cases {
        desk.put("e.json", &text);
        desk.run("edit a.png b.png --edit e.json -o out").failed(1, &[(says, "e.json")]);
    }
    desk.put("e.json", [0xFF, 0xFE, 0x00]);
    desk.run("edit a.png --edit e.json -o out").failed(1, &[("edit file cannot be read", "e.json")]);
    desk.run("edit a.png --edit no.json -o out").failed(1, &[("edit file cannot be read", "no.json")]);
    assert_eq!(desk.files(), ["a.png", "b.png", "c.png", "e.json"]);
}
