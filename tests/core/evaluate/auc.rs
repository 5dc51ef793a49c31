use facespace::evaluate::auc::{auc, one_vs_rest};
use facespace::face::Expression::{Happy, Sad};

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

#[test]
fn each_class_stands_against_the_rest() {
    let scores: Vec<Vec<f32>> = [[0.9, 0.1], [0.2, 0.8], [0.3, 0.7], [0.1, 0.9]]
        .iter()
        .map(|&[happy, sad]| {
            let mut row = vec![0.5; 8];
            (row[Happy.index()], row[Sad.index()]) = (happy, sad);
            row
        })
        .collect();
    let all = one_vs_rest(&scores, &[Happy, Happy, Sad, Sad], 1).unwrap();
    let classes: Vec<_> = all.classes.iter().map(|class| (class.class, class.auc, class.n)).collect();
    assert_eq!(classes, [(Happy, 0.75, 2), (Sad, 0.75, 2)]);
    assert_eq!((all.mean.value, all.mean.n), (0.75, 4));
    assert!(one_vs_rest(&scores, &[Sad; 4], 1).is_none());
}
