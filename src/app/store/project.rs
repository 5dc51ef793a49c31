//! A project: a session and the pictures of its faces in one file, to be kept, sent and opened elsewhere. Plain
//! functions, to be called off the window's thread.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use super::envelope::{Format, Unfit};
use super::session::Session;
use crate::engine::keeper;
use crate::engine::protocol::RgbImage;

const FORMAT: Format = Format { name: "facespace project", version: 4 };

/// The ending of a project's file name.
pub const EXTENSION: &str = "facespace";

/// A project that was read.
#[derive(Clone, Debug)]
pub struct Project {
    pub session: Session,
    /// By face; a face whose picture was missing or damaged has none.
    pub pictures: BTreeMap<u64, Arc<RgbImage>>,
    /// What was amiss, a sentence each.
    pub sentences: Vec<String>,
}

/// Where the picture of a face is when a project is saved.
#[derive(Clone, Debug)]
pub enum Held {
    Picture(Arc<RgbImage>),
    /// A PNG of the session's folder.
    File(PathBuf),
}

/// What is in the file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Content {
    session: Session,
    /// PNG files in base64, by face.
    pictures: BTreeMap<u64, String>,
}

/// Saves a project, whole or not at all. A picture file that is missing is left out: its face is there without it.
///
/// # Errors
/// One sentence with the path at its end.
pub fn save(path: &Path, session: Session, pictures: &BTreeMap<u64, Held>) -> Result<(), String> {
    let bytes = pack(session, pictures).map_err(|sentence| format!("{sentence}: {}", path.display()))?;
    keeper::write(path, &bytes)
}

/// Reads a project.
///
/// # Errors
/// One sentence with the path at its end: a file that is missing, none of facespace, newer, cut off or damaged.
pub fn read(path: &Path) -> Result<Project, String> {
    let with_path = |sentence: &str| format!("{sentence}: {}", path.display());
    let bytes = keeper::read(path, "project file")?
        .ok_or_else(|| with_path("There is no such project file; check the path"))?;
    let Content { session, pictures } = FORMAT.unpack(&bytes).map_err(|unfit| with_path(&sentence(&unfit)))?;
    let session = session.checked().map_err(|detail| with_path(&sentence(&Unfit::Damaged(detail))))?;
    let needed = session.faces_with_history();
    let mut project = Project { session, pictures: BTreeMap::new(), sentences: Vec::new() };
    for (id, text) in pictures.into_iter().filter(|(id, _)| needed.contains(id)) {
        match unpacked(&text) {
            Ok(picture) => {
                project.pictures.insert(id, Arc::new(picture));
            }
            Err(detail) => {
                let face = project.session.faces.iter().find(|face| face.id == id);
                let name = face.map_or_else(|| format!("of face {id}"), |face| format!("of {}", face.name));
                let what =
                    format!("The picture {name} in this project is damaged ({detail}); open its photograph again");
                project.sentences.push(with_path(&what));
            }
        }
    }
    Ok(project)
}

fn pack(session: Session, pictures: &BTreeMap<u64, Held>) -> Result<Vec<u8>, String> {
    let session = session.sound();
    let mut packed = BTreeMap::new();
    for id in session.faces_with_history() {
        let png = match pictures.get(&id) {
            Some(Held::Picture(picture)) => Some(keeper::png(picture)?),
            Some(Held::File(path)) => keeper::read(path, "picture of a face")?,
            None => None,
        };
        packed.extend(png.map(|png| (id, STANDARD.encode(png))));
    }
    FORMAT.pack(&Content { session, pictures: packed })
}

fn unpacked(text: &str) -> Result<RgbImage, String> {
    let png = STANDARD.decode(text).map_err(|_| "it is no base64".to_owned())?;
    // The decoder's sentence has its own advice behind the semicolon.
    keeper::picture(&png).map_err(|sentence| sentence.split("; ").next().unwrap_or_default().to_owned())
}

fn sentence(unfit: &Unfit) -> String {
    match unfit {
        Unfit::Foreign => format!("This is no project of facespace; choose a file that ends in .{EXTENSION}"),
        Unfit::Newer(found) => format!(
            "This project was saved by a newer facespace (format {found}, this one reads up to {}); update facespace",
            FORMAT.version
        ),
        Unfit::CutOff => "This project file is cut off; copy it again from where it is whole".to_owned(),
        Unfit::Damaged(detail) => {
            format!("This project file is damaged ({detail}); copy it again from where it is whole")
        }
    }
}
