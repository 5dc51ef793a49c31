//! What the window works with besides its own state: the engine, the files it keeps, the desktop around it.

use eframe::egui;

use super::outside::Outside;
use super::store::Store;
use crate::engine::Studio;
use crate::engine::audit::Audits;
use crate::engine::evaluation::Evaluations;
use crate::engine::gallery::Galleries;
use crate::engine::training::Trainings;

/// All of it, for as long as the window is open.
pub struct Hands {
    pub studio: Studio,
    pub trainings: Trainings,
    pub galleries: Galleries,
    pub audits: Audits,
    pub evaluations: Evaluations,
    pub store: Store,
    pub outside: Outside,
    /// The clipboard, the frame's size, the title: what is asked of the window itself.
    pub context: egui::Context,
}
