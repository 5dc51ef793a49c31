//! `facespace apply`, and the recipes that `transfer` saves for it.

use facespace::face::{Edit, Recipe};

use super::{Desk, assert_differs, assert_same};

/// With three faces and the recipe of what `a.png` gives.
fn desk() -> Desk {
    let desk = Desk::with_faces();
    let transfer = "transfer --source a.png --target b.png --parts expression=0.7,style,pose";
    desk.run(&format!("{transfer} -o transferred.png --save-recipe recipe.json")).ok();
    desk
}

#[test]
fn a_saved_recipe_does_again_what_was_done() {
    let desk = desk();
    desk.run("apply recipe.json b.png -o applied.png --json r.json").ok();
    assert_same(&desk.picture("applied.png"), &desk.picture("transferred.png"));
    let report = desk.json("r.json")["results"].clone();
    assert_eq!((&report[0]["file"], &report[0]["output"]), (&"b.png".into(), &"applied.png".into()));
    assert!(report[0]["drift"]["style_deg"].is_number());
    let bytes = desk.bytes("applied.png");
    let mark = format!("facespace {}: apply, model ", env!("CARGO_PKG_VERSION"));
    assert!(bytes.windows(mark.len()).any(|window| window == mark.as_bytes()));

    let (recipe, model) = Recipe::from_json(&String::from_utf8(desk.bytes("recipe.json")).unwrap()).unwrap();
    assert_eq!(recipe.gifts.iter().map(|gift| gift.strength).collect::<Vec<_>>(), [1.0, 0.7, 1.0]);
    assert!(recipe.gifts.iter().all(|gift| matches!(&gift.from[..], [only] if only.name == "a.png")));
    assert_eq!((model.fingerprint.len(), model.name.is_empty()), (16, false));

    // A part of an edit file, too.
    let file: serde_json::Value = desk.json("recipe.json");
    let edit = serde_json::json!({"format": "facespace edit", "version": 1, "edit": {"recipe": file["parts"]}});
    desk.put("edit.json", edit.to_string());
    desk.run("edit b.png --edit edit.json -o edited.png").ok();
    assert_same(&desk.picture("edited.png"), &desk.picture("applied.png"));
}

#[test]
fn a_recipe_goes_onto_a_folder() {
    let desk = desk();
    desk.put("in/b.png", desk.bytes("b.png"));
    desk.put("in/c.png", desk.bytes("c.png"));
    desk.put("in/torn.png", &desk.bytes("c.png")[..5000]);
    desk.run("apply recipe.json in -o out").failed(1, &[("cut off", "in/torn.png")]);
    assert_eq!(desk.files_in("out"), ["out/b.png", "out/c.png"]);
    assert_same(&desk.picture("out/b.png"), &desk.picture("transferred.png"));
    desk.run("reconstruct c.png -o own.png").ok();
    assert_differs(&desk.picture("out/c.png"), &desk.picture("own.png"));
}

#[test]
fn a_recipe_goes_onto_all_faces_of_a_photograph() {
    let desk = Desk::with_photographs();
    desk.put("recipe.json", self::desk().bytes("recipe.json"));
    desk.run("apply recipe.json three.png --all -o out.png --quiet --json r.json").ok();
    assert_eq!(desk.picture("out.png").dimensions(), super::three().picture.dimensions());
    assert_differs(&desk.picture("out.png"), &super::three().picture);
    assert_eq!(desk.json("r.json")["results"].as_array().unwrap().len(), 3);
    desk.run("apply recipe.json one.png --paste-strength 0 -o none.png --quiet").ok();
    assert_eq!(desk.picture("none.png"), super::one().picture);
    desk.run("apply recipe.json one.png --crop -o alone.png --quiet").ok();
    assert_eq!(desk.picture("alone.png").dimensions(), (128, 128));
}

#[test]
fn a_recipe_of_a_mix_is_kept_with_its_weights() {
    let desk = Desk::with_faces();
    let faces = "--source a.png b.png --mix 3,1 --target c.png a.png";
    desk.run(&format!("transfer {faces} --parts identity --save-recipe mix.json -o out")).ok();
    desk.run("apply mix.json c.png -o applied.png").ok();
    assert_same(&desk.picture("applied.png"), &desk.picture("out/c--mix.png"));
    let (recipe, _) = Recipe::from_json(&String::from_utf8(desk.bytes("mix.json")).unwrap()).unwrap();
    let from = &recipe.gifts[0].from;
    let names: Vec<(&str, f32)> = from.iter().map(|given| (given.name.as_str(), given.weight)).collect();
    assert_eq!(names, [("a.png", 3.0), ("b.png", 1.0)]);
}

#[test]
fn a_recipe_that_cannot_be_used_is_named() {
    let desk = desk();
    let text = String::from_utf8(desk.bytes("recipe.json")).unwrap();
    let (recipe, mut model) = Recipe::from_json(&text).unwrap();
    desk.put("newer.json", text.replace("\"version\": 1", "\"version\": 2"));
    desk.put("cut.json", &text[..text.len() / 2]);
    desk.put("edit.json", r#"{"format": "facespace edit", "version": 1, "edit": {}}"#);
    desk.put("empty.json", Recipe::default().to_json(&model));
    model.fingerprint = "0123456789abcdef".to_owned();
    model.name = "another model".to_owned();
    desk.put("other.json", recipe.to_json(&model));
    desk.put("other-edit.json", Edit { recipe, ..Edit::default() }.to_json(Some(&model)));
    let before = desk.files();
    for (file, says) in [
        ("no.json", "cannot be read"),
        ("newer.json", "newer facespace"),
        ("cut.json", "not a recipe file"),
        ("edit.json", "not a recipe file"),
        ("empty.json", "gives no part"),
        ("other.json", "another model (0123456789abcdef)"),
    ] {
        desk.run(&format!("apply {file} b.png c.png -o out")).failed(1, &[(says, file)]);
    }
    desk.run("edit b.png --edit other-edit.json -o out.png")
        .failed(1, &[("another model (0123456789abcdef)", "other-edit.json")]);
    desk.run("apply recipe.json b.png -o b.png").failed(2, &[("overwrite", "b.png")]);
    desk.run("apply recipe.json b.png -o out.png --json recipe.json").failed(2, &[("overwrite", "recipe.json")]);
    desk.run("apply recipe.json -o out").misread("required");
    desk.run("apply recipe.json b.png --paste-strength 2 -o out.png").refused("0 to 1");
    assert_eq!(desk.files(), before);
}
