//! Numbers that stand for names and files, the same on every machine and in every version of the compiler: FNV-1a, and
//! the mixing of its bits. Against chance, not against malice.

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

/// A hash that is fed piece by piece.
#[derive(Clone, Copy)]
pub(super) struct Hash(u64);

impl Hash {
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
