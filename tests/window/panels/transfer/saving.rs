//! The board as a sheet, as files, as a recipe, and in the next window.

use std::fs;

use facespace::face::{Edit, ModelName};

use super::*;

const MARK: &[u8] = b"digitalsourcetype/trainedAlgorithmicMedia";

#[track_caller]
fn save(harness: &mut Driven, button: &str, field: &str, path: &Path) {
    press(harness, button);
    answer(harness, field, &path.display().to_string());
}

#[test]
fn the_whole_board_is_saved_as_one_labelled_sheet() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("board.png");
    let mut harness = board(&["Sample 8", "Sample 9", "Sample 11"], &["Sample 10", "Sample 6"]);
    save(&mut harness, "Save sheet…", "Save the sheet as", &path);
    until(&mut harness, "the sheet", |_| path.exists());
    let sheet = image::open(&path).unwrap().to_rgb8();
    // Three cells and a face at the edge, two rows and one above them.
    assert!(sheet.width() > 4 * 128 && sheet.height() > 3 * 128, "{:?}", sheet.dimensions());
    assert!(fs::read(&path).unwrap().windows(MARK.len()).any(|window| window == MARK), "it says that it is synthetic");
    let cell = cell(&harness, "Sample 6", "Sample 11").unwrap();
    assert!(holds(&sheet, &cell), "the last cell is not on it");
}

/// Whether a picture lies somewhere on a larger one, pixel by pixel.
fn holds(sheet: &RgbImage, cell: &RgbImage) -> bool {
    let corner = cell.get_pixel(0, 0);
    let fits = |x: u32, y: u32| {
        let part = image::imageops::crop_imm(sheet, x, y, cell.width(), cell.height()).to_image();
        part == *cell
    };
    let across = 0..=sheet.width() - cell.width();
    let down = 0..=sheet.height() - cell.height();
    down.into_iter().any(|y| across.clone().any(|x| sheet.get_pixel(x, y) == corner && fits(x, y)))
}

#[test]
fn every_cell_is_saved_as_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let cells = folder.path().join("cells");
    let mut harness = board(&["Sample 8", "Sample 9"], &["Sample 10", "Sample 6"]);
    save(&mut harness, "Save cells…", "Folder for the cells", &cells);
    let said = By::new().role(Role::Button).label_contains("4 cells are saved");
    until(&mut harness, "the cells", |harness| harness.query_all(said.clone()).next().is_some());
    for target in ["Sample 10", "Sample 6"] {
        for source in ["Sample 8", "Sample 9"] {
            let saved = image::open(cells.join(format!("{target}--{source}.png"))).unwrap().to_rgb8();
            assert!(saved == *cell(&harness, target, source).unwrap(), "{target} with {source}");
        }
    }
}

#[test]
fn a_target_in_a_photograph_is_saved_with_the_photograph() {
    let folder = tempfile::tempdir().unwrap();
    let cells = folder.path().join("cells");
    let mut harness = photographs::open(stand_in(), folder.path(), "one.png", album::one());
    keys(&mut harness, CTRL, Key::Num2);
    put(&mut harness, &["Sample 8"], &["one.png"]);
    until_drawn(&mut harness);
    save(&mut harness, "Save cells…", "Folder for the cells", &cells);
    let path = cells.join("one--Sample 8.png");
    until(&mut harness, "the cell", |_| path.exists());
    let saved = image::open(&path).unwrap().to_rgb8();
    let photograph = &album::one().picture;
    assert_eq!(saved.dimensions(), photograph.dimensions());
    assert!(saved != *photograph && saved.get_pixel(0, 0) == photograph.get_pixel(0, 0), "only the face has changed");
    assert!(image::open(folder.path().join("one.png")).unwrap().to_rgb8() == *photograph, "the file itself stays");
}

#[test]
fn a_recipe_is_saved_and_put_onto_a_board_as_a_column() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("smile.json");
    let mut harness = board(&["Sample 8"], &["Sample 10"]);
    type_number(&mut harness, "Strength of expression", "60");
    save(&mut harness, "Save recipe…", "Save the recipe as", &path);
    until(&mut harness, "the file", |_| path.exists());
    let text = fs::read_to_string(&path).unwrap();
    let (recipe, model) = Recipe::from_json(&text).unwrap();
    assert_eq!(model.fingerprint, BUNDLED.fingerprint());
    assert!((recipe.gift(Part::Expression).unwrap().strength - 0.6).abs() < 1e-6 && recipe.gifts.len() == 1);

    let mut other = opened_in(stand_in());
    put(&mut other, &[], &["Sample 6"]);
    settle(&mut other);
    press(&mut other, "Load recipe…");
    answer(&mut other, "Recipe file", &path.display().to_string());
    until(&mut other, "the column", |harness| has(harness, Role::Button, "Recipe smile"));
    until_drawn(&mut other);
    let column = other.state().state.transfer.plan.columns[0].key;
    let shown = other.state().state.transfer.pictures.shown(Spot::Cell(id(&other, "Sample 6"), column)).unwrap();
    assert!(*shown.picture == tiles_of(&recipe.apply(&own(&other, "Sample 6")).unwrap()));
    press(&mut other, "Sample 6 with smile");
    settle(&mut other);
    assert!(says(&other, "From Sample 8, 60 %"));
    keys(&mut other, CTRL, Key::Num2);
    other.step();
    press(&mut other, "Remove smile from the sources");
    other.step();
    assert!(!has(&other, Role::Button, "Recipe smile"));
}

