//! Preparations that are stopped and gone on with, and what is in memory meanwhile.

use std::fs;
use std::sync::atomic::Ordering;

use facespace::data::sets::Split;
use facespace::data::shards::{Wanted, find_shards, is_for_measuring};
use facespace::prepare::{LeftOut, Options, PrepareError, Progress, prepare};

use super::{Drawn, done, face, mixed, names, options, rows, shards, stopped, stored, sure};

/// 46 entries, of which six are left out, into ten shards and the rest of two.
fn three_parts(home: &tempfile::TempDir) -> Drawn {
    let parts = vec![(Split::Train, mixed(30)), (Split::Val, mixed(9)), (Split::Test, mixed(7))];
    Drawn::new(&home.path().join("set"), parts)
}

#[test]
fn every_part_has_its_shards_and_measuring_ones_are_told() {
    let home = tempfile::tempdir().unwrap();
    let out = home.path().join("out");
    let mut told = Vec::new();
    let mut watch = |progress: Progress| {
        told.push(progress);
        true
    };
    let report = prepare(&three_parts(&home), &out, &options(), sure(), &mut watch).unwrap();
    assert_eq!((report.written.train, report.written.val, report.written.test), (26, 8, 6));
    assert_eq!((report.resumed, report.cancelled), (0, false));
    assert_eq!(report.source, home.path().join("set").display().to_string());
    let expected: Vec<String> = (0..7)
        .map(|number| format!("drawn-train-{number:05}.parquet"))
        .chain((0..2).map(|number| format!("drawn-val-{number:05}.parquet")))
        .chain((0..2).map(|number| format!("drawn-test-{number:05}.parquet")))
        .collect();
    assert!(expected.iter().all(|name| out.join(name).is_file()), "{:?}", names(&out));
    assert_eq!(names(&out).len(), expected.len() + 2, "{:?}", names(&out));
    let training = find_shards(std::slice::from_ref(&out), Wanted::TrainingCrops).unwrap();
    assert_eq!(training.len(), 7);
    assert!(is_for_measuring(&out.join(&expected[7])) && is_for_measuring(&out.join(&expected[9])));

    let left_out = |reason: &str, count, examples: &[&str]| LeftOut {
        reason: reason.to_owned(),
        count,
        examples: examples.iter().map(|name| format!("faces/{name}.jpg")).collect(),
    };
    let twice = left_out("an earlier row names the same picture", 4, &["0006", "0020", "0006", "0006"]);
    let damaged = left_out("the picture is cut off or damaged", 2, &["0013", "0027"]);
    assert_eq!(report.left_out, [twice, damaged]);
    assert_eq!(report.left_out_count(), 6);

    // Every entry is told, in order; all that the set has.
    assert!(told.is_sorted_by_key(|progress| (progress.done, progress.written)));
    assert_eq!(told.last(), Some(&Progress { done: 46, total: 46, written: 40 }));
    // Those to test with come first by name, then those to train on.
    let keys: Vec<String> = rows(&out).into_iter().map(|row| row.path).collect();
    assert_eq!(keys.len(), 40);
    assert!(keys[..6].is_sorted() && keys[6..32].is_sorted() && keys[32..].is_sorted(), "{keys:?}");
}

#[test]
fn a_stop_costs_the_shard_in_hand_and_going_on_gives_the_same() {
    let home = tempfile::tempdir().unwrap();
    let set = three_parts(&home);
    let whole = home.path().join("whole");
    let all = done(&set, &whole).unwrap();
    for after in [1, 3, 5, 9, 22, 31, 39, 41, 45] {
        let out = home.path().join(format!("out-{after}"));
        let first = stopped(&set, &out, after);
        // Of ended parts too, whose last shards are shorter.
        let complete = (first.written.train % 4, first.written.val % 4) == (0, 0) || first.written.train == 26;
        assert!(complete && first.written.total() <= after, "{after}: {first:?}");
        assert_eq!(out.exists(), first.written.total() > 0, "{after}");
        let second = done(&set, &out).unwrap();
        assert!(second.resumed <= after && second.resumed >= first.written.total(), "{after}: {second:?}");
        assert_eq!(shards(&out), shards(&whole), "{after}");
        assert_eq!((second.written, &second.left_out, second.cancelled), (all.written, &all.left_out, false));
    }
}

