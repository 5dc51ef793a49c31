//! Names of pictures that several shards of a set have, and what tells those pictures apart.

use std::borrow::Cow;
use std::collections::HashMap;
use std::path::Path;

use super::SetError;
use super::files::{Seen, name_of};
use super::table::{Fields, ParquetRows, Wanted, error_of};
use crate::data::shards::{Kind, Table};

/// The column of a shard's names.
const NAMES: &str = "image.path";

/// Names that more than one shard of a set has. Such pictures are called after their shards, too.
#[derive(Clone, Debug, Default)]
pub struct SharedNames(Seen);

impl SharedNames {
    /// The names that several of these shards have; of one shard alone nothing is read. What cannot be read of a shard
    /// is told by whoever reads its rows.
    pub(super) fn among<'a>(shards: impl ExactSizeIterator<Item = &'a Path>) -> Self {
        let mut shared = Seen::default();
        if shards.len() < 2 {
            return Self(shared);
        }
        // In which shard each name was first.
        let mut known: HashMap<u64, usize> = HashMap::new();
        for (number, shard) in shards.enumerate() {
            let rows = rows(shard).ok().into_iter().flatten();
            for name in rows.map_while(Result::ok).filter_map(|row| row.name) {
                if *known.entry(Seen::number(&name)).or_insert(number) != number {
                    shared.is_new(&name);
                }
            }
        }
        Self(shared)
    }

    pub fn contains(&self, name: &str) -> bool {
        self.0.contains(name)
    }

    /// What the picture of this name in this shard is called in the set: `name`, or `shard.parquet/name` where another
    /// shard has the name, too.
    pub fn key<'n>(&self, shard: &Path, name: &'n str) -> Cow<'n, str> {
        if self.contains(name) { Cow::Owned(format!("{}/{name}", name_of(shard))) } else { Cow::Borrowed(name) }
    }

    /// A picture's name without the shard that [`SharedNames::key`] has put before it.
    pub fn name_in_shard(key: &str) -> &str {
        match key.split_once('/') {
            Some((shard, name)) if shard.to_ascii_lowercase().ends_with(".parquet") => name,
            _ => key,
        }
    }
}

/// The names in a shard row by row, and nothing else.
///
/// # Errors
/// A shard that cannot be read.
pub(super) fn rows(shard: &Path) -> Result<ParquetRows, SetError> {
    let table = Table::open(shard).map_err(error_of)?;
    let name = table.find(NAMES, Kind::Bytes).map_err(error_of)?;
    Ok(ParquetRows::new(table, Wanted { picture: None, name, fields: Fields::default() }))
}
