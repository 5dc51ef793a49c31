//! What a face does: for each expression class the movements of brows, lids, nose, cheeks and mouth that make it, and
//! the valence and arousal that these movements have.

use super::factors::Values;
use crate::face::Expression;

impl Values {
    /// Adds a class's movements to those that are there; `strength` 0 to 1.
    pub(super) fn express(&mut self, expression: Expression, strength: f32) {
        for (movement, full) in self.movements(expression) {
            *movement += strength * full;
        }
        for movement in self.one_way() {
            *movement = movement.max(0.0);
        }
    }

    fn movements(&mut self, expression: Expression) -> Vec<(&mut f32, f32)> {
        match expression {
            Expression::Neutral => Vec::new(),
            Expression::Happy => vec![
                (&mut self.smile, 1.0),
                (&mut self.lids_tight, 0.45),
                (&mut self.lip_raise, 0.3),
                (&mut self.jaw_drop, 0.22),
            ],
            Expression::Sad => vec![
                (&mut self.brow_inner, 1.0),
                (&mut self.brow_outer, -0.25),
                (&mut self.corners_down, 1.0),
                (&mut self.lids_wide, -0.35),
                (&mut self.brow_lower, 0.15),
            ],
            Expression::Surprise => vec![
                (&mut self.brow_inner, 0.9),
                (&mut self.brow_outer, 1.0),
                (&mut self.lids_wide, 1.0),
                (&mut self.jaw_drop, 1.0),
            ],
            Expression::Fear => vec![
                (&mut self.brow_inner, 1.0),
                (&mut self.brow_outer, 0.35),
                (&mut self.brow_lower, 0.35),
                (&mut self.lids_wide, 0.95),
                (&mut self.mouth_stretch, 1.0),
                (&mut self.jaw_drop, 0.35),
            ],
            Expression::Disgust => vec![
                (&mut self.nose_wrinkle, 1.0),
                (&mut self.lip_raise, 1.0),
                (&mut self.brow_lower, 0.55),
                (&mut self.lids_tight, 0.65),
                (&mut self.corners_down, 0.45),
            ],
            Expression::Anger => vec![
                (&mut self.brow_lower, 1.0),
                (&mut self.brow_outer, 0.25),
                (&mut self.lids_wide, 0.4),
                (&mut self.lips_press, 1.0),
                (&mut self.nose_wrinkle, 0.25),
                (&mut self.corners_down, 0.25),
            ],
            Expression::Contempt => {
                vec![(&mut self.one_sided, 1.0), (&mut self.lids_tight, 0.3), (&mut self.lids_wide, -0.2)]
            }
        }
    }

    /// Movements that have no opposite.
    fn one_way(&mut self) -> [&mut f32; 9] {
        [
            &mut self.brow_lower,
            &mut self.lids_tight,
            &mut self.nose_wrinkle,
            &mut self.lip_raise,
            &mut self.corners_down,
            &mut self.mouth_stretch,
            &mut self.jaw_drop,
            &mut self.lips_press,
            &mut self.one_sided,
        ]
    }

    /// How pleasant the face looks, -1 to 1; a function of its movements alone.
    pub(super) fn valence(&self) -> f32 {
        let pleasant = 0.85 * self.smile + 0.12 * self.brow_outer;
        let unpleasant = 0.5 * self.brow_lower
            + 0.5 * self.mouth_stretch
            + 0.45 * self.corners_down
            + 0.4 * (self.nose_wrinkle + self.one_sided)
            + 0.2 * (self.brow_inner + self.lips_press);
        (pleasant - unpleasant).clamp(-1.0, 1.0)
    }

    /// How stirred the face looks, -1 to 1; a function of its movements alone.
    pub(super) fn arousal(&self) -> f32 {
        let stirred = 0.45 * self.lids_wide
            + 0.35 * (self.jaw_drop + self.brow_lower + self.lips_press)
            + 0.3 * (self.smile + self.mouth_stretch + self.nose_wrinkle)
            + 0.15 * self.brow_outer;
        (stirred - 0.25 * self.corners_down - 0.1 * self.brow_inner).clamp(-1.0, 1.0)
    }
}
