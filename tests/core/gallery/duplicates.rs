//! Faces that are nearly the same, against all pairs compared.

use facespace::face::{CODE_DIM, UnitPart};
use facespace::gallery::codes::cosine;
use facespace::gallery::duplicates::{SAME_COSINE, SAME_POSE_DEG};
use facespace::gallery::{Codes, duplicates};

use super::search::drawn;
use crate::evaluate::Noise;

fn found(codes: &Codes) -> Vec<Vec<usize>> {
    duplicates(codes, &|| false).unwrap()
}

fn moved(noise: &mut Noise, numbers: &[f32; CODE_DIM], by: f32) -> [f32; CODE_DIM] {
    numbers.map(|number| number + by * noise.next())
}

/// All pairs, and whoever is joined by a chain of them.
fn by_hand(codes: &Codes) -> Vec<Vec<usize>> {
    let same = |a: usize, b: usize| {
        let near = |(a, b): (&f32, &f32)| (a - b).abs() <= SAME_POSE_DEG.to_radians();
        codes.pose()[a].iter().zip(&codes.pose()[b]).all(near)
            && UnitPart::ALL.iter().all(|&unit| cosine(&codes.unit(unit)[a], &codes.unit(unit)[b]) > SAME_COSINE)
    };
    let mut group: Vec<usize> = (0..codes.len()).collect();
    for a in 0..codes.len() {
        for b in a + 1..codes.len() {
            if same(a, b) && group[a] != group[b] {
                let (kept, lost) = (group[a].min(group[b]), group[a].max(group[b]));
                group.iter_mut().filter(|one| **one == lost).for_each(|one| *one = kept);
            }
        }
    }
    let members = |first: usize| (0..codes.len()).filter(|&place| group[place] == first).collect::<Vec<usize>>();
    let mut groups: Vec<Vec<usize>> = (0..codes.len()).map(members).filter(|group| group.len() > 1).collect();
    groups.sort_by_key(|group| std::cmp::Reverse(group.len()));
    groups
}

#[test]
fn all_pairs_are_found_and_no_others() {
    let mut noise = Noise::new(41);
    let scenes = drawn(40, 42);
    let mut codes = Codes::default();
    // From far within the limits to far beyond them.
    for key in 0..900 {
        let by = 0.1 * (noise.next() + 1.0);
        assert!(codes.push(key, &moved(&mut noise, &scenes.numbers(key as usize % 40), by)));
    }
    let groups = found(&codes);
    assert_eq!(groups, by_hand(&codes));
    assert!(groups.len() > 10 && groups[0].len() > 3, "{groups:?}");
    assert!(groups.iter().map(Vec::len).sum::<usize>() < 800, "{groups:?}");
}

#[test]
fn a_part_that_differs_is_enough() {
    let numbers = drawn(1, 43).numbers(0);
    let mut codes = drawn(200, 44);
    let turned = |deg: f32| {
        let mut turned = numbers;
        turned[1] += deg.to_radians();
        turned
    };
    let mut other_style = numbers;
    other_style[70] += 0.3;
    for (key, numbers) in [numbers, turned(3.0), turned(-5.0), other_style, numbers].iter().enumerate() {
        assert!(codes.push(5000 + key as i64, numbers));
    }
    assert_eq!(found(&codes), [vec![200, 201, 204]]);
}

#[test]
fn frames_of_a_scene_are_one_group() {
    let mut noise = Noise::new(45);
    let numbers = drawn(1, 46).numbers(0);
    let mut codes = drawn(300, 47);
    // More than are noted at a time.
    for key in 0..5000 {
        assert!(codes.push(5000 + key, &moved(&mut noise, &numbers, 0.002)));
    }
    assert_eq!(found(&codes), [(300..5300).collect::<Vec<usize>>()]);
    // Copies to the bit cost nothing.
    let mut copies = Codes::default();
    (0..20_000).for_each(|key| assert!(copies.push(key, &numbers)));
    assert_eq!(found(&copies), [(0..20_000).collect::<Vec<usize>>()]);
}

#[test]
fn the_largest_group_comes_first() {
    let scenes = drawn(3, 48);
    let mut codes = Codes::default();
    for (key, scene) in [0, 1, 2, 1, 0, 1].into_iter().enumerate() {
        assert!(codes.push(key as i64, &scenes.numbers(scene)));
    }
    assert_eq!(found(&codes), [vec![1, 3, 5], vec![0, 4]]);
}

#[test]
fn it_stops_when_asked_and_few_faces_have_no_duplicates() {
    assert_eq!(duplicates(&drawn(50, 49), &|| true), None);
    assert!(found(&drawn(50, 49)).is_empty());
    assert!(found(&drawn(1, 49)).is_empty());
    assert!(found(&Codes::default()).is_empty());
}
