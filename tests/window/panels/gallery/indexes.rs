//! Indexes made of folders, opened, kept up to date, refused and deleted.

use std::sync::atomic::{AtomicBool, Ordering};

use facespace::face::{CODE_DIM, Crop, ModelName};
use facespace::gallery::{Index, Look, Tools, update};

use super::super::hindered::Hindered;
use super::super::opening::Dropped;
use super::*;

/// Three crops, each another face to the stand-in, and two files that are none.
fn pictures(home: &Path) -> PathBuf {
    let folder = home.join("holidays");
    fs::create_dir_all(&folder).unwrap();
    for (name, shade) in [("anna.png", 40), ("ben.png", 90), ("carla.png", 20)] {
        crop_file(&folder, name, shade);
    }
    fs::write(folder.join("notes.txt"), "no picture").unwrap();
    fs::write(folder.join("broken.png"), "no picture").unwrap();
    folder
}

#[track_caller]
fn choose_folder(harness: &mut Driven, folder: &Path) {
    press(harness, "Choose a folder…");
    answer(harness, "Folder or shards to search", &folder.display().to_string());
}

/// Until nothing is built any more and all that was is in sight.
#[track_caller]
fn until_built(harness: &mut Driven) {
    until(harness, "the index", |harness| {
        harness.state().state.indexing().is_none() && has(harness, Role::Button, "Update")
    });
    until_found(harness);
}

#[test]
fn a_folder_is_indexed_by_one_press() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = gallery_panel(home.path());
    choose_folder(&mut harness, &pictures(home.path()));
    until_built(&mut harness);
    for name in ["anna.png", "ben.png", "carla.png"] {
        assert!(has(&harness, Role::Button, name), "{name}");
    }
    assert!(says(&harness, "holidays") && says(&harness, "3 faces in 4 files, 1 of them unreadable"));
    assert!(last_said(&harness, "Indexing is done, 3 new faces; one file could not be read, the log names it"));
    assert!(
        harness
            .state()
            .state
            .log
            .messages()
            .any(|said| said.path.as_ref().is_some_and(|path| path.contains("broken.png")))
    );
    let made = fs::read_dir(window_home(home.path()).join("galleries")).unwrap().next().unwrap().unwrap().path();
    assert!(made.join("faces.sqlite").is_file(), "{}", made.display());
    assert!(!has(&harness, Role::Button, "Choose a folder…") && has(&harness, Role::Button, "Sample 3"));
}

#[test]
fn every_face_of_a_photograph_is_found() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("party");
    fs::create_dir_all(&folder).unwrap();
    album::file(&folder, "three.png", album::three());
    album::file(&folder, "none.png", album::none());
    let mut harness = gallery_panel(home.path());
    choose_folder(&mut harness, &folder);
    until_built(&mut harness);
    for name in ["three.png", "three.png face 2", "three.png face 3"] {
        assert!(has(&harness, Role::Button, name), "{name}");
    }
    assert!(says(&harness, "3 faces in 2 files"));
    press(&mut harness, "three.png face 2");
    until(&mut harness, "the face", |harness| has(harness, Role::Slider, "Yaw"));
    settle(&mut harness);
    let square = harness.state().state.open_face().unwrap().record.square.unwrap();
    let expected = album::found(album::three())[1].square().unwrap();
    let far = (square.centre[0] - expected.centre[0]).hypot(square.centre[1] - expected.centre[1]);
    assert!(far < 2.0, "{square:?} is not {expected:?}");
    assert!(has(&harness, Role::Button, "Whole photograph"), "the edit can be put back");
}

#[test]
fn an_update_takes_what_is_new_and_lets_go_of_what_is_gone() {
    let home = tempfile::tempdir().unwrap();
    let folder = pictures(home.path());
    let mut harness = gallery_panel(home.path());
    choose_folder(&mut harness, &folder);
    until_built(&mut harness);
    crop_file(&folder, "dora.png", 110);
    fs::remove_file(folder.join("ben.png")).unwrap();
    press(&mut harness, "Update");
    until(&mut harness, "the new face", |harness| has(harness, Role::Button, "dora.png"));
    until_built(&mut harness);
    assert!(has(&harness, Role::Button, "anna.png") && !has(&harness, Role::Button, "ben.png"));
}

#[test]
fn more_folders_are_added() {
    let home = tempfile::tempdir().unwrap();
    let more = home.path().join("more");
    fs::create_dir_all(&more).unwrap();
    crop_file(&more, "dora.png", 110);
    let mut harness = gallery_panel(home.path());
    choose_folder(&mut harness, &pictures(home.path()));
    until_built(&mut harness);
    press(&mut harness, "Add a folder…");
    answer(&mut harness, "Folder or shards to add", &more.display().to_string());
    until(&mut harness, "the face", |harness| has(harness, Role::Button, "dora.png"));
    assert!(has(&harness, Role::Button, "anna.png"));
}

