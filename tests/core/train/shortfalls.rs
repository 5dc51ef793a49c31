//! What a set will not teach: said where it is so, and nowhere else.

use facespace::train::macros::{Macro, Task, Wanted};
use facespace::train::shortfalls::sentences;
use facespace::train::{Config, presets};

use super::crop_sets::{Row, keys};

/// Everything is known of `people` people of a source, each in two clips of two pictures.
fn full(source: u16, people: u32) -> Vec<Row> {
    let base = u32::from(source) * 1000;
    let row = |i: u32| Row {
        person: Some(base + i / 4),
        clip: Some(base + i / 2),
        expression: Some((i % 3) as u8),
        has: 7,
        ..Row::of(source)
    };
    (0..4 * people).map(row).collect()
}

fn changed(rows: Vec<Row>, change: impl Fn(usize, &mut Row)) -> Vec<Row> {
    let mut rows = rows;
    rows.iter_mut().enumerate().for_each(|(i, row)| change(i, row));
    rows
}

fn said(rows: Vec<Row>) -> Vec<String> {
    sentences(&keys(rows), &presets::tiny())
}

/// The one sentence about these rows.
#[track_caller]
fn only(rows: Vec<Row>) -> String {
    let [sentence]: [String; 1] = said(rows).try_into().unwrap();
    sentence
}

#[test]
fn a_full_set_lacks_nothing() {
    assert_eq!(said(full(0, 12)), Vec::<String>::new());
    // Nor does one whose other source knows nothing.
    assert_eq!(said([full(0, 12), vec![Row::of(1); 20]].concat()), Vec::<String>::new());
}

#[test]
fn a_bare_set_lacks_everything() {
    let expected = [
        "No picture says whom it shows: identity does not train from people",
        "No picture says which clip it is from: style trains from re-lit views",
        "No face has an expression label: expression does not train from labels",
        "No picture says how the head is turned: pose does not train",
        "No picture has landmarks: expression does not train from the face's geometry",
    ];
    assert_eq!(said(vec![Row::of(0); 12]), expected);
    // Where no parts are trained, nothing of it matters.
    let mut config = presets::tiny();
    (config.disentangle.cached_steps, config.disentangle.cycle_steps, config.joint.steps) = (0, 0, 0);
    assert_eq!(sentences(&keys(vec![Row::of(0); 12]), &config), Vec::<String>::new());
}

#[test]
fn people_must_meet_others_of_their_source() {
    let one = "All pictures with a name show one person: identity does not train from people";
    assert_eq!(only(full(0, 12).into_iter().map(|row| Row { person: Some(1), ..row }).collect()), one);
    // One person in each of two sources.
    let two = full(0, 12).into_iter().chain(full(1, 12)).map(|row| Row { person: Some(row.source.into()), ..row });
    let lacks = "No source shows two people in two pictures or more each: identity does not train from people";
    assert_eq!(only(two.collect()), lacks);
    // Everybody in one picture alone; clips then have nobody to be told apart by.
    let alone = changed(full(0, 12), |i, row| row.person = Some(i as u32));
    let style = "Nobody is shown in two clips of two pictures or more each: style trains from re-lit views";
    assert_eq!(said(alone), [lacks, style]);
}

#[test]
fn clips_teach_style_only_where_a_person_has_two_of_two_pictures() {
    let style = "Nobody is shown in two clips of two pictures or more each: style trains from re-lit views";
    // One clip a person.
    assert_eq!(only(changed(full(0, 12), |_, row| row.clip = row.person)), style);
    // Four clips a person, of one picture each.
    assert_eq!(only(changed(full(0, 12), |i, row| row.clip = Some(i as u32))), style);
}

#[test]
fn labels_count_by_source() {
    let bare = |row: &mut Row| row.has = 1;
    let few = |each: usize| {
        let of = move |source: u16| {
            changed(full(source, 8), move |i, row| {
                row.expression = row.expression.filter(|_| i < each);
                row.has = 1;
            })
        };
        [of(0), of(1)].concat()
    };
    let geometry = "No picture has landmarks: expression does not train from the face's geometry";
    let labels = |rows: Vec<Row>| {
        let [first, second]: [String; 2] = said(rows).try_into().unwrap();
        assert_eq!(second, geometry);
        first
    };
    // Six in each of two sources are twelve, and too few in either.
    let lacks = "No source has 10 faces with an expression label: expression does not train from labels";
    assert_eq!(labels(few(6)), lacks);
    assert!(!Macro::new(&keys(few(6)), 1, Wanted::default()).tasks().contains(&Task::Expression));
    assert_eq!(labels(few(4)), "Only 8 faces have an expression label: expression does not train from labels");
    assert_eq!(only(few(10)), geometry);
    let one = changed(full(0, 12), |i, row| {
        bare(row);
        row.expression = (i == 0).then_some(1);
    });
    assert_eq!(labels(one), "Only 1 face has an expression label: expression does not train from labels");
    let happy = changed(full(0, 12), |_, row| {
        bare(row);
        row.expression = Some(1);
    });
    assert!(labels(happy).starts_with("No source has 10 labelled faces of several expressions"));
}

#[test]
fn geometry_needs_landmarks_and_angles() {
    let with =
        |config: &Config, change: &dyn Fn(usize, &mut Row)| sentences(&keys(changed(full(0, 12), change)), config);
    let lacks = |has: fn(usize) -> u8| with(&presets::tiny(), &|i, row| row.has = has(i));
    let ending = ": expression does not train from the face's geometry";
    assert_eq!(lacks(|i| 1 + 2 * u8::from(i < 12)), [format!("Only 12 pictures have landmarks and angles{ending}")]);
    assert_eq!(lacks(|i| 1 + 2 * u8::from(i < 1)), [format!("Only 1 picture has landmarks and angles{ending}")]);
    assert_eq!(lacks(|_| 3), Vec::<String>::new());
    let apart = lacks(|i| if i % 2 == 0 { 1 } else { 2 });
    assert_eq!(apart, [format!("No picture has both landmarks and angles{ending}")]);
    // Valence and arousal do as well, and whoever does not want it misses nothing.
    assert_eq!(lacks(|_| 5), Vec::<String>::new());
    let mut config = presets::tiny();
    config.disentangle.expression_geometry = false;
    assert_eq!(with(&config, &|_, row| row.has = 1), Vec::<String>::new());
    // Enough in all, too few in each source.
    let scattered = (0..5).flat_map(|source| changed(full(source, 3), |i, row| row.has = 1 + 2 * u8::from(i < 8)));
    assert_eq!(said(scattered.collect()), [format!("No source has 10 pictures with landmarks and angles{ending}")]);
}
