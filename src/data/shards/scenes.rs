//! Whole photographs with boxes around their faces, in Parquet files.

use std::path::Path;

use super::ShardError;
use super::columns::{Kind, Table};
use crate::face::FaceBox;

/// The list of boxes, and the fields of one.
const FACES: &str = "faces";
const FIELDS: [&str; 5] = ["x", "y", "w", "h", "sure"];

/// A photograph in which all faces are marked.
#[derive(Clone, Debug, PartialEq)]
pub struct Scene {
    /// The picture's own path or name; `SHARD#ROW` where the shard gives none.
    pub path: String,
    /// The picture's file, to be decoded by [`crate::data::image::decode`].
    pub picture_bytes: Vec<u8>,
    /// Without any there is no face in the photograph.
    pub faces: Vec<MarkedFace>,
}

/// A place where a detector saw a face.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MarkedFace {
    /// In pixels of the photograph.
    pub frame: FaceBox,
    /// Whether it certainly is one; others may be faces or not.
    pub sure: bool,
}

/// All photographs of a shard, in its order. They stay encoded.
///
/// # Errors
/// A missing or damaged file, one without `image.bytes` and `faces`, a row without a picture, a box that is none.
pub fn scenes(path: &Path) -> Result<Vec<Scene>, ShardError> {
    let table = Table::open(path)?;
    let bytes = table.require("image.bytes", Kind::Bytes)?;
    let names = table.find("image.path", Kind::Bytes)?;
    let mut fields = Vec::with_capacity(FIELDS.len());
    for field in FIELDS {
        fields.push(table.require_field(FACES, field)?);
    }
    let mut scenes = Vec::with_capacity(table.rows() as usize);
    for group in 0..table.row_groups() {
        let pictures = table.bytes(group, bytes)?;
        let mut names = names.map(|column| table.texts(group, column)).transpose()?.unwrap_or_default().into_iter();
        let mut columns = Vec::with_capacity(fields.len());
        for &field in &fields {
            columns.push(table.lists(group, field)?);
        }
        for (row, picture) in pictures.into_iter().enumerate() {
            let number = scenes.len() as u64;
            let bad = |what: &str| ShardError::BadRow { path: path.to_owned(), row: number, what: what.to_owned() };
            let values: Vec<&[f32]> = columns.iter().map(|lists| lists[row].as_deref().unwrap_or_default()).collect();
            let file = path.file_name().unwrap_or_default().to_string_lossy();
            scenes.push(Scene {
                path: names.next().flatten().unwrap_or_else(|| format!("{file}#{number}")),
                picture_bytes: picture.ok_or_else(|| bad("no picture"))?.data().to_vec(),
                faces: faces(&values).ok_or_else(|| bad("boxes that are none"))?,
            });
        }
    }
    Ok(scenes)
}

/// The boxes of a row from the lists of their fields; none where a list is shorter or a number is missing.
fn faces(values: &[&[f32]]) -> Option<Vec<MarkedFace>> {
    let [x, y, w, h, sure] = *<&[&[f32]; 5]>::try_from(values).ok()?;
    let all = values.iter().all(|list| list.len() == x.len() && list.iter().all(|value| value.is_finite()));
    let face = |i: usize| MarkedFace { frame: FaceBox { x: x[i], y: y[i], w: w[i], h: h[i] }, sure: sure[i] > 0.5 };
    all.then(|| (0..x.len()).map(face).collect())
}
