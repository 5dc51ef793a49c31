//! The studio thread: it owns the networks, draws before it does anything else, and outlives what they do wrong.

use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::time::Instant;

use super::bell::Bell;
use super::device::DeviceChoice;
use super::guard::guarded;
use super::job::Job;
use super::networks::EngineError;
use super::outbox::Outbox;
use super::protocol::{Event, Render, Rendered, Setup, WeightsSource};
use super::slot::Slot;
use super::ticket::Ticket;
use super::worker::{Opener, Worker};

/// What both sides see: cells that hold only what is current.
#[derive(Default)]
pub(super) struct Shared {
    pub render: Slot<Render>,
    pub rendered: Slot<Rendered>,
    pub bell: Arc<Bell>,
}

/// Something to do that is no render.
pub(super) enum Order {
    Compute(Job),
    Weights(Ticket, WeightsSource),
    Device(Ticket, DeviceChoice),
}

/// The queues that the thread reads.
pub(super) struct Inbox {
    pub orders: Receiver<Order>,
    /// Done while neither a render nor an order waits.
    pub background: Receiver<Job>,
}

pub(super) struct StudioThread {
    shared: Arc<Shared>,
    inbox: Inbox,
    outbox: Outbox,
    open: Box<Opener>,
    setup: Setup,
    worker: Option<Box<dyn Worker>>,
    order: Option<Job>,
    background: Option<Job>,
}

impl StudioThread {
    pub fn new(shared: Arc<Shared>, inbox: Inbox, outbox: Outbox, setup: Setup, open: Box<Opener>) -> Self {
        StudioThread { shared, inbox, outbox, open, setup, worker: None, order: None, background: None }
    }

    /// Works until it is told to stop.
    pub fn run(mut self) {
        self.start();
        let bell = Arc::clone(&self.shared.bell);
        bell.work(|| self.turn());
    }

    /// Does the most urgent thing; false if there is none.
    fn turn(&mut self) -> bool {
        if let Some(render) = self.shared.render.take() {
            self.render(&render);
        } else if let Some(job) = self.order.take() {
            self.order = self.advance(job);
        } else if let Ok(order) = self.inbox.orders.try_recv() {
            match order {
                Order::Compute(job) => self.order = Some(job),
                Order::Weights(ticket, source) => self.switch_weights(&ticket, source),
                Order::Device(ticket, choice) => self.switch_device(&ticket, choice),
            }
        } else if let Some(job) = self.background.take().or_else(|| self.inbox.background.try_recv().ok()) {
            self.background = self.advance(job);
        } else {
            return false;
        }
        true
    }

    fn render(&mut self, render: &Render) {
        let number = render.number;
        let started = Instant::now();
        match self.attempt(&mut false, |worker| worker.picture(&render.face)) {
            Ok(picture) => {
                self.shared.rendered.put(Rendered { number, picture, took: started.elapsed() });
                self.outbox.wake();
            }
            Err(sentence) => self.say(Event::Failed { number, sentence }),
        }
    }

    /// One step of a job; the job again if there is more of it.
    fn advance(&mut self, mut job: Job) -> Option<Job> {
        let number = job.ticket.number();
        if job.ticket.is_cancelled() {
            self.say(Event::Cancelled { number });
            return None;
        }
        match self.attempt(&mut job.retried, |worker| job.work.step(number, worker)) {
            Ok(None) => {
                job.ticket.advance();
                self.outbox.wake();
                return Some(job);
            }
            Ok(Some(answer)) => {
                job.ticket.advance();
                self.say(answer);
            }
            Err(sentence) => self.say(Event::Failed { number, sentence }),
        }
        None
    }

    /// Runs one step on the networks. If they crash they are built again and the step is tried once more, unless its
    /// job was tried again before.
    fn attempt<T>(
        &mut self,
        retried: &mut bool,
        mut step: impl FnMut(&mut dyn Worker) -> Result<T, EngineError>,
    ) -> Result<T, String> {
        loop {
            let Some(worker) = self.worker.as_deref_mut() else {
                return Err("There are no networks to work with; choose other weights".to_owned());
            };
            let outcome = guarded(|| step(worker));
            self.pass_notices_on();
            let reason = match outcome {
                Ok(Ok(result)) => return Ok(result),
                Ok(Err(EngineError::Crashed(reason))) | Err(reason) => reason,
                Ok(Err(error)) => return Err(error.to_string()),
            };
            self.rebuild(&reason);
            if std::mem::replace(retried, true) {
                return Err(format!("The networks stopped twice at this request ({reason}); please report this"));
            }
        }
    }

