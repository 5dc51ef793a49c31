//! `facespace audit show`: one face with everything that speaks for and against its label, as text and as a sheet.

use std::path::PathBuf;

use clap::Args;
use image::{Rgb, RgbImage, imageops};
use serde_json::{Map, Value, json};

use super::Chosen;
use super::list::by_score;
use crate::audit::{Audit, Card, Chances, Score};
use crate::cli::context::{Context, Outcome, Stop};
use crate::cli::outputs;
use crate::cli::search_results::thumbnail;
use crate::cli::table::{Column, table};
use crate::data::image::{self as picture, Edge};
use crate::face::Expression;

const PROBABILITIES: [Column; 5] =
    [("expression", false), ("input", true), ("averaged", true), ("reconstruction", true), ("neighbours", true)];
const SCORES: [Column; 2] = [("score", false), ("quality", true)];
const NEIGHBOURS: [Column; 4] = [("likeness", true), ("face", true), ("given", false), ("name", false)];
/// Pictures in a row of the sheet.
const IN_ROW: usize = 4;
const PAPER: Rgb<u8> = Rgb([255; 3]);

#[derive(Args)]
pub struct Arguments {
    /// The folder of the audit
    #[arg(value_name = "DIR")]
    pub(super) audit: PathBuf,
    #[command(flatten)]
    chosen: Chosen,
    /// Also a sheet: the face, its reconstruction, the same face with the expression of the given and of the predicted
    /// label, and the faces nearest to it with their labels
    #[arg(short, long, value_name = "SHEET.png")]
    output: Option<PathBuf>,
}

/// What the networks draw of a face.
struct Drawn {
    reconstruction: RgbImage,
    /// With the expression of the given label and of the predicted one.
    counterfactuals: [RgbImage; 2],
}

pub fn run(context: &mut Context, arguments: &Arguments) -> Outcome {
    let Arguments { audit: folder, chosen, output } = arguments;
    if let Some(sheet) = output {
        outputs::check_file(sheet, &[])?;
        outputs::refuse_within(sheet, std::slice::from_ref(folder))?;
    }
    let mut audit = Audit::open(folder)?;
    let face = chosen.face(&audit)?;
    let mut card = audit.card(face)?;
    let mut saved = None;
    // Without a sheet, networks are only needed where nobody has looked at this face before.
    if output.is_some() || card.reconstruction.is_none() {
        audit.require(&context.model()?)?;
        let drawn = draw(context, &mut audit, &mut card)?;
        if let Some(path) = output {
            let sheet = sheet(&audit, &card, drawn)?;
            saved = outputs::save_photograph(context, "audit show", path, &sheet).then_some(path);
        }
    }
    context.print(&text(&card))?;
    let mut report = report(&card);
    report["audit"] = json!(folder);
    report["sheet"] = json!(saved);
    Ok(report)
}

/// Draws the face, and reads the reconstruction where that was not done before.
fn draw(context: &mut Context, audit: &mut Audit, card: &mut Card) -> Result<Drawn, Stop> {
    let [(_, given), (_, predicted)] = card.counterfactual;
    let engine = context.engine()?;
    let pictures = engine.decode(&[card.code, given, predicted])?;
    let Ok([reconstruction, given, predicted]) = <[RgbImage; 3]>::try_from(pictures) else {
        return Err(Stop::Failed("The networks drew too few faces; please report this".to_owned()));
    };
    if card.reconstruction.is_none()
        && let Some(code) = engine.encode(std::slice::from_ref(&reconstruction), &|_| ())?.first()
    {
        let (probabilities, qualities) = audit.read_reconstruction(card.face, &code.f)?;
        card.reconstruction = Some(probabilities);
        card.qualities = qualities;
    }
    Ok(Drawn { reconstruction, counterfactuals: [given, predicted] })
}

