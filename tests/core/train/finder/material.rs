//! What is set aside is the same on every machine, and nothing of it is trained on.

use std::path::Path;

use facespace::data::shards::Record;
use facespace::data::synth::photograph;
use facespace::train::finder::material::{Material, SetAside, is_scene_set_aside, is_set_aside};

use super::{record, write};
use crate::data::scenes;

/// Known to be set aside: a person, a path, a scene; and one of each that is not.
const PERSON: [&str; 2] = ["person-34", "person-35"];
const PATH: [&str; 2] = ["photo-30.png", "photo-31.png"];
const SCENE: [&str; 2] = ["scene-3.png", "scene-0.png"];

#[test]
fn who_is_set_aside_stays_so() {
    assert_eq!(PERSON.map(|name| is_set_aside(Some(name), "photo-30.png")), [true, false]);
    assert_eq!(PATH.map(|path| is_set_aside(None, path)), [true, false]);
    assert_eq!(SCENE.map(is_scene_set_aside), [true, false]);
    let people = (0..2000).filter(|i| is_set_aside(Some(&format!("somebody {i}")), "")).count();
    assert!((60..140).contains(&people), "one in twenty: {people}");
    let scenes = (0..1000).filter(|i| is_scene_set_aside(&format!("photo {i}"))).count();
    assert!((150..250).contains(&scenes), "one in five: {scenes}");
}

fn paths_of(folder: &Path) -> (Vec<String>, Vec<String>) {
    let material = Material::read(&[folder.to_owned()], &[], 1, 0).unwrap();
    let crops = material.sources.iter().flat_map(|source| &source.crops);
    let crops = crops.map(|crop| crop.path.clone()).collect();
    (crops, material.photographs.iter().map(|photograph| photograph.path.clone()).collect())
}

#[test]
fn nothing_that_is_measured_on_is_trained_on() {
    let folder = tempfile::tempdir().unwrap();
    let drawn = photograph(1, (90, 80), 1);
    let row = |path: &str, person: Option<&str>| -> Record { record(path, person, &drawn.picture, drawn.faces[0]) };
    let photographs = vec![
        row("a.png", Some(PERSON[0])),
        row("b.png", Some(PERSON[1])),
        row(PATH[0], None),
        row(PATH[1], None),
        row(&format!("set/{}/c.png", PERSON[0]), None),
    ];
    let crops = vec![
        row("d.png", Some(PERSON[0])),
        row("e.png", Some(PERSON[1])),
        // The crop of a photograph that is measured on.
        row(PATH[0], None),
        row("f.png", None),
    ];
    write(&folder.path().join("loose-drawn-train-00-of-01.parquet"), photographs);
    write(&folder.path().join("drawn-train-00-of-01.parquet"), crops);
    write(&folder.path().join("loose-drawn-val-00-of-01.parquet"), vec![row("measured.png", None)]);
    let picture = |path: &str| scenes::scene(path, &drawn.picture, &[]);
    scenes::write(&folder.path().join("scenes-train-00-of-01.parquet"), &SCENE.map(picture));

    let (crops, photographs) = paths_of(folder.path());
    assert_eq!(crops, ["e.png", "f.png"]);
    assert_eq!(photographs, ["b.png", PATH[1]]);
    assert_eq!(Material::read(&[folder.path().to_owned()], &[], 1, 0).unwrap().scenes.len(), 1);

    let aside = SetAside::read(&[folder.path().to_owned()]).unwrap();
    let mut measured: Vec<&str> = aside.photographs.iter().map(|photograph| photograph.path.as_str()).collect();
    measured.sort_unstable();
    assert_eq!(measured, ["a.png", "measured.png", PATH[0]]);
    assert_eq!(aside.scenes.iter().map(|scene| scene.path.as_str()).collect::<Vec<_>>(), [SCENE[0]]);
}

#[test]
fn what_cannot_be_used_is_counted_and_nothing_at_all_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let drawn = photograph(1, (90, 80), 1);
    let good = record("a.png", None, &drawn.picture, drawn.faces[0]);
    let without = Record { landmarks: None, path: "b.png".to_owned(), ..good.clone() };
    let shard = folder.path().join("drawn-train-00-of-01.parquet");
    write(&shard, vec![without.clone()]);
    let error = Material::read(&[folder.path().to_owned()], &[], 1, 0).unwrap_err();
    crate::cli::assert_sentence(&error.to_string());
    write(&shard, vec![good, without]);
    let material = Material::read(&[folder.path().to_owned()], &[], 1, 2).unwrap();
    assert_eq!((material.skipped, material.drawn.len()), (1, 2));
    assert!(material.drawn[0].faces.is_empty() && !material.drawn[1].faces.is_empty());
    assert!(material.description().contains("1 drawn"), "{}", material.description());
}
