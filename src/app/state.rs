//! What the window knows. Panels read it; only [`super::apply`] and [`super::answers`] change it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use super::canvas::{Picture, ViewState};
use super::demo::Demo;
use super::gallery::{GalleryDesk, GalleryWish};
use super::history::{FaceRecord, History, Refinement};
use super::log::{Bar, Log};
use super::meter::Meter;
use super::pending::{Pending, Wish};
use super::store::{Session, Settings};
use super::train::TrainDesk;
use super::transfer::TransferDesk;
use crate::engine::protocol::RgbImage;
use crate::engine::{Adapter, Ready, Setup};
use crate::face::{Drift, Edit, FaceCode, FaceSpace, Found, Part, PasteOptions, Remark, UnitPart};

/// Names a face as long as the session lasts; never given twice.
pub type FaceId = u64;

/// Boxes that overlap more than this, intersection over union, are those of one face.
const SAME_FACE: f32 = 0.4;

/// How many principal axes each part shows before its drawer is opened.
pub const MAIN_AXES: u8 = 6;

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

/// A crop as the networks see it.
#[derive(Clone, Debug)]
pub struct Seen {
    pub code: FaceCode,
    pub reconstruction: Arc<RgbImage>,
    /// The code was fitted to the photograph; else it is the encoder's.
    pub refined: bool,
}

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
    /// What each axis does: pictures in the order of [`super::dials::STRIP`].
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

/// What computes, as far as it has said so.
#[derive(Default)]
pub struct EngineView {
    /// None while the networks warm up, and where none could be opened.
    pub ready: Option<Ready>,
    /// None could be opened.
    pub failed: bool,
    /// The device and the weights that are in use or were asked for last.
    pub setup: Setup,
    /// What the last picture took.
    pub took: Option<Duration>,
    /// The CPU's name and the GPUs, once they were listed.
    pub devices: Option<(String, Vec<Adapter>)>,
}

/// What the window is used for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Panel {
    #[default]
    Edit,
    Transfer,
    Gallery,
    Train,
}

/// What stands in the inspector's place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Drawer {
    #[default]
    Inspector,
    Settings,
    Log,
    Help,
}

/// What a path is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    OpenPictures,
    OpenFolder,
    SavePicture,
    /// The face without its photograph.
    SaveFace,
    SaveEdit,
    LoadEdit,
    SaveProject,
    OpenProject,
    OpenWeights,
    /// A folder of shards or crops to train on.
    TrainOnFolder,
    TrainOnShards,
    Recogniser,
    /// Where the next run is to lie.
    RunDir,
    /// Where runs are made and listed.
    RunsFolder,
    /// A folder of pictures or shards to be indexed.
    IndexFolder,
    /// More pictures or shards for the open index.
    AddToIndex,
    /// The folder of an index.
    OpenIndex,
    /// A file for the codes of the open index.
    ExportCodes,
    /// One picture of the whole transfer board.
    SaveSheet,
    /// A folder for every cell of the board.
    SaveCells,
    /// What a column of the board gives.
    SaveRecipe,
    LoadRecipe,
    /// No path, but a new name for a face.
    Rename(FaceId),
}

/// The row in which a path or a name is typed, beside the desktop's own dialog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asking {
    pub purpose: Purpose,
    pub text: String,
    /// The field takes the keyboard in the next frame.
    pub focus: bool,
}

/// The command palette.
#[derive(Clone, Debug, Default)]
pub struct Palette {
    pub query: String,
    pub chosen: usize,
}

