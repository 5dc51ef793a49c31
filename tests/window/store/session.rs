//! The session after an end, a kill, a second window, and every way in which its file can be broken.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use facespace::app::history::{Change, FaceRecord, History};
use facespace::app::store::{Folders, Session, Store};
use facespace::data::image::load;
use facespace::face::Edit;

use super::{Home, PATIENCE, TARGET, a_picture, a_session, again, assert_sentence};
use crate::history::Play;

#[test]
fn a_session_is_there_again() {
    for seed in 0..20 {
        let session = a_session(seed, 30);
        let home = Home::with_session(&session);
        let (store, start) = home.open();
        assert_eq!(start.session.unwrap(), session, "seed {seed}");
        assert!(start.sentences.is_empty() && store.writable());
    }
    let (_, start) = Home::new().open();
    assert!(start.session.is_none() && start.sentences.is_empty());
}

#[test]
fn pictures_lie_beside_it_and_unneeded_ones_go() {
    let home = Home::new();
    let mut session = a_session(4, 30);
    let removed = session.faces.remove(0);
    let gone = 1000;
    session.history.push(Change::Remove { place: 0, face: removed.clone() });
    let (store, _) = home.open();
    for id in session.faces_with_history().into_iter().chain([gone]) {
        store.save_picture(id, Arc::new(a_picture(id as u8)));
    }
    store.save_session(session.clone());
    assert!(store.flush(PATIENCE));
    let picture = |store: &Store, id| store.picture_path(id).unwrap();
    assert!(picture(&store, gone).exists());
    drop(store);
    fs::write(home.path("session/.session.json.77-1.part"), b"{").unwrap();
    fs::write(home.path("session/faces/.3.png.77-2.part"), b"{").unwrap();
    fs::write(home.path("session/faces/mine.png"), b"kept").unwrap();

    let (store, start) = home.open();
    assert!(start.sentences.is_empty());
    assert!(!picture(&store, gone).exists());
    assert_eq!(load(&picture(&store, removed.id)).unwrap(), a_picture(removed.id as u8));
    assert_eq!(home.names("session"), ["faces", "lock", "session.json"]);
    let left = home.names("session/faces");
    assert_eq!(left.len(), session.faces_with_history().len() + 1, "{left:?}");
    assert!(left.contains(&"mine.png".to_owned()));
}

#[test]
fn a_second_window_does_not_save() {
    let home = Home::with_session(&a_session(1, 10));
    let (first, _) = home.open();
    let (second, start) = home.open();
    assert_eq!(start.sentences, ["facespace is open already; this second window does not save its session"]);
    assert!(start.session.is_none() && !second.writable() && second.picture_path(1).is_none());
    second.save_session(a_session(2, 10));
    second.save_picture(1, Arc::new(a_picture(1)));
    assert!(second.flush(PATIENCE));
    drop(first);
    let (third, start) = home.open();
    assert!(third.writable());
    assert_eq!(start.session.unwrap(), a_session(1, 10));
    assert!(home.names("session/faces").is_empty());
}

/// The broken file is kept under another name, its pictures too, and the new session is saved.
#[track_caller]
fn set_aside(bytes: &[u8], says: &str) {
    let home = Home::new();
    fs::create_dir_all(home.path("session/faces")).unwrap();
    fs::write(home.path("session/session.json"), bytes).unwrap();
    fs::write(home.path("session/faces/1.png"), b"a picture").unwrap();
    let (store, start) = home.open();
    assert!(start.session.is_none() && store.writable());
    let [sentence] = &start.sentences[..] else { panic!("{:?}", start.sentences) };
    let names = home.names("session");
    let aside = names.iter().find(|name| name.starts_with("session-broken-20")).unwrap();
    assert_sentence(sentence, says, &home.path("session").join(aside));
    assert_eq!(fs::read(home.path("session").join(aside)).unwrap(), bytes);
    let pictures = names.iter().find(|name| name.starts_with("faces-broken-20")).unwrap();
    assert_eq!(fs::read(home.path("session").join(pictures).join("1.png")).unwrap(), b"a picture");

    store.save_session(a_session(5, 10));
    assert!(store.flush(PATIENCE));
    drop(store);
    let (_, start) = home.open();
    assert_eq!((start.session, start.sentences.len()), (Some(a_session(5, 10)), 0));
}

