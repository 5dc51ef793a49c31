//! The thread that writes labels and tables, which takes seconds for a large set: verdicts never wait for it. It works
//! on an audit that it opens itself.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::Receiver;

use super::super::crew;
use super::super::ticket::Ticket;
use super::{AuditEvent, Form, Shared, Voice, crashed, sentence};
use crate::audit::Audit;

/// Something to write.
pub(super) struct Export {
    pub ticket: Ticket,
    /// Of the audit.
    pub folder: PathBuf,
    pub path: PathBuf,
    pub form: Form,
}

pub(super) struct Exports {
    shared: Arc<Shared>,
    exports: Receiver<Export>,
    voice: Voice,
}

impl Exports {
    pub fn new(shared: Arc<Shared>, exports: Receiver<Export>, voice: Voice) -> Self {
        Exports { shared, exports, voice }
    }

    /// Works until the audit's thread has ended.
    pub fn run(self) {
        while let Ok(Export { ticket, folder, path, form }) = self.exports.recv() {
            let event = crew::answer(&ticket, self.shared.stopped(), crashed, |number| {
                let files = Audit::open(&folder).and_then(|audit| audit.export(&path, form)).map_err(sentence)?;
                Ok(Some(AuditEvent::Exported { number, form, path, files }))
            });
            self.voice.say(event);
        }
    }
}
