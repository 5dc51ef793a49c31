//! `facespace evaluate`, on faces that the test draws.

mod compare;

use std::fs;
use std::path::Path;

use facespace::data::synth;
use facespace::evaluate::options::PartName;
use facespace::evaluate::report::{Report, SetReport, keys};
use serde_json::json;

use super::prepare::put_affectnet;
use super::{Desk, assert_sentence};

/// A folder `faces` of synthetic shards; those for training and the one for measuring.
fn desk() -> (Desk, String, String) {
    let desk = Desk::empty();
    let written = synth::write(&desk.path("faces"), 128, 1, &|_| true).unwrap();
    let name = |path: &Path| format!("faces/{}", path.file_name().unwrap().to_str().unwrap());
    let (train, held_back) = (name(&written.shards[0]), name(written.shards.last().unwrap()));
    (desk, train, held_back)
}

#[track_caller]
fn the_set(report: &Report) -> &SetReport {
    let [set] = &report.sets[..] else { panic!("{} sets", report.sets.len()) };
    set
}

#[test]
fn a_report_has_everything_that_the_labels_allow_and_is_not_measured_twice() {
    let (desk, train, _) = desk();
    let command = format!("evaluate {train} --head-data {train} --quiet -o out --json r.json");
    let run = desk.run(&command).ok();
    let report = Report::read(&desk.path("out")).unwrap();
    let set = the_set(&report);
    assert_eq!(set.name, "synthetic-train");
    assert!(set.faces > 99 && set.people > 5 && set.skipped.is_empty(), "{} of {}", set.faces, set.people);

    let value = |key: &str| set.figure(key).unwrap_or_else(|| panic!("no {key}")).value;
    let rmse = value(keys::RMSE);
    assert!(rmse.n == set.faces && (3.0..120.0).contains(&rmse.value) && rmse.interval.is_some(), "{rmse:?}");
    assert!(value(keys::RMSE_AUTHORS).value <= rmse.value);
    assert!(value(keys::RMSE_PCA_99).value < rmse.value, "fitted on the very same faces");
    for key in [keys::YAW, keys::PITCH, keys::ROLL, keys::EXPRESSION, keys::FOUND_PERSON, keys::FOUND_EXPRESSION] {
        value(key);
    }
    for start in ["reconstruction.direct.", "sampling.diversity_", "cycle.", "disentanglement."] {
        assert!(set.figures().any(|figure| figure.key.starts_with(start)), "{start}");
    }
    let lacking: Vec<PartName> = set.unmeasured.iter().map(|unmeasured| unmeasured.part).collect();
    assert_eq!(lacking, [PartName::Verification, PartName::Identity]);
    for (unmeasured, option) in set.unmeasured.iter().zip(["--pairs", "--recogniser"]) {
        assert!(unmeasured.why.contains(option), "{}", unmeasured.why);
        assert_sentence(&unmeasured.why);
    }

    let pictures: Vec<&String> =
        set.sections.iter().flat_map(|section| &section.pictures).map(|picture| &picture.file).collect();
    for name in ["fig-3-reconstructions", "fig-3-samples", "fig-4-retrieval-3", "fig-5-transfer-style", "swap-neutral"]
    {
        assert!(pictures.iter().any(|file| file.contains(name)), "{name} in {pictures:?}");
    }
    pictures.iter().for_each(|file| assert!(desk.picture(&format!("out/{file}")).width() > 200, "{file}"));
    let page = String::from_utf8(desk.bytes("out/report.html")).unwrap();
    assert!(page.starts_with("<!doctype html>") && page.contains("data:image/"));
    assert!(desk.bytes("out/report.csv").len() > 1000);
    for says in ["synthetic-train", "95 % interval", "finished after", "report out/report.html"] {
        assert!(run.stdout.contains(says), "{says} in {}", run.stdout);
    }
    let results = &desk.json("r.json")["results"];
    assert_eq!((&results["sets"][0]["faces"], &results["reused"]), (&json!(set.faces), &json!(0)));

    let again = desk.run(&command).ok();
    assert!(again.stdout.contains("10 parts of an earlier run"), "{}", again.stdout);
    assert_eq!(desk.json("r.json")["results"]["reused"], 10);
    assert_eq!(the_set(&Report::read(&desk.path("out")).unwrap()).figures().count(), set.figures().count());
}

