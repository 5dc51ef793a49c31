//! The paper's figures, drawn from pictures of four grey bands. A stand-in for the networks reads each part of the code
//! off a band of its own and draws it again, so that it is known what every cell of a figure has to show.

use std::collections::HashSet;
use std::f32::consts::PI;

use facespace::data::atomic::WriteError;
use facespace::data::shards::{self, Record};
use facespace::evaluate::error::EvaluateError;
use facespace::evaluate::faces::{self, Faces, Wanted};
use facespace::evaluate::figures::{self, Drawing, FigureError, Figures, Material, choose};
use facespace::evaluate::lent::{CardWords, Model};
use facespace::face::{CODE_DIM, FaceCode, FaceSpace, ModelName, Part, UnitPart};
use facespace::nn::quality;
use facespace::nn::{Code, Encoded};
use image::{ImageFormat, Rgb, RgbImage};

use super::go_on;
use crate::data::bytes_of;
use crate::face::space;

const SIDE: u32 = 128;
const BAND: u32 = 32;
/// Around a board, and between its cells.
const MARGIN: u32 = 12;
const GAP: u32 = 6;
/// Of tiles: the frame, and a line of text.
const FRAME: u32 = 4;
const LINE: u32 = 20;
/// The frames of those that are right.
const RIGHT: Rgb<u8> = Rgb([0, 110, 80]);

/// The grey of each part's band, in the order of [`Part::ALL`].
type Greys = [u8; 4];

fn picture(greys: Greys) -> RgbImage {
    RgbImage::from_fn(SIDE, SIDE, |_, y| Rgb([greys[(y / BAND) as usize]; 3]))
}

/// The grey in the middle of each band of the square at this place.
fn greys(picture: &RgbImage, [x, y]: [u32; 2]) -> Greys {
    std::array::from_fn(|band| picture.get_pixel(x + SIDE / 2, y + band as u32 * BAND + BAND / 2).0[0])
}

/// Yaw goes with the first band; each direction lies in a plane, at an angle that goes with its band.
fn code(greys: Greys) -> Code {
    let mut code = [0.0; CODE_DIM];
    code[0] = (f32::from(greys[0]) - 128.0) / 128.0;
    for unit in UnitPart::ALL {
        let part = unit.part();
        let angle = PI * f32::from(greys[part as usize]) / 255.0;
        code[part.range().start] = angle.cos();
        code[part.range().start + 1] = angle.sin();
    }
    code
}

fn greys_of(face: &FaceCode) -> Greys {
    let mut greys = [0; 4];
    greys[0] = (face.pose.yaw_deg.to_radians() * 128.0 + 128.0).round() as u8;
    for unit in UnitPart::ALL {
        let direction = face.unit(unit).as_array();
        greys[unit.part() as usize] = (direction[1].atan2(direction[0]).max(0.0) / PI * 255.0).round() as u8;
    }
    greys
}

/// Stands in for the networks.
struct Bands {
    space: FaceSpace,
    can_edit: bool,
}

impl Model for Bands {
    fn name(&self) -> ModelName {
        ModelName { name: "bands".to_owned(), fingerprint: "0".repeat(16) }
    }

    fn contents(&self) -> u64 {
        0
    }

    fn card(&self) -> CardWords {
        CardWords { can_edit: self.can_edit, ..CardWords::default() }
    }

    fn space(&self) -> &FaceSpace {
        &self.space
    }

    fn encode(&mut self, crops: &[RgbImage]) -> Result<Vec<Encoded>, EvaluateError> {
        let encoded = |crop: &RgbImage| Encoded { z: code(greys(crop, [0, 0])), f: code(greys(crop, [0, 0])) };
        Ok(crops.iter().map(encoded).collect())
    }

    fn decode(&mut self, faces: &[FaceCode]) -> Result<Vec<RgbImage>, EvaluateError> {
        Ok(faces.iter().map(|face| picture(greys_of(face))).collect())
    }

    fn decode_latent(&mut self, codes: &[Code]) -> Result<Vec<RgbImage>, EvaluateError> {
        let faces: Vec<FaceCode> = codes.iter().filter_map(FaceCode::from_array).collect();
        self.decode(&faces)
    }
}

fn bands() -> Bands {
    Bands { space: space(), can_edit: true }
}

/// A face with what is known of it.
fn record(number: usize, greys: Greys, person: Option<&str>, expression: Option<u8>) -> Record {
    Record {
        path: format!("{number:03}.png"),
        picture_bytes: bytes_of(picture(greys), ImageFormat::Png),
        person: person.map(str::to_owned),
        clip: None,
        expression,
        valence: None,
        arousal: None,
        pose_deg: None,
        landmarks: None,
        factors: None,
    }
}

