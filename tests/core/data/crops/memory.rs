//! Memory does not grow with the set.

use std::path::Path;
use std::process::Command;

use facespace::data::atomic::WriteError;
use facespace::data::crops::{Options, SubFolders, build};
use facespace::data::image::views::planes;
use facespace::data::shards::{self, Record};
use image::{GrayImage, ImageFormat};

use super::bare;
use crate::data::bytes_of;

/// How many records the child reads; set, it is the child.
const COUNT: &str = "FACESPACE_TEST_RECORDS";
const NAME: &str = "data::crops::memory::the_peak_at_100_000_records_is_that_at_10_000";

#[test]
#[cfg_attr(not(target_os = "linux"), ignore = "reads /proc")]
fn the_peak_at_100_000_records_is_that_at_10_000() {
    if let Ok(count) = std::env::var(COUNT) {
        let folder = std::env::var("FACESPACE_TEST_FOLDER").unwrap();
        read_all(Path::new(&folder), count.parse().unwrap());
        println!("peak {}", peak_kilobytes());
        return;
    }
    let [small, large] = [10_000, 100_000].map(peak_of_child);
    let said = format!("{small} kB for 10,000 records, {large} kB for 100,000");
    assert!(large <= small * 1.1, "{said}");
    // The keys are 12 bytes a record; a person, of whom each has four here, takes some more while they are gathered.
    assert!((large - small) * 1024.0 / 90_000.0 < 48.0, "{said}");
}

/// Gathers the shard, then reads it as a training does: every label, pictures into prepared batches, of which five of
/// 100 are there at once. Of the pictures every tenth, so that the test takes seconds; all are decoded in the gathering.
fn read_all(folder: &Path, count: usize) {
    const NUMBERS: usize = 3 * 128 * 128;
    let options = Options { held_out: 100, limit: 0, seed: 1, sub_folders: SubFolders::Auto };
    let built = build(&folder.join("set"), &[folder.join("a.parquet")], &options, &mut |_, _| true).unwrap();
    assert_eq!(built.train.len() + built.held_out.len(), count);
    let mut batches = vec![1.0f32; 5 * 100 * NUMBERS];
    let mut places = (0..500).cycle();
    for i in 0..built.train.len() {
        assert!(built.train.label(i).unwrap().person.is_some());
        if i % 10 == 0 {
            let picture = built.train.picture(i).unwrap();
            let place = places.next().unwrap() * NUMBERS;
            planes(&picture, [0.5; 3], &mut batches[place..place + NUMBERS]);
        }
    }
    assert!(batches.iter().all(|value| value.is_finite()));
}

fn peak_kilobytes() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.split_whitespace().next().unwrap().parse().unwrap()
}

fn peak_of_child(count: usize) -> f64 {
    let folder = tempfile::tempdir().unwrap();
    let picture = bytes_of(GrayImage::from_pixel(128, 128, image::Luma([90])), ImageFormat::Jpeg);
    let row =
        |i: usize| Record { person: Some(format!("p{}", i / 4)), pose_deg: Some([1.0; 3]), ..bare(picture.clone()) };
    shards::write(&folder.path().join("a.parquet"), (0..count).map(|i| Ok::<_, WriteError>(row(i)))).unwrap();
    let child = Command::new(std::env::current_exe().unwrap())
        .args([NAME, "--exact", "--nocapture", "--include-ignored", "--test-threads=1"])
        .env(COUNT, count.to_string())
        .env("FACESPACE_TEST_FOLDER", folder.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&child.stdout);
    assert!(child.status.success(), "{said}\n{}", String::from_utf8_lossy(&child.stderr));
    let peak = said.split_once("peak ").unwrap().1;
    peak.split_whitespace().next().unwrap().parse().unwrap()
}
