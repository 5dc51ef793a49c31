//! What is wrong with what was given: one sentence, and the other parts are made. Only missing data and a folder that
//! cannot be written stop everything.

use std::fs;

use facespace::data::shards::Record;
use facespace::evaluate::error::EvaluateError;
use facespace::evaluate::options::{Options, PartName};
use facespace::evaluate::run::evaluate;
use image::{ImageFormat, RgbImage};

use super::{Desk, Shrunk, assert_sentence, only, parts_of, record, the_set, why};
use crate::data::bytes_of;

fn desk() -> Desk {
    let desk = Desk::new();
    desk.shard("drawn-val-00-of-01.parquet", 0..24);
    desk
}

fn refused(desk: &Desk, data: &str, options: &Options, out: &str) -> EvaluateError {
    let outcome = evaluate(&[desk.path(data)], &mut Shrunk::new(), options, &desk.path(out), &mut |_| true);
    let error = outcome.err().unwrap_or_else(|| panic!("{data} into {out} is refused"));
    assert_sentence(&error.to_string());
    error
}

#[test]
fn what_is_missing_stops_everything_before_anything_is_computed() {
    let desk = desk();
    let options = only(&[PartName::Pose]);
    assert!(refused(&desk, "nowhere", &options, "report").to_string().contains("nowhere"));
    let none = evaluate(&[], &mut Shrunk::new(), &options, &desk.report(), &mut |_| true);
    assert!(matches!(none, Err(EvaluateError::NoData)));
    let gone = || Some(desk.path("gone"));
    for options in [
        Options { pairs: gone(), ..options.clone() },
        Options { recogniser: gone(), ..options.clone() },
        Options { head_data: vec![desk.path("gone")], ..options.clone() },
    ] {
        assert!(refused(&desk, "data", &options, "report").to_string().ends_with("gone"));
    }
    assert!(!desk.report().exists(), "nothing was begun");
}

#[test]
fn a_folder_that_cannot_hold_a_report_is_refused() {
    let desk = desk();
    let options = only(&[PartName::Pose]);
    desk.put("file", "in the way");
    assert!(matches!(refused(&desk, "data", &options, "file"), EvaluateError::NotAFolder(_)));
    assert!(matches!(refused(&desk, "data", &options, "data"), EvaluateError::IntoData(_)));
    assert_eq!(fs::read_dir(desk.path("data")).unwrap().count(), 1, "the data is as it was");
}

#[test]
fn pairs_that_are_none_are_said_and_the_rest_is_measured() {
    let desk = desk();
    let parts = only(&[PartName::Verification, PartName::Pose]);
    for (text, says) in [
        ("a story about faces", "no list of pairs"),
        ("1\t2\nA\t1\t2\n", "cut off"),
        ("1\t1\nAda\t1\t2\nAda\t1\tBo\t1\n", "None of the pairs"),
        ("1\t1\nP00\t1\t2\nAda\t1\tBo\t1\n", "one kind"),
    ] {
        let pairs = Some(desk.put("pairs.txt", text));
        let outcome = desk.run(&mut Shrunk::new(), &Options { pairs, ..parts.clone() });
        let set = the_set(&outcome.report);
        assert!(why(set, PartName::Verification).contains(says), "{}", why(set, PartName::Verification));
        // Of a list that can be read, the pictures that are missing are named.
        assert_eq!(why(set, PartName::Verification).contains("(Ada_0001"), text.contains("Bo"));
        assert_sentence(why(set, PartName::Verification));
        assert_eq!(parts_of(set), [PartName::Pose]);
    }
}

#[test]
fn few_pairs_and_missing_people_are_said() {
    let desk = desk();
    let mut text = "1\t4\n".to_owned();
    (0..4).for_each(|person| text += &format!("P{person:02}\t1\t2\n"));
    (0..3).for_each(|person| text += &format!("P{person:02}\t1\tP{:02}\t2\n", person + 1));
    text += "P00\t1\tNobody\t1\n";
    let options = Options { pairs: Some(desk.put("pairs.txt", &text)), ..only(&[PartName::Verification]) };
    let outcome = desk.run(&mut Shrunk::new(), &options);
    let notes = &the_set(&outcome.report).sections[0].notes;
    for says in ["Nobody_0001", "blocks", "fewer than 20"] {
        assert!(notes.iter().any(|note| note.contains(says)), "{says} in {notes:?}");
    }
    notes.iter().for_each(|note| assert_sentence(note));
}

