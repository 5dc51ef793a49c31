//! The face that is looked at: told and drawn step by step, the newest wins, the next ones are made ready.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use facespace::engine::Setup;
use facespace::engine::audit::{Score, THUMBNAIL_SIDE, Verdict};
use facespace::face::Expression;

use super::super::{Gate, LONG, Script};
use super::{HAPPY, Room, SAD, audited, name, painted};

#[test]
fn a_face_is_told_first_and_drawn_step_by_step() {
    let (_home, folder) = audited();
    let (gate, script) = Gate::at("picture 15");
    let room = Room::of(&script);
    let known = room.open(&folder);
    let number = room.audits.look(known.face(5), Vec::new());
    gate.reached.wait();
    let looked = room.wait(|audits| audits.looked(number));
    let card = looked.card.as_ref().unwrap();
    assert_eq!((&card.name, card.given, card.predicted), (&name(5), Expression::Happy, Expression::Happy));
    assert_eq!(looked.input.as_deref(), Some(&painted(HAPPY, 15)));
    assert_eq!(looked.neighbours.len(), card.neighbours.len());
    let thumbnail = looked.neighbours[0].as_ref().unwrap();
    assert_eq!(thumbnail.dimensions(), (THUMBNAIL_SIDE, THUMBNAIL_SIDE));
    assert!(looked.reconstruction.is_none() && !looked.done);
    gate.open.put(());

    let mut last = looked;
    while !last.done {
        last = room.wait(|audits| audits.looked(number));
    }
    assert_eq!((last.error.as_deref(), last.reconstruction.as_deref()), (None, Some(&painted(HAPPY, 15))));
    let card = last.card.unwrap();
    assert!(card.reconstruction.unwrap()[Expression::Happy.index()] > 0.5, "{card:?}");
    assert!(!card.qualities[Score::Reconstruction as usize].is_nan());

    // A wrong label: the two counterfactuals are two faces.
    let last = room.look(known.face(0), Vec::new()).pop().unwrap();
    let drawn = last.counterfactuals.each_ref().map(|picture| picture.as_deref().cloned().unwrap());
    assert_eq!(drawn, [painted(SAD, 10), painted(HAPPY, 10)]);
    room.judge(known.face(0), Verdict::Ambiguous);
    let steps = room.look(known.face(0), Vec::new());
    let verdict = steps[0].card.as_ref().unwrap().verdict;
    assert_eq!((steps.len(), verdict), (1, Some(Verdict::Ambiguous)), "all the rest is there");
}

#[test]
fn going_through_the_list_queues_nothing_up_and_the_next_faces_are_there_at_once() {
    let (_home, folder) = audited();
    let (gate, script) = Gate::at("picture 10");
    let room = Room::of(&script);
    let known = room.open(&folder);
    room.audits.look(known.face(0), Vec::new());
    gate.reached.wait();
    for number in 1..40 {
        room.audits.look(known.face(number), Vec::new());
    }
    let number = room.audits.look(known.face(40), vec![known.face(41), known.face(42)]);
    gate.open.put(());
    while !room.wait(|audits| audits.looked(number)).done {}
    let drawn = || -> Vec<String> { script.log().into_iter().filter(|call| call.starts_with("picture")).collect() };
    assert!(
        drawn().iter().all(|call| ["picture 10", "picture 50", "picture 51", "picture 52"].contains(&call.as_str()))
    );

    // What is ahead is drawn while nobody asks for anything.
    let started = Instant::now();
    while !drawn().contains(&"picture 52".to_owned()) {
        assert!(started.elapsed() < LONG);
        std::thread::sleep(Duration::from_millis(5));
    }
    let steps = room.look(known.face(41), vec![known.face(42)]);
    assert_eq!(steps.len(), 1, "it is whole at once");
    assert!(steps[0].counterfactuals.iter().all(Option::is_some) && steps[0].error.is_none());
    let of_it = drawn().iter().filter(|call| *call == "picture 51").count();
    assert_eq!(of_it, 2, "the counterfactuals are the same face, and nothing is drawn twice");
}

#[test]
fn without_fitting_networks_the_rest_of_a_face_is_told() {
    let (_home, folder) = audited();
    let room = Room::by(&Script::new(|_| ()), "other".to_owned());
    let known = room.open(&folder);
    let last = room.look(known.face(7), Vec::new()).pop().unwrap();
    assert!(last.card.is_some() && last.input.is_some() && last.neighbours.iter().all(Option::is_some));
    assert!(last.reconstruction.is_none());
    let sentence = last.error.unwrap();
    assert!(sentence.contains("other") && sentence.ends_with(&format!(": {}", folder.display())), "{sentence}");
}

#[test]
fn networks_that_crash_cost_one_look() {
    let (_home, folder) = audited();
    let calls = AtomicUsize::new(0);
    let script = Script::new(move |call| {
        if call == "picture 17" && calls.fetch_add(1, Ordering::Relaxed) == 0 {
            panic!("a rehearsed crash");
        }
    });
    let room = Room::of(&script);
    let known = room.open(&folder);
    let last = room.look(known.face(7), Vec::new()).pop().unwrap();
    assert!(last.error.unwrap().contains("a rehearsed crash"));
    let last = room.look(known.face(7), Vec::new()).pop().unwrap();
    assert_eq!((last.error, last.reconstruction.as_deref()), (None, Some(&painted(HAPPY, 17))));
    assert_eq!(script.log().iter().filter(|call| *call == "open").count(), 2);

    // Other networks draw it anew.
    room.audits.draw_with(Setup::default());
    room.look(known.face(7), Vec::new());
    assert_eq!(script.log().iter().filter(|call| *call == "open").count(), 3);
}
