//! The faces whose labels are doubted, which of them are listed, and what stands beside them.

use super::*;

#[test]
fn the_most_doubtful_come_first_with_all_about_the_first_of_them() {
    let home = tempfile::tempdir().unwrap();
    let harness = with_audit(home.path());
    let order = listed(&harness);
    let mut first: Vec<usize> = order[..3].iter().map(|name| audited::number(name)).collect();
    first.sort_unstable();
    assert_eq!(first, audited::WRONG.map(|(number, _)| number));
    assert!(says(&harness, "All 60 labels; the most doubtful first, by self confidence"));
    for name in &order[..4] {
        assert!(has(&harness, Role::Button, &audited::row_named(name)), "{name}");
    }
    assert_eq!(looked_at(&harness), order[0]);
    assert!(is_on(&harness, Role::Button, &audited::row_named(&order[0])));
    let number = audited::number(&order[0]);
    let [given, shown] = [audited::given(number), audited::shown(number)];
    assert!(says(&harness, &format!("Given {given}")) && says(&harness, &format!("looks {shown}")));
    let counterfactuals = [given, shown].map(|label| format!("As {label}"));
    for picture in ["Input", "Reconstruction", counterfactuals[0].as_str(), counterfactuals[1].as_str()] {
        assert!(has(&harness, Role::Image, picture), "{picture}");
    }
    assert!(has(&harness, Role::Button, &format!("Relabel as {shown}")));
    for place in ["input", "reconstruction"] {
        let words = format!("Probability of {shown} in the {place}, ");
        let node = harness.get(By::new().role(Role::Label).label_contains(&words));
        let spoken = node.value().or(node.accesskit_node().label()).unwrap();
        let probability: f32 = spoken[words.len()..].parse().unwrap();
        assert!(probability > 0.5, "{spoken}");
    }
    assert!(says(&harness, "Valence ") && says(&harness, &format!("Person person {}", number / 2)));
    assert!(says(&harness, "Self confidence 0.") && says(&harness, "Disagreement 0.00"));
}

#[test]
fn keys_and_clicks_lead_through_the_list() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_audit(home.path());
    let order = listed(&harness);
    for (key, place) in [(Key::ArrowDown, 1), (Key::ArrowDown, 2), (Key::ArrowUp, 1), (Key::ArrowUp, 0)] {
        keys(&mut harness, Modifiers::NONE, key);
        assert_eq!(looked_at(&harness), order[place], "{key:?}");
    }
    keys(&mut harness, Modifiers::NONE, Key::ArrowUp);
    assert_eq!(looked_at(&harness), order[0], "there is nothing above");
    press(&mut harness, &audited::row_named(&order[4]));
    until_listed(&mut harness);
    assert_eq!(looked_at(&harness), order[4]);
    // Further than what is in sight: the list follows.
    for _ in 0..30 {
        keys(&mut harness, Modifiers::NONE, Key::ArrowDown);
    }
    until_listed(&mut harness);
    assert_eq!(looked_at(&harness), order[34]);
    assert!(has(&harness, Role::Button, &audited::row_named(&order[34])), "it is in sight");
    assert!(!has(&harness, Role::Button, &audited::row_named(&order[0])));
    keys(&mut harness, Modifiers::NONE, Key::Enter);
    assert_eq!(looked_at(&harness), order[35], "the next one without a verdict");
}

#[test]
fn other_scores_rank_otherwise() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_audit(home.path());
    for (score, said) in [("Neighbours", "by neighbours"), ("Mood", "by mood"), ("Margin", "by margin")] {
        choose(&mut harness, "Ranked by", score);
        assert!(says(&harness, &format!("All 60 labels; the most doubtful first, {said}")), "{score}");
        assert_eq!(listed(&harness).len(), audited::FACES);
    }
}

