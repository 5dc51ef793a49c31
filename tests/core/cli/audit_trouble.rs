//! Audits and sets that cannot be used as they are, each told in one sentence; verdicts that are given by processes which
//! are killed, and audits that are stopped.

use std::collections::BTreeMap;
use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use facespace::audit::Verdict;
use facespace::data::synth;
use serde_json::{Value, json};

use super::audit::{FACES, SEED, audited, listed, mostly_right, put_labelled, report, text, verdicts};
use super::index::other_weights;
use super::index_trouble::{finished, started};
use super::prepare::{kept, picture_name, put_affectnet};
use super::{Desk, Run, assert_sentence};

/// The run ended with 1 after one sentence that says this.
#[track_caller]
fn assert_says(run: &Run, says: &str) {
    assert_eq!((run.code, run.stderr.lines().count()), (1, 1), "{}{}", run.stdout, run.stderr);
    assert!(run.stderr.contains(says), "{} does not say {says:?}", run.stderr);
    assert_sentence(run.stderr.trim_end());
}

/// A sequence that looks drawn and is the same every time: numbers between 0 and 1.
fn drawn(state: &mut u64) -> f64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*state >> 11) as f64 / (1_u64 << 53) as f64
}

#[test]
fn thirty_kills_lose_no_verdict_that_was_told() {
    verdict_kills(30);
}

/// `cargo test --test core -- --ignored kills_lose_no_verdict`
#[test]
#[ignore = "takes a minute"]
fn three_hundred_kills_lose_no_verdict_that_was_told() {
    verdict_kills(300);
}

/// One verdict after the other, each by a process that is killed at a drawn moment. What it has told is on the disk.
fn verdict_kills(count: usize) {
    let desk = audited();
    let faces = listed(&desk, "--top 96");
    let begun = Instant::now();
    desk.run("audit judge a rank=1 ambiguous").ok();
    let time = begun.elapsed();
    desk.run("audit undo a").ok();
    let (mut held, mut state, mut told, mut lost) = (BTreeMap::new(), count as u64, 0, 0);
    for kill in 0..count {
        let face = &faces[kill % faces.len()];
        let word = ["keep", "ambiguous", "sad", "happy"][(kill / faces.len() + kill) % 4];
        let mut child = started(&desk, &format!("audit judge a {} {word} --by kills", face["face"]));
        thread::sleep(time.mul_f64(1.3 * drawn(&mut state)));
        child.kill().unwrap();
        let output = child.wait_with_output().unwrap();
        let now = verdicts(&desk);
        let name = text(face, "name");
        let before = held.get(name).copied();
        let mut others = now.clone();
        others.remove(name);
        held.remove(name);
        assert_eq!(others, held, "kill {kill}");
        // As it is stored: the label that the face has is one to keep.
        let asked = match word.parse::<Verdict>().unwrap() {
            Verdict::Relabel(label) if label.name() == text(face, "given") => Verdict::Keep,
            verdict => verdict,
        };
        let is_there = now.get(name) == Some(&asked);
        assert!(is_there || now.get(name).copied() == before, "kill {kill}: {:?}", now.get(name));
        let was_told = !output.stdout.is_empty();
        assert!(is_there || !was_told, "kill {kill}: a verdict that was told is lost");
        (told, lost) = (told + usize::from(was_told), lost + usize::from(!is_there));
        held = now;
        let store = rusqlite::Connection::open(desk.path("a/audit.sqlite")).unwrap();
        let verdict: String = store.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
        assert_eq!(verdict, "ok", "kill {kill}");
    }
    println!("{count} kills of a judgement that takes {time:.0?}: {told} told, {lost} came before it was stored");
    assert!(told > 0, "no kill came after a verdict");
    // None of them is in the way of the next.
    desk.run("audit judge a rank=1 keep").ok();
}

