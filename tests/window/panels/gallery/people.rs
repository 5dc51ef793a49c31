//! People: faces grouped by identity, and what a hand says about the groups.

use super::*;

/// The index of the crowd with its faces in groups.
#[track_caller]
fn with_people(home: &Path) -> Driven {
    let mut harness = with_crowd(home);
    press(&mut harness, "People");
    until_groups(&mut harness, 5);
    harness
}

#[track_caller]
fn until_groups(harness: &mut Driven, count: usize) {
    until(harness, &format!("{count} groups"), |harness| {
        let people = &harness.state().state.gallery.people;
        !people.is_busy() && people.groups().len() == count
    });
    harness.run_steps(2);
    if harness.state().state.gallery.people.looked_at.is_none() {
        assert!(says(harness, &format!("{count} groups")));
    }
    until_found(harness);
}

#[track_caller]
fn name_group(harness: &mut Driven, field: &str, name: &str) {
    press_by(harness, By::new().role(Role::TextInput).label(field));
    type_over(harness, field, name);
    keys(harness, Modifiers::NONE, Key::Enter);
    harness.step();
}

#[test]
fn faces_are_grouped_by_person_the_largest_first() {
    let home = tempfile::tempdir().unwrap();
    let harness = with_people(home.path());
    assert!(says(&harness, "5 faces") && says(&harness, "4 faces"));
    for group in 1..=5 {
        assert!(has(&harness, Role::Button, &format!("Look at Group {group}")), "{group}");
        assert!(has(&harness, Role::TextInput, &format!("Name of group {group}")), "{group}");
    }
    assert!(has(&harness, Role::Button, crowd::COPY), "its examples are shown");
}

#[test]
fn the_threshold_makes_more_and_smaller_groups() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_people(home.path());
    type_number(&mut harness, "Threshold", "0.95");
    until(&mut harness, "more groups", |harness| {
        let people = &harness.state().state.gallery.people;
        !people.is_busy() && people.groups().len() > 5
    });
    harness.run_steps(2);
    let count = harness.state().state.gallery.people.groups().len();
    assert!(says(&harness, &format!("{count} groups")));
}

#[test]
fn a_group_is_named_and_the_name_is_a_filter() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_people(home.path());
    name_group(&mut harness, "Name of group 1", "Anna");
    until(&mut harness, "the name", |harness| has(harness, Role::Button, "Look at Anna"));
    assert!(last_said(&harness, "5 faces were named Anna"));
    press(&mut harness, "Faces");
    press_by(&mut harness, By::new().role(Role::TextInput).label("Person"));
    type_over(&mut harness, "Person", "ann");
    until_found(&mut harness);
    assert!(says(&harness, "5 of 21 faces meet the conditions"));
    press(&mut harness, "People");
    press(&mut harness, "Undo");
    until(&mut harness, "the old name", |harness| has(harness, Role::Button, "Look at Group 1"));
    assert!(!has(&harness, Role::Button, "Look at Anna"));
}

#[test]
fn a_name_stays_after_a_start() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_people(home.path());
    name_group(&mut harness, "Name of group 1", "Anna");
    until(&mut harness, "the name", |harness| has(harness, Role::Button, "Look at Anna"));
    close(harness);
    let mut harness = gallery_panel(home.path());
    until_found(&mut harness);
    press(&mut harness, "People");
    until(&mut harness, "the name", |harness| has(harness, Role::Button, "Look at Anna"));
}

#[test]
fn two_groups_become_one_and_undo_parts_them() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_people(home.path());
    press(&mut harness, "Look at Group 2");
    press(&mut harness, "Merge with…");
    harness.step();
    press(&mut harness, "Group 3, 4 faces");
    until_groups(&mut harness, 4);
    assert!(says(&harness, "8 faces"), "the merged group is looked at");
    press(&mut harness, "Undo");
    until_groups(&mut harness, 5);
    press(&mut harness, "All groups");
    harness.step();
    assert!(has(&harness, Role::Button, "Look at Group 5"));
}

#[test]
fn faces_are_split_off_and_stay_apart() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_people(home.path());
    press(&mut harness, "Look at Group 1");
    until_found(&mut harness);
    assert!(is_disabled(&harness, Role::Button, "Split off"));
    for name in ["anna-0.png", crowd::COPY] {
        press(&mut harness, name);
        assert!(is_on(&harness, Role::Button, name), "{name}");
    }
    assert!(says(&harness, "2 chosen"));
    press(&mut harness, "Split off");
    until_groups(&mut harness, 6);
    if !has(&harness, Role::Slider, "Threshold") {
        press(&mut harness, "All groups");
        harness.step();
    }
    let groups = harness.state().state.gallery.people.groups();
    let sizes: Vec<usize> = groups.iter().map(|group| group.members.len()).collect();
    assert_eq!(sizes, [4, 4, 4, 4, 3, 2]);
    press(&mut harness, "Undo");
    until_groups(&mut harness, 5);
}

#[test]
fn escape_in_a_name_puts_the_old_one_back() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_people(home.path());
    press_by(&mut harness, By::new().role(Role::TextInput).label("Name of group 1"));
    type_over(&mut harness, "Name of group 1", "Anna");
    keys(&mut harness, Modifiers::NONE, Key::Escape);
    harness.run_steps(3);
    assert!(has(&harness, Role::Button, "Look at Group 1"));
    assert!(!last_said(&harness, "5 faces named Anna"));
}

#[test]
fn undo_among_people_is_theirs_and_leaves_edits_alone() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_crowd(home.path());
    keys(&mut harness, CTRL, Key::Num1);
    type_number(&mut harness, "Yaw", "20");
    settle(&mut harness);
    let before = steps(&harness);
    keys(&mut harness, CTRL, Key::Num3);
    press(&mut harness, "People");
    until_groups(&mut harness, 5);
    name_group(&mut harness, "Name of group 1", "Anna");
    until(&mut harness, "the name", |harness| has(harness, Role::Button, "Look at Anna"));
    keys(&mut harness, CTRL, Key::Z);
    until(&mut harness, "the old name", |harness| has(harness, Role::Button, "Look at Group 1"));
    assert_eq!(steps(&harness), before);
}
