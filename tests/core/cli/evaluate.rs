//! `facespace evaluate`, on faces that the test draws.

use facespace::data::synth;
use facespace::evaluate::Report;

use super::{Desk, assert_sentence};

/// A folder `faces` of synthetic shards; those for training and the one for measuring.
fn desk() -> (Desk, String, String) {
    let desk = Desk::empty();
    let written = synth::write(&desk.path("faces"), 128, 1, &|_| true).unwrap();
    let name = |path: &std::path::Path| format!("faces/{}", path.file_name().unwrap().to_str().unwrap());
    let (train, held_back) = (name(&written.shards[0]), name(written.shards.last().unwrap()));
    (desk, train, held_back)
}

#[test]
fn everything_that_the_labels_allow_is_measured() {
    let (desk, train, _) = desk();
    let run = desk.run(&format!("evaluate {train} --head-data {train} --quiet -o r.json")).ok();
    let report: Report = serde_json::from_slice(&desk.bytes("r.json")).unwrap();

    assert!(report.faces > 99 && report.skipped.is_empty(), "{} faces", report.faces);
    let reconstruction = report.reconstruction.unwrap();
    assert_eq!(reconstruction.rmse.n, report.faces);
    assert!((3.0..120.0).contains(&reconstruction.rmse.value) && reconstruction.rmse.interval.is_some());
    assert!(reconstruction.rmse_authors.value <= reconstruction.rmse.value);
    assert!(report.pca_99.unwrap().figures.rmse.value < reconstruction.rmse.value, "fitted on the very same faces");
    assert_eq!(report.pose.unwrap().len(), 3);
    assert_eq!(report.expression.unwrap().parts.len(), 2);
    let table = report.disentanglement.unwrap();
    assert!(table.rows.len() > 30 && table.people > 1, "{table}");
    let shared: Vec<String> = report.retrieval.unwrap().into_iter().map(|found| found.shares).collect();
    assert!(["same person", "same expression", "same pose"].iter().all(|one| shared.iter().any(|other| other == one)));

    assert!(report.verification.is_none() && report.same_person.is_none());
    for option in ["--pairs", "--recogniser"] {
        assert!(report.remarks.iter().any(|remark| remark.contains(option)), "{:?}", report.remarks);
    }
    for says in
        ["95 % interval", "reconstruction, pixel RMSE", "PCA-99", "mean AUC of f_e", "yaw", "by chance", "people)"]
    {
        assert!(run.stdout.contains(says), "{says} in {}", run.stdout);
    }
}

#[test]
fn what_cannot_be_measured_is_said_in_a_sentence() {
    let (desk, _, held_back) = desk();
    desk.put("pairs.txt", "1\t1\nAda\t1\t2\nAda\t1\tBo\t1\n");
    let run = desk.run(&format!("evaluate {held_back} --faces 4 --pairs pairs.txt --json r.json"));
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(desk.json("r.json")["results"]["faces"], 4);
    run.stderr.lines().for_each(assert_sentence);
    for says in ["Of the 2 pairs 2", "Verification", "PCA-99", "Expression", "--recogniser"] {
        assert!(run.stderr.contains(says), "{says} in {}", run.stderr);
    }
}

#[test]
fn bad_input_is_named_before_anything_is_computed() {
    let desk = Desk::empty();
    desk.put("pairs.txt", "a story about faces");
    desk.put("short.txt", "1\t2\nA\t1\t2\n");
    desk.put("r.safetensors", "no network");
    desk.put("s.parquet", "no shard");
    let run = |arguments: &str| desk.run(&format!("evaluate {arguments}"));
    run("s.parquet --pairs pairs.txt").failed(1, &[("no list of pairs", "pairs.txt")]);
    run("s.parquet --pairs short.txt").failed(1, &[("1 of 4 pairs", "short.txt")]);
    run("s.parquet --recogniser r.safetensors").failed(1, &[("not a readable recogniser", "r.safetensors")]);
    run("s.parquet --recogniser gone").failed(1, &[("cannot be read", "gone")]);
    run("nowhere").failed(1, &[("", "nowhere")]);
    run("s.parquet -o s.parquet").failed(2, &[("overwrite", "s.parquet")]);
    run("s.parquet --faces 0").misread("--faces");
    run("").misread("SHARDS");
}
