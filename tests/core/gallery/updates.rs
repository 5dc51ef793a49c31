//! An index kept up with folders of photographs: only what is new, changed or gone is touched.

use std::fs;
use std::sync::atomic::{AtomicUsize, Ordering};

use facespace::gallery::{FaceCard, From, GalleryError, Index, Report, Tools, update};
use facespace::nn::Code;
use image::{ImageFormat, Rgb, RgbImage};
use rusqlite::Connection;

use super::{Desk, assert_says, code, given, look, model, png, see, touch};
use crate::data::bytes_of;

/// Files that were added, changed, removed, moved and left alone, without the numbers of faces.
fn files(report: &Report) -> [usize; 5] {
    [report.added, report.changed, report.removed, report.moved, report.unchanged]
}

#[test]
fn all_faces_of_all_pictures_are_found_once() {
    let mut desk = Desk::new();
    desk.put("a.png", &[40, 50, 60]);
    desk.put("deep/er/b.png", &[70]);
    desk.put("none.png", &[0]);
    desk.put(".hidden.png", &[80]);
    desk.put(".hidden/c.png", &[80]);
    fs::write(desk.picture("notes.txt"), b"no picture").unwrap();
    let report = desk.update();
    assert_eq!((files(&report), report.faces_added, report.no_face), ([3, 0, 0, 0, 0], 4, 1), "{report:?}");
    assert!(report.failed.is_empty() && !report.cancelled);
    assert_eq!(desk.work(), (3, 4));
    let shades: Vec<(String, Vec<u8>)> = desk.shades().into_iter().collect();
    assert_eq!(shades, [("a.png".to_owned(), vec![40, 50, 60]), ("b.png".to_owned(), vec![70])]);
    let seconds = report.seconds;
    assert!(seconds.total > 0.0 && seconds.store > 0.0 && seconds.store < seconds.total && seconds.look > 0.0);

    let report = desk.update();
    assert_eq!((files(&report), report.faces_added, report.no_face), ([0, 0, 0, 0, 3], 0, 0), "{report:?}");
    assert_eq!(desk.work(), (0, 0));
    assert_eq!(desk.index().info().unwrap().sources, [desk.pictures()]);
}

#[test]
fn a_face_knows_where_it_was_seen() {
    let mut desk = Desk::new();
    let path = desk.put("two.png", &[40, 50]);
    desk.put("one.png", &[60]);
    desk.update();
    let expected = look(&facespace::data::image::load(&path).unwrap());
    for (number, look) in (1..).zip(expected) {
        let card = desk.cards().into_iter().find(|card| card.from.file() == path && card.number == number).unwrap();
        let from = From::Photo { path: path.clone(), square: look.square, found: look.found, size: (256, 128) };
        assert_eq!((card.from, card.confidence, card.missing), (from, Some(0.875), false));
        let thumbnail = desk.index().thumbnail(card.key).unwrap().unwrap();
        let thumbnail = facespace::data::image::decode(&thumbnail).unwrap();
        assert_eq!(thumbnail.dimensions(), (96, 96));
        assert!(thumbnail.get_pixel(48, 48).0[0].abs_diff([40, 50][number - 1]) < 4);
    }
    assert_eq!(desk.card("one.png").confidence, None);
}

#[test]
fn what_is_new_changed_or_gone_is_touched_alone() {
    let mut desk = Desk::new();
    for (name, shade) in [("a.png", 40), ("b.png", 50), ("c.png", 60), ("d.png", 70)] {
        desk.put(name, &[shade]);
    }
    desk.update();
    let kept = desk.card("a.png");
    desk.work();
    desk.put("b.png", &[51, 52]);
    touch(&desk.picture("b.png"), 1_000_000);
    fs::remove_file(desk.picture("c.png")).unwrap();
    touch(&desk.picture("d.png"), 1_000_000);
    desk.put("e.png", &[80]);
    let report = desk.update();
    assert_eq!(files(&report), [1, 1, 1, 0, 2], "{report:?}");
    assert_eq!((report.faces_added, report.faces_removed), (3, 2));
    // A touched file is read, but not looked at.
    assert_eq!(desk.work(), (2, 3));
    assert_eq!(desk.card("a.png"), kept);
    let names: Vec<String> = desk.shades().into_keys().collect();
    assert_eq!(names, ["a.png", "b.png", "d.png", "e.png"]);
    assert_eq!(desk.shades()["b.png"], [51, 52]);
    let report = desk.update();
    assert_eq!(files(&report), [0, 0, 0, 0, 4], "{report:?}");
}

