//! What each part of the code says of synthetic faces, of which everything is known.

use super::Subject;
use crate::data::shards::Record;
use crate::data::synth::FACTORS;
use crate::evaluate::disentanglement::{self, Attribute, Measure, Row, Values};
use crate::evaluate::error::Halt;
use crate::evaluate::options::PartName;
use crate::evaluate::report::{Better, Cell, Column, Figure, Section, Table, Unit, keys};
use crate::face::{Part, Pose};
use crate::nn::Code;

pub(super) fn measure(subject: &Subject) -> Result<Section, Halt> {
    let faces = subject.faces;
    let complete: Vec<usize> = (0..faces.len()).filter(|&face| is_complete(&faces.labels[face])).collect();
    let people = faces.people();
    let codes: Vec<Code> = complete.iter().map(|&face| faces.f[face]).collect();
    let who: Vec<usize> = complete.iter().map(|&face| people[face]).collect();
    let records: Vec<&Record> = complete.iter().map(|&face| &faces.labels[face]).collect();
    let Some(table) = disentanglement::table(&codes, &who, &attributes(&records), subject.options.seed) else {
        let why =
            if complete.is_empty() { "only synthetic faces have its truth" } else { "it takes two people or more" };
        return Err(Halt::Unmeasured(format!(
            "Disentanglement was not measured, since {why}; give shards that `facespace synth` made"
        )));
    };
    let mut section = Section::new(PartName::Disentanglement);
    let name = "Attributes that are read better from their own part than from the rest";
    section.figures.push(Figure::new("disentanglement.own_part", name, Unit::Share, Better::Higher, table.own_part));
    for row in &table.rows {
        section.figures.extend(figures(row));
    }
    section.tables.push(by_part(&table.rows));
    section.notes.push(format!("Of {} faces of {} people", table.faces, table.people));
    Ok(section)
}

fn is_complete(record: &Record) -> bool {
    record.factors.as_ref().is_some_and(|factors| factors.len() == FACTORS.len())
        && record.person.is_some()
        && record.pose_deg.is_some()
        && record.expression.is_some()
        && record.valence.is_some()
        && record.arousal.is_some()
}

fn unit(measure: Measure) -> Unit {
    match measure {
        Measure::R2 => Unit::Score,
        Measure::BalancedAccuracy | Measure::Accuracy => Unit::Share,
    }
}

fn figures(row: &Row) -> [Figure; 2] {
    let key = format!("disentanglement.{}", keys::word(&row.attribute));
    let name = |from: &str| format!("{} of {} from {from}", row.measure.name(), row.attribute);
    let unit = unit(row.measure);
    let own = Figure::new(format!("{key}.own"), name("its own part"), unit, Better::Higher, row.from_own());
    let rest = Figure::new(format!("{key}.rest"), name("the rest"), unit, Better::Lower, row.from_rest);
    let group = format!("What {} should say", row.own_part.name());
    [own.of(group.as_str()).about(Some(row.own_part)), rest.of(group)]
}

/// A row for each attribute, a column for each part.
fn by_part(rows: &[Row]) -> Table {
    let words = ["attribute", "own part", "measure"].map(Column::words);
    let parts = Part::ALL.map(|part| Column::numbers(part.name(), Unit::Score).about(Some(part)));
    let ends = ["rest", "chance"].map(|name| Column::numbers(name, Unit::Score));
    let columns = words.into_iter().chain(parts).chain(ends).collect();
    let mut table = Table::new("How well each attribute is read", columns);
    for row in rows {
        let words = [row.attribute.as_str(), row.own_part.name(), row.measure.name()].map(Cell::from);
        let numbers = row.from_part.into_iter().chain([row.from_rest]).map(Cell::from);
        table.rows.push(words.into_iter().chain(numbers).chain([Cell::from(row.chance)]).collect());
    }
    table
}

/// All that is known of synthetic faces; of those that lack something the value is 0.
pub fn attributes(records: &[&Record]) -> Vec<Attribute> {
    let numbers = |name: &str, part: Part, value: &dyn Fn(&Record) -> Option<f32>| {
        let values = records.iter().map(|&record| value(record).unwrap_or_default()).collect();
        Attribute { name: name.to_owned(), part, values: Values::Numbers(values) }
    };
    let mut all = Vec::new();
    for (i, name) in Pose::NAMES.into_iter().enumerate() {
        all.push(numbers(name, Part::Pose, &|record: &Record| Some(record.pose_deg?[i])));
    }
    all.push(Attribute { name: "person".to_owned(), part: Part::Identity, values: Values::People });
    let classes = records.iter().map(|record| usize::from(record.expression.unwrap_or_default())).collect();
    all.push(Attribute { name: "class".to_owned(), part: Part::Expression, values: Values::Classes(classes) });
    all.push(numbers("valence", Part::Expression, &|record: &Record| record.valence));
    all.push(numbers("arousal", Part::Expression, &|record: &Record| record.arousal));
    for (i, factor) in FACTORS.iter().enumerate() {
        all.push(numbers(factor.name, factor.part, &|record: &Record| record.factors.as_ref()?.get(i).copied()));
    }
    all
}
