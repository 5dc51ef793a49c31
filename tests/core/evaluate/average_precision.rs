use facespace::evaluate::average_precision::{average_precision, found, measured};

#[test]
fn precision_by_hand() {
    // In order: right, wrong, right, wrong. Half of the recall at precision 1, half at 2 of 3.
    let value = average_precision(&[0.9, 0.8, 0.7, 0.1], &[true, false, true, false]).unwrap();
    assert!((value - (0.5 + 0.5 * 2.0 / 3.0)).abs() < 1e-12);
    assert_eq!(average_precision(&[1.0, 2.0, 3.0], &[false, false, true]), Some(1.0));
    // The only one comes last of four.
    assert_eq!(average_precision(&[4.0, 3.0, 2.0, 1.0], &[false, false, false, true]), Some(0.25));
    assert_eq!(average_precision(&[1.0, 2.0], &[false, false]), None);
    assert_eq!(average_precision(&[], &[]), None);
}

#[test]
fn tied_items_come_together() {
    // One score for all: the share of the positive ones, in whatever order they stand.
    for positive in [[true, false, false, false], [false, false, false, true]] {
        assert_eq!(average_precision(&[0.5; 4], &positive), Some(0.25));
    }
    // First two of three, then all three of six.
    let (scores, positive) = ([1.0, 1.0, 1.0, 0.0, 0.0, 0.0], [true, true, false, false, true, false]);
    let value = average_precision(&scores, &positive).unwrap();
    assert!((value - (2.0 / 3.0 * 2.0 / 3.0 + 1.0 / 3.0 * 0.5)).abs() < 1e-12);
}

#[test]
fn what_is_found_among_the_first() {
    let (scores, positive) = ([0.9, 0.8, 0.7, 0.1], [true, false, true, false]);
    assert_eq!([0, 1, 2, 3, 4, 9].map(|first| found(&scores, &positive, first)), [0.0, 1.0, 1.0, 2.0, 2.0, 2.0]);
    // Two of the three that are tied fit in, each as likely as the others.
    let found = found(&[2.0, 1.0, 1.0, 1.0, 0.0], &[true, true, false, false, true], 3);
    assert!((found - (1.0 + 2.0 / 3.0)).abs() < 1e-12);
}

#[test]
fn it_has_an_interval() {
    let scores: Vec<f32> = (0..200).map(|item| ((item * 37) % 200) as f32).collect();
    let positive: Vec<bool> = scores.iter().map(|score| (*score as usize * 7) % 200 + *score as usize > 250).collect();
    let all = measured(&scores, &positive, 1).unwrap();
    assert_eq!((Some(all.value), all.n), (average_precision(&scores, &positive), 200));
    let range = all.interval.unwrap();
    assert!(range.low < all.value && all.value < range.high);
    assert_eq!(measured(&scores, &positive, 1), measured(&scores, &positive, 1));
    assert!(measured(&scores, &[false; 200], 1).is_none());
}
