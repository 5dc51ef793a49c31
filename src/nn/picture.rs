//! Pictures to tensors and back: what the networks see is `rgb / 255 - mean`.

use burn::tensor::{Device, Tensor, TensorData};
use image::RgbImage;

use super::NnError;
use crate::data::image::views;

/// Width and height of the crop that the networks read and write, in pixels.
pub const SIDE: usize = 128;

/// Mean colour (red, green, blue, each 0..1) that is taken from every pixel.
pub const MEAN: [f32; 3] = [0.518, 0.418, 0.361];

const PIXELS: usize = SIDE * SIDE;

/// Pictures of 128 x 128 -> `[n, 3, 128, 128]`.
///
/// # Errors
/// [`NnError::PictureSize`] for a picture of another size.
pub fn to_tensor(pictures: &[&RgbImage], device: &Device) -> Result<Tensor<4>, NnError> {
    let mut values = vec![0.0; pictures.len() * 3 * PIXELS];
    for (picture, planes) in pictures.iter().zip(values.chunks_exact_mut(3 * PIXELS)) {
        let (width, height) = picture.dimensions();
        if (width as usize, height as usize) != (SIDE, SIDE) {
            return Err(NnError::PictureSize { width, height, side: SIDE as u32 });
        }
        views::planes(picture, MEAN, planes);
    }
    Ok(Tensor::from_data(TensorData::new(values, [pictures.len(), 3, SIDE, SIDE]), device))
}

/// `[n, 3, 128, 128]` -> pictures; what lies outside 0..255 is clamped, the rest rounded.
///
/// # Errors
/// [`NnError::Device`] where the device cannot give the numbers back.
pub fn from_tensor(pictures: Tensor<4>) -> Result<Vec<RgbImage>, NnError> {
    debug_assert_eq!(pictures.dims()[1..], [3, SIDE, SIDE]);
    let values = read(pictures)?;
    let picture = |planes: &[f32]| {
        RgbImage::from_fn(SIDE as u32, SIDE as u32, |x, y| {
            let index = y as usize * SIDE + x as usize;
            let level = |channel: usize| (planes[channel * PIXELS + index] + MEAN[channel]) * 255.0;
            // A float becomes the nearest byte: `as` clamps to 0..255.
            image::Rgb([0, 1, 2].map(|channel| level(channel).round() as u8))
        })
    };
    Ok(values.chunks_exact(3 * PIXELS).map(picture).collect())
}

/// All numbers of a tensor, row-major, waiting for the device.
pub(super) fn read<const D: usize>(tensor: Tensor<D>) -> Result<Vec<f32>, NnError> {
    tensor.try_into_vec_as::<f32>().map_err(|error| NnError::Device { reason: error.to_string() })
}
