//! `facespace reconstruct`.

use facespace::face::UnitPart;

use super::{Desk, assert_differs};

#[test]
fn reconstruct_writes_a_picture_that_is_the_same_face() {
    let desk = Desk::with_faces();
    let run = desk.run("reconstruct a.png -o again.png").ok();
    assert_eq!(run.stdout, "");
    assert_eq!(desk.picture("again.png").dimensions(), (128, 128));
    let part = UnitPart::Identity;
    let codes = desk.codes("a.png b.png again.png");
    let off = |name: &str| codes["again.png"].part(part).angle_deg(&codes[name].part(part));
    assert!(off("a.png") < off("b.png"), "{} and {} degrees", off("a.png"), off("b.png"));
}

#[test]
fn reconstruct_fills_a_folder_under_the_inputs_names() {
    let desk = Desk::with_faces();
    desk.put("in/one.png", desk.bytes("a.png"));
    desk.put("in/two.png", desk.bytes("b.png"));
    desk.run("reconstruct in c.png -o out/deep --json report.json").ok();
    assert_eq!(desk.files_in("out"), ["out/deep/c.png", "out/deep/one.png", "out/deep/two.png"]);
    let outputs: Vec<_> = desk.json("report.json")["results"].as_array().unwrap().clone();
    assert_eq!(outputs[0]["file"], "in/one.png");
    assert_eq!(outputs[0]["output"], "out/deep/one.png");

    // In a crowd each picture is what it is alone.
    desk.run("reconstruct a.png -o alone.png").ok();
    super::assert_same(&desk.picture("alone.png"), &desk.picture("out/deep/one.png"));
}

#[test]
fn direct_leaves_out_the_way_through_the_parts() {
    let desk = Desk::with_faces();
    desk.run("reconstruct a.png -o parts.png").ok();
    desk.run("reconstruct a.png --direct -o direct.png").ok();
    assert_differs(&desk.picture("parts.png"), &desk.picture("direct.png"));
}
