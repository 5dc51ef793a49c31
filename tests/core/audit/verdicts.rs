//! What people say about labels: on the disk when it is said, taken back in order, and never lost to a kill.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use facespace::audit::{Audit, AuditError, Counts, Verdict};
use facespace::data::when::rfc3339;
use facespace::face::Expression;
use facespace::gallery::FaceKey;
use rusqlite::Connection;

use super::desk::{Desk, FACES, name, row};
use crate::shared::{self, DIARY};

const HAPPY: Verdict = Verdict::Relabel(Expression::Happy);

#[test]
fn what_is_said_last_holds_until_it_is_taken_back() {
    let desk = Desk::audited();
    let mut audit = desk.audit();
    let (first, second) = (row(&audit, 0), row(&audit, 30));
    assert_eq!(audit.judge(first.face, HAPPY, "Anna").unwrap(), HAPPY);
    // It is the label that the face has.
    assert_eq!(audit.judge(second.face, Verdict::Relabel(Expression::Neutral), "Ben").unwrap(), Verdict::Keep);
    assert_eq!(audit.judge(first.face, Verdict::Ambiguous, "  ").unwrap(), Verdict::Ambiguous);
    // Said twice, noted once.
    audit.judge(first.face, Verdict::Ambiguous, "Ben").unwrap();
    assert!(matches!(audit.judge(9999, HAPPY, "Anna"), Err(AuditError::NoFace)));
    assert_eq!(audit.info().unwrap().verdicts, Counts { keep: 1, relabel: 0, ambiguous: 1 });
    assert_eq!(audit.card(first.face).unwrap().verdict, Some(Verdict::Ambiguous));

    let audit = &mut desk.audit();
    let mut take_back = |by: &str| audit.undo(by).unwrap().map(|undone| (undone.name, undone.faces));
    assert_eq!(take_back("Cleo"), Some((name(0), vec![(first.face, Some(HAPPY))])));
    assert_eq!(take_back("Cleo"), Some((name(30), vec![(second.face, None)])));
    assert_eq!(take_back(""), Some((name(0), vec![(first.face, None)])));
    assert_eq!(take_back("Cleo"), None);
    assert_eq!(audit.info().unwrap().verdicts.total(), 0);
    audit.judge(first.face, HAPPY, "Anna").unwrap();

    let log = audit.log().unwrap();
    let told: Vec<_> = log.iter().map(|row| (row.key.as_str(), row.verdict, row.to, row.by.as_str())).collect();
    let happy = Some(Expression::Happy);
    assert_eq!(
        told,
        [
            ("Album/00.png", HAPPY, happy, "Anna"),
            ("Album/30.png", Verdict::Keep, Some(Expression::Neutral), "Ben"),
            ("Album/00.png", Verdict::Ambiguous, None, "somebody"),
            ("Album/00.png", HAPPY, happy, "Anna"),
        ]
    );
    let undone: Vec<_> = log.iter().map(|row| row.undone.as_ref().map(|(_, by)| by.as_str())).collect();
    assert_eq!(undone, [Some("somebody"), Some("Cleo"), Some("Cleo"), None]);
    for row in &log {
        assert!(row.when.starts_with("20") && row.when.ends_with('Z') && row.when.len() == 24, "{}", row.when);
        assert!(row.undone.as_ref().is_none_or(|(when, _)| *when >= row.when));
    }
    assert!(log.is_sorted_by(|a, b| a.when <= b.when));
    assert_eq!((log[0].from, log[1].from), (Expression::Sad, Expression::Neutral));
    let bits = |scores: [f32; 7]| scores.map(f32::to_bits);
    assert_eq!(bits(log[0].scores), bits(first.qualities));
}

#[test]
fn a_verdict_is_about_the_right_label_whatever_the_set_says_by_now() {
    let desk = Desk::audited();
    let mut audit = desk.audit();
    let [kept, changed, unclear] = [5, 0, 6].map(|number| row(&audit, number).face);
    audit.judge(kept, Verdict::Keep, "Anna").unwrap();
    audit.judge(changed, HAPPY, "Anna").unwrap();
    audit.judge(unclear, Verdict::Ambiguous, "Anna").unwrap();
    // As if it was brought up to date after somebody had given the set other labels.
    let database = Connection::open(desk.folder().join("audit.sqlite")).unwrap();
    let anger = Expression::Anger.index() as i64;
    database.execute("UPDATE rows SET given = ?2 WHERE face = ?1", [kept, anger]).unwrap();
    database
        .execute("UPDATE rows SET given = ?2 WHERE face = ?1", [changed, Expression::Happy.index() as i64])
        .unwrap();
    assert_eq!(row(&audit, 5).verdict, Some(HAPPY));
    assert_eq!(row(&audit, 0).verdict, Some(Verdict::Keep));
    assert_eq!(row(&audit, 6).verdict, Some(Verdict::Ambiguous));
}