#[test]
fn moved_pictures_keep_their_faces_and_names() {
    let mut desk = Desk::new();
    for (name, shade) in [("a.png", 40), ("b.png", 50), ("c.png", 60)] {
        desk.put(name, &[shade]);
    }
    desk.update();
    let (a, b) = (desk.card("a.png"), desk.card("b.png"));
    desk.index().rename(&[a.key], "Anna").unwrap();
    desk.work();
    fs::create_dir(desk.picture("deep")).unwrap();
    fs::rename(desk.picture("a.png"), desk.picture("deep/d.png")).unwrap();
    // One that takes the place of another.
    fs::rename(desk.picture("b.png"), desk.picture("c.png")).unwrap();
    touch(&desk.picture("c.png"), 1_000_000);
    let report = desk.update();
    assert_eq!(files(&report), [0, 0, 0, 2, 0], "{report:?}");
    assert_eq!((report.faces_added, report.faces_removed), (0, 1));
    assert_eq!(desk.work(), (0, 0));
    let moved = desk.card("d.png");
    assert_eq!((moved.key, moved.labels.person.as_deref()), (a.key, Some("Anna")));
    assert_eq!(moved.from.file(), desk.picture("deep/d.png"));
    assert_eq!((desk.card("c.png").key, desk.shades().len()), (b.key, 2));
    assert_eq!(files(&desk.update()), [0, 0, 0, 0, 2]);
}

#[test]
fn what_was_moved_before_it_was_encoded_anew_keeps_its_name() {
    let mut desk = Desk::new();
    desk.put("a.png", &[40]);
    desk.update();
    let key = desk.card("a.png").key;
    desk.index().rename(&[key], "Anna").unwrap();
    desk.index().rebuild(&model("other")).unwrap();
    fs::rename(desk.picture("a.png"), desk.picture("b.png")).unwrap();
    let report = desk.update();
    assert_eq!((files(&report), report.faces_added, report.faces_removed), ([0, 0, 0, 1, 0], 1, 0), "{report:?}");
    let moved = desk.card("b.png");
    assert_eq!((moved.key, moved.labels.person.as_deref()), (key, Some("Anna")));
}

#[test]
fn a_picture_that_was_saved_anew_keeps_the_faces_that_are_the_same() {
    let mut desk = Desk::new();
    let path = desk.put("a.png", &[40, 50]);
    desk.update();
    let before = desk.cards();
    let key = desk.card("a.png").key;
    desk.index().rename(&[key], "Anna").unwrap();
    let mut picture = facespace::data::image::decode(&png(&[40, 50])).unwrap();
    picture.put_pixel(0, 0, Rgb([1; 3]));
    fs::write(&path, bytes_of(picture, ImageFormat::Png)).unwrap();
    touch(&path, 1_000_000);
    let report = desk.update();
    assert_eq!((files(&report), report.faces_added, report.faces_removed), ([0, 1, 0, 0, 0], 0, 0), "{report:?}");
    let keys = |cards: &[FaceCard]| cards.iter().map(|card| card.key).collect::<Vec<_>>();
    assert_eq!(keys(&desk.cards()), keys(&before));
    assert_eq!(desk.card("a.png").labels.person.as_deref(), Some("Anna"));

    // Another face in her place is somebody else's.
    desk.put("a.png", &[41, 50]);
    touch(&path, 2_000_000);
    let report = desk.update();
    assert_eq!((report.faces_added, report.faces_removed), (1, 1), "{report:?}");
    assert!(!keys(&desk.cards()).contains(&key) && desk.index().people().unwrap().names.is_empty());
}

#[cfg(unix)]
#[test]
fn a_picture_that_cannot_be_read_for_a_while_keeps_its_faces() {
    use std::os::unix::fs::PermissionsExt;
    let mut desk = Desk::new();
    let path = desk.put("a.png", &[40]);
    desk.update();
    let before = desk.card("a.png");
    touch(&path, 1_000_000);
    let allow = |mode: u32| fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
    allow(0o000);
    if fs::read(&path).is_ok() {
        // Root is kept from nothing.
        return;
    }
    for _ in 0..2 {
        let report = desk.update();
        assert_eq!((report.failed.len(), report.faces_removed), (1, 0), "{report:?}");
        assert_eq!(desk.card("a.png"), before);
    }
    allow(0o644);
    let report = desk.update();
    assert_eq!((files(&report), report.failed.len()), ([0, 1, 0, 0, 0], 0), "{report:?}");
    assert_eq!(desk.card("a.png"), before);
    assert!(desk.index().failures().unwrap().is_empty());
}

