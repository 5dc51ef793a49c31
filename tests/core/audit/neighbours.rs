use facespace::audit::neighbours::{NEIGHBOURS, Near, nearest, vote};
use facespace::face::{Expression, UnitPart};
use facespace::gallery::codes::cosine;

use rayon::ThreadPoolBuilder;

use super::{Drawn, go_on};

/// All other people's faces by their likeness, the plain way.
fn by_hand(drawn: &Drawn, at: usize) -> Vec<Near> {
    let f_e = drawn.codes.unit(UnitPart::Expression);
    let mut all: Vec<Near> = (0..drawn.given.len())
        .filter(|&other| drawn.groups[other] != drawn.groups[at])
        .map(|other| Near { at: other, likeness: cosine(&f_e[other], &f_e[at]) })
        .collect();
    all.sort_by(|a, b| b.likeness.total_cmp(&a.likeness));
    all
}

#[test]
fn the_nearest_faces_are_of_other_people() {
    let drawn = Drawn::of_all(333, 0.6, 1);
    for at in [0, 1, 7, 332] {
        let all = by_hand(&drawn, at);
        for k in [0, 1, 8, 400] {
            assert_eq!(nearest(&drawn.labelled(), at, k), all[..k.min(all.len())]);
        }
    }
}

#[test]
fn votes_are_shares_of_the_nearest_labels_and_of_one_voice_for_all() {
    let drawn = Drawn::of_all(333, 0.6, 2);
    let votes = vote(&drawn.labelled(), &mut go_on).unwrap();
    for (at, votes) in votes.iter().enumerate() {
        let mut expected = Expression::ALL
            .map(|class| drawn.given.iter().filter(|given| **given == class).count() as f32 / drawn.given.len() as f32);
        for near in &by_hand(&drawn, at)[..NEIGHBOURS] {
            expected[drawn.given[near.at].index()] += 1.0;
        }
        for (vote, expected) in votes.iter().zip(expected) {
            assert!((vote - expected / (NEIGHBOURS + 1) as f32).abs() < 1e-5, "face {at}");
        }
        assert!((votes.iter().sum::<f32>() - 1.0).abs() < 1e-5);
    }
}

#[test]
fn the_number_of_cores_changes_no_vote() {
    let drawn = Drawn::of_all(500, 0.6, 3);
    let [one, four] = [1, 4].map(|threads| {
        let pool = ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| vote(&drawn.labelled(), &mut go_on))
    });
    assert_eq!(one, four);
}

#[test]
fn it_stops_when_it_is_told_to_and_nobody_is_nobody_s_neighbour() {
    let mut drawn = Drawn::of_all(50, 0.3, 4);
    assert!(vote(&drawn.labelled(), &mut |_| false).is_none());
    drawn.groups.fill(7);
    assert!(nearest(&drawn.labelled(), 3, 8).is_empty());
    let votes = vote(&drawn.labelled(), &mut go_on).unwrap();
    assert!((votes[3][0] - 7.0 / 50.0).abs() < 1e-6, "what is common among all");
    let none = Drawn::of_all(0, 0.3, 5);
    assert_eq!(vote(&none.labelled(), &mut go_on), Some(Vec::new()));
}
