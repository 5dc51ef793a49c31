//! `facespace prepare`: labelled sets as they are published, of drawn faces, turned into shards; sets that cannot be used
//! as they are, each told in one sentence.

use std::collections::BTreeMap;
use std::fs;

use facespace::data::shards::{Record, ShardReader};
use facespace::data::synth;
use serde_json::{Value, json};

use super::Desk;

const NAMES: &str =
    "subDirectory_filePath,face_x,face_y,face_width,face_height,facial_landmarks,expression,valence,arousal\n";
/// Rows of `validation.csv`.
const VALIDATION: u64 = 4;

/// AffectNet as it was published, of drawn faces of a seed: `training.csv`, `validation.csv` with the last four of them,
/// and the pictures in two folders. A label is the drawn one but where `change` says otherwise.
pub fn put_affectnet(desk: &Desk, set: &str, seed: u64, count: u64, change: impl Fn(u64) -> Option<u8>) {
    let mut lists = [NAMES.to_owned(), NAMES.to_owned()];
    for number in 0..count {
        let mut drawn = synth::record(seed, number);
        drawn.expression = change(number).or(drawn.expression);
        let name = picture_name(number);
        desk.put(&format!("{set}/Manually_Annotated_Images/{name}"), &drawn.picture_bytes);
        let expression = drawn.expression.unwrap().to_string();
        lists[usize::from(number + VALIDATION >= count)] += &row(&name, &drawn, &expression);
    }
    let [training, validation] = lists;
    desk.put(&format!("{set}/training.csv"), training);
    desk.put(&format!("{set}/validation.csv"), validation);
}

/// What AffectNet calls the picture of a drawn face.
pub fn picture_name(number: u64) -> String {
    format!("{}/{number:03}.jpg", 1 + number % 2)
}

fn row(name: &str, drawn: &Record, expression: &str) -> String {
    let points = drawn.landmarks.unwrap();
    let points: Vec<String> = points.as_flattened().iter().map(|number| format!("{number:.2}")).collect();
    let mood = [drawn.valence.unwrap(), drawn.arousal.unwrap()];
    format!("{name},0,0,168,168,{},{expression},{:.3},{:.3}\n", points.join(";"), mood[0], mood[1])
}

fn as_drawn(_: u64) -> Option<u8> {
    None
}

/// The rows of a shard by name.
fn rows(desk: &Desk, shard: &str) -> BTreeMap<String, Record> {
    let rows = ShardReader::open(&desk.path(shard)).unwrap();
    rows.map(|row| row.unwrap()).map(|row| (row.path.clone(), row)).collect()
}

/// Every file under a folder with its bytes.
pub fn kept(desk: &Desk, folder: &str) -> Vec<(String, Vec<u8>)> {
    desk.files_in(folder).into_iter().map(|name| (name.clone(), desk.bytes(&name))).collect()
}

/// How many were left out for each reason.
fn left_out(report: &Value) -> BTreeMap<String, u64> {
    let reason = |left: &Value| (left["reason"].as_str().unwrap().to_owned(), left["count"].as_u64().unwrap());
    report["left_out"].as_array().unwrap().iter().map(reason).collect()
}

