//! A small head, drawn in lines, that looks where a pose says.

use eframe::egui;
use egui::epaint::EllipseShape;
use egui::{Color32, Painter, Pos2, Shape, Stroke, Vec2, vec2};

use crate::face::Pose;

/// Half the width and half the height of the head.
pub(super) const HALF: Vec2 = vec2(16.0, 20.0);

/// The features, in halves of the head: across, down, towards the viewer.
const EYES: [[f32; 3]; 2] = [[-0.38, -0.14, 0.9], [0.38, -0.14, 0.9]];
const NOSE: [[f32; 3]; 3] = [[0.0, -0.16, 0.98], [0.0, 0.2, 1.3], [-0.1, 0.24, 1.0]];
const MOUTH: [[f32; 3]; 3] = [[-0.3, 0.5, 0.82], [0.0, 0.57, 0.86], [0.3, 0.5, 0.82]];

/// Draws the head around `centre`: its skin in one colour, its features in another.
pub(super) fn paint(painter: &Painter, centre: Pos2, pose: Pose, skin: Color32, features: Color32) {
    painter.add(Shape::Ellipse(EllipseShape {
        center: centre,
        radius: HALF,
        fill: skin,
        stroke: Stroke::new(1.5, features),
        angle: pose.roll_deg.to_radians(),
    }));
    let line = Stroke::new(2.0, features);
    for eye in EYES {
        // An eye on the far side is not seen.
        if depth(eye, pose) > 0.1 {
            painter.circle_filled(projected(centre, eye, pose), 2.0, features);
        }
    }
    painter.line(NOSE.map(|point| projected(centre, point, pose)).to_vec(), line);
    if depth(MOUTH[1], pose) > 0.1 {
        painter.line(MOUTH.map(|point| projected(centre, point, pose)).to_vec(), line);
    }
}

/// Upwards out of the head, in the picture.
pub(super) fn crown(pose: Pose) -> Vec2 {
    let (sin, cos) = pose.roll_deg.to_radians().sin_cos();
    vec2(sin, -cos)
}

/// Turned by yaw and lifted by pitch: across, down, towards the viewer.
fn turned([across, down, near]: [f32; 3], pose: Pose) -> [f32; 3] {
    let (sin, cos) = pose.pitch_deg.to_radians().sin_cos();
    let (down, near) = (down * cos - near * sin, down * sin + near * cos);
    let (sin, cos) = pose.yaw_deg.to_radians().sin_cos();
    [across * cos + near * sin, down, near * cos - across * sin]
}

fn depth(point: [f32; 3], pose: Pose) -> f32 {
    turned(point, pose)[2]
}

fn projected(centre: Pos2, point: [f32; 3], pose: Pose) -> Pos2 {
    let [across, down, _] = turned(point, pose);
    let flat = vec2(across, down) * HALF;
    let (sin, cos) = pose.roll_deg.to_radians().sin_cos();
    centre + vec2(flat.x * cos - flat.y * sin, flat.x * sin + flat.y * cos)
}
