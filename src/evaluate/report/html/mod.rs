//! A report as one page that opens without a network and can be sent: its pictures are in it, its style sheet too, and
//! it has no scripts. Every text of the report goes through [`escape()`] on its way in. May use the files below the
//! report's folder, which its pictures are.
//!
//! - `head`: everything above the sets; `section`: a part of one set; [`bar`]: a figure drawn small;
//! - `comparison`: two reports beside each other, as a page of the same kind.

pub mod bar;
mod comparison;
mod escape;
mod head;
mod section;

use std::path::Path;

pub use comparison::page as comparison_page;
pub use escape::{escape, rich};

use super::{Report, SetReport, Unmeasured, style};
use escape::sentence;
use head::{part_id, set_id};

/// The whole page. Pictures that are not below `folder` any more are named in it.
pub fn page(report: &Report, folder: &Path) -> String {
    let mut body = head::head(report);
    for (place, set) in report.sets.iter().enumerate() {
        body += "<section>\n";
        body += &head::set_head(set, &set_id(place));
        for section in set.sections.iter().filter(|section| !section.is_empty()) {
            body += &section::section(section, &part_id(place, section.part.name()), folder);
        }
        body += &unmeasured(set, &part_id(place, "unmeasured"));
        body += "</section>\n";
    }
    let made = format!("Made with facespace {}, {}", report.facespace, head::when(&report.created));
    let files = "The same figures lie beside this page as report.json and report.csv";
    body += &format!("<footer><p>{} {}</p></footer>\n", sentence(&made), sentence(files));
    document(&head::window_title(report), &report.facespace, &body)
}

fn unmeasured(set: &SetReport, id: &str) -> String {
    if set.unmeasured.is_empty() {
        return String::new();
    }
    let row = |what: &str, why: &str| format!("<dt>{what}</dt><dd>{}</dd>\n", sentence(why));
    let each = |unmeasured: &Unmeasured| row(unmeasured.part.title(), &unmeasured.why);
    let rows: String = match set.failure() {
        Some(why) => row("Everything", why),
        None => set.unmeasured.iter().map(each).collect(),
    };
    format!("<section id=\"{id}\">\n<h3>Not measured</h3>\n<dl class=\"unmeasured\">\n{rows}</dl>\n</section>\n")
}

/// A page around a body; it forbids itself to fetch or to run anything.
fn document(title: &str, version: &str, body: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"generator\" content=\"facespace {}\">\n\
         <title>{}</title>\n<style>\n{}</style>\n</head>\n<body>\n<main class=\"page\">\n{body}</main>\n</body>\n</html>\n",
        escape(version),
        escape(title),
        style::css()
    )
}
