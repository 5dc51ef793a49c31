//! Pictures, edits and projects on the disk, and the clipboard.

use std::fs;

use eframe::egui::OutputCommand;

use super::*;

fn save_picture(harness: &mut Driven, path: &Path) {
    press(harness, "Save picture…");
    answer(harness, "Save the picture as", &path.display().to_string());
}

#[test]
fn a_picture_is_saved_as_png_jpeg_and_webp_and_says_that_it_is_synthetic() {
    let folder = tempfile::tempdir().unwrap();
    let mut harness = stand_in().open();
    for name in ["face.png", "face.jpg", "face.webp"] {
        let path = folder.path().join(name);
        save_picture(&mut harness, &path);
        until(&mut harness, name, |_| path.exists());
        let saved = image::open(&path).unwrap().to_rgb8();
        assert_eq!(saved.dimensions(), (128, 128), "{name}");
        assert!(name.ends_with("jpg") || saved == *shown(&harness), "{name}");
        let mark = b"digitalsourcetype/trainedAlgorithmicMedia";
        assert!(fs::read(&path).unwrap().windows(mark.len()).any(|window| window == mark), "{name}");
    }
}

#[test]
fn what_is_saved_is_the_newest_edit() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("face.png");
    let mut harness = stand_in().open();
    let before = shown(&harness);
    type_number(&mut harness, "Yaw", "40");
    save_picture(&mut harness, &path);
    until(&mut harness, "the file", |_| path.exists());
    settle(&mut harness);
    let saved = image::open(&path).unwrap().to_rgb8();
    assert!(saved == *shown(&harness) && saved != *before);
}

#[test]
fn a_name_is_suggested_and_the_folder_is_remembered() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("face.png");
    let mut harness = stand_in().open();
    save_picture(&mut harness, &path);
    until(&mut harness, "the file", |_| path.exists());
    keys(&mut harness, CTRL, Key::S);
    harness.run_steps(2);
    let suggested = harness.get_by_role_and_label(Role::TextInput, "Save the picture as").value().unwrap();
    let stem = opened(&harness);
    assert_eq!(Path::new(&suggested), folder.path().join(format!("{stem}-edited.png")));
}

#[test]
fn another_ending_is_refused_in_a_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("face.bmp");
    let mut harness = stand_in().open();
    save_picture(&mut harness, &path);
    until(&mut harness, "the bar", |harness| says(harness, "Pictures are saved as .png, .jpg or .webp"));
    assert!(!path.exists());
}

#[test]
fn a_picture_never_replaces_its_photograph() {
    let folder = tempfile::tempdir().unwrap();
    let path = crop_file(folder.path(), "anna.png", 40);
    let before = fs::read(&path).unwrap();
    let mut harness = stand_in().open();
    open_path(&mut harness, &path);
    until(&mut harness, "the face", |harness| has(harness, Role::Button, "anna.png"));
    settle(&mut harness);
    save_picture(&mut harness, &path);
    until(&mut harness, "the bar", |harness| says(harness, "The result would overwrite one of the pictures"));
    assert!(fs::read(&path).unwrap() == before);
}

#[test]
fn the_picture_goes_to_the_clipboard() {
    let mut harness = stand_in().open();
    // One frame, since the next one's output takes its place.
    harness.event(Event::Key { key: Key::C, physical_key: None, pressed: true, repeat: false, modifiers: CTRL_SHIFT });
    harness.step();
    let copied = harness.output().platform_output.commands.iter().find_map(|command| match command {
        OutputCommand::CopyImage(image) => Some(image.clone()),
        _ => None,
    });
    let copied = copied.expect("no picture was copied");
    let picture = shown(&harness);
    assert_eq!(copied.size, [128, 128]);
    let [r, g, b, _] = copied.pixels[128 * 40 + 7].to_array();
    assert_eq!([r, g, b], picture.get_pixel(7, 40).0);
    assert!(harness.state().state.log.last().unwrap().sentence.starts_with("The picture is on the clipboard"));
}

#[test]
fn an_edit_is_saved_and_loaded() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("edit.json");
    let mut harness = stand_in().open();
    type_number(&mut harness, "Yaw", "21");
    press(&mut harness, "Happy");
    command(&mut harness, "save edit");
    answer(&mut harness, "Save the edit as", &path.display().to_string());
    until(&mut harness, "the file", |_| path.exists());
    press(&mut harness, "Reset all");
    assert_number(&harness, "Yaw", OWN.yaw_deg.into());
    command(&mut harness, "load edit");
    answer(&mut harness, "Edit file", &path.display().to_string());
    until(&mut harness, "the edit", |harness| has(harness, Role::Slider, "Happy strength"));
    assert_number(&harness, "Yaw", 21.0);
    press(&mut harness, "Undo");
    assert_number(&harness, "Yaw", OWN.yaw_deg.into());
}

#[test]
fn what_is_no_edit_is_told_and_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("edit.json");
    fs::write(&path, "{}").unwrap();
    let mut harness = stand_in().open();
    command(&mut harness, "load edit");
    answer(&mut harness, "Edit file", &path.display().to_string());
    until(&mut harness, "the bar", |harness| says(harness, "This is not an edit file of facespace"));
    assert_eq!(steps(&harness), 0);
}

#[test]
fn a_project_is_saved_and_opened_in_another_window() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("faces.facespace");
    let mut harness = stand_in().open();
    open_path(&mut harness, &crop_file(folder.path(), "anna.png", 40));
    until(&mut harness, "the face", |harness| has(harness, Role::Button, "anna.png"));
    settle(&mut harness);
    type_number(&mut harness, "Yaw", "17");
    command(&mut harness, "save project");
    // The ending comes by itself.
    answer(&mut harness, "Save the project as", &folder.path().join("faces").display().to_string());
    until(&mut harness, "the file", |_| file.exists());
    close(harness);

    let mut harness = stand_in().open();
    assert!(!has(&harness, Role::Button, "anna.png"));
    command(&mut harness, "open project");
    answer(&mut harness, "Project", &file.display().to_string());
    until(&mut harness, "the face", |harness| has(harness, Role::Button, "anna.png"));
    settle(&mut harness);
    assert_eq!(opened(&harness), "anna.png");
    assert_number(&harness, "Yaw", 17.0);
    press(&mut harness, "Undo");
    assert_number(&harness, "Yaw", OWN.yaw_deg.into());
}

#[test]
fn what_is_no_project_is_told_and_the_tray_stays() {
    let folder = tempfile::tempdir().unwrap();
    let path = crop_file(folder.path(), "anna.png", 40);
    let mut harness = stand_in().open();
    command(&mut harness, "open project");
    answer(&mut harness, "Project", &path.display().to_string());
    until(&mut harness, "the bar", |harness| says(harness, "This is no project of facespace"));
    assert!(has(&harness, Role::Button, "Sample 1"));
}
