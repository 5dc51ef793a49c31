//! What is there again when the window is opened once more.

use super::*;

#[test]
fn a_window_opens_as_it_was_closed() {
    let (home, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut harness = stand_in().kept_in(home.path()).open();
    open_path(&mut harness, &crop_file(folder.path(), "anna.png", 40));
    until(&mut harness, "the face", |harness| has(harness, Role::Button, "anna.png"));
    settle(&mut harness);
    type_number(&mut harness, "Yaw", "17");
    press(&mut harness, "Lock style");
    press(&mut harness, "Identity");
    press(&mut harness, "Reconstruction");
    close(harness);

    let mut harness = stand_in().kept_in(home.path()).open();
    assert_eq!(opened(&harness), "anna.png");
    assert!(has(&harness, Role::Button, "Sample 12"));
    assert_number(&harness, "Yaw", 17.0);
    assert!(has(&harness, Role::Button, "Unlock style") && !has(&harness, Role::Slider, "Identity axis 1"));
    assert!(canvas(&harness).starts_with("Reconstruction"));
    press(&mut harness, "Undo");
    assert_number(&harness, "Yaw", OWN.yaw_deg.into());
}

#[test]
fn a_removed_face_is_brought_back_after_a_start() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = stand_in().kept_in(home.path()).open();
    press(&mut harness, "Sample 8");
    command(&mut harness, "remove this face");
    close(harness);
    let mut harness = stand_in().kept_in(home.path()).open();
    assert!(!has(&harness, Role::Button, "Sample 8"));
    press(&mut harness, "Undo");
    settle(&mut harness);
    assert_eq!(opened(&harness), "Sample 8");
}

#[test]
fn a_second_window_says_that_it_does_not_save() {
    let home = tempfile::tempdir().unwrap();
    let _first = stand_in().kept_in(home.path()).open();
    let second = stand_in().kept_in(home.path()).open();
    assert!(says(&second, "facespace is open already; this second window does not save its session"));
}

#[test]
fn a_photograph_that_is_gone_leaves_its_face() {
    let (home, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let path = crop_file(folder.path(), "anna.png", 40);
    let mut harness = stand_in().kept_in(home.path()).open();
    open_path(&mut harness, &path);
    until(&mut harness, "the face", |harness| has(harness, Role::Button, "anna.png"));
    settle(&mut harness);
    close(harness);
    std::fs::remove_file(&path).unwrap();
    let mut harness = stand_in().kept_in(home.path()).open();
    assert!(has(&harness, Role::Slider, "Yaw"));
    press(&mut harness, "Photograph");
    until(&mut harness, "the bar", |harness| {
        says(harness, "The photograph is not shown, the face and its edit are still here")
    });
    press(&mut harness, "Look at the edit");
    assert!(canvas(&harness).starts_with("Edit"));
}
