//! From a photograph to its faces: the detector over the pyramid of scales, then the landmarker on what it saw.

use std::sync::OnceLock;

use super::framing::{box_of_height, frame_of_box, framed};
use super::pyramid::{self, Level, Piece};
use super::suppression::suppressed;
use super::{FindError, pose, workers};
use crate::data::image::{self as pictures, RgbImage};
use crate::face::{CROP_SIDE, Crop, FaceBox, Found, Landmarks};
use crate::nn::finder::{FinderCard, FinderModel, FinderWeights, Marked, MeanFace, Planes, SIDE, Sighting};

/// What the detector finds less likely than this is no candidate. Low: the landmarker decides.
const CANDIDATE: f32 = 0.1;
/// Candidates that the landmarker is shown at most.
const MOST_CANDIDATES: usize = 200;
/// Candidates on which the landmarker finds a face less likely than this are given up before its last look.
const HOPELESS: f32 = 0.02;
/// How often the landmarker looks: at the detector's box, then twice at its own answer.
const LOOKS: usize = 3;
/// Sizes of the frames of the last look, of the usual one's: what the landmarker says of them is averaged.
const SIZES: [f32; 3] = [0.92, 1.0, 1.08];
/// Frames that pass the landmarker at once.
const BATCH: usize = 8;
/// The crop may become so many times larger or smaller than the detector's box said.
const RESIZED: f32 = 2.5;
/// A frame that has so many pixels of the first level for each of its own is cut from there: nothing is lost, and a
/// face that fills a large photograph costs no more than another.
const PLENTY: f32 = 1.5;
/// Squares given by hand may be so many times larger than the photograph.
const LARGEST_SQUARE: f32 = 2.0;

static BUNDLED: OnceLock<Result<Finder, FindError>> = OnceLock::new();

/// Finds faces in photographs, on the CPU, with all its cores.
#[derive(Clone, Debug)]
pub struct Finder {
    model: FinderModel,
    mean_face: MeanFace,
    threshold: f32,
    card: FinderCard,
}

/// A face on its way from the detector's answer to landmarks.
#[derive(Clone, Debug)]
struct Candidate {
    /// The detector's probability.
    seen: f32,
    /// What the detector's box implies.
    start: Crop,
    /// What is known by now.
    square: Crop,
    landmarks: Box<Landmarks>,
    /// The landmarker's probability at its last look.
    marked: f32,
}

/// A photograph, and its first level where that is smaller.
struct Views<'a> {
    photo: &'a RgbImage,
    small: Option<&'a Level>,
}

impl Finder {
    /// A finder with these weights.
    ///
    /// # Errors
    /// None at present; a device that cannot hold the networks would be one.
    pub fn new(weights: FinderWeights) -> Result<Self, FindError> {
        let FinderWeights { networks, mean_face, threshold, card } = weights;
        Ok(Self { model: FinderModel::new(&networks), mean_face, threshold, card })
    }