/// The same faces out of a shard, as an evaluation reads them.
fn read(records: Vec<Record>) -> Faces {
    let desk = tempfile::tempdir().unwrap();
    let shard = [desk.path().join("faces.parquet")];
    shards::write(&shard[0], records.into_iter().map(Ok::<_, WriteError>)).unwrap();
    let wanted = Wanted { shards: &shard, limit: 1000, needed: &HashSet::new() };
    faces::read(&wanted, &mut bands(), &mut go_on).unwrap_or_else(|_| panic!("the shard was just written")).faces
}

/// Faces of which nothing is known, all different in every part.
fn nameless(count: usize) -> Faces {
    let grey = |number: usize, step: usize| (40 + number * step % 170) as u8;
    let greys = |number| [grey(number, 23), grey(number, 37), grey(number, 53), grey(number, 67)];
    read((0..count).map(|number| record(number, greys(number), None, None)).collect())
}

/// Twenty faces of five people with four expressions, each in greys of its own.
fn labelled() -> Faces {
    let one = |number: usize| {
        let (person, class) = (number / 4, number % 4);
        let greys = [60 + 6 * number as u8, 30 + 45 * person as u8, 30 + 60 * class as u8, 40 + 9 * number as u8];
        record(number, greys, Some(["Ada", "Bo", "Cy", "Di", "Eve"][person]), Some(class as u8))
    };
    read((0..20).map(one).collect())
}

fn material<'a>(faces: &'a Faces, model: &'a mut Bands, seed: u64) -> Material<'a> {
    Material { set: "bands", faces, training: None, model, seed }
}

fn all(faces: &Faces, seed: u64) -> Figures {
    figures::draw(&mut material(faces, &mut bands(), seed), &mut go_on).unwrap().unwrap()
}

/// The upper left corner of a cell of a board whose last cell is `last`; rows and columns count from 0, and -1 is the
/// edge.
fn corner(board: &RgbImage, tile: [u32; 2], last: [i64; 2], [row, column]: [i64; 2]) -> [u32; 2] {
    let place = |size: u32, tile: u32, back: i64| size - MARGIN - tile - back as u32 * (tile + GAP);
    [place(board.width(), tile[0], last[1] - column), place(board.height(), tile[1], last[0] - row)]
}

#[track_caller]
fn assert_near(a: u8, b: u8) {
    assert!(a.abs_diff(b) <= 1, "{a} {b}");
}

fn assert_sentence(text: &str) {
    assert!(text.starts_with(char::is_uppercase) && text.contains("; ") && !text.ends_with('.'), "{text}");
}

#[test]
fn the_same_seed_draws_the_same_figures() {
    let faces = labelled();
    let (first, again, other) = (all(&faces, 1), all(&faces, 1), all(&faces, 2));
    assert_eq!((&first.drawings, &first.undrawn), (&again.drawings, &again.undrawn));
    assert_ne!(first.drawings, other.drawings);
    let files: HashSet<&str> = first.drawings.iter().map(|drawing| drawing.file.as_str()).collect();
    assert_eq!(files.len(), first.drawings.len(), "{files:?}");
    for drawing in &first.drawings {
        assert!(drawing.caption.len() > 40 && drawing.caption.ends_with('.'), "{}", drawing.caption);
        let file = drawing.jpeg("bands").unwrap();
        let seen = image::load_from_memory(&file).unwrap().to_rgb8();
        assert!(quality::mae(&seen, &drawing.picture) < 2.0, "{}", drawing.file);
        let says_so = file.windows(17).any(|bytes| bytes == b"DigitalSourceType");
        assert_eq!(says_so, !drawing.file.starts_with("fig-4"), "{}", drawing.file);
    }
    let mut heard = Vec::new();
    let mut watch = |done: usize, total: usize| {
        heard.push((done, total));
        done < 2
    };
    assert!(figures::draw(&mut material(&faces, &mut bands(), 1), &mut watch).unwrap().is_none());
    assert_eq!(heard, [(0, 6), (1, 6), (2, 6)]);
}

#[test]
fn faces_stand_above_what_is_kept_of_them() {
    let faces = nameless(20);
    let drawn = figures::reconstructions::draw(&mut material(&faces, &mut bands(), 3), &mut go_on).unwrap();
    let [Drawing { picture: board, caption, .. }] = &drawn[..] else { panic!("{} figures", drawn.len()) };
    assert!(caption.contains("PCA is not shown, since it takes more than 99 other faces"), "{caption}");
    let tile = [SIDE + 2 * FRAME, SIDE + 2 * FRAME + LINE];
    for column in 0..8 {
        let at = |row| corner(board, tile, [2, 7], [row, column]).map(|place| place + FRAME);
        for row in 1..3 {
            greys(board, at(0)).into_iter().zip(greys(board, at(row))).for_each(|(face, made)| assert_near(face, made));
        }
    }

    let many = nameless(120);
    let drawn = figures::reconstructions::draw(&mut material(&many, &mut bands(), 3), &mut go_on).unwrap();
    assert!(drawn[0].caption.contains("99 components of 112 other people's faces"), "{}", drawn[0].caption);
    assert_eq!(drawn[0].picture.height(), board.height() + tile[1] + GAP);
    let mut model = bands();
    let mut with_training = material(&faces, &mut model, 3);
    with_training.training = Some(&many);
    let drawn = figures::reconstructions::draw(&mut with_training, &mut go_on).unwrap();
    assert!(drawn[0].caption.contains("99 components of 120 training faces"), "{}", drawn[0].caption);
}

