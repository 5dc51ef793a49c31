//! The keys of figures: `PART.WHAT[.MEASURE]`, lower case, words joined by `_`. Two reports are compared by them, and
//! the paper's figures are found by them; those that this room asks for stand here, the others follow the same pattern:
//!
//! - `reconstruction.{phi,direct,pca_99,pca_96}.{rmse,rmse_authors,mae,sharpness}`;
//! - `sampling.{frechet,diversity_pixels,diversity_pixels_real,diversity_descriptors,diversity_descriptors_real}`;
//! - `verification.READS`, `expression.READS.{mean,logits,CLASS}` with READS as [`reads`] writes a
//!   [`Subset`]: `f_id`, `f_without_f_id`;
//! - `pose.{yaw,pitch,roll}`;
//! - `retrieval.{person,expression,pose,clip}.READS.{top_7,map}`;
//! - `cycle.PART.{asked,drift_PART}`;
//! - `identity.{reconstruction,yaw_left,yaw_right,happy,style,...}.{same_person,distance}`;
//! - `disentanglement.ATTRIBUTE.{own,rest}`.

use crate::evaluate::Subset;

pub const RMSE: &str = "reconstruction.phi.rmse";
pub const RMSE_AUTHORS: &str = "reconstruction.phi.rmse_authors";
pub const RMSE_PCA_99: &str = "reconstruction.pca_99.rmse";
pub const SHARPNESS: &str = "reconstruction.phi.sharpness";
pub const SHARPNESS_PCA_99: &str = "reconstruction.pca_99.sharpness";
pub const FRECHET: &str = "sampling.frechet";
pub const VERIFIED: &str = "verification.f_id";
pub const VERIFIED_BY_REST: &str = "verification.f_without_f_id";
pub const EXPRESSION: &str = "expression.f_e.mean";
pub const EXPRESSION_BY_REST: &str = "expression.f_without_f_e.mean";
pub const YAW: &str = "pose.yaw";
pub const PITCH: &str = "pose.pitch";
pub const ROLL: &str = "pose.roll";
pub const SAME_PERSON: &str = "identity.reconstruction.same_person";
pub const FOUND_PERSON: &str = "retrieval.person.f_id.top_7";
pub const FOUND_PERSON_BY_REST: &str = "retrieval.person.f_without_f_id.top_7";
pub const FOUND_EXPRESSION: &str = "retrieval.expression.f_e.top_7";
pub const FOUND_EXPRESSION_BY_REST: &str = "retrieval.expression.f_without_f_e.top_7";

/// A subset's name within a key: `f_id`, `f_without_f_id`.
pub fn reads(subset: Subset) -> String {
    word(subset.name())
}

/// Any name as a word of a key: `Same person` becomes `same_person`.
pub fn word(name: &str) -> String {
    let mut word = String::with_capacity(name.len());
    for letter in name.chars() {
        if letter.is_alphanumeric() || letter == '-' {
            word.extend(letter.to_lowercase());
        } else if !word.ends_with('_') {
            word.push('_');
        }
    }
    word.trim_matches('_').to_owned()
}
