//! Which figures moved.

use std::fs;
use std::path::Path;

use facespace::evaluate::Measured;
use facespace::evaluate::report::{Better, Comparison, Figure, Setting, Unit, Verdict, compare, html};

use super::html::assert_well_formed;
use super::sample::{self, figure, measured, report_of};

/// What becomes of one figure.
fn compared(better: Better, a: Measured, b: Measured) -> Comparison {
    let of = |value| report_of("faces", vec![Figure::new("a.b", "A", Unit::Levels, better, value)]);
    compare(&of(a), &of(b))
}

#[test]
fn a_figure_moved_where_each_value_lies_outside_the_others_interval() {
    let moved = |a, b| compared(Better::Lower, a, b).moved.len() == 1;
    let at = |value: f64, half: f64| measured(value, half, 9);
    assert!(!moved(at(20.0, 0.5), at(20.0, 0.5)));
    assert!(!moved(at(20.0, 0.5), at(20.4, 0.5)));
    assert!(moved(at(20.0, 0.5), at(20.6, 0.5)), "though the intervals overlap");
    assert!(!moved(at(20.0, 0.5), at(20.6, 1.0)), "the first is within the second's");
    assert!(!moved(at(20.0, 1.0), at(20.6, 0.5)), "the second is within the first's");
    assert!(!moved(at(20.0, 0.5), at(20.5, 0.25)), "the end is within");

    let alone = |value| Measured { value, interval: None, n: 9 };
    assert!(moved(at(20.0, 0.5), alone(20.6)) && !moved(at(20.0, 0.5), alone(20.4)), "one interval decides");
    assert!(moved(alone(20.0), alone(20.02)) && !moved(alone(20.0), alone(20.004)), "what can be seen");
}

#[test]
fn the_verdict_knows_which_way_is_better() {
    let verdict =
        |better, a: f64, b: f64| compared(better, measured(a, 0.01, 9), measured(b, 0.01, 9)).moved[0].verdict;
    assert_eq!(verdict(Better::Higher, 0.5, 0.7), Verdict::Better);
    assert_eq!(verdict(Better::Higher, 0.7, 0.5), Verdict::Worse);
    assert_eq!(verdict(Better::Lower, 0.7, 0.5), Verdict::Better);
    assert_eq!(verdict(Better::NearOne, 0.7, 1.1), Verdict::Better);
    assert_eq!(verdict(Better::NearOne, 0.9, 1.3), Verdict::Worse);
    assert_eq!(verdict(Better::NearOne, 0.75, 1.25), Verdict::Moved, "as far from 1");
    assert_eq!(verdict(Better::Neither, 0.7, 0.5), Verdict::Moved);
}

#[test]
fn what_only_one_of_them_has_is_told() {
    let value = || measured(1.0, 0.1, 9);
    let mut a = report_of("faces", vec![figure("a.a", value()), figure("a.b", value())]);
    let b = report_of("faces", vec![figure("a.b", value()), figure("a.c", value())]);
    a.sets.push(report_of("others", vec![figure("a.b", value())]).sets.remove(0));
    let found = compare(&a, &b);
    assert_eq!((found.moved.len(), found.same), (0, 1));
    let told: Vec<(&str, bool, usize)> =
        found.only_in_a.iter().map(|lone| (lone.set.as_str(), lone.whole_set, lone.keys.len())).collect();
    assert_eq!(told, [("faces", false, 1), ("others", true, 1)]);
    assert_eq!(found.only_in_b[0].keys, ["a.c"]);
    let text = found.to_string();
    assert!(text.contains("Only in A: others, all of it") && text.contains("Only in B: faces: Pixel RMSE"), "{text}");
}

