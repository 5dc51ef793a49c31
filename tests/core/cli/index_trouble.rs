//! Indexes that cannot be used as they are: of another model, newer, cut off, locked, on disks that are full or
//! read-only, and folders that change meanwhile.

use std::fs;
use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::index::{faces, is_near, other_weights, put_crops};
use super::{Desk, Run, assert_sentence};

/// A run that takes longer than this hangs.
const PATIENCE: Duration = Duration::from_secs(120);

/// An index `i` of three invented faces in `in`.
fn indexed() -> Desk {
    let desk = Desk::empty();
    for (name, bytes) in ["a.png", "b.png", "c.png"].iter().zip(super::faces()) {
        desk.put(&format!("in/{name}"), bytes);
    }
    desk.run("index build in -o i").ok();
    desk
}

/// The program at work beside the test.
pub fn started(desk: &Desk, arguments: &str) -> Child {
    let mut command = desk.command(&format!("{arguments} --device cpu"));
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// What it came to.
#[track_caller]
pub fn finished(mut child: Child) -> Run {
    let begun = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if begun.elapsed() > PATIENCE {
            child.kill().unwrap();
            panic!("the program hangs");
        }
        thread::sleep(Duration::from_millis(5));
    }
    Run::of(&child.wait_with_output().unwrap())
}

#[test]
fn an_index_of_another_model_is_refused_and_rebuilt_when_asked() {
    let desk = indexed();
    desk.run("index people i --name 1=Anna --quiet").ok();
    desk.put("w.safetensors", other_weights());
    let before = faces(&desk.path("i"));
    for arguments in ["index update i", "index build in -o i", "search i in/a.png"] {
        desk.run(&format!("{arguments} --weights w.safetensors")).failed(1, &[("made with the weights", "i")]);
    }
    let info = desk.run("index info i --weights w.safetensors").ok();
    assert!(info.stdout.contains("--rebuild"), "{}", info.stdout);
    // The faces of the index are of one model among themselves.
    let key = before.values().next().unwrap().0;
    desk.run(&format!("search i --like {key} --weights w.safetensors")).ok();
    assert_eq!(faces(&desk.path("i")), before);

    desk.run("index update i --rebuild --weights w.safetensors").ok();
    assert!(desk.run("index info i --weights w.safetensors").ok().stdout.contains(", in use\n"));
    let after = faces(&desk.path("i"));
    assert!(after.keys().eq(before.keys()));
    let people = desk.run("index people i").ok();
    assert!(people.stdout.contains(" Anna "), "{}", people.stdout);
    desk.run("search i in/a.png --weights w.safetensors").ok();
    desk.run("search i in/a.png").failed(1, &[("made with the weights", "i")]);

    // Rebuilding what is of the model in use does nothing anew.
    desk.run("index update i --rebuild --weights w.safetensors --json r.json").ok();
    assert_eq!(desk.json("r.json")["results"]["unchanged"], 3);
}

#[test]
fn an_index_of_a_newer_version_is_left_alone() {
    let desk = indexed();
    let store = rusqlite::Connection::open(desk.path("i/faces.sqlite")).unwrap();
    store.pragma_update(None, "user_version", 99).unwrap();
    drop(store);
    let before = desk.bytes("i/faces.sqlite");
    for arguments in ["index info i", "index update i", "index build in -o i", "index people i", "search i in/a.png"] {
        desk.run(arguments).failed(1, &[("update facespace", "i")]);
    }
    assert_eq!(desk.bytes("i/faces.sqlite"), before);
}

#[test]
fn an_index_that_is_cut_off_is_named_and_can_be_deleted() {
    let desk = indexed();
    let whole = desk.bytes("i/faces.sqlite");
    for length in [whole.len() / 2, 5000] {
        desk.put("i/faces.sqlite", &whole[..length]);
        for arguments in ["index info i", "index update i", "search i in/a.png"] {
            desk.run(arguments).failed(1, &[("cut off or damaged", "i")]);
        }
    }
    desk.put("i/faces.sqlite", "Dear reader, this is a letter and no database, however long it may be in the end.");
    desk.run("index info i").failed(1, &[("", "i")]);
    desk.put("i/faces.sqlite", &whole[..whole.len() / 2]);
    assert_eq!(desk.run("index delete i").ok().stdout, "Deleted the index: i\n");
    assert!(!desk.path("i").exists());
    desk.run("index build in -o i").ok();
    assert_eq!(faces(&desk.path("i")).len(), 3);
}