#[test]
fn a_finished_folder_is_left_as_it_is() {
    let home = tempfile::tempdir().unwrap();
    let (set, out) = (three_parts(&home), home.path().join("out"));
    let first = done(&set, &out).unwrap();
    let times = || {
        let time = |name: String| fs::metadata(out.join(name)).unwrap().modified().unwrap();
        names(&out).into_iter().filter(|name| name != "lock").map(time).collect::<Vec<_>>()
    };
    let before = times();
    let second = done(&set, &out).unwrap();
    assert_eq!(second.resumed, 46);
    assert_eq!((second.written, second.left_out), (first.written, first.left_out));
    assert_eq!(times(), before);
    // Where the set lies does not matter, as long as it is the same.
    let moved = Drawn { root: home.path().join("elsewhere"), ..three_parts(&home) };
    assert_eq!(done(&moved, &out).unwrap().resumed, 46);
}

#[test]
fn a_shard_that_is_gone_or_cut_off_is_made_again() {
    let home = tempfile::tempdir().unwrap();
    let (set, out) = (three_parts(&home), home.path().join("out"));
    done(&set, &out).unwrap();
    let before = shards(&out);
    fs::remove_file(out.join("drawn-train-00003.parquet")).unwrap();
    // What a killed process leaves.
    fs::write(out.join(".drawn-train-00003.parquet.1-1.part"), b"half").unwrap();
    assert!(done(&set, &out).unwrap().resumed < 20);
    assert_eq!(shards(&out), before);
    let shard = out.join("drawn-test-00001.parquet");
    fs::write(&shard, &before["drawn-test-00001.parquet"][..100]).unwrap();
    assert!(done(&set, &out).unwrap().resumed > 40);
    assert_eq!(shards(&out), before);
    assert!(names(&out).iter().all(|name| !name.ends_with(".part")), "{:?}", names(&out));
}

#[test]
fn the_number_of_threads_and_the_limit_of_a_shard_change_no_row() {
    let home = tempfile::tempdir().unwrap();
    let set = three_parts(&home);
    let mut all = Vec::new();
    for (threads, rows_in_shard) in [(1, 4), (3, 4), (2, 1000), (2, 1)] {
        let out = home.path().join(format!("out-{threads}-{rows_in_shard}"));
        let asked = Options { threads, rows_in_shard, ..Options::default() };
        prepare(&set, &out, &asked, sure(), &mut |_| true).unwrap();
        all.push((shards(&out), rows(&out)));
    }
    assert_eq!(all[0].0, all[1].0);
    assert_eq!(all[2].0.len(), 3);
    assert_eq!(all[3].0.len(), 40);
    assert!(all.iter().all(|(_, rows)| *rows == all[0].1));
}

#[test]
fn a_limit_counts_over_all_parts() {
    let home = tempfile::tempdir().unwrap();
    let set = three_parts(&home);
    for (limit, written) in [(5, 5), (30, 26), (33, 29), (46, 40), (1000, 40)] {
        let out = home.path().join(format!("out-{limit}"));
        let asked = Options { limit: Some(limit), ..options() };
        let mut last = Progress::default();
        let mut watch = |progress: Progress| {
            last = progress;
            true
        };
        let report = prepare(&set, &out, &asked, sure(), &mut watch).unwrap();
        assert_eq!(report.written.total(), written, "{limit}");
        assert_eq!((last.done, last.total), (limit.min(46), limit.min(46)));
        // Done is done, with a limit too.
        let again = prepare(&set, &out, &asked, sure(), &mut |_| true).unwrap();
        assert_eq!((again.resumed, again.written.total()), (limit.min(46), written));
    }
}

#[test]
fn entries_are_taken_as_they_are_needed() {
    let home = tempfile::tempdir().unwrap();
    let set = Drawn::of(&home.path().join("set"), (0..400).map(|number| face(stored(number))).collect());
    let asked = Options { threads: 1, rows_in_shard: 50, ..Options::default() };
    let mut most = 0;
    let mut watch = |progress: Progress| {
        most = most.max(set.given.load(Ordering::Relaxed) - progress.done);
        true
    };
    let report = prepare(&set, &home.path().join("out"), &asked, sure(), &mut watch).unwrap();
    assert_eq!(report.written.total(), 400);
    assert!(most <= 64, "{most} entries were under way at once");
}

#[test]
fn two_do_not_prepare_into_one_folder() {
    let home = tempfile::tempdir().unwrap();
    let (set, out) = (three_parts(&home), home.path().join("out"));
    let mut refused = None;
    let mut watch = |progress: Progress| {
        if progress.done == 10 {
            refused = done(&set, &out).err();
        }
        true
    };
    prepare(&set, &out, &options(), sure(), &mut watch).unwrap();
    assert!(matches!(refused, Some(PrepareError::Busy(path)) if path == out));
    done(&set, &out).unwrap();
}
