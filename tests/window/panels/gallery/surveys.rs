//! The whole of an index: its map, what it holds twice, and its codes in a file.

use facespace::app::gallery::map::MapLook;

use super::*;

fn look(harness: &Driven) -> MapLook {
    harness.state().state.gallery.map.look
}

#[track_caller]
fn until_map(harness: &mut Driven, part: &str) {
    let name = format!("Map of {part}");
    until(harness, &name, |harness| has(harness, Role::Canvas, &name));
    harness.run_steps(2);
}

#[test]
fn the_map_is_drawn_by_any_part() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_crowd(home.path());
    press(&mut harness, "Map");
    until_map(&mut harness, "identity");
    assert!(is_on(&harness, Role::Button, "Map by identity") && says(&harness, "its two widest directions"));
    for part in ["pose", "expression", "style"] {
        press(&mut harness, &format!("Map by {part}"));
        until_map(&mut harness, part);
        assert!(is_on(&harness, Role::Button, &format!("Map by {part}")), "{part}");
    }
    until_found(&mut harness);
    assert!(has(&harness, Role::Button, "emil-3.png"), "few faces are shown themselves");
}

#[test]
fn the_map_is_zoomed_moved_and_shown_whole_again() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_crowd(home.path());
    press(&mut harness, "Map");
    until_map(&mut harness, "identity");
    assert!(is_disabled(&harness, Role::Button, "Show the whole map"));
    focus(&mut harness, Role::Canvas, "Map of identity");
    for key in [Key::Plus, Key::Plus, Key::ArrowRight] {
        keys(&mut harness, Modifiers::NONE, key);
    }
    assert!(look(&harness).zoom > 1.3 && look(&harness).centre[0] > 0.0, "{:?}", look(&harness));
    press(&mut harness, "Show the whole map");
    harness.step();
    assert_eq!(look(&harness), MapLook::default());
}

#[test]
fn a_face_of_the_map_is_opened() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_crowd(home.path());
    press(&mut harness, "Map");
    until_map(&mut harness, "identity");
    until_found(&mut harness);
    press(&mut harness, "emil-3.png");
    until(&mut harness, "the editor", |harness| has(harness, Role::Slider, "Yaw"));
    // Faces may lie on each other; the one in front was hit.
    let name = harness.state().state.open_face().unwrap().record.name.clone();
    assert!(crowd::PEOPLE.iter().any(|person| name.starts_with(person)), "{name}");
}

#[test]
fn many_faces_are_points_that_tell_who_they_are() {
    let home = tempfile::tempdir().unwrap();
    crowd::large(&crowd_folder(home.path()), 300);
    let mut harness = gallery_panel(home.path());
    open_index(&mut harness, &crowd_folder(home.path()));
    until_found(&mut harness);
    press(&mut harness, "Map");
    until_map(&mut harness, "identity");
    let plane = rect(&harness, Role::Canvas, "Map of identity");
    let drawn = harness.state().state.gallery.map.drawn.clone().expect("the map is drawn");
    // As far from the middle as on the map, which leaves a margin.
    let [x, y] = drawn.points[7];
    let at = plane.center() + (plane.size().min_elem() / 2.0 - 10.0) * vec2(x, -y);
    harness.hover_at(at);
    harness.run_steps(3);
    let in_sight = harness.state().state.gallery.shelf.in_sight().to_vec();
    assert_eq!(in_sight.len(), 1, "the point under the pointer");
    until_found(&mut harness);
    harness.drag_at(at);
    harness.step();
    let_go(&mut harness, at);
    until(&mut harness, "the bar", |harness| says(harness, "The picture is no longer there"));
}

#[test]
fn what_is_there_twice_is_listed() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_crowd(home.path());
    press(&mut harness, "Duplicates");
    until(&mut harness, "the list", |harness| says(harness, "One lot of faces that are nearly the same"));
    until_found(&mut harness);
    assert!(has(&harness, Role::Button, "anna-0.png") && has(&harness, Role::Button, crowd::COPY));
    assert!(!has(&harness, Role::Button, "anna-1.png"));
}

#[test]
fn codes_are_exported_by_the_ending_of_the_file() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_crowd(home.path());
    for name in ["codes.csv", "codes.parquet", "numbers.npy"] {
        let path = home.path().join(name);
        press(&mut harness, "Export codes…");
        answer(&mut harness, "Export the codes as", &path.display().to_string());
        until(&mut harness, name, |_| path.exists());
        until(&mut harness, "the word", |harness| last_said(harness, "The codes of 21 faces are exported"));
    }
    let csv = fs::read_to_string(home.path().join("codes.csv")).unwrap();
    assert_eq!(csv.lines().count(), FACES + 1);
    press(&mut harness, "Export codes…");
    answer(&mut harness, "Export the codes as", &home.path().join("codes.doc").display().to_string());
    until(&mut harness, "the bar", |harness| says(harness, "Codes are exported as .parquet, .csv or .npy"));
}

#[test]
fn the_old_map_stays_until_the_new_one_is_there() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_crowd(home.path());
    press(&mut harness, "Map");
    until_map(&mut harness, "identity");
    harness.get_by_role_and_label(Role::Button, "Map by pose").click();
    until(&mut harness, "the new map", |harness| {
        let old = has(harness, Role::Canvas, "Map of identity");
        let new = has(harness, Role::Canvas, "Map of pose");
        assert!(old || new, "there is no map");
        new
    });
}
