//! Which pictures a step shows.

use std::collections::{BTreeMap, BTreeSet};

use facespace::data::crops::Keys;
use facespace::data::image::views::View;
use facespace::train::codes::CodeView;
use facespace::train::macros::{Basis, Macro, MacroBatch, Task, Wanted, relit_groups, tasks};
use facespace::train::random::{Permutation, below, rng_for};
use facespace::train::samplers::{Pool, ViewRange, shuffled, stage_one_plan};

use super::crop_sets::{Row, keys};

const RANGE: ViewRange = ViewRange { mirror: true, turn_deg: 15.0, shift_px: 2.0 };

#[test]
fn draws_hang_on_seed_step_and_purpose() {
    let first = |seed, step, purpose| below(&mut rng_for(seed, step, purpose), usize::MAX);
    assert_eq!(first(1, 2, "views"), first(1, 2, "views"));
    let all = [first(1, 2, "views"), first(2, 1, "views"), first(1, 3, "views"), first(1, 2, "lights")];
    assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), 4);
}

#[test]
fn a_permutation_holds_everything_once_in_another_order_each_time() {
    for len in [0, 1, 2, 3, 5, 16, 17, 100, 1000, 4097] {
        let of = |step| Permutation::new(len, &mut rng_for(3, step, "order")).iter().collect::<Vec<_>>();
        let mut sorted = of(0);
        assert!(len < 16 || sorted != of(1));
        sorted.sort_unstable();
        assert!(sorted.into_iter().eq(0..len), "{len}");
    }
    // Each place is as often first as the others, about.
    let mut counts = [0; 10];
    (0..5000).for_each(|step| counts[Permutation::new(10, &mut rng_for(3, step, "order")).at(0)] += 1);
    assert!(counts.iter().all(|count| (400..600).contains(count)), "{counts:?}");
}

#[test]
fn an_epoch_shows_every_picture_once() {
    let (len, n) = (103, 10);
    let drawn: Vec<usize> = (0..40).flat_map(|step| shuffled(len, 5, step, n)).collect();
    let epochs: Vec<&[usize]> = drawn.chunks_exact(len).collect();
    assert_eq!(epochs.len(), 3);
    for epoch in &epochs {
        assert_eq!(epoch.iter().collect::<BTreeSet<_>>().len(), len);
    }
    assert_ne!(epochs[0], epochs[1]);
    // A batch may be longer than the set.
    assert_eq!(shuffled(3, 5, 1, 7).len(), 7);
    assert!(shuffled(0, 5, 1, 7).is_empty());
}

#[test]
fn stage_one_leaves_soft_sources_out() {
    let keys = keys((0..60).map(|i| Row::of((i / 20) as u16)));
    let sources = ["sharp", "soft", "other"].map(str::to_owned);
    assert_eq!(Pool::of_keys(&keys, &sources, &[]), Pool::All(60));
    let pool = Pool::of_keys(&keys, &sources, &["soft".to_owned()]);
    assert_eq!(pool.len(), 40);
    let shown: BTreeSet<usize> = (0..4).flat_map(|step| stage_one_plan(&pool, RANGE, 1, step, 10).crops).collect();
    assert!(shown.into_iter().eq((0..20).chain(40..60)));

    let plan = stage_one_plan(&pool, RANGE, 1, 3, 10);
    assert_eq!(plan, stage_one_plan(&pool, RANGE, 1, 3, 10));
    assert_ne!(plan.views, stage_one_plan(&pool, RANGE, 1, 4, 10).views);
    assert!(plan.views.iter().all(|view| view.turn_deg.abs() <= 15.0 && view.light.is_none()));
    let unmirrored = stage_one_plan(&pool, ViewRange { mirror: false, ..RANGE }, 1, 3, 10).views;
    assert!(plan.views.iter().any(|view| view.mirror));
    let same = plan.views.into_iter().map(|view| View { mirror: false, ..view });
    assert!(same.eq(unmirrored), "nothing else changes");
    let none = Pool::of_keys(&keys, &sources, &sources);
    assert!(none.is_empty() && stage_one_plan(&none, RANGE, 1, 0, 10).crops.is_empty());
}

