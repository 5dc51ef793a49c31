//! How close one picture is to another, and how sharp it is: plain numbers of 8-bit pictures, for training and
//! measuring alike. Knows no tensors.

use image::RgbImage;

/// Root of the mean squared difference over all pixels and channels, in levels of 0..255.
///
/// # Panics
/// Where the pictures differ in size.
pub fn rmse(a: &RgbImage, b: &RgbImage) -> f64 {
    mean_of(a, b, |difference| difference * difference).sqrt()
}

/// Mean absolute difference over all pixels and channels, in levels of 0..255.
///
/// # Panics
/// Where the pictures differ in size.
pub fn mae(a: &RgbImage, b: &RgbImage) -> f64 {
    mean_of(a, b, f64::abs)
}

fn mean_of(a: &RgbImage, b: &RgbImage, of: impl Fn(f64) -> f64) -> f64 {
    assert_eq!(a.dimensions(), b.dimensions(), "only pictures of one size can be compared");
    let (a, b) = (a.as_raw(), b.as_raw());
    let sum: f64 = a.iter().zip(b).map(|(&a, &b)| of(f64::from(a) - f64::from(b))).sum();
    sum / a.len().max(1) as f64
}

/// Standard deviation of the Laplacian (four neighbours) of the luminance, in levels of 0..255: how much fine detail
/// a picture has. Zero for a picture of fewer than three pixels on a side.
pub fn sharpness(picture: &RgbImage) -> f64 {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    if width < 3 || height < 3 {
        return 0.0;
    }
    let light: Vec<f32> = picture.pixels().map(|pixel| luminance(pixel.0)).collect();
    let inner = (1..height - 1).flat_map(|y| (1..width - 1).map(move |x| y * width + x));
    deviation(inner.map(|i| 4.0 * light[i] - (light[i - 1] + light[i + 1] + light[i - width] + light[i + width])))
}

/// Standard deviation of the luminance, in levels of 0..255.
pub fn contrast(picture: &RgbImage) -> f64 {
    deviation(picture.pixels().map(|pixel| luminance(pixel.0)))
}

/// Standard deviation; that of nothing is 0.
fn deviation(values: impl Iterator<Item = f32>) -> f64 {
    let (mut count, mut sum, mut squares) = (0.0, 0.0, 0.0);
    for value in values.map(f64::from) {
        count += 1.0;
        sum += value;
        squares += value * value;
    }
    let mean = sum / f64::max(count, 1.0);
    (squares / f64::max(count, 1.0) - mean * mean).max(0.0).sqrt()
}

/// As seen by the eye (Rec. 601), 0..255.
fn luminance([red, green, blue]: [u8; 3]) -> f32 {
    0.299 * f32::from(red) + 0.587 * f32::from(green) + 0.114 * f32::from(blue)
}
