//! Which format a path is taken for. The formats' own tests open their copies without a format too.

use facespace::data::sets::{Columns, Format, open};

use super::{file, picture, refusal};

#[test]
fn names_of_formats_are_read_back() {
    for format in Format::ALL {
        assert_eq!(format.to_string().parse::<Format>().ok(), Some(format));
        assert!(!format.explanation().is_empty());
    }
    let error = "mnist".parse::<Format>().unwrap_err().to_string();
    assert!(error.contains("affectnet-npy") && error.contains("mnist"), "{error}");
}

#[test]
fn what_is_no_set_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let error = refusal(root, None);
    assert!(
        error.starts_with("This is no set of faces that is known here (there are no pictures, tables or"),
        "{error}"
    );
    assert!(error.contains("--format"), "{error}");
    assert!(error.ends_with(&root.display().to_string()), "{error}");

    file(root, "set.zip", b"PK");
    let error = refusal(&root.join("set.zip"), None);
    assert!(error.contains("archives have to be unpacked"), "{error}");
    let error = refusal(&root.join("gone"), None);
    assert!(error.starts_with("There is no such file or folder;"), "{error}");
    file(root, "set.parquet", b"no table");
    let error = refusal(&root.join("set.parquet"), None);
    assert!(error.starts_with("The table is cut off, damaged or none"), "{error}");
}

#[test]
fn a_table_beside_pictures_is_asked_about() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    file(root, "labels.csv", b"picture,expression\nimages/1.jpg,happy\n");
    let error = refusal(root, None);
    assert!(error.contains("(there is the table labels.csv in it; name that)"), "{error}");
    picture(root, "images/1.jpg");
    let error = refusal(root, None);
    assert!(error.contains("(the table labels.csv lies beside pictures; name that, or take folders as"), "{error}");
    let set = open(&root.join("labels.csv"), None, &Columns::default()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(set.format(), Format::Table);
    let set = open(root, Some(Format::Folders), &Columns::default()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(set.format(), Format::Folders);
}

#[test]
fn pictures_called_after_their_expression_are_no_people() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["happy/happy_0001.jpg", "happy/happy_0002.jpg", "sad/sad_0001.jpg"] {
        picture(folder.path(), name);
    }
    let set = open(folder.path(), None, &Columns::default()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!((set.format(), set.has_expressions()), (Format::Folders, true));
}