#[test]
fn a_broken_session_is_set_aside() {
    let whole = a_session(3, 20).into_bytes().unwrap();
    for length in [0, 1, 10, 40, whole.len() / 2, whole.len() - 1] {
        set_aside(&whole[..length], "it is cut off");
    }
    set_aside(b"no session", "it is no session");
    set_aside(b"{}", "it is no session");
    set_aside(&[0xFF; 100], "it is no session");
    set_aside(b"{\"format\":\"facespace edit\",\"version\":1,\"edit\":{}}", "it is no session");
    let with = |from: &str, to: &str| {
        let text = String::from_utf8(whole.clone()).unwrap();
        assert!(text.contains(from), "{text}");
        text.replacen(from, to, 1).into_bytes()
    };
    set_aside(&with("\"version\":6", "\"version\":7"), "a newer facespace");
    set_aside(&with("\"faces\":", "\"heads\":"), "unknown field `heads`");
    set_aside(&with("\"next_id\":", "\"next_id\":-"), "could not be read");
    set_aside(&with("}", "}}"), "could not be read");
}

#[test]
fn every_broken_session_keeps_a_name_of_its_own() {
    let home = Home::new();
    for count in 1..4 {
        fs::create_dir_all(home.path("session")).unwrap();
        fs::write(home.path("session/session.json"), b"broken").unwrap();
        let (_, start) = home.open();
        assert_eq!(start.sentences.len(), 1);
        let names = home.names("session");
        assert_eq!(names.iter().filter(|name| name.starts_with("session-broken")).count(), count, "{names:?}");
    }
}

#[test]
fn days_have_their_dates() {
    use facespace::app::store::aside::date;
    let day = |days: u64| std::time::UNIX_EPOCH + Duration::from_secs(days * 86_400 + 86_399);
    for (days, expected) in
        [(0, "1970-01-01"), (59, "1970-03-01"), (11_016, "2000-02-29"), (11_017, "2000-03-01"), (20_818, "2026-12-31")]
    {
        assert_eq!(date(day(days)), expected);
    }
}

#[test]
fn numbers_that_cannot_be_are_put_right() {
    let mut play = Play::new(1);
    let face = FaceRecord { id: 7, ..play.face() };
    let session = Session { faces: vec![face.clone()], open: Some(99), next_id: 3, ..Session::default() };
    let home = Home::with_session(&session);
    let read = home.open().1.session.unwrap();
    assert_eq!((read.open, read.next_id), (None, 8));

    let mut endless = Session { faces: vec![face.clone()], ..Session::default() };
    endless.view.zoom = f32::INFINITY;
    endless.faces[0].points = Some([[f32::NAN; 2]; 3]);
    let read = Home::with_session(&endless).open().1.session.unwrap();
    assert_eq!((read.view.zoom, read.faces[0].points), (1.0, None));

    let twice = Session { faces: vec![face.clone(), face], ..Session::default() };
    set_aside(&twice.into_bytes().unwrap(), "two faces have the number 7");
}

#[cfg(unix)]
#[test]
fn an_oddly_named_file_does_not_keep_a_session_from_being_saved() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let mut session = a_session(1, 10);
    session.faces[0].path = Some(OsStr::from_bytes(b"/photographs/\xFF\xFE.jpg").into());
    let home = Home::with_session(&session);
    assert_eq!(home.open().1.session.unwrap(), session);
}

/// No folder can be made below a file, whoever asks.
#[test]
fn without_a_folder_to_write_into_the_window_works_and_says_so() {
    let home = Home::new();
    fs::write(home.path("file"), b"").unwrap();
    let folders = Folders::under(&home.path("file"));
    let (store, start) = Store::open_in(folders.clone());
    assert!(!store.writable() && start.session.is_none());
    let [sentence] = &start.sentences[..] else { panic!("{:?}", start.sentences) };
    assert_sentence(sentence, "Faces and edits are not kept when this window closes", &folders.session);
    store.save_session(a_session(1, 10));
    store.save_picture(1, Arc::new(a_picture(1)));
    assert!(store.flush(PATIENCE));
    store.save_settings(start.settings);
    assert!(!store.flush(PATIENCE));
    assert!(store.failures().is_some() && store.failures().is_none());
}