/// The whole of it.
pub struct State {
    /// In the order of the tray.
    pub faces: Vec<Face>,
    /// Faces taken away, for putting them back.
    pub attic: BTreeMap<FaceId, Face>,
    pub open: Option<FaceId>,
    pub desk: Desk,
    pub view: ViewState,
    /// In the order of [`Part::ALL`].
    pub locks: [bool; 4],
    /// Sections of the inspector that are folded, by name.
    pub folded: BTreeSet<String>,
    pub history: History,
    /// The edit before the drag that is under way.
    pub before_drag: Option<Edit>,
    /// How the edit was put back before the drag that is under way.
    pub before_paste: Option<PasteOptions>,
    pub next_id: FaceId,
    pub next_stamp: u64,
    pub settings: Settings,
    pub engine: EngineView,
    pub pending: Pending,
    pub log: Log,
    pub bar: Option<Bar>,
    pub panel: Panel,
    pub transfer: TransferDesk,
    pub train: TrainDesk,
    pub gallery: GalleryDesk,
    pub drawer: Drawer,
    /// Whether the drawer is out where the window is narrow.
    pub drawer_out: bool,
    pub palette: Option<Palette>,
    pub asking: Option<Asking>,
    /// A face picked up with the keyboard.
    pub picked: Option<FaceId>,
    pub demo: Option<Demo>,
    pub meter: Meter,
    pub debug: bool,
    pub fullscreen: bool,
    /// Whether files can be dropped from the desktop.
    pub drops: bool,
    /// No graphics driver was found.
    pub drawn_by_cpu: bool,
    /// A picture that is saved or copied as soon as it shows the newest edit.
    pub waiting: Option<Waiting>,
    /// The window's clock, in seconds.
    pub now: f64,
    /// How often chance was asked; with it each draw is another one.
    pub draws: u64,
    /// Counts changes worth saving; a session is written when it has moved.
    pub changes: u64,
    /// The weights that the session or project was made with.
    pub made_with: String,
}

/// What is to be done with the picture of the newest edit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Waiting {
    /// The whole photograph where there is one, else the face.
    Save(std::path::PathBuf),
    SaveFace(std::path::PathBuf),
    Copy,
}

impl State {
    /// The state that a session left; without one, an empty tray.
    pub fn new(settings: Settings, session: Option<Session>) -> Self {
        let session = session.unwrap_or_default();
        State {
            faces: session.faces.into_iter().map(Face::unread).collect(),
            attic: BTreeMap::new(),
            open: session.open,
            desk: Desk::default(),
            view: session.view,
            locks: session.locks,
            folded: session.folded.into_iter().collect(),
            history: session.history,
            before_drag: None,
            before_paste: None,
            next_id: session.next_id.max(1),
            next_stamp: 1,
            settings,
            engine: EngineView::default(),
            pending: Pending::default(),
            log: Log::default(),
            bar: None,
            panel: Panel::default(),
            transfer: TransferDesk::new(session.transfer),
            train: TrainDesk::default(),
            gallery: GalleryDesk::new(session.gallery),
            drawer: Drawer::default(),
            drawer_out: false,
            palette: None,
            asking: None,
            picked: None,
            demo: None,
            meter: Meter::default(),
            debug: false,
            fullscreen: false,
            drops: true,
            drawn_by_cpu: false,
            waiting: None,
            now: 0.0,
            draws: 0,
            changes: 0,
            made_with: session.weights_name,
        }
    }

    /// What is to be there again after a kill.
    pub fn session(&self) -> Session {
        Session {
            faces: self.faces.iter().map(|face| face.record.clone()).collect(),
            open: self.open,
            view: self.view.clone(),
            locks: self.locks,
            folded: self.folded.iter().cloned().collect(),
            weights_name: self.made_with.clone(),
            history: self.history.clone(),
            next_id: self.next_id,
            transfer: self.transfer.board.clone(),
            gallery: self.gallery.kept(),
        }
    }

    pub fn face(&self, id: FaceId) -> Option<&Face> {
        self.faces.iter().find(|face| face.record.id == id)
    }

    pub fn face_mut(&mut self, id: FaceId) -> Option<&mut Face> {
        self.faces.iter_mut().find(|face| face.record.id == id)
    }

    pub fn place_of(&self, id: FaceId) -> Option<usize> {
        self.faces.iter().position(|face| face.record.id == id)
    }

    /// The face on the canvas.
    pub fn open_face(&self) -> Option<&Face> {
        self.open.and_then(|id| self.face(id))
    }

