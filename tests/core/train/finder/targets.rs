//! What the networks are to answer, and what wrong answers cost, worked out by hand.

use burn::tensor::{Device, Tensor, TensorData};
use facespace::face::Landmarks;
use facespace::train::finder::detector::{place_loss, score_loss};
use facespace::train::finder::frames::weight;
use facespace::train::finder::landmarks::{face_loss, points_loss};
use facespace::train::finder::settings::{Course, Network};
use facespace::train::finder::targets::{ACROSS, CELLS, Face, Targets, Truth};

fn near(found: f32, expected: f32) -> bool {
    (found - expected).abs() < 1e-4
}

/// Number of the cell in this column and row.
fn cell(column: usize, row: usize) -> usize {
    row * ACROSS + column
}

fn one_face(centre: [f32; 2], height: f32, complete: bool) -> Targets {
    Targets::of(&Truth { faces: vec![Face { centre, height }], complete, ..Truth::default() })
}

#[test]
fn the_cell_of_a_face_says_where_it_is_and_how_large() {
    let targets = one_face([70.0, 66.0], 28.284_271, true);
    let own = cell(8, 8);
    assert_eq!(targets.is_face.iter().sum::<f32>(), 1.0);
    assert_eq!((targets.is_face[own], targets.counts[own]), (1.0, 1.0));
    // The cell's middle is at (68, 68).
    let place = [0, 1, 2].map(|plane| targets.place[plane * CELLS + own]);
    assert!(near(place[0], 0.25) && near(place[1], -0.25) && near(place[2], 0.0), "{place:?}");
    // Its neighbours are too near to say no, the others say it.
    assert_eq!(targets.counts[cell(9, 8)], 0.0);
    assert_eq!((targets.counts[cell(11, 8)], targets.is_face[cell(11, 8)]), (1.0, 0.0));
    assert_eq!(targets.counts[cell(0, 0)], 1.0);
}

#[test]
fn only_what_is_near_a_labelled_face_is_known_of_a_photograph() {
    let targets = one_face([68.0, 68.0], 40.0, false);
    // 24 px away, less than three quarters of the height; 40 px is more.
    assert_eq!((targets.counts[cell(11, 8)], targets.is_face[cell(11, 8)]), (1.0, 0.0));
    assert_eq!(targets.counts[cell(13, 8)], 0.0);
    assert_eq!(one_face([68.0, 68.0], 40.0, true).counts[cell(13, 8)], 1.0);
}

#[test]
fn faces_of_other_sizes_are_not_answered() {
    for (height, answered, asked) in
        [(19.0, true, true), (44.0, true, true), (50.0, false, false), (15.5, false, false)]
    {
        let targets = one_face([68.0, 68.0], height, true);
        let own = cell(8, 8);
        assert_eq!((targets.is_face[own] == 1.0, targets.counts[own] == 1.0), (answered, asked), "{height}");
    }
    for height in [10.0, 80.0] {
        let targets = one_face([68.0, 68.0], height, true);
        assert!(targets.is_face.iter().all(|v| *v == 0.0) && targets.counts.iter().all(|v| *v == 1.0), "{height}");
    }
}

#[test]
fn what_is_a_face_or_not_is_not_asked() {
    let doubtful = vec![Face { centre: [20.0, 20.0], height: 30.0 }];
    let targets = Targets::of(&Truth { doubtful, complete: true, ..Truth::default() });
    assert_eq!(targets.counts[cell(2, 2)], 0.0);
    assert_eq!(targets.counts[cell(8, 8)], 1.0);
    assert!(targets.is_face.iter().all(|v| *v == 0.0));
}

fn row(values: &[f32]) -> Tensor<1> {
    Tensor::from_data(TensorData::new(values.to_vec(), [values.len()]), &Device::flex())
}

/// `[1, channels, 1, width]`.
fn cells(values: &[f32], channels: usize) -> Tensor<4> {
    row(values).reshape([1, channels, 1, values.len() / channels])
}

