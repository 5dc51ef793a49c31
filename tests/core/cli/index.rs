//! `facespace index`: indexes made, brought up to date, asked, exported and thrown away.

use std::collections::BTreeMap;
use std::path::Path;

use facespace::data::atomic::WriteError;
use facespace::data::{shards, synth};
use facespace::face::{CODE_DIM, FaceCode};
use facespace::gallery::{FaceKey, Index};
use image::{RgbImage, imageops};
use safetensors::SafeTensors;
use safetensors::tensor::TensorView;
use serde_json::{Value, json};

use super::{Desk, Run, assert_sentence};

/// Faces by the name of their file (or of their row) and their number in it.
pub type Faces = BTreeMap<(String, usize), (FaceKey, FaceCode)>;

/// What an index holds.
#[track_caller]
pub fn faces(index: &Path) -> Faces {
    read(&Index::open(index).unwrap()).unwrap_or_else(|e| panic!("{}: {e}", index.display()))
}

/// What an open index holds; each face stands for itself.
pub fn read(index: &Index) -> Result<Faces, facespace::gallery::GalleryError> {
    let keys = index.keys()?;
    let mut faces = Faces::new();
    for &key in &keys {
        // It may be gone by now, where another process writes.
        let Some(card) = index.card(key)? else { continue };
        let twice = faces.insert((card.from.name(), card.number), (key, card.code));
        assert!(twice.is_none(), "{} has face {} twice", card.from.name(), card.number);
    }
    Ok(faces)
}

/// The same code but for rounding, which depends on the size of the batch.
pub fn is_near(a: &FaceCode, b: &FaceCode) -> bool {
    let (a, b): ([f32; CODE_DIM], [f32; CODE_DIM]) = (a.to_array(), b.to_array());
    a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-3)
}

/// Drawn faces as JPEG files of 168 x 168 pixels, each another picture.
pub fn put_crops(desk: &Desk, folder: &str, seed: u64, count: u64) {
    for number in 0..count {
        desk.put(&format!("{folder}/{seed}-{number:02}.jpg"), synth::record(seed, number).picture_bytes);
    }
}

/// A shard of drawn faces with their labels.
pub fn put_shard(desk: &Desk, name: &str, seed: u64, count: u64) {
    desk.put(name, "");
    let records = (0..count).map(|number| Ok(synth::record(seed, number)));
    shards::write::<WriteError>(&desk.path(name), records).unwrap();
}

/// The bundled weights with one number of the encoder changed.
pub fn other_weights() -> Vec<u8> {
    let bytes = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/weights/light.safetensors")).unwrap();
    let (_, header) = SafeTensors::read_metadata(&bytes).unwrap();
    let file = SafeTensors::deserialize(&bytes).unwrap();
    let changed = file.names().into_iter().filter(|name| name.starts_with("E.")).min().unwrap().to_owned();
    let mut data = file.tensor(&changed).unwrap().data().to_vec();
    data[0] ^= 1;
    let tensors = file.iter().map(|(name, tensor)| {
        let data = if name == changed { data.as_slice() } else { tensor.data() };
        (name.to_owned(), TensorView::new(tensor.dtype(), tensor.shape().to_vec(), data).unwrap())
    });
    safetensors::serialize(tensors.collect::<Vec<_>>(), Some(header.metadata().clone().unwrap())).unwrap()
}

/// A folder `in` of photographs of one person, of three and of nobody, a crop in a folder of its own, and a text.
fn collection() -> Desk {
    let desk = Desk::with_photographs();
    for name in ["one.png", "three.png", "none.png"] {
        desk.put(&format!("in/{name}"), desk.bytes(name));
    }
    desk.put("in/deep/a.png", &super::faces()[0]);
    desk.put("in/notes.txt", "no picture");
    desk
}

/// The three invented faces, in `in`.
fn crops() -> Desk {
    let desk = Desk::empty();
    for (name, bytes) in ["a.png", "b.png", "c.png"].iter().zip(super::faces()) {
        desk.put(&format!("in/{name}"), bytes);
    }
    desk
}

