//! Photographs with several faces, one and none: chosen, marked, refined, and the edit put back.

mod kept;
mod pasted;
mod refined;

use facespace::data::synth::Photograph;
use facespace::face::Crop;

use super::*;

/// Opens a photograph and waits until everything about its first face is known.
#[track_caller]
pub(super) fn open(opening: Opening, folder: &Path, name: &str, photograph: &Photograph) -> Driven {
    let mut harness = opening.open();
    open_path(&mut harness, &album::file(folder, name, photograph));
    until(&mut harness, "the face", |harness| has(harness, Role::Button, name));
    settle(&mut harness);
    harness
}

#[track_caller]
fn open_three(folder: &Path) -> Driven {
    open(stand_in(), folder, "three.png", album::three())
}

/// Waits until the canvas shows the newest edit in its photograph.
#[track_caller]
pub(super) fn until_pasted(harness: &mut Driven) {
    settle(harness);
    until(harness, "the pasted photograph", |harness| {
        let pasted = &harness.state().state.desk.pasted;
        pasted.asked.as_ref().is_some_and(|(_, number)| *number == pasted.shown)
    });
    // Another may have been asked for in the last frame.
    settle(harness);
}

/// The square of the open face.
fn square(harness: &Driven) -> Option<Crop> {
    harness.state().state.open_face().unwrap().record.square
}

/// The square of a found face.
fn square_of(place: usize) -> Option<Crop> {
    album::found(album::three())[place].square().ok()
}

/// What the networks see of the open face.
fn input(harness: &Driven) -> Arc<RgbImage> {
    Arc::clone(&harness.state().state.desk.input.as_ref().unwrap().pixels)
}

fn count(harness: &Driven) -> usize {
    harness.state().state.faces.len()
}

#[track_caller]
fn until_chosen(harness: &mut Driven, name: &str) {
    until(harness, name, |harness| is_on(harness, Role::Button, name));
    settle(harness);
}

#[test]
fn three_faces_are_three_boxes_and_a_click_opens_the_second() {
    let folder = tempfile::tempdir().unwrap();
    let mut harness = open_three(folder.path());
    let (before, faces) = (input(&harness), count(&harness));
    assert!(canvas(&harness).starts_with("Photograph") && !has_handles(&harness));
    assert!(says(&harness, "3 faces were found; click one to edit it") && says(&harness, "face 1 of 3"));
    assert!(is_on(&harness, Role::Button, "Face 1 of 3"));
    assert_eq!((square(&harness), steps(&harness)), (square_of(0), 0));
    for name in ["Face 2 of 3", "Face 3 of 3"] {
        assert!(!is_on(&harness, Role::Button, name));
    }

    press(&mut harness, "Face 2 of 3");
    until_chosen(&mut harness, "Face 2 of 3");
    assert!(!is_on(&harness, Role::Button, "Face 1 of 3") && says(&harness, "face 2 of 3"));
    assert!(canvas(&harness).starts_with("Photograph"), "the others can still be clicked");
    assert_eq!((square(&harness), steps(&harness), count(&harness)), (square_of(1), 1, faces));
    assert!(input(&harness) != before);
    assert_eq!(opened(&harness), "three.png");

    press(&mut harness, "Undo");
    until_chosen(&mut harness, "Face 1 of 3");
    assert_eq!(square(&harness), square_of(0));
    press(&mut harness, "Redo");
    until_chosen(&mut harness, "Face 2 of 3");
}

#[test]
fn boxes_lie_where_the_faces_are() {
    let folder = tempfile::tempdir().unwrap();
    let harness = open_three(folder.path());
    let frame = rect(&harness, Role::Canvas, "Canvas");
    let boxes: Vec<Rect> = (1..=3).map(|place| rect(&harness, Role::Button, &format!("Face {place} of 3"))).collect();
    let found = album::found(album::three());
    for (i, seen) in boxes.iter().enumerate() {
        assert!(frame.expand(1.0).contains_rect(*seen), "face {}", i + 1);
        // As far from the first one as in the photograph.
        let scale = boxes[0].height() / found[0].frame.h;
        let [x, y] = found[i].frame.centre();
        let [x0, y0] = found[0].frame.centre();
        let expected = boxes[0].center() + scale * vec2(x - x0, y - y0);
        assert!(seen.center().distance(expected) < 2.0, "face {}: {seen:?}, not {expected:?}", i + 1);
    }
}

#[test]
fn next_and_previous_go_round() {
    let folder = tempfile::tempdir().unwrap();
    let mut harness = open_three(folder.path());
    for place in [2, 3, 1] {
        press(&mut harness, "Next face of the photograph");
        until_chosen(&mut harness, &format!("Face {place} of 3"));
        assert!(says(&harness, &format!("face {place} of 3")));
    }
    press(&mut harness, "Previous face of the photograph");
    until_chosen(&mut harness, "Face 3 of 3");
    keys(&mut harness, Modifiers::ALT, Key::PageUp);
    until_chosen(&mut harness, "Face 2 of 3");
    keys(&mut harness, Modifiers::ALT, Key::PageDown);
    until_chosen(&mut harness, "Face 3 of 3");
    command(&mut harness, "next face photograph");
    until_chosen(&mut harness, "Face 1 of 3");
}

