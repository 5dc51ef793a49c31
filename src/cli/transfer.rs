//! `facespace transfer`: parts of faces given to others, each source to each target.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use clap::Args;
use image::RgbImage;
use serde_json::{Map, Value, json};

use super::context::{Context, Outcome, Stop};
use super::opened::{self, Picture};
use super::outputs;
use super::pictures::{self, CropOptions, Input};
use super::put_back::{PutBack, put_back};
use super::remarks;
use crate::data::atomic;
use crate::data::image::{self as picture, Edge};
use crate::face::code::UnknownName;
use crate::face::paste::PasteOptions;
use crate::face::{Board, FaceCode, Part};

/// Cells that a sheet may have; in memory it then takes 150 MB.
const MOST_CELLS: usize = 2500;
/// What stands for the sources in the file names of a mix.
const MIX: &str = "mix";

#[derive(Args)]
pub struct Arguments {
    /// The faces that give
    #[arg(long, required = true, num_args = 1.., value_name = "PHOTO")]
    source: Vec<PathBuf>,
    /// The faces that take; each of them takes from each source
    #[arg(long, required = true, num_args = 1.., value_name = "PHOTO")]
    target: Vec<PathBuf>,
    #[command(flatten)]
    crop: CropOptions,
    #[command(flatten)]
    choice: PartChoice,
    /// How far to go from the target's own part (0) to the source's (1), where a part has no strength of its own
    #[arg(long, default_value_t = 1.0, value_parser = strength, allow_hyphen_values = true)]
    strength: f32,
    /// Mix the sources into one that gives, by these weights: one for each in order, or one for all
    #[arg(long, value_name = "WEIGHT,...", value_delimiter = ',', value_parser = weight, allow_hyphen_values = true)]
    mix: Vec<f32>,
    /// How much of the change goes into the target's photograph, from none of it (0) to all (1)
    #[arg(long, value_name = "SHARE", default_value_t = 1.0, allow_hyphen_values = true, conflicts_with = "alone")]
    paste_strength: f32,
    #[command(flatten)]
    put_back: PutBack,
    /// Save what one source, or the mix of them, gives as a recipe file for `facespace apply`
    #[arg(long, value_name = "FILE")]
    save_recipe: Option<PathBuf>,
    /// A picture file: the result for one target and one source or mix, else a labelled sheet of all the faces alone.
    /// Or a folder, for a file TARGET--SOURCE.png each
    #[arg(short, long, value_name = "OUT|SHEET|DIR")]
    output: PathBuf,
}

#[derive(Args)]
#[group(required = true, multiple = false)]
struct PartChoice {
    /// What to give: pose, identity, expression, style, separated by commas; expression=0.7 gives it at a strength of
    /// its own
    #[arg(long, value_name = "PART[=STRENGTH]", value_delimiter = ',')]
    parts: Vec<Given>,
    /// Give everything except these
    #[arg(long, value_name = "PART", value_delimiter = ',')]
    all_except: Vec<Part>,
}

/// `expression` or `expression=0.7`.
#[derive(Clone, Copy, Debug)]
struct Given {
    part: Part,
    strength: Option<f32>,
}

impl FromStr for Given {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (part, own) = text.split_once('=').map_or((text, None), |(part, own)| (part, Some(own)));
        let part = part.parse().map_err(|e: UnknownName| e.to_string())?;
        Ok(Given { part, strength: own.map(strength).transpose()? })
    }
}

fn strength(text: &str) -> Result<f32, String> {
    match text.parse() {
        Ok(value) if (0.0..=1.0).contains(&value) => Ok(value),
        _ => Err("give a number from 0 to 1".to_owned()),
    }
}

fn weight(text: &str) -> Result<f32, String> {
    match text.parse() {
        Ok(value) if (0.0..=f32::MAX).contains(&value) => Ok(value),
        _ => Err("give a number, 0 or above".to_owned()),
    }
}

impl Arguments {
    /// What the command reads.
    pub fn reads(&self) -> Vec<PathBuf> {
        self.source.iter().chain(&self.target).cloned().collect()
    }

