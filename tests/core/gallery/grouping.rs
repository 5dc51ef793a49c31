//! People put together by identity, and what was pinned by hand.

use std::collections::BTreeMap;

use facespace::face::{CODE_DIM, Part};
use facespace::gallery::grouping::SUGGESTED_THRESHOLD;
use facespace::gallery::{Codes, Group, Groups, PersonId, Pins, group};

use super::search::on_threads;
use crate::evaluate::Noise;

const NEAR: f32 = 0.8;

fn with_identity(noise: &mut Noise, identity: &[f32; 32]) -> [f32; CODE_DIM] {
    let mut code = noise.code(0.5);
    code[Part::Identity.range()].copy_from_slice(identity);
    code
}

/// Faces of `people`, of the i-th `sizes(i)`, all mixed up; and who each is.
fn planted(people: usize, sizes: impl Fn(usize) -> usize, spread: f32) -> (Codes, Vec<usize>) {
    let mut noise = Noise::new(31);
    let looks: Vec<[f32; 32]> = (0..people).map(|_| std::array::from_fn(|_| noise.next())).collect();
    let mut who: Vec<usize> = (0..people).flat_map(|person| vec![person; sizes(person)]).collect();
    for i in (1..who.len()).rev() {
        let other = ((noise.next() + 1.0) / 2.0 * (i + 1) as f32) as usize;
        who.swap(i, other.min(i));
    }
    let mut codes = Codes::with_capacity(who.len());
    for (place, &person) in who.iter().enumerate() {
        let identity = looks[person].map(|number| number + spread * noise.next());
        assert!(codes.push(1 + place as i64, &with_identity(&mut noise, &identity)));
    }
    (codes, who)
}

/// Faces whose identities lie in one plane, at these angles in degrees; their keys are their places.
fn at_angles(angles_deg: &[f32]) -> Codes {
    let mut noise = Noise::new(32);
    let mut codes = Codes::default();
    for (place, angle) in angles_deg.iter().enumerate() {
        let mut identity = [0.0; 32];
        (identity[4], identity[9]) = (angle.to_radians().cos(), angle.to_radians().sin());
        assert!(codes.push(place as i64, &with_identity(&mut noise, &identity)));
    }
    codes
}

fn all_in(codes: &Codes, pins: &Pins, threshold: f32) -> Vec<Group> {
    group(codes, pins, threshold, &|| false).unwrap().groups
}

fn sorted(group: &Group) -> Vec<usize> {
    let mut members = group.members.clone();
    members.sort_unstable();
    members
}

fn degrees(angle: f32) -> f32 {
    angle.to_radians().cos()
}

fn pins(names: &[(i64, &str)], of: &[(i64, i64)]) -> Pins {
    Pins {
        names: names.iter().map(|&(person, name)| (PersonId(person), name.to_owned())).collect(),
        of: of.iter().map(|&(key, person)| (key, PersonId(person))).collect(),
    }
}

#[test]
fn people_are_told_apart() {
    let (codes, who) = planted(60, |person| 1 + person / 3, 0.25);
    let groups = all_in(&codes, &Pins::default(), NEAR);
    let mut expected: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    who.iter().enumerate().for_each(|(place, &person)| expected.entry(person).or_default().push(place));
    assert_eq!(groups.len(), expected.len());
    for group in &groups {
        assert_eq!(&sorted(group), &expected[&who[group.members[0]]]);
        assert!(group.person.is_none() && group.name.is_none());
    }
    let sizes: Vec<usize> = groups.iter().map(|group| group.members.len()).collect();
    assert!(sizes.is_sorted_by(|a, b| a >= b), "{sizes:?}");
}

#[test]
fn the_number_of_cores_changes_nothing() {
    // Several batches, and people so near each other that the order matters.
    let (codes, _) = planted(300, |person| 3 + person % 5, 1.2);
    assert!(codes.len() > 1200);
    let run = |threads| on_threads(threads, || group(&codes, &Pins::default(), SUGGESTED_THRESHOLD, &|| false));
    let groups = run(1);
    assert_eq!(groups, run(4));
    let mut all: Vec<usize> = groups.unwrap().groups.iter().flat_map(|group| group.members.clone()).collect();
    all.sort_unstable();
    assert_eq!(all, (0..codes.len()).collect::<Vec<usize>>(), "each face is in one group");
}