#[test]
fn what_to_know_before_comparing_is_said() {
    let a = report_of("faces", Vec::new());
    let mut b = a.clone();
    assert!(compare(&a, &b).notes.iter().any(|note| note.contains("encode faces alike")));
    b.model.fingerprint = "another".to_owned();
    b.facespace = "0.2.0".to_owned();
    b.sets[0].faces = 1200;
    let notes = compare(&a, &b).notes;
    assert_eq!(notes.len(), 2, "{notes:?}");
    assert!(notes[0].contains("0.1.0 and 0.2.0") && notes[1].contains("100 faces and the second 1,200"), "{notes:?}");

    // A Frechet distance by another recogniser is another measure.
    let chose = |value: &str| Setting { name: "Recogniser".to_owned(), value: value.to_owned() };
    let mut a = a;
    (a.settings, b.settings) = (vec![chose("a.safetensors")], vec![chose("b.safetensors")]);
    let notes = compare(&a, &b).notes;
    assert!(notes[1].contains("(Recogniser a.safetensors and b.safetensors)"), "{notes:?}");
    b.settings = a.settings.clone();
    assert_eq!(compare(&a, &b).notes.len(), 2);
}

#[test]
fn the_summary_counts() {
    let summary = |better, b| compared(better, measured(1.0, 0.1, 9), measured(b, 0.1, 9)).summary();
    assert_eq!(summary(Better::Lower, 0.5), "1 figure is better");
    assert_eq!(summary(Better::Lower, 1.0), "1 figure stays within its interval");
    assert_eq!(
        compare(&report_of("a", Vec::new()), &report_of("b", Vec::new())).summary(),
        "The two reports have no figure in common"
    );
    assert_eq!(
        compare(&sample::report(), &later()).summary(),
        "1 figure is better, 1 is worse, 1 moved, 56 stay within their intervals"
    );
}

#[test]
fn files_of_one_name_are_told_apart_by_what_is_in_them() {
    let a = report_of("faces", Vec::new());
    let notes = |of_a: Setting, of_b: Setting| {
        let [mut a, mut b] = [a.clone(), a.clone()];
        (a.settings, b.settings) = (vec![of_a], vec![of_b]);
        compare(&a, &b).notes.into_iter().filter(|note| note.contains("other settings")).collect::<Vec<String>>()
    };
    let file = |contents: u64| Setting::of_files("Recogniser", "r.safetensors", contents);
    assert_eq!(file(0x3f2a_9c01).value, "r.safetensors, 3f2a9c01");
    assert!(notes(file(7), file(7)).is_empty());
    let [note] = &notes(file(7), file(8))[..] else { panic!("another file") };
    assert!(note.contains("(Recogniser r.safetensors, 00000007 and r.safetensors, 00000008)"), "{note}");
    // Reports of earlier versions have names alone.
    let name = |name: &str| Setting::new("Recogniser", name);
    assert!(notes(name("r.safetensors"), file(7)).is_empty() && notes(file(7), name("r.safetensors")).is_empty());
    assert_eq!((notes(name("s.safetensors"), file(7)).len(), notes(name("none"), file(7)).len()), (1, 1));
}

/// The sample, and three of its figures elsewhere.
fn later() -> facespace::evaluate::Report {
    let mut later = sample::report();
    later.model.name = "other weights".to_owned();
    later.model.fingerprint = "fedcba9876543210".to_owned();
    for (set, key, by) in [
        (0, "reconstruction.phi.rmse", -0.9),
        (0, "verification.f_id", -0.06),
        (0, "sampling.diversity_descriptors", 0.05),
    ] {
        let mut figures = later.sets[set].sections.iter_mut().flat_map(|section| &mut section.figures);
        let value = &mut figures.find(|figure| figure.key == key).unwrap().value;
        let range = value.interval.unwrap();
        *value = measured(value.value + by, (range.high - range.low) / 2.0, value.n);
    }
    later
}

/// The page that a person looks at: `target/ui/report-compared.html`.
#[test]
fn it_is_written_as_text_as_json_and_as_a_page() {
    let comparison = compare(&sample::report(), &later());
    let text = comparison.to_string();
    println!("{text}");
    for says in ["Through Phi, as an edit is, pixel RMSE", "-0.90", "better", "-6.0 %", "worse", "+0.050", "moved"] {
        assert!(text.contains(says), "{says} in {text}");
    }
    let json = serde_json::to_string(&comparison).unwrap();
    assert_eq!(serde_json::from_str::<Comparison>(&json).unwrap(), comparison);
    let page = html::comparison_page(&comparison);
    assert_well_formed(&page);
    assert!(page.contains("other weights against sample weights") && page.matches("▲ better").count() == 1);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/ui");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("report-compared.html"), page).unwrap();
}
