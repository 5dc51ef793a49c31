//! How far the label can be told without looking at the expression: from pose, identity and style. Labels that these
//! predict were given, or gathered, by something else than what the face does.

use serde::{Deserialize, Serialize};

use super::parallel::{self, Ticks};
use super::readings::{Labelled, MIN_OF_CLASS, ReadingError, by_person};
use crate::evaluate::auc;
use crate::evaluate::bootstrap::Draws;
use crate::evaluate::error::Stopped;
use crate::evaluate::folds;
use crate::evaluate::reader::{Reader, Training};
use crate::evaluate::spread::places;
use crate::evaluate::{Measured, Subset};
use crate::face::{Expression, Part};
use crate::nn::Code;
use crate::nn::losses::classification::counts;

/// What the label is read from: what should tell, the others one by one, and all of them together.
pub const SUBSETS: [Subset; 5] = [
    Subset::Only(Part::Expression),
    Subset::Only(Part::Pose),
    Subset::Only(Part::Identity),
    Subset::Only(Part::Style),
    Subset::Without(Part::Expression),
];
/// Of more faces as many, evenly spread over all, are measured: the interval is narrow enough by then.
const MOST_FACES: usize = 20_000;

/// How well the label is read from some numbers of the code.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Shortcut {
    /// As the paper writes it: "f_e", "f_p", "f_id", "f_s", "f without f_e".
    pub reads: String,
    /// Out of fold, the mean over the classes of the area under the curve of one class against the rest: 0.5 is chance.
    /// The interval is over whole people where they are known.
    pub auc: Measured,
}

/// Reads the labels from each of [`SUBSETS`], by the reader of the method's tables and in five folds of whole people
/// (of single faces where there are fewer than five people). An empty list where there are too few faces or classes.
/// `watch` gets the share that is done, 0 to 1, and says whether to go on; None where it said no.
///
/// # Errors
/// [`ReadingError::Network`].
pub fn measure(
    labelled: &Labelled,
    seed: u64,
    watch: &mut dyn FnMut(f32) -> bool,
) -> Result<Option<Vec<Shortcut>>, ReadingError> {
    let Some(faces) = Faces::of(labelled, seed) else { return Ok(Some(Vec::new())) };
    let steps = SUBSETS.len() * folds::count(&faces.fold_of) * Training::default().steps;
    let work = |job: usize, ticks: &Ticks| faces.read_from(SUBSETS[job], seed, ticks);
    let found = parallel::run::<Option<Shortcut>, ReadingError>(SUBSETS.len(), steps, &work, watch)?;
    Ok(found.map(|found| found.into_iter().flatten().collect()))
}

/// The faces that are measured.
struct Faces {
    codes: Vec<Code>,
    given: Vec<Expression>,
    /// Equal for faces of one person.
    groups: Vec<usize>,
    fold_of: Vec<usize>,
}

impl Faces {
    /// None where there are not even two.
    fn of(labelled: &Labelled, seed: u64) -> Option<Self> {
        let of_class = counts(labelled.given);
        let learned: Vec<usize> =
            (0..labelled.len()).filter(|&face| of_class[labelled.given[face].index()] >= MIN_OF_CLASS as u64).collect();
        let chosen: Vec<usize> = places(learned.len(), MOST_FACES).into_iter().map(|place| learned[place]).collect();
        let groups: Vec<usize> = chosen.iter().map(|&face| labelled.groups[face]).collect();
        let each: Vec<usize> = (0..chosen.len()).collect();
        Some(Faces {
            codes: chosen.iter().map(|&face| labelled.codes.numbers(labelled.places[face])).collect(),
            given: chosen.iter().map(|&face| labelled.given[face]).collect(),
            fold_of: by_person(&groups, seed).or_else(|| folds::by_group(&each, seed))?,
            groups,
        })
    }

    /// The outer one is none where it was stopped, the inner one where it cannot be measured.
    fn read_from(&self, subset: Subset, seed: u64, ticks: &Ticks) -> Result<Option<Option<Shortcut>>, ReadingError> {
        let inputs: Vec<Vec<f32>> = self.codes.iter().map(|f| subset.of(f)).collect();
        let (mut chances, mut labels, mut groups) = (Vec::new(), Vec::new(), Vec::new());
        for fold in 0..folds::count(&self.fold_of) {
            let (train, test) = folds::split(&self.fold_of, fold);
            let inputs_of = |faces: &[usize]| faces.iter().map(|&face| &inputs[face]).collect::<Vec<&Vec<f32>>>();
            let labels_of = |faces: &[usize]| faces.iter().map(|&face| self.given[face]).collect::<Vec<Expression>>();
            let reader = match Reader::train(&inputs_of(&train), &labels_of(&train), seed, &mut |_, _| ticks.go_on()) {
                Ok(Some(reader)) => reader,
                Ok(None) => return Ok(Some(None)),
                Err(Stopped) => return Ok(None),
            };
            let test: Vec<usize> = test.into_iter().filter(|&face| reader.knows(self.given[face])).collect();
            chances.extend(reader.probabilities(&inputs_of(&test))?);
            labels.extend(labels_of(&test));
            groups.extend(test.iter().map(|&face| self.groups[face]));
        }
        let measured = auc::one_vs_rest(&chances, &labels, Draws::by_group(seed, &groups)).map(|all| all.mean);
        Ok(Some(measured.map(|auc| Shortcut { reads: subset.name().to_owned(), auc })))
    }
}
