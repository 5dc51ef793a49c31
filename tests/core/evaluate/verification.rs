use facespace::evaluate::verification::{Pair, best_threshold, hits, verify};
use facespace::face::{CODE_DIM, Part};

use super::plant;

fn pair(a: usize, b: usize, same: bool, fold: usize) -> Pair {
    Pair { a, b, same, fold }
}

#[test]
fn the_best_threshold_by_hand() {
    // Right below 0.1: 2; up to 0.1: 3; up to 0.2: 4; up to 0.3: 3; up to 0.4: 4; up to 0.5: 3.
    let labelled = vec![(0.3, false), (0.1, true), (0.5, false), (0.2, true), (0.4, true)];
    assert!((best_threshold(labelled) - 0.25).abs() < 1e-6);
    assert_eq!(best_threshold(vec![(0.7, true), (0.2, true)]), 0.7);
    assert_eq!(best_threshold(vec![(0.7, false), (0.2, false)]), f32::NEG_INFINITY);
    // Equal distances cannot be parted.
    assert_eq!(best_threshold(vec![(0.5, true), (0.5, false)]), f32::NEG_INFINITY);
}

#[test]
fn a_folds_threshold_comes_from_the_others() {
    let pairs = [pair(0, 0, true, 0), pair(0, 0, false, 0), pair(0, 0, true, 1), pair(0, 0, false, 1)];
    // Fold 1 sets 0.275 for fold 0, which sets 0.5 for fold 1: there 0.35 is taken for one person.
    assert_eq!(hits(&[0.1, 0.9, 0.2, 0.35], &pairs), Some(vec![true, true, true, false]));
    assert_eq!(hits(&[0.1, 0.9], &pairs[..2]), None);
    assert_eq!(hits(&[], &[]), None);
}

#[test]
fn only_the_part_that_knows_people_tells_them_apart() {
    let mut codes = vec![[0.0; CODE_DIM]; 8];
    for (i, code) in codes.iter_mut().enumerate() {
        plant(code, Part::Identity, i / 2, 1.0);
    }
    let pairs: Vec<Pair> =
        (0..8).map(|i| pair(i, if i % 2 == 0 { i + 1 } else { (i + 1) % 8 }, i % 2 == 0, i / 4)).collect();
    let verified = verify(&codes, &pairs, 1).unwrap();
    let accuracy = |reads: &str| verified.iter().find(|one| one.reads == reads).unwrap().accuracy.value;
    assert_eq!(accuracy("f_id"), 1.0);
    for reads in ["f without f_id", "f_p", "f_e", "f_s"] {
        assert_eq!(accuracy(reads), 0.5, "{reads}");
    }
    assert!(verify(&codes, &pairs[..4], 1).is_none());
}
