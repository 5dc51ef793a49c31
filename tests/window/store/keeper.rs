//! Newest wins, whole or not at all, and nothing is lost while a disk is full.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::{Duration, Instant};

use facespace::engine::keeper::{self, Keeper};

use super::{PATIENCE, TARGET, a_picture, again, names};

/// Holds the keeper's thread until the sender is dropped, so that what is put meanwhile waits.
fn held(keeper: &Keeper, path: PathBuf) -> mpsc::Sender<()> {
    let (go, wait) = mpsc::channel();
    let (begun, is_begun) = mpsc::channel();
    keeper.put(
        path,
        Box::new(move || {
            begun.send(()).unwrap();
            let _ = wait.recv();
            Ok(b"held".to_vec())
        }),
    );
    is_begun.recv().unwrap();
    go
}

fn put(keeper: &Keeper, path: &Path, bytes: &[u8]) {
    let bytes = bytes.to_vec();
    keeper.put(path.to_owned(), Box::new(move || Ok(bytes)));
}

#[test]
fn the_newest_is_written_and_the_rest_never_worked_out() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deep/below/a.json");
    let keeper = Keeper::start().unwrap();
    let go = held(&keeper, folder.path().join("first"));
    let worked_out = Arc::new(AtomicUsize::new(0));
    for i in 0..100 {
        let worked_out = Arc::clone(&worked_out);
        keeper.put(
            path.clone(),
            Box::new(move || {
                worked_out.fetch_add(1, Ordering::Relaxed);
                Ok(format!("{i}").into_bytes())
            }),
        );
    }
    drop(go);
    assert!(keeper.flush(PATIENCE));
    assert_eq!(fs::read(&path).unwrap(), b"99");
    assert_eq!(worked_out.load(Ordering::Relaxed), 1);
    assert_eq!(names(path.parent().unwrap()), ["a.json"]);
    assert_eq!(keeper.failure(), None);
}

#[test]
fn the_newest_comes_last_and_the_first_that_waits_keeps_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let keeper = Keeper::start().unwrap();
    let go = held(&keeper, folder.path().join("first"));
    let order = Arc::new(Mutex::new(Vec::new()));
    for name in ["session", "session", "picture 1", "session", "picture 2", "session", "picture 3", "session"] {
        let order = Arc::clone(&order);
        keeper.put(
            folder.path().join(name),
            Box::new(move || {
                order.lock().unwrap().push(name);
                Ok(Vec::new())
            }),
        );
    }
    drop(go);
    assert!(keeper.flush(PATIENCE));
    assert_eq!(*order.lock().unwrap(), ["session", "picture 1", "picture 2", "picture 3", "session"]);
}

#[test]
fn putting_never_waits_and_a_flush_has_an_end() {
    let folder = tempfile::tempdir().unwrap();
    let keeper = Keeper::start().unwrap();
    let go = held(&keeper, folder.path().join("first"));
    let start = Instant::now();
    put(&keeper, &folder.path().join("a"), b"a");
    assert!(start.elapsed() < Duration::from_millis(100));
    assert!(!keeper.flush(Duration::from_millis(20)));
    drop(go);
    assert!(keeper.flush(PATIENCE));
}

#[test]
fn what_waits_is_written_when_the_keeper_goes() {
    let folder = tempfile::tempdir().unwrap();
    let keeper = Keeper::start().unwrap();
    for i in 0..50u8 {
        put(&keeper, &folder.path().join(i.to_string()), &[i]);
    }
    drop(keeper);
    assert_eq!(names(folder.path()).len(), 50);
}

#[test]
fn a_failure_is_told_once_and_wakes_the_window() {
    let folder = tempfile::tempdir().unwrap();
    let keeper = Keeper::start().unwrap();
    let (woken, wakes) = mpsc::channel();
    keeper.wake_by(move || woken.send(()).unwrap());
    let taken = folder.path().join("taken");
    fs::create_dir(&taken).unwrap();
    for _ in 0..3 {
        put(&keeper, &taken, b"a");
        assert!(!keeper.flush(PATIENCE));
    }
    assert!(keeper.failure().unwrap().starts_with("A folder has this name"));
    assert_eq!(keeper.failure(), None);
    assert_eq!(wakes.try_iter().count(), 1);

    // Once the way is free, the next write of anything brings it along, and the same failure is told anew.
    fs::remove_dir(&taken).unwrap();
    put(&keeper, &folder.path().join("other"), b"b");
    assert!(keeper.flush(PATIENCE));
    assert_eq!(fs::read(&taken).unwrap(), b"a");
    fs::remove_file(&taken).unwrap();
    fs::create_dir(&taken).unwrap();
    put(&keeper, &taken, b"c");
    assert!(!keeper.flush(PATIENCE));
    assert!(keeper.failure().unwrap().ends_with(&format!(": {}", taken.display())));
}

#[test]
fn contents_that_fail_or_panic_are_told_and_the_thread_lives() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a");
    let keeper = Keeper::start().unwrap();
    keeper.put(path.clone(), Box::new(|| Err("It cannot be made; make another".to_owned())));
    keeper.put(folder.path().join("b"), Box::new(|| panic!("an invented crash")));
    assert!(keeper.flush(PATIENCE));
    assert_eq!(keeper.failure().unwrap(), "It cannot be made; make another");
    assert!(keeper.failure().unwrap().contains("an invented crash"));
    put(&keeper, &path, b"good");
    assert!(keeper.flush(PATIENCE));
    assert_eq!(names(folder.path()), ["a"]);
}

#[test]
fn a_full_disk_is_said_once_and_nothing_is_half_written() {
    let folder = tempfile::tempdir().unwrap();
    let fault = [("FACESPACE_FAULT_WRITE", "1000")];
    let output = again("store::keeper::on_a_full_disk", &fault, folder.path()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(names(folder.path()), ["small"]);
}

#[test]
fn on_a_full_disk() {
    let Some(folder) = std::env::var_os(TARGET) else { return };
    let folder = Path::new(&folder);
    let keeper = Keeper::start().unwrap();
    for i in 0..10 {
        put(&keeper, &folder.join(format!("large {i}")), &[1; 2000]);
        put(&keeper, &folder.join("small"), b"small");
    }
    assert!(!keeper.flush(PATIENCE));
    assert!(keeper.failure().unwrap().starts_with("The disk is full; free some space"));
    assert_eq!(keeper.failure(), None);
}

#[test]
fn pictures_come_back_as_they_were() {
    let picture = a_picture(7);
    assert_eq!(keeper::picture(&keeper::png(&picture).unwrap()).unwrap(), picture);
    assert!(keeper::picture(b"nothing").is_err());
}

#[test]
fn files_are_read_or_the_reason_is_said() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(keeper::read(&folder.path().join("none"), "file").unwrap(), None);
    let sentence = keeper::read(folder.path(), "project file").unwrap_err();
    super::assert_sentence(&sentence, "The project file cannot be read (it is no regular file)", folder.path());
}
