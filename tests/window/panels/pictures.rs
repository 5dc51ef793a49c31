//! Every panel as a person sees it, drawn with the real networks into `target/ui`.

mod audits;
mod boards;
mod evaluations;

use std::collections::BTreeSet;
use std::fs;

use eframe::egui::{Theme, ViewportId};
use image::RgbaImage;

use super::*;

const NARROW: Vec2 = vec2(900.0, 600.0);

/// The first sample, turned and smiling, at rest.
fn edited(size: Vec2) -> Driven {
    let mut harness = networks().sized(size).drawn().open();
    press(&mut harness, "Sample 3");
    press(&mut harness, "Got it");
    until(&mut harness, "the sliders", |harness| has(harness, Role::Slider, "Yaw"));
    type_number(&mut harness, "Yaw", "-25");
    press(&mut harness, "Happy");
    harness.get_by_role_and_label(Role::Slider, "Head pad").scroll_to_me();
    settle(&mut harness);
    in_theme(&mut harness, "Light theme", Theme::Light);
    harness
}

fn in_theme(harness: &mut Driven, name: &str, theme: Theme) {
    command(harness, name);
    assert_eq!(harness.ctx.theme(), theme);
}

fn in_size(harness: &mut Driven, size: Vec2) {
    harness.set_size(size);
    harness.run_steps(3);
}

/// Draws what is to be seen once nothing moves any more, all small pictures being there.
fn draw(harness: &mut Driven, name: &str) -> RgbaImage {
    harness.remove_cursor();
    harness.run_steps(20);
    for _ in 0..100 {
        let root = harness.output().viewport_output.get(&ViewportId::ROOT).unwrap();
        if !root.repaint_delay.is_zero() {
            break;
        }
        harness.step();
    }
    let picture = harness.render().unwrap();
    let size = harness.ctx.content_rect().size();
    assert_eq!(picture.dimensions(), (size.x as u32, size.y as u32), "{name}");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/ui");
    fs::create_dir_all(&folder).unwrap();
    picture.save(folder.join(format!("{name}.png"))).unwrap();
    picture
}

/// As [`draw`], with something on the canvas.
#[track_caller]
fn draw_face(harness: &mut Driven, name: &str) {
    let picture = draw(harness, name);
    let canvas = rect(harness, Role::Canvas, "Canvas").shrink(8.0);
    let part = image::imageops::crop_imm(
        &picture,
        canvas.left() as u32,
        canvas.top() as u32,
        canvas.width() as u32,
        canvas.height() as u32,
    );
    let colours: BTreeSet<_> = part.to_image().pixels().map(|pixel| pixel.0).collect();
    assert!(colours.len() > 200, "{name}: {} colours on the canvas", colours.len());
}

#[test]
fn the_edit_panel_in_both_themes_and_sizes() {
    let mut harness = edited(WIDE);
    for (words, theme, name) in [("Light theme", Theme::Light, "light"), ("Dark theme", Theme::Dark, "dark")] {
        in_size(&mut harness, WIDE);
        in_theme(&mut harness, words, theme);
        draw_face(&mut harness, &format!("edit-1280x800-{name}"));
        in_size(&mut harness, NARROW);
        draw_face(&mut harness, &format!("edit-900x600-{name}"));
        press(&mut harness, "Show the sliders");
        draw_face(&mut harness, &format!("drawer-900x600-{name}"));
        press(&mut harness, "Fold the sliders away");
    }
}

#[test]
fn what_stands_beside_and_above_the_face() {
    let mut harness = edited(WIDE);
    comparisons(&mut harness);
    drawers(&mut harness);
    let folder = tempfile::tempdir().unwrap();
    marking(&mut harness, folder.path());
    error(&mut harness);
    palette(&mut harness);
    demonstration(&mut harness);
    let mut harness = tray::emptied(harness);
    draw(&mut harness, "empty-1280x800-light");
}

#[test]
fn photographs_in_both_themes_and_sizes() {
    let folder = tempfile::tempdir().unwrap();
    let mut harness = photographs::open(networks().drawn(), folder.path(), "three.png", album::three());
    press(&mut harness, "Got it");
    in_all(&mut harness, "photograph-three");
    press(&mut harness, "Face 2 of 3");
    until(&mut harness, "the face", |harness| is_on(harness, Role::Button, "Face 2 of 3"));
    settle(&mut harness);
    type_number(&mut harness, "Yaw", "-20");
    press(&mut harness, "Happy");
    press(&mut harness, "Whole photograph");
    photographs::until_pasted(&mut harness);
    in_all(&mut harness, "pasted");
    press(&mut harness, "Split");
    draw_face(&mut harness, "pasted-split-1280x800-light");
    press(&mut harness, "Difference");
    draw_face(&mut harness, "pasted-difference-1280x800-light");
    press(&mut harness, "Difference");
    in_size(&mut harness, NARROW);
    press(&mut harness, "Show the sliders");
    draw_face(&mut harness, "pasted-drawer-900x600-light");
    press(&mut harness, "Fold the sliders away");
    in_size(&mut harness, WIDE);

    open_path(&mut harness, &album::file(folder.path(), "none.png", album::none()));
    until(&mut harness, "the offer", |harness| has(harness, Role::Button, "Mark the face"));
    in_all(&mut harness, "photograph-none");
}

