//! Everything that can be done, once: buttons, menus, shortcuts and the palette all give one of these to
//! [`super::apply`].

use std::path::PathBuf;
use std::sync::Arc;

use super::canvas::{Compare, View, ViewState};
use super::dials::Dial;
use super::evaluate::EvaluateCommand;
use super::gallery::GalleryCommand;
use super::labels::LabelsCommand;
use super::state::{Drawer, FaceId, Panel, Purpose};
use super::store::ThemeChoice;
use super::train::{Form, Look};
use super::transfer::TransferCommand;
use crate::engine::protocol::RgbImage;
use crate::engine::{DeviceChoice, WeightsSource};
use crate::face::{Edit, Part, PasteOptions};

pub use super::menus::{Entry, Menu, entries, matching};

/// One thing to do.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    // Faces.
    OpenPaths(Vec<PathBuf>),
    OpenPasted(Arc<RgbImage>),
    Paste,
    OpenSamples,
    OpenFace(FaceId),
    NextFace,
    PreviousFace,
    PickUp(Option<FaceId>),
    DroppedNowhere,
    Rename(FaceId, String),
    ShowFile(FaceId),
    Remove(FaceId),
    RemoveOpen,
    MarkFace,
    MovePoints([[f32; 2]; 3]),
    UsePoints,
    CancelMarking,
    // The photograph.
    /// One of the faces that were found in it, from 0.
    ChooseFace(usize),
    NextFound,
    PreviousFound,
    AddEveryFace,
    /// How the edit is put back; `settled` once the hand has let go.
    SetPaste {
        options: PasteOptions,
        settled: bool,
    },
    Refine,
    Unrefine,
    // The edit.
    /// A whole new edit; `settled` once the hand has let go.
    SetEdit {
        edit: Box<Edit>,
        settled: bool,
    },
    /// What others gave is the face's own again: this part, or all of them.
    TakeBack(Option<Part>),
    ResetPart(Part),
    ResetAll,
    Surprise(Part),
    SurpriseAll,
    ToggleLock(Part),
    Undo,
    Redo,
    // The canvas.
    SetView(ViewState),
    Look(View),
    CompareBy(Compare),
    Zoom(f32),
    Fit,
    // Files.
    Ask(Purpose),
    Typed(String),
    Browse,
    TakeTyped,
    CancelAsking,
    SavePicture(PathBuf),
    SaveFace(PathBuf),
    CopyPicture,
    SaveEdit(PathBuf),
    LoadEdit(PathBuf),
    SaveProject(PathBuf),
    OpenProject(PathBuf),
    UseWeights(WeightsSource),
    UseDevice(DeviceChoice),
    // Training.
    /// The choices of the next run, all of them.
    SetTraining(Box<Form>),
    AddTrainingData(Vec<PathBuf>),
    DropOnTraining(Vec<PathBuf>),
    StartTraining,
    TrainOnSynthetic,
    /// Goes on with a run, with another batch where there is one.
    ResumeRun(PathBuf, Option<usize>),
    LookAtRun(Option<PathBuf>),
    ListRuns(PathBuf),
    PauseTraining,
    GoOnTraining,
    SaveTraining,
    StopTraining,
    AskDiscard,
    DiscardTraining,
    LookAtTraining(Box<Look>),
    EditWithTraining,
    Transfer(TransferCommand),
    Gallery(GalleryCommand),
    Labels(LabelsCommand),
    Evaluate(EvaluateCommand),
    // The window.
    OpenPanel(Panel),
    Show(Drawer),
    ToggleDrawer,
    Fold(String),
    SetTheme(ThemeChoice),
    SetScale(f32),
    ReducedMotion(bool),
    TogglePalette,
    PaletteQuery(String),
    PaletteChoose(usize),
    CopyReport,
    Dismiss,
    SeenWelcome,
    CancelJob(u64),
    ToggleDebug,
    ToggleFullscreen,
    Quit,
    // The demonstration.
    ToggleDemo,
    DemoTouch,
    DemoSet(Dial, f32),
    DemoRandom,
    DemoMorph,
}
