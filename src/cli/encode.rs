//! `facespace encode`: one row a face.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde_json::{Map, Value, json};

use super::context::{Context, Outcome, Stop};
use super::outputs;
use super::pictures::{self, Photographs};
use crate::data::atomic;
use crate::face::{FaceCode, PART_DIM, Pose, UnitPart};

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

pub fn run(context: &mut Context, arguments: Arguments) -> Outcome {
    let inputs = pictures::expand(context, &arguments.photographs)?;
    if let Some(output) = &arguments.output {
        outputs::refuse(output, &pictures::paths(&inputs))?;
    }
    let bar = context.progress(inputs.len(), "encoding");
    let mut rows: Vec<(String, FaceCode)> = Vec::new();
    pictures::for_each_batch(context, &inputs, |context, crops| {
        let (places, crops): (Vec<usize>, Vec<_>) = crops.into_iter().unzip();
        let codes = context.engine()?.encode(&crops, &|done| bar.set_position((places[0] + done) as u64))?;
        for (place, code) in places.into_iter().zip(codes) {
            if let Some(face) = pictures::face(context, &inputs[place], &code) {
                rows.push((inputs[place].path.display().to_string(), face));
            }
        }
        Ok(())
    })?;
    bar.finish_and_clear();
    let text = match arguments.format {
        Format::Csv => csv(&rows)?,
        Format::Json => {
            format!("{:#}\n", json!(rows.iter().map(|(file, face)| object(file, face)).collect::<Vec<_>>()))
        }
    };
    match &arguments.output {
        None => context.print(&text)?,
        Some(path) => atomic::write(path, text.as_bytes())?,
    }
    let faces: Vec<Value> =
        if context.wants_json() { rows.iter().map(|(file, face)| object(file, face)).collect() } else { Vec::new() };
    Ok(json!(faces))
}

/// The 99 columns after `file`: pose in degrees, then the 32 numbers of each part.
fn columns() -> Vec<String> {
    let pose = Pose::NAMES.iter().map(|name| format!("{name}_deg"));
    let parts = UnitPart::ALL.iter().flat_map(|part| (0..PART_DIM).map(move |i| format!("{part}.{i}")));
    pose.chain(parts).collect()
}

fn values(face: &FaceCode) -> Vec<f32> {
    let parts = UnitPart::ALL.iter().flat_map(|&part| *face.unit(part).as_array());
    face.pose.to_array_deg().into_iter().chain(parts).collect()
}

fn csv(rows: &[(String, FaceCode)]) -> Result<String, Stop> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(std::iter::once("file".to_owned()).chain(columns()))?;
    for (file, face) in rows {
        writer.write_record(std::iter::once(file.clone()).chain(values(face).iter().map(f32::to_string)))?;
    }
    let bytes = writer.into_inner().map_err(|e| Stop::Failed(e.to_string()))?;
    Ok(String::from_utf8(bytes)?)
}

fn object(file: &str, face: &FaceCode) -> Value {
    let mut object = Map::from_iter([("file".to_owned(), json!(file))]);
    object.extend(columns().into_iter().zip(values(face).into_iter().map(|value| json!(value))));
    Value::Object(object)
}
