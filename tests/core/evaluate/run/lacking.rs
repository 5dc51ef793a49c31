//! What is measured only in part, or of some faces alone, is said beside the figures.

use facespace::data::image::views::stretch_levels;
use facespace::data::shards::Record;
use facespace::evaluate::error::EvaluateError;
use facespace::evaluate::lent::{CardWords, Model};
use facespace::evaluate::options::{Options, PartName};
use facespace::evaluate::report::{Report, Section};
use facespace::evaluate::run::evaluate;
use facespace::face::{FaceCode, FaceSpace, ModelName, Part};
use facespace::nn::{Code, Encoded};
use image::{ImageFormat, Rgb, RgbImage};

use super::{Desk, Shrunk, assert_sentence, only, record, the_set};
use crate::data::bytes_of;
use crate::face::space;

/// A picture of one colour.
fn flat(level: u8) -> RgbImage {
    RgbImage::from_pixel(128, 128, Rgb([level; 3]))
}

/// Stands in for networks that see two faces in all pictures, one in bright ones and one in dark ones; they differ in
/// their expression alone. It draws dark ones.
pub struct Still {
    pub space: FaceSpace,
    pub can_edit: bool,
    /// Of both faces.
    pub yaw_deg: f32,
}

impl Still {
    pub fn new() -> Self {
        Still { space: space(), can_edit: true, yaw_deg: 0.0 }
    }
}

impl Model for Still {
    fn name(&self) -> ModelName {
        ModelName { name: "still".to_owned(), fingerprint: "1".repeat(16) }
    }

    fn contents(&self) -> u64 {
        1
    }

    fn card(&self) -> CardWords {
        CardWords { can_edit: self.can_edit, ..CardWords::default() }
    }

    fn space(&self) -> &FaceSpace {
        &self.space
    }

    fn encode(&mut self, crops: &[RgbImage]) -> Result<Vec<Encoded>, EvaluateError> {
        let encoded = |crop: &RgbImage| {
            let mut f = [0.0; 99];
            f[0] = self.yaw_deg.to_radians();
            for part in [Part::Identity, Part::Expression, Part::Style] {
                let is_other = part == Part::Expression && crop.get_pixel(0, 0).0[0] > 128;
                f[part.range().start + usize::from(is_other)] = 1.0;
            }
            Encoded { z: f, f }
        };
        Ok(crops.iter().map(encoded).collect())
    }

    fn decode(&mut self, faces: &[FaceCode]) -> Result<Vec<RgbImage>, EvaluateError> {
        Ok(vec![flat(0); faces.len()])
    }

    fn decode_latent(&mut self, codes: &[Code]) -> Result<Vec<RgbImage>, EvaluateError> {
        Ok(vec![flat(0); codes.len()])
    }
}

fn section(report: &Report, part: PartName) -> &Section {
    the_set(report).sections.iter().find(|section| section.part == part).unwrap()
}

/// How many notes of a part have these words.
fn notes(report: &Report, part: PartName, words: &str) -> usize {
    let notes = &section(report, part).notes;
    notes.iter().for_each(|note| assert_sentence(note));
    notes.iter().filter(|note| note.contains(words)).count()
}

#[test]
fn what_nobody_shares_is_said_kind_by_kind() {
    let desk = Desk::new();
    let options = only(&[PartName::Retrieval, PartName::Cycle]);
    let facing = |number| Record { pose_deg: Some([0.0; 3]), ..record(number) };
    desk.records("drawn-val-00.parquet", (0..16).map(facing));
    let report = desk.run(&mut Shrunk::new(), &options).report;
    assert_eq!(notes(&report, PartName::Retrieval, "was not measured"), 1, "there are no clips");
    assert_eq!(notes(&report, PartName::Retrieval, "faces of the same clip"), 1);
    assert_eq!(notes(&report, PartName::Cycle, "were not exchanged"), 0);

    let bare = |number| Record { person: None, expression: None, ..facing(number) };
    desk.records("drawn-val-00.parquet", (0..16).map(bare));
    let report = desk.run(&mut Shrunk::new(), &options).report;
    for kind in ["same person", "same expression", "same clip"] {
        assert_eq!(notes(&report, PartName::Retrieval, kind), 1, "{kind}");
    }
    assert_eq!(notes(&report, PartName::Retrieval, "same pose"), 0);
    assert_eq!(notes(&report, PartName::Cycle, "were not exchanged"), 1);
    assert!(the_set(&report).figure("cycle.neutral_happy.expression").is_none());
}

