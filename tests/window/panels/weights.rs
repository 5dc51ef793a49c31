//! Weights switched: two small random models on the real engine.

use facespace::nn::NetworksConfig;
use facespace::nn::tensors;
use facespace::nn::weights::{Card, assemble};
use tempfile::TempDir;

use super::*;

/// A folder with two weights files, "Authors" and "Paper", and half of one.
struct Files(TempDir);

impl Files {
    fn new() -> Self {
        let files = Files(tempfile::tempdir().unwrap());
        for name in ["Authors", "Paper"] {
            let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
            let model = std::fs::read(fixtures.join(format!("{}.safetensors", name.to_lowercase()))).unwrap();
            let config = NetworksConfig::from_shapes(&tensors::shapes(&model).unwrap()).unwrap();
            let card = Card { name: name.to_owned(), ..BUNDLED.card.clone() };
            let bytes = assemble(&model, &config, &card, &BUNDLED.space).unwrap();
            std::fs::write(files.path(name), &bytes).unwrap();
            std::fs::write(files.path("half"), &bytes[..bytes.len() / 2]).unwrap();
        }
        files
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(format!("{name}.safetensors"))
    }
}

#[track_caller]
fn open_weights(harness: &mut Driven, path: &Path) {
    command(harness, "open weights");
    answer(harness, "Weights", &path.display().to_string());
}

fn in_use(harness: &Driven) -> &str {
    harness.state().state.engine.ready.as_ref().map_or("", |ready| &ready.card.name)
}

#[test]
fn other_weights_are_taken_and_said() {
    let files = Files::new();
    let mut harness = networks().with_weights(&files.path("Authors")).open();
    assert_eq!(in_use(&harness), "Authors");
    assert!(says(&harness, "Authors"));
    let before = shown(&harness);
    open_weights(&mut harness, &files.path("Paper"));
    until(&mut harness, "the weights", |harness| in_use(harness) == "Paper");
    settle(&mut harness);
    assert!(shown(&harness) != before);
    assert!(!says(&harness, "These faces were edited"), "nothing was");
    open_weights(&mut harness, &files.path("Authors"));
    until(&mut harness, "the weights", |harness| in_use(harness) == "Authors");
    settle(&mut harness);
    type_number(&mut harness, "Yaw", "-20");
    settle(&mut harness);
    open_weights(&mut harness, &files.path("Paper"));
    until(&mut harness, "the weights", |harness| in_use(harness) == "Paper");
    settle(&mut harness);
    assert!(says(&harness, "These faces were edited with the weights Authors, in use are Paper"));
    press(&mut harness, "Put the message away");
    press(&mut harness, "Log");
    assert!(says(&harness, " computes with Paper"));
}

#[test]
fn broken_weights_are_told_and_those_in_use_go_on() {
    let files = Files::new();
    let mut harness = networks().with_weights(&files.path("Authors")).open();
    open_weights(&mut harness, &files.path("half"));
    until(&mut harness, "the bar", |harness| says(harness, "cut off or damaged"));
    assert!(says(&harness, "Authors stays in use") && has(&harness, Role::Button, "Open others…"));
    let before = shown(&harness);
    type_number(&mut harness, "Yaw", "-20");
    settle(&mut harness);
    assert!(shown(&harness) != before);
    press(&mut harness, "Open others…");
    assert!(has(&harness, Role::TextInput, "Weights"));
}

#[test]
fn chosen_weights_are_kept_and_the_bundled_ones_are_a_press_away() {
    let (files, home) = (Files::new(), tempfile::tempdir().unwrap());
    let mut harness = networks().kept_in(home.path()).with_weights(&files.path("Authors")).open();
    open_weights(&mut harness, &files.path("Paper"));
    until(&mut harness, "the weights", |harness| in_use(harness) == "Paper");
    settle(&mut harness);
    close(harness);
    let mut harness = networks().kept_in(home.path()).open();
    assert_eq!(in_use(&harness), "Paper");
    press(&mut harness, "Settings");
    press(&mut harness, "Use the bundled ones");
    until(&mut harness, "the bundled weights", |harness| in_use(harness) == BUNDLED.card.name);
    until(&mut harness, "the end of it", |harness| is_disabled(harness, Role::Button, "Use the bundled ones"));
}
