//! Numbers that stand for names and files, the same on every machine and in every version of the compiler: FNV-1a, and
//! the mixing of its bits. Against chance, not against malice.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

/// How much of a large file's beginning and end tells it from others.
const ENDS: u64 = 64 << 10;

const START: u64 = 0xCBF2_9CE4_8422_2325;
const PRIME: u64 = 0x100_0000_01B3;

/// FNV-1a over bytes, 64 bits.
pub fn fnv(bytes: impl IntoIterator<Item = u8>) -> u64 {
    fed(START, bytes)
}

/// A bijection of 64 bits whose every output bit hangs on every input bit (the finaliser of SplitMix64).
pub fn mix(mut word: u64) -> u64 {
    word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    word ^ (word >> 31)
}

fn fed(hash: u64, bytes: impl IntoIterator<Item = u8>) -> u64 {
    bytes.into_iter().fold(hash, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(PRIME))
}

/// A number for the bytes of a file, eight of them at a time: several times as fast as [`fnv`].
pub fn content(bytes: &[u8]) -> u64 {
    let (words, rest) = bytes.as_chunks::<8>();
    let hash = words.iter().fold(START, |hash, word| mix(hash ^ u64::from_le_bytes(*word)));
    mix(fed(hash, rest.iter().copied()) ^ bytes.len() as u64)
}

/// A number for a file's first and last bytes, 64 KiB each: shards are large, and what they end with mostly says what
/// is in them.
///
/// # Errors
/// A file that cannot be read.
pub fn ends(path: &Path) -> io::Result<u64> {
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    let mut ends = Vec::new();
    file.by_ref().take(ENDS).read_to_end(&mut ends)?;
    file.seek(SeekFrom::Start(length.saturating_sub(ENDS)))?;
    file.take(ENDS).read_to_end(&mut ends)?;
    Ok(content(&ends))
}

/// A hash that is fed piece by piece.
#[derive(Clone, Copy)]
pub struct Hash(u64);

impl Hash {
    /// Hashes for different purposes differ.
    pub fn new(purpose: &str) -> Self {
        Self(START).text(purpose)
    }

    /// A text and its end, so that "ab", "c" and "a", "bc" differ.
    pub fn text(self, text: &str) -> Self {
        Self(fed(self.0, text.bytes())).number(text.len() as u64)
    }

    pub fn number(self, number: u64) -> Self {
        Self(fed(self.0, number.to_le_bytes()))
    }

    /// The number itself; every bit of it depends on everything that was fed.
    pub fn end(self) -> u64 {
        mix(self.0)
    }
}
