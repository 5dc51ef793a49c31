//! `facespace audit list`: the faces whose labels look most wrong, and what else an audit shows as tables.

use std::path::PathBuf;
use std::str::FromStr;

use clap::Args;
use serde_json::{Map, Value, json};

use super::require;
use crate::audit::confusion::Confusion;
use crate::audit::{Audit, Row, Score, Shortcut, ranking};
use crate::cli::context::{Context, Outcome, Stop};
use crate::cli::table::{Column, counted, table};
use crate::face::Expression;
use crate::face::code::UnknownName;

const COLUMNS: [Column; 7] = [
    ("rank", true),
    ("quality", true),
    ("face", true),
    ("given", false),
    ("looks", false),
    ("verdict", false),
    ("name", false),
];
const SHORTCUTS: [Column; 4] = [("label read from", false), ("AUC", true), ("95 %", true), ("faces", true)];

#[derive(Args)]
pub struct Arguments {
    /// The folder of the audit
    #[arg(value_name = "DIR")]
    pub(super) audit: PathBuf,
    /// How many faces to list (as many as the audit's budget if not given)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    top: Option<u32>,
    /// The score to rank by; `facespace audit --help` says what each looks at
    #[arg(long, value_name = "SCORE", default_value_t)]
    score: Score,
    /// Only the faces of one cell of the confusion matrix, such as given=happy,predicted=sad, or of one row or column
    #[arg(long, value_name = "given=...,predicted=...")]
    cell: Option<Cell>,
}

/// Which faces are listed; a label that is none is any.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cell {
    given: Option<Expression>,
    predicted: Option<Expression>,
}

impl FromStr for Cell {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut cell = Cell::default();
        for part in text.split(',') {
            let (which, label) = part.split_once('=').ok_or("write it as given=happy,predicted=sad")?;
            let label: Expression = label.trim().parse().map_err(|e: UnknownName| e.to_string())?;
            let side = match which.trim() {
                "given" => &mut cell.given,
                "predicted" => &mut cell.predicted,
                other => return Err(format!("\"{other}\" is neither given nor predicted")),
            };
            if side.replace(label).is_some() {
                return Err(format!("{which} is named twice"));
            }
        }
        Ok(cell)
    }
}

impl Cell {
    fn holds(self, row: &Row) -> bool {
        let fits = |wanted: Option<Expression>, label| wanted.is_none_or(|wanted| wanted == label);
        fits(self.given, row.given) && fits(self.predicted, row.predicted)
    }
}

/// A face in a list.
pub struct Listed {
    /// Among all faces by the score, from 1.
    rank: usize,
    row: Row,
    name: String,
}

/// The faces of a list, worst first, `top` of them at most; and how many there would be without that limit.
pub struct List {
    pub score: Score,
    pub faces: Vec<Listed>,
    pub total: usize,
}

impl List {
    /// # Errors
    /// A store that cannot be read.
    pub fn of(audit: &Audit, score: Score, cell: Cell, top: usize) -> Result<Self, Stop> {
        let (rows, names) = audit.named_rows()?;
        // Faces of which the score says nothing have no rank.
        let order = ranking(&rows, score).into_iter().map(|place| (place as usize, rows[place as usize]));
        let ranked = (1..).zip(order).filter(|(_, (_, row))| !row.quality(score).is_nan() && cell.holds(row));
        let (mut faces, mut total) = (Vec::new(), 0);
        for (rank, (place, row)) in ranked {
            if faces.len() < top {
                faces.push(Listed { rank, row, name: names.get(place).to_owned() });
            }
            total += 1;
        }
        Ok(List { score, faces, total })
    }

    /// The first so many as a table; nothing where there is none.
    pub fn text(&self, most: usize) -> String {
        let cells = |Listed { rank, row, name }: &Listed| {
            let quality = format!("{:.3}", row.quality(self.score));
            let verdict = row.verdict.map_or_else(|| "-".to_owned(), |verdict| verdict.to_string());
            let (given, looks) = (row.given.to_string(), row.predicted.to_string());
            [rank.to_string(), quality, row.face.to_string(), given, looks, verdict, name.clone()]
        };
        let rows: Vec<_> = self.faces.iter().take(most).map(cells).collect();
        if rows.is_empty() { String::new() } else { table(&COLUMNS, &rows) }
    }

    /// The entries of the report.
    pub fn report(&self) -> Value {
        let entry = |Listed { rank, row, name }: &Listed| {
            json!({
                "rank": rank, "face": row.face, "name": name, "given": row.given, "predicted": row.predicted,
                "verdict": row.verdict.map(|verdict| verdict.to_string()), "quality": row.quality(self.score),
                "qualities": by_score(&row.qualities),
            })
        };
        Value::Array(self.faces.iter().map(entry).collect())
    }
}

pub fn run(context: &mut Context, arguments: &Arguments) -> Outcome {
    let audit = Audit::open(&arguments.audit)?;
    let info = audit.info()?;
    require(&info, arguments.score)?;
    let top = arguments.top.map_or(info.budget, |top| top as usize);
    let list = List::of(&audit, arguments.score, arguments.cell.unwrap_or_default(), top)?;
    context.print(&format!(
        "{}{} of {}, ranked by {}; verdicts on {}\n",
        list.text(usize::MAX),
        list.faces.len(),
        counted(list.total, "face"),
        list.score,
        counted(info.verdicts.total(), "face"),
    ))?;
    Ok(json!({
        "audit": arguments.audit, "score": list.score, "budget": info.budget, "total": list.total,
        "verdicts": info.verdicts, "faces": list.report(),
    }))
}

/// Each score's number under its name; null where it is not known.
pub fn by_score(qualities: &[f32]) -> Value {
    let named = Score::ALL.iter().zip(qualities).map(|(score, quality)| (score.name().to_owned(), json!(quality)));
    Value::Object(Map::from_iter(named))
}

/// How many faces of each given label look like each label, for labels that some face has or looks like.
pub fn confusion_text(cells: &Confusion) -> String {
    let mut columns: [Column; 9] = [("given \\ looks", false); 9];
    for (column, class) in columns.iter_mut().skip(1).zip(Expression::ALL) {
        *column = (class.name(), true);
    }
    let mut rows = Vec::new();
    for given in Expression::ALL {
        let counts = cells[given.index()];
        if counts.iter().any(|&count| count > 0) {
            let mut cells = [const { String::new() }; 9];
            cells[0] = given.to_string();
            for (cell, count) in cells.iter_mut().skip(1).zip(counts) {
                *cell = if count == 0 { "-".to_owned() } else { count.to_string() };
            }
            rows.push(cells);
        }
    }
    table(&columns, &rows)
}

/// How well the label is read from each part of the code; nothing where that could not be measured.
pub fn shortcuts_text(shortcuts: &[Shortcut]) -> String {
    if shortcuts.is_empty() {
        return String::new();
    }
    let rows = shortcuts.iter().map(|Shortcut { reads, auc }| {
        let interval = auc.interval.map_or_else(|| "-".to_owned(), |i| format!("{:.2} to {:.2}", i.low, i.high));
        [reads.clone(), format!("{:.2}", auc.value), interval, auc.n.to_string()]
    });
    table(&SHORTCUTS, &rows.collect::<Vec<_>>())
}
