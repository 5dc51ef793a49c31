//! Weights and devices that are switched, and weights that do not load.

use std::path::PathBuf;

use facespace::engine::{Event, Setup, WeightsSource};

use super::{BUNDLED, Script, Window, face, failure, picture};

fn bad_file() -> WeightsSource {
    WeightsSource::File(PathBuf::from("folder/bad.safetensors"))
}

#[test]
fn weights_that_do_not_load_leave_those_in_use() {
    let window = Window::of(&Script::new(|_| ()));
    let ticket = window.studio.open_weights(bad_file()).unwrap();
    let name = &BUNDLED.card.name;
    assert_eq!(
        failure(window.answer(&ticket)),
        format!("These weights are bad; choose others; {name} stays in use: folder/bad.safetensors")
    );
    let number = window.studio.render(face(1.0));
    assert_eq!(window.rendered(number).picture, picture(1.0));

    let ticket = window.studio.open_weights(WeightsSource::Bundled).unwrap();
    assert!(matches!(window.until_closed(&ticket)[..], [Event::Ready(_), Event::Done { .. }]));
}

#[test]
fn a_start_with_bad_weights_takes_the_bundled_ones() {
    let setup = Setup { weights: bad_file(), ..Setup::default() };
    let window = Window::starting(&Script::new(|_| ()), setup);
    let Event::Notice(sentence) = window.event() else { panic!() };
    assert_eq!(sentence, "These weights are bad; choose others: folder/bad.safetensors");
    assert!(matches!(window.event(), Event::Ready(_)));
    let Event::Notice(sentence) = window.event() else { panic!() };
    assert_eq!(sentence, "The weights that come with the program are in use");
}

#[test]
fn without_networks_each_request_is_told_so() {
    let window = Window::starting(&Script::new(|call| assert_ne!(call, "open", "no networks")), Setup::default());
    let Event::NotReady(sentence) = window.event() else { panic!() };
    assert!(sentence.contains("no networks"), "{sentence}");
    let ticket = window.studio.encode(picture(1.0), None).unwrap();
    assert_eq!(failure(window.answer(&ticket)), "There are no networks to work with; choose other weights");
    let ticket = window.studio.open_weights(bad_file()).unwrap();
    assert!(failure(window.answer(&ticket)).ends_with(": folder/bad.safetensors"));
}

#[test]
fn the_devices_to_choose_from_are_listed() {
    let window = Window::of(&Script::new(|_| ()));
    let ticket = window.studio.list_devices().unwrap();
    assert!(matches!(window.answer(&ticket), Event::Devices { cpu, .. } if cpu.starts_with("CPU (")));
}
