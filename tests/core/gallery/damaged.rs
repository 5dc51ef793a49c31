//! Indexes that are damaged, too new, or on a disk that does not take them.

use std::fs;
use std::path::Path;

use facespace::gallery::{GalleryError, Index};
use rusqlite::Connection;

use super::{Desk, assert_says, given, model};

/// With two hundred faces, closed.
fn filled() -> Desk {
    let desk = Desk::new();
    let faces: Vec<_> = (0..200).map(|i| given(&desk.path(&format!("{i}.png")), i)).collect();
    desk.index().insert(&faces).unwrap();
    desk
}

/// What the program says to an index, whenever it notices.
fn trouble(folder: &Path) -> GalleryError {
    let read = |index: Index| -> Result<(), GalleryError> {
        let codes = index.codes()?;
        for &key in codes.keys() {
            index.card(key)?;
        }
        Ok(())
    };
    Index::open(folder).and_then(read).unwrap_err()
}

#[test]
fn a_cut_off_index_says_so() {
    let desk = filled();
    let database = desk.folder().join("faces.sqlite");
    let whole = fs::read(&database).unwrap();
    for left in [1, 100, 5000, whole.len() / 2, whole.len() - 8192] {
        fs::write(&database, &whole[..left]).unwrap();
        assert_says(&trouble(&desk.folder()), "The index is cut off or damaged", &desk.folder());
    }
    fs::write(&database, &whole).unwrap();
    assert_eq!(desk.index().faces().unwrap(), 200);
}

#[test]
fn what_is_no_database_says_so() {
    let desk = filled();
    let database = desk.folder().join("faces.sqlite");
    let mut bytes = fs::read(&database).unwrap();
    bytes[..16].fill(b'x');
    fs::write(&database, &bytes).unwrap();
    assert_says(&trouble(&desk.folder()), "The index is cut off or damaged", &desk.folder());
    fs::write(&database, b"").unwrap();
    assert_says(&trouble(&desk.folder()), "There is no index here", &desk.folder());
    fs::remove_file(&database).unwrap();
    Connection::open(&database).unwrap().execute_batch("CREATE TABLE other (one)").unwrap();
    assert_says(&trouble(&desk.folder()), "There is no index here", &desk.folder());
    let error = Index::create(&desk.folder(), &model("plain")).unwrap_err();
    assert_says(&error, "holds other things", &desk.folder());
}

#[test]
fn a_code_of_another_length_is_damage() {
    let desk = filled();
    let database = Connection::open(desk.folder().join("faces.sqlite")).unwrap();
    database.execute("UPDATE codes SET code = ?1 WHERE key = 7", [vec![0u8; 395]]).unwrap();
    drop(database);
    assert_says(&trouble(&desk.folder()), "395 bytes instead of 396", &desk.folder());
}

#[test]
fn an_index_of_a_newer_program_is_left_alone() {
    let desk = filled();
    let database = Connection::open(desk.folder().join("faces.sqlite")).unwrap();
    database.pragma_update(None, "user_version", 2).unwrap();
    drop(database);
    let says = "made by a newer facespace (format 2, this one reads up to 1)";
    assert_says(&trouble(&desk.folder()), says, &desk.folder());
    assert_says(&Index::create(&desk.folder(), &model("plain")).unwrap_err(), says, &desk.folder());
    Index::delete(&desk.folder()).unwrap();
}

#[cfg(unix)]
#[test]
fn on_a_disk_that_cannot_be_written_an_index_is_read() {
    use std::os::unix::fs::PermissionsExt;
    let mut desk = filled();
    let set = |mode: u32, file_mode: u32| {
        let mode_of = fs::Permissions::from_mode;
        for entry in fs::read_dir(desk.path("index")).unwrap() {
            fs::set_permissions(entry.unwrap().path(), mode_of(file_mode)).unwrap();
        }
        fs::set_permissions(desk.path("index"), mode_of(mode)).unwrap();
    };
    set(0o555, 0o444);
    let is_root = fs::write(desk.path("index/probe"), b"").is_ok();
    if is_root {
        // Root is kept from nothing.
        fs::remove_file(desk.path("index/probe")).unwrap();
        set(0o755, 0o644);
        return;
    }
    let mut index = desk.index();
    assert_eq!((index.faces().unwrap(), index.codes().unwrap().len()), (200, 200));
    let keys = index.keys().unwrap();
    let says = "This disk is read-only";
    assert_says(&index.insert(&[given(Path::new("a.png"), 40)]).unwrap_err(), says, &desk.folder());
    assert_says(&index.rename(&keys[..2], "Anna").unwrap_err(), says, &desk.folder());
    assert!(index.people().unwrap().names.is_empty());
    drop(index);
    assert_says(&desk.update_with(&[], usize::MAX).unwrap_err(), says, &desk.folder());
    assert!(Index::delete(&desk.folder()).is_err());
    let set_back = fs::Permissions::from_mode(0o755);
    fs::set_permissions(desk.folder(), set_back).unwrap();
}

#[test]
fn a_kill_between_two_transactions_costs_nothing() {
    let desk = filled();
    let mut index = desk.index();
    index.insert(&[given(&desk.path("more.png"), 201)]).unwrap();
    // As it lies while the program runs, with what was written lately beside the database.
    let killed = desk.path("killed");
    fs::create_dir(&killed).unwrap();
    for entry in fs::read_dir(desk.folder()).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), killed.join(entry.file_name())).unwrap();
    }
    assert!(killed.join("faces.sqlite-wal").metadata().unwrap().len() > 0);
    assert_eq!(Index::open(&killed).unwrap().faces().unwrap(), 201);
    drop(index);
}

#[test]
fn what_was_deleted_lies_nowhere_any_more() {
    let mut desk = Desk::new();
    desk.put("a.png", &[40]);
    desk.update();
    let key = desk.card("a.png").key;
    desk.index().rename(&[key], "Rumpelstiltskin").unwrap();
    fs::remove_file(desk.picture("a.png")).unwrap();
    desk.update();
    let code = super::code(40).iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<u8>>();
    for entry in fs::read_dir(desk.folder()).unwrap() {
        let bytes = fs::read(entry.unwrap().path()).unwrap();
        assert!(!bytes.windows(code.len()).any(|window| window == code));
    }
    assert!(desk.index().people().unwrap().names.is_empty());
}