/// A source of `people`, each with so many clips of so many pictures, and everything known.
fn clipped(source: u16, people: u32, clips: u32, pictures: u32) -> Vec<Row> {
    let base = u32::from(source) * 10_000;
    let mut rows = Vec::new();
    for person in 0..people {
        for clip in 0..clips {
            for picture in 0..pictures {
                rows.push(Row {
                    person: Some(base + person),
                    clip: Some(base + person * 100 + clip),
                    expression: Some((picture % 3) as u8),
                    has: 7,
                    ..Row::of(source)
                });
            }
        }
    }
    rows
}

/// The first batch of a task from `from` on.
fn batch_of(batches: &Macro, task: Task, from: u64, n: usize) -> MacroBatch {
    let step = (from..).find(|&step| batches.task_at(step) == Some(task)).unwrap();
    batches.batch(step, n).unwrap()
}

fn count_by<K: Ord>(crops: &[usize], key: impl Fn(usize) -> K) -> BTreeMap<K, usize> {
    let mut counts = BTreeMap::new();
    crops.iter().for_each(|&crop| *counts.entry(key(crop)).or_default() += 1);
    counts
}

fn distinct(crops: &[usize]) -> bool {
    crops.iter().collect::<BTreeSet<_>>().len() == crops.len()
}

#[test]
fn a_set_teaches_what_it_can() {
    let all = [Task::Pose, Task::Identity, Task::Style, Task::Expression];
    assert_eq!(tasks(&keys(clipped(0, 3, 2, 2)), 10), all);
    assert!(tasks(&Keys::default(), 10).is_empty());
    assert!(Macro::new(&Keys::default(), 1, Wanted::default()).batch(0, 8).is_none());

    // One person does not teach identity; nothing known teaches style by re-lit views.
    assert_eq!(tasks(&keys((0..30).map(|_| Row { person: Some(1), ..Row::of(0) })), 10), [Task::Style]);
    // Nine labelled faces are too few, and one class alone says nothing.
    let labelled =
        |count: u8, classes: u8| keys((0..count).map(|i| Row { expression: Some(i % classes), ..Row::of(0) }));
    assert_eq!(tasks(&labelled(9, 3), 10), [Task::Style]);
    assert_eq!(tasks(&labelled(10, 1), 10), [Task::Style]);
    assert_eq!(tasks(&labelled(10, 3), 10), [Task::Style, Task::Expression]);
    // Landmarks teach expression where that is wanted and the pose can be taken out of them: with angles, and enough.
    let marked = |count: usize, has: u8| keys((0..count).map(|_| Row { has, ..Row::of(0) }));
    assert_eq!(tasks(&marked(30, 3), 10), [Task::Pose, Task::Style, Task::Expression]);
    assert_eq!(tasks(&marked(29, 3), 10), [Task::Pose, Task::Style]);
    assert_eq!(tasks(&marked(30, 2), 10), [Task::Style]);
    let without = Wanted { geometry: false, ..Wanted::default() };
    assert_eq!(Macro::new(&marked(30, 3), 1, without).tasks(), [Task::Pose, Task::Style]);
}

#[test]
fn tasks_and_sources_come_in_rotation() {
    let rows: Vec<Row> = (0..3).flat_map(|source| clipped(source, 6, 4, 4)).collect();
    let batches = Macro::new(&keys(rows.clone()), 9, Wanted::default());
    for step in 0..24 {
        let batch = batches.batch(step, 20).unwrap();
        assert_eq!(batch.task, batches.tasks()[step as usize % 4]);
        assert_eq!(batch.source, Some((step / 4 % 3) as u16));
        assert_eq!(batch.crops.len(), 20);
        assert!(batch.crops.iter().all(|&crop| Some(rows[crop].source) == batch.source));
        assert_eq!(batch.basis.is_some(), batch.task == Task::Expression);
        // The same from a sampler of its own, as after a restart.
        assert_eq!(Some(batch), Macro::new(&keys(rows.clone()), 9, Wanted::default()).batch(step, 20));
        assert_eq!(batches.plan(step, 20, RANGE), batches.plan(step, 20, RANGE));
    }
    assert_ne!(batches.batch(1, 20), Macro::new(&keys(rows), 10, Wanted::default()).batch(1, 20));
}

