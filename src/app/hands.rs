//! What the window works with besides its own state: the engine, the files it keeps, the desktop around it.

use std::cell::RefCell;

use eframe::egui;

use super::outside::Outside;
use super::store::Store;
use crate::engine::Studio;

/// All of it, for as long as the window is open.
pub struct Hands {
    pub studio: Studio,
    pub store: Store,
    pub outside: Outside,
    /// The clipboard, the frame's size, the title: what is asked of the window itself.
    pub context: egui::Context,
    /// The last text put on the clipboard, for tests and the log.
    pub copied: RefCell<Option<String>>,
}

impl Hands {
    pub fn copy_text(&self, text: String) {
        self.context.copy_text(text.clone());
        *self.copied.borrow_mut() = Some(text);
    }
}
