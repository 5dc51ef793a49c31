use facespace::evaluate::error::Stopped;
use facespace::evaluate::retrieval::{self, Known, Retrieval, TOP};
use facespace::face::{Expression, Part};
use facespace::nn::Code;

use super::{Noise, go_on, plant};

fn table(codes: &[Code], known: &[Known], seed: u64) -> Option<Vec<Retrieval>> {
    retrieval::table(codes, known, seed, &mut go_on).unwrap()
}

fn person(name: &str) -> Known<'_> {
    Known { person: Some(name), ..Known::default() }
}

/// Codes whose identities lie in one plane, at these angles in degrees.
fn at_angles(angles_deg: &[f32]) -> Vec<Code> {
    let mut noise = Noise::new(61);
    let code = |angle: &f32| {
        let mut code = noise.code(0.5);
        code[Part::Identity.range()].fill(0.0);
        plant(&mut code, Part::Identity, 3, angle.to_radians().cos());
        plant(&mut code, Part::Identity, 8, angle.to_radians().sin());
        code
    };
    angles_deg.iter().map(code).collect()
}

fn of<'a>(rows: &'a [Retrieval], shares: &str) -> &'a Retrieval {
    rows.iter().find(|row| row.shares == shares).unwrap()
}

/// Precision and mean average precision.
fn by(row: &Retrieval, reads: &str) -> (f64, f64) {
    let found = row.by.iter().find(|found| found.reads == reads).unwrap();
    (found.precision.value, found.average_precision.value)
}

#[test]
fn a_search_is_judged_by_hand() {
    let codes = at_angles(&[0.0, 10.0, 30.0, 100.0, 5.0, 200.0]);
    let known = [person("A"), person("A"), person("B"), person("B"), Known::default(), person("C")];
    let rows = table(&codes, &known, 1).unwrap();
    assert_eq!(rows.len(), 1, "nothing else is known");
    let row = &rows[0];
    assert_eq!((row.shares.as_str(), row.own_part.as_str()), ("same person", "identity"));
    // C asks nothing. Of the four others of each search one is right; the right ones come first, first, third, first.
    let (precision, average) = by(row, "f_id");
    assert!((precision - 0.25).abs() < 1e-9 && (average - (1.0 + 1.0 + 1.0 / 3.0 + 1.0) / 4.0).abs() < 1e-9);
    assert!((row.chance - 0.25).abs() < 1e-9 && (row.best - 0.25).abs() < 1e-9);
    let found = &row.by[1];
    assert!(found.precision.n == 4 && found.average_precision.interval.is_some());
}

#[test]
fn each_thing_is_found_by_its_own_part() {
    let mut noise = Noise::new(62);
    let names = ["Ada", "Bo", "Cy"];
    let mut codes = Vec::new();
    let mut known = Vec::new();
    for i in 0..90 {
        let mut code = noise.code(0.05);
        let expression = Expression::ALL[i / 3 % 5];
        let yaw = if i % 2 == 0 { 0.1 } else { -0.4 };
        plant(&mut code, Part::Pose, 0, yaw);
        plant(&mut code, Part::Identity, i % 3, 1.0);
        plant(&mut code, Part::Expression, expression.index(), 1.0);
        plant(&mut code, Part::Style, i / 15, 1.0);
        codes.push(code);
        let clip = ["first", "second", "third", "fourth", "fifth", "sixth"][i / 15];
        known.push(Known {
            person: Some(names[i % 3]),
            clip: Some(clip),
            expression: Some(expression),
            pose_deg: Some([yaw.to_degrees(), 0.0, 0.0]),
        });
    }
    let rows = table(&codes, &known, 2).unwrap();
    for (shares, own, rest, chance) in [
        ("same person", "f_id", "f without f_id", 29.0 / 89.0),
        ("same expression", "f_e", "f without f_e", 17.0 / 89.0),
        ("same pose", "f_p", "f without f_p", 44.0 / 89.0),
    ] {
        let row = of(&rows, shares);
        assert_eq!(by(row, own), (1.0, 1.0), "{shares}");
        assert!((row.chance - chance).abs() < 1e-9 && row.best == 1.0, "{row:?}");
        for (others, _) in [by(row, rest), by(row, if own == "f_p" { "f_id" } else { "f_p" })] {
            assert!((others - chance).abs() < 0.2, "{shares}: {others}");
        }
    }
    // A clip is a person's own: five faces, four others to find among the fifteen that share its style.
    let clips = of(&rows, "same clip");
    assert_eq!(clips.own_part, "style");
    assert!((clips.best - 4.0 / TOP as f64).abs() < 1e-9, "{clips:?}");
    assert!(by(clips, "f_s").0 > 2.0 * clips.chance && by(clips, "f_s").0 < 0.6);

    let json = serde_json::to_string(&rows).unwrap();
    // Its reader may miss the last bit of a number.
    let read: Vec<Retrieval> = serde_json::from_str(&json).unwrap();
    assert_eq!(read.len(), rows.len());
    for (read, row) in read.iter().zip(&rows) {
        assert_eq!((&read.shares, &read.own_part), (&row.shares, &row.own_part));
        let values = |row: &Retrieval| row.by.iter().map(|by| by.precision.value).sum::<f64>();
        assert!((values(read) - values(row)).abs() < 1e-9, "{json}");
    }
}

#[test]
fn poses_are_near_the_short_way_round() {
    let codes = at_angles(&[0.0, 50.0, 100.0]);
    let pose = |roll: f32| Known { pose_deg: Some([0.0, 6.0, roll]), ..Known::default() };
    let rows = table(&codes, &[pose(178.0), pose(-175.0), pose(0.0)], 1).unwrap();
    assert_eq!(of(&rows, "same pose").by[0].precision.n, 2);
}

#[test]
fn faces_of_which_nothing_is_known_ask_nothing() {
    let codes = at_angles(&[0.0, 50.0, 100.0]);
    assert!(table(&codes, &[Known::default(); 3], 1).is_none());
    assert!(table(&codes, &[person("A"), person("B"), Known::default()], 1).is_none());
    assert!(table(&[], &[], 1).is_none());
    // A code without a direction is no face.
    let empty = [codes[0], [0.0; 99], codes[1]];
    assert!(table(&empty, &[person("A"), person("A"), person("B")], 1).is_none());
}

#[test]
fn searches_are_counted_and_can_be_stopped() {
    let angles: Vec<f32> = (0..80).map(|face| 4.0 * face as f32).collect();
    let known: Vec<Known> = (0..80).map(|face| person(["A", "B"][face % 2])).collect();
    let mut heard = Vec::new();
    let mut watch = |done: usize, of: usize| {
        heard.push((done, of));
        done < 64
    };
    assert_eq!(retrieval::table(&at_angles(&angles), &known, 1, &mut watch), Err(Stopped));
    assert_eq!(heard, [(0, 80), (32, 80), (64, 80)]);
}
