//! A report with everything in it. No weights were measured for it: its numbers are made up, and so are its faces.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use facespace::data::image::{self, Edge, RgbImage};
use facespace::data::synth;
use facespace::evaluate::lent::CardWords;
use facespace::evaluate::options::PartName;
use facespace::evaluate::report::{
    Better, Cell, Column, Figure, Picture, REPORT_VERSION, Report, Section, SetReport, Setting, Table, Unit,
    Unmeasured, keys,
};
use facespace::evaluate::{Interval, Measured, Subset};
use facespace::face::{Expression, ModelName, Part};

/// The sample's pictures, below its folder.
const SAMPLES: &str = "figures/lfw-val-samples.png";
const BOARD: &str = "figures/lfw-val-transfer-expression.png";

/// A value with as much to both sides; short numbers, which come out of JSON as they went in.
pub fn measured(value: f64, half: f64, n: usize) -> Measured {
    let short = |number: f64| (number * 1e6).round() / 1e6;
    let interval = Interval { low: short(value - half), high: short(value + half) };
    Measured { value: short(value), interval: Some(interval), n }
}

/// A figure of pixels without a group.
pub fn figure(key: &str, value: Measured) -> Figure {
    Figure::new(key, "Pixel RMSE", Unit::Levels, Better::Lower, value)
}

/// A section of these figures.
pub fn section(part: PartName, figures: Vec<Figure>) -> Section {
    Section { figures, ..Section::new(part) }
}

/// A report of one set with these figures, as one section of reconstruction.
pub fn report_of(set: &str, figures: Vec<Figure>) -> Report {
    let sections = vec![section(PartName::Reconstruction, figures)];
    let set = SetReport { name: set.to_owned(), faces: 100, people: 50, sections, ..SetReport::default() };
    Report { sets: vec![set], settings: Vec::new(), remarks: Vec::new(), ..report() }
}

/// Three sets, all kinds of figures, a table and two pictures.
pub fn report() -> Report {
    let mut sets = vec![people(), expressions(), synthetic()];
    sets.iter_mut().for_each(SetReport::beside_the_paper);
    let setting = |name: &str, value: &str| Setting { name: name.to_owned(), value: value.to_owned() };
    Report {
        version: REPORT_VERSION,
        facespace: "0.1.0".to_owned(),
        model: ModelName { name: "sample weights".to_owned(), fingerprint: "0123456789abcdef".to_owned() },
        card: CardWords {
            preset: "small-data".to_owned(),
            data: "nothing: this report is a sample, and all of its numbers are made up".to_owned(),
            terms: "none".to_owned(),
            made_by: "a test".to_owned(),
            width: 32,
            stretch: false,
            can_edit: true,
        },
        created: "2026-11-28T13:36:09.000Z".to_owned(),
        seconds: 754.2,
        reused: 37,
        peak_memory_bytes: Some(2_310_000_000),
        settings: vec![
            setting("Recogniser", "recogniser.safetensors"),
            setting("Training faces", "10,000, for PCA and what reads expressions"),
            setting("Seed", "2019"),
        ],
        sets,
        remarks: vec!["The recogniser also taught these weights, so what it says of them is too good".to_owned()],
    }
}

/// Writes the pictures that [`report`] names below a folder.
pub fn draw(folder: &Path) {
    let face = |number: u64| -> RgbImage {
        image::as_aligned(&image::decode(&synth::record(7, number).picture_bytes).unwrap())
    };
    let edge = |label: &str, number| Edge { label: label.to_owned(), picture: Some(face(number)) };
    let across = [edge("neutral", 3), edge("happy", 20), edge("surprise", 37), edge("anger", 54)];
    let down = [edge("a", 70), edge("b", 88), edge("c", 101), edge("d", 118)];
    let row = |row: u64| (0..4).map(|column| Some(face(64 + 16 * row + column))).collect::<Vec<_>>();
    let board = image::board(&(0..4).map(row).collect::<Vec<_>>(), &across, &down, "gives / takes");
    let samples = image::sheet(&(0..16).map(|number| face(16 * number)).collect::<Vec<_>>(), 8);
    fs::create_dir_all(folder.join("figures")).unwrap();
    samples.save(folder.join(SAMPLES)).unwrap();
    board.save(folder.join(BOARD)).unwrap();
}

fn people() -> SetReport {
    let sections =
        vec![reconstruction(), sampling(), verification(), pose(), retrieval(), cycle(), identity(), pictures()];
    SetReport {
        name: "lfw-val".to_owned(),
        faces: 1322,
        held: 1324,
        people: 571,
        skipped: BTreeMap::from([("no direction in their code".to_owned(), 2)]),
        sections,
        unmeasured: vec![
            unmeasured(PartName::Expression, "No face is labelled with an expression; give shards that have labels"),
            unmeasured(
                PartName::Disentanglement,
                "Only synthetic faces have its truth; give shards that `facespace synth` made",
            ),
        ],
    }
}

