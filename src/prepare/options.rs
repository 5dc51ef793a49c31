//! What can be asked of a preparation, and how far it tells that it is.

use std::fmt;
use std::num::NonZero;
use std::str::FromStr;
use std::thread;

use serde::{Deserialize, Serialize};

use crate::face::code::UnknownName;

/// Rows of a shard where nobody asks for another number: about 40 MB.
pub const ROWS_IN_SHARD: usize = 2000;

/// How a set is prepared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    pub points: Points,
    /// How many threads decode, look and cut; at least one does.
    pub threads: usize,
    /// At least one.
    pub rows_in_shard: usize,
    /// Pictures gone through at most, over all parts of the set, those left out among them.
    pub limit: Option<u64>,
}

impl Default for Options {
    /// The set's own points, a thread a core, shards of [`ROWS_IN_SHARD`], all of the set.
    fn default() -> Self {
        let threads = thread::available_parallelism().map_or(1, NonZero::get);
        Self { points: Points::Own, threads, rows_in_shard: ROWS_IN_SHARD, limit: None }
    }
}

/// Whose points a face is cut out by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Points {
    /// The set's where it has them; a square of 128, 144 or 168 pixels of which it says nothing is a crop already.
    #[default]
    Own,
    /// The finder's, also where the set has points; those say which face is meant. What the set calls a crop stays as
    /// it is.
    Finder,
}

impl Points {
    pub const ALL: [Points; 2] = [Points::Own, Points::Finder];

    /// As it is written on a command line.
    pub fn name(self) -> &'static str {
        match self {
            Points::Own => "own",
            Points::Finder => "finder",
        }
    }
}

impl fmt::Display for Points {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Points {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        Points::ALL.into_iter().find(|points| points.name() == name).ok_or_else(|| UnknownName {
            kind: "way to points",
            name: name.to_owned(),
            known: Points::ALL.map(Points::name).join(", "),
        })
    }
}

/// How far a preparation is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Pictures gone through, those of an earlier run and those left out among them.
    pub done: u64,
    /// How many there are, or nearly.
    pub total: u64,
    /// Rows of finished shards, and of the one in hand.
    pub written: u64,
}
