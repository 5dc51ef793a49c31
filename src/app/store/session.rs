//! The session: what the window shows and can undo, saved as it changes and there again after a kill. Its folder holds
//! `session.json`, PNG files of the faces under `faces/`, and a lock that keeps a second window from writing into it.

use std::collections::{BTreeSet, HashSet};
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::aside::set_aside;
use super::envelope::{Format, Unfit};
use crate::app::canvas::ViewState;
use crate::app::evaluate;
use crate::app::gallery;
use crate::app::history::{FaceRecord, History};
use crate::app::labels;
use crate::app::transfer::Arrangement;
use crate::engine::keeper;

const FORMAT: Format = Format { name: "facespace session", version: 6 };
const FILE: &str = "session.json";
const PICTURES: &str = "faces";
const LOCK: &str = "lock";
const EARLIER: &str = "earlier";
const PHOTO: &str = "-photo";
/// No window ever comes to give a number near it; with it, numbers can be added without care.
const HIGHEST_ID: u64 = 1 << 48;

/// What a second window says.
pub const ANOTHER: &str = "facespace is open already; this second window does not save its session";

/// What is saved of the window's state. Pictures lie beside it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Session {
    /// The tray, in its order.
    pub faces: Vec<FaceRecord>,
    /// The face on the canvas.
    pub open: Option<u64>,
    pub view: ViewState,
    /// Pose, identity, expression and style.
    pub locks: [bool; 4],
    /// Sections of the inspector that are folded, by name.
    pub folded: Vec<String>,
    /// The weights that the faces were encoded with.
    pub weights_name: String,
    pub history: History,
    /// Given to the next face that is opened; higher than any that was given before.
    pub next_id: u64,
    /// Who stands on the transfer board, and what is given there.
    pub transfer: Arrangement,
    /// The index in hand, and what is looked for in it.
    pub gallery: gallery::Kept,
    /// The label audit in hand, and how its faces are listed.
    pub labels: labels::Kept,
    /// The choices of the next evaluation, and the report in hand.
    pub evaluate: evaluate::Kept,
}

impl Session {
    /// The bytes of its file.
    ///
    /// # Errors
    /// One sentence, where it has no JSON form.
    pub fn into_bytes(self) -> Result<Vec<u8>, String> {
        FORMAT.pack(&self.sound())
    }

    fn from_bytes(bytes: &[u8]) -> Result<Session, Unfit> {
        let session: Session = FORMAT.unpack(bytes)?;
        session.checked().map_err(Unfit::Damaged)
    }

    /// The faces whose pictures are needed: those at hand, and those that an undo may bring back.
    pub fn faces_with_history(&self) -> BTreeSet<u64> {
        let mut ids = self.history.faces();
        ids.extend(self.faces.iter().map(|face| face.id));
        ids
    }

    /// The same with faces whose numbers are higher, for a tray in which the lower ones were given already.
    pub fn shifted(mut self, by: u64) -> Self {
        self.faces.iter_mut().for_each(|face| face.id += by);
        self.open = self.open.map(|id| id + by);
        self.history = self.history.shifted(by);
        self.transfer = self.transfer.shifted(by);
        self.next_id += by;
        self
    }

    /// JSON has no infinity: one number that is none would make the whole file unreadable.
    pub(super) fn sound(mut self) -> Self {
        let ViewState { split, zoom, pan, .. } = &self.view;
        if !split.is_finite() || !zoom.is_finite() || !pan.iter().all(|v| v.is_finite()) {
            self.view = ViewState::default();
        }
        for face in &mut self.faces {
            face.points = face.points.filter(|points| points.as_flattened().iter().all(|v| v.is_finite()));
            face.paste = face.paste.checked().unwrap_or_default();
        }
        self.transfer = self.transfer.sound();
        self.gallery = self.gallery.checked();
        self.evaluate = self.evaluate.checked();
        self
    }

    /// Refuses what no window wrote, and puts right what can be worked out.
    pub(super) fn checked(mut self) -> Result<Self, String> {
        let mut ids = HashSet::new();
        if let Some(twice) = self.faces.iter().find(|face| !ids.insert(face.id)) {
            return Err(format!("two faces have the number {}", twice.id));
        }
        self.open = self.open.filter(|open| ids.contains(open));
        for face in &mut self.faces {
            face.paste = face.paste.checked().unwrap_or_default();
        }
        self.gallery = self.gallery.checked();
        self.evaluate = self.evaluate.checked();
        let known = self.faces_with_history();
        self.transfer = self.transfer.checked(&known);
        let highest = known.last().copied();
        if let Some(id) = highest.filter(|id| *id > HIGHEST_ID) {
            return Err(format!("no face has the number {id}"));
        }
        self.next_id = self.next_id.max(highest.map_or(1, |id| id + 1));
        Ok(self)
    }
}

/// Where a session is kept, and the lock on it. The lock is let go of with this, or with the process.
#[derive(Debug)]
pub struct SessionStore {
    folder: PathBuf,
    lock: Option<File>,
}

/// What came of opening a session's folder.
#[derive(Debug)]
pub enum Opened {
    Own(SessionStore),
    /// Another window has it.
    Another,
    /// It can be read at most; a sentence says so.
    ReadOnly(String),
}

