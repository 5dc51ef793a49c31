//! `facespace evaluate`: how good the weights in use are on labelled crops, as far as the labels go; with `--finder`
//! how well faces are found.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use image::RgbImage;
use serde_json::json;

use super::context::{Context, Outcome, Stop, at};
use super::evaluate_finder;
use super::faces::{self, Faces};
use super::outputs;
use crate::data::atomic;
use crate::data::shards::{Record, Wanted};
use crate::data::synth::FACTORS;
use crate::engine::device;
use crate::evaluate::disentanglement::{self, Attribute, Values};
use crate::evaluate::expression::{self, Labelled};
use crate::evaluate::pairs::{self, NamedPair, picture_name};
use crate::evaluate::reconstruction::Tally;
use crate::evaluate::report::{Baseline, Expressions, Report};
use crate::evaluate::retrieval::{self, Known};
use crate::evaluate::verification::{self, Pair};
use crate::evaluate::{pose, recognition};
use crate::face::{Expression, FaceCode, Part, Pose};
use crate::nn::recogniser::Recogniser;
use crate::nn::{Code, NnError};

/// Faces decoded at a time.
const BATCH: usize = 64;
/// Every figure's draws come from it, so that a second run gives the same.
const SEED: u64 = 2019;

#[derive(Args)]
pub struct Arguments {
    /// Parquet shards of labelled crops, or folders of them
    #[arg(required = true, value_name = "SHARDS")]
    shards: Vec<PathBuf>,
    /// LFW's list of pairs, for telling people apart
    #[arg(long, value_name = "FILE")]
    pairs: Option<PathBuf>,
    /// A face recognition network, for whether the person is kept
    #[arg(long, value_name = "FILE")]
    recogniser: Option<PathBuf>,
    /// Shards of training crops for PCA and for what reads expressions (folds of the measured faces if not given)
    #[arg(long, value_name = "SHARDS", num_args = 1..)]
    head_data: Vec<PathBuf>,
    /// Measure how well faces are found instead, on the photographs and scenes of these shards that training sets aside
    /// (the finder that comes with the program, or --finder=FILE)
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true)]
    #[arg(conflicts_with_all = ["pairs", "recogniser", "head_data"])]
    finder: Option<Option<PathBuf>>,
    /// Faces to measure at most, of all shards together
    #[arg(long, value_name = "N", default_value_t = 2000, value_parser = clap::value_parser!(u32).range(1..))]
    faces: u32,
    /// Also write the figures as JSON to this file
    #[arg(short, long, value_name = "FILE.json")]
    output: Option<PathBuf>,
}

impl Arguments {
    /// What the command reads.
    pub fn reads(&self) -> Vec<PathBuf> {
        let options = self.pairs.iter().chain(&self.recogniser).chain(self.finder.iter().flatten());
        self.shards.iter().chain(&self.head_data).chain(options).cloned().collect()
    }
}

pub fn run(context: &mut Context, arguments: Arguments) -> Outcome {
    if let Some(output) = &arguments.output {
        outputs::refuse(output, &arguments.reads())?;
    }
    if let Some(finder) = arguments.finder {
        let Arguments { shards, faces, output, .. } = arguments;
        return evaluate_finder::run(
            context,
            evaluate_finder::Wanted { finder, shards, limit: faces as usize, output },
        );
    }
    let listed = arguments.pairs.as_deref().map(pairs::read).transpose()?;
    let recogniser = arguments.recogniser.as_deref().map(open_recogniser).transpose()?;
    let needed: HashSet<String> = listed.iter().flatten().flat_map(|pair| [&pair.a, &pair.b]).cloned().collect();
    let limit = arguments.faces as usize;
    let faces = faces::read(context, &arguments.shards, Wanted::All, limit, &needed)?;
    if faces.len() == 0 {
        return Err(at("These shards hold no face that can be measured; give shards of crops", &arguments.shards[0]));
    }
    let training = if arguments.head_data.is_empty() {
        None
    } else {
        Some(faces::read(context, &arguments.head_data, Wanted::TrainingCrops, limit, &HashSet::new())?)
    };

    let mut report = Report { faces: faces.len(), skipped: faces.skipped.clone(), ..Report::default() };
    for (reason, count) in &faces.skipped {
        report.remarks.push(format!("Passed over {count} pictures ({reason}); make the shards again to use them"));
    }
    reconstruct(context, &faces, recogniser.as_ref(), &mut report)?;
    baseline(&faces, training.as_ref(), &mut report);
    angles(&faces, &mut report);
    verify(&faces, listed.as_deref(), &mut report);
    expressions(&faces, training.as_ref(), &mut report)?;
    retrieve(&faces, &mut report);
    disentangle(&faces, &mut report);

    context.print(&report.to_string())?;
    report.remarks.iter().for_each(|remark| context.remark(remark));
    let value = json!(report);
    if let Some(output) = &arguments.output {
        atomic::write(output, format!("{value:#}\n").as_bytes())?;
    }
    Ok(value)
}