    /// The edit of the open face.
    pub fn edit(&self) -> Option<&Edit> {
        self.open_face().map(|face| &face.record.edit)
    }

    /// What the training faces showed, once the networks are there.
    pub fn space(&self) -> Option<&FaceSpace> {
        self.engine.ready.as_ref().map(|ready| &*ready.space)
    }

    /// The open face's own code and the space it lies in, once both are known.
    pub fn own(&self) -> Option<(&FaceCode, &FaceSpace)> {
        Some((&self.open_face()?.seen.as_ref()?.code, self.space()?))
    }

    /// The face that the sliders start from: the open face's own code with what others gave it.
    pub fn base(&self) -> Option<FaceCode> {
        let (own, _) = self.own()?;
        // What cannot be put together is refused when it is drawn, and said there.
        Some(self.edit()?.base(own).unwrap_or(*own))
    }

    /// Whether the open face lies in a photograph into which its edit can be put back.
    pub fn can_paste(&self) -> bool {
        self.open_face().is_some_and(|face| face.record.photograph.is_some() && face.record.square.is_some())
    }

    /// Which of the faces found in the photograph is open.
    pub fn chosen(&self) -> Option<usize> {
        self.open_face()?.place_among(&self.desk.faces)
    }

    /// The fitted code of a face that takes the place of the encoder's: one of the weights in use.
    pub fn refinement_of<'a>(&self, face: &'a Face) -> Option<(&'a Refinement, FaceCode)> {
        let ready = self.engine.ready.as_ref()?;
        let refined = face.record.refined.as_deref().filter(|refined| refined.weights == ready.card.name)?;
        Some((refined, refined.code()?))
    }

    /// Whether what was seen of a face is its newest code.
    pub fn is_seen(&self, face: &Face) -> bool {
        let refined = self.refinement_of(face).map(|(_, code)| code);
        face.seen.as_ref().is_some_and(|seen| match refined {
            Some(code) => seen.refined && seen.code == code,
            None => !seen.refined,
        })
    }

    /// The refinement of the open face.
    pub fn refinement(&self) -> Option<&Refinement> {
        self.refinement_of(self.open_face()?).map(|(refined, _)| refined)
    }

    /// Whether the open face can be fitted to its photograph, and is not.
    pub fn can_refine(&self) -> bool {
        let seen = self.own().is_some() && self.open_face().is_some_and(|face| self.is_seen(face));
        seen && self.can_edit() && self.refinement().is_none() && self.refining().is_none()
    }

    /// Number, steps done and steps in all of the fit of the open face that is under way.
    pub fn refining(&self) -> Option<(u64, usize, usize)> {
        let open = self.open?;
        self.pending.progress_of(|wish| *wish == Wish::Refine(open))
    }

    /// Whether the transfer board has a cell.
    pub fn has_cells(&self) -> bool {
        let board = &self.transfer.board;
        let are_known = |ids: &[FaceId]| ids.iter().any(|id| self.face(*id).is_some());
        are_known(&board.targets) && (are_known(&board.sources) || !board.recipes.is_empty())
    }

    /// Whether the weights in use know parts that can be edited; those from before stage two of a training do not.
    pub fn can_edit(&self) -> bool {
        self.engine.ready.as_ref().is_none_or(|ready| ready.card.can_edit)
    }

    /// Number, pieces done and pieces in all of an index that is being built.
    pub fn indexing(&self) -> Option<(u64, usize, usize)> {
        self.pending.progress_of(|wish| matches!(wish, Wish::Gallery(GalleryWish::Build(_))))
    }

    pub fn is_locked(&self, part: Part) -> bool {
        self.locks[part as usize]
    }

    /// A picture for the canvas that is not there yet.
    pub fn stamped(&mut self, pixels: Arc<RgbImage>) -> Picture {
        self.next_stamp += 1;
        Picture { pixels, stamp: self.next_stamp }
    }

    /// Something changed that is to be there again after a kill.
    pub fn touch(&mut self) {
        self.changes += 1;
    }
}