#[test]
fn labels_that_cannot_be_judged_are_told_in_a_sentence() {
    let desk = Desk::empty();
    put_labelled(&desk, "one.parquet", 16, |_, _| Some(1));
    put_labelled(&desk, "few.parquet", 16, |number, _| Some(if number == 3 { 2 } else { 1 }));
    put_labelled(&desk, "none.parquet", 4, |_, _| None);
    for (set, says) in [
        ("one.parquet", "All faces are labelled happy, and one class alone cannot be judged; "),
        ("few.parquet", "; add faces"),
        ("none.parquet", "with --given"),
    ] {
        assert_says(&desk.run(&format!("audit {set} -o a-{set}")), says);
    }
    // What is there is no audit yet.
    desk.run("audit list a-one.parquet").failed(1, &[("stopped before its scores were there", "a-one.parquet")]);
    put_labelled(&desk, "rare.parquet", FACES, |number, drawn| Some(if number < 3 { 7 } else { drawn % 7 }));
    let run = desk.run("audit rare.parquet -o rare --json r.json");
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stderr.starts_with("Only 3 faces are labelled contempt, too few to judge by; "), "{}", run.stderr);
    run.stderr.lines().for_each(assert_sentence);
    let info = desk.json("r.json")["results"]["info"].clone();
    assert_eq!(info["labelled"], json!(FACES));

    put_affectnet(&desk, "all", SEED, 12, |_| Some(77));
    assert_says(&desk.run("audit all -o b"), "say which they are with --classes WORD=EXPRESSION");
    fs::create_dir(desk.path("bare")).unwrap();
    desk.put("released/training.csv", "subDirectory_filePath,face_x\n1/000.jpg,3\n");
    desk.put("people/Ada/1.jpg", synth::record(SEED, 0).picture_bytes);
    for (arguments, says, path) in [
        ("audit nowhere -o b", "There is no such file or folder", "nowhere"),
        ("audit bare -o b", "This is no set of faces", "bare"),
        ("audit released -o b --format affectnet", "expression", "released/training.csv"),
        (
            "audit people -o b --format folders",
            "choose one that does, or name a column of its table with --given",
            "people",
        ),
        ("audit one.parquet -o b --given mood", "mood", "one.parquet"),
        ("audit one.parquet -o one.parquet", "", "one.parquet"),
        ("audit one.parquet -o released", "holds other things than an audit", "released"),
    ] {
        desk.run(arguments).failed(1, &[(says, path)]);
    }
}

#[test]
fn pictures_that_are_left_out_do_not_stop_an_audit() {
    let desk = Desk::empty();
    put_affectnet(&desk, "set", SEED, FACES, |number| (number == 9).then_some(77));
    fs::remove_file(desk.path(&format!("set/Manually_Annotated_Images/{}", picture_name(4)))).unwrap();
    desk.put("set/Manually_Annotated_Images/2/unlisted.jpg", "no picture");
    let run = desk.run("audit set -o a --quiet --json r.json");
    let run = run.failed(
        1,
        &[("Left out 1 picture for classes that are not known here (\"77\")", "set"), ("Left out 2 pictures, ", "set")],
    );
    assert!(run.stdout.contains("the picture has no row"), "{}", run.stdout);
    assert_eq!(desk.json("r.json")["results"]["info"]["labelled"], json!(FACES - 2));
}

#[test]
fn an_audit_that_cannot_be_used_keeps_its_verdicts() {
    let desk = audited();
    desk.run("audit judge a rank=1 sad").ok();
    let held = verdicts(&desk);
    desk.put("w.safetensors", other_weights());
    let build = "audit rows.parquet -o a --quiet";
    desk.run(&format!("{build} --weights w.safetensors")).failed(1, &[("made with the weights", "a")]);
    desk.run(&format!("{build} --weights w.safetensors --rebuild")).ok();
    assert_eq!(verdicts(&desk), held);
    desk.run(build).failed(1, &[("made with the weights", "a")]);

    put_labelled(&desk, "other.parquet", 16, mostly_right);
    desk.run("audit other.parquet -o a --weights w.safetensors").failed(1, &[("an audit of another set", "a")]);
    let lock = fs::File::create(desk.path("a/lock")).unwrap();
    lock.try_lock().unwrap();
    desk.run(build).failed(1, &[("Another process is writing this audit", "a")]);
    // Whoever judges is not kept out.
    desk.run("audit judge a rank=2 keep").ok();
    desk.run("audit undo a").ok();
    drop(lock);
    assert_eq!(verdicts(&desk), held);

    let whole = desk.bytes("a/audit.sqlite");
    let store = rusqlite::Connection::open(desk.path("a/audit.sqlite")).unwrap();
    store.pragma_update(None, "user_version", 99).unwrap();
    drop(store);
    let every = ["audit list a", "audit judge a rank=1 keep", "audit undo a", "audit export a -o new", build];
    for arguments in every {
        desk.run(arguments).failed(1, &[("update facespace", "a")]);
    }
    desk.put("a/audit.sqlite", &whole[..5000]);
    desk.run("audit list a").failed(1, &[("cut off or damaged", "a")]);
    desk.put("a/audit.sqlite", &whole);
    assert_eq!(verdicts(&desk), held);

    for arguments in
        ["list b", "show b rank=1", "judge b rank=1 keep", "undo b", "export b -o c", "import b rows.parquet"]
    {
        desk.run(&format!("audit {arguments}")).failed(1, &[("There is no audit here", "b")]);
    }
    assert!(!desk.path("b").exists() && !desk.path("c").exists());
}

