//! Pictures opened and saved, edits saved and read.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;

use facespace::data::image::load;
use facespace::engine::open::Placement;
use facespace::engine::protocol::{BoardEdge, BoardPicture, Opened, Origin, Save, Source};
use facespace::engine::{Event, Refused};
use facespace::face::{AngleEdit, Edit, ModelName, Part, Recipe};
use image::ImageFormat;

use super::{Script, Window, face, failure};
use crate::data::{bytes_of, pattern};

fn window() -> Window {
    Window::of(&Script::new(|_| ()))
}

/// A folder of `count` crops.
fn crops(count: usize) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let bytes = bytes_of(pattern(128, 128), ImageFormat::Png);
    for i in 0..count {
        fs::write(folder.path().join(format!("{i:03}.png")), &bytes).unwrap();
    }
    folder
}

fn all_of(folder: &Path) -> Vec<(Source, Placement)> {
    vec![(Source::Path(folder.to_owned()), Placement::BySize)]
}

/// Opens one source and gives what came of it.
fn open(window: &Window, source: Source, placement: Placement) -> Result<Opened, String> {
    let ticket = window.studio.open(vec![(source, placement)]).unwrap();
    let mut events = window.until_closed(&ticket);
    assert!(matches!(events.pop(), Some(Event::Done { .. })));
    assert_eq!(events.len(), 1);
    match events.pop() {
        Some(Event::Opened { opened, .. }) => Ok(*opened),
        Some(Event::NotOpened { sentence, .. }) => Err(sentence),
        other => panic!("{other:?}"),
    }
}

#[test]
fn five_hundred_files_open_with_progress() {
    let folder = crops(500);
    fs::write(folder.path().join("007.png"), b"no picture").unwrap();
    fs::write(folder.path().join("400.png"), bytes_of(pattern(60, 40), ImageFormat::Png)).unwrap();
    let window = window();
    let mut sources = all_of(folder.path());
    sources.push((Source::Path(folder.path().join("missing.png")), Placement::BySize));
    let ticket = window.studio.open(sources).unwrap();

    let mut places = HashSet::new();
    let mut progress = Vec::new();
    loop {
        match window.event() {
            Event::Opened { opened, number } => {
                assert_eq!(number, ticket.number());
                assert_eq!(opened.name, format!("{:03}.png", opened.place));
                assert_eq!(opened.path.as_deref(), Some(&*folder.path().join(&opened.name)));
                assert_eq!(opened.crop.is_none(), opened.place == 400, "only the photograph needs its face marked");
                assert!(places.insert(opened.place));
            }
            Event::NotOpened { place, sentence, .. } => {
                let file = folder.path().join(if place == 7 { "007.png" } else { "missing.png" });
                assert!(sentence.ends_with(&format!(": {}", file.display())), "{sentence}");
                assert!(places.insert(place));
            }
            Event::Done { number } if number == ticket.number() => break,
            other => panic!("{other:?}"),
        }
        progress.push(ticket.progress());
    }
    assert_eq!(places, (0..501).collect());
    assert!(progress.is_sorted() && progress.iter().all(|(done, total)| done <= total && *total == 501));
    assert_eq!(ticket.progress(), (501, 501));
}

#[test]
fn opening_is_called_off_on_the_way() {
    let folder = crops(500);
    let window = window();
    let ticket = window.studio.open(all_of(folder.path())).unwrap();
    for _ in 0..10 {
        assert!(matches!(window.event(), Event::Opened { .. }));
    }
    ticket.cancel();
    let rest = window.until_closed(&ticket);
    assert!(matches!(rest.last(), Some(Event::Cancelled { .. })));
    assert!(rest.len() < 100, "{}", rest.len());
}

#[test]
fn what_is_short_does_not_wait_behind_a_folder() {
    let folder = crops(500);
    let window = window();
    let many = window.studio.open(all_of(folder.path())).unwrap();
    assert!(matches!(window.event(), Event::Opened { .. }));
    let path = folder.path().join("turned.json");
    let short = window.studio.save_edit(path.clone(), Edit::default(), None).unwrap();
    // Nobody reads the pictures meanwhile, so the folder stands still.
    while short.progress() != (1, 1) {
        thread::yield_now();
    }
    assert!(path.exists() && many.progress().0 < 50, "{:?}", many.progress());
}

