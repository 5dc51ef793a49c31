//! Weights files that cannot be used.

use std::collections::HashMap;

use safetensors::SafeTensors;
use safetensors::tensor::TensorView;

use super::Desk;

const BUNDLED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/weights/light.safetensors");

fn bundled() -> Vec<u8> {
    std::fs::read(BUNDLED).unwrap()
}

/// The bundled weights with other metadata, or without some tensors.
fn altered(metadata: &[(&str, &str)], keep: impl Fn(&str) -> bool) -> Vec<u8> {
    let bytes = bundled();
    let (_, header) = SafeTensors::read_metadata(&bytes).unwrap();
    let mut all: HashMap<String, String> = header.metadata().clone().unwrap();
    all.extend(metadata.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())));
    let file = SafeTensors::deserialize(&bytes).unwrap();
    let tensors: Vec<(&str, TensorView)> = file.iter().filter(|(name, _)| keep(name)).collect();
    safetensors::serialize(tensors, Some(all)).unwrap()
}

/// Every command that computes says the same one sentence, whatever the number of pictures, and leaves nothing.
#[track_caller]
fn refused(bytes: &[u8], says: &str) {
    let desk = Desk::with_faces();
    desk.put("w.safetensors", bytes);
    for command in ["edit a.png b.png c.png --yaw 5 -o out", "encode a.png b.png -o rows.csv", "sample -o grid.png"] {
        desk.run(&format!("{command} --weights w.safetensors")).failed(1, &[(says, "w.safetensors")]);
    }
    assert_eq!(desk.files(), ["a.png", "b.png", "c.png", "w.safetensors"]);
}

#[test]
fn weights_that_are_cut_off_are_refused() {
    let whole = bundled();
    refused(&whole[..whole.len() / 2], "cut off or damaged");
    refused(&whole[..1000], "cut off or damaged");
    refused(b"", "it is empty");
}

#[test]
fn weights_of_another_program_are_refused() {
    let fixture = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/authors.safetensors");
    refused(&std::fs::read(fixture).unwrap(), "belong to another program");
    refused(&altered(&[("format", "somebody's weights")], |_| true), "somebody's weights");
    refused(
        b"PK\x03\x04 this is a zip file of some kind, as torch.save writes it",
        "made by `facespace weights build`",
    );
}

#[test]
fn weights_of_a_newer_format_are_refused() {
    refused(&altered(&[("version", "2")], |_| true), "update facespace");
}

#[test]
fn weights_of_another_shape_are_refused() {
    let networks = |width: u64| {
        let (_, header) = SafeTensors::read_metadata(&bundled()).unwrap();
        let mut config: serde_json::Value =
            serde_json::from_str(&header.metadata().as_ref().unwrap()["networks"]).unwrap();
        config["width"] = width.into();
        config.to_string()
    };
    refused(&altered(&[("networks", &networks(16))], |_| true), "another shape");
    refused(&altered(&[("networks", &networks(0))], |_| true), "another shape");
    refused(&altered(&[("networks", &networks(1_000_000_000_000))], |_| true), "another shape");
    refused(&altered(&[("networks", "{}")], |_| true), "another shape");
    refused(&altered(&[("networks", "nonsense")], |_| true), "another shape");
    refused(&altered(&[], |name| name != "E.bn.weight"), "E.bn.weight is missing");
    refused(&altered(&[], |name| name != "stats.identity.axes"), "stats.identity.axes is missing");
}

#[test]
fn weights_for_other_pictures_are_refused() {
    refused(&altered(&[("part_sizes", "3,64,64,64")], |_| true), "part_sizes 3,64,64,64");
    refused(&altered(&[("mean", "0,0,0")], |_| true), "mean 0,0,0");
}

#[test]
fn weights_that_are_not_there_are_named() {
    let desk = Desk::with_faces();
    desk.run("edit a.png --yaw 5 -o out.png --weights no.safetensors")
        .failed(1, &[("cannot be read", "no.safetensors")]);
    desk.run("weights show no.safetensors").failed(1, &[("cannot be read", "no.safetensors")]);
    desk.run("weights show .").failed(1, &[("cannot be read", ".")]);
    desk.run("weights show a.png").failed(1, &[("made by `facespace weights build`", "a.png")]);
    assert_eq!(desk.files(), ["a.png", "b.png", "c.png"]);
}
