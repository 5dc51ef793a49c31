//! Pairs of pictures told apart by each part of the code (Table 2 of the paper).

use std::collections::HashMap;

use super::{Subject, part_read};
use crate::evaluate::error::Halt;
use crate::evaluate::options::PartName;
use crate::evaluate::pairs::picture_name;
use crate::evaluate::report::{Better, Figure, Section, Unit, keys};
use crate::evaluate::verification::{self, Placed};
use crate::face::Part;
use crate::nn::Code;

pub(super) fn measure(subject: &Subject) -> Result<Section, Halt> {
    let listed = subject.pairs.map_err(|why| Halt::Unmeasured(why.to_owned()))?;
    let labels = subject.faces.labels.iter().chain(&subject.beyond.labels);
    let places: HashMap<&str, usize> = labels.enumerate().map(|(i, record)| (picture_name(&record.path), i)).collect();
    let codes: Vec<Code> = subject.faces.f.iter().chain(&subject.beyond.f).copied().collect();
    let Placed { pairs, remarks } = verification::placed(listed, |name| places.get(name).copied());
    let Some(verified) = verification::verify(&codes, &pairs, subject.options.seed) else {
        // Those that name missing pictures come first; what else is said of pairs is of figures that there are not.
        let missing = remarks.into_iter().next().filter(|_| pairs.len() < listed.len());
        let why = [verification::why_not(&pairs).to_owned()].into_iter().chain(missing);
        return Err(Halt::Unmeasured(why.collect::<Vec<_>>().join(". ")));
    };
    let mut section = Section::new(PartName::Verification);
    for part in &verified.parts {
        let read = part_read(&part.reads);
        // Only the identity should tell people apart.
        let better = if read == Some(Part::Identity) { Better::Higher } else { Better::Lower };
        let key = format!("verification.{}", keys::word(&part.reads));
        let accuracy = Figure::new(key.as_str(), part.reads.as_str(), Unit::Share, better, part.accuracy);
        section.figures.push(accuracy.of("Accuracy").about(read));
        let area = Figure::new(format!("{key}.auc"), part.reads.as_str(), Unit::Score, better, part.auc);
        section.figures.push(area.of("Area under the curve").about(read));
    }
    let gap = Figure::new("verification.gap", "f_id above f without f_id", Unit::Share, Better::Higher, verified.gap);
    section.figures.push(gap.of("Accuracy"));
    section.notes.extend(remarks);
    Ok(section)
}
