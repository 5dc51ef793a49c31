use facespace::audit::confusion::{Confusion, count, disagreements};
use facespace::face::Expression::{Anger, Happy, Neutral, Sad};

#[test]
fn faces_are_counted_by_given_and_predicted() {
    let cells = count([(Happy, Happy), (Happy, Sad), (Anger, Neutral), (Happy, Sad), (Sad, Happy)]);
    assert_eq!(cells[Happy.index()][Sad.index()], 2);
    assert_eq!(cells[Sad.index()][Happy.index()], 1);
    assert_eq!(cells.iter().flatten().sum::<u32>(), 5);
    assert_eq!(disagreements(&cells), [(Happy, Sad, 2), (Sad, Happy, 1), (Anger, Neutral, 1)]);
    assert!(disagreements(&Confusion::default()).is_empty());
}
