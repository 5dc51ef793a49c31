//! Cached codes: whole after every interruption.

use std::cell::Cell;
use std::fs::{self, OpenOptions};
use std::path::Path;

use facespace::data::crops::CropSet;
use facespace::data::image::RgbImage;
use facespace::data::image::views;
use facespace::nn::{Code, NnError};
use facespace::train::codes::{Cached, CodeView, Codes, CodesError, Recipe, view_of};
use facespace::train::random::{below, rng_for};

use super::crop_sets::{damage, plain_set};

const RECIPE: Recipe = Recipe { seed: 3, encoder: 17, turn_deg: 15.0, stretch: false };

/// Means of 99 parts of a picture.
fn code_of(picture: &RgbImage) -> Code {
    let bytes = picture.as_raw();
    let part = bytes.len() / 99;
    std::array::from_fn(|i| bytes[i * part..(i + 1) * part].iter().map(|&v| f32::from(v)).sum::<f32>() / part as f32)
}

fn encode(pictures: &[RgbImage]) -> Result<Vec<Code>, NnError> {
    Ok(pictures.iter().map(code_of).collect())
}

fn build(path: &Path, set: &CropSet, recipe: Recipe) -> Codes {
    Codes::build(path, set, recipe, 2, &mut encode, &mut |_, _| true).unwrap()
}

/// How many pictures are encoded when the codes are built.
fn work(path: &Path, set: &CropSet, recipe: Recipe) -> usize {
    let count = Cell::new(0);
    let mut counting = |pictures: &[RgbImage]| {
        count.set(count.get() + pictures.len());
        encode(pictures)
    };
    Codes::build(path, set, recipe, 1, &mut counting, &mut |_, _| true).unwrap();
    count.get()
}

#[test]
fn each_view_has_its_code_and_its_label() {
    let folder = tempfile::tempdir().unwrap();
    let set = plain_set(folder.path(), 40);
    let codes = build(&folder.path().join("codes"), &set, RECIPE);
    assert_eq!(codes.len(), 40);
    for crop in [0, 5, 31, 32, 39] {
        let stored = set.picture(crop).unwrap();
        let known = set.label(crop).unwrap();
        for view in CodeView::ALL {
            let seen = view_of(RECIPE, crop, view, 168);
            let cached = Cached { crop, view };
            assert_eq!(codes.code(cached).unwrap(), code_of(&views::render(&stored, &seen, false)));
            let label = codes.label(&set, cached).unwrap();
            assert_eq!(label.pose_deg, Some(views::pose_seen(known.pose_deg.unwrap(), &seen)));
            let points = views::landmarks_seen(known.landmarks.as_ref().unwrap(), 168, &seen);
            assert_eq!(label.landmarks.as_deref(), Some(&points));
        }
    }
    let pair = [Cached { crop: 1, view: CodeView::Turned }, Cached { crop: 0, view: CodeView::Relit }];
    assert_eq!(codes.codes(&pair).unwrap(), [codes.code(pair[0]).unwrap(), codes.code(pair[1]).unwrap()].concat());
    assert!(matches!(codes.code(Cached { crop: 40, view: CodeView::Plain }), Err(CodesError::NoRow { .. })));
}

#[test]
fn views_are_what_their_names_say() {
    for crop in 0..50 {
        let view = |which, side| view_of(RECIPE, crop, which, side);
        for (side, limit) in [(128, 0.0), (144, 8.0), (168, 15.0)] {
            let turned = view(CodeView::Turned, side);
            assert!((limit / 2.0..=limit).contains(&turned.turn_deg.abs()), "{turned:?}");
            assert!(!turned.mirror && turned.light.is_none() && turned.shift_px == [0.0; 2]);
        }
        assert!(view(CodeView::Mirrored, 168).mirror);
        let relit = view(CodeView::Relit, 168);
        assert!(relit.light.is_some() && relit.turn_deg == 0.0 && !relit.mirror);
        assert_ne!(relit, view_of(RECIPE, crop + 1, CodeView::Relit, 168));
        let other = Recipe { seed: 4, ..RECIPE };
        assert_ne!(relit, view_of(other, crop, CodeView::Relit, 168));
    }
    let gentle = Recipe { turn_deg: 2.0, ..RECIPE };
    assert!((0..50).all(|crop| view_of(gentle, crop, CodeView::Turned, 168).turn_deg.abs() <= 2.0));
}