#[test]
fn a_recogniser_that_is_none_is_said_where_it_would_be_used() {
    let desk = desk();
    let recogniser = Some(desk.put("r.safetensors", "no network"));
    let options = Options { recogniser, ..only(&[PartName::Identity, PartName::Sampling, PartName::Reconstruction]) };
    let outcome = desk.run(&mut Shrunk::new(), &options);
    let set = the_set(&outcome.report);
    assert!(why(set, PartName::Identity).contains("not a readable recogniser"));
    assert!(why(set, PartName::Identity).ends_with("r.safetensors"));
    assert_eq!(parts_of(set), [PartName::Reconstruction, PartName::Sampling]);
    assert!(set.sections[1].notes.iter().any(|note| note.contains("not a readable recogniser")));
}

#[test]
fn one_class_and_no_labels_are_said() {
    let desk = Desk::new();
    let bare = |number: usize, expression: Option<u8>| {
        let mut record = record(number);
        (record.person, record.pose_deg, record.expression) = (None, None, expression);
        record
    };
    desk.records("happy-val-00.parquet", (0..12).map(|number| bare(number, Some(1))));
    desk.records("plain-val-00.parquet", (0..12).map(|number| bare(number, None)));
    let parts = only(&[PartName::Expression, PartName::Pose, PartName::Retrieval, PartName::Cycle]);
    let outcome = desk.run(&mut Shrunk::new(), &parts);
    let [happy, plain] = &outcome.report.sets[..] else { panic!("two sets") };
    assert!(why(happy, PartName::Expression).contains("is happy"), "{}", why(happy, PartName::Expression));
    assert!(why(plain, PartName::Expression).contains("labelled"), "{}", why(plain, PartName::Expression));
    for set in [happy, plain] {
        assert_eq!(parts_of(set).last(), Some(&PartName::Cycle));
        set.unmeasured.iter().for_each(|unmeasured| assert_sentence(&unmeasured.why));
    }
    assert!(why(plain, PartName::Retrieval).contains("share anything"));
}

#[test]
fn pictures_that_are_no_crops_are_counted_and_shards_of_nothing_else_are_a_set_without_figures() {
    let desk = Desk::new();
    let large = |number: usize| {
        let mut record = record(number);
        record.picture_bytes = bytes_of(RgbImage::new(200, 150), ImageFormat::Png);
        record
    };
    let broken = |number: usize| {
        let mut record = record(number);
        record.picture_bytes = b"no picture".to_vec();
        record
    };
    desk.records("mixed-val-00.parquet", [large(0), record(1), broken(2), record(3), record(4)]);
    desk.records("photos-val-00.parquet", (0..4).map(large));
    desk.put("data/torn-val-00.parquet", "no shard");
    let outcome = desk.run(&mut Shrunk::new(), &only(&[PartName::Pose]));
    let names: Vec<&str> = outcome.report.sets.iter().map(|set| set.name.as_str()).collect();
    assert_eq!(names, ["mixed-val", "photos-val", "torn-val"]);
    let [mixed, photos, torn] = &outcome.report.sets[..] else { unreachable!() };
    assert_eq!((mixed.faces, mixed.skipped.values().sum::<usize>()), (3, 2));
    assert!(mixed.skipped.keys().any(|reason| reason.contains("128, 144 or 168")));
    assert!(why(photos, PartName::Pose).contains("no face that can be measured"));
    assert!(why(torn, PartName::Pose).contains("damaged"), "{}", why(torn, PartName::Pose));
    assert_eq!((photos.faces, photos.skipped.values().sum::<usize>()), (0, 4));
    // The report makes these sentences of its counts, so that they are no remarks as well: two reasons for one set, one
    // for another.
    let said = outcome.report.sentences();
    assert_eq!(said.iter().filter(|sentence| sentence.starts_with("Passed over ")).count(), 3, "{said:?}");
    assert_eq!(said.iter().filter(|sentence| sentence.contains("damaged")).count(), 1, "{said:?}");
    said.iter().for_each(|sentence| assert_sentence(sentence));
    // Three faces of two people.
    let [remark] = &outcome.report.remarks[..] else { panic!("{:?}", outcome.report.remarks) };
    assert!(remark.contains("of 2 people alone"), "{remark}");

    fs::remove_file(desk.path("data/mixed-val-00.parquet")).unwrap();
    assert!(matches!(refused(&desk, "data", &only(&[PartName::Pose]), "other"), EvaluateError::NoFaces(_)));
}

