//! `facespace encode`.

use facespace::face::UnitPart;
use image::ImageFormat;

use super::{Desk, a_face, rows};
use crate::data::bytes_of;

#[test]
fn encode_prints_a_row_a_face_under_the_agreed_header() {
    let desk = Desk::with_faces();
    let run = desk.run("encode a.png b.png").ok();
    let mut header = vec!["file".to_owned(), "yaw_deg".to_owned(), "pitch_deg".to_owned(), "roll_deg".to_owned()];
    for part in ["identity", "expression", "style"] {
        header.extend((0..32).map(|i| format!("{part}.{i}")));
    }
    assert_eq!(run.stdout.lines().next().unwrap(), header.join(","));
    let rows = rows(&run.stdout);
    assert_eq!(rows.iter().map(|row| row.file.as_str()).collect::<Vec<_>>(), ["a.png", "b.png"]);
    for row in &rows {
        assert_eq!(row.values.len(), 99);
        assert!(row.values[..3].iter().all(|angle| angle.abs() < 60.0), "{row:?}");
        for part in UnitPart::ALL {
            let length: f32 = row.values[part.part().range()].iter().map(|v| v * v).sum();
            assert!((length - 1.0).abs() < 1e-4, "{part} of {} has length {length}", row.file);
        }
    }
    assert_ne!(rows[0].values, rows[1].values);
}

#[test]
fn encode_takes_files_and_folders_and_each_picture_once() {
    let desk = Desk::with_faces();
    desk.put("more/z.png", desk.bytes("c.png"));
    desk.put("more/y.png", desk.bytes("b.png"));
    desk.put("more/notes.txt", "no picture");
    let run = desk.run("encode b.png more ./b.png more/z.png a.png").ok();
    let files: Vec<String> = rows(&run.stdout).into_iter().map(|row| row.file).collect();
    assert_eq!(files, ["b.png", "more/y.png", "more/z.png", "a.png"]);
}

#[test]
fn encode_gives_the_same_numbers_as_json_and_into_a_file() {
    let desk = Desk::with_faces();
    let printed = desk.run("encode a.png b.png").ok();
    let written = desk.run("encode a.png b.png -o rows.csv").ok();
    assert_eq!(written.stdout, "");
    assert_eq!(String::from_utf8(desk.bytes("rows.csv")).unwrap(), printed.stdout);

    let json = desk.run("encode a.png b.png --format json").ok();
    desk.run("encode a.png b.png --format json --output rows.json").ok();
    assert_eq!(String::from_utf8(desk.bytes("rows.json")).unwrap(), json.stdout);
    let header: Vec<&str> = printed.stdout.lines().next().unwrap().split(',').collect();
    let objects = desk.json("rows.json");
    assert_eq!(objects.as_array().unwrap().len(), 2);
    for (object, row) in objects.as_array().unwrap().iter().zip(rows(&printed.stdout)) {
        assert_eq!(object.as_object().unwrap().len(), 100);
        assert_eq!(object["file"], row.file.as_str());
        for (name, value) in header[1..].iter().zip(row.values) {
            assert_eq!(object[*name].as_f64().unwrap() as f32, value, "{name}");
        }
    }
}

#[test]
fn encode_reads_every_format_by_its_content() {
    let desk = Desk::with_faces();
    let face = a_face();
    for (format, name) in [
        (ImageFormat::Png, "1.png"),
        (ImageFormat::Bmp, "2.bmp"),
        (ImageFormat::Tiff, "3.tiff"),
        (ImageFormat::WebP, "4.webp"),
        (ImageFormat::Jpeg, "5.jpg"),
        (ImageFormat::Gif, "6.gif"),
        (ImageFormat::Bmp, "7.png"),
    ] {
        desk.put(&format!("all/{name}"), bytes_of(face.clone(), format));
    }
    let codes = desk.codes("all");
    let exact = &codes["all/1.png"];
    assert_eq!(codes.len(), 7);
    for name in ["all/2.bmp", "all/3.tiff", "all/4.webp", "all/7.png"] {
        assert!(codes[name].is_near(exact), "{name}");
    }
    // A palette and a lossy codec change a face a little, not into another.
    for name in ["all/5.jpg", "all/6.gif"] {
        let off = codes[name].part(UnitPart::Identity).angle_deg(&exact.part(UnitPart::Identity));
        assert!(off < 40.0, "{name}: {off} degrees");
    }
}
