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
fn a_part_may_have_a_strength_of_its_own() {
    let desk = Desk::with_faces();
    let faces = "--source a.png --target b.png";
    desk.run(&format!("transfer {faces} --parts identity=0,style=0.5,pose --json r.json -o own.png")).ok();
    desk.run(&format!("transfer {faces} --parts pose -o pose.png")).ok();
    desk.run(&format!("transfer {faces} --parts style,pose=1 --strength 0.5 -o usual.png")).ok();
    assert_eq!(desk.picture("own.png"), desk.picture("usual.png"));
    assert_differs(&desk.picture("own.png"), &desk.picture("pose.png"));
    let report = desk.json("r.json")["results"].clone();
    assert_eq!(report["parts"], serde_json::json!(["pose", "identity", "style"]));
    assert_eq!(report["strengths"], serde_json::json!({"pose": 1.0, "identity": 0.0, "style": 0.5}));
}

#[test]
fn many_faces_make_a_labelled_sheet() {
    let desk = Desk::with_faces();
    let faces = "--source a.png b.png --target b.png c.png a.png";
    desk.run(&format!("transfer {faces} --parts expression=0.7,identity -o sheet.png --json r.json")).ok();
    let sheet = desk.picture("sheet.png");
    let (width, height) = sheet.dimensions();
    // A row and a column more than cells, and the names.
    assert!(width > 3 * 128 && height > 4 * 128, "{width} x {height}");
    desk.run("transfer --source b.png --target a.png --parts expression=0.7,identity -o last.png").ok();
    let last = imageops::crop_imm(&sheet, width - 12 - 128, height - 12 - 128, 128, 128).to_image();
    assert_same(&last, &desk.picture("last.png"));
    desk.run("reconstruct b.png -o head.png").ok();
    let head = imageops::crop_imm(&sheet, width - 12 - 128, height - 12 - 4 * 128 - 3 * 6, 128, 128).to_image();
    assert_same(&head, &desk.picture("head.png"));

    let report = desk.json("r.json")["results"].clone();
    let files = |key: &str| -> Vec<String> {
        let entries = report[key].as_array().unwrap().iter();
        entries.map(|entry| entry["file"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!((files("sources"), files("targets").len()), (vec!["a.png".to_owned(), "b.png".to_owned()], 3));
    let cells = report["cells"].as_array().unwrap();
    assert_eq!((cells.len(), &cells[5]["source"], &cells[5]["target"]), (6, &"b.png".into(), &"a.png".into()));
    assert!(cells.iter().all(|cell| cell["output"].is_null() && cell["drift"]["identity_deg"].is_number()));
    assert_eq!((&report["output"], &report["mix"]), (&"sheet.png".into(), &serde_json::Value::Null));
}

#[test]
fn many_faces_go_into_a_folder_a_file_each() {
    let desk = Desk::with_faces();
    desk.put("x/a.png", desk.bytes("c.png"));
    desk.run("transfer --source a.png x/a.png --target b.png c.png --parts style -o out --json r.json").ok();
    let names = ["out/b--a-2.png", "out/b--a.png", "out/c--a-2.png", "out/c--a.png"];
    assert_eq!(desk.files_in("out"), names);
    desk.run("transfer --source x/a.png --target b.png --parts style -o alone.png").ok();
    assert_same(&desk.picture("alone.png"), &desk.picture("out/b--a-2.png"));
    let cells = desk.json("r.json")["results"]["cells"].clone();
    assert_eq!((&cells[1]["source"], &cells[1]["output"]), (&"x/a.png".into(), &"out/b--a-2.png".into()));

    // One and one may have a folder, too.
    desk.run("transfer --source a.png --target b.png --parts style -o single").ok();
    assert_same(&desk.picture("single/b--a.png"), &desk.picture("out/b--a.png"));
}

#[test]
fn a_face_among_many_that_cannot_be_read_is_named_and_the_others_go_on() {
    let desk = Desk::with_faces();
    desk.put("torn.png", &desk.bytes("b.png")[..5000]);
    let run = |output: &str| {
        let faces = "--source a.png no.png --target torn.png b.png c.png";
        desk.run(&format!("transfer {faces} --parts pose -o {output} --json r.json"))
    };
    let failures = [("no such file", "no.png"), ("cut off", "torn.png")];
    run("out").failed(1, &failures);
    assert_eq!(desk.files_in("out"), ["out/b--a.png", "out/c--a.png"]);
    run("sheet.png").failed(1, &failures);
    // The column of the source and the rows of two targets.
    assert!((3 * 128..4 * 128).contains(&desk.picture("sheet.png").height()));
    let report = desk.json("r.json");
    assert_eq!(report["results"]["cells"].as_array().unwrap().len(), 2);
    assert_eq!(report["failures"].as_array().unwrap().len(), 2);

    // A mix is made of all or not at all.
    let before = desk.files();
    desk.run("transfer --source a.png no.png --mix 1 --target b.png c.png --parts pose -o mixed.png")
        .failed(1, &[("no such file", "no.png")]);
    desk.run("transfer --source no.png gone.png --target b.png c.png --parts pose -o none.png")
        .failed(1, &[("no such file", "no.png"), ("no such file", "gone.png")]);
    assert_eq!(desk.files(), before);
}

#[test]
fn sources_are_mixed_by_their_weights() {
    let desk = Desk::with_faces();
    let mixed = |weights: &str, output: &str| {
        let faces = "--source a.png b.png --target c.png --parts pose,identity,style";
        desk.run(&format!("transfer {faces} --mix {weights} -o {output} --json r.json")).ok();
        desk.picture(output)
    };
    desk.run("transfer --source a.png --target c.png --parts pose,identity,style -o alone.png").ok();
    let alone = desk.picture("alone.png");
    assert_same(&mixed("2,0", "first.png"), &alone);
    let (even, tilted) = (mixed("1", "even.png"), mixed("3,1", "tilted.png"));
    assert_same(&mixed("0.5,0.5", "again.png"), &even);
    assert_differs(&even, &alone);
    assert_differs(&even, &tilted);
    let report = desk.json("r.json")["results"].clone();
    assert_eq!((&report["mix"], report["cells"].as_array().unwrap().len()), (&serde_json::json!([0.5, 0.5]), 1));
    assert!(report["cells"][0]["source"].is_null());

    desk.run("transfer --source a.png b.png --mix 1 --target c.png a.png --parts style -o out").ok();
    assert_eq!(desk.files_in("out"), ["out/a--mix.png", "out/c--mix.png"]);
}

#[test]
fn many_photographs_keep_their_size_in_a_folder() {
    let desk = Desk::with_photographs();
    let faces = Desk::with_faces();
    desk.put("a.png", faces.bytes("a.png"));
    desk.put("b.png", faces.bytes("b.png"));
    let transfer = "transfer --source a.png one.png --target one.png three.png b.png --parts identity --quiet";
    desk.run(&format!("{transfer} -o whole")).ok();
    let size = |name: &str| desk.picture(name).dimensions();
    assert_eq!(size("whole/one--a.png"), super::one().picture.dimensions());
    assert_eq!(size("whole/three--one.png"), super::three().picture.dimensions());
    assert_eq!(size("whole/b--a.png"), (128, 128));
    desk.run(&format!("{transfer} --crop -o alone")).ok();
    assert_eq!(size("alone/one--a.png"), (128, 128));
    desk.run("transfer --source one.png --target one.png --parts identity -o alone.png --crop --quiet").ok();
    assert_same(&desk.picture("alone.png"), &desk.picture("alone/one--one.png"));
}

#[test]
fn a_board_that_makes_no_sense_is_refused() {
    let desk = Desk::with_faces();
    desk.put("b--a.png", desk.bytes("c.png"));
    let before = desk.files();
    let run = |options: &str| desk.run(&format!("transfer --source a.png b.png --target c.png {options}"));
    run("--parts pose --mix 1,2,3 -o out.png").refused("3 weights in --mix for 2 sources");
    run("--parts pose --mix 0 -o out.png").refused("raise one of them");
    run("--parts pose --mix 1,-1 -o out.png").misread("0 or above");
    run("--parts pose --mix 1,NaN -o out.png").misread("0 or above");
    run("--parts pose=1.5 -o out.png").misread("from 0 to 1");
    run("--parts hair=1 -o out.png").misread("pose, identity, expression, style");
    run("--parts pose,pose=0.5 -o out.png").refused("named twice");
    run("--all-except pose,identity,expression,style -o out.png").refused("Nothing is left to give");
    run("--parts pose --save-recipe r.json -o out.png").refused("a recipe of its own");
    run("--parts pose -o out.pdf").failed(2, &[("saved as .png", "out.pdf")]);
    run("--parts pose --mix 1 --save-recipe b.png -o out.png").failed(2, &[("overwrite", "b.png")]);
    run("--parts pose -o a.png").failed(2, &[("overwrite", "a.png")]);
    desk.run("transfer --source a.png --target b.png b--a.png --parts pose -o .")
        .failed(2, &[("overwrite", "./b--a.png")]);
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