#[test]
fn labels_that_the_weights_do_not_know_are_said() {
    let desk = Desk::new();
    // The stand-in's training faces were neutral and happy.
    desk.shard("drawn-val-00-of-01.parquet", 0..24);
    let outcome = desk.run(&mut Shrunk::new(), &only(&[PartName::Expression]));
    let notes = &the_set(&outcome.report).sections[0].notes;
    assert!(notes.iter().any(|note| note.contains("too few faces labelled sad or surprise")), "{notes:?}");
}

#[test]
fn faces_that_are_trained_on_as_well_are_said() {
    let desk = Desk::new();
    let shard = desk.shard("drawn-train-00-of-01.parquet", 0..48);
    let said = |options: Options| {
        let outcome = desk.run(&mut Shrunk::new(), &options);
        outcome.report.remarks.iter().filter(|remark| remark.contains("were trained on")).count()
    };
    let with_training = |part: PartName| Options { head_data: vec![shard.clone()], ..only(&[part]) };
    assert_eq!((said(with_training(PartName::Reconstruction)), said(with_training(PartName::Pose))), (1, 0));
    assert_eq!(said(only(&[PartName::Reconstruction])), 0, "halves are of other people");
}

#[test]
fn people_and_pictures_that_are_trained_on_as_well_are_counted() {
    let desk = Desk::new();
    // Two pictures of each of six people.
    desk.shard("drawn-val-00-of-01.parquet", (0..24).filter(|number| number % 4 < 2));
    let said = |records: Vec<Record>, options: Options| {
        let shard = desk.records("aside.parquet", records);
        let head_data = vec![desk.path("aside.parquet")];
        fs::rename(shard, &head_data[0]).unwrap();
        let run = || desk.run(&mut Shrunk::new(), &Options { head_data: head_data.clone(), ..options.clone() });
        let [first, again] = [run(), run()].map(|outcome| {
            let remarks = outcome.report.remarks.into_iter();
            (outcome.reused, remarks.filter(|remark| remark.contains("were trained on")).collect::<Vec<String>>())
        });
        assert_eq!((first.0, again.0, &first.1), (0, 1, &again.1), "it is kept with the part");
        first.1
    };
    // The other pictures of the last three of them, and of others.
    let of_people = |strip: &dyn Fn(&mut Record)| -> Vec<Record> {
        let mut records: Vec<Record> = (12..60).filter(|number| number % 4 >= 2).map(record).collect();
        records.iter_mut().for_each(strip);
        records
    };
    let reconstruction = only(&[PartName::Reconstruction]);
    let [people] = &said(of_people(&|_| ()), reconstruction.clone())[..] else { panic!("one remark") };
    assert!(people.starts_with("By their names 6 of 12 faces of drawn-val are of people that PCA"), "{people}");
    assert_sentence(people);
    let nobody = |record: &mut Record| record.person = None;
    assert!(said(of_people(&nobody), reconstruction.clone()).is_empty(), "only people with names count");
    // The same pictures under a name that says nothing.
    let renamed = (4..9).map(|number| Record { person: Some(format!("Q{number}")), ..record(number) }).collect();
    let [pictures] = &said(renamed, reconstruction)[..] else { panic!("one remark") };
    assert!(pictures.starts_with("By their names 3 of 12 faces of drawn-val are pictures that PCA"), "{pictures}");
    assert!(said(of_people(&|_| ()), only(&[PartName::Pose])).is_empty(), "pose is not learned");
}

#[test]
fn a_folder_that_somebody_writes_into_is_left_alone() {
    let desk = desk();
    let options = only(&[PartName::Pose]);
    let mut inner = None;
    let outcome = evaluate(&[desk.path("data")], &mut Shrunk::new(), &options, &desk.report(), &mut |_| {
        inner.get_or_insert_with(|| refused(&desk, "data", &options, "report"));
        true
    });
    assert!(!outcome.unwrap().cancelled);
    assert!(matches!(inner, Some(EvaluateError::Busy(_))));
}
