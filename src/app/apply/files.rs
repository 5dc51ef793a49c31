//! Files: paths asked for, pictures, edits and projects saved and opened, weights and devices chosen.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::super::canvas::{View, colour_image};
use super::super::command::Command;
use super::super::evaluate::{self, EvaluateCommand, OpenComparison, PathFor};
use super::super::gallery::GalleryCommand;
use super::super::hands::Hands;
use super::super::labels::LabelsCommand;
use super::super::log::{Bar, Level};
use super::super::outside::{Answer, Kept};
use super::super::pending::Wish;
use super::super::state::{Asking, Desk, Face, Panel, Purpose, State, Waiting};
use super::super::store::project::{EXTENSION, Held, Project};
use super::super::train::{Form, words};
use super::super::transfer::TransferCommand;
use super::{asked, fail, fail_with, note, open, photograph, set, warn};
use crate::engine::WeightsSource;
use crate::engine::audit;
use crate::engine::protocol::{Origin, Paste, RgbImage, Save};
use crate::face::Edit;

pub(super) fn apply(state: &mut State, hands: &mut Hands, command: Command) {
    match command {
        Command::Ask(purpose) => ask(state, hands, purpose),
        Command::Typed(text) => {
            if let Some(asking) = &mut state.asking {
                asking.text = text;
            }
        }
        Command::Browse => browse(state, hands),
        Command::TakeTyped => match state.asking.take() {
            Some(Asking { purpose: Purpose::Rename(id), text, .. }) => {
                super::apply(state, hands, Command::Rename(id, text));
            }
            Some(asking) => take(state, hands, asking.purpose, typed(&asking.text)),
            None => {}
        },
        Command::CancelAsking => state.asking = None,
        Command::SavePicture(path) => state.waiting = Some(Waiting::Save(path)),
        Command::SaveFace(path) => state.waiting = Some(Waiting::SaveFace(path)),
        Command::CopyPicture => state.waiting = Some(Waiting::Copy),
        Command::SaveEdit(path) => {
            if let Some(edit) = state.edit().cloned() {
                let model = state.engine.ready.as_ref().map(|ready| ready.model());
                asked(state, hands.studio.save_edit(path, edit, model), Wish::SaveEdit);
            }
        }
        Command::LoadEdit(path) => {
            if let Some(id) = state.open {
                asked(state, hands.studio.read_edit(path), Wish::LoadEdit(id));
            }
        }
        Command::SaveProject(path) => hands.outside.save_project(kept(state, hands, path)),
        Command::OpenProject(path) => {
            let earlier = hands.store.earlier_path().filter(|_| !state.faces.is_empty());
            hands.outside.read_project(path, earlier.map(|earlier| kept(state, hands, earlier)));
        }
        Command::UseWeights(source) => {
            let wish = match &source {
                WeightsSource::Bundled => Wish::BundledWeights,
                WeightsSource::File(path) => Wish::Weights(path.clone()),
            };
            asked(state, hands.studio.open_weights(source), wish);
        }
        Command::UseDevice(device) => {
            set(state, hands, |settings| settings.device = device);
            state.engine.setup.device = device;
            asked(state, hands.studio.use_device(device), Wish::Device);
        }
        _ => {}
    }
}

/// A path as somebody types it: without the quotes and the blanks around it, `~` for the home folder.
fn typed(text: &str) -> PathBuf {
    let text = text.trim().trim_matches(['"', '\'']);
    match (text.strip_prefix("~/"), std::env::home_dir()) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => PathBuf::from(text),
    }
}

