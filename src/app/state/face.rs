//! A face at hand, and what the networks make of it.

use std::sync::Arc;

use super::super::canvas::Picture;
use super::super::history::FaceRecord;
use crate::engine::protocol::RgbImage;
use crate::face::{Edit, FaceCode, Found, Remark};

/// Boxes that overlap more than this, intersection over union, are those of one face.
const SAME_FACE: f32 = 0.4;

/// A face at hand.
#[derive(Clone, Debug)]
pub struct Face {
    pub record: FaceRecord,
    /// 128 x 128, for the tray; none until it has been read back after a start.
    pub tile: Option<Arc<RgbImage>>,
    /// What the networks see; none before it is marked, and as for `tile`.
    pub crop: Option<Arc<RgbImage>>,
    /// What the weights in use make of the crop.
    pub seen: Option<Seen>,
    /// A photograph that is in no file, such as a pasted one.
    pub photo: Option<Arc<RgbImage>>,
    /// Its pictures were asked of the disk.
    pub sought: bool,
    /// The weights in use make nothing of its crop; they are not asked again.
    pub unseeable: bool,
    /// What is to be said about its crop before an edit; none before the networks have seen it.
    pub remarks: Option<Vec<Remark>>,
    /// What it looked like edited when that was drawn last.
    pub drawn: Option<Drawn>,
}

/// A picture of an edited face.
#[derive(Clone, Debug)]
pub struct Drawn {
    pub edit: Edit,
    /// Of the face before the edit.
    pub own: FaceCode,
    /// 128 x 128.
    pub picture: Picture,
}

impl Face {
    /// A face whose pictures are still to be read.
    pub fn unread(record: FaceRecord) -> Self {
        Face {
            record,
            tile: None,
            crop: None,
            seen: None,
            photo: None,
            sought: false,
            unseeable: false,
            remarks: None,
            drawn: None,
        }
    }

    /// Takes the picture that was kept of it: its crop, or a tile where it is still to be marked.
    pub fn take_kept(&mut self, picture: Arc<RgbImage>) {
        self.crop = self.record.square.is_some().then(|| Arc::clone(&picture));
        self.tile = Some(picture);
    }

    /// What the weights made of it is forgotten: they or the crop are others now.
    pub fn forget_seen(&mut self) {
        (self.seen, self.remarks, self.unseeable, self.drawn) = (None, None, false, None);
    }

    /// Whether both lie in the same photograph.
    pub fn shares_photo(&self, other: &Face) -> bool {
        let same_file = self.record.path.is_some() && self.record.path == other.record.path;
        let same_picture = self.photo.as_ref().zip(other.photo.as_ref()).is_some_and(|(a, b)| Arc::ptr_eq(a, b));
        self.record.id == other.record.id || same_file || same_picture
    }

    /// Which of the faces found in its photograph it is.
    pub fn place_among(&self, faces: &[Found]) -> Option<usize> {
        if let Some(own) = &self.record.found {
            let overlaps = faces.iter().map(|face| face.frame.overlap(&own.frame)).enumerate();
            let (place, overlap) = overlaps.max_by(|a, b| a.1.total_cmp(&b.1))?;
            return (overlap > SAME_FACE).then_some(place);
        }
        let middle = self.record.square?.centre;
        // Smaller faces come later, and one before another's shoulder lies in both boxes.
        faces.iter().rposition(|face| face.frame.contains(middle))
    }
}

/// A crop as the networks see it.
#[derive(Clone, Debug)]
pub struct Seen {
    pub code: FaceCode,
    pub reconstruction: Arc<RgbImage>,
    /// The code was fitted to the photograph; else it is the encoder's.
    pub refined: bool,
}
