use facespace::evaluate::recognition::{Change, Descriptor, between, kept};
use facespace::face::{Part, Pose};

use crate::face::{basis, face, space};

#[test]
fn distances_are_euclidean_one_by_one() {
    let at = |place: usize, value: f32| -> Descriptor {
        let mut descriptor = [0.25; 128];
        descriptor[place] += value;
        descriptor
    };
    let found = between(&[at(0, 3.0), at(5, 1.0), at(9, 0.5)], &[at(1, 4.0), at(5, 1.0), at(9, 0.0)]);
    assert_eq!(found, [5.0, 0.0, 0.5]);
}

#[test]
fn who_is_kept_by_distance() {
    let kept_of_four = kept(&[0.2, 0.5, 0.9, 0.3], 1).unwrap();
    assert_eq!((kept_of_four.same_person.value, kept_of_four.same_person.n), (0.75, 4));
    assert!((kept_of_four.distance.value - 0.4).abs() < 1e-6, "half-way between the two in the middle");
    assert_eq!(kept(&[0.6], 1).unwrap().same_person.value, 0.0, "0.6 is too far");
    assert!(kept(&[], 1).is_none());
}

#[test]
fn edits_change_what_they_name_and_nothing_else() {
    let (space, own, other) = (space(), face(1), face(2));
    let keys: Vec<&str> = Change::ALL.iter().map(|change| change.key()).collect();
    assert_eq!(keys, ["yaw_left", "yaw_right", "happy", "style"]);
    for change in Change::ALL {
        assert_eq!(serde_json::to_value(change).unwrap(), change.key());
        let edited = change.apply(&own, &other, &space).unwrap();
        let part = match change {
            Change::YawLeft | Change::YawRight => Part::Pose,
            Change::Happy => Part::Expression,
            Change::Style => Part::Style,
        };
        let (before, after) = (own.to_array(), edited.to_array());
        for kept in Part::ALL.into_iter().filter(|kept| *kept != part) {
            assert_eq!(before[kept.range()], after[kept.range()], "{kept} by {change:?}");
        }
    }
    let of = |change: Change| change.apply(&own, &other, &space).unwrap();
    assert!((of(Change::YawLeft).pose.yaw_deg - (own.pose.yaw_deg - 20.0)).abs() < 1e-4);
    assert!((of(Change::YawRight).pose.yaw_deg - (own.pose.yaw_deg + 20.0)).abs() < 1e-4);
    assert!(of(Change::Happy).expression.angle_deg(&basis(4)) < 0.1, "the mean of happy in this space");
    assert_eq!(of(Change::Style).style, other.style);
}

#[test]
fn edits_that_cannot_be_made_are_none() {
    let (mut space, mut own, other) = (space(), face(1), face(2));
    own.pose = Pose::from_array_deg([80.0, 0.0, 0.0]);
    assert!(Change::YawRight.apply(&own, &other, &space).is_none(), "beyond 90 degrees");
    assert!(Change::YawLeft.apply(&own, &other, &space).is_some());
    space.class_means.clear();
    assert!(Change::Happy.apply(&own, &other, &space).is_none(), "no mean of happy");
}
