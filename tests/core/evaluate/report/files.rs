//! A report on disk, and what is said of files that are none.

use std::fs;
use std::path::Path;

use facespace::evaluate::Report;
use facespace::evaluate::report::{CSV, HTML, JSON, REPORT_VERSION};
use serde_json::json;

use super::sample;

#[test]
fn what_was_written_is_read_again_whichever_of_its_names_is_given() {
    let desk = tempfile::tempdir().unwrap();
    let report = sample::report();
    report.write(desk.path()).unwrap();
    for file in ["", JSON, HTML, CSV] {
        assert_eq!(Report::read(&desk.path().join(file)).unwrap(), report, "{file:?}");
    }
}

#[test]
fn the_report_within_what_a_command_says_is_read_too() {
    let desk = tempfile::tempdir().unwrap();
    let report = sample::report();
    let file = desk.path().join("said.json");
    fs::write(&file, json!({ "command": "evaluate", "results": report }).to_string()).unwrap();
    assert_eq!(Report::read(&file).unwrap(), report);
}

#[test]
fn reports_of_earlier_versions_are_read() {
    let desk = tempfile::tempdir().unwrap();
    let mut value = json!(sample::report());
    value.as_object_mut().unwrap().remove("reused");
    let sets = value["sets"].as_array_mut().unwrap();
    sets.iter_mut().for_each(|set| assert!(set.as_object_mut().unwrap().remove("held").is_some()));
    let file = desk.path().join(JSON);
    fs::write(&file, value.to_string()).unwrap();
    let report = Report::read(&file).unwrap();
    assert_eq!((report.reused, report.sets[1].held, report.sets[1].is_part()), (0, 0, false));
}

#[test]
fn what_is_no_report_is_named_with_its_path_last() {
    let desk = tempfile::tempdir().unwrap();
    let put = |name: &str, text: &str| fs::write(desk.path().join(name), text).unwrap();
    put("story.json", "once");
    put("other.json", "{\"version\": 1}");
    put("cut.json", &sample::report().to_json()[..400]);
    let version = format!("\"version\": {REPORT_VERSION}");
    let newer = sample::report().to_json().replacen(&version, "\"version\": 99", 1);
    put("newer.json", &newer);
    put("half.json", "{\"version\": 1, \"sets\": []}");
    for (name, says) in [
        ("", "There is no report in this folder"),
        ("gone.json", "cannot be read"),
        ("story.json", "not a report"),
        ("other.json", "names no format"),
        ("cut.json", "not a report"),
        ("half.json", "missing field"),
        ("newer.json", "newer facespace (format 99, this one reads up to"),
    ] {
        let path = desk.path().join(name);
        let error = Report::read(&path).unwrap_err().to_string();
        assert!(error.contains(says), "{says} in {error}");
        assert!(error.ends_with(&path.display().to_string()) && error.contains("; "), "{error}");
    }
}

/// The page that a person looks at: `target/ui/report.html`, in a browser, light, dark and printed.
#[test]
fn a_sample_lies_where_people_look_at_it() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/ui");
    fs::create_dir_all(&folder).unwrap();
    sample::draw(&folder);
    let report = sample::report();
    report.write(&folder).unwrap();
    let page = fs::read_to_string(folder.join(HTML)).unwrap();
    assert_eq!(page.matches("src=\"data:image/png;base64,").count(), 2, "both pictures are in it");
}