fn unmeasured(part: PartName, why: &str) -> Unmeasured {
    Unmeasured { part, why: why.to_owned() }
}

fn reconstruction() -> Section {
    let mut figures = Vec::new();
    for (way, group, [rmse, authors, mae, sharpness]) in [
        ("phi", "Through Phi, as an edit is", [19.91, 14.62, 11.83, 0.861]),
        ("direct", "Straight from z", [18.74, 13.71, 11.02, 0.874]),
        ("pca_99", "PCA-99", [18.02, 13.01, 10.64, 0.312]),
        ("pca_96", "PCA-96", [18.17, 13.14, 10.75, 0.309]),
    ] {
        let key = |what: &str| format!("reconstruction.{way}.{what}");
        let levels = |what: &str, name: &str, value: f64| {
            Figure::new(key(what), name, Unit::Levels, Better::Lower, measured(value, 0.31, 1322)).of(group)
        };
        figures.push(levels("rmse", "Pixel RMSE", rmse));
        figures.push(levels("rmse_authors", "RMSE as the authors define it", authors));
        figures.push(levels("mae", "Mean absolute error", mae));
        let ratio = measured(sharpness, 0.024, 1322);
        let name = "Sharpness over the original's";
        figures.push(Figure::new(key("sharpness"), name, Unit::Ratio, Better::NearOne, ratio).of(group));
    }
    let mut section = section(PartName::Reconstruction, figures);
    section.notes.push("PCA was fitted on 10,000 training faces".to_owned());
    section
}

fn sampling() -> Section {
    let share = |key: &str, name: &str, value| Figure::new(key, name, Unit::Distance, Better::Neither, value);
    let frechet = Measured { value: 12.84, interval: None, n: 1322 };
    let name = "Frechet distance in the recogniser's features";
    section(
        PartName::Sampling,
        vec![
            Figure::new(keys::FRECHET, name, Unit::Distance, Better::Lower, frechet),
            share("sampling.diversity_descriptors", "Distance between samples", measured(0.94, 0.012, 1322)),
            share("sampling.diversity_descriptors_real", "Distance between faces", measured(1.21, 0.009, 1322)),
        ],
    )
}

fn verification() -> Section {
    let accuracy = |subset: Subset, value: f64| {
        let key = format!("verification.{}", keys::reads(subset));
        let part = match subset {
            Subset::Only(part) => Some(part),
            Subset::Without(_) => None,
        };
        let name = format!("Accuracy of {}", subset.name());
        let better = if part == Some(Part::Identity) { Better::Higher } else { Better::Lower };
        Figure::new(key, name, Unit::Share, better, measured(value, 0.027, 600)).about(part)
    };
    let mut section = section(
        PartName::Verification,
        vec![
            accuracy(Subset::Only(Part::Identity), 0.823),
            accuracy(Subset::Without(Part::Identity), 0.618),
            accuracy(Subset::Only(Part::Pose), 0.512),
            accuracy(Subset::Only(Part::Expression), 0.547),
            accuracy(Subset::Only(Part::Style), 0.634),
        ],
    );
    section.notes.push(
        "All pairs are of one fold; it was cut into ten balanced blocks, and the threshold of each comes from the other nine"
            .to_owned(),
    );
    section
}

fn pose() -> Section {
    let error = |key: &str, name: &str, value| {
        Figure::new(key, name, Unit::Degrees, Better::Lower, measured(value, 0.14, 1322)).about(Some(Part::Pose))
    };
    section(
        PartName::Pose,
        vec![error(keys::YAW, "Yaw", 3.12), error(keys::PITCH, "Pitch", 4.05), error(keys::ROLL, "Roll", 1.61)],
    )
}

fn retrieval() -> Section {
    let found = |subset: Subset, value: f64| {
        let key = format!("retrieval.person.{}.top_7", keys::reads(subset));
        let name = format!("Right among the first 7, by {}", subset.name());
        let part = if let Subset::Only(part) = subset { Some(part) } else { None };
        let value = measured(value, 0.14 * value, 1104);
        Figure::new(key, name, Unit::Share, Better::Neither, value).of("Same person").about(part)
    };
    let [pose, identity, expression, style] = Part::ALL.map(Subset::Only);
    section(
        PartName::Retrieval,
        vec![
            found(pose, 0.004),
            found(identity, 0.231),
            found(expression, 0.012),
            found(style, 0.038),
            found(Subset::Without(Part::Identity), 0.041),
        ],
    )
}