    /// How strongly each part is given.
    fn parts(&self) -> Result<[Option<f32>; 4], Stop> {
        let PartChoice { parts, all_except } = &self.choice;
        let mut strengths = [None; 4];
        if parts.is_empty() {
            Part::ALL.into_iter().for_each(|part| {
                strengths[part as usize] = (!all_except.contains(&part)).then_some(self.strength);
            });
        }
        for given in parts {
            let strength = given.strength.unwrap_or(self.strength);
            if strengths[given.part as usize].replace(strength).is_some() {
                return Err(Stop::Usage(format!("The part {} is named twice; name it once", given.part)));
            }
        }
        if strengths == [None; 4] {
            return Err(Stop::Usage("Nothing is left to give; except fewer parts".to_owned()));
        }
        Ok(strengths)
    }

    /// What each source counts where they are mixed.
    fn weights(&self) -> Result<Option<Vec<f32>>, Stop> {
        let sources = self.source.len();
        let weights = match self.mix.as_slice() {
            [] => return Ok(None),
            [all] => vec![*all; sources],
            each if each.len() == sources => each.to_vec(),
            each => {
                return Err(Stop::Usage(format!(
                    "There are {} weights in --mix for {sources} sources; give one for each in order, or one for all",
                    each.len()
                )));
            }
        };
        if weights.iter().all(|weight| *weight == 0.0) {
            return Err(Stop::Usage("All the weights in --mix are 0; raise one of them".to_owned()));
        }
        Ok(Some(weights))
    }

    /// Where the results go; nothing that is read may be overwritten.
    fn destination(&self, mixed: bool) -> Result<Destination, Stop> {
        let read = self.reads();
        let columns = if mixed { 1 } else { self.source.len() };
        if let Some(path) = &self.save_recipe {
            if columns > 1 {
                return Err(Stop::Usage("Each source is a recipe of its own; name one, or --mix them".to_owned()));
            }
            outputs::refuse(path, &read)?;
        }
        if !outputs::is_picture_file(&self.output) {
            let sources = if mixed { vec![MIX.to_owned()] } else { stems(&self.source) };
            return outputs::of_board(&stems(&self.target), &sources, &self.output, &read).map(Destination::Folder);
        }
        outputs::check_file(&self.output, &read)?;
        match columns * self.target.len() {
            1 => Ok(Destination::File(self.output.clone())),
            2..=MOST_CELLS => Ok(Destination::Sheet(self.output.clone())),
            cells => Err(Stop::Usage(format!(
                "A sheet has room for {MOST_CELLS} faces and these are {cells}; give a folder: {}",
                self.output.display()
            ))),
        }
    }
}

fn stems(paths: &[PathBuf]) -> Vec<String> {
    paths.iter().map(|path| path.file_stem().unwrap_or_default().to_string_lossy().into_owned()).collect()
}

/// Where the cells of the board go.
enum Destination {
    File(PathBuf),
    Sheet(PathBuf),
    /// By target and source, as they are named; a mix has one column.
    Folder(Vec<Vec<PathBuf>>),
}