fn ask(state: &mut State, hands: &Hands, purpose: Purpose) {
    if let Purpose::Rename(id) = purpose {
        state.asking = state.face(id).map(|face| Asking { purpose, text: face.record.name.clone(), focus: true });
        return;
    }
    if matches!(purpose, Purpose::TrainOnFolder | Purpose::TrainOnShards | Purpose::RunDir | Purpose::RunsFolder) {
        // What is chosen is to be seen.
        state.panel = Panel::Train;
    }
    if matches!(purpose, Purpose::IndexFolder | Purpose::AddToIndex | Purpose::OpenIndex | Purpose::ExportCodes) {
        state.panel = Panel::Gallery;
    }
    if is_about_audit(purpose) {
        state.panel = Panel::Labels;
    }
    if matches!(purpose, Purpose::Evaluate(_)) {
        state.panel = Panel::Evaluate;
    }
    if matches!(purpose, Purpose::SaveSheet | Purpose::SaveCells | Purpose::SaveRecipe | Purpose::LoadRecipe) {
        state.panel = Panel::Transfer;
    }
    let folder = match purpose {
        Purpose::SavePicture | Purpose::SaveFace | Purpose::SaveEdit | Purpose::SaveProject => {
            &state.settings.save_folder
        }
        Purpose::RunDir | Purpose::RunsFolder => &state.train.folder,
        Purpose::OpenIndex => &state.gallery.home,
        Purpose::OpenAudit | Purpose::AuditFolder => &state.labels.home,
        Purpose::Evaluate(PathFor::Out | PathFor::Report | PathFor::Other) => &state.evaluate.home,
        Purpose::ExportCodes
        | Purpose::ExportAudit(_)
        | Purpose::Evaluate(PathFor::Comparison)
        | Purpose::SaveSheet
        | Purpose::SaveCells
        | Purpose::SaveRecipe => &state.settings.save_folder,
        _ => &state.settings.open_folder,
    };
    let folder = folder.clone().or_else(std::env::home_dir).unwrap_or_default();
    let text = folder.join(suggested_name(state, purpose)).display().to_string();
    state.asking = Some(Asking { purpose, text, focus: true });
    // The place for an audit is proposed; a dialog of the desktop comes only where another one is looked for.
    if purpose != Purpose::AuditFolder {
        browse(state, hands);
    }
}

fn is_about_audit(purpose: Purpose) -> bool {
    matches!(
        purpose,
        Purpose::AuditSet
            | Purpose::AuditTable
            | Purpose::AuditFolder
            | Purpose::OpenAudit
            | Purpose::ExportAudit(_)
            | Purpose::ImportLabels
    )
}

/// The desktop's dialog, beside the path field.
fn browse(state: &State, hands: &Hands) {
    let Some(asking) = &state.asking else { return };
    let path = typed(&asking.text);
    let folder = if path.is_dir() { Some(path.clone()) } else { path.parent().map(Path::to_owned) };
    hands.outside.ask(asking.purpose, folder, suggested_name(state, asking.purpose));
}

/// What a new file is called.
fn suggested_name(state: &State, purpose: Purpose) -> String {
    let face = state.open_face().map_or("face", |face| &face.record.name);
    let stem = Path::new(face).file_stem().map_or_else(|| face.into(), |stem| stem.to_string_lossy());
    match purpose {
        Purpose::SavePicture => format!("{stem}-edited.png"),
        Purpose::SaveFace => format!("{stem}-face.png"),
        Purpose::SaveEdit => format!("{stem}-edit.json"),
        Purpose::SaveProject => format!("faces.{EXTENSION}"),
        Purpose::RunDir => state.train.next_run().as_deref().map(words::name).unwrap_or_default(),
        Purpose::ExportCodes => format!("{}-codes.parquet", state.gallery.name()),
        Purpose::AuditFolder => {
            let source = state.labels.source.as_deref();
            let place = source.and_then(|source| state.labels.folder_for(source));
            let beside = || source.map(|source| format!("{}-audit", words::name(source)));
            place.as_deref().map(words::name).or_else(beside).unwrap_or_default()
        }
        Purpose::ExportAudit(form) => {
            let name = state.labels.name();
            match form {
                audit::Form::Labels => format!("{name}-labels"),
                audit::Form::Cleanlab => format!("{name}-cleanlab.csv"),
                audit::Form::FiftyOne => format!("{name}-fiftyone.json"),
                audit::Form::Log => format!("{name}-log.csv"),
            }
        }
        Purpose::Evaluate(PathFor::Out) => evaluate::out(state).as_deref().map(words::name).unwrap_or_default(),
        Purpose::Evaluate(PathFor::Comparison) => {
            state.evaluate.comparison.as_ref().map(OpenComparison::file_name).unwrap_or_default()
        }
        Purpose::SaveSheet => "board.png".to_owned(),
        Purpose::SaveRecipe => state.transfer.recipe_file(),
        _ => String::new(),
    }
}

