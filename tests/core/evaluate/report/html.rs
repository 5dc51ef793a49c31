//! The page: whole, safe, and with everything in it.

use std::fs;

use facespace::evaluate::options::PartName;
use facespace::evaluate::report::html::{self, bar, escape, rich};
use facespace::evaluate::report::{
    Better, Cell, Column, Figure, Picture, SetReport, Setting, Table, Unit, Unmeasured, keys, style,
};
use facespace::evaluate::{Measured, Report};
use facespace::face::Part;

use super::sample::{self, figure, measured, report_of};

/// Tags that have no end.
const VOID: [&str; 3] = ["meta", "img", "br"];
/// A text that would be markup, a script and the end of an attribute.
const HOSTILE: &str = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)> & f_id </style>";

/// Every tag that begins ends, in order; attributes are quoted; nothing is loaded and nothing runs.
pub fn assert_well_formed(page: &str) {
    assert!(page.starts_with("<!doctype html>\n<html lang=\"en\">"), "{}", &page[..60]);
    let (before, rest) = page.split_once("<style>").unwrap();
    let (sheet, after) = rest.split_once("</style>").unwrap();
    assert!(!sheet.contains('<') && !sheet.contains("url(") && !sheet.contains("@import"), "the sheet fetches nothing");
    let mut open: Vec<String> = Vec::new();
    let text = format!("{before}{after}");
    for tag in text.split('<').skip(1) {
        let (tag, _) = tag.split_once('>').expect("every tag ends");
        if tag.starts_with('!') || tag.ends_with('/') {
            continue;
        }
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name), "after {open:?}");
            continue;
        }
        let name = tag.split_whitespace().next().unwrap();
        let names: Vec<&str> = tag.split('"').step_by(2).flat_map(str::split_whitespace).collect();
        assert!(tag.matches('"').count().is_multiple_of(2) && !names.concat().contains('\''), "{tag}");
        assert!(!["script", "link", "iframe", "object", "form"].contains(&name), "{tag}");
        assert!(!tag.contains("://") && !names.iter().any(|name| name.starts_with("on")), "{tag}");
        if !VOID.contains(&name) {
            open.push(name.to_owned());
        }
    }
    assert!(open.is_empty(), "{open:?}");
}

fn page_of(report: &Report) -> String {
    let desk = tempfile::tempdir().unwrap();
    html::page(report, desk.path())
}

/// Every text of a report is this one.
fn hostile() -> Report {
    let text = || HOSTILE.to_owned();
    let figure = Figure::new(keys::VERIFIED, HOSTILE, Unit::Share, Better::Higher, measured(0.5, 0.1, 9)).of(HOSTILE);
    let mut report = report_of(HOSTILE, vec![figure]);
    report.model.name = text();
    report.model.fingerprint = text();
    report.facespace = text();
    report.created = text();
    let card = &mut report.card;
    [&mut card.preset, &mut card.data, &mut card.terms, &mut card.made_by]
        .into_iter()
        .for_each(|words| *words = text());
    report.settings = vec![Setting { name: text(), value: text() }];
    report.remarks = vec![text()];
    let set = &mut report.sets[0];
    set.skipped.insert(text(), 3);
    set.unmeasured = vec![Unmeasured { part: PartName::Pose, why: text() }];
    let section = &mut set.sections[0];
    (section.title, section.explanation, section.notes) = (text(), text(), vec![text()]);
    let mut table = Table::new(HOSTILE, vec![Column::words(HOSTILE), Column::numbers(HOSTILE, Unit::Score)]);
    table.rows.push(vec![Cell::from(HOSTILE), Cell::from(HOSTILE)]);
    table.note = text();
    section.tables.push(table);
    section.pictures.push(Picture { title: text(), caption: text(), file: text() });
    let other = SetReport { name: text(), ..set.clone() };
    report.sets.push(other);
    report
}

