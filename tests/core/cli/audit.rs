//! `facespace audit`: wrong labels of drawn faces found, seen, judged, and carried to other programs and back.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use facespace::audit::{Audit, Verdict};
use facespace::data::atomic::WriteError;
use facespace::data::shards;
use facespace::data::synth;
use facespace::face::Expression;
use serde_json::{Value, json};

use super::Desk;
use super::index::other_weights;
use super::prepare::{kept, picture_name, put_affectnet};

/// Of six people, twelve of each expression before some are changed.
pub const FACES: u64 = 96;
pub const SEED: u64 = 41;
const SCORES: [&str; 7] =
    ["self-confidence", "margin", "averaged", "reconstruction", "neighbours", "mood", "disagreement"];

/// A shard of drawn faces; the labels are what `label` makes of the drawn ones, by their numbers.
pub fn put_labelled(desk: &Desk, name: &str, count: u64, label: impl Fn(u64, u8) -> Option<u8>) {
    desk.put(name, "");
    let records = (0..count).map(|number| {
        let mut record = synth::record(SEED, number);
        record.expression = record.expression.and_then(|drawn| label(number, drawn));
        Ok(record)
    });
    shards::write::<WriteError>(&desk.path(name), records).unwrap();
}

/// Every twelfth label is another one.
pub fn mostly_right(number: u64, drawn: u8) -> Option<u8> {
    Some(if number % 12 == 5 { (drawn + 1) % 8 } else { drawn })
}

/// The drawn faces in `rows.parquet`, and the audit of them in `a`, made once for all tests. The shard that it was made
/// from is gone.
pub fn audited() -> Desk {
    static FILES: OnceLock<Vec<(String, Vec<u8>)>> = OnceLock::new();
    let files = FILES.get_or_init(|| {
        let desk = Desk::empty();
        put_labelled(&desk, "rows.parquet", FACES, mostly_right);
        desk.run("audit rows.parquet -o a --quiet").ok();
        kept(&desk, "")
    });
    let desk = Desk::empty();
    files.iter().for_each(|(name, bytes)| desk.put(name, bytes));
    desk
}

/// The report of a run that went well.
#[track_caller]
pub fn report(desk: &Desk, arguments: &str) -> Value {
    desk.run(&format!("{arguments} --json r.json")).ok();
    desk.json("r.json")["results"].clone()
}

/// The faces of a list.
#[track_caller]
pub fn listed(desk: &Desk, arguments: &str) -> Vec<Value> {
    report(desk, &format!("audit list a {arguments}"))["faces"].as_array().unwrap().clone()
}

pub fn text<'a>(entry: &'a Value, field: &str) -> &'a str {
    entry[field].as_str().unwrap_or_else(|| panic!("{field} of {entry} is no text"))
}

/// The verdicts that an audit holds, by names.
pub fn verdicts(desk: &Desk) -> BTreeMap<String, Verdict> {
    let audit = Audit::open(&desk.path("a")).unwrap();
    let (rows, names) = (audit.rows().unwrap(), audit.names().unwrap());
    rows.iter().zip(names.iter()).filter_map(|(row, name)| Some((name.to_owned(), row.verdict?))).collect()
}