fn cycle() -> Section {
    let mut table = Table::new("What moves where one part is replaced, in degrees", Vec::new());
    table.columns.push(Column::words("Replaced"));
    table.columns.extend(Part::ALL.map(|part| Column::numbers(part.name(), Unit::Degrees).about(Some(part))));
    for (row, part) in Part::ALL.into_iter().enumerate() {
        let value =
            |column: usize| Cell::from(measured(if row == column { 7.4 } else { 2.1 + column as f64 }, 0.3, 1322));
        table.rows.push([Cell::from(part.name())].into_iter().chain((0..4).map(value)).collect());
    }
    table.note =
        "On the diagonal the error of what was asked for, elsewhere the drift of what should have stayed".to_owned();
    let asked = |part: Part, value: f64| {
        let name = format!("Error of the replaced {part}");
        let value = measured(value, 0.31, 1322);
        Figure::new(format!("cycle.{part}.asked"), name, Unit::Degrees, Better::Lower, value).about(Some(part))
    };
    let figures = Part::ALL.into_iter().zip([2.9, 14.1, 18.6, 11.2]).map(|(part, value)| asked(part, value)).collect();
    Section { tables: vec![table], ..section(PartName::Cycle, figures) }
}

fn identity() -> Section {
    let kept = |what: &str, group: &str, [share, distance]: [f64; 2]| {
        let key = |measure: &str| format!("identity.{what}.{measure}");
        let (share, distance) = (measured(share, 0.021, 1322), measured(distance, 0.006, 1322));
        [
            Figure::new(key("same_person"), "Recognised as the same person", Unit::Share, Better::Higher, share)
                .of(group),
            Figure::new(key("distance"), "Recogniser's distance, median", Unit::Distance, Better::Lower, distance)
                .of(group),
        ]
    };
    let all = [
        kept("reconstruction", "Reconstruction", [0.873, 0.462]),
        kept("happy", "Made happy", [0.838, 0.481]),
        kept("yaw_left", "Turned left by 20 degrees", [0.791, 0.512]),
    ];
    section(PartName::Identity, all.into_iter().flatten().collect())
}

fn pictures() -> Section {
    let picture = |title: &str, caption: &str, file: &str| Picture {
        title: title.to_owned(),
        caption: caption.to_owned(),
        file: file.to_owned(),
    };
    let mut section = Section::new(PartName::Figures);
    section.pictures = vec![
        picture("Faces of nobody", "Drawn at random from the space of faces; here, drawn from geometry", SAMPLES),
        picture(
            "Fig. 5: the expression of four faces given to four others",
            "Along the top the faces that give their f_e, down the side those that take it and keep all the rest",
            BOARD,
        ),
    ];
    section
}

fn expressions() -> SetReport {
    let mut figures = Vec::new();
    for (subset, part, mean) in [
        (Subset::Only(Part::Expression), Some(Part::Expression), 0.761),
        (Subset::Without(Part::Expression), None, 0.642),
    ] {
        let reads = keys::reads(subset);
        let group = format!("Read from {}", subset.name());
        let auc = |key: String, name: &str, value| {
            Figure::new(key, name, Unit::Score, Better::Higher, value).of(&group).about(part)
        };
        figures.push(auc(format!("expression.{reads}.mean"), "Mean AUC", measured(mean, 0.013, 2000)));
        for (i, class) in Expression::ALL.into_iter().take(7).enumerate() {
            let value = measured(mean - 0.09 + 0.03 * i as f64, 0.031, 120 + 40 * i);
            figures.push(auc(format!("expression.{reads}.{}", class.name()), &format!("AUC, {}", class.name()), value));
        }
    }
    SetReport {
        name: "fer2013-val".to_owned(),
        faces: 2000,
        held: 3589,
        sections: vec![section(PartName::Expression, figures)],
        unmeasured: vec![unmeasured(PartName::Pose, "No face has angles; give shards that have them")],
        ..SetReport::default()
    }
}

fn synthetic() -> SetReport {
    let mut columns = vec![Column::words("Attribute"), Column::words("Own part"), Column::words("Judged by")];
    columns.extend(Part::ALL.map(|part| Column::numbers(part.name(), Unit::Score).about(Some(part))));
    columns.extend([Column::numbers("All but its own", Unit::Score), Column::words("")]);
    let mut table = Table::new("Each attribute read from each part", columns);
    for (attribute, part, values, rest) in [
        ("yaw", Part::Pose, [0.972, 0.213, 0.118, 0.304], 0.352),
        ("jaw_width", Part::Identity, [-0.021, 0.683, 0.092, 0.117], 0.164),
        ("mouth_open", Part::Expression, [0.012, 0.094, 0.741, 0.133], 0.187),
        ("light_from_left", Part::Style, [0.031, 0.122, 0.078, 0.214], 0.221),
    ] {
        let mut row: Vec<Cell> = [attribute, part.name(), "R2"].into_iter().map(Cell::from).collect();
        row.extend(values.map(Cell::from));
        row.push(Cell::from(rest));
        row.push(if values[part as usize] > rest { Cell::Empty } else { Cell::from("the rest says more") });
        table.rows.push(row);
    }
    let figure = Figure::new(
        "disentanglement.own_part_wins",
        "Attributes read better from their own part than from the rest",
        Unit::Share,
        Better::Higher,
        Measured { value: 0.75, interval: None, n: 4 },
    );
    let section = Section { tables: vec![table], ..section(PartName::Disentanglement, vec![figure]) };
    SetReport { name: "synthetic".to_owned(), faces: 800, people: 50, sections: vec![section], ..SetReport::default() }
}
