//! A drag that measures itself: the window is opened, and when it has come to rest a slider is dragged back and forth by
//! 300 pointer events, 60 a second as a screen gives them; what the frames took is reported. Then a thousand edits are
//! made, to see that memory stays.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

use eframe::egui::{Event, Modifiers, PointerButton, Pos2, RawInput, pos2};
use serde::{Deserialize, Serialize};

use super::apply;
use super::command::Command;
use super::dials::Dial;
use super::hands::Hands;
use super::meter::memory_mb;
use super::state::State;

/// Pointer events of the drag.
const EVENTS: usize = 300;
/// From one to the next.
const PACE: Duration = Duration::from_micros(16_667);
/// Frames before it, in which everything settles.
const WARM: usize = 60;
/// Edits before memory is first looked at, and before it is looked at again.
const EDITS: [usize; 2] = [10, 1000];
const EDITS_A_FRAME: usize = 5;

/// What was measured.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Report {
    /// From the start of the process until the first frame was presented, in milliseconds.
    pub first_frame_ms: f64,
    /// The window's own time in a frame of the drag, in milliseconds.
    pub update_median_ms: f64,
    pub update_95_ms: f64,
    /// From frame to frame during the drag, in milliseconds.
    pub frame_median_ms: f64,
    pub events: usize,
    /// Pictures that came during the drag.
    pub pictures: usize,
    /// Memory after 10 and after 1,000 edits, in megabytes; none where the system does not say.
    pub memory_mb: Option<[f64; 2]>,
    /// What computed.
    pub device: String,
}

/// Where a report is put when the window is done.
pub type Out = Arc<Mutex<Option<Report>>>;

/// The script and how far it is.
#[derive(Clone, Debug)]
pub struct Script {
    started: SystemTime,
    out: Out,
    /// Frames that were begun.
    begun: usize,
    first_frame_ms: f64,
    /// Frames since everything came to rest.
    frames: usize,
    moved: usize,
    /// When the next pointer event is due.
    due: Option<Instant>,
    edits: usize,
    pictures: usize,
    last_shown: u64,
    /// The slider on the screen, once it was seen.
    rail: Option<[Pos2; 2]>,
    report: Option<Report>,
    memory_before: Option<f64>,
}

impl Script {
    /// For a process that was started then.
    pub fn new(started: SystemTime) -> Self {
        Script {
            started,
            out: Out::default(),
            begun: 0,
            first_frame_ms: 0.0,
            frames: 0,
            moved: 0,
            due: None,
            edits: 0,
            pictures: 0,
            last_shown: 0,
            rail: None,
            report: None,
            memory_before: None,
        }
    }

    /// Where the report goes.
    pub fn reporting(self, out: Out) -> Self {
        Script { out, ..self }
    }

    /// A frame begins: puts the next pointer event into its input.
    pub fn begin_frame(&mut self, input: &mut RawInput) {
        self.begun += 1;
        // The one before it was presented.
        if self.begun == 2 {
            self.first_frame_ms = self.started.elapsed().unwrap_or_default().as_secs_f64() * 1e3;
        }
        let Some([left, right]) = self.rail else { return };
        if self.frames < WARM || self.moved > EVENTS {
            return;
        }
        let now = Instant::now();
        let due = self.due.unwrap_or(now);
        if now < due {
            return;
        }
        // An event that comes late does not hurry those after it.
        self.due = Some(due.max(now - PACE) + PACE);
        let along = (self.moved as f32 / 25.0 * std::f32::consts::TAU).sin() * 0.45 + 0.5;
        let at = pos2(left.x + along * (right.x - left.x), left.y);
        let press = |pressed| Event::PointerButton {
            pos: at,
            button: PointerButton::Primary,
            pressed,
            modifiers: Modifiers::NONE,
        };
        input.events.push(Event::PointerMoved(at));
        if self.moved == 0 {
            input.events.push(press(true));
        } else if self.moved == EVENTS {
            input.events.push(press(false));
        }
        self.moved += 1;
    }

    /// A frame is done; true when all is measured.
    pub fn end_frame(&mut self, state: &mut State, hands: &mut Hands) -> bool {
        let dragging = self.frames >= WARM && self.moved <= EVENTS;
        let wait = self.due.filter(|_| dragging).map_or(Duration::ZERO, |due| due.duration_since(Instant::now()));
        hands.context.request_repaint_after(wait);
        self.rail = self.rail.or_else(|| rail(hands));
        let at_rest = self.rail.is_some() && state.desk.drift.is_some() && !state.pending.has(|_| true);
        if self.frames == 0 && !at_rest {
            return false;
        }
        self.frames += 1;
        if self.frames == WARM {
            state.meter.clear();
            self.last_shown = state.desk.shown;
        }
        if state.desk.shown != self.last_shown {
            (self.pictures, self.last_shown) = (self.pictures + 1, state.desk.shown);
        }
        if self.moved > EVENTS && self.report.is_none() {
            self.report = Some(self.measured(state));
        }
        self.report.is_some() && self.edited_enough(state, hands)
    }

    fn measured(&self, state: &State) -> Report {
        Report {
            first_frame_ms: self.first_frame_ms,
            update_median_ms: state.meter.update_ms(0.5),
            update_95_ms: state.meter.update_ms(0.95),
            frame_median_ms: state.meter.frame_ms(0.5),
            events: EVENTS,
            pictures: self.pictures,
            memory_mb: None,
            device: state.engine.ready.as_ref().map(|ready| ready.device.clone()).unwrap_or_default(),
        }
    }

    /// A few edits a frame, each a step of its own.
    fn edited_enough(&mut self, state: &mut State, hands: &mut Hands) -> bool {
        for _ in 0..EDITS_A_FRAME {
            self.edit(state, hands);
        }
        if self.edits < EDITS[1] {
            return false;
        }
        if let Some(report) = &mut self.report {
            report.memory_mb = self.memory_before.zip(memory_mb()).map(|(before, after)| [before, after]);
        }
        if let Ok(mut out) = self.out.lock() {
            *out = self.report.take();
        }
        true
    }

    fn edit(&mut self, state: &mut State, hands: &mut Hands) {
        if let (Some(mut edit), Some((own, space))) = (state.edit().cloned(), state.own()) {
            let yaw = (self.edits as f32 * 0.7).sin() * 30.0;
            Dial::Angle(0).set(&mut edit, own, space, yaw);
            apply::apply(state, hands, Command::SetEdit { edit: Box::new(edit), settled: true });
        }
        self.edits += 1;
        if self.edits == EDITS[0] {
            self.memory_before = memory_mb();
        }
    }
}

/// The rail of the yaw slider, as it lies on the screen.
fn rail(hands: &Hands) -> Option<[Pos2; 2]> {
    let rect = hands.context.data(|data| data.get_temp::<eframe::egui::Rect>(rail_id()))?;
    Some([rect.left_center(), rect.right_center()])
}

/// Under which name the inspector leaves the place of the yaw slider.
pub fn rail_id() -> eframe::egui::Id {
    eframe::egui::Id::unique("rail of the yaw slider")
}
