//! What each loss is and what its curve should do, in one sentence; and the rows of a sheet of pictures.
//!
//! A loss is drawn as it is noted: those of the parts and of swapped faces times their weights in the settings, all
//! others without.

/// Losses by the start of their name, the longest first where one begins another.
const LOSSES: [(&str, &str); 21] = [
    (
        "reconstruction",
        "How far the picture that comes back is from the one that went in, of 255: falls quickly, then slowly for as long as it trains.",
    ),
    (
        "codes",
        "How far the encoder's numbers are from the principal components that are its target: starts near 1, falls quickly, then slowly.",
    ),
    ("structure", "What the reconstruction lacks of the picture's contrast: falls slowly, from at most 1 towards 0."),
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
    (
        "recognised",
        "How far the recogniser takes the reconstruction for somebody else, a squared distance: falls, and below 0.36 it sees the same person.",
    ),
    (
        "swapped recognised",
        "The same distance between a face with an exchanged part and whoever gave its identity, times its weight: falls slowly.",
    ),
    ("inverse", "What is lost on the way to the parts and back: falls towards 0 within the first thousand steps."),
    (
        "pose",
        "How wrong the three angles are, in radians or their squares, times its weight: falls quickly and stays low.",
    ),
    (
        "identity",
        "Whether pictures of one person lie nearer together than others: up to 0.4 times its weight, more where a recogniser teaches; falls.",
    ),
    (
        "style",
        "Whether pictures of one clip, or in one light, lie nearer together than others: up to 0.4 times its weight; falls.",
    ),
    (
        "expression",
        "Whether faces that do the same lie nearer together than others: up to 0.4 times its weight; falls slowly.",
    ),
    ("cycle", "Whether a face with an exchanged part is read as what was put into it: falls slowly over stage two."),
    (
        "augmentation",
        "Whether exchanged parts still mean what their labels say: follows the losses of the parts, a little above them.",
    ),
    ("exchange", "Exchanges whose right answer is a picture that exists: falls as the parts come apart."),
    (
        "decorrelation",
        "How much the numbers of different parts go together: falls towards 3,360 over the batch's size, which is what chance leaves.",
    ),
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
