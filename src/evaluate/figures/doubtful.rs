//! Fig. 6: faces whose label looks wrong to networks that read expressions and never saw these faces.

use image::RgbImage;

use super::{Drawing, FigureError, Material};
use crate::data::image::{Edge, Origin, board, tile};
use crate::evaluate::Subset;
use crate::evaluate::error::{EvaluateError, Stopped};
use crate::evaluate::faces::Faces;
use crate::evaluate::folds;
use crate::evaluate::parts::Watch;
use crate::evaluate::reader::Reader;
use crate::face::{Expression, FaceCode, Part};
use crate::nn::Code;

const FIGURE: &str = "Fig. 6";
const SHOWN: usize = 8;
/// What is read.
const READS: Subset = Subset::Only(Part::Expression);

/// The chances of all eight classes.
type Chances = [f32; Expression::ALL.len()];

/// A face with a label.
struct Labelled {
    face: usize,
    given: Expression,
    /// Which reader never saw it.
    reader: usize,
    chances: Chances,
}

/// The faces to whose label the readers give the smallest chance, with what is read in the face and in its
/// reconstruction.
///
/// # Errors
/// Weights without parts, too few labels or faces, no label that looks wrong, what the networks say, and
/// [`FigureError::Stopped`].
pub fn draw(material: &mut Material, watch: Watch) -> Result<Vec<Drawing>, FigureError> {
    material.require_parts(FIGURE)?;
    let labels = material.faces.expressions();
    if labels.is_empty() {
        return Err(FigureError::NoLabels(FIGURE));
    }
    let (readers, trained_on) = readers(material, &labels, watch)?.ok_or(FigureError::NoReader(FIGURE))?;
    let read = read(material.faces, &labels, &readers)?;
    let all = read.len();
    let mut doubtful: Vec<Labelled> = read.into_iter().filter(|one| one.read() != one.given).collect();
    if doubtful.is_empty() {
        return Err(FigureError::NoDoubt(FIGURE));
    }
    let otherwise = doubtful.len();
    doubtful.sort_by(|a, b| a.chance_of_label().total_cmp(&b.chance_of_label()));
    doubtful.truncate(SHOWN);
    let caption = format!(
        "Faces of {} under their labels, which look wrong to networks that read the expression from its part of the \
         code and were trained on {trained_on}. Below a face stands what they read in it, and below its reconstruction \
         what they read in that. Of {all} labels {otherwise} are not what is read; these have the smallest chances. \
         Whether the label is wrong or the network, only a person can tell: `facespace audit` is for that.",
        material.set
    );
    Ok(vec![Drawing {
        file: "fig-6-labels".to_owned(),
        title: "Fig. 6: labels that look wrong".to_owned(),
        caption,
        picture: drawn(material, &doubtful, &readers)?,
        origin: Some(Origin::Composite),
    }])
}

impl Labelled {
    fn read(&self) -> Expression {
        likeliest(&self.chances)
    }

    fn chance_of_label(&self) -> f32 {
        self.chances[self.given.index()]
    }
}

fn drawn(material: &mut Material, doubtful: &[Labelled], readers: &[Trained]) -> Result<RgbImage, FigureError> {
    let faces: Vec<usize> = doubtful.iter().map(|one| one.face).collect();
    let codes: Vec<FaceCode> = faces.iter().map(|&face| material.faces.code(face)).collect();
    let made = material.model.decode(&codes)?;
    let again = material.model.encode(&made)?;
    let mut cells = [Vec::new(), Vec::new()];
    let inputs = material.faces.pictures(&faces);
    for (place, one) in doubtful.iter().enumerate() {
        let in_made = readers[one.reader].chances(&[again[place].f])?;
        cells[0].push(Some(tile(&inputs[place], &[&words(&one.chances)], None)));
        cells[1].push(Some(tile(&made[place], &[&words(&in_made[0])], None)));
    }
    let across: Vec<Edge> =
        doubtful.iter().map(|one| Edge { label: format!("given {}", one.given), picture: None }).collect();
    let down = ["face", "reconstruction"].map(|label| Edge { label: label.to_owned(), picture: None });
    Ok(board(&cells, &across, &down, ""))
}