/// A path was chosen or typed.
fn take(state: &mut State, hands: &mut Hands, purpose: Purpose, path: PathBuf) {
    if path.as_os_str().is_empty() {
        fail(state, "No path was given; type one or choose it with Browse");
        return;
    }
    let folder = if path.is_dir() { Some(path.clone()) } else { path.parent().map(Path::to_owned) };
    set(state, hands, |settings| match purpose {
        Purpose::SavePicture | Purpose::SaveFace | Purpose::SaveEdit | Purpose::SaveProject => {
            settings.save_folder = folder;
        }
        Purpose::ExportCodes
        | Purpose::ExportAudit(_)
        | Purpose::Evaluate(PathFor::Comparison)
        | Purpose::SaveSheet
        | Purpose::SaveCells
        | Purpose::SaveRecipe => settings.save_folder = folder,
        Purpose::RunDir | Purpose::RunsFolder | Purpose::OpenIndex | Purpose::OpenAudit | Purpose::AuditFolder => {}
        Purpose::Evaluate(PathFor::Out | PathFor::Report | PathFor::Other) => {}
        _ => settings.open_folder = folder,
    });
    let command = match purpose {
        Purpose::OpenPictures | Purpose::OpenFolder => Command::OpenPaths(vec![path]),
        Purpose::SavePicture => Command::SavePicture(path),
        Purpose::SaveFace => Command::SaveFace(path),
        Purpose::SaveEdit => Command::SaveEdit(path),
        Purpose::LoadEdit => Command::LoadEdit(path),
        Purpose::SaveProject => Command::SaveProject(with_ending(path)),
        Purpose::OpenProject => Command::OpenProject(path),
        Purpose::OpenWeights => Command::UseWeights(WeightsSource::File(path)),
        Purpose::TrainOnFolder | Purpose::TrainOnShards => Command::AddTrainingData(vec![path]),
        Purpose::Recogniser => {
            Command::SetTraining(Box::new(Form { recogniser: Some(path), ..state.train.form.clone() }))
        }
        Purpose::RunDir => Command::SetTraining(Box::new(Form { run_dir: Some(path), ..state.train.form.clone() })),
        Purpose::RunsFolder => Command::ListRuns(path),
        Purpose::IndexFolder => Command::Gallery(GalleryCommand::Index(path)),
        Purpose::AddToIndex => Command::Gallery(GalleryCommand::Add(path)),
        Purpose::OpenIndex => Command::Gallery(GalleryCommand::Open(path)),
        Purpose::ExportCodes => Command::Gallery(GalleryCommand::Export(path)),
        Purpose::AuditSet | Purpose::AuditTable => Command::Labels(LabelsCommand::Audit(path)),
        Purpose::AuditFolder => Command::Labels(LabelsCommand::Into(path)),
        Purpose::OpenAudit => Command::Labels(LabelsCommand::Open(path)),
        Purpose::ExportAudit(form) => Command::Labels(LabelsCommand::Export(form, path)),
        Purpose::ImportLabels => Command::Labels(LabelsCommand::Import(path)),
        Purpose::Evaluate(of) => Command::Evaluate(EvaluateCommand::given(of, path)),
        Purpose::SaveSheet => Command::Transfer(TransferCommand::SaveSheet(path)),
        Purpose::SaveCells => Command::Transfer(TransferCommand::SaveCells(path)),
        Purpose::SaveRecipe => Command::Transfer(TransferCommand::SaveRecipe(path)),
        Purpose::LoadRecipe => Command::Transfer(TransferCommand::LoadRecipe(path)),
        // Took its own way, since a name is no path.
        Purpose::Rename(_) => return,
    };
    super::apply(state, hands, command);
}

