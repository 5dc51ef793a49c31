//! Codes in memory, queries, and searches against plain sums in double precision.

use facespace::face::{CODE_DIM, Direction, FaceCode, Part, Pose, UnitPart};
use facespace::gallery::codes::pose_likeness;
use facespace::gallery::search::scores;
use facespace::gallery::{Codes, Hit, Query, QueryError, Target, top};

use crate::evaluate::Noise;

/// Faces that look random; their keys are ten times their places.
pub fn drawn(count: usize, seed: u64) -> Codes {
    let mut noise = Noise::new(seed);
    let mut codes = Codes::with_capacity(count);
    for place in 0..count {
        assert!(codes.push(10 * place as i64, &noise.code(0.6)));
    }
    codes
}

/// What `work` gives on so many threads.
pub fn on_threads<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(work)
}

fn query(codes: &Codes, faces: &[(usize, f32)], weights: [f32; 4]) -> Query {
    Query { faces: faces.iter().map(|&(place, weight)| (codes.face(place), weight)).collect(), weights }
}

/// The 99 numbers that a query stands for: the weighted mean, of length 1 in each unit part.
fn wanted(query: &Query) -> [f64; CODE_DIM] {
    let mut mean = [0.0; CODE_DIM];
    let total: f64 = query.faces.iter().map(|(_, weight)| f64::from(*weight)).sum();
    for (face, weight) in &query.faces {
        for (mean, number) in mean.iter_mut().zip(face.to_array()) {
            *mean += f64::from(number) * f64::from(*weight) / total;
        }
    }
    for unit in UnitPart::ALL {
        let part = &mut mean[unit.part().range()];
        let length = part.iter().map(|number| number * number).sum::<f64>().sqrt();
        part.iter_mut().for_each(|number| *number /= length);
    }
    mean
}

/// The score of a face with these numbers.
fn by_hand(wanted: &[f64; CODE_DIM], weights: [f32; 4], f: &[f32; CODE_DIM]) -> f64 {
    let likeness = |part: Part| {
        let pairs = part.range().map(|i| (f64::from(f[i]), wanted[i]));
        match part {
            Part::Pose => 1.0 - pairs.map(|(a, b)| (a - b).powi(2)).sum::<f64>() / 2.0,
            _ => pairs.map(|(a, b)| a * b).sum(),
        }
    };
    let sizes: f64 = weights.iter().map(|weight| f64::from(weight.abs())).sum();
    Part::ALL.into_iter().zip(weights).map(|(part, weight)| f64::from(weight) / sizes * likeness(part)).sum()
}

fn places(hits: &[Hit]) -> Vec<usize> {
    hits.iter().map(|hit| hit.place).collect()
}

#[track_caller]
fn target(query: &Query) -> Target {
    query.target().unwrap()
}

#[test]
fn every_search_is_exact() {
    // Three blocks, the last of them short.
    let codes = drawn(2500, 3);
    for (faces, weights) in [
        (vec![(7, 1.0)], [1.0, 1.0, 1.0, 1.0]),
        (vec![(7, 1.0)], [0.0, -0.5, 1.0, 0.0]),
        (vec![(2499, 2.0)], [-1.0, 0.0, 0.0, 0.0]),
        (vec![(1, 0.5), (2, 1.5), (3, 0.0)], [0.3, 1.0, 0.2, -0.1]),
    ] {
        let query = query(&codes, &faces, weights);
        let wanted = wanted(&query);
        let of_place: Vec<f64> =
            (0..codes.len()).map(|place| by_hand(&wanted, weights, &codes.numbers(place))).collect();
        let mut expected = of_place.clone();
        expected.sort_by(|a, b| b.total_cmp(a));
        for k in [1, 20, 2500, 9000] {
            let hits = top(&codes, &target(&query), None, k);
            assert_eq!(hits.len(), k.min(2500));
            for (hit, expected) in hits.iter().zip(&expected) {
                assert!((f64::from(hit.score) - expected).abs() < 1e-5, "{hit:?} instead of {expected}");
                assert!((f64::from(hit.score) - of_place[hit.place]).abs() < 1e-5);
            }
            let mut distinct = places(&hits);
            distinct.sort_unstable();
            distinct.dedup();
            assert_eq!(distinct.len(), hits.len());
        }
    }
    assert!(top(&codes, &target(&query(&codes, &[(0, 1.0)], [1.0; 4])), None, 0).is_empty());
    assert!(top(&Codes::default(), &target(&query(&codes, &[(0, 1.0)], [1.0; 4])), None, 5).is_empty());
}

