//! What comes of an evaluation, and what is heard on the way.

use facespace::evaluate::options::{Options, PartName};
use facespace::evaluate::report::Report;
use facespace::evaluate::run::{Progress, Step, evaluate};

use super::{Desk, Shrunk, assert_sentence, is_there, only, parts_of, the_set, why};

#[test]
fn every_part_is_made_or_it_is_said_why_not() {
    let desk = Desk::new();
    desk.shard("drawn-val-00-of-01.parquet", 0..48);
    let mut model = Shrunk::new();
    let outcome = desk.run(&mut model, &Options::default());
    assert!(!outcome.cancelled && outcome.reused == 0);

    let report = Report::read(&desk.report()).unwrap();
    assert_eq!(report.model.name, "shrunk");
    assert!(report.seconds > 0.0 && report.created.ends_with('Z'));
    let set = the_set(&report);
    assert_eq!((set.name.as_str(), set.faces, set.held, set.people), ("drawn-val", 48, 48, 12));
    let notes = set.sections.iter().flat_map(|section| &section.notes);
    assert_eq!(notes.filter(|note| note.contains("over the scores of all folds together")).count(), 1);
    let made = parts_of(set);
    for part in [
        PartName::Reconstruction,
        PartName::Sampling,
        PartName::Expression,
        PartName::Pose,
        PartName::Retrieval,
        PartName::Cycle,
        PartName::Figures,
    ] {
        assert!(made.contains(&part), "{part} in {made:?}");
    }
    for (part, says) in [
        (PartName::Verification, "--pairs"),
        (PartName::Identity, "--recogniser"),
        (PartName::Disentanglement, "synth"),
    ] {
        assert!(why(set, part).contains(says), "{}", why(set, part));
        assert_sentence(why(set, part));
    }
    assert_eq!(set.sections.len() + set.unmeasured.len(), PartName::ALL.len());

    // The stand-in draws codes as they are and forgets how long a direction was.
    let rmse = |way: &str| set.figure(&format!("reconstruction.{way}.rmse")).unwrap().value;
    assert!(rmse("direct").value < 1.0 && rmse("phi").value > 10.0, "{:?} {:?}", rmse("direct"), rmse("phi"));
    assert_eq!(rmse("phi").n, 48);
    assert!(set.figure("pose.yaw").unwrap().value.value < 0.5);
    assert!(set.figure("retrieval.person.f_id.top_7").unwrap().value.value > 0.4, "three of seven");
    assert!(set.figure("cycle.identity.asked").unwrap().value.value < 2.0);
    assert!(set.figure("cycle.neutral_happy.expression").unwrap().value.value < 2.0);
    assert!(set.figure("sampling.diversity_pixels").is_some());

    for name in ["report.html", "report.csv", "report.json"] {
        assert!(is_there(&desk.report(), name), "{name}");
    }
    let pictures: Vec<_> = set.sections.iter().flat_map(|section| &section.pictures).collect();
    assert!(!pictures.is_empty());
    for picture in pictures {
        assert!(
            picture.file.starts_with("figures/drawn-val-") && is_there(&desk.report(), &picture.file),
            "{picture:?}"
        );
    }
}

#[test]
fn pairs_are_found_beyond_the_faces_that_are_measured() {
    let desk = Desk::new();
    desk.shard("drawn-val-00-of-01.parquet", 0..48);
    // Of people far behind the limit.
    let mut text = "1\t11\n".to_owned();
    (1..12).for_each(|person| text += &format!("P{person:02}\t1\t2\n"));
    (1..12).for_each(|person| text += &format!("P{person:02}\t3\tP{:02}\t4\n", person - 1));
    let pairs = desk.put("pairs.txt", &text);
    let options = Options { pairs: Some(pairs), faces: 8, ..only(&[PartName::Verification, PartName::Pose]) };
    let mut model = Shrunk::new();
    let outcome = desk.run(&mut model, &options);
    let set = the_set(&outcome.report);
    assert_eq!(set.faces, 8);
    assert_eq!(set.faces_text(), "8 of 48");
    assert_eq!(set.figure("pose.yaw").unwrap().value.n, 8, "those beyond are for pairs alone");
    let own = set.figure("verification.f_id").unwrap().value;
    assert_eq!(own.n, 22);
    assert!(own.value > 0.9, "people have cells of their own: {own:?}");
    assert!(set.figure("verification.f_without_f_id").unwrap().value.value < own.value);
    let notes = &set.sections[0].notes;
    assert!(notes.iter().any(|note| note.contains("10 blocks")), "a single fold is cut: {notes:?}");
}

