//! What both test programs use.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// In the folder of a second process: where it notes what it does.
pub const DIARY: &str = "diary";

/// Long enough for any machine; a process that takes as long to begin has failed.
const PATIENCE: Duration = Duration::from_secs(90);

/// Copies a folder with all that is in it.
pub fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Runs a test of this program in a second process until that one's diary, which is there already, says that it has
/// begun; lets it live for a while and kills it. All lines of the diary but one that was not finished.
pub fn killed_after(
    life: Duration,
    test: &str,
    home: &Path,
    environment: &[(&str, &OsStr)],
    has_begun: impl Fn(&str) -> bool,
) -> Vec<String> {
    let complaints = home.join("complaints");
    let diary = || fs::read_to_string(home.join(DIARY)).unwrap();
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .envs(environment.iter().copied())
        .stdout(Stdio::null())
        .stderr(File::create(&complaints).unwrap())
        .spawn()
        .unwrap();
    let begun = Instant::now();
    while !has_begun(&diary()) && begun.elapsed() < PATIENCE {
        thread::sleep(Duration::from_millis(1));
    }
    thread::sleep(life);
    let ended = child.try_wait().unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    let text = diary();
    let complaint = fs::read_to_string(&complaints).unwrap();
    assert!(ended.is_none() && has_begun(&text), "the second process did not work: {complaint}");
    text.split_inclusive('\n').filter_map(|line| line.strip_suffix('\n')).map(str::to_owned).collect()
}
