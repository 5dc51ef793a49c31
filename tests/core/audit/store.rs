//! Audits that are damaged, too new, read-only or none.

use std::fs;
use std::path::Path;

use facespace::audit::{Audit, AuditError, Form, Score, Verdict, ranking};
use facespace::face::Expression;
use rusqlite::Connection;

use super::desk::{Desk, FACES, assert_says, name, row};
use crate::shared::copy;

/// What the program says to an audit, whenever it notices.
fn trouble(folder: &Path) -> AuditError {
    let read = |audit: Audit| -> Result<(), AuditError> {
        audit.info()?;
        for row in audit.rows()? {
            audit.card(row.face)?;
        }
        Ok(())
    };
    Audit::open(folder).and_then(read).unwrap_err()
}

fn database(desk: &Desk) -> Connection {
    Connection::open(desk.folder().join("audit.sqlite")).unwrap()
}

#[test]
fn a_damaged_audit_says_so() {
    let desk = Desk::audited();
    let path = desk.folder().join("audit.sqlite");
    let whole = fs::read(&path).unwrap();
    for left in [1, 100, 5000, whole.len() / 2, whole.len() - 8192] {
        fs::write(&path, &whole[..left]).unwrap();
        assert_says(&trouble(&desk.folder()), "The audit is cut off or damaged", &desk.folder());
    }
    fs::write(&path, &whole).unwrap();
    assert_eq!(desk.audit().rows().unwrap().len(), FACES);
    for (change, says) in [
        ("UPDATE rows SET given = 9 WHERE face = 3", "the class 9"),
        ("UPDATE evidence SET votes = x'00' WHERE face = 3", "1 bytes instead of 32"),
        ("UPDATE about SET format = 'papyrus'", "the format papyrus"),
    ] {
        fs::write(&path, &whole).unwrap();
        database(&desk).execute_batch(change).unwrap();
        assert_says(&trouble(&desk.folder()), says, &desk.folder());
    }
}

#[test]
fn an_audit_of_a_newer_program_is_left_alone_with_its_verdicts() {
    let desk = Desk::audited();
    let folder = desk.folder();
    let face = row(&desk.audit(), 0).face;
    desk.audit().judge(face, Verdict::Keep, "Anna").unwrap();
    database(&desk).pragma_update(None, "user_version", 2).unwrap();
    let says = "made by a newer facespace (format 2, this one reads up to 1)";
    assert_says(&trouble(&folder), says, &folder);
    assert_says(&desk.again(&folder).refused(), says, &folder);
    database(&desk).pragma_update(None, "user_version", 1).unwrap();
    assert_eq!(row(&desk.audit(), 0).verdict, Some(Verdict::Keep));
}

#[test]
fn where_there_is_no_audit_it_says_so() {
    let desk = Desk::empty();
    let folder = desk.folder();
    assert!(!Audit::is_audit(&folder));
    assert_says(&trouble(&folder), "There is no audit here", &folder);
    fs::create_dir(&folder).unwrap();
    assert_says(&trouble(&folder), "There is no audit here", &folder);
    Connection::open(folder.join("audit.sqlite")).unwrap().execute_batch("CREATE TABLE other (one)").unwrap();
    assert_says(&trouble(&folder), "There is no audit here", &folder);
    assert_says(&desk.again(&folder).refused(), "holds other things", &folder);
    // The folder of an index is none of an audit.
    let audited = Desk::audited();
    assert_says(&trouble(&audited.folder().join("index")), "There is no audit here", &audited.folder().join("index"));
    fs::remove_dir_all(audited.folder().join("index")).unwrap();
    assert_says(&trouble(&audited.folder()), "stopped before its scores were there", &audited.folder());
}

#[cfg(unix)]
#[test]
fn on_a_disk_that_cannot_be_written_an_audit_is_read() {
    use std::os::unix::fs::PermissionsExt;
    let desk = Desk::audited();
    let folder = desk.folder();
    let set = |mode: u32, file_mode: u32| {
        for below in [folder.join("index"), folder.clone()] {
            fs::set_permissions(&below, fs::Permissions::from_mode(0o755)).unwrap();
            for entry in fs::read_dir(&below).unwrap() {
                let path = entry.unwrap().path();
                if path.is_file() {
                    fs::set_permissions(path, fs::Permissions::from_mode(file_mode)).unwrap();
                }
            }
            fs::set_permissions(&below, fs::Permissions::from_mode(mode)).unwrap();
        }
    };
    let face = row(&desk.audit(), 0).face;
    set(0o555, 0o444);
    let is_root = fs::write(folder.join("probe"), b"").is_ok();
    if is_root {
        // Root is kept from nothing.
        fs::remove_file(folder.join("probe")).unwrap();
        set(0o755, 0o644);
        return;
    }
    let mut audit = desk.audit();
    assert_eq!(audit.info().unwrap().labelled, FACES);
    let card = audit.card(face).unwrap();
    assert_eq!(card.neighbours.len(), 8);
    let says = "This disk is read-only";
    assert_says(&audit.judge(face, Verdict::Keep, "Anna").unwrap_err(), says, &folder);
    assert_says(&audit.undo("Anna").unwrap_err(), says, &folder);
    // What is read of a reconstruction is told all the same.
    let other = row(&audit, 12).face;
    let (chances, _) = audit.read_reconstruction(other, &card.code.to_array()).unwrap();
    assert!(chances[Expression::Happy.index()] > 0.5, "{chances:?}");
    assert_eq!(audit.card(other).unwrap().reconstruction, None);
    audit.export(&desk.path("table.csv"), Form::Cleanlab).unwrap();
    drop(audit);
    assert!(desk.again(&folder).run().0.is_err());
    set(0o755, 0o644);
}

#[test]
fn what_one_writes_the_others_see() {
    let desk = Desk::audited();
    let (mut one, other) = (desk.audit(), desk.audit());
    let face = row(&one, 3).face;
    one.judge(face, Verdict::Ambiguous, "Anna").unwrap();
    assert_eq!(row(&other, 3).verdict, Some(Verdict::Ambiguous));
    // As it lies while the program runs, with what was written lately beside the database.
    let killed = desk.path("killed");
    copy(&desk.folder(), &killed);
    assert!(killed.join("audit.sqlite-wal").metadata().unwrap().len() > 0);
    let after = Audit::open(&killed).unwrap();
    assert_eq!(row(&after, 3).verdict, Some(Verdict::Ambiguous));
}

#[test]
fn rows_are_ranked_from_the_worst_and_unknown_ones_come_last() {
    let desk = Desk::audited();
    let rows = desk.audit().rows().unwrap();
    for score in Score::ALL {
        let order = ranking(&rows, score);
        let mut places = order.clone();
        places.sort_unstable();
        assert_eq!(places, (0..FACES as u32).collect::<Vec<_>>());
        let key = |place: u32| {
            let quality = rows[place as usize].quality(score);
            (quality.is_nan(), if quality.is_nan() { 0.0 } else { quality }, place)
        };
        assert!(order.windows(2).all(|pair| key(pair[0]) < key(pair[1])), "{score}");
    }
    assert_eq!(desk.audit().name(rows[7].face).unwrap(), name(7));
}