/// The report of a run that went well.
#[track_caller]
fn report(desk: &Desk, arguments: &str) -> Value {
    desk.run(&format!("{arguments} --quiet --json r.json")).ok();
    desk.json("r.json")["results"].clone()
}

/// Whether the run ended with 1 after these sentences, each about a file of that name.
#[track_caller]
fn assert_failed(run: &Run, failures: &[(&str, &str)]) {
    assert_eq!(run.code, 1, "{}", run.stderr);
    let lines: Vec<&str> = run.stderr.lines().collect();
    assert_eq!(lines.len(), failures.len(), "{}", run.stderr);
    for (says, file) in failures {
        let line = lines.iter().find(|line| line.contains(says) && line.ends_with(file));
        assert_sentence(line.unwrap_or_else(|| panic!("no line says {says:?} of {file}: {}", run.stderr)));
    }
}

fn mirrored(bytes: &[u8]) -> RgbImage {
    imageops::flip_horizontal(&facespace::data::image::decode(bytes).unwrap())
}

#[test]
fn an_index_is_made_asked_and_thrown_away() {
    let desk = collection();
    let run = desk.run("index build in -o i --json r.json").ok();
    assert!(run.stdout.starts_with("finished after ") && run.stdout.contains("faces 5 (+5 -0)"), "{}", run.stdout);
    let made = desk.json("r.json")["results"].clone();
    for (name, expected) in
        [("added", 4), ("changed", 0), ("removed", 0), ("no_face", 1), ("faces", 5), ("faces_added", 5)]
    {
        assert_eq!(made[name], expected, "{name} in {made}");
    }
    assert_eq!((&made["cancelled"], &made["failed"]), (&json!(false), &json!([])));
    let held = faces(&desk.path("i"));
    let names: Vec<(&str, usize)> = held.keys().map(|(name, number)| (name.as_str(), *number)).collect();
    assert_eq!(names, [("a.png", 1), ("one.png", 1), ("three.png", 1), ("three.png", 2), ("three.png", 3)]);

    let run = desk.run("index info i --json r.json").ok();
    let info = desk.json("r.json")["results"].clone();
    assert_eq!((&info["faces"], &info["files"], &info["failed"]), (&json!(5), &json!(4), &json!(0)));
    assert_eq!(info["model_in_use"], true);
    assert!(info["sources"][0].as_str().unwrap().ends_with("in"), "{info}");
    for label in ["model", "faces", "files", "sources", "labels", "size", "made", "updated"] {
        assert!(run.stdout.lines().any(|line| line.starts_with(label)), "{label} in {}", run.stdout);
    }
    assert!(run.stdout.contains(", in use\n"), "{}", run.stdout);

    let run = desk.run("index delete i").ok();
    assert_eq!(run.stdout, "Deleted the index of 5 faces: i\n");
    assert!(!desk.path("i").exists());
    for arguments in ["index info i", "index update i", "index delete i", "index people i", "search i one.png"] {
        desk.run(arguments).failed(1, &[("There is no index here", "i")]);
    }
    assert!(!desk.path("i").exists());
}

#[test]
fn the_codes_of_an_index_are_those_that_encode_gives() {
    let desk = collection();
    desk.run("index build in -o i").ok();
    let held = faces(&desk.path("i"));
    let rows = desk.codes("in/one.png in/deep/a.png");
    for (name, path) in [("one.png", "in/one.png"), ("a.png", "in/deep/a.png")] {
        let code = held[&(name.to_owned(), 1)].1;
        let degrees = code.pose.to_array_deg();
        let values = degrees.iter().chain(code.identity.as_array()).chain(code.expression.as_array());
        let values = values.chain(code.style.as_array()).copied().collect();
        let row = super::Row { file: path.to_owned(), values };
        assert!(row.is_near(&rows[path]), "{name}");
    }
}

