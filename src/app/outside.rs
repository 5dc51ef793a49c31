//! The desktop around the window: its file dialogs, its file manager, and projects read and written. Each runs on a
//! thread of its own, since a dialog waits for a person; answers are collected once a frame.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;

use rfd::FileDialog;

use super::evaluate::PathFor;
use super::state::{FaceId, Purpose};
use super::store::Session;
use super::store::project::{self, EXTENSION, Held, Project};
use crate::engine::audit::Form;

/// Endings of the pictures that a dialog offers.
const PICTURES: [&str; 10] = ["jpg", "jpeg", "png", "webp", "bmp", "tif", "tiff", "gif", "heic", "avif"];

/// What came of it.
pub enum Answer {
    /// Paths chosen in a dialog; none where it was closed.
    Chosen(Purpose, Vec<PathBuf>),
    /// A project, and whether the tray before it was kept.
    ProjectRead(PathBuf, bool, Box<Project>),
    ProjectSaved(PathBuf, Result<(), String>),
    /// A sentence about something that could not be done.
    Failed(String),
}

/// A tray that is kept as a project.
pub struct Kept {
    pub path: PathBuf,
    pub session: Session,
    pub pictures: BTreeMap<FaceId, Held>,
}

/// The way out.
pub struct Outside {
    say: Sender<Answer>,
    answers: Receiver<Answer>,
    wake: Arc<dyn Fn() + Send + Sync>,
    /// Whether the desktop may be asked; tests have none.
    desktop: bool,
}

impl Outside {
    pub fn new(desktop: bool, wake: impl Fn() + Send + Sync + 'static) -> Self {
        let (say, answers) = mpsc::channel();
        Outside { say, answers, wake: Arc::new(wake), desktop }
    }

    /// The next answer.
    pub fn answer(&self) -> Option<Answer> {
        self.answers.try_recv().ok()
    }

    /// Opens the desktop's dialog for a purpose.
    pub fn ask(&self, purpose: Purpose, folder: Option<PathBuf>, name: String) {
        if self.desktop {
            self.run(move || Answer::Chosen(purpose, dialog(purpose, folder.as_deref(), &name)));
        }
    }

    /// Shows where a file lies.
    pub fn show_file(&self, path: &Path) {
        self.open(path.parent().unwrap_or(path), "file manager", "folder");
    }

    /// Opens a page in the browser.
    pub fn show_page(&self, path: &Path) {
        self.open(path, "browser", "file");
    }

    /// Has the desktop open something; `with` and `what` say what could not be done.
    fn open(&self, path: &Path, with: &str, what: &str) {
        let opener = if cfg!(target_os = "macos") {
            "open"
        } else if cfg!(windows) {
            "explorer"
        } else {
            "xdg-open"
        };
        if !self.desktop {
            return;
        }
        let say = self.say.clone();
        let wake = Arc::clone(&self.wake);
        let outcome = Command::new(opener).arg(path).stdin(Stdio::null()).stdout(Stdio::null()).spawn();
        if let Err(error) = outcome {
            let text = format!("No {with} could be started ({error}); open this {what}: {}", path.display());
            // The window is gone where nobody listens.
            let _ = say.send(Answer::Failed(text));
            wake();
        }
    }

    pub fn save_project(&self, kept: Kept) {
        self.run(move || {
            let outcome = project::save(&kept.path, kept.session, &kept.pictures);
            Answer::ProjectSaved(kept.path, outcome)
        });
    }

    /// Reads a project; the tray whose place it takes is kept before it is handed over.
    pub fn read_project(&self, path: PathBuf, earlier: Option<Kept>) {
        self.run(move || match read_project(&path, earlier) {
            Ok((project, kept)) => Answer::ProjectRead(path, kept, Box::new(project)),
            Err(sentence) => Answer::Failed(sentence),
        });
    }

    fn run(&self, work: impl FnOnce() -> Answer + Send + 'static) {
        let (say, wake) = (self.say.clone(), Arc::clone(&self.wake));
        let started = thread::Builder::new().name("outside".to_owned()).spawn(move || {
            // The window is gone where nobody listens.
            let _ = say.send(work());
            wake();
        });
        if let Err(error) = started {
            let text = format!("The operating system gives no more threads ({error}); close other programs");
            let _ = self.say.send(Answer::Failed(text));
        }
    }
}

