//! What is said to a training by other processes: one word in a file, which the trainer takes away.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use super::run_dir::RunDir;
use crate::data::atomic::{self, WriteError};

/// What can be said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    Pause,
    /// Go on after a pause.
    Go,
    /// Write a checkpoint and go on.
    Save,
    /// Write a checkpoint and end.
    Stop,
    /// End, and remove what the training has made.
    Discard,
}

impl Word {
    pub const ALL: [Word; 5] = [Word::Pause, Word::Go, Word::Save, Word::Stop, Word::Discard];

    /// The word itself.
    pub fn name(self) -> &'static str {
        match self {
            Word::Pause => "pause",
            Word::Go => "go",
            Word::Save => "save",
            Word::Stop => "stop",
            Word::Discard => "discard",
        }
    }
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Word {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Word::ALL.into_iter().find(|word| word.name() == text.trim());
        found.ok_or_else(|| format!("A training does not know \"{text}\"; say pause, go, save, stop or discard"))
    }
}

/// The file between the two.
#[derive(Clone, Debug)]
pub struct ControlFile {
    path: PathBuf,
    taken: PathBuf,
}

impl ControlFile {
    /// Of the run in this folder.
    pub fn new(run_dir: &Path) -> Self {
        let path = run_dir.join(RunDir::CONTROL);
        // As a half-written file, so that the next start removes it after a kill.
        let taken = run_dir.join(format!(".{}.taken.part", RunDir::CONTROL));
        ControlFile { path, taken }
    }

    /// Says a word, in the place of one that was not heard yet.
    ///
    /// # Errors
    /// What keeps a file from being written.
    pub fn send(&self, word: Word) -> Result<(), WriteError> {
        atomic::write(&self.path, format!("{word}\n").as_bytes())
    }

    /// Takes the word away, if there is one; words that nobody knows are taken away, too. Costs one question to the file
    /// system where there is none.
    pub fn take(&self) -> Option<Word> {
        // Moved before it is read, so that a word that comes in between is not taken away unheard.
        fs::rename(&self.path, &self.taken).ok()?;
        let text = fs::read_to_string(&self.taken).unwrap_or_default();
        // Left where it is it does no harm, the next one replaces it.
        let _ = fs::remove_file(&self.taken);
        text.parse().ok()
    }
}
