use facespace::face::Expression::{self, Happy, Neutral, Sad};
use facespace::nn::losses::geometry::MEASURES;
use facespace::nn::losses::mining::{Chosen, Distances, FIRST_NEGATIVE, Mined, expression, identity, style};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

fn rng(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

fn negatives(mined: &Mined, row: usize) -> Vec<usize> {
    let n = mined.valid.len();
    (0..n).filter(|column| mined.negative_allowed[row * n + column]).collect()
}

#[test]
fn identity_goes_by_person() {
    // Rows 0, 2 and 5 are one person, 1 and 4 another, 3 is alone, 6 is nobody known.
    let persons = [Some(7), Some(9), Some(7), Some(1), Some(9), Some(7), None];
    let mut seen = Vec::new();
    for seed in 0..50 {
        let mined = identity(&persons, &mut rng(seed));
        assert_eq!(mined.valid, [1.0, 1.0, 1.0, 0.0, 1.0, 1.0, 0.0]);
        assert_eq!(mined.count(), 5);
        assert_eq!(negatives(&mined, 0), [1, 3, 4]);
        assert_eq!(negatives(&mined, 3), [0, 1, 2, 4, 5]);
        assert!(negatives(&mined, 6).is_empty());
        assert_eq!([mined.positive[1], mined.positive[4]], [4, 1]);
        seen.push(mined.positive[0]);
    }
    assert!(seen.contains(&2) && seen.contains(&5) && seen.iter().all(|place| [2, 5].contains(place)), "{seen:?}");
}

#[test]
fn style_goes_by_clip_within_a_person() {
    // Person 1 has the clips 10 (rows 0, 1) and 11 (rows 2, 3), person 2 only clip 20 (rows 4, 5); row 6 is in no clip.
    let persons = [Some(1), Some(1), Some(1), Some(1), Some(2), Some(2), Some(1)];
    let clips = [Some(10), Some(10), Some(11), Some(11), Some(20), Some(20), None];
    let mined = style(&persons, &clips, &mut rng(1));
    assert_eq!(mined.valid, [1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0]);
    assert_eq!(mined.positive[..4], [1, 0, 3, 2]);
    assert_eq!(negatives(&mined, 0), [2, 3]);
    assert_eq!(negatives(&mined, 3), [0, 1]);
    assert!(negatives(&mined, 4).is_empty());
}

#[test]
fn a_batch_without_triplets_is_valid_nowhere() {
    let strangers = [Some(1), Some(2), Some(3)];
    assert_eq!(identity(&strangers, &mut rng(0)).count(), 0);
    assert_eq!(identity(&[Some(1); 3], &mut rng(0)).count(), 0, "one person has no negative");
    assert_eq!(style(&strangers, &[Some(1), Some(2), Some(3)], &mut rng(0)).count(), 0);
    assert_eq!(identity(&[], &mut rng(0)).count(), 0);
    let labels = [Some(Happy); 20];
    let chosen = expression(&Distances::by_label(&labels), &[0; 20], &mut rng(0));
    assert_eq!(chosen.count(), 0, "one label has no negative");
    let itself: Vec<i64> = (0..20).collect();
    assert_eq!((&chosen.positive, &chosen.negative), (&itself, &itself), "places stay in the batch");
}

#[test]
fn ranks_stay_below_what_is_asked_for_and_what_is_there() {
    let persons: Vec<Option<u32>> = (0..20).map(|row| Some(row / 2)).collect();
    let mut seen = [false; 5];
    for seed in 0..20 {
        let mined = identity(&persons, &mut rng(seed));
        for rank in mined.ranks(5) {
            seen[rank as usize] = true;
        }
        let random = mined.at_random();
        for row in 0..20 {
            assert!(mined.negative_allowed[row * 20 + random.negative[row] as usize]);
        }
    }
    assert_eq!(seen, [true; 5]);
    let few = identity(&[Some(1), Some(1), Some(2)], &mut rng(0));
    assert_eq!(few.ranks(5)[..2], [0, 0], "these have one negative each");
    assert!(few.ranks(5)[2] < 2 && few.ranks(1) == [0, 0, 0]);
}

#[test]
fn the_same_seed_gives_the_same_triplets() {
    let persons: Vec<Option<u32>> = (0..30).map(|row| Some(row / 3)).collect();
    assert_eq!(identity(&persons, &mut rng(4)), identity(&persons, &mut rng(4)));
    assert_ne!(identity(&persons, &mut rng(4)), identity(&persons, &mut rng(5)));
}

#[test]
fn valence_and_arousal_and_labels_make_the_distance() {
    let labels = [Some(Happy), Some(Happy), Some(Sad), None, Some(Sad)];
    let valence_arousal = [Some([0.8, 0.2]), Some([0.5, -0.2]), Some([0.8, 0.2]), Some([0.8, 0.1]), None];
    let order = Distances::by_valence_arousal(&valence_arousal, &labels);
    let close = |a: usize, b: usize, expected: f32| (order.get(a, b).unwrap() - expected).abs() < 1e-6;
    assert!(close(0, 1, 0.5), "3-4-5: (0.3, 0.4)");
    assert!(close(0, 2, 0.25), "the labels differ and nothing else");
    assert!(close(1, 2, 0.75));
    assert!(close(0, 3, 0.1), "an unlabelled face differs from no label");
    assert_eq!(order.get(0, 4), None);
}

/// Faces along a line of valence, a hundredth apart, all of one label.
fn line(n: usize) -> (Vec<Option<[f32; 2]>>, Vec<Option<Expression>>) {
    ((0..n).map(|i| Some([i as f32 / 100.0, 0.0])).collect(), vec![Some(Neutral); n])
}

fn rank(order: &Distances, row: usize, other: i64) -> usize {
    let at = |place: usize| order.get(row, place).unwrap();
    1 + (0..30).filter(|&place| place != row && at(place) < at(other as usize)).count()
}

#[test]
fn expression_takes_the_first_and_one_of_rank_ten_or_later() {
    let (valence_arousal, labels) = line(30);
    let order = Distances::by_valence_arousal(&valence_arousal, &labels);
    let mut ranks = Vec::new();
    for seed in 0..20 {
        let chosen = expression(&order, &[3; 30], &mut rng(seed));
        assert_eq!(chosen.count(), 30);
        assert_eq!([chosen.positive[0], chosen.positive[29]], [1, 28]);
        ranks.extend((0..30).map(|row| rank(&order, row, chosen.negative[row])));
        assert!((0..30).all(|row| rank(&order, row, chosen.positive[row]) == 1));
    }
    // Two faces at one distance share a rank here, which may be one less than their place in the order.
    assert!(ranks.iter().all(|&rank| rank >= FIRST_NEGATIVE - 1), "{ranks:?}");
    assert!(ranks.iter().any(|&rank| rank > 25), "any of the later ones may be taken");
}

#[test]
fn small_batches_take_the_last_third() {
    // Row 0 has six others, at ranks 1 to 6: the last third are rows 5 and 6.
    let (valence_arousal, labels) = line(7);
    let order = Distances::by_valence_arousal(&valence_arousal, &labels);
    let found: Vec<i64> = (0..40).map(|seed| expression(&order, &[0; 7], &mut rng(seed)).negative[0]).collect();
    assert!(found.iter().all(|row| [5, 6].contains(row)) && found.contains(&5) && found.contains(&6), "{found:?}");
}

#[test]
fn expression_stays_within_a_source() {
    let (valence_arousal, labels) = line(30);
    let order = Distances::by_valence_arousal(&valence_arousal, &labels);
    let source: Vec<u16> = (0..30).map(|row| if row == 29 { 9 } else { row % 2 }).collect();
    let Chosen { positive, negative, valid } = expression(&order, &source, &mut rng(2));
    assert_eq!(valid[29], 0.0, "nobody else is of its source");
    assert_eq!(valid[..29], [1.0; 29]);
    for (row, partners) in positive.iter().zip(&negative).enumerate() {
        assert!([partners.0, partners.1].iter().all(|&&other| source[other as usize] == source[row]));
    }
}

#[test]
fn by_label_alone_the_positive_shares_it_and_the_negative_does_not() {
    let labels: Vec<Option<Expression>> =
        (0..40).map(|row| [Some(Happy), Some(Sad), None, Some(Sad)][row % 4]).collect();
    let chosen = expression(&Distances::by_label(&labels), &[0; 40], &mut rng(3));
    for (row, label) in labels.iter().enumerate() {
        let partners = [chosen.positive[row] as usize, chosen.negative[row] as usize];
        if label.is_none() {
            assert_eq!(chosen.valid[row], 0.0);
            continue;
        }
        assert_eq!(chosen.valid[row], 1.0);
        assert!(partners[0] != row && labels[partners[0]] == *label);
        assert!(labels[partners[1]].is_some() && labels[partners[1]] != *label);
    }
}

#[test]
fn geometry_is_measured_by_its_mean_and_labels_add_to_it() {
    let at = |x: f32| Some(std::array::from_fn::<f32, MEASURES, _>(|i| if i == 0 { x } else { 0.0 }));
    let labels = [Some(Happy), Some(Happy), Some(Sad), Some(Sad)];
    // Distances 1, 3 and 2 have the mean 2; the last face has no landmarks.
    let order = Distances::by_geometry(&[at(0.0), at(1.0), at(3.0), None], &labels);
    assert_eq!(order.get(0, 1), Some(0.5));
    assert_eq!(order.get(0, 2), Some(1.5 + 0.5));
    assert_eq!(order.get(1, 2), Some(1.0 + 0.5));
    assert_eq!(order.get(2, 3), None);
    let alike = Distances::by_geometry(&[at(1.0), at(1.0)], &[None, None]);
    assert_eq!(alike.get(0, 1), Some(0.0));
}
