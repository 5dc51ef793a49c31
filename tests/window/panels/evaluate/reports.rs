//! Reports that were made before, with figures of known values.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use facespace::engine::evaluation::{
    Better, CardWords, Cell, Column, Figure, Interval, Measured, ModelName, PartName, Picture, Report, Section,
    SetReport, Setting, Table, Unit, Unmeasured,
};
use facespace::evaluate::report::REPORT_VERSION;
use facespace::face::Part;
use image::{Rgb, RgbImage};

pub const WHY: &str =
    "It takes a face recognition network to measure who is seen in a picture; give its file (--recogniser)";
pub const PICTURE: &str = "figures/lfw-reconstructions.png";

/// A share of a hundred items with two hundredths to both sides.
pub fn share(value: f64) -> Measured {
    Measured { value, interval: Some(Interval { low: value - 0.02, high: value + 0.02 }), n: 100 }
}

fn verification(f_id: f64) -> Section {
    let mut section = Section::new(PartName::Verification);
    let figure =
        |key: &str, name: &str, better, value| Figure::new(key, name, Unit::Share, better, share(value)).of("Accuracy");
    let by_identity = figure("verification.f_id", "f_id", Better::Higher, f_id);
    section.figures.push(by_identity.about(Some(Part::Identity)));
    section.figures.push(figure("verification.f_without_f_id", "f without f_id", Better::Lower, 0.61));
    section.notes.push("Pairs of one fold were cut into ten blocks".to_owned());
    section
}

fn reconstruction() -> Section {
    let mut section = Section::new(PartName::Reconstruction);
    let levels = |value: f64| Measured { value, interval: None, n: 2000 };
    for (key, group, value) in [("phi", "Through Phi", 17.25), ("pca_99", "PCA-99", 18.5)] {
        let key = format!("reconstruction.{key}.rmse");
        let figure = Figure::new(key, "Pixel RMSE", Unit::Levels, Better::Lower, levels(value));
        section.figures.push(figure.of(group));
    }
    let mut table =
        Table::new("By brightness", vec![Column::words("brightness"), Column::numbers("RMSE", Unit::Levels)]);
    table.rows.push(vec![Cell::from("dark"), Cell::from(levels(21.0))]);
    section.tables.push(table);
    let (title, caption) = ("Reconstructions".to_owned(), "Above the input, below what comes back".to_owned());
    section.pictures.push(Picture { title, caption, file: PICTURE.to_owned() });
    section
}

fn set(name: &str, f_id: f64) -> SetReport {
    let mut set = SetReport {
        name: name.to_owned(),
        faces: 2000,
        held: 2003,
        people: 812,
        skipped: BTreeMap::from([("no face is in it".to_owned(), 3)]),
        sections: vec![reconstruction(), verification(f_id)],
        unmeasured: vec![Unmeasured { part: PartName::Identity, why: WHY.to_owned() }],
    };
    set.beside_the_paper();
    set
}

/// A report on LFW and another set, in a folder with its page and its picture.
pub fn write(folder: &Path, f_id: f64) -> PathBuf {
    let picture = RgbImage::from_fn(96, 48, |x, y| Rgb([x as u8, y as u8, 120]));
    fs::create_dir_all(folder.join("figures")).unwrap();
    picture.save(folder.join(PICTURE)).unwrap();
    let report = Report {
        version: REPORT_VERSION,
        facespace: "0.1.0".to_owned(),
        model: ModelName { name: "ancient".to_owned(), fingerprint: "0123456789abcdef".to_owned() },
        card: CardWords { data: "drawn faces".to_owned(), width: 32, can_edit: true, ..CardWords::default() },
        created: "2026-11-28T13:36:05Z".to_owned(),
        seconds: 192.0,
        reused: 0,
        peak_memory_bytes: Some(1_234_000_000),
        settings: vec![Setting { name: "Seed".to_owned(), value: "2019".to_owned() }],
        sets: vec![set("lfw", f_id), set("holidays", f_id)],
        remarks: vec!["The colours of holidays look stretched; prepare the pictures again".to_owned()],
    };
    report.write(folder).unwrap();
    folder.to_owned()
}
