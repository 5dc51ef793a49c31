use std::path::Path;

use facespace::evaluate::pairs::{NamedPair, PairsError, parse, picture_name, read};

fn parsed(text: &str) -> Result<Vec<NamedPair>, PairsError> {
    parse(text, Path::new("pairs.txt"))
}

fn pair(a: &str, b: &str, same: bool, fold: usize) -> NamedPair {
    NamedPair { a: a.to_owned(), b: b.to_owned(), same, fold }
}

#[test]
fn folds_are_read() {
    let text = "2\t1\nAda L\t1\t12\nAda L\t1\tBo\t3\n\nCy\t1\t4\nCy\t2\tDi\t10000\n";
    let expected = [
        pair("Ada L_0001", "Ada L_0012", true, 0),
        pair("Ada L_0001", "Bo_0003", false, 0),
        pair("Cy_0001", "Cy_0004", true, 1),
        pair("Cy_0002", "Di_10000", false, 1),
    ];
    assert_eq!(parsed(text).unwrap(), expected);
}

#[test]
fn one_number_is_that_of_a_single_fold() {
    let expected = [pair("A_0001", "A_0002", true, 0), pair("A_0001", "B_0003", false, 0)];
    assert_eq!(parsed("1\t1\nA\t1\t2\nA\t1\tB\t3\n").unwrap(), expected);
    assert_eq!(parsed("1\nA\t1\t2\nA\t1\tB\t3\n").unwrap(), expected);
}

#[test]
fn what_is_no_list_of_pairs_is_named_by_line() {
    for (text, at, says) in [
        ("", 1, "how many pairs"),
        ("one two", 1, "how many pairs"),
        ("0\t3", 1, "how many pairs"),
        ("1\t2\t3\n", 1, "how many pairs"),
        ("1\t1\nA\t1\tB\t2\nA\t1\tB\t2\n", 2, "two numbers"),
        ("1\t1\nA\t1\t2\nA\t1\t2\n", 3, "two names"),
        ("1\t1\nA\tx\t2\nA\t1\tB\t2\n", 2, "\"x\""),
        ("1\t1\nA\t1\t2\nA\t1\tB\t2\nA\t1\tB\t2\n", 4, "more pairs"),
    ] {
        let error = parsed(text).unwrap_err();
        assert!(matches!(&error, PairsError::Line { line, .. } if *line == at), "{text:?}: {error}");
        assert!(error.to_string().contains(says) && error.to_string().ends_with(": pairs.txt"), "{error}");
    }
    let error = parsed("1\t2\nA\t1\t2\n").unwrap_err();
    assert!(matches!(error, PairsError::Short { found: 1, expected: 4, .. }), "{error}");
    assert!(matches!(read(Path::new("nowhere/pairs.txt")), Err(PairsError::Io { .. })));
}

#[test]
fn pictures_go_by_their_files_names() {
    assert_eq!(picture_name("lfw/Ada_L/Ada_L_0001.jpg"), "Ada_L_0001");
    assert_eq!(picture_name("Bo_0002"), "Bo_0002");
    assert_eq!(picture_name("c:\\faces\\D. E_0003.webp"), "D. E_0003");
}
