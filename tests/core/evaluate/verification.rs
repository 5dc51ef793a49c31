use std::path::Path;

use facespace::evaluate::pairs::{NamedPair, parse};
use facespace::evaluate::verification::{Pair, best_threshold, hits, placed, verify, why_not};
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
    assert_eq!(best_threshold(vec![(0.7, true), (0.2, true)]), 0.7, "up to the largest distance");
    // Right below 0.1: 1; up to 0.1: 2; up to 0.3: 1; up to 0.5: 2; up to 0.9, the largest: 3.
    assert!((best_threshold(vec![(0.1, true), (0.3, false), (0.5, true), (0.9, true)]) - 0.9).abs() < 1e-6);
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
    let part = |reads: &str| verified.parts.iter().find(|one| one.reads == reads).unwrap();
    assert_eq!((part("f_id").accuracy.value, part("f_id").auc.value, part("f_id").accuracy.n), (1.0, 1.0, 8));
    // All other distances are 0: no threshold parts them, and every two pairs are tied.
    for reads in ["f without f_id", "f_p", "f_e", "f_s"] {
        assert_eq!((part(reads).accuracy.value, part(reads).auc.value), (0.5, 0.5), "{reads}");
    }
    assert_eq!((verified.gap.value, verified.gap.n), (0.5, 8));
    assert!(verified.gap.interval.is_some());
    assert!(verify(&codes, &pairs[..4], 1).is_none(), "one fold");
    let one_kind: Vec<Pair> = pairs.iter().copied().filter(|pair| pair.same).collect();
    assert!(verify(&codes, &one_kind, 1).is_none(), "one kind");
    assert!(why_not(&[]).contains("None of the pairs") && why_not(&one_kind).contains("of one kind"));
    assert!(why_not(&pairs[..4]).contains("Too few"));
}

/// A list of one fold: pairs of one person, then as many of two. Pictures are numbered in the order of their names.
fn one_fold(of_kind: usize) -> Vec<NamedPair> {
    let mut text = format!("1\t{of_kind}\n");
    (0..of_kind).for_each(|i| text += &format!("A\t{i}\t{}\n", i + 1));
    (0..of_kind).for_each(|i| text += &format!("A\t{i}\tB\t{i}\n"));
    parse(&text, Path::new("pairs.txt")).unwrap()
}

/// Pictures of A by their numbers, those of B from 100 on.
fn place(name: &str) -> Option<usize> {
    let (person, number) = name.split_once('_')?;
    Some(number.parse::<usize>().ok()? + if person == "B" { 100 } else { 0 })
}

#[test]
fn a_single_fold_is_cut_into_ten_balanced_blocks() {
    let found = placed(&one_fold(20), place);
    for block in 0..10 {
        for same in [true, false] {
            let of_it = found.pairs.iter().filter(|pair| (pair.fold, pair.same) == (block, same));
            assert_eq!(of_it.count(), 2, "{block} {same}");
        }
    }
    assert_eq!((found.pairs[3].a, found.pairs[3].b, found.pairs[39].b), (3, 4, 119));
    assert_eq!(found.remarks.len(), 1, "{:?}", found.remarks);
    assert!(found.remarks[0].contains("single fold") && found.remarks[0].contains("10 blocks"), "{:?}", found.remarks);
}

#[test]
fn folds_of_a_list_are_kept_unless_most_pairs_are_of_one() {
    let named = |a: &str, same, fold| NamedPair { a: format!("{a}_1"), b: "B_1".to_owned(), same, fold };
    let listed: Vec<NamedPair> = (0..40).map(|i| named(if i % 4 == 0 { "A" } else { "C" }, i % 8 < 4, i % 4)).collect();
    let all = placed(&listed, |_| Some(0));
    assert!(all.remarks.is_empty() && all.pairs.iter().enumerate().all(|(i, pair)| pair.fold == i % 4));
    // Only fold 0 is there; its ten pairs are five of either kind, and every other block has one of each.
    let some = placed(&listed, |name| (!name.starts_with('C')).then_some(0));
    let folds: Vec<(usize, bool)> = some.pairs.iter().map(|pair| (pair.fold, pair.same)).collect();
    let expected: Vec<(usize, bool)> = (0..10).map(|i| (2 * (i / 2), i % 2 == 0)).collect();
    assert_eq!(folds, expected);
    let [missing, blocks, few] = &some.remarks[..] else { panic!("{:?}", some.remarks) };
    assert!(missing.starts_with("Of the 40 pairs 30 name a picture that is not in these shards (C_1); give"));
    assert!(blocks.contains("5 blocks") && few.contains("Only 10 pairs are left, fewer than 20"));
}

#[test]
fn pictures_that_are_missing_are_named() {
    let found = placed(&one_fold(20), |name| place(name).filter(|number| *number < 100 || *number > 115));
    assert_eq!(found.pairs.len(), 24);
    assert!(
        found.remarks[0].starts_with("Of the 40 pairs 16 ")
            && found.remarks[0].contains("(B_0000, B_0001, B_0002 and 13 more)"),
        "{:?}",
        found.remarks
    );
    let none = placed(&one_fold(2), |_| None);
    assert!(none.pairs.is_empty() && none.remarks.len() == 1 && none.remarks[0].contains("and 2 more"), "{none:?}");
    assert!(placed(&[], place).remarks.is_empty());
    // A pair of each kind gives no second block.
    let two = placed(&one_fold(1), place);
    assert!(two.remarks.len() == 1 && two.remarks[0].contains("Only 2 pairs"), "{two:?}");
}