#[test]
fn finished_codes_are_not_made_again_and_others_are() {
    let folder = tempfile::tempdir().unwrap();
    let (set, path) = (plain_set(folder.path(), 20), folder.path().join("codes"));
    assert_eq!(work(&path, &set, RECIPE), 80);
    assert_eq!(work(&path, &set, RECIPE), 0);
    assert_eq!(work(&path, &set, Recipe { encoder: 18, ..RECIPE }), 80);
    assert_eq!(work(&path, &set, Recipe { turn_deg: 8.0, ..RECIPE }), 80);
    assert_eq!(work(&path, &set, Recipe { stretch: true, ..RECIPE }), 80);
    let other = tempfile::tempdir().unwrap();
    assert_eq!(work(&path, &plain_set(other.path(), 21), Recipe { stretch: true, ..RECIPE }), 84);
    fs::write(&path, b"something else that is longer than the header of such a file, which has 64 bytes").unwrap();
    assert_eq!(work(&path, &set, RECIPE), 80);
}

#[test]
fn after_any_cut_the_codes_come_out_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let (set, path) = (plain_set(folder.path(), 300), folder.path().join("codes"));
    build(&path, &set, RECIPE);
    let whole = fs::read(&path).unwrap();
    let mut rng = rng_for(1, 0, "cuts");
    for round in 0..4 {
        let cut = if round == 0 { 30 } else { below(&mut rng, whole.len()) };
        OpenOptions::new().write(true).open(&path).unwrap().set_len(cut as u64).unwrap();
        // Rows that are whole are not made again.
        let left = cut.saturating_sub(64) / ((whole.len() - 64) / 300);
        assert_eq!(work(&path, &set, RECIPE), 4 * (300 - left), "cut at {cut}");
        assert!(fs::read(&path).unwrap() == whole, "cut at {cut}");
    }
    // A kill between the rows and their count: the count decides.
    let mut uncounted = whole.clone();
    uncounted[56..64].copy_from_slice(&256u64.to_le_bytes());
    uncounted[64 + 256 * ((whole.len() - 64) / 300)..].fill(0xff);
    fs::write(&path, uncounted).unwrap();
    assert_eq!(work(&path, &set, RECIPE), 4 * 44);
    assert!(fs::read(&path).unwrap() == whole);
}

#[test]
fn a_failure_or_a_stop_keeps_what_is_done() {
    let folder = tempfile::tempdir().unwrap();
    let (set, path) = (plain_set(folder.path(), 100), folder.path().join("codes"));
    let stopped = Codes::build(&path, &set, RECIPE, 2, &mut encode, &mut |done, total| {
        assert_eq!(total, 100);
        done < 64
    });
    assert!(matches!(stopped, Err(CodesError::Cancelled)));
    assert_eq!(work(&path, &set, RECIPE), 4 * 36);

    fs::remove_file(&path).unwrap();
    let mut short = |pictures: &[RgbImage]| encode(&pictures[1..]);
    let failed = Codes::build(&path, &set, RECIPE, 2, &mut short, &mut |_, _| true);
    assert!(matches!(failed, Err(CodesError::Count { .. })));
    let mut broken = |pictures: &[RgbImage]| {
        let mut codes = encode(pictures)?;
        codes[8][3] = f32::NAN;
        Ok(codes)
    };
    let failed = Codes::build(&path, &set, RECIPE, 2, &mut broken, &mut |_, _| true);
    assert!(matches!(failed, Err(CodesError::NotFinite { crop: 2 })));
    assert_eq!(work(&path, &set, RECIPE), 400);
    let nowhere = Codes::build(&folder.path().join("no/codes"), &set, RECIPE, 2, &mut encode, &mut |_, _| true);
    assert!(matches!(nowhere, Err(CodesError::Write(_))));
}

#[test]
fn an_unreadable_picture_has_the_code_and_label_of_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let set = plain_set(folder.path(), 6);
    damage(folder.path(), 3);
    let codes = build(&folder.path().join("codes"), &set, RECIPE);
    for view in CodeView::ALL {
        let of = |crop| Cached { crop, view };
        assert_eq!(codes.code(of(3)).unwrap(), codes.code(of(4)).unwrap());
        assert_eq!(codes.label(&set, of(3)).unwrap(), codes.label(&set, of(4)).unwrap());
    }
}
