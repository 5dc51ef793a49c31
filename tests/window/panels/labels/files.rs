//! Where the result goes: new labels, tables for other programs and back, the log.

use super::*;

#[track_caller]
fn export(harness: &mut Driven, button: &str, field: &str, path: &Path) {
    press(harness, button);
    answer(harness, field, &path.display().to_string());
    let done = format!("The audit is exported: {}", path.display());
    until(harness, button, |harness| harness.state().state.log.messages().any(|said| said.whole() == done));
}

#[test]
fn labels_tables_and_the_log_are_exported() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_audit(home.path());
    let order = listed(&harness);
    keys(&mut harness, Modifiers::NONE, Key::A);
    until(&mut harness, "the next face", |harness| looked_at(harness) == order[1]);
    let folder = home.path().join("new labels");
    export(&mut harness, "Export labels…", "Folder for the new labels", &folder);
    let written: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(
        written.contains(&"log.csv".into()) && written.contains(&"album-train-00000.parquet".into()),
        "{written:?}"
    );
    for (button, field, name, words) in [
        ("Export for cleanlab…", "Export the table as", "cleanlab.csv", "is_label_issue"),
        ("Export for FiftyOne…", "Export the table as", "fiftyone.json", "\"classes\""),
        ("Export the log…", "Export the log as", "log.csv", "ambiguous"),
    ] {
        let path = home.path().join(name);
        export(&mut harness, button, field, &path);
        assert!(fs::read_to_string(&path).unwrap().contains(words), "{name}");
    }
}

#[test]
fn a_name_is_proposed_for_each_file() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_audit(home.path());
    for (button, name) in [
        ("Export labels…", "set-labels"),
        ("Export for cleanlab…", "set-cleanlab.csv"),
        ("Export for FiftyOne…", "set-fiftyone.json"),
        ("Export the log…", "set-log.csv"),
    ] {
        press(&mut harness, button);
        let asking = harness.state().state.asking.as_ref().unwrap();
        assert!(asking.text.ends_with(name), "{} is not {name}", asking.text);
        press(&mut harness, "Cancel");
    }
}

/// A table of the audit in which the labels of these faces are others.
fn changed(harness: &mut Driven, home: &Path, changes: &[(&str, &str)]) -> PathBuf {
    let path = home.join("table.csv");
    export(harness, "Export for cleanlab…", "Export the table as", &path);
    let mut reader = csv::Reader::from_path(&path).unwrap();
    let headers = reader.headers().unwrap().clone();
    let at = headers.iter().position(|column| column == "label").unwrap();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let mut writer = csv::Writer::from_path(&path).unwrap();
    writer.write_record(&headers).unwrap();
    for row in rows {
        let change = changes.iter().find(|(name, _)| row[0] == **name).map(|(_, label)| *label);
        let cells = row.iter().enumerate().map(|(place, cell)| if place == at { change.unwrap_or(cell) } else { cell });
        writer.write_record(cells).unwrap();
    }
    writer.flush().unwrap();
    path
}

#[test]
fn labels_that_were_changed_elsewhere_come_back_and_are_taken_back_at_once() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_audit(home.path());
    let (first, second) = (audited::name(3), audited::name(30));
    let table = changed(&mut harness, home.path(), &[(&first, "fear"), (&second, "anger")]);
    press(&mut harness, "Import a table…");
    answer(&mut harness, "Table of labels", &table.display().to_string());
    until(&mut harness, "the labels", |harness| last_said(harness, "2 verdicts taken over"));
    until_listed(&mut harness);
    assert!(says(&harness, "2 verdicts: 0 kept, 2 relabelled, 0 ambiguous"));
    choose(&mut harness, "Verdict", "Relabelled");
    let mut names = listed(&harness);
    names.sort();
    assert_eq!(names, [first.clone(), second]);
    keys(&mut harness, CTRL, Key::Z);
    until(&mut harness, "the undo", |harness| last_said(harness, "Taken back, the verdicts on 2 faces"));
    assert_eq!(on_disk(home.path(), &first), None);
}

#[test]
fn a_table_that_is_dropped_is_imported_and_strangers_are_counted() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_audit(home.path());
    let table = changed(&mut harness, home.path(), &[(&audited::name(3), "fear")]);
    let text = fs::read_to_string(&table).unwrap() + "somebody.png,False,0.5,1,1,,2\n";
    fs::write(&table, text).unwrap();
    harness.input_mut().dropped_files.push(Arc::new(opening::Dropped(table)));
    harness.step();
    let words = "1 verdict taken over, 1 row has an unknown name (such as somebody.png)";
    until(&mut harness, "the labels", |harness| last_said(harness, words));
    until_listed(&mut harness);
    assert!(says(&harness, words), "it stands in the bar, too");
}
