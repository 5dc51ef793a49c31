//! The settings: presets, the commented file, ranges and sentences.

use std::path::PathBuf;

use facespace::data::crops::SubFolders;
use facespace::nn::Variant;
use facespace::train::Config;
use facespace::train::config::{Equalisation, RandomCodes};
use facespace::train::presets::{self, preset};
use facespace::train::toml_file::{ConfigError, FIELDS, Kind, check, from_toml, set, to_toml};

fn tiny() -> Config {
    presets::tiny()
}

/// A value for every setting that may be left out.
fn full() -> Config {
    let mut config = presets::small_data();
    config.model.start_from = Some(PathBuf::from("/models/a \"b\".safetensors"));
    config.teachers.recogniser = Some(PathBuf::from("recogniser.safetensors"));
    config.data.paths = vec![PathBuf::from("/faces/one"), PathBuf::from("two, three")];
    config
}

#[test]
fn every_preset_comes_back_from_its_file() {
    for name in presets::NAMES {
        let config = preset(name).unwrap();
        assert_eq!(config.preset, name);
        check(&config).unwrap();
        assert_eq!(from_toml(&to_toml(&config).unwrap()).unwrap(), config, "{name}");
    }
    assert_eq!(preset("huge"), None);
    assert_eq!(presets::DEFAULT, "small-data");
    assert_eq!(from_toml(&to_toml(&full()).unwrap()).unwrap(), full());
}

#[test]
fn every_field_is_in_the_table_and_nothing_else() {
    let mut found = Vec::new();
    for (key, value) in toml::Table::try_from(full()).unwrap() {
        match value {
            toml::Value::Table(section) => found.extend(section.keys().map(|inner| format!("{key}.{inner}"))),
            _ => found.push(key),
        }
    }
    found.sort();
    let mut listed: Vec<String> = FIELDS.iter().map(|field| field.name.to_owned()).collect();
    listed.sort();
    assert_eq!(found, listed);
}

#[test]
fn each_setting_stands_under_its_comment_and_range() {
    let text = to_toml(&tiny()).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    for field in FIELDS {
        assert!(field.comment.ends_with('.') && field.comment.starts_with(char::is_uppercase), "{}", field.name);
        let place = lines.iter().position(|line| line.starts_with(&format!("# {}", field.comment)));
        let place = place.unwrap_or_else(|| panic!("{} has no comment", field.name));
        let key = field.name.rsplit('.').next().unwrap();
        let value = lines[place + 1];
        assert!(value.starts_with(&format!("{key} = ")) || value.starts_with(&format!("# {key} = ")), "{value}");
    }
    assert!(text.contains("# Pictures of a step. A whole number from 2 to 4096.\nsize = 8\n"), "{text}");
    assert!(text.contains("# recogniser = \"FILE\"\n"), "{text}");
    assert!(text.contains("equalisation = \"none\"\n"), "{text}");
}

#[test]
fn what_is_left_out_is_as_the_preset_has_it() {
    assert_eq!(from_toml("").unwrap(), presets::small_data());
    let config = from_toml("preset = \"tiny\"\n[batch]\nsize = 20\n[data]\nturn_deg = 5\n").unwrap();
    let mut expected = tiny();
    expected.batch.size = 20;
    expected.data.turn_deg = 5.0;
    assert_eq!(config, expected);
}

/// As a run has it that an older program began.
#[test]
fn settings_that_came_later_are_as_the_preset_has_them() {
    let later = ["sub_folders", "first_look", "rarer_on_codes"];
    let text = to_toml(&tiny()).unwrap();
    let earlier: String = text
        .lines()
        .filter(|line| later.iter().all(|name| !line.starts_with(name)))
        .map(|line| format!("{line}\n"))
        .collect();
    assert_eq!(earlier.lines().count() + later.len(), text.lines().count());
    assert_eq!(from_toml(&earlier).unwrap(), tiny());
}

#[test]
fn numbers_of_single_precision_are_written_short() {
    let mut config = tiny();
    config.data.turn_deg = 7.3;
    config.autoencoder.learning_rate = 5e-5;
    let text = to_toml(&config).unwrap();
    assert!(text.contains("turn_deg = 7.3\n") && text.contains("learning_rate = 5e-5\n"), "{text}");
    assert_eq!(from_toml(&text).unwrap(), config);
}

