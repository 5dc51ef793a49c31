//! Which faces a filter means.

use std::path::{Path, PathBuf};

use facespace::face::Expression;
use facespace::gallery::{FaceLabels, Filter, From, Index, NewFace};

use super::{Desk, given};

/// Faces of people, with expressions, in folders; yaw is the shade less 100.
fn filled(desk: &Desk) -> Index {
    let mut index = desk.index();
    let face = |path: &str, shade: u8, person: Option<&str>, expression: Option<Expression>| NewFace {
        labels: FaceLabels { person: person.map(str::to_owned), expression, ..FaceLabels::default() },
        ..given(Path::new(path), shade)
    };
    let row = From::Row { shard: PathBuf::from("/shards/a.parquet"), row: 0, name: "0".to_owned() };
    index
        .insert(&[
            face("/a/one.png", 60, Some("Anna Magnani"), Some(Expression::Happy)),
            face("/a/b/two.png", 90, Some("Ännchen"), Some(Expression::Sad)),
            face("/ab/three.png", 110, None, None),
            NewFace { from: row, ..face("", 140, Some("Bert"), Some(Expression::Happy)) },
        ])
        .unwrap();
    index
}

/// Places of the faces that are meant.
fn meant(index: &Index, filter: &Filter) -> Vec<usize> {
    let selection = index.select(filter, &index.codes().unwrap()).unwrap();
    assert_eq!(selection.len(), index.faces().unwrap());
    (0..selection.len()).filter(|&place| selection[place]).collect()
}

#[test]
fn no_condition_means_everything() {
    let desk = Desk::new();
    let index = filled(&desk);
    assert_eq!(meant(&index, &Filter::default()), [0, 1, 2, 3]);
    let blank = Filter { person: Some("  ".to_owned()), ..Filter::default() };
    assert_eq!(meant(&index, &blank), [0, 1, 2, 3]);
}

#[test]
fn labels_choose() {
    let desk = Desk::new();
    let mut index = filled(&desk);
    let expressions = |expressions: &[Expression]| Filter { expressions: expressions.to_vec(), ..Filter::default() };
    assert_eq!(meant(&index, &expressions(&[Expression::Happy])), [0, 3]);
    assert_eq!(meant(&index, &expressions(&[Expression::Happy, Expression::Sad])), [0, 1, 3]);
    assert!(meant(&index, &expressions(&[Expression::Fear])).is_empty());

    let person = |name: &str| Filter { person: Some(name.to_owned()), ..Filter::default() };
    assert_eq!(meant(&index, &person("anna")), [0]);
    assert_eq!(meant(&index, &person("Anna Magnani")), [0]);
    assert_eq!(meant(&index, &person("ÄNN")), [1]);
    assert_eq!(meant(&index, &person("b")), [3]);
    // Names given by hand count as well as those of the labels.
    let third = index.keys().unwrap()[2];
    index.rename(&[third], "Beatrice").unwrap();
    assert_eq!(meant(&index, &person("b")), [2, 3]);
}

#[test]
fn poses_choose() {
    let desk = Desk::new();
    let index = filled(&desk);
    let yaw = |from, to| Filter { yaw: Some([from, to]), ..Filter::default() };
    assert_eq!(meant(&index, &yaw(-20.0, 20.0)), [1, 2]);
    assert_eq!(meant(&index, &yaw(5.0, 90.0)), [2, 3]);
    assert!(meant(&index, &yaw(20.0, -20.0)).is_empty());
    // All of them lift their heads by a tenth of a radian.
    let pitch = |from, to| Filter { pitch: Some([from, to]), ..yaw(-90.0, 20.0) };
    assert_eq!(meant(&index, &pitch(5.0, 6.0)), [0, 1, 2]);
    assert!(meant(&index, &pitch(6.0, 7.0)).is_empty());
    let roll = Filter { roll: Some([-1.0, 1.0]), ..Filter::default() };
    assert_eq!(meant(&index, &roll), [0, 1, 2, 3]);
}

#[test]
fn folders_choose_with_what_lies_below() {
    let desk = Desk::new();
    let index = filled(&desk);
    let folder = |path: &str| Filter { in_folder: Some(PathBuf::from(path)), ..Filter::default() };
    assert_eq!(meant(&index, &folder("/a")), [0, 1]);
    assert_eq!(meant(&index, &folder("/a/")), [0, 1]);
    assert_eq!(meant(&index, &folder("/a/b")), [1]);
    assert_eq!(meant(&index, &folder("/")), [0, 1, 2, 3]);
    assert_eq!(meant(&index, &folder("/ab/three.png")), [2]);
    assert_eq!(meant(&index, &folder("/shards/a.parquet")), [3]);
    assert!(meant(&index, &folder("/c")).is_empty());
}

#[test]
fn all_conditions_must_be_met() {
    let desk = Desk::new();
    let index = filled(&desk);
    let filter = Filter {
        expressions: vec![Expression::Happy],
        person: Some("a".to_owned()),
        yaw: Some([-60.0, 0.0]),
        in_folder: Some(PathBuf::from("/a")),
        ..Filter::default()
    };
    assert_eq!(meant(&index, &filter), [0]);
    assert!(meant(&index, &Filter { expressions: vec![Expression::Sad], ..filter.clone() }).is_empty());
    assert!(meant(&index, &Filter { yaw: Some([0.0, 60.0]), ..filter }).is_empty());
}

#[cfg(unix)]
#[test]
fn paths_need_not_be_text() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let desk = Desk::new();
    let mut index = desk.index();
    let odd = Path::new("/a").join(OsStr::from_bytes(b"odd\xFF.png"));
    index.insert(&[given(&odd, 40), given(Path::new("/a/b.png"), 50)]).unwrap();
    let first = index.keys().unwrap()[0];
    assert_eq!(index.card(first).unwrap().unwrap().from.file(), odd);
    let inside = Filter { in_folder: Some(PathBuf::from("/a")), ..Filter::default() };
    assert_eq!(meant(&index, &inside), [0, 1]);
    assert_eq!(meant(&index, &Filter { in_folder: Some(odd), ..Filter::default() }), [0]);
}
