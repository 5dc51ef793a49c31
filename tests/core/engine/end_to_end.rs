//! The whole way with the bundled weights: a sample is opened, encoded, edited, drawn and measured.

use std::path::PathBuf;

use facespace::engine::open::Placement;
use facespace::engine::protocol::Source;
use facespace::engine::{DeviceChoice, Event, Setup, WeightsSource};
use facespace::face::{AngleEdit, Edit};

use super::Window;

/// Mean absolute difference of two pictures, 0 to 255.
fn difference(a: &image::RgbImage, b: &image::RgbImage) -> f32 {
    assert_eq!(a.dimensions(), b.dimensions());
    let sum: u32 = a.as_raw().iter().zip(b.as_raw()).map(|(a, b)| u32::from(a.abs_diff(*b))).sum();
    sum as f32 / a.as_raw().len() as f32
}

#[test]
fn from_a_sample_to_a_turned_head() {
    let window = Window::real(Setup { device: DeviceChoice::Cpu, ..Setup::default() });
    let Event::Ready(ready) = window.event() else { panic!() };
    assert!(!ready.is_gpu && ready.width == 32);

    let sample = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("assets/samples/sample-01.png");
    let ticket = window.studio.open(vec![(Source::Path(sample), Placement::BySize)]).unwrap();
    let events = window.until_closed(&ticket);
    let [Event::Opened { opened, .. }, Event::Done { .. }] = &events[..] else { panic!("{events:?}") };
    let crop = opened.crop.clone().unwrap().picture;

    let ticket = window.studio.encode(crop.clone(), None).unwrap();
    let Event::Encoded { face, reconstruction, .. } = window.answer(&ticket) else { panic!() };
    assert!(difference(&crop, &reconstruction) < 12.0, "{}", difference(&crop, &reconstruction));

    let mut edit = Edit::default();
    edit.pose.yaw = Some(AngleEdit::Add(20.0));
    let asked = edit.apply(&face, &ready.space).unwrap();
    let number = window.studio.render(asked);
    let rendered = window.rendered(number);
    assert!(difference(&rendered.picture, &reconstruction) > 2.0);
    assert!(!rendered.took.is_zero());

    let ticket = window.studio.drift(*face, asked).unwrap();
    let Event::Drift { drift, .. } = window.answer(&ticket) else { panic!() };
    assert!((drift.achieved.yaw_deg - drift.asked.yaw_deg).abs() < 10.0, "{drift:?}");

    let nothing = WeightsSource::File(PathBuf::from("no/such.safetensors"));
    let ticket = window.studio.open_weights(nothing).unwrap();
    let sentence = super::failure(window.answer(&ticket));
    assert!(sentence.ends_with("stays in use: no/such.safetensors"), "{sentence}");
    let number = window.studio.render(asked);
    assert_eq!(window.rendered(number).picture, rendered.picture);
}
