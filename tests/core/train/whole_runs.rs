//! Trainings from their first step to their last.

mod full_disk;
mod passed_over;
pub mod resumed;
mod steered;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use burn::tensor::Device;
use facespace::data::atomic::WriteError;
use facespace::data::{shards, synth};
use facespace::nn::tensors::{self, Precision};
use facespace::nn::{Networks, NetworksConfig, Variant, Weights};
use facespace::train::checkpoints::Saved;
use facespace::train::config::Config;
use facespace::train::metrics::{self, Line};
use facespace::train::observer::Stage;
use facespace::train::run_dir::{RunDir, State};
use safetensors::SafeTensors;

use super::micro::{self, ENDS, Heard, STEPS, finished, with_steps};

/// Steps at which the settings of [`micro::config`] keep a checkpoint: every fifth, and the ends of stages one, two and three.
const KEPT: [u64; 6] = [5, 10, 15, 18, 20, 22];

/// The sizes that [`micro::config`] asks for.
fn sizes() -> NetworksConfig {
    NetworksConfig { hidden: 200, ..NetworksConfig::new(2, Variant::Authors) }
}

/// Random networks of these sizes as a file.
fn start_file(folder: &Path) -> PathBuf {
    let path = folder.join("start.safetensors");
    let networks = Networks::init(&sizes(), &Device::flex());
    fs::write(&path, tensors::save(&networks, Precision::Single, &[]).unwrap()).unwrap();
    path
}

