//! Two reports beside each other as a page.

use super::bar;
use super::escape::{escape, number, rich, sentence};
use super::head::when;
use super::section::{class_of, notes};
use crate::evaluate::report::compare::{Comparison, Lone, Moved, Side, Verdict};

/// The whole page.
pub fn page(comparison: &Comparison) -> String {
    let (a, b) = (&comparison.a.model.name, &comparison.b.model.name);
    let notes_of_both: Vec<&str> = comparison.notes.iter().map(String::as_str).collect();
    let mut body = format!(
        "<header>\n<p class=\"kicker\">facespace, two evaluations</p>\n<h1>{} against {}</h1>\n\
         <p class=\"lead\">{}</p>\n</header>\n<dl class=\"facts\">\n{}{}</dl>\n{}",
        escape(b),
        escape(a),
        sentence(&comparison.summary()),
        side("A", &comparison.a),
        side("B", &comparison.b),
        notes(&notes_of_both)
    );
    body += "<p class=\"explanation\">A figure moved where each of its two values lies outside the other's 95 % interval; \
             in the drawings A is the hollow dot above, B the full one below, each row on a scale of its own.</p>\n";
    for of_set in comparison.moved.chunk_by(|one, other| one.set == other.set) {
        body += &set(of_set);
    }
    body += &only("Only in A", &comparison.only_in_a);
    body += &only("Only in B", &comparison.only_in_b);
    super::document(&format!("{b} against {a}"), &comparison.b.facespace, &body)
}

fn side(letter: &str, side: &Side) -> String {
    format!(
        "<dt>{letter}</dt><dd><b>{}</b> ({}), {} with facespace {}</dd>\n",
        escape(&side.model.name),
        escape(&side.model.fingerprint),
        escape(&when(&side.created)),
        escape(&side.facespace)
    )
}

/// The figures of one set that moved; there is one.
fn set(moved: &[Moved]) -> String {
    let name = moved.first().map_or("", |first| &first.set);
    let mut page = format!(
        "<section>\n<h2>{}</h2>\n<div class=\"scroll\"><table class=\"figures compared\">\n<thead><tr><th scope=\"col\">Measure</th>\
         <th scope=\"col\" class=\"num\">A</th><th scope=\"col\" class=\"num\">B</th><th scope=\"col\">\
         <span class=\"hidden\">Drawn</span></th><th scope=\"col\" class=\"num\">Change</th><th scope=\"col\">B is</th></tr>\
         </thead>\n",
        escape(name)
    );
    for of_part in moved.chunk_by(|one, other| one.part == other.part) {
        // A chunk has a first.
        let title = of_part.first().map_or("", |first| first.part.title());
        page += &format!("<tbody>\n<tr class=\"group\"><th scope=\"rowgroup\" colspan=\"6\">{title}</th></tr>\n");
        of_part.iter().for_each(|one| page += &row(one));
        page += "</tbody>\n";
    }
    page + "</table></div>\n</section>\n"
}

fn row(moved: &Moved) -> String {
    let (sign, class) = match moved.verdict {
        Verdict::Better => ("▲ ", "better"),
        Verdict::Worse => ("▼ ", "worse"),
        Verdict::Moved => ("", "weak"),
    };
    let swatch = if moved.face_part.is_some() { "<span class=\"swatch\"></span>" } else { "" };
    format!(
        "<tr class=\"{}\"><th scope=\"row\">{swatch}{}</th><td class=\"num\">{}</td><td class=\"num value\">{}</td>\
         <td class=\"bar\">{}</td><td class=\"num\">{}</td><td class=\"{class}\">{sign}{}</td></tr>\n",
        class_of(moved.face_part),
        rich(&moved.name),
        number(&moved.unit.text(moved.a.value)),
        number(&moved.unit.text(moved.b.value)),
        bar::pair(moved),
        number(&moved.change_text()),
        moved.verdict.name()
    )
}

fn only(title: &str, lone: &[Lone]) -> String {
    if lone.is_empty() {
        return String::new();
    }
    let items: String = lone.iter().map(|one| format!("<li>{}</li>", sentence(&one.text()))).collect();
    format!("<section>\n<h3>{title}</h3>\n<ul class=\"notes\">{items}</ul>\n</section>\n")
}
