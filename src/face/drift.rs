//! Drift: how far the face that a picture shows is from the face that was asked for (Eq. 8 of the paper, used as an
//! instrument). The picture is encoded again and the two codes are compared part by part.

use serde::Serialize;

use super::code::{FaceCode, Part, Pose};

/// A distance per part, in degrees: the mean absolute difference of the three angles for pose, the angle between the
/// two directions for the others.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct PartAngles {
    pub pose_deg: f32,
    pub identity_deg: f32,
    pub expression_deg: f32,
    pub style_deg: f32,
}

impl PartAngles {
    pub fn between(a: &FaceCode, b: &FaceCode) -> Self {
        let (p, q) = (a.pose.to_array_deg(), b.pose.to_array_deg());
        PartAngles {
            pose_deg: p.iter().zip(q).map(|(x, y)| (x - y).abs()).sum::<f32>() / 3.0,
            identity_deg: a.identity.angle_deg(&b.identity),
            expression_deg: a.expression.angle_deg(&b.expression),
            style_deg: a.style.angle_deg(&b.style),
        }
    }

    /// The distance of a part.
    pub fn part_deg(&self, part: Part) -> f32 {
        match part {
            Part::Pose => self.pose_deg,
            Part::Identity => self.identity_deg,
            Part::Expression => self.expression_deg,
            Part::Style => self.style_deg,
        }
    }

    fn minus(self, other: PartAngles) -> Self {
        PartAngles {
            pose_deg: self.pose_deg - other.pose_deg,
            identity_deg: self.identity_deg - other.identity_deg,
            expression_deg: self.expression_deg - other.expression_deg,
            style_deg: self.style_deg - other.style_deg,
        }
    }
}

/// What an edit asked for and what its picture shows.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Drift {
    /// Asked against shown, less the same distance of the unedited face: what the edit itself costs. Negative where
    /// the edited face is reproduced better than the unedited one.
    #[serde(flatten)]
    pub per_part: PartAngles,
    pub asked: Pose,
    pub achieved: Pose,
}

impl Drift {
    /// `own` is the face before the edit, `own_again` its decoded picture encoded again; `asked` and `asked_again` the
    /// same after the edit.
    pub fn new(own: &FaceCode, own_again: &FaceCode, asked: &FaceCode, asked_again: &FaceCode) -> Self {
        Drift {
            per_part: PartAngles::between(asked, asked_again).minus(PartAngles::between(own, own_again)),
            asked: asked.pose,
            achieved: asked_again.pose,
        }
    }
}