#[test]
fn an_audit_is_made_shown_and_made_again() {
    let desk = Desk::empty();
    put_labelled(&desk, "rows.parquet", FACES, mostly_right);
    let shard = desk.bytes("rows.parquet");
    let run = desk.run("audit rows.parquet -o a --budget 10 --quiet --json r.json").ok();
    let made = desk.json("r.json")["results"].clone();
    assert!(run.stdout.starts_with("finished after "), "{}", run.stdout);
    for part in [
        "set      ",
        "faces    96\n",
        "folds    by whole people\n",
        "budget   10 faces\n",
        "verdicts 0 keep, 0 relabel, 0 ambiguous\n",
        "given \\ looks",
        "label read from",
        "facespace audit show a rank=1 -o face.png",
    ] {
        assert!(run.stdout.contains(part), "{part:?} in {}", run.stdout);
    }
    assert_eq!((&made["cancelled"], &made["prepared"], &made["failed"]), (&json!(false), &Value::Null, &json!([])));
    let info = &made["info"];
    assert_eq!((&info["labelled"], &info["unlabelled"], &info["budget"]), (&json!(96), &json!(0), &json!(10)));
    assert_eq!(info["classes"].as_array().unwrap().len(), 8);
    assert_eq!(info["scores"], json!(SCORES));
    assert!(!info["shortcuts"].as_array().unwrap().is_empty());
    let counts = made["confusion"].as_array().unwrap().iter().flat_map(|row| row.as_array().unwrap());
    assert_eq!(counts.map(|count| count.as_u64().unwrap()).sum::<u64>(), FACES);
    let faces = made["faces"].as_array().unwrap();
    assert_eq!(faces.len(), 10);
    assert!(faces.windows(2).all(|two| two[0]["quality"].as_f64() <= two[1]["quality"].as_f64()), "{faces:?}");
    assert_eq!(listed(&desk, ""), *faces);

    show(&desk, &faces[0]);
    let name = text(&faces[2], "name");
    desk.run(&format!("audit judge a {name} ambiguous")).ok();

    let again = report(&desk, "audit rows.parquet -o a --budget 5% --quiet");
    assert_eq!((&again["info"]["budget"], &again["info"]["verdicts"]["ambiguous"]), (&json!(5), &json!(1)));
    let worst = again["faces"].as_array().unwrap();
    assert_eq!(worst[2]["verdict"], "ambiguous");
    let told = |faces: &[Value]| -> Vec<[Value; 2]> {
        faces.iter().map(|face| ["name", "quality"].map(|field| face[field].clone())).collect()
    };
    assert_eq!(told(worst), told(&faces[..5]));
    assert_eq!(desk.bytes("rows.parquet"), shard);
}

/// Looks at the most doubtful face, by its rank and by its name, and at the least doubtful one.
fn show(desk: &Desk, worst: &Value) {
    let shown = report(desk, "audit show a rank=1 -o sheet.png");
    for field in ["face", "name", "given", "predicted"] {
        assert_eq!(shown[field], worst[field], "{field}");
    }
    for probabilities in ["probabilities", "averaged", "reconstruction", "votes"] {
        let shares = shown[probabilities].as_object().unwrap_or_else(|| panic!("no {probabilities} in {shown}"));
        let sum: f64 = shares.values().map(|share| share.as_f64().unwrap()).sum();
        assert!(shares.len() == 8 && (sum - 1.0).abs() < 1e-3, "{probabilities} {shares:?}");
    }
    assert_eq!((shown["neighbours"].as_array().unwrap().len(), &shown["sheet"]), (8, &json!("sheet.png")));
    // Four faces of 128 pixels in each of three rows, with their labels.
    let (width, height) = desk.picture("sheet.png").dimensions();
    assert!(width > 4 * 128 && height > 3 * 128, "{width} x {height}");

    let name = text(worst, "name");
    let run = desk.run(&format!("audit show a {name}")).ok();
    assert!(run.stdout.contains(&format!("name     {name}\n")), "{}", run.stdout);
    assert!(run.stdout.contains(&format!("given    {}\n", text(worst, "given"))), "{}", run.stdout);
    for title in ["reconstruction", "neighbours", "self-confidence", "likeness"] {
        assert!(run.stdout.contains(title), "{title} in {}", run.stdout);
    }
    // Beyond the budget it is read when somebody looks.
    let last = report(desk, &format!("audit show a rank={FACES}"));
    assert!(last["reconstruction"].is_object() && last["sheet"].is_null(), "{last}");
    desk.put("w.safetensors", other_weights());
    desk.run("audit show a rank=1 -o other.png --weights w.safetensors").failed(1, &[("made with the weights", "a")]);
}