#[test]
fn a_folder_that_is_no_index_is_left_alone() {
    let desk = indexed();
    let before = desk.files();
    desk.run("index delete in").failed(1, &[("There is no index here", "in")]);
    desk.run("index build i -o in").failed(1, &[("holds other things", "in")]);
    desk.run("index build in -o in/a.png").failed(1, &[("", "in/a.png")]);
    assert_eq!(desk.files(), before);

    // What does not belong to it stays when it goes.
    desk.put("i/notes.txt", "mine");
    desk.run("index delete i");
    assert_eq!(desk.files_in("i"), ["i/notes.txt"]);
}

#[test]
fn an_index_may_lie_in_the_folder_that_it_is_of() {
    let desk = Desk::with_faces();
    desk.run("index build . -o i").ok();
    desk.run("index update i --json r.json").ok();
    let report = &desk.json("r.json")["results"];
    assert_eq!((&report["unchanged"], &report["added"]), (&3.into(), &0.into()));
}

#[test]
fn while_another_process_writes_one_says_so_or_waits() {
    let desk = indexed();
    put_crops(&desk, "in", 8, 2);
    let lock = fs::File::create(desk.path("i/lock")).unwrap();
    lock.try_lock().unwrap();
    desk.run("index update i").failed(1, &[("Another process is writing this index", "i")]);
    desk.run("index build in -o i").failed(1, &[("Another process is writing this index", "i")]);
    desk.run("index delete i").failed(1, &[("Another process is writing this index", "i")]);
    // Whoever only reads is let in.
    desk.run("index info i").ok();
    desk.run("search i in/a.png").ok();

    let mut waiting = started(&desk, "index update i --wait");
    thread::sleep(Duration::from_secs(2));
    assert!(waiting.try_wait().unwrap().is_none(), "it did not wait");
    assert_eq!(faces(&desk.path("i")).len(), 3);
    lock.unlock().unwrap();
    let run = finished(waiting);
    assert_eq!((run.code, run.stderr.as_str()), (0, "Another process writes to this index; waiting: i\n"));
    assert_eq!(faces(&desk.path("i")).len(), 5);
}

#[test]
fn two_who_index_the_same_at_once_do_it_once() {
    let desk = Desk::empty();
    put_crops(&desk, "in", 9, 12);
    let both = ["one", "two"].map(|name| started(&desk, &format!("index build in -o i --wait --quiet --json {name}")));
    for child in both {
        finished(child).ok();
    }
    let added = ["one", "two"].map(|name| desk.json(name)["results"]["added"].as_u64().unwrap());
    assert_eq!(added.iter().sum::<u64>(), 12, "{added:?}");
    assert_eq!(faces(&desk.path("i")).len(), 12);
}

#[test]
fn a_folder_that_changes_while_it_is_indexed_is_right_after_an_update() {
    let desk = Desk::empty();
    put_crops(&desk, "in", 10, 24);
    let child = started(&desk, "index build in -o i --quiet");
    let other = |number: u64| facespace::data::synth::record(11, number).picture_bytes;
    for number in 0..6 {
        thread::sleep(Duration::from_millis(150));
        fs::remove_file(desk.path(&format!("in/10-{:02}.jpg", 3 * number))).unwrap();
        desk.put(&format!("in/10-{:02}.jpg", 3 * number + 1), other(number));
        desk.put(&format!("in/new-{number}.jpg"), other(10 + number));
    }
    // What went away under its hands may be named; nothing else goes wrong.
    let run = finished(child);
    assert!(run.code <= 1, "{}", run.stderr);
    run.stderr.lines().for_each(assert_sentence);

    desk.run("index update i").ok();
    let held = faces(&desk.path("i"));
    let names: Vec<String> = held.keys().map(|(name, _)| name.clone()).collect();
    let mut there: Vec<String> =
        fs::read_dir(desk.path("in")).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    there.sort();
    assert_eq!(names, there);
    desk.run("index build in -o fresh").ok();
    let fresh = faces(&desk.path("fresh"));
    assert!(held.iter().all(|(face, (_, code))| is_near(code, &fresh[face].1)));
}

