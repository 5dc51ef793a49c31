//! Whatever can be acted on has a name that a person understands, in every panel.

use std::collections::BTreeSet;

use eframe::egui::accessibility::is_input;
use eframe::egui::accesskit::Action;
use egui_kittest::kittest::AccessKitNode;

use super::*;

fn acts(node: &AccessKitNode) -> bool {
    let data = node.data();
    !node.is_hidden() && (data.supports_action(Action::Focus) || is_input(node.role()) && !data.is_read_only())
}

/// A sign alone is no name.
fn is_named(node: &AccessKitNode) -> bool {
    let name = if node.role() == Role::Label { node.value() } else { node.label() };
    name.is_some_and(|name| name.chars().any(char::is_alphanumeric))
}

#[track_caller]
fn assert_named(harness: &Driven, place: &str) {
    let nodes: Vec<_> = harness.root().children_recursive().map(|node| node.accesskit_node()).collect();
    let unnamed: Vec<_> = nodes
        .iter()
        .filter(|node| acts(node) && !is_named(node))
        .map(|node| format!("{:?} called {:?} at {:?}", node.role(), node.label(), node.raw_bounds()))
        .collect();
    assert!(unnamed.is_empty(), "without a name in {place}:\n{}", unnamed.join("\n"));
    let count = nodes.iter().filter(|node| acts(node)).count();
    assert!(count > 3, "only {count} things to act on in {place}");
}

/// Everything of the inspector that can be opened, opened.
fn unfolded() -> Driven {
    let mut harness = stand_in().open();
    press(&mut harness, "Happy");
    for part in ["expression", "identity", "style"] {
        let drawer = format!("All 32 numbers of {part}");
        press_by(&mut harness, By::new().role(Role::Button).label_contains(&drawer));
    }
    harness
}

#[test]
fn in_the_edit_panel() {
    let mut harness = unfolded();
    assert_named(&harness, "the edit panel");
    press(&mut harness, "Split");
    assert_named(&harness, "a split");
    press(&mut harness, "Lock identity");
    assert_named(&harness, "a locked part");
}

#[test]
fn sliders_are_told_apart_by_their_names() {
    let harness = unfolded();
    let sliders = harness.query_all_by_role(Role::Slider).map(|node| node.accesskit_node().label().unwrap());
    let (mut names, mut count) = (BTreeSet::new(), 0);
    for name in sliders {
        assert!(names.insert(name.clone()), "two sliders are called {name}");
        count += 1;
    }
    // Three angles, the pad and its handle, a strength, and of three parts 6 axes and 32 numbers each.
    assert_eq!(count, 3 + 2 + 1 + 3 * (6 + 32));
}

#[test]
fn in_every_drawer() {
    let mut harness = stand_in().open();
    for (modifiers, key, place) in
        [(CTRL, Key::Comma, "the settings"), (CTRL, Key::L, "the log"), (Modifiers::NONE, Key::F1, "the help")]
    {
        keys(&mut harness, modifiers, key);
        harness.step();
        assert_named(&harness, place);
    }
}

#[test]
fn in_the_palette_and_every_menu() {
    let mut harness = stand_in().open();
    keys(&mut harness, CTRL, Key::K);
    harness.run_steps(3);
    assert_named(&harness, "the palette");
    keys(&mut harness, Modifiers::NONE, Key::Escape);
    for menu in ["File menu", "View menu", "Transfer menu", "Gallery menu", "Labels menu", "Evaluation menu"] {
        press(&mut harness, menu);
        harness.run_steps(2);
        assert_named(&harness, menu);
        keys(&mut harness, Modifiers::NONE, Key::Escape);
    }
    harness.get_by_role_and_label(Role::Button, "Sample 8").click_secondary();
    harness.run_steps(3);
    assert_named(&harness, "the menu of a face");
}

#[test]
fn in_the_row_that_asks_and_in_the_bar() {
    let mut harness = stand_in().open();
    open_path(&mut harness, Path::new("/no/such/face.png"));
    until(&mut harness, "the bar", |harness| says(harness, "There is no such file"));
    keys(&mut harness, CTRL, Key::S);
    harness.run_steps(2);
    assert_named(&harness, "the row and the bar");
}

#[test]
fn while_a_face_is_marked() {
    let folder = tempfile::tempdir().unwrap();
    let mut harness = stand_in().open();
    open_to_mark(&mut harness, &photograph_file(folder.path(), "photograph.png"));
    assert_named(&harness, "the marking");
}

#[test]
fn on_a_photograph_of_several() {
    let folder = tempfile::tempdir().unwrap();
    let mut harness = photographs::open(stand_in(), folder.path(), "three.png", album::three());
    assert_named(&harness, "the boxes");
    press(&mut harness, "Whole photograph");
    photographs::until_pasted(&mut harness);
    assert_named(&harness, "the pasted photograph");
}

#[test]
fn in_the_demonstration() {
    let mut harness = stand_in().open();
    keys(&mut harness, Modifiers::NONE, Key::F5);
    until(&mut harness, "the controls", |harness| has(harness, Role::Slider, "Turn"));
    assert_named(&harness, "the demonstration");
}

