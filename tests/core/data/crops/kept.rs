//! Sets that are kept on the disk: the same each time, opened again, made again where they do not fit, cancelled.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use facespace::data::crops::{Built, CropSet, CropSetError, Options, build};

use super::{OPTIONS, bare, crowd, gather, jpeg, picture_in, shard};

/// All files of a folder.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    entries.map(|e| (e.file_name().into_string().unwrap(), fs::read(e.path()).unwrap())).collect()
}

/// Gathers and tells whether anything had to be made: nothing but the end is heard of a finished set.
fn gather_counting(folder: &Path, options: &Options) -> (Built, bool) {
    let mut heard = Vec::new();
    let mut hear = |done, total| {
        heard.push((done, total));
        true
    };
    let built = build(&folder.join("set"), &[folder.join("a.parquet")], options, &mut hear).unwrap();
    (built, heard.len() > 1)
}

#[test]
fn the_same_pictures_give_the_same_files() {
    let folder = tempfile::tempdir().unwrap();
    let mut rows = crowd(50, 2);
    rows.extend(vec![bare(jpeg(144)); 40]);
    let paths = [shard(folder.path(), "a.parquet", rows)];
    let [one, two] = ["one", "two"].map(|name| folder.path().join(name));
    for dir in [&one, &two] {
        build(dir, &paths, &Options { limit: 90, ..OPTIONS }, &mut |_, _| true).unwrap();
    }
    let names: Vec<String> = files(&one).into_keys().collect();
    assert_eq!(names, ["held-out.labels", "held-out.pictures", "index.json", "train.labels", "train.pictures"]);
    assert!(files(&one) == files(&two));
}

#[test]
fn a_finished_set_is_opened_again() {
    let folder = tempfile::tempdir().unwrap();
    shard(folder.path(), "a.parquet", crowd(30, 2));
    let (first, made) = gather_counting(folder.path(), &OPTIONS);
    assert!(made);
    let (second, made) = gather_counting(folder.path(), &OPTIONS);
    assert!(!made);
    assert_eq!((second.report, second.train.keys()), (first.report, first.train.keys()));

    // Other options, other rows, other angles beside the shard: made again.
    for options in
        [Options { seed: 8, ..OPTIONS }, Options { limit: 10, ..OPTIONS }, Options { held_out: 1, ..OPTIONS }]
    {
        assert!(gather_counting(folder.path(), &options).1, "{options:?}");
    }
    assert!(gather_counting(folder.path(), &OPTIONS).1);
    shard(folder.path(), "a.parquet", crowd(31, 2));
    let (third, made) = gather_counting(folder.path(), &OPTIONS);
    assert!(made);
    assert_eq!(third.train.len() + third.held_out.len(), 62);
}

#[test]
fn a_picture_that_is_added_to_a_folder_is_seen() {
    let folder = tempfile::tempdir().unwrap();
    let crops = folder.path().join("crops");
    picture_in(&crops, "Ada/1.jpg", &jpeg(128));
    picture_in(&crops, "Bob/1.jpg", &jpeg(128));
    let options = Options { held_out: 0, ..OPTIONS };
    let count = || gather(folder.path(), std::slice::from_ref(&crops), &options).unwrap().train.len();
    assert_eq!(count(), 2);
    picture_in(&crops, "Bob/2.jpg", &jpeg(128));
    assert_eq!(count(), 3);
}

#[test]
fn cut_off_files_are_not_trusted_and_made_again() {
    let folder = tempfile::tempdir().unwrap();
    shard(folder.path(), "a.parquet", crowd(30, 2));
    gather_counting(folder.path(), &OPTIONS);
    let set = folder.path().join("set");
    let whole = files(&set);
    for (name, bytes) in &whole {
        for damaged in [&bytes[..bytes.len() / 2], &[], &[bytes.as_slice(), &[0]].concat()[..]] {
            fs::write(set.join(name), damaged).unwrap();
            if !name.ends_with("json") {
                let set_name = name.split('.').next().unwrap();
                let error = CropSet::open(&set, set_name).unwrap_err();
                assert!(matches!(error, CropSetError::Damaged(_)), "{name}: {error}");
            }
            let (built, made) = gather_counting(folder.path(), &OPTIONS);
            // A byte after the index's end is still an index that ends in nonsense.
            assert!(made, "{name} of {} bytes", damaged.len());
            assert_eq!(built.train.len() + built.held_out.len(), 60);
            assert!(files(&set) == whole);
        }
    }
    fs::remove_file(set.join("train.pictures")).unwrap();
    assert!(matches!(CropSet::open(&set, "train"), Err(CropSetError::NoSet(_))));
    assert!(gather_counting(folder.path(), &OPTIONS).1);
    assert!(matches!(CropSet::open(&set, "other"), Err(CropSetError::NoSet(_))));
}

#[test]
fn a_set_of_another_version_is_told_and_made_again() {
    let folder = tempfile::tempdir().unwrap();
    shard(folder.path(), "a.parquet", crowd(4, 2));
    gather_counting(folder.path(), &OPTIONS);
    let index = folder.path().join("set/index.json");
    let text = fs::read_to_string(&index).unwrap().replace("\"version\": 1", "\"version\": 99");
    fs::write(&index, text).unwrap();
    let error = CropSet::open(&folder.path().join("set"), "train").unwrap_err().to_string();
    assert!(error.starts_with("The gathered pictures were made by another version;"), "{error}");
    assert!(gather_counting(folder.path(), &OPTIONS).1);
}

#[test]
fn a_cancelled_set_leaves_nothing_and_keeps_the_old_one() {
    let folder = tempfile::tempdir().unwrap();
    let paths = [shard(folder.path(), "a.parquet", crowd(60, 2))];
    let set = folder.path().join("set");
    let cancelled_after = |calls: u32, options: &Options| {
        let mut left = calls;
        let mut go_on = |_, _| {
            left = left.saturating_sub(1);
            left > 0
        };
        build(&set, &paths, options, &mut go_on).unwrap_err()
    };
    for calls in [1, 2, 4] {
        let error = cancelled_after(calls, &OPTIONS);
        assert!(matches!(error, CropSetError::Cancelled), "{error}");
        assert!(!set.exists() || files_are_none(&set), "after {calls}");
    }
    build(&set, &paths, &OPTIONS, &mut |_, _| true).unwrap();
    let whole = files(&set);
    cancelled_after(3, &Options { seed: 8, ..OPTIONS });
    assert!(files(&set) == whole);
    // What a killed program left behind is no obstacle.
    fs::create_dir(set.join(".part")).unwrap();
    fs::write(set.join(".part/train.pictures"), b"half").unwrap();
    build(&set, &paths, &Options { seed: 8, ..OPTIONS }, &mut |_, _| true).unwrap();
    assert!(!set.join(".part").exists());
}

fn files_are_none(folder: &Path) -> bool {
    fs::read_dir(folder).unwrap().next().is_none()
}

#[test]
fn many_threads_read_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let rows = (0..20).map(|i| bare(jpeg([128, 144, 168][i % 3]))).collect();
    let built = gather(folder.path(), &[shard(folder.path(), "a.parquet", rows)], &Options { held_out: 0, ..OPTIONS });
    let set = built.unwrap().train;
    let readers: Vec<_> = (0..4)
        .map(|_| {
            let set = set.clone();
            std::thread::spawn(move || {
                for i in (0..set.len()).rev() {
                    assert_eq!(set.picture(i).unwrap().width(), [128, 144, 168][i % 3]);
                }
            })
        })
        .collect();
    readers.into_iter().for_each(|reader| reader.join().unwrap());
}
