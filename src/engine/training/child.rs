//! The process that trains: how it is started so that it outlives the window, and what its end says.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};

use super::request::TrainRequest;
use crate::data::atomic::WriteError;
use crate::train::run_dir::{RunDir, RunDirError};

/// For tests: a program to start in the place of this one.
const PROGRAM: &str = "FACESPACE_PROGRAM";
/// The end of the log in which a failure's sentence is looked for.
const LOG_TAIL: u64 = 64 * 1024;
/// SIGKILL, with which the kernel ends what takes the machine's last memory.
const KILLED: i32 = 9;
/// How a Rust program ends that panicked.
const PANICKED: i32 = 101;

/// What is started, before the arguments of a training.
#[derive(Clone, Debug)]
pub(super) struct Program {
    pub path: PathBuf,
    pub before: Vec<OsString>,
}

impl Program {
    /// This program, or the one that the environment names.
    pub fn this() -> io::Result<Self> {
        let path = match std::env::var_os(PROGRAM) {
            Some(path) => PathBuf::from(path),
            None => std::env::current_exe()?,
        };
        Ok(Program { path, before: Vec::new() })
    }
}

/// A training that this window started. Dropping it leaves the process alone.
pub(super) struct Running {
    pub run_dir: PathBuf,
    child: Child,
    /// Where in the log its own words begin.
    log_from: u64,
}

/// How a process came to its end.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Ending {
    /// As it was meant to end, for the run's status to tell.
    Done,
    /// In one sentence of its own.
    Said(String),
    /// By the system, as where memory runs out.
    Killed,
    /// By a fault of the program's own; its words.
    Crashed(String),
    /// Without a sentence; how, in words.
    Silent(String),
}

impl Running {
    /// Starts a training whose paths are absolute.
    ///
    /// # Errors
    /// One sentence with the path at its end: a folder that cannot be written to, one in which a training runs, a
    /// program that cannot be started.
    pub fn start(program: &Program, request: &TrainRequest) -> Result<Self, String> {
        let run_dir = request.run_dir.clone();
        let unwritable = |e: io::Error| WriteError::new(&run_dir, &e).to_string();
        fs::create_dir_all(&run_dir).map_err(unwritable)?;
        if RunDir::is_locked(&run_dir) {
            return Err(RunDirError::InUse(run_dir).to_string());
        }
        let log = OpenOptions::new().create(true).append(true).open(run_dir.join(RunDir::LOG)).map_err(unwritable)?;
        let log_from = log.metadata().map_err(unwritable)?.len();
        let mut command = Command::new(&program.path);
        command.args(&program.before).args(request.arguments()).stdin(Stdio::null());
        command.stdout(log.try_clone().map_err(unwritable)?).stderr(log);
        detach(&mut command);
        let child = command.spawn().map_err(|e| {
            let program = program.path.display();
            format!("The training could not be started ({e}); check that the program is where it was: {program}")
        })?;
        Ok(Running { run_dir, child, log_from })
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// How it ended, once it has. Never waits.
    pub fn ending(&mut self) -> Option<Ending> {
        match self.child.try_wait() {
            Ok(None) => None,
            Ok(Some(status)) => Some(self.read_ending(status)),
            // Nobody can tell how it ended any more.
            Err(e) => Some(Ending::Silent(e.to_string())),
        }
    }

    fn read_ending(&self, status: ExitStatus) -> Ending {
        if status.success() {
            return Ending::Done;
        }
        match signal(status) {
            Some(KILLED) => return Ending::Killed,
            Some(signal) => return Ending::Silent(format!("signal {signal}")),
            None => (),
        }
        let last = last_line(&self.run_dir.join(RunDir::LOG), self.log_from);
        match (last, status.code()) {
            (Some(line), Some(PANICKED)) => Ending::Crashed(line),
            (Some(line), _) => Ending::Said(line),
            (None, code) => Ending::Silent(code.map_or("no exit code".to_owned(), |code| format!("exit code {code}"))),
        }
    }
}

/// Neither the window's end nor Ctrl+C in its terminal shall reach the training.
#[cfg(unix)]
fn detach(command: &mut Command) {
    use std::os::unix::process::CommandExt;
    command.process_group(0);
}

#[cfg(windows)]
fn detach(command: &mut Command) {
    use std::os::windows::process::CommandExt;
    const CREATE_NEW_PROCESS_GROUP: u32 = 0x0000_0200;
    const CREATE_NO_WINDOW: u32 = 0x0800_0000;
    command.creation_flags(CREATE_NEW_PROCESS_GROUP | CREATE_NO_WINDOW);
}

#[cfg(not(any(unix, windows)))]
fn detach(_: &mut Command) {}

#[cfg(unix)]
fn signal(status: ExitStatus) -> Option<i32> {
    use std::os::unix::process::ExitStatusExt;
    status.signal()
}

#[cfg(not(unix))]
fn signal(_: ExitStatus) -> Option<i32> {
    None
}

/// The last line that has words, of what stands in the log from a place on. A panic's note on how to see more counts
/// as none.
fn last_line(log: &Path, from: u64) -> Option<String> {
    let mut file = File::open(log).ok()?;
    let length = file.metadata().ok()?.len();
    file.seek(SeekFrom::Start(from.max(length.saturating_sub(LOG_TAIL)))).ok()?;
    let mut bytes = Vec::new();
    file.take(LOG_TAIL).read_to_end(&mut bytes).ok()?;
    let text = String::from_utf8_lossy(&bytes);
    let line = text.lines().map(str::trim).rfind(|line| !line.is_empty() && !line.starts_with("note: "));
    line.map(str::to_owned)
}
