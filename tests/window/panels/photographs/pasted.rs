//! The edit in its photograph: looked at, changed by its sliders, saved.

use facespace::face::{FaceBox, PasteMode};

use super::*;

/// The photograph of one with a smile in it, as the canvas shows it. The stand-in draws expressions everywhere.
fn smiling(folder: &Path) -> Driven {
    let mut harness = open(stand_in(), folder, "one.png", album::one());
    press(&mut harness, "Happy");
    press(&mut harness, "Whole photograph");
    until_pasted(&mut harness);
    harness
}

fn pasted(harness: &Driven) -> Arc<RgbImage> {
    Arc::clone(&harness.state().state.desk.pasted.picture.as_ref().unwrap().pixels)
}

/// How many pixels are others than the photograph's.
fn changed(picture: &RgbImage) -> usize {
    picture.pixels().zip(album::one().picture.pixels()).filter(|(a, b)| a != b).count()
}

#[test]
fn an_edit_that_changes_nothing_leaves_the_photograph_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let mut harness = open(stand_in(), folder.path(), "one.png", album::one());
    press(&mut harness, "Pasted");
    until_pasted(&mut harness);
    assert_eq!(canvas(&harness), "Pasted, zoom 100 %");
    assert!(is_on(&harness, Role::Button, "Pasted") && is_on(&harness, Role::Button, "Whole photograph"));
    assert!(*pasted(&harness) == album::one().picture);
}

#[test]
fn an_edit_changes_the_face_and_nothing_around_it() {
    let folder = tempfile::tempdir().unwrap();
    let harness = smiling(folder.path());
    let (picture, photograph) = (pasted(&harness), &album::one().picture);
    let square = square(&harness).unwrap();
    assert!(changed(&picture) > 100);
    for (x, y, pixel) in picture.enumerate_pixels() {
        let own = square.crop_from_photo([x as f32 + 0.5, y as f32 + 0.5]);
        let outside = own.iter().any(|c| !(0.0..=128.0).contains(c));
        assert!(!outside || pixel == photograph.get_pixel(x, y), "{x}, {y}");
    }
}

#[test]
fn the_views_have_a_key_and_a_switch() {
    let folder = tempfile::tempdir().unwrap();
    let mut harness = smiling(folder.path());
    press(&mut harness, "Face alone");
    assert!(canvas(&harness).starts_with("Edit") && is_on(&harness, Role::Button, "Face alone"));
    keys(&mut harness, Modifiers::ALT, Key::Num5);
    assert!(canvas(&harness).starts_with("Pasted") && is_on(&harness, Role::Button, "Whole photograph"));
    press(&mut harness, "Split");
    assert!(has(&harness, Role::Slider, "Split line"));
    press(&mut harness, "Difference");
    assert!(is_on(&harness, Role::Button, "Difference"));
    // A face without a photograph cannot be looked at in one.
    press(&mut harness, "Sample 8");
    settle(&mut harness);
    assert!(canvas(&harness).starts_with("Edit") && !has(&harness, Role::Button, "Pasted"));
}

#[test]
fn strength_goes_from_nothing_to_everything() {
    let folder = tempfile::tempdir().unwrap();
    let mut harness = smiling(folder.path());
    assert_number(&harness, "Strength", 100.0);
    let whole = pasted(&harness);
    type_number(&mut harness, "Strength", "0");
    until_pasted(&mut harness);
    assert_number(&harness, "Strength", 0.0);
    assert!(*pasted(&harness) == album::one().picture);
    press(&mut harness, "Undo");
    until_pasted(&mut harness);
    assert_number(&harness, "Strength", 100.0);
    assert!(pasted(&harness) == whole);
}

#[test]
fn a_drag_of_strength_is_one_step() {
    let folder = tempfile::tempdir().unwrap();
    let mut harness = smiling(folder.path());
    let before = steps(&harness);
    harness.get_by_role_and_label(Role::Slider, "Strength").scroll_to_me();
    harness.run_steps(4);
    let rail = rect(&harness, Role::Slider, "Strength");
    drag(&mut harness, rail.right_center() - vec2(6.0, 0.0), rail.center());
    until_pasted(&mut harness);
    let strength = number(&harness, "Strength");
    assert!((20.0..80.0).contains(&strength), "{strength}");
    assert_eq!(steps(&harness), before + 1);
    press(&mut harness, "Undo");
    until_pasted(&mut harness);
    assert_number(&harness, "Strength", 100.0);
}

#[test]
fn the_mask_grows_and_shrinks() {
    let folder = tempfile::tempdir().unwrap();
    let mut harness = smiling(folder.path());
    let mut areas = Vec::new();
    for size in ["50", "100", "150"] {
        type_number(&mut harness, "Mask size", size);
        until_pasted(&mut harness);
        areas.push(changed(&pasted(&harness)));
    }
    assert!(areas[0] < areas[1] && areas[1] < areas[2], "{areas:?}");
}