#[test]
fn identity_has_twenty_people_and_more_until_it_is_full() {
    // Some people have one picture, some many.
    let sizes = |person: u32| if person.is_multiple_of(4) { 1 } else { 2 + person % 9 };
    let rows: Vec<Row> = (0..200)
        .flat_map(|person| (0..sizes(person)).map(move |_| Row { person: Some(person), ..Row::of(0) }))
        .collect();
    let batches = Macro::new(&keys(rows.clone()), 2, Wanted::default());
    for step in 0..20 {
        for n in [16, 40, 100, 101] {
            let batch = batch_of(&batches, Task::Identity, step, n);
            let people = count_by(&batch.crops, |crop| rows[crop].person);
            assert_eq!(batch.crops.len(), n);
            assert!(distinct(&batch.crops));
            assert!(people.values().all(|&count| count >= 2), "{people:?}");
            assert!(people.len() >= (n / 2).min(20), "{}", people.len());
        }
    }
    // Two people of two pictures: their pictures come again.
    let few = keys((0..4).map(|i| Row { person: Some(i / 2), ..Row::of(0) }));
    let batch = batch_of(&Macro::new(&few, 2, Wanted::default()), Task::Identity, 0, 12);
    assert_eq!(count_by(&batch.crops, |crop| crop).into_values().collect::<Vec<_>>(), [3; 4]);
}

#[test]
fn style_has_five_people_with_four_clips_of_two_pictures_or_more() {
    let mut rows = clipped(0, 12, 6, 5);
    // People with fewer clips, which are not needed here.
    rows.extend(clipped(0, 12, 2, 5).into_iter().map(|row| Row {
        person: row.person.map(|person| person + 1000),
        clip: row.clip.map(|clip| clip + 100_000),
        ..row
    }));
    let batches = Macro::new(&keys(rows.clone()), 2, Wanted::default());
    assert!(!batches.relit());
    for step in 0..20 {
        let batch = batch_of(&batches, Task::Style, step, 100);
        assert!(!batch.relit && distinct(&batch.crops) && batch.crops.len() == 100);
        let people = count_by(&batch.crops, |crop| rows[crop].person);
        assert_eq!(people.into_values().collect::<Vec<_>>(), [20; 5]);
        let clips = count_by(&batch.crops, |crop| (rows[crop].person, rows[crop].clip));
        assert_eq!(clips.into_values().collect::<Vec<_>>(), [5; 20]);
    }
    // A small batch has fewer clips and people, never a picture alone in its clip.
    for n in [4, 8, 16, 20, 30, 37] {
        let batch = batch_of(&batches, Task::Style, 3, n);
        let clips = count_by(&batch.crops, |crop| rows[crop].clip);
        assert!(clips.values().all(|&count| count >= 2), "{n}: {clips:?}");
        let people = count_by(&batch.crops, |crop| rows[crop].person);
        assert!(people.keys().all(|person| {
            count_by(&batch.crops, |crop| (rows[crop].person == *person).then_some(rows[crop].clip)).len() >= 2
        }));
        assert_eq!(batch.crops.len(), n);
    }
    // A set of three people with two clips gives what it has.
    let few = clipped(0, 3, 2, 3);
    let batch = batch_of(&Macro::new(&keys(few.clone()), 2, Wanted::default()), Task::Style, 0, 40);
    assert_eq!(batch.crops.len(), 40);
    assert_eq!(count_by(&batch.crops, |crop| few[crop].clip).len(), 6);
}

