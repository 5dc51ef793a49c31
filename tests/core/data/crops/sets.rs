//! What is in the two sets.

use std::collections::{BTreeMap, BTreeSet};

use facespace::data::crops::{CropSet, Label, NO_EXPRESSION, NOBODY, Options, SubFolders, warnings};
use facespace::data::image::decode;
use facespace::face::Expression;

use super::{OPTIONS, bare, crowd, full, gather, jpeg, picture_in, points, shard};

fn people(set: &CropSet) -> BTreeSet<u32> {
    set.keys().person.iter().copied().collect()
}

#[test]
fn pictures_and_labels_come_back_as_they_went_in() {
    let folder = tempfile::tempdir().unwrap();
    let mut rows = vec![bare(jpeg(144)), bare(jpeg(168))];
    rows.extend(crowd(1, 1));
    shard(folder.path(), "a-train-00-of-01.parquet", rows);
    shard(folder.path(), "a-val-00-of-01.parquet", vec![full("p0", "c")]);
    let built = gather(folder.path(), &[folder.path().to_owned()], &OPTIONS).unwrap();

    let train = &built.train;
    assert_eq!((train.len(), built.held_out.len(), train.sources()), (3, 1, ["a".to_owned()].as_slice()));
    for (i, side) in [144, 168, 128].into_iter().enumerate() {
        assert_eq!(train.picture(i).unwrap(), decode(&jpeg(side)).unwrap());
    }
    assert_eq!(train.label(0).unwrap(), Label::default());
    let known = Label {
        source: 0,
        person: Some(0),
        clip: Some(0),
        expression: Some(Expression::Happy),
        valence_arousal: Some([0.5, -0.25]),
        pose_deg: Some([10.0, -5.0, 2.0]),
        landmarks: Some(Box::new(points())),
    };
    assert_eq!(train.label(2).unwrap(), known);
    // The same person has the same number in both sets.
    assert_eq!(built.held_out.label(0).unwrap(), known);

    let keys = train.keys();
    assert_eq!((&keys.person, &keys.clip), (&vec![NOBODY, NOBODY, 0], &vec![NOBODY, NOBODY, 0]));
    assert_eq!((&keys.expression, &keys.has), (&vec![NO_EXPRESSION, NO_EXPRESSION, 1], &vec![0, 0, 7]));
    let error = train.picture(3).unwrap_err().to_string();
    assert!(error.starts_with("There is no picture 3 among the 3 gathered ones;"), "{error}");

    let again = CropSet::open(&folder.path().join("set"), "held-out").unwrap();
    assert_eq!((again.keys(), again.label(0).unwrap()), (built.held_out.keys(), known));
}

#[test]
fn the_report_counts_what_is_trained_on() {
    let folder = tempfile::tempdir().unwrap();
    shard(folder.path(), "a-train-00-of-01.parquet", crowd(3, 4));
    shard(folder.path(), "b-train-00-of-01.parquet", vec![bare(jpeg(128)); 2]);
    shard(folder.path(), "a-val-00-of-01.parquet", crowd(2, 2));
    let report = gather(folder.path(), &[folder.path().to_owned()], &OPTIONS).unwrap().report;
    assert_eq!((report.pictures, report.held_out, report.people, report.clips), (14, 4, 3, 3));
    assert_eq!((report.with_pose, report.with_landmarks, report.with_valence_arousal), (12, 12, 12));
    assert_eq!((report.expressions[1], report.skipped.len()), (12, 0));
    assert_eq!(report.sources, [("a".to_owned(), 12), ("b".to_owned(), 2)]);
    assert_eq!(warnings(&report), Vec::<String>::new());
}

