use facespace::face::recipe::RECIPE_VERSION;
use facespace::face::transfer::transfer;
use facespace::face::{
    AngleEdit, Direction, Edit, EditError, FaceCode, Ingredient, ModelName, PART_DIM, Part, PartValue, Pose, Recipe,
    RecipeError,
};

use super::{basis, face, space};

fn ingredient(weight: f32, value: PartValue) -> Ingredient {
    Ingredient { name: "Anna".to_owned(), weight, value }
}

/// One face that gives these parts at these strengths.
fn from_one(source: &FaceCode, parts: &[(Part, f32)]) -> Recipe {
    Recipe::from_faces(&[("Anna".to_owned(), *source, 2.5)], parts)
}

fn model() -> ModelName {
    ModelName { name: "light 1.2".to_owned(), fingerprint: "0123456789abcdef".to_owned() }
}

#[test]
fn a_recipe_of_one_face_is_a_transfer() {
    let (mut source, target) = (face(1), face(2));
    source.pose = Pose::from_array_deg([30.0, -20.0, 10.0]);
    let recipe = from_one(&source, &[(Part::Expression, 0.7), (Part::Pose, 0.5)]);
    let given = recipe.apply(&target).unwrap();
    assert_eq!(given.expression, transfer(&source, &target, &[Part::Expression], 0.7).expression);
    assert_eq!(given.pose, transfer(&source, &target, &[Part::Pose], 0.5).pose);
    assert_eq!((given.identity, given.style), (target.identity, target.style));
    assert_eq!(Recipe::default().apply(&target), Ok(target));
    // At no strength a part stays to the bit.
    assert_eq!(from_one(&source, &Part::ALL.map(|part| (part, 0.0))).apply(&target), Ok(target));
}

#[test]
fn several_faces_are_mixed_by_their_weights() {
    let (mut a, mut b) = (face(1), face(2));
    (a.identity, b.identity) = (basis(0), basis(1));
    a.pose = Pose::from_array_deg([40.0, 0.0, -4.0]);
    b.pose = Pose::from_array_deg([0.0, 20.0, 4.0]);
    let sources = [("a".to_owned(), a, 3.0), ("b".to_owned(), b, 1.0), ("c".to_owned(), face(3), 0.0)];
    let recipe = Recipe::from_faces(&sources, &[(Part::Identity, 1.0), (Part::Pose, 1.0)]);
    assert_eq!(recipe.gift(Part::Identity).unwrap().from.len(), 2, "what weighs nothing gives nothing");
    let mixed = recipe.apply(&face(4)).unwrap();
    let numbers = mixed.identity.as_array();
    assert!((numbers[0] / numbers[1] - 3.0).abs() < 1e-3, "{numbers:?}");
    for (angle, expected) in mixed.pose.to_array_deg().into_iter().zip([30.0, 5.0, -2.0]) {
        assert!((angle - expected).abs() < 1e-4, "{:?}", mixed.pose);
    }
    // Weights count against each other alone, whatever their size.
    let larger = sources.map(|(name, face, weight)| (name, face, weight * 1e37));
    let again = Recipe::from_faces(&larger, &[(Part::Identity, 1.0)]).apply(&face(4)).unwrap();
    assert!(again.identity.angle_deg(&mixed.identity) < 1e-2);
}

#[test]
fn gifts_stand_in_the_order_of_the_parts() {
    let mut recipe = from_one(&face(1), &[(Part::Style, 1.0), (Part::Pose, 1.0), (Part::Identity, 1.0)]);
    let parts = |recipe: &Recipe| recipe.gifts.iter().map(|gift| gift.part).collect::<Vec<_>>();
    assert_eq!(parts(&recipe), [Part::Pose, Part::Identity, Part::Style]);
    recipe.give(Part::Identity, 0.25, vec![ingredient(1.0, PartValue::of(&face(2), Part::Identity))]);
    assert_eq!(parts(&recipe), [Part::Pose, Part::Identity, Part::Style]);
    assert_eq!(recipe.gift(Part::Identity).unwrap().strength, 0.25);
    assert_eq!(parts(&recipe.without(Part::Pose)), [Part::Identity, Part::Style]);
    assert_eq!(recipe.without(Part::Expression), recipe);
    assert!(!recipe.is_empty() && Recipe::default().is_empty());
}

