//! Opens the window: settings and session are read, the networks start on their own thread, and the first frame does
//! not wait for them.

use std::ffi::OsString;
#[cfg(target_os = "linux")]
use std::path::Path;
use std::path::PathBuf;

use eframe::NativeOptions;
use eframe::egui::{Context, ViewportBuilder};
use eframe::egui_wgpu::RenderState;
use eframe::wgpu::DeviceType;

use super::apply;
use super::command::Command;
use super::hands::Hands;
use super::outside::Outside;
use super::script::{Report, Script};
use super::state::State;
use super::store::{Start, Store};
use super::window::Window;
use crate::engine::audit::Audits;
use crate::engine::evaluation::{Evaluations, Lender};
use crate::engine::gallery::Galleries;
use crate::engine::training::Trainings;
use crate::engine::{DeviceChoice, EngineError, Opener, Search, Setup, Studio, WeightsSource};

/// The smallest window whose panels are all usable, in points.
const SMALLEST: [f32; 2] = [900.0, 600.0];
const FIRST: [f32; 2] = [1280.0, 800.0];

const NO_DROPS: &str =
    "Under Wayland no files can be dropped into this window; open or paste them, or install XWayland";
pub const IN_SOFTWARE: &str = "No graphics driver was found, so the CPU draws this window; moving and zooming in a large \
                           window is slow, edits are not slower by it";

/// How the window opens.
#[derive(Default)]
pub struct Options {
    /// Pictures to open at once.
    pub paths: Vec<PathBuf>,
    /// Instead of what the settings say.
    pub device: Option<DeviceChoice>,
    /// Instead of what the settings say.
    pub weights: Option<PathBuf>,
    /// The demonstration runs at once.
    pub demo: bool,
    /// A scripted drag that is measured; nothing is kept then.
    pub script: Option<Script>,
    /// Instead of the networks.
    pub opener: Option<Box<Opener>>,
    /// Instead of the networks that index.
    pub indexer: Option<Box<Opener>>,
    /// Instead of the networks that audit labels and draw the audited faces.
    pub auditor: Option<Box<Opener>>,
    /// Instead of the networks that are measured.
    pub lender: Option<Box<Lender>>,
    /// Who looks for faces.
    pub search: Search,
    /// Instead of this program: what is started to train, and what comes before a training's arguments.
    pub trainer: Option<(PathBuf, Vec<OsString>)>,
}

/// Runs the window until it is closed; what a script measured comes back.
///
/// # Errors
/// One sentence, where the desktop or its graphics do not let a window open, or no thread can be started.
pub fn run(options: Options) -> Result<Option<Report>, String> {
    let mut native = NativeOptions {
        viewport: ViewportBuilder::default()
            .with_title("facespace")
            .with_app_id("facespace")
            .with_inner_size(FIRST)
            .with_min_inner_size(SMALLEST)
            .with_drag_and_drop(true),
        ..NativeOptions::default()
    };
    let drops = take_drops(&mut native);
    let report = std::sync::Arc::new(std::sync::Mutex::new(None));
    let theirs = std::sync::Arc::clone(&report);
    let outcome = eframe::run_native(
        "facespace",
        native,
        Box::new(move |creation| {
            let measured = options.script.is_some();
            let (store, start) = if measured { (Store::memory(), Start::default()) } else { Store::open() };
            let script = options.script.clone().map(|script| script.reporting(theirs));
            let (mut state, hands) = begin(&creation.egui_ctx, store, start, options, !measured)?;
            state.drops = drops;
            state.drawn_by_cpu = creation.wgpu_render_state.as_ref().is_some_and(in_software);
            if !drops {
                apply::note(&mut state, NO_DROPS);
            }
            if state.drawn_by_cpu {
                apply::note(&mut state, IN_SOFTWARE);
            }
            Ok(Box::new(Window::new(creation, state, hands).with_script(script)))
        }),
    );
    outcome.map_err(|error| {
        format!(
            "The window could not be opened ({error}); check that a desktop is running and that its graphics driver \
             offers Vulkan, Metal, DX12 or OpenGL, or use the subcommands, see `facespace --help`"
        )
    })?;
    Ok(report.lock().ok().and_then(|mut report| report.take()))
}

