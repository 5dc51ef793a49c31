//! The whole way with the real networks and the real shader.

use super::*;

#[test]
fn a_dragged_slider_turns_a_real_head() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("turned.png");
    let mut harness = networks().drawn().open();
    let before = shown(&harness);
    let rail = rect(&harness, Role::Slider, "Yaw");
    let (from, to) = (rail.center(), rail.center() - vec2(0.2 * rail.width(), 0.0));
    drag(&mut harness, from, to);
    settle(&mut harness);
    assert!(difference(&before, &shown(&harness)) > 2.0);
    let drift = By::new().role(Role::Label).label_contains("Pose drift ");
    assert!(harness.get(drift).value().unwrap().ends_with('°'));
    press(&mut harness, "Save picture…");
    answer(&mut harness, "Save the picture as", &path.display().to_string());
    until(&mut harness, "the file", |_| path.exists());
    assert!(image::open(&path).unwrap().to_rgb8() == *shown(&harness));
}

/// Mean absolute difference, 0 to 255.
fn difference(a: &RgbImage, b: &RgbImage) -> f32 {
    assert_eq!(a.dimensions(), b.dimensions());
    let sum: u32 = a.as_raw().iter().zip(b.as_raw()).map(|(a, b)| u32::from(a.abs_diff(*b))).sum();
    sum as f32 / a.as_raw().len() as f32
}