#[test]
fn only_what_is_new_changed_or_gone_is_touched() {
    let desk = crops();
    desk.run("index build in -o i").ok();
    let before = faces(&desk.path("i"));
    let again = report(&desk, "index update i");
    assert_eq!((&again["unchanged"], &again["faces_added"], &again["faces"]), (&json!(3), &json!(0), &json!(3)));
    assert_eq!(faces(&desk.path("i")), before);

    let (a, b) = (desk.bytes("in/a.png"), desk.bytes("in/b.png"));
    std::fs::remove_file(desk.path("in/a.png")).unwrap();
    std::fs::create_dir(desk.path("in/sub")).unwrap();
    std::fs::rename(desk.path("in/b.png"), desk.path("in/sub/e.png")).unwrap();
    mirrored(&b).save(desk.path("in/c.png")).unwrap();
    mirrored(&a).save(desk.path("in/d.png")).unwrap();
    let update = report(&desk, "index update i");
    for (name, expected) in [("added", 1), ("changed", 1), ("removed", 1), ("moved", 1), ("unchanged", 0), ("faces", 3)]
    {
        assert_eq!(update[name], expected, "{name} in {update}");
    }
    let after = faces(&desk.path("i"));
    let names: Vec<&str> = after.keys().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["c.png", "d.png", "e.png"]);
    let named = |faces: &Faces, name: &str| faces[&(name.to_owned(), 1)];
    assert_eq!(named(&after, "e.png"), named(&before, "b.png"), "what was moved keeps its key and its code");
    assert!(!is_near(&named(&after, "c.png").1, &named(&before, "c.png").1));
}

#[test]
fn an_index_that_is_there_is_gone_on_with() {
    let desk = crops();
    put_crops(&desk, "more", 4, 2);
    desk.run("index build in -o i").ok();
    let built = report(&desk, "index build in more -o i");
    assert_eq!((&built["added"], &built["unchanged"], &built["faces"]), (&json!(2), &json!(3), &json!(5)));
    // A folder within another that is there already, and an update of all.
    let built = report(&desk, "index build ./in -o i");
    assert_eq!((&built["added"], &built["faces"]), (&json!(0), &json!(5)));
    assert_eq!(report(&desk, "index update i")["unchanged"], 5);
}

#[test]
fn what_cannot_be_read_is_named_once_and_tried_again_when_it_changes() {
    let desk = crops();
    desk.put("in/bad.png", "Dear reader");
    desk.put("in/empty.jpg", "");
    let run = desk.run("index build in -o i --json r.json");
    assert_failed(&run, &[("not a picture", "bad.png"), ("0 bytes", "empty.jpg")]);
    assert_eq!(desk.json("r.json")["failures"].as_array().unwrap().len(), 2);
    assert_eq!(desk.json("r.json")["results"]["faces"], 3);

    desk.run("index update i").ok();
    assert!(desk.run("index info i").ok().stdout.contains("(2 of them not readable)"));
    desk.put("in/bad.png", &super::faces()[0]);
    std::fs::remove_file(desk.path("in/empty.jpg")).unwrap();
    let update = report(&desk, "index update i");
    assert_eq!(update["faces"], 4, "{update}");
    assert_eq!(report(&desk, "index info i")["failed"], 0);
}

#[test]
fn of_many_failures_the_first_are_said_and_all_are_reported() {
    let desk = crops();
    for number in 0..23 {
        desk.put(&format!("in/bad-{number}.png"), "Dear reader");
    }
    let run = desk.run("index build in -o i --json r.json");
    assert_eq!((run.code, run.stderr.lines().count()), (1, 21), "{}", run.stderr);
    assert_eq!(run.stderr.lines().last().unwrap(), "3 more failed; --json FILE lists them all");
    assert_eq!(desk.json("r.json")["failures"].as_array().unwrap().len(), 23);
}