#[test]
fn what_is_heard_never_falls() {
    let desk = Desk::new();
    desk.shard("drawn-train-00-of-01.parquet", 0..16);
    desk.shard("drawn-val-00-of-01.parquet", 16..32);
    let mut heard: Vec<Progress> = Vec::new();
    let options = only(&[PartName::Reconstruction, PartName::Pose, PartName::Cycle]);
    let outcome = evaluate(&[desk.path("data")], &mut Shrunk::new(), &options, &desk.report(), &mut |progress| {
        heard.push(progress);
        true
    });
    assert_eq!(outcome.unwrap().report.sets.len(), 2);
    assert!(heard.windows(2).all(|two| two[0].done <= two[1].done), "{heard:?}");
    assert!(heard.iter().all(|progress| progress.done <= progress.total));
    for set in ["drawn-train", "drawn-val"] {
        for part in [Step::Read, Step::Part(PartName::Reconstruction), Step::Part(PartName::Cycle)] {
            assert!(heard.iter().any(|progress| progress.set == set && progress.part == part), "{set} {part:?}");
        }
        let counts = heard.iter().filter(|progress| progress.set == set && progress.part == Step::Read);
        let counts: Vec<[u64; 2]> = counts.map(|progress| progress.of_step).filter(|[_, of]| *of > 0).collect();
        assert_eq!((counts[0], counts[counts.len() - 1]), ([0, 16], [16, 16]), "faces are counted: {counts:?}");
    }
}

#[test]
fn a_stop_is_heard_within_what_takes_long() {
    let desk = Desk::new();
    desk.shard("drawn-val-00-of-01.parquet", 0..48);
    for part in [PartName::Expression, PartName::Retrieval] {
        let mut heard = Vec::new();
        let watch = &mut |progress: Progress| {
            if progress.part == Step::Part(part) {
                heard.push(progress.of_step);
            }
            heard.last().is_none_or(|[done, _]| *done == 0)
        };
        let outcome =
            evaluate(&[desk.path("data")], &mut Shrunk::new(), &only(&[part]), &desk.report(), watch).unwrap();
        assert!(outcome.cancelled && parts_of(the_set(&outcome.report)).is_empty());
        assert!(heard.last().is_some_and(|[done, of]| 0 < *done && done < of), "{part}: {heard:?}");
    }
}

#[test]
fn files_are_named_with_what_is_in_them() {
    let desk = Desk::new();
    desk.shard("drawn-val-00-of-01.parquet", 0..16);
    let aside = |name: &str, faces: std::ops::Range<usize>| {
        let shard = desk.shard("aside.parquet", faces);
        std::fs::create_dir_all(desk.path(name)).unwrap();
        std::fs::rename(shard, desk.path(name).join("aside.parquet")).unwrap();
        desk.path(name).join("aside.parquet")
    };
    let options = |head_data: std::path::PathBuf, pairs: &str| Options {
        head_data: vec![head_data],
        pairs: Some(desk.put("pairs.txt", pairs)),
        ..only(&[PartName::Pose])
    };
    let run = |options: &Options| desk.run(&mut Shrunk::new(), options).report;
    let setting = |report: &Report, name: &str| {
        report.settings.iter().find(|setting| setting.name.starts_with(name)).unwrap().value.clone()
    };
    let pairs = "1\t1\nP00\t1\t2\nP00\t1\tP01\t1\n";
    let first = run(&options(aside("a", 20..24), pairs));
    let again = run(&options(aside("b", 20..24), pairs));
    let other = run(&options(aside("c", 24..28), &pairs.replace("P01\t1", "P01\t2")));
    for (name, file) in [("Pairs", "pairs.txt, "), ("Training data", "aside.parquet, ")] {
        assert!(setting(&first, name).starts_with(file), "{}", setting(&first, name));
        assert_eq!(setting(&first, name), setting(&again, name), "wherever the file lies");
        assert_ne!(setting(&first, name), setting(&other, name), "another file of that name");
    }
    assert_eq!(setting(&first, "Recogniser"), "none");
}

#[test]
fn weights_without_parts_are_measured_as_far_as_that_goes() {
    let desk = Desk::new();
    desk.shard("drawn.parquet", 0..16);
    let mut model = Shrunk { can_edit: false, ..Shrunk::new() };
    let outcome = desk.run(&mut model, &only(&[PartName::Reconstruction, PartName::Cycle]));
    let set = the_set(&outcome.report);
    assert_eq!(parts_of(set), [PartName::Reconstruction]);
    assert_sentence(why(set, PartName::Cycle));
    assert!(outcome.report.remarks.iter().any(|remark| remark.contains("stage two")));
}
