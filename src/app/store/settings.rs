//! Settings: what the person chose once and for all, kept in a file of its own beside the session.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::aside::set_aside;
use super::envelope::{Format, Unfit};
use super::paths;
use crate::engine::{DeviceChoice, keeper};

const FORMAT: Format = Format { name: "facespace settings", version: 1 };

/// Smallest and largest size of everything drawn.
pub const SCALES: [f32; 2] = [0.8, 2.0];

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ThemeChoice {
    /// As the desktop has it.
    #[default]
    System,
    Light,
    Dark,
}

impl ThemeChoice {
    pub const ALL: [ThemeChoice; 3] = [ThemeChoice::System, ThemeChoice::Light, ThemeChoice::Dark];

    pub fn name(self) -> &'static str {
        match self {
            ThemeChoice::System => "System",
            ThemeChoice::Light => "Light",
            ThemeChoice::Dark => "Dark",
        }
    }
}

/// The settings. A field that the file does not have is as at the first start; one that only another version knows is
/// passed over.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    pub theme: ThemeChoice,
    /// Size of everything drawn, within [`SCALES`]; 1 is that of the desktop.
    pub scale: f32,
    #[serde(with = "device_text")]
    pub device: DeviceChoice,
    /// None for the weights that come with the program.
    #[serde(with = "paths")]
    pub weights: Option<PathBuf>,
    /// The folder that was last opened from.
    #[serde(with = "paths")]
    pub open_folder: Option<PathBuf>,
    /// The folder that was last saved to.
    #[serde(with = "paths")]
    pub save_folder: Option<PathBuf>,
    /// The folder in which trainings are made and listed; none for the program's own.
    #[serde(with = "paths")]
    pub runs_folder: Option<PathBuf>,
    /// The training that was looked at last, which may still go on.
    #[serde(with = "paths")]
    pub last_run: Option<PathBuf>,
    /// The line of the first start was read.
    pub seen_welcome: bool,
    pub reduced_motion: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            theme: ThemeChoice::default(),
            scale: 1.0,
            device: DeviceChoice::default(),
            weights: None,
            open_folder: None,
            save_folder: None,
            runs_folder: None,
            last_run: None,
            seen_welcome: false,
            reduced_motion: false,
        }
    }
}

impl Settings {
    /// The bytes of their file.
    ///
    /// # Errors
    /// One sentence, where they have no JSON form.
    pub fn into_bytes(self) -> Result<Vec<u8>, String> {
        FORMAT.pack(&self.in_range())
    }

    /// The settings in a file, or those of the first start and, where the file could not be read, a sentence. Such a
    /// file is set aside.
    pub fn load(path: &Path) -> (Settings, Option<String>) {
        let detail = match keeper::read(path, "settings file") {
            Ok(None) => return (Settings::default(), None),
            Ok(Some(bytes)) => match FORMAT.unpack(&bytes) {
                Ok(settings) => return (Settings::in_range(settings), None),
                Err(Unfit::Newer(_)) => "a newer facespace saved them".to_owned(),
                Err(Unfit::Foreign) => "they are none of facespace".to_owned(),
                Err(Unfit::CutOff) => "they are cut off".to_owned(),
                Err(Unfit::Damaged(detail)) => detail,
            },
            Err(sentence) => return (Settings::default(), Some(sentence)),
        };
        let (outcome, whole) = match set_aside(path) {
            Ok(aside) => ("they were set aside and are as at the first start", aside),
            Err(_) => ("they are as at the first start", path.to_owned()),
        };
        let sentence = format!("The settings could not be read ({detail}); {outcome}: {}", whole.display());
        (Settings::default(), Some(sentence))
    }

    fn in_range(mut self) -> Self {
        let [smallest, largest] = SCALES;
        self.scale = if self.scale.is_finite() { self.scale.clamp(smallest, largest) } else { 1.0 };
        self
    }
}

/// A device as the terminal's `--device` names it.
mod device_text {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    use crate::engine::DeviceChoice;

    pub fn serialize<S: Serializer>(device: &DeviceChoice, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(device)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<DeviceChoice, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}
