//! Labels and verdicts for other programs, and back.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use facespace::audit::{AuditError, Counts, Form, ImportReport, Score, Verdict, ranking};
use facespace::data::shards::ShardReader;
use facespace::face::Expression;
use serde_json::{Value, json};

use super::desk::{BUDGET, Desk, FACES, UNLABELLED, assert_says, given, name, row, shard, shown};

const COLUMNS: [&str; 7] =
    ["key", "is_label_issue", "label_quality", "given_label", "predicted_label", "verdict", "label"];

/// With a face kept, one relabelled and one called ambiguous.
fn judged() -> Desk {
    let desk = Desk::audited();
    let mut audit = desk.audit();
    let said = [(0, Verdict::Relabel(Expression::Happy)), (5, Verdict::Keep), (30, Verdict::Ambiguous)];
    for (number, verdict) in said {
        let face = row(&audit, number).face;
        audit.judge(face, verdict, "Anna").unwrap();
    }
    desk
}

fn table(path: &Path) -> (Vec<String>, Vec<Vec<String>>) {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let columns = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let rows = reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
    (columns, rows)
}

fn write(path: &Path, columns: &[&str], rows: impl IntoIterator<Item = Vec<String>>) {
    let mut writer = csv::Writer::from_path(path).unwrap();
    writer.write_record(columns).unwrap();
    rows.into_iter().for_each(|row| writer.write_record(row).unwrap());
    writer.flush().unwrap();
}

fn verdict(desk: &Desk, number: usize) -> Option<Verdict> {
    row(&desk.audit(), number).verdict
}

#[test]
fn cleanlab_gets_its_columns_and_gives_them_back() {
    let desk = judged();
    let path = desk.path("issues.csv");
    assert_eq!(desk.audit().export(&path, Form::Cleanlab).unwrap(), std::slice::from_ref(&path));
    let (columns, mut rows) = table(&path);
    assert_eq!((columns, rows.len()), (COLUMNS.map(str::to_owned).to_vec(), FACES));
    for (number, row) in rows.iter().enumerate() {
        assert_eq!(row[0], name(number));
        assert!((0.0..=1.0).contains(&row[2].parse::<f32>().unwrap()), "{row:?}");
        assert_eq!(row[3..5], [given(number), shown(number)].map(|class| class.index().to_string()));
    }
    let said = |number: usize| [&rows[number][1], &rows[number][5], &rows[number][6]].map(String::as_str);
    assert_eq!(said(0), ["True", "happy", "1"]);
    assert_eq!(said(5), ["False", "keep", "1"]);
    assert_eq!(said(30), ["True", "ambiguous", ""]);
    assert_eq!(said(20)[1..], ["", "1"]);
    // The worst, but for what somebody keeps.
    let worst = ranking(&desk.audit().rows().unwrap(), Score::default());
    for (rank, &place) in worst.iter().enumerate().filter(|(_, place)| **place != 5) {
        assert_eq!(said(place as usize)[0], if rank < BUDGET { "True" } else { "False" }, "{place}");
    }

    // Read back as it is, it says nothing new.
    let report = desk.audit().import(&path, "Ben").unwrap();
    assert_eq!(report, ImportReport { rows: FACES, unchanged: FACES, ..ImportReport::default() });
    // Somebody changes it: by number, by word, back to what it was, to what is no class; and there are other rows.
    for (number, label) in [(7, "2"), (8, "Sadness"), (9, "4.0"), (0, "2"), (10, "wistful")] {
        rows[number][6] = label.to_owned();
    }
    rows[11][5] = "ambiguous".to_owned();
    rows.push(["else.png", "", "", "", "", "", "3"].map(str::to_owned).to_vec());
    write(&path, &COLUMNS, rows);
    let mut audit = desk.audit();
    let report = audit.import(&path, "Ben").unwrap();
    let counts = (report.rows, report.keep, report.relabel, report.ambiguous, report.unchanged);
    assert_eq!(counts, (FACES + 1, 1, 3, 1, FACES - 6));
    assert_eq!((report.unknown_keys.count, report.unknown_keys.examples), (1, vec!["else.png".to_owned()]));
    assert_eq!((report.unknown_classes.count, report.unknown_classes.examples), (1, vec!["wistful".to_owned()]));
    let sad = Some(Verdict::Relabel(Expression::Sad));
    assert_eq!([7, 8, 9].map(|number| verdict(&desk, number)), [sad, sad, Some(Verdict::Relabel(Expression::Fear))]);
    assert_eq!([0, 11].map(|number| verdict(&desk, number)), [Some(Verdict::Keep), Some(Verdict::Ambiguous)]);
    assert!(audit.log().unwrap()[3..].iter().all(|row| row.by == "Ben"));
    // Taken back as it came, in one go.
    let undone = audit.undo("Anna").unwrap().unwrap();
    assert_eq!(undone.faces.len(), 5);
    assert_eq!(audit.info().unwrap().verdicts, Counts { keep: 1, relabel: 1, ambiguous: 1 });
    assert_eq!([0, 7].map(|number| verdict(&desk, number)), [Some(Verdict::Relabel(Expression::Happy)), None]);
}

