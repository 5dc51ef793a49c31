//! `facespace sample`.

use facespace::face::UnitPart;
use image::imageops;

use super::{Desk, assert_differs, assert_same};

#[test]
fn the_same_seed_gives_the_same_faces() {
    let desk = Desk::empty();
    desk.run("sample --count 4 --seed 7 -o one.png").ok();
    desk.run("sample --count 4 --seed 7 -o two.png").ok();
    desk.run("sample --count 4 --seed 8 -o other.png").ok();
    assert_eq!(desk.picture("one.png"), desk.picture("two.png"));
    assert_differs(&desk.picture("one.png"), &desk.picture("other.png"));
}

#[test]
fn faces_go_into_a_grid_or_a_folder() {
    let desk = Desk::empty();
    desk.run("sample --seed 3 -o grid.png").ok();
    desk.run("sample --count 16 --seed 3 -o faces --json r.json").ok();
    let grid = desk.picture("grid.png");
    assert_eq!(grid.dimensions(), (512, 512));
    let names: Vec<String> = (1..=16).map(|i| format!("faces/sample-{i:04}.png")).collect();
    assert_eq!(desk.files_in("faces"), names);
    assert_eq!(desk.json("r.json")["results"]["outputs"], serde_json::json!(names));
    let sixth = imageops::crop_imm(&grid, 128, 128, 128, 128).to_image();
    assert_eq!(sixth, desk.picture("faces/sample-0006.png"));

    desk.run("sample --count 5 -o five.webp").ok();
    assert_eq!(desk.picture("five.webp").dimensions(), (2 * 128, 3 * 128));
}

#[test]
fn kept_parts_come_from_the_photograph() {
    let desk = Desk::with_faces();
    desk.run("sample --count 3 --seed 5 -o free").ok();
    desk.run("sample --count 3 --seed 5 --keep identity --from a.png -o kept").ok();
    let codes = desk.codes("a.png free kept");
    let off = |folder: &str| -> f32 {
        let own = codes["a.png"].part(UnitPart::Identity);
        (1..=3).map(|i| codes[&format!("{folder}/sample-000{i}.png")].part(UnitPart::Identity).angle_deg(&own)).sum()
    };
    assert!(off("kept") < off("free"), "{} and {} degrees", off("kept"), off("free"));

    desk.run("sample --count 2 --keep pose,identity,expression,style --from a.png -o all").ok();
    desk.run("reconstruct a.png -o own.png").ok();
    for name in ["all/sample-0001.png", "all/sample-0002.png"] {
        assert_same(&desk.picture(name), &desk.picture("own.png"));
    }
}

#[test]
fn a_sample_that_makes_no_sense_is_refused() {
    let desk = Desk::with_faces();
    let before = desk.files();
    desk.run("sample --keep identity -o out.png").misread("--from");
    desk.run("sample --from a.png -o out.png").misread("--keep");
    desk.run("sample --count 0 -o out.png").misread("1..=4096");
    desk.run("sample --keep nose --from a.png -o out.png").misread("pose, identity");
    desk.run("sample -o out.txt").failed(2, &[("saved as .png", "out.txt")]);
    assert_eq!(desk.files(), before);
}
