//! What tells the codes of some weights from those of others.

use facespace::nn::weights::{Card, Weights, assemble};

/// The bundled networks in a file with another card.
fn with(card: impl FnOnce(Card) -> Card) -> Weights {
    let weights = Weights::bundled().unwrap();
    let card = card(weights.card.clone());
    let bytes = assemble(weights.bytes(), &weights.config, &card, &weights.space).unwrap();
    Weights::from_bytes(bytes).unwrap()
}

#[test]
fn it_is_of_the_networks_that_encode_and_of_nothing_else() {
    let bundled = Weights::bundled().unwrap().fingerprint();
    assert!(bundled.len() == 16 && bundled.chars().all(|digit| digit.is_ascii_hexdigit()), "{bundled}");
    assert_eq!(Weights::bundled().unwrap().fingerprint(), bundled);
    assert_eq!(with(|card| Card { name: "another name".to_owned(), ..card }).fingerprint(), bundled);
    // Pictures are prepared in another way.
    assert_ne!(with(|card| Card { stretches: !card.stretches, ..card }).fingerprint(), bundled);
}
