//! What a synthetic face is made from: numbers with names, each drawn on its own, each belonging to one part of the
//! face code. Identity is drawn once for a person, style once for a clip, expression for every picture.

use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal, StandardUniform};

use crate::face::Part;

/// One of the numbers that a face is made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Factor {
    pub name: &'static str,
    /// The part of the code that should say it.
    pub part: Part,
}

/// How a factor is drawn.
#[derive(Clone, Copy)]
enum Spread {
    /// Around 0 with standard deviation 1, cut at 2.2.
    Normal,
    /// 0 to 1.
    Share,
    /// -1 to 1.
    Either,
    /// Around 0 with this standard deviation: what a face does besides its expression.
    Restless(f32),
    /// 0, 1, 2... with these weights.
    Kind(&'static [f32]),
}

impl Spread {
    fn draw(self, random: &mut ChaCha8Rng) -> f32 {
        let normal = |random: &mut ChaCha8Rng| -> f32 {
            let drawn: f32 = StandardNormal.sample(random);
            drawn.clamp(-2.2, 2.2)
        };
        match self {
            Self::Normal => normal(random),
            Self::Share => share(random),
            Self::Either => 2.0 * share(random) - 1.0,
            Self::Restless(spread) => spread * normal(random),
            Self::Kind(weights) => {
                let mut left = share(random) * weights.iter().sum::<f32>();
                let kind = weights.iter().position(|weight| {
                    left -= weight;
                    left < 0.0
                });
                kind.unwrap_or(weights.len() - 1) as f32
            }
        }
    }
}

/// 0 to 1, evenly.
pub(super) fn share(random: &mut ChaCha8Rng) -> f32 {
    StandardUniform.sample(random)
}

macro_rules! factors {
    ($($part:ident { $($name:ident: $spread:expr,)* })*) => {
        /// A value for each of [`FACTORS`].
        #[derive(Clone, Debug, Default)]
        pub(super) struct Values { $($(pub $name: f32,)*)* }

        /// The factors in the order of a record's `factors`.
        pub const FACTORS: [Factor; [$($(stringify!($name),)*)*].len()] =
            [$($(Factor { name: stringify!($name), part: Part::$part },)*)*];

        impl Values {
            /// Draws the factors of one part.
            pub fn draw(&mut self, part: Part, random: &mut ChaCha8Rng) {
                $($(if part == Part::$part { self.$name = Spread::draw($spread, random); })*)*
            }

            /// In the order of [`FACTORS`].
            pub fn to_vec(&self) -> Vec<f32> {
                vec![$($(self.$name,)*)*]
            }
        }
    };
}

factors! {
    Identity {
        face_width: Spread::Normal,
        face_length: Spread::Normal,
        jaw_width: Spread::Normal,
        chin_length: Spread::Normal,
        chin_width: Spread::Normal,
        cheekbones: Spread::Normal,
        cheeks_full: Spread::Normal,
        brow_ridge: Spread::Normal,
        hairline: Spread::Normal,
        eye_size: Spread::Normal,
        eye_tilt: Spread::Normal,
        eye_depth: Spread::Normal,
        lid_fold: Spread::Share,
        iris_colour: Spread::Share,
        brow_thickness: Spread::Normal,
        brow_arch: Spread::Normal,
        brow_height: Spread::Normal,
        nose_length: Spread::Normal,
        nose_width: Spread::Normal,
        nose_bridge: Spread::Normal,
        nose_tip: Spread::Normal,
        mouth_width: Spread::Normal,
        mouth_height: Spread::Normal,
        upper_lip: Spread::Normal,
        lower_lip: Spread::Normal,
        ear_size: Spread::Normal,
        ears_out: Spread::Normal,
        skin_darkness: Spread::Share,
        skin_redness: Spread::Normal,
        freckles: Spread::Share,
        age: Spread::Share,
        hair_colour: Spread::Share,
        hair_grey: Spread::Share,
    }
    Expression {
        brow_inner: Spread::Restless(0.07),
        brow_outer: Spread::Restless(0.07),
        brow_lower: Spread::Restless(0.07),
        lids_wide: Spread::Restless(0.09),
        lids_tight: Spread::Restless(0.05),
        nose_wrinkle: Spread::Restless(0.03),
        lip_raise: Spread::Restless(0.04),
        smile: Spread::Restless(0.06),
        mouth_stretch: Spread::Restless(0.06),
        corners_down: Spread::Restless(0.05),
        jaw_drop: Spread::Restless(0.05),
        lips_press: Spread::Restless(0.05),
        one_sided: Spread::Restless(0.04),
        gaze_x: Spread::Restless(0.4),
        gaze_y: Spread::Restless(0.25),
    }
    Style {
        light_from_right: Spread::Either,
        light_from_above: Spread::Either,
        light_hardness: Spread::Share,
        light_warmth: Spread::Either,
        exposure: Spread::Either,
        contrast: Spread::Either,
        saturation: Spread::Either,
        blur: Spread::Share,
        grain: Spread::Share,
        camera_near: Spread::Share,
        backdrop_kind: Spread::Kind(&[2.0, 2.0, 2.0, 2.0, 1.0]),
        backdrop_hue: Spread::Share,
        backdrop_light: Spread::Share,
        hair_kind: Spread::Kind(&[0.6, 1.0, 1.6, 1.6, 1.4, 1.8, 1.4, 1.2]),
        hair_volume: Spread::Share,
        hair_tint: Spread::Either,
        hair_parting: Spread::Either,
        glasses_kind: Spread::Kind(&[5.5, 1.3, 1.3, 1.0, 0.3]),
        glasses_colour: Spread::Share,
        beard_kind: Spread::Kind(&[5.0, 1.2, 0.8, 0.8, 1.2]),
        beard_density: Spread::Share,
        lip_colour: Spread::Share,
        clothes_hue: Spread::Share,
        clothes_light: Spread::Share,
    }
}