/// The class with the largest chance, of equal ones the first.
fn likeliest(chances: &Chances) -> Expression {
    let better = |best: Expression, class: Expression| {
        if chances[class.index()] > chances[best.index()] { class } else { best }
    };
    Expression::ALL.into_iter().fold(Expression::Neutral, better)
}

/// "happy 83 %".
fn words(chances: &Chances) -> String {
    let class = likeliest(chances);
    format!("{class} {:.0} %", 100.0 * chances[class.index()])
}

/// A reader, and the labelled faces, by their place, that it may read.
struct Trained {
    reader: Reader,
    unseen: Vec<usize>,
}

impl Trained {
    fn chances(&self, codes: &[Code]) -> Result<Vec<Chances>, EvaluateError> {
        let inputs: Vec<Vec<f32>> = codes.iter().map(|f| READS.of(f)).collect();
        Ok(self.reader.probabilities(&inputs)?)
    }
}

/// One reader of the training faces for all, or one for each fold of whole people that is trained on the others; and
/// what they were trained on, in words. None where there are too few faces, classes or people.
fn readers(
    material: &Material,
    labels: &[(usize, Expression)],
    watch: Watch,
) -> Result<Option<(Vec<Trained>, String)>, Stopped> {
    let seed = material.seed;
    if let Some(training) = material.training {
        let known = training.expressions();
        if let Some(reader) = trained(training, &known, seed, watch)? {
            let all = Trained { reader, unseen: (0..labels.len()).collect() };
            return Ok(Some((vec![all], format!("{} training faces", known.len()))));
        }
    }
    let people = material.faces.people();
    let groups: Vec<usize> = labels.iter().map(|&(face, _)| people[face]).collect();
    let Some(fold_of) = folds::by_group(&groups, seed) else { return Ok(None) };
    let count = folds::count(&fold_of);
    let mut readers = Vec::new();
    for fold in 0..count {
        let (train, unseen) = folds::split(&fold_of, fold);
        let train: Vec<(usize, Expression)> = train.into_iter().map(|place| labels[place]).collect();
        let mut told = |step: usize, steps: usize| watch(fold * steps + step, count * steps);
        let Some(reader) = trained(material.faces, &train, seed, &mut told)? else { return Ok(None) };
        readers.push(Trained { reader, unseen });
    }
    Ok(Some((readers, "other people's faces in the set".to_owned())))
}

/// A reader of these labelled faces; none where they are too few or of one class.
fn trained(faces: &Faces, labels: &[(usize, Expression)], seed: u64, watch: Watch) -> Result<Option<Reader>, Stopped> {
    let inputs: Vec<Vec<f32>> = labels.iter().map(|&(face, _)| READS.of(&faces.f[face])).collect();
    let classes: Vec<Expression> = labels.iter().map(|&(_, class)| class).collect();
    Reader::train(&inputs, &classes, seed, watch)
}

/// What is read in each labelled face; labels of classes that its reader does not know are left out.
fn read(faces: &Faces, labels: &[(usize, Expression)], readers: &[Trained]) -> Result<Vec<Labelled>, EvaluateError> {
    let mut all = Vec::with_capacity(labels.len());
    for (reader, trained) in readers.iter().enumerate() {
        let known = trained.unseen.iter().map(|&place| labels[place]);
        let known: Vec<(usize, Expression)> = known.filter(|&(_, class)| trained.reader.knows(class)).collect();
        let codes: Vec<Code> = known.iter().map(|&(face, _)| faces.f[face]).collect();
        let chances = trained.chances(&codes)?;
        let one =
            |(&(face, given), chances): (&(usize, Expression), Chances)| Labelled { face, given, reader, chances };
        all.extend(known.iter().zip(chances).map(one));
    }
    // By face, whatever fold it is of.
    all.sort_by_key(|one| one.face);
    Ok(all)
}
