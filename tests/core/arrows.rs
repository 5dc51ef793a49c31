//! The rooms of the house use each other in one direction only.

use std::fs;
use std::path::{Path, PathBuf};

/// A room may use those before it.
const ROOMS: [&str; 12] =
    ["face", "data", "nn", "find", "prepare", "gallery", "train", "evaluate", "audit", "engine", "app", "cli"];

/// What a room must not name at all.
const FOREIGN: [(&str, &[&str]); 8] = [
    ("face", &["burn::", "image::", "egui", "wgpu", "std::fs", "std::path"]),
    ("data", &["burn::", "egui", "wgpu"]),
    ("nn", &["egui", "wgpu::"]),
    ("find", &["burn::", "egui", "wgpu", "std::fs", "std::path"]),
    ("prepare", &["burn::", "egui", "wgpu"]),
    ("gallery", &["burn::", "egui", "wgpu"]),
    ("audit", &["burn::", "egui", "wgpu"]),
    (
        "app",
        &[
            "burn::",
            "rusqlite",
            "crate::nn",
            "crate::data",
            "crate::find",
            "crate::prepare",
            "crate::gallery",
            "crate::evaluate",
            "crate::audit",
        ],
    ),
];

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] }).collect()
}

fn of_room(room: &str) -> Vec<(PathBuf, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(room);
    assert!(folder.is_dir(), "{room} is no room");
    sources(&folder).into_iter().map(|path| (path.clone(), fs::read_to_string(path).unwrap())).collect()
}

fn code_lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim_start).filter(|line| !line.starts_with("//"))
}

#[test]
fn no_room_uses_a_later_one() {
    for (place, room) in ROOMS.iter().enumerate() {
        for (path, text) in of_room(room) {
            for line in code_lines(&text) {
                for later in &ROOMS[place + 1..] {
                    assert!(!line.contains(&format!("crate::{later}")), "{}: {line}", path.display());
                }
                assert!(!line.contains("crate::{"), "{}: name each room in a line of its own", path.display());
            }
        }
    }
}

#[test]
fn no_room_names_what_is_foreign_to_it() {
    for (room, foreign) in FOREIGN {
        for (path, text) in of_room(room) {
            for line in code_lines(&text) {
                for name in foreign {
                    assert!(!line.contains(name), "{}: {line}", path.display());
                }
            }
        }
    }
}

#[test]
fn every_room_is_on_the_list() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for entry in fs::read_dir(src).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        assert!(!entry.path().is_dir() || ROOMS.contains(&name.as_str()), "src/{name} is on no list");
    }
}
