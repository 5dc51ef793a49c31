//! How often each given label is read as each other: what a confusion matrix shows.

use crate::face::Expression;

const CLASSES: usize = Expression::ALL.len();

/// Faces by their given label (row) and by what they look like (column), in the order of [`Expression::ALL`].
pub type Confusion = [[u32; CLASSES]; CLASSES];

/// Counts faces, each a given label and a prediction.
pub fn count(faces: impl IntoIterator<Item = (Expression, Expression)>) -> Confusion {
    let mut cells = Confusion::default();
    for (given, predicted) in faces {
        cells[given.index()][predicted.index()] += 1;
    }
    cells
}

/// The cells off the diagonal that hold a face, the fullest first: given, predicted, faces.
pub fn disagreements(cells: &Confusion) -> Vec<(Expression, Expression, u32)> {
    let row = |given: Expression| Expression::ALL.into_iter().map(move |predicted| (given, predicted));
    let mut found: Vec<_> = Expression::ALL
        .into_iter()
        .flat_map(row)
        .filter(|(given, predicted)| given != predicted)
        .map(|(given, predicted)| (given, predicted, cells[given.index()][predicted.index()]))
        .filter(|(_, _, faces)| *faces > 0)
        .collect();
    // Stable: of cells that are as full, the first row's.
    found.sort_by_key(|(_, _, faces)| std::cmp::Reverse(*faces));
    found
}
