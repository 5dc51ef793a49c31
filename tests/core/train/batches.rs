//! Prepared batches: the same whatever prepares them.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use facespace::data::image::views::{self, View};
use facespace::nn::picture::MEAN;
use facespace::train::batches::{AHEAD, Batch, BatchError, Loader, Plan, Planner};
use facespace::train::samplers::{Pool, ViewRange, stage_one_plan};

use super::crop_sets::{damage, picture, plain_set, record, set_of};

const RANGE: ViewRange = ViewRange { mirror: true, turn_deg: 15.0, shift_px: 2.0 };

fn planner(len: usize, n: usize) -> Planner {
    let pool = Pool::All(len);
    Arc::new(move |step| {
        let mut plan = stage_one_plan(&pool, RANGE, 7, step, n);
        if step % 2 == 1 {
            plan.second = stage_one_plan(&pool, RANGE, 8, step, n).views;
        }
        plan
    })
}

fn same(a: &Batch, b: &Batch) -> bool {
    (a.step, &a.pictures, &a.second, &a.crops) == (b.step, &b.pictures, &b.second, &b.crops)
        && (&a.labels, &a.second_labels) == (&b.labels, &b.second_labels)
}

#[test]
fn batches_do_not_depend_on_the_workers_nor_on_where_they_begin() {
    let folder = tempfile::tempdir().unwrap();
    let set = plain_set(folder.path(), 11);
    let batches = |workers, first, count| -> Vec<Batch> {
        let loader = Loader::start(set.clone(), planner(11, 5), first, workers, false).unwrap();
        (0..count).map(|_| loader.next().unwrap()).collect()
    };
    let one = batches(1, 0, 7);
    assert_eq!(one.iter().map(|batch| batch.step).collect::<Vec<_>>(), [0, 1, 2, 3, 4, 5, 6]);
    assert_eq!(one[0].pictures.len(), 5 * 3 * 128 * 128);
    assert!(one[0].second.is_empty() && one[0].second_labels.is_empty());
    assert_eq!((one[1].second.len(), one[1].second_labels.len()), (5 * 3 * 128 * 128, 5));
    for (workers, first) in [(0, 0), (3, 0), (8, 0), (2, 4)] {
        let others = batches(workers, first, 7 - first as usize);
        assert!(one[first as usize..].iter().zip(&others).all(|(a, b)| same(a, b)), "{workers} workers from {first}");
    }
}

#[test]
fn pictures_and_labels_are_as_the_view_shows_them() {
    let folder = tempfile::tempdir().unwrap();
    let set = plain_set(folder.path(), 3);
    let view = View { mirror: true, turn_deg: 10.0, shift_px: [1.0, -1.0], light: None };
    let (first, second) = (view.clone(), View::plain());
    let plan = move |_| Plan { crops: vec![2], views: vec![first.clone()], second: vec![second.clone()] };
    let batch = Loader::start(set.clone(), Arc::new(plan), 0, 1, false).unwrap().next().unwrap();

    let stored = set.picture(2).unwrap();
    let mut planes = vec![0.0; 3 * 128 * 128];
    views::planes(&views::render(&stored, &view, false), MEAN, &mut planes);
    assert_eq!(batch.pictures, planes);
    let middle = stored.get_pixel(20 + 64, 20 + 50).0;
    let there = [0, 1, 2].map(|channel| batch.second[(channel * 128 + 50) * 128 + 64]);
    for channel in 0..3 {
        assert!((there[channel] - (f32::from(middle[channel]) / 255.0 - MEAN[channel])).abs() < 1e-6);
    }
    let known = set.label(2).unwrap();
    assert_eq!(batch.labels[0].pose_deg, Some(views::pose_seen(known.pose_deg.unwrap(), &view)));
    assert_eq!(batch.second_labels[0].pose_deg, known.pose_deg);
    let points = views::landmarks_seen(known.landmarks.as_ref().unwrap(), 168, &view);
    assert_eq!(batch.labels[0].landmarks.as_deref(), Some(&points));
}

#[test]
fn turns_are_folded_into_what_each_margin_allows() {
    let folder = tempfile::tempdir().unwrap();
    let sides = [128, 144, 168];
    let set = set_of(folder.path(), &[("drawn", (0..3).map(|i| record(i, sides[i])).collect())]);
    let side_of: Vec<u32> = (0..3).map(|crop| set.picture(crop).unwrap().width()).collect();
    let turned = |turn_deg| View { turn_deg, shift_px: [2.0; 2], ..View::plain() };
    let plan = move |step| Plan {
        crops: vec![0, 1, 2],
        views: [3.0, 10.0, -15.0].map(|turn| turned(if step == 0 { turn } else { -12.0 })).into(),
        second: (0..3).map(|_| turned(10.0)).collect(),
    };
    let loader = Loader::start(set, Arc::new(plan), 0, 2, false).unwrap();
    let batch = loader.next().unwrap();
    for (crop, side) in side_of.into_iter().enumerate() {
        // Roll is 1 degree in the stored pictures.
        let roll = batch.second_labels[crop].pose_deg.unwrap()[2];
        let expected = match side {
            128 => 1.0,
            144 => 7.0,
            _ => 11.0,
        };
        assert!((roll - expected).abs() < 1e-4, "{side}: {roll}");
        let first = batch.labels[crop].pose_deg.unwrap()[2] - 1.0;
        assert!(first.abs() <= views::max_turn_deg(side) + 1e-4);
    }
}

