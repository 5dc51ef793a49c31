//! Synthetic faces: the same every time, true to their labels, different from each other.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use facespace::data::atomic::WriteError;
use facespace::data::image::decode;
use facespace::data::shards::{Record, Wanted, find_shards, records};
use facespace::data::synth::{FACTORS, PER_CLIP, PER_PERSON, SynthError, record, write};
use facespace::face::{CROP_SIDE, Crop, Expression, Part};

/// Six people, drawn once for all tests.
fn faces() -> &'static [Record] {
    static FACES: OnceLock<Vec<Record>> = OnceLock::new();
    FACES.get_or_init(|| (0..6 * PER_PERSON).map(|number| record(3, number)).collect())
}

fn points(face: &Record) -> &[[f32; 2]; 68] {
    face.landmarks.as_ref().unwrap()
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// Slope and value at 0 of the line through pairs.
fn line(pairs: &[(f32, f32)]) -> (f32, f32) {
    let n = pairs.len() as f32;
    let (mx, my) = (pairs.iter().map(|p| p.0).sum::<f32>() / n, pairs.iter().map(|p| p.1).sum::<f32>() / n);
    let slope = pairs.iter().map(|p| (p.0 - mx) * (p.1 - my)).sum::<f32>()
        / pairs.iter().map(|p| (p.0 - mx).powi(2)).sum::<f32>();
    (slope, my - slope * mx)
}

#[test]
fn a_number_is_a_face_for_ever() {
    assert_eq!(record(3, 7), faces()[7]);
    assert_ne!(record(4, 7).picture_bytes, faces()[7].picture_bytes);
    for face in faces().iter().take(8) {
        assert_eq!(decode(&face.picture_bytes).unwrap().dimensions(), (168, 168));
    }
}

#[test]
fn every_crop_is_the_rules_crop() {
    for face in faces() {
        let crop = Crop::from_landmarks(points(face)).unwrap();
        assert!((crop.centre[0] - 84.0).abs() < 0.5 && (crop.centre[1] - 84.0).abs() < 0.5, "{}", face.path);
        assert!((crop.half_side - CROP_SIDE as f32 / 2.0).abs() < 0.5, "{}", face.path);
        assert!(crop.roll_deg().abs() < 0.3, "{}", face.path);
        for [x, y] in points(face) {
            assert!((0.0..168.0).contains(x) && (0.0..168.0).contains(y), "{}: {x}, {y}", face.path);
        }
    }
}

/// The nose's tip against the middle of the jaw's ends, in pixels.
fn nose_offset(face: &Record) -> [f32; 2] {
    let p = points(face);
    std::array::from_fn(|axis| p[30][axis] - (p[0][axis] + p[16][axis]) / 2.0)
}

#[test]
fn the_nose_follows_yaw_and_pitch() {
    let pose = |face: &Record| face.pose_deg.unwrap();
    let yaw: Vec<_> = faces().iter().map(|face| (pose(face)[0], nose_offset(face)[0])).collect();
    let (slope, at_zero) = line(&yaw);
    // To the image's right, and as far to the left: a head that looks ahead has its nose in the middle.
    assert!(slope > 0.7, "{slope}");
    assert!(at_zero.abs() < 3.0, "{at_zero}");
    for (yaw, offset) in yaw {
        assert!(yaw.abs() < 10.0 || (yaw > 0.0) == (offset > 0.0), "yaw {yaw}: {offset} px");
    }
    let (slope, _) = line(&faces().iter().map(|face| (pose(face)[1], nose_offset(face)[1])).collect::<Vec<_>>());
    assert!(slope < -0.5, "{slope}");
}

#[test]
fn roll_is_what_the_crop_left_of_it() {
    for face in faces() {
        let [yaw, _, roll] = face.pose_deg.unwrap();
        assert!(roll.abs() < 14.0, "{roll}");
        // Points of the face's own middle line show the roll of a head that looks ahead.
        let p = points(face);
        if yaw.abs() < 3.0 {
            let seen = -(p[8][0] - p[27][0]).atan2(p[8][1] - p[27][1]).to_degrees();
            assert!((seen - roll).abs() < 6.0, "{seen} is not {roll}");
        }
    }
}

#[test]
fn left_and_right_are_those_of_the_image() {
    for face in faces() {
        let p = points(face);
        for (left, right) in [(0, 16), (17, 26), (36, 45), (39, 42), (31, 35), (48, 54), (60, 64)] {
            assert!(p[left][0] < p[right][0], "{}: {left} and {right}", face.path);
        }
        // Brows over eyes over nose over mouth over chin; upper lids over lower ones.
        for (above, below) in
            [(19, 37), (24, 44), (37, 41), (38, 40), (43, 47), (27, 30), (30, 33), (33, 51), (51, 57), (57, 8)]
        {
            assert!(p[above][1] < p[below][1], "{}: {above} and {below}", face.path);
        }
    }
}

/// Mean of a measure over the faces of a class.
fn of_class(expression: Expression, measure: impl Fn(&Record) -> f32) -> f32 {
    let label = Some(expression.index() as u8);
    let values: Vec<f32> = faces().iter().filter(|face| face.expression == label).map(measure).collect();
    assert_eq!(values.len(), 12, "{expression}");
    values.iter().sum::<f32>() / values.len() as f32
}

#[test]
fn every_class_occurs_and_moves_the_face() {
    use Expression::{Anger, Contempt, Happy, Neutral, Sad, Surprise};
    let opening = |face: &Record| points(face)[66][1] - points(face)[62][1];
    let corners = |face: &Record| {
        let p = points(face);
        (p[51][1] + p[57][1]) / 2.0 - (p[48][1] + p[54][1]) / 2.0
    };
    let brows = |face: &Record| points(face)[39][1] - points(face)[21][1];
    assert!(of_class(Surprise, opening) > of_class(Neutral, opening) + 6.0);
    assert!(of_class(Happy, corners) > of_class(Neutral, corners) + 2.0);
    assert!(of_class(Sad, corners) < of_class(Neutral, corners) - 1.0);
    assert!(of_class(Anger, brows) < of_class(Neutral, brows) - 3.0);
    let lopsided = |face: &Record| points(face)[48][1] - points(face)[54][1];
    assert!(of_class(Contempt, lopsided) > of_class(Neutral, lopsided) + 1.5);

    for face in faces() {
        let (valence, arousal) = (face.valence.unwrap(), face.arousal.unwrap());
        assert!(valence.abs() <= 1.0 && arousal.abs() <= 1.0);
    }
    assert!(of_class(Happy, |face| face.valence.unwrap()) > 0.4);
    assert!(of_class(Anger, |face| face.valence.unwrap()) < -0.4);
    assert!(of_class(Surprise, |face| face.arousal.unwrap()) > of_class(Sad, |face| face.arousal.unwrap()) + 0.5);
}

#[test]
fn thirty_factors_and_more_vary_each_within_its_part() {
    let factors = |face: &Record| face.factors.clone().unwrap();
    assert!(FACTORS.len() >= 30);
    assert_eq!(FACTORS.iter().map(|factor| factor.name).collect::<BTreeSet<_>>().len(), FACTORS.len());
    for (i, factor) in FACTORS.iter().enumerate() {
        let values: Vec<f32> = faces().iter().map(|face| factors(face)[i]).collect();
        assert!(values.iter().any(|&value| value != values[0]), "{} stands still", factor.name);
        let still = match factor.part {
            Part::Identity => PER_PERSON,
            Part::Style => PER_CLIP,
            Part::Expression | Part::Pose => 1,
        };
        for same in values.chunks(still as usize) {
            assert!(same.iter().all(|&value| value == same[0]), "{} moves", factor.name);
        }
    }
    let clips: BTreeSet<_> = faces().iter().map(|face| face.clip.clone()).collect();
    let people: BTreeSet<_> = faces().iter().map(|face| face.person.clone()).collect();
    assert_eq!((people.len(), clips.len()), (6, 24));
}

#[test]
fn shards_hold_every_face_and_share_no_person() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("new/faces");
    let heard = AtomicUsize::new(0);
    let written = write(&dir, 40, 3, &|done| {
        heard.fetch_max(done, Ordering::Relaxed);
        true
    })
    .unwrap();
    assert_eq!((written.train, written.held_back, heard.into_inner()), (36, 4, 40));
    assert_eq!(names(&dir), ["synthetic-train-00-of-01.parquet", "synthetic-val-00-of-01.parquet"]);
    let train: Vec<Record> =
        records(find_shards(std::slice::from_ref(&dir), Wanted::TrainingCrops).unwrap()).map(Result::unwrap).collect();
    assert_eq!(train[..], faces()[..36]);
    let all: Vec<Record> = records(written.shards).map(Result::unwrap).collect();
    let mut people = BTreeMap::<_, BTreeSet<bool>>::new();
    for (i, face) in all.iter().enumerate() {
        people.entry(face.person.clone()).or_default().insert(i < 36);
    }
    assert!(all.len() == 40 && people.values().all(|sets| sets.len() == 1));

    // A second set takes the place of the first.
    fs::write(dir.join("synthetic-train-01-of-02.parquet"), b"old").unwrap();
    fs::write(dir.join("mine.parquet"), b"mine").unwrap();
    write(&dir, 16, 4, &|_| true).unwrap();
    assert_eq!(names(&dir), ["mine.parquet", "synthetic-train-00-of-01.parquet", "synthetic-val-00-of-01.parquet"]);
}

