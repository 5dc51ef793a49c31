//! `facespace evaluate --finder`: how well faces are found in photographs and scenes that no training has seen.

use std::path::PathBuf;
use std::time::Instant;

use image::RgbImage;
use serde_json::json;

use crate::cli::context::{Context, Outcome, Stop, at};
use crate::cli::find::finder_in;
use crate::data::{atomic, image as pictures};
use crate::evaluate::finding::Tally;
use crate::evaluate::options::SEED;
use crate::face::Found;
use crate::find::Finder;
use crate::train::finder::material::SetAside;

/// What is measured.
pub struct Wanted {
    /// A finder's file; none for the finder that comes with the program.
    pub finder: Option<PathBuf>,
    pub shards: Vec<PathBuf>,
    /// Photographs and scenes at most, of each.
    pub limit: usize,
    pub output: Option<PathBuf>,
}

pub fn run(context: &mut Context, wanted: Wanted) -> Outcome {
    let finder = finder_in(wanted.finder.as_deref())?;
    let mut aside = SetAside::read(&wanted.shards)?;
    aside.photographs.truncate(wanted.limit);
    aside.scenes.truncate(wanted.limit);
    if aside.photographs.is_empty() && aside.scenes.is_empty() {
        let sentence = "Nothing in these shards is set aside for measuring; give shards of whole photographs (loose-*, \
                        scenes-*)";
        return Err(wanted.shards.first().map_or_else(|| Stop::Failed(sentence.to_owned()), |path| at(sentence, path)));
    }
    let mut tally = Tally::default();
    let bar = context.progress(aside.photographs.len() + aside.scenes.len(), "looking for faces");
    for photograph in &aside.photographs {
        if let Some(found) = searched(context, &finder, &photograph.path, &photograph.bytes, &mut tally)? {
            tally.add_labelled(&photograph.landmarks, photograph.pose_deg, &found);
        }
        bar.inc(1);
    }
    for scene in &aside.scenes {
        if let Some(found) = searched(context, &finder, &scene.path, &scene.picture_bytes, &mut tally)? {
            tally.add_scene(&scene.faces, &found);
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    let figures = tally.finish(SEED);
    context.print(&figures.to_string())?;
    let value = json!({
        "finder": finder.card(), "threshold": finder.threshold(), "photographs": aside.photographs.len(),
        "scenes": aside.scenes.len(), "figures": figures,
    });
    if let Some(output) = &wanted.output {
        atomic::write(output, format!("{value:#}\n").as_bytes())?;
    }
    Ok(value)
}

/// What is found in a picture; none, and said so, where it cannot be decoded.
fn searched(
    context: &mut Context,
    finder: &Finder,
    name: &str,
    bytes: &[u8],
    tally: &mut Tally,
) -> Result<Option<Vec<Found>>, Stop> {
    let picture: RgbImage = match pictures::decode(bytes) {
        Ok(picture) => picture,
        Err(error) => {
            let path = PathBuf::from(name);
            context.fail(&path, error.at(&path).to_string());
            return Ok(None);
        }
    };
    let started = Instant::now();
    let found = finder.find(&picture, &|| false)?;
    tally.add_time(1000.0 * started.elapsed().as_secs_f64());
    Ok(Some(found))
}
