//! Commands on whole photographs: faces that are found by themselves, chosen by number, and put back after an edit.

use facespace::face::{Crop, FaceBox, Landmarks};
use image::{RgbImage, imageops};
use serde_json::Value;

use super::{Desk, assert_differs, assert_same, one, rows, three};

/// What turns a head and makes it smile; remarks about synthetic people are no matter here.
const CHANGES: &str = "--yaw=+15 --expression happy=1 --quiet";

fn number(value: &Value) -> f32 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number")) as f32
}

/// The places of the pixels that differ.
fn changed(a: &RgbImage, b: &RgbImage) -> Vec<[f32; 2]> {
    assert_eq!(a.dimensions(), b.dimensions());
    let differ = a.enumerate_pixels().filter(|(x, y, pixel)| b.get_pixel(*x, *y) != *pixel);
    differ.map(|(x, y, _)| [x as f32 + 0.5, y as f32 + 0.5]).collect()
}

/// Whether a place lies in the crop of the face with these landmarks, or as close to it as the finder may be off.
fn is_in(face: &Landmarks, place: [f32; 2]) -> bool {
    let square = Crop::from_landmarks(face).unwrap();
    square.crop_from_photo(place).iter().all(|v| (-16.0..144.0).contains(v))
}

/// The truth's face that an entry of the report is about.
fn truth_of(found: &Value, truth: &[Landmarks]) -> usize {
    let frame: FaceBox = serde_json::from_value(found["box"].clone()).unwrap();
    let overlaps = truth.iter().map(|face| frame.overlap(&FaceBox::from_landmarks(face).unwrap()));
    let (best, overlap) = overlaps.enumerate().max_by(|a, b| a.1.total_cmp(&b.1)).unwrap();
    assert!(overlap > 0.5, "{found}");
    best
}

#[test]
fn an_edit_changes_the_face_in_its_photograph_and_nothing_else() {
    let desk = Desk::with_photographs();
    desk.run(&format!("edit one.png {CHANGES} -o out.png --json r.json")).ok();
    let out = desk.picture("out.png");
    assert_differs(&one().picture, &out);
    let changed = changed(&one().picture, &out);
    assert!(changed.len() > 500, "{} pixels changed", changed.len());
    let face = &one().faces[0];
    assert!(changed.iter().all(|&place| is_in(face, place)));

    let mark = b"digitalsourcetype/compositeWithTrainedAlgorithmicMedia";
    assert!(desk.bytes("out.png").windows(mark.len()).any(|bytes| bytes == mark));
    let result = desk.json("r.json")["results"][0].clone();
    assert_eq!((result["file"].as_str(), result["output"].as_str()), (Some("one.png"), Some("out.png")));
    let found = &result["found"];
    assert_eq!((&found["face"], &found["faces"]), (&1.into(), &1.into()));
    assert_eq!(truth_of(found, &one().faces), 0);
    assert!((0.0..=1.0).contains(&number(&found["confidence"])));
    // The crop is levelled, so what is left of the roll is little.
    assert!(number(&found["pose_by_landmarks"]["roll_deg"]).abs() < 20.0, "{found}");
    number(&found["pose_by_landmarks"]["yaw_deg"]);
    for remark in found["remarks"].as_array().unwrap() {
        super::assert_sentence(remark["text"].as_str().unwrap());
        assert!(remark["kind"].is_string());
    }
    number(&result["drift"]["identity_deg"]);
}