fn open_recogniser(path: &Path) -> Result<Recogniser, Stop> {
    let bytes = fs::read(path)
        .map_err(|e| at(format!("The recogniser cannot be read ({e}); check its path and permissions"), path))?;
    Recogniser::load(bytes, &device::cpu().device).map_err(|e| at(e, path))
}

/// Every face decoded from its code, against its picture.
fn reconstruct(
    context: &mut Context,
    faces: &Faces,
    recogniser: Option<&Recogniser>,
    report: &mut Report,
) -> Result<(), Stop> {
    let bar = context.progress(faces.len(), "reconstructing");
    let mut tally = Tally::default();
    let mut distances = Vec::new();
    for (pictures, codes) in faces.pictures.chunks(BATCH).zip(faces.codes.chunks(BATCH)) {
        // Codes without a direction were passed over when the faces were read.
        let codes: Vec<FaceCode> = codes.iter().filter_map(FaceCode::from_array).collect();
        let made = context.engine()?.decode(&codes)?;
        pictures.iter().zip(&made).for_each(|(original, made)| tally.add(original, made));
        if let Some(recogniser) = recogniser {
            let (originals, made): (Vec<&RgbImage>, Vec<&RgbImage>) = pictures.iter().zip(&made).unzip();
            distances.extend(recognition::distances(recogniser, &originals, &made)?);
        }
        bar.inc(pictures.len() as u64);
    }
    bar.finish_and_clear();
    report.reconstruction = tally.finish(SEED);
    report.same_person = recognition::kept(&distances, SEED);
    if recogniser.is_none() {
        report.remarks.push("Whether the person is kept was not measured; give a recogniser with --recogniser".into());
    }
    Ok(())
}

/// PCA of the training faces, or of each half of these faces for the other half.
fn baseline(faces: &Faces, training: Option<&Faces>, report: &mut Report) {
    let mut tally = Tally::default();
    let all: Vec<&RgbImage> = faces.pictures.iter().collect();
    let (done, fitted_on) = match training {
        Some(training) => {
            let train: Vec<&RgbImage> = training.pictures.iter().collect();
            (tally.add_pca(&train, &all, SEED), format!("{} training faces", train.len()))
        }
        None => {
            let people = faces.people();
            let of = |half: usize| -> Vec<&RgbImage> {
                all.iter().zip(&people).filter(|(_, person)| *person % 2 == half).map(|(picture, _)| *picture).collect()
            };
            let (even, odd) = (of(0), of(1));
            let done = tally.add_pca(&even, &odd, SEED) && tally.add_pca(&odd, &even, SEED);
            (done, "each half of these faces for the other half, by whole people".to_owned())
        }
    };
    if done {
        report.pca_99 = tally.finish(SEED).map(|figures| Baseline { fitted_on, figures });
    } else {
        report.remarks.push("PCA-99 was not measured for want of faces; give training shards with --head-data".into());
    }
}

fn angles(faces: &Faces, report: &mut Report) {
    let known = faces.codes.iter().zip(&faces.labels).filter_map(|(f, record)| Some((*f, record.pose_deg?)));
    let (codes, truth): (Vec<Code>, Vec<[f32; 3]>) = known.unzip();
    report.pose = pose::errors(&codes, &truth, SEED);
    if report.pose.is_none() {
        report.remarks.push("Pose was not measured, since no face has angles; give shards that have them".into());
    }
}

fn verify(faces: &Faces, listed: Option<&[NamedPair]>, report: &mut Report) {
    let Some(listed) = listed else {
        report.remarks.push("Verification was not measured; give LFW's list of pairs with --pairs".into());
        return;
    };
    let places: HashMap<&str, usize> =
        faces.labels.iter().enumerate().map(|(i, record)| (picture_name(&record.path), i)).collect();
    let place = |name: &String| places.get(name.as_str()).copied();
    let pairs: Vec<Pair> = listed
        .iter()
        .filter_map(|pair| Some(Pair { a: place(&pair.a)?, b: place(&pair.b)?, same: pair.same, fold: pair.fold }))
        .collect();
    if pairs.len() < listed.len() {
        let missing = listed.len() - pairs.len();
        report.remarks.push(format!(
            "Of the {} pairs {missing} name a picture that is not in these shards; give the shards that have them",
            listed.len()
        ));
    }
    report.verification = verification::verify(&faces.codes, &pairs, SEED);
    if report.verification.is_none() {
        report.remarks.push("Verification was not measured, since too few pairs are left; give other shards".into());
    }
}

