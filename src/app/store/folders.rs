//! Where the window keeps its files. `FACESPACE_HOME` names one folder for all of them: for tests, and for a copy of the
//! program that is carried about.

use std::env;
use std::path::{Path, PathBuf};

use directories::ProjectDirs;

/// The variable that overrides where the desktop keeps such files.
pub const HOME: &str = "FACESPACE_HOME";
const SESSION: &str = "session";
const RUNS: &str = "runs";
const GALLERIES: &str = "galleries";
const AUDITS: &str = "audits";
const REPORTS: &str = "reports";

/// The places, which need not exist yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folders {
    /// A file.
    pub settings: PathBuf,
    /// A folder.
    pub session: PathBuf,
    /// The folder in which trainings are kept, one in each of its folders.
    pub runs: PathBuf,
    /// The folder in which indexes of collections are kept, one in each of its folders.
    pub galleries: PathBuf,
    /// The folder in which label audits are kept, one in each of its folders.
    pub audits: PathBuf,
    /// The folder in which reports of evaluations are kept, one in each of its folders.
    pub reports: PathBuf,
}

impl Folders {
    /// Those of this user; none where the system names no home.
    pub fn find() -> Option<Self> {
        match env::var_os(HOME).filter(|home| !home.is_empty()) {
            Some(home) => Some(Self::under(Path::new(&home))),
            None => {
                let desktop = ProjectDirs::from("", "", "facespace")?;
                let settings = desktop.config_dir().join("settings.json");
                let data = desktop.data_local_dir();
                Some(Folders { settings, ..Self::under(data) })
            }
        }
    }

    /// All in one folder.
    pub fn under(home: &Path) -> Self {
        // Absolute, since a dialog may change the working folder.
        let home = std::path::absolute(home).unwrap_or_else(|_| home.to_owned());
        let names = [SESSION, RUNS, GALLERIES, AUDITS, REPORTS];
        let [session, runs, galleries, audits, reports] = names.map(|name| home.join(name));
        Folders { settings: home.join("settings.json"), session, runs, galleries, audits, reports }
    }
}