#[test]
fn an_edit_that_changes_nothing_leaves_every_pixel() {
    let desk = Desk::with_photographs();
    desk.put("empty.json", r#"{"format": "facespace edit", "version": 1, "edit": {}}"#);
    desk.run("edit one.png three.png --edit empty.json --all -o out --quiet").ok();
    assert_eq!(desk.picture("out/one.png"), one().picture);
    assert_eq!(desk.picture("out/three.png"), three().picture);
    desk.run(&format!("edit one.png {CHANGES} --strength 0 -o none.png")).ok();
    assert_eq!(desk.picture("none.png"), one().picture);
}

#[test]
fn strength_mask_and_mode_say_how_a_face_goes_back() {
    let desk = Desk::with_photographs();
    let edit = |options: &str, name: &str| {
        desk.run(&format!("edit one.png {CHANGES} {options} -o {name}")).ok();
        desk.picture(name)
    };
    let whole = edit("", "whole.png");
    let half = edit("--strength 0.3", "half.png");
    let off = |made: &RgbImage| -> u64 {
        let pixels = made.as_raw().iter().zip(one().picture.as_raw());
        pixels.map(|(a, b)| u64::from(a.abs_diff(*b))).sum()
    };
    assert!(off(&half) > 0 && off(&half) < off(&whole), "{} and {}", off(&half), off(&whole));

    let count = |made: &RgbImage| changed(&one().picture, made).len();
    let (small, large) = (edit("--mask 0.6", "small.png"), edit("--mask 1.4", "large.png"));
    assert!(count(&small) < count(&large), "{} and {}", count(&small), count(&large));
    assert_differs(&whole, &edit("--generated", "generated.png"));
}

#[test]
fn the_face_alone_is_written_where_that_is_asked_for() {
    let desk = Desk::with_photographs();
    desk.run(&format!("edit one.png {CHANGES} --crop -o alone.png")).ok();
    assert_eq!(desk.picture("alone.png").dimensions(), (128, 128));
    let mark = b"digitalsourcetype/trainedAlgorithmicMedia";
    assert!(desk.bytes("alone.png").windows(mark.len()).any(|bytes| bytes == mark));
    desk.run(&format!("edit three.png {CHANGES} --crop --all -o alone")).ok();
    assert_eq!(desk.files_in("alone"), ["alone/three-2.png", "alone/three-3.png", "alone/three.png"]);

    // What is a crop already stays one.
    let faces = Desk::with_faces();
    faces.run("edit a.png --yaw 10 -o crop.png").ok();
    faces.run("edit a.png --yaw 10 --crop -o same.png").ok();
    assert_eq!(faces.picture("crop.png"), faces.picture("same.png"));
    assert_eq!(faces.picture("crop.png").dimensions(), (128, 128));
}

#[test]
fn all_faces_go_back_into_one_photograph() {
    let desk = Desk::with_photographs();
    desk.run(&format!("edit three.png {CHANGES} --all -o out.png --json r.json")).ok();
    let changed = changed(&three().picture, &desk.picture("out.png"));
    for face in &three().faces {
        let own = changed.iter().filter(|&&place| is_in(face, place)).count();
        assert!(own > 100, "{own} pixels of a face changed");
    }
    assert!(changed.iter().all(|&place| three().faces.iter().any(|face| is_in(face, place))));
    let results = desk.json("r.json")["results"].as_array().unwrap().clone();
    let mut seen: Vec<usize> = results.iter().map(|result| truth_of(&result["found"], &three().faces)).collect();
    seen.sort_unstable();
    assert_eq!(seen, [0, 1, 2]);
    assert!(results.iter().all(|result| result["output"] == "out.png" && result["found"]["faces"] == 3));
}

#[test]
fn a_face_is_chosen_by_its_number() {
    let desk = Desk::with_photographs();
    for chosen in [1, 3] {
        desk.run(&format!("edit three.png {CHANGES} --face {chosen} -o out.png --json r.json")).ok();
        let result = desk.json("r.json")["results"][0].clone();
        assert_eq!(result["found"]["face"], chosen);
        let face = &three().faces[truth_of(&result["found"], &three().faces)];
        assert!(changed(&three().picture, &desk.picture("out.png")).iter().all(|&place| is_in(face, place)));
    }
    // The largest is taken where nothing is said.
    let codes = desk.codes("three.png");
    let first = desk.codes("three.png --face 1");
    assert!(codes["three.png"].is_near(&first["three.png"]));
    assert!(!codes["three.png"].is_near(&desk.codes("three.png --face 2")["three.png"]));

    // One number is for all, several are for the photographs in order.
    let failure = ("This photograph has one face and no face 2", "one.png");
    desk.run("encode three.png one.png --face 2").failed(1, &[failure]);
    desk.run("encode three.png one.png --face 2 --face 1").ok();
    desk.run("encode three.png --face 4").failed(1, &[("This photograph has 3 faces and no face 4", "three.png")]);
    desk.run("encode three.png --face 1 --face 2").refused("too many --face (1 without a photograph)");
}

#[test]
fn encode_gives_a_row_a_face() {
    let desk = Desk::with_photographs();
    let run = desk.run("encode three.png one.png --all --json r.json").ok();
    let mut reader = csv::Reader::from_reader(run.stdout.as_bytes());
    let header: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    assert_eq!((header.len(), &header[..3]), (101, &["file", "face", "yaw_deg"].map(str::to_owned)[..]));
    let rows_of_all: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let places: Vec<(&str, &str)> = rows_of_all.iter().map(|row| (&row[0], &row[1])).collect();
    assert_eq!(places, [("three.png", "1"), ("three.png", "2"), ("three.png", "3"), ("one.png", "1")]);

    let alone = rows(&desk.run("encode three.png --face 2").ok().stdout).remove(0);
    let of_all: Vec<f32> = rows_of_all[1].iter().skip(2).map(|value| value.parse().unwrap()).collect();
    assert!(alone.is_near(&super::Row { file: String::new(), values: of_all }));

    let report = desk.json("r.json")["results"].clone();
    assert_eq!((&report[2]["face"], &report[2]["found"]["faces"]), (&3.into(), &3.into()));
    assert!(report[2]["found"]["remarks"].is_array());
}

#[test]
fn reconstructions_of_several_faces_are_numbered() {
    let desk = Desk::with_photographs();
    desk.put("in/three.png", desk.bytes("three.png"));
    desk.put("in/three-2.png", desk.bytes("one.png"));
    desk.run("reconstruct in --all -o out").ok();
    let names = ["out/three-2.png", "out/three-3.png", "out/three-4.png", "out/three.png"];
    assert_eq!(desk.files_in("out"), names);
    desk.run("reconstruct in/three-2.png -o own.png").ok();
    assert_same(&desk.picture("own.png"), &desk.picture("out/three-2.png"));

    desk.run("reconstruct three.png --all -o r.png").ok();
    assert!(["r.png", "r-2.png", "r-3.png"].iter().all(|name| desk.picture(name).dimensions() == (128, 128)));
    // A numbered name is no way to write over an input.
    desk.put("r-2.png", desk.bytes("three.png"));
    desk.run("reconstruct r-2.png --all -o r.png").failed(2, &[("overwrite", "r-2.png")]);
    assert_eq!(desk.picture("r-2.png"), three().picture);
}

#[test]
fn a_transfer_goes_into_the_targets_photograph() {
    let desk = Desk::with_photographs();
    let faces = Desk::with_faces();
    desk.put("a.png", faces.bytes("a.png"));
    let transfer = "transfer --source a.png --target one.png --parts identity,expression --quiet";
    desk.run(&format!("{transfer} -o out.png --json r.json")).ok();
    let out = desk.picture("out.png");
    assert_differs(&one().picture, &out);
    assert!(changed(&one().picture, &out).iter().all(|&place| is_in(&one().faces[0], place)));
    let found = desk.json("r.json")["results"]["found"].clone();
    assert!(found["source"].is_null());
    assert_eq!(truth_of(&found["target"], &one().faces), 0);

    desk.run(&format!("{transfer} --crop -o alone.png")).ok();
    assert_eq!(desk.picture("alone.png").dimensions(), (128, 128));
    desk.run(&format!("{transfer} --paste-strength 0 -o none.png")).ok();
    assert_eq!(desk.picture("none.png"), one().picture);

    // From one face of a photograph to another of the same.
    let within = "transfer --source three.png --target three.png --face 2 --face 1 --parts identity --quiet";
    desk.run(&format!("{within} -o swapped.png --json r.json")).ok();
    let found = desk.json("r.json")["results"]["found"].clone();
    assert_eq!((&found["source"]["face"], &found["target"]["face"]), (&2.into(), &1.into()));
    let taker = &three().faces[truth_of(&found["target"], &three().faces)];
    assert!(changed(&three().picture, &desk.picture("swapped.png")).iter().all(|&place| is_in(taker, place)));
}

#[test]
fn faces_of_photographs_are_interpolated_and_kept_alone() {
    let desk = Desk::with_photographs();
    desk.run("interpolate one.png three.png --face 1 --face 2 --steps 3 -o strip.png").ok();
    let strip = desk.picture("strip.png");
    assert_eq!(strip.dimensions(), (3 * 128, 128));
    desk.run("reconstruct three.png --face 2 -o own.png").ok();
    let last = imageops::crop_imm(&strip, 2 * 128, 0, 128, 128).to_image();
    assert_same(&last, &desk.picture("own.png"));
    desk.run("sample --count 1 --keep pose,identity,expression,style --from three.png --face 2 -o kept").ok();
    assert_same(&desk.picture("kept/sample-0001.png"), &desk.picture("own.png"));
}

#[test]
fn a_refined_face_is_nearer_to_its_picture() {
    let desk = Desk::with_photographs();
    desk.run("edit one.png --yaw=+10 --refine -o out.png --quiet --json r.json").ok();
    assert_eq!(desk.picture("out.png").dimensions(), one().picture.dimensions());
    let refined = desk.json("r.json")["results"][0]["refined"].clone();
    let (before, after) = (number(&refined["rmse_before"]), number(&refined["rmse_after"]));
    assert!(after < before, "{before} and {after}");
}

#[test]
fn remarks_are_said_on_stderr_about_the_face() {
    let desk = Desk::with_photographs();
    // A face of 36 pixels.
    let share = 36.0 / FaceBox::from_landmarks(&one().faces[0]).unwrap().h;
    let [width, height] = [one().picture.width(), one().picture.height()].map(|side| (share * side as f32) as u32);
    let tiny = imageops::resize(&one().picture, width, height, imageops::FilterType::Triangle);
    tiny.save(desk.path("tiny.png")).unwrap();
    let run = desk.run("edit tiny.png --yaw=+10 -o out.png");
    assert_eq!(run.code, 0, "{}", run.stderr);
    let small = run.stderr.lines().find(|line| line.contains("pixels high")).expect("a remark on the size");
    super::assert_sentence(small);
    assert!(small.ends_with(": tiny.png"), "{small}");
    desk.run("edit tiny.png --yaw=+10 -o out.png --quiet").ok();
}

#[test]
fn options_that_make_no_sense_together_are_refused() {
    let desk = Desk::with_photographs();
    let before = desk.files();
    let edit = |options: &str| desk.run(&format!("edit three.png --yaw 5 {options} -o out.png"));
    edit("--face 0").misread("1..");
    edit("--all --face 1").misread("cannot be used with");
    edit("--all --points 1,2,3,4,5,6").misread("cannot be used with");
    edit("--face 1 --aligned").misread("cannot be used with");
    edit("--crop --generated").misread("cannot be used with");
    edit("--crop --mask 1").misread("cannot be used with");
    edit("--strength 1.5").refused("0 to 1");
    edit("--strength -1").refused("0 to 1");
    edit("--mask 3").refused("0.5 to 1.5");
    edit("--mask NaN").refused("0.5 to 1.5");
    assert_eq!(desk.files(), before);
}