#[test]
fn the_generated_pixels_are_the_other_mode() {
    let folder = tempfile::tempdir().unwrap();
    let mut harness = smiling(folder.path());
    assert!(is_on(&harness, Role::Button, "Change") && !is_on(&harness, Role::Button, "Generated pixels"));
    let change = pasted(&harness);
    press(&mut harness, "Generated pixels");
    until_pasted(&mut harness);
    assert!(is_on(&harness, Role::Button, "Generated pixels") && !is_on(&harness, Role::Button, "Change"));
    assert!(pasted(&harness) != change);
    let mode = |harness: &Driven| harness.state().state.open_face().unwrap().record.paste.mode;
    assert_eq!(mode(&harness), PasteMode::Generated);
    press(&mut harness, "Undo");
    until_pasted(&mut harness);
    assert_eq!(mode(&harness), PasteMode::Change);
    assert!(pasted(&harness) == change);
}

#[test]
fn each_face_is_put_back_where_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let mut harness = open_three(folder.path());
    press(&mut harness, "Face 2 of 3");
    until_chosen(&mut harness, "Face 2 of 3");
    press(&mut harness, "Happy");
    press(&mut harness, "Whole photograph");
    until_pasted(&mut harness);
    let photograph = &album::three().picture;
    let picture = pasted(&harness);
    let differ = |frame: FaceBox| {
        let inside = |x: u32, y: u32| frame.contains([x as f32, y as f32]);
        let pixels = picture.enumerate_pixels().filter(|(x, y, _)| inside(*x, *y));
        pixels.filter(|(x, y, pixel)| *pixel != photograph.get_pixel(*x, *y)).count()
    };
    let counts: Vec<usize> = album::found(album::three()).into_iter().map(|face| differ(face.frame)).collect();
    assert!(counts[0] == 0 && counts[1] > 100 && counts[2] == 0, "{counts:?}");
}

/// Whether a file says that its picture is partly or wholly synthetic.
fn is_marked(path: &Path, kind: &str) -> bool {
    let mark = format!("digitalsourcetype/{kind}").into_bytes();
    std::fs::read(path).unwrap().windows(mark.len()).any(|window| window == mark)
}

#[test]
fn the_whole_photograph_is_saved_and_the_face_alone_on_demand() {
    let folder = tempfile::tempdir().unwrap();
    let mut harness = smiling(folder.path());
    let (whole, face) = (folder.path().join("whole.png"), folder.path().join("face.png"));
    press(&mut harness, "Save picture…");
    answer(&mut harness, "Save the picture as", &whole.display().to_string());
    until(&mut harness, "the photograph", |_| whole.exists());
    let saved = image::open(&whole).unwrap().to_rgb8();
    assert!(saved == *pasted(&harness), "the photograph is no larger than its preview here");
    assert!(is_marked(&whole, "compositeWithTrainedAlgorithmicMedia"));

    press(&mut harness, "Save the face alone…");
    answer(&mut harness, "Save the face as", &face.display().to_string());
    until(&mut harness, "the face", |_| face.exists());
    assert!(image::open(&face).unwrap().to_rgb8() == *shown(&harness));
    assert!(is_marked(&face, "trainedAlgorithmicMedia"));
}

#[test]
fn what_is_saved_is_the_newest_edit_whatever_is_looked_at() {
    let folder = tempfile::tempdir().unwrap();
    let mut harness = smiling(folder.path());
    let before = pasted(&harness);
    press(&mut harness, "Face alone");
    press(&mut harness, "Surprise");
    let path = folder.path().join("whole.png");
    press(&mut harness, "Save picture…");
    answer(&mut harness, "Save the picture as", &path.display().to_string());
    until(&mut harness, "the photograph", |_| path.exists());
    press(&mut harness, "Whole photograph");
    until_pasted(&mut harness);
    let saved = image::open(&path).unwrap().to_rgb8();
    assert!(saved == *pasted(&harness) && saved != *before);
}

#[test]
fn every_edited_face_of_a_photograph_goes_back_into_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut harness = open_three(folder.path());
    press(&mut harness, "Happy");
    settle(&mut harness);
    press(&mut harness, "Photograph");
    press(&mut harness, "Face 2 of 3");
    until_chosen(&mut harness, "Face 2 of 3");
    press(&mut harness, "Happy");
    settle(&mut harness);
    press(&mut harness, "Whole photograph");
    until_pasted(&mut harness);
    assert!(has(&harness, Role::Label, "With the edit of one other face"));
    let is_other = |picture: &RgbImage, place: usize| {
        let square = square_of(place).unwrap();
        let inside =
            |x: u32, y: u32| square.crop_from_photo([x as f32, y as f32]).iter().all(|c| (0.0..128.0).contains(c));
        let pixels = picture.enumerate_pixels().zip(album::three().picture.pixels());
        pixels.filter(|((x, y, _), _)| inside(*x, *y)).any(|((_, _, now), before)| now != before)
    };
    let whole = pasted(&harness);
    assert_eq!([0, 1, 2].map(|place| is_other(&whole, place)), [true, true, false]);
    let file = folder.path().join("both.png");
    command(&mut harness, "save picture");
    answer(&mut harness, "Save the picture as", &file.display().to_string());
    until(&mut harness, "the file", |_| file.exists());
    let saved = facespace::data::image::load(&file).unwrap();
    assert_eq!([0, 1, 2].map(|place| is_other(&saved, place)), [true, true, false]);
}