#[test]
fn a_photograph_is_cropped_where_its_points_lie() {
    let window = window();
    let photo = Arc::new(pattern(300, 200));
    let source = || Source::Picture { name: "pasted".to_owned(), photo: Arc::clone(&photo) };
    let plain = open(&window, source(), Placement::BySize).unwrap();
    assert!(plain.crop.is_none() && plain.path.is_none() && Arc::ptr_eq(&plain.photo, &photo));

    let points = [[120.0, 80.0], [180.0, 80.0], [150.0, 140.0]];
    let cropped = open(&window, source(), Placement::Points(points)).unwrap().crop.unwrap();
    assert_eq!(cropped.picture.dimensions(), (128, 128));
    assert_eq!(cropped.square.roll_deg(), 0.0);
    let aligned = open(&window, source(), Placement::Aligned).unwrap().crop.unwrap();
    assert_eq!((aligned.square.centre, aligned.square.half_side), ([150.0, 100.0], 100.0));

    let outside = [[120.0, 80.0], [180.0, 80.0], [150.0, 240.0]];
    assert_eq!(
        open(&window, source(), Placement::Points(outside)).unwrap_err(),
        "The point 150,240 lies outside the picture of 300 x 200; give one inside: pasted"
    );
    let tiny = Source::Picture { name: "pasted".to_owned(), photo: Arc::new(pattern(300, 20)) };
    assert!(open(&window, tiny, Placement::BySize).unwrap_err().starts_with("The picture is 300 x 20 pixels"));
}

#[test]
fn bytes_open_like_a_file() {
    let window = window();
    let bytes = bytes_of(pattern(168, 168), ImageFormat::Png);
    let source = Source::Bytes { name: "sample".to_owned(), bytes: bytes.into() };
    let crop = open(&window, source, Placement::BySize).unwrap().crop.unwrap();
    assert_eq!((crop.square.centre, crop.square.half_side), ([84.0, 84.0], 64.0));
    let broken = Source::Bytes { name: "sample".to_owned(), bytes: b"nothing"[..].into() };
    assert!(open(&window, broken, Placement::BySize).unwrap_err().ends_with(": sample"));
}

fn save(path: PathBuf, sources: Vec<PathBuf>) -> Save {
    Save {
        path,
        picture: Arc::new(pattern(64, 64)),
        paste: None,
        origin: Origin::Generated,
        command: "edit".to_owned(),
        model: "stand-in".to_owned(),
        sources,
        makes_folder: false,
    }
}

#[test]
fn a_picture_is_saved_and_never_over_its_photograph() {
    let folder = tempfile::tempdir().unwrap();
    let window = window();
    let path = folder.path().join("new.png");
    let ticket = window.studio.save(save(path.clone(), Vec::new())).unwrap();
    assert!(matches!(window.answer(&ticket), Event::Saved { path: saved, .. } if saved == path));
    assert_eq!(load(&path).unwrap(), pattern(64, 64));

    let ticket = window.studio.save(save(path.clone(), vec![path.clone()])).unwrap();
    assert!(failure(window.answer(&ticket)).starts_with("The result would overwrite"));
    let ticket = window.studio.save(save(folder.path().join("none/new.png"), Vec::new())).unwrap();
    assert!(failure(window.answer(&ticket)).starts_with("The folder to write into does not exist"));
    let path = folder.path().join("none/new.png");
    let ticket = window.studio.save(Save { makes_folder: true, ..save(path.clone(), Vec::new()) }).unwrap();
    assert!(matches!(window.answer(&ticket), Event::Saved { .. }) && path.is_file());
}

