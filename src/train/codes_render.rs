//! The pictures whose codes are cached, on their way to the encoder: a few crops at a time, by several threads.

use std::ops::Range;
use std::thread;

use image::RgbImage;

use super::batches::message;
use super::codes::{CodeView, CodesError, Recipe, view_of};
use super::seen::readable;
use crate::data::crops::CropSet;
use crate::data::image::views;

/// Crops that go to the encoder at once: four pictures of each.
pub(super) const CHUNK: usize = 32;

/// Crops in order, ready for the encoder.
#[derive(Default)]
pub(super) struct Rendered {
    /// The crop that is shown and the side of its stored picture.
    pub crops: Vec<(usize, u32)>,
    /// Four views of each.
    pub pictures: Vec<RgbImage>,
}

/// The four views of each of some crops.
pub(super) fn render(
    set: &CropSet,
    recipe: Recipe,
    crops: Range<usize>,
    workers: usize,
) -> Result<Rendered, CodesError> {
    let share = crops.len().div_ceil(workers).max(1);
    let parts: Vec<Range<usize>> =
        crops.clone().step_by(share).map(|first| first..(first + share).min(crops.end)).collect();
    thread::scope(|scope| {
        let mut threads = Vec::new();
        for part in parts {
            let named = thread::Builder::new().name("codes-pictures".to_owned());
            let thread = named.spawn_scoped(scope, move || render_part(set, recipe, part));
            threads.push(thread.map_err(CodesError::NoThread)?);
        }
        // All are waited for before the first failure is told: a scope panics for a panic that nobody has taken.
        let parts: Vec<_> = threads.into_iter().map(|thread| thread.join()).collect();
        let mut whole = Rendered::default();
        for part in parts {
            let part = part.map_err(|panic| CodesError::Panicked(message(&*panic)))??;
            whole.crops.extend(part.crops);
            whole.pictures.extend(part.pictures);
        }
        Ok(whole)
    })
}

fn render_part(set: &CropSet, recipe: Recipe, crops: Range<usize>) -> Result<Rendered, CodesError> {
    let mut part = Rendered::default();
    for crop in crops {
        let (crop, stored) = readable(set, crop)?;
        let side = stored.width();
        let seen = |which| views::render(&stored, &view_of(recipe, crop, which, side), recipe.stretch);
        part.crops.push((crop, side));
        part.pictures.extend(CodeView::ALL.map(seen));
    }
    Ok(part)
}