impl SessionStore {
    /// Takes the folder, which is made where it is missing.
    pub fn open(folder: &Path) -> Opened {
        let locked = fs::create_dir_all(folder.join(PICTURES))
            .and_then(|()| File::options().create(true).truncate(false).write(true).open(folder.join(LOCK)));
        let lock = match locked {
            Ok(lock) => lock,
            Err(error) => return Opened::ReadOnly(read_only(folder, &error)),
        };
        let store = |lock| Opened::Own(SessionStore { folder: folder.to_owned(), lock });
        match lock.try_lock() {
            Ok(()) => store(Some(lock)),
            Err(TryLockError::WouldBlock) => Opened::Another,
            // Some network disks know no locks; saving is worth more than the guard.
            Err(TryLockError::Error(_)) => store(None),
        }
    }

    /// The last session, if there is one, and a sentence where it had to be set aside. What a killed window left
    /// behind and pictures that no face needs are removed.
    ///
    /// # Errors
    /// A sentence, where a broken session could not be set aside: then nothing may be written over it.
    pub fn load(&self) -> Result<(Option<Session>, Option<String>), String> {
        remove_left_over(&self.folder);
        let problem = match read(&self.folder) {
            Ok(session) => {
                self.sweep(session.as_ref());
                return Ok((session, None));
            }
            Err(problem) => problem,
        };
        let pictures = self.folder.join(PICTURES);
        // A new session counts its faces from one again, so the pictures go too; and they go first, since pictures
        // without a session are swept at the next start.
        let aside =
            set_aside(&pictures).and_then(|_| fs::create_dir_all(&pictures)).and_then(|()| set_aside(&self.file()));
        match aside {
            Ok(aside) => Ok((None, Some(format!("{}: {}", problem.set_aside(), aside.display())))),
            Err(error) => Err(read_only(&self.folder, &error)),
        }
    }

    /// The file of the session.
    pub fn file(&self) -> PathBuf {
        self.folder.join(FILE)
    }

    fn sweep(&self, session: Option<&Session>) {
        let needed = session.map(Session::faces_with_history).unwrap_or_default();
        let id = |name: &str| {
            let stem = name.strip_suffix(".png")?;
            stem.strip_suffix(PHOTO).unwrap_or(stem).parse().ok()
        };
        remove_files(&self.folder.join(PICTURES), |name| match id(name) {
            Some(id) => !needed.contains(&id),
            None => is_left_over(name),
        });
    }
}

impl Drop for SessionStore {
    /// By name: a process that was just started from here may hold a copy of the handle for a moment.
    fn drop(&mut self) {
        if let Some(lock) = &self.lock {
            // It goes with the handle at the latest.
            let _ = lock.unlock();
        }
    }
}

/// Where the picture of a face is kept.
pub fn picture_path(folder: &Path, id: u64) -> PathBuf {
    folder.join(PICTURES).join(format!("{id}.png"))
}

/// Where the photograph of a face is kept that came from no file.
pub fn photo_path(folder: &Path, id: u64) -> PathBuf {
    folder.join(PICTURES).join(format!("{id}{PHOTO}.png"))
}

/// Where the tray is kept whose place a project took.
pub fn earlier_path(folder: &Path) -> PathBuf {
    folder.join(EARLIER).with_extension(super::project::EXTENSION)
}

/// The session in a folder that cannot be written, as far as it can be read.
pub fn peek(folder: &Path) -> Option<Session> {
    read(folder).ok().flatten()
}

/// Why a session was not read.
enum Problem {
    Newer,
    Unreadable(String),
}

impl Problem {
    fn set_aside(&self) -> String {
        match self {
            Problem::Newer => {
                "The last session was saved by a newer facespace; update facespace to open it, it was set \
                               aside and a new one begins"
                    .to_owned()
            }
            Problem::Unreadable(detail) => {
                format!("The last session could not be read ({detail}); it was set aside and a new one begins")
            }
        }
    }
}

fn read(folder: &Path) -> Result<Option<Session>, Problem> {
    let unreadable = |_| Problem::Unreadable("the disk does not give it".to_owned());
    let Some(bytes) = keeper::read(&folder.join(FILE), "session file").map_err(unreadable)? else { return Ok(None) };
    Session::from_bytes(&bytes).map(Some).map_err(|unfit| match unfit {
        Unfit::Newer(_) => Problem::Newer,
        Unfit::Foreign => Problem::Unreadable("it is no session".to_owned()),
        Unfit::CutOff => Problem::Unreadable("it is cut off".to_owned()),
        Unfit::Damaged(detail) => Problem::Unreadable(detail),
    })
}

fn read_only(folder: &Path, error: &io::Error) -> String {
    format!(
        "Faces and edits are not kept when this window closes, their folder cannot be written ({error}); change its \
         permissions or set FACESPACE_HOME to another one: {}",
        folder.display()
    )
}

/// Removes what writes of this folder left behind that were killed on their way.
pub(super) fn remove_left_over(folder: &Path) {
    remove_files(folder, is_left_over);
}

fn is_left_over(name: &str) -> bool {
    name.starts_with('.') && name.ends_with(".part")
}

/// Files that stay because they cannot be removed harm nobody.
fn remove_files(folder: &Path, is_unneeded: impl Fn(&str) -> bool) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        if entry.file_name().to_str().is_some_and(&is_unneeded) {
            let _ = fs::remove_file(entry.path());
        }
    }
}
