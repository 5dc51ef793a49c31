//! The audit's thread: it owns the open audit and does what is asked in order, lists once nothing else waits. Faces are
//! told and drawn, and labels written, by the threads beside it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, Sender};

use super::super::crew;
use super::super::guard::guarded;
use super::super::ticket::Ticket;
use super::exports::Export;
use super::faces::Turn;
use super::protocol::{RankAnswer, RankRequest};
use super::view::OpenAudit;
use super::{AuditEvent, FaceKey, Form, Shared, Verdict, Voice, crashed};

pub(super) const NONE_OPEN: &str = "No audit is open; open one or audit a set first";

/// Something to do.
pub(super) enum Order {
    Open(Ticket, PathBuf),
    Close,
    /// An audit is about to be built; it is to be opened once it is there.
    Expect(PathBuf),
    /// A build of the audit in this folder has come to its end.
    Grown(PathBuf),
    /// An event from the builder, after what it did.
    Say(AuditEvent),
    Judge(Ticket, FaceKey, Verdict, String),
    Undo(Ticket, String),
    Export(Ticket, PathBuf, Form),
    Import(Ticket, PathBuf, String),
}

pub(super) struct AuditThread {
    shared: Arc<Shared>,
    orders: Receiver<Order>,
    exports: Sender<Export>,
    voice: Voice,
    open: Option<OpenAudit>,
    /// The folder of the audit that is to be opened once a build has ended.
    expected: Option<PathBuf>,
}

impl AuditThread {
    pub fn new(shared: Arc<Shared>, orders: Receiver<Order>, exports: Sender<Export>, voice: Voice) -> Self {
        AuditThread { shared, orders, exports, voice, open: None, expected: None }
    }

    /// Works until it is told to stop.
    pub fn run(mut self) {
        let bell = Arc::clone(&self.shared.bell);
        bell.work(|| self.turn());
        self.save();
    }

    /// Does the most urgent thing; false if there is none.
    fn turn(&mut self) -> bool {
        if let Ok(order) = self.orders.try_recv() {
            self.obey(order);
        } else if let Some((number, request)) = self.shared.rank.take() {
            self.rank(number, &request);
        } else {
            return false;
        }
        true
    }

    fn obey(&mut self, order: Order) {
        match order {
            Order::Open(ticket, folder) => self.answer(&ticket, |this, number| {
                let open = OpenAudit::open(folder)?;
                Ok(this.show(open, Some(number)))
            }),
            Order::Close => {
                self.expected = None;
                self.install(None);
                self.voice.say(AuditEvent::Closed);
            }
            Order::Expect(folder) => self.expected = Some(folder),
            Order::Grown(folder) => self.grown(folder),
            Order::Say(event) => self.voice.say(event),
            Order::Judge(ticket, face, verdict, by) => {
                self.answer(&ticket, |this, number| this.opened()?.judge(number, face, verdict, &by));
            }
            Order::Undo(ticket, by) => self.answer(&ticket, |this, number| this.opened()?.undo(number, &by)),
            Order::Import(ticket, path, by) => self.answer(&ticket, |this, number| this.import(number, path, &by)),
            Order::Export(ticket, path, form) => self.export(ticket, path, form),
        }
    }

    /// Verdicts that were given before the end are on the disk after it.
    fn save(&mut self) {
        while let Ok(order) = self.orders.try_recv() {
            if matches!(order, Order::Judge(..) | Order::Undo(..)) {
                self.obey(order);
            }
        }
    }

    /// Work with one answer: what it returns, or that it failed or was called off before it began.
    fn answer(&mut self, ticket: &Ticket, work: impl FnOnce(&mut Self, u64) -> Result<AuditEvent, String>) {
        let event = crew::answer(ticket, false, crashed, |number| work(self, number).map(Some));
        self.voice.say(event);
    }

    fn opened(&mut self) -> Result<&mut OpenAudit, String> {
        self.open.as_mut().ok_or_else(|| NONE_OPEN.to_owned())
    }

    /// Puts an audit in the place of the one that is open; what was asked of that one is of no interest any more.
    fn show(&mut self, open: OpenAudit, number: Option<u64>) -> AuditEvent {
        let opened = open.opened(number);
        self.expected = None;
        self.install(Some(open));
        opened
    }

    fn install(&mut self, open: Option<OpenAudit>) {
        let generation = self.shared.generation.fetch_add(1, Ordering::AcqRel) + 1;
        self.open = open;
        self.pass_on(generation);
    }

    /// Has the threads beside this one work on the audit that is open now.
    fn pass_on(&self, generation: u64) {
        self.shared.ranked.take();
        let ledger = self.open.as_ref().map(OpenAudit::ledger);
        let shown = ledger.as_ref().map(|ledger| (generation, ledger.index().to_owned()));
        self.shared.shelf.turn_to(shown);
        self.shared.turn.put(Turn { generation, ledger });
        self.shared.faces_bell.ring();
    }

    /// Opens what was built, or opens it anew where it is open already.
    fn grown(&mut self, folder: PathBuf) {
        let is_it = |other: &Path| crew::same_folder(other, &folder);
        let is_open = self.open.as_ref().is_some_and(|open| is_it(open.folder()));
        let is_expected = self.expected.as_deref().is_some_and(is_it);
        if is_expected {
            self.expected = None;
        } else if !is_open {
            return;
        }
        let opened = guarded(|| OpenAudit::open(folder)).unwrap_or_else(|panic| Err(crashed(&panic)));
        match opened {
            Ok(open) if is_open => {
                let refreshed = open.refreshed();
                self.open = Some(open);
                // Its faces are the same ones.
                self.pass_on(self.shared.generation());
                self.voice.say(refreshed);
            }
            Ok(open) => {
                let opened = self.show(open, None);
                self.voice.say(opened);
            }
            Err(sentence) if is_open => self.voice.say(AuditEvent::Notice(sentence)),
            // The build itself says what is wrong.
            Err(_) => (),
        }
    }

    fn import(&mut self, number: u64, path: PathBuf, by: &str) -> Result<AuditEvent, String> {
        let open = self.opened()?;
        let report = Box::new(open.import(&path, by)?);
        let refreshed = open.refreshed();
        // Lists are of the rows before.
        self.shared.ranked.take();
        self.voice.say(refreshed);
        Ok(AuditEvent::Imported { number, path, report })
    }

    fn export(&mut self, ticket: Ticket, path: PathBuf, form: Form) {
        ticket.expect(1);
        match &self.open {
            // That thread ends only after this one.
            Some(open) => drop(self.exports.send(Export { ticket, folder: open.folder().to_owned(), path, form })),
            None => {
                let sentence = NONE_OPEN.to_owned();
                self.voice.say(AuditEvent::Failed { number: ticket.number(), sentence });
            }
        }
    }

    fn rank(&mut self, number: u64, request: &RankRequest) {
        let ranked = guarded(|| {
            let open = self.opened()?;
            Ok((Some(open.rows()), RankAnswer { number, ..open.rank(request) }))
        });
        let failed = |sentence| (None, RankAnswer { number, error: Some(sentence), ..RankAnswer::default() });
        let ranked = ranked.unwrap_or_else(|panic| Err(crashed(&panic))).unwrap_or_else(failed);
        self.shared.ranked.put(ranked);
        self.voice.wake();
    }
}
