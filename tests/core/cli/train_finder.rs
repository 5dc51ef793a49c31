//! Command lines of `train finder` and `evaluate --finder` that cannot work, each refused in one sentence.

use super::Desk;

#[test]
fn the_finder_needs_pictures_and_a_folder() {
    let desk = Desk::empty();
    desk.run("train finder --run r").misread("--data");
    desk.run("train finder --data x").misread("--run");
    desk.run("train finder --run r --data x").failed(1, &[("no such file or folder", "x")]);
    desk.run("train finder --run r --data x --only nose").misread("name detector or landmarks");
    desk.run("train finder --run r --data x --detector-steps 0").misread("1..");
    desk.run("train --run r finder --data x").misread("finder");
    assert!(desk.files().is_empty());
}

#[test]
fn a_finder_is_measured_on_what_is_set_aside() {
    let desk = Desk::empty();
    desk.put("none.safetensors", "no finder");
    desk.run("evaluate --finder=none.safetensors x").failed(1, &[("choose a file made by", "none.safetensors")]);
    desk.run("evaluate --finder=gone.safetensors x").failed(1, &[("cannot be read", "gone.safetensors")]);
    desk.run("evaluate --finder --pairs p x").misread("cannot be used with");
}