/// Makes the window one that takes files from the desktop, where that can be had; whether it was.
#[cfg(target_os = "linux")]
fn take_drops(native: &mut NativeOptions) -> bool {
    use winit::platform::x11::EventLoopBuilderExtX11;
    let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    if set("WAYLAND_DISPLAY").is_none() {
        return true;
    }
    let number = set("DISPLAY").and_then(|display| {
        let (host, number) = display.split_once(':')?;
        let local = host.is_empty() || host == "unix";
        local.then(|| number.split('.').next().unwrap_or_default().to_owned())
    });
    let has_x11 = number.is_some_and(|number| Path::new("/tmp/.X11-unix").join(format!("X{number}")).exists());
    if has_x11 {
        native.event_loop_builder = Some(Box::new(|builder| {
            builder.with_x11();
        }));
    }
    has_x11
}

#[cfg(not(target_os = "linux"))]
fn take_drops(_: &mut NativeOptions) -> bool {
    true
}

/// Whether the window is drawn by the CPU.
fn in_software(render_state: &RenderState) -> bool {
    render_state.adapter.get_info().device_type == DeviceType::Cpu
}

/// State and hands of a new window.
///
/// # Errors
/// A sentence, where the engine's thread cannot be started.
pub fn begin(
    context: &Context,
    store: Store,
    start: Start,
    mut options: Options,
    desktop: bool,
) -> Result<(State, Hands), String> {
    let setup = Setup {
        device: options.device.unwrap_or(start.settings.device),
        weights: match options.weights.take().or_else(|| start.settings.weights.clone()) {
            Some(path) => WeightsSource::File(path),
            None => WeightsSource::Bundled,
        },
    };
    let hands = started(context, store, setup.clone(), &mut options, desktop);
    let mut hands = hands.map_err(|error| error.to_string())?;

    let mut state = State::new(start.settings, start.session);
    state.engine.setup = setup;
    for sentence in &start.sentences {
        apply::warn(&mut state, sentence);
    }
    if let Some(bar) = &mut state.bar {
        bar.text = start.sentences.join("\n");
    }
    apply::train::find_again(&mut state, &hands);
    state.gallery.home = hands.store.galleries_folder();
    state.labels.home = hands.store.audits_folder();
    state.evaluate.home = hands.store.reports_folder();
    if !options.paths.is_empty() {
        apply::apply(&mut state, &mut hands, Command::OpenPaths(options.paths));
    } else if state.faces.is_empty() {
        apply::apply(&mut state, &mut hands, Command::OpenSamples);
    }
    if let Some(id) = state.open {
        apply::open(&mut state, Some(id));
    }
    if options.demo {
        apply::apply(&mut state, &mut hands, Command::ToggleDemo);
    }
    Ok((state, hands))
}

/// Starts everything that works beside the window.
fn started(
    context: &Context,
    store: Store,
    setup: Setup,
    options: &mut Options,
    desktop: bool,
) -> Result<Hands, EngineError> {
    let wake = || {
        let context = context.clone();
        move || context.request_repaint()
    };
    let search = options.search.clone();
    let studio = Studio::start_by(setup, wake(), options.opener.take(), search.clone())?;
    let galleries = Galleries::start(wake(), search, options.indexer.take())?;
    let audits = Audits::start(wake(), options.auditor.take())?;
    let evaluations = Evaluations::start(wake(), options.lender.take())?;
    let trainings = match options.trainer.take() {
        Some((program, before)) => Trainings::start_with(program, before),
        None => Trainings::start(),
    }?;
    trainings.wake_by(wake());
    store.wake_by(wake());
    let outside = Outside::new(desktop, wake());
    Ok(Hands { studio, trainings, galleries, audits, evaluations, store, outside, context: context.clone() })
}
