//! The commands as menus, shortcuts and the palette list them: each once, with its name and when it can be done.

use eframe::egui::{Key, KeyboardShortcut, Modifiers};

use super::canvas::{Compare, View};
use super::command::Command;
use super::evaluate::{self, EvaluateCommand, PathFor, Tab as ReportTab};
use super::gallery::query::Preset;
use super::gallery::{GalleryCommand, Tab};
use super::labels::{LabelsCommand, Tab as LabelsTab};
use super::state::{Drawer, Panel, Purpose, State};
use super::store::ThemeChoice;
use super::transfer::{Side, TransferCommand};
use crate::engine::audit::Form;
use crate::face::{Expression, Part};

/// A menu of the menu bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Menu {
    File,
    Edit,
    View,
    Transfer,
    Gallery,
    Labels,
    Evaluation,
    Training,
    Help,
}

impl Menu {
    pub const ALL: [Menu; 9] = [
        Menu::File,
        Menu::Edit,
        Menu::View,
        Menu::Transfer,
        Menu::Gallery,
        Menu::Labels,
        Menu::Evaluation,
        Menu::Training,
        Menu::Help,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Menu::File => "File",
            Menu::Edit => "Edit",
            Menu::View => "View",
            Menu::Transfer => "Transfer",
            Menu::Gallery => "Gallery",
            Menu::Labels => "Labels",
            Menu::Evaluation => "Evaluation",
            Menu::Training => "Training",
            Menu::Help => "Help",
        }
    }

    fn lines(self) -> Vec<Line> {
        match self {
            Menu::File => file(),
            Menu::Edit => edit(),
            Menu::View => view(),
            Menu::Transfer => transfer(),
            Menu::Gallery => gallery(),
            Menu::Labels => labels(),
            Menu::Evaluation => evaluation(),
            Menu::Training => training(),
            Menu::Help => help(),
        }
    }
}

/// A command with its name, as menus, shortcuts and the palette list it.
pub struct Entry {
    pub menu: Menu,
    pub name: &'static str,
    pub shortcut: Option<KeyboardShortcut>,
    pub command: Command,
    /// Whether it can be done now.
    pub ready: fn(&State) -> bool,
}

fn always(_: &State) -> bool {
    true
}

fn has_face(state: &State) -> bool {
    state.open.is_some()
}

fn has_edit(state: &State) -> bool {
    state.own().is_some()
}

/// Whether what is shown has parts that can be changed.
fn has_parts(state: &State) -> bool {
    has_edit(state) && state.can_edit()
}

/// Whether the open face lies in a photograph into which its edit can be put back.
fn has_photograph(state: &State) -> bool {
    state.can_paste()
}

fn has_several(state: &State) -> bool {
    state.desk.faces.len() > 1
}

fn trains(state: &State) -> bool {
    state.train.running().is_some()
}

fn trains_not(state: &State) -> bool {
    !trains(state) && !state.train.starting
}

fn has_faces(state: &State) -> bool {
    !state.faces.is_empty()
}

fn has_board(state: &State) -> bool {
    !state.transfer.board.is_empty()
}

fn has_givers(state: &State) -> bool {
    !state.transfer.board.sources.is_empty() || !state.transfer.board.recipes.is_empty()
}

fn has_index(state: &State) -> bool {
    state.gallery.info.is_some()
}

fn indexes(state: &State) -> bool {
    state.indexing().is_some()
}

fn indexes_not(state: &State) -> bool {
    has_index(state) && state.indexing_here().is_none()
}

fn can_query(state: &State) -> bool {
    has_index(state) && has_face(state)
}

fn has_audit(state: &State) -> bool {
    state.labels.open.is_some()
}

fn audits(state: &State) -> bool {
    state.auditing().is_some()
}

fn audits_not(state: &State) -> bool {
    has_audit(state) && state.auditing_here().is_none()
}

/// Whether a verdict would be about what is seen.
fn judges(state: &State) -> bool {
    state.is_judging() && state.labels.looked_at().is_some()
}

fn has_report(state: &State) -> bool {
    state.evaluate.open.is_some()
}

fn has_comparison(state: &State) -> bool {
    state.evaluate.comparison.is_some()
}

const CTRL: Modifiers = Modifiers::COMMAND;
const CTRL_SHIFT: Modifiers = Modifiers::COMMAND.plus(Modifiers::SHIFT);