#[test]
fn a_list_is_ranked_cut_and_filtered() {
    let desk = audited();
    let all = listed(&desk, "--top 96");
    assert_eq!(all.len(), FACES as usize);
    for (rank, face) in (1..).zip(&all) {
        assert_eq!(face["rank"], rank);
    }
    let run = desk.run("audit list a --top 3").ok();
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert_eq!(lines.len(), 5, "{}", run.stdout);
    for title in ["rank", "quality", "face", "given", "looks", "verdict", "name"] {
        assert!(lines[0].contains(title), "{title} in {}", lines[0]);
    }
    assert_eq!(lines[4], "3 of 96 faces, ranked by self-confidence; verdicts on 0 faces");
    // As many as the budget has: 5 % of 96.
    assert_eq!(listed(&desk, ""), all[..5]);
    for score in SCORES {
        let ranked = listed(&desk, &format!("--top 96 --score {score}"));
        assert!(ranked.windows(2).all(|two| two[0]["quality"].as_f64() <= two[1]["quality"].as_f64()), "{score}");
        assert!(ranked.iter().all(|face| face["quality"] == face["qualities"][score]), "{score}");
        // Reconstructions are read within the budget alone.
        assert_eq!(ranked.len(), if score == "reconstruction" { 5 } else { 96 }, "{score}");
    }
    let (given, predicted) = (text(&all[0], "given"), text(&all[0], "predicted"));
    let in_cell = |face: &&Value| face["given"] == given && face["predicted"] == predicted;
    let cell: Vec<Value> = all.iter().filter(in_cell).cloned().collect();
    assert_eq!(listed(&desk, &format!("--top 96 --cell given={given},predicted={predicted}")), cell);
    let row = listed(&desk, &format!("--top 96 --cell given={given}"));
    assert!(row.len() >= cell.len() && row.iter().all(|face| face["given"] == given));
}

#[test]
fn verdicts_are_given_taken_back_and_logged() {
    let desk = audited();
    let faces = listed(&desk, "--top 4");
    let name = |place: usize| text(&faces[place], "name").to_owned();
    let given = |place: usize| text(&faces[place], "given");
    let other = if given(0) == "sad" { "happy" } else { "sad" };
    let run = desk.run(&format!("audit judge a {} {other} --by Ann", faces[0]["face"])).ok();
    assert_eq!(run.stdout, format!("{}: {} becomes {other}\n", name(0), given(0)));
    let run = desk.run(&format!("audit judge a {} keep --by Ben", name(1))).ok();
    assert_eq!(run.stdout, format!("{}: {} stays\n", name(1), given(1)));
    let judged = report(&desk, "audit judge a rank=3 ambiguous --by Ann");
    assert_eq!((text(&judged, "name"), text(&judged, "verdict"), text(&judged, "by")), (&*name(2), "ambiguous", "Ann"));
    // Its own label is one to keep.
    let judged = report(&desk, &format!("audit judge a rank=4 {} --by Ann", given(3)));
    assert_eq!(judged["verdict"], "keep");
    let words: Vec<Value> = listed(&desk, "--top 4").iter().map(|face| face["verdict"].clone()).collect();
    assert_eq!(words, [other, "keep", "ambiguous", "keep"]);
    let counts = &report(&desk, "audit list a")["verdicts"];
    assert_eq!(counts, &json!({"keep": 2, "relabel": 1, "ambiguous": 1}));

    let run = desk.run("audit undo a --by Cid").ok();
    assert_eq!(run.stdout, format!("Took back the verdict on {}, which has none now\n", name(3)));
    desk.run("audit judge a rank=1 keep --by Ben").ok();
    let run = desk.run("audit undo a").ok();
    assert_eq!(run.stdout, format!("Took back the verdict on {}, which is {other} again\n", name(0)));

    desk.run("audit export a -o log.csv --form log").ok();
    let bytes = desk.bytes("log.csv");
    let mut log = csv::Reader::from_reader(bytes.as_slice());
    let titles: Vec<String> = log.headers().unwrap().iter().map(str::to_owned).collect();
    let at = |title: &str| titles.iter().position(|known| known == title).unwrap_or_else(|| panic!("no {title}"));
    let rows: Vec<csv::StringRecord> = log.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 5);
    assert_eq!((&rows[0][at("key")], &rows[0][at("from")], &rows[0][at("to")]), (&*name(0), given(0), other));
    assert_eq!([0, 1, 4].map(|row| rows[row][at("by")].to_owned()), ["Ann", "Ben", "Ben"]);
    assert_eq!((&rows[3][at("undone_by")], rows[0][at("undone")].is_empty()), ("Cid", true));
    assert!(rows[0][at("when")].ends_with('Z') && rows[0][at("self-confidence")].parse::<f32>().is_ok());

    for _ in 0..3 {
        desk.run("audit undo a").ok();
    }
    assert_eq!(desk.run("audit undo a").ok().stdout, "There is no verdict to take back\n");
    assert!(verdicts(&desk).is_empty());
}

