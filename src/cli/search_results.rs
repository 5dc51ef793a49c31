//! What a search found, as a table, as a report and as a sheet of pictures.

use image::RgbImage;
use serde_json::{Map, Value, json};

use super::context::Stop;
use super::index::origin;
use super::table::{Column, table};
use crate::data::image::{self as picture, Edge};
use crate::face::Part;
use crate::gallery::{Codes, FaceCard, FaceKey, FaceLabels, From, Index};

const COLUMNS: [Column; 10] = [
    ("rank", true),
    ("score", true),
    ("pose", true),
    ("identity", true),
    ("expression", true),
    ("style", true),
    ("key", true),
    ("face", true),
    ("labels", false),
    ("file", false),
];
/// Pictures in a row of a sheet.
const IN_ROW: usize = 7;

/// The faces that one search found, best first.
pub struct Hits {
    /// Of its row; empty where there is one search alone.
    pub name: &'static str,
    pub hits: Vec<Hit>,
}

/// A face that was found.
pub struct Hit {
    /// Among the codes.
    pub place: usize,
    pub score: f32,
    /// How alike each part is, in the order of [`Part::ALL`].
    pub parts: [f32; 4],
}

/// Where what is known of the faces comes from.
pub struct Shown<'a> {
    pub index: &'a Index,
    pub codes: &'a Codes,
}

impl Shown<'_> {
    /// A table for each search; nothing where nothing was found.
    pub fn text(&self, found: &[Hits]) -> Result<String, Stop> {
        let mut text = String::new();
        for found in found.iter().filter(|found| !found.hits.is_empty()) {
            if !found.name.is_empty() {
                text += &format!("{}{}\n", if text.is_empty() { "" } else { "\n" }, found.name);
            }
            let rows = self.cards(found)?.into_iter().map(|(rank, hit, card)| {
                let [pose, identity, expression, style] = hit.parts.map(two_digits);
                let labels = words(&card.labels);
                let gone = if card.missing { " (gone)" } else { "" };
                let file = format!("{}{gone}", origin(&card.from));
                let (key, number) = (card.key.to_string(), card.number.to_string());
                [rank.to_string(), two_digits(hit.score), pose, identity, expression, style, key, number, labels, file]
            });
            text += &table(&COLUMNS, &rows.collect::<Vec<_>>());
        }
        Ok(text)
    }

    /// The entries of the report.
    pub fn report(&self, found: &Hits) -> Result<Value, Stop> {
        let entries = self.cards(found)?.into_iter().map(|(rank, hit, card)| {
            let name = if let From::Row { name, .. } = &card.from { Some(name) } else { None };
            json!({
                "rank": rank, "score": hit.score, "similarity": by_part(hit.parts), "key": card.key,
                "file": origin(&card.from), "name": name, "face": card.number, "labels": card.labels,
                "pose": card.code.pose, "confidence": card.confidence, "missing": card.missing,
            })
        });
        Ok(Value::Array(entries.collect()))
    }

    /// The thumbnails of the faces: a row for each search that has a name, else rows of seven, best first.
    pub fn sheet(&self, found: &[Hits], asked: Option<&RgbImage>) -> Result<RgbImage, Stop> {
        let (mut cells, mut down) = (Vec::new(), Vec::new());
        for found in found {
            let length = if found.name.is_empty() { IN_ROW } else { found.hits.len().max(1) };
            for (number, hits) in found.hits.chunks(length).enumerate() {
                let first = number * length + 1;
                let label = if found.name.is_empty() {
                    format!("{first} to {}", first + hits.len() - 1)
                } else {
                    found.name.to_owned()
                };
                // Once, at the top of its rows.
                let picture = if number == 0 { asked.cloned() } else { None };
                down.push(Edge { label, picture });
                let pictures = hits.iter().map(|hit| thumbnail(self.index, self.codes.keys()[hit.place]));
                cells.push(pictures.collect::<Result<Vec<_>, _>>()?);
            }
        }
        let columns = cells.iter().map(Vec::len).max().unwrap_or_default();
        let across: Vec<Edge> = (1..=columns).map(|column| Edge { label: column.to_string(), picture: None }).collect();
        Ok(picture::board(&cells, &across, &down, "query"))
    }

    /// Rank and card of each face that is still known.
    fn cards<'a>(&self, found: &'a Hits) -> Result<Vec<(usize, &'a Hit, FaceCard)>, Stop> {
        let mut cards = Vec::with_capacity(found.hits.len());
        for (rank, hit) in (1..).zip(&found.hits) {
            // Another process may have taken it out since the codes were read.
            if let Some(card) = self.index.card(self.codes.keys()[hit.place])? {
                cards.push((rank, hit, card));
            }
        }
        Ok(cards)
    }
}

/// A number of each part under its name.
pub fn by_part(values: [f32; 4]) -> Value {
    let named = Part::ALL.iter().zip(values).map(|(part, value)| (part.name().to_owned(), json!(value)));
    Value::Object(Map::from_iter(named))
}

/// A face's small picture; none where the index has none.
pub fn thumbnail(index: &Index, key: FaceKey) -> Result<Option<RgbImage>, Stop> {
    // One that cannot be decoded leaves its place on the sheet empty.
    Ok(index.thumbnail(key)?.and_then(|bytes| picture::decode(&bytes).ok()))
}

/// Who it is and what the face shows, as far as that is known.
fn words(labels: &FaceLabels) -> String {
    let expression = labels.expression.map(|expression| expression.name().to_owned());
    let known: Vec<String> = labels.person.iter().cloned().chain(expression).collect();
    if known.is_empty() { "-".to_owned() } else { known.join(", ") }
}

fn two_digits(value: f32) -> String {
    // No "-0.00".
    format!("{:.2}", if value.abs() < 0.005 { 0.0 } else { value })
}
