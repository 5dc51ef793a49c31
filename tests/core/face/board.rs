use facespace::face::transfer::transfer;
use facespace::face::{Board, Direction, Part, Pose, RecipeError};

use super::{basis, face};

/// Two faces that give their expression at 0.7 and their pose, and three that take.
fn board() -> Board {
    let mut second = face(2);
    second.pose = Pose::from_array_deg([30.0, -10.0, 4.0]);
    Board {
        sources: vec![("anna".to_owned(), face(1), 1.0), ("ben".to_owned(), second, 3.0)],
        targets: (3..6).map(|seed| (format!("face {seed}"), face(seed))).collect(),
        parts: [Some(1.0), None, Some(0.7), None],
        ..Board::default()
    }
}

#[test]
fn each_cell_is_its_row_with_parts_of_its_column() {
    let board = board();
    assert_eq!((board.rows(), board.columns()), (3, 2));
    for row in 0..3 {
        for column in 0..2 {
            let (source, target) = (&board.sources[column].1, &board.targets[row].1);
            let cell = board.cell(row, column).unwrap();
            assert_eq!(cell.expression, transfer(source, target, &[Part::Expression], 0.7).expression);
            assert_eq!(cell.pose, transfer(source, target, &[Part::Pose], 1.0).pose);
            assert_eq!((cell.identity, cell.style), (target.identity, target.style));
            assert_eq!(board.recipe(column).unwrap().apply(target), Ok(cell));
        }
    }
    assert_eq!((board.column_name(0), board.column_name(1)), ("anna".to_owned(), "ben".to_owned()));
    assert_eq!(board.parts_text(), "pose, expression 70 %");
    let head = board.head(1).unwrap();
    assert!(head.identity.angle_deg(&board.sources[1].1.identity) < 0.05, "a source stands above its column as it is");
}

#[test]
fn mixed_sources_are_one_column() {
    let mut board = board();
    board.mixed = true;
    board.parts = [Some(1.0), Some(1.0), None, None];
    (board.sources[0].1.identity, board.sources[1].1.identity) = (basis(0), basis(1));
    assert_eq!((board.rows(), board.columns()), (3, 1));
    assert_eq!(board.column_name(0), "anna + ben");
    let numbers = *board.cell(2, 0).unwrap().identity.as_array();
    assert!((numbers[1] / numbers[0] - 3.0).abs() < 1e-3, "{numbers:?}");

    // A weight of its own in a part.
    board.mix = vec![[1.0, 6.0, 1.0, 1.0], [0.0, 1.0, 1.0, 1.0]];
    let cell = board.cell(0, 0).unwrap();
    let numbers = cell.identity.as_array();
    assert!((numbers[0] / numbers[1] - 2.0).abs() < 1e-3, "{numbers:?}");
    assert_eq!(cell.pose, transfer(&board.sources[0].1, &board.targets[0].1, &[Part::Pose], 1.0).pose);
    assert_eq!(board.recipe(0).unwrap().gift(Part::Pose).unwrap().from.len(), 1);

    board.mix = vec![[1.0; 4], [0.0; 4]];
    assert_eq!(board.column_name(0), "anna");
}

#[test]
fn a_board_that_makes_no_sense_says_so() {
    let mut board = board();
    for (row, column) in [(3, 0), (0, 2)] {
        assert_eq!(board.cell(row, column), Err(RecipeError::NoSuchCell));
    }
    assert_eq!(board.recipe(2), Err(RecipeError::NoSuchCell));
    assert_eq!((board.head(2), board.column_name(2)), (Err(RecipeError::NoSuchCell), String::new()));
    assert_eq!((Board::default().rows(), Board::default().columns()), (0, 0));

    board.mixed = true;
    board.mix = vec![[0.0, 1.0, 1.0, 1.0]; 2];
    assert_eq!(board.cell(0, 0), Err(RecipeError::NoFace(Part::Pose)));
    board.mix.clear();
    board.sources[0].2 = -1.0;
    let refused = RecipeError::Weight { part: Part::Pose, name: "anna".to_owned(), value: -1.0 };
    assert_eq!(board.recipe(0), Err(refused));

    let opposite = Direction::new(board.sources[1].1.expression.as_array().map(|v| -v)).unwrap();
    (board.sources[0].1.expression, board.sources[0].2) = (opposite, 3.0);
    assert_eq!(board.recipe(0), Err(RecipeError::CancelsOut(Part::Expression)));
    // Where nothing is given, every face stays itself.
    board.parts = [None; 4];
    assert_eq!(board.cell(1, 0), Ok(board.targets[1].1));
    assert_eq!(board.parts_text(), "");
}
