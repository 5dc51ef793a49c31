//! Profiles, inks, depths and transparency.

use facespace::data::image::decode;
use image::{
    DynamicImage, GrayAlphaImage, GrayImage, ImageBuffer, ImageFormat, Luma, LumaA, Rgb, RgbImage, Rgba, RgbaImage,
};
use img_parts::jpeg::Jpeg;
use img_parts::png::Png;
use img_parts::{Bytes, ImageICC};
use moxcms::ColorProfile;

use super::{assert_colour, bytes_of, fixture, pattern, worst};

fn png_with_profile(picture: impl Into<DynamicImage>, profile: Vec<u8>) -> Vec<u8> {
    let mut png = Png::from_bytes(bytes_of(picture, ImageFormat::Png).into()).unwrap();
    png.set_icc_profile(Some(profile.into()));
    png.encoder().bytes().into()
}

fn jpeg_with_profile(jpeg: Vec<u8>, profile: Vec<u8>) -> Vec<u8> {
    let mut jpeg = Jpeg::from_bytes(jpeg.into()).unwrap();
    jpeg.set_icc_profile(Some(Bytes::from(profile)));
    jpeg.encoder().bytes().into()
}

fn display_p3() -> Vec<u8> {
    ColorProfile::new_display_p3().encode().unwrap()
}

/// Display P3 to sRGB through the published matrix; both have the same tone curve.
fn p3_to_srgb(colour: [u8; 3]) -> [u8; 3] {
    let linear = colour.map(|v| {
        let v = f64::from(v) / 255.0;
        if v <= 0.04045 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
    });
    let matrix = [[1.224_94, -0.224_94, 0.0], [-0.042_06, 1.042_06, 0.0], [-0.019_64, -0.078_64, 1.098_27]];
    matrix.map(|row| {
        let v = row.iter().zip(linear).map(|(m, v)| m * v).sum::<f64>().clamp(0.0, 1.0);
        let v = if v <= 0.003_130_8 { v * 12.92 } else { 1.055 * v.powf(1.0 / 2.4) - 0.055 };
        (v * 255.0).round() as u8
    })
}

/// A profile for CMYK that says mid grey (L* = 50) whatever the inks: whoever applies it is found out.
fn grey_cmyk_profile() -> Vec<u8> {
    let identity: Vec<u8> = (0..=255).collect();
    let mut lut = b"mft1\0\0\0\0\x04\x03\x02\0".to_vec();
    for value in [1, 0, 0, 0, 1, 0, 0, 0, 1] {
        lut.extend_from_slice(&(value * 0x1_0000_i32).to_be_bytes());
    }
    (0..4).for_each(|_| lut.extend_from_slice(&identity));
    (0..16).for_each(|_| lut.extend_from_slice(&[128, 128, 128]));
    (0..3).for_each(|_| lut.extend_from_slice(&identity));

    let mut header = vec![0u8; 128];
    let total = (128 + 4 + 12 + lut.len()) as u32;
    header[..4].copy_from_slice(&total.to_be_bytes());
    header[8] = 2;
    header[12..24].copy_from_slice(b"prtrCMYKLab ");
    header[36..40].copy_from_slice(b"acsp");
    for (at, value) in [(68, 0xF6D6u32), (72, 0x1_0000), (76, 0xD32D)] {
        header[at..at + 4].copy_from_slice(&value.to_be_bytes());
    }
    let mut profile = header;
    profile.extend_from_slice(&1u32.to_be_bytes());
    profile.extend_from_slice(b"A2B0");
    profile.extend_from_slice(&144u32.to_be_bytes());
    profile.extend_from_slice(&(lut.len() as u32).to_be_bytes());
    profile.extend_from_slice(&lut);
    profile
}

#[test]
fn display_p3_becomes_srgb_at_8_and_16_bits() {
    for colour in [[200, 100, 50], [90, 160, 120], [128, 128, 128], [255, 255, 255]] {
        let expected = p3_to_srgb(colour);
        let eight = decode(&png_with_profile(RgbImage::from_pixel(40, 40, Rgb(colour)), display_p3())).unwrap();
        assert_colour(&eight, (20, 20), expected, 1);
        let deep = ImageBuffer::from_pixel(40, 40, Rgb(colour.map(|v| u16::from(v) * 257)));
        let sixteen = decode(&png_with_profile(DynamicImage::ImageRgb16(deep), display_p3())).unwrap();
        assert_colour(&sixteen, (20, 20), expected, 1);
    }
    let jpeg = bytes_of(RgbImage::from_pixel(40, 40, Rgb([200, 100, 50])), ImageFormat::Jpeg);
    let read = decode(&jpeg_with_profile(jpeg, display_p3())).unwrap();
    assert_colour(&read, (20, 20), p3_to_srgb([200, 100, 50]), 4);
}

#[test]
fn an_srgb_profile_changes_nothing() {
    let picture = pattern(64, 48);
    let read = decode(&png_with_profile(picture.clone(), ColorProfile::new_srgb().encode().unwrap())).unwrap();
    assert!(worst(&read, &picture) <= 1);
}

