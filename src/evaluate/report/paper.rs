//! The paper's own figures: those that section 7 of the method quotes, which are all that is known here. A set is known
//! by its name (`lfw`, `lfw-val`), and may have been measured in part; where it is another one nothing stands beside its
//! figures, and a note says so.

use super::Section;
use super::figure::Paper;
use super::keys;
use crate::evaluate::options::PartName;

/// The paper's sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Set {
    Lfw,
    CelebA,
    AffectNet,
    VggFace2,
}

use Set::{AffectNet, CelebA, Lfw, VggFace2};

impl Set {
    const ALL: [Set; 4] = [Lfw, CelebA, AffectNet, VggFace2];

    fn name(self) -> &'static str {
        match self {
            Lfw => "LFW",
            CelebA => "CelebA",
            AffectNet => "AffectNet",
            VggFace2 => "VGGFace2",
        }
    }

    /// The one that a name has as one of its words, and whether it has no others.
    fn of(name: &str) -> Option<(Set, bool)> {
        let name = name.to_lowercase();
        let words: Vec<&str> = name.split(|letter: char| !letter.is_alphanumeric()).collect();
        let set = Set::ALL.into_iter().find(|set| words.contains(&set.name().to_lowercase().as_str()))?;
        Some((set, words.len() == 1))
    }
}

/// Key, set and value, in the figure's own unit.
const FIGURES: [(&str, Set, f64); 14] = [
    (keys::RMSE_AUTHORS, Lfw, 20.41),
    (keys::RMSE_AUTHORS, CelebA, 19.56),
    (keys::RMSE_AUTHORS, AffectNet, 21.78),
    (keys::RMSE_AUTHORS, VggFace2, 21.21),
    (keys::VERIFIED, Lfw, 0.958),
    (keys::VERIFIED_BY_REST, Lfw, 0.644),
    (keys::EXPRESSION, AffectNet, 0.86),
    (keys::EXPRESSION_BY_REST, AffectNet, 0.79),
    (keys::YAW, CelebA, 2.66),
    (keys::PITCH, CelebA, 2.95),
    (keys::ROLL, CelebA, 2.05),
    (keys::YAW, AffectNet, 3.61),
    (keys::PITCH, AffectNet, 3.53),
    (keys::ROLL, AffectNet, 2.09),
];

/// Why no figure of the paper stands beside the Frechet distance.
const FID: &str = "The paper gives an FID of 17.79, in the features of Inception, whose weights cannot come with this \
                   program; a Frechet distance in a recogniser's features cannot be set beside it";
/// What keeps the paper's RMSE and ours apart.
const CROPS: &str = "The paper's RMSE was taken on other crops than these and is no goal here";

/// The paper's figure for a measure on a set; none where it has none, or on other data. `measured` says how much of the
/// set was measured, `2,000 of 13,233` faces, where that is not all of it.
pub fn beside(set: &str, measured: Option<&str>, key: &str) -> Option<Paper> {
    let (of, whole) = Set::of(set)?;
    let &(_, _, value) = FIGURES.iter().find(|&&(name, on, _)| name == key && on == of)?;
    let is_of_pairs = key.starts_with("verification.");
    let part = match (whole, measured) {
        (true, None) => None,
        // The pictures of all pairs are read, however few faces are measured beside them.
        (true, Some(_)) if is_of_pairs => None,
        (true, Some(faces)) => {
            Some(format!("The paper's figure is over all of its {} faces, and this one is over {faces}", of.name()))
        }
        (false, _) if is_of_pairs => Some(format!(
            "The paper's figure is over all ten folds of {}, and {set} is a part of it as far as its name tells",
            of.name()
        )),
        (false, _) => Some(format!(
            "The paper's figure is over all of its {} faces, and {set} is a part of them as far as its name tells",
            of.name()
        )),
    };
    let crops = (key == keys::RMSE_AUTHORS).then(|| CROPS.to_owned());
    let is_same = part.is_none();
    let note = [crops, part].into_iter().flatten().collect::<Vec<_>>().join(". ");
    Some(Paper { value, on: of.name().to_owned(), same_data: is_same, note })
}

/// What is to be said where the paper measured the same on other data, or something else; none where it says nothing
/// about this part, or where its figures stand beside these.
pub fn note(set: &str, section: &Section) -> Option<String> {
    if section.figures.iter().any(|figure| figure.paper.is_some()) {
        return None;
    }
    let keys: &[&str] = match section.part {
        PartName::Reconstruction => &[keys::RMSE_AUTHORS],
        PartName::Verification => &[keys::VERIFIED],
        PartName::Expression => &[keys::EXPRESSION],
        PartName::Pose => &[keys::YAW],
        PartName::Sampling => return section.figures.iter().any(|f| f.key == keys::FRECHET).then(|| FID.to_owned()),
        _ => return None,
    };
    let measured: Vec<&str> = Set::ALL
        .into_iter()
        .filter(|&of| FIGURES.iter().any(|&(key, on, _)| on == of && keys.contains(&key)))
        .map(Set::name)
        .collect();
    Some(format!(
        "The paper measured this on {}; {set} is another set, so none of its figures stands beside these",
        list(&measured)
    ))
}

/// `A`, `A and B`, `A, B and C`.
fn list(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