#[test]
fn a_set_is_prepared_once_and_stays_as_it_was() {
    let desk = Desk::empty();
    put_affectnet(&desk, "set", 31, 12, as_drawn);
    let before = kept(&desk, "set");
    let run = desk.run("prepare set -o out --json r.json").ok();
    assert!(run.stdout.starts_with("finished after "), "{}", run.stdout);
    assert!(run.stdout.contains("format affectnet\nfaces train 8, val 4\nshards out\n"), "{}", run.stdout);
    let report = desk.json("r.json")["results"].clone();
    assert_eq!(report["written"], json!({"train": 8, "val": 4, "test": 0}));
    assert_eq!((&report["left_out"], &report["cancelled"]), (&json!([]), &json!(false)));
    assert_eq!(kept(&desk, "set"), before);

    let shards = ["out/affectnet-train-00000.parquet", "out/affectnet-val-00000.parquet"];
    let made: BTreeMap<String, Record> = shards.iter().flat_map(|shard| rows(&desk, shard)).collect();
    assert_eq!(made.len(), 12);
    for number in 0..12 {
        let (row, drawn) = (&made[&picture_name(number)], synth::record(31, number));
        assert_eq!(row.expression, drawn.expression);
        assert!((row.valence.unwrap() - drawn.valence.unwrap()).abs() < 1e-3);
        assert!(row.landmarks.is_some() && row.pose_deg.is_some());
        assert_eq!(facespace::data::image::decode(&row.picture_bytes).unwrap().dimensions(), (168, 168));
    }

    let bytes = shards.map(|shard| desk.bytes(shard));
    let run = desk.run("prepare set -o out --json r.json").ok();
    assert!(run.stdout.contains("earlier runs went through 12 pictures\n"), "{}", run.stdout);
    assert_eq!(desk.json("r.json")["results"]["resumed"], 12);
    assert_eq!(shards.map(|shard| desk.bytes(shard)), bytes);
}

#[test]
fn what_cannot_be_used_is_left_out_in_a_sentence() {
    let desk = Desk::empty();
    put_affectnet(&desk, "set", 32, 12, as_drawn);
    let other = synth::record(33, 0);
    let mut list = String::from_utf8(desk.bytes("set/training.csv")).unwrap();
    for (name, expression) in [(picture_name(2).as_str(), "1"), ("1/new.jpg", "42"), ("1/none.jpg", "10")] {
        list += &row(name, &other, expression);
    }
    desk.put("set/training.csv", list);
    for name in ["1/new.jpg", "1/none.jpg", "2/unlisted.jpg"] {
        desk.put(&format!("set/Manually_Annotated_Images/{name}"), &other.picture_bytes);
    }
    fs::remove_file(desk.path(&format!("set/Manually_Annotated_Images/{}", picture_name(0)))).unwrap();
    let half = synth::record(32, 4).picture_bytes;
    desk.put(&format!("set/Manually_Annotated_Images/{}", picture_name(4)), &half[..half.len() / 2]);

    let run = desk.run("prepare set -o out --json r.json");
    let run = run.failed(
        1,
        &[
            ("Left out 1 picture for classes that are not known here (\"42\"); say which they are", "set"),
            ("Left out 4 pictures, ", "set"),
        ],
    );
    let report = desk.json("r.json");
    assert_eq!(report["results"]["written"], json!({"train": 6, "val": 4, "test": 0}));
    let reasons = left_out(&report["results"]);
    for reason in [
        "the picture of the row is missing",
        "the picture has no row",
        "an earlier row names the same picture",
        "the class \"42\" is not known",
        "the set says that there is no face",
        "the picture is cut off or damaged",
    ] {
        assert_eq!(reasons.get(reason), Some(&1), "{reason}");
        assert!(run.stdout.contains(reason), "{reason} in {}", run.stdout);
    }
    assert_eq!(report["failures"].as_array().unwrap().len(), 2);
}

#[test]
fn a_table_names_its_own_columns_and_classes() {
    let desk = Desk::empty();
    let mut table = "img;feeling;who;part\n".to_owned();
    for number in 0..6 {
        desk.put(&format!("pics/{number}.jpg"), synth::record(34, number).picture_bytes);
        let (word, part) = (["glee", "grief"][usize::from(number % 2 == 1)], if number < 4 { "train" } else { "test" });
        table += &format!("{number}.jpg;{word};{};{part}\n", ["Ada", "Bob"][usize::from(number > 2)]);
    }
    desk.put("labels.csv", table);
    let columns = "--picture img --given feeling --person who --split part --pictures pics";
    desk.run(&format!("prepare labels.csv -o out {columns}"))
        .failed(1, &[("say which they are with --classes WORD=EXPRESSION", "labels.csv")]);
    assert!(!desk.path("out").exists(), "{:?}", desk.files_in("out"));

    desk.run(&format!("prepare labels.csv -o out {columns} --classes glee=happy,grief=sad --json r.json")).ok();
    let report = &desk.json("r.json")["results"];
    assert_eq!((&report["format"], &report["written"]), (&json!("table"), &json!({"train": 4, "val": 0, "test": 2})));
    let made = rows(&desk, "out/labels-train-00000.parquet");
    assert_eq!((made["0.jpg"].expression, made["0.jpg"].person.as_deref()), (Some(1), Some("Ada")));
    assert_eq!((made["3.jpg"].expression, made["3.jpg"].person.as_deref()), (Some(2), Some("Bob")));

    desk.run("prepare labels.csv -o other --picture img --given mood")
        .failed(1, &[("lacks the column mood", "labels.csv")]);
}

