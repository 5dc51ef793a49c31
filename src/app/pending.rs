//! What was asked of the engine and is not answered yet: which answer is for whom, and the jobs that a person can
//! watch and call off.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::evaluate::EvaluateWish;
use super::gallery::{GalleryWish, Use};
use super::labels::LabelsWish;
use super::state::FaceId;
use super::transfer::Side;
use crate::engine::Ticket;
use crate::engine::gallery::FaceKey;
use crate::face::{Edit, FaceCode, Found, UnitPart};

/// What an answer is for.
#[derive(Clone, Debug, PartialEq)]
pub enum Wish {
    /// New faces for the tray, by their place among those asked for; the first of them comes onto the canvas.
    Open {
        opened: BTreeMap<usize, FaceId>,
        /// They are the sample faces.
        samples: bool,
    },
    /// Pictures of faces that the last session left, in this order.
    Restore(Vec<FaceId>),
    /// The photograph behind a face, for the canvas.
    Photo(FaceId),
    /// Another crop of a face's photograph.
    Place(FaceId, [[f32; 2]; 3]),
    /// The square of a face, cut out of its photograph again.
    Recut(FaceId),
    /// Another face of the photograph, in the place of the one that was there.
    Choose(FaceId, Box<Found>),
    /// Other faces of a face's photograph, into the tray behind it.
    AddFaces(Box<More>),
    /// A face's code, under the weights in use.
    See(FaceId),
    /// The picture of the edit of another face of the open photograph, and what it was drawn from.
    Beside(FaceId, Box<(Edit, FaceCode)>),
    /// A face's code fitted to its crop.
    Refine(FaceId),
    Drift(FaceId, Box<Edit>),
    /// What an axis does to a face.
    Strip(FaceId, UnitPart, u8),
    Save,
    SaveEdit,
    LoadEdit(FaceId),
    Weights(PathBuf),
    BundledWeights,
    Device,
    Devices,
    /// New faces for the tray, by their place among those asked for, and from there onto a side of the board.
    PutFiles(Side, BTreeMap<usize, FaceId>),
    /// The picture of a code on the board.
    Cell(Box<FaceCode>),
    /// A piece of the board that is being saved: its picture, a file, and the photograph of a row.
    ExportCell(usize),
    ExportFile,
    ExportPhoto(usize),
    LoadRecipe,
    /// Of the index, not of the studio.
    Gallery(GalleryWish),
    /// Of a label audit.
    Labels(LabelsWish),
    /// Of an evaluation or its report.
    Evaluate(EvaluateWish),
    /// A face of the index on its way into the tray, and what it is for.
    /// Its key there; none for a picture that was dropped to be looked for.
    Hit(Use, Option<FaceKey>),
}

/// Faces of one photograph on their way into the tray.
#[derive(Clone, Debug, PartialEq)]
pub struct More {
    /// The face behind which they come.
    pub beside: FaceId,
    /// Each with its place among the faces of the photograph, from 0.
    pub faces: Vec<(usize, Found)>,
    /// Those that have come, by their place in `faces`.
    pub added: BTreeMap<usize, FaceId>,
    /// The first of them comes onto the canvas.
    pub open: bool,
}

/// A request on its way.
#[derive(Clone, Debug)]
pub struct Request {
    pub ticket: Ticket,
    pub wish: Wish,
    /// In seconds of the window's clock.
    pub since: f64,
}

/// All of them, by number.
#[derive(Debug, Default)]
pub struct Pending {
    requests: BTreeMap<u64, Request>,
}

/// A job in the status bar.
#[derive(Clone, Debug, PartialEq)]
pub struct Progress {
    pub number: u64,
    pub name: &'static str,
    pub done: usize,
    pub total: usize,
    /// Whether these are pieces that mean something to people, and not only a share.
    pub counted: bool,
    /// Seconds, from the pace so far; none before there is one.
    pub left: Option<f64>,
}

impl Pending {
    pub fn add(&mut self, ticket: Ticket, wish: Wish, now: f64) {
        self.requests.insert(ticket.number(), Request { ticket, wish, since: now });
    }

