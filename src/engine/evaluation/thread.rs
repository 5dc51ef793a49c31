//! The thread that measures, with networks that it opens for each evaluation alone: the window's stay free, and after
//! the evaluation their memory is.

use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::time::Instant;

use super::super::crew::{closed, outcome, time_left};
use super::super::ticket::Ticket;
use super::lent::{Heard, Lender};
use super::protocol::{EvaluationProgress, Request, Shown};
use super::{EvaluationEvent, Shared, Step, Voice, sentence};
use crate::evaluate::run::{Progress, evaluate};

pub(super) struct EvaluationThread {
    shared: Arc<Shared>,
    requests: Receiver<(Ticket, Request)>,
    voice: Voice,
    lend: Box<Lender>,
}

impl EvaluationThread {
    pub fn new(shared: Arc<Shared>, requests: Receiver<(Ticket, Request)>, voice: Voice, lend: Box<Lender>) -> Self {
        EvaluationThread { shared, requests, voice, lend }
    }

    /// Works until the handle is gone.
    pub fn run(self) {
        while let Ok((ticket, request)) = self.requests.recv() {
            if self.shared.stopped() {
                return;
            }
            let crashed = |panic: &str| {
                let place = request.out.display();
                format!("The model could not be measured ({panic}); please report it, finished parts stay: {place}")
            };
            let outcome = outcome(&ticket, crashed, || self.measure(&ticket, &request));
            *self.shared.progress() = None;
            self.voice.say(closed(ticket.number(), outcome));
        }
    }

    /// None where it was called off.
    fn measure(&self, ticket: &Ticket, request: &Request) -> Result<Option<EvaluationEvent>, String> {
        let Request { data, options, out, setup } = request;
        let number = ticket.number();
        let stop = || self.shared.stopped() || ticket.is_cancelled();
        let lent = (self.lend)(setup).map_err(|sentence| setup.weights.named(sentence))?;
        let notice = |notice| self.voice.say(EvaluationEvent::Notice(notice));
        let mut model = Heard::new(lent, &notice);
        if stop() {
            return Ok(None);
        }
        let mut clock = Clock::begin();
        let mut watch = |progress: Progress| {
            ticket.expect(progress.total as usize);
            ticket.reach(progress.done as usize);
            *self.shared.progress() = Some(clock.told(number, progress));
            !stop()
        };
        let outcome = evaluate(data, &mut model, options, out, &mut watch).map_err(sentence)?;
        if outcome.cancelled {
            return Ok(None);
        }
        // What was taken from an earlier run was never counted.
        ticket.reach(ticket.progress().1);
        let shown = Shown::new(out.clone(), outcome.report);
        Ok(Some(EvaluationEvent::Done { number, shown, reused: outcome.reused }))
    }
}

/// Tells how long an evaluation has taken and still takes.
struct Clock {
    began: Instant,
    /// Whether published sets were being prepared when the count began that the rest is reckoned from: what an earlier
    /// run has prepared passes at once, and says nothing of the time that measuring takes.
    is_preparing: bool,
    counted_since: Instant,
    /// What was done then.
    done_before: u64,
}

impl Clock {
    fn begin() -> Self {
        let now = Instant::now();
        Clock { began: now, is_preparing: false, counted_since: now, done_before: 0 }
    }

    fn told(&mut self, number: u64, progress: Progress) -> EvaluationProgress {
        let Progress { set, part: step, of_step, done, total } = progress;
        let is_preparing = step == Step::Prepare;
        if is_preparing != self.is_preparing {
            (self.is_preparing, self.counted_since, self.done_before) = (is_preparing, Instant::now(), done);
        }
        let left = time_left(self.counted_since.elapsed(), self.done_before, done, total);
        EvaluationProgress { number, set, step, of_step, done, total, elapsed: self.began.elapsed(), left }
    }
}
