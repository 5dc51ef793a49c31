//! A hundred thousand faces scrolled from the first to the last: how long the window takes for a frame, and what it keeps
//! in memory. A second process does it, so that no other test is counted.

use facespace::app::meter::memory_mb;

use super::super::scrolled::{FRAMES, assert_capped, assert_in_time, scroll};
use super::*;

/// Names the folder of the index to the second process.
const TARGET: &str = "FACESPACE_TEST_SCROLLED";
const MANY: usize = 100_000;

#[test]
fn a_hundred_thousand_faces_are_scrolled_in_time_and_in_little_memory() {
    let home = tempfile::tempdir().unwrap();
    crowd::large(&crowd_folder(home.path()), MANY);
    assert_in_time("panels::gallery::scrolling::scrolls", TARGET, &crowd_folder(home.path()));
}

/// The second process: all asserts but the time.
#[test]
fn scrolls() {
    let Some(folder) = std::env::var_os(TARGET) else { return };
    let mut harness = opened_in(stand_in());
    open_index(&mut harness, Path::new(&folder));
    until_found(&mut harness);
    assert!(says(&harness, "All 100,000 faces"));
    let at = rect(&harness, Role::Button, "000010.jpg").center();
    harness.hover_at(at);
    harness.run_steps(3);
    let before = memory_mb();
    let end = end_of_list(&harness);
    let mut slowest = 0.0_f64;
    // Read line by line; then to the end; then back to the top.
    for points in [-150.0, -(end / FRAMES as f32) * 1.2, end / FRAMES as f32 * 1.3] {
        let ms = scroll(&mut harness, points);
        println!("{ms:.2} ms at 95 % with {points:.0} points a frame");
        slowest = slowest.max(ms);
        if points < -1000.0 {
            until_found(&mut harness);
            assert!(has(&harness, Role::Button, "099999.jpg"), "the last face is in sight");
            assert_eq!(harness.state().state.gallery.results.answer.as_ref().unwrap().hits.len(), MANY);
        }
    }
    until_found(&mut harness);
    assert!(has(&harness, Role::Button, "000000.jpg"), "the first face is in sight again");
    assert_capped(&harness, harness.state().state.gallery.shelf.len(), before);
    println!("slowest way {slowest:.3}");
}

/// How far down the last line begins, in points: eight faces a line or fewer.
fn end_of_list(harness: &Driven) -> f32 {
    let first = rect(harness, Role::Button, "000000.jpg");
    let second = rect(harness, Role::Button, "000001.jpg");
    let stride = second.left() - first.left();
    let columns = (1..20).find(|place| rect_of(harness, *place).is_none_or(|next| next.top() > first.top())).unwrap();
    (MANY / columns) as f32 * stride
}

fn rect_of(harness: &Driven, place: usize) -> Option<Rect> {
    let name = format!("{place:06}.jpg");
    harness.query_all_by_role_and_label(Role::Button, &name).next().map(|node| node.rect())
}