#[test]
fn labels_that_are_no_expressions_are_left_out_and_said() {
    let desk = Desk::new();
    let with = |wrong: &'static [usize]| {
        move |number| Record {
            expression: if wrong.contains(&number) { Some(9) } else { record(number).expression },
            ..record(number)
        }
    };
    desk.records("drawn-val-00.parquet", (0..16).map(with(&[3, 7])));
    let aside = desk.records("aside-train-00.parquet", (16..40).map(with(&[20])));
    let training = desk.path("aside-train-00.parquet");
    std::fs::rename(aside, &training).unwrap();
    let options = Options { head_data: vec![training], ..only(&[PartName::Expression, PartName::Retrieval]) };
    let report = desk.run(&mut Shrunk::new(), &options).report;
    let set = the_set(&report);
    assert_eq!((set.faces, set.skipped.len()), (16, 0), "their faces stay");
    let said: Vec<&String> = report.remarks.iter().filter(|remark| remark.contains("eight expressions")).collect();
    assert!(matches!(said[..], [remark] if remark.starts_with("In drawn-val 2 labels are none of")), "{said:?}");
    assert_sentence(said[0]);
    assert_eq!(set.figure("retrieval.expression.f_e.top_7").unwrap().value.n, 14);
    assert_eq!(set.figure("retrieval.person.f_id.top_7").unwrap().value.n, 16);
    assert_eq!(notes(&report, PartName::Expression, "none of the eight expressions (1)"), 1);
    assert_eq!(notes(&report, PartName::Expression, "trained on 23 training faces"), 1);

    desk.records("drawn-val-00.parquet", (0..16).map(with(&[3])));
    let report = desk.run(&mut Shrunk::new(), &only(&[PartName::Retrieval])).report;
    assert!(report.remarks.iter().any(|remark| remark.starts_with("In drawn-val 1 label is none of")));
}

#[test]
fn stretched_colours_are_said_where_the_weights_do_not_stretch() {
    let desk = Desk::new();
    let said = |model: &mut Shrunk| {
        let report = desk.run(model, &only(&[PartName::Pose])).report;
        report.remarks.iter().filter(|remark| remark.contains("look stretched")).count()
    };
    let stretched = |number| {
        let record = record(number);
        let mut picture = image::load_from_memory(&record.picture_bytes).unwrap().to_rgb8();
        stretch_levels(&mut picture);
        Record { picture_bytes: bytes_of(picture, ImageFormat::Png), ..record }
    };
    desk.shard("drawn-val-00.parquet", 0..16);
    assert_eq!(said(&mut Shrunk::new()), 0, "crops as they are");
    desk.records("drawn-val-00.parquet", (0..16).map(stretched));
    assert_eq!(said(&mut Shrunk::new()), 1);
    let mut stretching = Shrunk { stretch: true, contents: 2, ..Shrunk::new() };
    assert_eq!(said(&mut stretching), 0, "such weights stretch all pictures alike");
}

/// Two neutral and two happy faces of each of 501 people: 2,004 faces and as many exchanges. Of the last person alone the
/// happy ones are seen with another expression.
#[test]
fn of_very_many_faces_some_are_edited_and_searched_with_spread_over_all() {
    let desk = Desk::new();
    let [dark, bright] = [0, 255].map(|level| bytes_of(flat(level), ImageFormat::Png));
    let face = |number: usize| {
        let (person, is_happy) = (number / 4, number % 2 == 1);
        Record {
            path: format!("{number}.png"),
            picture_bytes: if person == 500 && is_happy { bright.clone() } else { dark.clone() },
            person: Some(format!("P{person:03}")),
            clip: None,
            expression: Some(u8::from(is_happy)),
            valence: None,
            arousal: None,
            pose_deg: None,
            landmarks: None,
            factors: None,
        }
    };
    desk.records("many-val-00.parquet", (0..2004).map(face));
    let options = Options { faces: 3000, ..only(&[PartName::Retrieval, PartName::Cycle]) };
    let data = [desk.path("data")];
    let report = evaluate(&data, &mut Still::new(), &options, &desk.report(), &mut |_| true).unwrap().report;
    let value = |key: &str| the_set(&report).figure(key).unwrap().value;
    assert_eq!((the_set(&report).faces, value("cycle.unedited.pose").n), (2004, 2000));
    let before = value("cycle.neutral_happy.expression_before");
    assert_eq!(before.n, 2000);
    assert!(before.value > 0.1 && before.value < 0.2, "three or four of 90 degrees: {before:?}");
    assert_eq!(value("retrieval.person.f_id.top_7").n, 2000);
    assert_eq!(notes(&report, PartName::Cycle, "Swaps are of 2,000 of the 2,004 faces, spread over all"), 1);
    assert_eq!(notes(&report, PartName::Cycle, "neutral and happy are 2,000 of 2,004 that there are"), 1);
    assert_eq!(notes(&report, PartName::Retrieval, "Searches are with 2,000 of the 2,004 faces"), 1);
}
