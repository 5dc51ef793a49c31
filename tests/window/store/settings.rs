//! Settings: there and back, and set aside where they cannot be read.

use std::fs;

use facespace::app::store::folders::HOME;
use facespace::app::store::{Settings, Store, ThemeChoice};
use facespace::engine::DeviceChoice;

use super::{Home, PATIENCE, TARGET, again, assert_sentence};

fn some() -> Settings {
    Settings {
        theme: ThemeChoice::Dark,
        scale: 1.25,
        device: DeviceChoice::GpuAt(2),
        weights: Some("/weights/full größer.safetensors".into()),
        open_folder: Some("/photographs".into()),
        save_folder: None,
        runs_folder: None,
        last_run: Some("/runs/tiny-1".into()),
        seen_welcome: true,
        reduced_motion: true,
    }
}

#[test]
fn settings_are_there_again() {
    let home = Home::new();
    let (store, start) = home.open();
    assert_eq!(start.settings, Settings::default());
    store.save_settings(Settings::default());
    store.save_settings(some());
    assert!(store.flush(PATIENCE));
    drop(store);
    let (_, start) = home.open();
    assert_eq!((start.settings, start.sentences.len()), (some(), 0));
}

#[test]
fn every_device_is_read_as_it_is_written() {
    for device in [DeviceChoice::Auto, DeviceChoice::Cpu, DeviceChoice::Gpu, DeviceChoice::GpuAt(11)] {
        assert_eq!(device.to_string().parse(), Ok(device));
    }
}

#[test]
fn sizes_stay_where_they_can_be_used() {
    for (given, kept) in [(0.1, 0.8), (50.0, 2.0), (f32::NAN, 1.0), (1.5, 1.5)] {
        let home = Home::new();
        let (store, _) = home.open();
        store.save_settings(Settings { scale: given, ..some() });
        assert!(store.flush(PATIENCE));
        drop(store);
        assert_eq!(home.open().1.settings.scale, kept);
    }
}

#[test]
fn settings_of_other_versions_lose_nothing_but_what_is_unknown() {
    let home = Home::new();
    let text = "{\"format\":\"facespace settings\",\"version\":1,\"content\":{\"theme\":\"light\",\"later\":[1]}}";
    fs::write(home.path("settings.json"), text).unwrap();
    let (_, start) = home.open();
    assert_eq!(start.settings, Settings { theme: ThemeChoice::Light, ..Settings::default() });
    assert!(start.sentences.is_empty());
}

#[test]
fn broken_settings_are_set_aside() {
    let whole = String::from_utf8(some().into_bytes().unwrap()).unwrap();
    for (bytes, says) in [
        (String::new(), "they are cut off"),
        (whole[..whole.len() - 3].to_owned(), "they are cut off"),
        ("[]".to_owned(), "they are none of facespace"),
        (whole.replace("\"version\":1", "\"version\":2"), "a newer facespace saved them"),
        (whole.replace("gpu:2", "toaster"), "\"toaster\" is no device"),
    ] {
        let home = Home::new();
        fs::write(home.path("settings.json"), &bytes).unwrap();
        let (store, start) = home.open();
        assert_eq!(start.settings, Settings::default());
        let [sentence] = &start.sentences[..] else { panic!("{:?}", start.sentences) };
        let aside = home.names("").into_iter().find(|name| name.starts_with("settings-broken-20")).unwrap();
        assert_sentence(sentence, says, &home.path(&aside));
        assert_eq!(fs::read_to_string(home.path(&aside)).unwrap(), bytes);
        assert!(!home.path("settings.json").exists() && store.writable());
    }
}

/// The environment belongs to all tests, so the variable is met in a second process.
#[test]
fn a_variable_names_the_home() {
    let home = Home::new();
    let folder = home.path("carried about");
    let variable = [(HOME, folder.to_str().unwrap())];
    let output = again("store::settings::in_the_home_of_the_variable", &variable, home.0.path()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(home.names("carried about"), ["session", "settings.json"]);
}

#[test]
fn in_the_home_of_the_variable() {
    if std::env::var_os(TARGET).is_none() {
        return;
    }
    let (store, start) = Store::open();
    assert!(start.sentences.is_empty() && store.writable());
    store.save_settings(some());
    assert!(store.flush(PATIENCE));
}
