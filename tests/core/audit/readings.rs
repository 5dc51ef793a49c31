use facespace::audit::readings::{MIN_OF_CLASS, ReadingError, Readings, probabilities, read};
use facespace::audit::scores::predicted;
use facespace::evaluate::reader::Reader;
use facespace::face::Expression::{self, Contempt, Fear, Happy, Neutral, Sad};

use super::{Drawn, go_on};
use crate::cli::assert_sentence;

#[track_caller]
fn read_all(drawn: &Drawn) -> Readings {
    read(&drawn.labelled(), 7, &mut go_on).unwrap().unwrap()
}

#[track_caller]
fn refused(drawn: &Drawn) -> ReadingError {
    read(&drawn.labelled(), 7, &mut go_on).err().unwrap()
}

/// Three classes in turns, and so many faces of another one.
fn three_and(count: usize, class: Expression, more: usize) -> Vec<Expression> {
    (0..count).map(|face| [Neutral, Happy, Sad][face % 3]).chain((0..more).map(|_| class)).collect()
}

#[test]
fn faces_are_read_by_readers_that_never_saw_their_person() {
    let mut drawn = Drawn::faces(three_and(150, Fear, 0), 0.3, 1);
    // What a reader has seen it might know by heart: labels as they should be, but for one person.
    let truth = drawn.given.clone();
    (drawn.given[10], drawn.given[11]) = (Sad, Happy);
    let readings = read_all(&drawn);
    assert!(readings.by_person && readings.left_out.is_empty());
    assert_eq!(readings.readers.len(), 5);
    for (face, truth) in truth.into_iter().enumerate() {
        assert_eq!(readings.fold[face], readings.fold[face ^ 1], "both pictures of a person are of one fold");
        assert_eq!(predicted(&readings.probabilities[face]), truth);
        assert_eq!(predicted(&readings.averaged[face]), truth);
        for chances in [readings.probabilities[face], readings.averaged[face]] {
            assert!((chances.iter().sum::<f32>() - 1.0).abs() < 1e-4);
            let known: Vec<bool> = chances.iter().map(|chance| *chance > 0.0).collect();
            assert_eq!(known, [true, true, true, false, false, false, false, false]);
        }
    }

    // The readers say the same again, also of their bytes.
    let codes = [drawn.codes.numbers(10), drawn.codes.numbers(20)];
    let reader = &readings.readers[usize::from(readings.fold[10])];
    let again = probabilities(reader, &codes).unwrap();
    assert!(again[0].iter().zip(readings.probabilities[10]).all(|(a, b)| (a - b).abs() < 1e-5));
    let stored = Reader::from_bytes(&reader.to_bytes().unwrap()).unwrap();
    let of_stored = probabilities(&stored, &codes).unwrap();
    assert!(again.as_flattened().iter().zip(of_stored.as_flattened()).all(|(a, b)| (a - b).abs() < 1e-6));
}

#[test]
fn the_same_seed_reads_the_same() {
    let drawn = Drawn::faces(three_and(60, Fear, 0), 0.6, 2);
    let [a, b] = [(); 2].map(|()| read_all(&drawn));
    assert_eq!((a.fold, a.probabilities, a.averaged), (b.fold, b.probabilities, b.averaged));
}

#[test]
fn classes_of_few_faces_are_left_out() {
    let drawn = Drawn::faces(three_and(90, Contempt, MIN_OF_CLASS - 1), 0.3, 3);
    let readings = read_all(&drawn);
    assert_eq!(readings.left_out, [(Contempt, MIN_OF_CLASS - 1)]);
    assert!(readings.probabilities.iter().all(|chances| chances[Contempt.index()] == 0.0));
    assert!((readings.probabilities[92].iter().sum::<f32>() - 1.0).abs() < 1e-4, "such faces are read all the same");
}

#[test]
fn few_people_are_not_kept_together() {
    let mut drawn = Drawn::faces(three_and(60, Fear, 0), 0.3, 4);
    drawn.groups = (0..60).map(|face| face % 4).collect();
    let readings = read_all(&drawn);
    assert!(!readings.by_person);
    assert_eq!(readings.fold.iter().max(), Some(&4));
}

#[test]
fn what_cannot_be_read_is_said() {
    let one = refused(&Drawn::faces(vec![Happy; 40], 0.3, 5));
    assert!(matches!(one, ReadingError::OneClass(Happy)));
    let few = refused(&Drawn::faces(three_and(12, Fear, 0), 0.3, 5));
    assert!(matches!(few, ReadingError::TooFew));
    let none = refused(&Drawn::of_all(0, 0.3, 5));
    assert!(matches!(none, ReadingError::TooFew));
    assert_sentence(&one.to_string());
    assert_sentence(&few.to_string());
}

#[test]
fn it_stops_when_it_is_told_to() {
    let drawn = Drawn::of_all(400, 0.3, 6);
    let mut heard = 0;
    let stopped = read(&drawn.labelled(), 7, &mut |share| {
        heard += 1;
        (0.0..0.5).contains(&share) && heard < 3
    });
    assert!(stopped.unwrap().is_none());
}
