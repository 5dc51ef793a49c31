//! `facespace encode`: one row a face.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde_json::{Map, Value, json};

use super::context::{Context, Outcome, Stop};
use super::opened;
use super::outputs;
use super::pictures::{self, Photographs};
use super::remarks;
use crate::data::atomic;
use crate::face::FaceCode;

#[derive(Args)]
pub struct Arguments {
    #[command(flatten)]
    photographs: Photographs,
    #[arg(long, value_enum, default_value = "csv")]
    format: Format,
    /// Where to write the rows (stdout if not given)
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Format {
    Csv,
    Json,
}

impl Arguments {
    /// What the command reads.
    pub fn reads(&self) -> Vec<PathBuf> {
        self.photographs.paths.clone()
    }
}

/// A face's line in the table.
struct Row {
    file: String,
    /// Which face of the file it is, from 1; there where all of them are asked for.
    number: Option<usize>,
    face: FaceCode,
    /// What the report says about a face of a photograph.
    found: Value,
}

pub fn run(context: &mut Context, arguments: Arguments) -> Outcome {
    let inputs = pictures::expand(context, &arguments.photographs)?;
    if let Some(output) = &arguments.output {
        outputs::refuse(output, &pictures::paths(&inputs))?;
    }
    let bar = context.progress(inputs.len(), "encoding");
    let mut rows: Vec<Row> = Vec::new();
    opened::for_each_batch(context, &inputs, false, |context, pictures| {
        let (tried, done) = (pictures.len(), pictures[0].place);
        let (faces, crops) = opened::flat(pictures);
        let count = crops.len();
        let progress = |encoded: usize| bar.set_position((done + encoded * tried / count) as u64);
        let codes = context.engine()?.encode(&crops, &progress)?;
        for ((place, face), code) in faces.into_iter().zip(codes) {
            let Some(code) = pictures::face(context, &inputs[place], &code) else { continue };
            let found = if context.wants_json() {
                let remarks = remarks::of(context, &face, None)?;
                remarks::report(&face, &remarks)
            } else {
                Value::Null
            };
            let number = arguments.photographs.all.then(|| face.origin.map_or(1, |origin| origin.number));
            let file = inputs[place].path.display().to_string();
            rows.push(Row { file, number, face: code, found });
        }
        Ok(())
    })?;
    bar.finish_and_clear();
    let text = match arguments.format {
        Format::Csv => csv(&rows, arguments.photographs.all)?,
        Format::Json => {
            let objects: Vec<Value> = rows.iter().map(|row| Value::Object(object(row))).collect();
            format!("{:#}\n", json!(objects))
        }
    };
    match &arguments.output {
        None => context.print(&text)?,
        Some(path) => atomic::write(path, text.as_bytes())?,
    }
    let entries: Vec<Value> = if context.wants_json() { rows.iter().map(entry).collect() } else { Vec::new() };
    Ok(json!(entries))
}

fn csv(rows: &[Row], all: bool) -> Result<String, Stop> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let number = all.then(|| "face".to_owned());
    writer.write_record(std::iter::once("file".to_owned()).chain(number).chain(FaceCode::columns()))?;
    for row in rows {
        let number = row.number.map(|number| number.to_string());
        let values = row.face.values();
        writer
            .write_record(std::iter::once(row.file.clone()).chain(number).chain(values.iter().map(f32::to_string)))?;
    }
    let bytes = writer.into_inner().map_err(|e| Stop::Failed(e.to_string()))?;
    Ok(String::from_utf8(bytes)?)
}

fn object(row: &Row) -> Map<String, Value> {
    let mut object = Map::from_iter([("file".to_owned(), json!(row.file))]);
    object.extend(row.number.map(|number| ("face".to_owned(), json!(number))));
    object.extend(FaceCode::columns().into_iter().zip(row.face.values().into_iter().map(|value| json!(value))));
    object
}

/// The row's entry in the report.
fn entry(row: &Row) -> Value {
    let mut object = object(row);
    object.insert("found".to_owned(), row.found.clone());
    Value::Object(object)
}
