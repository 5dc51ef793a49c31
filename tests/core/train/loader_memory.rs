//! What the loader takes does not grow with the set.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use facespace::data::atomic::WriteError;
use facespace::data::crops::{CropSet, Options, SubFolders, TRAIN, build};
use facespace::data::shards::{self, Record};
use facespace::train::batches::{Loader, Planner};
use facespace::train::memory::peak_mb;
use facespace::train::samplers::{Pool, ViewRange, shuffled, stage_one_plan};
use image::{ImageFormat, Rgb, RgbImage};

use crate::data::bytes_of;

/// The folder of a gathered set; where it is set, this is the process that is measured.
const SET: &str = "FACESPACE_TEST_SET";
const BATCH: usize = 16;
/// As many pictures, of however many: what grows with the set is then the set's part.
const BATCHES: u64 = 120;
const RANGE: ViewRange = ViewRange { mirror: true, turn_deg: 8.0, shift_px: 2.0 };

#[test]
#[cfg_attr(not(target_os = "linux"), ignore = "reads /proc")]
fn the_loaders_peak_at_10_000_records_is_that_at_1_000() {
    compare(1_000, 10_000);
}

/// `cargo test --test core -- --ignored the_loaders_peak_at_100_000`
#[test]
#[ignore = "takes a minute"]
fn the_loaders_peak_at_100_000_records_is_that_at_10_000() {
    compare(10_000, 100_000);
}

#[track_caller]
fn compare(small: usize, large: usize) {
    let [less, more] = [small, large].map(peak_of_child);
    let said = format!("{less} MB for {small} records, {more} MB for {large}");
    println!("{said}");
    assert!(more <= 1.1 * less, "{said}");
}

/// Loads batches of a set of `count` records in a process of its own; the peak of its memory.
fn peak_of_child(count: usize) -> f64 {
    let folder = tempfile::tempdir().unwrap();
    let bytes = bytes_of(RgbImage::from_pixel(144, 144, Rgb([90, 120, 60])), ImageFormat::Jpeg);
    let row = |i: usize| Record { person: Some(format!("p{}", i / 4)), picture_bytes: bytes.clone(), ..bare(i) };
    let shard = folder.path().join("drawn-train-00-of-01.parquet");
    shards::write(&shard, (0..count).map(|i| Ok::<_, WriteError>(row(i)))).unwrap();
    let options = Options { held_out: 0, limit: 0, seed: 1, sub_folders: SubFolders::Auto };
    let built = build(&folder.path().join("set"), &[shard], &options, &mut |_, _| true).unwrap();
    assert_eq!(built.train.len(), count);
    drop(built);
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "train::loader_memory::loads_and_tells_its_peak", "--nocapture"])
        .env(SET, folder.path().join("set"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&child.stdout);
    assert!(child.status.success(), "{said}\n{}", String::from_utf8_lossy(&child.stderr));
    said.split_once("peak ").unwrap().1.split_whitespace().next().unwrap().parse().unwrap()
}

/// A row without a picture of its own, with angles.
fn bare(number: usize) -> Record {
    Record {
        path: format!("{number}.png"),
        picture_bytes: Vec::new(),
        person: None,
        clip: None,
        expression: None,
        valence: None,
        arousal: None,
        pose_deg: Some([1.0; 3]),
        landmarks: None,
        factors: None,
    }
}

#[test]
fn loads_and_tells_its_peak() {
    let Some(folder) = std::env::var_os(SET) else { return };
    let set = CropSet::open(Path::new(&folder), TRAIN).unwrap();
    let len = set.len();
    // From all over the set, in views as stage one has them, with a second one of each.
    let plan: Planner = Arc::new(move |step| {
        let mut plan = stage_one_plan(&Pool::All(len), RANGE, 7, step, BATCH);
        plan.crops = shuffled(len, 3, step, BATCH);
        plan.second = plan.views.clone();
        plan
    });
    let loader = Loader::start(set, plan, 0, 2, false).unwrap();
    for step in 0..BATCHES {
        let batch = loader.next().unwrap();
        assert_eq!((batch.step, batch.crops.len()), (step, BATCH));
        assert_eq!(batch.pictures.len(), BATCH * 3 * 128 * 128);
    }
    assert!(loader.take_skipped().is_empty());
    println!("peak {}", peak_mb().unwrap());
}
