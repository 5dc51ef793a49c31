//! `facespace` and `facespace open`: the window; and the drag in it that `facespace bench --window` measures.

use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};
use std::{env, fs};

use clap::Args;
use image::RgbImage;
use serde_json::json;

use super::context::{Context, Outcome, Stop};
use crate::app::script::{Report, Script};
use crate::app::{self, Options};
use crate::engine::{DeviceChoice, EngineError, Opener, Ready, Worker};
use crate::face::FaceCode;
use crate::nn::refine::{Refined, Refiner};
use crate::nn::weights::Weights;

/// The window's own time in a frame of the drag stays below this, in milliseconds.
const UPDATE_LIMIT_MS: f64 = 4.0;

#[derive(Args, Default)]
pub struct Arguments {
    /// Pictures or folders of pictures to open
    #[arg(value_name = "PHOTO|FOLDER")]
    paths: Vec<PathBuf>,
    /// Start the demonstration, full screen
    #[arg(long)]
    demo: bool,
}

impl Arguments {
    /// The window with the demonstration, or as it was left.
    pub fn new(demo: bool) -> Self {
        Arguments { paths: Vec::new(), demo }
    }

    pub fn reads(&self) -> Vec<PathBuf> {
        self.paths.clone()
    }
}

#[derive(Args)]
pub struct ScriptArguments {
    /// Without networks, to see what they cost the window
    #[arg(long)]
    stand_in: bool,
    /// When this process was started, in milliseconds of the system's clock
    #[arg(long)]
    since: u64,
    /// Where the report goes
    #[arg(long, value_name = "FILE")]
    report: PathBuf,
}

pub fn run(context: &mut Context, arguments: Arguments) -> Outcome {
    let options = Options {
        paths: arguments.paths,
        device: context.chosen_device(),
        weights: context.weights_path().map(PathBuf::from),
        demo: arguments.demo,
        ..Options::default()
    };
    app::run(options).map_err(Stop::Failed)?;
    Ok(json!({}))
}

/// The drag, in a window of this process.
pub fn run_script(context: &mut Context, arguments: ScriptArguments) -> Outcome {
    let since = Duration::from_millis(arguments.since);
    let opener = if arguments.stand_in { Some(stand_in(&context.load_weights()?)) } else { None };
    let options = Options {
        device: Some(context.device_choice()),
        weights: context.weights_path().map(PathBuf::from),
        script: Some(Script::new(UNIX_EPOCH + since)),
        opener,
        ..Options::default()
    };
    let report = app::run(options).map_err(Stop::Failed)?;
    let report =
        report.ok_or_else(|| Stop::Failed("The window was closed before it was measured; try again".into()))?;
    fs::write(&arguments.report, serde_json::to_vec(&report)?)?;
    Ok(json!({}))
}

/// Both drags, with networks and without, each in a process of its own.
pub fn measure(context: &mut Context) -> Outcome {
    let folder = tempfile::tempdir()?;
    let mut reports = Vec::new();
    for stand_in in [false, true] {
        let file = folder.path().join("report.json");
        let mut child = Command::new(env::current_exe()?);
        child.args(["--device", &context.device_choice().to_string(), "window-script", "--report"]).arg(&file);
        child.args(["--since", &UNIX_EPOCH.elapsed().unwrap_or_default().as_millis().to_string()]);
        child.args(stand_in.then_some("--stand-in"));
        if let Some(path) = context.weights_path() {
            child.arg("--weights").arg(path);
        }
        let status = child.status()?;
        if !status.success() {
            return Err(Stop::Failed(format!("The window could not be measured ({status}); see the sentence above")));
        }
        reports.push(serde_json::from_slice::<Report>(&fs::read(&file)?)?);
    }
    let [networks, alone] = [&reports[0], &reports[1]];
    let ratio = networks.frame_median_ms / alone.frame_median_ms.max(f64::MIN_POSITIVE);
    context.print(&format!(
        "start to first frame {:.0} ms\nupdate {:.2} ms median, {:.2} ms at 95 % of a drag of {} events ({})\n\
         frame {:.2} ms median, {:.2} ms without networks: {ratio:.2} times\npictures during the drag {}\n{}",
        networks.first_frame_ms,
        networks.update_median_ms,
        networks.update_95_ms,
        networks.events,
        if networks.update_95_ms <= UPDATE_LIMIT_MS { "within 4 ms" } else { "more than 4 ms" },
        networks.frame_median_ms,
        alone.frame_median_ms,
        networks.pictures,
        networks.memory_mb.map_or_else(String::new, |[before, after]| format!(
            "memory {before:.0} MB after 10 edits, {after:.0} MB after 1,000\n"
        )),
    ))?;
    Ok(json!({"networks": networks, "without_networks": alone, "frame_ratio": ratio}))
}

/// Answers at once with the same face.
struct StandIn {
    ready: Ready,
    face: FaceCode,
}

fn stand_in(weights: &Weights) -> Box<Opener> {
    let ready = Ready {
        device: "no networks".to_owned(),
        is_gpu: false,
        card: weights.card.clone(),
        space: Arc::new(weights.space.clone()),
        width: weights.config.width,
        fingerprint: weights.fingerprint(),
    };
    Box::new(move |_| {
        let face = *ready.space.samples.first().ok_or("These weights have no sample faces; choose others")?;
        Ok(Box::new(StandIn { ready: ready.clone(), face }))
    })
}

impl Worker for StandIn {
    fn about(&self) -> Ready {
        self.ready.clone()
    }

    fn picture(&mut self, _: &FaceCode) -> Result<RgbImage, EngineError> {
        Ok(RgbImage::new(128, 128))
    }

    fn face(&mut self, _: &RgbImage) -> Result<FaceCode, EngineError> {
        Ok(self.face)
    }

    fn refine_step(
        &mut self,
        _: &RgbImage,
        from: &FaceCode,
        _: &mut Option<Box<Refiner>>,
    ) -> Result<Option<Refined>, EngineError> {
        Ok(Some(Refined { face: *from, rmse_before: 0.0, rmse_after: 0.0 }))
    }

    fn reopened(&self, _: DeviceChoice) -> Result<Box<dyn Worker>, EngineError> {
        Ok(Box::new(StandIn { ready: self.ready.clone(), face: self.face }))
    }
}