pub fn run(context: &mut Context, arguments: Arguments) -> Outcome {
    let (parts, weights) = (arguments.parts()?, arguments.weights()?);
    let options = arguments.put_back.options(arguments.paste_strength)?;
    let [sources, targets] = pictures::both([&arguments.source, &arguments.target], &arguments.crop)?;
    let mixed = weights.is_some();
    let mut work = Transfer {
        board: Board { parts, mixed, ..Board::default() },
        to: arguments.destination(mixed)?,
        options,
        sources: Vec::new(),
        targets: Vec::new(),
        cells: Vec::new(),
        rows: Vec::new(),
        down: Vec::new(),
    };
    // A mix of fewer faces than were named is another mix.
    for_each_face(context, &sources, [false, mixed], |_, face| {
        let weight = weights.as_ref().map_or(1.0, |weights| weights[face.picture.place]);
        work.sources.push(Seen::of(&face));
        work.board.sources.push((face.name, face.code, weight));
        Ok(())
    })?;
    if work.sources.is_empty() || (mixed && work.sources.len() < sources.len()) {
        return Ok(Value::Null);
    }
    // What is wrong with a recipe is so for every target.
    for column in 0..work.board.columns() {
        let recipe = work.board.recipe(column)?;
        if let Some(path) = &arguments.save_recipe {
            atomic::write(path, recipe.to_json(&context.model()?).as_bytes())?;
        }
    }
    let keep = options.is_some() && !matches!(work.to, Destination::Sheet(_));
    let bar = context.progress(targets.len(), "transferring");
    for_each_face(context, &targets, [keep, false], |context, face| {
        let place = face.picture.place;
        work.row(context, face)?;
        bar.set_position(place as u64 + 1);
        Ok(())
    })?;
    bar.finish_and_clear();
    let saved = work.save_sheet(context)?;
    Ok(if saved { work.report(&arguments, weights) } else { Value::Null })
}

/// A face that was named, with its code.
struct Known {
    path: PathBuf,
    /// What it is called on the sheet and in the recipe.
    name: String,
    picture: Picture,
    code: FaceCode,
    /// Its picture as it is decoded; none for a crop.
    own: Option<RgbImage>,
    /// Its entry in the report.
    found: Value,
}

/// Hands the face of each picture to `work`, with its photograph where `keep` says so. One that cannot be read is a
/// failure and the others go on, unless all are needed or there are no others: then the first stops the command.
fn for_each_face(
    context: &mut Context,
    inputs: &[Input],
    [keep, all_needed]: [bool; 2],
    mut work: impl FnMut(&mut Context, Known) -> Result<(), Stop>,
) -> Result<(), Stop> {
    let mut know = |context: &mut Context, batch: Vec<Picture>| -> Result<(), Stop> {
        // Weights that fail are one failure, not one of every picture.
        context.require_parts()?;
        let crops: Vec<RgbImage> = batch.iter().map(|picture| picture.face().cropped.picture.clone()).collect();
        let codes = context.engine()?.encode(&crops, &|_| ())?;
        for (picture, code) in batch.into_iter().zip(&codes) {
            let input = &inputs[picture.place];
            let Some(code) = pictures::face(context, input, code) else { continue };
            let (remarks, own) = remarks::before_edit(context, &input.path, picture.face(), &code)?;
            let found = remarks::report(picture.face(), &remarks);
            let file = input.path.file_name().unwrap_or_default().to_string_lossy();
            let name = format!("{file}{}", remarks::which(picture.face()));
            work(context, Known { path: input.path.clone(), name, picture, code, own, found })?;
        }
        Ok(())
    };
    if inputs.len() > 1 && !all_needed {
        return opened::for_each_batch(context, inputs, keep, know);
    }
    for (place, input) in inputs.iter().enumerate() {
        let picture = input.open(keep).map_err(Stop::Failed)?;
        know(context, vec![Picture { place, ..picture }])?;
    }
    Ok(())
}

/// What the report says about a picture.
struct Seen {
    place: usize,
    path: PathBuf,
    found: Value,
}

impl Seen {
    fn of(face: &Known) -> Self {
        Seen { place: face.picture.place, path: face.path.clone(), found: face.found.clone() }
    }
}

/// The board as it is filled, row by row.
struct Transfer {
    /// Its targets are those of the row at hand.
    board: Board,
    to: Destination,
    /// How faces go back into their photographs; none where they are written alone.
    options: Option<PasteOptions>,
    /// Those of the board, in its order.
    sources: Vec<Seen>,
    targets: Vec<Seen>,
    /// Entries in the report.
    cells: Vec<Value>,
    /// What a sheet shows.
    rows: Vec<Vec<Option<RgbImage>>>,
    down: Vec<Edge>,
}

