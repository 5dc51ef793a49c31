use facespace::audit::shortcuts::{Shortcut, measure};
use facespace::face::Expression::{Fear, Happy, Sad};
use facespace::face::Part;
use facespace::gallery::Codes;

use super::{Drawn, go_on};
use crate::evaluate::plant;

#[track_caller]
fn measured(drawn: &Drawn) -> Vec<Shortcut> {
    measure(&drawn.labelled(), 5, &mut go_on).unwrap().unwrap()
}

#[test]
fn a_label_that_style_gives_away_is_told_from_style() {
    let mut drawn = Drawn::faces([Happy, Sad].repeat(60), 0.4, 1);
    let mut codes = Codes::with_capacity(120);
    for (face, class) in drawn.given.iter().enumerate() {
        let mut code = drawn.codes.numbers(face);
        plant(&mut code, Part::Style, class.index(), 1.0);
        assert!(codes.push(face as i64, &code));
    }
    drawn.codes = codes;
    let all = measured(&drawn);
    let names: Vec<&str> = all.iter().map(|shortcut| shortcut.reads.as_str()).collect();
    assert_eq!(names, ["f_e", "f_p", "f_id", "f_s", "f without f_e"]);
    let areas: Vec<f64> = all.iter().map(|shortcut| shortcut.auc.value).collect();
    for (area, tells) in areas.iter().zip([true, false, false, true, true]) {
        assert!(if tells { *area > 0.85 } else { (0.3..0.7).contains(area) }, "{areas:?}");
    }
    for shortcut in &all {
        assert_eq!(shortcut.auc.n, 120);
        assert!(shortcut.auc.interval.is_some());
    }
}

#[test]
fn many_pictures_of_few_people_are_no_surer_than_those_people() {
    let people = Drawn::faces([Happy, Sad].repeat(20), 0.4, 3);
    // Six pictures of each, all the same.
    let mut codes = Codes::with_capacity(240);
    (0..240).for_each(|face| assert!(codes.push(face as i64, &people.codes.numbers(face / 6))));
    let pictures = Drawn {
        codes,
        places: (0..240).collect(),
        given: (0..240).map(|face| people.given[face / 6]).collect(),
        groups: (0..240).map(|face| face / 6).collect(),
    };
    // What identity and style say of the label is chance alone. Face by face the intervals would be 0.15 wide.
    for shortcut in &measured(&pictures)[2..4] {
        let interval = shortcut.auc.interval.unwrap();
        assert_eq!(shortcut.auc.n, 240);
        assert!(interval.high - interval.low > 0.25, "{shortcut:?}");
    }
}

#[test]
fn what_cannot_be_measured_is_not_listed() {
    assert!(measured(&Drawn::faces(vec![Happy; 30], 0.3, 2)).is_empty());
    assert!(measured(&Drawn::faces(vec![Happy, Sad, Fear], 0.3, 2)).is_empty());
    let drawn = Drawn::faces([Happy, Sad].repeat(20), 0.3, 2);
    assert!(measure(&drawn.labelled(), 5, &mut |_| false).unwrap().is_none());
}