    pub fn get_mut(&mut self, number: u64) -> Option<&mut Request> {
        self.requests.get_mut(&number)
    }

    pub fn close(&mut self, number: u64) -> Option<Request> {
        self.requests.remove(&number)
    }

    pub fn has(&self, wanted: impl Fn(&Wish) -> bool) -> bool {
        self.requests.values().any(|request| wanted(&request.wish))
    }

    pub fn count(&self, wanted: impl Fn(&Wish) -> bool) -> usize {
        self.requests.values().filter(|request| wanted(&request.wish)).count()
    }

    /// Calls off what nobody waits for any more; its answer is dropped when it comes.
    pub fn cancel(&mut self, unwanted: impl Fn(&Wish) -> bool) {
        self.requests.retain(|_, request| {
            let drop = unwanted(&request.wish);
            if drop {
                request.ticket.cancel();
            }
            !drop
        });
    }

    /// Calls one off that a person no longer wants; its last answer is still heard.
    pub fn cancel_number(&self, number: u64) {
        if let Some(request) = self.requests.get(&number) {
            request.ticket.cancel();
        }
    }

    /// Number, pieces done and pieces in all of a request.
    pub fn progress_of(&self, wanted: impl Fn(&Wish) -> bool) -> Option<(u64, usize, usize)> {
        let request = self.requests.values().find(|request| wanted(&request.wish))?;
        let (done, total) = request.ticket.progress();
        Some((request.ticket.number(), done, total))
    }

    /// What takes long enough to be shown.
    pub fn jobs(&self, now: f64) -> Vec<Progress> {
        self.requests.values().filter_map(|request| request.progress(now)).collect()
    }
}

impl Request {
    fn progress(&self, now: f64) -> Option<Progress> {
        let (done, total) = self.ticket.progress();
        let name = match self.wish {
            Wish::Open { .. } | Wish::PutFiles(..) => "Opening pictures",
            Wish::AddFaces(_) => "Cutting faces out",
            Wish::Refine(_) => "Refining",
            Wish::Restore(_) => "Reading the tray",
            Wish::Weights(_) | Wish::BundledWeights => "Opening weights",
            Wish::Device => "Changing the device",
            Wish::Save => "Saving",
            Wish::Hit(..) => "Opening a face",
            Wish::Gallery(GalleryWish::Open) => "Opening the index",
            Wish::Gallery(GalleryWish::Build(_)) => "Indexing",
            Wish::Gallery(GalleryWish::Map(..)) => "Drawing the map",
            Wish::Gallery(GalleryWish::Duplicates(_)) => "Comparing all faces",
            Wish::Gallery(GalleryWish::Export) => "Exporting codes",
            Wish::Labels(LabelsWish::Open) => "Opening the audit",
            Wish::Labels(LabelsWish::Build(_)) => "Auditing labels",
            Wish::Labels(LabelsWish::Export) => "Exporting labels",
            Wish::Labels(LabelsWish::Import) => "Importing labels",
            Wish::Evaluate(EvaluateWish::Run(_)) => "Evaluating",
            Wish::Evaluate(EvaluateWish::Open) => "Opening the report",
            Wish::Evaluate(EvaluateWish::Compare) => "Comparing reports",
            Wish::Evaluate(EvaluateWish::Save) => "Saving the comparison",
            _ => return None,
        };
        // What is over at once would only flicker.
        let spent = now - self.since;
        if spent < 0.3 {
            return None;
        }
        // An audit counts the pieces of its step, not all of them; an evaluation tells its own time.
        let own_pace = matches!(self.wish, Wish::Labels(LabelsWish::Build(_)) | Wish::Evaluate(EvaluateWish::Run(_)));
        let left = (!own_pace && done > 0 && done < total).then(|| spent / done as f64 * (total - done) as f64);
        let counted = !matches!(self.wish, Wish::Evaluate(EvaluateWish::Run(_)));
        Some(Progress { number: self.ticket.number(), name, done, total, counted, left })
    }
}