    /// After a crash: the same weights on the CPU, whatever computed before. What a GPU does wrong by itself has moved
    /// to the CPU below us already, so a crash that comes up to here trusts no device but that.
    fn rebuild(&mut self, reason: &str) {
        let Some(worker) = &self.worker else { return };
        match guarded(|| worker.reopened(DeviceChoice::Cpu)) {
            Ok(Ok(fresh)) => {
                self.say(Event::Restarted(format!("The networks stopped ({reason}) and were started again")));
                self.install(fresh);
            }
            Ok(Err(EngineError::Crashed(again))) | Err(again) => self.not_rebuilt(reason, &again),
            Ok(Err(error)) => self.not_rebuilt(reason, &error.to_string()),
        }
    }

    fn not_rebuilt(&self, reason: &str, again: &str) {
        self.say(Event::Notice(format!(
            "The networks stopped ({reason}) and could not be started again ({again}); start the program again"
        )));
    }

    /// Opens what was asked for, else the weights that come with the program.
    fn start(&mut self) {
        let Err(sentence) = self.open_with(self.setup.clone()) else { return };
        let sentence = self.setup.weights.named(sentence);
        let bundled = Setup { weights: WeightsSource::Bundled, ..self.setup };
        if self.setup.weights == bundled.weights {
            return self.say(Event::NotReady(sentence));
        }
        self.say(Event::Notice(sentence));
        let outcome = self.open_with(bundled);
        self.say(match outcome {
            Ok(()) => Event::Notice("The weights that come with the program are in use".to_owned()),
            Err(sentence) => Event::NotReady(sentence),
        });
    }

    fn switch_weights(&mut self, ticket: &Ticket, source: WeightsSource) {
        if self.withdrawn(ticket) {
            return;
        }
        let setup = Setup { weights: source, ..self.setup };
        let named = setup.weights.clone();
        let stays = self.worker.as_ref().map(|worker| format!("; {} stays in use", worker.about().card.name));
        let outcome = self.open_with(setup);
        self.close(ticket, outcome.map_err(|sentence| named.named(sentence + &stays.unwrap_or_default())));
    }

    fn switch_device(&mut self, ticket: &Ticket, choice: DeviceChoice) {
        if self.withdrawn(ticket) {
            return;
        }
        let outcome = match &self.worker {
            None => self.open_with(Setup { device: choice, ..self.setup.clone() }),
            Some(worker) => match guarded(|| worker.reopened(choice)) {
                Ok(Ok(fresh)) => {
                    self.setup.device = choice;
                    self.install(fresh);
                    Ok(())
                }
                Ok(Err(error)) => Err(error.to_string()),
                Err(panic) => Err(crashed_at_start(&panic)),
            },
        };
        self.close(ticket, outcome);
    }

    fn withdrawn(&self, ticket: &Ticket) -> bool {
        let cancelled = ticket.is_cancelled();
        if cancelled {
            self.say(Event::Cancelled { number: ticket.number() });
        }
        cancelled
    }

    fn close(&self, ticket: &Ticket, outcome: Result<(), String>) {
        let number = ticket.number();
        self.say(match outcome {
            Ok(()) => Event::Done { number },
            Err(sentence) => Event::Failed { number, sentence },
        });
    }

    /// Opens networks and takes them into use; the error is a sentence without a path.
    fn open_with(&mut self, setup: Setup) -> Result<(), String> {
        let worker = guarded(|| (self.open)(&setup)).unwrap_or_else(|panic| Err(crashed_at_start(&panic)))?;
        self.setup = setup;
        self.install(worker);
        Ok(())
    }

    fn install(&mut self, worker: Box<dyn Worker>) {
        let former = self.worker.replace(worker);
        // Networks that crashed may crash once more when they are let go.
        let _ = guarded(move || drop(former));
        self.say_ready();
        self.pass_notices_on();
    }

    fn say_ready(&self) {
        if let Some(worker) = &self.worker {
            self.say(Event::Ready(worker.about()));
        }
    }

    /// A notice tells of the device, so what computes may be another one now.
    fn pass_notices_on(&mut self) {
        let notices = self.worker.as_mut().map(|worker| worker.take_notices()).unwrap_or_default();
        if !notices.is_empty() {
            notices.into_iter().for_each(|notice| self.say(Event::Notice(notice)));
            self.say_ready();
        }
    }

    fn say(&self, event: Event) {
        // Where nobody listens any more, the stop follows.
        self.outbox.say(event);
    }
}

fn crashed_at_start(panic: &str) -> String {
    EngineError::Crashed(panic.to_owned()).to_string()
}