fn number(loss: Tensor<1>) -> f32 {
    loss.try_into_vec_as::<f32>().unwrap()[0]
}

#[test]
fn the_score_costs_what_is_missed_and_imagined() {
    let half = 0.25 * 2.0f32.ln();
    let logits = || cells(&[0.0, 0.0, 0.0, 9.0], 1);
    // A face missed by half, one imagined by half, and two cells that nobody asks.
    let loss = score_loss(logits(), cells(&[1.0, 0.0, 1.0, 0.0], 1), cells(&[1.0, 1.0, 0.0, 0.0], 1));
    assert!(near(number(loss), 2.0 * half / 2.0));
    let none = score_loss(logits(), cells(&[0.0; 4], 1), cells(&[1.0, 0.0, 0.0, 0.0], 1));
    assert!(near(number(none), half));
    let sure = score_loss(cells(&[20.0, -20.0], 1), cells(&[1.0, 0.0], 1), cells(&[1.0, 1.0], 1));
    assert!(number(sure).abs() < 1e-6);
}

#[test]
fn the_place_costs_where_there_is_a_face() {
    // Of two cells the second has a face; it is off by 1, 0 and 0.1.
    let answers = cells(&[5.0, 1.0, 5.0, 2.0, 5.0, 0.3], 3);
    let place = cells(&[0.0, 0.0, 0.0, 2.0, 0.0, 0.2], 3);
    let expected = (1.01f32.sqrt() - 0.1) + (0.02f32.sqrt() - 0.1);
    assert!(near(number(place_loss(answers, place, cells(&[0.0, 1.0], 1))), expected));
}

#[test]
fn points_cost_their_distance_in_distances_of_the_eyes() {
    let truth = vec![0.5; 2 * 136];
    let mut answers = truth.clone();
    // The first face's point is off by half a frame, the second's does not count.
    (answers[10], answers[11], answers[140]) = (0.8, 0.9, 4.0);
    let tensor = |values: Vec<f32>| row(&values).reshape([2, 136]);
    let loss = number(points_loss(tensor(answers), tensor(truth), row(&[2.0, 0.0])));
    let expected = ((1.0f32 + 1e-4).sqrt() - 0.01) / 68.0;
    assert!(near(loss, expected), "{loss} instead of {expected}");
    // An outer eye corner is half a frame from the other.
    let mut points: Landmarks = [[0.5; 2]; 68];
    for (i, point) in points.iter_mut().enumerate() {
        *point = match i {
            36..42 => [0.25 + 0.02 * (i - 36) as f32, 0.4],
            42..48 => [0.69 + 0.02 * (i - 42) as f32, 0.4],
            _ => [0.5, 0.7],
        };
    }
    assert!(near(weight(&points), 1.0 / 0.5), "{}", weight(&points));
}

#[test]
fn the_face_costs_a_cross_entropy() {
    let loss = |logits: &[f32], faces: &[f32]| number(face_loss(row(logits), row(faces)));
    assert!(near(loss(&[0.0, 0.0], &[1.0, 0.0]), 2.0f32.ln()));
    assert!(near(loss(&[3.0, 3.0], &[1.0, 0.0]), (1.0 + (-3.0f32).exp()).ln() + 1.5));
    assert!(loss(&[-30.0, 30.0], &[0.0, 1.0]).abs() < 1e-6);
}

#[test]
fn the_rate_rises_and_falls() {
    let course = Course { steps: 1000, rate: 1e-3, warm_up: 100, ..Course::usual(Network::Detector) };
    assert!(course.rate(0) < 2e-5 && course.rate(49) < course.rate(99));
    assert!((course.rate(100) - 1e-3).abs() < 5e-5 && (course.rate(500) - 5e-4).abs() < 2e-5);
    assert!(course.rate(999) < 2e-5 && course.rate(999) > 0.0);
}
