//! Expressions read from each part of the code (Table 3 of the paper).

use super::{Subject, Watch, part_read};
use crate::evaluate::error::Halt;
use crate::evaluate::expression::{self, Labelled, ReadExpression, SUBSETS};
use crate::evaluate::faces::Faces;
use crate::evaluate::lent::Model;
use crate::evaluate::options::PartName;
use crate::evaluate::report::figure::count;
use crate::evaluate::report::{Better, Cell, Column, Figure, Section, Table, Unit, keys};
use crate::face::{Expression, FaceSpace, Part};
use crate::nn::Code;

/// What an area is of where there are several readers.
const POOLED: &str = "Each fold is read by a network of its own, and an area is taken once over the scores of all folds \
                      together, as if one network had given them";

pub(super) fn measure(subject: &Subject, model: &dyn Model, watch: Watch) -> Result<Section, Halt> {
    let seed = subject.options.seed;
    let training = subject.training.map_err(|why| Halt::Unmeasured(why.to_owned()))?.map(Known::of);
    let known = Known::of(subject.faces);
    let (train, test) = (training.as_ref().map(Known::labelled), known.labelled());
    let (read, trained_on) = match train {
        Some(train) => {
            let count = train.labels.len();
            (expression::across(train, test, &SUBSETS, seed, watch)?, format!("{count} training faces"))
        }
        None => {
            let folds = "the other folds of these faces, by whole people".to_owned();
            (expression::in_folds(test, &SUBSETS, seed, watch)?, folds)
        }
    };
    let Some(read) = read else { return Err(Halt::Unmeasured(expression::why_not(train, test))) };
    let mut section = Section::new(PartName::Expression);
    for part in &read.parts {
        section.figures.extend(figures(part));
    }
    if let Some(gap) = read.gap {
        let gap = Figure::new("expression.gap", "f_e above f without f_e", Unit::Score, Better::Higher, gap);
        section.figures.push(gap.of("Mean over the classes"));
    }
    section.tables.push(by_class(&read.parts));
    section.notes.push(format!("The networks that read expressions were trained on {trained_on}"));
    if train.is_none() {
        section.notes.push(POOLED.to_owned());
    }
    if read.left_out > 0 {
        section.notes.push(format!(
            "Of the labelled faces {} were left out, since the networks saw none of their class; give training shards \
             that have all classes",
            read.left_out
        ));
    }
    section.notes.extend(unknown(&known.labels, model.space()));
    section.notes.extend(subject.training.ok().flatten().and_then(no_expressions));
    Ok(section)
}

/// The faces that have an expression.
struct Known {
    codes: Vec<Code>,
    labels: Vec<Expression>,
    people: Vec<usize>,
}

impl Known {
    fn of(faces: &Faces) -> Self {
        let people = faces.people();
        let known = faces.expressions();
        let codes = known.iter().map(|&(face, _)| faces.f[face]).collect();
        let people = known.iter().map(|&(face, _)| people[face]).collect();
        Known { codes, labels: known.into_iter().map(|(_, label)| label).collect(), people }
    }

    fn labelled(&self) -> Labelled<'_> {
        Labelled { codes: &self.codes, labels: &self.labels, people: &self.people }
    }
}

/// The mean areas, and for the part that should know and the rest those of every class.
fn figures(read: &ReadExpression) -> Vec<Figure> {
    let part = part_read(&read.reads);
    let own = part == Some(Part::Expression);
    let better = if own { Better::Higher } else { Better::Lower };
    let key = format!("expression.{}", keys::word(&read.reads));
    let figure = |what: &str, name: &str, group: &str, value| {
        Figure::new(format!("{key}.{what}"), name, Unit::Score, better, value).of(group).about(part)
    };
    let mut figures = vec![
        figure("mean", &read.reads, "Mean over the classes", read.by_probability.mean),
        figure("logits", &read.reads, "Mean over the classes, by the logits", read.by_logit.mean),
    ];
    if own || part.is_none() {
        let group = format!("By {}", read.reads);
        let classes = read.by_probability.classes.iter();
        figures.extend(classes.map(|of| figure(of.class.name(), &capital(of.class.name()), &group, of.auc)));
    }
    figures
}

/// A row a class, a column for everything that is read.
fn by_class(parts: &[ReadExpression]) -> Table {
    let column =
        |read: &ReadExpression| Column::numbers(read.reads.as_str(), Unit::Score).about(part_read(&read.reads));
    let names = [Column::words("class"), Column::words("faces")];
    let mut table =
        Table::new("Area under the curve by class", names.into_iter().chain(parts.iter().map(column)).collect());
    let classes = parts.first().map(|read| read.by_probability.classes.as_slice()).unwrap_or_default();
    for (place, of) in classes.iter().enumerate() {
        let areas = parts
            .iter()
            .map(|read| read.by_probability.classes.get(place).map_or(Cell::Empty, |class| Cell::from(class.auc)));
        let words = [Cell::from(of.class.name()), Cell::from(of.n.to_string())];
        table.rows.push(words.into_iter().chain(areas).collect());
    }
    table
}

/// What there is to say of labels of which the weights saw too few faces to have their mean.
fn unknown(labels: &[Expression], space: &FaceSpace) -> Option<String> {
    let is_unknown = |class: &Expression| labels.contains(class) && space.class_mean(*class).is_none();
    let classes: Vec<&str> = Expression::ALL.into_iter().filter(is_unknown).map(Expression::name).collect();
    (!classes.is_empty()).then(|| {
        format!(
            "These weights were trained on too few faces labelled {} to know that expression; what is read of such faces \
             here comes from the labels of this report alone",
            classes.join(" or ")
        )
    })
}

/// What there is to say of training faces whose label is no expression.
fn no_expressions(training: &Faces) -> Option<String> {
    let labels = training.unknown_labels;
    (labels > 0).then(|| {
        format!(
            "The networks were not trained on training faces whose label is none of the eight expressions ({}); correct \
             those labels to use them",
            count(labels)
        )
    })
}

fn capital(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
