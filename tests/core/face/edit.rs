use facespace::face::edit::EDIT_VERSION;
use facespace::face::{AngleEdit, Edit, EditError, Expression, UnitPart};

use super::{basis, face, space};

#[test]
fn an_angle_is_absolute_or_added() {
    let mut edit = Edit::default();
    edit.pose.yaw = Some(AngleEdit::Set(20.0));
    edit.pose.pitch = Some(AngleEdit::Add(5.0));
    let own = face(1);
    let edited = edit.apply(&own, &space()).unwrap();
    assert_eq!(edited.pose.yaw_deg, 20.0);
    assert_eq!(edited.pose.pitch_deg, own.pose.pitch_deg + 5.0);
    assert_eq!(edited.pose.roll_deg, own.pose.roll_deg);
    assert_eq!(edited.identity, own.identity);
    edit.pose.pitch = Some(AngleEdit::Add(89.0));
    assert!(matches!(edit.apply(&own, &space()), Err(EditError::OutOfRange { .. })));
}

#[test]
fn a_class_is_the_way_along_the_sphere_to_its_mean() {
    let own = face(1);
    let mut edit = Edit::default();
    edit.expression.classes.insert(Expression::Happy, 0.8);
    let edited = edit.apply(&own, &space()).unwrap();
    let (before, after) = (own.expression.angle_deg(&basis(4)), edited.expression.angle_deg(&basis(4)));
    assert!((after / before - 0.2).abs() < 1e-3);
    edit.expression.classes.insert(Expression::Contempt, 0.1);
    let sentence = edit.apply(&own, &space()).unwrap_err().to_string();
    assert!(sentence.contains("contempt") && sentence.contains("neutral, happy"), "{sentence}");
}

#[test]
fn an_axis_moves_in_spreads() {
    let mut own = face(1);
    own.identity = basis(8);
    let mut edit = Edit::default();
    edit.identity.axes.insert(1, 2.0);
    let edited = edit.apply(&own, &space()).unwrap();
    // Two spreads of 0.5 along the first axis: half way between the two basis vectors.
    assert!((edited.identity.angle_deg(&basis(0)) - 45.0).abs() < 1e-3);
}

#[test]
fn a_raw_number_stays_where_it_was_put() {
    let own = face(1);
    let mut edit = Edit::default();
    edit.identity.axes.insert(2, 1.0);
    edit.identity.raw.insert(3, 0.4);
    edit.identity.raw.insert(9, -0.5);
    let edited = *edit.apply(&own, &space()).unwrap().identity.as_array();
    assert!((edited[3] - 0.4).abs() < 1e-6 && (edited[9] + 0.5).abs() < 1e-6);
    edit.identity.raw.clear();
    let free = *edit.apply(&own, &space()).unwrap().identity.as_array();
    assert!((edited[0] / edited[1] - free[0] / free[1]).abs() < 1e-4, "the others keep their proportions");
}

#[test]
fn raw_numbers_have_to_fit_on_the_sphere() {
    let mut edit = Edit::default();
    edit.style.raw.insert(0, 0.8);
    edit.style.raw.insert(1, 0.8);
    assert!(matches!(edit.apply(&face(1), &space()), Err(EditError::RawTooLong { part: UnitPart::Style, .. })));
    edit.style.raw.insert(0, 1.0);
    edit.style.raw.insert(1, 0.0);
    assert!(edit.apply(&face(1), &space()).unwrap().style.angle_deg(&basis(0)) < 0.05);
    let mut own = face(1);
    own.style = basis(0);
    edit.style.raw.clear();
    edit.style.raw.insert(0, 0.5);
    assert_eq!(edit.apply(&own, &space()), Err(EditError::RawLeavesNothing(UnitPart::Style)));
}

#[test]
fn changes_that_cancel_out_are_refused() {
    let mut own = face(1);
    own.identity = basis(0);
    let mut edit = Edit::default();
    edit.identity.axes.insert(1, -2.0);
    assert_eq!(edit.apply(&own, &space()), Err(EditError::TooShort(UnitPart::Identity)));
}

#[test]
fn an_edit_file_is_read_back_as_it_was_written() {
    let mut edit = Edit::default();
    edit.pose.roll = Some(AngleEdit::Add(-3.5));
    edit.expression.classes.insert(Expression::Surprise, 0.5);
    edit.identity.axes.insert(12, 0.25);
    edit.style.raw.insert(31, -0.125);
    let text = edit.to_json(None);
    assert!(text.contains("\"surprise\": 0.5") && text.contains("\"add_deg\": -3.5"), "{text}");
    assert_eq!(Edit::from_json(&text), Ok((edit, None)));
}

#[test]
fn a_bad_edit_file_gets_one_sentence() {
    let file = |edit: &str| format!(r#"{{"format": "facespace edit", "version": 1, "edit": {edit}}}"#);
    let fails = [
        ("".to_owned(), "not an edit file"),
        ("[1, 2]".to_owned(), "not an edit file"),
        (r#"{"version": 1}"#.to_owned(), "not an edit file"),
        (file(r#"{"pose": {"yaw": {"set_deg": NaN}}}"#), "not an edit file"),
        (file(r#"{"pose": {"yaw": {"set_deg": 1e99}}}"#), "give a number from"),
        (file(r#"{"expression": {"classes": {"smug": 1}}}"#), "smug"),
        (file(r#"{"hair": {}}"#), "hair"),
        (file(r#"{"identity": {"raw": {"32": 0.1}}}"#), "numbers 0 to 31"),
        (file(r#"{"identity": {"axes": {"0": 0.1}}}"#), "axes 1 to 32"),
        (file(r#"{"identity": {"classes": {"happy": 1}}}"#), "only expression has"),
        (file(r#"{"style": {"raw": {"1": 1.5}}}"#), "from -1 to 1"),
        (format!(r#"{{"format": "facespace edit", "version": {}, "new": 0}}"#, EDIT_VERSION + 1), "newer facespace"),
    ];
    for (text, expected) in fails {
        let sentence = Edit::from_json(&text).unwrap_err().to_string();
        assert!(sentence.contains(expected) && !sentence.contains('\n'), "{text}: {sentence}");
    }
}

#[test]
fn a_later_edit_lies_over_an_earlier_one() {
    let mut first = Edit::default();
    first.pose.yaw = Some(AngleEdit::Set(10.0));
    first.identity.raw.insert(3, 0.1);
    let mut second = Edit::default();
    second.identity.raw.insert(3, 0.2);
    second.style.axes.insert(1, 1.0);
    first.overlay(second);
    assert_eq!(first.pose.yaw, Some(AngleEdit::Set(10.0)));
    assert_eq!((first.identity.raw[&3], first.style.axes[&1]), (0.2, 1.0));
}