#[test]
fn folders_are_labels_and_the_finder_looks_for_faces() {
    let desk = Desk::with_photographs();
    desk.put("in/happy/one.png", desk.bytes("one.png"));
    desk.put("in/sad/none.png", desk.bytes("none.png"));
    let run = desk.run("prepare in -o out --json r.json");
    let run = run.failed(1, &[("Left out 1 picture, 1 since no face is seen in the picture", "in")]);
    assert!(run.stdout.contains("format folders\nfaces train 1\n"), "{}", run.stdout);
    let made = rows(&desk, "out/in-train-00000.parquet");
    assert_eq!(made["happy/one.png"].expression, Some(1));
    assert!(made["happy/one.png"].landmarks.is_some());

    // The first of the set alone.
    desk.run("prepare in -o few --limit 1 --json r.json").ok();
    assert_eq!(desk.json("r.json")["results"]["written"], json!({"train": 1, "val": 0, "test": 0}));
    desk.run("prepare in -o few").failed(1, &[("was begun with 1 pictures", "few")]);
}

#[test]
fn sets_that_cannot_be_used_are_told_in_a_sentence() {
    let desk = Desk::empty();
    put_affectnet(&desk, "set", 35, 5, as_drawn);
    fs::create_dir(desk.path("bare")).unwrap();
    desk.put("text/notes.txt", "no set");
    desk.put("released/training.csv", "subDirectory_filePath,face_x\n1/000.jpg,3\n");
    desk.put("released/Manually_Annotated_Images/1/000.jpg", synth::record(35, 0).picture_bytes);
    desk.put("empty/training.csv", NAMES);
    desk.put("broken/happy/1.jpg", "no picture");
    let before = desk.files();
    for (arguments, says, path) in [
        ("prepare nowhere -o out", "There is no such file or folder", "nowhere"),
        ("prepare bare -o out", "This is no set of faces that is known here", "bare"),
        ("prepare text -o out", "say what it is with --format", "text"),
        ("prepare set -o out --format celeba", "lacks ", "set"),
        ("prepare released -o out --format affectnet", "expression", "released/training.csv"),
        ("prepare empty -o out --format affectnet", "There are no faces in this set", "empty"),
        ("prepare broken -o out", "could be used (the file is no picture (1))", "broken"),
        ("prepare set -o set", "The set itself lies in this folder", "set"),
        ("prepare set -o text/notes.txt", "", "text/notes.txt"),
        ("prepare set -o text/notes.txt/out", "", "text/notes.txt/out"),
    ] {
        desk.run(arguments).failed(1, &[(says, path)]);
        assert_eq!(desk.files(), before, "{arguments}");
    }
    let full = desk.run_with(&[("FACESPACE_FAULT_WRITE", "900")], "prepare set -o out --device cpu");
    assert_eq!((full.code, full.stderr.lines().count()), (1, 1), "{}", full.stderr);
    assert!(full.stderr.starts_with("The disk is full; "), "{}", full.stderr);
}

