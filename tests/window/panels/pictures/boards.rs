//! The Transfer and the Gallery panel with the real networks, on faces that these have drawn themselves. The README's
//! pictures of both are among them.

use std::collections::HashSet;

use super::*;

const SOURCES: [&str; 6] = ["Sample 2", "Sample 4", "Sample 5", "Sample 7", "Sample 9", "Sample 12"];
const TARGETS: [&str; 4] = ["Sample 3", "Sample 6", "Sample 8", "Sample 11"];

/// The board with its cells drawn; each gives expression and pose.
fn board(home: &Path) -> Driven {
    let mut harness = transfer::opened_in(networks().kept_in(home).drawn());
    keys(&mut harness, CTRL, Key::Num1);
    press(&mut harness, "Got it");
    keys(&mut harness, CTRL, Key::Num2);
    harness.step();
    harness
}

fn filled(mut harness: Driven) -> Driven {
    transfer::put(&mut harness, &SOURCES, &TARGETS);
    press_by(&mut harness, By::new().role(Role::CheckBox).label("Give pose"));
    transfer::until_drawn(&mut harness);
    harness
}

/// As [`draw`], with pictures of faces on it.
#[track_caller]
fn draw_faces(harness: &mut Driven, name: &str) {
    let picture = draw(harness, name);
    let colours: HashSet<_> = picture.pixels().map(|pixel| pixel.0).collect();
    assert!(colours.len() > 2000, "{name}: {} colours", colours.len());
}

/// Draws it in both sizes and themes, each with its faces, and leaves it large and light.
#[track_caller]
fn all_with_faces(harness: &mut Driven, name: &str) {
    in_all(harness, name);
    draw_faces(harness, &format!("{name}-1280x800-light"));
}

#[test]
fn the_transfer_panel_in_both_themes_and_sizes() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = board(home.path());
    in_all(&mut harness, "transfer-empty");
    let mut harness = filled(harness);
    all_with_faces(&mut harness, "transfer");
    in_size(&mut harness, NARROW);
    press(&mut harness, "Show the parts");
    draw(&mut harness, "transfer-drawer-900x600-light");
    press(&mut harness, "Fold the parts away");
    in_size(&mut harness, WIDE);

    press_by(&mut harness, By::new().role(Role::CheckBox).label("Mix the sources"));
    type_number(&mut harness, "Weight of Sample 4 in pose", "20");
    transfer::until_drawn(&mut harness);
    draw_faces(&mut harness, "transfer-mixed-1280x800-light");
    press_by(&mut harness, By::new().role(Role::CheckBox).label("Mix the sources"));
    transfer::until_drawn(&mut harness);
    press(&mut harness, "Sample 6 with Sample 9");
    settle(&mut harness);
    draw_face(&mut harness, "transfer-opened-1280x800-light");
}

/// The cells of a board become the collection that is searched.
#[test]
fn the_gallery_panel_in_both_themes_and_sizes() {
    let home = tempfile::tempdir().unwrap();
    let faces = home.path().join("Generated faces");
    let mut harness = filled(board(home.path()));
    press(&mut harness, "Save cells…");
    answer(&mut harness, "Folder for the cells", &faces.display().to_string());
    let said = By::new().role(Role::Button).label_contains("24 cells are saved");
    until(&mut harness, "the cells", |harness| harness.query_all(said.clone()).next().is_some());

    keys(&mut harness, CTRL, Key::Num3);
    harness.step();
    in_all(&mut harness, "gallery-empty");
    press(&mut harness, "Choose a folder…");
    answer(&mut harness, "Folder or shards to search", &faces.display().to_string());
    until_built(&mut harness);
    press(&mut harness, "Add a folder…");
    let samples = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/samples");
    answer(&mut harness, "Folder or shards to add", samples);
    until_built(&mut harness);
    all_with_faces(&mut harness, "gallery-all");

    press(&mut harness, "Query by the open face");
    press(&mut harness, "Same expression, another person");
    gallery::until_found(&mut harness);
    all_with_faces(&mut harness, "gallery");
    in_size(&mut harness, NARROW);
    press(&mut harness, "Show the query");
    draw(&mut harness, "gallery-drawer-900x600-light");
    press(&mut harness, "Fold the query away");
    in_size(&mut harness, WIDE);
    surveys(&mut harness);
}

#[track_caller]
fn until_built(harness: &mut Driven) {
    until(harness, "the index", |harness| {
        harness.state().state.indexing().is_none() && has(harness, Role::Button, "Update")
    });
    gallery::until_found(harness);
}

fn surveys(harness: &mut Driven) {
    press(harness, "People");
    until(harness, "the groups", |harness| has(harness, Role::Button, "Look at Group 1"));
    gallery::until_found(harness);
    all_with_faces(harness, "gallery-people");
    press(harness, "Look at Group 1");
    gallery::until_found(harness);
    draw_faces(harness, "gallery-group-1280x800-light");
    press(harness, "Map");
    until(harness, "the map", |harness| has(harness, Role::Canvas, "Map of identity"));
    gallery::until_found(harness);
    all_with_faces(harness, "gallery-map");
    press(harness, "Duplicates");
    until(harness, "the list", |harness| says(harness, "nearly the same"));
    gallery::until_found(harness);
    draw(harness, "gallery-duplicates-1280x800-light");
    press(harness, "Delete the index");
    draw(harness, "gallery-delete-1280x800-light");
}