#[test]
fn a_face_that_was_edited_stays_and_the_other_comes_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut harness = open_three(folder.path());
    let faces = count(&harness);
    type_number(&mut harness, "Yaw", "21");
    settle(&mut harness);
    assert!(canvas(&harness).starts_with("Edit"), "what the slider does is seen");
    press(&mut harness, "Photograph");
    press(&mut harness, "Face 2 of 3");
    until(&mut harness, "the second face", |harness| has(harness, Role::Button, "three.png, face 2"));
    until_chosen(&mut harness, "Face 2 of 3");
    assert_eq!((opened(&harness).as_str(), count(&harness)), ("three.png, face 2", faces + 1));
    assert_number(&harness, "Yaw", OWN.yaw_deg.into());
    press(&mut harness, "Face 1 of 3");
    until_chosen(&mut harness, "Face 1 of 3");
    assert_eq!((opened(&harness).as_str(), count(&harness)), ("three.png", faces + 1));
    assert_number(&harness, "Yaw", 21.0);
}

#[test]
fn every_face_comes_into_the_tray_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut harness = open_three(folder.path());
    let faces = count(&harness);
    press(&mut harness, "Add every face to the tray");
    until(&mut harness, "the faces", |harness| {
        ["three.png, face 2", "three.png, face 3"].iter().all(|name| has(harness, Role::Button, name))
    });
    settle(&mut harness);
    assert_eq!((opened(&harness).as_str(), count(&harness)), ("three.png", faces + 2));
    let state = &harness.state().state;
    let place = state.place_of(state.open.unwrap()).unwrap();
    let squares: Vec<_> = state.faces[place..place + 3].iter().map(|face| face.record.square).collect();
    assert_eq!(squares, [square_of(0), square_of(1), square_of(2)], "they lie side by side");
    press(&mut harness, "Add every face to the tray");
    settle(&mut harness);
    assert_eq!(count(&harness), faces + 2);
    assert!(
        harness.state().state.log.messages().any(|said| said.sentence.contains("is in the tray already")),
        "it is said"
    );
    press(&mut harness, "three.png, face 3");
    until_chosen(&mut harness, "Face 3 of 3");
}

#[test]
fn a_lone_face_is_opened_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut harness = open(stand_in(), folder.path(), "one.png", album::one());
    assert!(canvas(&harness).starts_with("Edit") && has(&harness, Role::Slider, "Yaw"));
    assert!(!has(&harness, Role::Button, "Next face of the photograph"));
    press(&mut harness, "Photograph");
    assert!(is_on(&harness, Role::Button, "Face 1 of 1"));
    assert!(!says(&harness, "faces were found") && !has(&harness, Role::Button, "Add every face to the tray"));
}

#[test]
fn no_face_is_said_and_the_handles_are_offered() {
    let folder = tempfile::tempdir().unwrap();
    let mut harness = open(stand_in(), folder.path(), "none.png", album::none());
    assert!(canvas(&harness).starts_with("Photograph") && !has_handles(&harness));
    assert!(says(&harness, "No face was found in this photograph"));
    assert!(!has(&harness, Role::Slider, "Yaw") && !has(&harness, Role::Button, "Whole photograph"));
    press(&mut harness, "Mark the face");
    until(&mut harness, "the handles", has_handles);
    assert!(!says(&harness, "No face was found in this photograph"));
    press(&mut harness, "Not now");
    assert!(!has_handles(&harness) && says(&harness, "No face was found in this photograph"));
    press(&mut harness, "Mark the face");
    press(&mut harness, "Use this crop");
    until(&mut harness, "the sliders", |harness| has(harness, Role::Slider, "Yaw"));
    settle(&mut harness);
    assert!(!has(&harness, Role::Button, "Mark the face") && has(&harness, Role::Button, "Whole photograph"));
}

#[test]
fn a_crop_is_neither_searched_nor_pasted() {
    let folder = tempfile::tempdir().unwrap();
    let mut harness = stand_in().open();
    open_path(&mut harness, &crop_file(folder.path(), "anna.png", 40));
    until(&mut harness, "the face", |harness| has(harness, Role::Button, "anna.png"));
    settle(&mut harness);
    assert!(canvas(&harness).starts_with("Edit"));
    for name in ["Pasted", "Whole photograph", "In the photograph", "Save the face alone…"] {
        assert!(!has(&harness, Role::Button, name), "{name}");
    }
    press(&mut harness, "Photograph");
    settle(&mut harness);
    assert!(!has(&harness, Role::Button, "Face 1 of 1"));
}

#[test]
fn the_landmarks_pose_stands_beside_the_networks_own() {
    let folder = tempfile::tempdir().unwrap();
    let mut harness = open_three(folder.path());
    let line = |place: usize| {
        let pose = album::found(album::three())[place].pose_in_crop().unwrap();
        let [yaw, pitch, roll] = pose.to_array_deg().map(|angle| format!("{angle:.0}").replace('-', "−"));
        // Minus zero is no number for people.
        format!("by landmarks {yaw}° / {pitch}° / {roll}°").replace("−0°", "0°")
    };
    assert!(says(&harness, &line(0)), "{}", line(0));
    press(&mut harness, "Face 2 of 3");
    until_chosen(&mut harness, "Face 2 of 3");
    assert!(says(&harness, &line(1)), "{}", line(1));
}

#[test]
fn remarks_are_said_before_an_edit() {
    let folder = tempfile::tempdir().unwrap();
    let harness = open_three(folder.path());
    let face = harness.state().state.open_face().unwrap();
    let remarks = face.remarks.clone().expect("the networks have looked");
    // The stand-in's reconstructions are tiles, with edges sharper than any face's.
    assert!(!remarks.is_empty());
    for remark in remarks {
        assert!(says(&harness, &remark.to_string()), "{remark}");
    }
}
