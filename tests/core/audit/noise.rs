use std::collections::BTreeSet;

use facespace::audit::noise::{Experiment, NoiseRow, Rule, flip, means, measure};
use facespace::audit::scores::Score;
use facespace::face::Expression::{self, Anger, Fear, Happy, Sad};
use facespace::nn::Code;

use super::{Drawn, go_on};
use crate::evaluate::Noise;

#[test]
fn so_many_labels_are_made_wrong() {
    let drawn = Drawn::of_all(403, 0.3, 1);
    let means = means(&drawn.labelled());
    for (rate, expected) in [(0.0, 0), (0.05, 20), (0.1, 40), (0.2, 81), (1.0, 403)] {
        for rule in Rule::ALL {
            let (labels, wrong) = flip(&drawn.given, rate, rule, &means, 3);
            assert_eq!(wrong.iter().filter(|wrong| **wrong).count(), expected);
            let changed: Vec<bool> = labels.iter().zip(&drawn.given).map(|(label, given)| label != given).collect();
            assert_eq!(wrong, changed);
            assert_eq!((labels, wrong), flip(&drawn.given, rate, rule, &means, 3), "the seed says which");
        }
    }
    assert_ne!(flip(&drawn.given, 0.2, Rule::Uniform, &means, 3), flip(&drawn.given, 0.2, Rule::Uniform, &means, 4));
}

#[test]
fn wrong_labels_follow_the_rule() {
    let given = [Happy, Sad, Fear].repeat(100);
    let drawn = Drawn::faces(given.clone(), 0.3, 2);
    let mut means = means(&drawn.labelled());
    assert!(means[Anger.index()].is_none());
    let into = |labels: &[Expression], class: Expression| -> BTreeSet<Expression> {
        let pairs = labels.iter().zip(&given);
        pairs.filter(|(label, given)| **given == class && label != given).map(|(label, _)| *label).collect()
    };
    let (labels, _) = flip(&given, 0.5, Rule::Uniform, &means, 1);
    assert_eq!(into(&labels, Happy), BTreeSet::from([Sad, Fear]), "classes that some face has");

    // Happy lies beside sad, and sad beside fear.
    let at = |number: f32| {
        let mut mean = [0.0; 32];
        mean[0] = number;
        Some(mean)
    };
    (means[Happy.index()], means[Sad.index()], means[Fear.index()]) = (at(-0.5), at(0.2), at(0.6));
    let (labels, _) = flip(&given, 0.5, Rule::Nearest, &means, 1);
    for (class, nearest) in [(Happy, Sad), (Sad, Fear), (Fear, Sad)] {
        assert_eq!(into(&labels, class), BTreeSet::from([nearest]));
    }

    // One class alone can be nothing else.
    (means[Sad.index()], means[Fear.index()]) = (None, None);
    let (labels, wrong) = flip(&[Happy; 9], 0.5, Rule::Uniform, &means, 1);
    assert_eq!((labels, wrong), (vec![Happy; 9], vec![false; 9]));
}

#[test]
fn the_mean_of_a_class_is_that_of_its_codes() {
    let drawn = Drawn::faces(vec![Happy, Sad, Happy], 0.3, 4);
    let means = means(&drawn.labelled());
    let [first, second] = [0, 2].map(|face| drawn.codes.numbers(face));
    for (place, mean) in means[Happy.index()].unwrap().into_iter().enumerate() {
        assert!((mean - 0.5 * (first[35 + place] + second[35 + place])).abs() < 1e-6);
    }
}

fn row(rows: &[NoiseRow], score: Score) -> &NoiseRow {
    rows.iter().find(|row| row.score == score).unwrap()
}

#[test]
fn every_score_finds_wrong_labels_better_than_disagreement() {
    let drawn = Drawn::of_all(400, 0.6, 5);
    let mut noise = Noise::new(6);
    // Reconstructions lie beside their faces, and the mood goes with the expression.
    let reconstructions: Vec<Code> = (0..400)
        .map(|face| {
            let (numbers, more) = (drawn.codes.numbers(face), noise.code(0.1));
            std::array::from_fn(|place| numbers[place] + more[place])
        })
        .collect();
    let moods: Vec<Option<[f32; 2]>> = drawn
        .given
        .iter()
        .map(|class| {
            let angle = class.index() as f32 * 0.785;
            Some([0.7 * angle.cos() + 0.3 * noise.next(), 0.7 * angle.sin() + 0.3 * noise.next()])
        })
        .collect();
    let experiment = Experiment {
        labelled: drawn.labelled(),
        reconstructions: Some(&reconstructions),
        moods: Some(&moods),
        rates: &[0.1],
        rules: &[Rule::Uniform],
        seed: 9,
    };
    let rows = measure(&experiment, &mut go_on).unwrap().unwrap();
    assert_eq!(rows.iter().map(|row| row.score).collect::<Vec<_>>(), Score::ALL);
    let plain = row(&rows, Score::Disagreement).auprc.value;
    for found in &rows {
        assert_eq!((found.n, found.wrong, found.rate, found.rule), (400, 40, 0.1, Rule::Uniform));
        assert!((0.0..=1.0).contains(&found.precision_at_100) && (0.0..=1.0).contains(&found.recall_at_budget));
        let auprc = found.auprc.value;
        assert!(found.score == Score::Disagreement || auprc > plain + 0.1, "{} {auprc} {plain}", found.score);
    }
    let best = row(&rows, Score::SelfConfidence);
    assert!(best.auprc.value > 0.8, "{best:?}");
    assert!(best.recall_at_budget > 0.7 && best.precision_at_100 > 0.33, "{best:?}");
}

#[test]
fn scores_that_lack_what_they_need_are_not_measured() {
    let drawn = Drawn::faces([Happy, Sad].repeat(40), 0.3, 7);
    let experiment = Experiment {
        labelled: drawn.labelled(),
        reconstructions: None,
        moods: None,
        rates: &[0.1],
        rules: &[Rule::Nearest],
        seed: 9,
    };
    let rows = measure(&experiment, &mut go_on).unwrap().unwrap();
    let scores: Vec<Score> = rows.iter().map(|row| row.score).collect();
    let expected = [Score::SelfConfidence, Score::Margin, Score::Averaged, Score::Neighbours, Score::Disagreement];
    assert_eq!(scores, expected);
    assert!(measure(&experiment, &mut |_| false).unwrap().is_none());
}
