//! Faces in the tray, the small faces of an axis, and the drift beside a heading.

use eframe::egui;
use egui::accesskit::Toggled;
use egui::{DragAndDrop, Key, Modifiers, Sense, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use facespace::app::theme;
use facespace::app::widgets::{AxisStrip, FaceTile, HeldFace, drift_label};
use facespace::face::Part;

use super::{harness, key, move_to, press, release};

#[derive(Default)]
struct Tray {
    opened: Vec<u64>,
    menus: usize,
    dropped: Option<u64>,
}

fn tile(id: u64, name: &'static str) -> FaceTile<'static> {
    FaceTile { id, name, texture: None, chosen: id == 7, picked: false, badge: None, side: theme::TILE }
}

/// Two faces beside each other and a place to drop on below them.
fn tray() -> Harness<'static, Tray> {
    harness(Tray::default(), |ui, state| {
        ui.horizontal(|ui| {
            for (id, name) in [(7, "anna.jpg"), (8, "ben.jpg")] {
                let response = tile(id, name).show(ui);
                if response.clicked() {
                    state.opened.push(id);
                }
                state.menus += usize::from(response.secondary_clicked());
            }
        });
        let (_, target) = ui.allocate_exact_size(vec2(200.0, 100.0), Sense::click());
        let target = target.accessible_name("Target");
        if let Some(face) = target.dnd_release_payload::<HeldFace>() {
            state.dropped = Some(face.0);
        }
    })
}

#[test]
fn a_click_and_enter_open_a_face() {
    let mut harness = tray();
    harness.get_by_label("ben.jpg").click();
    harness.run();
    harness.get_by_label("anna.jpg").focus();
    harness.run();
    key(&mut harness, Modifiers::NONE, Key::Enter);
    assert_eq!(harness.state().opened, [8, 7]);
}

#[test]
fn a_right_click_is_the_callers() {
    let mut harness = tray();
    harness.get_by_label("ben.jpg").click_secondary();
    harness.run();
    assert_eq!((harness.state().menus, harness.state().opened.len()), (1, 0));
}

#[test]
fn a_dragged_face_is_held_and_dropped() {
    let mut harness = tray();
    let from = harness.get_by_label("ben.jpg").rect().center();
    let to = harness.get_by_label("Target").rect().center();
    press(&mut harness, from);
    move_to(&mut harness, from, to);
    let held = DragAndDrop::payload::<HeldFace>(&harness.ctx);
    assert_eq!(held.as_deref(), Some(&HeldFace(8)));
    release(&mut harness, to);
    assert_eq!(harness.state().dropped, Some(8));
    assert!(harness.state().opened.is_empty(), "a drag is no click");
    assert!(!DragAndDrop::has_any_payload(&harness.ctx));
}

#[test]
fn the_open_face_says_so_and_a_badge_is_read() {
    let mut harness = harness((), |ui, ()| {
        tile(7, "anna.jpg").show(ui);
        FaceTile { badge: Some("edited"), picked: true, ..tile(8, "ben.jpg") }.show(ui);
    });
    harness.run();
    let chosen = |name| harness.get_by_label(name).accesskit_node().toggled();
    assert_eq!((chosen("anna.jpg"), chosen("ben.jpg")), (Some(Toggled::True), Some(Toggled::False)));
    let badge = harness.get_by_label("ben.jpg").accesskit_node().data().description().map(str::to_owned);
    assert_eq!(badge.as_deref(), Some("edited"));
}

fn strip(enabled: bool) -> Harness<'static, Option<usize>> {
    harness(None, move |ui, clicked| {
        let values = [-2.0, -1.0, 0.0, 1.5, 2.0];
        let strip = AxisStrip { name: "Identity axis 1", values: &values, textures: &[None; 5], enabled };
        *clicked = strip.show(ui).or(*clicked);
    })
}

#[test]
fn a_small_face_sets_its_value() {
    let mut harness = strip(true);
    harness.get_by_label("Identity axis 1 at 1.5").click();
    harness.run();
    assert_eq!(*harness.state(), Some(3));
    harness.get_by_label("Identity axis 1 at -2").focus();
    harness.run();
    key(&mut harness, Modifiers::NONE, Key::Enter);
    assert_eq!(*harness.state(), Some(0));
}

#[test]
fn a_disabled_strip_does_nothing() {
    let mut harness = strip(false);
    harness.get_by_label("Identity axis 1 at 0").click();
    harness.run();
    assert_eq!(*harness.state(), None);
}

#[test]
fn drift_names_its_part_and_its_number() {
    let mut harness = harness((), |ui, ()| {
        drift_label(ui, Part::Pose, Some(2.14));
        drift_label(ui, Part::Style, None);
    });
    harness.run();
    harness.get_by_label("Pose drift 2.1°");
    harness.get_by_label("Style drift not measured");
}
