//! `facespace index duplicates`: faces whose codes are nearly the same, which mostly are one picture kept twice.

use std::path::Path;

use serde_json::{Value, json};

use crate::cli::context::{Context, Outcome, Stop};
use crate::cli::table::{Column, counted, table};
use crate::gallery::{self, Index};

const COLUMNS: [Column; 4] = [("group", true), ("key", true), ("face", true), ("file", false)];

pub fn run(context: &mut Context, folder: &Path) -> Outcome {
    let index = Index::open(folder)?;
    let codes = index.codes()?;
    let line = context.line();
    line.set_message(format!("comparing {}", counted(codes.len(), "face")));
    line.tick();
    let found = gallery::duplicates(&codes, &|| false);
    line.finish_and_clear();
    // Nobody stops it.
    let groups = found.ok_or_else(|| Stop::Failed("The search was stopped; start it again".to_owned()))?;
    let (mut rows, mut entries) = (Vec::new(), Vec::new());
    for (number, group) in (1_usize..).zip(&groups) {
        let mut faces = Vec::with_capacity(group.len());
        for &place in group {
            let key = codes.keys()[place];
            let (file, face) = super::place(&index, key)?;
            faces.push(json!({"key": key, "file": file, "face": face}));
            rows.push([number.to_string(), key.to_string(), face.to_string(), file]);
        }
        entries.push(Value::Array(faces));
    }
    let text = if rows.is_empty() { String::new() } else { table(&COLUMNS, &rows) };
    let (of, faces) = (counted(groups.len(), "group"), counted(rows.len(), "face"));
    let total =
        if groups.is_empty() { "No two faces are nearly the same\n".to_owned() } else { format!("{of} of {faces}\n") };
    context.print(&format!("{text}{total}"))?;
    Ok(json!({"index": folder, "groups": entries}))
}