fn expressions(faces: &Faces, training: Option<&Faces>, report: &mut Report) -> Result<(), NnError> {
    let (codes, labels, numbers) = labelled(faces);
    let test = Labelled { codes: &codes, labels: &labels };
    let (parts, trained_on) = match training {
        Some(training) => {
            let (codes, labels, _) = labelled(training);
            let train = Labelled { codes: &codes, labels: &labels };
            (expression::across(train, test, SEED)?, format!("{} training faces", labels.len()))
        }
        None => {
            let people = faces.people();
            let groups: Vec<usize> = numbers.iter().map(|&i| people[i]).collect();
            (expression::in_folds(test, &groups, SEED)?, "the other folds of these faces, by whole people".to_owned())
        }
    };
    report.expression = parts.map(|parts| Expressions { trained_on, parts });
    if report.expression.is_none() {
        report.remarks.push(
            "Expression was not measured, since too few faces are labelled with one; give shards that have labels"
                .into(),
        );
    }
    Ok(())
}

/// The faces that have an expression: codes, expressions, their numbers.
fn labelled(faces: &Faces) -> (Vec<Code>, Vec<Expression>, Vec<usize>) {
    let known = faces.expressions();
    let codes = known.iter().map(|&(i, _)| faces.codes[i]).collect();
    let (numbers, labels) = known.into_iter().unzip();
    (codes, labels, numbers)
}

fn retrieve(faces: &Faces, report: &mut Report) {
    let mut known: Vec<Known> = faces
        .labels
        .iter()
        .map(|record| Known {
            person: record.person.as_deref(),
            clip: record.clip.as_deref(),
            expression: None,
            pose_deg: record.pose_deg,
        })
        .collect();
    for (i, expression) in faces.expressions() {
        known[i].expression = Some(expression);
    }
    report.retrieval = retrieval::table(&faces.codes, &known, SEED);
    if report.retrieval.is_none() {
        report.remarks.push(
            "What a search finds was not measured, since no two faces are known to share anything; give more faces, or \
             shards that have labels"
                .into(),
        );
    }
}

fn disentangle(faces: &Faces, report: &mut Report) {
    let is_complete = |record: &Record| {
        record.factors.as_ref().is_some_and(|factors| factors.len() == FACTORS.len())
            && record.person.is_some()
            && record.pose_deg.is_some()
            && record.expression.is_some()
            && record.valence.is_some()
            && record.arousal.is_some()
    };
    let complete: Vec<usize> = (0..faces.len()).filter(|&i| is_complete(&faces.labels[i])).collect();
    let people = faces.people();
    let codes: Vec<Code> = complete.iter().map(|&i| faces.codes[i]).collect();
    let who: Vec<usize> = complete.iter().map(|&i| people[i]).collect();
    let records: Vec<&Record> = complete.iter().map(|&i| &faces.labels[i]).collect();
    report.disentanglement = disentanglement::table(&codes, &who, &attributes(&records), SEED);
    if report.disentanglement.is_none() {
        let why =
            if complete.is_empty() { "only synthetic faces have its truth" } else { "it takes two people or more" };
        report
            .remarks
            .push(format!("Disentanglement was not measured, since {why}; give shards that `facespace synth` made"));
    }
}

/// All that is known of synthetic faces; of those that lack something the value is 0.
pub fn attributes(records: &[&Record]) -> Vec<Attribute> {
    let numbers = |name: &str, part: Part, value: &dyn Fn(&Record) -> Option<f32>| {
        let values = records.iter().map(|&record| value(record).unwrap_or_default()).collect();
        Attribute { name: name.to_owned(), part, values: Values::Numbers(values) }
    };
    let mut all = Vec::new();
    for (i, name) in Pose::NAMES.into_iter().enumerate() {
        all.push(numbers(name, Part::Pose, &|record: &Record| Some(record.pose_deg?[i])));
    }
    all.push(Attribute { name: "person".to_owned(), part: Part::Identity, values: Values::People });
    let classes = records.iter().map(|record| usize::from(record.expression.unwrap_or_default())).collect();
    all.push(Attribute { name: "class".to_owned(), part: Part::Expression, values: Values::Classes(classes) });
    all.push(numbers("valence", Part::Expression, &|record: &Record| record.valence));
    all.push(numbers("arousal", Part::Expression, &|record: &Record| record.arousal));
    for (i, factor) in FACTORS.iter().enumerate() {
        all.push(numbers(factor.name, factor.part, &|record: &Record| record.factors.as_ref()?.get(i).copied()));
    }
    all
}