#[test]
fn what_is_found_is_marked_where_labels_say_that_it_is_right() {
    let drawn = figures::found::draw(&mut material(&labelled(), &mut bands(), 4), &mut go_on).unwrap();
    assert_eq!(drawn.len(), 3);
    let tile = [SIDE + 2 * FRAME, SIDE + 2 * FRAME + LINE];
    for Drawing { picture: board, caption, .. } in &drawn {
        let marks = |row| -> Vec<bool> {
            let framed = |column| {
                let [x, y] = corner(board, tile, [3, 6], [row, column]);
                *board.get_pixel(x + 1, y + SIDE / 2) == RIGHT
            };
            (0..7).map(framed).collect()
        };
        // Three other pictures of the person and four other faces with the expression, and they come first.
        assert_eq!(marks(0), [true, true, true, false, false, false, false], "{caption}");
        assert_eq!(marks(1), [true, true, true, true, false, false, false], "{caption}");
        assert_eq!((marks(2), marks(3)), (vec![false; 7], vec![false; 7]));
        for says in ["same person, 3 of 7 by identity", "same expression, 4 of 7", "same clip, which is not known here"]
        {
            assert!(caption.contains(says), "{says} in {caption}");
        }
        // A tick besides the colour.
        let [x, y] = corner(board, tile, [3, 6], [0, 0]);
        let white = (0..18).flat_map(|dx| (0..18).map(move |dy| (dx, dy)));
        let white = white.filter(|(dx, dy)| *board.get_pixel(x + tile[0] - 18 + dx, y + dy) == Rgb([255; 3])).count();
        assert!(white > 10, "{white} white pixels");
    }
}

#[test]
fn a_cell_has_one_part_of_the_face_above_it_and_the_rest_of_the_face_beside_it() {
    let faces = nameless(12);
    let drawn = figures::boards::draw(&mut material(&faces, &mut bands(), 5), &mut go_on).unwrap();
    assert_eq!(drawn.len(), 4);
    let tile = [SIDE; 2];
    for (part, Drawing { picture: board, file, .. }) in Part::ALL.into_iter().zip(&drawn) {
        assert_eq!(file, &format!("fig-5-transfer-{part}"));
        let at = |row, column| greys(board, corner(board, tile, [3, 3], [row, column]));
        let mut given = HashSet::new();
        for row in 0..4 {
            for column in 0..4 {
                let (made, source, target) = (at(row, column), at(-1, column), at(row, -1));
                given.insert(source[part as usize]);
                for one in Part::ALL {
                    let expected = if one == part { source } else { target };
                    assert_near(made[one as usize], expected[one as usize]);
                }
            }
        }
        assert_eq!(given.len(), 4, "four faces give");
    }
}

#[test]
fn labels_that_look_wrong_are_shown_and_counted() {
    let one = |number: usize| {
        let happy = number.is_multiple_of(2);
        // All of a class look alike: where a wrong label had one twin among other people's faces and no more, a reader
        // that learned it by heart would be right to read the twin by it.
        let shown = if happy { 200 } else { 40 };
        let greys = [128, 100, shown, 100 + number as u8];
        // Two labels are wrong.
        let label = happy != [20, 41].contains(&number);
        record(number, greys, Some(&format!("person {}", number / 3)), Some(u8::from(label)))
    };
    let faces = read((0..60).map(one).collect());
    let drawn = figures::doubtful::draw(&mut material(&faces, &mut bands(), 6), &mut go_on).unwrap();
    let Drawing { picture: board, caption, .. } = &drawn[0];
    assert!(caption.contains("Of 60 labels 2 are not what is read"), "{caption}");
    let tile = [SIDE + 2 * FRAME, SIDE + 2 * FRAME + LINE];
    let shown = |column| greys(board, corner(board, tile, [1, 1], [0, column]).map(|place| place + FRAME));
    let styles: HashSet<u8> = [0, 1].map(|column| shown(column)[3]).into();
    assert_eq!(styles, HashSet::from([120, 141]), "the two faces themselves");
}

