//! The paper's Figures 3 to 6 on these faces, as files beside the report.

use super::{Subject, Watch, file_name};
use crate::data::atomic;
use crate::evaluate::error::{EvaluateError, Halt};
use crate::evaluate::figures::{self, Figures, Material};
use crate::evaluate::lent::Model;
use crate::evaluate::options::PartName;
use crate::evaluate::report::{Picture, Section};

pub(super) fn measure(subject: &Subject, model: &mut dyn Model, watch: Watch) -> Result<Section, Halt> {
    let name = model.name().name;
    let mut material = Material {
        set: subject.set,
        faces: subject.faces,
        // What is wrong with those is said with the readers.
        training: subject.training.ok().flatten(),
        model,
        seed: subject.options.seed,
    };
    let Some(Figures { drawings, undrawn }) = figures::draw(&mut material, watch)? else {
        return Err(Halt::Cancelled);
    };
    if drawings.is_empty() {
        let why = undrawn.into_iter().next().unwrap_or_else(|| "No figure was drawn; give more faces".to_owned());
        return Err(Halt::Unmeasured(why));
    }
    let mut section = Section::new(PartName::Figures);
    for drawing in drawings {
        let file = format!("{}-{}.jpg", file_name(subject.set), drawing.file);
        let bytes = drawing.jpeg(&name).map_err(EvaluateError::from)?;
        atomic::write(&subject.figures.join(&file), &bytes).map_err(EvaluateError::from)?;
        section.pictures.push(Picture {
            title: drawing.title,
            caption: drawing.caption,
            file: format!("figures/{file}"),
        });
    }
    section.notes.extend(undrawn);
    Ok(section)
}
