//! The open face on the canvas: its pictures, how far each has come, and the photograph around it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::canvas::Picture;
use crate::engine::protocol::RgbImage;
use crate::face::{Drift, Edit, FaceCode, Found, PasteOptions, UnitPart};

/// The pictures of the open face, and what is known about the edit that they show.
#[derive(Default)]
pub struct Desk {
    /// The whole photograph, for cutting another crop.
    pub photo: Option<Arc<RgbImage>>,
    pub preview: Option<Picture>,
    /// Every face that was found in it, largest first.
    pub faces: Arc<Vec<Found>>,
    pub pasted: Pasted,
    pub input: Option<Picture>,
    pub reconstruction: Option<Picture>,
    pub edited: Option<Picture>,
    /// The points that are being placed on the photograph; none while nothing is marked.
    pub points: Option<[[f32; 2]; 3]>,
    /// The edit that was last asked for, its code and the number of its render.
    pub asked: Option<Asked>,
    /// Number of the first render that was asked for this face; what is older shows another.
    pub first: u64,
    /// Number of the render that `edited` shows.
    pub shown: u64,
    /// When the edit last changed, in seconds of the window's clock.
    pub changed_at: f64,
    /// When `edited` was last replaced.
    pub shown_at: f64,
    /// The measured drift and the edit that it belongs to.
    pub drift: Option<(Edit, Drift)>,
    /// The face on which the small faces show what axes do.
    pub strips_of: Option<FaceCode>,
    /// An edit whose drift could not be measured.
    pub unmeasured: Option<Edit>,
    /// What each axis does: pictures in the order of [`crate::app::dials::STRIP`].
    pub strips: BTreeMap<(UnitPart, u8), Vec<Arc<RgbImage>>>,
    /// The face is to be marked as soon as its photograph is there.
    pub to_mark: bool,
    /// The photograph could not be read again; it is not tried once more.
    pub photo_failed: bool,
    /// Why the edit gives no picture, if it gives none.
    pub refused: Option<String>,
    /// When that edit was made.
    pub refused_at: f64,
}

/// An edit on its way to a picture.
#[derive(Clone, Debug)]
pub struct Asked {
    pub number: u64,
    pub edit: Edit,
    pub code: FaceCode,
    /// When it was asked for, in seconds of the window's clock.
    pub at: f64,
}

impl Desk {
    /// Whether the picture shows the newest edit.
    pub fn is_current(&self, edit: &Edit) -> bool {
        self.asked.as_ref().is_some_and(|asked| asked.number == self.shown && asked.edit == *edit)
    }

    /// The drift, where it was measured for this edit.
    pub fn drift_of(&self, edit: &Edit) -> Option<&Drift> {
        self.drift.as_ref().filter(|(measured, _)| measured == edit).map(|(_, drift)| drift)
    }
}

/// The photograph with the edited face put back into it, as far as it has come.
#[derive(Default)]
pub struct Pasted {
    /// What was asked for last, and the number of its picture.
    pub asked: Option<(PasteKey, u64)>,
    /// When it was asked for, in seconds of the window's clock.
    pub asked_at: f64,
    /// Number of the first picture that shows this photograph and this face.
    pub first: u64,
    /// Number of the one that `picture` shows.
    pub shown: u64,
    pub picture: Option<Picture>,
}

impl Pasted {
    /// Whether `picture` is what was asked for last.
    pub fn is_newest(&self) -> bool {
        self.asked.as_ref().is_some_and(|(_, number)| *number == self.shown)
    }
}

/// All that a pasted photograph depends on: the stamps of the photograph, of the decoded face before and after the edit,
/// how it is put back, and the same of the other edited faces.
#[derive(Clone, Debug, PartialEq)]
pub struct PasteKey {
    pub stamps: [u64; 3],
    pub options: PasteOptions,
    pub others: Vec<(u64, PasteOptions)>,
}
