//! Pictures named on the command line, as the 128 x 128 crops that the networks take.

use std::path::PathBuf;
use std::str::FromStr;

use clap::Args;
use image::RgbImage;
use rayon::prelude::*;

use super::context::{Context, Stop};
use crate::data::image as picture;
use crate::data::inputs;
use crate::engine::open::{self, Placement};

/// Pictures decoded at a time; bounds the memory that a folder takes.
const BATCH: usize = 64;

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
        let numbers: Vec<f32> = text.split(',').map_while(|number| number.trim().parse().ok()).collect();
        let numbers: [f32; 6] =
            numbers.try_into().map_err(|_| "give six numbers, x,y of left eye, right eye and mouth".to_owned())?;
        if !numbers.iter().all(|number| number.is_finite()) {
            return Err("give six finite numbers, x,y of left eye, right eye and mouth".to_owned());
        }
        Ok(Points(std::array::from_fn(|i| [numbers[2 * i], numbers[2 * i + 1]])))
    }
}

/// A picture on the command line and the points that place its crop, if it has any.
pub struct Input {
    pub path: PathBuf,
    points: Option<Points>,
}

/// The pictures that files and folders stand for; a file or folder that gives none is a failure, and the rest goes on.
pub fn expand(context: &mut Context, paths: &[PathBuf], options: &CropOptions) -> Result<Vec<Input>, Stop> {
    let mut files = Vec::new();
    for path in paths {
        match inputs::expand(std::slice::from_ref(path)) {
            Ok(found) => {
                for file in found {
                    if !files.contains(&file) {
                        files.push(file);
                    }
                }
            }
            Err(error) => context.fail(path, error.to_string()),
        }
    }
    with_points(files, options)
}

/// Files that are all needed, as crops in their order; the first that cannot be read stops the command.
pub fn open_all(paths: &[PathBuf], options: &CropOptions) -> Result<Vec<RgbImage>, Stop> {
    let inputs = with_points(paths.to_vec(), options)?;
    inputs.iter().map(|input| input.open(options).map_err(Stop::Failed)).collect()
}

/// Gives the points to the photographs among the files, in order; crops take none.
fn with_points(files: Vec<PathBuf>, options: &CropOptions) -> Result<Vec<Input>, Stop> {
    let mut points = options.points.iter().copied();
    let inputs = files.into_iter().map(|path| {
        let is_crop = options.aligned || picture::declared_size(&path).is_some_and(picture::is_stored_crop);
        Input { points: if is_crop { None } else { points.next() }, path }
    });
    let inputs = inputs.collect();
    match points.count() {
        0 => Ok(inputs),
        left => Err(Stop::Usage(format!(
            "--points is given {left} times more than there are photographs; give it once for each, in order"
        ))),
    }
}

/// Hands the crops to `work` in batches, in order; those that cannot be read are failures.
pub fn for_each_batch(
    context: &mut Context,
    inputs: &[Input],
    options: &CropOptions,
    mut work: impl FnMut(&mut Context, Vec<(usize, RgbImage)>) -> Result<(), Stop>,
) -> Result<(), Stop> {
    for (batch, chunk) in inputs.chunks(BATCH).enumerate() {
        let opened: Vec<_> = chunk.par_iter().map(|input| input.open(options)).collect();
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
    fn open(&self, options: &CropOptions) -> Result<RgbImage, String> {
        let photo = picture::load(&self.path).map_err(|e| e.to_string())?;
        let placement = match self.points {
            _ if options.aligned => Placement::Aligned,
            Some(Points(points)) => Placement::Points(points),
            None => Placement::BySize,
        };
        let cropped = open::cropped(&photo, placement).and_then(|cropped| {
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
