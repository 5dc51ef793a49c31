//! What can be wrong around the window: another window, a home that cannot be written, broken files, files that go away
//! and too many at once. Each is said, and everything else goes on.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use facespace::app::canvas::View;
use facespace::app::command::Command;
use facespace::app::log::Level;
use facespace::app::pending::Wish;
use facespace::app::state::{Purpose, State};
use facespace::app::store::session::ANOTHER;
use facespace::app::store::{Folders, Session, Settings, Start, Store, ThemeChoice};
use facespace::data::image::load;
use facespace::engine::WeightsSource;
use facespace::engine::keeper::png;

use crate::thread::{CROP, Driven, Script, drawn, photograph, plain, shade, turn, turned};

const PATIENCE: Duration = Duration::from_secs(60);

fn at(home: &Path, paths: Vec<PathBuf>) -> Driven {
    Driven::open(Store::open_in(Folders::under(home)), &Script::plain(), paths)
}

/// Closes a window; what it leaves.
fn closed(mut window: Driven) -> Session {
    window.frame();
    assert!(window.hands.store.flush(PATIENCE));
    window.state.session()
}

fn sentences(state: &State) -> Vec<String> {
    let serious = state.log.messages().filter(|message| message.level > Level::Note);
    serious.map(|message| message.whole()).collect()
}

fn is_opening(state: &State) -> bool {
    state.pending.has(|wish| matches!(wish, Wish::Open { .. }))
}

#[test]
fn a_second_window_says_so_and_the_first_goes_on() {
    let home = tempfile::tempdir().unwrap();
    let mut first = at(home.path(), vec![photograph(home.path(), 10, CROP)]);
    first.until(drawn);
    let mut second = at(home.path(), vec![photograph(home.path(), 20, CROP)]);
    assert_eq!(second.bar(), ANOTHER);
    second.until(drawn);
    second.command(turn(33.0));
    second.until(drawn);
    assert_eq!((shade(&second.state.desk.edited), second.bar()), (Some(33), ANOTHER));

    first.command(turn(30.0));
    first.until(drawn);
    drop(second);
    let left = closed(first);
    let (store, start) = Store::open_in(Folders::under(home.path()));
    assert_eq!((start.session.as_ref(), start.sentences.len()), (Some(&left), 0));
    assert_eq!(left.faces[0].edit, turned(30.0));
    assert_eq!(load(&store.picture_path(left.faces[0].id).unwrap()).unwrap(), plain(10, CROP));
}

/// No folder can be made below a file, whoever asks.
#[test]
fn a_home_that_cannot_be_written_is_said_and_the_window_works() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("file");
    fs::write(&home, b"").unwrap();
    let mut window = at(&home, vec![photograph(folder.path(), 10, CROP)]);
    assert!(window.bar().starts_with("Faces and edits are not kept when this window closes"), "{}", window.bar());
    window.until(drawn);
    window.command(turn(30.0));
    window.until(drawn);
    window.command(Command::SetTheme(ThemeChoice::Dark));
    let settings = home.join("settings.json").display().to_string();
    window.until(|state| state.bar.as_ref().is_some_and(|bar| bar.text.ends_with(&settings)));
    assert_eq!((window.state.settings.theme, shade(&window.state.desk.edited)), (ThemeChoice::Dark, Some(30)));
}

#[test]
fn broken_files_of_the_last_window_are_said_and_a_new_session_begins() {
    let home = tempfile::tempdir().unwrap();
    fs::create_dir(home.path().join("session")).unwrap();
    fs::write(home.path().join("session/session.json"), b"broken").unwrap();
    fs::write(home.path().join("settings.json"), b"broken").unwrap();
    let mut window = at(home.path(), vec![photograph(home.path(), 10, CROP)]);
    assert!(window.bar().starts_with("The settings could not be read"), "{}", window.bar());
    assert!(window.bar().contains("\nThe last session could not be read"), "{}", window.bar());
    let said = sentences(&window.state);
    assert!(said.len() == 2 && said[0].starts_with("The settings could not be read"), "{said:?}");
    window.until(drawn);
    window.command(turn(30.0));
    let left = closed(window);

    let again = at(home.path(), Vec::new());
    assert_eq!((again.state.session(), again.bar()), (left, ""));
}

