//! The grid of pictures that a training shows: photographs, their reconstructions, one exchange a part, random faces.

use image::RgbImage;
use image::codecs::png::PngEncoder;
use serde_json::json;

use super::error::TrainError;
use super::held_out::reconstructed;
use super::run_dir::RunDir;
use crate::data::atomic::{self, WriteError};
use crate::data::image::sheet;
use crate::face::Part;
use crate::nn::picture::SIDE;
use crate::nn::{Code, FaceModel, NnError, samples};

/// Faces in a row.
const COLUMNS: usize = 8;
const SEED: u64 = 7;

/// Draws the grid of a step and writes it with what its rows are; gives the picture's path.
///
/// # Errors
/// A device that fails, a disk that is full.
pub fn draw(
    run: &RunDir,
    step: u64,
    model: &FaceModel,
    through_parts: bool,
    pictures: &[RgbImage],
) -> Result<std::path::PathBuf, TrainError> {
    let shown = &pictures[..pictures.len().min(COLUMNS)];
    let mut rows = vec![("photograph", shown.to_vec())];
    rows.push(("reconstruction", reconstructed(model, through_parts, shown)?));
    if through_parts {
        for part in Part::ALL {
            rows.push((part.name(), exchanged(model, shown, part)?));
        }
    }
    let random = samples::latents(SEED, shown.len(), 1.0);
    rows.push((
        "random",
        if through_parts { model.decode(&model.disentangle(&random)?)? } else { model.decode_latent(&random)? },
    ));
    let names: Vec<&str> = rows.iter().map(|(name, _)| *name).collect();
    let all: Vec<RgbImage> = rows.iter().flat_map(|(_, pictures)| pictures.clone()).collect();
    let path = run.preview(step, "png");
    let failed = |e: image::ImageError| WriteError::Other { path: path.clone(), detail: e.to_string() };
    let mut bytes = Vec::new();
    sheet(&all, shown.len()).write_with_encoder(PngEncoder::new(&mut bytes)).map_err(failed)?;
    let about = json!({"columns": shown.len(), "rows": names, "side": SIDE});
    // What the picture means comes first, so that nobody meets it without.
    atomic::write(&run.preview(step, "json"), about.to_string().as_bytes())?;
    atomic::write(&path, &bytes)?;
    Ok(path)
}

/// Each face with one part of the next face.
fn exchanged(model: &FaceModel, pictures: &[RgbImage], part: Part) -> Result<Vec<RgbImage>, NnError> {
    let codes = model.encode(pictures)?;
    let swapped: Vec<Code> = (0..codes.len())
        .map(|i| {
            let mut f = codes[i].f;
            f[part.range()].copy_from_slice(&codes[(i + 1) % codes.len()].f[part.range()]);
            f
        })
        .collect();
    model.decode(&swapped)
}
