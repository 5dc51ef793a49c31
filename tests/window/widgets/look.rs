//! Pictures of all widgets side by side, in both themes: `target/ui/widgets-dark.png` and `-light.png`, to be looked
//! at.

use std::path::{Path, PathBuf};

use eframe::egui;
use egui::{
    Align, ColorImage, Context, Frame, Layout, Margin, RichText, TextureHandle, TextureOptions, Theme, Ui, vec2,
};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use facespace::app::theme;
use facespace::app::widgets::{AxisStrip, FaceTile, PartSlider, PosePad, drift_label};
use facespace::face::{Part, Pose};

#[test]
fn all_widgets_in_dark_and_light() {
    for (theme, name) in [(Theme::Dark, "dark"), (Theme::Light, "light")] {
        let mut faces = Vec::new();
        let mut harness = Harness::builder()
            .with_size(vec2(760.0, 760.0))
            .with_pixels_per_point(1.5)
            .with_theme(theme)
            .with_render_cursor(false)
            .with_context_setup(|context: &Context| theme::install(context))
            .wgpu()
            .build_ui(move |ui| {
                if faces.is_empty() {
                    faces = samples(ui.ctx());
                }
                sheet(ui, &faces);
            });
        harness.get_by_label("Roll").focus();
        harness.run();
        let picture = harness.render().expect("a software Vulkan driver draws the window");
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/ui");
        std::fs::create_dir_all(&folder).expect("target is writable");
        picture.save(folder.join(format!("widgets-{name}.png"))).expect("target is writable");
        assert!(picture.pixels().any(|pixel| pixel != picture.get_pixel(0, 0)));
    }
}

/// The project's own sample faces.
fn samples(context: &Context) -> Vec<TextureHandle> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/samples");
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder).expect("the samples").map(|entry| entry.expect("a sample").path()).collect();
    paths.sort();
    let pictures = paths.iter().filter_map(|path| image::open(path).ok()).take(6);
    pictures
        .enumerate()
        .map(|(place, picture)| {
            let picture = picture.to_rgb8();
            let size = [picture.width() as usize, picture.height() as usize];
            let pixels = ColorImage::from_rgb(size, picture.as_raw());
            context.load_texture(format!("sample {place}"), pixels, TextureOptions::LINEAR)
        })
        .collect()
}

fn sheet(ui: &mut Ui, faces: &[TextureHandle]) {
    ui.horizontal_top(|ui| {
        column(ui, |ui| {
            pose(ui);
            ui.add_space(8.0);
            expression(ui);
        });
        column(ui, |ui| {
            axes(ui, Part::Identity, "Identity", faces, true);
            ui.add_space(8.0);
            axes(ui, Part::Style, "Style", faces, false);
        });
    });
    ui.add_space(12.0);
    tray(ui, faces);
    ui.add_space(12.0);
    bars(ui);
}

/// As wide as the inspector.
fn column(ui: &mut Ui, add: impl FnOnce(&mut Ui)) {
    Frame::new().inner_margin(Margin::same(12)).show(ui, |ui| {
        ui.set_width(theme::INSPECTOR_WIDTH - 24.0);
        ui.vertical(add);
    });
}

fn heading(ui: &mut Ui, part: Part, name: &str, drift: Option<f32>) {
    ui.horizontal(|ui| {
        ui.label(RichText::new(name).heading().color(theme::part_colour(ui.visuals(), part)));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| drift_label(ui, part, drift));
    });
}

fn slider<'a>(name: &'a str, label: &'a str, part: Part) -> PartSlider<'a> {
    PartSlider {
        name,
        label,
        part: Some(part),
        range: [-4.0, 4.0],
        shaded: Some([-2.3, 2.1]),
        own: 0.0,
        decimals: 2,
        suffix: "",
        step: 0.1,
        enabled: true,
        hover: "",
    }
}

fn pose(ui: &mut Ui) {
    heading(ui, Part::Pose, "Pose", Some(2.1));
    let pad = PosePad {
        low: Pose { yaw_deg: -48.0, pitch_deg: -24.0, roll_deg: -15.0 },
        high: Pose { yaw_deg: 46.0, pitch_deg: 20.0, roll_deg: 14.0 },
        own: Pose { yaw_deg: 4.0, pitch_deg: -3.0, roll_deg: 1.0 },
        enabled: true,
    };
    pad.show(ui, Pose { yaw_deg: 31.0, pitch_deg: 9.0, roll_deg: -8.0 });
    let angles = [("Yaw", 31.0, 4.0, 60.0), ("Pitch", 9.0, -3.0, 45.0), ("Roll", -8.0, 1.0, 45.0)];
    for (name, value, own, most) in angles {
        let angle = PartSlider {
            range: [-most, most],
            shaded: Some([-0.7 * most, 0.6 * most]),
            own,
            decimals: 1,
            suffix: "°",
            step: 1.0,
            ..slider(name, name, Part::Pose)
        };
        angle.show(ui, value);
    }
}

fn expression(ui: &mut Ui) {
    heading(ui, Part::Expression, "Expression", Some(14.8));
    for (name, value) in [("Happy", 0.8), ("Surprise", -0.25), ("Contempt", 0.0), ("A name far too long", 1.0)] {
        let class = PartSlider { range: [-1.0, 1.0], shaded: None, ..slider(name, name, Part::Expression) };
        class.show(ui, value);
    }
}

fn axes(ui: &mut Ui, part: Part, name: &str, faces: &[TextureHandle], enabled: bool) {
    heading(ui, part, name, enabled.then_some(4.4));
    for axis in 1..=3 {
        let long = format!("{name} axis {axis}");
        let textures: Vec<_> = (0..5)
            .map(|place| faces.get((place + axis) % faces.len().max(1)).filter(|_| axis < 3).map(|face| face.id()))
            .collect();
        let strip = AxisStrip { name: &long, values: &[-2.0, -1.0, 0.0, 1.0, 2.0], textures: &textures, enabled };
        strip.show(ui);
        let label = format!("Axis {axis}");
        PartSlider { enabled, ..slider(&long, &label, part) }.show(ui, axis as f32 - 2.4);
    }
}

fn tray(ui: &mut Ui, faces: &[TextureHandle]) {
    ui.horizontal(|ui| {
        for place in 0..faces.len() + 1 {
            let name = format!("face {place}.jpg");
            let tile = FaceTile {
                id: place as u64,
                name: &name,
                texture: faces.get(place).map(|face| face.id()),
                chosen: place == 1,
                picked: place == 2,
                badge: (place % 3 == 0).then_some("edited"),
                side: theme::TILE,
            };
            tile.show(ui);
        }
    });
}

fn bars(ui: &mut Ui) {
    let words = [
        (theme::error_fill(ui.visuals()), "This file is not a picture; choose a JPEG, PNG, WebP, BMP, TIFF or GIF"),
        (theme::warning_fill(ui.visuals()), "There is no GPU driver; pictures are computed on the CPU"),
    ];
    for (fill, sentence) in words {
        Frame::new().fill(fill).corner_radius(theme::CORNER).inner_margin(Margin::same(8)).show(ui, |ui| {
            ui.label(sentence);
        });
    }
    ui.horizontal(|ui| {
        let _ = ui.button("Save picture");
        let _ = ui.selectable_label(true, "Edit");
        ui.checkbox(&mut true, "Lock");
        ui.weak("Nothing leaves this machine");
        let _ = ui.link("What is style?");
    });
}
