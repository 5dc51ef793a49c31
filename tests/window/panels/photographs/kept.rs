//! What of a photograph is there again: the chosen face, a corrected crop, a fit, how the edit is put back.

use std::fs;

use super::*;

/// Chooses the second face, corrects its crop by hand, refines it and sets how it is put back.
#[track_caller]
fn worked_on(harness: &mut Driven) {
    press(harness, "Face 2 of 3");
    until_chosen(harness, "Face 2 of 3");
    keys(harness, CTRL, Key::M);
    until(harness, "the handles", has_handles);
    focus(harness, Role::Button, "Mouth");
    for _ in 0..4 {
        keys(harness, Modifiers::NONE, Key::ArrowDown);
    }
    press(harness, "Use this crop");
    until(harness, "the sliders", |harness| has(harness, Role::Slider, "Yaw"));
    settle(harness);
    press(harness, "Refine");
    until(harness, "the fit", |harness| says(harness, "Pixel error 20.0 before refining, 15.0 now"));
    settle(harness);
    type_number(harness, "Yaw", "25");
    type_number(harness, "Strength", "60");
    type_number(harness, "Mask size", "120");
    press(harness, "Generated pixels");
    until_pasted(harness);
}

/// Whether all of that is so.
#[track_caller]
fn assert_worked_on(harness: &mut Driven, square: Option<Crop>) {
    assert_eq!(opened(harness), "three.png");
    let record = harness.state().state.open_face().unwrap().record.clone();
    assert!(record.square == square && square != square_of(1) && record.points.is_some());
    assert_number(harness, "Yaw", 25.0);
    assert_number(harness, "Strength", 60.0);
    assert_number(harness, "Mask size", 120.0);
    assert!(is_on(harness, Role::Button, "Generated pixels"));
    assert!(says(harness, "Pixel error 20.0 before refining, 15.0 now"));
    press(harness, "Photograph");
    until_chosen(harness, "Face 2 of 3");
    // The fit's own yaw, not the encoder's.
    press(harness, "Reset all");
    settle(harness);
    assert_number(harness, "Yaw", f64::from(OWN.yaw_deg) + 1.0);
    press(harness, "Undo refine");
    until(harness, "the button", |harness| has(harness, Role::Button, "Refine"));
    settle(harness);
    assert_number(harness, "Yaw", OWN.yaw_deg.into());
}

#[test]
fn a_session_keeps_a_corrected_crop_its_fit_and_how_it_is_put_back() {
    let (home, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut harness = open(stand_in().kept_in(home.path()), folder.path(), "three.png", album::three());
    worked_on(&mut harness);
    let (square, picture) = (square(&harness), shown(&harness));
    close(harness);
    let mut harness = stand_in().kept_in(home.path()).open();
    assert!(canvas(&harness).starts_with("Pasted"));
    until_pasted(&mut harness);
    assert!(shown(&harness) == picture);
    assert_worked_on(&mut harness, square);
}

#[test]
fn a_project_keeps_them_too() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("faces.facespace");
    let mut harness = open_three(folder.path());
    worked_on(&mut harness);
    let square = square(&harness);
    command(&mut harness, "save project");
    answer(&mut harness, "Save the project as", &file.display().to_string());
    until(&mut harness, "the file", |_| file.exists());
    close(harness);
    let mut harness = stand_in().open();
    command(&mut harness, "open project");
    answer(&mut harness, "Project", &file.display().to_string());
    until(&mut harness, "the face", |harness| has(harness, Role::Button, "three.png"));
    settle(&mut harness);
    assert_worked_on(&mut harness, square);
}

#[test]
fn faces_of_one_photograph_are_there_again_side_by_side() {
    let (home, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut harness = open(stand_in().kept_in(home.path()), folder.path(), "three.png", album::three());
    press(&mut harness, "Add every face to the tray");
    until(&mut harness, "the faces", |harness| has(harness, Role::Button, "three.png, face 3"));
    settle(&mut harness);
    close(harness);
    let mut harness = stand_in().kept_in(home.path()).open();
    press(&mut harness, "three.png, face 3");
    settle(&mut harness);
    press(&mut harness, "Photograph");
    until_chosen(&mut harness, "Face 3 of 3");
    press(&mut harness, "Face 1 of 3");
    until_chosen(&mut harness, "Face 1 of 3");
    assert_eq!(opened(&harness), "three.png");
}

/// A session as it was written before faces were found: no photograph's size, no landmarks, no way of pasting.
fn old_session(photo: &Path, square: &Crop) -> String {
    let Crop { centre: [x, y], half_side, .. } = square;
    let path = serde_json::to_string(&photo.display().to_string()).unwrap();
    format!(
        "{{\"format\":\"facespace session\",\"version\":1,\"content\":{{\"faces\":[{{\"id\":1,\"name\":\"old.png\",\
         \"path\":{path},\"square\":{{\"centre\":[{x},{y}],\"half_side\":{half_side},\"x_axis\":[1.0,0.0]}},\
         \"sample\":false,\"edit\":{{\"pose\":{{\"yaw\":{{\"set_deg\":12.0}}}},\
         \"expression\":{{\"classes\":{{\"happy\":1.0}}}}}}}}],\"open\":1,\
         \"view\":{{\"view\":\"edit\",\"compare\":\"off\",\"split\":0.5,\"zoom\":1.0,\"pan\":[0.0,0.0]}},\
         \"locks\":[false,false,false,false],\"folded\":[],\"weights_name\":\"\",\"history\":{{\"past\":[],\
         \"future\":[]}},\"next_id\":2}}}}"
    )
}

/// A window on such a session, whose face lies in the photograph of one.
#[track_caller]
fn of_old(home: &Path, folder: &Path) -> Driven {
    let photo = album::file(folder, "old.png", album::one());
    let square = album::found(album::one())[0].square().unwrap();
    fs::create_dir_all(home.join("session/faces")).unwrap();
    fs::write(home.join("session/session.json"), old_session(&photo, &square)).unwrap();
    let crop = facespace::data::image::crop(&album::one().picture, &square, 128);
    crop.save(home.join("session/faces/1.png")).unwrap();
    stand_in().kept_in(home).open()
}

#[test]
fn an_old_session_opens_and_its_face_can_be_put_back() {
    let (home, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut harness = of_old(home.path(), folder.path());
    assert_eq!((opened(&harness).as_str(), harness.state().state.bar.is_none()), ("old.png", true));
    assert_number(&harness, "Yaw", 12.0);
    // The photograph is read when it is looked at; then it is known as one.
    press(&mut harness, "Photograph");
    until(&mut harness, "the box", |harness| has(harness, Role::Button, "Face 1 of 1"));
    press(&mut harness, "Whole photograph");
    until_pasted(&mut harness);
    let pasted = harness.state().state.desk.pasted.picture.clone().unwrap();
    assert!(*pasted.pixels != album::one().picture);
}

#[test]
fn an_old_session_whose_photograph_is_gone_opens_all_the_same() {
    let (home, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let harness = of_old(home.path(), folder.path());
    close(harness);
    fs::remove_file(folder.path().join("old.png")).unwrap();
    let harness = stand_in().kept_in(home.path()).open();
    assert_eq!(opened(&harness), "old.png");
    assert_number(&harness, "Yaw", 12.0);
}