#[track_caller]
fn refused(text: &str, sentence: &str) {
    let error = from_toml(text).unwrap_err().to_string();
    assert_eq!(error, sentence);
    crate::cli::assert_sentence(&error);
}

#[test]
fn what_is_wrong_is_said_with_its_name_and_its_range() {
    refused("[batch]\nsize = 0", "The setting batch.size must be a whole number from 2 to 4096, not 0; correct it");
    refused(
        "[batch]\nsize = \"many\"",
        "The setting batch.size must be a whole number from 2 to 4096, not \"many\"; correct it",
    );
    refused(
        "[batch]\nsize = 16.0",
        "The setting batch.size must be a whole number from 2 to 4096, not 16.0; correct it",
    );
    refused(
        "[joint]\nautoencoder = nan",
        "The setting joint.autoencoder must be a number from 0 to 10000, not NaN; correct it",
    );
    refused(
        "[autoencoder]\ndiff_augment = 1",
        "The setting autoencoder.diff_augment must be true or false, not 1; correct it",
    );
    refused(
        "[data]\nequalisation = \"strech\"",
        "The setting data.equalisation must be \"none\" or \"stretch\", not \"strech\"; correct it",
    );
    refused("[data]\npaths = \"faces\"", "The setting data.paths must be a list of texts, not \"faces\"; correct it");
    refused("seed = -1", "The setting seed must be a whole number from 0, not -1; correct it");
    refused("version = 0", "The setting version must be 1, not 0; correct it");
    refused(
        "preset = \"large\"",
        "The setting preset must be \"small-data\" or \"tiny\" or \"authors\" or \"paper\", not \"large\"; correct it",
    );
    refused("[batch]\nsise = 3", "There is no setting batch.sise; perhaps batch.size is meant");
    refused("[joint]\nsize = 3", "There is no setting joint.size; perhaps batch.size is meant");
    refused("[wibble]\nwobbling = 3", "There is no setting wibble.wobbling; remove it");
    refused(
        "[batch]\nsize = 10\naccumulate = 4",
        "The setting batch.size (10) must be a multiple of batch.accumulate (4) and at least twice as large; correct \
         either",
    );
    refused("[model]\nwidth = 31", "The setting model.width must be an even number, not 31; correct it");
}

#[test]
fn a_newer_file_and_a_file_that_is_none_are_told_apart() {
    refused(
        "version = 2\n[magic]\nsize = 1",
        "The settings are of version 2 and this program reads up to version 1; use a newer facespace",
    );
    let error = from_toml("seed = 1\n[batch\nsize = 2").unwrap_err();
    assert!(matches!(error, ConfigError::Syntax { line: 2, .. }), "{error:?}");
    crate::cli::assert_sentence(&error.to_string());
}

#[test]
fn every_range_holds_at_both_ends() {
    for field in FIELDS.iter().filter(|field| field.name != "version") {
        let beyond = match field.kind {
            Kind::Whole(from, to) => vec![from.checked_sub(1), to.checked_add(1)]
                .into_iter()
                .flatten()
                .map(|number| number.to_string())
                .collect(),
            Kind::Number(from, to) | Kind::Single(from, to) => {
                vec![(from - 1.0).to_string(), (to * 2.0).to_string(), "nan".to_owned(), "inf".to_owned()]
            }
            Kind::Switch => vec!["perhaps".to_owned()],
            Kind::Word(_) => vec!["wibble".to_owned()],
            Kind::Texts | Kind::Path => Vec::new(),
        };
        for value in beyond {
            let mut config = tiny();
            let error = set(&mut config, field.name, &value).unwrap_err().to_string();
            assert_eq!(config, tiny(), "{}", field.name);
            if field.name != "preset" {
                assert!(error.starts_with(&format!("The setting {} must be ", field.name)), "{error}");
            }
        }
    }
}

