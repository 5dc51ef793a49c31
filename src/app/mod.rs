//! The window: egui drawn with wgpu. It talks to the engine's protocol and to `face`; it knows no networks.
//!
//! - [`window`]: the frame, from answers over panels to requests; [`launch`] opens it.
//! - [`state`]: what it knows; [`command`], [`menus`]: what can be done; [`apply`]: the one place where a command changes the state;
//!   [`answers`] and [`requests`]: what the engine says and what it is asked; [`pending`]: which answer is for whom.
//! - `beside`: the other edited faces of the open photograph.
//! - [`panels`], [`widgets`], [`canvas`], [`theme`], [`textures`]: what is seen.
//! - [`dials`]: the numbers of a face that can be set; [`demo`]: the tour; [`history`]: undo; [`samples`].
//! - [`train`]: what is known of trainings, which run in processes of their own.
//! - [`transfer`]: what is known of the board on which faces give parts to others.
//! - [`gallery`]: what is known of the index that is open, and what is looked for in it.
//! - [`labels`]: what is known of the label audit that is open, and of the face that is looked at.
//! - [`evaluate`]: what is known of evaluations, and of the report that is open.
//! - [`store`]: what is kept on the disk; [`outside`]: dialogs and the desktop; [`hands`] has all of these.
//! - [`log`]: what was said; [`meter`]: how long frames take; [`script`]: a drag that measures itself.

pub mod answers;
pub mod apply;
mod beside;
pub mod canvas;
pub mod command;
pub mod demo;
pub mod dials;
pub mod evaluate;
pub mod gallery;
pub mod hands;
pub mod history;
pub mod labels;
pub mod launch;
pub mod log;
pub mod menus;
pub mod meter;
pub mod outside;
pub mod panels;
pub mod pending;
pub mod requests;
pub mod samples;
pub mod script;
pub mod state;
pub mod store;
pub mod textures;
pub mod theme;
pub mod train;
pub mod transfer;
pub mod widgets;
pub mod window;

pub use launch::{Options, run};