#[test]
fn folders_and_indexes_are_dropped_and_a_picture_needs_an_index() {
    let home = tempfile::tempdir().unwrap();
    let folder = pictures(home.path());
    let mut harness = gallery_panel(home.path());
    let let_fall = |harness: &mut Driven, path: PathBuf| {
        harness.input_mut().dropped_files.push(Arc::new(Dropped(path)));
        harness.run_steps(2);
    };
    let_fall(&mut harness, folder.join("anna.png"));
    assert!(says(&harness, "Folders and shards are indexed here"));
    let_fall(&mut harness, folder);
    until_built(&mut harness);
    assert!(has(&harness, Role::Button, "carla.png"));
    crowd::index(&crowd_folder(home.path()), &home.path().join("pictures"));
    let_fall(&mut harness, crowd_folder(home.path()));
    until(&mut harness, "the other index", |harness| has(harness, Role::Button, "emil-3.png"));
    assert!(!has(&harness, Role::Button, "carla.png"));
}

#[test]
fn indexing_is_stopped_and_gone_on_with() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("many");
    fs::create_dir_all(&folder).unwrap();
    // More than are encoded at once.
    for number in 0..40 {
        crop_file(&folder, &format!("{number:02}.png"), 6 * number as u8);
    }
    let held = Arc::new(AtomicBool::new(true));
    let on = Arc::clone(&held);
    let indexer: Box<Opener> = Box::new(move |setup: &Setup| {
        let on = Arc::clone(&on);
        let face = move || {
            let start = Instant::now();
            while on.load(Ordering::Relaxed) && start.elapsed() < PATIENCE {
                thread::sleep(Duration::from_millis(1));
            }
        };
        Ok(Box::new(Hindered { face: Box::new(face), ..Hindered::open(setup)? }))
    });
    let opening = Opening { indexer: Some(indexer), ..stand_in() };
    let mut harness = opened_in(opening.kept_in(&window_home(home.path())));
    choose_folder(&mut harness, &folder);
    until(&mut harness, "the build", |harness| harness.state().state.gallery.info.is_some());
    assert!(has(&harness, Role::ProgressIndicator, "Indexing progress"));
    // All else goes on meanwhile.
    keys(&mut harness, CTRL, Key::Num1);
    type_number(&mut harness, "Yaw", "20");
    until(&mut harness, "the edit", |harness| {
        let state = &harness.state().state;
        state.desk.is_current(state.edit().unwrap())
    });
    keys(&mut harness, CTRL, Key::Num3);
    harness.step();
    press(&mut harness, "Stop indexing");
    held.store(false, Ordering::Relaxed);
    until(&mut harness, "the stop", |harness| last_said(harness, "Indexing was stopped and what was done is kept"));
    let known = harness.state().state.gallery.info.as_ref().unwrap().faces;
    assert!(known < 40, "all {known} were encoded");
    press(&mut harness, "Update");
    until(&mut harness, "the rest", |harness| {
        last_said(harness, &format!("Indexing is done, {} new faces", 40 - known))
    });
    until_found(&mut harness);
    assert!(says(&harness, "All 40 faces"));
}

#[test]
fn a_second_press_deletes_an_index_for_good() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_crowd(home.path());
    press(&mut harness, "Delete the index");
    assert!(says(&harness, "it cannot be undone") && has(&harness, Role::Button, "anna-0.png"));
    press(&mut harness, "Put the message away");
    assert!(!has(&harness, Role::Button, "Delete for good") && crowd_folder(home.path()).join("faces.sqlite").exists());
    press(&mut harness, "Delete the index");
    press(&mut harness, "Delete for good");
    // The panel is empty as soon as the index is closed, which comes before its files are gone.
    until(&mut harness, "the word of it", |harness| last_said(harness, "The index is deleted, nothing of it is left"));
    assert!(has(&harness, Role::Button, "Choose a folder…"));
    assert!(!crowd_folder(home.path()).exists(), "something is left");
    assert!(home.path().join("pictures").join("anna-0.png").exists(), "the pictures stay");
}

#[test]
fn an_index_is_closed_and_stays_on_the_disk() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_crowd(home.path());
    press(&mut harness, "Close the index");
    until(&mut harness, "the empty panel", |harness| has(harness, Role::Button, "Choose a folder…"));
    open_index(&mut harness, &crowd_folder(home.path()));
    until_found(&mut harness);
    assert!(has(&harness, Role::Button, "anna-0.png"));
}

#[test]
fn the_index_and_what_counts_are_there_again_after_a_start() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_crowd(home.path());
    press(&mut harness, "Same style");
    harness.step();
    close(harness);
    let mut harness = gallery_panel(home.path());
    until_found(&mut harness);
    assert!(has(&harness, Role::Button, "anna-0.png"));
    assert_number(&harness, "Weight of style", 1.0);
    assert_number(&harness, "Weight of identity", 0.0);
}

