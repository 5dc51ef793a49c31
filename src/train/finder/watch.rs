//! Who watches a training of the finder: a terminal, a test.

use std::path::Path;

use super::settings::Network;

/// Hears what happens and is asked before every step; called on the training's own thread, so it must not wait.
pub trait Watch {
    fn hear(&mut self, event: &Event);
    /// False ends the training after a checkpoint.
    fn goes_on(&mut self) -> bool;
}

/// What happens.
#[derive(Clone, Copy, Debug)]
pub enum Event<'a> {
    /// What takes time beside the steps.
    Preparing(&'a str),
    /// Something to know, in a sentence.
    Remark(&'a str),
    Step(&'a Progress<'a>),
    /// How much was found that this network takes for a face and that is none.
    Mined {
        network: Network,
        step: u64,
        count: usize,
    },
    Saved {
        network: Network,
        step: u64,
    },
    /// The finder's file.
    Written(&'a Path),
}

/// Where a training is.
#[derive(Clone, Debug, PartialEq)]
pub struct Progress<'a> {
    pub network: Network,
    /// Steps done.
    pub step: u64,
    pub steps: u64,
    /// The last step's losses by name.
    pub losses: &'a [(&'static str, f64)],
    pub steps_per_second: f64,
    pub seconds_left: Option<f64>,
    /// Share of the time in which the network waited for pictures, 0 to 1.
    pub waiting_share: f64,
}
