//! What is said about a face beside its code: where it was found, which way it looks by its landmarks, and what will
//! make an edit of it poor. Crops of the user's own are taken as they are.

use std::path::Path;

use image::RgbImage;
use serde_json::{Value, json};

use super::context::{Context, Stop};
use super::opened::Face;
use crate::face::FaceCode;
use crate::face::quality::Remark;
use crate::find::quality::{self, Seen};

/// Says on stderr what a person should know before this face is edited, and gives it back with the face's own picture
/// as it is decoded; nothing of either for a crop.
pub fn before_edit(
    context: &mut Context,
    path: &Path,
    face: &Face,
    own: &FaceCode,
) -> Result<(Vec<Remark>, Option<RgbImage>), Stop> {
    if face.origin.is_none() {
        return Ok((Vec::new(), None));
    }
    let reconstruction = context.engine()?.picture(own)?;
    let remarks = of(context, face, Some(&reconstruction))?;
    for remark in &remarks {
        context.remark(&format!("{remark}{}: {}", which(face), path.display()));
    }
    Ok((remarks, Some(reconstruction)))
}

/// The remarks about a face of a photograph.
pub fn of(context: &mut Context, face: &Face, reconstruction: Option<&RgbImage>) -> Result<Vec<Remark>, Stop> {
    let Some(origin) = &face.origin else { return Ok(Vec::new()) };
    let usual_rmse = context.engine()?.weights().card.usual_rmse;
    Ok(quality::remarks(&Seen {
        photo_size: origin.size,
        square: Some(&face.cropped.square),
        found: face.cropped.found.as_ref(),
        crop: &face.cropped.picture,
        reconstruction,
        usual_rmse,
    }))
}

/// Which face of its photograph a sentence is about, where there are several.
pub fn which(face: &Face) -> String {
    match face.origin {
        Some(origin) if origin.faces > 1 => format!(" (face {})", origin.number),
        _ => String::new(),
    }
}

/// What the report says about a face of a photograph; null for a crop.
pub fn report(face: &Face, remarks: &[Remark]) -> Value {
    let Some(origin) = &face.origin else { return Value::Null };
    let found = face.cropped.found.as_ref();
    let remarks = remarks.iter().map(|remark| {
        let mut entry = json!(remark);
        entry["text"] = json!(remark.to_string());
        entry
    });
    json!({
        "face": origin.number,
        "faces": origin.faces,
        "box": found.map(|found| found.frame),
        "confidence": found.map(|found| found.confidence),
        "pose_by_landmarks": found.and_then(|found| found.pose_in_crop()),
        "crop": face.cropped.square,
        "remarks": remarks.collect::<Vec<_>>(),
    })
}
