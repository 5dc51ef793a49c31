//! Exchanges whose answer is known.

use std::collections::BTreeMap;

use facespace::data::crops::Keys;
use facespace::face::Part;
use facespace::train::codes::CodeView::{Mirrored, Plain, Relit, Turned};
use facespace::train::exchanges::{Exchange, Exchanges, Kind};

use super::crop_sets::{Row, keys};

/// Twelve people with three clips of four pictures, of which the first is neutral and the last happy.
fn rows() -> Vec<Row> {
    let rows = (0..144).map(|i: u32| {
        let expression = match i % 4 {
            0 => 0,
            3 => 1,
            _ => 2,
        };
        Row { person: Some(i / 12), clip: Some(i / 4), expression: Some(expression), ..Row::of(0) }
    });
    rows.collect()
}

fn of(keys: &Keys, steps: u64, n: usize) -> Vec<Exchange> {
    let exchanges = Exchanges::new(keys);
    (0..steps).flat_map(|step| exchanges.draw(5, step, n)).collect()
}

#[test]
fn each_kind_has_the_answer_that_exists() {
    let rows = rows();
    let all = of(&keys(rows.clone()), 50, 20);
    for Exchange { kind, taker, giver, answer } in all {
        let [from, to] = [taker, giver].map(|one| rows[one.crop]);
        match kind {
            Kind::Light => {
                assert_eq!((taker.crop, answer), (giver.crop, giver));
                assert!([[Plain, Relit], [Relit, Plain]].contains(&[taker.view, giver.view]));
            }
            Kind::Turn => {
                assert_eq!((taker.crop, answer), (giver.crop, giver));
                assert!([[Plain, Turned], [Turned, Plain]].contains(&[taker.view, giver.view]));
            }
            Kind::Person => {
                assert_eq!((from.person, answer), (to.person, taker));
                assert_ne!(taker.crop, giver.crop);
            }
            Kind::Frame | Kind::Sitting => {
                assert_eq!((from.clip, answer), (to.clip, giver));
                assert_ne!(taker.crop, giver.crop);
                assert!(taker.view != Relit && giver.view != Relit);
                assert_eq!(taker.view == Mirrored, giver.view == Mirrored);
            }
        }
        if kind == Kind::Sitting {
            let mut labels = [from.expression, to.expression];
            labels.sort_unstable();
            assert_eq!(labels, [Some(0), Some(1)]);
        }
    }
    assert_eq!(Kind::Light.parts(), [Part::Style]);
    assert_eq!(Kind::Person.parts(), [Part::Identity]);
    assert_eq!(Kind::Frame.parts(), [Part::Pose, Part::Expression]);
}

#[test]
fn kinds_are_balanced_and_draws_repeat() {
    let keys = keys(rows());
    // Nine a step do not divide by five kinds; over the steps they are level all the same.
    let mut counts = BTreeMap::new();
    of(&keys, 50, 9).iter().for_each(|one| *counts.entry(one.kind).or_insert(0) += 1);
    assert_eq!(counts.into_values().collect::<Vec<_>>(), [90; 5]);
    let (a, b) = (Exchanges::new(&keys), Exchanges::new(&keys));
    assert_eq!(a.draw(5, 40, 9), b.draw(5, 40, 9));
    assert_ne!(a.draw(5, 40, 9), a.draw(6, 40, 9));
    assert_ne!(a.draw(5, 40, 9), a.draw(5, 41, 9));
}

#[test]
fn a_set_forms_what_it_can() {
    let kinds = |rows: Vec<Row>| Exchanges::new(&keys(rows)).kinds().to_vec();
    assert!(kinds(Vec::new()).is_empty());
    assert!(Exchanges::new(&Keys::default()).draw(1, 0, 5).is_empty());
    assert_eq!(kinds(vec![Row::of(0); 3]), [Kind::Light, Kind::Turn]);
    let person = |i: u32, expression| Row { person: Some(i), expression, ..Row::of(0) };
    // Two pictures of a person are one sitting where the source holds such a pair of everyone.
    let pairs: Vec<Row> = (0..20).map(|i| person(i / 2, Some((i % 2) as u8))).collect();
    assert_eq!(kinds(pairs.clone()), [Kind::Light, Kind::Turn, Kind::Person, Kind::Sitting]);
    // Where others are photographed as it happens, they are not.
    let mixed = pairs.iter().copied().chain((0..30).map(|i| person(100 + i / 3, Some(1)))).collect();
    assert_eq!(kinds(mixed), [Kind::Light, Kind::Turn, Kind::Person]);
    let sad: Vec<Row> = (0..20).map(|i| person(i / 2, Some(2 * (i % 2) as u8))).collect();
    assert_eq!(kinds(sad), [Kind::Light, Kind::Turn, Kind::Person]);
}
