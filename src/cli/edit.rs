//! `facespace edit`: change a face by name.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use clap::Args;
use image::RgbImage;
use serde_json::{Value, json};

use super::context::{Context, Outcome, Stop};
use super::outputs;
use super::pictures::{self, Photographs};
use crate::data::atomic;
use crate::engine::read_edit;
use crate::face::{AngleEdit, Edit, EditError, Expression, FaceCode, UnitPart};

#[derive(Args)]
pub struct Arguments {
    #[command(flatten)]
    photographs: Photographs,
    #[command(flatten)]
    changes: Changes,
    /// Start from this edit file; the other options lie over it
    #[arg(long, value_name = "FILE")]
    edit: Option<PathBuf>,
    /// Save all the changes as an edit file
    #[arg(long, value_name = "FILE")]
    save_edit: Option<PathBuf>,
    /// A picture file for one photograph, else a folder
    #[arg(short, long, value_name = "OUT")]
    output: PathBuf,
}

#[derive(Args)]
struct Changes {
    /// Turn the head to this angle in degrees, + to the image's right; --yaw=+5 adds to its own, --yaw=+-5 takes away
    #[arg(long, value_name = "DEG", value_parser = angle, allow_hyphen_values = true)]
    yaw: Option<AngleEdit>,
    /// Lift the nose to this angle; + adds
    #[arg(long, value_name = "DEG", value_parser = angle, allow_hyphen_values = true)]
    pitch: Option<AngleEdit>,
    /// Tilt the head clockwise to this angle; + adds
    #[arg(long, value_name = "DEG", value_parser = angle, allow_hyphen_values = true)]
    roll: Option<AngleEdit>,
    /// The way from this face's expression (0) to a named one (1); may be repeated
    #[arg(long, value_name = "NAME=AMOUNT", allow_hyphen_values = true)]
    expression: Vec<Assignment<Expression>>,
    /// Move along principal axis 1 to 32 of a part, in spreads of the training faces; may be repeated
    #[arg(long, value_name = "PART.N=SPREADS", allow_hyphen_values = true)]
    axis: Vec<Assignment<Number>>,
    /// Put raw number 0 to 31 of a part to a value from -1 to 1; may be repeated
    #[arg(long, value_name = "PART.N=VALUE", allow_hyphen_values = true)]
    set: Vec<Assignment<Number>>,
}

/// `NAME=VALUE`.
#[derive(Clone, Copy, Debug)]
struct Assignment<T> {
    name: T,
    value: f32,
}

impl<T: FromStr<Err: ToString>> FromStr for Assignment<T> {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, value) = text.split_once('=').ok_or("write it as NAME=NUMBER")?;
        Ok(Assignment { name: name.parse().map_err(|e: T::Err| e.to_string())?, value: number(value)? })
    }
}

/// `identity.3`.
#[derive(Clone, Copy, Debug)]
struct Number {
    part: UnitPart,
    index: u8,
}

impl FromStr for Number {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (part, index) = text.split_once('.').ok_or("name a number as PART.N, such as identity.3")?;
        let index = index.parse().map_err(|_| format!("\"{index}\" is not the number of an axis or value"))?;
        Ok(Number { part: part.parse().map_err(|e: crate::face::code::UnknownName| e.to_string())?, index })
    }
}

fn number(text: &str) -> Result<f32, String> {
    let value: f32 = text.parse().map_err(|_| format!("\"{text}\" is not a number"))?;
    if value.is_finite() { Ok(value) } else { Err(format!("\"{text}\" is not a finite number")) }
}

fn angle(text: &str) -> Result<AngleEdit, String> {
    match text.strip_prefix('+') {
        Some(added) => number(added).map(AngleEdit::Add),
        None => number(text).map(AngleEdit::Set),
    }
}

impl Arguments {
    /// What the command reads.
    pub fn reads(&self) -> Vec<PathBuf> {
        self.photographs.paths.iter().chain(&self.edit).cloned().collect()
    }
}

pub fn run(context: &mut Context, arguments: Arguments) -> Outcome {
    let edit = collect(&arguments)?;
    let inputs = pictures::expand(context, &arguments.photographs)?;
    let paths = outputs::plan(&arguments.photographs.paths, &inputs, &arguments.output)?;
    if let Some(path) = &arguments.save_edit {
        outputs::refuse(path, &pictures::paths(&inputs))?;
        atomic::write(path, edit.to_json().as_bytes())?;
    }
    let bar = context.progress(inputs.len(), "editing");
    let mut results = Vec::new();
    pictures::for_each_batch(context, &inputs, |context, crops| {
        // Weights that fail are one failure, not one of every picture.
        context.require_parts()?;
        for (place, crop) in crops {
            match edit_one(context, &edit, &crop, &inputs[place].path, &paths[place]) {
                Ok(Some(result)) => results.push(result),
                Ok(None) => {}
                Err(Stop::Failed(error)) => {
                    let path = &inputs[place].path;
                    context.fail(path, format!("{error}: {}", path.display()));
                }
                Err(usage) => return Err(usage),
            }
            bar.inc(1);
        }
        Ok(())
    })?;
    bar.finish_and_clear();
    Ok(json!(results))
}

/// Edits and saves one face; none where saving failed, which is noted.
fn edit_one(
    context: &mut Context,
    edit: &Edit,
    crop: &RgbImage,
    from: &Path,
    to: &Path,
) -> Result<Option<Value>, Stop> {
    let wants_drift = context.wants_json();
    let engine = context.engine()?;
    let own = engine.face(crop)?;
    let asked: FaceCode = edit.apply(&own, &engine.weights().space).map_err(|error| match error {
        // No other picture would fare better with these weights.
        EditError::UnknownClass { .. } => Stop::Usage(error.to_string()),
        other => other.into(),
    })?;
    let picture = engine.picture(&asked)?;
    let drift = if wants_drift { Some(engine.drift(&own, &asked)?) } else { None };
    let saved = outputs::save(context, "edit", to, &picture);
    Ok(saved.then(|| json!({"file": from, "output": to, "own": own.pose, "drift": drift})))
}

fn collect(arguments: &Arguments) -> Result<Edit, Stop> {
    let mut edit = match &arguments.edit {
        None => Edit::default(),
        Some(path) => read_edit(path).map_err(Stop::Failed)?,
    };
    let Changes { yaw, pitch, roll, expression, axis, set } = &arguments.changes;
    let mut changes = Edit::default();
    (changes.pose.yaw, changes.pose.pitch, changes.pose.roll) = (*yaw, *pitch, *roll);
    changes.expression.classes.extend(expression.iter().map(|class| (class.name, class.value)));
    for Assignment { name, value } in axis {
        changes.part_mut(name.part).axes.insert(name.index, *value);
    }
    for Assignment { name, value } in set {
        changes.part_mut(name.part).raw.insert(name.index, *value);
    }
    if arguments.edit.is_none() && changes == Edit::default() {
        return Err(Stop::Usage("Nothing to change; give an angle, --expression, --axis, --set or --edit".to_owned()));
    }
    edit.overlay(changes);
    edit.check().map_err(|e| Stop::Usage(e.to_string()))?;
    Ok(edit)
}
