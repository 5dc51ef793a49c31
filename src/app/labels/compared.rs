//! The face of the tray that stands beside the one that is looked at, and how far the two are apart.

use super::other_model;
use crate::app::state::{Face, State};
use crate::face::{FaceCode, PartAngles};

const OTHER_WEIGHTS: &str = "The two cannot be compared by angles, since the audit was made with other weights than \
                             those in use; rebuild it, or open its weights";

/// The face of the tray, where one stands there and is still in the tray.
pub fn face(state: &State) -> Option<&Face> {
    state.labels.compared.and_then(|id| state.face(id))
}

/// How far that face, as it is in its photograph, and one of the open audit are apart, whose code there is `audited`;
/// none while that is not known yet.
///
/// # Errors
/// One sentence, where it cannot be said, or not yet.
pub fn apart(state: &State, face: &Face, audited: Option<&FaceCode>) -> Result<Option<PartAngles>, String> {
    if other_model(state).is_some() {
        return Err(OTHER_WEIGHTS.to_owned());
    }
    let Some(own) = state.code_of(face, "compare with another face")? else {
        let name = &face.record.name;
        return Err(format!("{name} is not encoded yet; the angles come once the networks have looked at it"));
    };
    Ok(audited.map(|audited| PartAngles::between(audited, &own)))
}