impl Transfer {
    /// Gives one target what each column has for it.
    fn row(&mut self, context: &mut Context, target: Known) -> Result<(), Stop> {
        self.board.targets = vec![(target.name.clone(), target.code)];
        let columns = 0..self.board.columns();
        let asked = columns.map(|column| self.board.cell(0, column)).collect::<Result<Vec<FaceCode>, _>>()?;
        let made = context.engine()?.decode(&asked)?;
        for (column, (asked, made)) in asked.iter().zip(&made).enumerate() {
            let drift = if context.wants_json() { Some(context.engine()?.drift(&target.code, asked)?) } else { None };
            let source = &self.sources[column];
            let output = match &self.to {
                Destination::File(path) => Some(path),
                Destination::Sheet(_) => None,
                Destination::Folder(files) if self.board.mixed => Some(&files[target.picture.place][0]),
                Destination::Folder(files) => Some(&files[target.picture.place][source.place]),
            };
            if output.is_none_or(|path| self.save(context, &target, made, path)) {
                let source = (!self.board.mixed).then_some(&source.path);
                self.cells.push(json!({"target": target.path, "source": source, "output": output, "drift": drift}));
            }
        }
        self.targets.push(Seen::of(&target));
        if matches!(self.to, Destination::Sheet(_)) {
            let own = target.own.map_or_else(|| context.engine()?.picture(&target.code).map_err(Stop::from), Ok)?;
            self.down.push(Edge { label: target.name, picture: Some(own) });
            self.rows.push(made.into_iter().map(Some).collect());
        }
        Ok(())
    }

    /// Saves a cell, in its target's photograph where that is wanted; false where that fails.
    fn save(&self, context: &mut Context, target: &Known, made: &RgbImage, path: &Path) -> bool {
        match (&target.picture.photo, &target.own, &self.options) {
            (Some(photo), Some(own), Some(options)) => {
                let photo = put_back(photo, target.picture.face(), [own, made], options);
                outputs::save_photograph(context, "transfer", path, &photo)
            }
            _ => outputs::save(context, "transfer", path, made),
        }
    }

    /// Saves the sheet where one is wanted and there is something on it; false where that fails.
    fn save_sheet(&self, context: &mut Context) -> Result<bool, Stop> {
        let Destination::Sheet(path) = &self.to else { return Ok(true) };
        if self.rows.is_empty() {
            return Ok(true);
        }
        let mut across = Vec::new();
        for column in 0..self.board.columns() {
            // Sources may cancel out in a part that they do not give.
            let head = self.board.head(column).ok();
            let picture = head.map(|head| context.engine()?.picture(&head).map_err(Stop::from)).transpose()?;
            across.push(Edge { label: self.board.column_name(column), picture });
        }
        let sheet = picture::board(&self.rows, &across, &self.down, &self.board.parts_text());
        Ok(outputs::save(context, "transfer", path, &sheet))
    }

    fn report(mut self, arguments: &Arguments, weights: Option<Vec<f32>>) -> Value {
        let given =
            || Part::ALL.into_iter().zip(self.board.parts).filter_map(|(part, strength)| Some((part, strength?)));
        let parts: Vec<&str> = given().map(|(part, _)| part.name()).collect();
        let strengths: Map<String, Value> =
            given().map(|(part, strength)| (part.to_string(), json!(strength))).collect();
        if let ([source], [target], false) = (&arguments.source[..], &arguments.target[..], self.board.mixed) {
            // One cell, or none if it failed.
            let Some(cell) = self.cells.pop() else { return Value::Null };
            return json!({
                "source": source, "target": target, "parts": parts, "strengths": strengths,
                "strength": arguments.strength, "output": cell["output"], "drift": cell["drift"],
                "found": {"source": self.sources[0].found, "target": self.targets[0].found},
            });
        }
        let seen = |faces: &[Seen]| -> Vec<Value> {
            faces.iter().map(|face| json!({"file": face.path, "found": face.found})).collect()
        };
        json!({
            "sources": seen(&self.sources), "targets": seen(&self.targets), "parts": parts, "strengths": strengths,
            "mix": weights, "output": arguments.output, "cells": self.cells,
        })
    }
}
