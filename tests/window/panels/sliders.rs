//! Sliders dragged, typed, stepped and put back; the pad, the expressions, the axes and their numbers.

use eframe::egui::pos2;

use super::*;

/// The point of a slider's rail at this share of its way.
fn rail(harness: &Driven, name: &str, share: f32) -> Pos2 {
    let rect = rect(harness, Role::Slider, name);
    pos2(rect.left() + 7.0 + share * (rect.width() - 14.0), rect.center().y)
}

#[test]
fn a_dragged_slider_moves_in_the_same_frame_and_the_picture_follows() {
    let mut harness = stand_in().open();
    let before = shown(&harness);
    let (from, to) = (rail(&harness, "Yaw", 0.25), rail(&harness, "Yaw", 0.75));
    hold(&mut harness, from);
    assert_number(&harness, "Yaw", -30.0);
    until(&mut harness, "a picture under the hand", |harness| shown(harness) != before);
    move_to(&mut harness, from, to);
    assert_number(&harness, "Yaw", 30.0);
    assert_eq!(steps(&harness), 0, "the hand has not let go");
    let_go(&mut harness, to);
    settle(&mut harness);
    assert_eq!(steps(&harness), 1);
}

#[test]
fn a_drag_is_one_step_to_undo() {
    let mut harness = stand_in().open();
    let (from, to) = (rail(&harness, "Pitch", 0.5), rail(&harness, "Pitch", 0.8));
    drag(&mut harness, from, to);
    assert_eq!(steps(&harness), 1);
    press(&mut harness, "Undo");
    assert_eq!(steps(&harness), 0);
    assert_number(&harness, "Pitch", OWN.pitch_deg.into());
}

#[test]
fn a_typed_number_is_taken() {
    let mut harness = stand_in().open();
    for (text, expected) in [("-12.5", -12.5), ("7,25", 7.25), ("400", 60.0)] {
        type_number(&mut harness, "Yaw", text);
        assert_number(&harness, "Yaw", expected);
    }
    assert_eq!(steps(&harness), 3);
    let value = harness.get_by_label("Yaw value").value();
    assert_eq!(value.as_deref(), Some("60.0°"));
}

#[test]
fn a_double_click_returns_to_the_photographs_own() {
    let mut harness = stand_in().open();
    type_number(&mut harness, "Yaw", "-20");
    let at = rail(&harness, "Yaw", 0.8);
    double_click(&mut harness, at);
    assert_number(&harness, "Yaw", OWN.yaw_deg.into());
    assert!(is_disabled(&harness, Role::Button, "Reset pose"), "nothing is left of the change");
}

#[test]
fn arrows_step_and_shift_steps_finer() {
    let mut harness = stand_in().open();
    focus(&mut harness, Role::Slider, "Yaw");
    for (modifiers, key, expected) in [
        (Modifiers::NONE, Key::ArrowRight, 6.0),
        (Modifiers::SHIFT, Key::ArrowRight, 6.1),
        (Modifiers::NONE, Key::ArrowDown, 5.1),
    ] {
        keys(&mut harness, modifiers, key);
        assert_number(&harness, "Yaw", expected);
    }
    assert_eq!(steps(&harness), 3);
}

#[test]
fn the_head_is_turned_on_its_pad() {
    let mut harness = stand_in().open();
    let from = rect(&harness, Role::Slider, "Head pad").center();
    drag(&mut harness, from, from + vec2(50.0, -20.0));
    assert!(number(&harness, "Yaw") > 10.0 && number(&harness, "Pitch") > 0.0);
    assert_number(&harness, "Roll", OWN.roll_deg.into());
    assert_eq!(steps(&harness), 1);
    let handle = rect(&harness, Role::Slider, "Head roll").center();
    drag(&mut harness, handle, handle + vec2(8.0, 0.0));
    assert!(number(&harness, "Roll") > 8.0);
    assert_eq!(steps(&harness), 2);
}

