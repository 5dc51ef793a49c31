//! `facespace prepare` on a set that lies on the disk: killed at drawn moments, and on disks that are full.

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use facespace::data::shards::ShardReader;
use facespace::data::synth::photograph;
use image::ImageFormat;
use serde_json::Value;

use super::{names, shards};
use crate::cli::Desk;
use crate::data::bytes_of;

/// Of the set, and of a shard.
const FACES: usize = 150;
const ROWS: usize = 10;

/// AffectNet as it was first published, with drawn photographs of six people.
fn put_set(desk: &Desk) {
    let photographs: Vec<_> = (0..6).map(|seed| photograph(seed + 1, (240, 200), 1)).collect();
    let mut table = "subDirectory_filePath,face_x,face_y,face_width,face_height,facial_landmarks,expression,valence,\
                     arousal\n"
        .to_owned();
    for number in 0..FACES {
        let photograph = &photographs[number % photographs.len()];
        let points: Vec<String> = photograph.faces[0].iter().map(|[x, y]| format!("{x:.2};{y:.2}")).collect();
        let name = format!("{}/{number:04}.png", number / 100);
        writeln!(table, "{name},10,10,200,180,{},{},0.5,-0.25", points.join(";"), number % 8).unwrap();
        let bytes = bytes_of(photograph.picture.clone(), ImageFormat::Png);
        desk.put(&format!("set/Manually_Annotated_Images/{name}"), bytes);
    }
    desk.put("set/training.csv", table);
}

fn arguments(out: &str) -> String {
    format!("prepare set -o {out} --rows {ROWS} --quiet --device cpu")
}

/// Lets the program work for a while; how it ended, where it did so by itself.
fn works(desk: &Desk, out: &str, life: Duration) -> Option<ExitStatus> {
    let begun = Instant::now();
    let mut command = desk.command(&arguments(out));
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    while begun.elapsed() < life {
        if let Some(status) = child.try_wait().unwrap() {
            return Some(status);
        }
        thread::sleep(Duration::from_millis(1));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    None
}

/// Every shard that has its name is whole, and the journal knows no others; how many it knows.
#[track_caller]
fn assert_sound(desk: &Desk, out: &str, kill: usize) -> usize {
    let folder = desk.path(out);
    if !folder.join("prepare.json").exists() {
        return 0;
    }
    let journal: Value = serde_json::from_slice(&fs::read(folder.join("prepare.json")).unwrap()).unwrap();
    let known: Vec<&str> =
        journal["pieces"].as_array().unwrap().iter().filter_map(|piece| piece["shard"].as_str()).collect();
    assert!(known.iter().all(|name| folder.join(name).is_file()), "kill {kill}: {known:?}");
    let whole = desk.path("whole");
    for (name, bytes) in shards(&folder) {
        assert!(fs::read(whole.join(&name)).unwrap() == bytes, "kill {kill}: {name} differs");
    }
    known.len()
}

#[test]
fn three_kills_cost_the_shard_in_hand() {
    kills(3);
}

/// `cargo test --test core -- --ignored fifty_kills_cost`
#[test]
#[ignore = "takes a minute or two"]
fn fifty_kills_cost_the_shard_in_hand() {
    kills(50);
}

fn kills(count: usize) {
    let desk = Desk::empty();
    put_set(&desk);
    let begun = Instant::now();
    assert!(works(&desk, "whole", Duration::from_secs(300)).unwrap().success());
    let time = begun.elapsed();
    assert_eq!(shards(&desk.path("whole")).len(), FACES / ROWS);
    let (mut killed, mut folders, mut kept, mut before) = (0, 0, 0, 0);
    let mut chance: u64 = 12_345;
    while killed < count {
        let out = format!("out-{folders}");
        // A sequence that looks drawn and is the same every time.
        chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let share = (chance >> 33) % 1000;
        if let Some(status) = works(&desk, &out, time.mul_f64(0.2 + 0.6 * share as f64 / 1000.0)) {
            assert!(status.success(), "kill {killed}");
            assert_whole(&desk, &out);
            (folders, before) = (folders + 1, 0);
            continue;
        }
        killed += 1;
        let after = assert_sound(&desk, &out, killed);
        assert!(after >= before, "kill {killed}: {before} shards were there, {after} are");
        kept += after - before;
        before = after;
    }
    println!("{killed} kills of a preparation that takes {time:.1?}: {kept} shards kept, {folders} folders finished");
    assert!(kept > 0, "no kill came after a shard was finished");
    let out = format!("out-{folders}");
    assert!(works(&desk, &out, Duration::from_secs(300)).unwrap().success());
    assert_whole(&desk, &out);
}

/// The folder is the one that was made in peace, with nothing beside.
#[track_caller]
fn assert_whole(desk: &Desk, out: &str) {
    assert_sound(desk, out, 0);
    assert_eq!(names(&desk.path(out)), names(&desk.path("whole")));
}

fn rows(shard: &Path) -> u64 {
    ShardReader::open(shard).unwrap().rows()
}

#[test]
fn a_full_disk_is_named_and_no_half_shard_is_left() {
    let desk = Desk::empty();
    put_set(&desk);
    let before = desk.files();
    let full = |bytes: &str| desk.run_with(&[("FACESPACE_FAULT_WRITE", bytes)], &arguments("out"));
    full("30").failed(1, &[("The disk is full", "out/prepare.json")]);
    assert_eq!(desk.files(), before);
    full("20000").failed(1, &[("The disk is full", "out/affectnet-train-00000.parquet")]);
    assert_eq!(desk.files(), before);
    let run = desk.run_with(&[], &arguments("out")).ok();
    assert!(run.stdout.contains(&format!("faces train {FACES}\n")), "{}", run.stdout);
    assert_eq!(rows(&desk.path("out/affectnet-train-00000.parquet")), ROWS as u64);
}