/// An index that weights made which are not there any more.
fn of_other_weights(folder: &Path, pictures: &Path) {
    let model = ModelName { name: "ancient".to_owned(), fingerprint: "0123456789abcdef".to_owned() };
    let look = |photo: &RgbImage, _: &dyn Fn() -> bool| -> Result<Vec<Look>, String> {
        Ok(vec![Look { square: Crop::level([64.0; 2], 64.0), picture: photo.clone(), found: None }])
    };
    let mut encode = |crops: &[RgbImage]| -> Result<Vec<[f32; CODE_DIM]>, String> {
        Ok(vec![crowd::code(0, 0).to_array(); crops.len()])
    };
    let mut index = Index::create(folder, &model).unwrap();
    let tools = Tools { look: &look, encode: &mut encode, threads: 1 };
    update(&mut index, &[pictures.to_owned()], tools, &mut |_| true).unwrap();
}

#[test]
fn an_index_of_other_weights_says_so_and_is_rebuilt() {
    let home = tempfile::tempdir().unwrap();
    of_other_weights(&home.path().join("old"), &pictures(home.path()));
    let mut harness = gallery_panel(home.path());
    open_index(&mut harness, &home.path().join("old"));
    until_found(&mut harness);
    assert!(says(&harness, "This index was made with the weights ancient, whose codes mean other faces than those of"));
    press(&mut harness, "Query by the open face");
    until(&mut harness, "the sentence", |harness| says(harness, "whose codes cannot be compared with those of"));
    assert!(has(&harness, Role::Button, "anna.png"), "what was found before stays");
    press(&mut harness, "Rebuild");
    until(&mut harness, "the end", |harness| {
        let indexes = harness.state().state.indexing().is_some();
        !indexes && !says(harness, "This index was made with the weights ancient")
    });
    until_found(&mut harness);
    assert!(!says(&harness, "whose codes cannot be compared with those of"));
    assert_eq!(found(&harness).len(), 3);
}

/// The window in which an index was opened after its file was spoilt.
#[track_caller]
fn with_spoilt(home: &Path, spoil: impl Fn(&mut Vec<u8>)) -> Driven {
    crowd::index(&crowd_folder(home), &home.join("pictures"));
    let file = crowd_folder(home).join("faces.sqlite");
    let mut bytes = fs::read(&file).unwrap();
    spoil(&mut bytes);
    fs::write(&file, bytes).unwrap();
    let mut harness = gallery_panel(home);
    open_index(&mut harness, &crowd_folder(home));
    harness
}

#[track_caller]
fn assert_refused(harness: &mut Driven, words: &str) {
    until(harness, words, |harness| says(harness, words));
    assert!(has(harness, Role::Button, "Try again") && has(harness, Role::Button, "Open another index…"));
    assert!(has(harness, Role::Button, "Choose a folder…") && !has(harness, Role::Button, "anna-0.png"));
}

#[test]
fn an_index_of_a_newer_program_is_refused_in_a_sentence() {
    let home = tempfile::tempdir().unwrap();
    // The user's version in the header of the database.
    let mut harness = with_spoilt(home.path(), |bytes| bytes[60..64].copy_from_slice(&99_u32.to_be_bytes()));
    assert_refused(&mut harness, "This index was made by a newer facespace (format 99");
}

#[test]
fn an_index_that_is_cut_off_is_refused_in_a_sentence() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_spoilt(home.path(), |bytes| bytes.truncate(bytes.len() / 2));
    assert_refused(&mut harness, "The index is cut off or damaged");
}

#[test]
fn a_folder_without_an_index_is_told() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = gallery_panel(home.path());
    open_index(&mut harness, home.path());
    assert_refused(&mut harness, "There is no index here; choose the folder of one or build one");
    crowd::index(&crowd_folder(home.path()), &home.path().join("pictures"));
    open_index(&mut harness, &crowd_folder(home.path()));
    until_found(&mut harness);
    assert!(has(&harness, Role::Button, "anna-0.png") && !has(&harness, Role::Button, "Try again"));
}

#[test]
fn a_question_about_one_index_is_gone_with_it() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_crowd(home.path());
    let other = home.path().join("other");
    crowd::index(&other, &home.path().join("others"));
    press(&mut harness, "Delete the index");
    assert!(has(&harness, Role::Button, "Delete for good"));
    open_index(&mut harness, &other);
    until_found(&mut harness);
    assert!(!has(&harness, Role::Button, "Delete for good"), "it would be the other one");
    assert!(other.join("faces.sqlite").exists() && crowd_folder(home.path()).join("faces.sqlite").exists());
}

#[test]
fn a_project_brings_what_counts_in_its_index() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("faces.facespace");
    let mut harness = with_crowd(home.path());
    press(&mut harness, "Same style");
    command(&mut harness, "save project");
    answer(&mut harness, "Save the project as", &file.display().to_string());
    until(&mut harness, "the file", |_| file.exists());
    press(&mut harness, "Same pose");
    command(&mut harness, "open project");
    answer(&mut harness, "Project", &file.display().to_string());
    until(&mut harness, "the project", |harness| last_said(harness, "The project is open"));
    keys(&mut harness, CTRL, Key::Num3);
    until_found(&mut harness);
    assert_number(&harness, "Weight of style", 1.0);
    assert_number(&harness, "Weight of pose", 0.0);
}