#[test]
fn an_expression_is_put_on_changed_and_taken_off() {
    let mut harness = stand_in().open();
    press(&mut harness, "Happy");
    assert!(is_on(&harness, Role::Button, "Happy"));
    assert_number(&harness, "Happy strength", 1.0);
    type_number(&mut harness, "Happy strength", "0.5");
    assert_number(&harness, "Happy strength", 0.5);
    press(&mut harness, "Sad");
    assert!(!is_on(&harness, Role::Button, "Happy") && !has(&harness, Role::Slider, "Happy strength"));
    assert_number(&harness, "Sad strength", 1.0);
    press(&mut harness, "Sad");
    assert!(!has(&harness, Role::Slider, "Sad strength"));
    assert!(is_disabled(&harness, Role::Button, "Reset expression"));
}

#[test]
fn neutral_is_one_press_away() {
    let mut harness = stand_in().open();
    let before = shown(&harness);
    press(&mut harness, "Neutral");
    settle(&mut harness);
    assert_number(&harness, "Neutral strength", 1.0);
    assert!(shown(&harness) != before);
}

#[test]
fn a_small_face_of_an_axis_sets_it() {
    let mut harness = stand_in().open();
    let name = {
        let mut faces = harness.query_all(By::new().role(Role::Button).label_contains("Identity axis 2 at "));
        let last = faces.next_back().unwrap();
        assert_eq!(faces.count(), 4);
        last.accesskit_node().label().unwrap()
    };
    press(&mut harness, &name);
    let value = name.rsplit(' ').next().unwrap().parse().unwrap();
    assert_number(&harness, "Identity axis 2", value);
    assert_eq!(steps(&harness), 1);
}

#[test]
fn all_32_numbers_of_a_part_are_one_press_away() {
    let mut harness = stand_in().open();
    for part in ["Expression", "Identity", "Style"] {
        let drawer = format!("All 32 numbers of {}", part.to_lowercase());
        assert!(!has(&harness, Role::Slider, &format!("{part} number 0")));
        press_by(&mut harness, By::new().role(Role::Button).label_contains(&drawer));
        for place in 0..32 {
            assert!(has(&harness, Role::Slider, &format!("{part} number {place}")), "{part} {place}");
        }
        type_number(&mut harness, &format!("{part} number 31"), "0.25");
        assert_number(&harness, &format!("{part} number 31"), 0.25);
        press_by(&mut harness, By::new().role(Role::Button).label_contains(&drawer));
    }
    settle(&mut harness);
}

#[test]
fn a_section_folds() {
    let mut harness = stand_in().open();
    press(&mut harness, "Pose");
    assert!(!has(&harness, Role::Slider, "Yaw") && !has(&harness, Role::Slider, "Head pad"));
    press(&mut harness, "Pose");
    assert!(has(&harness, Role::Slider, "Yaw"));
}

#[test]
fn asked_against_achieved_is_told_when_the_hand_rests() {
    let mut harness = stand_in().open();
    type_number(&mut harness, "Yaw", "20");
    assert!(says(&harness, "Measured when the sliders rest"));
    settle(&mut harness);
    assert!(says(&harness, "Asked 20° ") && says(&harness, ", achieved 5° "));
    assert!(!says(&harness, "Pose drift not measured"));
}

#[test]
fn surprises_and_resets_go_part_by_part() {
    let mut harness = stand_in().open();
    let style = number(&harness, "Style axis 1");
    press(&mut harness, "Surprise me with identity");
    assert_number(&harness, "Style axis 1", style);
    assert!(!is_disabled(&harness, Role::Button, "Reset identity"));
    press(&mut harness, "Reset identity");
    assert!(is_disabled(&harness, Role::Button, "Reset identity"));
    press(&mut harness, "Surprise me");
    for part in ["pose", "expression", "identity", "style"] {
        assert!(!is_disabled(&harness, Role::Button, &format!("Reset {part}")), "{part}");
    }
    press(&mut harness, "Reset all");
    assert_number(&harness, "Style axis 1", style);
    assert_eq!(steps(&harness), 4);
}

#[test]
fn surprises_and_resets_have_keys() {
    let mut harness = stand_in().open();
    keys(&mut harness, CTRL, Key::J);
    assert!(!is_disabled(&harness, Role::Button, "Reset style"));
    keys(&mut harness, CTRL, Key::R);
    assert!(is_disabled(&harness, Role::Button, "Reset style"));
    assert_eq!(steps(&harness), 2);
}
