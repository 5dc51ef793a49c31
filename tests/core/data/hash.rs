//! Numbers that stand for files.

use std::collections::HashSet;

use facespace::data::hash::content;

#[test]
fn every_byte_and_the_length_count() {
    let bytes: Vec<u8> = (1..30).collect();
    let mut seen = HashSet::from([content(&bytes), content(&[])]);
    for place in 0..bytes.len() {
        let mut other = bytes.clone();
        other[place] ^= 1;
        assert!(seen.insert(content(&other)), "byte {place} does not count");
    }
    for length in 1..bytes.len() {
        assert!(seen.insert(content(&bytes[..length])), "the first {length} bytes");
        assert!(seen.insert(content(&vec![0; length])), "{length} zeros");
    }
}
