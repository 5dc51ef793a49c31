//! The Labels panel with the real networks, on faces that these have drawn themselves. The README's picture of it is among
//! them.

use std::collections::HashSet;
use std::io::Cursor;

use facespace::data::atomic::WriteError;
use facespace::data::shards::{self, Record};
use facespace::engine::Engine;
use facespace::face::Expression;
use image::ImageFormat;

use super::*;

/// Every so many faces are labelled as the next class.
const WRONG: usize = 11;
/// Classes of the set, and how many people show each of them.
const CLASSES: usize = 5;
const PEOPLE: usize = 12;

/// People with the mean expressions of several classes; some of them are labelled wrongly.
fn set(folder: &Path) -> PathBuf {
    let set = folder.join("Generated faces");
    fs::create_dir_all(&set).unwrap();
    let mut engine = Engine::open(DeviceChoice::Cpu, Arc::new(Weights::bundled().unwrap())).unwrap();
    let space = &BUNDLED.space;
    let classes: Vec<_> = space.class_means.iter().take(CLASSES).collect();
    let mut records = Vec::new();
    for (person, sample) in space.samples.iter().cycle().take(PEOPLE).enumerate() {
        for (place, (shown, mean)) in classes.iter().enumerate() {
            let picture = engine.picture(&FaceCode { expression: *mean, ..*sample }).unwrap();
            let wrong = (person * classes.len() + place) % WRONG == 3;
            let given = if wrong { classes[(place + 1) % classes.len()].0 } else { *shown };
            records.push(record(person, *shown, given, &picture));
        }
    }
    let rows = records.into_iter().map(Ok::<_, WriteError>);
    shards::write(&set.join("generated-train-00000.parquet"), rows).unwrap();
    set
}

fn record(person: usize, shown: Expression, given: Expression, picture: &RgbImage) -> Record {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png).unwrap();
    Record {
        path: format!("{given}/person-{person:02}-{shown}.png"),
        picture_bytes: bytes.into_inner(),
        person: Some(format!("person-{person:02}")),
        clip: None,
        expression: Some(given.index() as u8),
        valence: Some(if shown == Expression::Happy { 0.7 } else { -0.3 }),
        arousal: Some(0.1 * (person % 5) as f32),
        pose_deg: None,
        landmarks: None,
        factors: None,
    }
}

/// As [`draw`], with pictures of faces on it.
#[track_caller]
fn all_with_faces(harness: &mut Driven, name: &str) {
    in_all(harness, name);
    labels::until_listed(harness);
    let picture = draw(harness, &format!("{name}-1280x800-light"));
    let colours: HashSet<_> = picture.pixels().map(|pixel| pixel.0).collect();
    assert!(colours.len() > 2000, "{name}: {} colours", colours.len());
}

#[test]
fn the_labels_panel_in_both_themes_and_sizes() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = networks().kept_in(home.path()).drawn().open();
    press(&mut harness, "Got it");
    keys(&mut harness, CTRL, Key::Num4);
    harness.step();
    in_all(&mut harness, "labels-empty");
    press(&mut harness, "Audit a set…");
    answer(&mut harness, "Folder or file of the set", &set(home.path()).display().to_string());
    until(&mut harness, "the question", |harness| has(harness, Role::TextInput, "Folder for the audit"));
    draw(&mut harness, "labels-asking-1280x800-light");
    press(&mut harness, "Audit");
    until(&mut harness, "the steps", |harness| has(harness, Role::ProgressIndicator, "Audit progress"));
    in_all(&mut harness, "labels-building");
    until(&mut harness, "the audit", |harness| {
        harness.state().state.auditing().is_none() && has(harness, Role::Button, "Keep")
    });
    labels::until_listed(&mut harness);
    for key in [Key::A, Key::R, Key::K] {
        keys(&mut harness, Modifiers::NONE, key);
        labels::until_listed(&mut harness);
    }
    all_with_faces(&mut harness, "labels");
    labels::compare_with(&mut harness, "Sample 3");
    all_with_faces(&mut harness, "labels-compared");
    press(&mut harness, "Remove Sample 3 from the comparison");
    for (tab, name) in [("Confusion", "labels-confusion"), ("Shortcuts", "labels-shortcuts")] {
        press(&mut harness, tab);
        harness.step();
        in_all(&mut harness, name);
    }
    press(&mut harness, "Face");
    in_size(&mut harness, NARROW);
    press(&mut harness, "Show the filters");
    labels::until_listed(&mut harness);
    draw(&mut harness, "labels-drawer-900x600-light");
    press(&mut harness, "Fold the filters away");
    in_size(&mut harness, vec2(1920.0, 1080.0));
    labels::until_listed(&mut harness);
    draw(&mut harness, "labels-1920x1080-light");
}