#[test]
fn somebody_judges_where_nobody_says_who() {
    let desk = audited();
    for (user, by) in [("ada", "ada"), ("", "somebody")] {
        let environment = [("USER", user), ("USERNAME", "")];
        desk.run_with(&environment, "audit judge a rank=1 keep --json r.json").ok();
        assert_eq!(desk.json("r.json")["results"]["by"], by);
    }
}

#[test]
fn labels_go_to_other_programs_and_come_back() {
    let desk = audited();
    let faces = listed(&desk, "--top 3");
    let names: Vec<&str> = faces.iter().map(|face| text(face, "name")).collect();
    desk.run("audit judge a rank=1 ambiguous").ok();
    let run = desk.run("audit export a -o table.csv --form cleanlab").ok();
    assert_eq!(run.stdout, "Wrote cleanlab with 1 verdict:\n  table.csv\n");

    // Somebody changes a label there, and adds rows that say nothing here.
    let bytes = desk.bytes("table.csv");
    let mut reader = csv::Reader::from_reader(bytes.as_slice());
    let titles = reader.headers().unwrap().clone();
    let at = |title: &str| titles.iter().position(|known| known == title).unwrap();
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&titles).unwrap();
    let mut new = None;
    for row in reader.records() {
        let mut cells: Vec<String> = row.unwrap().iter().map(str::to_owned).collect();
        if cells[at("key")] == names[1] {
            let label = (cells[at("label")].parse::<usize>().unwrap() + 1) % 8;
            cells[at("label")] = label.to_string();
            new = Some(Expression::ALL[label]);
        } else if cells[at("key")] == names[2] {
            cells[at("label")] = "puzzled".to_owned();
        }
        writer.write_record(&cells).unwrap();
    }
    let mut stranger = vec![String::new(); titles.len()];
    (stranger[at("key")], stranger[at("label")]) = ("nobody.jpg".to_owned(), "1".to_owned());
    writer.write_record(&stranger).unwrap();
    desk.put("changed.csv", writer.into_inner().unwrap());
    let run = desk.run("audit import a changed.csv --by Dora --json r.json");
    let run = run.failed(
        1,
        &[
            ("The faces of 1 row are not judged by this audit (\"nobody.jpg\"); ", "changed.csv"),
            ("The labels of 1 row are none (\"puzzled\"); ", "changed.csv"),
        ],
    );
    assert!(run.stdout.starts_with("Read 97 rows: 0 keep, 1 relabel, 0 ambiguous, "), "{}", run.stdout);
    let results = desk.json("r.json")["results"].clone();
    assert_eq!(results["unknown_keys"], json!({"count": 1, "examples": ["nobody.jpg"]}));
    let held = verdicts(&desk);
    let expected = [(names[0], Verdict::Ambiguous), (names[1], Verdict::Relabel(new.unwrap()))];
    assert_eq!(held, expected.map(|(name, verdict)| (name.to_owned(), verdict)).into());

    // Read back as it was written, it says nothing new.
    desk.run("audit export a -o labels.json --form fiftyone").ok();
    let json = desk.json("labels.json");
    assert_eq!((json["classes"].as_array().unwrap().len(), json["labels"].as_object().unwrap().len()), (8, 96));
    let run = desk.run("audit import a labels.json").ok();
    assert_eq!(run.stdout, "Read 96 rows: 0 keep, 0 relabel, 0 ambiguous, 96 unchanged\n");
    assert_eq!(verdicts(&desk), held);
    assert_eq!(desk.run("audit undo a").ok().stdout.lines().count(), 1);
    assert_eq!(verdicts(&desk).len(), 1);

    desk.put("bad.json", "{");
    for (table, says) in [("nowhere.csv", "The file cannot be read"), ("bad.json", "This is no table of labels")] {
        desk.run(&format!("audit import a {table}")).failed(1, &[(says, table)]);
    }
    desk.put("bare.csv", "key,colour\nx,red\n");
    desk.run("audit import a bare.csv").failed(1, &[("The table lacks a column label", "bare.csv")]);
    desk.run("audit export a -o a/audit.sqlite --form log").failed(2, &[("belongs to", "a/audit.sqlite")]);
    desk.run("audit export a -o no/log.csv --form log").failed(1, &[("", "no/log.csv")]);
}

