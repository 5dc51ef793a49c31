//! What stands above the sections: whose report it is, the figures that matter, how to read it, all sets at a glance,
//! the contents.

use super::bar::{self, Scale};
use super::escape::{escape, number, rich, sentence};
use super::section::{class_of, notes};
use crate::evaluate::report::figure::{Unit, count};
use crate::evaluate::report::headline::{GLANCE, Headline, headlines};
use crate::evaluate::report::{Report, SetReport};
use crate::face::Part;

/// Months as people write them.
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Everything above the first set.
pub fn head(report: &Report) -> String {
    let remarks: Vec<&str> = report.remarks.iter().map(String::as_str).collect();
    [title(report), all_headlines(report), legend(), glance(report), facts(report), notes(&remarks), contents(report)]
        .concat()
}

/// The name of the window: whose weights on what.
pub fn window_title(report: &Report) -> String {
    format!("{} on {}", report.model.name, names(report))
}

/// The anchor of a set, and of a part of it.
pub fn set_id(place: usize) -> String {
    format!("set-{}", place + 1)
}

pub fn part_id(place: usize, part: &str) -> String {
    format!("set-{}-{part}", place + 1)
}

fn names(report: &Report) -> String {
    match report.sets.as_slice() {
        [] => "no faces".to_owned(),
        sets => sets.iter().map(|set| set.name.as_str()).collect::<Vec<_>>().join(", "),
    }
}

fn title(report: &Report) -> String {
    let faces = report.sets.iter().map(|set| set.faces).sum();
    format!(
        "<header>\n<p class=\"kicker\">facespace, evaluation</p>\n<h1>{}</h1>\n\
         <p class=\"lead\">How well these weights draw a face again from 99 numbers, and how well the numbers keep its \
         pose, identity, expression and style apart, measured on {} {} ({}).</p>\n</header>\n",
        escape(&report.model.name),
        count(faces),
        if faces == 1 { "face" } else { "faces" },
        escape(&names(report))
    )
}

fn all_headlines(report: &Report) -> String {
    let items: String = headlines(report).iter().map(headline).collect();
    if items.is_empty() { items } else { format!("<ul class=\"headlines\">\n{items}</ul>\n") }
}

fn headline(headline: &Headline) -> String {
    let figure = headline.figure;
    let against = headline.against.map(|(_, other)| other);
    // Alone on a scale around itself a share would say nothing.
    let scale = match (figure.unit, against, &figure.paper) {
        (Unit::Share, None, None) => Scale { low: 0.0, high: 1.0 },
        _ => Scale::of([figure].into_iter().chain(against)),
    };
    let mut rows = String::new();
    let mut row = |name: &str, value: &str| rows += &format!("<div><dt>{name}</dt><dd>{value}</dd></div>");
    if let Some(interval) = figure.interval_text() {
        row("95 %", &number(&interval));
    }
    if let Some((name, other)) = headline.against {
        row(&rich(name), &number(&other.text()));
    }
    if let Some(paper) = &figure.paper {
        row(&format!("paper, {}", escape(&paper.on)), &number(&figure.unit.text(paper.value)));
    }
    row("n", &count(figure.value.n));
    format!(
        "<li class=\"{}\"><div class=\"title\">{}</div><div class=\"what\">{}, {}</div><div class=\"value\">{}</div>{}\
         <dl>{rows}</dl></li>\n",
        class_of(figure.face_part),
        rich(headline.title),
        rich(&figure.full_name()),
        escape(headline.set),
        number(&figure.text()),
        bar::bar(figure, against, scale)
    )
}

fn legend() -> String {
    let part = |part: Part| {
        let what = match part {
            Part::Pose => "how the head is turned",
            Part::Identity => "who it is",
            Part::Expression => "what the face does",
            Part::Style => "light, background, glasses, hair, camera",
        };
        let sign = ["f_p", "f_id", "f_e", "f_s"][part as usize];
        format!(
            "<span class=\"part {part}\"><span class=\"swatch\"></span><b>{part}</b> {}</span> ({what})",
            rich(sign)
        )
    };
    format!(
        "<section class=\"legend\">\n<h2>How to read it</h2>\n<p>A face is 99 numbers in four parts: {}.</p>\n\
         <p>Every figure says over how many items <i>n</i> it is and where it would lie in 95 of 100 samples drawn again \
         from the same items (bootstrap). In the small drawings {} the dot is the figure, the band its interval, the \
         upright stroke the paper's own figure, and a hollow dot what it is to be judged by; drawings of one unit within \
         a section have one scale, which need not begin at 0. An arrow behind a name says which way is better.</p>\n</section>\n",
        Part::ALL.map(part).join(", "),
        bar::sample()
    )
}

