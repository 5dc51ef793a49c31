//! Whole or not at all.

use std::fs;
use std::io;
use std::path::Path;
use std::process::Command;

use facespace::data::atomic::{WriteError, write, write_with};

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_file_is_written_and_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.bin");
    write(&path, b"one").unwrap();
    write(&path, b"two and more").unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"two and more");
    assert_eq!(names(folder.path()), ["a.bin"]);
}

#[test]
fn a_failure_leaves_what_was_there() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.bin");
    write(&path, b"before").unwrap();
    let failed = write_with(&path, |out| {
        out.write_all(&[0; 100_000])?;
        Err(io::Error::other("the source ran dry"))
    });
    assert!(failed.unwrap_err().to_string().contains("the source ran dry"));
    assert_eq!(fs::read(&path).unwrap(), b"before");
    assert_eq!(names(folder.path()), ["a.bin"]);
}

#[test]
fn each_obstacle_has_its_sentence() {
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(write(&folder.path().join("no/a.bin"), b""), Err(WriteError::NoFolder(_))));
    assert!(matches!(write(folder.path(), b""), Err(WriteError::IsFolder(_))));

    let path = Path::new("out/a.png");
    let sentence = |kind: io::ErrorKind| WriteError::new(path, &kind.into()).to_string();
    assert!(sentence(io::ErrorKind::StorageFull).starts_with("The disk is full; free some space"));
    assert!(sentence(io::ErrorKind::PermissionDenied).starts_with("You may not write here; change"));
    assert!(sentence(io::ErrorKind::ReadOnlyFilesystem).starts_with("This disk is read-only; choose"));
    for kind in [io::ErrorKind::StorageFull, io::ErrorKind::PermissionDenied, io::ErrorKind::TimedOut] {
        assert!(sentence(kind).ends_with(": out/a.png"));
    }
}

#[cfg(unix)]
#[test]
fn a_link_stays_a_link_and_permissions_stay() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = tempfile::tempdir().unwrap();
    let (file, link) = (folder.path().join("file"), folder.path().join("link"));
    write(&file, b"before").unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
    symlink("file", &link).unwrap();
    write(&link, b"after").unwrap();
    assert!(link.symlink_metadata().unwrap().is_symlink());
    assert_eq!(fs::read(&file).unwrap(), b"after");
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o640);

    let dangling = folder.path().join("dangling");
    symlink("new", &dangling).unwrap();
    write(&dangling, b"new").unwrap();
    assert_eq!(fs::read(folder.path().join("new")).unwrap(), b"new");
    assert!(dangling.symlink_metadata().unwrap().is_symlink());
}

/// Name of the variable that tells the second process where to write.
const TARGET: &str = "FACESPACE_TEST_TARGET";

/// The environment of this process belongs to all tests, so the full disk is met in a second one.
#[test]
fn a_full_disk_is_told_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let status = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "data::atomic::on_a_full_disk"])
        .env("FACESPACE_FAULT_WRITE", "1000")
        .env(TARGET, folder.path())
        .output()
        .unwrap();
    assert!(status.status.success(), "{}", String::from_utf8_lossy(&status.stdout));
    assert_eq!(names(folder.path()), ["old.bin", "small.bin"]);
    assert_eq!(fs::read(folder.path().join("old.bin")).unwrap(), b"old");
}

#[test]
fn on_a_full_disk() {
    let Some(folder) = std::env::var_os(TARGET) else { return };
    let folder = Path::new(&folder);
    write(&folder.join("small.bin"), &[1; 1000]).unwrap();
    write(&folder.join("old.bin"), b"old").unwrap();
    assert!(matches!(write(&folder.join("old.bin"), &[1; 1001]), Err(WriteError::DiskFull(_))));
    assert!(matches!(write(&folder.join("large.bin"), &[1; 100_000]), Err(WriteError::DiskFull(_))));
}