#[test]
fn a_recipe_of_other_weights_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("old.json");
    let mut harness = board(&["Sample 8"], &["Sample 10"]);
    let recipe = Recipe::from_faces(&[("Anna".to_owned(), own(&harness, "Sample 8"), 1.0)], &[(Part::Style, 1.0)]);
    fs::write(&path, recipe.to_json(&ancient())).unwrap();
    press(&mut harness, "Load recipe…");
    answer(&mut harness, "Recipe file", &path.display().to_string());
    until(&mut harness, "the bar", |harness| says(harness, "This recipe was made with the weights ancient"));
    assert!(!has(&harness, Role::Button, "Recipe old"));
}

#[test]
fn what_is_no_recipe_is_told_and_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("recipe.json");
    fs::write(&path, "{}").unwrap();
    let mut harness = board(&["Sample 8"], &["Sample 10"]);
    let before = steps(&harness);
    press(&mut harness, "Load recipe…");
    answer(&mut harness, "Recipe file", &path.display().to_string());
    until(&mut harness, "the bar", |harness| says(harness, "This is not a recipe file of facespace"));
    assert_eq!(steps(&harness), before);
}

#[test]
fn the_board_is_there_again_after_a_start() {
    let home = tempfile::tempdir().unwrap();
    let mut harness = opened_in(stand_in().kept_in(home.path()));
    put(&mut harness, &["Sample 8", "Sample 9"], &["Sample 10"]);
    until_drawn(&mut harness);
    press_by(&mut harness, By::new().role(Role::CheckBox).label("Give style"));
    type_number(&mut harness, "Strength of expression", "70");
    harness.run_steps(2);
    close(harness);

    let mut harness = opened_in(stand_in().kept_in(home.path()));
    until_drawn(&mut harness);
    assert_shows(&harness, "Sample 10", "Sample 9", &[(Part::Expression, 0.7), (Part::Style, 1.0)]);
    assert_number(&harness, "Strength of expression", 70.0);
    keys(&mut harness, CTRL, Key::Z);
    harness.run_steps(2);
    assert_number(&harness, "Strength of expression", 100.0);
}

#[test]
fn a_project_brings_its_board() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("board.facespace");
    let mut harness = board(&["Sample 8"], &["Sample 10"]);
    command(&mut harness, "save project");
    answer(&mut harness, "Save the project as", &file.display().to_string());
    until(&mut harness, "the file", |_| file.exists());
    close(harness);

    let mut harness = stand_in().open();
    command(&mut harness, "open project");
    answer(&mut harness, "Project", &file.display().to_string());
    until(&mut harness, "the project", |harness| on_side(harness, Side::Sources) == 1);
    settle(&mut harness);
    keys(&mut harness, CTRL, Key::Num2);
    until_drawn(&mut harness);
    assert_shows(&harness, "Sample 10", "Sample 8", &[(Part::Expression, 1.0)]);
}

/// Numbers of weights that are not there any more.
fn ancient() -> ModelName {
    ModelName { name: "ancient".to_owned(), fingerprint: "0123456789abcdef".to_owned() }
}

#[test]
fn a_recipe_that_is_dropped_is_a_column() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("smile.json");
    let mut harness = board(&["Sample 8"], &["Sample 10"]);
    let giver = ("Anna".to_owned(), own(&harness, "Sample 8"), 1.0);
    let model = harness.state().state.engine.ready.as_ref().unwrap().model();
    fs::write(&path, Recipe::from_faces(&[giver], &[(Part::Style, 1.0)]).to_json(&model)).unwrap();
    harness.remove_cursor();
    harness.step();
    harness.input_mut().dropped_files.push(Arc::new(Dropped(path)));
    harness.step();
    until(&mut harness, "the column", |harness| has(harness, Role::Button, "Recipe smile"));
    assert!(!says(&harness, "Where shall the dropped"), "nobody is asked");
}

#[test]
fn an_edit_with_parts_of_other_weights_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("edit.json");
    let mut harness = stand_in().open();
    let giver = ("Anna".to_owned(), own(&harness, "Sample 3"), 1.0);
    let recipe = Recipe::from_faces(&[giver], &[(Part::Style, 1.0)]);
    let edit = Edit { recipe, ..Edit::default() };
    let before = steps(&harness);
    fs::write(&path, edit.to_json(Some(&ancient()))).unwrap();
    command(&mut harness, "load edit");
    answer(&mut harness, "Edit file", &path.display().to_string());
    until(&mut harness, "the bar", |harness| says(harness, "This recipe was made with the weights ancient"));
    assert!(steps(&harness) == before && !says(&harness, "From Anna"));

    // What the window saves, it reads again.
    let model = harness.state().state.engine.ready.as_ref().unwrap().model();
    fs::write(&path, edit.to_json(Some(&model))).unwrap();
    command(&mut harness, "load edit");
    answer(&mut harness, "Edit file", &path.display().to_string());
    until(&mut harness, "the edit", |harness| says(harness, "From Anna, 100 %"));
}
