//! Views, comparisons and zoom.

use super::*;

#[test]
fn each_view_has_its_button_and_its_key() {
    let mut harness = stand_in().open();
    for name in ["Photograph", "Input", "Reconstruction"] {
        press(&mut harness, name);
        assert!(canvas(&harness).starts_with(name) && is_on(&harness, Role::Button, name), "{name}");
    }
    for (key, name) in
        [(Key::Num4, "Edit"), (Key::Num3, "Reconstruction"), (Key::Num2, "Input"), (Key::Num1, "Photograph")]
    {
        keys(&mut harness, Modifiers::ALT, key);
        assert!(canvas(&harness).starts_with(name), "{name}");
    }
}

#[test]
fn a_split_is_put_on_moved_and_taken_off() {
    let mut harness = stand_in().open();
    press(&mut harness, "Split");
    assert!(is_on(&harness, Role::Button, "Split"));
    let line = rect(&harness, Role::Slider, "Split line").center();
    drag(&mut harness, line, line + vec2(80.0, 10.0));
    assert!(number(&harness, "Split line") > 55.0);
    press(&mut harness, "Split");
    assert!(!has(&harness, Role::Slider, "Split line"));
}

#[test]
fn split_and_difference_have_keys_and_take_turns() {
    let mut harness = stand_in().open();
    keys(&mut harness, CTRL, Key::B);
    assert!(has(&harness, Role::Slider, "Split line"));
    keys(&mut harness, CTRL, Key::D);
    assert!(is_on(&harness, Role::Button, "Difference") && !is_on(&harness, Role::Button, "Split"));
    assert!(!has(&harness, Role::Slider, "Split line"));
    keys(&mut harness, CTRL, Key::D);
    assert!(!is_on(&harness, Role::Button, "Difference"));
}

#[test]
fn a_photograph_is_not_compared() {
    let mut harness = stand_in().open();
    press(&mut harness, "Photograph");
    for name in ["Split", "Difference"] {
        assert!(is_disabled(&harness, Role::Button, name), "{name}");
    }
}

#[test]
fn keys_zoom_into_the_picture_and_leave_the_window_as_it_is() {
    let mut harness = stand_in().open();
    keys(&mut harness, CTRL, Key::Plus);
    assert_eq!(canvas(&harness), "Edited, zoom 125 %");
    keys(&mut harness, CTRL, Key::Minus);
    assert_eq!(canvas(&harness), "Edited, zoom 100 %");
    keys(&mut harness, CTRL, Key::Plus);
    keys(&mut harness, CTRL, Key::Num0);
    assert_eq!(canvas(&harness), "Edited, zoom 100 %");
    assert_eq!(harness.ctx.zoom_factor(), 1.0);
}

#[test]
fn another_view_shows_the_whole_picture() {
    let mut harness = stand_in().open();
    keys(&mut harness, CTRL, Key::Plus);
    press(&mut harness, "Input");
    assert_eq!(canvas(&harness), "Input, zoom 100 %");
}

#[test]
fn the_name_of_the_open_face_stands_above_it() {
    let mut harness = stand_in().open();
    press(&mut harness, "Sample 7");
    assert!(says(&harness, "Sample 7"));
}
