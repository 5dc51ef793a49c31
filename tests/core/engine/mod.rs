//! The studio thread, mostly with a stand-in for the networks that does what the test's script says.

mod audit;
mod crashes;
mod end_to_end;
mod evaluation;
mod files;
mod gallery;
mod open;
mod order;
mod paste;
mod refine;
mod stop;
#[cfg(unix)]
mod training;
mod weights;

use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use facespace::engine::protocol::RgbImage;
use facespace::engine::slot::Slot;
use facespace::engine::{
    DeviceChoice, EngineError, Event, Ready, Rendered, Setup, Studio, Ticket, WeightsSource, Worker,
};
use facespace::face::{Direction, FaceCode, PART_DIM, Pose};
use facespace::nn::refine::{Refined, Refiner};
use facespace::nn::weights::Weights;
use image::Rgb;

/// Long enough for any machine; a test that waits this long has failed.
const LONG: Duration = Duration::from_secs(180);

static BUNDLED: LazyLock<Weights> = LazyLock::new(|| Weights::bundled().unwrap());

/// A face that is told by its yaw.
fn face(yaw_deg: f32) -> FaceCode {
    let direction = Direction::new([1.0; PART_DIM]).unwrap();
    let pose = Pose { yaw_deg, ..Pose::default() };
    FaceCode { pose, identity: direction, expression: direction, style: direction }
}

/// Its picture as the stand-in draws it.
fn picture(yaw_deg: f32) -> RgbImage {
    RgbImage::from_pixel(2, 2, Rgb([yaw_deg as u8; 3]))
}

/// What the stand-in was asked, and what it does besides answering: wait or panic.
struct Script {
    log: Mutex<Vec<String>>,
    act: Box<dyn Fn(&str) + Send + Sync>,
}

impl Script {
    fn new(act: impl Fn(&str) + Send + Sync + 'static) -> Arc<Self> {
        Arc::new(Script { log: Mutex::default(), act: Box::new(act) })
    }

    fn called(&self, call: String) {
        self.log.lock().unwrap().push(call.clone());
        (self.act)(&call);
    }

    fn log(&self) -> Vec<String> {
        self.log.lock().unwrap().clone()
    }
}

struct StandIn {
    script: Arc<Script>,
    device: &'static str,
}

impl Worker for StandIn {
    fn about(&self) -> Ready {
        Ready {
            device: self.device.to_owned(),
            is_gpu: false,
            card: BUNDLED.card.clone(),
            space: Arc::new(BUNDLED.space.clone()),
            width: 1,
            fingerprint: BUNDLED.fingerprint(),
        }
    }

    fn picture(&mut self, face: &FaceCode) -> Result<RgbImage, EngineError> {
        self.script.called(format!("picture {}", face.pose.yaw_deg));
        Ok(picture(face.pose.yaw_deg))
    }

    fn face(&mut self, crop: &RgbImage) -> Result<FaceCode, EngineError> {
        let value = crop.get_pixel(0, 0).0[0];
        self.script.called(format!("face {value}"));
        Ok(face(f32::from(value)))
    }

    /// Ends after as many steps as the face's yaw says, counted in the script's log.
    fn refine_step(
        &mut self,
        crop: &RgbImage,
        from: &FaceCode,
        _: &mut Option<Box<Refiner>>,
    ) -> Result<Option<Refined>, EngineError> {
        let call = format!("refine {}", crop.get_pixel(0, 0).0[0]);
        self.script.called(call.clone());
        let steps = self.script.log().iter().filter(|made| **made == call).count();
        let refined = Refined { face: face(from.pose.yaw_deg + 1.0), rmse_before: 20.0, rmse_after: 15.0 };
        Ok((steps >= from.pose.yaw_deg as usize).then_some(refined))
    }

    fn reopened(&self, device: DeviceChoice) -> Result<Box<dyn Worker>, EngineError> {
        self.script.called(format!("reopened {device:?}"));
        Ok(Box::new(StandIn { script: Arc::clone(&self.script), device: "Another" }))
    }
}

/// A studio and what a window does with it.
struct Window {
    studio: Studio,
    woken: Receiver<()>,
}

impl Window {
    /// One with the stand-in, which refuses any weights file; it is ready.
    fn of(script: &Arc<Script>) -> Self {
        let window = Self::starting(script, Setup::default());
        assert!(matches!(window.event(), Event::Ready(_)));
        window
    }

    fn starting(script: &Arc<Script>, setup: Setup) -> Self {
        let (wake, woken) = mpsc::channel();
        let script = Arc::clone(script);
        let open = move |setup: &Setup| -> Result<Box<dyn Worker>, String> {
            script.called("open".to_owned());
            match setup.weights {
                WeightsSource::File(_) => Err("These weights are bad; choose others".to_owned()),
                WeightsSource::Bundled => Ok(Box::new(StandIn { script: Arc::clone(&script), device: "Stand-in" })),
            }
        };
        Window { studio: Studio::start_with(setup, bell(wake), Box::new(open)).unwrap(), woken }
    }

    /// One with the real networks.
    fn real(setup: Setup) -> Self {
        let (wake, woken) = mpsc::channel();
        Window { studio: Studio::start(setup, bell(wake)).unwrap(), woken }
    }

    /// Sleeps until `look` finds something, as a window does that is only woken.
    fn wait<T>(&self, mut look: impl FnMut(&Studio) -> Option<T>) -> T {
        loop {
            if let Some(found) = look(&self.studio) {
                return found;
            }
            self.woken.recv_timeout(LONG).expect("nothing came");
        }
    }

    fn event(&self) -> Event {
        self.wait(Studio::event)
    }

    fn rendered(&self, not_before: u64) -> Rendered {
        self.wait(|studio| studio.rendered(not_before))
    }

    /// All events up to the one that closes this request.
    fn until_closed(&self, ticket: &Ticket) -> Vec<Event> {
        let mut events = Vec::new();
        loop {
            events.push(self.event());
            if events.last().unwrap().closes() == Some(ticket.number()) {
                return events;
            }
        }
    }

    /// The event that closes this request, which comes next.
    fn answer(&self, ticket: &Ticket) -> Event {
        let events = self.until_closed(ticket);
        assert_eq!(events.len(), 1, "{events:?}");
        events.into_iter().next().unwrap()
    }
}

/// A window that is gone hears nothing, and nobody minds.
fn bell(wake: Sender<()>) -> impl Fn() + Send + Sync {
    move || {
        let _ = wake.send(());
    }
}

fn failure(event: Event) -> String {
    let Event::Failed { sentence, .. } = event else { panic!("{event:?}") };
    sentence
}

/// Holds the studio thread at one call until it is let go.
#[derive(Default)]
struct Gate {
    reached: Slot<()>,
    open: Slot<()>,
}

impl Gate {
    /// A script that stops at the first `call`.
    fn at(call: &'static str) -> (Arc<Gate>, Arc<Script>) {
        let gate = Arc::new(Gate::default());
        let (theirs, first) = (Arc::clone(&gate), Mutex::new(true));
        let script = Script::new(move |made| {
            if made == call && std::mem::take(&mut *first.lock().unwrap()) {
                theirs.reached.put(());
                theirs.open.wait();
            }
        });
        (gate, script)
    }
}