fn text(card: &Card) -> String {
    let or_dash = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
    let mood = card.valence.zip(card.arousal).map(|(valence, arousal)| format!("{valence:.2}, {arousal:.2}"));
    let mut text = format!(
        "name     {}\nface     {}\ngiven    {}\nlooks    {}\nverdict  {}\nperson   {}\nmood     {}\n\n",
        card.name,
        card.face,
        card.given,
        card.predicted,
        or_dash(card.verdict.map(|verdict| verdict.to_string())),
        or_dash(card.person.clone()),
        or_dash(mood.map(|mood| format!("{mood} (valence, arousal)"))),
    );
    let columns = [Some(&card.probabilities), Some(&card.averaged), card.reconstruction.as_ref(), Some(&card.votes)];
    let cells = |class: Expression| {
        let [input, averaged, reconstruction, votes] =
            columns.map(|column| column.map_or_else(|| "-".to_owned(), |column| two_digits(column[class.index()])));
        [class.to_string(), input, averaged, reconstruction, votes]
    };
    text += &table(&PROBABILITIES, &Expression::ALL.map(cells));
    let qualities = Score::ALL.iter().zip(card.qualities);
    let qualities: Vec<_> = qualities.map(|(score, quality)| [score.to_string(), two_digits(quality)]).collect();
    text += &format!("\n{}", table(&SCORES, &qualities));
    let nearest = card
        .neighbours
        .iter()
        .map(|near| [two_digits(near.likeness), near.face.to_string(), near.given.to_string(), near.name.clone()]);
    let nearest: Vec<_> = nearest.collect();
    if !nearest.is_empty() {
        text += &format!("\n{}", table(&NEIGHBOURS, &nearest));
    }
    text
}

fn report(card: &Card) -> Value {
    let neighbours: Vec<Value> = card
        .neighbours
        .iter()
        .map(|near| json!({"face": near.face, "name": near.name, "given": near.given, "likeness": near.likeness}))
        .collect();
    json!({
        "face": card.face, "name": card.name, "given": card.given, "predicted": card.predicted,
        "verdict": card.verdict.map(|verdict| verdict.to_string()), "person": card.person, "valence": card.valence,
        "arousal": card.arousal, "probabilities": by_class(&card.probabilities), "averaged": by_class(&card.averaged),
        "reconstruction": card.reconstruction.as_ref().map(by_class), "votes": by_class(&card.votes),
        "qualities": by_score(&card.qualities), "neighbours": neighbours,
    })
}

fn by_class(probabilities: &Chances) -> Value {
    let named = Expression::ALL.iter().zip(probabilities).map(|(class, share)| (class.to_string(), json!(share)));
    Value::Object(Map::from_iter(named))
}

/// The face and what the networks make of it in the first row, its neighbours in those below.
fn sheet(audit: &Audit, card: &Card, drawn: Drawn) -> Result<RgbImage, Stop> {
    let [(given, _), (predicted, _)] = card.counterfactual;
    let Drawn { reconstruction, counterfactuals: [as_given, as_predicted] } = drawn;
    let mut tiles = vec![
        (format!("given {}", card.given), Some(audit.index().crop(card.face)?)),
        ("reconstruction".to_owned(), Some(reconstruction)),
        (format!("as {given}"), Some(as_given)),
        (format!("as {predicted}"), Some(as_predicted)),
    ];
    for near in &card.neighbours {
        // One whose picture is gone is shown as small as the index has it.
        let picture = audit.index().crop(near.face).ok();
        let picture = picture.map_or_else(|| thumbnail(audit.index(), near.face), |picture| Ok(Some(picture)))?;
        tiles.push((format!("{} {}", near.given, two_digits(near.likeness)), picture));
    }
    let rows: Vec<RgbImage> = tiles.chunks(IN_ROW).map(row).collect();
    Ok(stacked(&rows))
}

/// Pictures side by side under their labels.
fn row(tiles: &[(String, Option<RgbImage>)]) -> RgbImage {
    let across: Vec<Edge> = tiles.iter().map(|(label, _)| Edge { label: label.clone(), picture: None }).collect();
    let cells: Vec<Option<RgbImage>> = tiles.iter().map(|(_, picture)| picture.clone()).collect();
    picture::board(&[cells], &across, &[Edge::default()], "")
}

/// Pictures below each other, on paper.
fn stacked(rows: &[RgbImage]) -> RgbImage {
    let width = rows.iter().map(RgbImage::width).max().unwrap_or(1);
    let height = rows.iter().map(RgbImage::height).sum::<u32>().max(1);
    let mut sheet = RgbImage::from_pixel(width, height, PAPER);
    let mut top = 0;
    for row in rows {
        imageops::replace(&mut sheet, row, 0, top);
        top += i64::from(row.height());
    }
    sheet
}

fn two_digits(value: f32) -> String {
    if value.is_nan() { "-".to_owned() } else { format!("{value:.2}") }
}
