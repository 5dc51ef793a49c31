//! What is looked for: faces and their weights, what each part counts, and which faces are meant.

use super::*;

/// Looks for a face of the index.
#[track_caller]
fn query_by(harness: &mut Driven, tile: &str) {
    tray::choose(harness, tile, "Query by this");
    until(harness, "the query", |harness| !harness.state().state.gallery.query.is_empty());
    until_found(harness);
}

/// Everybody's first tiles, in the order of the grid.
#[track_caller]
fn assert_first(harness: &Driven, names: &[&str]) {
    let found = found(harness);
    assert_eq!(&found[..names.len()], names);
}

#[test]
fn the_same_person_comes_first_with_scores() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_crowd(home.path());
    assert!(says(&harness, "Nobody is looked for yet, so the whole collection is shown."));
    query_by(&mut harness, "anna-0.png");
    assert_first(&harness, &["anna-0.png", crowd::COPY, "anna-1.png", "anna-2.png", "anna-3.png"]);
    let tiles = ["anna-0.png, 1.00", "anna-1.png, 0.97", "anna-2.png, 0.89", "anna-3.png, 0.80"];
    let lefts = tiles.map(|tile| rect(&harness, Role::Button, tile).left());
    assert!(lefts.is_sorted(), "{lefts:?}");
    assert!(says(&harness, "All 21 faces, the best first, in"));
    press(&mut harness, "Remove anna-0.png from the query");
    until_found(&mut harness);
    assert!(has(&harness, Role::Button, "anna-1.png") && says(&harness, "in the order in which they were found"));
}

#[test]
fn a_row_a_part_shows_the_best_of_that_part_alone() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_crowd(home.path());
    query_by(&mut harness, "anna-0.png");
    for tile in
        ["anna-0.png, pose 1.00", "anna-3.png, identity 0.80", "emil-0.png, expression 0.98", "anna-0.png, style 1.00"]
    {
        assert!(has(&harness, Role::Button, tile), "{tile}");
    }
    let tops = ["pose", "identity", "expression", "style"]
        .map(|part| rect(&harness, Role::Button, &format!("anna-0.png, {part} 1.00")).top());
    assert!(tops.is_sorted() && tops[0] < tops[3], "{tops:?}");
    press(&mut harness, "By each part alone");
    assert!(!has(&harness, Role::Button, "anna-0.png, pose 1.00") && has(&harness, Role::Button, "anna-0.png, 1.00"));
}

#[test]
fn presets_and_weights_say_what_counts() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_crowd(home.path());
    query_by(&mut harness, "anna-0.png");
    press(&mut harness, "Same expression, another person");
    until_found(&mut harness);
    assert_first(&harness, &["ben-0.png", "carla-0.png", "dora-0.png", "emil-0.png", "anna-0.png"]);
    assert!(has(&harness, Role::Button, "ben-0.png, 0.67") && has(&harness, Role::Button, "anna-0.png, 0.33"));
    assert_number(&harness, "Weight of identity", -0.5);
    press(&mut harness, "Same pose");
    until_found(&mut harness);
    assert_first(&harness, &["anna-0.png", crowd::COPY, "ben-0.png"]);
    type_number(&mut harness, "Weight of pose", "-1");
    until_found(&mut harness);
    assert_first(&harness, &["emil-3.png"]);
}

#[test]
fn nothing_counts_and_that_is_told_while_the_faces_stay() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_crowd(home.path());
    query_by(&mut harness, "anna-0.png");
    type_number(&mut harness, "Weight of identity", "0");
    until(&mut harness, "the sentence", |harness| says(harness, "All parts have the weight 0"));
    assert!(has(&harness, Role::Button, "anna-1.png, 0.97"), "what was found before stays");
    press(&mut harness, "Same person");
    until_found(&mut harness);
    assert!(!says(&harness, "All parts have the weight 0"));
}

#[test]
fn several_faces_are_looked_for_by_weight() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_crowd(home.path());
    query_by(&mut harness, "anna-0.png");
    assert!(!has(&harness, Role::Slider, "Weight of anna-0.png"), "one alone has none");
    tray::choose(&mut harness, "ben-0.png, 0.00", "Add to the query");
    until(&mut harness, "the second", |harness| has(harness, Role::Slider, "Weight of ben-0.png"));
    until_found(&mut harness);
    assert!(has(&harness, Role::Button, "ben-0.png, 0.71") && has(&harness, Role::Button, "anna-0.png, 0.71"));
    type_number(&mut harness, "Weight of ben-0.png", "25");
    until_found(&mut harness);
    assert!(has(&harness, Role::Button, "ben-0.png, 0.24") && has(&harness, Role::Button, "anna-0.png, 0.97"));
    press(&mut harness, "Clear the query");
    until_found(&mut harness);
    assert!(says(&harness, "Nobody is looked for yet") && has(&harness, Role::Button, "anna-0.png"));
}

