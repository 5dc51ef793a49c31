//! The Labels panel. The list, its filters and what stands beside it are in `listing`, a face of the tray beside the one
//! that is looked at in `comparing`, verdicts in `judging`, sets audited and brought up to date in `auditing`, exports and
//! imports in `files`, what cannot be used in `wrong`, 300,000 labels in `scrolling`.

pub mod audited;
mod auditing;
mod comparing;
mod files;
mod judging;
mod listing;
mod scrolling;
mod wrong;

use std::fs;

use facespace::app::labels::LabelsDesk;
use facespace::audit::Audit;
use facespace::engine::audit::Verdict;

use super::gallery::last_said;
use super::*;

/// The window with the panel open.
pub(super) fn opened_in(opening: Opening) -> Driven {
    let mut harness = opening.open();
    keys(&mut harness, CTRL, Key::Num4);
    harness.step();
    harness
}

/// In a home folder of its own, in which the window's audits are made.
#[track_caller]
fn labels_panel(home: &Path) -> Driven {
    opened_in(stand_in().kept_in(&window_home(home)))
}

fn window_home(home: &Path) -> PathBuf {
    let folder = home.join("window");
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn audit_folder(home: &Path) -> PathBuf {
    home.join("audit")
}

#[track_caller]
fn open_audit(harness: &mut Driven, folder: &Path) {
    command(harness, "open an audit");
    answer(harness, "Folder of the audit", &folder.display().to_string());
}

/// The audit of the known set, open and known to its last picture.
#[track_caller]
pub(super) fn with_audit(home: &Path) -> Driven {
    with_audit_in(home, stand_in())
}

#[track_caller]
fn with_audit_in(home: &Path, opening: Opening) -> Driven {
    audited::copy_to(&audit_folder(home));
    let mut harness = opened_in(opening.kept_in(&window_home(home)));
    open_audit(&mut harness, &audit_folder(home));
    until_listed(&mut harness);
    harness
}

/// Until the newest list is there, and all about the face that is looked at and what is in sight.
#[track_caller]
pub(super) fn until_listed(harness: &mut Driven) {
    // What is in sight is known one frame after the list.
    for _ in 0..2 {
        harness.run_steps(3);
        until(harness, "the list", |harness| {
            let desk = desk(harness);
            let told = |face| desk.look.known(face).is_some_and(|looked| looked.done);
            let asked = harness.state().state.pending.has(|wish| matches!(wish, Wish::Labels(_)));
            !asked
                && desk.list.answer.is_some()
                && !desk.list.is_busy()
                && desk.looked_at().is_none_or(|(_, row)| told(row.face))
                && desk.shelf.without_thumbnail().is_empty()
        });
    }
    harness.run_steps(2);
}

fn desk(harness: &Driven) -> &LabelsDesk {
    &harness.state().state.labels
}

/// The names of the faces, the most doubtful first.
fn listed(harness: &Driven) -> Vec<String> {
    let desk = desk(harness);
    let open = desk.open.as_ref().expect("an audit is open");
    desk.list.order().iter().map(|place| open.name(*place).to_owned()).collect()
}

/// The name of the face that is looked at.
fn looked_at(harness: &Driven) -> String {
    let desk = desk(harness);
    let (place, _) = desk.looked_at().expect("a face is looked at");
    desk.open.as_ref().unwrap().name(place).to_owned()
}

/// Drags a face of the tray beside the one that is looked at, and waits for the angles between the two.
#[track_caller]
pub(super) fn compare_with(harness: &mut Driven, face: &str) {
    transfer::drag_onto(harness, face, "Compare with");
    until(harness, "the angles", |harness| says(harness, "° apart"));
}

/// What the disk has of the verdict on a face.
fn on_disk(home: &Path, name: &str) -> Option<Verdict> {
    let audit = Audit::open(&audit_folder(home)).unwrap();
    let (rows, names) = audit.named_rows().unwrap();
    let place = names.iter().position(|known| known == name).unwrap();
    rows[place].verdict
}

#[track_caller]
fn choose(harness: &mut Driven, combo: &str, choice: &str) {
    press_by(harness, By::new().role(Role::ComboBox).label(combo));
    harness.step();
    press(harness, choice);
    until_listed(harness);
}

#[track_caller]
fn type_name(harness: &mut Driven, text: &str) {
    focus(harness, Role::TextInput, "Name contains");
    type_over(harness, "Name contains", text);
    until_listed(harness);
}

#[test]
fn keys_lead_to_the_panel_and_back() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = labels_panel(home.path());
    assert!(says(&harness, "Find the wrong labels of a set") && says(&harness, "The set itself is never changed"));
    assert!(has(&harness, Role::Button, "Audit a set…") && has(&harness, Role::Button, "Open an audit…"));
    assert!(says(&harness, "Once an audit is open, its faces are ranked and chosen from here."));
    keys(&mut harness, CTRL, Key::Num1);
    harness.step();
    assert!(has(&harness, Role::Slider, "Yaw") && !has(&harness, Role::Button, "Audit a set…"));
    press(&mut harness, "Labels");
    assert!(has(&harness, Role::Button, "Audit a set…") && is_on(&harness, Role::Button, "Labels"));
}

#[test]
fn an_audit_is_opened_closed_and_opened_again() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_audit(home.path());
    assert!(last_said(&harness, "The audit is open, it judges 60 labels; 6 are within the budget"));
    press(&mut harness, "Close the audit");
    until(&mut harness, "the empty panel", |harness| has(harness, Role::Button, "Audit a set…"));
    // Its file means its folder.
    open_audit(&mut harness, &audit_folder(home.path()).join("audit.sqlite"));
    until_listed(&mut harness);
    assert_eq!(listed(&harness).len(), audited::FACES);
}

#[test]
fn the_audit_and_its_list_are_there_again_after_a_start() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = with_audit(home.path());
    choose(&mut harness, "Ranked by", "Margin");
    choose(&mut harness, "Given", "Sad, 24");
    press_by(&mut harness, By::new().role(Role::TextInput).label("Judged by"));
    harness.event(Event::Text("Ada".to_owned()));
    harness.run_steps(2);
    let before = listed(&harness);
    close(harness);
    let mut harness = labels_panel(home.path());
    until_listed(&mut harness);
    assert_eq!(listed(&harness), before);
    assert!(says(&harness, "24 of 60 labels, given sad; the most doubtful first, by margin"));
    assert_eq!(desk(&harness).judged_by(), "Ada");
}

#[test]
fn in_a_narrow_window_the_face_stands_beside_the_list_and_with_the_filters_below_it() {
    let home = tempfile::tempdir().unwrap();
    audited::copy_to(&audit_folder(home.path()));
    let mut harness = opened_in(stand_in().sized(vec2(900.0, 600.0)));
    open_audit(&mut harness, &audit_folder(home.path()));
    until_listed(&mut harness);
    let row = audited::row_named(&looked_at(&harness));
    let side = |harness: &Driven| (rect(harness, Role::Button, &row), rect(harness, Role::Button, "Keep"));
    let (list, keep) = side(&harness);
    assert!(keep.left() > list.right(), "{keep:?} is not beside {list:?}");
    assert!(!has(&harness, Role::ComboBox, "Ranked by"));
    press(&mut harness, "Show the filters");
    until_listed(&mut harness);
    let (list, keep) = side(&harness);
    assert!(keep.top() > list.bottom(), "{keep:?} is not below {list:?}");
    assert!(has(&harness, Role::ComboBox, "Ranked by"));
    press(&mut harness, "Fold the filters away");
    assert!(!has(&harness, Role::ComboBox, "Ranked by"));
}
