use eframe::egui_wgpu::{RenderState, RendererOptions};
use egui_kittest::wgpu::{WgpuTestRenderer, create_render_state, default_wgpu_setup};
use facespace::app::canvas::{Placement, ramp};
use image::RgbaImage;

use super::*;

fn render_state() -> RenderState {
    std::panic::catch_unwind(|| create_render_state(default_wgpu_setup(), RendererOptions::PREDICTABLE))
        .unwrap_or_else(|_| panic!("These tests need a Vulkan driver, such as Mesa's software one (lavapipe)"))
}

/// A canvas drawn by its own shader.
fn drawn_at(bench: Bench, pixels_per_point: f32) -> Harness<'static, Bench> {
    let state = render_state();
    let canvas = Canvas::new(Some(&state));
    builder()
        .with_pixels_per_point(pixels_per_point)
        .renderer(WgpuTestRenderer::from_render_state(state))
        .build_ui_state(move |ui, bench: &mut Bench| bench.show(ui, &canvas), bench)
}

fn drawn(bench: Bench) -> Harness<'static, Bench> {
    drawn_at(bench, 1.0)
}

fn rendered(harness: &mut Harness<Bench>) -> RgbaImage {
    harness.run_ok();
    harness.render().unwrap()
}

fn placement(bench: &Bench) -> Placement {
    let (width, height) = bench.picture.as_ref().unwrap().pixels.dimensions();
    Placement::new(bench.canvas(), [width, height], &bench.state)
}

#[track_caller]
fn assert_colour(image: &RgbaImage, at: Pos2, expected: [u8; 3], tolerance: u8) {
    let pixel = image.get_pixel(at.x as u32, at.y as u32).0;
    let far = pixel.iter().zip(expected).any(|(&a, b)| a.abs_diff(b) > tolerance);
    assert!(!far, "{pixel:?} at {at:?}, not {expected:?}");
}

fn heat(levels: u8) -> [u8; 3] {
    let [r, g, b, _] = ramp::colour(ramp::place(levels)).to_array();
    [r, g, b]
}

const A: [u8; 3] = [210, 120, 40];
const B: [u8; 3] = [30, 60, 200];

#[test]
fn a_picture_is_drawn_in_its_own_colours() {
    for scale in [1.0, 1.3, 2.0] {
        let mut harness = drawn_at(Bench::new(plain(1, A)), scale);
        let image = rendered(&mut harness);
        let rect = placement(harness.state()).rect();
        for at in [rect.center(), rect.min + vec2(1.5, 1.5), rect.max - vec2(2.0, 2.0)] {
            assert_colour(&image, (at.to_vec2() * scale).to_pos2(), A, 0);
        }
        // Outside of it is the canvas.
        let outside = pos2(harness.state().canvas().left() + 4.0, rect.center().y);
        let empty = image.get_pixel((outside.x * scale) as u32, (outside.y * scale) as u32).0;
        assert!(empty[0] == empty[1] && empty[1] == empty[2] && empty[0] < 40, "{empty:?}");
    }
}

#[test]
fn left_of_the_line_is_before_and_right_of_it_after() {
    let mut harness = drawn(Bench::compared(plain(1, A), plain(2, B), Compare::Split));
    harness.state_mut().state.split = 0.25;
    let image = rendered(&mut harness);
    let placed = placement(harness.state());
    let (line, y) = (placed.split_x(0.25), placed.rect().center().y + 60.0);
    for x in [placed.rect().left() + 2.0, line - 4.0] {
        assert_colour(&image, pos2(x, y), B, 1);
    }
    for x in [line + 4.0, placed.rect().right() - 2.0] {
        assert_colour(&image, pos2(x, y), A, 1);
    }
    let ink = image.get_pixel(line as u32, y as u32).0;
    assert!(ink[..3].iter().all(|&value| value > 180), "{ink:?} on the line");
}

#[test]
fn the_difference_is_a_heat_map_of_the_channel_that_differs_most() {
    // Six bands, each with another difference; the channel differs from band to band.
    let levels = [0_u8, 4, 16, 64, 150, 255];
    let band = |x: u32| (x / 20) as usize;
    let before = picture(1, 120, 120, |_, _| [0, 0, 0]);
    let after = picture(2, 120, 120, |x, _| {
        let mut colour = [levels[band(x)] / 3; 3];
        colour[band(x) % 3] = levels[band(x)];
        colour
    });
    let mut harness = drawn(Bench::compared(after, before, Compare::Difference));
    let image = rendered(&mut harness);
    let placed = placement(harness.state());
    for (place, &level) in levels.iter().enumerate() {
        let at = placed.screen_from_picture([place as f32 * 20.0 + 10.0, 40.0]);
        assert_colour(&image, at, heat(level), 3);
    }
}

#[test]
fn enlarged_it_is_sharp_and_keeps_its_values() {
    // A step between two halves: away from it no colour changes, at it the step takes less than two source pixels.
    let step = picture(1, 128, 128, |x, _| if x < 64 { A } else { B });
    let mut bench = Bench::new(step);
    bench.state.zoom = 8.0;
    let mut harness = drawn(bench);
    let image = rendered(&mut harness);
    let placed = placement(harness.state());
    for (x, colour) in [(60.0, A), (62.0, A), (66.0, B), (68.0, B)] {
        assert_colour(&image, placed.screen_from_picture([x, 64.0]), colour, 1);
    }
    let middle = image.get_pixel(placed.screen_from_picture([64.0, 64.0]).x as u32, 158).0;
    assert!(middle[0].abs_diff(120) < 12, "{middle:?}");
}

