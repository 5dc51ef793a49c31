//! `facespace edit`: change a face by name. `apply` works through it as well.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use clap::Args;
use image::RgbImage;
use indicatif::ProgressBar;
use serde_json::{Value, json};

use super::context::{Context, Outcome, Stop, at};
use super::opened::{self, Face, Picture};
use super::outputs::{self, Names};
use super::pictures::{self, Input, Photographs};
use super::put_back::{PutBack, put_back};
use super::remarks;
use crate::data::atomic;
use crate::engine::read_edit;
use crate::face::paste::PasteOptions;
use crate::face::{AngleEdit, Edit, EditError, Expression, FaceCode, ModelName, UnitPart};

/// Marks on the bar for a picture whose faces are refined, each in many steps.
const REFINE_MARKS: usize = 100;

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
    /// First fit the face to its picture in some hundred steps, so that it looks more like the person; takes half a
    /// minute or less
    #[arg(long)]
    refine: bool,
    /// How much of the change goes into the photograph, from none of it (0) to all (1)
    #[arg(long, value_name = "SHARE", default_value_t = 1.0, allow_hyphen_values = true, conflicts_with = "alone")]
    strength: f32,
    #[command(flatten)]
    put_back: PutBack,
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
    let (edit, made_with) = collect(&arguments)?;
    let options = arguments.put_back.options(arguments.strength)?;
    let inputs = pictures::expand(context, &arguments.photographs)?;
    let names = outputs::plan(&arguments.photographs.paths, &inputs, &arguments.output)?;
    require(context, made_with.as_ref(), arguments.edit.as_deref())?;
    if let Some(path) = &arguments.save_edit {
        outputs::refuse(path, &pictures::paths(&inputs))?;
        atomic::write(path, edit.to_json(made_with.as_ref()).as_bytes())?;
    }
    Editing { command: "edit", edit: &edit, options, refines: arguments.refine }.all(context, &inputs, names)
}

/// What is done to every face.
pub struct Editing<'a> {
    /// The subcommand, which the pictures that it saves name.
    pub command: &'a str,
    pub edit: &'a Edit,
    /// How faces go back into their photographs; none where they are written alone.
    pub options: Option<PasteOptions>,
    pub refines: bool,
}

/// An edited face.
struct Edited {
    /// Its decoded picture before the edit; none for a crop, which goes back into nothing.
    before: Option<RgbImage>,
    after: RgbImage,
    /// Its entry in the report, without the files.
    report: Value,
}

impl Editing<'_> {
    /// Edits and saves the faces of all the pictures; the entries in the report of those that did not fail.
    pub fn all(&self, context: &mut Context, inputs: &[Input], mut names: Names) -> Outcome {
        let (marks, what) = if self.refines { (REFINE_MARKS, "refining") } else { (1, "editing") };
        let bar = context.progress(inputs.len() * marks, what);
        let mut results = Vec::new();
        opened::for_each_batch(context, inputs, self.options.is_some(), |context, pictures| {
            // Weights that fail are one failure, not one of every picture.
            context.require_parts()?;
            for picture in pictures {
                let place = picture.place;
                results.extend(self.picture(context, &inputs[place].path, picture, &mut names, &bar)?);
                bar.set_position(((place + 1) * marks) as u64);
            }
            Ok(())
        })?;
        bar.finish_and_clear();
        Ok(json!(results))
    }

    /// Edits and saves the faces of a picture; their entries in the report, without those that failed, which are noted.
    fn picture(
        &self,
        context: &mut Context,
        from: &Path,
        mut picture: Picture,
        names: &mut Names,
        bar: &ProgressBar,
    ) -> Result<Vec<Value>, Stop> {
        let mut photo = picture.photo.take();
        let (mut done, mut saved) = (Vec::new(), Vec::new());
        for (nth, face) in picture.faces.iter().enumerate() {
            let whole = REFINE_MARKS as f64;
            let progress = |share: f64| {
                let of_picture = (nth as f64 + share) / picture.faces.len() as f64;
                bar.set_position((whole * (picture.place as f64 + of_picture)) as u64);
            };
            let edited = match self.face(context, from, face, progress) {
                Ok(edited) => edited,
                Err(Stop::Failed(error)) => {
                    context.fail(from, format!("{error}{}: {}", remarks::which(face), from.display()));
                    continue;
                }
                Err(usage) => return Err(usage),
            };
            match (&mut photo, &self.options, &edited.before) {
                (Some(photo), Some(options), Some(before)) => {
                    *photo = put_back(photo, face, [before, &edited.after], options);
                    done.push(edited.report);
                }
                _ => {
                    let to = names.of(picture.place, nth)?;
                    if outputs::save(context, self.command, &to, &edited.after) {
                        saved.push(entry(edited.report, from, &to));
                    }
                }
            }
        }
        if let Some(photo) = photo.filter(|_| !done.is_empty()) {
            let to = names.of(picture.place, 0)?;
            if outputs::save_photograph(context, self.command, &to, &photo) {
                saved.extend(done.into_iter().map(|report| entry(report, from, &to)));
            }
        }
        Ok(saved)
    }

    /// Edits one face; `progress` hears how much of a refining is done.
    fn face(&self, context: &mut Context, path: &Path, face: &Face, progress: impl Fn(f64)) -> Result<Edited, Stop> {
        let wants_drift = context.wants_json();
        let crop = &face.cropped.picture;
        let engine = context.engine()?;
        let mut own = engine.face(crop)?;
        let mut refined = None;
        if self.refines {
            refined = engine.refine(crop, &own, &mut |done, of| {
                progress(done as f64 / of as f64);
                true
            })?;
            own = refined.map_or(own, |refined| refined.face);
        }
        // Of the refined face, so that nobody is told to refine it.
        let (remarks, before) = remarks::before_edit(context, path, face, &own)?;
        let engine = context.engine()?;
        let asked: FaceCode = self.edit.apply(&own, &engine.weights().space).map_err(|error| match error {
            // No other picture would fare better with these weights.
            EditError::UnknownClass { .. } => Stop::Usage(error.to_string()),
            other => other.into(),
        })?;
        let after = engine.picture(&asked)?;
        let drift = if wants_drift { Some(engine.drift(&own, &asked)?) } else { None };
        let report = json!({
            "own": own.pose,
            "drift": drift,
            "refined": refined.map(|fit| json!({"rmse_before": fit.rmse_before, "rmse_after": fit.rmse_after})),
            "found": remarks::report(face, &remarks),
        });
        Ok(Edited { before, after, report })
    }
}

/// A face's entry with the files that it comes from and went to.
fn entry(mut report: Value, from: &Path, to: &Path) -> Value {
    report["file"] = json!(from);
    report["output"] = json!(to);
    report
}

/// Refuses an edit file whose recipe was made with other weights than those in use.
///
/// # Errors
/// The two by name, and weights that cannot be opened.
pub fn require(context: &mut Context, made_with: Option<&ModelName>, path: Option<&Path>) -> Result<(), Stop> {
    let (Some(made_with), Some(path)) = (made_with, path) else { return Ok(()) };
    context.model()?.require(made_with).map_err(|e| at(e, path))
}

/// All the changes, and the weights that the edit file's recipe was made with.
fn collect(arguments: &Arguments) -> Result<(Edit, Option<ModelName>), Stop> {
    let (mut edit, made_with) = match &arguments.edit {
        None => (Edit::default(), None),
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
    Ok((edit, made_with))
}
