//! `facespace evaluate compare`: two reports beside each other.

use facespace::evaluate::report::Comparison;

use super::{Desk, desk};

/// With the reports `a` and `b` of the same weights, `b` of fewer faces.
fn with_reports() -> Desk {
    let (desk, train, _) = desk();
    for (out, faces) in [("a", 60), ("b", 20)] {
        desk.run(&format!("evaluate {train} --parts pose,retrieval --faces {faces} --quiet -o {out}")).ok();
    }
    desk
}

fn compared(desk: &Desk, name: &str) -> Comparison {
    serde_json::from_value(desk.json(name)).unwrap()
}

#[test]
fn two_reports_are_compared_and_the_comparison_is_written() {
    let desk = with_reports();
    let same = desk.run("evaluate compare a a/report.html -o same.json --quiet").ok();
    assert!(same.stdout.starts_with("A  ") && same.stdout.contains("\nB  "), "{}", same.stdout);
    let comparison = compared(&desk, "same.json");
    assert!(comparison.moved.is_empty() && comparison.same > 10 && comparison.only_in_a.is_empty(), "{comparison:?}");

    let run = desk.run("evaluate compare a b -o moved.html --json r.json");
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stderr.contains("60 faces and the second 20"), "{}", run.stderr);
    let page = String::from_utf8(desk.bytes("moved.html")).unwrap();
    assert!(page.starts_with("<!doctype html>") && page.contains("synthetic-train"));
    let found = desk.json("r.json")["results"].clone();
    assert!(found["same"].as_u64().unwrap() + found["moved"].as_array().unwrap().len() as u64 > 10, "{found}");

    // What `--json` wrote is a report, too.
    desk.run("evaluate faces/synthetic-train-00-of-01.parquet --parts pose --faces 60 --quiet --json pose.json").ok();
    desk.run("evaluate compare pose.json a -o part.json --quiet").ok();
    let part = compared(&desk, "part.json");
    assert!(part.moved.is_empty() && part.same > 2 && !part.only_in_b.is_empty(), "{part:?}");
}

#[test]
fn what_is_no_report_is_named_and_reports_stay_as_they_are() {
    let desk = with_reports();
    desk.put("letter.json", "Dear reader");
    desk.put("other.json", "{\"version\": 1}");
    desk.put("newer.json", "{\"version\": 99, \"sets\": []}");
    let run = |arguments: &str| desk.run(&format!("evaluate compare {arguments}"));
    run("a nowhere").failed(1, &[("cannot be read", "nowhere")]);
    run("faces a").failed(1, &[("There is no report in this folder", "faces")]);
    run("a letter.json").failed(1, &[("not a report", "letter.json")]);
    run("a other.json").failed(1, &[("not a report", "other.json")]);
    run("a newer.json").failed(1, &[("update", "newer.json")]);
    run("a b -o c.txt").failed(2, &[(".html or .json", "c.txt")]);
    let before = desk.bytes("b/report.json");
    run("a b -o b/report.json").failed(2, &[("overwrite", "b/report.json")]);
    run("a b/report.html -o b/report.json").failed(2, &[("overwrite", "b/report.json")]);
    assert_eq!(desk.bytes("b/report.json"), before);
    run("a").misread("required");
}