/// The bytes of a file's tensors by name.
fn tensors_of(path: &Path) -> BTreeMap<String, Vec<u8>> {
    let bytes = fs::read(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let file = SafeTensors::deserialize(&bytes).unwrap();
    file.tensors().into_iter().map(|(name, view)| (name, view.data().to_vec())).collect()
}

fn floats(bytes: &[u8]) -> Vec<f32> {
    bytes.as_chunks::<4>().0.iter().map(|word| f32::from_le_bytes(*word)).collect()
}

fn lines(run: &Path) -> Vec<Line> {
    metrics::read(&run.join(RunDir::METRICS)).unwrap()
}

fn steps(run: &Path) -> Vec<u64> {
    RunDir::open(run).unwrap().checkpoints().list().unwrap().iter().map(Saved::step).collect()
}

fn count(heard: &Heard, loss: &str) -> usize {
    heard.losses.iter().filter(|name| *name == loss).count()
}

#[test]
fn all_stages_leave_what_a_run_promises() {
    let faces = micro::faces();
    let home = tempfile::tempdir().unwrap();
    let run = home.path().join("run");
    let config = micro::config(faces.path());
    let heard = finished(&run, &config);

    assert_eq!((heard.step, &heard.stages[..]), (STEPS, &Stage::ALL[..]));
    assert_eq!(heard.checkpoints, KEPT);
    // Before stage two the weights reconstruct and sample, and say that they do no more.
    assert_eq!(heard.exported, KEPT.map(|step| (step, step > 10)));
    for loss in ["codes", "structure", "latent", "image", "image random", "latent discriminator", "image discriminator"]
    {
        assert!(count(&heard, loss) > 0, "{loss}");
    }
    for loss in ["inverse", "exchanges", "pose", "identity", "style", "expression", "cycle", "augmentation"] {
        assert!(count(&heard, loss) > 0, "{loss}");
    }
    assert!(heard.remarks.is_empty(), "{:?}", heard.remarks);

    let seen = RunDir::open(&run).unwrap();
    assert_eq!(seen.read_config().unwrap(), config);
    let status = RunDir::read_status(&run).unwrap();
    assert_eq!((status.state, status.step, status.steps), (State::Finished, STEPS, STEPS));
    assert_eq!(status.pictures, micro::TRAIN as u64);
    assert_eq!((status.weights_step, status.can_edit, &status.message[..]), (Some(STEPS), true, ""));
    let kept = steps(&run);
    assert!(kept.ends_with(&[20, 22]) && kept.len() <= 3, "{kept:?}");
    assert_metrics(&run);
    assert_previews(&run, &heard);

    let weights = Weights::read(&run.join(RunDir::WEIGHTS)).unwrap();
    assert_eq!((weights.card.can_edit, &weights.card.preset[..], &weights.config), (true, "tiny", &sizes()));
    assert!(weights.card.data.contains("72 pictures: drawn (72)"), "{}", weights.card.data);
    Networks::load(weights.bytes().to_vec(), &weights.config, &Device::flex()).unwrap();
}

fn stage_of(step: u64) -> Stage {
    ENDS.iter().find(|(_, end)| step <= *end).unwrap().0
}

#[track_caller]
fn assert_metrics(run: &Path) {
    let (mut losses, mut held_out) = (Vec::new(), Vec::new());
    for line in lines(run) {
        match line {
            Line::Losses { step, stage, losses: means } => {
                assert_eq!(stage, stage_of(step));
                assert!(!means.is_empty() && means.values().all(|mean| mean.is_finite()), "{means:?}");
                losses.push(step);
            }
            Line::HeldOut { step, stage, held_out: measured } => {
                assert_eq!((stage, measured.n), (stage_of(step), micro::HELD_OUT));
                assert!(measured.rmse > 1.0 && measured.rmse_train > 1.0 && measured.sharpness > 0.0, "{measured:?}");
                assert!(measured.rmse_pca_99 < measured.rmse_mean_face, "{measured:?}");
                held_out.push(step);
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(held_out, KEPT);
    assert!(losses.is_sorted_by(|a, b| a < b) && [10, 20].iter().all(|step| losses.contains(step)), "{losses:?}");
}

#[track_caller]
fn assert_previews(run: &Path, heard: &Heard) {
    let at = [10, 18, 20, 22];
    let seen = RunDir::open(run).unwrap();
    assert_eq!(heard.previews, at.map(|step| seen.preview(step, "png")));
    for step in at {
        let mut rows = vec!["photograph", "reconstruction"];
        if step > 10 {
            rows.extend(["pose", "identity", "expression", "style"]);
        }
        rows.push("random");
        let about: serde_json::Value = serde_json::from_slice(&fs::read(seen.preview(step, "json")).unwrap()).unwrap();
        assert_eq!((&about["rows"], &about["columns"]), (&serde_json::json!(rows), &8.into()));
        let sheet = facespace::data::image::load(&seen.preview(step, "png")).unwrap();
        assert_eq!(sheet.dimensions(), (8 * 128, 128 * rows.len() as u32));
    }
}

#[test]
fn gradients_may_be_gathered_over_smaller_batches() {
    let faces = micro::faces();
    let home = tempfile::tempdir().unwrap();
    let mut config = micro::rarely_kept(with_steps(micro::config(faces.path()), [0, 4, 0, 0, 0]));
    config.batch.accumulate = 2;
    let heard = finished(&home.path().join("run"), &config);
    assert_eq!((heard.step, count(&heard, "reconstruction")), (4, 4));
}

#[test]
fn stage_three_begins_on_a_file() {
    let faces = micro::faces();
    let home = tempfile::tempdir().unwrap();
    let run = home.path().join("run");
    let mut config = micro::rarely_kept(with_steps(micro::config(faces.path()), [0, 0, 0, 0, 3]));
    config.model.start_from = Some(start_file(home.path()));
    let heard = finished(&run, &config);
    assert_eq!((&heard.stages[..], &heard.exported[..]), (&[Stage::Joint][..], &[(3, true)][..]));
    // What the training gave is itself such a file.
    config.model.start_from = Some(run.join(RunDir::WEIGHTS));
    finished(&home.path().join("again"), &config);
    config.model.width = 4;
    micro::refused(&home.path().join("wider"), &config, false);
}

#[test]
fn soft_pictures_teach_parts_and_no_pixels() {
    let faces = micro::faces();
    let home = tempfile::tempdir().unwrap();
    let soft = home.path().join("soft-train-00-of-01.parquet");
    shards::write(&soft, (0..32).map(|number| Ok::<_, WriteError>(synth::record(9, number)))).unwrap();
    let mut config = micro::rarely_kept(with_steps(micro::config(faces.path()), [2, 2, 4, 0, 8]));
    config.data.paths.push(soft);
    config.data.labels_only = vec!["soft".to_owned()];
    let heard = finished(&home.path().join("run"), &config);
    assert_eq!(count(&heard, "inverse"), 4 + 8);
    let on_pixels = count(&heard, "reconstruction") - 4;
    assert!((1..8).contains(&on_pixels), "{on_pixels} of 8 joint steps");

    // Where all are soft, there is nothing else to learn pictures from.
    let mut config = with_steps(config, [2, 1, 0, 0, 0]);
    config.data.labels_only.push("drawn".to_owned());
    finished(&home.path().join("all"), &config);
}

#[test]
fn pictures_without_labels_train_every_stage() {
    let home = tempfile::tempdir().unwrap();
    let crops = home.path().join("crops");
    fs::create_dir(&crops).unwrap();
    for number in 0..30 {
        fs::write(crops.join(format!("{number}.jpg")), synth::record(4, number).picture_bytes).unwrap();
    }
    let run = home.path().join("run");
    let heard = finished(&run, &micro::rarely_kept(micro::config(&crops)));
    assert_eq!(heard.stages, Stage::ALL);
    for says in ["style trains from re-lit views", "pose does not train", "identity does not train from people"] {
        assert!(heard.remarks.iter().any(|remark| remark.contains(says)), "{says}: {:?}", heard.remarks);
    }
    assert!(count(&heard, "style") > 0);
    for task in ["pose", "identity", "expression"] {
        assert_eq!(count(&heard, task), 0, "{task}");
    }
    assert!(Weights::read(&run.join(RunDir::WEIGHTS)).unwrap().card.can_edit);
}

/// What four steps of four pictures make of the averages, beside the start and the networks themselves.
fn averaged(home: &Path, name: &str, config: &Config) -> Vec<[f32; 3]> {
    let start = start_file(home);
    let run = home.join(name);
    let mut config = micro::rarely_kept(with_steps(config.clone(), [4, 0, 0, 0, 0]));
    config.model.start_from = Some(start.clone());
    finished(&run, &config);
    let saved = RunDir::open(&run).unwrap().checkpoints().newest().unwrap().unwrap();
    let [start, live, average] =
        [start, saved.file("networks.safetensors"), saved.file("averaged.safetensors")].map(|path| tensors_of(&path));
    assert_eq!(average.keys().collect::<Vec<_>>(), live.keys().collect::<Vec<_>>());
    let mut found = Vec::new();
    for name in ["E.conv.weight", "E.fc.bias", "G.fc.weight", "G.out.weight"] {
        let [start, live, average] = [&start, &live, &average].map(|file| floats(&file[name]));
        assert_ne!(start, live, "{name} was trained");
        found.extend((0..start.len()).map(|i| [start[i], live[i], average[i]]));
    }
    found
}

#[test]
fn averages_follow_the_networks() {
    let faces = micro::faces();
    let home = tempfile::tempdir().unwrap();
    let mut config = micro::config(faces.path());
    // A young average has a quarter of the pictures seen as its half-life: after 16 it is 4, and 1/16 is left.
    for [start, live, average] in averaged(home.path(), "averaged", &config) {
        let expected = start / 16.0 + live * 15.0 / 16.0;
        assert!((average - expected).abs() < 1e-6, "{average} is not {expected}");
    }
    config.batch.average_half_life = 0.0;
    assert!(averaged(home.path(), "off", &config).iter().all(|[_, live, average]| live == average));
}