#[test]
fn reduced_it_averages_all_pixels() {
    // Alternating columns would show bands if pixels were skipped.
    let columns = picture(1, 1536, 1024, |x, _| if x % 2 == 0 { [255, 0, 90] } else { [0, 255, 90] });
    let mut harness = drawn(Bench::photograph(columns));
    let image = rendered(&mut harness);
    let rect = placement(harness.state()).rect();
    for x in 0..40 {
        assert_colour(&image, pos2(rect.left() + 20.0 + x as f32 * 5.3, rect.center().y), [128, 128, 90], 2);
    }
}

#[test]
fn a_new_picture_fades_in_over_the_one_it_replaces() {
    let mut harness = drawn(Bench::new(plain(1, A)));
    rendered(&mut harness);
    harness.state_mut().picture = Some(plain(2, B));
    harness.state_mut().fade = 0.25;
    let image = rendered(&mut harness);
    let mixed = [0, 1, 2].map(|channel| (0.75 * f32::from(A[channel]) + 0.25 * f32::from(B[channel])) as u8);
    assert_colour(&image, placement(harness.state()).rect().center(), mixed, 2);
    harness.state_mut().fade = 1.0;
    let image = rendered(&mut harness);
    assert_colour(&image, placement(harness.state()).rect().center(), B, 0);
}

#[test]
fn many_edits_and_views_show_the_right_picture() {
    let mut harness = drawn(Bench::compared(plain(1, A), plain(2, B), Compare::Split));
    harness.state_mut().state.split = 0.5;
    for stamp in 3..40 {
        let colour = [stamp as u8 * 6, 255 - stamp as u8 * 6, 77];
        let bench = harness.state_mut();
        // Now and then a photograph of another size comes between.
        bench.picture =
            Some(if stamp % 5 == 0 { picture(stamp, 200, 128, |_, _| colour) } else { plain(stamp, colour) });
        let image = rendered(&mut harness);
        let rect = placement(harness.state()).visible();
        assert_colour(&image, pos2(rect.left() + 10.0, rect.bottom() - 10.0), B, 1);
        assert_colour(&image, pos2(rect.right() - 10.0, rect.bottom() - 10.0), colour, 1);
    }
}

#[test]
fn nothing_is_drawn_beyond_the_canvas() {
    let state = render_state();
    let canvas = Canvas::new(Some(&state));
    let mut bench = Bench::new(plain(1, A));
    bench.state.zoom = 20.0;
    let mut harness = builder().renderer(WgpuTestRenderer::from_render_state(state)).build_ui_state(
        move |ui, bench: &mut Bench| {
            ui.add_space(100.0);
            ui.horizontal_top(|ui| {
                ui.add_space(150.0);
                bench.show(ui, &canvas);
            });
        },
        bench,
    );
    let image = rendered(&mut harness);
    let canvas = harness.state().canvas();
    assert_colour(&image, canvas.min + vec2(1.0, 1.0), A, 0);
    for at in [canvas.min - vec2(2.0, -50.0), canvas.min - vec2(-50.0, 2.0)] {
        let pixel = image.get_pixel(at.x as u32, at.y as u32).0;
        assert!(pixel[0].abs_diff(A[0]) > 60, "{pixel:?} at {at:?}");
    }
}

#[test]
fn crop_handles_and_busy_line_are_drawn() {
    let crop = Crop::level([60.0, 50.0], 30.0);
    let points = [[50.0, 45.0], [70.0, 45.0], [60.0, 60.0]];
    let photograph = picture(1, 120, 100, |_, _| [200, 200, 200]);
    let mut harness =
        drawn(Bench { crop: Some(crop), points: Some(points), busy: true, ..Bench::photograph(photograph) });
    let image = rendered(&mut harness);
    let placed = placement(harness.state());
    assert_colour(&image, placed.screen_from_picture([60.0, 30.0]), [200, 200, 200], 0);
    let outside = image.get_pixel(placed.rect().left() as u32 + 8, placed.rect().top() as u32 + 8).0;
    assert!((100..130).contains(&outside[0]), "{outside:?} outside the crop");
    let edge = placed.screen_from_picture([90.0, 35.0]);
    assert!(image.get_pixel(edge.x as u32, edge.y as u32).0[0] > 220);
    let busy = harness.state().canvas().min + vec2(100.0, 1.0);
    let line = image.get_pixel(busy.x as u32, busy.y as u32).0;
    assert!(line[2] > 100, "{line:?} at the top");
}

#[test]
fn without_a_pipeline_the_same_is_shown() {
    for compare in [Compare::Off, Compare::Split, Compare::Difference] {
        let state = render_state();
        let canvas = Canvas::new(None);
        let bench = Bench::compared(plain(1, A), plain(2, B), compare);
        let mut harness = builder()
            .renderer(WgpuTestRenderer::from_render_state(state))
            .build_ui_state(move |ui, bench: &mut Bench| bench.show(ui, &canvas), bench);
        let image = rendered(&mut harness);
        let visible = placement(harness.state()).visible();
        let (left, right) = match compare {
            Compare::Off => (A, A),
            Compare::Split => (B, A),
            Compare::Difference => (heat(180), heat(180)),
        };
        let y = visible.center().y + 50.0;
        assert_colour(&image, pos2(visible.left() + 10.0, y), left, 1);
        assert_colour(&image, pos2(visible.right() - 10.0, y), right, 1);
    }
}
