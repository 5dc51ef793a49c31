use facespace::nn::quality::{contrast, mae, rmse, sharpness};
use image::{Rgb, RgbImage};

fn flat(level: u8) -> RgbImage {
    RgbImage::from_pixel(4, 4, Rgb([level; 3]))
}

#[test]
fn differences_by_hand() {
    assert_eq!((rmse(&flat(10), &flat(13)), mae(&flat(10), &flat(13))), (3.0, 3.0));
    let half = RgbImage::from_fn(4, 4, |x, _| Rgb([if x < 2 { 10 } else { 15 }; 3]));
    assert!((rmse(&flat(10), &half) - 12.5f64.sqrt()).abs() < 1e-9);
    assert!((mae(&flat(10), &half) - 2.5).abs() < 1e-9);
}

#[test]
fn sharpness_by_hand() {
    assert_eq!(sharpness(&flat(90)), 0.0);
    assert_eq!(sharpness(&RgbImage::new(2, 9)), 0.0);
    // One white pixel: the Laplacian is 1020 there, -255 at four neighbours and 0 at the corners, so its mean is 0.
    let mut dot = RgbImage::new(5, 5);
    dot.put_pixel(2, 2, Rgb([255; 3]));
    let expected = ((1020.0f64.powi(2) + 4.0 * 255.0f64.powi(2)) / 9.0).sqrt();
    assert!((sharpness(&dot) - expected).abs() < 1e-2, "{}", sharpness(&dot));
}

#[test]
fn contrast_by_hand() {
    assert_eq!(contrast(&flat(90)), 0.0);
    assert_eq!(contrast(&RgbImage::new(0, 0)), 0.0);
    let half = RgbImage::from_fn(4, 4, |x, _| Rgb([if x < 2 { 10 } else { 15 }; 3]));
    assert!((contrast(&half) - 2.5).abs() < 1e-3, "{}", contrast(&half));
}
