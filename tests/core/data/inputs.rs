//! From what is typed to files, and from files to names.

use std::fs;
use std::path::{Path, PathBuf};

use facespace::data::inputs::{InputError, expand, output_names};

fn touch(folder: &Path, names: &[&str]) {
    for name in names {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, b"").unwrap();
    }
}

fn under(folder: &Path, names: &[&str]) -> Vec<PathBuf> {
    names.iter().map(|name| folder.join(name)).collect()
}

#[test]
fn a_folder_stands_for_its_pictures() {
    let folder = tempfile::tempdir().unwrap();
    touch(folder.path(), &["b.PNG", "a.jpg", "c.heic", ".hidden.png", "notes.txt", "below/d.png"]);
    let found = expand(&[folder.path().to_owned()]).unwrap();
    assert_eq!(found, under(folder.path(), &["a.jpg", "b.PNG", "c.heic"]));
}

#[test]
fn what_is_named_twice_is_taken_once() {
    let folder = tempfile::tempdir().unwrap();
    touch(folder.path(), &["b.png", "a.png", "odd.dat"]);
    let roundabout = folder.path().join("../").join(folder.path().file_name().unwrap()).join("b.png");
    let named = [folder.path().join("odd.dat"), folder.path().join("b.png"), roundabout, folder.path().to_owned()];
    assert_eq!(expand(&named).unwrap(), under(folder.path(), &["odd.dat", "b.png", "a.png"]));
}

#[test]
fn nothing_to_work_on_is_said() {
    let folder = tempfile::tempdir().unwrap();
    touch(folder.path(), &["notes.txt"]);
    assert!(matches!(expand(&[]), Err(InputError::Nothing)));
    let error = expand(&[folder.path().to_owned()]).unwrap_err();
    assert!(error.to_string().starts_with("The folder has no pictures;"));
    assert!(error.to_string().ends_with(&folder.path().display().to_string()));
    assert!(matches!(expand(&[folder.path().join("gone.png")]), Err(InputError::Missing(_))));
}

#[test]
fn equal_stems_are_numbered_past_names_that_are_taken() {
    let inputs = ["x/a.png", "y/a.jpg", "z/a-2.png", "w/A.png", "x/b.tar.png", "v/a-2.gif"].map(PathBuf::from);
    let names = output_names(&inputs, Path::new("out"), "webp").unwrap();
    let expected = ["a.webp", "a-3.webp", "a-2.webp", "A-4.webp", "b.tar.webp", "a-2-2.webp"];
    assert_eq!(names, under(Path::new("out"), &expected));
}

#[test]
fn a_result_never_replaces_an_input() {
    let folder = tempfile::tempdir().unwrap();
    touch(folder.path(), &["a.png", "below/c.png"]);
    let inputs = under(folder.path(), &["a.png"]);
    let detour = folder.path().join("below/..");
    assert!(matches!(output_names(&inputs, &detour, "png"), Err(InputError::OverwritesInput(_))));
    output_names(&inputs, &detour, "jpg").unwrap();
    output_names(&inputs, &folder.path().join("below"), "png").unwrap();
}