/// A few figures of every set beside each other, where there are several sets.
fn glance(report: &Report) -> String {
    let measured = |key: &str| report.sets.iter().any(|set| set.figure(key).is_some());
    let columns: Vec<(&str, &str)> = GLANCE.into_iter().filter(|(key, _)| measured(key)).collect();
    if report.sets.len() < 2 || columns.is_empty() {
        return String::new();
    }
    let headings: String =
        columns.iter().map(|(_, name)| format!("<th scope=\"col\" class=\"num\">{}</th>", rich(name))).collect();
    let row = |(place, set): (usize, &SetReport)| {
        let value = |(key, _): &(&str, &str)| match set.figure(key) {
            Some(figure) => format!("<td class=\"num\">{}</td>", number(&figure.text())),
            None => "<td class=\"num weak\" title=\"not measured\">\u{2013}</td>".to_owned(),
        };
        let values: String = columns.iter().map(value).collect();
        format!(
            "<tr><th scope=\"row\"><a href=\"#{}\">{}</a></th><td class=\"num weak\">{}</td>{values}</tr>\n",
            set_id(place),
            escape(&set.name),
            set.faces_text()
        )
    };
    let rows: String = report.sets.iter().enumerate().map(row).collect();
    format!(
        "<div class=\"scroll wide\"><table class=\"data\">\n<caption>All sets at a glance</caption>\n<thead><tr>\
         <th scope=\"col\">Set</th><th scope=\"col\" class=\"num\">Faces</th>{headings}</tr></thead>\n\
         <tbody>\n{rows}</tbody></table></div>\n"
    )
}

fn facts(report: &Report) -> String {
    let card = &report.card;
    let mut rows = String::new();
    let mut row = |name: &str, value: &str| {
        if !value.trim().is_empty() {
            rows += &format!("<dt>{}</dt><dd>{}</dd>\n", escape(name), rich(value));
        }
    };
    row("Weights", &report.model.to_string());
    row("Trained on", &card.data);
    row("Terms", &card.terms);
    // Some cards say both in one.
    let width = format!("width {}", card.width);
    let is_said = card.preset.split(", ").any(|words| words == width);
    row("Preset", &if is_said { card.preset.clone() } else { format!("{}, {width}", card.preset) });
    row(
        "Pictures",
        if card.stretch { "their colours stretched before they are encoded" } else { "encoded as they are" },
    );
    if !card.can_edit {
        row(
            "Parts",
            "none yet: these weights were saved before stage two of their training, and their codes have no parts",
        );
    }
    row("Made by", &card.made_by);
    row("Measured", &format!("{} with facespace {}", when(&report.created), report.facespace));
    let memory = report.peak_memory_bytes.map(|bytes| format!(", at most {} of memory", gigabytes(bytes)));
    row("It took", &format!("{}{}", report.took_text(), memory.unwrap_or_default()));
    report.settings.iter().for_each(|setting| row(&setting.name, &setting.value));
    format!("<dl class=\"facts\">\n{rows}</dl>\n")
}

fn contents(report: &Report) -> String {
    let set = |(place, set): (usize, &SetReport)| {
        let part = |part: &str, title: &str| format!("<a href=\"#{}\">{}</a> ", part_id(place, part), rich(title));
        let mut parts: String = set.sections.iter().map(|section| part(section.part.name(), &section.title)).collect();
        if !set.unmeasured.is_empty() {
            parts += &part("unmeasured", "Not measured");
        }
        let (id, name) = (set_id(place), escape(&set.name));
        format!("<li><a class=\"set\" href=\"#{id}\">{name}</a><span>{parts}</span></li>\n")
    };
    let items: String = report.sets.iter().enumerate().map(set).collect();
    if items.is_empty() { items } else { format!("<nav>\n<h2>Contents</h2>\n<ul>\n{items}</ul>\n</nav>\n") }
}

/// A set's heading and what is known of its faces.
pub fn set_head(set: &SetReport, id: &str) -> String {
    let passed: Vec<String> =
        set.skipped.iter().map(|(reason, &n)| format!("{} pictures passed over: {reason}", count(n))).collect();
    let passed: Vec<&str> = passed.iter().map(String::as_str).collect();
    format!(
        "<h2 id=\"{}\">{}</h2>\n<p>{}</p>\n{}",
        escape(id),
        escape(&set.name),
        sentence(&set.size_text()),
        notes(&passed)
    )
}

/// A moment of RFC 3339 as people write it: `28 November 2026, 13:36 UTC`; as it is where it is none.
pub fn when(moment: &str) -> String {
    let read = || {
        let (date, time) = moment.split_once('T')?;
        let mut parts = date.split('-');
        let (year, month, day) = (parts.next()?, parts.next()?.parse::<usize>().ok()?, parts.next()?);
        let month = MONTHS.get(month.checked_sub(1)?)?;
        let day = day.parse::<u8>().ok()?;
        let zone = if time.ends_with('Z') { " UTC" } else { "" };
        Some(format!("{day} {month} {year}, {}{zone}", time.get(..5)?))
    };
    read().unwrap_or_else(|| moment.to_owned())
}

fn gigabytes(bytes: u64) -> String {
    if bytes >= 1_000_000_000 {
        format!("{:.1} GB", bytes as f64 / 1e9)
    } else {
        format!("{:.0} MB", bytes as f64 / 1e6)
    }
}
