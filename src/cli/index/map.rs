//! `facespace index map`: all faces of an index in a plane, by one part of their codes, as a table for other programs.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use crate::cli::context::{Context, Outcome, Stop};
use crate::cli::outputs;
use crate::cli::table::counted;
use crate::data::atomic;
use crate::face::Part;
use crate::gallery::{self, Index};

#[derive(Args)]
pub struct Arguments {
    #[arg(value_name = "INDEX")]
    pub(super) index: PathBuf,
    /// The part that says which faces lie near each other: pose, identity, expression or style
    #[arg(long, value_name = "PART", default_value_t = Part::Identity)]
    part: Part,
    /// A .csv file of a row a face: its key, and where it lies across and up
    #[arg(short, long, value_name = "FILE.csv")]
    output: PathBuf,
}

pub fn run(context: &mut Context, arguments: &Arguments) -> Outcome {
    let Arguments { index, part, output } = arguments;
    if output.extension().is_none_or(|extension| !extension.eq_ignore_ascii_case("csv")) {
        let sentence = format!("A map is written as .csv; give the file this ending: {}", output.display());
        return Err(Stop::Usage(sentence));
    }
    outputs::refuse(output, &super::files(index))?;
    let codes = Index::open(index)?.codes()?;
    let map = gallery::map(&codes, *part);
    write(output, codes.keys().iter().zip(&map.points))?;
    let [first, second] = map.explained.map(|share| format!("{:.0} %", 100.0 * share));
    context.print(&format!(
        "Wrote {}, which lie as {first} (across) and {second} (up) of what {part} varies in: {}\n",
        counted(codes.len(), "face"),
        output.display()
    ))?;
    Ok(json!({
        "index": index, "part": part.name(), "output": output, "faces": codes.len(), "explained": map.explained,
    }))
}

fn write<'a>(path: &Path, faces: impl Iterator<Item = (&'a gallery::FaceKey, &'a [f32; 2])>) -> Result<(), Stop> {
    atomic::write_with(path, |out| {
        let mut writer = csv::Writer::from_writer(out);
        writer.write_record(["key", "across", "up"])?;
        for (key, [across, up]) in faces {
            writer.write_record([key.to_string(), across.to_string(), up.to_string()])?;
        }
        writer.flush()
    })?;
    Ok(())
}
