//! Columns that stand under each other in a terminal.

/// What stands above a column, and whether it holds numbers, which stand to the right.
pub type Column = (&'static str, bool);

/// The rows under the titles, every column as wide as its widest cell.
pub fn table<const N: usize>(columns: &[Column; N], rows: &[[String; N]]) -> String {
    let head = columns.map(|(title, _)| title.to_owned());
    let lines = || std::iter::once(&head).chain(rows);
    let widths: [usize; N] =
        std::array::from_fn(|i| lines().map(|row| row[i].chars().count()).max().unwrap_or_default());
    let mut text = String::new();
    for row in lines() {
        let mut line = String::new();
        for ((cell, width), (_, numbers)) in row.iter().zip(widths).zip(columns) {
            line += &if *numbers { format!("{cell:>width$}  ") } else { format!("{cell:<width$}  ") };
        }
        text += line.trim_end();
        text.push('\n');
    }
    text
}

/// A count and its noun, which takes an s where there is not exactly one.
pub fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}