#[test]
fn a_recipe_that_makes_no_sense_gets_one_sentence() {
    let expression = PartValue::of(&face(1), Part::Expression);
    let turned = PartValue::Pose(Pose { yaw_deg: f32::NAN, ..Pose::default() });
    let opposite = PartValue::Unit(Direction::new(face(1).expression.as_array().map(|v| -v)).unwrap());
    let cases = [
        (Part::Expression, 1.5, vec![ingredient(1.0, expression)], "from 0 to 1"),
        (Part::Expression, f32::NAN, vec![ingredient(1.0, expression)], "from 0 to 1"),
        (Part::Expression, 1.0, vec![], "No face gives its expression"),
        (Part::Expression, 1.0, vec![ingredient(0.0, expression)], "weight 0 of Anna in expression"),
        (Part::Expression, 1.0, vec![ingredient(-1.0, expression)], "a number above 0"),
        (Part::Expression, 1.0, vec![ingredient(f32::INFINITY, expression)], "a number above 0"),
        (Part::Pose, 1.0, vec![ingredient(1.0, expression)], "take its pose"),
        (Part::Style, 1.0, vec![ingredient(1.0, turned)], "take its style"),
        (Part::Pose, 1.0, vec![ingredient(1.0, turned)], "pose of Anna is out of range"),
        (Part::Expression, 1.0, vec![ingredient(1.0, expression), ingredient(1.0, opposite)], "cancel each other out"),
    ];
    for (part, strength, from, says) in cases {
        let mut recipe = Recipe::default();
        recipe.give(part, strength, from);
        let error = recipe.check().unwrap_err();
        let sentence = error.to_string();
        assert!(sentence.contains(says) && sentence.contains("; "), "{sentence}");
        // NaN in the sentence is no NaN in a comparison.
        assert_eq!(recipe.apply(&face(2)).unwrap_err().to_string(), sentence);
    }
    let mut recipe = Recipe::default();
    recipe.give(Part::Expression, 1.0, vec![ingredient(1.0, expression), ingredient(1.0, opposite)]);
    assert_eq!(recipe.check(), Err(RecipeError::CancelsOut(Part::Expression)));
}

#[test]
fn a_recipe_file_is_read_back_as_it_was_written() {
    let sources = [("Anna \"größer\".jpg".to_owned(), face(1), 1.0), ("b".to_owned(), face(2), 0.25)];
    let recipe = Recipe::from_faces(&sources, &[(Part::Pose, 1.0), (Part::Identity, 0.7), (Part::Style, 0.1)]);
    let text = recipe.to_json(&model());
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!((&value["format"], &value["version"]), (&"facespace recipe".into(), &1.into()));
    assert_eq!((&value["model"], &value["model_name"]), (&"0123456789abcdef".into(), &"light 1.2".into()));
    assert!(value["parts"]["expression"].is_null());
    assert!(value["parts"]["pose"]["from"][0]["value"]["yaw_deg"].is_number(), "{text}");
    assert_eq!(value["parts"]["style"]["from"][1]["value"].as_array().unwrap().len(), PART_DIM);
    assert_eq!(Recipe::from_json(&text), Ok((recipe, model())));
    assert_eq!(Recipe::from_json(&Recipe::default().to_json(&model())), Ok((Recipe::default(), model())));
}

