//! What goes first, what is dropped, what is refused.

use std::sync::Arc;
use std::thread;

use facespace::engine::slot::Slot;
use facespace::engine::{Event, Refused};

use super::{Gate, Script, Window, face, picture};

#[test]
fn a_slot_keeps_the_newest_and_wakes_who_waits() {
    let slot = Arc::new(Slot::default());
    assert_eq!(slot.take(), None);
    assert_eq!(slot.put(1), None);
    assert_eq!(slot.put(2), Some(1));
    assert_eq!(slot.take(), Some(2));
    assert_eq!(slot.take(), None);

    let theirs = Arc::clone(&slot);
    let waiter = thread::spawn(move || theirs.wait());
    slot.put(3);
    assert_eq!(waiter.join().unwrap(), 3);
}

#[test]
fn of_three_hundred_renders_the_newest_is_drawn() {
    let (gate, script) = Gate::at("picture 0");
    let window = Window::of(&script);
    let first = window.studio.render(face(0.0));
    gate.reached.wait();
    let last = (1..300).map(|yaw| window.studio.render(face(yaw as f32))).last().unwrap();
    gate.open.put(());

    let rendered = window.rendered(last);
    assert_eq!((rendered.number, rendered.picture), (last, picture(299.0)));
    assert_eq!(last, first + 299);
    // Nothing of what was asked in between cost the networks any time.
    assert_eq!(script.log(), ["open", "picture 0", "picture 299"]);
}

#[test]
fn a_drag_is_followed_while_it_lasts() {
    let window = Window::of(&Script::new(|_| ()));
    for yaw in 0..300 {
        let number = window.studio.render(face(yaw as f32));
        assert_eq!(window.rendered(number).picture, picture(yaw as f32));
    }
}

#[test]
fn a_picture_of_before_is_dropped() {
    let script = Script::new(|_| ());
    let window = Window::of(&script);
    let old = window.studio.render(face(1.0));
    let encoded = window.studio.encode(picture(9.0), None).unwrap();
    window.answer(&encoded);
    assert_eq!(window.studio.rendered(old + 1), None);
    assert_eq!(window.studio.rendered(old), None, "dropped once, dropped for ever");
}

#[test]
fn a_render_waits_for_one_picture_of_a_full_tray() {
    let (gate, script) = Gate::at("picture 100");
    let window = Window::of(&script);
    let tray = || (100..110).map(|yaw| face(yaw as f32)).collect::<Vec<_>>();
    let trays: Vec<_> = (0..50).map(|_| window.studio.pictures(tray()).unwrap()).collect();
    gate.reached.wait();
    let number = window.studio.render(face(1.0));
    let drift = window.studio.drift(face(2.0), face(3.0)).unwrap();
    gate.open.put(());

    assert_eq!(window.rendered(number).picture, picture(1.0));
    assert!(matches!(window.answer(&drift), Event::Drift { .. }));
    let until_drift = ["open", "picture 100", "picture 1", "picture 2", "face 2", "picture 3", "face 3"];
    assert_eq!(script.log()[..7], until_drift);
    for tray in &trays {
        let Event::Pictures { pictures, .. } = window.answer(tray) else { panic!() };
        assert_eq!(pictures, (100..110).map(|yaw| picture(yaw as f32)).collect::<Vec<_>>());
        assert_eq!(tray.progress(), (10, 10));
    }
}

#[test]
fn a_drift_never_delays_a_picture() {
    let (gate, script) = Gate::at("picture 2");
    let window = Window::of(&script);
    let drift = window.studio.drift(face(2.0), face(3.0)).unwrap();
    gate.reached.wait();
    let number = window.studio.render(face(1.0));
    gate.open.put(());
    let Event::Drift { drift, .. } = window.answer(&drift) else { panic!() };
    assert_eq!((drift.asked.yaw_deg, drift.achieved.yaw_deg), (3.0, 3.0));
    assert_eq!(window.rendered(number).number, number);
    assert_eq!(script.log(), ["open", "picture 2", "picture 1", "face 2", "picture 3", "face 3"]);
}

#[test]
fn an_encoded_crop_brings_its_reconstruction() {
    let window = Window::of(&Script::new(|_| ()));
    let ticket = window.studio.encode(picture(7.0), None).unwrap();
    let Event::Encoded { number, face: code, reconstruction, .. } = window.answer(&ticket) else { panic!() };
    assert_eq!((number, *code, reconstruction), (ticket.number(), face(7.0), picture(7.0)));
    let nothing = window.studio.pictures(Vec::new()).unwrap();
    assert!(matches!(window.answer(&nothing), Event::Pictures { pictures, .. } if pictures.is_empty()));
}

#[test]
fn a_full_queue_refuses_and_loses_nothing() {
    let (gate, script) = Gate::at("picture 1");
    let window = Window::of(&script);
    window.studio.render(face(1.0));
    gate.reached.wait();
    let mut taken = Vec::new();
    let refused = loop {
        match window.studio.encode(picture(5.0), None) {
            Ok(ticket) => taken.push(ticket),
            Err(refused) => break refused,
        }
    };
    assert_eq!(refused, Refused::Full);
    assert_eq!(refused.to_string(), "Too many requests are waiting; try again in a moment");
    assert_eq!(taken.len(), 64);
    // Each kind has a queue of its own, and a render needs none.
    taken.push(window.studio.pictures(vec![face(6.0)]).unwrap());
    let render = window.studio.render(face(8.0));
    gate.open.put(());
    for ticket in &taken {
        assert!(matches!(window.answer(ticket), Event::Encoded { .. } | Event::Pictures { .. }));
    }
    assert_eq!(window.rendered(render).picture, picture(8.0));
}

#[test]
fn what_is_called_off_ends_between_two_pictures() {
    let (gate, script) = Gate::at("picture 1");
    let window = Window::of(&script);
    let tray = window.studio.pictures(vec![face(1.0), face(2.0), face(3.0)]).unwrap();
    gate.reached.wait();
    let weights = window.studio.open_weights(Default::default()).unwrap();
    weights.cancel();
    tray.cancel();
    gate.open.put(());
    assert!(matches!(window.answer(&weights), Event::Cancelled { .. }));
    assert!(matches!(window.answer(&tray), Event::Cancelled { .. }));
    assert_eq!(tray.progress(), (1, 3));
    assert_eq!(script.log(), ["open", "picture 1"]);
}