const fn on(modifiers: Modifiers, key: Key) -> Option<KeyboardShortcut> {
    Some(KeyboardShortcut::new(modifiers, key))
}

/// All of them, in the order of the menus.
pub fn entries() -> Vec<Entry> {
    let of_menu = |menu: Menu| {
        let entry = move |(name, shortcut, command, ready)| Entry { menu, name, shortcut, command, ready };
        menu.lines().into_iter().map(entry)
    };
    Menu::ALL.into_iter().flat_map(of_menu).collect()
}

type Line = (&'static str, Option<KeyboardShortcut>, Command, fn(&State) -> bool);

fn file() -> Vec<Line> {
    vec![
        ("Open pictures…", on(CTRL, Key::O), Command::Ask(Purpose::OpenPictures), always),
        ("Open a folder…", on(CTRL_SHIFT, Key::O), Command::Ask(Purpose::OpenFolder), always),
        ("Paste a picture", None, Command::Paste, always),
        ("Open the sample faces", None, Command::OpenSamples, always),
        ("Save picture…", on(CTRL, Key::S), Command::Ask(Purpose::SavePicture), has_edit),
        ("Save the face alone…", None, Command::Ask(Purpose::SaveFace), |state| {
            has_edit(state) && has_photograph(state)
        }),
        ("Copy picture", on(CTRL_SHIFT, Key::C), Command::CopyPicture, has_edit),
        ("Save edit…", None, Command::Ask(Purpose::SaveEdit), has_face),
        ("Load edit…", None, Command::Ask(Purpose::LoadEdit), has_edit),
        ("Open project…", None, Command::Ask(Purpose::OpenProject), always),
        ("Save project…", on(CTRL_SHIFT, Key::S), Command::Ask(Purpose::SaveProject), has_faces),
        ("Open weights…", None, Command::Ask(Purpose::OpenWeights), always),
        ("Quit", on(CTRL, Key::Q), Command::Quit, always),
    ]
}

fn edit() -> Vec<Line> {
    vec![
        ("Undo", on(CTRL, Key::Z), Command::Undo, |state| {
            state.history.can_undo() || state.is_among_people() || state.is_judging()
        }),
        ("Redo", on(CTRL_SHIFT, Key::Z), Command::Redo, |state| state.history.can_redo()),
        ("Reset all", on(CTRL, Key::R), Command::ResetAll, has_edit),
        ("Take back what others gave", None, Command::TakeBack(None), |state| {
            has_parts(state) && state.edit().is_some_and(|edit| !edit.recipe.is_empty())
        }),
        ("Reset pose", None, Command::ResetPart(Part::Pose), has_parts),
        ("Reset identity", None, Command::ResetPart(Part::Identity), has_parts),
        ("Reset expression", None, Command::ResetPart(Part::Expression), has_parts),
        ("Reset style", None, Command::ResetPart(Part::Style), has_parts),
        ("Surprise me", on(CTRL, Key::J), Command::SurpriseAll, has_edit),
        ("Surprise me with a pose", None, Command::Surprise(Part::Pose), has_parts),
        ("Surprise me with an identity", None, Command::Surprise(Part::Identity), has_parts),
        ("Surprise me with an expression", None, Command::Surprise(Part::Expression), has_parts),
        ("Surprise me with a style", None, Command::Surprise(Part::Style), has_parts),
        ("Lock or unlock pose", None, Command::ToggleLock(Part::Pose), has_face),
        ("Lock or unlock identity", None, Command::ToggleLock(Part::Identity), has_face),
        ("Lock or unlock expression", None, Command::ToggleLock(Part::Expression), has_face),
        ("Lock or unlock style", None, Command::ToggleLock(Part::Style), has_face),
        ("Mark the face anew", on(CTRL, Key::M), Command::MarkFace, has_face),
        ("Refine", None, Command::Refine, State::can_refine),
        ("Undo refine", None, Command::Unrefine, |state| state.refinement().is_some()),
        ("Next face of the photograph", on(Modifiers::ALT, Key::PageDown), Command::NextFound, has_several),
        ("Previous face of the photograph", on(Modifiers::ALT, Key::PageUp), Command::PreviousFound, has_several),
        ("Add every face to the tray", None, Command::AddEveryFace, has_several),
        ("Remove this face from the tray", None, Command::RemoveOpen, has_face),
    ]
}

fn view() -> Vec<Line> {
    vec![
        ("Look at the photograph", on(Modifiers::ALT, Key::Num1), Command::Look(View::Photograph), has_face),
        ("Look at the input", on(Modifiers::ALT, Key::Num2), Command::Look(View::Input), has_face),
        ("Look at the reconstruction", on(Modifiers::ALT, Key::Num3), Command::Look(View::Reconstruction), has_face),
        ("Look at the edit", on(Modifiers::ALT, Key::Num4), Command::Look(View::Edit), has_face),
        (
            "Look at the photograph with the edit",
            on(Modifiers::ALT, Key::Num5),
            Command::Look(View::Pasted),
            has_photograph,
        ),
        ("Compare by a split", on(CTRL, Key::B), Command::CompareBy(Compare::Split), has_face),
        ("Compare by the difference", on(CTRL, Key::D), Command::CompareBy(Compare::Difference), has_face),
        ("Zoom in", on(CTRL, Key::Plus), Command::Zoom(1.25), has_face),
        ("Zoom out", on(CTRL, Key::Minus), Command::Zoom(0.8), has_face),
        ("Fit", on(CTRL, Key::Num0), Command::Fit, has_face),
        ("Next face", on(CTRL, Key::PageDown), Command::NextFace, has_faces),
        ("Previous face", on(CTRL, Key::PageUp), Command::PreviousFace, has_faces),
        ("Show the edit panel", on(CTRL, Key::Num1), Command::OpenPanel(Panel::Edit), always),
        ("Show the transfer panel", on(CTRL, Key::Num2), Command::OpenPanel(Panel::Transfer), always),
        ("Show the gallery panel", on(CTRL, Key::Num3), Command::OpenPanel(Panel::Gallery), always),
        ("Show the labels panel", on(CTRL, Key::Num4), Command::OpenPanel(Panel::Labels), always),
        ("Show the evaluate panel", on(CTRL, Key::Num5), Command::OpenPanel(Panel::Evaluate), always),
        ("Show the train panel", on(CTRL, Key::Num6), Command::OpenPanel(Panel::Train), always),
        ("Settings", on(CTRL, Key::Comma), Command::Show(Drawer::Settings), always),
        ("Demonstration", on(Modifiers::NONE, Key::F5), Command::ToggleDemo, always),
        ("Full screen", on(Modifiers::NONE, Key::F11), Command::ToggleFullscreen, always),
        ("Light theme", None, Command::SetTheme(ThemeChoice::Light), always),
        ("Dark theme", None, Command::SetTheme(ThemeChoice::Dark), always),
        ("Theme of the system", None, Command::SetTheme(ThemeChoice::System), always),
    ]
}

fn transfer() -> Vec<Line> {
    let on_board = Command::Transfer;
    let except = |part: Part| Command::Transfer(TransferCommand::GiveAllExcept(Some(part)));
    vec![
        ("Add this face to the sources", None, on_board(TransferCommand::PutOpen(Side::Sources)), has_face),
        ("Add this face to the targets", None, on_board(TransferCommand::PutOpen(Side::Targets)), has_face),
        ("Fill the board from the tray", None, on_board(TransferCommand::Fill), has_faces),
        ("Give everything", None, on_board(TransferCommand::GiveAllExcept(None)), always),
        ("Give all except pose", None, except(Part::Pose), always),
        ("Give all except identity", None, except(Part::Identity), always),
        ("Give all except expression", None, except(Part::Expression), always),
        ("Give all except style", None, except(Part::Style), always),
        ("Mix the sources or not", None, on_board(TransferCommand::ToggleMix), always),
        ("Swap sources and targets", None, on_board(TransferCommand::Swap), has_board),
        ("Save sheet…", None, Command::Ask(Purpose::SaveSheet), State::has_cells),
        ("Save cells…", None, Command::Ask(Purpose::SaveCells), State::has_cells),
        ("Stop saving the board", None, on_board(TransferCommand::StopSaving), |state| {
            state.transfer.export.is_some() || state.transfer.to_save.is_some()
        }),
        ("Save recipe…", None, Command::Ask(Purpose::SaveRecipe), has_givers),
        ("Load recipe…", None, Command::Ask(Purpose::LoadRecipe), always),
        ("Clear the board", None, on_board(TransferCommand::Clear), has_board),
    ]
}

fn gallery() -> Vec<Line> {
    vec![
        ("Index a folder…", None, Command::Ask(Purpose::IndexFolder), always),
        ("Open an index…", None, Command::Ask(Purpose::OpenIndex), always),
        ("Add to the index…", None, Command::Ask(Purpose::AddToIndex), has_index),
        ("Update the index", None, Command::Gallery(GalleryCommand::Update), indexes_not),
        ("Rebuild the index", None, Command::Gallery(GalleryCommand::Rebuild), indexes_not),
        ("Stop the indexing", None, Command::Gallery(GalleryCommand::StopIndexing), indexes),
        ("Export the codes…", None, Command::Ask(Purpose::ExportCodes), has_index),
        ("Close the index", None, Command::Gallery(GalleryCommand::Close), has_index),
        ("Delete the index…", None, Command::Gallery(GalleryCommand::AskDelete), indexes_not),
        ("Look for the open face", None, Command::Gallery(GalleryCommand::QueryByOpen), can_query),
        ("Look for the open face as edited", None, Command::Gallery(GalleryCommand::QueryByEdit), can_query),
        ("Look for nobody", None, Command::Gallery(GalleryCommand::ClearQuery), |state| {
            !state.gallery.query.is_empty()
        }),
        ("Look for the same person", None, preset(Preset::SamePerson), has_index),
        ("Look for the same expression on others", None, preset(Preset::SameExpression), has_index),
        ("Look for the same pose", None, preset(Preset::SamePose), has_index),
        ("Look for the same style", None, preset(Preset::SameStyle), has_index),
        ("Show all faces of the index", None, tab(Tab::Faces), has_index),
        ("Show the people of the index", None, tab(Tab::People), has_index),
        ("Show the map of the index", None, tab(Tab::Map), has_index),
        ("Show the duplicates of the index", None, tab(Tab::Duplicates), has_index),
        ("Undo the last change of people", None, Command::Gallery(GalleryCommand::UndoPeople), has_index),
    ]
}

fn preset(preset: Preset) -> Command {
    Command::Gallery(GalleryCommand::Preset(preset))
}

fn tab(tab: Tab) -> Command {
    Command::Gallery(GalleryCommand::LookAt(tab))
}

fn labels() -> Vec<Line> {
    let alone = |key: Key| on(Modifiers::NONE, key);
    let label = |label: Expression| Command::Labels(LabelsCommand::Relabel(label));
    let tab = |tab: LabelsTab| Command::Labels(LabelsCommand::LookAtTab(tab));
    let export = |form: Form| Command::Ask(Purpose::ExportAudit(form));
    vec![
        ("Audit a set…", None, Command::Ask(Purpose::AuditSet), always),
        ("Audit a table…", None, Command::Ask(Purpose::AuditTable), always),
        ("Open an audit…", None, Command::Ask(Purpose::OpenAudit), always),
        ("Bring the audit up to date", None, Command::Labels(LabelsCommand::BringUpToDate), audits_not),
        ("Stop the audit", None, Command::Labels(LabelsCommand::Stop), audits),
        ("Close the audit", None, Command::Labels(LabelsCommand::Close), has_audit),
        ("Keep the label", alone(Key::K), Command::Labels(LabelsCommand::Keep), judges),
        ("Relabel to the prediction", alone(Key::R), Command::Labels(LabelsCommand::RelabelPredicted), judges),
        ("Mark the label as ambiguous", alone(Key::A), Command::Labels(LabelsCommand::Ambiguous), judges),
        ("Label it neutral", alone(Key::Num1), label(Expression::Neutral), judges),
        ("Label it happy", alone(Key::Num2), label(Expression::Happy), judges),
        ("Label it sad", alone(Key::Num3), label(Expression::Sad), judges),
        ("Label it surprise", alone(Key::Num4), label(Expression::Surprise), judges),
        ("Label it fear", alone(Key::Num5), label(Expression::Fear), judges),
        ("Label it disgust", alone(Key::Num6), label(Expression::Disgust), judges),
        ("Label it anger", alone(Key::Num7), label(Expression::Anger), judges),
        ("Label it contempt", alone(Key::Num8), label(Expression::Contempt), judges),
        ("Undo the last verdict", None, Command::Labels(LabelsCommand::Undo), has_audit),
        ("Next face of the audit", alone(Key::ArrowDown), Command::Labels(LabelsCommand::Next), State::is_judging),
        (
            "Previous face of the audit",
            alone(Key::ArrowUp),
            Command::Labels(LabelsCommand::Previous),
            State::is_judging,
        ),
        (
            "Next face without a verdict",
            alone(Key::Enter),
            Command::Labels(LabelsCommand::NextUnjudged),
            State::is_judging,
        ),
        ("Show the face of the audit", None, tab(LabelsTab::Face), has_audit),
        ("Show the confusion matrix", None, tab(LabelsTab::Confusion), has_audit),
        ("Show the shortcuts of the audit", None, tab(LabelsTab::Shortcuts), has_audit),
        ("Edit the face of the audit", None, Command::Labels(LabelsCommand::Edit), judges),
        ("Export labels…", None, export(Form::Labels), has_audit),
        ("Export for cleanlab…", None, export(Form::Cleanlab), has_audit),
        ("Export for FiftyOne…", None, export(Form::FiftyOne), has_audit),
        ("Export the log of verdicts…", None, export(Form::Log), has_audit),
        ("Import a table of labels…", None, Command::Ask(Purpose::ImportLabels), has_audit),
    ]
}

fn evaluation() -> Vec<Line> {
    let given = |of: PathFor| Command::Ask(Purpose::Evaluate(of));
    let tab = |tab: ReportTab| Command::Evaluate(EvaluateCommand::LookAtTab(tab));
    vec![
        ("Add data to measure on…", None, given(PathFor::Folder), always),
        ("Add shards to measure on…", None, given(PathFor::Shards), always),
        ("Choose pairs to verify…", None, given(PathFor::Pairs), always),
        ("Choose a recogniser that measures…", None, given(PathFor::Recogniser), always),
        ("Add training data of the readers…", None, given(PathFor::Training), always),
        ("Choose the folder of the report…", None, given(PathFor::Out), always),
        ("Start the evaluation", None, Command::Evaluate(EvaluateCommand::Start), |state| {
            evaluate::lacks(state).is_none()
        }),
        ("Stop the evaluation", None, Command::Evaluate(EvaluateCommand::Stop), |state| state.evaluating().is_some()),
        ("Open a report…", None, given(PathFor::Report), always),
        ("Open the report in the browser", None, Command::Evaluate(EvaluateCommand::Browse), has_report),
        ("Compare the report with another…", None, given(PathFor::Other), has_report),
        ("Show the overview of the report", None, tab(ReportTab::Overview), has_report),
        ("Show the comparison of reports", None, tab(ReportTab::Comparison), has_comparison),
        ("Save the comparison of reports…", None, given(PathFor::Comparison), has_comparison),
        ("Close the report", None, Command::Evaluate(EvaluateCommand::Close), has_report),
    ]
}

fn training() -> Vec<Line> {
    vec![
        ("Train on a folder…", None, Command::Ask(Purpose::TrainOnFolder), always),
        ("Train on shards…", None, Command::Ask(Purpose::TrainOnShards), always),
        ("Train on synthetic faces", None, Command::TrainOnSynthetic, trains_not),
        ("Start training", None, Command::StartTraining, |state| {
            trains_not(state) && state.train.form.lacks().is_none()
        }),
        ("Pause training", None, Command::PauseTraining, |state| trains(state) && !state.train.is_paused()),
        ("Go on with training", None, Command::GoOnTraining, |state| state.train.is_paused()),
        ("Save a checkpoint now", None, Command::SaveTraining, trains),
        ("Stop and save the training", None, Command::StopTraining, trains),
        ("Stop and discard the training…", None, Command::AskDiscard, trains),
        ("Edit with the weights of the training", None, Command::EditWithTraining, |state| {
            state.train.view.as_ref().is_some_and(|view| view.weights.is_some())
        }),
        ("Runs in a folder…", None, Command::Ask(Purpose::RunsFolder), always),
    ]
}

fn help() -> Vec<Line> {
    vec![
        ("All commands", on(CTRL, Key::K), Command::TogglePalette, always),
        ("Help", on(Modifiers::NONE, Key::F1), Command::Show(Drawer::Help), always),
        ("Log", on(CTRL, Key::L), Command::Show(Drawer::Log), always),
        ("Copy report", None, Command::CopyReport, always),
        ("Debug overlay", on(Modifiers::NONE, Key::F12), Command::ToggleDebug, always),
    ]
}

/// The entries that a query of the palette leaves: all its words occur in the name.
pub fn matching(query: &str) -> Vec<Entry> {
    let words: Vec<String> = query.split_whitespace().map(str::to_lowercase).collect();
    let fits = |entry: &Entry| {
        let name = entry.name.to_lowercase();
        words.iter().all(|word| name.contains(word.as_str()))
    };
    entries().into_iter().filter(fits).collect()
}
