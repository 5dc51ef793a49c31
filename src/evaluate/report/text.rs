//! A report for a terminal: a line a figure, then its tables; and what is to be said about it, sentence by sentence.

use std::fmt;

use super::figure::{Figure, count, duration};
use super::table::{Cell, Table};
use super::{Report, Section, SetReport};

/// Least and greatest width of the names.
const NAME: [usize; 2] = [46, 66];

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        for (i, set) in self.sets.iter().enumerate() {
            if i > 0 {
                writeln!(f)?;
            }
            write_set(f, set)?;
        }
        Ok(())
    }
}

impl Report {
    /// All that is to be said beside the figures, each a sentence without a period: pictures that were passed over,
    /// what was not measured and why, how it was measured, and the remarks. Sets are named where there are several.
    pub fn sentences(&self) -> Vec<String> {
        let mut all = Vec::new();
        for set in &self.sets {
            let mut said: Vec<String> = Vec::new();
            let passed = set.skipped.iter().map(|(reason, &n)| {
                format!("Passed over {} pictures ({reason}); make the shards again to use them", count(n))
            });
            said.extend(passed);
            match set.failure() {
                Some(why) => said.push(why.to_owned()),
                None => said.extend(set.unmeasured.iter().map(|unmeasured| unmeasured.why.clone())),
            }
            said.extend(set.sections.iter().flat_map(|section| section.notes.clone()));
            let several = self.sets.len() > 1;
            all.extend(said.into_iter().map(|text| if several { format!("{text}: {}", set.name) } else { text }));
        }
        all.extend(self.remarks.iter().cloned());
        all
    }

    /// How long it took: `3 min 12 s, with 37 parts taken from an earlier run`.
    pub fn took_text(&self) -> String {
        let took = duration(self.seconds);
        match self.reused {
            0 => took,
            1 => format!("{took}, with 1 part taken from an earlier run"),
            parts => format!("{took}, with {} parts taken from an earlier run", count(parts)),
        }
    }
}

impl SetReport {
    /// How many faces were measured: `1,000`; `2,000 of 13,233` where the set holds more.
    pub fn faces_text(&self) -> String {
        if self.is_part() { format!("{} of {}", count(self.faces), count(self.held)) } else { count(self.faces) }
    }

    /// `1,000 faces of 480 people`, `2,000 of 13,233 faces of 1,420 people`.
    pub fn size_text(&self) -> String {
        let is_one = self.faces == 1 && !self.is_part();
        let faces = format!("{} {}", self.faces_text(), if is_one { "face" } else { "faces" });
        match self.people {
            0 => faces,
            1 => format!("{faces} of one person"),
            people => format!("{faces} of {} people", count(people)),
        }
    }
}

fn write_set(f: &mut fmt::Formatter, set: &SetReport) -> fmt::Result {
    let heading = format!("{}: {}", set.name, set.size_text());
    let names = set.figures().map(|figure| indent(figure) + figure.name.chars().count());
    let width = names.max().unwrap_or(0).clamp(NAME[0], NAME[1]);
    let has_paper = set.figures().any(|figure| figure.paper.is_some());
    write!(f, "{heading:width$} {:>9}  {:>18}  {:>7}", "value", "95 % interval", "n")?;
    writeln!(f, "{}", if has_paper { "     paper" } else { "" })?;
    set.sections.iter().filter(|section| !section.is_empty()).try_for_each(|section| write_section(f, section, width))
}

fn write_section(f: &mut fmt::Formatter, section: &Section, width: usize) -> fmt::Result {
    if section.figures.is_empty() && section.tables.is_empty() {
        return Ok(());
    }
    writeln!(f, "{}", section.title)?;
    for (group, figures) in section.groups() {
        if !group.is_empty() {
            writeln!(f, "  {group}")?;
        }
        figures.into_iter().try_for_each(|figure| write_figure(f, figure, width))?;
    }
    section.tables.iter().try_for_each(|table| write_table(f, table))
}

fn indent(figure: &Figure) -> usize {
    if figure.group.is_empty() { 2 } else { 4 }
}

fn write_figure(f: &mut fmt::Formatter, figure: &Figure, width: usize) -> fmt::Result {
    let name = format!("{:1$}{2}", "", indent(figure), figure.name);
    let interval = figure.interval_text().unwrap_or_default();
    write!(f, "{name:width$} {:>9}  {interval:>18}  {:>7}", figure.text(), count(figure.value.n))?;
    if let Some(paper) = &figure.paper {
        write!(f, "  {:>8}", figure.unit.text(paper.value))?;
    }
    writeln!(f)
}

/// Columns as wide as what stands in them; numbers to the right.
fn write_table(f: &mut fmt::Formatter, table: &Table) -> fmt::Result {
    let cells: Vec<Vec<String>> = table
        .rows
        .iter()
        .map(|row| {
            let text = |(i, column)| row.get(i).unwrap_or(&Cell::Empty).text(column);
            table.columns.iter().enumerate().map(text).collect()
        })
        .collect();
    let wide = |i: usize| {
        let names = table.columns[i].name.chars().count();
        cells.iter().map(|row| row[i].chars().count()).max().unwrap_or(0).max(names)
    };
    let widths: Vec<usize> = (0..table.columns.len()).map(wide).collect();
    if !table.title.is_empty() {
        writeln!(f, "  {}", table.title)?;
    }
    let names: Vec<String> = table.columns.iter().map(|column| column.name.clone()).collect();
    for row in [&names].into_iter().chain(&cells) {
        let mut line = String::from("   ");
        for ((text, &width), column) in row.iter().zip(&widths).zip(&table.columns) {
            let padded = if column.unit.is_some() { format!(" {text:>width$} ") } else { format!(" {text:width$} ") };
            line.push_str(&padded);
        }
        writeln!(f, "{}", line.trim_end())?;
    }
    if table.note.is_empty() { Ok(()) } else { writeln!(f, "    {}", table.note) }
}
