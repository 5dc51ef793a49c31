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
    let (mut sum, mut squares) = (0.0, 0.0);
    for y in 1..height - 1 {
        for x in 1..width - 1 {
            let i = y * width + x;
            let neighbours = light[i - 1] + light[i + 1] + light[i - width] + light[i + width];
            let laplacian = f64::from(4.0 * light[i] - neighbours);
            sum += laplacian;
            squares += laplacian * laplacian;
        }
    }
    let count = ((width - 2) * (height - 2)) as f64;
    let mean = sum / count;
    (squares / count - mean * mean).max(0.0).sqrt()
}

/// Standard deviation of the luminance, in levels of 0..255.
pub fn contrast(picture: &RgbImage) -> f64 {
    let (mut sum, mut squares) = (0.0, 0.0);
    for pixel in picture.pixels() {
        let light = f64::from(luminance(pixel.0));
        sum += light;
        squares += light * light;
    }
    let count = f64::from(picture.width()) * f64::from(picture.height());
    let mean = sum / count.max(1.0);
    (squares / count.max(1.0) - mean * mean).max(0.0).sqrt()
}

/// As seen by the eye (Rec. 601), 0..255.
fn luminance([red, green, blue]: [u8; 3]) -> f32 {
    0.299 * f32::from(red) + 0.587 * f32::from(green) + 0.114 * f32::from(blue)
}