#[test]
fn single_settings_are_set_by_name() {
    let mut config = tiny();
    for (name, value) in [
        ("batch.size", "1_000"),
        ("data.turn_deg", "5"),
        ("autoencoder.learning_rate", "1e-3"),
        ("autoencoder.diff_augment", "false"),
        ("autoencoder.random_codes", "prior"),
        ("data.equalisation", "stretch"),
        ("data.sub_folders", "people"),
        ("data.paths", "/a, /b"),
        ("data.labels_only", "[\"x, y\"]"),
        ("teachers.recogniser", "r.safetensors"),
    ] {
        set(&mut config, name, value).unwrap();
    }
    assert_eq!(config.batch.size, 1000);
    assert_eq!((config.data.turn_deg, config.autoencoder.learning_rate), (5.0, 1e-3));
    assert_eq!(config.data.equalisation, Equalisation::Stretch);
    assert_eq!(config.autoencoder.random_codes, RandomCodes::Prior);
    assert_eq!(config.data.sub_folders, SubFolders::People);
    assert!(!config.autoencoder.diff_augment);
    assert_eq!(config.data.paths, [PathBuf::from("/a"), PathBuf::from("/b")]);
    assert_eq!(config.data.labels_only, ["x, y"]);
    assert!(config.teachers.recogniser.is_some());
    set(&mut config, "teachers.recogniser", "").unwrap();
    assert_eq!(config.teachers.recogniser, None);

    for (name, value) in [("batch.sise", "3"), ("batch.size", "3.5"), ("batch", "3"), ("preset", "paper"), ("", "")] {
        let before = config.clone();
        crate::cli::assert_sentence(&set(&mut config, name, value).unwrap_err().to_string());
        assert_eq!(config, before);
    }
}

#[test]
fn settings_made_in_the_program_are_checked_too() {
    let wrong = |change: fn(&mut Config)| {
        let mut config = tiny();
        change(&mut config);
        let error = check(&config).unwrap_err();
        crate::cli::assert_sentence(&error.to_string());
        error
    };
    assert!(matches!(wrong(|c| c.version = 9), ConfigError::Newer(9)));
    assert!(matches!(wrong(|c| c.checkpoint.keep = 0), ConfigError::Wrong { name: "checkpoint.keep", .. }));
    assert!(matches!(wrong(|c| c.joint.rate_factor = f64::NAN), ConfigError::Wrong { name: "joint.rate_factor", .. }));
    assert!(matches!(wrong(|c| c.batch.accumulate = 3), ConfigError::Accumulate { .. }));
    assert!(matches!(wrong(|c| c.seed = u64::MAX), ConfigError::Unwritable(_)));
}

#[test]
fn the_presets_follow_the_method() {
    let (paper, authors) = (presets::paper(), presets::authors());
    assert_eq!((paper.model.width, paper.model.hidden, paper.model.variant), (64, 1000, Variant::Paper));
    assert_eq!(paper.data.equalisation, Equalisation::Stretch);
    assert_eq!((paper.autoencoder.learning_rate, paper.disentangle.learning_rate), (5e-5, 1e-4));
    // Eq. 5: 0.9 (rec + adv) + enc + gen.
    let stage = &paper.autoencoder;
    assert_eq!([stage.reconstruction, stage.image, stage.latent, stage.image_random], [0.9, 0.9, 1.0, 1.0]);
    assert_eq!(stage.structure, 0.0);
    assert!(paper.autoencoder.steps * paper.batch.size as u64 == 23_000_000 && paper.batch.size == 100);
    assert!(paper.disentangle.cycle_pose && paper.disentangle.triplet_squared && paper.disentangle.random_negatives);
    assert!(!paper.disentangle.pose_squared);
    assert_eq!((paper.disentangle.scale, authors.disentangle.scale), (1.0, 5.0));
    assert_eq!((authors.autoencoder.learning_rate, authors.disentangle.learning_rate), (2e-5, 8e-5));
    assert_eq!((authors.autoencoder.structure, authors.autoencoder.image_rate), (30.0, 0.5));
    assert!(authors.disentangle.pose_squared && !authors.disentangle.random_negatives);
    for long in [&paper, &authors] {
        assert_eq!((long.pca_start.steps, long.disentangle.exchanges), (0, 0.0));
        assert!(long.batch.average_half_life == 0.0 && !long.autoencoder.diff_augment);
    }
    for short in [presets::small_data(), tiny()] {
        assert!(short.pca_start.steps > 0 && short.batch.average_half_life > 0.0 && short.autoencoder.diff_augment);
        assert!(short.disentangle.exchanges > 0.0 && short.disentangle.expression_geometry);
        assert_eq!((short.autoencoder.structure, short.disentangle.descriptor), (30.0, 2.0));
    }
}
