//! What searches by each part find first (the paper's Fig. 4, in numbers).

use super::{Subject, Watch, of_some, part_read};
use crate::evaluate::error::Halt;
use crate::evaluate::options::PartName;
use crate::evaluate::report::{Better, Cell, Column, Figure, Section, Table, Unit, keys};
use crate::evaluate::retrieval::{self, QUERIES, Retrieval, Searched, Shared, TOP};

pub(super) fn measure(subject: &Subject, watch: Watch) -> Result<Section, Halt> {
    let faces = subject.faces;
    let Some(found) = retrieval::table(&faces.f, &faces.known(), subject.options.seed, watch)? else {
        return Err(Halt::Unmeasured(
            "What a search finds was not measured, since no two faces are known to share anything; give more faces, or \
             shards that have labels"
                .to_owned(),
        ));
    };
    let mut section = Section::new(PartName::Retrieval);
    for shared in &found {
        for by in &shared.by {
            section.figures.extend(figures(shared, by));
        }
    }
    section.tables.push(ends(&found));
    section.notes.extend(of_some("Searches are with", faces.len().min(QUERIES), faces.len()));
    let is_lacking = |shared: &Shared| found.iter().all(|one| one.shares != shared.name());
    section.notes.extend(Shared::ALL.into_iter().filter(is_lacking).map(lacking));
    Ok(section)
}

/// What there is to say of something that too few faces share.
fn lacking(shared: Shared) -> String {
    let give = match shared {
        Shared::Person => "shards that name people, with several faces of each",
        Shared::Expression => "shards that have expression labels",
        Shared::Pose => "shards that have angles",
        Shared::Clip => "shards that name clips, with several faces of each",
    };
    format!(
        "How faces of the {} are found was not measured, since too few are known to share it; give {give}",
        shared.name()
    )
}

fn figures(shared: &Retrieval, by: &Searched) -> [Figure; 2] {
    let part = part_read(&by.reads);
    let is_own = part.is_some_and(|part| part.name() == shared.own_part);
    let better = if is_own { Better::Higher } else { Better::Lower };
    let what = shared.shares.strip_prefix("same ").unwrap_or(&shared.shares);
    let key = format!("retrieval.{}.{}", keys::word(what), keys::word(&by.reads));
    let name = format!("By {}", by.reads);
    [
        Figure::new(format!("{key}.top_{TOP}"), name.as_str(), Unit::Share, better, by.precision)
            .of(format!("Of the first {TOP}, {}", shared.shares))
            .about(part),
        Figure::new(format!("{key}.map"), name.as_str(), Unit::Score, better, by.average_precision)
            .of(format!("Mean average precision, {}", shared.shares))
            .about(part),
    ]
}

/// What chance reaches, and the best search.
fn ends(found: &[Retrieval]) -> Table {
    let columns = vec![
        Column::words("shared"),
        Column::numbers("by chance", Unit::Share),
        Column::numbers("at best", Unit::Share),
    ];
    let mut table = Table::new(format!("Shares of the first {TOP} that can be reached"), columns);
    table.rows = found
        .iter()
        .map(|shared| vec![Cell::from(shared.shares.as_str()), Cell::from(shared.chance), Cell::from(shared.best)])
        .collect();
    table.note = "At best is below 100 % where some faces share it with fewer than seven others".to_owned();
    table
}