#[test]
fn a_command_line_that_makes_no_sense_is_refused() {
    let desk = audited();
    let before = kept(&desk, "a");
    for (arguments, says) in [
        ("audit", "<SOURCE>"),
        ("audit rows.parquet", "--output"),
        ("audit rows.parquet -o b --budget none", "is no budget; give a number of faces"),
        ("audit rows.parquet -o b --budget 0", "is no budget"),
        ("audit rows.parquet -o b --score luck", "choose one of self-confidence, margin"),
        ("audit list", "<DIR>"),
        ("audit list a --cell given=glad", "choose one of neutral, happy"),
        ("audit list a --cell looks=sad", "neither given nor predicted"),
        ("audit list a --cell sad", "write it as given=happy,predicted=sad"),
        ("audit list a --top 0", "--top"),
        ("audit show a rank=0", "give a number from 1 on"),
        ("audit judge a rank=1", "keep|ambiguous|EXPRESSION"),
        ("audit judge a rank=1 glad", "is no verdict; give keep, ambiguous"),
        ("audit export a -o b --form xml", "choose one of labels, cleanlab"),
        ("audit noise rows.parquet --rates 0", "above 0 and below 100"),
        ("audit noise rows.parquet --rules unfair", "choose one of uniform, nearest"),
    ] {
        desk.run(arguments).misread(says);
    }
    desk.run("audit show a rank=97").refused("There is no rank 97, the list has 96");
    desk.run("audit judge a nobody.jpg keep").refused("There is no face \"nobody.jpg\"");
    desk.run("audit show a 99999").refused("There is no face \"99999\"");
    for arguments in ["audit list a --json a/audit.sqlite", "audit rows.parquet -o a --json a/index/faces.sqlite"] {
        let path = arguments.rsplit(' ').next().unwrap();
        desk.run(arguments).failed(2, &[("belongs to the set or the audit", path)]);
    }
    desk.run("audit rows.parquet -o b --json rows.parquet").failed(2, &[("", "rows.parquet")]);
    let stored = |files: &[(String, Vec<u8>)]| -> Vec<(String, Vec<u8>)> {
        files.iter().filter(|(name, _)| name.ends_with(".sqlite")).cloned().collect()
    };
    assert_eq!(stored(&kept(&desk, "a")), stored(&before));

    let help = desk.run_with(&[], "audit --help").ok().stdout;
    for word in
        ["People who label faces make mistakes", "Scores, all from 0", "self-confidence", "Formats of sets:", "judge"]
    {
        assert!(help.contains(word), "{word} in {help}");
    }
}

/// Ctrl+C in a terminal.
#[cfg(unix)]
#[test]
fn an_audit_that_is_stopped_is_gone_on_with() {
    let desk = Desk::empty();
    put_labelled(&desk, "rows.parquet", 160, mostly_right);
    let child = started(&desk, "audit rows.parquet -o a --quiet --json r.json");
    let begun = Instant::now();
    while !desk.path("a/index/faces.sqlite").exists() && begun.elapsed() < Duration::from_secs(180) {
        thread::sleep(Duration::from_millis(5));
    }
    let pid = child.id().to_string();
    assert!(std::process::Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    let run = finished(child).ok();
    let stopped = desk.json("r.json")["results"].clone();
    assert!(run.stdout.starts_with("stopped after "), "{}", run.stdout);
    assert!(run.stdout.ends_with("go on with the same command\n"), "{}", run.stdout);
    assert_eq!((&stopped["cancelled"], &stopped["info"]), (&json!(true), &Value::Null));
    desk.run("audit list a").failed(1, &[("stopped before its scores were there", "a")]);
    let made = report(&desk, "audit rows.parquet -o a --quiet");
    assert_eq!(made["info"]["labelled"], 160);
}
