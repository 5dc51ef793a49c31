//! What should be said about a face before it is edited: it is too small, too far turned, and so on. Found by
//! `find::quality`, said here.

use std::fmt;

use serde::Serialize;

/// Something that lowers the quality of an edit; its text is one sentence for people.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Remark {
    /// The face's height in the photograph, in pixels.
    Small { pixels: f32 },
    /// The crop shows less detail than faces in focus do.
    Blurred,
    /// The head is turned to a side.
    Turned { yaw_deg: f32 },
    /// The head looks up or down.
    Tilted { pitch_deg: f32 },
    /// The share of the crop that lies outside the photograph, 0 to 1.
    CutOff { share: f32 },
    /// The reconstruction's pixel RMSE (0..255), and the one that 97.5 % of faces stay below.
    Unlike { rmse: f32, usual: f32 },
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match *self {
            Remark::Small { pixels } => write!(
                f,
                "The face is only {pixels:.0} pixels high, so fine features are guessed; use a larger photograph if \
                 there is one"
            ),
            Remark::Blurred => {
                f.write_str("The face is blurred, so an edit may look sharper than it; use a sharper photograph")
            }
            Remark::Turned { yaw_deg } => write!(
                f,
                "The head is turned {:.0} degrees to the picture's {}, so the hidden side is guessed; use a photograph \
                 from further in front",
                yaw_deg.abs(),
                if yaw_deg < 0.0 { "left" } else { "right" }
            ),
            Remark::Tilted { pitch_deg } => write!(
                f,
                "The head is tilted {:.0} degrees {}, so edits may look distorted; use a photograph at eye level",
                pitch_deg.abs(),
                if pitch_deg < 0.0 { "down" } else { "up" }
            ),
            Remark::CutOff { share } => write!(
                f,
                "Of the square around the face {:.0} % lie outside the photograph and are filled by mirroring, so \
                 edits near that edge may look odd; use a photograph that shows the whole face",
                100.0 * share
            ),
            Remark::Unlike { rmse, usual } => write!(
                f,
                "The model knows few faces like this one (error {rmse:.0}, usual is up to {usual:.0}), so an edit may \
                 not look like the person; refine the face first, or check its crop"
            ),
        }
    }
}
