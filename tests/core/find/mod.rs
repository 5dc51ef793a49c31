//! Faces in photographs, without trained weights: networks whose answers are known stand in for them.

mod finder;
mod heads;
mod mean_face;
mod paste;
mod paste_motion;
mod pose;
mod pyramid;
mod quality;
mod suppression;

use std::collections::BTreeMap;

use burn::tensor::Device;
use facespace::face::{Crop, Landmarks};
use facespace::find::framing::framed;
use facespace::nn::finder::{DetectorConfig, FinderCard, FinderNetworks, FinderWeights, MeanFace};
use safetensors::SafeTensors;
use safetensors::tensor::{Dtype, TensorView};

/// A face looking at the camera, in units of its own: 68 points on ellipses, as a beginner would draw it.
pub fn drawn_face() -> Landmarks {
    let arc = |[x, y]: [f32; 2], [rx, ry]: [f32; 2], from: f32, to: f32, share: f32| {
        let angle = (from + (to - from) * share).to_radians();
        [x + rx * angle.cos(), y + ry * angle.sin()]
    };
    let share = |i: usize, first: usize, count: usize| (i - first) as f32 / count as f32;
    std::array::from_fn(|i| match i {
        // Angles grow clockwise in the picture, from the right.
        0..=16 => arc([0.0, 0.0], [70.0, 95.0], 180.0, 0.0, share(i, 0, 16)),
        17..=21 => arc([-35.0, -35.0], [22.0, 10.0], 190.0, 350.0, share(i, 17, 4)),
        22..=26 => arc([35.0, -35.0], [22.0, 10.0], 190.0, 350.0, share(i, 22, 4)),
        27..=30 => [0.0, -25.0 + 40.0 * share(i, 27, 3)],
        31..=35 => arc([0.0, 20.0], [16.0, 6.0], 180.0, 0.0, share(i, 31, 4)),
        36..=41 => arc([-33.0, -22.0], [13.0, 5.0], 180.0, 540.0, share(i, 36, 6)),
        42..=47 => arc([33.0, -22.0], [13.0, 5.0], 180.0, 540.0, share(i, 42, 6)),
        48..=59 => arc([0.0, 52.0], [26.0, 11.0], 180.0, 540.0, share(i, 48, 12)),
        _ => arc([0.0, 52.0], [18.0, 4.0], 180.0, 540.0, share(i, 60, 8)),
    })
}

/// That face in units of the landmarker's frame, so that its own crop is the square that the frame was made of.
pub fn in_frame() -> Landmarks {
    let face = drawn_face();
    let frame = framed(&Crop::from_landmarks(&face).unwrap());
    face.map(|point| frame.crop_from_photo(point).map(|v| v / 128.0))
}

/// That face in space: y up, the nose nearest to the camera.
pub fn solid_face() -> MeanFace {
    let face = drawn_face();
    let unit = face[45][0] - face[36][0];
    std::array::from_fn(|i| {
        let [x, y] = face[i];
        let nose = if (28..=35).contains(&i) { 18.0 } else { 0.0 };
        [x, -y, 40.0 - x * x / 90.0 - y * y / 300.0 + nose].map(|v| v / unit)
    })
}

/// A finder that takes every place at every scale for a face with the points of [`in_frame`]; both networks give
/// `logit`.
pub fn finds_everywhere(logit: f32) -> FinderWeights {
    let device = Device::flex();
    let networks = FinderNetworks::init(&DetectorConfig { channels: 4 }, &device);
    let weights = FinderWeights { networks, mean_face: solid_face(), threshold: 0.5, card: FinderCard::default() };
    let points: Vec<f32> = in_frame().as_flattened().iter().copied().chain([logit]).collect();
    answering(&weights, &[("detector.out", [logit, 0.0, 0.0, 0.0].as_slice()), ("landmarker.out", points.as_slice())])
}

/// The same weights with layers that give their bias and nothing else.
fn answering(weights: &FinderWeights, layers: &[(&str, &[f32])]) -> FinderWeights {
    let bytes = weights.to_bytes().unwrap();
    let file = SafeTensors::deserialize(&bytes).unwrap();
    let (_, header) = SafeTensors::read_metadata(&bytes).unwrap();
    let mut data: BTreeMap<String, (Dtype, Vec<usize>, Vec<u8>)> = file
        .tensors()
        .into_iter()
        .map(|(name, view)| (name, (view.dtype(), view.shape().to_vec(), view.data().to_vec())))
        .collect();
    for (layer, bias) in layers {
        data.get_mut(&format!("{layer}.weight")).unwrap().2.fill(0);
        let bytes: Vec<u8> = bias.iter().flat_map(|v| v.to_le_bytes()).collect();
        data.insert(format!("{layer}.bias"), (Dtype::F32, vec![bias.len()], bytes));
    }
    let views: BTreeMap<String, TensorView> = data
        .iter()
        .map(|(name, (dtype, shape, bytes))| (name.clone(), TensorView::new(*dtype, shape.clone(), bytes).unwrap()))
        .collect();
    let bytes = safetensors::serialize(views, header.metadata().clone()).unwrap();
    FinderWeights::from_bytes(bytes).unwrap()
}
