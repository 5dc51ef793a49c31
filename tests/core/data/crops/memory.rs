//! Memory does not grow with the set.

use std::path::Path;
use std::process::Command;

use facespace::data::atomic::WriteError;
use facespace::data::crops::{Options, build};
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
    assert!(large <= small * 1.1, "{small} kB for 10,000 records, {large} kB for 100,000");
}

/// Gathers the shard, reads every label and picture.
fn read_all(folder: &Path, count: usize) {
    let options = Options { held_out: 100, limit: 0, seed: 1 };
    let built = build(&folder.join("set"), &[folder.join("a.parquet")], &options, &mut |_, _| true).unwrap();
    assert_eq!(built.train.len() + built.held_out.len(), count);
    for i in 0..built.train.len() {
        assert!(built.train.label(i).unwrap().person.is_some());
        assert_eq!(built.train.picture(i).unwrap().width(), 128);
    }
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