#[test]
fn an_edit_is_saved_and_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let window = window();
    let path = folder.path().join("edit.json");
    let mut edit = Edit::default();
    edit.pose.yaw = Some(AngleEdit::Set(20.0));
    let ticket = window.studio.save_edit(path.clone(), edit.clone(), None).unwrap();
    assert!(matches!(window.answer(&ticket), Event::Saved { .. }));
    let ticket = window.studio.read_edit(path.clone()).unwrap();
    assert!(matches!(window.answer(&ticket), Event::EditRead { edit: read, .. } if *read == edit));

    fs::write(&path, "{}").unwrap();
    let ticket = window.studio.read_edit(path.clone()).unwrap();
    let sentence = failure(window.answer(&ticket));
    assert!(sentence.starts_with("This is not an edit file") && sentence.ends_with(&format!(": {}", path.display())));
}

#[test]
fn a_recipe_is_saved_and_read_again_with_its_weights() {
    let folder = tempfile::tempdir().unwrap();
    let window = window();
    let path = folder.path().join("recipe.json");
    let sources = [("anna".to_owned(), face(20.0), 1.0)];
    let recipe = Recipe::from_faces(&sources, &[(Part::Pose, 0.5), (Part::Style, 1.0)]);
    let model = ModelName { name: "stand-in".to_owned(), fingerprint: "0123456789abcdef".to_owned() };
    let ticket = window.studio.save_recipe(path.clone(), recipe.clone(), model.clone()).unwrap();
    assert!(matches!(window.answer(&ticket), Event::Saved { path: saved, .. } if saved == path));
    let ticket = window.studio.read_recipe(path.clone()).unwrap();
    let Event::RecipeRead { recipe: read, model: made_with, .. } = window.answer(&ticket) else { panic!("no recipe") };
    assert_eq!((read.gifts.len(), made_with), (2, model));
    assert_eq!(read.apply(&face(0.0)).unwrap().pose.yaw_deg, 10.0);

    fs::write(&path, "{}").unwrap();
    let ticket = window.studio.read_recipe(path.clone()).unwrap();
    let sentence = failure(window.answer(&ticket));
    assert!(sentence.starts_with("This is not a recipe file") && sentence.ends_with(&format!(": {}", path.display())));
}

#[test]
fn a_board_is_saved_as_one_sheet_and_never_over_a_photograph() {
    let folder = tempfile::tempdir().unwrap();
    let window = window();
    let path = folder.path().join("board.png");
    let picture = Arc::new(pattern(128, 128));
    let edge = |label: &str| BoardEdge { label: label.to_owned(), picture: Some(Arc::clone(&picture)) };
    let board = BoardPicture {
        cells: vec![vec![Some(Arc::clone(&picture)), None, Some(Arc::clone(&picture))]],
        across: vec![edge("anna"), edge("berta"), edge("clara")],
        down: vec![edge("dora")],
        corner: "expression".to_owned(),
        command: "transfer".to_owned(),
        model: "stand-in".to_owned(),
        sources: Vec::new(),
    };
    let ticket = window.studio.save_board(path.clone(), board.clone()).unwrap();
    assert!(matches!(window.answer(&ticket), Event::Saved { path: saved, .. } if saved == path));
    let (width, height) = load(&path).unwrap().dimensions();
    assert!(width > 4 * 128 && height > 2 * 128, "{width} x {height}");

    let over = BoardPicture { sources: vec![path.clone()], ..board };
    let ticket = window.studio.save_board(path, over).unwrap();
    assert!(failure(window.answer(&ticket)).starts_with("The result would overwrite"));
}

#[test]
fn too_many_file_requests_are_refused() {
    let window = window();
    let mut taken = Vec::new();
    // Nobody reads the answers, so the requests pile up.
    let refused = loop {
        match window.studio.read_edit(PathBuf::from("no/such/file")) {
            Ok(ticket) => taken.push(ticket),
            Err(refused) => break refused,
        }
    };
    assert_eq!(refused, Refused::Full);
    let mut closed: Vec<u64> = (0..taken.len()).filter_map(|_| window.event().closes()).collect();
    closed.sort_unstable();
    assert_eq!(closed, taken.iter().map(|ticket| ticket.number()).collect::<Vec<_>>());
}
