//! The networks on a device: which device computes, and what happens when it fails. Terminal and window both work
//! through this room; it knows neither of them.
//!
//! - [`Engine`]: the model on a device; the terminal calls it and waits.
//! - [`Studio`]: the same behind a thread of its own; the window asks it and never waits.
//! - [`Trainings`]: trainings as processes of their own, which the window starts, watches and finds again.
//! - [`Galleries`]: indexes of faces, opened, searched and built behind threads of their own.
//! - [`Audits`]: label audits, opened, listed, judged and built behind threads of their own.
//! - [`Evaluations`]: models measured, reports opened and compared behind threads of their own.

pub mod audit;
mod bell;
mod crew;
pub mod device;
pub mod evaluation;
mod files;
pub mod gallery;
#[cfg(feature = "gpu")]
mod gpu;
mod guard;
mod job;
pub mod keeper;
mod networks;
pub mod open;
mod outbox;
mod paste_thread;
pub mod protocol;
mod search;
pub mod slot;
mod studio;
mod studio_thread;
mod thumbnails;
mod ticket;
pub mod training;
mod worker;

pub use audit::{AuditEvent, Audits};
pub use device::{Adapter, AdapterKind, DeviceChoice};
pub use evaluation::{EvaluationEvent, Evaluations};
pub use files::{read_edit, read_recipe};
pub use gallery::{Galleries, GalleryEvent};
pub use networks::{Engine, EngineError};
pub use protocol::{BoardEdge, BoardPicture, Event, Ready, Refused, Rendered, Setup, WeightsSource};
pub use search::{Eyes, Search};
pub use studio::Studio;
pub use ticket::Ticket;
pub use training::{TrainRequest, TrainingEvent, Trainings};
pub use worker::{Opener, Worker};
