//! What was said: the log, the bar above the canvas, and the report that somebody can send us.

use std::collections::VecDeque;
use std::fmt::Write;

use super::command::Command;

/// Messages that are kept.
const KEPT: usize = 500;
/// Messages that go into a report.
const REPORTED: usize = 50;

/// How much a message matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Something was done.
    Note,
    /// Something is not as it was asked for, and goes on.
    Warning,
    /// Something could not be done.
    Error,
}

impl Level {
    pub fn name(self) -> &'static str {
        match self {
            Level::Note => "Note",
            Level::Warning => "Warning",
            Level::Error => "Error",
        }
    }
}

/// One sentence, and the path that it ends in.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    pub level: Level,
    pub sentence: String,
    pub path: Option<String>,
    /// Seconds since the start.
    pub at: f64,
    /// How often it was said in a row.
    pub times: usize,
}

impl Message {
    /// Splits a sentence of the house, which has its path last after a colon.
    fn new(level: Level, text: &str, at: f64) -> Self {
        let (sentence, path) = match text.rsplit_once(": ") {
            Some((sentence, path)) if !path.is_empty() => (sentence, Some(path.to_owned())),
            _ => (text, None),
        };
        Message { level, sentence: sentence.to_owned(), path, at, times: 1 }
    }

    /// With its path.
    pub fn whole(&self) -> String {
        match &self.path {
            Some(path) => format!("{}: {path}", self.sentence),
            None => self.sentence.clone(),
        }
    }
}

/// A message that waits for an answer, above the panel that it concerns.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    pub level: Level,
    pub text: String,
    /// What can be done about it, beside putting it away.
    pub actions: Vec<(&'static str, Command)>,
}

/// The last messages, oldest first.
#[derive(Clone, Debug, Default)]
pub struct Log {
    messages: VecDeque<Message>,
}

impl Log {
    pub fn say(&mut self, level: Level, text: &str, at: f64) {
        let message = Message::new(level, text, at);
        match self.messages.back_mut() {
            Some(last) if last.sentence == message.sentence && last.path == message.path => last.times += 1,
            _ => self.messages.push_back(message),
        }
        if self.messages.len() > KEPT {
            self.messages.pop_front();
        }
    }

    pub fn messages(&self) -> impl DoubleEndedIterator<Item = &Message> {
        self.messages.iter()
    }

    pub fn last(&self) -> Option<&Message> {
        self.messages.back()
    }

    /// Versions, device and the last messages, without pictures and paths.
    pub fn report(&self, device: &str, model: &str) -> String {
        let mut report = String::new();
        let system = (std::env::consts::OS, std::env::consts::ARCH);
        // Writing to a string does not fail.
        let _ = writeln!(report, "facespace {} on {} {}", env!("CARGO_PKG_VERSION"), system.0, system.1);
        let _ = writeln!(report, "Device {device}\nModel {model}\nLast messages");
        for message in self.messages.iter().skip(self.messages.len().saturating_sub(REPORTED)) {
            let path = if message.path.is_some() { " (path left out)" } else { "" };
            let _ = writeln!(
                report,
                "{:8.1} s  {:<7}  {}{path}{}",
                message.at,
                message.level.name(),
                without_paths(&message.sentence),
                if message.times > 1 { format!(" ({} times)", message.times) } else { String::new() },
            );
        }
        report
    }
}

/// A sentence in which every word that looks like a path is left out.
fn without_paths(sentence: &str) -> String {
    let is_path = |word: &str| word.contains(['/', '\\']) && word.len() > 1;
    let words = sentence.split(' ').map(|word| if is_path(word) { "…" } else { word });
    words.collect::<Vec<_>>().join(" ")
}