    /// The finder that comes with the program, built when it is first asked for.
    ///
    /// # Errors
    /// [`FindError::Weights`] where the program came without one.
    pub fn bundled() -> Result<&'static Self, FindError> {
        let build = || FinderWeights::bundled().map_err(FindError::from).and_then(Self::new);
        // Apart, since threads of pools come here, too: what such a one takes up while it waits may ask for the finder.
        BUNDLED.get_or_init(|| workers::apart(build)).as_ref().map_err(FindError::clone)
    }

    /// The same finder, reporting faces from this confidence (0 to 1) on.
    pub fn with_threshold(self, threshold: f32) -> Self {
        Self { threshold, ..self }
    }

    /// Confidence from which a face is reported.
    pub fn threshold(&self) -> f32 {
        self.threshold
    }

    /// What is known about the finder's weights.
    pub fn card(&self) -> &FinderCard {
        &self.card
    }

    /// The mean head in space, which poses are measured with.
    pub fn mean_face(&self) -> &MeanFace {
        &self.mean_face
    }

    /// The faces of a photograph, those with the largest box first; none is no error. `stop` is asked now and then, on
    /// this thread, and ends the search when it says yes.
    ///
    /// # Errors
    /// [`FindError::Cancelled`], [`FindError::Network`], [`FindError::Thread`].
    pub fn find(&self, photo: &RgbImage, stop: &dyn Fn() -> bool) -> Result<Vec<Found>, FindError> {
        self.find_on(workers::cores(), photo, stop)
    }

    /// As [`Finder::find`], on this thread alone: for whoever gives every core photographs of its own, in a pool of one
    /// thread each ([`crate::nn::many::alone`]).
    ///
    /// # Errors
    /// [`FindError::Cancelled`], [`FindError::Network`].
    pub fn find_alone(&self, photo: &RgbImage, stop: &dyn Fn() -> bool) -> Result<Vec<Found>, FindError> {
        self.find_on(1, photo, stop)
    }

    fn find_on(&self, cores: usize, photo: &RgbImage, stop: &dyn Fn() -> bool) -> Result<Vec<Found>, FindError> {
        let levels = pyramid::levels(photo);
        let candidates = self.candidates(&levels, cores, stop)?;
        let views = Views { photo, small: levels.first().filter(|level| level.scale < 1.0) };
        let batch = candidates.len().div_ceil(cores).clamp(1, BATCH);
        let batches: Vec<&[Candidate]> = candidates.chunks(batch).collect();
        let found = workers::share(cores, &batches, stop, |batch| self.found(&views, batch))?;
        let found = found.into_iter().flatten().filter(|face| face.confidence >= self.threshold).collect();
        let mut faces = suppressed(found, MOST_CANDIDATES, |face: &Found| (face.frame, face.confidence));
        faces.sort_by(|a, b| b.frame.area().total_cmp(&a.frame.area()));
        Ok(faces)
    }

    /// The landmarks of the face in a square that was marked by hand, in photograph pixels, and how sure it is (0 to 1)
    /// that a face is there.
    ///
    /// # Errors
    /// [`FindError::NoPoints`] where the square shows nothing that has the points of a face; [`FindError::Network`].
    pub fn landmarks(&self, photo: &RgbImage, square: Crop) -> Result<(Landmarks, f32), FindError> {
        let largest = LARGEST_SQUARE * photo.width().max(photo.height()) as f32;
        let usable = square.centre.iter().all(|v| v.is_finite()) && (1.0..=largest).contains(&square.half_side);
        if !usable || photo.as_raw().is_empty() {
            return Err(FindError::NoPoints);
        }
        let mut candidates = vec![Candidate::new(square, 1.0)];
        // The square is a crop already, so one look less than from a box.
        for look in 1..LOOKS {
            candidates = self.look(&Views { photo, small: None }, candidates, look + 1 == LOOKS)?;
        }
        candidates.pop().map(|face| (*face.landmarks, face.marked)).ok_or(FindError::NoPoints)
    }

    /// What the detector sees over all levels, one candidate a face, surest first.
    fn candidates(&self, levels: &[Level], cores: usize, stop: &dyn Fn() -> bool) -> Result<Vec<Candidate>, FindError> {
        let pieces = pyramid::pieces(levels, cores);
        let sightings = workers::share(cores, &pieces, stop, |piece| self.sightings(&levels[piece.level], piece))?;
        let seen = |sighting: &Sighting| (box_of_height(sighting.centre, sighting.height), sighting.probability);
        let kept = suppressed(sightings.into_iter().flatten().collect(), MOST_CANDIDATES, seen);
        Ok(kept
            .iter()
            .map(seen)
            .map(|(place, probability)| Candidate::new(frame_of_box(&place), probability))
            .collect())
    }

    /// What the detector sees in a piece of a level, in photograph pixels.
    fn sightings(&self, level: &Level, piece: &Piece) -> Result<Vec<Sighting>, FindError> {
        let planes = Planes::of(&level.picture, piece.rows.clone());
        let mut sightings = self.model.detect(planes, piece.cells.clone(), CANDIDATE)?;
        for Sighting { centre: [x, y], height, .. } in &mut sightings {
            *x /= level.scale;
            *y = (*y + piece.rows.start as f32) / level.scale;
            *height /= level.scale;
        }
        Ok(sightings)
    }

    /// The faces among some candidates.
    fn found(&self, views: &Views, candidates: &[Candidate]) -> Result<Vec<Found>, FindError> {
        let mut candidates = candidates.to_vec();
        for look in 0..LOOKS {
            candidates = self.look(views, candidates, look + 1 == LOOKS)?;
            candidates.retain(|face| face.marked >= HOPELESS);
        }
        Ok(candidates.into_iter().filter_map(|face| face.found(&self.mean_face)).collect())
    }

    /// One look of the landmarker at each candidate, the last one a careful one; those that it loses are left out.
    fn look(&self, views: &Views, candidates: Vec<Candidate>, is_last: bool) -> Result<Vec<Candidate>, FindError> {
        let sizes: &[f32] = if is_last { &SIZES } else { &[1.0] };
        let of_size = |face: &Candidate, size: f32| {
            let frame = framed(&face.square);
            Crop { half_side: size * frame.half_side, ..frame }
        };
        let frames: Vec<Crop> =
            candidates.iter().flat_map(|face| sizes.iter().map(|&size| of_size(face, size))).collect();
        let shown: Vec<RgbImage> = frames.iter().map(|frame| views.cut(frame)).collect();
        let marked = if is_last { self.model.landmarks_both_ways(&shown)? } else { self.model.landmarks(&shown)? };
        let seen: Vec<Marked> = frames.iter().zip(marked).map(|(frame, marked)| in_photo(frame, marked)).collect();
        let moved = candidates.into_iter().zip(seen.chunks_exact(sizes.len()));
        Ok(moved.filter_map(|(face, seen)| face.moved(&mean(seen))).collect())
    }
}

