//! Pictures named on the command line, as the 128 x 128 crops that the networks take.

use std::collections::HashSet;
use std::fs;
use std::path::PathBuf;
use std::str::FromStr;

use clap::Args;
use image::RgbImage;
use rayon::prelude::*;

use super::context::{Context, Stop, at};
use crate::data::image as picture;
use crate::data::inputs::{self, InputError};
use crate::engine::EngineError;
use crate::engine::open::{self, Placement};
use crate::face::FaceCode;
use crate::nn::Encoded;

/// Pictures decoded at a time; bounds the memory that a folder takes.
const BATCH: usize = 64;

/// Photographs to work through.
#[derive(Args)]
pub struct Photographs {
    /// Photographs, or folders of them
    #[arg(required = true, value_name = "PHOTO|FOLDER")]
    pub paths: Vec<PathBuf>,
    #[command(flatten)]
    crop: CropOptions,
}

/// How a picture becomes a crop.
#[derive(Args)]
pub struct CropOptions {
    /// The pictures are crops already, whatever their size (square files of 128, 144 or 168 pixels always are)
    #[arg(long)]
    aligned: bool,
    /// Left eye, right eye (of the image) and mouth in pixels of the photograph; once for each photograph, in order
    #[arg(long, value_name = "X,Y,X,Y,X,Y", allow_hyphen_values = true)]
    points: Vec<Points>,
}

/// Left eye, right eye and mouth.
#[derive(Clone, Copy, Debug)]
struct Points(open::Points);

impl FromStr for Points {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let numbers: Option<Vec<f32>> =
            text.split(',').map(|n| n.trim().parse().ok().filter(|number: &f32| number.is_finite())).collect();
        match numbers.as_deref() {
            Some(&[a, b, c, d, e, f]) => Ok(Points([[a, b], [c, d], [e, f]])),
            _ => Err("give six numbers, x,y of left eye, right eye and mouth".to_owned()),
        }
    }
}

/// A picture on the command line and how it becomes a crop.
pub struct Input {
    pub path: PathBuf,
    placement: Placement,
}

/// The pictures that files and folders stand for, each once; a folder that gives none is a failure, and the rest goes
/// on. A missing file stays among them, so that the others get the points meant for them, and fails when it is opened.
pub fn expand(context: &mut Context, photographs: &Photographs) -> Result<Vec<Input>, Stop> {
    let mut seen = HashSet::new();
    let mut files = Vec::new();
    for path in &photographs.paths {
        let found = match inputs::expand(std::slice::from_ref(path)) {
            Ok(found) => found,
            Err(InputError::Missing(file)) => vec![file],
            Err(error) => {
                context.fail(path, error.to_string());
                continue;
            }
        };
        files.extend(found.into_iter().filter(|file| seen.insert(fs::canonicalize(file).unwrap_or(file.clone()))));
    }
    placed(files, &photographs.crop)
}

/// The faces of files that are all needed, in their order; the first that cannot be read stops the command.
pub fn faces(context: &mut Context, paths: &[PathBuf], options: &CropOptions) -> Result<Vec<FaceCode>, Stop> {
    let inputs = placed(paths.to_vec(), options)?;
    let crops = inputs.iter().map(|input| input.open().map_err(Stop::Failed)).collect::<Result<Vec<_>, _>>()?;
    let engine = context.engine()?;
    crops.iter().zip(paths).map(|(crop, path)| engine.face(crop).map_err(|e| at(e, path))).collect()
}

/// The face of an input's code; a code that is none is noted as that input's failure.
pub fn face(context: &mut Context, input: &Input, code: &Encoded) -> Option<FaceCode> {
    let face = FaceCode::from_array(&code.f);
    if face.is_none() {
        context.fail(&input.path, format!("{}: {}", EngineError::NoCode, input.path.display()));
    }
    face
}

/// The inputs' files, in order.
pub fn paths(inputs: &[Input]) -> Vec<PathBuf> {
    inputs.iter().map(|input| input.path.clone()).collect()
}

/// Gives the points to the photographs among the files, in order; crops take none.
fn placed(files: Vec<PathBuf>, options: &CropOptions) -> Result<Vec<Input>, Stop> {
    let mut points = options.points.iter();
    let inputs = files.into_iter().map(|path| {
        let is_crop = || picture::declared_size(&path).is_some_and(picture::is_stored_crop);
        let placement = if options.aligned {
            Placement::Aligned
        } else if is_crop() {
            Placement::BySize
        } else {
            points.next().map_or(Placement::BySize, |Points(points)| Placement::Points(*points))
        };
        Input { path, placement }
    });
    let inputs = inputs.collect();
    match points.count() {
        0 => Ok(inputs),
        left => Err(Stop::Usage(format!(
            "There are too many --points ({left} without a photograph); give them once for each photograph, in order"
        ))),
    }
}

/// Hands the crops to `work` in batches, in order; those that cannot be read are failures.
pub fn for_each_batch(
    context: &mut Context,
    inputs: &[Input],
    mut work: impl FnMut(&mut Context, Vec<(usize, RgbImage)>) -> Result<(), Stop>,
) -> Result<(), Stop> {
    for (batch, chunk) in inputs.chunks(BATCH).enumerate() {
        let opened: Vec<_> = chunk.par_iter().map(Input::open).collect();
        let mut crops = Vec::new();
        for (place, (input, crop)) in chunk.iter().zip(opened).enumerate() {
            match crop {
                Ok(crop) => crops.push((batch * BATCH + place, crop)),
                Err(sentence) => context.fail(&input.path, sentence),
            }
        }
        if !crops.is_empty() {
            work(context, crops)?;
        }
    }
    Ok(())
}

impl Input {
    /// The crop, or one sentence that ends with the picture's path.
    fn open(&self) -> Result<RgbImage, String> {
        let photo = picture::load(&self.path).map_err(|e| e.to_string())?;
        let cropped = open::cropped(&photo, self.placement).and_then(|cropped| {
            cropped.ok_or_else(|| {
                "This is a photograph, not the crop of a face; place the crop with --points, or say --aligned"
                    .to_owned()
            })
        });
        match cropped {
            Ok(cropped) => Ok(cropped.picture),
            Err(sentence) => Err(format!("{sentence}: {}", self.path.display())),
        }
    }
}
