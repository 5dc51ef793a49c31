//! `facespace search`: the faces of an index that are most like some others, part by part.

use std::path::PathBuf;
use std::str::FromStr;
use std::time::Instant;

use clap::Args;
use image::RgbImage;
use serde_json::{Map, Value, json};

use super::context::{Context, Outcome, Stop};
use super::edit::require;
use super::index;
use super::outputs;
use super::pictures::{self, CropOptions};
use super::search_results::{self, Hit, Hits, Shown};
use crate::engine::read_edit;
use crate::face::{Expression, FaceCode, Part};
use crate::gallery::{self, Codes, FaceKey, Filter, Index, Query, QueryError};

/// How many faces are shown, and how many in each row of `--rows`, as in the paper's Fig. 4.
const TOP: u32 = 20;
const TOP_OF_ROW: u32 = 7;

#[derive(Args)]
pub struct Arguments {
    /// An index that `facespace index build` made
    #[arg(value_name = "INDEX")]
    index: PathBuf,
    /// Photographs of the face to look for; of several, what they have in common counts
    #[arg(value_name = "PHOTO", required_unless_present = "like")]
    photos: Vec<PathBuf>,
    /// Also look for what is like this face of the index, by the key that a search shows; may be repeated
    #[arg(long, value_name = "KEY")]
    like: Vec<FaceKey>,
    #[command(flatten)]
    crop: CropOptions,
    /// How much each part counts, from -1 (as unlike as can be) to 1, such as expression,identity=-0.5 (1 where no
    /// number is given, 0 for parts left out; all four count 1 if this is not given)
    #[arg(long, value_name = "PART=WEIGHT,...", value_delimiter = ',')]
    parts: Vec<PartWeight>,
    /// How much each photograph counts, and after them each --like, in order (1 for all if not given)
    #[arg(long, value_name = "W,W,...", value_delimiter = ',', value_parser = finite, allow_hyphen_values = true)]
    photo_weights: Vec<f32>,
    /// Change the faces by this edit file before looking for them
    #[arg(long, value_name = "FILE")]
    edit: Option<PathBuf>,
    #[command(flatten)]
    limits: Limits,
    /// How many faces to show (20, or 7 a row with --rows)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    top: Option<u32>,
    /// Instead, a row for each part: the faces that are most like this one in that part alone
    #[arg(long, conflicts_with = "parts")]
    rows: bool,
    /// Also a sheet of the faces found, as a picture file
    #[arg(short, long, value_name = "SHEET.png")]
    output: Option<PathBuf>,
}

/// Which faces are looked at.
#[derive(Args)]
struct Limits {
    /// Only faces labelled with one of these expressions
    #[arg(long, value_name = "NAME,...", value_delimiter = ',')]
    expression: Vec<Expression>,
    /// Only faces of people whose name has this in it
    #[arg(long, value_name = "NAME")]
    person: Option<String>,
    /// Only faces turned by an angle between these, in degrees
    #[arg(long, value_name = "FROM,TO", allow_hyphen_values = true)]
    yaw: Option<Range>,
    /// Only faces lifted by an angle between these
    #[arg(long, value_name = "FROM,TO", allow_hyphen_values = true)]
    pitch: Option<Range>,
    /// Only faces tilted by an angle between these
    #[arg(long, value_name = "FROM,TO", allow_hyphen_values = true)]
    roll: Option<Range>,
    /// Only faces of pictures in this folder and the folders in it
    #[arg(long, value_name = "FOLDER")]
    folder: Option<PathBuf>,
}

/// `identity=-0.5`, or a part alone.
#[derive(Clone, Copy, Debug)]
struct PartWeight {
    part: Part,
    weight: f32,
}

impl FromStr for PartWeight {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (part, weight) = text.split_once('=').map_or((text, "1"), |(part, weight)| (part, weight));
        let part: Part = part.trim().parse().map_err(|e: crate::face::code::UnknownName| e.to_string())?;
        match finite(weight)? {
            weight if (-1.0..=1.0).contains(&weight) => Ok(PartWeight { part, weight }),
            _ => Err(format!("the weight of {part} is not between -1 and 1")),
        }
    }
}

/// `-10,10`, in degrees.
#[derive(Clone, Copy, Debug)]
struct Range([f32; 2]);

impl FromStr for Range {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (low, high) = text.split_once(',').ok_or("give two angles, such as -10,10")?;
        match [finite(low)?, finite(high)?] {
            [low, high] if low <= high => Ok(Range([low, high])),
            [low, high] => Err(format!("no angle lies between {low} and {high}; give the smaller one first")),
        }
    }
}

fn finite(text: &str) -> Result<f32, String> {
    match text.trim().parse::<f32>() {
        Ok(value) if value.is_finite() => Ok(value),
        _ => Err(format!("\"{text}\" is not a number")),
    }
}

impl Arguments {
    /// What the command reads.
    pub fn reads(&self) -> Vec<PathBuf> {
        self.photos.iter().chain(&self.edit).cloned().chain(index::files(&self.index)).collect()
    }

    /// The weight of each part, in the order of [`Part::ALL`]; what is named twice counts as it was named last.
    fn weights(&self) -> [f32; 4] {
        if self.parts.is_empty() {
            return [1.0; 4];
        }
        Part::ALL.map(|part| self.parts.iter().rfind(|named| named.part == part).map_or(0.0, |named| named.weight))
    }

