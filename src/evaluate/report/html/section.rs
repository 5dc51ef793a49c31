//! One part of the report on one set: its figures, tables, pictures and notes.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::bar::{self, Scale};
use super::escape::{escape, number, rich, sentence};
use crate::data::image::declared_size_of;
use crate::evaluate::report::figure::{Figure, Unit, count};
use crate::evaluate::report::table::{Cell, Column, Table};
use crate::evaluate::report::{Picture, Section};
use crate::face::Part;

/// Pictures and tables wider than this, in pixels and columns, may leave the column of text.
const COLUMN: u32 = 832;
const NARROW_TABLE: usize = 6;

/// A section under a heading that `id` names; its pictures are read from below `folder`.
pub fn section(section: &Section, id: &str, folder: &Path) -> String {
    let mut page = format!(
        "<section id=\"{}\">\n<h3>{}</h3>\n<p class=\"explanation\">{}</p>\n",
        escape(id),
        rich(&section.title),
        sentence(&section.explanation)
    );
    if !section.figures.is_empty() {
        page += &figures(section);
    }
    section.tables.iter().for_each(|one| page += &table(one));
    page += &notes(&all_notes(section));
    section.pictures.iter().for_each(|one| page += &picture(one, folder));
    page + "</section>\n"
}

/// Its own, and what keeps the paper's figures apart, each once.
fn all_notes(section: &Section) -> Vec<&str> {
    let mut notes: Vec<&str> = section.notes.iter().map(String::as_str).collect();
    for paper in section.figures.iter().filter_map(|figure| figure.paper.as_ref()) {
        if !paper.note.is_empty() && !notes.contains(&paper.note.as_str()) {
            notes.push(&paper.note);
        }
    }
    notes
}

/// Sentences below what they are about; nothing where there are none.
pub fn notes(notes: &[&str]) -> String {
    if notes.is_empty() {
        return String::new();
    }
    let items: String = notes.iter().map(|note| format!("<li>{}</li>", sentence(note))).collect();
    format!("<ul class=\"notes\">{items}</ul>\n")
}

/// The class that gives something a part's colour.
pub fn class_of(part: Option<Part>) -> &'static str {
    part.map_or("", Part::name)
}

fn figures(section: &Section) -> String {
    // The columns stand in one line from section to section, so there is one for the paper even where it says nothing.
    let paper = section.figures.iter().find_map(|figure| figure.paper.as_ref());
    let paper = paper.map(|paper| format!("Paper, {}", escape(&paper.on))).unwrap_or_default();
    let mut page = format!(
        "<div class=\"scroll\"><table class=\"figures\">\n<thead><tr><th scope=\"col\">Measure</th>\
         <th scope=\"col\" class=\"num\">Value</th><th scope=\"col\" class=\"bar\">{}</th>\
         <th scope=\"col\">95 % interval</th><th scope=\"col\" class=\"num\">n</th>\
         <th scope=\"col\" class=\"num\">{paper}</th></tr></thead>\n",
        ends(section)
    );
    let coloured = section.figures.iter().any(|figure| figure.face_part.is_some());
    for (group, of_group) in section.groups() {
        page += "<tbody>\n";
        if !group.is_empty() {
            page += &format!("<tr class=\"group\"><th scope=\"rowgroup\" colspan=\"6\">{}</th></tr>\n", rich(group));
        }
        for figure in of_group {
            page += &row(figure, scale_of(section, figure.unit), coloured);
        }
        page += "</tbody>\n";
    }
    page + "</table></div>\n"
}

/// All bars of a unit within a section can be set against each other.
fn scale_of(section: &Section, unit: Unit) -> Scale {
    Scale::of(section.figures.iter().filter(|figure| figure.unit == unit))
}

/// Where the drawings begin and end, for above them; nothing where they have several scales.
fn ends(section: &Section) -> String {
    let unit = section.figures.first().map(|figure| figure.unit);
    let Some(unit) = unit.filter(|unit| section.figures.iter().all(|figure| figure.unit == *unit)) else {
        return "<span class=\"hidden\">Drawn</span>".to_owned();
    };
    let scale = scale_of(section, unit);
    let end = |value: f64| format!("<span>{}{}</span>", number(&plain(unit, value)), unit.sign());
    format!("<span class=\"ends\">{}{}</span>", end(scale.low), end(scale.high))
}

/// A round number without the decimals that it does not need.
fn plain(unit: Unit, value: f64) -> String {
    let text = unit.number(value, value);
    match text.split_once('.') {
        Some((whole, decimals)) if decimals.bytes().all(|digit| digit == b'0') => whole.to_owned(),
        Some(_) => text.trim_end_matches('0').to_owned(),
        None => text,
    }
}

