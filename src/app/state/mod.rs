//! What the window knows. Panels read it; only [`super::apply`] and [`super::answers`] change it.
//!
//! - `face`: a face at hand; `desk`: the one on the canvas.

mod desk;
mod face;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use super::canvas::{Picture, ViewState};
use super::demo::Demo;
use super::evaluate::{EvaluateDesk, EvaluateWish, PathFor};
use super::gallery::{GalleryDesk, GalleryWish, Tab};
use super::history::{History, Refinement};
use super::labels::{LabelsDesk, LabelsWish};
use super::log::{Bar, Log};
use super::meter::Meter;
use super::pending::{Pending, Wish};
use super::store::{Session, Settings};
use super::train::TrainDesk;
use super::transfer::TransferDesk;
use crate::engine::audit::Form;
use crate::engine::protocol::RgbImage;
use crate::engine::{Adapter, Ready, Setup};
use crate::face::{Edit, FaceCode, FaceSpace, Part, PasteOptions};

pub use desk::{Asked, Desk, PasteKey, Pasted};
pub use face::{Drawn, Face, Seen};

/// Names a face as long as the session lasts; never given twice.
pub type FaceId = u64;

/// How many principal axes each part shows before its drawer is opened.
pub const MAIN_AXES: u8 = 6;

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
    Labels,
    Evaluate,
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
    /// A set of labelled faces, a folder or a file, to be audited.
    AuditSet,
    /// The same, by a dialog that shows files.
    AuditTable,
    /// Where the audit of the set goes that was named before.
    AuditFolder,
    /// The folder of an audit.
    OpenAudit,
    /// A file, or for labels a folder, for what the audit found.
    ExportAudit(Form),
    /// A table of labels that were changed elsewhere.
    ImportLabels,
    /// Something of an evaluation.
    Evaluate(PathFor),
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
    pub labels: LabelsDesk,
    pub evaluate: EvaluateDesk,
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
            labels: LabelsDesk::new(session.labels),
            evaluate: EvaluateDesk::new(session.evaluate),
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
            labels: self.labels.kept(),
            evaluate: self.evaluate.kept(),
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

    /// The code of a face as it is in its photograph; none while it is on its way. `or` is what can be done instead of
    /// helping that face, for the end of the sentence.
    ///
    /// # Errors
    /// One sentence, where it has no code.
    pub fn code_of(&self, face: &Face, or: &str) -> Result<Option<FaceCode>, String> {
        let name = &face.record.name;
        if face.record.square.is_none() {
            return Err(format!("No face of {name} is marked yet; mark it in the Edit panel, or {or}"));
        }
        if face.unseeable {
            return Err(format!("The networks make nothing of {name}; mark its face anew, or {or}"));
        }
        match &face.seen {
            None if self.engine.failed => {
                Err(format!("There are no networks to look at {name}; open weights, or {or}"))
            }
            seen => Ok(seen.as_ref().map(|seen| seen.code)),
        }
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

    /// The same of the index that is in hand, where that is the one being built.
    pub fn indexing_here(&self) -> Option<(u64, usize, usize)> {
        let folder = self.gallery.folder.as_ref()?;
        self.pending.progress_of(|wish| matches!(wish, Wish::Gallery(GalleryWish::Build(of)) if of == folder))
    }

    /// Whether the people of an index are in hand, whose changes the index itself takes back.
    pub fn is_among_people(&self) -> bool {
        let desk = &self.gallery;
        self.panel == Panel::Gallery && desk.tab == Tab::People && desk.info.is_some()
    }

    /// Number, pieces done and pieces in all of the step of an audit that is being made.
    pub fn auditing(&self) -> Option<(u64, usize, usize)> {
        self.pending.progress_of(|wish| matches!(wish, Wish::Labels(LabelsWish::Build(_))))
    }

    /// The same of the audit that is in hand, where that is the one being made.
    pub fn auditing_here(&self) -> Option<(u64, usize, usize)> {
        let folder = self.labels.folder.as_ref()?;
        self.pending.progress_of(|wish| matches!(wish, Wish::Labels(LabelsWish::Build(of)) if of == folder))
    }

    /// Whether labels are in hand, whose verdicts the audit itself takes back.
    pub fn is_judging(&self) -> bool {
        self.panel == Panel::Labels && self.labels.open.is_some()
    }

    /// Number, work done and work in all of an evaluation that goes on.
    pub fn evaluating(&self) -> Option<(u64, usize, usize)> {
        self.pending.progress_of(|wish| matches!(wish, Wish::Evaluate(EvaluateWish::Run(_))))
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
