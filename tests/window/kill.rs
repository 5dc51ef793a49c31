//! The session after a kill: a second process works on a whole window's state as a hand would, and is killed at fifty
//! drawn moments.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use facespace::app::canvas::View;
use facespace::app::command::Command;
use facespace::app::gallery::GalleryCommand;
use facespace::app::state::State;
use facespace::app::store::{Folders, Session, Store};
use facespace::app::transfer::{Side, TransferCommand};
use facespace::data::image::load;
use facespace::face::Part;

use crate::history::Play;
use crate::shared::{self, DIARY};
use crate::thread::{CROP, Driven, Script, plain};

/// Names the home folder and the seed to the second process.
const TARGET: &str = "FACESPACE_TEST_KILLED";
const SEED: &str = "FACESPACE_TEST_SEED";
const PATIENCE: Duration = Duration::from_secs(30);
/// In the diary, where each session stands before it is saved: that all is on the disk.
const FLUSHED: &str = "flushed";
/// In the place of a session where there is none yet.
const NOTHING: &str = "nothing";

/// What is found is what was flushed last, or what came after it.
#[test]
fn after_a_kill_the_session_is_one_that_the_window_went_through() {
    let mut chance = Play::new(50);
    let (mut lived, mut flushed) = (0, 0);
    for round in 0..5 {
        let home = tempfile::tempdir().unwrap();
        let mut found = NOTHING.to_owned();
        for moment in 0..10u64 {
            // Every other one is killed while it starts, maybe.
            let first = if moment.is_multiple_of(2) { "\n" } else { FLUSHED };
            let life = Duration::from_millis(chance.below(150) as u64);
            let diary = killed_after(first, life, home.path(), 10 * round + moment);
            let mut possible = vec![found];
            for line in diary {
                if line == FLUSHED {
                    possible.drain(..possible.len() - 1);
                    flushed += 1;
                } else {
                    possible.push(line);
                    lived += 1;
                }
            }
            found = restored(home.path());
            assert!(possible.contains(&found), "round {round}, moment {moment}: {found} is none of {possible:?}");
        }
    }
    println!("{lived} sessions, {flushed} of them flushed");
    assert!(lived > 100 && flushed > 25, "{lived} sessions, {flushed} of them flushed");
}

/// Lets a second process work until the first of something is in its diary, and then for a while; what it wrote in all.
fn killed_after(first: &str, life: Duration, home: &Path, seed: u64) -> Vec<String> {
    fs::write(home.join(DIARY), "").unwrap();
    let seed = seed.to_string();
    let environment =
        [(TARGET, home.as_os_str()), (SEED, OsStr::new(&seed)), ("FACESPACE_FAULT_GPU", OsStr::new("missing"))];
    // A line that was not finished is of a session that nobody has saved yet.
    shared::killed_after(life, "kill::works_until_killed", home, &environment, |diary| diary.contains(first))
}

/// The session as the next window finds it, with the pictures of all its faces.
fn restored(home: &Path) -> String {
    let count = left_overs(home);
    assert!(count <= 1, "{count} temporary files");
    let (store, start) = Store::open_in(Folders::under(home));
    assert!(start.sentences.is_empty() && store.writable(), "{:?}", start.sentences);
    assert_eq!(left_overs(home), 0);
    let Some(session) = start.session else { return NOTHING.to_owned() };
    for id in session.faces_with_history() {
        // None of them came from a file, so their photographs are kept too.
        for path in [store.picture_path(id), store.photo_path(id)] {
            load(&path.unwrap()).unwrap();
        }
    }
    digest(session)
}

fn left_overs(home: &Path) -> usize {
    let folders = [home.to_owned(), home.join("session"), home.join("session/faces")];
    let names = folders.iter().flat_map(|folder| fs::read_dir(folder).unwrap()).map(|entry| entry.unwrap().file_name());
    names.filter(|name| name.to_string_lossy().ends_with(".part")).count()
}

fn digest(session: Session) -> String {
    let mut hasher = DefaultHasher::new();
    session.into_bytes().unwrap().hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

#[test]
fn works_until_killed() {
    let (Some(home), Ok(seed)) = (std::env::var_os(TARGET), std::env::var(SEED)) else { return };
    let home = Path::new(&home);
    let mut diary = File::options().append(true).open(home.join(DIARY)).unwrap();
    let mut note = |line: &str| diary.write_all(format!("{line}\n").as_bytes()).unwrap();
    let mut chance = Play::new(seed.parse().unwrap());
    let mut window = Driven::open(Store::open_in(Folders::under(home)), &Script::plain(), Vec::new());
    note(&digest(window.state.session()));
    let begun = Instant::now();
    // In case nobody kills it.
    while begun.elapsed() < Duration::from_secs(10) {
        for _ in 0..chance.below(9) {
            window.read();
            window.command(next(&mut chance, &window.state));
            window.ask();
            note(&digest(window.state.session()));
            window.save();
            thread::sleep(Duration::from_millis(1));
        }
        // As at the end of the program; the last drag may not have settled.
        note(&digest(window.state.session()));
        window.hands.store.save_session(window.state.session());
        assert!(window.hands.store.flush(PATIENCE));
        note(FLUSHED);
    }
}

/// What a hand might do next, mostly drags.
fn next(chance: &mut Play, state: &State) -> Command {
    let count = state.faces.len();
    if count == 0 {
        return Command::Fit;
    }
    let face = state.faces[chance.below(count)].record.id;
    let mut share = || chance.below(101) as f32 / 100.0;
    let (strength, weight) = (share(), 2.0 * share() - 1.0);
    match chance.below(28) {
        0..=9 => Command::SetEdit { edit: Box::new(chance.edit()), settled: false },
        10..=12 => Command::SetEdit { edit: Box::new(chance.edit()), settled: true },
        13..=15 => Command::Undo,
        16 => Command::Redo,
        17 => Command::Rename(face, format!("name {}", chance.below(1000))),
        18 if count > 4 => Command::Remove(face),
        19 => Command::OpenFace(face),
        20 => Command::ToggleLock(Part::ALL[chance.below(4)]),
        21 => Command::Look(View::ALL[chance.below(4)]),
        22 if count < 30 => Command::OpenPasted(Arc::new(plain(chance.below(90) as u8, CROP))),
        23 => Command::SurpriseAll,
        24 => Command::Transfer(TransferCommand::Put(Side::Sources, face, None)),
        25 => Command::Transfer(TransferCommand::Put(Side::Targets, face, Some(0))),
        26 => {
            let settled = strength > 0.5;
            Command::Transfer(TransferCommand::Strength { part: Part::Style, strength, settled })
        }
        27 => Command::Gallery(GalleryCommand::Weigh([weight; 4])),
        _ => Command::NextFace,
    }
}