fn row(figure: &Figure, scale: Scale, coloured: bool) -> String {
    // A name of two lines goes on beside the colour, not below it.
    let swatch = match (figure.face_part, coloured) {
        (Some(_), _) => " class=\"beside\"><span class=\"swatch\"></span>",
        (None, true) => " class=\"beside\"><span class=\"swatch none\"></span>",
        (None, false) => ">",
    };
    let paper = figure.paper.as_ref().map(|paper| number(&figure.unit.text(paper.value))).unwrap_or_default();
    format!(
        "<tr class=\"{}\"><th scope=\"row\"{swatch}{}{}</th><td class=\"num value\">{}</td><td class=\"bar\">{}</td>\
         <td class=\"range\">{}</td><td class=\"num weak\">{}</td><td class=\"num\">{paper}</td></tr>\n",
        class_of(figure.face_part),
        rich(&figure.name),
        way(figure),
        number(&figure.text()),
        bar::bar(figure, None, scale),
        number(&figure.interval_text().unwrap_or_default()),
        count(figure.value.n)
    )
}

/// Which way is better, as an arrow that can be read out.
fn way(figure: &Figure) -> String {
    let words = figure.better.words();
    if words.is_empty() {
        return String::new();
    }
    let arrow = figure.better.arrow();
    format!("<span class=\"way\" role=\"img\" title=\"{words}\" aria-label=\"{words}\">{arrow}</span>")
}

fn table(table: &Table) -> String {
    let wide = if table.columns.len() > NARROW_TABLE { " wide" } else { "" };
    let mut page = format!("<div class=\"scroll{wide}\"><table class=\"data\">\n");
    if !table.title.is_empty() {
        page += &format!("<caption>{}</caption>\n", rich(&table.title));
    }
    page += "<thead><tr>";
    table.columns.iter().for_each(|column| page += &heading(column));
    page += "</tr></thead>\n<tbody>\n";
    for row in &table.rows {
        page += "<tr>";
        for (i, column) in table.columns.iter().enumerate() {
            page += &cell(row.get(i).unwrap_or(&Cell::Empty), column, i == 0);
        }
        page += "</tr>\n";
    }
    page += "</tbody></table></div>\n";
    if table.note.is_empty() { page } else { page + &notes(&[&table.note]) }
}

fn heading(column: &Column) -> String {
    let mut classes = Vec::new();
    if column.unit.is_some() {
        classes.push("num");
    }
    if let Some(part) = column.face_part {
        classes.extend(["coloured", part.name()]);
    }
    format!("<th scope=\"col\" class=\"{}\">{}</th>", classes.join(" "), rich(&column.name))
}

fn cell(cell: &Cell, column: &Column, first: bool) -> String {
    let text = cell.text(column);
    let text = match cell {
        Cell::Empty | Cell::Text(_) => rich(&text),
        Cell::Number(_) | Cell::Measured(_) => number(&text),
    };
    let range = match (cell, column.unit) {
        (Cell::Measured(measured), Some(unit)) => measured.interval.map(|interval| {
            let range = unit.range_text(interval, measured.value);
            format!("<span class=\"range\">{}</span>", number(&range))
        }),
        _ => None,
    };
    let range = range.unwrap_or_default();
    match (first, column.unit) {
        (true, _) => format!("<th scope=\"row\">{text}{range}</th>"),
        (false, Some(_)) => format!("<td class=\"num\">{text}{range}</td>"),
        (false, None) => format!("<td>{text}{range}</td>"),
    }
}

/// A picture within the page itself; a sentence in its place where it cannot be had.
fn picture(picture: &Picture, folder: &Path) -> String {
    let title = sentence(&picture.title);
    // A report of somebody else's may name any file, and gets none from elsewhere.
    let Some(bytes) = picture.path(folder).and_then(|path| std::fs::read(path).ok()) else {
        let file = escape(&picture.file);
        return format!("<p class=\"weak\"><b>{title}</b> The picture is not there any more: {file}</p>\n");
    };
    let (Some(kind), Some((width, height))) = (kind_of(&bytes), declared_size_of(&bytes)) else {
        let file = escape(&picture.file);
        return format!("<p class=\"weak\"><b>{title}</b> This file is no picture: {file}</p>\n");
    };
    let wide = if width > COLUMN { " class=\"wide\"" } else { "" };
    format!(
        "<figure{wide}>\n<img src=\"data:{kind};base64,{}\" width=\"{width}\" height=\"{height}\" alt=\"{}\">\n\
         <figcaption><b>{title}</b> {}</figcaption>\n</figure>\n",
        STANDARD.encode(&bytes),
        escape(&picture.title),
        sentence(&picture.caption)
    )
}

fn kind_of(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x89, b'P', b'N', b'G', ..] => Some("image/png"),
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        _ => None,
    }
}
