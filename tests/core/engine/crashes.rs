//! Networks that panic, and a GPU that is lost.

use std::process::Command;
use std::sync::Mutex;

use facespace::engine::{DeviceChoice, Event, Setup};

use super::{Script, Window, face, failure, picture};

/// A script that panics the first `times` it hears `call`.
fn panicking(call: &'static str, times: usize) -> std::sync::Arc<Script> {
    let left = Mutex::new(times);
    Script::new(move |made| {
        let due = {
            let mut left = left.lock().unwrap();
            let due = made == call && *left > 0;
            *left -= usize::from(due);
            due
        };
        assert!(!due, "a rehearsed crash\nwith a second line");
    })
}

fn restarted(event: &Event) -> bool {
    matches!(event, Event::Restarted(sentence) if sentence == "The networks stopped (a rehearsed crash) and were started again")
}

#[test]
fn a_crash_is_said_and_the_step_is_done_again() {
    let script = panicking("picture 3", 1);
    let window = Window::of(&script);
    let ticket = window.studio.drift(face(2.0), face(3.0)).unwrap();
    let events = window.until_closed(&ticket);
    assert!(restarted(&events[0]), "{events:?}");
    assert!(matches!(&events[1], Event::Ready(ready) if ready.device == "Another"));
    assert!(matches!(events[2..], [Event::Drift { .. }]));
    let log = ["open", "picture 2", "face 2", "picture 3", "reopened Cpu", "picture 3", "face 3"];
    assert_eq!(script.log(), log);
}

#[test]
fn a_second_crash_at_one_request_ends_it_and_nothing_else() {
    let script = panicking("face 3", 2);
    let window = Window::of(&script);
    let bad = window.studio.encode(picture(3.0), None).unwrap();
    let good = window.studio.encode(picture(4.0), None).unwrap();
    let mut events = window.until_closed(&bad);
    assert_eq!(
        failure(events.pop().unwrap()),
        "The networks stopped twice at this request (a rehearsed crash); please report this"
    );
    assert_eq!(events.iter().filter(|event| restarted(event)).count(), 2);
    assert!(matches!(window.answer(&good), Event::Encoded { .. }));
}

#[test]
fn a_render_that_crashes_is_told_under_its_number() {
    let window = Window::of(&panicking("picture 1", 2));
    let number = window.studio.render(face(1.0));
    let failed = window.wait(|studio| studio.event().filter(|event| matches!(event, Event::Failed { .. })));
    assert!(matches!(failed, Event::Failed { number: said, .. } if said == number));
    let number = window.studio.render(face(2.0));
    assert_eq!(window.rendered(number).picture, picture(2.0));
}

#[test]
fn networks_that_do_not_come_back_are_said() {
    let script = Script::new(|call| assert!(!["picture 1", "reopened Cpu"].contains(&call), "a rehearsed crash"));
    let window = Window::of(&script);
    let number = window.studio.render(face(1.0));
    let Event::Notice(sentence) = window.event() else { panic!() };
    assert!(
        sentence.ends_with("could not be started again (a rehearsed crash); start the program again"),
        "{sentence}"
    );
    window
        .wait(|studio| studio.event().filter(|event| matches!(event, Event::Failed { number: n, .. } if *n == number)));
    // What they can still do, they do.
    let number = window.studio.render(face(2.0));
    assert_eq!(window.rendered(number).picture, picture(2.0));
}

#[test]
fn a_device_that_crashes_at_its_start_leaves_the_one_in_use() {
    let window = Window::of(&panicking("reopened Gpu", 1));
    let ticket = window.studio.use_device(DeviceChoice::Gpu).unwrap();
    assert!(failure(window.answer(&ticket)).contains("a rehearsed crash"));
    let ticket = window.studio.use_device(DeviceChoice::Gpu).unwrap();
    let events = window.until_closed(&ticket);
    assert!(
        matches!(&events[..], [Event::Ready(ready), Event::Done { .. }] if ready.device == "Another"),
        "{events:?}"
    );
}

/// Tells the second process that it is one.
const CHILD: &str = "FACESPACE_TEST_LOST_GPU";

/// The environment belongs to the whole process, so the GPU is lost in a second one.
#[test]
fn a_lost_gpu_is_said_and_the_cpu_goes_on() {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "engine::crashes::with_a_lost_gpu"])
        .env("FACESPACE_FAULT_GPU", "lost")
        .env(CHILD, "1")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn with_a_lost_gpu() {
    if std::env::var_os(CHILD).is_none() {
        return;
    }
    let window = Window::real(Setup::default());
    assert!(matches!(window.event(), Event::Ready(ready) if ready.is_gpu && ready.device == "Pretend GPU"));
    let number = window.studio.render(super::BUNDLED.space.samples[0]);
    assert_eq!(window.rendered(number).picture.dimensions(), (128, 128));
    let Event::Notice(sentence) = window.event() else { panic!() };
    assert_eq!(sentence, "The GPU Pretend GPU failed (a rehearsed loss); the CPU takes over");
    assert!(matches!(window.event(), Event::Ready(ready) if !ready.is_gpu));
}
