//! Somebody before the camera: their geometry, how they are turned, the light on them, and all of it as grids that are
//! drawn into a raster, once for a crop and strip by strip for a photograph.

use super::body;
use super::eyes::{Brow, Eye};
use super::factors::Values;
use super::glasses::{Glasses, Part};
use super::hair::Hair;
use super::head::Head;
use super::labels;
use super::light::{Light, throw_shadows};
use super::math::{Rotation, lerp};
use super::raster::{Camera, Grid, Kind, Raster};
use crate::face::Landmarks;

/// Everything about one person that does not depend on where the picture is cut.
pub struct Subject {
    pub values: Values,
    pub head: Head,
    pub eyes: [Eye; 2],
    pub brows: [Brow; 2],
    pub hair: Option<Hair>,
    pub glasses: Option<Glasses>,
    pub light: Light,
    pub camera: Camera,
    pub turn: Rotation,
    pub body_turn: Rotation,
}

impl Subject {
    /// `pose` is yaw, pitch and roll of the head before the camera, in radians; `body_follows` the share of each that
    /// neck and shoulders take part in.
    pub fn new(values: Values, pose: [f32; 3], body_follows: [f32; 3]) -> Self {
        Self {
            head: Head::new(&values),
            eyes: Eye::pair(&values),
            brows: Brow::pair(&values),
            hair: Hair::new(&values),
            glasses: Glasses::new(&values),
            light: Light::new(&values),
            camera: Camera { distance: lerp(24.0, 8.5, values.camera_near) },
            turn: Rotation::of_head(pose),
            body_turn: Rotation::of_head(std::array::from_fn(|i| pose[i] * body_follows[i])),
            values,
        }
    }

    /// The 68 landmarks in the camera's pixels.
    pub fn landmarks(&self) -> Landmarks {
        labels::landmarks(&self.head, &self.eyes, &self.brows).map(|p| self.camera.project(self.turn.apply(p)))
    }

    /// The surfaces of this person; with a `torso` where more than a crop is seen.
    pub fn grids(&self, torso: bool) -> Grids {
        let mut skin = self.head.grid();
        throw_shadows(&self.head, &mut skin, &self.light, &self.turn);
        let mut body = vec![body::shoulders(&self.values)];
        if torso {
            body.push(body::torso(&self.values));
        }
        Grids {
            skin,
            ears: [-1.0, 1.0].map(|side| body::ear(&self.head, &self.values, side)),
            body,
            hair: self.hair.as_ref().map(|hair| hair.grid(&self.head)),
            glasses: self.glasses.as_ref().map(|glasses| Worn {
                front: glasses.front(&self.head),
                arms: [-1.0, 1.0].map(|side| glasses.arm(&self.head, side)),
            }),
        }
    }

    /// Draws the surfaces, nearest first to be seen. Lenses come back as a layer before them, a place on the sheet
    /// for each fine pixel; the layer is empty where nobody wears glasses.
    pub fn draw(&self, grids: &Grids, raster: &mut Raster) -> Vec<Option<[f32; 2]>> {
        raster.draw(&grids.skin, &self.turn, Kind::Skin, |_| true);
        for ear in &grids.ears {
            raster.draw(ear, &self.turn, Kind::Ear, |_| true);
        }
        for body in &grids.body {
            raster.draw(body, &self.body_turn, Kind::Body, |_| true);
        }
        if let (Some(hair), Some(grid)) = (&self.hair, &grids.hair) {
            raster.draw(grid, &self.turn, Kind::Hair, |fragment| hair.keeps(fragment));
        }
        match (&self.glasses, &grids.glasses) {
            (Some(glasses), Some(worn)) => self.put_on(glasses, worn, raster),
            _ => Vec::new(),
        }
    }

    /// Rims go into the depth buffer, lenses into a layer before it.
    fn put_on(&self, glasses: &Glasses, worn: &Worn, raster: &mut Raster) -> Vec<Option<[f32; 2]>> {
        let mut lenses = vec![None; raster.fragments.len()];
        raster.visit(&worn.front, &self.turn, Kind::Frame, |raster, pixel, _, fragment| {
            match glasses.part(fragment.tag) {
                Part::Nothing => {}
                Part::Rim => {
                    raster.fragments[pixel] = fragment;
                    lenses[pixel] = None;
                }
                Part::Lens => lenses[pixel] = Some(fragment.tag),
            }
        });
        for arm in &worn.arms {
            raster.draw(arm, &self.turn, Kind::Frame, |_| true);
        }
        lenses
    }
}

/// A person's surfaces.
pub struct Grids {
    skin: Grid,
    ears: [Grid; 2],
    body: Vec<Grid>,
    hair: Option<Grid>,
    glasses: Option<Worn>,
}

/// A pair of glasses on a head.
struct Worn {
    front: Grid,
    arms: [Grid; 2],
}
