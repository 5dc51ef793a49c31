use facespace::evaluate::auc;
use facespace::evaluate::bootstrap::{Draws, interval, mean, measure, measure_each};

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

/// Positive scores lie evenly in -0.4..1.6, negative ones in -1..1: the difference of two such spreads has a triangle's
/// density, so that a positive one is above a negative one in 1 - 1.4^2 / 8 of all cases.
#[test]
fn the_interval_of_an_area_covers_it_in_about_95_of_100_samples() {
    let mut noise = Noise::new(13);
    let (trials, n) = (200, 80);
    let truth = 1.0 - 1.4 * 1.4 / 8.0;
    let positive: Vec<bool> = (0..n).map(|i| i % 2 == 0).collect();
    let (mut covered, mut sum) = (0, 0.0);
    for trial in 0..trials {
        let scores: Vec<f32> = positive.iter().map(|is| noise.next() + if *is { 0.6 } else { 0.0 }).collect();
        let found = auc::measured(&scores, &positive, trial).unwrap();
        let range = found.interval.unwrap();
        covered += u64::from(range.low <= truth && truth <= range.high);
        sum += found.value;
    }
    assert!((sum / trials as f64 - truth).abs() < 0.02, "{sum} of {trials}");
    assert!((172..=199).contains(&covered), "{covered} of {trials}");
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

/// Twenty-five people with four pictures each that are all but the same: they say no more than twenty-five pictures.
/// Drawn one by one they look like a hundred, whose interval is half as wide and covers the truth in 0.98 / 1.96 of a
/// standard deviation to each side: about 67 of 100 times.
#[test]
fn pictures_of_a_person_are_drawn_together() {
    let mut noise = Noise::new(17);
    let people: Vec<usize> = (0..100).map(|i| i / 4).collect();
    let (mut together, mut alone) = (0, 0);
    for trial in 0..200 {
        let looks: Vec<f64> = (0..25).map(|_| f64::from(noise.next())).collect();
        let values: Vec<f64> = people.iter().map(|&person| looks[person]).collect();
        let covers = |draws: Draws| {
            let range = mean(&values, draws).unwrap().interval.unwrap();
            u64::from(range.low <= 0.0 && 0.0 <= range.high)
        };
        together += covers(Draws::by_group(trial, &people));
        alone += covers(Draws::from(trial));
    }
    assert!((172..=199).contains(&together), "{together} of 200");
    assert!((110..=160).contains(&alone), "{alone} of 200");
}

#[test]
fn groups_of_one_and_one_group_are_drawn_item_by_item() {
    let values = [1.0, 5.0, 2.0, 8.0, 3.0];
    let plain = mean(&values, 7);
    assert_eq!(mean(&values, Draws::by_group(7, &[4, 0, 9, 2, 1])), plain);
    assert_eq!(mean(&values, Draws::by_group(7, &[3; 5])), plain);
    // Two groups of two and three items: a sample has four, five or six, whole groups of them.
    interval(5, Draws::by_group(7, &[0, 1, 1, 0, 1]), |counts| {
        assert!(counts[0] == counts[3] && counts[1] == counts[2] && counts[2] == counts[4]);
        assert_eq!(counts[0] + counts[1], 2);
        Some(0.0)
    });
}

#[test]
fn several_figures_are_measured_as_each_alone() {
    let (a, b) = ([1.0, 5.0, 2.0, 8.0], [0.0, 1.0, 0.0, 0.0]);
    let weighted = |values: &[f64; 4], counts: &[u32]| {
        let sum: f64 = values.iter().zip(counts).map(|(value, &count)| value * f64::from(count)).sum();
        Some(sum / 4.0)
    };
    let all = measure_each(4, 9, |counts| vec![weighted(&a, counts), None, weighted(&b, counts)]);
    assert_eq!(all, [mean(&a, 9), None, mean(&b, 9)]);
    assert_eq!(measure_each(0, 9, |_| vec![None]), [None]);
}