#[test]
fn a_file_of_two_sources_stays_with_the_one_that_is_left() {
    let mut desk = Desk::new();
    desk.put("a.png", &[40]);
    desk.put("deep/b.png", &[50]);
    let deep = desk.picture("deep");
    desk.update_with(&[deep.clone(), desk.pictures()], usize::MAX).unwrap();
    let key = desk.card("b.png").key;
    assert_eq!(desk.index().forget(&deep).unwrap(), 0);
    assert_eq!(files(&desk.update()), [0, 0, 0, 0, 2]);
    // The other way round.
    desk.update_with(&[deep, desk.pictures()], usize::MAX).unwrap();
    assert_eq!(desk.index().forget(&desk.pictures()).unwrap(), 1);
    let report = desk.update_with(&[], usize::MAX).unwrap();
    assert_eq!((files(&report), report.failed.len()), ([0, 0, 0, 0, 1], 0), "{report:?}");
    assert_eq!((desk.card("b.png").key, desk.index().faces().unwrap()), (key, 1));
}

#[test]
fn a_folder_that_was_moved_is_found_where_it_is() {
    let mut desk = Desk::new();
    desk.put("a.png", &[40]);
    desk.put("b.png", &[50]);
    desk.update();
    let before = desk.card("a.png").key;
    let elsewhere = desk.path("elsewhere");
    fs::rename(desk.pictures(), &elsewhere).unwrap();

    let report = desk.update_with(&[], usize::MAX).unwrap();
    assert_eq!((files(&report), report.failed.len()), ([0; 5], 1), "{report:?}");
    assert!(report.failed[0].1.starts_with("The source is not there"), "{report:?}");
    assert_eq!(desk.index().faces().unwrap(), 2, "what is not there keeps its faces");

    let report = desk.update_with(std::slice::from_ref(&elsewhere), usize::MAX).unwrap();
    assert_eq!(files(&report), [0, 0, 0, 2, 0], "{report:?}");
    assert_eq!(desk.card("a.png").key, before);
    assert_eq!(desk.index().info().unwrap().sources, [elsewhere]);
}

#[test]
fn an_empty_folder_is_not_taken_for_an_unmounted_disk() {
    let mut desk = Desk::new();
    desk.put("a.png", &[40]);
    desk.update();
    fs::remove_file(desk.picture("a.png")).unwrap();
    let report = desk.update_with(&[], usize::MAX).unwrap();
    assert_eq!((files(&report), report.faces_removed, report.failed), ([0, 0, 1, 0, 0], 1, vec![]));
    assert_eq!(desk.index().faces().unwrap(), 0);
}

#[test]
fn a_bad_picture_is_told_once_and_tried_again_when_it_changes() {
    let mut desk = Desk::new();
    desk.put("a.png", &[40]);
    let bad = desk.picture("bad.png");
    let whole = png(&[50]);
    fs::write(&bad, &whole[..whole.len() / 2]).unwrap();
    let report = desk.update();
    assert_eq!((files(&report), report.failed.len()), ([1, 0, 0, 0, 0], 1), "{report:?}");
    let (path, sentence) = &report.failed[0];
    assert_eq!(path, &bad);
    assert!(sentence.starts_with("The PNG picture is cut off") && sentence.ends_with(&format!(": {}", bad.display())));
    assert_eq!(desk.index().failures().unwrap(), report.failed);
    assert_eq!((desk.index().info().unwrap().failed, desk.index().info().unwrap().files), (1, 2));

    let report = desk.update();
    assert_eq!((files(&report), report.failed.len()), ([0, 0, 0, 0, 2], 0), "{report:?}");
    desk.put("bad.png", &[50]);
    assert_eq!(files(&desk.update()), [0, 1, 0, 0, 1]);
    assert_eq!(desk.shades()["bad.png"], [50]);
    assert!(desk.index().failures().unwrap().is_empty());
    // The other way round, its face goes.
    fs::write(&bad, b"no picture").unwrap();
    let report = desk.update();
    assert_eq!((report.failed.len(), report.faces_removed), (1, 1), "{report:?}");
}