#[test]
fn without_clips_style_trains_from_relit_views() {
    let batches = Macro::new(&keys((0..50).map(|_| Row::of(0))), 2, Wanted::default());
    assert!(batches.relit());
    let batch = batches.batch(0, 12).unwrap();
    assert!(batch.relit && batch.crops.len() == 12);
    assert!(batch.crops.chunks(2).all(|pair| pair[0] == pair[1]));
    let plan = batches.plan(0, 12, RANGE);
    assert_eq!((plan.views.len(), plan.second.len()), (12, 12));
    assert!(plan.views.iter().all(|view| view.light.is_none()));
    for (pair, first) in plan.second.chunks(2).zip(plan.views.chunks(2)) {
        assert!(pair[0].light.is_some() && pair[0].light == pair[1].light);
        assert_ne!(pair[0].turn_deg, pair[1].turn_deg);
        assert_ne!(first[0].turn_deg, pair[0].turn_deg);
    }
    let cached = batches.cached(0, 12);
    assert_eq!(cached.len(), 12);
    let (people, clips) = relit_groups(cached.iter().map(|one| (one.crop, one.view == CodeView::Relit)));
    assert_eq!(people.iter().collect::<BTreeSet<_>>().len(), 4);
    assert_eq!(clips.iter().collect::<BTreeSet<_>>().len(), 8);
}

#[test]
fn every_class_of_expression_occurs() {
    // 5 of a thousand are afraid.
    let rows: Vec<Row> =
        (0..1000).map(|i| Row { expression: Some(if i % 200 == 7 { 4 } else { i as u8 % 2 }), ..Row::of(0) }).collect();
    let batches = Macro::new(&keys(rows.clone()), 2, Wanted::default());
    let mut afraid = 0;
    for step in 0..20 {
        let batch = batch_of(&batches, Task::Expression, step, 30);
        assert_eq!(batch.basis, Some(Basis::Label));
        assert!(distinct(&batch.crops));
        afraid += count_by(&batch.crops, |crop| rows[crop].expression).get(&Some(4)).copied().unwrap_or(0);
    }
    // A third of each batch, or all five that there are.
    assert!(afraid >= 20 * 4, "{afraid}");

    // What is measured goes before what is labelled; labelled faces among the measured ones go first.
    let measured: Vec<Row> = (0..40)
        .map(|i| Row { has: if i < 30 { 3 } else { 0 }, expression: (i % 2 == 0).then_some(1), ..Row::of(0) })
        .collect();
    let batch = batch_of(&Macro::new(&keys(measured.clone()), 2, Wanted::default()), Task::Expression, 0, 15);
    assert_eq!(batch.basis, Some(Basis::Geometry));
    assert!(batch.crops.iter().all(|&crop| measured[crop].has == 3 && measured[crop].expression == Some(1)));
}

#[test]
fn pose_shows_every_picture_with_angles_once_an_epoch() {
    let rows: Vec<Row> = (0..40).map(|i| Row { has: u8::from(i % 2 == 0), ..Row::of(0) }).collect();
    let batches = Macro::new(&keys(rows), 2, Wanted::default());
    let steps = (0..).filter(|&step| batches.task_at(step) == Some(Task::Pose)).take(4);
    let mut shown: Vec<usize> = steps.flat_map(|step| batches.batch(step, 5).unwrap().crops).collect();
    shown.sort_unstable();
    assert!(shown.into_iter().eq((0..40).step_by(2)));
}

#[test]
fn cached_style_keeps_the_light_of_a_clip() {
    let batches = Macro::new(&keys(clipped(0, 6, 4, 4)), 2, Wanted::default());
    for step in 0..8 {
        let cached = batches.cached(step, 40);
        let crops: Vec<usize> = cached.iter().map(|one| one.crop).collect();
        assert_eq!(crops, batches.batch(step, 40).unwrap().crops);
        let views: BTreeSet<CodeView> = cached.iter().map(|one| one.view).collect();
        let style = batches.task_at(step) == Some(Task::Style);
        assert_eq!(views.len(), if style { 2 } else { 4 });
        assert!(!style || !views.contains(&CodeView::Relit));
    }
}