impl Candidate {
    fn new(start: Crop, seen: f32) -> Self {
        Self { seen, start, square: start, landmarks: Box::new([[0.0; 2]; 68]), marked: 0.0 }
    }

    /// After a look that saw these points of the photograph. None where they make no crop, or one that has left what the
    /// detector saw.
    fn moved(mut self, marked: &Marked) -> Option<Self> {
        *self.landmarks = marked.points;
        self.marked = marked.probability;
        self.square = Crop::from_landmarks(&self.landmarks).ok()?;
        let stays = framed(&self.start)
            .crop_from_photo(self.square.centre)
            .iter()
            .all(|v| (0.0..=CROP_SIDE as f32).contains(v));
        let resized = self.square.half_side / self.start.half_side;
        (stays && (1.0 / RESIZED..=RESIZED).contains(&resized)).then_some(self)
    }

    /// The face, if its landmarks are those of a head.
    fn found(self, mean_face: &MeanFace) -> Option<Found> {
        let frame = FaceBox::from_landmarks(&self.landmarks)?;
        let pose = pose::fit(&self.landmarks, mean_face)?.pose;
        // The root: the detector's doubts about blurred or half hidden faces weigh less than the landmarker's.
        let confidence = self.marked * self.seen.sqrt();
        Some(Found { frame, landmarks: self.landmarks, pose, confidence })
    }
}

/// From units of a frame to pixels of the photograph.
fn in_photo(frame: &Crop, marked: Marked) -> Marked {
    Marked { points: marked.points.map(|point| frame.photo_from_crop(point.map(|v| v * CROP_SIDE as f32))), ..marked }
}

/// The mean of several looks, of at least one.
fn mean(looks: &[Marked]) -> Marked {
    let share = 1.0 / looks.len() as f32;
    let point = |i: usize| [0, 1].map(|axis| share * looks.iter().map(|look| look.points[i][axis]).sum::<f32>());
    let probability = share * looks.iter().map(|look| look.probability).sum::<f32>();
    Marked { points: std::array::from_fn(point), probability }
}

impl Views<'_> {
    /// What the landmarker is shown of a frame.
    fn cut(&self, frame: &Crop) -> RgbImage {
        match self.small {
            Some(level) if 2.0 * frame.half_side * level.scale >= PLENTY * SIDE as f32 => {
                let centre = frame.centre.map(|v| v * level.scale);
                let small = Crop { centre, half_side: frame.half_side * level.scale, ..*frame };
                pictures::crop(&level.picture, &small, SIDE as u32)
            }
            _ => pictures::crop(self.photo, frame, SIDE as u32),
        }
    }
}