#[test]
fn a_bad_recipe_file_gets_one_sentence() {
    let file = |parts: &str| {
        format!(r#"{{"format": "facespace recipe", "version": 1, "model": "m", "model_name": "n", "parts": {parts}}}"#)
    };
    let given = |part: &str, value: &str| {
        file(&format!(r#"{{"{part}": {{"strength": 1, "from": [{{"name": "a", "weight": 1, "value": {value}}}]}}}}"#))
    };
    let numbers = |value: &str| format!("[{}]", [value; PART_DIM].join(","));
    let fails = [
        ("".to_owned(), "not a recipe file"),
        ("[1, 2]".to_owned(), "not a recipe file"),
        (Edit::default().to_json(None), "\"format\" is not"),
        (r#"{"format": "facespace recipe"}"#.to_owned(), "\"version\" is missing"),
        (r#"{"format": "facespace recipe", "version": 1, "parts": {}}"#.to_owned(), "model"),
        (file(r#"{"hair": {}}"#), "hair"),
        (file(r#"{"pose": {"strength": 2, "from": []}}"#), "from 0 to 1"),
        (file(r#"{"pose": {"strength": 1, "from": []}}"#), "No face gives its pose"),
        (given("pose", r#"{"yaw_deg": 1, "pitch_deg": 2}"#), "roll_deg"),
        (given("pose", r#"{"yaw_deg": 1, "pitch_deg": 200, "roll_deg": 0}"#), "-180 to 180"),
        (given("pose", r#"{"yaw_deg": 1, "pitch_deg": 1e99, "roll_deg": 0}"#), "-180 to 180"),
        (given("pose", &numbers("1")), "not a recipe file"),
        (given("style", "[1, 2, 3]"), "32"),
        (given("style", &numbers("0")), "no direction"),
        (given("style", &numbers("1e99")), "no direction"),
        (given("style", &numbers("null")), "not a recipe file"),
        (
            format!(r#"{{"format": "facespace recipe", "version": {}, "new": 0}}"#, RECIPE_VERSION + 1),
            "newer facespace",
        ),
    ];
    for (text, says) in fails {
        let sentence = Recipe::from_json(&text).unwrap_err().to_string();
        assert!(sentence.contains(says) && !sentence.contains('\n'), "{text}: {sentence}");
    }
    assert!(Recipe::from_json(&given("style", &numbers("1"))).is_ok(), "brought to length 1");
}

#[test]
fn directions_come_back_from_files_to_the_bit() {
    for seed in 0..50 {
        for direction in [face(seed).identity, face(seed).expression, face(seed).style] {
            let text = serde_json::to_string(&direction).unwrap();
            assert_eq!(serde_json::from_str::<Direction>(&text).unwrap(), direction);
        }
    }
    let longer: Direction = serde_json::from_str(&format!("[3{}]", ",0".repeat(PART_DIM - 1))).unwrap();
    assert_eq!(longer, basis(0));
}

#[test]
fn a_recipe_of_other_weights_names_both() {
    let used = ModelName { name: "mine".to_owned(), fingerprint: "fedcba9876543210".to_owned() };
    let sentence = used.require(&model()).unwrap_err().to_string();
    for word in ["light 1.2", "0123456789abcdef", "mine", "fedcba9876543210", "; choose"] {
        assert!(sentence.contains(word), "{word}: {sentence}");
    }
    // Another name for the same networks is no other model.
    assert_eq!(used.require(&ModelName { name: "yours".to_owned(), ..used.clone() }), Ok(()));
}

#[test]
fn an_edit_starts_from_what_its_recipe_gives() {
    let (own, mut other) = (face(1), face(2));
    other.pose = Pose::from_array_deg([40.0, 0.0, 0.0]);
    other.identity = basis(8);
    let mut edit = Edit { recipe: from_one(&other, &[(Part::Pose, 1.0), (Part::Identity, 1.0)]), ..Edit::default() };
    let base = edit.base(&own).unwrap();
    assert_eq!(base.pose, other.pose);
    assert!(base.identity.angle_deg(&other.identity) < 0.05);
    assert_eq!((base.expression, base.style), (own.expression, own.style));
    assert_eq!(edit.apply(&own, &space()), Ok(base));

    edit.pose.yaw = Some(AngleEdit::Add(5.0));
    edit.pose.pitch = Some(AngleEdit::Set(-3.0));
    edit.identity.axes.insert(1, 2.0);
    let edited = edit.apply(&own, &space()).unwrap();
    assert_eq!(edited.pose.to_array_deg(), [45.0, -3.0, 0.0]);
    assert!((edited.identity.angle_deg(&basis(0)) - 45.0).abs() < 1e-2, "half way from the given one to the axis");
    assert_eq!((edited.expression, edited.style), (own.expression, own.style));

    edit.recipe.gifts[0].strength = 7.0;
    let refused = RecipeError::Strength { part: Part::Pose, value: 7.0 };
    assert_eq!(edit.apply(&own, &space()), Err(EditError::Recipe(refused.clone())));
    assert_eq!(edit.check().unwrap_err().to_string(), refused.to_string());
}

#[test]
fn an_edit_file_keeps_its_recipe() {
    let mut edit = Edit { recipe: from_one(&face(2), &[(Part::Expression, 0.7)]), ..Edit::default() };
    edit.pose.yaw = Some(AngleEdit::Set(10.0));
    assert_eq!(Edit::from_json(&edit.to_json(None)), Ok((edit.clone(), None)));
    let told = edit.to_json(Some(&model()));
    assert_eq!(Edit::from_json(&told), Ok((edit.clone(), Some(model()))), "it tells the weights that it was made with");
    // As it was before there were recipes.
    edit.recipe = Recipe::default();
    let plain = edit.to_json(Some(&model()));
    assert!(!plain.contains("recipe") && !plain.contains("model"), "{plain}");
    let bad = plain.replace("\"pose\"", "\"recipe\": {\"style\": {\"strength\": 9, \"from\": []}}, \"pose\"");
    assert!(Edit::from_json(&bad).unwrap_err().to_string().contains("from 0 to 1"));
}

#[test]
fn a_later_edit_gives_what_an_earlier_one_gave() {
    let mut first = Edit { recipe: from_one(&face(1), &[(Part::Pose, 1.0), (Part::Style, 0.5)]), ..Edit::default() };
    let second = from_one(&face(2), &[(Part::Style, 0.25), (Part::Identity, 1.0)]);
    first.overlay(Edit { recipe: second.clone(), ..Edit::default() });
    assert_eq!(first.recipe.gift(Part::Style), second.gift(Part::Style));
    assert_eq!(first.recipe.gift(Part::Identity), second.gift(Part::Identity));
    assert_eq!(first.recipe.gift(Part::Pose).unwrap().strength, 1.0);
    assert_eq!(first.recipe.gifts.len(), 3);
}