#[test]
fn a_photograph_that_is_deleted_costs_neither_the_face_nor_its_edit() {
    let home = tempfile::tempdir().unwrap();
    let photo = photograph(home.path(), 60, [300, 200]);
    let mut window = at(home.path(), vec![photo.clone()]);
    window.until(|state| state.desk.photo.is_some());
    window.command(Command::MarkFace);
    window.command(Command::UsePoints);
    window.until(drawn);
    window.command(turn(30.0));
    window.until(drawn);
    fs::remove_file(&photo).unwrap();
    // It is in hand still, and can be marked anew.
    window.command(Command::MarkFace);
    window.command(Command::UsePoints);
    window.until(|state| state.desk.points.is_none() && drawn(state));
    assert_eq!((window.bar(), window.state.view.view), ("", View::Edit));
    let record = window.state.open_face().unwrap().record.clone();
    assert_eq!(closed(window).faces, std::slice::from_ref(&record));

    let mut window = at(home.path(), Vec::new());
    window.until(drawn);
    assert_eq!((shade(&window.state.desk.edited), window.bar()), (Some(30), ""));
    window.command(Command::Look(View::Photograph));
    window.until_bar("The photograph is not shown, the face and its edit are still here. ");
    assert!(window.bar().ends_with(&format!(": {}", photo.display())), "{}", window.bar());
    assert_eq!(window.offers(), [("Look at the edit", Command::Look(View::Edit))]);
    window.command(Command::MarkFace);
    window.rest();
    assert_eq!((window.state.desk.points, sentences(&window.state).len()), (None, 1));
    assert_eq!(window.state.log.last().unwrap().times, 1);
    window.command(Command::Look(View::Edit));
    window.until(drawn);
    assert_eq!(window.state.open_face().unwrap().record, record);
}

#[test]
fn a_photograph_that_is_deleted_before_it_is_marked_leaves_its_face() {
    let home = tempfile::tempdir().unwrap();
    let photo = photograph(home.path(), 60, [300, 200]);
    let mut window = at(home.path(), vec![photo.clone()]);
    window.until(|state| state.desk.photo.is_some());
    let left = closed(window);
    fs::remove_file(&photo).unwrap();
    let mut window = at(home.path(), Vec::new());
    window.until_bar("The photograph is not shown");
    window.rest();
    assert_eq!(window.state.session().faces, left.faces);
    assert!(window.state.open_face().unwrap().tile.is_some() && window.state.desk.photo_failed);
}

/// A folder of so many crops.
fn crops(count: usize) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let bytes = png(&plain(10, CROP)).unwrap();
    for place in 0..count {
        fs::write(folder.path().join(format!("{place:03}.png")), &bytes).unwrap();
    }
    folder
}

#[test]
fn five_hundred_files_are_watched_and_called_off() {
    let folder = crops(500);
    let mut window = Driven::forgetful(&Script::plain(), vec![folder.path().to_owned()]);
    // Nobody reads the answers yet, so the job stands still when as many wait as may.
    let progress = loop {
        thread::sleep(Duration::from_millis(1));
        let progress = window.state.pending.jobs(1.0).pop().unwrap();
        if progress.done >= 8 {
            break progress;
        }
    };
    assert_eq!((progress.name, progress.total), ("Opening pictures", 500));
    assert!(progress.done < 50 && progress.left.is_some(), "{progress:?}");
    window.command(Command::CancelJob(progress.number));
    window.until(|state| !is_opening(state));
    let count = window.state.faces.len();
    assert!((8..50).contains(&count), "{count}");
    assert!(window.state.log.messages().any(|message| message.sentence.starts_with("Opening was cancelled")));
    window.until(drawn);
    assert_eq!((window.state.faces.len(), window.bar()), (count, ""));
}

#[test]
fn five_hundred_files_all_arrive_and_are_there_again() {
    let (folder, home) = (crops(500), tempfile::tempdir().unwrap());
    let mut window = at(home.path(), Vec::new());
    window.until(|state| !is_opening(state) && drawn(state));
    let samples = window.state.faces.len();
    window.command(Command::OpenPaths(vec![folder.path().to_owned()]));
    window.until(|state| !is_opening(state) && drawn(state));
    assert_eq!((window.state.faces.len(), window.bar()), (samples + 500, ""));
    let left = closed(window);
    let mut names: Vec<_> = left.faces.iter().skip(samples).map(|face| face.name.clone()).collect();
    names.sort();
    assert!(names.iter().enumerate().all(|(place, name)| *name == format!("{place:03}.png")), "{names:?}");

    let mut again = at(home.path(), Vec::new());
    again.until(|state| state.faces.iter().all(|face| face.tile.is_some()));
    assert_eq!((again.state.session(), again.bar()), (left, ""));
}