#[test]
fn a_folder_of_something_else_is_left_alone() {
    let desk = Desk::empty();
    put_affectnet(&desk, "set", 36, 5, as_drawn);
    put_affectnet(&desk, "other", 37, 5, as_drawn);
    super::index::put_shard(&desk, "shards/mine.parquet", 36, 2);
    desk.run("prepare set -o shards").failed(1, &[("This folder holds other shards", "shards")]);
    desk.run("prepare set -o out").ok();
    let others =
        |desk: &Desk| -> Vec<_> { kept(desk, "out").into_iter().filter(|(name, _)| name != "out/lock").collect() };
    let before = others(&desk);
    desk.run("prepare other -o out").failed(1, &[("", "out")]);
    desk.run("prepare set -o out --points finder").failed(1, &[("was begun with the set's own points", "out")]);

    let lock = fs::File::create(desk.path("out/lock")).unwrap();
    lock.try_lock().unwrap();
    desk.run("prepare set -o out").failed(1, &[("Another process prepares pictures in this folder", "out")]);
    drop(lock);
    assert_eq!(others(&desk), before);

    let list = String::from_utf8(desk.bytes("set/training.csv")).unwrap();
    desk.put("set/training.csv", list.replacen(&picture_name(0), "1/else.jpg", 1));
    desk.run("prepare set -o out").failed(1, &[("The set has changed since this folder was prepared", "out")]);
    desk.put("out/prepare.json", r#"{"version": 99}"#);
    desk.run("prepare set -o out").failed(1, &[("update facespace", "out")]);
    desk.put("out/prepare.json", "cut off");
    desk.run("prepare set -o out").failed(1, &[("cut off or damaged", "out")]);
}

#[cfg(unix)]
#[test]
fn a_folder_that_may_not_be_written_is_named() {
    use std::os::unix::fs::PermissionsExt;

    let desk = Desk::empty();
    put_affectnet(&desk, "set", 38, 5, as_drawn);
    fs::create_dir(desk.path("mine")).unwrap();
    let mode = |mode: u32| fs::set_permissions(desk.path("mine"), fs::Permissions::from_mode(mode)).unwrap();
    mode(0o555);
    let is_kept_out = fs::write(desk.path("mine/probe"), "").is_err();
    let run = |arguments: &str| {
        if is_kept_out {
            Some(desk.run(arguments))
        } else {
            super::bad_input::as_nobody(&desk, &format!("{arguments} --device cpu"))
        }
    };
    let runs = ["prepare set -o mine/out", "audit set -o mine/out"].map(run);
    mode(0o755);
    for run in runs {
        let Some(run) = run else {
            eprintln!("SKIPPED: root may write everywhere, and the program could not be started as nobody");
            return;
        };
        run.failed(1, &[("You may not write here", "mine/out")]);
    }
    assert!(!desk.path("mine/out").exists());
}

#[test]
fn a_command_line_that_makes_no_sense_is_refused() {
    let desk = Desk::empty();
    put_affectnet(&desk, "set", 39, 5, as_drawn);
    let before = kept(&desk, "set");
    for (arguments, says) in [
        ("prepare", "<SOURCE>"),
        ("prepare set", "--output"),
        ("prepare set -o out --format imagenet", "choose one of affectnet, affectnet-npy"),
        ("prepare set -o out --points mine", "choose one of own, finder"),
        ("prepare set -o out --classes angry", "write for example angry=anger"),
        ("prepare set -o out --classes angry=furious", "write for example angry=anger"),
        ("prepare set -o out --limit 0", "--limit"),
    ] {
        desk.run(arguments).misread(says);
    }
    for path in ["set/training.csv", "set/Manually_Annotated_Images/1/000.jpg"] {
        desk.run(&format!("prepare set -o out --json {path}")).failed(2, &[("belongs to the set", path)]);
    }
    desk.run("prepare set -o out --json set/r.json").ok();
    desk.run("prepare set -o out --json set/r.json").ok();
    desk.run("prepare set -o out --json out/prepare.json").failed(2, &[("belongs to the set", "out/prepare.json")]);
    fs::remove_file(desk.path("set/r.json")).unwrap();
    assert_eq!(kept(&desk, "set"), before);

    let help = desk.run_with(&[], "prepare --help").ok().stdout;
    for word in ["Formats of sets:", "affectnet-npy", "voxceleb", "list_landmarks_align_celeba.txt", "--classes"] {
        assert!(help.contains(word), "{word} in {help}");
    }
}
