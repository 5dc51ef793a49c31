//! `facespace search`.

use facespace::face::{Expression, FaceCode};
use serde_json::Value;

use super::Desk;
use super::index::{faces, put_crops, put_shard};

const PARTS: [&str; 4] = ["pose", "identity", "expression", "style"];

/// Three invented faces and four drawn ones in `in`, indexed in `i`.
fn indexed() -> Desk {
    let desk = Desk::with_faces();
    for name in ["a.png", "b.png", "c.png"] {
        desk.put(&format!("in/{name}"), desk.bytes(name));
    }
    put_crops(&desk, "in", 21, 4);
    desk.run("index build in -o i").ok();
    desk
}

/// A shard of 24 drawn faces of two people, indexed in `i`.
fn indexed_shard() -> Desk {
    let desk = Desk::empty();
    put_shard(&desk, "rows.parquet", 22, 24);
    desk.run("index build rows.parquet -o i").ok();
    desk
}

/// The report of a search that went well.
#[track_caller]
fn search(desk: &Desk, arguments: &str) -> Value {
    desk.run(&format!("search i {arguments} --json r.json")).ok();
    desk.json("r.json")["results"].clone()
}

fn hits(results: &Value) -> &Vec<Value> {
    results["hits"].as_array().unwrap()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

#[track_caller]
fn assert_close(a: f64, b: f64) {
    assert!((a - b).abs() < 1e-4, "{a} and {b}");
}

#[track_caller]
fn assert_sorted(hits: &[Value]) {
    for (rank, hit) in hits.iter().enumerate() {
        assert_eq!(hit["rank"], rank + 1);
    }
    for pair in hits.windows(2) {
        assert!(number(&pair[0]["score"]) >= number(&pair[1]["score"]), "{pair:?}");
    }
}

#[test]
fn a_face_finds_itself_first_and_the_others_in_order() {
    let desk = indexed();
    let run = desk.run("search i b.png --json r.json").ok();
    let results = desk.json("r.json")["results"].clone();
    let found = hits(&results);
    assert_eq!((found.len(), &results["faces"], &results["looked_at"]), (7, &7.into(), &7.into()));
    assert!(found[0]["file"].as_str().unwrap().ends_with("b.png"), "{}", found[0]);
    assert_close(number(&found[0]["score"]), 1.0);
    assert_sorted(found);
    for hit in found {
        let mean = PARTS.iter().map(|part| number(&hit["similarity"][part])).sum::<f64>() / 4.0;
        assert_close(number(&hit["score"]), mean);
        assert_eq!(hit["missing"], false);
    }

    let lines: Vec<&str> = run.stdout.lines().collect();
    assert_eq!(lines.len(), 8);
    for title in ["rank", "score", "pose", "identity", "expression", "style", "key", "labels", "file"] {
        assert!(lines[0].contains(title), "{title} in {}", lines[0]);
    }
    assert!(lines[1].trim_start().starts_with("1   1.00") && lines[1].ends_with("b.png"), "{}", lines[1]);

    let run = desk.run("search i b.png --top 2").ok();
    assert_eq!(run.stdout.lines().count(), 3);
}

#[test]
fn each_part_counts_as_much_as_is_asked() {
    let desk = indexed();
    let alone = search(&desk, "a.png --parts identity");
    for hit in hits(&alone) {
        assert_close(number(&hit["score"]), number(&hit["similarity"]["identity"]));
    }
    assert_sorted(hits(&alone));
    let unlike = search(&desk, "a.png --parts identity=-1");
    assert_sorted(hits(&unlike));
    assert!(hits(&unlike)[6]["file"].as_str().unwrap().ends_with("a.png"));

    let mixed = search(&desk, "a.png --parts expression,identity=-0.5,pose=0.25,style=0");
    assert_eq!(mixed["weights"]["identity"], -0.5);
    for hit in hits(&mixed) {
        let alike = |part: &str| number(&hit["similarity"][part]);
        let expected = (alike("expression") - 0.5 * alike("identity") + 0.25 * alike("pose")) / 1.75;
        assert_close(number(&hit["score"]), expected);
    }
    // What is named twice counts as it was named last.
    assert_eq!(search(&desk, "a.png --parts style=0.5 --parts style=1,pose")["weights"]["style"], 1.0);
}

#[test]
fn weights_that_compare_nothing_are_refused() {
    let desk = indexed();
    desk.run("search i a.png --parts pose=0,style=0").refused("All parts have the weight 0");
    desk.run("search i a.png b.png --photo-weights 0,0").refused("have the weight 0");
    desk.run("search i a.png b.png --photo-weights 1").refused("There are 1 --photo-weights for 2 faces");
    desk.run("search i a.png b.png --photo-weights=-1,1").refused("cannot have the weight -1");
    desk.run("search i a.png --parts pose=2").misread("not between -1 and 1");
    desk.run("search i a.png --parts hair").misread("pose, identity, expression, style");
    desk.run("search i a.png --parts pose=much").misread("not a number");
    desk.run("search i a.png --parts pose --rows").misread("--rows");
    desk.run("search i a.png --yaw 10,-10").misread("the smaller one first");
    desk.run("search i a.png --yaw 10").misread("two angles");
    desk.run("search i a.png --expression smug").misread("smug");
    desk.run("search i a.png --top 0").misread("0");
    desk.run("search i").misread("PHOTO");
    desk.run("search i --like 999").refused("no face with the key 999");
}

#[test]
fn a_query_without_a_face_is_named() {
    let desk = indexed();
    let photographs = Desk::with_photographs();
    for name in ["none.png", "three.png"] {
        desk.put(name, photographs.bytes(name));
    }
    desk.run("search i none.png").failed(1, &[("No face was found", "none.png")]);
    desk.run("search i a.png gone.png").failed(1, &[("no such file", "gone.png")]);
    desk.run("search i three.png --face 4").failed(1, &[("no face 4", "three.png")]);
    desk.run("search i three.png --face 2").ok();
}

#[test]
fn several_faces_are_looked_for_at_once() {
    let desk = indexed();
    // All the weight on one of them, and it is as if it were alone.
    let both = search(&desk, "a.png b.png --photo-weights 0,1");
    let alone = search(&desk, "b.png");
    for (one, other) in hits(&both).iter().zip(hits(&alone)) {
        assert_eq!(one["key"], other["key"]);
        assert_close(number(&one["score"]), number(&other["score"]));
    }
    let even = search(&desk, "a.png b.png --parts identity");
    let of = |name: &str| hits(&even).iter().find(|hit| hit["file"].as_str().unwrap().ends_with(name)).unwrap();
    assert_close(number(&of("a.png")["score"]), number(&of("b.png")["score"]));

    let key = faces(&desk.path("i"))[&("c.png".to_owned(), 1)].0;
    let like = search(&desk, &format!("--like {key}"));
    assert!(hits(&like)[0]["file"].as_str().unwrap().ends_with("c.png"));
    assert_close(number(&hits(&like)[0]["score"]), 1.0);
}

#[test]
fn labels_and_angles_limit_what_is_found() {
    let desk = indexed_shard();
    let held = faces(&desk.path("i"));
    let key = held.values().next().unwrap().0;
    let all = search(&desk, &format!("--like {key} --top 100"));
    assert_eq!(hits(&all).len(), 24);
    assert_eq!(hits(&search(&desk, &format!("--like {key}"))).len(), 20);
    let labelled = |hit: &Value, name: &str| hit["labels"]["expression"] == name;

    for expression in Expression::ALL {
        let name = expression.name();
        let expected = hits(&all).iter().filter(|hit| labelled(hit, name)).count();
        let found = search(&desk, &format!("--like {key} --top 100 --expression {name}"));
        assert_eq!((hits(&found).len(), &found["looked_at"]), (expected, &expected.into()), "{name}");
        assert!(hits(&found).iter().all(|hit| labelled(hit, name)));
    }
    let two = search(&desk, &format!("--like {key} --top 100 --expression happy,sad"));
    let expected = hits(&all).iter().filter(|hit| labelled(hit, "happy") || labelled(hit, "sad")).count();
    assert_eq!(hits(&two).len(), expected);

    let other = search(&desk, &format!("--like {key} --top 100 --person SYNTHETIC-22-1"));
    assert_eq!(hits(&other).len(), 8);
    assert!(hits(&other).iter().all(|hit| hit["labels"]["person"] == "synthetic-22-1"));

    let turned = search(&desk, &format!("--like {key} --top 100 --yaw -10,5 --roll=-90,90"));
    let is_in = |code: &FaceCode| (-10.0..=5.0).contains(&code.pose.yaw_deg);
    assert_eq!(hits(&turned).len(), held.values().filter(|(_, code)| is_in(code)).count());
    assert!(hits(&turned).iter().all(|hit| (-10.0..=5.0).contains(&number(&hit["pose"]["yaw_deg"]))));

    let run = desk.run(&format!("search i --like {key} --person nobody"));
    let sentence = "No face of the index passes these limits; widen them\n";
    assert_eq!((run.code, run.stdout.as_str(), run.stderr.as_str()), (0, "", sentence));
    assert!(desk.run(&format!("search i --like {key}")).ok().stdout.contains("synthetic-22-0, "));
}

#[test]
fn faces_of_a_folder_are_looked_at_alone() {
    let desk = indexed();
    put_crops(&desk, "in/deep", 23, 2);
    desk.run("index update i").ok();
    let found = search(&desk, "a.png --folder in/deep");
    assert_eq!(hits(&found).len(), 2);
    assert_eq!(hits(&search(&desk, "a.png --folder in")).len(), 9);
    assert_eq!(hits(&search(&desk, "a.png --folder ./in/deep/")).len(), 2);
}

#[test]
fn an_edit_changes_what_is_looked_for() {
    let desk = indexed();
    let pose = r#"{"yaw": {"set_deg": 20}, "pitch": {"set_deg": -4}, "roll": {"set_deg": 1}}"#;
    desk.put("e.json", format!(r#"{{"format": "facespace edit", "version": 1, "edit": {{"pose": {pose}}}}}"#));
    let found = search(&desk, "a.png --edit e.json --parts pose -o sheet.png");
    for hit in hits(&found) {
        let off = [("yaw_deg", 20.0), ("pitch_deg", -4.0), ("roll_deg", 1.0)]
            .map(|(name, asked)| (number(&hit["pose"][name]) - asked).to_radians().powi(2));
        assert_close(number(&hit["score"]), 1.0 - off.iter().sum::<f64>() / 2.0);
    }
    assert!(String::from_utf8_lossy(&desk.bytes("sheet.png")).contains("facespace"), "the edited face is synthetic");
    desk.put("e.json", "no edit");
    desk.run("search i a.png --edit e.json").failed(1, &[("not an edit file", "e.json")]);
}

#[test]
fn each_part_alone_gives_a_row() {
    let desk = indexed_shard();
    let key = faces(&desk.path("i")).values().next().unwrap().0;
    let run = desk.run(&format!("search i --like {key} --rows -o sheet.png --json r.json")).ok();
    let rows = desk.json("r.json")["results"]["rows"].clone();
    for part in PARTS {
        assert!(run.stdout.lines().any(|line| line == part), "{part} in {}", run.stdout);
        let row = rows[part].as_array().unwrap();
        assert_eq!(row.len(), 7);
        assert_sorted(row);
        assert_eq!(row[0]["key"], key);
        row.iter().for_each(|hit| assert_close(number(&hit["score"]), number(&hit["similarity"][part])));
    }
    assert_eq!(run.stdout.lines().count(), 4 * 9 + 3);
    let (width, height) = desk.picture("sheet.png").dimensions();
    assert!(width > 8 * 96 && height > 4 * 96, "{width} x {height}");
    assert_eq!(desk.run(&format!("search i --like {key} --rows --top 3")).ok().stdout.lines().count(), 4 * 5 + 3);
}

#[test]
fn a_sheet_shows_what_was_found_and_is_no_synthetic_picture() {
    let desk = indexed();
    for name in ["sheet.png", "sheet.jpg"] {
        desk.run(&format!("search i a.png -o {name}")).ok();
        let (width, height) = desk.picture(name).dimensions();
        assert!(width > 8 * 96 && height > 96, "{width} x {height}");
        assert!(!String::from_utf8_lossy(&desk.bytes(name)).contains("facespace"));
    }
    desk.run("search i a.png -o a.png").failed(2, &[("overwrite", "a.png")]);
    desk.run("search i a.png -o sheet.txt").failed(2, &[("saved as .png", "sheet.txt")]);
    let full = [("FACESPACE_FAULT_WRITE", "500")];
    desk.run_with(&full, "search i a.png -o full.png --device cpu").failed(1, &[("The disk is full", "full.png")]);
    assert!(!desk.path("full.png").exists());
}

#[test]
fn an_empty_index_says_so() {
    let desk = Desk::with_photographs();
    desk.put("in/none.png", desk.bytes("none.png"));
    desk.run("index build in -o i").ok();
    let run = desk.run("search i one.png");
    let sentence = "The index holds no face; add pictures with `facespace index build`\n";
    assert_eq!((run.code, run.stdout.as_str(), run.stderr.as_str()), (0, "", sentence));
    assert_eq!(desk.run("index people i").ok().stdout, "0 groups, and 0 faces alone\n");
}