#[test]
fn in_the_train_panel() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = train::train_panel(home.path());
    press_by(&mut harness, By::new().role(Role::CheckBox).label("Own batch size"));
    harness.input_mut().dropped_files.push(Arc::new(opening::Dropped(home.path().to_owned())));
    harness.run_steps(2);
    assert_named(&harness, "the choices of a training");
    let run = train::fake::FakeRun::with_numbers(&train::run_path(home.path(), "tiny-1"));
    keys(&mut harness, CTRL, Key::Num1);
    keys(&mut harness, CTRL, Key::Num6);
    train::look_at(&mut harness, "tiny-1");
    until(&mut harness, "the pictures", |harness| has(harness, Role::Image, "Pictures of step 1,200"));
    press(&mut harness, "Stop and discard…");
    assert_named(&harness, "a training");
    drop(run);
    until(&mut harness, "the end", |harness| !has(harness, Role::Button, "Pause"));
    press(&mut harness, "All runs");
    assert_named(&harness, "the list of runs");
}

#[test]
fn in_the_transfer_panel() {
    let mut harness = transfer::opened_in(stand_in());
    assert_named(&harness, "the empty board");
    transfer::put(&mut harness, &["Sample 8", "Sample 9"], &["Sample 10"]);
    transfer::until_drawn(&mut harness);
    assert_named(&harness, "the board");
    harness.get_by_role_and_label(Role::Button, "Sample 8 in the sources").click_secondary();
    harness.run_steps(3);
    assert_named(&harness, "the menu of a source");
    keys(&mut harness, Modifiers::NONE, Key::Escape);
    press_by(&mut harness, By::new().role(Role::CheckBox).label("Mix the sources"));
    transfer::until_drawn(&mut harness);
    press(&mut harness, "All except…");
    harness.run_steps(2);
    assert_named(&harness, "a mix and the menu of parts");
}

#[test]
fn in_the_gallery_panel() {
    let home = tempfile::tempdir().unwrap();
    assert_named(&gallery::opened_in(stand_in()), "the empty gallery");
    let mut harness = gallery::with_crowd(home.path());
    assert_named(&harness, "the gallery");
    harness.get_by_role_and_label(Role::Button, "anna-0.png").click_secondary();
    harness.run_steps(3);
    assert_named(&harness, "the menu of a hit");
    press(&mut harness, "Query by this");
    gallery::until_found(&mut harness);
    press(&mut harness, "Query by the open face");
    gallery::until_found(&mut harness);
    assert_named(&harness, "what was found");
    for (tab, seen) in [("People", "groups"), ("Map", "widest directions"), ("Duplicates", "nearly the same")] {
        press(&mut harness, tab);
        until(&mut harness, tab, |harness| says(harness, seen));
        gallery::until_found(&mut harness);
        assert_named(&harness, tab);
    }
    press(&mut harness, "People");
    until(&mut harness, "the groups", |harness| has(harness, Role::Button, "Look at Group 1"));
    press(&mut harness, "Look at Group 1");
    gallery::until_found(&mut harness);
    assert_named(&harness, "a group");
}

#[test]
fn in_the_labels_panel() {
    let home = tempfile::tempdir().unwrap();
    assert_named(&labels::opened_in(stand_in()), "the panel without an audit");
    let mut harness = labels::with_audit(home.path());
    assert_named(&harness, "the audit");
    for tab in ["Confusion", "Shortcuts"] {
        press(&mut harness, tab);
        assert_named(&harness, tab);
    }
    press(&mut harness, "Export the log…");
    assert_named(&harness, "the row that asks where");
    keys(&mut harness, Modifiers::NONE, Key::Escape);
    press_by(&mut harness, By::new().role(Role::ComboBox).label("Verdict"));
    harness.run_steps(2);
    assert_named(&harness, "the verdicts to choose from");
}

#[test]
fn in_the_evaluate_panel() {
    let home = tempfile::tempdir().unwrap();
    assert_named(&evaluate::opened_in(stand_in()), "the panel without a report");
    let mut harness = evaluate::with_report(home.path());
    evaluate::add_data(&mut harness, &evaluate::measured::set(&home.path().join("album")));
    assert_named(&harness, "the overview");
    for part in ["Reconstruction", "Verification", "Identity kept, not measured"] {
        press(&mut harness, part);
        evaluate::until_open(&mut harness);
        assert_named(&harness, part);
    }
    press(&mut harness, "Compare with…");
    assert_named(&harness, "the row that asks for another report");
    let other = evaluate::reports::write(&home.path().join("other"), 0.85);
    answer(&mut harness, "Folder of the other report", &other.display().to_string());
    until(&mut harness, "the comparison", |harness| has(harness, Role::Button, "Comparison"));
    harness.run_steps(2);
    assert_named(&harness, "the comparison");
}

#[test]
fn without_a_face() {
    let harness = tray::emptied(stand_in().open());
    assert_named(&harness, "the empty tray");
}

#[test]
fn before_the_networks_are_there() {
    let harness = stand_in().begin();
    assert_named(&harness, "the first frames");
}

#[test]
fn in_a_narrow_window() {
    let mut harness = stand_in().sized(vec2(900.0, 600.0)).open();
    assert_named(&harness, "the narrow window");
    press(&mut harness, "Show the sliders");
    assert_named(&harness, "the drawer");
}