    fn filter(&self) -> Filter {
        let Limits { expression, person, yaw, pitch, roll, folder } = &self.limits;
        let range = |range: &Option<Range>| range.map(|Range(range)| range);
        Filter {
            expressions: expression.clone(),
            person: person.clone(),
            yaw: range(yaw),
            pitch: range(pitch),
            roll: range(roll),
            in_folder: folder.clone(),
        }
    }

    fn top(&self) -> usize {
        self.top.unwrap_or(if self.rows { TOP_OF_ROW } else { TOP }) as usize
    }
}

/// The faces that are looked for.
struct Asked {
    faces: Vec<(FaceCode, f32)>,
    /// The first of them as it is shown on a sheet.
    picture: Option<RgbImage>,
}

pub fn run(context: &mut Context, arguments: Arguments) -> Outcome {
    if let Some(sheet) = &arguments.output {
        outputs::check_file(sheet, &arguments.reads())?;
    }
    let index = Index::open(&arguments.index)?;
    let asked = asked(context, &index, &arguments)?;
    let codes = index.codes()?;
    let filter = arguments.filter();
    let selection = if filter == Filter::default() { None } else { Some(index.select(&filter, &codes)?) };
    let total = selection.as_ref().map_or(codes.len(), |selection| selection.iter().filter(|&&is_in| is_in).count());
    if total == 0 {
        context.remark(if codes.is_empty() {
            "The index holds no face; add pictures with `facespace index build`"
        } else {
            "No face of the index passes these limits; widen them"
        });
    }
    let started = Instant::now();
    let mut found = Vec::new();
    for (name, weights) in questions(&arguments) {
        let query = Query { faces: asked.faces.clone(), weights };
        let hits = look(&codes, &query, selection.as_deref(), arguments.top())?;
        found.push(Hits { name, hits });
    }
    let seconds = started.elapsed().as_secs_f64();
    let shown = Shown { index: &index, codes: &codes };
    context.print(&shown.text(&found)?)?;
    if let Some(path) = &arguments.output {
        let sheet = shown.sheet(&found, asked.picture.as_ref())?;
        // The picture of an edited face is the model's, all others are photographs.
        if arguments.edit.is_some() {
            outputs::save_photograph(context, "search", path, &sheet);
        } else if let Err(sentence) = outputs::save_unmarked(path, &sheet) {
            context.fail(path, sentence);
        }
    }
    let mut report = json!({
        "index": arguments.index, "faces": codes.len(), "looked_at": total, "seconds": seconds,
        "sheet": arguments.output,
    });
    if arguments.rows {
        let mut rows = Map::new();
        for row in &found {
            rows.insert(row.name.to_owned(), shown.report(row)?);
        }
        report["rows"] = Value::Object(rows);
    } else {
        report["weights"] = search_results::by_part(arguments.weights());
        report["hits"] = shown.report(&found[0])?;
    }
    Ok(report)
}

/// Each search that is made: the name of its row, and the weights of the parts.
fn questions(arguments: &Arguments) -> Vec<(&'static str, [f32; 4])> {
    if !arguments.rows {
        return vec![("", arguments.weights())];
    }
    Part::ALL.iter().map(|&part| (part.name(), Part::ALL.map(|other| f32::from(u8::from(other == part))))).collect()
}

fn look(codes: &Codes, query: &Query, selection: Option<&[bool]>, top: usize) -> Result<Vec<Hit>, Stop> {
    let target = query.target().map_err(|error| match error {
        // The faces' own doing and not the command line's.
        QueryError::CancelsOut(_) => error.into(),
        _ => Stop::Usage(error.to_string()),
    })?;
    let hits = gallery::top(codes, &target, selection, top).into_iter();
    Ok(hits.map(|hit| Hit { place: hit.place, score: hit.score, parts: target.parts_of(codes, hit.place) }).collect())
}

/// The faces of the photographs, then those of the index, each with its weight.
fn asked(context: &mut Context, index: &Index, arguments: &Arguments) -> Result<Asked, Stop> {
    let Arguments { photos, like, edit, photo_weights, .. } = arguments;
    let read = edit.as_deref().map(read_edit).transpose().map_err(Stop::Failed)?;
    if let Some((_, made_with)) = &read {
        require(context, made_with.as_ref(), edit.as_deref())?;
    }
    if !photos.is_empty() || edit.is_some() {
        index.require(&context.model()?)?;
    }
    let opened = pictures::needed(photos, &arguments.crop)?;
    // The faces of the index have their codes already, and need no networks.
    let mut faces = if opened.is_empty() { Vec::new() } else { pictures::codes(context, &opened, photos)? };
    let mut picture = opened.into_iter().next().map(|picture| picture.face().cropped.picture.clone());
    for &key in like {
        let card = index.card(key)?.ok_or_else(|| {
            Stop::Usage(format!("There is no face with the key {key} in this index; take one that a search shows"))
        })?;
        faces.push(card.code);
        if picture.is_none() {
            picture = search_results::thumbnail(index, key)?;
        }
    }
    if let Some((edit, _)) = read {
        let engine = context.engine()?;
        for face in &mut faces {
            *face = edit.apply(face, &engine.weights().space)?;
        }
        picture = faces.first().map(|face| engine.picture(face)).transpose()?;
    }
    if !photo_weights.is_empty() && photo_weights.len() != faces.len() {
        return Err(Stop::Usage(format!(
            "There are {} --photo-weights for {} faces; give one for each photograph and each --like, in order",
            photo_weights.len(),
            faces.len()
        )));
    }
    let weights = photo_weights.iter().copied().chain(std::iter::repeat(1.0));
    Ok(Asked { faces: faces.into_iter().zip(weights).collect(), picture })
}