#[test]
fn of_many_files_the_bad_ones_are_named_and_the_others_arrive() {
    let folder = crops(20);
    fs::write(folder.path().join("007.png"), b"no picture").unwrap();
    let missing = folder.path().join("missing.png");
    let mut window = Driven::forgetful(&Script::plain(), vec![folder.path().to_owned(), missing.clone()]);
    window.until(|state| !is_opening(state) && drawn(state));
    let mut said = sentences(&window.state);
    said.sort_by_key(|sentence| sentence.ends_with("missing.png"));
    assert_eq!((window.state.faces.len(), said.len()), (19, 2));
    assert!(said[0].ends_with(&format!(": {}", folder.path().join("007.png").display())), "{said:?}");
    assert!(said[1].ends_with(&format!(": {}", missing.display())), "{said:?}");
}

/// A project with one face of shade 10 that is turned by 30 degrees.
fn a_project(folder: &Path) -> PathBuf {
    let path = folder.join("a.facespace");
    let mut window = Driven::with_face(&Script::plain());
    window.command(turn(30.0));
    window.until(drawn);
    window.command(Command::SaveProject(path.clone()));
    window.until(|state| state.log.messages().any(|message| message.sentence == "The project is saved"));
    path
}

#[test]
fn a_project_of_other_weights_names_them_and_is_whole_once_they_are_open() {
    let folder = tempfile::tempdir().unwrap();
    let project = a_project(folder.path());
    let settings = Settings { weights: Some("Other.safetensors".into()), ..Settings::default() };
    let start = Start { settings, ..Start::default() };
    let mut window =
        Driven::open((Store::memory(), start), &Script::plain(), vec![photograph(folder.path(), 20, CROP)]);
    window.until(drawn);
    assert_eq!(window.bar(), "");
    window.command(Command::OpenProject(project));
    window.until_bar("These faces were edited with the weights Bundled, in use are Other");
    assert_eq!(window.offers(), [("Open weights…", Command::Ask(Purpose::OpenWeights))]);
    window.until(drawn);
    assert_eq!((window.state.edit(), shade(&window.state.desk.edited)), (Some(&turned(30.0)), Some(30)));

    window.command(Command::Dismiss);
    window.command(Command::UseWeights(WeightsSource::Bundled));
    window.until(|state| state.engine.ready.as_ref().unwrap().card.name == "Bundled" && drawn(state));
    assert_eq!(window.bar(), "", "these are the weights that it asked for");
}

#[track_caller]
fn refused(bytes: &[u8], says: &str) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("b.facespace");
    fs::write(&path, bytes).unwrap();
    let mut window = Driven::with_face(&Script::plain());
    window.command(turn(30.0));
    window.until(drawn);
    let before = window.state.session();
    window.command(Command::OpenProject(path.clone()));
    window.until_bar(says);
    assert!(window.bar().ends_with(&format!(": {}", path.display())), "{}", window.bar());
    window.rest();
    assert_eq!((window.state.session(), drawn(&window.state)), (before, true));
}

#[test]
fn a_broken_project_is_said_and_the_tray_stays() {
    let folder = tempfile::tempdir().unwrap();
    let whole = fs::read(a_project(folder.path())).unwrap();
    refused(b"broken", "This is no project of facespace");
    refused(&whole[..whole.len() / 2], "This project file is cut off");
    let damaged = String::from_utf8(whole).unwrap().replacen("\"faces\":[", "\"faces\":[{},", 1);
    refused(damaged.as_bytes(), "This project file is damaged");
}

/// Numbers go on where a project is opened, and this one has none after it.
#[test]
fn a_project_with_a_picture_of_nobody_opens_without_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = a_project(folder.path());
    let text = fs::read_to_string(&path).unwrap();
    let (before, picture) = text.split_once("\"pictures\":{\"1\":\"").unwrap();
    let nobody = format!("{before}\"pictures\":{{\"{}\":\"{}", u64::MAX, picture.split('"').next().unwrap());
    fs::write(&path, format!("{nobody}\",\"1\":\"{picture}")).unwrap();
    let mut window = Driven::forgetful(&Script::plain(), vec![photograph(folder.path(), 20, CROP)]);
    window.until(drawn);
    window.command(Command::OpenProject(path));
    window.until(|state| shade(&state.desk.edited) == Some(30));
    assert_eq!(window.state.faces.len(), 1);
}
