//! The open audit: its rows in memory, and how they are listed. What two threads need of it is in its [`Ledger`].

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::protocol::{RankAnswer, RankRequest, Verdicts};
use super::{AuditEvent, Counts, FaceKey, ImportReport, Info, Names, Row, Score, Verdict, sentence};
use crate::audit::{Audit, ranking};

const NOTHING_TO_UNDO: &str = "There is no verdict to take back in this audit; give one first";
const NO_ROW: &str = "The face is not among those whose labels are judged; choose one of the list";

/// The audit on the disk, and its verdicts: for the thread that judges and the one that draws.
pub(super) struct Ledger {
    audit: Mutex<Audit>,
    verdicts: Mutex<HashMap<FaceKey, Verdict>>,
    /// The folder of the index that the faces are in.
    index: PathBuf,
}

impl Ledger {
    /// The audit, for one question or one change.
    pub fn audit(&self) -> MutexGuard<'_, Audit> {
        // A change that panics is taken back by the database.
        self.audit.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn verdict(&self, face: FaceKey) -> Option<Verdict> {
        self.verdicts().get(&face).copied()
    }

    pub fn index(&self) -> &Path {
        &self.index
    }

    fn verdicts(&self) -> MutexGuard<'_, HashMap<FaceKey, Verdict>> {
        // Held for a look or a change only, neither of which panics half-way.
        self.verdicts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the audit says of all its labelled faces.
struct Contents {
    info: Info,
    rows: Arc<Vec<Row>>,
    /// In the order of the rows.
    names: Arc<Names>,
    /// Where each face's row is.
    places: HashMap<FaceKey, u32>,
}

impl Contents {
    fn read(audit: &Audit) -> Result<Self, String> {
        let (rows, names) = audit.named_rows().map_err(sentence)?;
        Ok(Contents {
            info: audit.info().map_err(sentence)?,
            names: Arc::new(names),
            places: (0..).zip(&rows).map(|(place, row)| (row.face, place)).collect(),
            rows: Arc::new(rows),
        })
    }

