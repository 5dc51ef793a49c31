//! What each loss is and what its curve should do, in one sentence; and the rows of a sheet of pictures.

/// Losses by the start of their name, the longest first where one begins another.
const LOSSES: [(&str, &str); 18] = [
    (
        "reconstruction",
        "How far the picture that comes back is from the one that went in, of 255: falls quickly, then slowly for as long as it trains.",
    ),
    ("structure", "What the reconstruction lacks of the picture's contrast: falls slowly, from 1 towards 0."),
    (
        "latent discriminator",
        "How badly the codes of faces are told from chance: hovers around 1.4 when both sides are equal; near 0, the codes drift away.",
    ),
    (
        "latent",
        "How well the codes of faces pass for chance: hovers around 0.7 when both sides are equal; steadily rising, the codes drift away.",
    ),
    (
        "image discriminator",
        "How badly made pictures are told from photographs: hovers below 1.4; near 0 for long, it has won and teaches nothing more.",
    ),
    (
        "image random",
        "How well pictures of drawn codes pass for photographs: starts high and stays above 0.7; what matters is that it does not run away.",
    ),
    (
        "image",
        "How well reconstructions pass for photographs: stays above 0.7; what matters is that it does not run away.",
    ),
    (
        "feature matching",
        "How much the discriminator's inner view of made pictures differs from real ones: falls slowly.",
    ),
    ("perceptual", "What the face recogniser sees differently in picture and reconstruction: falls, then levels out."),
    ("inverse", "What is lost on the way to the parts and back: falls towards 0 within the first thousand steps."),
    ("pose", "How wrong the three angles are: falls quickly and stays low."),
    (
        "identity",
        "Whether pictures of one person lie nearer together than others: starts near 0.2 and falls below 0.1.",
    ),
    ("style", "Whether pictures of one clip lie nearer together than others: starts near 0.2 and falls."),
    ("expression", "Whether faces that do the same lie nearer together: starts near 0.2 and falls slowly."),
    ("cycle", "Whether a face with an exchanged part is read as what was put into it: falls slowly over stage two."),
    (
        "augmentation",
        "Whether exchanged parts still mean what their labels say: follows the part's own loss, a little above it.",
    ),
    ("exchange", "Exchanges whose right answer is a picture that exists: falls as the parts come apart."),
    ("descriptor", "How far identity is from what the face recogniser says, 1 being unrelated: falls below 0.5."),
];

const OTHER: &str = "A part of what is trained: lower is better, and a curve that runs away upwards is a bad sign.";

/// The sentence of a loss.
pub fn loss(name: &str) -> &'static str {
    let name = name.to_lowercase();
    LOSSES.iter().find(|(start, _)| name.starts_with(start)).map_or(OTHER, |(_, sentence)| sentence)
}

pub const HELD_OUT: &str = "The error of reconstructions in pixel values, of 255. The held-out line should fall below the \
                            mean face's soon and come near that of PCA; where the training line falls on and the held-out \
                            one rises, the set is too small.";

/// What a row of the sheet shows, and its explanation.
pub fn row(name: &str) -> (&str, &'static str) {
    match name {
        "photograph" => ("Photograph", "Pictures that the training has not seen"),
        "reconstruction" => ("Reconstruction", "The same, through 99 numbers and back"),
        "pose" => ("Pose of next", "The face, turned as the one to its right"),
        "identity" => ("Identity of next", "The face, with the person of the one to its right"),
        "expression" => ("Expression of next", "The face, with what the one to its right does"),
        "style" => ("Style of next", "The face, in the light and picture quality of the one to its right"),
        "random" => ("Random", "Faces that nobody has"),
        other => (other, "A row of pictures of this step"),
    }
}
