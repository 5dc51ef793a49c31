//! Fig. 4: a face and the seven others that a search by each part finds first. It is the gallery's own search; what is
//! marked is what [`retrieval`](crate::evaluate::retrieval) counts.

use std::cmp::Reverse;

use image::{Rgb, RgbImage};

use super::{Drawing, FigureError, Material};
use crate::data::image::{Edge, board, tile};
use crate::evaluate::parts::Watch;
use crate::evaluate::retrieval::{Known, SAME_POSE_DEG, Shared, TOP};
use crate::face::{Expression, Part};
use crate::gallery::{Codes, FaceKey, Hit, Query, top};

const FIGURE: &str = "Fig. 4";
/// Faces that are searched with, each a figure.
const QUERIES: usize = 3;
/// Faces among which they are chosen.
const POOL: usize = 64;
/// Frames of those that are right.
const RIGHT: Rgb<u8> = Rgb([0, 110, 80]);

/// A board for each of three faces, a row a part.
///
/// # Errors
/// Weights without parts, fewer than eight faces.
pub fn draw(material: &mut Material, _: Watch) -> Result<Vec<Drawing>, FigureError> {
    material.require_parts(FIGURE)?;
    let known = material.faces.known();
    let mut queries = material.people(FIGURE, POOL)?;
    queries.sort_by_cached_key(|&face| Reverse(shared_by_others(&known, face)));
    let mut codes = Codes::with_capacity(material.faces.len());
    for (key, f) in material.faces.f.iter().enumerate() {
        // Each has directions, so that places in the codes are those of the faces.
        codes.push(key as FaceKey, f);
    }
    let search = Search { material, codes: &codes, known: &known };
    Ok((1..).zip(&queries).take(QUERIES).map(|(number, &query)| search.drawn(number, query)).collect())
}

/// How many things another face is known to share with this one.
fn shared_by_others(known: &[Known], face: usize) -> usize {
    let with = |shared: Shared, (other, one): (usize, &Known)| {
        other != face && shared.between(&known[face], one) == Some(true)
    };
    Shared::ALL.into_iter().filter(|&shared| known.iter().enumerate().any(|other| with(shared, other))).count()
}

struct Search<'a, 'b> {
    material: &'a Material<'b>,
    codes: &'a Codes,
    known: &'a [Known<'a>],
}

/// What a search found: pictures, and how many of them are known to be right; none where nothing is known of any.
struct Row {
    tiles: Vec<Option<RgbImage>>,
    right: Option<usize>,
}

impl Search<'_, '_> {
    /// The board of a face.
    fn drawn(&self, number: usize, query: usize) -> Drawing {
        let asked = tile(&self.material.faces.picture(query), &[self.label(query)], None);
        let rows = Shared::ALL.map(|shared| (shared, self.row(query, shared)));
        let down: Vec<Edge> = rows
            .iter()
            .map(|(shared, _)| Edge { label: shared.part().to_string(), picture: Some(asked.clone()) })
            .collect();
        let marks = rows.iter().map(|(shared, row)| said(*shared, row.right)).collect::<Vec<_>>().join("; ");
        let cells: Vec<_> = rows.into_iter().map(|(_, row)| row.tiles).collect();
        let across: Vec<Edge> = (1..=TOP).map(|rank| Edge { label: rank.to_string(), picture: None }).collect();
        Drawing {
            file: format!("fig-4-retrieval-{number}"),
            title: format!("Fig. 4: what is most alike, part by part ({number} of {QUERIES})"),
            caption: format!(
                "A face of {} on the left, and beside it the {TOP} others most like it in one part of the code alone, \
                 best first; below each how alike that part is, where 1 is the same. A frame with a tick marks what \
                 shares with the face on the left, as far as labels tell, what the part should say: {marks}.",
                self.material.set
            ),
            picture: board(&cells, &across, &down, "searched with"),
            origin: None,
        }
    }

    /// The faces most like this one in the part that should say what they share.
    fn row(&self, query: usize, shared: Shared) -> Row {
        let weights = Part::ALL.map(|part| if part == shared.part() { 1.0 } else { 0.0 });
        let target = Query::of(&self.codes.face(query), weights).target();
        let target = target.expect("one face cannot cancel itself out, and a part counts");
        let others: Vec<bool> = (0..self.codes.len()).map(|face| face != query).collect();
        let hits = top(self.codes, &target, Some(&others), TOP);
        let faces: Vec<usize> = hits.iter().map(|hit| hit.place).collect();
        let marks: Vec<Option<bool>> =
            faces.iter().map(|&face| shared.between(&self.known[query], &self.known[face])).collect();
        let pictures = self.material.faces.pictures(&faces);
        let one = |((picture, hit), mark): ((&RgbImage, &Hit), &Option<bool>)| {
            let label = if shared == Shared::Expression { self.label(hit.place) } else { "" };
            let words = format!("{label} {:.2}", hit.score);
            Some(tile(picture, &[words.trim()], (*mark == Some(true)).then_some(RIGHT)))
        };
        let tiles = pictures.iter().zip(&hits).zip(&marks).map(one).collect();
        let is_known = marks.iter().any(Option::is_some);
        Row { tiles, right: is_known.then(|| marks.iter().filter(|mark| **mark == Some(true)).count()) }
    }

    /// The expression that a face is labelled with; empty where it has no label.
    fn label(&self, face: usize) -> &'static str {
        self.known[face].expression.map_or("", Expression::name)
    }
}

/// How many are right, in words.
fn said(shared: Shared, right: Option<usize>) -> String {
    let within = if shared == Shared::Pose { format!(" within {SAME_POSE_DEG} degrees") } else { String::new() };
    let (part, name) = (shared.part(), shared.name());
    match right {
        Some(right) => format!("{name}{within}, {right} of {TOP} by {part}"),
        None => format!("{name}{within}, which is not known here"),
    }
}