#[test]
fn pictures_that_are_gone_are_still_found_until_the_update() {
    let desk = indexed();
    fs::remove_file(desk.path("in/b.png")).unwrap();
    let run = desk.run("search i in/a.png").ok();
    assert_eq!(run.stdout.lines().count(), 4);
    assert!(run.stdout.lines().any(|line| line.ends_with("b.png (gone)")), "{}", run.stdout);
    desk.run("index update i").ok();
    assert_eq!(desk.run("search i in/a.png").ok().stdout.lines().count(), 3);
}

/// Runs the program without the right to write where permissions forbid it; none where that cannot be had.
#[cfg(unix)]
fn without_rights(desk: &Desk, arguments: &str) -> Option<Run> {
    let probe = desk.path("i/probe");
    let is_kept_out = fs::write(&probe, "").is_err();
    if is_kept_out {
        return Some(desk.run(arguments));
    }
    fs::remove_file(&probe).unwrap();
    super::bad_input::as_nobody(desk, &format!("{arguments} --device cpu"))
}

#[cfg(unix)]
#[test]
fn an_index_that_may_not_be_written_is_read() {
    use std::os::unix::fs::PermissionsExt;

    let desk = indexed();
    let mode = |name: &str, mode: u32| fs::set_permissions(desk.path(name), fs::Permissions::from_mode(mode)).unwrap();
    for name in desk.files_in("i") {
        mode(&name, 0o444);
    }
    mode("i", 0o555);
    let runs = ["index info i", "search i in/a.png", "index people i", "index update i"]
        .map(|arguments| without_rights(&desk, arguments));
    mode("i", 0o755);
    let [Some(info), Some(search), Some(people), Some(update)] = runs else {
        eprintln!("SKIPPED: root may write everywhere, and the program could not be started as nobody");
        return;
    };
    assert!(info.ok().stdout.contains("faces    3\n"));
    assert_eq!(search.ok().stdout.lines().count(), 4);
    people.ok();
    assert_eq!((update.code, update.stderr.lines().count()), (1, 1), "{}", update.stderr);
    assert_sentence(update.stderr.trim_end());
    assert_eq!(faces(&desk.path("i")).len(), 3);
}

#[test]
fn a_disk_that_is_full_is_named_and_gone_on_with() {
    let desk = Desk::empty();
    put_crops(&desk, "in", 15, 60);
    let full = [("FACESPACE_FAULT_WRITE", "300000")];
    let run = desk.run_with(&full, "index build in -o i --device cpu");
    run.failed(1, &[("The disk is full", "i")]);
    let stored = faces(&desk.path("i"));
    assert!(!stored.is_empty() && stored.len() < 60, "{} faces", stored.len());
    desk.run("index update i").ok();
    let all = faces(&desk.path("i"));
    assert_eq!(all.len(), 60);
    assert!(stored.iter().all(|(face, known)| all[face] == *known), "what was stored is encoded again");
}

#[cfg(target_os = "linux")]
#[test]
fn a_disk_that_is_really_full_keeps_what_was_stored() {
    let desk = Desk::empty();
    put_crops(&desk, "in", 12, 60);
    let Some(disk) = super::faults::SmallDisk::mount(desk.path("small"), "1m") else {
        eprintln!("SKIPPED: a small file system cannot be mounted here; it takes root on Linux");
        return;
    };
    let run = desk.run("index build in -o small/i");
    assert_eq!((run.code, run.stderr.lines().count()), (1, 1), "{}", run.stderr);
    assert!(run.stderr.starts_with("The disk is full; "), "{}", run.stderr);
    assert!(disk.grow("20m"), "the small disk could not be made larger");
    let run = desk.run("index update small/i --json r.json").ok();
    assert!(run.stdout.contains("faces 60 "), "{}", run.stdout);
    let added = desk.json("r.json")["results"]["faces_added"].as_u64().unwrap();
    println!("{} of 60 faces had been stored on a megabyte", 60 - added);
    assert!(added > 0, "all fitted onto the small disk");
    assert_eq!(faces(&desk.path("small/i")).len(), 60);
}
