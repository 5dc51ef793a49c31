//! `facespace transfer` and `facespace interpolate`.

use facespace::face::UnitPart;
use image::codecs::gif::GifDecoder;
use image::{AnimationDecoder, imageops};

use super::{Desk, assert_differs, assert_same};

#[test]
fn the_named_parts_come_from_the_source() {
    let desk = Desk::with_faces();
    desk.run("transfer --source a.png --target b.png --parts identity,expression,style -o got.png --json r.json").ok();
    desk.run("transfer --source a.png --target b.png --all-except pose -o same.png").ok();
    desk.run("transfer --source a.png --target b.png --parts pose -o turned.png").ok();
    assert_eq!(desk.picture("got.png"), desk.picture("same.png"));
    assert_differs(&desk.picture("got.png"), &desk.picture("turned.png"));

    let report = desk.json("r.json")["results"].clone();
    assert_eq!(report["parts"], serde_json::json!(["identity", "expression", "style"]));
    assert_eq!((report["source"].as_str(), report["target"].as_str()), (Some("a.png"), Some("b.png")));
    assert!(report["drift"]["identity_deg"].is_number());

    let codes = desk.codes("a.png b.png got.png");
    let identity = |name: &str| codes[name].part(UnitPart::Identity);
    let off = |name: &str| identity("got.png").angle_deg(&identity(name));
    assert!(off("a.png") < off("b.png"), "{} and {} degrees", off("a.png"), off("b.png"));
}

#[test]
fn strength_is_the_way_from_target_to_source() {
    let desk = Desk::with_faces();
    desk.run("reconstruct a.png b.png -o own").ok();
    for strength in ["0", "0.7", "1"] {
        let parts = "--parts pose,identity,expression,style";
        desk.run(&format!("transfer --source a.png --target b.png {parts} --strength {strength} -o {strength}.png"))
            .ok();
    }
    assert_same(&desk.picture("0.png"), &desk.picture("own/b.png"));
    assert_same(&desk.picture("1.png"), &desk.picture("own/a.png"));
    assert_differs(&desk.picture("0.7.png"), &desk.picture("own/a.png"));
    assert_differs(&desk.picture("0.7.png"), &desk.picture("own/b.png"));
}

#[test]
fn a_transfer_that_makes_no_sense_is_refused() {
    let desk = Desk::with_faces();
    let before = desk.files();
    let run = |options: &str| desk.run(&format!("transfer --source a.png --target b.png {options} -o out.png"));
    run("--parts pose --all-except style").misread("cannot be used with");
    run("").misread("required");
    run("--parts hair").misread("pose, identity, expression, style");
    run("--parts pose --strength 1.5").misread("from 0 to 1");
    run("--parts pose --strength -0.5").misread("from 0 to 1");
    run("--parts pose --strength NaN").misread("from 0 to 1");
    assert_eq!(desk.files(), before);
}

#[test]
fn both_faces_of_a_transfer_are_needed() {
    let desk = Desk::with_faces();
    desk.put("torn.png", &desk.bytes("b.png")[..5000]);
    let before = desk.files();
    let run = |faces: &str| desk.run(&format!("transfer {faces} --parts pose -o out.png"));
    run("--source no.png --target b.png").failed(1, &[("no such file", "no.png")]);
    run("--source a.png --target torn.png").failed(1, &[("cut off", "torn.png")]);
    assert_eq!(desk.files(), before);
}

#[test]
fn a_strip_goes_from_one_face_to_the_other() {
    let desk = Desk::with_faces();
    desk.run("interpolate a.png b.png --steps 9 -o strip.png").ok();
    desk.run("reconstruct a.png b.png -o own").ok();
    let strip = desk.picture("strip.png");
    assert_eq!(strip.dimensions(), (9 * 128, 128));
    let step = |i: u32| imageops::crop_imm(&strip, i * 128, 0, 128, 128).to_image();
    assert_same(&step(0), &desk.picture("own/a.png"));
    assert_same(&step(8), &desk.picture("own/b.png"));
    assert_differs(&step(4), &step(0));
    assert_differs(&step(4), &step(8));
}

#[test]
fn a_gif_plays_the_way() {
    let desk = Desk::with_faces();
    desk.run("interpolate a.png b.png --steps 9 -o way.gif --json r.json").ok();
    let frames = GifDecoder::new(std::io::Cursor::new(desk.bytes("way.gif"))).unwrap().into_frames();
    let frames: Vec<_> = frames.map(Result::unwrap).collect();
    assert_eq!(frames.len(), 9);
    assert!(frames.iter().all(|frame| frame.buffer().dimensions() == (128, 128)));
    assert_eq!(desk.json("r.json")["results"]["steps"], 9);
    assert_ne!(frames[0].buffer(), frames[8].buffer());
}

#[test]
fn a_way_needs_two_ends_and_a_format() {
    let desk = Desk::with_faces();
    let before = desk.files();
    desk.run("interpolate a.png b.png --steps 1 -o strip.png").misread("2..=512");
    desk.run("interpolate a.png -o strip.png").misread("required");
    desk.run("interpolate a.png b.png -o strip.pdf").failed(2, &[("saved as .png", "strip.pdf")]);
    assert_eq!(desk.files(), before);
}