#[test]
fn a_face_finds_itself_first() {
    let codes = drawn(1500, 4);
    let hits = top(&codes, &target(&Query::of(&codes.face(1234), [0.2, 1.0, 0.5, 0.1])), None, 3);
    assert_eq!(hits[0].place, 1234);
    assert!((hits[0].score - 1.0).abs() < 1e-5 && hits[1].score < 0.99);
}

#[test]
fn only_what_is_selected_is_found() {
    let codes = drawn(5000, 5);
    let target = target(&query(&codes, &[(9, 1.0)], [0.0, 1.0, 1.0, 0.0]));
    let all = top(&codes, &target, None, 5000);
    let selected: Vec<bool> = (0..5000).map(|place| place % 7 == 3 && place > 2000).collect();
    let expected: Vec<Hit> = all.iter().copied().filter(|hit| selected[hit.place]).collect();
    assert_eq!(top(&codes, &target, Some(&selected), 5000), expected);
    assert_eq!(top(&codes, &target, Some(&selected), 20), expected[..20]);
    // A selection that was made before faces came on.
    let hits = top(&codes, &target, Some(&selected[..2500]), 5000);
    assert_eq!(hits, expected.iter().copied().filter(|hit| hit.place < 2500).collect::<Vec<Hit>>());
    assert!(top(&codes, &target, Some(&vec![false; 5000]), 20).is_empty());
    assert!(top(&codes, &target, Some(&[]), 20).is_empty());
}

#[test]
fn equal_scores_come_in_the_order_of_the_faces() {
    let mut codes = Codes::default();
    let face = drawn(1, 6).numbers(0);
    for key in 0..3000 {
        codes.push(key, &face);
    }
    let target = target(&Query::of(&codes.face(0), [1.0, -0.2, 0.4, 1.0]));
    assert_eq!(places(&top(&codes, &target, None, 5)), [0, 1, 2, 3, 4]);
    let odd: Vec<bool> = (0..3000).map(|place| place % 2 == 1).collect();
    assert_eq!(places(&top(&codes, &target, Some(&odd), 3)), [1, 3, 5]);
}

#[test]
fn the_number_of_cores_changes_nothing() {
    let codes = drawn(20_000, 7);
    let target = target(&query(&codes, &[(5, 1.0), (6, 1.0)], [0.5, 1.0, -1.0, 0.2]));
    let [one, four] = [1, 4].map(|threads| on_threads(threads, || top(&codes, &target, None, 100)));
    assert_eq!(one, four);
    assert_eq!(one.len(), 100);
}

#[test]
fn a_score_is_what_its_parts_say() {
    let codes = drawn(1100, 8);
    let query = query(&codes, &[(1, 1.0)], [0.5, -0.5, 1.0, 0.0]);
    let target = target(&query);
    for (place, score) in scores(&codes, &target).into_iter().enumerate() {
        let parts = target.parts_of(&codes, place);
        assert!((target.score(parts) - score).abs() < 1e-5);
        let face = codes.face(place);
        let angle = face.style.angle_deg(&codes.face(1).style).to_radians();
        assert!((parts[3] - angle.cos()).abs() < 1e-4, "also of the part that counts nothing");
    }
    let own = target.parts_of(&codes, 1);
    assert!(own.iter().all(|likeness| (likeness - 1.0).abs() < 1e-5), "{own:?}");
}

#[test]
fn poses_are_as_alike_as_the_cosine_of_their_distance() {
    let at = |deg: f32| pose_likeness(&[0.0; 3], &[deg.to_radians(), 0.0, 0.0]);
    assert_eq!(at(0.0), 1.0);
    assert!((at(15.0) - 15.0f32.to_radians().cos()).abs() < 2e-3);
    assert!(at(81.5) < 0.0 && at(80.0) > 0.0 && at(114.0) > -1.0);
}

