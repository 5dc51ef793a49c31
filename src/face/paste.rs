//! How an edited face goes back into its photograph, as a person chooses it; `find::paste` does it. Plain Rust and
//! serde.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

/// Shares of the change that can be put in; 0 leaves the photograph as it is.
const STRENGTHS: RangeInclusive<f32> = 0.0..=1.0;
/// Sizes of the mask, where 1 covers the face.
const MASKS: RangeInclusive<f32> = 0.5..=1.5;

/// What is put into the photograph.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PasteMode {
    /// What the edit changes, added to the photograph's own pixels.
    #[default]
    Change,
    /// The decoded face itself.
    Generated,
}

/// How an edited face is put back.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PasteOptions {
    pub mode: PasteMode,
    /// Share of the change that is put in, 0 to 1.
    pub strength: f32,
    /// Size of the area that may change, 0.5 to 1.5; 1 covers the face.
    pub mask: f32,
}

/// A number that is not among those that can be chosen.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("The value {value} of {what} is out of range; give a number from {low} to {high}")]
pub struct PasteError {
    pub what: &'static str,
    pub value: f32,
    pub low: f32,
    pub high: f32,
}

impl Default for PasteOptions {
    fn default() -> Self {
        Self { mode: PasteMode::default(), strength: 1.0, mask: 1.0 }
    }
}

impl PasteOptions {
    /// The same options, if their numbers are within their ranges.
    ///
    /// # Errors
    /// When strength or mask are out of range or not finite; the sentence names the first of them.
    pub fn checked(self) -> Result<Self, PasteError> {
        within("strength", self.strength, STRENGTHS)?;
        within("the mask's size", self.mask, MASKS)?;
        Ok(self)
    }
}

fn within(what: &'static str, value: f32, range: RangeInclusive<f32>) -> Result<(), PasteError> {
    // Holds what is not a number as well: it is in no range.
    if range.contains(&value) {
        return Ok(());
    }
    Err(PasteError { what, value, low: *range.start(), high: *range.end() })
}
