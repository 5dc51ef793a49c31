//! What all files of the window have around them: a format and a version, looked at before anything else, and one place
//! for what is inside.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// A kind of file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Format {
    pub name: &'static str,
    /// What this program writes, and the newest it reads.
    pub version: u64,
}

/// Why the bytes of a file are not what was looked for.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Unfit {
    /// Another kind of file altogether.
    Foreign,
    Newer(u64),
    CutOff,
    Damaged(String),
}

#[derive(Serialize)]
struct Outgoing<'a, T> {
    format: &'static str,
    version: u64,
    content: &'a T,
}

#[derive(Deserialize)]
struct Incoming<T> {
    content: T,
}

#[derive(Deserialize)]
struct Head {
    format: String,
    version: u64,
}

impl Format {
    /// The bytes of a file with this content.
    ///
    /// # Errors
    /// One sentence, where a content has no JSON form.
    pub fn pack<T: Serialize>(self, content: &T) -> Result<Vec<u8>, String> {
        serde_json::to_vec(&Outgoing { format: self.name, version: self.version, content })
            .map_err(|e| format!("The {} could not be packed ({e}); please report it", self.name))
    }

    /// The content of a file of this kind. The head is read first, so that a newer file is named as that whatever else
    /// is new in it.
    pub fn unpack<T: DeserializeOwned>(self, bytes: &[u8]) -> Result<T, Unfit> {
        let head: Head = serde_json::from_slice(bytes).map_err(|e| self.unfit(bytes, &e))?;
        if head.format != self.name {
            return Err(Unfit::Foreign);
        }
        if head.version > self.version {
            return Err(Unfit::Newer(head.version));
        }
        let whole: Incoming<T> = serde_json::from_slice(bytes).map_err(|e| self.unfit(bytes, &e))?;
        Ok(whole.content)
    }

    fn unfit(self, bytes: &[u8], error: &serde_json::Error) -> Unfit {
        let beginning = format!("{{\"format\":\"{}\"", self.name).into_bytes();
        if (error.is_eof() || is_at_end(error, bytes))
            && (bytes.starts_with(&beginning) || beginning.starts_with(bytes))
        {
            Unfit::CutOff
        } else if bytes.starts_with(&beginning) {
            Unfit::Damaged(error.to_string())
        } else {
            Unfit::Foreign
        }
    }
}

/// Whether the last byte is where the reader stumbled: a number that is cut off in its middle is wrong there.
fn is_at_end(error: &serde_json::Error, bytes: &[u8]) -> bool {
    let lines = bytes.split(|byte| *byte == b'\n');
    let (count, last) = lines.fold((0, 0), |(count, _), line| (count + 1, line.len()));
    (error.line(), error.column()) >= (count, last)
}
