//! The paper's figures stand where they belong and nowhere else.

use facespace::evaluate::options::PartName;
use facespace::evaluate::report::{Better, Figure, SetReport, Unit, keys, paper};

use super::sample::{measured, section};

#[test]
fn a_set_is_known_by_a_word_of_its_name() {
    let value = |set: &str, key: &str| paper::beside(set, None, key).map(|paper| (paper.value, paper.same_data));
    assert_eq!(value("lfw", keys::VERIFIED), Some((0.958, true)));
    assert_eq!(value("LFW-val", keys::VERIFIED), Some((0.958, false)));
    assert_eq!(value("lfw_crops", keys::VERIFIED_BY_REST), Some((0.644, false)));
    assert_eq!(value("affectnet", keys::EXPRESSION), Some((0.86, true)));
    assert_eq!(value("celeba", keys::ROLL), Some((2.05, true)));
    assert_eq!(value("vggface2-test", keys::RMSE_AUTHORS), Some((21.21, false)));
    for (set, key) in [
        ("calfw", keys::VERIFIED),
        ("fairface-val", keys::RMSE_AUTHORS),
        ("lfw", keys::EXPRESSION),
        ("lfw", keys::YAW),
        ("celeba", keys::RMSE),
        ("", keys::RMSE_AUTHORS),
    ] {
        assert_eq!(value(set, key), None, "{set} {key}");
    }
}

#[test]
fn what_keeps_the_two_apart_is_said() {
    let whole = paper::beside("lfw", None, keys::VERIFIED).unwrap();
    assert_eq!((whole.on.as_str(), whole.note.as_str()), ("LFW", ""));
    assert!(paper::beside("lfw-val", None, keys::VERIFIED).unwrap().note.contains("all ten folds"));
    assert!(paper::beside("lfw", None, keys::RMSE_AUTHORS).unwrap().note.contains("other crops"));
    let both = paper::beside("affectnet-val", None, keys::RMSE_AUTHORS).unwrap().note;
    assert!(both.contains("no goal here. The paper's figure is over all"), "{both}");
}

#[test]
fn a_set_that_was_measured_in_part_is_not_the_whole_set() {
    let pixels = Figure::new(keys::RMSE_AUTHORS, "A", Unit::Levels, Better::Lower, measured(14.0, 0.1, 2000));
    let verified = Figure::new(keys::VERIFIED, "A", Unit::Share, Better::Higher, measured(0.8, 0.1, 6000));
    let beside = |faces: usize, part: PartName, figure: &Figure| {
        let mut set = SetReport { name: "lfw".to_owned(), faces, held: 13_233, ..SetReport::default() };
        set.sections.push(section(part, vec![figure.clone()]));
        set.beside_the_paper();
        set.sections.remove(0).figures.remove(0).paper.unwrap()
    };
    assert!(beside(13_233, PartName::Reconstruction, &pixels).same_data);
    let part = beside(2000, PartName::Reconstruction, &pixels);
    assert!(!part.same_data && part.note.ends_with("this one is over 2,000 of 13,233"), "{}", part.note);
    // The pictures of pairs are read whatever the limit of the others is.
    let pairs = beside(2000, PartName::Verification, &verified);
    assert!(pairs.same_data && pairs.note.is_empty(), "{}", pairs.note);
}

#[test]
fn another_set_gets_a_note_and_only_once() {
    let verified = Figure::new(keys::VERIFIED, "A", Unit::Share, Better::Higher, measured(0.8, 0.1, 600));
    let set = |name: &str, part: PartName, figure: &Figure| {
        let mut set = SetReport { name: name.to_owned(), ..SetReport::default() };
        set.sections.push(section(part, vec![figure.clone()]));
        set.beside_the_paper();
        set.beside_the_paper();
        (set.sections[0].notes.clone(), set.sections[0].figures[0].paper.is_some())
    };
    assert_eq!(set("lfw-val", PartName::Verification, &verified), (Vec::new(), true));
    let (notes, has_paper) = set("fairface-val", PartName::Verification, &verified);
    assert_eq!((notes.len(), has_paper), (1, false));
    assert!(notes[0].starts_with("The paper measured this on LFW; fairface-val is another set"), "{notes:?}");
    assert_eq!(set("fairface-val", PartName::Cycle, &verified), (Vec::new(), false));

    let pose = Figure::new(keys::YAW, "A", Unit::Degrees, Better::Lower, measured(3.0, 0.1, 600));
    assert!(set("lfw", PartName::Pose, &pose).0[0].contains("CelebA and AffectNet"));
    let frechet = Figure::new(keys::FRECHET, "A", Unit::Distance, Better::Lower, measured(3.0, 0.1, 600));
    assert!(set("lfw", PartName::Sampling, &frechet).0[0].contains("FID of 17.79"));
}
