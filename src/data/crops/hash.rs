//! Numbers that stand for names and files, the same on every machine and in every version of the compiler: FNV-1a with
//! a last mixing of the bits. Against chance, not against malice.

/// A hash that is fed piece by piece.
#[derive(Clone, Copy)]
pub(super) struct Hash(u64);

impl Hash {
    pub fn new(purpose: &str) -> Self {
        Self(0xCBF2_9CE4_8422_2325).text(purpose)
    }

    /// A text and its end, so that "ab", "c" and "a", "bc" differ.
    pub fn text(self, text: &str) -> Self {
        self.bytes(text.as_bytes()).number(text.len() as u64)
    }

    pub fn number(self, number: u64) -> Self {
        self.bytes(&number.to_le_bytes())
    }

    fn bytes(self, bytes: &[u8]) -> Self {
        Self(bytes.iter().fold(self.0, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01B3)))
    }

    /// The number itself; every bit of it depends on everything that was fed (the finaliser of SplitMix64).
    pub fn end(self) -> u64 {
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        bits ^ (bits >> 31)
    }
}