#[test]
fn moments_are_written_as_others_read_them() {
    for (millis, text) in [
        (0, "1970-01-01T00:00:00.000Z"),
        (-5, "1970-01-01T00:00:00.000Z"),
        (951_782_399_999, "2000-02-28T23:59:59.999Z"),
        (951_782_400_000, "2000-02-29T00:00:00.000Z"),
        (1_709_251_199_007, "2024-02-29T23:59:59.007Z"),
        (1_767_225_599_999, "2025-12-31T23:59:59.999Z"),
        (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
    ] {
        assert_eq!(rfc3339(millis), text);
    }
}

/// Names the folder to the second process.
const TARGET: &str = "FACESPACE_TEST_AUDIT";

/// A sequence that looks drawn and is the same every time.
struct Drawn(u64);

impl Drawn {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }
}

/// What the second process does in its step of this number: a verdict on the face at a place, or the last one taken
/// back.
fn said(step: usize) -> Option<(usize, Verdict)> {
    let verdicts = [Verdict::Keep, Verdict::Ambiguous, Verdict::Relabel(Expression::Fear)];
    (step % 5 != 4).then_some((step * 7 % FACES, verdicts[step % 3]))
}

/// The verdicts that hold after so many steps, by the places of the faces.
fn held(steps: usize) -> Vec<Option<Verdict>> {
    let mut log: Vec<(usize, Verdict)> = Vec::new();
    let last =
        |log: &[(usize, Verdict)], place: usize| log.iter().rev().find(|said| said.0 == place).map(|said| said.1);
    for step in 0..steps {
        match said(step) {
            Some((place, verdict)) if last(&log, place) == Some(verdict) => {}
            Some(said) => log.push(said),
            None => {
                log.pop();
            }
        }
    }
    (0..FACES).map(|place| last(&log, place)).collect()
}

#[test]
fn ten_kills_lose_no_verdict() {
    kills(10);
}

/// `cargo test --test core -- --ignored two_hundred_kills_lose_no_verdict`
#[test]
#[ignore = "takes minutes"]
fn two_hundred_kills_lose_no_verdict() {
    kills(200);
}

fn kills(count: u64) {
    let desk = Desk::audited();
    let mut chance = Drawn(count);
    let mut done = 0;
    for kill in 0..count {
        let noted = killed_after(Duration::from_micros(chance.below(60_000)), &desk.path(""), done);
        let database = Connection::open(desk.folder().join("audit.sqlite")).unwrap();
        let intact: String = database.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
        assert_eq!(intact, "ok", "kill {kill}");
        let rows = desk.audit().rows().unwrap();
        let found: Vec<Option<Verdict>> = rows.iter().map(|row| row.verdict).collect();
        // What was in hand may have been done, too.
        let steps = (noted..=noted + 1).find(|&steps| found == held(steps));
        done = steps.unwrap_or_else(|| panic!("kill {kill}: after {noted} steps there is {found:?}"));
    }
    println!("{count} kills, {done} steps");
    assert!(done as u64 >= count, "{done} steps");
}

/// Lets a second process judge from a step on until its first verdict, and then for a while; how many steps are done.
fn killed_after(life: Duration, home: &Path, from: usize) -> usize {
    fs::write(home.join(DIARY), format!("{from}\n")).unwrap();
    let environment = [(TARGET, home.as_os_str())];
    let has_begun = |diary: &str| diary.lines().count() > 1;
    let diary = shared::killed_after(life, "audit::verdicts::judges_until_killed", home, &environment, has_begun);
    diary.iter().filter_map(|line| line.parse().ok()).next_back().unwrap_or(from)
}

#[test]
fn judges_until_killed() {
    let Some(home) = std::env::var_os(TARGET) else { return };
    let home = Path::new(&home);
    let text = fs::read_to_string(home.join(DIARY)).unwrap();
    let mut step: usize = text.trim().parse().unwrap();
    let mut diary = File::options().append(true).open(home.join(DIARY)).unwrap();
    let mut audit = Audit::open(&home.join("audit")).unwrap();
    let faces: Vec<FaceKey> = audit.rows().unwrap().iter().map(|row| row.face).collect();
    let begun = Instant::now();
    // In case nobody kills it.
    while begun.elapsed() < Duration::from_secs(20) {
        match said(step) {
            Some((place, verdict)) => {
                audit.judge(faces[place], verdict, "Anna").unwrap();
            }
            None => {
                audit.undo("Anna").unwrap().unwrap();
            }
        }
        step += 1;
        writeln!(diary, "{step}").unwrap();
    }
}