#[test]
fn corrected_labels_are_written_in_the_form_of_the_set() {
    let desk = Desk::empty();
    put_affectnet(&desk, "set", SEED, FACES, |number| mostly_right(number, 0).filter(|&label| label > 0));
    let before = kept(&desk, "set");
    let made = report(&desk, "audit set -o a --quiet");
    assert_eq!((&made["info"]["format"], &made["info"]["labelled"]), (&json!("affectnet"), &json!(FACES)));
    assert_eq!(made["prepared"]["written"], json!({"train": FACES - 4, "val": 4, "test": 0}));
    let (changed, unclear) = (picture_name(7), picture_name(FACES - 1));
    desk.run(&format!("audit judge a {changed} contempt")).ok();
    desk.run(&format!("audit judge a {unclear} ambiguous")).ok();
    let written = report(&desk, "audit export a -o new");
    assert_eq!(written["files"], json!(["new/training.csv", "new/validation.csv", "new/log.csv"]));
    for (list, name, label) in [("training", &changed, "7"), ("validation", &unclear, "9")] {
        let [old, new] = ["set", "new"].map(|folder| {
            let text = String::from_utf8(desk.bytes(&format!("{folder}/{list}.csv"))).unwrap();
            text.lines().map(str::to_owned).collect::<Vec<String>>()
        });
        assert_eq!(old.len(), new.len());
        for (old, new) in old.iter().zip(&new) {
            if new.starts_with(name.as_str()) {
                assert_eq!(new.rsplit(',').nth(2), Some(label));
            } else {
                assert_eq!(old, new);
            }
        }
    }
    desk.run("audit export a -o set").failed(1, &[("would be written into the set itself", "set")]);
    desk.run("audit export a -o set/log.csv --form log").failed(1, &[("set itself", "set/log.csv")]);
    assert_eq!(kept(&desk, "set"), before);
}

#[test]
fn scores_are_measured_on_labels_made_wrong() {
    let desk = Desk::empty();
    put_labelled(&desk, "rows.parquet", FACES, |_, drawn| Some(drawn));
    put_labelled(&desk, "bare.parquet", 3, |_, _| None);
    let run =
        desk.run("audit noise rows.parquet --rates 10,25% --rules uniform --reconstructions -o n.json --json r.json");
    let run = run.ok();
    for title in ["rule", "AUPRC", "precision at 100", "recall at budget", "disagreement", "96 faces in "] {
        assert!(run.stdout.contains(title), "{title} in {}", run.stdout);
    }
    let results = desk.json("r.json")["results"].clone();
    assert_eq!(results, desk.json("n.json"));
    let rows = results["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 2 * SCORES.len());
    for (row, score) in rows.iter().zip(SCORES.iter().cycle()) {
        let wrong = if row["rate"] == 0.1 { 10 } else { 24 };
        assert_eq!((&row["score"], &row["n"], &row["wrong"]), (&json!(score), &json!(96), &json!(wrong)));
        let area = row["auprc"]["value"].as_f64().unwrap();
        assert!((0.0..=1.0).contains(&area), "{row}");
    }
    desk.run("audit noise bare.parquet").failed(1, &[("Not one of these faces has an expression", "bare.parquet")]);
    desk.run("audit noise nowhere.parquet").failed(1, &[("", "nowhere.parquet")]);
    desk.run("audit noise rows.parquet -o rows.parquet").failed(2, &[("", "rows.parquet")]);
}
