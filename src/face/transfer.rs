//! Parts of one face given to another, and the way from face to face (section 5.2 of the paper).

use super::code::{FaceCode, Part, UnitPart};

/// `target` with the named parts taken from `source`; `strength` is the way from its own part (0) to the source's (1),
/// along the sphere for unit parts, in a straight line for pose.
pub fn transfer(source: &FaceCode, target: &FaceCode, parts: &[Part], strength: f32) -> FaceCode {
    let mut mixed = *target;
    if parts.contains(&Part::Pose) {
        mixed.pose = target.pose.between(source.pose, strength);
    }
    for unit in UnitPart::ALL.into_iter().filter(|unit| parts.contains(&unit.part())) {
        *mixed.unit_mut(unit) = target.unit(unit).slerp(source.unit(unit), strength);
    }
    mixed
}

/// `steps` faces on the way from `a` to `b`, both included; `steps` is at least 2.
pub fn interpolate(a: &FaceCode, b: &FaceCode, steps: usize) -> Vec<FaceCode> {
    let last = (steps.max(2) - 1) as f32;
    (0..steps.max(2)).map(|step| transfer(b, a, &Part::ALL, step as f32 / last)).collect()
}
