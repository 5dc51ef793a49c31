//! The angles of the code against known ones.

use super::Subject;
use crate::evaluate::bootstrap::Draws;
use crate::evaluate::error::Halt;
use crate::evaluate::options::PartName;
use crate::evaluate::pose;
use crate::evaluate::report::{Better, Figure, Section, Unit};
use crate::face::Part;
use crate::nn::Code;

pub(super) fn measure(subject: &Subject) -> Result<Section, Halt> {
    let faces = subject.faces;
    let of_all = faces.people();
    let (mut codes, mut truth, mut people): (Vec<Code>, Vec<[f32; 3]>, Vec<usize>) = Default::default();
    for (face, record) in faces.labels.iter().enumerate() {
        if let Some(angles) = record.pose_deg {
            codes.push(faces.f[face]);
            truth.push(angles);
            people.push(of_all[face]);
        }
    }
    let Some(errors) = pose::errors(&codes, &truth, Draws::by_group(subject.options.seed, &people)) else {
        return Err(Halt::Unmeasured(
            "Pose was not measured, since no face has angles; give shards that have them".to_owned(),
        ));
    };
    let mut section = Section::new(PartName::Pose);
    for error in errors {
        let key = format!("pose.{}", error.angle);
        let name = format!("Error of {}", error.angle);
        let figure = Figure::new(key, name, Unit::Degrees, Better::Lower, error.error_deg);
        section.figures.push(figure.about(Some(Part::Pose)));
    }
    section.notes.push("Errors are mean absolute differences".to_owned());
    Ok(section)
}