#[test]
fn a_table_that_cleanlab_made_says_nothing_before_somebody_fills_in_labels() {
    let desk = Desk::audited();
    let path = desk.path("cleanlab.csv");
    let columns = ["", "is_label_issue", "label_quality", "given_label", "predicted_label", "label"];
    let cells = |number: usize, given: Expression| {
        let is_issue = if given == shown(number) { "False" } else { "True" };
        let [given, predicted] = [given, shown(number)].map(|class| class.index().to_string());
        vec![number.to_string(), is_issue.to_owned(), "0.25".to_owned(), given, predicted]
    };
    // As its data frame is written: suggestions alone.
    write(&path, &columns[..5], (0..FACES).map(|number| cells(number, given(number))));
    let says = "holds what a program suggests and nothing that a person said; add a column label or verdict";
    assert_says(&desk.audit().import(&path, "cleanlab").unwrap_err(), says, &path);
    assert!(desk.audit().log().unwrap().is_empty());

    // Somebody follows one of the two and not the other. Without names it is the rows of an export, in their order.
    let filled = |number: usize, given: Expression| {
        let label = if number == 0 { shown(number) } else { given };
        [cells(number, given), vec![label.index().to_string()]].concat()
    };
    write(&path, &columns, (0..FACES).map(|number| filled(number, given(number))));
    let report = desk.audit().import(&path, "Anna").unwrap();
    assert_eq!((report.relabel, report.unchanged), (1, FACES - 1));
    assert_eq!(verdict(&desk, 0), Some(Verdict::Relabel(Expression::Happy)));
    assert_eq!(verdict(&desk, 30), None);

    // Other labels, and fewer rows, are of another set.
    write(&path, &columns, (0..FACES).map(|number| filled(number, Expression::Fear)));
    let says = "lacks a column key (it has rows that are not those of an export in their order)";
    assert_says(&desk.audit().import(&path, "Anna").unwrap_err(), says, &path);
    write(&path, &columns, (1..FACES).map(|number| filled(number, given(number))));
    assert_says(&desk.audit().import(&path, "Anna").unwrap_err(), says, &path);
}

#[test]
fn what_is_no_table_of_labels_is_refused() {
    let desk = Desk::audited();
    let refused = |name: &str, text: &[u8]| -> (AuditError, PathBuf) {
        let path = desk.path(name);
        fs::write(&path, text).unwrap();
        (desk.audit().import(&path, "Anna").unwrap_err(), path)
    };
    for (text, says) in [
        (&b"name,colour\na,b\n"[..], "lacks a column label (it has name, colour)"),
        (b"label,colour\n1,b\n", "lacks a column key (it has label, colour)"),
        (b"", "lacks a column label"),
        (b"key,label\n\xff\xfe,1\n", "This is no table of labels"),
        (b"{\"classes\": []}", "This is no table of labels"),
        (b"{\"labels\": [1, 2", "This is no table of labels"),
    ] {
        let (error, path) = refused("table", text);
        assert_says(&error, says, &path);
    }
    let nowhere = desk.path("nowhere.csv");
    assert_says(&desk.audit().import(&nowhere, "Anna").unwrap_err(), "The file cannot be read", &nowhere);
    assert!(desk.audit().log().unwrap().is_empty());
    // Marked as text by some programs, and with spaces.
    let path = desk.path("marked.csv");
    fs::write(&path, format!("\u{feff}Key, Label \n{}, sad \n", name(5))).unwrap();
    assert_eq!(desk.audit().import(&path, "Anna").unwrap().relabel, 1);
}