#[test]
fn people_of_one_name_are_told_apart_by_source_and_clips_by_person() {
    let folder = tempfile::tempdir().unwrap();
    let rows = || vec![full("Ada", "c1"), full("Ada", "c2"), full("Bob", "c1")];
    let paths = [shard(folder.path(), "a.parquet", rows()), shard(folder.path(), "b-train-00.parquet", rows())];
    let built = gather(folder.path(), &paths, &Options { held_out: 0, ..OPTIONS }).unwrap();
    assert_eq!(built.train.sources(), ["a", "b"]);
    assert_eq!(built.train.keys().source, [0, 0, 0, 1, 1, 1]);
    assert_eq!(built.train.keys().person, [0, 0, 1, 2, 2, 3]);
    assert_eq!(built.train.keys().clip, [0, 1, 2, 3, 4, 5]);
}

#[test]
fn measuring_shards_are_held_back_and_photographs_left_out() {
    let folder = tempfile::tempdir().unwrap();
    shard(folder.path(), "a-train-00-of-01.parquet", crowd(40, 1));
    shard(folder.path(), "a-val-00-of-01.parquet", crowd(50, 1));
    shard(folder.path(), "loose-train-00-of-01.parquet", crowd(60, 1));
    shard(folder.path(), "loose-val-00-of-01.parquet", crowd(60, 1));
    shard(folder.path(), "scenes-train-00-of-01.parquet", crowd(60, 1));
    let paths = [folder.path().to_owned(), folder.path().join("a-train-00-of-01.parquet")];
    let built = gather(folder.path(), &paths, &Options { held_out: 3, ..OPTIONS }).unwrap();
    // Named twice, taken once; a shard for measuring is held back whole, and nothing else is.
    assert_eq!((built.train.len(), built.held_out.len()), (40, 50));
    assert!(!built.report.shared_people);
}

#[test]
fn whole_people_are_held_back() {
    let folder = tempfile::tempdir().unwrap();
    let paths = [shard(folder.path(), "a.parquet", crowd(60, 3))];
    let built = gather(folder.path(), &paths, &OPTIONS).unwrap();
    assert_eq!((built.train.len(), built.held_out.len()), (171, 9));
    assert!(people(&built.train).is_disjoint(&people(&built.held_out)));
    assert_eq!((built.report.people, built.report.shared_people), (57, false));

    let few = gather(folder.path(), &paths, &Options { held_out: 4, ..OPTIONS }).unwrap();
    assert_eq!(few.held_out.len(), 3);
    let none = gather(folder.path(), &paths, &Options { held_out: 0, ..OPTIONS }).unwrap();
    assert_eq!((none.train.len(), none.held_out.len()), (180, 0));
    assert!(warnings(&none.report).iter().any(|text| text.starts_with("No pictures are held back")));
    let other = gather(folder.path(), &paths, &Options { seed: 8, ..OPTIONS }).unwrap();
    assert_eq!(other.held_out.len(), 9);
    // Numbers follow the order of rows, so the people held back are told by where they are missing.
    assert_ne!(other.train.keys().person, built.train.keys().person);
}

#[test]
fn where_a_twentieth_is_less_than_a_person_the_smallest_goes() {
    let folder = tempfile::tempdir().unwrap();
    let mut rows = crowd(2, 8);
    rows.extend((0..3).map(|_| full("rare", "c")));
    let built = gather(folder.path(), &[shard(folder.path(), "a.parquet", rows)], &OPTIONS).unwrap();
    assert_eq!((built.train.len(), built.held_out.len()), (16, 3));
}

#[test]
fn pictures_of_nobody_known_are_held_back_one_by_one() {
    let folder = tempfile::tempdir().unwrap();
    let mut rows = vec![bare(jpeg(128)); 100];
    rows.extend(crowd(50, 2));
    let built = gather(folder.path(), &[shard(folder.path(), "a.parquet", rows)], &OPTIONS).unwrap();
    let nobody = built.held_out.keys().person.iter().filter(|&&person| person == NOBODY).count();
    assert_eq!((built.held_out.len(), nobody), (10, 6));
    assert!(!built.report.shared_people);
}

