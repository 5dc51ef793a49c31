use facespace::evaluate::auc::{auc, gap, measured, one_vs_rest};
use facespace::evaluate::bootstrap::Draws;
use facespace::face::Expression::{self, Happy, Sad};

#[test]
fn areas_by_hand() {
    // Of four pairs of a positive and a negative item, three are in order.
    assert_eq!(auc(&[0.1, 0.4, 0.35, 0.8], &[false, false, true, true]), Some(0.75));
    assert_eq!(auc(&[0.1, 0.2, 0.3], &[false, true, true]), Some(1.0));
    assert_eq!(auc(&[0.3, 0.2, 0.1], &[false, true, true]), Some(0.0));
}

#[test]
fn ties_count_half() {
    assert_eq!(auc(&[5.0; 4], &[true, false, false, true]), Some(0.5));
    // Positives 1, 2, 3 against negatives 1, 2: 0.5 + 0, 1 + 0.5, 1 + 1 of six.
    let area = auc(&[1.0, 1.0, 2.0, 2.0, 3.0], &[false, true, false, true, true]).unwrap();
    assert!((area - 4.0 / 6.0).abs() < 1e-12);
}

#[test]
fn items_of_one_kind_have_no_area() {
    assert_eq!(auc(&[1.0, 2.0], &[true, true]), None);
    assert_eq!(auc(&[1.0, 2.0], &[false, false]), None);
    assert_eq!(auc(&[], &[]), None);
}

/// Rows of eight scores of which two say something.
fn rows(scores: &[[f32; 2]]) -> Vec<Vec<f32>> {
    let row = |&[happy, sad]: &[f32; 2]| {
        let mut row = vec![0.5; 8];
        (row[Happy.index()], row[Sad.index()]) = (happy, sad);
        row
    };
    scores.iter().map(row).collect()
}

#[test]
fn each_class_stands_against_the_rest() {
    let scores = rows(&[[0.9, 0.1], [0.2, 0.8], [0.3, 0.7], [0.1, 0.9]]);
    let all = one_vs_rest(&scores, &[Happy, Happy, Sad, Sad], 1).unwrap();
    let classes: Vec<_> = all.classes.iter().map(|class| (class.class, class.auc.value, class.n)).collect();
    assert_eq!(classes, [(Happy, 0.75, 2), (Sad, 0.75, 2)]);
    assert_eq!((all.mean.value, all.mean.n, all.classes[0].auc.n), (0.75, 4, 4));
    assert!(one_vs_rest(&scores, &[Sad; 4], 1).is_none());
}

#[test]
fn classes_and_their_mean_have_intervals_over_people() {
    let labels: Vec<Expression> = (0..60).map(|i| if i % 2 == 0 { Happy } else { Sad }).collect();
    let scores =
        rows(&(0..60).map(|i| [((i * 7) % 11) as f32 - (i % 2) as f32 * 3.0, (i % 5) as f32]).collect::<Vec<_>>());
    let people: Vec<usize> = (0..60).map(|i| i / 6).collect();
    let draws = Draws::by_group(3, &people);
    let all = one_vs_rest(&scores, &labels, draws).unwrap();
    // As each class is measured alone: the samples are the same ones.
    let happy: Vec<bool> = labels.iter().map(|&label| label == Happy).collect();
    let column: Vec<f32> = scores.iter().map(|row| row[Happy.index()]).collect();
    assert_eq!(Some(all.classes[0].auc), measured(&column, &happy, draws));
    let range = all.mean.interval.unwrap();
    assert!(range.low < all.mean.value && all.mean.value < range.high);
}

#[test]
fn a_gap_is_measured_on_the_same_items() {
    let labels = [Happy, Happy, Sad, Sad];
    // Areas of 1 and 1 against areas of 0.75 and 0.75.
    let good = rows(&[[0.9, 0.1], [0.8, 0.2], [0.3, 0.7], [0.1, 0.9]]);
    let weak = rows(&[[0.9, 0.1], [0.2, 0.8], [0.3, 0.7], [0.1, 0.9]]);
    let found = gap(&good, &weak, &labels, 1).unwrap();
    assert_eq!((found.value, found.n), (0.25, 4));
    // Of the same scores there is no gap, however items are drawn.
    let none = gap(&weak, &weak, &labels, 1).unwrap();
    assert_eq!(none.interval.map(|range| (range.low, range.high)), Some((0.0, 0.0)));
    assert!(gap(&good, &weak, &[Sad; 4], 1).is_none());
}
