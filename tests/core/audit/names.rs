//! Pictures of one name in several shards, and what was said of them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use facespace::audit::{Audit, Form, Verdict};
use facespace::data::atomic::WriteError;
use facespace::data::shards::{self, Record, ShardReader};
use facespace::face::Expression;

use super::desk::{Build, Desk, FACES, assert_says, given, name, record, shard, write_set};

const OTHER: &str = "album-val-00000.parquet";
/// Both pictures of the name of face 5 where there are two.
const BOTH: [&str; 2] = ["album-train-00000.parquet/Album/05.png", "album-val-00000.parquet/Album/05.png"];

/// A second shard, with a picture of nobody else's name and one that is called as face 5 is, but is another one.
fn add_shard(set: &Path) {
    let person = Some("somebody else".to_owned());
    let again = Record { path: name(5), person, ..record(FACES - 1) };
    let rows = [Record { path: "Album/new.png".to_owned(), ..again.clone() }, again];
    shards::write::<WriteError>(&set.join(OTHER), rows.into_iter().map(Ok)).unwrap();
}

/// What is said of the pictures of these names, which are there.
fn said(audit: &Audit, names: [&str; 2]) -> [Option<Verdict>; 2] {
    let rows = audit.rows().unwrap();
    names.map(|name| {
        let face = audit.find(name).unwrap().unwrap();
        rows.iter().find(|row| row.face == face).unwrap().verdict
    })
}

/// The labels of a shard by the names of its pictures.
fn labels(shard: &Path) -> BTreeMap<String, Option<u8>> {
    ShardReader::open(shard).unwrap().map(|row| row.unwrap()).map(|row| (row.path, row.expression)).collect()
}

#[test]
fn pictures_of_one_name_in_two_shards_have_a_verdict_each() {
    let desk = Desk::empty();
    let (set, folder) = (desk.path("set"), desk.folder());
    write_set(&set, (0..FACES).map(record).collect());
    let build = Build::new(&set, &folder);
    build.run().0.unwrap();
    let mut audit = desk.audit();
    let (first, sad) = (audit.find(&name(5)).unwrap().unwrap(), Verdict::Relabel(Expression::Sad));
    audit.judge(first, sad, "Anna").unwrap();
    drop(audit);

    // Another shard comes: the set tells the two apart before the audit does, which does not guess.
    add_shard(&set);
    let says = "Several shards of the set have pictures of one name";
    assert_says(&desk.audit().export(&desk.path("early"), Form::Labels).unwrap_err(), says, &folder);
    assert!(!desk.path("early").exists());
    let info = build.run().0.unwrap().info.unwrap();
    assert_eq!((info.labelled, info.left_out, info.verdicts.total()), (FACES + 2, 0, 1));
    let mut audit = desk.audit();
    assert_eq!(audit.find(&name(5)).unwrap(), None);
    // What was said of the one is not said of the other.
    assert_eq!(said(&audit, BOTH), [Some(sad), None]);
    assert_eq!(audit.log().unwrap()[0].key, BOTH[0]);
    let other = audit.find(BOTH[1]).unwrap().unwrap();
    audit.judge(other, Verdict::Relabel(Expression::Fear), "Anna").unwrap();
    audit.export(&desk.path("labels"), Form::Labels).unwrap();
    let mut expected: BTreeMap<String, Option<u8>> =
        (0..FACES).map(|number| (name(number), Some(given(number).index() as u8))).collect();
    expected.insert(name(5), Some(Expression::Sad.index() as u8));
    assert_eq!(labels(&shard(&desk.path("labels"))), expected);
    let own = Some(Expression::Neutral.index() as u8);
    let expected = [("Album/new.png".to_owned(), own), (name(5), Some(Expression::Fear.index() as u8))];
    assert_eq!(labels(&desk.path("labels").join(OTHER)), BTreeMap::from(expected));
    drop(audit);

    // It goes again.
    fs::remove_file(set.join(OTHER)).unwrap();
    build.run().0.unwrap();
    assert_eq!(said(&desk.audit(), [&name(5), &name(6)]), [Some(sad), None]);
}
