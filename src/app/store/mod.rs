//! What the window keeps on the disk: settings, session, projects. Read once at the start; written on a thread of its
//! own, so that nothing here waits for a disk later. May use `history` and the canvas's view, nothing that draws.

pub mod aside;
mod envelope;
pub mod folders;
pub mod paths;
pub mod project;
pub mod session;
pub mod settings;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crate::engine::keeper::{Keeper, png};
use crate::engine::protocol::RgbImage;

pub use folders::Folders;
pub use session::{Opened, Session, SessionStore};
pub use settings::{Settings, ThemeChoice};

/// The window's files. Where they cannot be written, everything here does nothing.
pub struct Store {
    keeper: Option<Keeper>,
    settings: Option<PathBuf>,
    /// The folder of the session, where that can be read.
    folder: Option<PathBuf>,
    /// The session, where this window writes it. Dropped after the keeper, so that the lock outlives the last write.
    session: Option<SessionStore>,
    runs: Option<PathBuf>,
    galleries: Option<PathBuf>,
    audits: Option<PathBuf>,
    reports: Option<PathBuf>,
}

/// What was there when the program started.
#[derive(Debug, Default)]
pub struct Start {
    pub settings: Settings,
    pub session: Option<Session>,
    /// What to tell about it.
    pub sentences: Vec<String>,
}

impl Store {
    /// The files of this user.
    pub fn open() -> (Store, Start) {
        match Folders::find() {
            Some(folders) => Self::open_in(folders),
            None => {
                let sentence = "Faces, edits and settings are not kept when this window closes, the system names no \
                                home folder; set FACESPACE_HOME to a folder for them";
                (Self::memory(), Start { sentences: vec![sentence.to_owned()], ..Start::default() })
            }
        }
    }

    /// The files in these places.
    pub fn open_in(folders: Folders) -> (Store, Start) {
        let keeper = match Keeper::start() {
            Ok(keeper) => keeper,
            Err(error) => return (Self::memory(), Start { sentences: vec![error.to_string()], ..Start::default() }),
        };
        let (settings, told) = Settings::load(&folders.settings);
        let mut start = Start { settings, session: None, sentences: Vec::from_iter(told) };
        let (folder, session) = open_session(&folders.session, &mut start);
        if let (Some(_), Some(beside)) = (&session, folders.settings.parent()) {
            // No other window is open that might be writing them.
            session::remove_left_over(beside);
        }
        let store = Store {
            keeper: Some(keeper),
            settings: Some(folders.settings),
            folder,
            session,
            runs: Some(folders.runs),
            galleries: Some(folders.galleries),
            audits: Some(folders.audits),
            reports: Some(folders.reports),
        };
        (store, start)
    }

    /// Keeps nothing: for tests, measurements and demonstrations.
    pub fn memory() -> Store {
        Store {
            keeper: None,
            settings: None,
            folder: None,
            session: None,
            runs: None,
            galleries: None,
            audits: None,
            reports: None,
        }
    }

    /// Whether the session is saved.
    pub fn writable(&self) -> bool {
        self.session.is_some()
    }

    /// Has the session saved as it is now. Pictures that were saved before are on the disk before it.
    pub fn save_session(&self, session: Session) {
        if let (Some(keeper), Some(store)) = (&self.keeper, &self.session) {
            keeper.put(store.file(), Box::new(move || session.into_bytes()));
        }
    }

    /// Has the picture of a face saved.
    pub fn save_picture(&self, id: u64, picture: Arc<RgbImage>) {
        self.put_picture(picture, |folder| session::picture_path(folder, id));
    }

    /// Has the photograph of a face saved that is in no file of its own.
    pub fn save_photo(&self, id: u64, photo: Arc<RgbImage>) {
        self.put_picture(photo, |folder| session::photo_path(folder, id));
    }

    fn put_picture(&self, picture: Arc<RgbImage>, place: impl Fn(&Path) -> PathBuf) {
        if let (Some(keeper), Some(_), Some(folder)) = (&self.keeper, &self.session, &self.folder) {
            keeper.put_in_place(place(folder), Box::new(move || png(&picture)));
        }
    }

    /// Has the settings saved.
    pub fn save_settings(&self, settings: Settings) {
        if let (Some(keeper), Some(path)) = (&self.keeper, &self.settings) {
            keeper.put(path.clone(), Box::new(move || settings.into_bytes()));
        }
    }

    /// Where the picture of a face lies, if it was saved; none where no session can be read.
    pub fn picture_path(&self, id: u64) -> Option<PathBuf> {
        self.folder.as_deref().map(|folder| session::picture_path(folder, id))
    }

    /// Where the photograph of a face lies, if it was saved.
    pub fn photo_path(&self, id: u64) -> Option<PathBuf> {
        self.folder.as_deref().map(|folder| session::photo_path(folder, id))
    }

    /// Where the tray is kept whose place a project takes; none where no session is written.
    pub fn earlier_path(&self) -> Option<PathBuf> {
        self.session.as_ref().and(self.folder.as_deref()).map(session::earlier_path)
    }

    /// Where trainings are kept when nobody says otherwise; none where nothing is kept.
    pub fn runs_folder(&self) -> Option<PathBuf> {
        self.runs.clone()
    }

    /// Where indexes of collections are kept that the window makes; none where nothing is kept.
    pub fn galleries_folder(&self) -> Option<PathBuf> {
        self.galleries.clone()
    }

    /// Where label audits are kept that the window makes; none where nothing is kept.
    pub fn audits_folder(&self) -> Option<PathBuf> {
        self.audits.clone()
    }

    /// Where reports of evaluations are kept that the window makes; none where nothing is kept.
    pub fn reports_folder(&self) -> Option<PathBuf> {
        self.reports.clone()
    }

    /// The next failure to tell; see [`Keeper::failure`].
    pub fn failures(&self) -> Option<String> {
        self.keeper.as_ref().and_then(Keeper::failure)
    }

    /// Calls `wake`, from another thread, whenever there is a failure to read.
    pub fn wake_by(&self, wake: impl Fn() + Send + Sync + 'static) {
        if let Some(keeper) = &self.keeper {
            keeper.wake_by(wake);
        }
    }

    /// Waits until all is on the disk; false where some is not. For the end of the program, and for tests.
    pub fn flush(&self, patience: Duration) -> bool {
        self.keeper.as_ref().is_none_or(|keeper| keeper.flush(patience))
    }
}

/// The folder that can be read, the session that can be written, and what was in it.
fn open_session(folder: &Path, start: &mut Start) -> (Option<PathBuf>, Option<SessionStore>) {
    let sentence = match SessionStore::open(folder) {
        Opened::Own(store) => match store.load() {
            Ok((session, told)) => {
                start.session = session;
                start.sentences.extend(told);
                return (Some(folder.to_owned()), Some(store));
            }
            Err(sentence) => sentence,
        },
        Opened::Another => {
            start.sentences.push(session::ANOTHER.to_owned());
            return (None, None);
        }
        Opened::ReadOnly(sentence) => sentence,
    };
    start.session = session::peek(folder);
    start.sentences.push(sentence);
    (Some(folder.to_owned()), None)
}