#[test]
fn the_open_face_and_its_edit_are_looked_for() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_crowd(home.path());
    press(&mut harness, "Query by the open face");
    until_found(&mut harness);
    assert!(has(&harness, Role::Button, "Remove Sample 3 from the query"));
    press(&mut harness, "Query by the edit");
    press(&mut harness, "Same pose");
    until_found(&mut harness);
    assert!(has(&harness, Role::Button, "Remove Sample 3, edited from the query"));
    assert!(!has(&harness, Role::Button, "Remove Sample 3 from the query"));
    // The stand-in's own pose lies between the second and the third of everybody.
    let before = found(&harness).swap_remove(0);
    keys(&mut harness, CTRL, Key::Num1);
    type_number(&mut harness, "Yaw", "25");
    keys(&mut harness, CTRL, Key::Num3);
    until_found(&mut harness);
    assert_first(&harness, &["anna-3.png"]);
    assert_ne!(before, "anna-3.png");
}

#[test]
fn a_face_of_the_tray_is_dragged_onto_the_query_or_put_with_enter() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_crowd(home.path());
    let (from, to) = (rect(&harness, Role::Button, "Sample 8"), rect(&harness, Role::Button, "Query"));
    drag(&mut harness, from.center(), to.center());
    until_found(&mut harness);
    assert!(has(&harness, Role::Button, "Remove Sample 8 from the query"));
    focus(&mut harness, Role::Button, "Sample 9");
    keys(&mut harness, Modifiers::NONE, Key::Enter);
    focus(&mut harness, Role::Button, "Query");
    keys(&mut harness, Modifiers::NONE, Key::Enter);
    until_found(&mut harness);
    assert!(has(&harness, Role::Button, "Remove Sample 9 from the query"));
    assert!(has(&harness, Role::Slider, "Weight of Sample 8"));
    until(&mut harness, "both", |harness| {
        let question = harness.state().state.gallery.results.question();
        question.is_some_and(|question| question.faces.len() == 2)
    });
    assert_eq!(opened(&harness), "Sample 3");
}

#[test]
fn a_picture_that_is_dropped_is_looked_for() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_crowd(home.path());
    let path = crop_file(home.path(), "somebody.png", 40);
    harness.input_mut().dropped_files.push(Arc::new(opening::Dropped(path)));
    harness.step();
    until(&mut harness, "the query", |harness| has(harness, Role::Button, "Remove somebody.png from the query"));
    until_found(&mut harness);
    assert_eq!(in_tray(&harness, "somebody.png"), 1);
}

#[track_caller]
fn type_angle(harness: &mut Driven, field: &str, text: &str) {
    press_by(harness, By::new().label(field));
    harness.event(Event::Text(text.to_owned()));
    harness.run_steps(2);
    keys(harness, Modifiers::NONE, Key::Enter);
    until_found(harness);
}

#[test]
fn filters_keep_to_an_expression_and_a_range_of_angles() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_crowd(home.path());
    press_by(&mut harness, By::new().role(Role::ComboBox).label("Expression"));
    harness.step();
    press(&mut harness, "Happy, 5");
    until_found(&mut harness);
    assert!(says(&harness, "5 of 21 faces meet the conditions"));
    assert_eq!(found(&harness), crowd::PEOPLE.map(|person| format!("{person}-1.png")));
    press(&mut harness, "All faces");
    until_found(&mut harness);
    assert!(says(&harness, "All 21 faces"));
    // Pictures are turned by -20, -5, 10 and 25 degrees.
    type_angle(&mut harness, "Yaw from", "0");
    assert!(says(&harness, "10 of 21 faces meet the conditions"));
    type_angle(&mut harness, "Yaw to", "20");
    assert_eq!(found(&harness), crowd::PEOPLE.map(|person| format!("{person}-2.png")));
    type_angle(&mut harness, "Pitch from", "50");
    assert!(says(&harness, "No face meets the conditions; widen them in the query"));
}
