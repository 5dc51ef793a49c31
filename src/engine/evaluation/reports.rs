//! The thread that opens reports, compares them and writes what came of it: they are there at once, also while a model is
//! measured.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::Receiver;

use super::super::crew;
use super::super::ticket::Ticket;
use super::protocol::Shown;
use super::{EvaluationEvent, Shared, Voice, sentence};
use crate::evaluate::report::{Comparison, ComparisonFormat, Report, compare};

/// Something to do.
pub(super) enum Order {
    Open(Ticket, PathBuf),
    /// The second beside the first.
    Compare(Ticket, PathBuf, PathBuf),
    /// A comparison of two reports into a file.
    Save(Ticket, Arc<Comparison>, [PathBuf; 2], PathBuf),
}

pub(super) struct Reports {
    shared: Arc<Shared>,
    orders: Receiver<Order>,
    voice: Voice,
}

impl Reports {
    pub fn new(shared: Arc<Shared>, orders: Receiver<Order>, voice: Voice) -> Self {
        Reports { shared, orders, voice }
    }

    /// Works until the handle is gone.
    pub fn run(self) {
        while let Ok(order) = self.orders.recv() {
            let event = match order {
                Order::Open(ticket, path) => {
                    self.answer(&ticket, "The report could not be opened", |number| open(number, &path))
                }
                Order::Compare(ticket, a, b) => {
                    self.answer(&ticket, "The reports could not be compared", |number| compared(number, a, b))
                }
                Order::Save(ticket, comparison, reports, path) => {
                    let failure = "The comparison could not be saved";
                    self.answer(&ticket, failure, |number| saved(number, &comparison, &reports, path))
                }
            };
            self.voice.say(event);
        }
    }

    /// `failure` is what a panic is called.
    fn answer(
        &self,
        ticket: &Ticket,
        failure: &str,
        work: impl FnOnce(u64) -> Result<EvaluationEvent, String>,
    ) -> EvaluationEvent {
        let crashed = |panic: &str| format!("{failure} ({panic}); please report it");
        crew::answer(ticket, self.shared.stopped(), crashed, |number| work(number).map(Some))
    }
}

fn open(number: u64, path: &Path) -> Result<EvaluationEvent, String> {
    let report = Report::read(path).map_err(sentence)?;
    let folder = if path.is_dir() { path } else { path.parent().unwrap_or(Path::new("")) };
    Ok(EvaluationEvent::Opened { number, shown: Shown::new(folder.to_owned(), report) })
}

fn compared(number: u64, a: PathBuf, b: PathBuf) -> Result<EvaluationEvent, String> {
    let [former, later] = [&a, &b].map(|path| Report::read(path).map_err(sentence));
    let comparison = Arc::new(compare(&former?, &later?));
    Ok(EvaluationEvent::Compared { number, a, b, comparison })
}

fn saved(
    number: u64,
    comparison: &Comparison,
    [a, b]: &[PathBuf; 2],
    path: PathBuf,
) -> Result<EvaluationEvent, String> {
    let format = ComparisonFormat::of(&path, [a, b]).map_err(sentence)?;
    comparison.write(&path, format).map_err(sentence)?;
    Ok(EvaluationEvent::Saved { number, path })
}
