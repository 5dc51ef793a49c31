//! Pictures named on the command line, and how each becomes the crop of a face: it is one already, its points are
//! given, or its faces are found. `opened` opens them.

use std::collections::HashSet;
use std::fs;
use std::path::PathBuf;
use std::str::FromStr;

use clap::Args;

use super::context::{Context, Stop, at};
use super::opened::Picture;
use crate::data::image as picture;
use crate::data::inputs::{self, InputError};
use crate::engine::EngineError;
use crate::engine::open::{self, Placement};
use crate::face::FaceCode;
use crate::nn::Encoded;

/// Photographs to work through.
#[derive(Args)]
pub struct Photographs {
    /// Photographs, or folders of them
    #[arg(required = true, value_name = "PHOTO|FOLDER")]
    pub paths: Vec<PathBuf>,
    #[command(flatten)]
    crop: CropOptions,
    /// Take every face of a photograph and not its largest one alone
    #[arg(long, conflicts_with_all = ["face", "points", "aligned"])]
    pub all: bool,
}

/// How a picture becomes a crop.
#[derive(Args)]
pub struct CropOptions {
    /// The pictures are crops already, whatever their size (square files of 128, 144 or 168 pixels always are)
    #[arg(long)]
    aligned: bool,
    /// Left eye, right eye (of the image) and mouth in pixels of the photograph, instead of looking for its face; once
    /// for each photograph, in order
    #[arg(long, value_name = "X,Y,X,Y,X,Y", allow_hyphen_values = true)]
    points: Vec<Points>,
    /// The face to take of a photograph that has several, 1 for the largest and so on (`facespace find --draw` numbers
    /// them); once for all photographs, or once for each in order
    #[arg(
        long,
        value_name = "N",
        value_parser = clap::value_parser!(u16).range(1..),
        conflicts_with_all = ["points", "aligned"]
    )]
    face: Vec<u16>,
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

/// A picture on the command line and how it becomes crops.
pub struct Input {
    pub path: PathBuf,
    pub placement: Placement,
    /// All faces of a photograph are wanted, wherever the placement would take one.
    pub all: bool,
    /// Width times height by the file's header; 0 where that cannot be told.
    pub pixels: u64,
}

/// The pictures that files and folders stand for, each once; a folder that gives none is a failure, and the rest goes
/// on. A missing file stays among them, so that the others get the points meant for them, and fails when it is opened.
pub fn expand(context: &mut Context, photographs: &Photographs) -> Result<Vec<Input>, Stop> {
    let files = files(context, &photographs.paths);
    let mut inputs = placed(files, &photographs.crop)?;
    inputs.iter_mut().for_each(|input| input.all = photographs.all);
    Ok(inputs)
}

/// The files that a command line names, as [`expand`] has them.
pub fn files(context: &mut Context, paths: &[PathBuf]) -> Vec<PathBuf> {
    let mut seen = HashSet::new();
    let mut files = Vec::new();
    for path in paths {
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
    files
}

/// The files of two lists, those of the first before those of the second: points and numbers of faces go to all the
/// photographs in that order. A file may be named several times, with another face each time.
pub fn both(lists: [&[PathBuf]; 2], options: &CropOptions) -> Result<[Vec<Input>; 2], Stop> {
    let mut first = placed(lists.concat(), options)?;
    let second = first.split_off(lists[0].len());
    Ok([first, second])
}

/// A face of each of the files, which are all needed, in their order; the first that cannot be read stops the command.
pub fn needed(paths: &[PathBuf], options: &CropOptions) -> Result<Vec<Picture>, Stop> {
    let inputs = placed(paths.to_vec(), options)?;
    inputs.iter().map(|input| input.open(false).map_err(Stop::Failed)).collect()
}

/// The codes of the pictures' faces.
pub fn codes(context: &mut Context, pictures: &[Picture], paths: &[PathBuf]) -> Result<Vec<FaceCode>, Stop> {
    let engine = context.engine()?;
    let crops = pictures.iter().map(|picture| &picture.face().cropped.picture);
    crops.zip(paths).map(|(crop, path)| engine.face(crop).map_err(|e| at(e, path))).collect()
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

/// Gives points and numbers of faces to the photographs among the files, in order; crops take none.
fn placed(files: Vec<PathBuf>, options: &CropOptions) -> Result<Vec<Input>, Stop> {
    let mut points = options.points.iter();
    let mut numbers = Numbers { given: &options.face, taken: 0 };
    let inputs = files.into_iter().map(|path| {
        let size = picture::declared_size(&path);
        let placement = if options.aligned {
            Placement::Aligned
        } else if size.is_some_and(picture::is_stored_crop) {
            Placement::BySize
        } else if let Some(Points(points)) = points.next() {
            Placement::Points(*points)
        } else {
            numbers.take().map_or(Placement::BySize, |number| Placement::Found(usize::from(number) - 1))
        };
        let pixels = size.map_or(0, |(width, height)| u64::from(width) * u64::from(height));
        Input { path, placement, all: false, pixels }
    });
    let inputs = inputs.collect();
    match points.count() {
        0 => {}
        left => {
            return Err(Stop::Usage(format!(
                "There are too many --points ({left} without a photograph); give them once for each photograph, in \
                 order"
            )));
        }
    }
    match numbers.left() {
        0 => Ok(inputs),
        left => Err(Stop::Usage(format!(
            "There are too many --face ({left} without a photograph); give one for all photographs, or one for each in \
             order"
        ))),
    }
}

/// The numbers of `--face`, handed out to photographs: a single one to all of them, several in order.
struct Numbers<'a> {
    given: &'a [u16],
    taken: usize,
}

impl Numbers<'_> {
    fn take(&mut self) -> Option<u16> {
        let number = match self.given {
            [only] => Some(*only),
            several => several.get(self.taken).copied(),
        };
        self.taken += 1;
        number
    }

    /// How many were given and have no photograph.
    fn left(&self) -> usize {
        self.given.len().saturating_sub(self.taken)
    }
}
