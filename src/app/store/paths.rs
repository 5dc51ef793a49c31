//! Paths in JSON: text where they are text, bytes where they are not, so that an oddly named file never keeps a session
//! from being saved. For serde's `with`.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Written {
    Text(String),
    Bytes(Vec<u8>),
}

/// Writes a path that may be missing.
///
/// # Errors
/// Those of the serializer.
pub fn serialize<S: Serializer>(path: &Option<PathBuf>, serializer: S) -> Result<S::Ok, S::Error> {
    path.as_deref().map(to_written).serialize(serializer)
}

/// Reads what [`serialize`] wrote.
///
/// # Errors
/// Something that is neither text nor bytes.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<PathBuf>, D::Error> {
    Ok(Option::deserialize(deserializer)?.map(from_written))
}

fn from_written(written: Written) -> PathBuf {
    match written {
        Written::Text(text) => PathBuf::from(text),
        Written::Bytes(bytes) => from_bytes(bytes),
    }
}

fn to_written(path: &Path) -> Written {
    match path.to_str() {
        Some(text) => Written::Text(text.to_owned()),
        None => to_bytes(path),
    }
}

#[cfg(unix)]
fn to_bytes(path: &Path) -> Written {
    use std::os::unix::ffi::OsStrExt;
    Written::Bytes(path.as_os_str().as_bytes().to_vec())
}

#[cfg(unix)]
fn from_bytes(bytes: Vec<u8>) -> PathBuf {
    use std::os::unix::ffi::OsStringExt;
    std::ffi::OsString::from_vec(bytes).into()
}

/// Elsewhere such names are rarer still; the file is then to be opened again by hand.
#[cfg(not(unix))]
fn to_bytes(path: &Path) -> Written {
    Written::Text(path.to_string_lossy().into_owned())
}

#[cfg(not(unix))]
fn from_bytes(bytes: Vec<u8>) -> PathBuf {
    String::from_utf8_lossy(&bytes).into_owned().into()
}

/// The same for several paths.
pub mod many {
    use std::path::PathBuf;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::{Written, from_written, to_written};

    /// Writes paths.
    ///
    /// # Errors
    /// Those of the serializer.
    pub fn serialize<S: Serializer>(paths: &[PathBuf], serializer: S) -> Result<S::Ok, S::Error> {
        paths.iter().map(|path| to_written(path)).collect::<Vec<_>>().serialize(serializer)
    }

    /// Reads what [`serialize`] wrote.
    ///
    /// # Errors
    /// Something that is neither texts nor bytes.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<PathBuf>, D::Error> {
        Ok(Vec::<Written>::deserialize(deserializer)?.into_iter().map(from_written).collect())
    }
}
