//! Photographs that are no crops yet: points given by hand, no face at all, `--aligned`, and stored crops with a margin.
//! Faces that are found by themselves are in `find` and `put_back`.

use image::{Rgb, RgbImage, imageops};

use super::{Desk, a_face, assert_differs};
use crate::data::{noise, pattern};

/// Points that lie in a photograph of 300 x 240.
const A: &str = "120,100,180,100,150,160";
const B: &str = "100,90,170,95,130,150";

/// The face in a photograph of 300 x 240, on grey.
fn photograph() -> RgbImage {
    let mut photo = RgbImage::from_pixel(300, 240, Rgb([128; 3]));
    imageops::replace(&mut photo, &a_face(), 86, 60);
    photo
}

fn desk() -> Desk {
    let desk = Desk::with_faces();
    photograph().save(desk.path("p.png")).unwrap();
    imageops::flip_horizontal(&photograph()).save(desk.path("q.png")).unwrap();
    desk
}

#[test]
fn a_photograph_without_a_face_needs_points() {
    let desk = desk();
    RgbImage::from_pixel(300, 240, Rgb([128; 3])).save(desk.path("wall.png")).unwrap();
    let failure = ("place the crop with --points, or say --aligned", "wall.png");
    desk.run("edit wall.png a.png --yaw 5 -o out").failed(1, &[failure]);
    assert_eq!(desk.files_in("out"), ["out/a.png"]);
    for command in ["encode wall.png", "encode wall.png --all", "reconstruct wall.png -o r.png"] {
        desk.run(command).failed(1, &[failure]);
    }
    desk.run("encode wall.png --face 2").failed(1, &[failure]);
    desk.run("interpolate a.png wall.png -o strip.png").failed(1, &[failure]);
    desk.run("transfer --source a.png --target wall.png --parts pose -o t.png").failed(1, &[failure]);
}

#[test]
fn a_face_marked_by_hand_goes_back_into_its_photograph() {
    let desk = desk();
    desk.run(&format!("edit p.png --points {A} --yaw=+20 -o out.png --quiet")).ok();
    assert_eq!(desk.picture("out.png").dimensions(), (300, 240));
    assert_differs(&photograph(), &desk.picture("out.png"));
    desk.run(&format!("edit p.png --points {A} --yaw=+20 -o alone.png --crop --quiet")).ok();
    assert_eq!(desk.picture("alone.png").dimensions(), (128, 128));
}

#[test]
fn points_are_given_to_the_photographs_in_order() {
    let desk = desk();
    let alone_p = desk.codes(&format!("p.png --points {A}")).remove("p.png").unwrap();
    let alone_q = desk.codes(&format!("q.png --points {B}")).remove("q.png").unwrap();
    let both = desk.codes(&format!("p.png a.png q.png --points {A} --points {B}"));
    // The crop between them takes no points.
    assert!(both["p.png"].is_near(&alone_p) && both["q.png"].is_near(&alone_q));
    assert!(!desk.codes(&format!("q.png --points {A}"))["q.png"].is_near(&alone_q));

    // Nor does a file that is not there take those of the next.
    let run = desk.run(&format!("encode gone.png q.png --points {A} --points {B}"));
    let run = run.failed(1, &[("no such file", "gone.png")]);
    assert!(matches!(&super::rows(&run.stdout)[..], [row] if row.is_near(&alone_q)));

    let transfer = "transfer --source p.png --target q.png --parts pose -o t.png --quiet";
    desk.run(&format!("{transfer} --points {A} --points {B}")).ok();
    desk.run(&format!("{transfer} --points {A} --points {B} --points {B}")).refused("1 without a photograph");
    desk.run(&format!("encode a.png --points {A}")).refused("once for each");
}

#[test]
fn points_outside_the_picture_are_refused() {
    let desk = desk();
    for points in ["120,100,301,100,150,160", "120,-3,180,100,150,160", "120,100,180,100,150,99999"] {
        desk.run(&format!("edit p.png a.png --points {points} --yaw 5 -o out"))
            .failed(1, &[("lies outside the picture of 300 x 240", "p.png")]);
        assert_eq!(desk.files_in("out"), ["out/a.png"]);
    }
    desk.run("encode p.png --points 150,100,150,100,150,160").failed(1, &[("mark the face again", "p.png")]);
    for points in ["1,2,3", "1,2,3,4,5", "1,2,3,4,5,6,7", "1,2,3,4,5,6,x", "1,2,3,4,5,NaN", "a,b,c,d,e,f"] {
        desk.run(&format!("encode p.png --points {points}")).misread("give six numbers");
    }
}

#[test]
fn stored_crops_lose_their_margin() {
    let desk = Desk::with_faces();
    for (side, margin) in [(128, 0), (144, 8), (168, 20)] {
        let mut stored = noise(side, side);
        imageops::replace(&mut stored, &a_face(), margin, margin);
        stored.save(desk.path(&format!("s{side}.png"))).unwrap();
    }
    let codes = desk.codes("a.png s128.png s144.png s168.png");
    for name in ["s128.png", "s144.png", "s168.png"] {
        assert!(codes[name].is_near(&codes["a.png"]), "{name}");
    }
    // A square of another size is a photograph.
    pattern(150, 150).save(desk.path("other.png")).unwrap();
    desk.run("encode other.png").failed(1, &[("No face was found", "other.png")]);
}

#[test]
fn aligned_takes_any_picture_as_a_crop() {
    let desk = Desk::with_faces();
    let large = imageops::resize(&a_face(), 512, 512, imageops::FilterType::CatmullRom);
    large.save(desk.path("large.png")).unwrap();
    let mut wide = RgbImage::from_pixel(700, 512, Rgb([0; 3]));
    imageops::replace(&mut wide, &large, 94, 0);
    wide.save(desk.path("wide.png")).unwrap();
    let codes = desk.codes("a.png large.png wide.png --aligned");
    for name in ["large.png", "wide.png"] {
        let off = codes[name].values.iter().zip(&codes["a.png"].values).map(|(a, b)| (a - b).abs());
        let worst = off.skip(3).fold(0.0, f32::max);
        assert!(worst < 0.1, "{name}: {worst}");
    }
    desk.run(&format!("encode large.png --aligned --points {A}")).refused("once for each");
}
