//! `facespace find`.

use facespace::face::{FaceBox, Found, Landmarks};
use serde_json::Value;

use super::{Desk, one, three};

/// The faces of a line of the output.
fn faces(line: &Value) -> Vec<Found> {
    serde_json::from_value(line["faces"].clone()).unwrap()
}

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// That of the truth's faces each is found where it is, and nothing else.
#[track_caller]
fn assert_found(faces: &[Found], truth: &[Landmarks]) {
    assert_eq!(faces.len(), truth.len());
    for truth in truth {
        let frame = FaceBox::from_landmarks(truth).unwrap();
        let overlap = faces.iter().map(|face| face.frame.overlap(&frame)).fold(0.0, f32::max);
        assert!(overlap > 0.5, "the best box overlaps {frame:?} by {overlap}");
    }
}

#[test]
fn every_face_is_found_largest_first_and_none_is_no_failure() {
    let desk = Desk::with_photographs();
    let run = desk.run("find one.png three.png none.png").ok();
    let lines = lines(&run.stdout);
    let files: Vec<&str> = lines.iter().map(|line| line["file"].as_str().unwrap()).collect();
    assert_eq!(files, ["one.png", "three.png", "none.png"]);
    assert_found(&faces(&lines[0]), &one().faces);
    assert_found(&faces(&lines[1]), &three().faces);
    assert_eq!(lines[2]["faces"], serde_json::json!([]));

    let areas: Vec<f32> = faces(&lines[1]).iter().map(|face| face.frame.area()).collect();
    assert!(areas.is_sorted_by(|a, b| a >= b), "{areas:?}");
}

#[test]
fn a_face_has_its_box_its_points_its_pose_and_a_confidence() {
    let desk = Desk::with_photographs();
    let line = lines(&desk.run("find one.png").ok().stdout).remove(0);
    assert_eq!(line.as_object().unwrap().len(), 2);
    let face = &line["faces"][0];
    let mut names: Vec<&str> = face.as_object().unwrap().keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(names, ["box", "confidence", "landmarks", "pitch_deg", "roll_deg", "yaw_deg"]);
    assert_eq!(face["box"].as_array().unwrap().len(), 4);
    assert_eq!(face["landmarks"].as_array().unwrap().len(), 68);
    assert_eq!(face["landmarks"][67].as_array().unwrap().len(), 2);

    let found = faces(&line).remove(0);
    assert!((0.0..=1.0).contains(&found.confidence), "{}", found.confidence);
    let truth = &one().faces[0];
    let apart = |a: [f32; 2], b: [f32; 2]| (a[0] - b[0]).hypot(a[1] - b[1]);
    let off = found.landmarks.iter().zip(truth).map(|(&a, &b)| apart(a, b)).sum::<f32>() / 68.0;
    let share = off / apart(truth[36], truth[45]);
    assert!(share < 0.12, "the points are off by {share} of the eyes' distance");
    // The head's own roll, not what a levelled crop leaves of it.
    let roll = one().poses[0].roll_deg;
    assert!((found.pose.roll_deg - roll).abs() < 12.0, "{} is not {roll} degrees", found.pose.roll_deg);
}

#[test]
fn a_folder_goes_into_a_file_line_by_line() {
    let desk = Desk::with_photographs();
    desk.put("in/1.png", desk.bytes("three.png"));
    desk.put("in/2.png", desk.bytes("none.png"));
    desk.put("in/3.png", desk.bytes("one.png"));
    desk.put("in/notes.txt", "no picture");
    let printed = desk.run("find in").ok().stdout;
    let run = desk.run("find in -o faces.jsonl --json report.json").ok();
    assert_eq!(run.stdout, "");
    assert_eq!(String::from_utf8(desk.bytes("faces.jsonl")).unwrap(), printed);
    let report = desk.json("report.json");
    assert_eq!(report["results"].as_array().unwrap().len(), 3);
    assert_eq!(report["results"][0]["faces"].as_array().unwrap().len(), 3);
    assert_eq!(report["results"][1]["file"], "in/2.png");

    let run = desk.run("find one.png --json -").ok();
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(report["results"][0]["file"], "one.png");
}

#[test]
fn drawn_faces_go_into_a_folder_without_the_mark_of_the_synthetic() {
    let desk = Desk::with_photographs();
    desk.run("find one.png three.png none.png --draw drawn -o faces.jsonl").ok();
    assert_eq!(desk.files_in("drawn"), ["drawn/none.png", "drawn/one.png", "drawn/three.png"]);
    assert_eq!(desk.picture("drawn/none.png"), desk.picture("none.png"));
    super::assert_differs(&desk.picture("drawn/three.png"), &three().picture);
    let mark = b"DigitalSourceType";
    assert!(!desk.bytes("drawn/one.png").windows(mark.len()).any(|bytes| bytes == mark));

    // What is drawn lies at the faces.
    let (drawn, photo) = (desk.picture("drawn/one.png"), &one().picture);
    let frame = faces(&lines(&String::from_utf8(desk.bytes("faces.jsonl")).unwrap())[0])[0].frame;
    let mut changed = drawn.enumerate_pixels().filter(|(x, y, pixel)| photo.get_pixel(*x, *y) != *pixel);
    let far = 0.4 * frame.h;
    let wide = FaceBox { x: frame.x - far, y: frame.y - far, w: frame.w + 2.0 * far, h: frame.h + 2.0 * far };
    assert!(changed.all(|(x, y, _)| wide.contains([x as f32, y as f32])));
}

#[test]
fn what_cannot_be_searched_is_named_and_the_others_are_done() {
    let desk = Desk::with_photographs();
    desk.put("bad.png", "Dear reader");
    let failures = [("not a picture", "bad.png"), ("no such file", "gone.png")];
    let run = desk.run("find bad.png one.png gone.png").failed(1, &failures);
    assert_eq!(lines(&run.stdout).len(), 1);
    desk.run("find bad.png one.png gone.png -o faces.jsonl").failed(1, &failures);
    assert_eq!(String::from_utf8(desk.bytes("faces.jsonl")).unwrap(), run.stdout);

    desk.run("find one.png -o no/faces.jsonl").failed(1, &[("folder to write into", "no/faces.jsonl")]);
    let full = [("FACESPACE_FAULT_WRITE", "100")];
    desk.run_with(&full, "find one.png -o full.jsonl").failed(1, &[("The disk is full", "full.jsonl")]);
    desk.run_with(&full, "find one.png --draw full").failed(1, &[("The disk is full", "full/one.png")]);
    assert!(!desk.files().iter().any(|name| name.starts_with("full")));
}

#[test]
fn faces_of_any_odd_picture_are_a_sensible_answer() {
    let desk = Desk::empty();
    let picture = |name: &str, width: u32, height: u32| {
        crate::data::pattern(width, height).save(desk.path(name)).unwrap();
        let line = lines(&desk.run(&format!("find {name}")).ok().stdout).remove(0);
        assert!(line["faces"].is_array());
    };
    picture("small.png", 32, 32);
    picture("thin.png", 32, 1500);
    picture("wide.png", 1500, 40);
    picture("crop.png", 128, 128);
}
