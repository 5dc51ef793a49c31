//! A face fitted to its crop: step by step, with progress, called off on the way, and never in the way of a render.

use std::sync::Arc;

use facespace::data::image::load;
use facespace::engine::{DeviceChoice, Engine, Event};
use facespace::nn::refine::STEPS;

use super::{BUNDLED, Gate, Script, Window, face, failure, picture};

#[test]
fn a_fit_answers_with_its_face_picture_and_errors() {
    let script = Script::new(|_| ());
    let window = Window::of(&script);
    let ticket = window.studio.refine(picture(50.0), face(3.0)).unwrap();
    let Event::Refined { number, face: code, reconstruction, rmse } = window.answer(&ticket) else { panic!() };
    assert_eq!((number, *code, reconstruction), (ticket.number(), face(4.0), picture(4.0)));
    assert_eq!(rmse, [20.0, 15.0]);
    assert_eq!(script.log(), ["open", "refine 50", "refine 50", "refine 50", "picture 4"]);
    assert_eq!(ticket.progress(), (4, STEPS + 1));
}

#[test]
fn a_render_waits_for_one_step_of_a_fit() {
    let (gate, script) = Gate::at("refine 50");
    let window = Window::of(&script);
    let ticket = window.studio.refine(picture(50.0), face(3.0)).unwrap();
    gate.reached.wait();
    let number = window.studio.render(face(9.0));
    gate.open.put(());
    assert_eq!(window.rendered(number).picture, picture(9.0));
    assert!(matches!(window.answer(&ticket), Event::Refined { .. }));
    assert_eq!(script.log()[..4], ["open", "refine 50", "picture 9", "refine 50"]);
}

#[test]
fn another_crop_does_not_wait_for_a_fit() {
    let (gate, script) = Gate::at("refine 50");
    let window = Window::of(&script);
    let fit = window.studio.refine(picture(50.0), face(3.0)).unwrap();
    gate.reached.wait();
    let other = window.studio.encode(picture(9.0), None).unwrap();
    gate.open.put(());
    assert!(matches!(window.answer(&other), Event::Encoded { .. }));
    assert!(matches!(window.answer(&fit), Event::Refined { .. }));
    assert_eq!(script.log()[..4], ["open", "refine 50", "face 9", "picture 9"]);
}

#[test]
fn a_fit_is_called_off_between_two_steps() {
    let (gate, script) = Gate::at("refine 50");
    let window = Window::of(&script);
    let ticket = window.studio.refine(picture(50.0), face(100.0)).unwrap();
    gate.reached.wait();
    ticket.cancel();
    gate.open.put(());
    assert!(matches!(window.answer(&ticket), Event::Cancelled { .. }));
    assert_eq!(ticket.progress(), (1, STEPS + 1));
    assert_eq!(script.log(), ["open", "refine 50"]);
}

#[test]
fn a_fit_that_crashes_twice_ends_with_a_sentence() {
    let window = Window::of(&Script::new(|call| assert!(call != "refine 50", "a rehearsed crash")));
    let ticket = window.studio.refine(picture(50.0), face(3.0)).unwrap();
    let last = window.until_closed(&ticket).pop().unwrap();
    assert_eq!(failure(last), "The networks stopped twice at this request (a rehearsed crash); please report this");
}

#[test]
fn the_networks_fit_a_sample_and_stop_when_told() {
    let mut engine = Engine::open(DeviceChoice::Cpu, Arc::new(BUNDLED.clone())).unwrap();
    let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/samples/sample-01.png");
    let crop = facespace::data::image::as_aligned(&load(sample.as_ref()).unwrap());
    let own = engine.face(&crop).unwrap();
    let mut heard = Vec::new();
    let stopped = engine.refine(&crop, &own, &mut |done, total| {
        heard.push((done, total));
        done < 3
    });
    assert_eq!(stopped.unwrap(), None);
    assert_eq!(heard, [0, 1, 2, 3].map(|done| (done, STEPS)));

    let mut fit = None;
    for _ in 0..12 {
        assert_eq!(engine.refine_step(&crop, &own, &mut fit).unwrap(), None);
    }
    let outcome = fit.unwrap().outcome().unwrap();
    assert!(outcome.rmse_after < outcome.rmse_before, "{outcome:?}");
}