#[test]
fn a_refined_face_in_both_themes_and_sizes() {
    let folder = tempfile::tempdir().unwrap();
    let mut harness = photographs::open(stand_in().drawn(), folder.path(), "one.png", album::one());
    press(&mut harness, "Got it");
    press(&mut harness, "Refine");
    until(&mut harness, "the fit", |harness| has(harness, Role::Button, "Undo refine"));
    press(&mut harness, "Photograph");
    settle(&mut harness);
    in_all(&mut harness, "refined");
}

#[test]
fn the_train_panel_in_both_themes_and_sizes() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = train::opened_in(stand_in().kept_in(home.path()).drawn());
    in_all(&mut harness, "train-empty");
    let mut run = train::fake::FakeRun::with_numbers(&train::run_path(home.path(), "tiny-1"));
    run.export(false);
    for key in [Key::Num1, Key::Num6] {
        keys(&mut harness, CTRL, key);
    }
    train::look_at(&mut harness, "tiny-1");
    until(&mut harness, "the pictures", |harness| has(harness, Role::Image, "Pictures of step 1,200"));
    in_all(&mut harness, "train-running");
    (run.status.step, run.status.can_edit) = (5000, true);
    run.turn(facespace::train::status::State::Finished);
    drop(run);
    until(&mut harness, "the end", |harness| says(harness, "Finished at step 5,000 of 5,000"));
    in_all(&mut harness, "train-finished");
    press(&mut harness, "All runs");
    until(&mut harness, "the list", |harness| says(harness, "Finished, step 5,000"));
    draw(&mut harness, "train-runs-1280x800-light");
    in_size(&mut harness, NARROW);
    press(&mut harness, "Show the choices");
    draw(&mut harness, "train-choices-900x600-light");
}

/// Draws it in both sizes and themes, and leaves it large and light.
fn in_all(harness: &mut Driven, name: &str) {
    for (words, theme, shade) in [("Dark theme", Theme::Dark, "dark"), ("Light theme", Theme::Light, "light")] {
        in_theme(harness, words, theme);
        for (size, measure) in [(NARROW, "900x600"), (WIDE, "1280x800")] {
            in_size(harness, size);
            draw(harness, &format!("{name}-{measure}-{shade}"));
        }
    }
}

fn comparisons(harness: &mut Driven) {
    for (button, name) in [("Split", "split"), ("Difference", "difference")] {
        press(harness, button);
        draw_face(harness, &format!("{name}-1280x800-light"));
    }
    press(harness, "Difference");
}

fn drawers(harness: &mut Driven) {
    for (modifiers, key, name) in
        [(CTRL, Key::Comma, "settings"), (CTRL, Key::L, "log"), (Modifiers::NONE, Key::F1, "help")]
    {
        keys(harness, modifiers, key);
        draw_face(harness, &format!("{name}-1280x800-light"));
    }
    keys(harness, CTRL, Key::Num1);
}

fn marking(harness: &mut Driven, folder: &Path) {
    open_to_mark(harness, &photograph_file(folder, "photograph.png"));
    draw_face(harness, "marking-1280x800-light");
    press(harness, "Use this crop");
    until(harness, "the sliders", |harness| has(harness, Role::Slider, "Yaw"));
    press(harness, "Photograph");
    draw_face(harness, "photograph-1280x800-light");
    press(harness, "Sample 3");
    keys(harness, Modifiers::ALT, Key::Num4);
}

fn error(harness: &mut Driven) {
    open_path(harness, Path::new("/home/somebody/pictures/holiday.png"));
    until(harness, "the bar", |harness| says(harness, "There is no such file"));
    keys(harness, CTRL, Key::S);
    until(harness, "the face", |harness| harness.state().state.desk.edited.is_some());
    draw_face(harness, "error-1280x800-light");
    press(harness, "Cancel");
    press(harness, "Put the message away");
}

fn palette(harness: &mut Driven) {
    keys(harness, CTRL, Key::K);
    draw_face(harness, "palette-1280x800-light");
    keys(harness, Modifiers::NONE, Key::Escape);
}

fn demonstration(harness: &mut Driven) {
    keys(harness, Modifiers::NONE, Key::F5);
    until(harness, "the face", |harness| harness.state().state.demo.as_ref().is_some_and(|demo| demo.shown.is_some()));
    harness.run_steps(60);
    draw_face(harness, "demo-1280x800-light");
    keys(harness, Modifiers::NONE, Key::Escape);
}