    fn verdicts(&self) -> HashMap<FaceKey, Verdict> {
        self.rows.iter().filter_map(|row| Some((row.face, row.verdict?))).collect()
    }
}

pub(super) struct OpenAudit {
    folder: PathBuf,
    ledger: Arc<Ledger>,
    all: Contents,
    /// The names in small letters, once somebody has looked for a piece of one.
    small: Option<Names>,
    /// By each score all rows, once they were asked for.
    rankings: [Option<Vec<u32>>; Score::ALL.len()],
}

impl OpenAudit {
    /// Opens an audit and reads its rows.
    ///
    /// # Errors
    /// One sentence with the path at its end.
    pub fn open(folder: PathBuf) -> Result<Self, String> {
        let audit = Audit::open(&folder).map_err(sentence)?;
        let all = Contents::read(&audit)?;
        let index = audit.index().folder().to_owned();
        let ledger = Ledger { audit: Mutex::new(audit), verdicts: Mutex::new(all.verdicts()), index };
        Ok(OpenAudit { folder, ledger: Arc::new(ledger), all, small: None, rankings: Default::default() })
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    pub fn ledger(&self) -> Arc<Ledger> {
        Arc::clone(&self.ledger)
    }

    pub fn rows(&self) -> Arc<Vec<Row>> {
        Arc::clone(&self.all.rows)
    }

    /// That it is open, for a window that does not know it yet.
    pub fn opened(&self, number: Option<u64>) -> AuditEvent {
        let (info, names) = (Box::new(self.all.info.clone()), Arc::clone(&self.all.names));
        AuditEvent::Opened { number, folder: self.folder.clone(), info, rows: self.rows(), names }
    }

    /// That it has other rows than the window knows.
    pub fn refreshed(&self) -> AuditEvent {
        let (info, names) = (Box::new(self.all.info.clone()), Arc::clone(&self.all.names));
        AuditEvent::Refreshed { info, rows: self.rows(), names }
    }

    /// The answer to a request for a list, as yet without its number.
    pub fn rank(&mut self, request: &RankRequest) -> RankAnswer {
        let RankRequest { score, filter, within_budget } = request;
        let piece = filter.text.trim().to_lowercase();
        if !piece.is_empty() && self.small.is_none() {
            self.small = Some(in_small_letters(&self.all.names));
        }
        let names = self.small.as_ref().filter(|_| !piece.is_empty());
        let (rows, budget) = (&self.all.rows, self.all.info.budget);
        let by_score = self.rankings[*score as usize].get_or_insert_with(|| ranking(rows, *score));
        let verdicts = self.ledger.verdicts();
        let is_meant = |place: u32, row: &Row| {
            let is_named = names.is_none_or(|names| names.get(place as usize).contains(&piece));
            let verdict = || verdicts.get(&row.face).copied();
            is_named && (filter.verdict == Verdicts::Any || filter.verdict.pass(verdict()))
        };
        let mut answer = RankAnswer::default();
        let (mut order, mut ranks) = (Vec::new(), Vec::new());
        for (rank, &place) in (1_u32..).zip(by_score.iter()) {
            let row = &rows[place as usize];
            if !is_meant(place, row) {
                continue;
            }
            let is_within = rank as usize <= budget && !row.quality(*score).is_nan();
            let is_listed = !within_budget || is_within;
            if is_listed {
                answer.confusion[row.given.index()][row.predicted.index()] += 1;
            }
            let is_in_cell = filter.given.is_none_or(|given| given == row.given)
                && filter.predicted.is_none_or(|predicted| predicted == row.predicted);
            if is_in_cell {
                answer.total += 1;
            }
            if is_in_cell && is_listed {
                order.push(place);
                ranks.push(rank);
            }
        }
        RankAnswer { order: Arc::new(order), ranks: Arc::new(ranks), ..answer }
    }

    /// Writes a verdict to the disk.
    pub fn judge(&mut self, number: u64, face: FaceKey, verdict: Verdict, by: &str) -> Result<AuditEvent, String> {
        let place = *self.all.places.get(&face).ok_or(NO_ROW)?;
        let verdict = self.ledger.audit().judge(face, verdict, by).map_err(sentence)?;
        self.ledger.verdicts().insert(face, verdict);
        Ok(AuditEvent::Judged { number, face, place, verdict, counts: self.counts() })
    }

    /// Takes the last verdicts back.
    pub fn undo(&mut self, number: u64, by: &str) -> Result<AuditEvent, String> {
        let undone = self.ledger.audit().undo(by).map_err(sentence)?.ok_or(NOTHING_TO_UNDO)?;
        let mut verdicts = self.ledger.verdicts();
        for &(face, verdict) in &undone.faces {
            match verdict {
                Some(verdict) => verdicts.insert(face, verdict),
                None => verdicts.remove(&face),
            };
        }
        drop(verdicts);
        let with_place = |&(face, verdict): &(FaceKey, Option<Verdict>)| {
            self.all.places.get(&face).map(|place| (face, *place, verdict))
        };
        let faces = undone.faces.iter().filter_map(with_place).collect();
        Ok(AuditEvent::Undone { number, name: undone.name, faces, counts: self.counts() })
    }

    /// Takes the labels of a table over.
    pub fn import(&mut self, table: &Path, by: &str) -> Result<ImportReport, String> {
        let mut audit = self.ledger.audit();
        let report = audit.import(table, by).map_err(sentence)?;
        let all = Contents::read(&audit)?;
        drop(audit);
        *self.ledger.verdicts() = all.verdicts();
        (self.all, self.small, self.rankings) = (all, None, Default::default());
        Ok(report)
    }

    fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for verdict in self.ledger.verdicts().values() {
            match verdict {
                Verdict::Keep => counts.keep += 1,
                Verdict::Relabel(_) => counts.relabel += 1,
                Verdict::Ambiguous => counts.ambiguous += 1,
            }
        }
        counts
    }
}

fn in_small_letters(names: &Names) -> Names {
    let mut small = Names::default();
    names.iter().for_each(|name| small.push(&name.to_lowercase()));
    small
}