#[test]
fn sources_that_are_not_there_are_named() {
    let desk = crops();
    desk.run("index build gone -o i").failed(1, &[("no such file or folder", "gone")]);
    assert!(!desk.path("i").exists());
    desk.run("index build gone in -o i").failed(1, &[("no such file or folder", "gone")]);
    assert_eq!(faces(&desk.path("i")).len(), 3);

    // A disk that is not there for a while costs nothing.
    std::fs::rename(desk.path("in"), desk.path("away")).unwrap();
    let run = desk.run("index update i");
    assert_eq!((run.code, run.stderr.lines().count()), (1, 1), "{}", run.stderr);
    assert_eq!(faces(&desk.path("i")).len(), 3);
    std::fs::rename(desk.path("away"), desk.path("in")).unwrap();
    assert_eq!(report(&desk, "index update i")["unchanged"], 3);

    std::fs::create_dir(desk.path("bare")).unwrap();
    assert_failed(&desk.run("index build bare -o i"), &[("no pictures", "bare")]);

    desk.run("index build in").misread("--output");
    desk.run("index build -o i").misread("SOURCE");
    desk.run("index").misread("Usage");
}

#[test]
fn a_source_can_be_taken_out() {
    let desk = crops();
    put_crops(&desk, "more", 5, 2);
    desk.run("index build in more -o i").ok();
    desk.run("index forget i gone").failed(1, &[("none of the index's sources", "gone")]);
    let run = desk.run("index forget i more").ok();
    assert_eq!(run.stdout, "Took out 2 faces: more\n");
    assert_eq!(report(&desk, "index update i")["unchanged"], 3);
    assert_eq!(faces(&desk.path("i")).len(), 3);
}

#[test]
fn shards_are_indexed_with_their_labels() {
    let desk = Desk::empty();
    put_shard(&desk, "shards/x.parquet", 6, 18);
    put_shard(&desk, "shards/loose-x.parquet", 7, 1);
    let built = report(&desk, "index build shards -o i");
    assert_eq!((&built["added"], &built["faces"]), (&json!(1), &json!(18)), "{built}");
    let info = report(&desk, "index info i");
    assert_eq!(info["labels"]["people"], 2);
    let counts = info["labels"]["expressions"].as_array().unwrap();
    assert_eq!(counts.iter().map(|pair| pair[1].as_u64().unwrap()).sum::<u64>(), 18, "{info}");
    assert!(desk.run("index info i").ok().stdout.contains("2 people"));

    let held = faces(&desk.path("i"));
    assert!(held.contains_key(&("synthetic-6-0000017.jpg".to_owned(), 1)), "{:?}", held.keys());
    assert_eq!(report(&desk, "index update i")["unchanged"], 1);
    std::fs::remove_file(desk.path("shards/x.parquet")).unwrap();
    put_shard(&desk, "shards/y.parquet", 6, 2);
    assert_eq!(report(&desk, "index update i")["faces"], 2);
}