#[test]
fn what_cannot_be_measured_is_said_in_a_sentence_and_nothing_is_kept() {
    let (desk, _, held_back) = desk();
    desk.put("pairs.txt", "1\t1\nAda\t1\t2\nAda\t1\tBo\t1\n");
    let before = desk.files();
    let run = desk.run(&format!("evaluate {held_back} --faces 4 --pairs pairs.txt --json r.json"));
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(desk.files().len(), before.len() + 1, "a report of JSON and nothing else");
    let set = desk.json("r.json")["results"]["sets"][0].clone();
    assert_eq!(set["faces"], 4);
    let unmeasured = set["unmeasured"].as_array().unwrap();
    assert!(unmeasured.len() >= 3, "{set}");
    for one in unmeasured {
        let why = one["why"].as_str().unwrap();
        assert_sentence(why);
        assert!(run.stderr.lines().any(|line| line == why), "{why:?} in {}", run.stderr);
    }
    for says in ["None of the pairs", "PCA was not measured", "--recogniser"] {
        assert!(run.stderr.contains(says), "{says} in {}", run.stderr);
    }
    assert!(!run.stdout.contains("report "), "{}", run.stdout);
}

#[test]
fn only_the_parts_that_are_asked_for_are_made() {
    let (desk, _, held_back) = desk();
    let run = desk.run(&format!("evaluate {held_back} --parts retrieval,pose --quiet -o out")).ok();
    let report = Report::read(&desk.path("out")).unwrap();
    let parts: Vec<PartName> = the_set(&report).sections.iter().map(|section| section.part).collect();
    assert_eq!(parts, [PartName::Pose, PartName::Retrieval]);
    assert!(run.stdout.contains("Pose") && !run.stdout.contains("Reconstruction"), "{}", run.stdout);
    // A labelled set that is no shard is made into one first.
    put_affectnet(&desk, "set", 5, 12, |_| None);
    desk.run("evaluate set --parts reconstruction --quiet -o made --json r.json").ok();
    let sets = desk.json("r.json")["results"]["sets"].clone();
    let faces: Vec<u64> = sets.as_array().unwrap().iter().filter_map(|set| set["faces"].as_u64()).collect();
    assert_eq!((faces.len(), faces.iter().sum::<u64>()), (2, 12), "to train on and to validate with: {sets}");
    assert!(desk.files_in("made/crops").iter().any(|file| file.ends_with(".parquet")));
}

#[test]
fn bad_input_is_named() {
    let desk = Desk::empty();
    desk.put("pairs.txt", "a story about faces");
    desk.put("s.parquet", "no shard");
    let run = |arguments: &str| desk.run(&format!("evaluate {arguments}"));
    run("s.parquet").failed(1, &[("no Parquet file", "s.parquet")]);
    run("s.parquet --pairs gone").failed(1, &[("cannot be read", "gone")]);
    run("s.parquet --recogniser gone").failed(1, &[("cannot be read", "gone")]);
    run("s.parquet --head-data gone").failed(1, &[("", "gone")]);
    run("nowhere").failed(1, &[("", "nowhere")]);
    run("s.parquet -o pairs.txt").failed(1, &[("in place of the folder", "pairs.txt")]);
    run("s.parquet --json s.parquet").failed(2, &[("overwrite", "s.parquet")]);
    run("s.parquet --faces 0").misread("--faces");
    run("s.parquet --samples 0").misread("--samples");
    run("s.parquet --head-faces 0").misread("--head-faces");
    run("s.parquet --parts beauty").misread("disentanglement");
    run("s.parquet --finder --parts pose").misread("cannot be used with");
    run("s.parquet --finder -o s.parquet").failed(2, &[("overwrite", "s.parquet")]);
    run("").misread("SHARDS");
    fs::create_dir(desk.path("shards")).unwrap();
    fs::rename(desk.path("s.parquet"), desk.path("shards/s.parquet")).unwrap();
    run("shards -o shards").failed(1, &[("lies in the folder for the report", "shards")]);
    assert_eq!(desk.files_in("shards"), ["shards/s.parquet"]);
}

/// Ctrl+C in a terminal.
#[cfg(unix)]
#[test]
fn an_evaluation_that_is_stopped_is_gone_on_with() {
    use std::thread;
    use std::time::{Duration, Instant};

    use super::index_trouble::{finished, started};

    let (desk, train, _) = desk();
    let child = started(&desk, &format!("evaluate {train} --parts pose,cycle --quiet -o out --json r.json"));
    let begun = Instant::now();
    while !desk.path("out/parts/synthetic-train-pose.json").exists() && begun.elapsed() < Duration::from_secs(180) {
        thread::sleep(Duration::from_millis(5));
    }
    let pid = child.id().to_string();
    assert!(std::process::Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    let run = finished(child).ok();
    assert!(run.stdout.contains("stopped after "), "{}", run.stdout);
    assert!(run.stdout.ends_with("go on with the same command\n"), "{}", run.stdout);
    assert_eq!(desk.json("r.json")["results"]["cancelled"], true);
    assert!(!desk.path("out/report.json").exists());
    desk.run("evaluate compare out out").failed(1, &[("There is no report in this folder", "out")]);
    let run = desk.run(&format!("evaluate {train} --parts pose --quiet -o out")).ok();
    assert!(run.stdout.contains("1 part of an earlier run"), "{}", run.stdout);
}
