//! What each part of a report is, said to someone who has not read the paper.

use crate::evaluate::options::PartName;

/// What a part is, in one sentence for someone who has not read the paper.
pub fn explanation(part: PartName) -> &'static str {
    match part {
        PartName::Reconstruction => {
            "Each face is turned into 99 numbers and back into a picture, and the two pictures are compared pixel by \
             pixel, beside what a linear method (PCA) keeps with as many numbers."
        }
        PartName::Sampling => {
            "Faces of nobody are drawn at random from the model, and it is measured how much they look like the real \
             ones as a crowd, and whether they differ from each other as much."
        }
        PartName::Verification => {
            "Two photographs show the same person or not, and the distance between one part of their codes decides; \
             only the identity part should be able to."
        }
        PartName::Expression => {
            "A small network reads each face's expression from one part of its code; it should be able to from the \
             expression part and not from the rest."
        }
        PartName::Pose => "The head's angles as the code gives them, against the angles that are known.",
        PartName::Retrieval => {
            "Each face searches among all the others by one part of its code, and it is counted how many of the \
             seven nearest share what that part should say."
        }
        PartName::Cycle => {
            "One part of a face is replaced by another face's, the result is drawn and read again: the replaced part \
             should come back as asked, and the other parts should stay."
        }
        PartName::Identity => {
            "A separate face recognition network judges whether a face is still the same \
             person after it was reconstructed and after it was edited."
        }
        PartName::Disentanglement => {
            "On drawn faces everything is known, so it can be asked how well each property is read from the part of \
             the code that should hold it, and how well from all the others, which should not."
        }
        PartName::Figures => {
            "What the numbers look like: faces taken from the measured ones by a fixed rule, not picked by hand."
        }
    }
}
