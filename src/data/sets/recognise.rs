//! Which format a file or folder is, by what lies in it. The formats with names of their own come first, folders of
//! pictures last; where two are possible, the user is asked.

use std::path::Path;

use super::files::names;
use super::table::{is_parquet, open_parquet};
use super::{Columns, Format, SetError, affectnet, affectnet_npy, celeba, folders, lfw, vggface2, voxceleb};
use crate::data::shards::{Wanted, find_shards};

/// Whether a format's files lie at a path.
type IsHere = fn(&Path) -> bool;

/// The column of a shard's pictures.
const PICTURES: &str = "image.bytes";

/// The format of a file or folder, which is there.
///
/// # Errors
/// Nothing known, more than one possibility, a file that cannot be read.
pub(super) fn recognise(path: &Path, columns: &Columns) -> Result<Format, SetError> {
    if path.is_dir() { of_folder(path) } else { of_file(path, columns) }
}

fn of_file(path: &Path, columns: &Columns) -> Result<Format, SetError> {
    if is_parquet(path) {
        let is_own = columns.picture.as_deref().is_none_or(|picture| picture == PICTURES);
        return Ok(if is_own && has_pictures(path)? { Format::Shards } else { Format::Table });
    }
    if !is_text(path) {
        return Err(unknown(path, "it is neither a CSV nor a Parquet file; archives have to be unpacked".to_owned()));
    }
    Ok(if affectnet::is_here(path) { Format::Affectnet } else { Format::Table })
}

fn of_folder(path: &Path) -> Result<Format, SetError> {
    let shards = find_shards(&[path.to_owned()], Wanted::All).unwrap_or_default();
    if let Some(shard) = shards.first() {
        let lacks = format!("its Parquet files lack the column {PICTURES}; name one of them");
        return if has_pictures(shard)? { Ok(Format::Shards) } else { Err(unknown(path, lacks)) };
    }
    // The last of these looks into folders of folders, which takes the longest.
    let own: [(Format, IsHere); 6] = [
        (Format::AffectnetNpy, affectnet_npy::is_here),
        (Format::Celeba, celeba::is_here),
        (Format::Vggface2, vggface2::is_here),
        (Format::Lfw, lfw::is_here),
        (Format::Voxceleb, voxceleb::is_here),
        (Format::Affectnet, affectnet::is_here),
    ];
    if let Some((format, _)) = own.into_iter().find(|(_, is_here)| is_here(path)) {
        return Ok(format);
    }
    let table = names(path, is_text)?.into_iter().next();
    match (table, folders::is_here(path)) {
        (None, true) => Ok(Format::Folders),
        (None, false) => Err(unknown(path, "there are no pictures, tables or shards in it".to_owned())),
        (Some(table), true) => {
            Err(unknown(path, format!("the table {table} lies beside pictures; name that, or take folders as labels")))
        }
        (Some(table), false) => Err(unknown(path, format!("there is the table {table} in it; name that"))),
    }
}

/// Whether a Parquet file has pictures as shards have them.
fn has_pictures(path: &Path) -> Result<bool, SetError> {
    Ok(open_parquet(path)?.names().iter().any(|name| name == PICTURES))
}

/// Whether a name ends as those of tables in text do.
fn is_text(path: &Path) -> bool {
    path.extension().is_some_and(|extension| ["csv", "tsv"].iter().any(|known| extension.eq_ignore_ascii_case(known)))
}

fn unknown(path: &Path, detail: String) -> SetError {
    SetError::Unknown { path: path.to_owned(), detail }
}