#[test]
fn a_decoder_that_stumbles_costs_one_picture() {
    let desk = Desk::new();
    desk.put("a.png", &[40]);
    desk.put("b.png", &[50]);
    let seen = |photo: &RgbImage, stop: &dyn Fn() -> bool| match photo.get_pixel(64, 64).0[0] {
        40 => panic!("a rehearsed panic"),
        _ => see(photo, stop),
    };
    let mut encode = |crops: &[RgbImage]| -> Result<Vec<Code>, String> { Ok(vec![code(50); crops.len()]) };
    let tools = Tools { look: &seen, encode: &mut encode, threads: 1 };
    let report = update(&mut desk.index(), &[desk.pictures()], tools, &mut |_| true).unwrap();
    assert_eq!((report.added, report.failed.len()), (1, 1), "{report:?}");
    assert!(report.failed[0].1.ends_with("a.png") && report.failed[0].1.contains("; "));
}

#[test]
fn every_thread_looks_alone() {
    let desk = Desk::new();
    for i in 0..8 {
        desk.put(&format!("{i}.png"), &[40 + i]);
    }
    // How many threads whatever computes within would use.
    let most = AtomicUsize::new(0);
    let seen = |photo: &RgbImage, stop: &dyn Fn() -> bool| {
        most.fetch_max(rayon::current_num_threads(), Ordering::Relaxed);
        see(photo, stop)
    };
    let mut encode = |crops: &[RgbImage]| -> Result<Vec<Code>, String> { Ok(vec![code(50); crops.len()]) };
    let tools = Tools { look: &seen, encode: &mut encode, threads: 3 };
    assert_eq!(update(&mut desk.index(), &[desk.pictures()], tools, &mut |_| true).unwrap().added, 8);
    assert_eq!(most.into_inner(), 1);
}

#[test]
fn a_stop_keeps_what_is_stored() {
    let mut desk = Desk::new();
    for i in 0..40 {
        desk.put(&format!("{i:02}.png"), &[40 + i]);
    }
    let mut found = 0;
    for _ in 0..40 {
        let report = desk.update_with(&[desk.pictures()], 5).unwrap();
        found += report.faces_added;
        assert_eq!(desk.index().faces().unwrap(), found);
        if !report.cancelled {
            break;
        }
        assert!(report.added >= 5, "{report:?}");
    }
    assert_eq!(desk.shades().len(), 40);
    assert_eq!(desk.work().1, 40, "nothing is encoded twice");
}

#[test]
fn networks_that_fail_end_it_in_their_own_words() {
    let mut desk = Desk::new();
    desk.put("a.png", &[40]);
    let mut encode =
        |_: &[RgbImage]| -> Result<Vec<Code>, String> { Err("The networks stopped; report this".to_owned()) };
    let tools = Tools { look: &see, encode: &mut encode, threads: 3 };
    let error = update(&mut desk.index(), &[desk.pictures()], tools, &mut |_| true).unwrap_err();
    assert_eq!(error.to_string(), "The networks stopped; report this");
    assert_eq!(desk.update().added, 1, "and it goes on from there");
}

#[test]
fn sources_are_folders_and_files_and_nothing_is_listed_twice() {
    let mut desk = Desk::new();
    let a = desk.put("a.png", &[40]);
    desk.put("deep/b.png", &[50]);
    let odd = desk.path("picture without an ending");
    fs::write(&odd, png(&[60])).unwrap();
    let sources = [a, desk.pictures(), desk.pictures().join("deep/.."), desk.picture("deep"), odd.clone()];
    let report = desk.update_with(&sources, usize::MAX).unwrap();
    assert_eq!((report.added, report.failed.len()), (3, 0), "{report:?}");
    assert_eq!(desk.shades().len(), 3);
    let report = desk.update_with(&[], usize::MAX).unwrap();
    assert_eq!((report.unchanged, report.failed.len()), (3, 0), "{report:?}");

    let nowhere = desk.path("nowhere");
    let error = desk.update_with(std::slice::from_ref(&nowhere), usize::MAX).unwrap_err();
    assert_says(&error, "There is no such file or folder", &nowhere);
    let table = desk.path("pose.parquet");
    fs::write(&table, b"").unwrap();
    let error = desk.update_with(std::slice::from_ref(&table), usize::MAX).unwrap_err();
    assert_says(&error, "neither a folder nor a picture", &table);
    let empty = desk.path("empty");
    fs::create_dir(&empty).unwrap();
    let report = desk.update_with(std::slice::from_ref(&empty), usize::MAX).unwrap();
    assert_eq!(report.failed[0].0, empty);

    assert_eq!(desk.index().forget(&odd).unwrap(), 1);
    assert!(matches!(desk.index().forget(&odd), Err(GalleryError::NoSource(_))));
    assert_eq!(desk.shades().len(), 2);
}

