use std::collections::{BTreeMap, BTreeSet};

use facespace::evaluate::cycle::{Moved, Table, Tally, partners, swapped};
use facespace::face::{FaceCode, Part, Pose};

use crate::face::{basis, face};

/// Nobody takes from itself, and everybody gives once.
#[track_caller]
fn assert_no_fixed_point(people: &[usize], found: &[usize]) {
    assert_eq!(found.len(), people.len());
    assert!(found.iter().enumerate().all(|(face, &from)| face != from), "{found:?}");
    assert_eq!(found.iter().collect::<BTreeSet<_>>().len(), people.len());
}

#[test]
fn parts_come_from_other_people() {
    let sizes: [&[usize]; 6] = [&[1, 1], &[1; 9], &[4, 4], &[3, 1, 2], &[5, 1, 1, 1, 2], &[2; 30]];
    for sizes in sizes {
        let people: Vec<usize> =
            sizes.iter().enumerate().flat_map(|(person, &size)| vec![7 * person + 3; size]).collect();
        for seed in 0..20 {
            let found = partners(&people, seed).unwrap();
            assert_no_fixed_point(&people, &found);
            assert!(found.iter().enumerate().all(|(face, &from)| people[face] != people[from]), "{sizes:?} {found:?}");
        }
    }
    let (a, b) = (partners(&[0, 1, 2, 3, 4, 5, 6, 7], 1), partners(&[0, 1, 2, 3, 4, 5, 6, 7], 2));
    assert!(a == partners(&[0, 1, 2, 3, 4, 5, 6, 7], 1) && a != b);
}

#[test]
fn where_one_person_has_most_faces_some_take_from_their_own() {
    for people in [vec![0, 0, 0, 1], vec![2; 6], vec![4, 4], vec![1, 1, 1, 1, 0, 2]] {
        for seed in 0..20 {
            assert_no_fixed_point(&people, &partners(&people, seed).unwrap());
        }
    }
    assert!(partners(&[], 1).is_none() && partners(&[3], 1).is_none());
}

#[test]
fn a_swap_takes_one_part() {
    let faces = [face(1), face(2), face(3)];
    let made = swapped(&faces, &[2, 0, 1], Part::Identity);
    assert_eq!(made[0], FaceCode { identity: faces[2].identity, ..faces[0] });
    assert_eq!(made[1], FaceCode { identity: faces[0].identity, ..faces[1] });
}

fn deg(all: &[Moved]) -> BTreeMap<&str, f64> {
    all.iter().map(|moved| (moved.part.as_str(), (moved.deg.value * 10.0).round() / 10.0)).collect()
}

/// A face looks along the first axis in all its parts and is asked to have an identity 90 degrees away. What is seen is
/// 60 degrees of the way, has turned by 6 degrees in each angle of pose, and its style by 10.
fn swap() -> (FaceCode, FaceCode, FaceCode) {
    let own = FaceCode { pose: Pose::default(), identity: basis(0), expression: basis(0), style: basis(0) };
    let asked = FaceCode { identity: basis(1), ..own };
    let again = FaceCode {
        pose: Pose::from_array_deg([6.0, -6.0, 6.0]),
        identity: own.identity.slerp(&asked.identity, 60.0 / 90.0),
        style: own.style.slerp(&basis(3), 10.0 / 90.0),
        ..own
    };
    (own, asked, again)
}

#[test]
fn errors_and_drifts_by_hand() {
    let (own, asked, again) = swap();
    let mut tally = Tally::default();
    assert!(tally.finish(1, &[0, 0]).is_none());
    tally.add(0, None, &own, &own, &again);
    assert!(tally.finish(1, &[0, 0]).is_none(), "no part was swapped");
    tally.add(0, Some(Part::Identity), &own, &asked, &again);
    // Another face of which all is as asked.
    tally.add(1, Some(Part::Identity), &own, &asked, &asked);
    let Table { unedited, swaps } = tally.finish(1, &[0, 1]).unwrap();

    let unedited = unedited.unwrap();
    let expected = BTreeMap::from([("pose", 6.0), ("identity", 60.0), ("expression", 0.0), ("style", 10.0)]);
    assert_eq!(deg(&unedited), expected);
    assert_eq!(swaps.len(), 1);
    assert_eq!(swaps[0].part, "identity");
    assert!((swaps[0].way.value - 90.0).abs() < 0.1 && (swaps[0].error.value - 15.0).abs() < 0.1, "{swaps:?}");
    assert_eq!(swaps[0].error.n, 2);
    let range = swaps[0].error.interval.unwrap();
    assert!(range.low.abs() < 0.1 && (range.high - 30.0).abs() < 0.1, "one face or the other, twice: {range:?}");
    assert_eq!(deg(&swaps[0].drift), BTreeMap::from([("pose", 3.0), ("expression", 0.0), ("style", 5.0)]));
}