/// A disk that is mounted read-only keeps even root from writing.
#[cfg(target_os = "linux")]
#[test]
fn a_read_only_home_is_said_and_its_session_is_shown() {
    struct Mounted(std::path::PathBuf);
    impl Drop for Mounted {
        fn drop(&mut self) {
            let _ = std::process::Command::new("umount").arg(&self.0).status();
        }
    }
    let mount = |arguments: &[&str], at: &Path| {
        let ran = std::process::Command::new("mount").args(arguments).arg(at).output();
        ran.is_ok_and(|output| output.status.success())
    };
    let home = Home::new();
    let disk = home.path("disk");
    fs::create_dir(&disk).unwrap();
    if !mount(&["-t", "tmpfs", "-o", "size=1m", "tmpfs"], &disk) {
        eprintln!("SKIPPED: a file system cannot be mounted here; it takes root on Linux");
        return;
    }
    let _mounted = Mounted(disk.clone());
    let folders = Folders::under(&disk);
    let (store, _) = Store::open_in(folders.clone());
    store.save_picture(1, Arc::new(a_picture(1)));
    store.save_session(a_session(1, 10));
    assert!(store.flush(PATIENCE));
    drop(store);
    assert!(mount(&["-o", "remount,ro"], &disk));
    let (store, start) = Store::open_in(folders.clone());
    assert!(!store.writable());
    assert_eq!(start.session.unwrap(), a_session(1, 10));
    assert!(store.picture_path(1).unwrap().exists());
    assert_sentence(&start.sentences[0], "Read-only file system", &folders.session);
}

#[test]
fn the_memory_store_keeps_nothing() {
    let store = Store::memory();
    store.save_session(a_session(1, 10));
    store.save_picture(1, Arc::new(a_picture(1)));
    assert!(!store.writable() && store.picture_path(1).is_none() && store.failures().is_none());
    assert!(store.flush(Duration::ZERO));
}

/// The start waits for this; the aim is 20 ms in a release build.
#[test]
fn a_hundred_faces_are_read_at_once() {
    let mut play = Play::new(9);
    let mut session = Session::default();
    for _ in 0..100 {
        let face = play.face();
        for _ in 0..10 {
            let (before, after) = (play.edit(), play.edit());
            session.history.push(Change::Edit { face: face.id, before, after });
        }
        session.faces.push(face);
    }
    let home = Home::with_session(&session);
    let took = (0..5).map(|_| {
        let begin = Instant::now();
        let (_, start) = home.open();
        assert_eq!(start.session.unwrap().faces.len(), 100);
        begin.elapsed()
    });
    let best = took.min().unwrap();
    let size = fs::metadata(home.path("session/session.json")).unwrap().len();
    println!("100 faces and 1,000 edits, {size} bytes: {best:?}");
    assert!(best < Duration::from_millis(100), "{best:?}");
}

/// A window that is killed at any moment has lost one step at most, and never its file.
#[test]
fn a_session_is_whole_after_a_kill() {
    let home = Home::new();
    let mut chance = Play::new(50);
    let mut steps = 0;
    for moment in 0..50 {
        let mut child = again("store::session::saves_until_killed", &[], home.0.path()).spawn().unwrap();
        thread::sleep(Duration::from_millis(100 + chance.below(150) as u64));
        child.kill().unwrap();
        child.wait().unwrap();
        let (store, start) = home.open();
        assert!(start.sentences.is_empty() && store.writable(), "moment {moment}: {:?}", start.sentences);
        let Some(mut session) = start.session else { continue };
        for face in &session.faces {
            assert!(load(&store.picture_path(face.id).unwrap()).is_ok(), "moment {moment}");
        }
        let (past, _) = session.history.depth();
        assert!(past >= steps, "moment {moment}: {past} steps are left of {steps}");
        steps = past;
        while let Some(change) = session.history.undo() {
            change.apply(&mut session.faces);
        }
        assert!(session.faces.is_empty(), "moment {moment}");
    }
    assert!(steps > 0);
}

#[test]
fn saves_until_killed() {
    let Some(home) = std::env::var_os(TARGET) else { return };
    let (store, start) = Store::open_in(Folders::under(Path::new(&home)));
    let mut session = start.session.unwrap_or_default();
    let begin = Instant::now();
    // In case nobody kills it.
    while begin.elapsed() < Duration::from_secs(10) {
        let mut change = Play::new(session.next_id).change();
        if let Change::Add { face, .. } = &mut change {
            face.id = session.next_id;
        }
        session.next_id += 1;
        store.save_picture(session.next_id - 1, Arc::new(a_picture(session.next_id as u8)));
        step(&mut session, change);
        let face = session.faces[0].clone();
        let edit = Change::Edit { face: face.id, before: face.edit, after: Edit::default() };
        step(&mut session, edit);
        store.save_session(session.clone());
        // As fast as a disk takes a picture: the session waits for its pictures.
        thread::sleep(Duration::from_millis(10));
    }
}

fn step(session: &mut Session, change: Change) {
    change.apply(&mut session.faces);
    History::push(&mut session.history, change);
}