#[test]
fn codes_are_exported_as_tables() {
    let desk = collection();
    desk.run("index build in -o i").ok();
    let run = desk.run("index export i -o codes.csv").ok();
    assert_eq!(run.stdout, "Wrote 5 rows: codes.csv\n");
    let bytes = desk.bytes("codes.csv");
    let mut reader = csv::Reader::from_reader(bytes.as_slice());
    let header = reader.headers().unwrap().clone();
    let column = |name: &str| header.iter().position(|column| column == name).unwrap_or_else(|| panic!("no {name}"));
    for name in ["key", "file", "face", "yaw_deg", "identity.0", "expression.31", "style.31"] {
        column(name);
    }
    let held = faces(&desk.path("i"));
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 5);
    for row in &rows {
        let name = Path::new(&row[column("file")]).file_name().unwrap().to_str().unwrap().to_owned();
        let (key, code) = held[&(name, row[column("face")].parse().unwrap())];
        assert_eq!(row[column("key")].parse::<FaceKey>().unwrap(), key);
        assert!((row[column("yaw_deg")].parse::<f32>().unwrap() - code.pose.yaw_deg).abs() < 1e-3);
        assert!((row[column("style.31")].parse::<f32>().unwrap() - code.style.as_array()[31]).abs() < 1e-5);
    }

    assert_eq!(report(&desk, "index export i -o codes.npy")["faces"], 5);
    let npy = desk.bytes("codes.npy");
    assert!(npy.starts_with(b"\x93NUMPY") && npy.len() > 5 * CODE_DIM * 4, "{} bytes", npy.len());
    let numbers = npy[npy.len() - 5 * CODE_DIM * 4..].chunks(4).map(|n| f32::from_le_bytes(n.try_into().unwrap()));
    let last: Vec<f32> = numbers.skip(4 * CODE_DIM).collect();
    let newest = held.values().max_by_key(|(key, _)| *key).unwrap().1;
    assert!(is_near(&FaceCode::from_array(&last.try_into().unwrap()).unwrap(), &newest));
    assert_eq!(String::from_utf8(desk.bytes("codes.csv")).unwrap().lines().count(), 6);

    desk.run("index export i -o codes.parquet").ok();
    assert!(desk.bytes("codes.parquet").starts_with(b"PAR1"));
    desk.run("index export i -o codes.txt").failed(2, &[(".parquet, .csv or .npy", "codes.txt")]);
    let full = [("FACESPACE_FAULT_WRITE", "100")];
    desk.run_with(&full, "index export i -o full.csv --device cpu").failed(1, &[("The disk is full", "full.csv")]);
    assert!(!desk.path("full.csv").exists());
}

#[test]
fn what_an_index_is_kept_in_is_not_written_over() {
    let desk = crops();
    desk.run("index build in -o i").ok();
    for arguments in ["index info i", "index update i", "index delete i", "index duplicates i", "search i in/a.png"] {
        desk.run(&format!("{arguments} --json i/faces.sqlite")).failed(2, &[("overwrite", "i/faces.sqlite")]);
    }
    desk.run("index build in -o i --json in/a.png").failed(2, &[("overwrite", "in/a.png")]);
    assert_eq!(faces(&desk.path("i")).len(), 3);
}

/// Named groups of an index, as their files.
fn groups(desk: &Desk) -> Vec<(Option<String>, Vec<String>)> {
    let held = faces(&desk.path("i"));
    let of = |key: &Value| {
        let key = key.as_i64().unwrap();
        held.iter().find(|(_, (known, _))| *known == key).map(|((name, _), _)| name.clone()).unwrap()
    };
    let listed = report(desk, "index people i --threshold 0.99");
    let groups = listed["groups"].as_array().unwrap().iter();
    groups
        .map(|group| {
            let mut members: Vec<String> = group["members"].as_array().unwrap().iter().map(of).collect();
            members.sort();
            (group["name"].as_str().map(str::to_owned), members)
        })
        .collect()
}

#[test]
fn people_are_grouped_named_joined_and_split() {
    let desk = crops();
    desk.put("in/a-again.png", desk.bytes("in/a.png"));
    desk.run("index build in -o i").ok();
    let pair = || vec!["a-again.png".to_owned(), "a.png".to_owned()];
    let found = groups(&desk);
    assert_eq!(found[0], (None, pair()));
    assert_eq!(found.len(), 3);
    let run = desk.run("index people i --threshold 0.99").ok();
    assert!(run.stdout.ends_with("1 group, and 2 faces besides them, alone\n"), "{}", run.stdout);
    assert_eq!(run.stdout.lines().count(), 3);

    let change = |change: &str| desk.run(&format!("index people i --threshold 0.99 {change}"));
    let run = change("--name 1=Anna");
    assert_eq!((run.code, run.stderr.as_str()), (0, "Named group 1 Anna\n"));
    assert_eq!(groups(&desk)[0], (Some("Anna".to_owned()), pair()));
    assert_eq!(report(&desk, "index info i")["labels"]["people"], 1);
    change("--merge 1,2");
    let joined = groups(&desk);
    assert_eq!((joined[0].0.as_deref(), joined[0].1.len(), joined.len()), (Some("Anna"), 3, 2));
    assert!(change("--undo").stderr.starts_with("Took back: "));
    assert_eq!(groups(&desk)[0], (Some("Anna".to_owned()), pair()));

    let key = faces(&desk.path("i"))[&("a.png".to_owned(), 1)].0;
    change(&format!("--split {key}"));
    let split = groups(&desk);
    assert!(split.iter().any(|(name, members)| *members == ["a.png"] && name.is_some()), "{split:?}");
    assert!(split.contains(&(Some("Anna".to_owned()), vec!["a-again.png".to_owned()])), "{split:?}");
    change("--undo");
    change("--undo");
    assert_eq!(groups(&desk)[0], (None, pair()));
    assert_eq!(change("--undo").stderr, "There is nothing to take back\n");

    change("--name 9=Otto").refused("There is no group 9 at this threshold");
    change("--merge 0,1").refused("There is no group 0");
    change("--merge 1").refused("give two or more");
    change("--split 999").refused("no face with the key 999");
    change("--name Anna").misread("GROUP=NAME");
    change("--name 1=Anna --undo").misread("--undo");
    desk.run("index people i --threshold 2").misread("from 0 to 1");
}