#[test]
fn a_stop_leaves_nothing_and_a_few_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("faces");
    for last in [1, 20] {
        assert!(matches!(write(&dir, 24, 1, &|done| done < last), Err(SynthError::Cancelled)));
        assert!(!dir.exists());
    }
    fs::create_dir(&dir).unwrap();
    fs::write(dir.join("mine.txt"), b"mine").unwrap();
    assert!(matches!(write(&dir, 24, 1, &|_| false), Err(SynthError::Cancelled)));
    assert_eq!(names(&dir), ["mine.txt"]);
    let few = write(&dir, 15, 1, &|_| true).unwrap_err();
    assert_eq!(few.to_string(), "A set has 16 faces or more, not 15; ask for more of them");
}

/// Name of the variable that tells the second process where to write.
const TARGET: &str = "FACESPACE_TEST_SYNTH";

/// The environment of this process belongs to all tests, so the full disk is met in a second one.
#[test]
fn a_full_disk_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let run = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "data::synth::on_a_full_disk"])
        .env("FACESPACE_FAULT_WRITE", "30000")
        .env(TARGET, folder.path())
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stdout));
    assert!(names(folder.path()).is_empty());
}

#[test]
fn on_a_full_disk() {
    let Some(folder) = std::env::var_os(TARGET) else { return };
    let dir = Path::new(&folder).join("faces");
    let failed = write(&dir, 16, 1, &|_| true).unwrap_err();
    assert!(matches!(&failed, SynthError::Write(WriteError::DiskFull(path)) if *path == dir), "{failed}");
}
