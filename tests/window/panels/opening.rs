//! Pictures opened, refused, dropped, pasted and marked.

use eframe::egui::{Color32, ColorImage, DroppedFile};

use super::*;

#[test]
fn a_picture_is_opened_by_its_path() {
    let folder = tempfile::tempdir().unwrap();
    let mut harness = stand_in().open();
    open_path(&mut harness, &crop_file(folder.path(), "anna.png", 40));
    until(&mut harness, "the face", |harness| has(harness, Role::Button, "anna.png"));
    settle(&mut harness);
    assert_eq!(opened(&harness), "anna.png");
    assert!(!has(&harness, Role::TextInput, "Picture or folder"), "the row is gone");
}

#[test]
fn the_button_opens_as_enter_does() {
    let folder = tempfile::tempdir().unwrap();
    let path = crop_file(folder.path(), "anna.png", 40);
    let mut harness = stand_in().open();
    keys(&mut harness, CTRL, Key::O);
    // Quotes, as a file manager copies them.
    type_over(&mut harness, "Picture or folder", &format!(" \"{}\" ", path.display()));
    press(&mut harness, "Open");
    until(&mut harness, "the face", |harness| has(harness, Role::Button, "anna.png"));
}

#[test]
fn a_folder_comes_into_the_tray() {
    let folder = tempfile::tempdir().unwrap();
    let names = ["anna.png", "ben.png", "carla.png"];
    for (name, shade) in names.iter().zip([40, 90, 140]) {
        crop_file(folder.path(), name, shade);
    }
    let mut harness = stand_in().open();
    command(&mut harness, "open a folder");
    answer(&mut harness, "Folder", &folder.path().display().to_string());
    until(&mut harness, "the faces", |harness| names.iter().all(|name| has(harness, Role::Button, name)));
    settle(&mut harness);
    assert!(names.contains(&opened(&harness).as_str()));
}

#[test]
fn what_is_no_picture_is_told_in_one_sentence_and_nothing_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.txt");
    std::fs::write(&path, "no picture").unwrap();
    let mut harness = stand_in().open();
    type_number(&mut harness, "Yaw", "12");
    settle(&mut harness);
    let (face, picture) = (opened(&harness), shown(&harness));
    open_path(&mut harness, &path);
    let sentence = format!(
        "This is not a picture of a kind that is read here; use JPEG, PNG, WebP, BMP, TIFF or GIF: {}",
        path.display()
    );
    until(&mut harness, "the bar", |harness| says(harness, &sentence));
    settle(&mut harness);
    assert_eq!(opened(&harness), face);
    assert!(shown(&harness) == picture);
    assert_number(&harness, "Yaw", 12.0);
    press(&mut harness, "Put the message away");
    assert!(!says(&harness, &sentence));
}

#[test]
fn a_path_that_leads_nowhere_is_told() {
    let mut harness = stand_in().open();
    open_path(&mut harness, Path::new("/no/such/face.png"));
    until(&mut harness, "the bar", |harness| says(harness, "There is no such file"));
    open_path(&mut harness, Path::new(""));
    assert!(says(&harness, "No path was given; type one or choose it with Browse"));
}

#[test]
fn asking_is_called_off_by_button_and_by_key() {
    let mut harness = stand_in().open();
    for by_key in [false, true] {
        press(&mut harness, "Open…");
        assert!(has(&harness, Role::TextInput, "Picture or folder"));
        if by_key {
            keys(&mut harness, Modifiers::NONE, Key::Escape);
        } else {
            press(&mut harness, "Cancel");
        }
        assert!(!has(&harness, Role::TextInput, "Picture or folder"));
    }
}

/// A window with a photograph whose face is not marked yet.
fn unmarked(folder: &Path) -> Driven {
    let mut harness = stand_in().open();
    open_to_mark(&mut harness, &photograph_file(folder, "photograph.png"));
    harness
}

fn badge(harness: &Driven, face: &str) -> Option<String> {
    harness.get_by_role_and_label(Role::Button, face).accesskit_node().data().description().map(str::to_owned)
}