#[test]
fn filters_keep_to_labels_verdicts_names_and_the_budget() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_audit(home.path());
    choose(&mut harness, "Given", "Happy, 25");
    assert!(says(&harness, "25 of 60 labels, given happy"));
    choose(&mut harness, "Predicted", "Sad");
    assert_eq!(listed(&harness), [audited::name(24)]);
    assert!(says(&harness, "1 of 60 labels, given happy, looking sad"));
    assert_eq!(looked_at(&harness), audited::name(24), "the face before is on the list no more");
    press(&mut harness, "All faces");
    until_listed(&mut harness);
    assert_eq!(listed(&harness).len(), audited::FACES);

    type_name(&mut harness, "ALBUM/1");
    let expected: Vec<String> = (10..20).map(audited::name).collect();
    let mut names = listed(&harness);
    names.sort();
    assert_eq!(names, expected);
    type_name(&mut harness, "nothing is called so");
    assert!(says(&harness, "No face meets the conditions; widen them in the filters"));
    press(&mut harness, "All faces");
    until_listed(&mut harness);

    press_by(&mut harness, By::new().role(Role::CheckBox).label("Within the budget"));
    until_listed(&mut harness);
    assert_eq!(listed(&harness).len(), audited::BUDGET);
    assert!(says(&harness, "6 of 60 labels, within the budget; the most doubtful first"));
    choose(&mut harness, "Verdict", "Kept");
    assert!(says(&harness, "No face meets the conditions"));
    choose(&mut harness, "Verdict", "None yet");
    assert_eq!(listed(&harness).len(), audited::BUDGET);
}

#[test]
fn a_press_on_the_confusion_lists_the_faces_of_a_cell() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_audit(home.path());
    press(&mut harness, "Confusion");
    harness.step();
    for cell in ["24 given happy look happy", "23 given happy look happy", "11 given neutral look neutral"] {
        // Of 24 that show happiness one is labelled otherwise.
        assert_eq!(has(&harness, Role::Button, cell), !cell.starts_with("24"), "{cell}");
    }
    assert!(is_disabled(&harness, Role::Button, "0 given fear look anger"));
    press(&mut harness, "1 given happy look neutral");
    until_listed(&mut harness);
    assert_eq!(listed(&harness), [audited::name(48)]);
    assert!(is_on(&harness, Role::Button, "1 given happy look neutral"));
    assert!(has(&harness, Role::Button, "1 given sad look happy"), "the others are counted all the same");
    press(&mut harness, "1 given happy look neutral");
    until_listed(&mut harness);
    assert_eq!(listed(&harness).len(), audited::FACES);
}

#[test]
fn shortcuts_say_what_else_tells_the_labels() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_audit(home.path());
    command(&mut harness, "shortcuts of the audit");
    harness.step();
    for name in ["Expression, ", "Pose alone, ", "Identity alone, ", "Style alone, ", "All but expression, "] {
        assert!(says(&harness, name), "{name}");
    }
    assert!(says(&harness, "A shortcut is another way to guess the label than by the expression"));
    press(&mut harness, "Face");
    assert!(has(&harness, Role::Button, "Keep"));
}

#[test]
fn a_neighbour_is_looked_at_by_a_click() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_audit(home.path());
    let desk = desk(&harness);
    let (_, row) = desk.looked_at().unwrap();
    let card = desk.look.known(row.face).unwrap().card.clone().unwrap();
    assert_eq!(card.neighbours.len(), 8);
    let neighbour = &card.neighbours[0];
    let number = audited::number(&neighbour.name);
    assert_eq!(audited::shown(number), card.predicted, "those that show the same are near");
    press(&mut harness, &format!("{}, {}, {:.2}", neighbour.name, neighbour.given, neighbour.likeness));
    until_listed(&mut harness);
    assert_eq!(looked_at(&harness), neighbour.name);
}

#[test]
fn a_face_is_edited_and_comes_into_the_tray_once() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_audit(home.path());
    let name = looked_at(&harness).replace("album/", "");
    let in_tray = |harness: &Driven| harness.state().state.faces.iter().filter(|face| face.record.name == name).count();
    for _ in 0..2 {
        press(&mut harness, "Edit this face");
        until(&mut harness, "the editor", |harness| has(harness, Role::Slider, "Yaw"));
        settle(&mut harness);
        assert_eq!((opened(&harness), in_tray(&harness)), (name.clone(), 1));
        keys(&mut harness, CTRL, Key::Num4);
        until_listed(&mut harness);
    }
}

#[test]
fn terms_are_explained_where_the_pointer_rests() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_audit(home.path());
    let given = audited::given(audited::number(&looked_at(&harness)));
    for (role, name, words) in [
        (Role::Image, format!("As {given}"), "A counterfactual: the same face"),
        (Role::Label, "Neighbours".to_owned(), "The faces of other people whose expressions are most like this one"),
        (Role::Label, "Quality".to_owned(), "How right the label looks, 0 to 1"),
        (Role::Button, "Ambiguous".to_owned(), "No label fits, or several do"),
    ] {
        let at = rect(&harness, role, &name).center();
        harness.hover_at(at);
        until(&mut harness, words, |harness| says(harness, words));
        harness.remove_cursor();
        harness.run_steps(3);
    }
}
