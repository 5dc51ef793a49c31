//! Every shader is read and validated without a device, so that a fault shows where no driver is.

use std::path::Path;

use naga::front::wgsl;
use naga::valid::{Capabilities, ValidationFlags, Validator};

#[test]
fn every_shader_is_valid() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("shaders");
    let mut count = 0;
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        assert!(path.extension().is_some_and(|extension| extension == "wgsl"), "no shader: {}", path.display());
        let source = std::fs::read_to_string(&path).unwrap();
        let name = path.display().to_string();
        let module = wgsl::parse_str(&source)
            .unwrap_or_else(|error| panic!("{}", error.emit_to_string_with_path(&source, &name)));
        // Nothing beyond what every device has.
        Validator::new(ValidationFlags::all(), Capabilities::empty())
            .validate(&module)
            .unwrap_or_else(|error| panic!("{}", error.emit_to_string_with_path(&source, &name)));
        count += 1;
    }
    assert!(count > 0, "no shaders in {}", folder.display());
}

#[test]
fn the_canvas_has_the_entries_its_pipeline_names() {
    let source = include_str!("../../shaders/canvas.wgsl");
    let module = wgsl::parse_str(source).unwrap();
    for name in ["vertex", "whole", "fading", "split", "difference"] {
        assert!(module.entry_points.iter().any(|entry| entry.name == name), "no entry {name}");
    }
}
