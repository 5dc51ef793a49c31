//! Which shards are one set, and published sets made into shards.

use std::fs;

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

#[test]
fn a_published_set_is_prepared_once_beside_the_report() {
    let desk = Desk::new();
    let faces = 0..12;
    for number in faces.clone() {
        let record = record(number);
        let folder = desk.path("people").join(record.person.unwrap());
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(format!("{number}.png")), record.picture_bytes).unwrap();
    }
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
    assert_eq!(fs::read_dir(desk.report().join("crops")).unwrap().count(), 1);

    let mut idle = Shrunk::new();
    assert_eq!(run(&mut idle, &options).reused, 2);
    assert_eq!(idle.encoded, 0);
    let more = Options { faces: 12, ..options };
    assert_eq!(run(&mut idle, &more).report.sets[0].faces, 12, "more faces are prepared anew");
    assert!(steps.contains(&Step::Prepare));
}
