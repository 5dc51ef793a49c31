//! `facespace synth`.

use super::Desk;

#[test]
fn faces_are_drawn_into_shards_and_onto_a_sheet() {
    let desk = Desk::empty();
    let run = desk.run("synth -o faces --count 20 --seed 2 --sheet sheet.png --json r.json").ok();
    assert!(run.stdout.starts_with("20 faces in ") && run.stdout.ends_with(" 2 of them for measuring: faces\n"));
    let shards = ["faces/synthetic-train-00-of-01.parquet", "faces/synthetic-val-00-of-01.parquet"];
    assert_eq!(desk.files(), [shards[0], shards[1], "r.json", "sheet.png"]);
    let results = &desk.json("r.json")["results"];
    assert_eq!(results["written"]["shards"], serde_json::json!(shards));
    assert_eq!((&results["written"]["train"], &results["written"]["held_back"]), (&18.into(), &2.into()));
    assert!(results["factors"].as_array().unwrap().len() >= 30);
    assert_eq!(desk.picture("sheet.png").dimensions(), (8 * 168, 3 * 168));

    desk.run("synth -o again --count 20 --seed 2").ok();
    desk.run("synth -o other --count 20 --seed 3").ok();
    let train = "synthetic-train-00-of-01.parquet";
    assert_eq!(desk.bytes(&format!("again/{train}")), desk.bytes(shards[0]));
    assert_ne!(desk.bytes(&format!("other/{train}")), desk.bytes(shards[0]));
}

#[test]
fn too_few_faces_and_folders_that_cannot_be_are_refused() {
    let desk = Desk::empty();
    desk.put("file", "in the way");
    desk.run("synth -o faces --count 15").refused("A set has 16 faces or more, not 15; ask for more of them");
    desk.run("synth -o faces --count many").misread("many");
    desk.run("synth --count 16").misread("--output");
    desk.run("synth -o faces --count 16 --sheet sheet.txt").failed(2, &[("saved as .png", "sheet.txt")]);
    let run = desk.run("synth -o file/faces --count 16");
    run.failed(1, &[("The folder to write into does not exist", "file/faces")]);
    assert_eq!(desk.files(), ["file"]);
}

#[test]
fn a_full_disk_leaves_no_shard() {
    let desk = Desk::empty();
    let run = desk.run_with(&[("FACESPACE_FAULT_WRITE", "20000")], "synth -o faces --count 16 --device cpu");
    run.failed(1, &[("The disk is full; free some", "faces")]);
    assert!(desk.files().is_empty());
}