#[test]
fn a_photograph_shows_three_handles_and_their_crop_makes_a_face() {
    let folder = tempfile::tempdir().unwrap();
    let mut harness = unmarked(folder.path());
    assert!(canvas(&harness).starts_with("Photograph"));
    assert!(says(&harness, "Mark the eyes and the mouth on the photograph first."));
    assert_eq!(badge(&harness, "photograph.png").as_deref(), Some("unmarked"));
    let mouth = rect(&harness, Role::Button, "Mouth").center();
    drag(&mut harness, mouth, mouth + vec2(12.0, 20.0));
    let moved = rect(&harness, Role::Button, "Mouth").center();
    assert!(moved.distance(mouth + vec2(12.0, 20.0)) < 2.0, "{moved:?} from {mouth:?}");
    press(&mut harness, "Use this crop");
    until(&mut harness, "the sliders", |harness| has(harness, Role::Slider, "Yaw"));
    settle(&mut harness);
    assert!(canvas(&harness).starts_with("Edit"));
    assert!(!has_handles(&harness));
    assert_ne!(badge(&harness, "photograph.png").as_deref(), Some("unmarked"));
}

#[test]
fn undo_takes_a_crop_back_and_redo_brings_it_again() {
    let folder = tempfile::tempdir().unwrap();
    let mut harness = unmarked(folder.path());
    press(&mut harness, "Use this crop");
    settle(&mut harness);
    press(&mut harness, "Undo");
    until(&mut harness, "the offer", |harness| has(harness, Role::Button, "Mark the face"));
    press(&mut harness, "Redo");
    until(&mut harness, "the sliders", |harness| has(harness, Role::Slider, "Yaw"));
}

#[test]
fn a_face_is_marked_anew_or_keeps_its_crop() {
    let folder = tempfile::tempdir().unwrap();
    let mut harness = unmarked(folder.path());
    press(&mut harness, "Use this crop");
    settle(&mut harness);
    let square = harness.state().state.open_face().unwrap().record.square;
    keys(&mut harness, CTRL, Key::M);
    until(&mut harness, "the handles", has_handles);
    press(&mut harness, "Keep the old one");
    assert!(!has_handles(&harness));
    keys(&mut harness, CTRL, Key::M);
    until(&mut harness, "the handles", has_handles);
    focus(&mut harness, Role::Button, "Mouth");
    for _ in 0..8 {
        keys(&mut harness, Modifiers::NONE, Key::ArrowDown);
    }
    press(&mut harness, "Use this crop");
    settle(&mut harness);
    assert_ne!(harness.state().state.open_face().unwrap().record.square, square);
}

/// A file from the desktop.
#[derive(Debug)]
pub struct Dropped(pub PathBuf);

impl DroppedFile for Dropped {
    fn path(&self) -> &Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        std::fs::read(&self.0).map_err(|error| error.to_string())
    }
}

#[test]
fn what_is_dropped_is_opened() {
    let folder = tempfile::tempdir().unwrap();
    let mut harness = stand_in().open();
    for (name, shade) in [("anna.png", 40), ("ben.png", 90)] {
        let path = crop_file(folder.path(), name, shade);
        harness.input_mut().dropped_files.push(Arc::new(Dropped(path)));
    }
    harness.step();
    until(&mut harness, "the faces", |harness| {
        has(harness, Role::Button, "anna.png") && has(harness, Role::Button, "ben.png")
    });
}

#[test]
fn what_is_dropped_and_no_file_is_told() {
    let mut harness = stand_in().open();
    harness.input_mut().dropped_files.push(Arc::new(Dropped(PathBuf::from("text/uri"))));
    harness.run_steps(2);
    assert!(says(&harness, "Nothing that was dropped is a file; drop pictures or folders"));
}

#[test]
fn a_pasted_picture_is_opened() {
    let mut harness = stand_in().open();
    let picture = ColorImage::filled([128, 128], Color32::from_rgb(180, 120, 90));
    harness.event(Event::PasteImage(Arc::new(picture)));
    harness.step();
    until(&mut harness, "the face", |harness| has(harness, Role::Button, "Pasted picture"));
    settle(&mut harness);
    assert_eq!(opened(&harness), "Pasted picture");
}