#[test]
fn names_stay_with_faces_that_are_indexed_anew() {
    let desk = crops();
    desk.put("in/a-again.png", desk.bytes("in/a.png"));
    desk.run("index build in -o i").ok();
    desk.run("index people i --threshold 0.99 --name 1=Anna --quiet").ok();
    std::fs::create_dir(desk.path("in/sub")).unwrap();
    std::fs::rename(desk.path("in/a.png"), desk.path("in/sub/a.png")).unwrap();
    desk.run("index update i").ok();
    assert_eq!(groups(&desk)[0].0.as_deref(), Some("Anna"));
    assert_eq!(groups(&desk)[0].1, ["a-again.png", "a.png"]);
}

#[test]
fn all_faces_are_laid_out_in_a_plane() {
    let desk = crops();
    desk.run("index build in -o i").ok();
    let keys: Vec<FaceKey> = Index::open(&desk.path("i")).unwrap().keys().unwrap();
    for part in ["pose", "identity", "expression", "style"] {
        let map = report(&desk, &format!("index map i --part {part} -o map.csv"));
        assert_eq!((&map["part"], &map["faces"]), (&json!(part), &json!(3)));
        // Three points always lie in one plane.
        let explained: f64 = map["explained"].as_array().unwrap().iter().map(|share| share.as_f64().unwrap()).sum();
        assert!((explained - 1.0).abs() < 1e-3, "{map}");
        let bytes = desk.bytes("map.csv");
        let mut reader = csv::Reader::from_reader(bytes.as_slice());
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        assert_eq!(rows.iter().map(|row| row[0].parse().unwrap()).collect::<Vec<FaceKey>>(), keys);
        for axis in [1, 2] {
            let middle: f32 = rows.iter().map(|row| row[axis].parse::<f32>().unwrap()).sum();
            assert!(middle.abs() < 1e-3, "{middle} in {part}");
        }
    }
    desk.run("index map i -o map.png").failed(2, &[("written as .csv", "map.png")]);
    desk.run("index map i --part hair -o map.csv").misread("pose, identity, expression, style");
}

#[test]
fn faces_that_are_nearly_the_same_are_listed() {
    let desk = crops();
    desk.run("index build in -o i").ok();
    assert_eq!(desk.run("index duplicates i").ok().stdout, "No two faces are nearly the same\n");
    desk.put("in/sub/b.png", desk.bytes("in/b.png"));
    desk.run("index update i").ok();
    let run = desk.run("index duplicates i --json r.json").ok();
    assert!(run.stdout.ends_with("1 group of 2 faces\n"), "{}", run.stdout);
    let groups = desk.json("r.json")["results"]["groups"].clone();
    let files: Vec<&str> = groups[0].as_array().unwrap().iter().map(|face| face["file"].as_str().unwrap()).collect();
    assert!(files.len() == 2 && files.iter().all(|file| file.ends_with("b.png")), "{groups}");
}