#[test]
fn fiftyone_gets_its_labels_and_gives_them_back() {
    let desk = judged();
    let path = desk.path("labels.json");
    desk.audit().export(&path, Form::FiftyOne).unwrap();
    let mut value: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    assert_eq!(value["classes"], json!(Expression::ALL.map(Expression::name)));
    let labels = value["labels"].as_object().unwrap();
    assert_eq!(labels.len(), FACES);
    let card = |number: usize| {
        let audit = desk.audit();
        audit.card(row(&audit, number).face).unwrap()
    };
    for (number, verdict) in [(0, Some("happy")), (5, Some("keep")), (30, Some("ambiguous")), (50, None)] {
        let target = &labels[&format!("Album/{number:02}")];
        let label = if number == 0 { Expression::Happy } else { given(number) };
        assert_eq!(target["label"], label.index(), "{number}");
        let confidence = target["confidence"].as_f64().unwrap();
        assert!((confidence - f64::from(card(number).probabilities[label.index()])).abs() < 1e-6);
        let attributes = &target["attributes"];
        assert_eq!((&attributes["given"], &attributes["verdict"]), (&json!(given(number)), &json!(verdict)));
    }
    let report = desk.audit().import(&path, "Ben").unwrap();
    assert_eq!((report.rows, report.unchanged), (FACES, FACES));

    // As it comes with and without confidences, with words, with names of its own classes, of files, and unlabelled.
    value["classes"] = json!(["joy", "sadness", "Neutral", "weariness"]);
    value["labels"] = json!({
        "Album/01": 1, "Album/02": "sad", "Album/03.png": {"label": 2, "confidence": 0.5},
        "Album/04": 0, "Album/06": null, "Album/07": 3, "Album/08": [{"label": "fear"}], "Album/09": ["sad", "fear"],
        "Album/10": {"label": "happy", "attributes": {"verdict": "ambiguous"}}, "Else/11": 1,
    });
    fs::write(&path, serde_json::to_vec(&value).unwrap()).unwrap();
    let report = desk.audit().import(&path, "Ben").unwrap();
    let counts = (report.rows, report.relabel, report.ambiguous, report.keep, report.unchanged);
    assert_eq!(counts, (10, 4, 1, 0, 2));
    assert_eq!((report.unknown_keys.count, report.unknown_classes.count), (1, 2));
    let expected = [(1, Expression::Sad), (2, Expression::Sad), (3, Expression::Neutral), (8, Expression::Fear)];
    for (number, label) in expected {
        assert_eq!(verdict(&desk, number), Some(Verdict::Relabel(label)), "{number}");
    }
    assert_eq!((verdict(&desk, 4), verdict(&desk, 10)), (None, Some(Verdict::Ambiguous)));
}

#[test]
fn the_set_gets_new_labels_in_its_own_form_and_stays_as_it_is() {
    let desk = judged();
    let original = fs::read(shard(&Desk::set())).unwrap();
    let to = desk.path("labels");
    let files = desk.audit().export(&to, Form::Labels).unwrap();
    assert!(files.iter().all(|file| file.starts_with(&to) && file.is_file()), "{files:?}");
    assert!(fs::read(shard(&Desk::set())).unwrap() == original);
    let copy = files.iter().find(|file| file.extension().is_some_and(|kind| kind == "parquet")).unwrap();
    let mut labels = BTreeMap::new();
    for record in ShardReader::open(copy).unwrap() {
        let record = record.unwrap();
        // Of two of one name the audit knows the first alone.
        labels.entry(record.path).or_insert(record.expression);
    }
    assert_eq!(labels.len(), FACES + UNLABELLED);
    for number in 0..FACES {
        let label = match number {
            0 => Some(Expression::Happy),
            30 => None,
            _ => Some(given(number)),
        };
        assert_eq!(labels[&name(number)], label.map(|class| class.index() as u8), "{number}");
    }
    let (columns, rows) = table(&to.join("log.csv"));
    let scores = "self-confidence,margin,averaged,reconstruction,neighbours,mood,disagreement";
    assert_eq!(columns.join(","), format!("when,key,from,to,verdict,{scores},by,undone,undone_by"));
    let told: Vec<String> = rows.iter().map(|row| [&row[1..5], &row[12..13]].concat().join(" ")).collect();
    assert_eq!(
        told,
        [
            "Album/00.png sad happy relabel Anna",
            "Album/05.png happy happy keep Anna",
            "Album/30.png neutral  ambiguous Anna"
        ]
    );
    desk.audit().undo("Ben").unwrap();
    desk.audit().export(&desk.path("log.csv"), Form::Log).unwrap();
    let (_, rows) = table(&desk.path("log.csv"));
    assert_eq!(rows.iter().map(|row| row[14].as_str()).collect::<Vec<_>>(), ["", "", "Ben"]);
}

#[test]
fn nothing_is_written_into_the_set() {
    let desk = judged();
    let before = fs::read_dir(Desk::set()).unwrap().count();
    for form in Form::ALL {
        let to = Desk::set().join("labels");
        assert_says(&desk.audit().export(&to, form).unwrap_err(), "written into the set itself", &to);
    }
    assert_eq!(fs::read_dir(Desk::set()).unwrap().count(), before);
    let nowhere = desk.path("no/folder/log.csv");
    assert_says(&desk.audit().export(&nowhere, Form::Log).unwrap_err(), "does not exist", &nowhere);
    assert_eq!(Form::ALL.map(|form| form.name().parse::<Form>().unwrap()), Form::ALL);
}
