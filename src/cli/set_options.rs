//! A labelled set as a command line names it: how it lies on the disk, what the columns of its table are called, and
//! what its classes mean.

use std::fmt::Write;
use std::path::PathBuf;

use clap::Args;

use crate::data::sets::{Columns, Format};
use crate::face::Expression;

#[derive(Args)]
#[command(next_help_heading = "What the set is")]
pub struct SetOptions {
    /// How the set lies on the disk, one of the formats that --help lists (told by what lies there if not given)
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<Format>,
    /// The table's column with each row's picture
    #[arg(long, value_name = "COLUMN")]
    picture: Option<String>,
    /// The table's column with the expression
    #[arg(long, value_name = "COLUMN")]
    given: Option<String>,
    /// The table's column with how pleasant the face looks, from -1 to 1
    #[arg(long, value_name = "COLUMN")]
    valence: Option<String>,
    /// The table's column with how excited the face looks, from -1 to 1
    #[arg(long, value_name = "COLUMN")]
    arousal: Option<String>,
    /// The table's column with who it is
    #[arg(long, value_name = "COLUMN")]
    person: Option<String>,
    /// The table's column with the recording that a picture is from
    #[arg(long, value_name = "COLUMN")]
    clip: Option<String>,
    /// The table's column that says which rows are to train on, to validate and to test with
    #[arg(long, value_name = "COLUMN")]
    split: Option<String>,
    /// What the set's own words or numbers for expressions mean, such as joy=happy,7=contempt
    #[arg(long, value_name = "WORD=EXPRESSION,...", value_delimiter = ',', value_parser = class)]
    classes: Vec<(String, Expression)>,
    /// The folder that the table's pictures are named from (the table's own if not given)
    #[arg(long, value_name = "DIR")]
    pictures: Option<PathBuf>,
}

fn class(text: &str) -> Result<(String, Expression), String> {
    Columns::parse_class(text).map_err(|e| e.to_string())
}

impl SetOptions {
    /// What was said of the table's columns.
    pub fn columns(&self) -> Columns {
        Columns {
            picture: self.picture.clone(),
            given: self.given.clone(),
            valence: self.valence.clone(),
            arousal: self.arousal.clone(),
            person: self.person.clone(),
            clip: self.clip.clone(),
            split: self.split.clone(),
            classes: self.classes.clone(),
            root: self.pictures.clone(),
        }
    }

    /// What must stay as it is besides the source.
    pub fn keeps(&self) -> Option<PathBuf> {
        self.pictures.clone()
    }
}

/// The formats and what lies on the disk in each, for the end of a help text.
pub fn formats() -> String {
    let mut text = "Formats of sets:".to_owned();
    for format in Format::ALL {
        // Nothing keeps a text from growing.
        let _ = write!(text, "\n  {:<14} {}", format.name(), format.explanation());
    }
    text
}
