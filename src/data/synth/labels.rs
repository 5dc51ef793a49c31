//! The 68 landmarks of a head in the usual order, as points of its surface.

use super::eyes::{Brow, Eye};
use super::head::Head;
use super::math::V3;

/// Where along a half jaw the points lie, from the chin to the ear: share of the height, and the angle from the front.
const JAW: [[f32; 2]; 9] = [
    [1.0, 0.0],
    [0.985, 0.62],
    [0.90, 1.05],
    [0.77, 1.22],
    [0.63, 1.30],
    [0.48, 1.36],
    [0.32, 1.42],
    [0.16, 1.44],
    [0.0, 1.45],
];

/// The landmarks in the head's own coordinates; left ones are those on the image's left.
pub fn landmarks(head: &Head, eyes: &[Eye; 2], brows: &[Brow; 2]) -> [V3; 68] {
    let mut points = Vec::with_capacity(68);
    points.extend(JAW.iter().skip(1).rev().map(|&at| jaw(head, at, -1.0)));
    points.extend(JAW.iter().map(|&at| jaw(head, at, 1.0)));
    let along = [0.0, 0.25, 0.5, 0.75, 1.0].map(|t| 0.04 + 0.93 * t);
    points.extend(along.iter().rev().map(|&t| head.lift(brows[0].place(t))));
    points.extend(along.iter().map(|&t| head.lift(brows[1].place(t))));
    let base = head.nose_y;
    let ridge = [0.10, 0.10 + (base - 0.0) * 0.33, 0.10 + (base - 0.0) * 0.66, base + 0.09];
    points.extend(ridge.map(|y| head.lift([0.0, y])));
    let wing = head.nose_width * 0.86;
    points
        .extend([-1.0, -0.5, 0.0, 0.5, 1.0].map(|t: f32| head.lift([wing * t, base - 0.02 - 0.04 * (1.0 - t.abs())])));
    points.extend(eye(head, &eyes[0]));
    // The right eye begins at the nose: the same six, mirrored.
    let right = eye(head, &eyes[1]);
    points.extend([3, 2, 1, 0, 5, 4].map(|i| right[i]));
    points.extend(mouth(head));
    // 8 + 9 + 10 + 9 + 12 + 20.
    std::array::from_fn(|i| points[i])
}

fn jaw(head: &Head, [share, angle]: [f32; 2], side: f32) -> V3 {
    let ear = 0.02;
    let y = ear + (head.chin_y - ear) * share;
    if share == 1.0 {
        return head.lift([0.0, y + 0.02]);
    }
    head.section(y).point(side * angle, 0.0)
}

/// From the outer corner over the upper lid and back along the lower one.
fn eye(head: &Head, eye: &Eye) -> [V3; 6] {
    let on = |u: f32, lid: usize| head.lift(eye.place(u, eye.lids(u)[lid]));
    [on(1.0, 0), on(0.36, 0), on(-0.36, 0), on(-1.0, 0), on(-0.36, 1), on(0.36, 1)]
}

fn mouth(head: &Head) -> Vec<V3> {
    let mouth = &head.mouth;
    let on = |u: f32, y: f32| head.lift([u * mouth.half_width, y]);
    let mut points = Vec::with_capacity(20);
    points.extend([-1.0, -0.62, -0.24, 0.0, 0.24, 0.62, 1.0].map(|u| on(u, mouth.upper_out(u))));
    points.extend([0.62, 0.28, 0.0, -0.28, -0.62].map(|u| on(u, mouth.lower_out(u))));
    points.push(on(-0.88, (mouth.upper_in(-0.88) + mouth.lower_in(-0.88)) / 2.0));
    points.extend([-0.34, 0.0, 0.34].map(|u| on(u, mouth.upper_in(u))));
    points.push(on(0.88, (mouth.upper_in(0.88) + mouth.lower_in(0.88)) / 2.0));
    points.extend([0.34, 0.0, -0.34].map(|u| on(u, mouth.lower_in(u))));
    points
}
