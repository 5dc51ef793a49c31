//! What stands at the top.

use facespace::evaluate::report::{headlines, keys};

use super::sample::{self, figure, measured, report_of};

#[test]
fn five_figures_of_different_kinds_are_at_the_top() {
    let report = sample::report();
    let found: Vec<(&str, &str)> = headlines(&report).iter().map(|one| (one.set, one.figure.key.as_str())).collect();
    let expected = [
        ("lfw-val", keys::RMSE),
        ("lfw-val", keys::VERIFIED),
        ("fer2013-val", keys::EXPRESSION),
        ("lfw-val", keys::YAW),
        ("lfw-val", keys::SAME_PERSON),
    ];
    assert_eq!(found, expected);
    let against: Vec<Option<&str>> =
        headlines(&report).iter().map(|one| one.against.map(|(_, figure)| figure.key.as_str())).collect();
    assert_eq!(against[..3], [Some(keys::RMSE_PCA_99), Some(keys::VERIFIED_BY_REST), Some(keys::EXPRESSION_BY_REST)]);
}

#[test]
fn of_several_sets_the_papers_comes_first_and_then_the_largest() {
    let one = |set: &str, key: &str, n| report_of(set, vec![figure(key, measured(20.0, 0.1, n))]).sets.remove(0);
    let mut report = report_of("x", Vec::new());
    report.sets =
        vec![one("small", keys::VERIFIED, 10), one("large", keys::VERIFIED, 900), one("lfw", keys::VERIFIED, 20)];
    report.sets.iter_mut().for_each(|set| set.beside_the_paper());
    assert_eq!(headlines(&report)[0].set, "lfw");
    report.sets.pop();
    assert_eq!(headlines(&report)[0].set, "large");
    report.sets.push(one("as large", keys::VERIFIED, 900));
    assert_eq!(headlines(&report)[0].set, "large", "the first of equals");
    // Where nobody had pairs, what a search finds takes their place.
    report.sets = vec![one("small", keys::FOUND_PERSON, 10)];
    assert_eq!(headlines(&report)[0].figure.key, keys::FOUND_PERSON);
}