#[test]
fn no_text_of_a_report_is_markup() {
    let page = page_of(&hostile());
    assert_well_formed(&page);
    assert!(!page.contains("<script") && !page.contains("<img"), "{page}");
    assert!(page.matches("&lt;script&gt;alert(1)&lt;/script&gt;").count() >= 24, "each is there, and is a text");
}

#[test]
fn texts_are_escaped_and_the_codes_parts_set_as_the_paper_does() {
    assert_eq!(escape("a<b> & \"c\" 'd'"), "a&lt;b&gt; &amp; &quot;c&quot; &#39;d&#39;");
    assert_eq!(escape("nul\0 bell\u{7} turned\u{202e}"), "nul\u{fffd} bell\u{fffd} turned\u{fffd}");
    assert_eq!(rich("f_id & f without f_e"), "<i>f</i><sub>id</sub> &amp; <i>f</i> without <i>f</i><sub>e</sub>");
    assert_eq!(rich("by f without f_p"), "by <i>f</i> without <i>f</i><sub>p</sub>");
    assert_eq!(rich("run `a < b` on f_p"), "run <code>a &lt; b</code> on <i>f</i><sub>p</sub>");
    assert_eq!(rich("one ` alone"), "one ` alone");
    assert_eq!(rich("half without f_x"), "half without f_x");
    for plain in ["half_id", "f_identity", "f_id_2", "f_", "f_x", "of_e"] {
        assert_eq!(rich(plain), plain);
    }
}

#[test]
fn the_sample_has_all_that_a_reader_looks_for() {
    let report = sample::report();
    let page = page_of(&report);
    assert_well_formed(&page);
    for says in [
        "<title>sample weights on lfw-val, fer2013-val, synthetic</title>",
        "28 November 2026, 13:36 UTC",
        "2.3 GB",
        "12 min 34 s, with 37 parts taken from an earlier run, at most",
        "small-data, width 32",
        "<p>2,000 of 3,589 faces.</p>",
        "<td class=\"num weak\">2,000 of 3,589</td>",
        "All sets at a glance",
        "How to read it",
        "Not measured",
        "Only synthetic faces have its truth",
        "Paper, LFW",
        "95.8 %",
        "1,322 faces of 571 people.",
        "class=\"num coloured identity\"",
        "\u{2212}0.021",
        "prefers-color-scheme:dark",
        "@media print",
    ] {
        assert!(page.contains(says), "{says}");
    }
    assert_eq!(page.matches("<li class=\"").count(), 5, "the figures at the top");
    for section in report.sets.iter().flat_map(|set| &set.sections).filter(|section| !section.is_empty()) {
        assert!(page.contains(&format!("{}</h3>", section.title)), "{}", section.title);
    }
    // Every link leads somewhere, and no two places have one name.
    for target in page.split("href=\"#").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        assert_eq!(page.matches(&format!(" id=\"{target}\"")).count(), 1, "{target}");
    }
}

#[test]
fn a_card_that_names_the_width_with_the_preset_says_it_once() {
    let mut report = sample::report();
    for (preset, width, says) in [
        ("small-data, width 32", 32, "<dd>small-data, width 32</dd>"),
        ("small-data, width 32", 3, "<dd>small-data, width 32, width 3</dd>"),
    ] {
        (report.card.preset, report.card.width) = (preset.to_owned(), width);
        let page = page_of(&report);
        assert!(page.contains(says), "{says}");
    }
}

#[test]
fn pictures_are_within_the_page_or_said_to_be_gone() {
    let desk = tempfile::tempdir().unwrap();
    let mut report = sample::report();
    sample::draw(desk.path());
    let whole = html::page(&report, desk.path());
    assert_well_formed(&whole);
    assert_eq!(whole.matches("<img src=\"data:image/png;base64,iVBORw0KGgo").count(), 2);
    assert!(whole.contains("width=\"1024\" height=\"256\""), "the browser knows the size before it has the picture");

    fs::write(desk.path().join("secret.txt"), "a secret").unwrap();
    let pictures = &mut report.sets[0].sections.last_mut().unwrap().pictures;
    pictures[0].file = "figures/gone.png".to_owned();
    pictures[1].file = "secret.txt".to_owned();
    let outside = Picture { file: "../report.png".to_owned(), ..pictures[0].clone() };
    pictures.push(outside);
    let page = html::page(&report, desk.path());
    assert_well_formed(&page);
    assert!(!page.contains("<img"), "none of them is a picture of this report");
    for says in ["not there any more: figures/gone.png", "is no picture: secret.txt", "any more: ../report.png"] {
        assert!(page.contains(says), "{says}");
    }
}