#[test]
fn a_limit_takes_whole_people() {
    let folder = tempfile::tempdir().unwrap();
    let mut rows = vec![bare(jpeg(128)); 40];
    rows.extend(crowd(40, 3));
    let paths = [shard(folder.path(), "a.parquet", rows)];
    let built = gather(folder.path(), &paths, &Options { limit: 60, ..OPTIONS }).unwrap();
    assert_eq!((built.train.len(), built.held_out.len()), (60, 8));
    let mut counts: BTreeMap<u32, usize> = BTreeMap::new();
    built.train.keys().person.iter().for_each(|&person| *counts.entry(person).or_default() += 1);
    let alone = counts.remove(&NOBODY).unwrap();
    assert!(counts.values().all(|&count| count == 3), "{counts:?}");
    assert_eq!((alone, counts.len()), (15, 15));
}

#[test]
fn sub_folders_that_are_all_expressions_are_labels() {
    let folder = tempfile::tempdir().unwrap();
    let crops = folder.path().join("mine");
    for name in ["Happy/1.jpg", "Happy/2.jpg", "neutral/1.jpg", "loose.jpg"] {
        picture_in(&crops, name, &jpeg(128));
    }
    picture_in(&crops, "notes/read.me", b"no picture");
    let built = gather(folder.path(), &[crops], &Options { held_out: 0, ..OPTIONS }).unwrap();
    assert_eq!(built.train.sources(), ["mine"]);
    assert_eq!(built.train.keys().expression, [NO_EXPRESSION, 1, 1, 0]);
    assert_eq!(built.report.people, 0);
}

#[test]
fn sub_folders_say_what_they_are_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let crops = folder.path().join("mine");
    for name in ["happy/1.jpg", "neutral/1.jpg", "neutral/2.jpg", "loose.jpg"] {
        picture_in(&crops, name, &jpeg(128));
    }
    let keys = |sub_folders: SubFolders| {
        let options = Options { held_out: 0, sub_folders, ..OPTIONS };
        let keys = gather(folder.path(), std::slice::from_ref(&crops), &options).unwrap().train.keys().clone();
        (keys.person, keys.expression)
    };
    let none = [NO_EXPRESSION; 4].to_vec();
    // By themselves they are expressions, since all are named after one.
    assert_eq!(keys(SubFolders::Auto), (vec![NOBODY; 4], vec![NO_EXPRESSION, 1, 0, 0]));
    assert_eq!(keys(SubFolders::People), (vec![NOBODY, 0, 1, 1], none.clone()));
    assert_eq!(keys(SubFolders::Nothing), (vec![NOBODY; 4], none));
    // Where one is not, they still are if that is asked for.
    picture_in(&crops, "others/1.jpg", &jpeg(128));
    assert_eq!(keys(SubFolders::Expressions), (vec![NOBODY; 5], vec![NO_EXPRESSION, 1, 0, 0, NO_EXPRESSION]));
    for say in SubFolders::ALL {
        assert_eq!(serde_json::to_value(say).unwrap(), say.name());
    }
}

#[test]
fn other_sub_folders_are_people() {
    let folder = tempfile::tempdir().unwrap();
    let crops = folder.path().join("mine");
    for name in ["Ada/1.jpg", "Ada/2.jpg", "happy/1.jpg", ".hidden/1.jpg"] {
        picture_in(&crops, name, &jpeg(144));
    }
    let second = folder.path().join("other/mine");
    picture_in(&second, "Ada/1.jpg", &jpeg(168));
    let built = gather(folder.path(), &[crops, second], &Options { held_out: 0, ..OPTIONS }).unwrap();
    // Another folder of the same name is another source, and its Ada someone else.
    assert_eq!(built.train.sources(), ["mine", "mine-2"]);
    assert_eq!(built.train.keys().person, [0, 0, 1, 2]);
    assert!(built.train.keys().expression.iter().all(|&class| class == NO_EXPRESSION));
}
