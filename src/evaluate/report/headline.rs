//! The figures that matter: one of each kind for the top of a report, and a few of every set beside each other.

use super::figure::Figure;
use super::{Report, keys};

/// A figure at the top of a report.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Headline<'a> {
    /// What it tells, in a word or two.
    pub title: &'static str,
    /// The set that it was measured on.
    pub set: &'a str,
    pub figure: &'a Figure,
    /// What it is to be judged by on the same set, and what that is called: "other parts".
    pub against: Option<(&'static str, &'a Figure)>,
}

/// A place at the top: of these the first that was measured stands there, with its title, its key, and what it is to be
/// judged by.
type Place = &'static [(&'static str, &'static str, Option<(&'static str, &'static str)>)];

const REST: &str = "other parts";
const PCA: &str = "PCA-99";

const PLACES: [Place; 5] = [
    &[("Faces drawn again", keys::RMSE, Some((PCA, keys::RMSE_PCA_99)))],
    &[
        ("People told apart", keys::VERIFIED, Some((REST, keys::VERIFIED_BY_REST))),
        ("People told apart", keys::FOUND_PERSON, Some((REST, keys::FOUND_PERSON_BY_REST))),
    ],
    &[
        ("Expressions read", keys::EXPRESSION, Some((REST, keys::EXPRESSION_BY_REST))),
        ("Expressions read", keys::FOUND_EXPRESSION, Some((REST, keys::FOUND_EXPRESSION_BY_REST))),
    ],
    &[("Angles read", keys::YAW, Some(("pitch", keys::PITCH)))],
    &[("Person kept", keys::SAME_PERSON, None), ("Detail kept", keys::SHARPNESS, Some((PCA, keys::SHARPNESS_PCA_99)))],
];

/// What is shown of every set, with a short title.
pub const GLANCE: [(&str, &str); 11] = [
    (keys::RMSE, "RMSE"),
    (keys::RMSE_PCA_99, "RMSE, PCA-99"),
    (keys::SHARPNESS, "Sharpness"),
    (keys::FRECHET, "Frechet"),
    (keys::VERIFIED, "Verified, f_id"),
    (keys::VERIFIED_BY_REST, "without f_id"),
    (keys::EXPRESSION, "AUC, f_e"),
    (keys::EXPRESSION_BY_REST, "without f_e"),
    (keys::YAW, "Yaw"),
    (keys::SAME_PERSON, "Same person"),
    (keys::FOUND_PERSON, "Top 7, person"),
];

/// Up to five figures, one a kind. Of several sets that have one, it is that which the paper has a figure of, then that
/// of the most items.
pub fn headlines(report: &Report) -> Vec<Headline<'_>> {
    PLACES
        .iter()
        .filter_map(|place| place.iter().find_map(|&(title, key, with)| best(report, title, key, with)))
        .collect()
}

fn best<'a>(
    report: &'a Report,
    title: &'static str,
    key: &str,
    with: Option<(&'static str, &'static str)>,
) -> Option<Headline<'a>> {
    // The first of equals, which `max_by_key` would not give.
    let (set, figure) = report
        .sets
        .iter()
        .rev()
        .filter_map(|set| Some((set, set.figure(key)?)))
        .max_by_key(|(_, figure)| (figure.paper.is_some(), figure.value.n))?;
    let against = with.and_then(|(name, key)| Some((name, set.figure(key)?)));
    Some(Headline { title, set: &set.name, figure, against })
}