#[test]
fn grey_profiles_are_applied_to_grey_pictures_only() {
    let linear = ColorProfile::new_gray_with_gamma(1.0).encode().unwrap();
    let grey = GrayImage::from_pixel(40, 40, Luma([128]));
    // Half the light is 188 in sRGB.
    assert_colour(&decode(&png_with_profile(grey, linear.clone())).unwrap(), (5, 5), [188; 3], 1);
    let deep = ImageBuffer::from_pixel(40, 40, Luma([128u16 * 257]));
    let read = decode(&png_with_profile(DynamicImage::ImageLuma16(deep), linear.clone())).unwrap();
    assert_colour(&read, (5, 5), [188; 3], 1);
    let coloured = RgbImage::from_pixel(40, 40, Rgb([128, 10, 200]));
    assert_colour(&decode(&png_with_profile(coloured, linear)).unwrap(), (5, 5), [128, 10, 200], 0);
}

#[test]
fn a_grey_picture_may_carry_an_rgb_profile() {
    let grey = GrayImage::from_pixel(40, 40, Luma([77]));
    assert_colour(&decode(&png_with_profile(grey, display_p3())).unwrap(), (5, 5), [77; 3], 1);
}

#[test]
fn cmyk_without_a_profile_is_multiplied_out() {
    let read = decode(&fixture("cmyk.jpg")).unwrap();
    assert_colour(&read, (8, 24), [0, 255, 255], 3);
    assert_colour(&read, (56, 24), [128, 128, 128], 3);
    let read = decode(&fixture("ycck.jpg")).unwrap();
    assert_colour(&read, (56, 24), [64, 64, 64], 3);
    assert_colour(&read, (8, 24), [55, 155, 205], 4);
}

#[test]
fn a_cmyk_profile_is_applied_to_inks() {
    let read = decode(&jpeg_with_profile(fixture("cmyk.jpg"), grey_cmyk_profile())).unwrap();
    assert_colour(&read, (8, 24), [119, 119, 119], 3);
    assert_colour(&read, (56, 24), [119, 119, 119], 3);
}

#[test]
fn a_cmyk_profile_is_never_applied_to_rgb() {
    let picture = pattern(64, 48);
    assert_eq!(decode(&png_with_profile(picture.clone(), grey_cmyk_profile())).unwrap(), picture);
    let jpeg = bytes_of(picture, ImageFormat::Jpeg);
    assert_eq!(decode(&jpeg_with_profile(jpeg.clone(), grey_cmyk_profile())).unwrap(), decode(&jpeg).unwrap());
}

#[test]
fn an_rgb_profile_is_never_applied_to_inks_and_a_broken_one_to_nothing() {
    let plain = decode(&fixture("cmyk.jpg")).unwrap();
    assert_eq!(decode(&jpeg_with_profile(fixture("cmyk.jpg"), display_p3())).unwrap(), plain);
    let picture = pattern(64, 48);
    assert_eq!(decode(&png_with_profile(picture.clone(), vec![7; 500])).unwrap(), picture);
}

#[test]
fn transparency_is_laid_over_white() {
    let clear = RgbaImage::from_pixel(40, 40, Rgba([10, 20, 30, 0]));
    assert_colour(&decode(&bytes_of(clear, ImageFormat::Png)).unwrap(), (9, 9), [255; 3], 0);
    let half = RgbaImage::from_pixel(40, 40, Rgba([0, 100, 200, 128]));
    for format in [ImageFormat::Png, ImageFormat::WebP, ImageFormat::Tiff] {
        assert_colour(&decode(&bytes_of(half.clone(), format)).unwrap(), (9, 9), [127, 177, 227], 1);
    }
    let grey = GrayAlphaImage::from_pixel(40, 40, LumaA([0, 51]));
    assert_colour(&decode(&bytes_of(grey, ImageFormat::Png)).unwrap(), (9, 9), [204; 3], 1);
    let palette = decode(&fixture("palette.png")).unwrap();
    assert_colour(&palette, (8, 8), [255, 0, 0], 0);
    assert_colour(&palette, (56, 8), [255; 3], 0);
    let gif = decode(&bytes_of(RgbaImage::from_pixel(40, 40, Rgba([0, 0, 0, 0])), ImageFormat::Gif)).unwrap();
    assert_colour(&gif, (9, 9), [255; 3], 0);
}

#[test]
fn sixteen_bits_and_floats_come_down_to_eight() {
    for format in [ImageFormat::Png, ImageFormat::Tiff] {
        let deep = ImageBuffer::from_pixel(40, 40, Rgb([0u16, 257 * 100, 65535]));
        let read = decode(&bytes_of(DynamicImage::ImageRgb16(deep), format)).unwrap();
        assert_colour(&read, (5, 5), [0, 100, 255], 0);
        let grey = ImageBuffer::from_pixel(40, 40, Luma([257u16 * 77]));
        let read = decode(&bytes_of(DynamicImage::ImageLuma16(grey), format)).unwrap();
        assert_colour(&read, (5, 5), [77; 3], 0);
    }
    let float = ImageBuffer::from_pixel(40, 40, Rgb([0.0f32, 0.5, 1.0]));
    let read = decode(&bytes_of(DynamicImage::ImageRgb32F(float), ImageFormat::Tiff)).unwrap();
    assert_colour(&read, (5, 5), [0, 128, 255], 1);
}
