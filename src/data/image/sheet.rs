//! Many pictures as one.

use image::{Rgb, RgbImage, imageops};

/// A sheet of pictures, filled row by row with `columns` to a row, without gaps; white where a picture is missing or
/// smaller than the largest. No pictures make an empty sheet; 0 columns count as 1.
pub fn sheet(pictures: &[RgbImage], columns: usize) -> RgbImage {
    let width = pictures.iter().map(RgbImage::width).max().unwrap_or(0);
    let height = pictures.iter().map(RgbImage::height).max().unwrap_or(0);
    let columns = columns.clamp(1, pictures.len().max(1));
    let rows = pictures.len().div_ceil(columns);
    let mut sheet = RgbImage::from_pixel(width * columns as u32, height * rows as u32, Rgb([255; 3]));
    for (i, picture) in pictures.iter().enumerate() {
        let (column, row) = ((i % columns) as u32, (i / columns) as u32);
        imageops::replace(&mut sheet, picture, i64::from(column * width), i64::from(row * height));
    }
    sheet
}
