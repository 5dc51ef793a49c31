//! Fig. 5: one part of four faces given to four others, a board for each part.

use super::{Drawing, FigureError, Material, choose};
use crate::data::image::{Edge, Origin, board};
use crate::evaluate::parts::Watch;
use crate::face::drift::PartAngles;
use crate::face::{Board, FaceCode, Part};

const FIGURE: &str = "Fig. 5";
/// Faces that give, and as many that take.
const SIDE: usize = 4;
/// Faces among which both are chosen.
const POOL: usize = 32;

/// A board for each part. The same faces take on all of them; those that give are far from each other in what they
/// give, so that there is something to see.
///
/// # Errors
/// Weights without parts, fewer than eight faces, what the networks say, and [`FigureError::Stopped`].
pub fn draw(material: &mut Material, watch: Watch) -> Result<Vec<Drawing>, FigureError> {
    material.require_parts(FIGURE)?;
    let pool = material.people(FIGURE, POOL)?;
    let (targets, candidates) = pool.split_at(SIDE);
    let mut drawings = Vec::with_capacity(Part::ALL.len());
    for part in Part::ALL {
        if !watch(drawings.len(), Part::ALL.len()) {
            return Err(FigureError::Stopped);
        }
        let apart =
            |a: usize, b: usize| PartAngles::between(&material.faces.code(a), &material.faces.code(b)).part_deg(part);
        let sources = choose::far_apart(candidates, SIDE, apart);
        drawings.push(drawn(material, part, &sources, targets)?);
    }
    Ok(drawings)
}

fn drawn(material: &mut Material, part: Part, sources: &[usize], targets: &[usize]) -> Result<Drawing, FigureError> {
    let faces = material.faces;
    let given = Board {
        sources: sources.iter().map(|&face| (String::new(), faces.code(face), 1.0)).collect(),
        targets: targets.iter().map(|&face| (String::new(), faces.code(face))).collect(),
        parts: Part::ALL.map(|one| (one == part).then_some(1.0)),
        ..Board::default()
    };
    let cells = (0..given.rows()).flat_map(|row| (0..given.columns()).map(move |column| (row, column)));
    let cells: Vec<FaceCode> = cells
        .map(|(row, column)| given.cell(row, column).expect("one face gives a part that it has, at full strength"))
        .collect();
    let made = material.model.decode(&cells)?;
    let cells: Vec<Vec<_>> = made.chunks(given.columns()).map(|row| row.iter().cloned().map(Some).collect()).collect();
    let edge = |face: &usize| Edge { label: label(material, part, *face), picture: Some(faces.picture(*face)) };
    let (across, down): (Vec<Edge>, Vec<Edge>) =
        (sources.iter().map(edge).collect(), targets.iter().map(edge).collect());
    Ok(Drawing {
        file: format!("fig-5-transfer-{part}"),
        title: format!("Fig. 5: {part} given to others"),
        caption: format!(
            "Faces of {}. Each picture in the middle is the face at its left with the {part} of the face above it; all \
             else should stay that of the face at its left.",
            material.set
        ),
        picture: board(&cells, &across, &down, &given.parts_text()),
        origin: Some(Origin::Composite),
    })
}

/// What a face has to give: its yaw, or the expression that it is labelled with; empty where there is no word for it.
fn label(material: &Material, part: Part, face: usize) -> String {
    match part {
        Part::Pose => format!("yaw {:.0}°", material.faces.code(face).pose.yaw_deg),
        Part::Expression => material.faces.expression(face).map_or_else(String::new, |class| class.to_string()),
        Part::Identity | Part::Style => String::new(),
    }
}