/// A project's path ends in what it is known by.
fn with_ending(path: PathBuf) -> PathBuf {
    if path.extension().is_some_and(|ending| ending == EXTENSION) {
        return path;
    }
    let mut path = path.into_os_string();
    path.push(".");
    path.push(EXTENSION);
    path.into()
}

/// What the desktop answered.
pub(in super::super) fn answer(state: &mut State, hands: &mut Hands, answer: Answer) {
    match answer {
        Answer::Chosen(purpose, paths) => {
            let [first, ..] = &paths[..] else { return };
            // A dialog that was left open while something else was asked for is not forgotten.
            state.asking = None;
            let all: fn(Vec<PathBuf>) -> Command = match purpose {
                Purpose::OpenPictures => Command::OpenPaths,
                Purpose::TrainOnShards => Command::AddTrainingData,
                Purpose::Evaluate(PathFor::Shards) => |paths| Command::Evaluate(EvaluateCommand::AddData(paths)),
                Purpose::Evaluate(PathFor::Training) => |paths| Command::Evaluate(EvaluateCommand::AddTraining(paths)),
                _ => return take(state, hands, purpose, first.clone()),
            };
            let folder = first.parent().map(Path::to_owned);
            set(state, hands, |settings| settings.open_folder = folder);
            super::apply(state, hands, all(paths));
        }
        Answer::ProjectSaved(path, Ok(())) => note(state, &format!("The project is saved: {}", path.display())),
        Answer::ProjectSaved(_, Err(sentence)) | Answer::Failed(sentence) => fail(state, &sentence),
        Answer::ProjectRead(path, kept, project) => take_project(state, hands, &path, kept, *project),
    }
}

/// The tray as a project.
fn kept(state: &State, hands: &Hands, path: PathBuf) -> Kept {
    let known = state.faces.iter().chain(state.attic.values());
    let in_hand = known.filter_map(|face| Some((face.record.id, Held::Picture(Arc::clone(face.tile.as_ref()?)))));
    let mut pictures: BTreeMap<_, _> = in_hand.collect();
    let session = state.session();
    for id in session.faces_with_history() {
        if let Some(path) = hands.store.picture_path(id) {
            pictures.entry(id).or_insert(Held::File(path));
        }
    }
    Kept { path, session, pictures }
}

/// A project takes the tray's place, with its history; what was there before is one button away.
fn take_project(state: &mut State, hands: &Hands, path: &Path, kept: bool, project: Project) {
    let (settings, now) = (state.settings.clone(), state.now);
    let saves = state.transfer.export.is_some() || state.transfer.to_save.is_some();
    // Numbers and stamps go on, so that nothing of the old tray is taken for something of the new one.
    let shift = state.next_id;
    let mut fresh = State::new(settings, Some(project.session.shifted(shift)));
    fresh.next_stamp = state.next_stamp;
    fresh.engine = std::mem::take(&mut state.engine);
    fresh.log = std::mem::take(&mut state.log);
    fresh.meter = std::mem::take(&mut state.meter);
    fresh.train = std::mem::take(&mut state.train);
    fresh.gallery.take_over(&mut state.gallery);
    // A set's labels have nothing to do with the tray.
    fresh.labels = std::mem::take(&mut state.labels);
    fresh.evaluate = std::mem::take(&mut state.evaluate);
    (fresh.now, fresh.draws, fresh.changes) = (now, state.draws, state.changes + 1);
    (fresh.drops, fresh.drawn_by_cpu) = (state.drops, state.drawn_by_cpu);
    (fresh.fullscreen, fresh.debug) = (state.fullscreen, state.debug);
    // An index goes on being built; it has nothing to do with the tray.
    state.pending.cancel(|wish| match wish {
        Wish::Gallery(wish) => !wish.outlives_tray(),
        wish => !matches!(wish, Wish::Labels(_) | Wish::Evaluate(_)),
    });
    fresh.pending = std::mem::take(&mut state.pending);
    *state = fresh;
    for (id, picture) in project.pictures {
        let id = id + shift;
        hands.store.save_picture(id, Arc::clone(&picture));
        match state.face_mut(id) {
            Some(face) => face.take_kept(picture),
            None => {
                // Removed from the tray, and to be put back by an undo.
                if let Some(record) = state.history.record_of(id) {
                    let mut face = Face::unread(record);
                    face.take_kept(picture);
                    state.attic.insert(id, face);
                }
            }
        }
    }
    state.desk = Desk::default();
    open(state, state.open);
    note(state, &format!("The project is open: {}", path.display()));
    if let Some(earlier) = hands.store.earlier_path().filter(|_| kept) {
        let text = "The project has taken the place of the faces that were here; they are kept".to_owned();
        let actions = vec![("Bring them back", Command::OpenProject(earlier))];
        state.bar = Some(Bar { level: Level::Note, text, actions });
    }
    for sentence in project.sentences {
        warn(state, &sentence);
    }
    if saves {
        let text = "Saving the board was stopped by opening the project; the files that were written are there";
        state.log.say(Level::Warning, text, state.now);
    }
    other_weights(state);
}

