//! The paper's Figures 3 to 6 drawn from the user's faces, and what its transfer of expressions makes of neutral and
//! happy pictures of one person. May use the faces, the lent model and the measures of this room, `gallery` (its
//! search), `train` (its draws), `nn`, `data` (its boards) and `face`; it writes no files.
//!
//! - [`reconstructions`]: Fig. 3, faces beside what the model and PCA keep of them; [`samples`]: faces of nobody;
//! - [`found`]: Fig. 4, what searches by each part find first;
//! - [`boards`]: Fig. 5, one part of four faces given to four others;
//! - [`doubtful`]: Fig. 6, faces whose label looks wrong;
//! - [`swapped`]: neutral and happy swapped within a person;
//! - [`choose`]: which faces are shown. No hand picks them: they are drawn by the seed, so the same faces and seed give
//!   the same figures.

pub mod boards;
pub mod choose;
pub mod doubtful;
pub mod found;
pub mod reconstructions;
pub mod samples;
pub mod swapped;

use image::RgbImage;

use crate::data::image::{self as picture, Edge, Format, Origin, Provenance, SaveError};
use crate::evaluate::error::{EvaluateError, Stopped};
use crate::evaluate::faces::Faces;
use crate::evaluate::lent::Model;
use crate::evaluate::parts::Watch;

/// A figure needs so many faces; with fewer, none is drawn.
pub const FEWEST: usize = 8;

/// What figures are drawn from.
pub struct Material<'a> {
    /// What the set is called in captions.
    pub set: &'a str,
    pub faces: &'a Faces,
    /// Faces to fit PCA and to train what reads expressions; others of the set itself where there are none.
    pub training: Option<&'a Faces>,
    pub model: &'a mut dyn Model,
    pub seed: u64,
}

/// A figure.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawing {
    /// Name of its file, without an ending: "fig-4-retrieval-1".
    pub file: String,
    /// "Fig. 4: what is most alike, part by part".
    pub title: String,
    /// What is to be seen, for someone who has not read the paper.
    pub caption: String,
    pub picture: RgbImage,
    /// What of it a model made; none where all of it is photographs.
    pub origin: Option<Origin>,
}

impl Drawing {
    /// Its file, a JPEG, since a report of several sets has fifty of them in it and is sent around. It says that it is
    /// synthetic, and by which model, where a model made any of it.
    ///
    /// # Errors
    /// A picture too large for the format.
    pub fn jpeg(&self, model: &str) -> Result<Vec<u8>, SaveError> {
        match self.origin {
            Some(origin) => {
                picture::encode(Format::Jpeg, &self.picture, &Provenance { origin, command: "evaluate", model })
            }
            None => picture::encode_unmarked(Format::Jpeg, &self.picture),
        }
    }
}

/// Why a figure is not drawn, as a sentence.
#[derive(Debug, thiserror::Error)]
pub enum FigureError {
    #[error("{figure} was not drawn, since it takes {FEWEST} faces and there are {found}; give more faces")]
    TooFew { figure: &'static str, found: usize },
    #[error(
        "{0} was not drawn, since these weights were saved before stage two of their training and their codes have no \
         parts; train on, or choose others"
    )]
    NoParts(&'static str),
    #[error("{0} was not drawn, since no face is labelled with an expression; give shards that have labels")]
    NoLabels(&'static str),
    #[error(
        "{0} was not drawn, since there are too few labelled faces to train what reads expressions, or all have one \
         label; give more faces"
    )]
    NoReader(&'static str),
    #[error("{0} was not drawn, since every label that can be read agrees with its face; there is nothing to do")]
    NoDoubt(&'static str),
    #[error(
        "{0} was not drawn, since there is no person with a neutral and a happy picture; give shards that name people \
         and expressions"
    )]
    NoPerson(&'static str),
    #[error("The figures were stopped; ask for them again")]
    Stopped,
    /// The networks' own sentence.
    #[error(transparent)]
    Failed(#[from] EvaluateError),
}

impl From<Stopped> for FigureError {
    fn from(_: Stopped) -> Self {
        FigureError::Stopped
    }
}

/// One way to draw figures; what takes long tells how far it is, in pieces of its own.
type Draw = fn(&mut Material, Watch) -> Result<Vec<Drawing>, FigureError>;

/// All of them, in the paper's order.
const ALL: [Draw; 6] = [reconstructions::draw, samples::draw, found::draw, boards::draw, doubtful::draw, swapped::draw];

/// What was drawn, and a sentence for each figure that was not.
#[derive(Debug, Default)]
pub struct Figures {
    pub drawings: Vec<Drawing>,
    pub undrawn: Vec<String>,
}

/// Draws all figures. `watch` hears how many kinds are done, and of how many, or the same in pieces of a kind, and says
/// whether to go on; None where it said no.
///
/// # Errors
/// What the networks say.
pub fn draw(material: &mut Material, watch: Watch) -> Result<Option<Figures>, EvaluateError> {
    let mut figures = Figures::default();
    for (done, draw) in ALL.into_iter().enumerate() {
        if !watch(done, ALL.len()) {
            return Ok(None);
        }
        let mut told = |pieces: usize, of: usize| watch(done * of + pieces, ALL.len() * of);
        match draw(material, &mut told) {
            Ok(drawings) => figures.drawings.extend(drawings),
            Err(FigureError::Stopped) => return Ok(None),
            Err(FigureError::Failed(error)) => return Err(error),
            Err(undrawn) => figures.undrawn.push(undrawn.to_string()),
        }
    }
    watch(ALL.len(), ALL.len());
    Ok(Some(figures))
}

impl Material<'_> {
    /// Refuses a figure that shows parts of codes where those mean nothing.
    fn require_parts(&self, figure: &'static str) -> Result<(), FigureError> {
        if self.model.card().can_edit { Ok(()) } else { Err(FigureError::NoParts(figure)) }
    }

    /// `count` faces of different people as far as there are such; another draw for each purpose.
    fn people(&self, figure: &'static str, count: usize) -> Result<Vec<usize>, FigureError> {
        let found = self.faces.len();
        if found < FEWEST {
            return Err(FigureError::TooFew { figure, found });
        }
        let order = choose::drawn(found, self.seed, figure);
        Ok(choose::of_different_people(&order, &self.faces.people(), count))
    }
}

/// Rows of pictures with a name beside each, under the numbers of the columns.
fn rows(rows: Vec<(&str, Vec<RgbImage>)>) -> RgbImage {
    let columns = rows.iter().map(|(_, pictures)| pictures.len()).max().unwrap_or_default();
    let across: Vec<Edge> = (1..=columns).map(|column| Edge { label: column.to_string(), picture: None }).collect();
    let down: Vec<Edge> = rows.iter().map(|(label, _)| Edge { label: (*label).to_owned(), picture: None }).collect();
    let cells: Vec<Vec<Option<RgbImage>>> =
        rows.into_iter().map(|(_, pictures)| pictures.into_iter().map(Some).collect()).collect();
    picture::board(&cells, &across, &down, "")
}