fn read_project(path: &Path, earlier: Option<Kept>) -> Result<(Project, bool), String> {
    let project = project::read(path)?;
    let kept = earlier.is_some();
    if let Some(earlier) = earlier {
        project::save(&earlier.path, earlier.session, &earlier.pictures)
            .map_err(|why| format!("The project was not opened, since the faces at hand could not be kept. {why}"))?;
    }
    Ok((project, kept))
}

fn dialog(purpose: Purpose, folder: Option<&Path>, name: &str) -> Vec<PathBuf> {
    let mut dialog = FileDialog::new();
    if let Some(folder) = folder {
        dialog = dialog.set_directory(folder);
    }
    let one = |path: Option<PathBuf>| path.into_iter().collect();
    match purpose {
        Purpose::OpenPictures => dialog.add_filter("Pictures", &PICTURES).pick_files().unwrap_or_default(),
        Purpose::OpenFolder => one(dialog.pick_folder()),
        Purpose::SavePicture | Purpose::SaveFace => {
            one(dialog.add_filter("PNG, JPEG, WebP", &["png", "jpg", "webp"]).set_file_name(name).save_file())
        }
        Purpose::SaveEdit => one(dialog.add_filter("Edit", &["json"]).set_file_name(name).save_file()),
        Purpose::LoadEdit => one(dialog.add_filter("Edit", &["json"]).pick_file()),
        Purpose::SaveProject => one(dialog.add_filter("Project", &[EXTENSION]).set_file_name(name).save_file()),
        Purpose::OpenProject => one(dialog.add_filter("Project", &[EXTENSION]).pick_file()),
        Purpose::TrainOnFolder | Purpose::RunDir | Purpose::RunsFolder => one(dialog.pick_folder()),
        Purpose::IndexFolder | Purpose::AddToIndex | Purpose::OpenIndex => one(dialog.pick_folder()),
        Purpose::ExportCodes => {
            one(dialog.add_filter("Parquet, CSV, NPY", &["parquet", "csv", "npy"]).set_file_name(name).save_file())
        }
        Purpose::AuditSet | Purpose::AuditFolder | Purpose::OpenAudit | Purpose::ExportAudit(Form::Labels) => {
            one(dialog.pick_folder())
        }
        Purpose::AuditTable => one(dialog.add_filter("CSV, Parquet", &["csv", "parquet"]).pick_file()),
        Purpose::ExportAudit(Form::FiftyOne) => {
            one(dialog.add_filter("JSON", &["json"]).set_file_name(name).save_file())
        }
        Purpose::ExportAudit(_) => one(dialog.add_filter("CSV", &["csv"]).set_file_name(name).save_file()),
        Purpose::ImportLabels => one(dialog.add_filter("CSV, JSON", &["csv", "json"]).pick_file()),
        Purpose::SaveSheet => {
            one(dialog.add_filter("PNG, JPEG, WebP", &["png", "jpg", "webp"]).set_file_name(name).save_file())
        }
        Purpose::SaveCells => one(dialog.pick_folder()),
        Purpose::SaveRecipe => one(dialog.add_filter("Recipe", &["json"]).set_file_name(name).save_file()),
        Purpose::LoadRecipe => one(dialog.add_filter("Recipe", &["json"]).pick_file()),
        Purpose::TrainOnShards => dialog.add_filter("Shards", &["parquet"]).pick_files().unwrap_or_default(),
        Purpose::Recogniser => one(dialog.add_filter("Recogniser", &["safetensors"]).pick_file()),
        Purpose::OpenWeights => one(dialog.add_filter("Weights", &["safetensors"]).pick_file()),
        Purpose::Evaluate(PathFor::Folder | PathFor::Out | PathFor::Report | PathFor::Other) => {
            one(dialog.pick_folder())
        }
        Purpose::Evaluate(PathFor::Shards | PathFor::Training) => {
            dialog.add_filter("Shards", &["parquet"]).pick_files().unwrap_or_default()
        }
        Purpose::Evaluate(PathFor::Pairs) => one(dialog.add_filter("Pairs", &["txt"]).pick_file()),
        Purpose::Evaluate(PathFor::Recogniser) => one(dialog.add_filter("Recogniser", &["safetensors"]).pick_file()),
        Purpose::Evaluate(PathFor::Comparison) => {
            one(dialog.add_filter("Page, JSON", &["html", "json"]).set_file_name(name).save_file())
        }
        Purpose::Rename(_) => Vec::new(),
    }
}