#[test]
fn what_was_founded_twice_is_put_together() {
    // The first two are too far apart; then one grows from 0 to 14 degrees, the other from 40 down to 35.
    let codes = at_angles(&[0.0, 40.0, 19.0, 22.0, 30.0]);
    let groups = all_in(&codes, &Pins::default(), degrees(30.0));
    assert_eq!(groups.len(), 1);
    assert_eq!(groups[0].members[0], 3, "22 degrees, the mean of all");
    assert_eq!(all_in(&codes, &Pins::default(), degrees(21.0)).len(), 2);
    assert_eq!(all_in(&codes, &Pins::default(), degrees(1.0)).len(), 5);
}

#[test]
fn what_was_pinned_stays_and_draws_others() {
    let codes = at_angles(&[0.0, 90.0, 5.0, 180.0, 176.0, 47.0, 270.0]);
    let pins = pins(&[(1, "Ada"), (2, "Bo"), (3, "nobody here")], &[(0, 1), (1, 1), (3, 2), (77, 2)]);
    let groups = all_in(&codes, &pins, degrees(20.0));
    let of = |name: &str| groups.iter().find(|group| group.name.as_deref() == Some(name)).unwrap();
    // Her faces are at 0 and 90 degrees, so she is known at 45.
    assert_eq!(sorted(of("Ada")), [0, 1, 5]);
    assert_eq!((of("Ada").person, of("Ada").members[0]), (Some(PersonId(1)), 5));
    assert_eq!((sorted(of("Bo")), of("Bo").person), (vec![3, 4], Some(PersonId(2))));
    assert_eq!(groups.len(), 4, "{groups:?}");
    assert!(groups.iter().all(|group| group.person.is_some() || group.members.len() == 1));
}

#[test]
fn two_people_named_by_hand_are_never_one() {
    let codes = at_angles(&[0.0, 0.9, 0.5, 2.0]);
    let pins = pins(&[(1, "Ada")], &[(0, 1), (3, 8)]);
    let groups = all_in(&codes, &pins, degrees(30.0));
    assert_eq!(groups.len(), 2);
    assert_eq!(groups.iter().map(|group| group.person).collect::<Vec<_>>(), [Some(PersonId(1)), Some(PersonId(8))]);
    assert_eq!(groups[1].name, None, "a person without a name");
    assert_eq!(sorted(&groups[0]), [0, 1, 2]);
}

#[test]
fn what_was_split_off_draws_nobody_after_it() {
    let codes = at_angles(&[0.0, 2.0, 25.0, 4.0]);
    assert_eq!(all_in(&codes, &Pins::default(), degrees(24.5)).len(), 1);
    // The others lie around 2 degrees, near enough to it; but they are more.
    let groups = all_in(&codes, &pins(&[(1, "Person 1")], &[(2, 1)]), degrees(24.5));
    assert_eq!(groups.iter().map(sorted).collect::<Vec<_>>(), [vec![0, 1, 3], vec![2]]);
    assert_eq!(groups[0].person, None);
    // A single one is drawn.
    let codes = at_angles(&[25.0, 4.0]);
    assert_eq!(all_in(&codes, &pins(&[], &[(0, 1)]), degrees(24.5)).len(), 1);
}

#[test]
fn faces_that_cancel_out_draw_nobody() {
    let codes = at_angles(&[0.0, 180.0, 90.0]);
    let pins = pins(&[], &[(0, 1), (1, 1)]);
    let groups = all_in(&codes, &pins, 0.5);
    assert_eq!(groups.iter().map(sorted).collect::<Vec<_>>(), [vec![0, 1], vec![2]]);
}

#[test]
fn it_stops_when_asked_and_no_faces_are_no_groups() {
    let (codes, _) = planted(20, |_| 4, 0.3);
    assert_eq!(group(&codes, &Pins::default(), NEAR, &|| true), None);
    assert_eq!(group(&Codes::default(), &Pins::default(), NEAR, &|| true), Some(Groups::default()));
}
