//! One set of faces, part by part.

use std::collections::HashSet;
use std::panic::{self, AssertUnwindSafe};

use super::kept::{About, Kept, Made};
use super::plan::{Plan, Planned};
use super::{Run, Step, work};
use crate::evaluate::error::{EvaluateError, Halt};
use crate::evaluate::faces::{self, Read};
use crate::evaluate::options::PartName;
use crate::evaluate::parts::{self, Subject};
use crate::evaluate::report::figure::count;
use crate::evaluate::report::{Section, SetReport, Unmeasured};

/// Whole people are drawn again for an interval; of fewer than these it comes out too narrow.
const FEW_PEOPLE: usize = 10;

impl Run<'_> {
    /// All parts of a set; false where it was stopped.
    pub(super) fn set(&mut self, plan: &Plan) -> Result<bool, EvaluateError> {
        let read = if plan.is_whole() { Ok(None) } else { self.read(plan).map(Some) };
        let read = match read {
            Ok(Some(Read { faces, .. })) if faces.is_empty() => {
                self.fail(&plan.name, EvaluateError::NoFaces(plan.shards[0].clone()));
                // Why its pictures were passed over.
                if let Some(set) = self.sets.last_mut() {
                    set.skipped = faces.skipped;
                }
                return Ok(true);
            }
            Ok(read) => read,
            Err(Halt::Cancelled) => return Ok(false),
            Err(Halt::Failed(error)) => {
                self.fail(&plan.name, error);
                return Ok(true);
            }
            Err(Halt::Unmeasured(why)) => {
                self.fail(&plan.name, EvaluateError::Model(why));
                return Ok(true);
            }
        };
        let kept_about = || plan.parts.iter().find_map(|planned| Some(planned.kept.as_ref()?.about.clone()));
        let about = read.as_ref().map(|read| self.about(&plan.name, read)).or_else(kept_about).unwrap_or_default();
        let mut report = SetReport {
            name: plan.name.clone(),
            faces: about.faces,
            held: plan.held as usize,
            people: about.people,
            skipped: about.skipped.clone(),
            ..SetReport::default()
        };
        let outcome = self.parts(plan, read.as_ref(), &about, &mut report);
        report.beside_the_paper();
        self.sets.push(report);
        self.remarks.extend(about.remarks);
        self.remarks.extend(self.trained_on(plan, read.as_ref()));
        outcome
    }

    /// Puts the parts of a set into its report, kept ones and new ones; false where it was stopped.
    fn parts(
        &mut self,
        plan: &Plan,
        read: Option<&Read>,
        about: &About,
        report: &mut SetReport,
    ) -> Result<bool, EvaluateError> {
        for planned in &plan.parts {
            let made = match (&planned.kept, read) {
                (Some(kept), _) => {
                    self.reused += 1;
                    Some(kept.made.clone())
                }
                (None, Some(read)) => self.part(plan, planned, read, about)?,
                // Where no faces were read, all parts are kept.
                (None, None) => None,
            };
            match made {
                Some(Made::Section(section)) => report.sections.push(section),
                Some(Made::Unmeasured(why)) => report.unmeasured.push(Unmeasured { part: planned.part, why }),
                None => {}
            }
            if self.work.is_stopped() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The faces of a set, which may have none.
    fn read(&mut self, plan: &Plan) -> Result<Read, Halt> {
        self.work.begin(&plan.name, Step::Read, work::reading(plan.count));
        let none = HashSet::new();
        let wants_pairs = plan.open().any(|part| parts::hangs_on(part).pairs);
        let needed = if wants_pairs { &self.given.needed } else { &none };
        let wanted = faces::Wanted { shards: &plan.shards, limit: self.options.faces, needed };
        let (count, work) = (plan.count as usize, &mut self.work);
        work.hear_counted(0, count);
        faces::read(&wanted, self.model, &mut |done, _| work.hear_counted(done, count))
    }

    /// What is to be said of a set's faces.
    fn about(&self, set: &str, read: &Read) -> About {
        // Pictures that were passed over are said by the report itself.
        let mut remarks = Vec::new();
        if !self.model.card().stretch && faces::look_stretched(&read.faces) {
            remarks.push(format!(
                "The colours of {set} look stretched, and these weights were trained on crops as they are; prepare the \
                 pictures again without that"
            ));
        }
        remarks.extend(unknown_labels(set, read.faces.unknown_labels));
        let people = read.faces.people().into_iter().collect::<HashSet<_>>().len();
        if people < FEW_PEOPLE && people < read.faces.len() {
            remarks.push(format!(
                "The faces of {set} are of {} alone, so the intervals of its figures say little of other people; give \
                 faces of more of them",
                if people == 1 { "one person".to_owned() } else { format!("{people} people") }
            ));
        }
        About {
            faces: read.faces.len(),
            people: read.faces.named_people(),
            skipped: read.faces.skipped.clone(),
            remarks,
            trained_on: None,
        }
    }

    /// What there is to say where PCA and the readers come from a set's own faces or people: by their names, as they were
    /// read now or when a part was kept, or else by the shards.
    fn trained_on(&self, plan: &Plan, read: Option<&Read>) -> Option<String> {
        if !plan.parts.iter().any(|planned| parts::hangs_on(planned.part).training) {
            return None;
        }
        let kept = || plan.parts.iter().find_map(|planned| planned.kept.as_ref()?.about.trained_on.clone());
        let of_shards = || {
            self.given.trains_on(&plan.shards).then(|| {
                format!(
                    "Faces of {} are among those that PCA and what reads expressions were trained on, which flatters \
                     both; give other training shards (--head-data)",
                    plan.name
                )
            })
        };
        read.and_then(|read| self.given.trained_on(&plan.name, &read.faces)).or_else(kept).or_else(of_shards)
    }

    /// Measures a part and keeps what comes of it; none where it was stopped.
    fn part(
        &mut self,
        plan: &Plan,
        planned: &Planned,
        read: &Read,
        about: &About,
    ) -> Result<Option<Made>, EvaluateError> {
        let part = planned.part;
        let hangs_on = parts::hangs_on(part);
        if hangs_on.training && self.given.is_unread() && !self.read_training(&plan.name) {
            return Ok(None);
        }
        if hangs_on.recogniser {
            self.given.open_recogniser();
        }
        if !self.work.begin(&plan.name, Step::Part(part), work::of_part(part, plan.count, self.options)) {
            return Ok(None);
        }
        let made = match self.measure(plan, part, read) {
            Ok(section) => Made::Section(section),
            Err(Halt::Unmeasured(why)) => Made::Unmeasured(why),
            Err(Halt::Cancelled) => return Ok(None),
            Err(Halt::Failed(error @ EvaluateError::Write(_))) => return Err(error),
            // Not kept: the next run may have more luck.
            Err(Halt::Failed(error)) => return Ok(Some(Made::Unmeasured(error.to_string()))),
        };
        let trained_on = if hangs_on.training { self.given.trained_on(&plan.name, &read.faces) } else { None };
        let about = About { trained_on, ..about.clone() };
        let kept = Kept { key: planned.key.clone(), about, made };
        self.folder.keep(&plan.name, part, &kept)?;
        Ok(Some(kept.made))
    }

    /// Measures a part. One that panics has failed; the others go on.
    fn measure(&mut self, plan: &Plan, part: PartName, read: &Read) -> Result<Section, Halt> {
        let figures = self.folder.figures();
        let subject = Subject {
            set: &plan.name,
            faces: &read.faces,
            beyond: &read.beyond,
            training: self.given.training(),
            recogniser: self.given.recogniser(),
            pairs: self.given.pairs(),
            options: self.options,
            figures: &figures,
        };
        let (model, work) = (&mut *self.model, &mut self.work);
        let measured = panic::catch_unwind(AssertUnwindSafe(|| {
            parts::measure(part, &subject, model, &mut |done, of| work.hear_counted(done, of))
        }));
        let mut section = measured.unwrap_or_else(|panic| {
            let text = panic.downcast_ref::<String>().map(String::as_str);
            let text = text.or(panic.downcast_ref::<&str>().copied()).unwrap_or("it stopped without a message");
            let line = text.lines().next().unwrap_or_default().to_owned();
            Err(EvaluateError::Crashed(line).into())
        })?;
        // JSON has no other numbers.
        section.figures.retain(|figure| figure.value.value.is_finite());
        Ok(section)
    }

    /// Reads the training faces; false where it was stopped.
    fn read_training(&mut self, set: &str) -> bool {
        let count = self.given.training_faces;
        self.work.begin(set, Step::Read, work::reading(count as u64));
        let work = &mut self.work;
        work.hear_counted(0, count);
        let read = self.given.read_training(self.model, &mut |done, of| work.hear_counted(done, of));
        read.is_ok()
    }
}

/// What there is to say of labels of a set that are no expressions.
fn unknown_labels(set: &str, labels: usize) -> Option<String> {
    let what = match labels {
        0 => return None,
        1 => format!("In {set} 1 label is none of the eight expressions and was left out; correct it"),
        _ => format!(
            "In {set} {} labels are none of the eight expressions and were left out; correct them",
            count(labels)
        ),
    };
    Some(format!("{what} to have the expressions of all faces measured"))
}
