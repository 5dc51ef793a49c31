//! The end: within one job, whoever waits for whom, and after what is being saved.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use facespace::engine::protocol::{Origin, Save};
use facespace::engine::slot::Slot;

use super::{Script, Window, face, picture};

#[test]
fn the_thread_ends_after_the_picture_in_hand() {
    let begun = Arc::new(Slot::default());
    let bell = Arc::clone(&begun);
    let script = Script::new(move |_| {
        bell.put(());
        thread::sleep(Duration::from_millis(1));
    });
    let window = Window::of(&script);
    for _ in 0..10 {
        window.studio.pictures(vec![face(1.0); 1000]).unwrap();
    }
    begun.wait();
    drop(window);
    assert!(script.log().len() < 5000, "{} calls", script.log().len());
    assert_eq!(Arc::strong_count(&script), 1, "the worker is gone");
}

#[test]
fn a_thread_that_waits_for_a_reader_ends_too() {
    let script = Script::new(|_| ());
    let window = Window::of(&script);
    // The queues hold 256 answers and 64 requests, and one answer is in hand.
    let mut taken = 0;
    while taken < 256 + 64 + 1 {
        match window.studio.encode(picture(1.0), None) {
            Ok(_) => taken += 1,
            Err(_) => thread::yield_now(),
        }
    }
    let started = Instant::now();
    drop(window);
    assert!(started.elapsed() < Duration::from_secs(4));
    assert_eq!(Arc::strong_count(&script), 1);
}

#[test]
fn what_is_being_saved_is_saved_first() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("face.png");
    let window = Window::of(&Script::new(|_| ()));
    let save = Save {
        path: path.clone(),
        picture: Arc::new(picture(3.0)),
        paste: None,
        origin: Origin::Generated,
        command: "edit".to_owned(),
        model: "stand-in".to_owned(),
        sources: Vec::new(),
        makes_folder: false,
    };
    window.studio.save(save).unwrap();
    drop(window);
    assert!(path.exists());
}
