//! One answer a face: of answers whose boxes overlap, the surest stays.

use crate::face::FaceBox;

/// Boxes that share more than this (intersection over union) show one face.
const ONE_FACE: f32 = 0.4;

/// The items that stay, surest first, `most` of them at most. `seen` tells an item's box and how sure it is; items that
/// are equally sure stay in their order.
pub fn suppressed<T>(mut items: Vec<T>, most: usize, seen: impl Fn(&T) -> (FaceBox, f32)) -> Vec<T> {
    items.sort_by(|a, b| seen(b).1.total_cmp(&seen(a).1));
    let mut kept: Vec<(FaceBox, T)> = Vec::new();
    for item in items {
        if kept.len() == most {
            break;
        }
        let (place, _) = seen(&item);
        if kept.iter().all(|(other, _)| place.overlap(other) <= ONE_FACE) {
            kept.push((place, item));
        }
    }
    kept.into_iter().map(|(_, item)| item).collect()
}