#[test]
fn a_query_says_what_it_lacks() {
    let face = drawn(1, 9).face(0);
    let mut opposite = face;
    opposite.style = Direction::new(face.style.as_array().map(|number| -number)).unwrap();
    let target = |faces: &[(FaceCode, f32)], weights| Query { faces: faces.to_vec(), weights }.target();
    let all = [1.0; 4];
    assert_eq!(target(&[], all).unwrap_err(), QueryError::NoFace);
    assert_eq!(target(&[(face, 0.0), (face, 0.0)], all).unwrap_err(), QueryError::NoFaceCounts);
    assert_eq!(target(&[(face, 1.0), (face, -1.0)], all).unwrap_err(), QueryError::FaceWeight(-1.0));
    assert!(target(&[(face, f32::NAN)], all).is_err() && target(&[(face, f32::INFINITY)], all).is_err());
    assert_eq!(target(&[(face, 1.0)], [0.0, -0.0, 0.0, 0.0]).unwrap_err(), QueryError::NoPartCounts);
    let refused = QueryError::PartWeight { part: Part::Expression, weight: 1.5 };
    assert_eq!(target(&[(face, 1.0)], [0.0, 1.0, 1.5, 0.0]).unwrap_err(), refused);
    assert!(target(&[(face, 1.0)], [f32::NAN, 1.0, 1.0, 0.0]).is_err());

    let both = [(face, 1.0), (opposite, 1.0)];
    assert_eq!(target(&both, all).unwrap_err(), QueryError::CancelsOut(Part::Style));
    assert!(target(&[(face, 1.0), (opposite, 0.5)], all).is_ok());
    let without_style = target(&both, [1.0, 1.0, 1.0, 0.0]).unwrap();
    let codes = drawn(5, 10);
    assert_eq!(without_style.parts_of(&codes, 3)[3], 0.0, "a part without a direction is like nothing");

    for error in [QueryError::NoFace, QueryError::NoFaceCounts, QueryError::FaceWeight(-1.0), QueryError::NoPartCounts]
        .into_iter()
        .chain([refused, QueryError::CancelsOut(Part::Style)])
    {
        crate::cli::assert_sentence(&error.to_string());
    }
}

#[test]
fn the_mean_of_faces_is_what_is_searched_for() {
    let codes = drawn(3, 11);
    let mut turned = codes.face(0);
    turned.pose = Pose { yaw_deg: turned.pose.yaw_deg + 12.0, ..turned.pose };
    let between = query(&codes, &[(0, 1.0)], [1.0, 0.0, 0.0, 0.0]);
    let mixed = Query { faces: vec![(codes.face(0), 3.0), (turned, 1.0)], ..between };
    // A quarter of the way: 3 degrees from the first.
    let likeness = target(&mixed).parts_of(&codes, 0)[0];
    assert!((likeness - 3.0f32.to_radians().cos()).abs() < 1e-5, "{likeness}");
}

#[test]
fn codes_are_kept_as_they_came() {
    let codes = drawn(40, 12);
    assert_eq!((codes.len(), codes.is_empty()), (40, false));
    assert_eq!(codes.position(120), Some(12));
    assert_eq!(codes.position(125), None);
    let numbers = codes.numbers(12);
    assert_eq!(numbers[..3], codes.pose()[12]);
    assert_eq!(numbers[35..67], codes.unit(UnitPart::Expression)[12]);
    assert!(codes.face(12).identity.angle_deg(&FaceCode::from_array(&numbers).unwrap().identity) < 0.01);
    for unit in UnitPart::ALL {
        let length: f32 = codes.unit(unit)[12].iter().map(|number| number * number).sum();
        assert!((length - 1.0).abs() < 1e-5);
    }
    assert!((codes.bytes() as f64) < 1.3 * 40.0 * 99.0 * 4.0);

    let mut codes = codes;
    let mut without_identity = numbers;
    without_identity[3..35].fill(0.0);
    assert!(!codes.push(400, &without_identity));
    let mut endless = numbers;
    endless[0] = f32::NAN;
    assert!(!codes.push(400, &endless));
    assert_eq!(codes.len(), 40);
    // Keys that do not rise are found, too.
    assert!(codes.push(55, &numbers) && codes.push(401, &numbers));
    assert_eq!([55, 120, 401, 7].map(|key| codes.position(key)), [Some(40), Some(12), Some(41), None]);
}
