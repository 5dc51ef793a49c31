//! The thread that builds audits, with networks that it opens for each build alone: the window's stay free, and after
//! the build their memory is.

use std::cell::RefCell;
use std::num::NonZero;
use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::thread;
use std::time::Instant;

use super::super::crew::{closed, outcome, time_left};
use super::super::networks::EngineError;
use super::super::ticket::{Orders, Ticket};
use super::super::worker::{Worker, computed};
use super::protocol::{Build, BuildProgress};
use super::thread::Order;
use super::{AuditEvent, Opening, Outcome, RgbImage, Shared, Step, sentence};
use crate::audit::{self, Audit, Options, Progress, Tools};
use crate::face::{CODE_DIM, FaceCode};
use crate::find::Finder;

pub(super) struct Builder {
    shared: Arc<Shared>,
    builds: Receiver<(Ticket, Build)>,
    orders: Orders<Order>,
    open: Opening,
}

impl Builder {
    pub fn new(shared: Arc<Shared>, builds: Receiver<(Ticket, Build)>, orders: Orders<Order>, open: Opening) -> Self {
        Builder { shared, builds, orders, open }
    }

    /// Works until the handle is gone.
    pub fn run(self) {
        while let Ok((ticket, build)) = self.builds.recv() {
            if self.shared.stopped() {
                return;
            }
            let number = ticket.number();
            let crashed = |panic: &str| {
                let place = build.folder.display();
                format!("The set could not be audited ({panic}); please report it, verdicts stay: {place}")
            };
            let outcome = outcome(&ticket, crashed, || self.build(&ticket, &build));
            *self.shared.progress() = None;
            // What was stored is shown, however it ended.
            self.orders.send(Order::Grown(build.folder.clone()));
            let folder = build.folder;
            let built = |outcome| AuditEvent::Built { number, folder, outcome: Box::new(outcome) };
            self.orders.send(Order::Say(closed(number, outcome.map(|outcome| outcome.map(built)))));
        }
    }

    /// None where it was called off before there was anything to report.
    fn build(&self, ticket: &Ticket, build: &Build) -> Result<Option<Outcome>, String> {
        let stop = || self.shared.stopped() || ticket.is_cancelled();
        let source = match &build.source {
            Some(source) => source.clone(),
            None => Audit::open(&build.folder).map_err(sentence)?.source(),
        };
        let mut worker = self.open.open(&build.setup)?;
        worker.take_notices().into_iter().for_each(|notice| self.notice(notice));
        if stop() {
            return Ok(None);
        }
        let finder = Finder::bundled().map_err(sentence)?;
        let about = worker.about();
        // Encoding and drawing take turns.
        let worker = RefCell::new(worker);
        let mut encode = |crops: &[RgbImage]| -> Result<Vec<[f32; CODE_DIM]>, String> {
            self.compute(&worker, |worker| worker.codes(crops))
        };
        let mut decode = |faces: &[FaceCode]| -> Result<Vec<RgbImage>, String> {
            self.compute(&worker, |worker| worker.pictures(faces))
        };
        let mut clock = None;
        let mut watch = |progress: Progress| {
            ticket.expect(progress.total as usize);
            ticket.reach(progress.done as usize);
            *self.shared.progress() = Some(told(ticket.number(), &mut clock, progress));
            !stop()
        };
        let threads = thread::available_parallelism().map_or(1, NonZero::get);
        let tools = Tools { finder, encode: &mut encode, decode: &mut decode, threads };
        let options = Options { budget: build.budget, rebuild: build.rebuild, ..Options::default() };
        let (model, data) = (about.model(), &about.card.data);
        let outcome = audit::build(&build.folder, &source, &model, data, tools, &options, &mut watch);
        outcome.map(Some).map_err(sentence)
    }

    fn compute<T>(
        &self,
        worker: &RefCell<Box<dyn Worker>>,
        work: impl FnOnce(&mut dyn Worker) -> Result<T, EngineError>,
    ) -> Result<T, String> {
        computed(&mut **worker.borrow_mut(), |notice| self.notice(notice), work).map_err(sentence)
    }

    fn notice(&self, notice: String) {
        self.orders.send(Order::Say(AuditEvent::Notice(notice)));
    }
}

/// When a step began, and how much of it was done then.
type Clock = (Step, Instant, u64);

/// How far a build is, with the time that its step has taken and still takes.
fn told(number: u64, clock: &mut Option<Clock>, progress: Progress) -> BuildProgress {
    let Progress { step, done, total } = progress;
    let (_, began, first) = match *clock {
        Some(known) if known.0 == step => known,
        _ => *clock.insert((step, Instant::now(), done)),
    };
    let elapsed = began.elapsed();
    let left = time_left(elapsed, first, done, total);
    BuildProgress { number, step, done, total, elapsed, left }
}