#[test]
fn an_unreadable_picture_is_replaced_by_the_next_and_counted() {
    let folder = tempfile::tempdir().unwrap();
    let set = plain_set(folder.path(), 5);
    damage(folder.path(), 4);
    damage(folder.path(), 0);
    let plan = |_| Plan { crops: vec![3, 4, 0, 4], views: vec![View::plain(); 4], second: Vec::new() };
    for workers in [1, 3] {
        let loader = Loader::start(set.clone(), Arc::new(plan), 0, workers, false).unwrap();
        let batch = loader.next().unwrap();
        assert_eq!(batch.crops, [3, 1, 1, 1]);
        assert_eq!(batch.labels[1], batch.labels[2]);
        let one = 3 * 128 * 128;
        assert_eq!(batch.pictures[one..2 * one], batch.pictures[2 * one..3 * one]);
        assert_eq!(loader.take_skipped(), HashSet::from([0, 4]));
    }
    (1..4).for_each(|crop| damage(folder.path(), crop));
    let loader = Loader::start(set, Arc::new(plan), 0, 2, false).unwrap();
    assert!(matches!(loader.next(), Err(BatchError::Set(_))));
    assert!(matches!(loader.next(), Err(BatchError::Ended)));
}

#[test]
fn a_panic_is_an_error_in_its_turn() {
    let folder = tempfile::tempdir().unwrap();
    let set = plain_set(folder.path(), 4);
    let plan = |step| {
        assert!(step != 2, "no plan for this step");
        Plan { crops: vec![0], views: vec![View::plain()], second: Vec::new() }
    };
    let loader = Loader::start(set.clone(), Arc::new(plan), 0, 3, false).unwrap();
    assert_eq!((loader.next().unwrap().step, loader.next().unwrap().step), (0, 1));
    let error = loader.next().unwrap_err();
    assert!(matches!(&error, BatchError::Panicked { step: 2, what } if what.contains("no plan")), "{error}");
    assert!(matches!(loader.next(), Err(BatchError::Ended)));

    let beyond = |_| Plan { crops: vec![4], views: vec![View::plain()], second: Vec::new() };
    let uneven = |_| Plan { crops: vec![1], views: Vec::new(), second: Vec::new() };
    for plan in [Arc::new(beyond) as Planner, Arc::new(uneven)] {
        let loader = Loader::start(set.clone(), plan, 0, 2, false).unwrap();
        assert!(matches!(loader.next(), Err(BatchError::BadPlan { step: 0, .. })));
    }
}

#[test]
fn it_looks_no_further_ahead_than_it_may_and_stops_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let set = plain_set(folder.path(), 8);
    let planned = Arc::new(AtomicU64::new(0));
    let (count, inner) = (planned.clone(), planner(8, 4));
    let plan: Planner = Arc::new(move |step| {
        count.fetch_add(1, Ordering::SeqCst);
        inner(step)
    });
    let loader = Loader::start(set.clone(), plan, 0, 3, false).unwrap();
    loader.next().unwrap();
    std::thread::sleep(Duration::from_millis(300));
    // The one that was taken, and those ahead.
    assert!(planned.load(Ordering::SeqCst) <= 1 + AHEAD as u64);
    assert!(loader.waited() > Duration::ZERO);
    drop(loader);
    // The threads have gone, and with them what they held.
    assert_eq!(Arc::strong_count(&planned), 1);

    // A batch of many pictures is not finished first.
    let many = |_| Plan { crops: vec![0; 3000], views: vec![View::plain(); 3000], second: Vec::new() };
    let loader = Loader::start(set, Arc::new(many), 0, 2, false).unwrap();
    std::thread::sleep(Duration::from_millis(50));
    let since = Instant::now();
    drop(loader);
    assert!(since.elapsed() < Duration::from_secs(2), "{:?}", since.elapsed());
}

#[test]
fn an_empty_plan_is_an_empty_batch() {
    let folder = tempfile::tempdir().unwrap();
    let set = plain_set(folder.path(), 2);
    assert_eq!(set.picture(1).unwrap(), picture(1, 168));
    let loader = Loader::start(set, Arc::new(|_| Plan::default()), 3, 1, true).unwrap();
    for step in 3..12 {
        let batch = loader.next().unwrap();
        assert_eq!((batch.step, batch.pictures.len(), batch.crops.len()), (step, 0, 0));
    }
}
