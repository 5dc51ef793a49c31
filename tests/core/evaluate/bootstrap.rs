use facespace::evaluate::bootstrap::{interval, mean, measure};

use super::Noise;

#[test]
fn the_interval_of_a_mean_covers_it_in_about_95_of_100_samples() {
    let mut noise = Noise::new(11);
    let (trials, n) = (200, 40);
    let mut covered = 0;
    for trial in 0..trials {
        let values: Vec<f64> = (0..n).map(|_| f64::from(noise.next())).collect();
        let found = mean(&values, trial).unwrap();
        assert_eq!(found.n, n);
        assert!((found.value - values.iter().sum::<f64>() / n as f64).abs() < 1e-9);
        let range = found.interval.unwrap();
        covered += u64::from(range.low <= 0.0 && 0.0 <= range.high);
        // 1.96 standard errors of a uniform distribution over -1..1 to each side, roughly.
        let expected = 2.0 * 1.96 / (3.0 * n as f64).sqrt();
        assert!((0.6..1.5).contains(&((range.high - range.low) / expected)));
    }
    assert!((178..=198).contains(&covered), "{covered} of {trials}");
}

#[test]
fn it_is_the_same_for_the_same_seed_and_nothing_for_nothing() {
    let mut noise = Noise::new(5);
    let values: Vec<f64> = (0..30).map(|_| f64::from(noise.next())).collect();
    assert_eq!(mean(&values, 3), mean(&values, 3));
    assert_ne!(mean(&values, 3), mean(&values, 4));
    assert_eq!(mean(&[], 3), None);
    let constant = mean(&[2.0; 9], 1).unwrap();
    assert_eq!(constant.interval.map(|range| (range.low, range.high)), Some((2.0, 2.0)));
}

#[test]
fn samples_have_as_many_items_and_figures_that_fail_have_no_interval() {
    interval(7, 1, |counts| {
        assert_eq!((counts.len(), counts.iter().sum::<u32>()), (7, 7));
        Some(0.0)
    });
    assert_eq!(interval(7, 1, |_| None), None);
    assert_eq!(measure(7, 1, |_| None), None);
    // A figure of the items as they are, which no other sample allows.
    let picky = measure(7, 1, |counts| counts.iter().all(|&count| count == 1).then_some(1.5)).unwrap();
    assert_eq!((picky.value, picky.interval), (1.5, None));
}
