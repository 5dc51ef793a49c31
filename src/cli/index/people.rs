//! `facespace index people`: the faces of an index by person, and what a person changes about the groups.

use std::path::PathBuf;
use std::str::FromStr;

use clap::Args;
use serde_json::{Value, json};

use crate::cli::context::{Context, Outcome, Stop};
use crate::cli::table::{Column, counted, table};
use crate::gallery::{self, Codes, FaceKey, Group, Groups, Index, grouping};

const COLUMNS: [Column; 5] = [("group", true), ("faces", true), ("name", false), ("best", true), ("file", false)];

#[derive(Args)]
pub struct Arguments {
    #[arg(value_name = "INDEX")]
    pub(super) index: PathBuf,
    /// How alike two faces must be to count as one person, the cosine of their identities from 0 to 1
    #[arg(long, value_name = "COSINE", default_value_t = grouping::SUGGESTED_THRESHOLD, value_parser = threshold)]
    threshold: f32,
    #[command(flatten)]
    change: Change,
}

/// What is changed before the groups are listed, by their numbers at this threshold.
#[derive(Args)]
#[group(multiple = false)]
struct Change {
    /// Give a group a name, such as 3=Anna; its faces stay together from then on
    #[arg(long, value_name = "GROUP=NAME")]
    name: Option<Naming>,
    /// Join these groups, such as 3,7; a name that one of them has stays
    #[arg(long, value_name = "GROUP,GROUP", value_delimiter = ',')]
    merge: Vec<usize>,
    /// Keep these faces apart as a person of their own, by the keys that `search` and --json show
    #[arg(long, value_name = "KEY,KEY", value_delimiter = ',')]
    split: Vec<FaceKey>,
    /// Take the last of these changes back
    #[arg(long)]
    undo: bool,
}

/// `3=Anna`.
#[derive(Clone, Debug)]
struct Naming {
    group: usize,
    name: String,
}

impl FromStr for Naming {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (group, name) = text.split_once('=').ok_or("write it as GROUP=NAME, such as 3=Anna")?;
        let group = group.trim().parse().map_err(|_| format!("\"{group}\" is not the number of a group"))?;
        let name = name.trim().to_owned();
        if name.is_empty() { Err("the name is empty".to_owned()) } else { Ok(Naming { group, name }) }
    }
}

fn threshold(text: &str) -> Result<f32, String> {
    match text.parse() {
        Ok(value) if (0.0..=1.0).contains(&value) => Ok(value),
        _ => Err(format!("\"{text}\" is not a number from 0 to 1")),
    }
}

pub fn run(context: &mut Context, arguments: &Arguments) -> Outcome {
    let mut index = Index::open(&arguments.index)?;
    let codes = index.codes()?;
    let done = change(&mut index, &codes, arguments)?;
    if let Some(done) = &done {
        context.remark(done);
    }
    let line = context.line();
    line.set_message(format!("grouping {}", counted(codes.len(), "face")));
    line.tick();
    let groups = grouped(&index, &codes, arguments.threshold)?;
    line.finish_and_clear();
    let together = groups.groups.iter().filter(|group| is_listed(group)).count();
    let alone = groups.groups.len() - together;
    let mut rows = Vec::with_capacity(together);
    for (number, group) in (1..).zip(&groups.groups).filter(|(_, group)| is_listed(group)) {
        rows.push(cells(&index, &codes, number, group)?);
    }
    let text = if rows.is_empty() { String::new() } else { table(&COLUMNS, &rows) };
    let others = if together == 0 { "alone" } else { "besides them, alone" };
    context.print(&format!("{text}{}, and {} {others}\n", counted(together, "group"), counted(alone, "face")))?;
    let entries = groups.groups.iter().map(|group| entry(group, &codes)).collect::<Vec<Value>>();
    Ok(json!({"index": arguments.index, "threshold": arguments.threshold, "changed": done, "groups": entries}))
}

/// Groups of one face are counted alone, but for those that a person made.
fn is_listed(group: &Group) -> bool {
    group.members.len() > 1 || group.person.is_some()
}

fn grouped(index: &Index, codes: &Codes, threshold: f32) -> Result<Groups, Stop> {
    let pins = index.people()?;
    let groups = gallery::group(codes, &pins, threshold, &|| false);
    // Nobody stops it.
    groups.ok_or_else(|| Stop::Failed("The grouping was stopped; start it again".to_owned()))
}

fn keys(codes: &Codes, group: &Group) -> Vec<FaceKey> {
    group.members.iter().map(|&place| codes.keys()[place]).collect()
}

/// Does what was asked for; a sentence about it, where something was.
fn change(index: &mut Index, codes: &Codes, arguments: &Arguments) -> Result<Option<String>, Stop> {
    let Change { name, merge, split, undo } = &arguments.change;
    if *undo {
        let undone = index.undo()?;
        return Ok(Some(
            undone.map_or_else(|| "There is nothing to take back".to_owned(), |what| format!("Took back: {what}")),
        ));
    }
    if !split.is_empty() {
        if let Some(unknown) = split.iter().find(|&&key| codes.position(key).is_none()) {
            return Err(Stop::Usage(format!(
                "There is no face with the key {unknown} in this index; take a key that `facespace search` shows"
            )));
        }
        let groups = grouped(index, codes, arguments.threshold)?;
        let theirs = groups.groups.iter().map(|group| keys(codes, group));
        let theirs: Vec<Vec<FaceKey>> = theirs.filter(|group| split.iter().any(|key| group.contains(key))).collect();
        index.split(split, &theirs)?;
        return Ok(Some(format!("Keeps {} apart", counted(split.len(), "face"))));
    }
    if name.is_none() && merge.is_empty() {
        return Ok(None);
    }
    let groups = grouped(index, codes, arguments.threshold)?;
    if let Some(Naming { group, name }) = name {
        index.rename(&keys(codes, numbered(&groups, *group)?), name)?;
        return Ok(Some(format!("Named group {group} {name}")));
    }
    let merge: Vec<usize> = (0..merge.len()).filter(|&i| !merge[..i].contains(&merge[i])).map(|i| merge[i]).collect();
    if merge.len() < 2 {
        return Err(Stop::Usage("One group cannot be joined with nothing; give two or more, such as 3,7".to_owned()));
    }
    let joined = merge.iter().map(|&number| numbered(&groups, number)).collect::<Result<Vec<_>, _>>()?;
    let members: Vec<FaceKey> = joined.into_iter().flat_map(|group| keys(codes, group)).collect();
    index.merge(&members)?;
    Ok(Some(format!("Joined {} groups", merge.len())))
}

/// The group of a number, from 1.
fn numbered(groups: &Groups, number: usize) -> Result<&Group, Stop> {
    number.checked_sub(1).and_then(|place| groups.groups.get(place)).ok_or_else(|| {
        Stop::Usage(format!(
            "There is no group {number} at this threshold, there are {}; list them without the change first",
            groups.groups.len()
        ))
    })
}

fn cells(index: &Index, codes: &Codes, number: usize, group: &Group) -> Result<[String; COLUMNS.len()], Stop> {
    // No group is empty, and the best example comes first.
    let best = codes.keys()[group.members[0]];
    let (file, _) = super::place(index, best)?;
    let name = group.name.clone().unwrap_or_else(|| "-".to_owned());
    Ok([number.to_string(), group.members.len().to_string(), name, best.to_string(), file])
}

fn entry(group: &Group, codes: &Codes) -> Value {
    json!({"person": group.person, "name": group.name, "faces": group.members.len(), "members": keys(codes, group)})
}