/// Says where the faces were made with other weights than those in use.
pub(in super::super) fn other_weights(state: &mut State) {
    let Some(ready) = &state.engine.ready else { return };
    let (made, used) = (state.made_with.clone(), ready.card.name.clone());
    let is_edited = |face: &Face| face.record.edit != Edit::default() || face.record.refined.is_some();
    if made.is_empty() || made == used || !state.faces.iter().any(is_edited) {
        state.made_with = used;
        return;
    }
    let text = format!(
        "These faces were edited with the weights {made}, in use are {used}; the same numbers show other faces with \
         them, so open {made} to see the edits as they were, or go on"
    );
    let actions = vec![("Open weights…", Command::Ask(Purpose::OpenWeights))];
    fail_with(state, &text, actions);
}

/// Saves or copies the picture once it shows the newest edit: the whole photograph where there is one.
pub(in super::super) fn deliver(state: &mut State, hands: &Hands) {
    let (Some(face), Some(waiting)) = (state.open_face(), state.waiting.clone()) else { return };
    let current = state.desk.is_current(&face.record.edit) && state.is_seen(face);
    let (true, Some(edited)) = (current, state.desk.edited.clone()) else { return };
    match waiting {
        Waiting::Save(path) if state.can_paste() => match photograph::paste(state) {
            Some(paste) => save(state, hands, path, edited.pixels, Some(Box::new(paste))),
            None if state.desk.photo_failed => {
                let text = "The photograph cannot be read any more, so nothing was saved; save the face alone";
                fail_with(state, text, vec![("Save the face alone…", Command::Ask(Purpose::SaveFace))]);
            }
            // It is being read.
            None => return,
        },
        Waiting::Save(path) | Waiting::SaveFace(path) => save(state, hands, path, edited.pixels, None),
        Waiting::Copy => {
            let whole = state.view.view == View::Pasted && !state.desk.photo_failed;
            if whole && !state.desk.pasted.is_newest() {
                // The edit is being put back.
                return;
            }
            let pasted = state.desk.pasted.picture.clone().filter(|_| whole);
            hands.context.copy_image(colour_image(&pasted.unwrap_or(edited).pixels));
            note(state, "The picture is on the clipboard");
        }
    }
    state.waiting = None;
}

fn save(state: &mut State, hands: &Hands, path: PathBuf, picture: Arc<RgbImage>, paste: Option<Box<Paste>>) {
    let sources = state.open_face().and_then(|face| face.record.path.clone()).into_iter().collect();
    let model = state.engine.ready.as_ref().map(|ready| ready.card.name.clone()).unwrap_or_default();
    let origin = if paste.is_some() { Origin::Composite } else { Origin::Generated };
    let save =
        Save { path, picture, paste, origin, command: "Edit panel".to_owned(), model, sources, makes_folder: false };
    asked(state, hands.studio.save(save), Wish::Save);
}