#[test]
fn a_file_that_changed_in_hand_is_not_stored_twice() {
    let mut desk = Desk::new();
    desk.put("a.png", &[40, 50]);
    desk.update();
    let before = desk.cards();
    // As if it had been listed before its last change and read after it.
    let database = Connection::open(desk.folder().join("faces.sqlite")).unwrap();
    database.execute("UPDATE files SET size = size - 1, modified = modified - 1", []).unwrap();
    drop(database);
    assert_eq!(files(&desk.update()), [0, 0, 0, 0, 1]);
    assert_eq!(desk.cards(), before);
}

#[cfg(unix)]
#[test]
fn links_are_followed_but_not_in_circles() {
    use std::os::unix::fs::symlink;
    let mut desk = Desk::new();
    desk.put("a.png", &[40]);
    let outside = desk.path("outside");
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join("b.png"), png(&[50])).unwrap();
    symlink(desk.pictures(), desk.picture("round")).unwrap();
    symlink(&outside, desk.picture("linked")).unwrap();
    symlink(&outside, desk.picture("linked again")).unwrap();
    symlink(desk.picture("a.png"), desk.picture("same.png")).unwrap();
    symlink(desk.path("nowhere.png"), desk.picture("dangling.png")).unwrap();
    let report = desk.update();
    assert_eq!((report.added, report.failed.len()), (2, 0), "{report:?}");
    assert_eq!(desk.update().unchanged, 2);
}

#[test]
fn the_index_may_lie_among_its_pictures() {
    let mut desk = Desk::new();
    desk.put("a.png", &[40]);
    let folder = desk.picture("index");
    let mut index = Index::create(&folder, &model("plain")).unwrap();
    fs::write(folder.join("stray.png"), png(&[50])).unwrap();
    let report = desk.update_of(&mut index, &[desk.pictures()], usize::MAX).unwrap();
    assert_eq!(report.added, 1, "{report:?}");
}

#[test]
fn faces_given_by_hand_stay_until_their_file_is_seen() {
    let mut desk = Desk::new();
    desk.index().insert(&[given(&desk.picture("a.png"), 40), given(&desk.path("b.png"), 50)]).unwrap();
    desk.put("c.png", &[60]);
    let report = desk.update();
    assert_eq!((files(&report), desk.index().faces().unwrap()), ([1, 0, 0, 0, 0], 3), "{report:?}");
    desk.put("a.png", &[41]);
    let report = desk.update();
    assert_eq!((files(&report), report.faces_removed), ([0, 1, 0, 0, 1], 1), "{report:?}");
    assert_eq!(desk.shades()["a.png"], [41]);
}

#[test]
fn other_weights_encode_everything_anew_and_people_stay() {
    let mut desk = Desk::new();
    desk.put("a.png", &[40, 50]);
    desk.put("b.png", &[60]);
    desk.put("none.png", &[0]);
    desk.update();
    desk.index().insert(&[given(&desk.path("given.png"), 70)]).unwrap();
    let keys: Vec<i64> = desk.cards().iter().filter(|card| !card.missing).map(|card| card.key).collect();
    let a = desk.card("a.png").key;
    desk.index().rename(&[a], "Anna").unwrap();
    desk.work();

    let mut index = desk.index();
    index.rebuild(&model("other")).unwrap();
    assert_eq!((index.model(), index.faces().unwrap()), (&model("other"), 0));
    assert!(index.card(a).unwrap().is_none());
    index.require(&model("other")).unwrap();
    drop(index);
    // A stop in between is made up for.
    assert!(desk.update_with(&[], 1).unwrap().cancelled);
    let report = desk.update();
    assert!(!report.cancelled && report.failed.is_empty(), "{report:?}");
    assert_eq!(desk.work().1, 3);
    let mut again = desk.index().keys().unwrap();
    again.sort_unstable();
    assert_eq!(again, keys);
    assert_eq!(desk.card("a.png").labels.person.as_deref(), Some("Anna"));
    assert_eq!((desk.card("a.png").key, &desk.index().info().unwrap().model), (a, &model("other")));
    assert_eq!(files(&desk.update()), [0, 0, 0, 0, 3]);
}
