//! Which shards are one set, and published sets made into shards.

use std::fs;
use std::path::PathBuf;

use facespace::data::sets::Columns;
use facespace::evaluate::data::open;
use facespace::evaluate::options::{Options, PartName};
use facespace::evaluate::run::{Step, evaluate};

use super::{Desk, Shrunk, only, record};

#[test]
fn shards_are_one_set_where_only_a_number_at_the_end_differs() {
    let desk = Desk::new();
    for name in ["a-val-00-of-02", "a-val-01-of-02", "a-train-00000", "b_3", "plain", "fer2013"] {
        desk.shard(&format!("{name}.parquet"), 0..2);
    }
    let sets = open(&[desk.path("data")], None, &Columns::default()).unwrap();
    let found: Vec<(&str, usize)> = sets.iter().map(|set| (set.name.as_str(), set.shards.len())).collect();
    assert_eq!(found, [("a-train", 1), ("a-val", 2), ("b", 1), ("fer2013", 1), ("plain", 1)]);
    assert_eq!(sets[1].count(100), 4);
    assert_eq!(sets[1].count(3), 3);
}

#[test]
fn what_is_named_twice_is_one_and_sets_of_one_name_get_numbers() {
    let desk = Desk::new();
    let first = desk.shard("a-val-00-of-02.parquet", 0..2);
    let second = desk.shard("a-val-01-of-02.parquet", 2..4);
    fs::create_dir(desk.path("other")).unwrap();
    let other = desk.path("other/a-val-00-of-01.parquet");
    fs::copy(&first, &other).unwrap();
    let paths = [first, other, second, desk.path("data")];
    let sets = open(&paths, None, &Columns::default()).unwrap();
    let found: Vec<(&str, usize)> = sets.iter().map(|set| (set.name.as_str(), set.shards.len())).collect();
    assert_eq!(found, [("a-val", 2), ("a-val-2", 1)]);
}

/// A published set, `people`: twelve pictures of three people.
fn with_people() -> Desk {
    let desk = Desk::new();
    for number in 0..12 {
        let record = record(number);
        let folder = desk.path("people").join(record.person.unwrap());
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(format!("{number}.png")), record.picture_bytes).unwrap();
    }
    desk
}

#[test]
fn a_published_set_is_prepared_once_beside_the_report() {
    let desk = with_people();
    let options = Options { faces: 8, ..only(&[PartName::Retrieval, PartName::Reconstruction]) };
    let mut steps = Vec::new();
    let mut run = |model: &mut Shrunk, options: &Options| {
        let watch = &mut |progress: facespace::evaluate::run::Progress| {
            steps.push(progress.part);
            true
        };
        evaluate(&[desk.path("people")], model, options, &desk.report(), watch).unwrap()
    };
    let mut model = Shrunk::new();
    let outcome = run(&mut model, &options);
    let [set] = &outcome.report.sets[..] else { panic!("one part, one set") };
    // Of all three people, and not the first eight pictures, which are of two.
    assert_eq!((set.name.as_str(), set.faces, set.people, model.encoded), ("people-train", 8, 3, 8));
    assert_eq!(set.faces_text(), "8 of 12");
    assert_eq!(fs::read_dir(desk.report().join("crops")).unwrap().count(), 1);

    let mut idle = Shrunk::new();
    assert_eq!(run(&mut idle, &options).reused, 2);
    assert_eq!(idle.encoded, 0);
    let more = Options { faces: 12, ..options };
    assert_eq!(run(&mut idle, &more).report.sets[0].faces_text(), "12", "more faces are prepared anew");
    assert!(steps.contains(&Step::Prepare));
}

#[test]
fn what_an_earlier_run_prepared_goes_and_nothing_else() {
    let desk = with_people();
    let crops = desk.report().join("crops");
    let run = |data: PathBuf, faces: usize, go_on: bool| {
        let options = Options { faces, ..only(&[PartName::Pose]) };
        evaluate(&[data], &mut Shrunk::new(), &options, &desk.report(), &mut |_| go_on).unwrap()
    };
    let folders = || -> Vec<String> {
        let names = fs::read_dir(&crops).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<String> = names.collect();
        names.sort();
        names
    };
    run(desk.path("people"), 8, true);
    let first = folders().remove(0);
    let put = |folder: &str, files: &[&str]| {
        fs::create_dir_all(crops.join(folder)).unwrap();
        files.iter().for_each(|file| fs::write(crops.join(folder).join(file), "kept").unwrap());
    };
    put("other-0123abcd", &["prepare.json", "lock", "other-train-00000.parquet"]);
    put("noted-0123abcd", &["prepare.json", "noted-train-00000.parquet", "notes.txt"]);
    put("plain-0123abcd", &["plain-train-00000.parquet"]);
    put("mine", &["prepare.json", "mine-train-00000.parquet"]);
    #[cfg(unix)]
    {
        fs::create_dir(desk.path("elsewhere")).unwrap();
        std::os::unix::fs::symlink(desk.path("elsewhere"), crops.join("linked-0123abcd")).unwrap();
        put("linked-0123abcd", &["prepare.json", "linked-train-00000.parquet"]);
    }

    let before = folders();
    assert!(run(desk.path("people"), 12, false).cancelled);
    assert!(before.iter().all(|folder| folders().contains(folder)), "a run that was stopped removes nothing");
    run(desk.path("people"), 12, true);
    let left = folders();
    assert!(!left.contains(&first) && !left.contains(&"other-0123abcd".to_owned()), "{left:?}");
    for (folder, file) in [
        ("noted-0123abcd", "prepare.json"),
        ("noted-0123abcd", "notes.txt"),
        ("plain-0123abcd", "plain-train-00000.parquet"),
        ("mine", "mine-train-00000.parquet"),
    ] {
        assert!(crops.join(folder).join(file).is_file(), "{folder}/{file}");
    }
    assert!(!crops.join("noted-0123abcd/noted-train-00000.parquet").exists());
    assert!(!cfg!(unix) || desk.path("elsewhere/linked-train-00000.parquet").is_file(), "it is somebody else's");

    // What is measured stays, also where it is named itself.
    let second = left.into_iter().find(|folder| folder.starts_with("people-")).unwrap();
    assert_eq!(run(crops.join(&second), 12, true).report.sets[0].faces, 12);
    assert!(folders().contains(&second));
}
