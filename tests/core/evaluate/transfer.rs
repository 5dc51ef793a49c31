use facespace::evaluate::transfer::{Exchange, Seen, Tally, exchanged, pairs};
use facespace::face::Expression::{Happy, Neutral, Sad};
use facespace::face::{FaceCode, Pose};
use image::{Rgb, RgbImage};

use crate::face::{basis, face};

#[test]
fn neutral_and_happy_of_a_person_go_both_ways() {
    let people = [9, 4, 9, 9, 4, 9, 5, 6];
    let shows = [Neutral, Happy, Happy, Neutral, Neutral, Sad, Happy, Neutral].map(Some);
    let exchange = |face, from| Exchange { face, from };
    // Person 9's second neutral face has no happy one beside it; 5 and 6 have one face each.
    let expected = [exchange(4, 1), exchange(1, 4), exchange(0, 2), exchange(2, 0)];
    assert_eq!(pairs(&people, &shows), expected);
    assert!(pairs(&people, &[None; 8]).is_empty() && pairs(&[], &[]).is_empty());
}

#[test]
fn only_the_expression_is_taken() {
    let made = exchanged(&face(1), &face(2));
    assert_eq!(made, FaceCode { expression: face(2).expression, ..face(1) });
}

#[test]
fn exchanges_by_hand() {
    let own = FaceCode { pose: Pose::default(), identity: basis(0), expression: basis(0), style: basis(0) };
    let from = FaceCode { expression: basis(1), ..own };
    // 60 of 90 degrees of the way.
    let again = FaceCode { expression: own.expression.slerp(&from.expression, 60.0 / 90.0), ..own };
    let flat = |level: u8| RgbImage::from_pixel(4, 4, Rgb([level; 3]));
    let (made, unchanged, target) = (flat(13), flat(15), flat(10));
    let mut tally = Tally::default();
    assert!(tally.finish(1).is_none());
    let seen = Seen { own: &own, from: &from, again: &again, made: &made, unchanged: &unchanged, target: &target };
    tally.add(0, seen);
    // Another one that is as it should be: squared errors of 9 and 0, of 25 and 25.
    tally.add(1, Seen { again: &from, made: &target, ..seen });
    let found = tally.finish(1).unwrap();
    let near = |found: f64, expected: f64| (found - expected).abs() < 0.01;
    assert!(near(found.expression_deg.value, 15.0) && near(found.expression_before_deg.value, 90.0), "{found:?}");
    assert!(near(found.rmse.value, 4.5f64.sqrt()) && near(found.rmse_before.value, 5.0), "{found:?}");
    assert_eq!(found.rmse.n, 2);
    let range = found.rmse.interval.unwrap();
    assert!(near(range.low, 0.0) && near(range.high, 3.0), "{range:?}");
}
