//! `facespace bench`, what is done to photographs: a face found, an edited one put back, one fitted to its picture. The
//! photographs are synthetic.

use std::convert::Infallible;
use std::time::Instant;

use serde::Serialize;

use super::bench::{Timing, time};
use super::context::{Context, Stop};
use crate::data::image as picture;
use crate::data::synth::photograph_with;
use crate::face::paste::PasteOptions;
use crate::face::{CROP_SIDE, Crop, FaceCode};
use crate::find::Finder;
use crate::find::paste::{Change, paste};

/// One megapixel, in which a face is looked for.
const SEARCHED: (u32, u32) = (1152, 868);
/// Twelve, in which a face is put back whose crop has sides of so many pixels.
const PASTED: (u32, u32) = (4000, 3000);
const PASTED_SIDE: f32 = 1000.0;
/// How far the head is turned that is put back.
const TURN_DEG: f32 = 15.0;
const SEED: u64 = 1;

#[derive(Serialize)]
pub struct PhotographResult {
    /// All faces of a photograph of a megapixel with one face.
    find: Timing,
    /// A turned head back into a photograph of twelve megapixels.
    paste: Timing,
    /// A face fitted to its crop, once.
    refine: Timing,
}

pub fn measure(context: &mut Context, runs: usize) -> Result<PhotographResult, Stop> {
    let searched = photograph_with(SEED, SEARCHED, 1, None).picture;
    let finder = Finder::bundled()?;
    let find = time(runs, |_| finder.find(&searched, &|| false).map(drop))?;

    let pasted = photograph_with(SEED, PASTED, 1, Some(PASTED_SIDE));
    let landmarks = &pasted.faces[0];
    let square = Crop::from_landmarks(landmarks)?;
    let crop = picture::crop(&pasted.picture, &square, CROP_SIDE);
    let engine = context.engine()?;
    let own: FaceCode = engine.face(&crop)?;
    let mut turned = own;
    turned.pose.yaw_deg += TURN_DEG;
    let (before, after) = (engine.picture(&own)?, engine.picture(&turned)?);
    let change = Change { square: &square, own: &before, edited: &after, landmarks: Some(landmarks) };
    let put_back = |_: usize| {
        drop(paste(&pasted.picture, &change, &PasteOptions::default()));
        Ok::<(), Infallible>(())
    };
    let paste = time(runs, put_back)?;

    let started = Instant::now();
    engine.refine(&crop, &own, &mut |_, _| true)?;
    let refine = Timing::of(vec![started.elapsed().as_secs_f64() * 1e3]);

    context.print(&format!(
        "find {:.1} ms   paste {:.1} ms   refine {:.1} s\n",
        find.median_ms,
        paste.median_ms,
        refine.median_ms / 1e3
    ))?;
    Ok(PhotographResult { find, paste, refine })
}
