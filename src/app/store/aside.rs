//! Files that cannot be read are set aside under another name and never written over: someone may mend them.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

/// Renames `session.json` to `session-broken-2026-01-31.json`, or with a number behind the date where that is taken.
///
/// # Errors
/// Whatever keeps a file from being renamed.
pub fn set_aside(path: &Path) -> io::Result<PathBuf> {
    let target = free_name(path);
    fs::rename(path, &target)?;
    Ok(target)
}

fn free_name(path: &Path) -> PathBuf {
    let part = |part: Option<&std::ffi::OsStr>| part.unwrap_or_default().to_string_lossy().into_owned();
    let (stem, extension) = (part(path.file_stem()), part(path.extension()));
    let ending = if extension.is_empty() { String::new() } else { format!(".{extension}") };
    let date = date(SystemTime::now());
    let name = |number: u32| match number {
        1 => path.with_file_name(format!("{stem}-broken-{date}{ending}")),
        _ => path.with_file_name(format!("{stem}-broken-{date}-{number}{ending}")),
    };
    // A day has fewer starts than there are numbers.
    (1..).map(name).find(|name| name.symlink_metadata().is_err()).unwrap_or_else(|| name(u32::MAX))
}

/// Year, month and day in UTC.
pub fn date(time: SystemTime) -> String {
    let mut days = time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs() / 86_400;
    let is_leap = |year: u64| year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let mut year = 1970;
    while days >= 365 + u64::from(is_leap(year)) {
        days -= 365 + u64::from(is_leap(year));
        year += 1;
    }
    let mut month = 1;
    for length in [31, 28 + u64::from(is_leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
        if days < length {
            break;
        }
        days -= length;
        month += 1;
    }
    format!("{year}-{month:02}-{:02}", days + 1)
}
