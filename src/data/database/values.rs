//! Paths and numbers as the columns of a database have them.

use std::path::{Path, PathBuf};

use rusqlite::types::{Type, Value, ValueRef};

/// A path as the database has it: text where it is some, so that people can read it, and its bytes where not.
pub(crate) fn path_value(path: &Path) -> Value {
    match path.to_str() {
        Some(text) => Value::Text(text.to_owned()),
        None => Value::Blob(path.as_os_str().as_encoded_bytes().to_vec()),
    }
}

/// The path that [`path_value`] made.
pub(crate) fn path(value: ValueRef) -> rusqlite::Result<PathBuf> {
    Ok(path_of(value.as_bytes()?))
}

#[cfg(unix)]
fn path_of(bytes: &[u8]) -> PathBuf {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    OsStr::from_bytes(bytes).into()
}

#[cfg(not(unix))]
fn path_of(bytes: &[u8]) -> PathBuf {
    String::from_utf8_lossy(bytes).into_owned().into()
}

pub(crate) fn not_null(value: ValueRef<'_>) -> Option<ValueRef<'_>> {
    (value != ValueRef::Null).then_some(value)
}

/// Numbers in single precision, little endian.
pub(crate) fn numbers(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

/// As many of them as are wanted.
pub(crate) fn numbers_of<const N: usize>(value: ValueRef) -> rusqlite::Result<[f32; N]> {
    let bytes = value.as_blob()?;
    let (words, rest) = bytes.as_chunks::<4>();
    match <&[[u8; 4]; N]>::try_from(words) {
        Ok(words) if rest.is_empty() => Ok(words.map(f32::from_le_bytes)),
        _ => Err(misshapen(format!("{} bytes instead of {}", bytes.len(), 4 * N))),
    }
}

/// A value that no database of this program holds.
pub(crate) fn misshapen(what: String) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(0, Type::Blob, what.into())
}
