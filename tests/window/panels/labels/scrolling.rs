//! 300,000 labels scrolled from the first to the last and judged: how long the window takes for a frame, and what it
//! keeps in memory. A second process does it, so that no other test is counted.

use facespace::app::meter::memory_mb;

use super::super::scrolled::{FRAMES, assert_capped, assert_in_time, scroll};
use super::*;

/// Names the folder of the audit to the second process.
const TARGET: &str = "FACESPACE_TEST_DOUBTED";
const MANY: usize = 300_000;
/// Height of a row.
const ROW: f32 = 44.0;
/// Verdicts that are given.
const VERDICTS: usize = 25;

#[test]
fn three_hundred_thousand_labels_are_scrolled_and_judged_in_time_and_in_little_memory() {
    let home = tempfile::tempdir().unwrap();
    audited::large(&audit_folder(home.path()), MANY);
    assert_in_time("panels::labels::scrolling::scrolls", TARGET, &audit_folder(home.path()));
}

/// The second process: all asserts but the time.
#[test]
fn scrolls() {
    let Some(folder) = std::env::var_os(TARGET) else { return };
    let mut harness = opened_in(stand_in());
    open_audit(&mut harness, Path::new(&folder));
    until_listed(&mut harness);
    assert!(says(&harness, "All 300,000 labels"));
    assert!(has(&harness, Role::Button, &row_at(&harness, 0)));
    let at = rect(&harness, Role::Button, &row_at(&harness, 2)).center();
    harness.hover_at(at);
    harness.run_steps(3);
    let before = memory_mb();
    let end = MANY as f32 * ROW;
    let mut slowest = 0.0_f64;
    // Read line by line; then to the end; then back to the top.
    for points in [-60.0, -(end / FRAMES as f32) * 1.2, end / FRAMES as f32 * 1.3] {
        let ms = scroll(&mut harness, points);
        println!("{ms:.2} ms at 95 % with {points:.0} points a frame");
        slowest = slowest.max(ms);
        if points < -1000.0 {
            until_listed(&mut harness);
            assert!(has(&harness, Role::Button, &row_at(&harness, MANY - 1)), "the last face is in sight");
        }
    }
    until_listed(&mut harness);
    assert!(has(&harness, Role::Button, &row_at(&harness, 0)), "the first face is in sight again");
    assert_capped(&harness, harness.state().state.labels.shelf.len(), before);
    slowest = slowest.max(judge(&mut harness));
    println!("slowest way {slowest:.3}");
}

/// What the row at a place of the list is called.
fn row_at(harness: &Driven, at: usize) -> String {
    let desk = desk(harness);
    let open = desk.open.as_ref().unwrap();
    let place = desk.list.order()[at];
    let row = open.row(place).unwrap();
    format!("{}, given {}, looks {}", open.name(place), row.given, row.predicted)
}

/// Keeps one label after the other; the update's time at 95 %.
#[track_caller]
fn judge(harness: &mut Driven) -> f64 {
    harness.remove_cursor();
    // What an earlier try has kept is passed over.
    keys(harness, Modifiers::NONE, Key::Enter);
    harness.state_mut().state.meter.clear();
    for _ in 0..VERDICTS {
        let before = desk(harness).look.place;
        keys(harness, Modifiers::NONE, Key::K);
        until(harness, "the next face", |harness| desk(harness).look.place != before);
    }
    let ms = harness.state().state.meter.update_ms(0.95);
    println!("{ms:.2} ms at 95 % with a verdict in every few frames");
    assert_eq!(desk(harness).open.as_ref().unwrap().counts.keep % VERDICTS, 0);
    ms
}
