//! What is kept of a run for the next: resumed after a stop, taken again while nothing has changed.

use std::fs;

use facespace::evaluate::options::{Options, PartName};
use facespace::evaluate::report::Report;
use facespace::evaluate::run::{Outcome, Step, evaluate};

use super::{Desk, Shrunk, is_there, only, parts_of, the_set, why};

const PARTS: [PartName; 5] =
    [PartName::Reconstruction, PartName::Sampling, PartName::Pose, PartName::Retrieval, PartName::Cycle];

fn desk() -> Desk {
    let desk = Desk::new();
    desk.shard("drawn-val-00-of-01.parquet", 0..24);
    desk
}

#[test]
fn faces_are_encoded_once_for_all_parts_and_not_at_all_where_all_are_kept() {
    let desk = desk();
    let options = only(&[PartName::Reconstruction, PartName::Pose, PartName::Retrieval]);
    let mut model = Shrunk::new();
    let first = desk.run(&mut model, &options);
    assert_eq!((model.encoded, first.reused), (24, 0));

    let mut idle = Shrunk::new();
    let second = desk.run(&mut idle, &options);
    assert_eq!((idle.encoded, idle.decoded, second.reused), (0, 0, 3));
    assert_eq!((first.report.reused, second.report.reused), (0, 3));
    let (first, second) = (the_set(&first.report), the_set(&second.report));
    assert_eq!((first.faces, first.people), (second.faces, second.people));
    assert_eq!(parts_of(first), parts_of(second));
    for (a, b) in first.figures().zip(second.figures()) {
        assert_eq!((&a.key, a.value.n), (&b.key, b.value.n));
        assert!((a.value.value - b.value.value).abs() < 1e-9);
    }
    assert_eq!(the_set(&Report::read(&desk.report()).unwrap()).faces, 24);
}

#[test]
fn what_has_changed_is_measured_anew_and_nothing_else() {
    let desk = desk();
    let options = only(&PARTS);
    let reused = |model: &mut Shrunk, options: &Options| desk.run(model, options).reused;
    assert_eq!(reused(&mut Shrunk::new(), &options), 0);
    assert_eq!(reused(&mut Shrunk::new(), &Options { samples: 12, ..options.clone() }), PARTS.len() - 1);
    let training = desk.path("data").join("drawn-val-00-of-01.parquet");
    let aside = desk.path("aside-train.parquet");
    fs::copy(training, &aside).unwrap();
    let with_training = Options { samples: 12, head_data: vec![aside], ..options.clone() };
    assert_eq!(reused(&mut Shrunk::new(), &with_training), PARTS.len() - 1, "PCA comes from training faces");
    assert_eq!(reused(&mut Shrunk::new(), &Options { faces: 20, ..options.clone() }), 0);
    assert_eq!(reused(&mut Shrunk::new(), &Options { faces: 20, seed: 1, ..options.clone() }), 0);
    let mut other = Shrunk { contents: 2, ..Shrunk::new() };
    assert_eq!(reused(&mut other, &Options { faces: 20, seed: 1, ..options.clone() }), 0, "another generator");

    desk.shard("drawn-val-00-of-01.parquet", 24..48);
    assert_eq!(reused(&mut other, &Options { faces: 20, seed: 1, ..options }), 0, "other faces under the same name");
}

#[test]
fn as_many_training_faces_are_read_as_were_asked_for_and_no_fewer_for_the_measured_ones() {
    let desk = desk();
    let aside = desk.shard("aside-train-00-of-01.parquet", 24..54);
    fs::rename(&aside, desk.path("aside-train-00-of-01.parquet")).unwrap();
    let head_data = vec![desk.path("aside-train-00-of-01.parquet")];
    let options = Options { head_data, faces: 8, ..only(&[PartName::Reconstruction, PartName::Pose]) };
    let run = |options: &Options| {
        let mut model = Shrunk::new();
        let outcome = desk.run(&mut model, options);
        (outcome.reused, model.encoded)
    };
    assert_eq!(run(&options), (0, 8 + 30));
    assert_eq!(run(&Options { head_faces: 30, ..options.clone() }), (2, 0), "as many as there are");
    assert_eq!(run(&Options { head_faces: 12, ..options }), (1, 8 + 12), "pose is read off the code");
}

#[test]
fn a_stopped_run_keeps_what_is_done_and_goes_on_from_there() {
    let desk = desk();
    let options = only(&PARTS);
    let stop_at = |part: PartName| -> Outcome {
        let mut model = Shrunk::new();
        let watch = &mut |progress: facespace::evaluate::run::Progress| progress.part != Step::Part(part);
        evaluate(&[desk.path("data")], &mut model, &options, &desk.report(), watch).unwrap()
    };
    let stopped = stop_at(PartName::Retrieval);
    assert!(stopped.cancelled && stopped.reused == 0);
    assert_eq!(parts_of(the_set(&stopped.report)), PARTS[..3]);
    assert!(!is_there(&desk.report(), "report.json"), "a report is whole or not there");

    let again = stop_at(PartName::Cycle);
    assert!(again.cancelled && again.reused == 3);
    let done = desk.run(&mut Shrunk::new(), &options);
    assert!(!done.cancelled && done.reused == 4);
    assert_eq!(parts_of(the_set(&done.report)), PARTS);
    assert!(is_there(&desk.report(), "report.json"));
}

#[test]
fn a_damaged_part_or_a_lost_picture_is_made_again() {
    let desk = desk();
    let options = only(&[PartName::Pose, PartName::Retrieval]);
    desk.run(&mut Shrunk::new(), &options);
    let part = desk.report().join("parts").join("drawn-val-pose.json");
    fs::write(&part, "{\"key\": ").unwrap();
    assert_eq!(desk.run(&mut Shrunk::new(), &options).reused, 1);

    let figures = only(&[PartName::Figures]);
    let outcome = desk.run(&mut Shrunk::new(), &figures);
    assert_eq!(desk.run(&mut Shrunk::new(), &figures).reused, 1);
    let picture = &the_set(&outcome.report).sections[0].pictures[0].file;
    fs::remove_file(desk.report().join(picture)).unwrap();
    assert_eq!(desk.run(&mut Shrunk::new(), &figures).reused, 0);
    assert!(is_there(&desk.report(), picture));
}

#[test]
fn a_part_that_fails_is_tried_again_by_the_next_run() {
    let desk = desk();
    let options = only(&[PartName::Reconstruction, PartName::Pose]);
    let mut broken = Shrunk { failure: Some("The device is on fire; put it out".to_owned()), ..Shrunk::new() };
    let outcome = desk.run(&mut broken, &options);
    let set = the_set(&outcome.report);
    assert_eq!(why(set, PartName::Reconstruction), "The device is on fire; put it out");
    assert_eq!(parts_of(set), [PartName::Pose], "the other goes on");

    let outcome = desk.run(&mut Shrunk::new(), &options);
    assert_eq!(outcome.reused, 1);
    assert_eq!(parts_of(the_set(&outcome.report)), [PartName::Reconstruction, PartName::Pose]);
}