#[test]
fn the_training_of_readers_and_pca_is_stopped() {
    let (few, many) = (labelled(), nameless(120));
    for seed in [1, 2] {
        let mut asked = 0;
        let mut watch = |done: usize, of: usize| {
            assert!(done < of);
            asked += 1;
            asked < 3
        };
        let stopped = if seed == 1 {
            figures::doubtful::draw(&mut material(&few, &mut bands(), seed), &mut watch)
        } else {
            figures::reconstructions::draw(&mut material(&many, &mut bands(), seed), &mut watch)
        };
        assert!(matches!(stopped, Err(FigureError::Stopped)), "{:?}", stopped.err());
    }
    // In the middle of a kind, too, there is no figure at all.
    let mut watch = |done: usize, of: usize| 6 * done <= 4 * of;
    assert!(figures::draw(&mut material(&few, &mut bands(), 1), &mut watch).unwrap().is_none());
}

#[test]
fn neutral_and_happy_are_swapped_within_a_person() {
    let faces = labelled();
    let drawn = figures::swapped::draw(&mut material(&faces, &mut bands(), 7), &mut go_on).unwrap();
    let Drawing { picture: board, caption, .. } = &drawn[0];
    assert!(caption.contains("(5 of 5 who have)"), "{caption}");
    for column in 0..5 {
        let at = |row| greys(board, corner(board, [SIDE; 2], [3, 4], [row, column]));
        let [neutral, made_neutral, happy, made_happy] = [0, 1, 2, 3].map(at);
        assert_near(neutral[1], happy[1]);
        let expression = Part::Expression as usize;
        for (made, own, other) in [(made_neutral, happy, neutral), (made_happy, neutral, happy)] {
            for part in 0..4 {
                assert_near(made[part], if part == expression { other[part] } else { own[part] });
            }
        }
    }
}

#[test]
fn what_cannot_be_drawn_is_said_in_a_sentence() {
    let few = nameless(7);
    let drawn = all(&few, 1);
    let files: Vec<&str> = drawn.drawings.iter().map(|drawing| drawing.file.as_str()).collect();
    assert_eq!(files, ["fig-3-samples"]);
    drawn.undrawn.iter().for_each(|sentence| assert_sentence(sentence));
    for says in ["Fig. 3", "Fig. 4", "Fig. 5", "8 faces and there are 7", "no face is labelled", "no person with"] {
        assert!(drawn.undrawn.iter().any(|sentence| sentence.contains(says)), "{says} in {:?}", drawn.undrawn);
    }

    let faces = labelled();
    let mut model = Bands { can_edit: false, ..bands() };
    let drawn = figures::draw(&mut material(&faces, &mut model, 1), &mut go_on).unwrap().unwrap();
    let files: Vec<&str> = drawn.drawings.iter().map(|drawing| drawing.file.as_str()).collect();
    assert_eq!(files, ["fig-3-reconstructions", "fig-3-samples"]);
    assert!(!drawn.drawings[0].caption.contains("Phi"));
    assert!(drawn.undrawn.len() == 4 && drawn.undrawn.iter().all(|sentence| sentence.contains("stage two")));
    drawn.undrawn.iter().for_each(|sentence| assert_sentence(sentence));

    let one = |number: usize| record(number, [128, 100, 100 + number as u8, 100], None, Some(3));
    let alike = read((0..30).map(one).collect());
    let refused = figures::doubtful::draw(&mut material(&alike, &mut bands(), 1), &mut go_on).unwrap_err();
    assert!(matches!(refused, FigureError::NoReader(_)), "{refused}");
    assert_sentence(&refused.to_string());
}

#[test]
fn faces_are_chosen_by_the_seed_of_different_people_and_far_apart() {
    let order = choose::drawn(50, 9, "a test");
    assert_eq!(order.iter().copied().collect::<HashSet<_>>().len(), 50);
    assert_eq!(order, choose::drawn(50, 9, "a test"));
    assert_ne!(order, choose::drawn(50, 9, "another"));
    assert!(choose::drawn(0, 9, "a test").is_empty());

    let people = [7, 7, 8, 7, 9, 8];
    assert_eq!(choose::of_different_people(&[1, 0, 3, 5, 4, 2], &people, 3), [1, 5, 4]);
    assert_eq!(choose::of_different_people(&[1, 0, 3, 5, 4, 2], &people, 5), [1, 5, 4, 0, 3]);

    let places = [0.0, 1.0, 9.0, 4.0, 10.0_f32];
    let apart = |a: usize, b: usize| (places[a] - places[b]).abs();
    assert_eq!(choose::far_apart(&[1, 0, 2, 3, 4], 3, apart), [1, 4, 3]);
    assert_eq!(choose::far_apart(&[2, 3], 5, apart), [2, 3]);
    assert!(choose::far_apart(&[], 2, apart).is_empty());
}