#[test]
fn a_bar_puts_value_interval_and_paper_on_one_scale() {
    let mut figure = figure(keys::RMSE_AUTHORS, measured(20.0, 5.0, 9));
    let scale = bar::Scale::of([&figure]);
    assert_eq!((scale.low, scale.high), (14.0, 26.0));
    figure.paper = facespace::evaluate::report::paper::beside("lfw", None, keys::RMSE_AUTHORS);
    let drawing = bar::bar(&figure, None, bar::Scale { low: 0.0, high: 25.0 });
    for says in [
        "class=\"dot\" cx=\"109.0\"",
        "class=\"band\" x=\"83.0\" y=\"4\" width=\"52.0\"",
        "class=\"paper\" x1=\"111.1\"",
        "aria-label=\"20.00, 95 % interval 15.00 to 25.00, the paper&#39;s 20.41, on a scale from 0.00 to 25.00\"",
    ] {
        assert!(drawing.contains(says), "{says} in {drawing}");
    }
}

#[test]
fn a_scale_has_round_ends_around_all_that_it_shows() {
    let scale = |better, values: &[f64]| {
        let figures: Vec<Figure> = values
            .iter()
            .map(|&value| Figure::new("a", "A", Unit::Score, better, Measured { value, interval: None, n: 1 }))
            .collect();
        let scale = bar::Scale::of(&figures);
        [scale.low, scale.high].map(|end| (end * 1e6).round() / 1e6)
    };
    for (values, ends) in [
        (&[0.512, 0.823][..], [0.5, 0.85]),
        (&[0.02, 0.041], [0.02, 0.045]),
        (&[11.52, 20.41], [10.0, 22.0]),
        (&[-0.11, 0.6], [-0.2, 0.6]),
        (&[0.5, 1.0], [0.5, 1.0]),
        (&[13.0], [0.0, 14.0]),
        (&[0.0], [0.0, 1.0]),
        (&[-3.0], [-3.0, 1.0]),
        (&[f64::NAN, 8.0], [0.0, 8.0]),
        (&[], [0.0, 1.0]),
    ] {
        assert_eq!(scale(Better::Higher, values), ends, "{values:?}");
    }
    assert_eq!(scale(Better::NearOne, &[0.31]), [0.3, 1.0], "what is best is on it");
}

#[test]
fn every_text_of_the_page_can_be_read_in_both_themes() {
    let luminance = |colour: style::Colour| {
        let linear = colour.map(|level| {
            let share = f64::from(level) / 255.0;
            if share <= 0.040_45 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    };
    let contrast = |a: style::Colour, b: style::Colour| {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    };
    for palette in [style::LIGHT, style::DARK] {
        let texts =
            [palette.text, palette.weak_text, palette.strong_text, palette.accent, palette.better, palette.worse];
        for (text, behind) in texts.into_iter().flat_map(|text| [(text, palette.page), (text, palette.raised)]) {
            assert!(contrast(text, behind) >= 4.5, "{text:?} on {behind:?}: {}", contrast(text, behind));
        }
        for part in Part::ALL {
            assert!(contrast(palette.parts[part as usize], palette.page) >= 4.5, "{part}");
        }
    }
    let sheet = style::css();
    for part in Part::ALL {
        assert_eq!(sheet.matches(&format!("--{part}:#")).count(), 2, "{part} in light and dark");
    }
}
