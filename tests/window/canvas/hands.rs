use eframe::egui::{Event, Key, Modifiers, MouseWheelSource, MouseWheelUnit, PointerButton, TouchPhase};
use egui_kittest::kittest::Queryable;
use facespace::app::canvas::Placement;
use facespace::face::FaceBox;

use super::*;

const POINTS: [[f32; 2]; 3] = [[40.0, 50.0], [80.0, 50.0], [60.0, 80.0]];

fn face() -> Bench {
    Bench { points: Some(POINTS), ..Bench::photograph(picture(1, 120, 100, |x, y| [x as u8, y as u8, 90])) }
}

fn placement(harness: &Harness<Bench>) -> Placement {
    let bench = harness.state();
    let (width, height) = bench.picture.as_ref().unwrap().pixels.dimensions();
    Placement::new(bench.canvas(), [width, height], &bench.state)
}

fn wheel(harness: &mut Harness<Bench>, at: Pos2, points: f32) {
    harness.hover_at(at);
    harness.step();
    harness.event(Event::MouseWheel {
        unit: MouseWheelUnit::Point,
        delta: vec2(0.0, points),
        phase: TouchPhase::Move,
        source: MouseWheelSource::Unknown,
        modifiers: Modifiers::NONE,
    });
    harness.run_steps(12);
}

#[test]
fn the_wheel_zooms_around_the_pointer() {
    let mut harness = hands_on(Bench::new(plain(1, [90, 90, 90])));
    harness.run();
    let middle = harness.state().canvas().center();
    wheel(&mut harness, middle, 300.0);
    assert!(harness.state().state.zoom > 2.0, "{:?}", harness.state().state);
    let at = harness.state().canvas().center() + vec2(40.0, -20.0);
    let under = placement(&harness).picture_from_screen(at);
    wheel(&mut harness, at, 100.0);
    let now = placement(&harness).picture_from_screen(at);
    assert!((under[0] - now[0]).abs() < 0.1 && (under[1] - now[1]).abs() < 0.1, "{under:?} {now:?}");
    wheel(&mut harness, at, -2_000.0);
    assert_eq!(harness.state().state, ViewState::default());
}

#[test]
fn keys_zoom_and_a_double_click_fits() {
    let mut harness = hands_on(Bench::new(plain(1, [90, 90, 90])));
    harness.run();
    harness.get_by_label("Canvas").focus();
    harness.run();
    harness.key_press(Key::Plus);
    harness.key_press(Key::Plus);
    harness.run();
    assert!((harness.state().state.zoom - 1.5625).abs() < 1e-3);
    harness.key_press(Key::ArrowRight);
    harness.run();
    assert!(harness.state().state.pan[0] < 0.0, "what lies to the right comes into sight");
    harness.key_press(Key::Minus);
    harness.run();
    assert!((harness.state().state.zoom - 1.25).abs() < 1e-3);
    let canvas = harness.get_by_label("Canvas");
    canvas.click();
    canvas.click();
    harness.run();
    assert_eq!(harness.state().state, ViewState::default());
}

#[test]
fn a_drag_pans_as_far_as_the_picture_goes() {
    for button in [PointerButton::Primary, PointerButton::Middle] {
        let mut bench = Bench::new(plain(1, [90, 90, 90]));
        bench.state.zoom = 3.0;
        let mut harness = hands_on(bench);
        harness.run();
        let start = harness.state().canvas().center();
        let before = placement(&harness).rect().min;
        harness.hover_at(start);
        harness.step();
        let press = |pressed, pos| Event::PointerButton { pos, button, pressed, modifiers: Modifiers::NONE };
        harness.event(press(true, start));
        harness.step();
        harness.hover_at(start + vec2(15.0, 10.0));
        harness.step();
        harness.hover_at(start + vec2(30.0, 20.0));
        harness.step();
        let moved = placement(&harness).rect().min - before;
        assert!((moved - vec2(30.0, 20.0)).length() < 0.1, "{moved:?} with {button:?}");
        harness.hover_at(start + vec2(3_000.0, 20.0));
        harness.step();
        harness.event(press(false, start));
        harness.step();
        assert!(placement(&harness).rect().left() <= harness.state().canvas().left() + 8.1);
        // Fitted, there is nowhere to go.
        harness.state_mut().state = ViewState::default();
        harness.run();
        dragged(&mut harness, start, start + vec2(50.0, 50.0));
        assert_eq!(harness.state().state, ViewState::default());
    }
}

#[test]
fn the_split_line_is_dragged_stepped_and_set() {
    let mut harness = hands_on(Bench::compared(plain(1, [90; 3]), plain(2, [30; 3]), Compare::Split));
    harness.run();
    let line = harness.get_by_label("Split line");
    assert_eq!(line.value().as_deref(), None);
    assert!((line.rect().width() - 12.0).abs() < 0.5);
    let from = line.rect().center();
    dragged(&mut harness, from, from + vec2(30.0, 40.0));
    let expected = 0.5 + 30.0 / placement(&harness).visible().width();
    assert!((harness.state().state.split - expected).abs() < 1e-3, "{:?}", harness.state().state);
    assert_eq!(harness.state().state.pan, [0.0; 2]);

    harness.get_by_label("Split line").focus();
    harness.run();
    harness.key_press(Key::ArrowLeft);
    harness.key_press_modifiers(Modifiers::SHIFT, Key::ArrowLeft);
    harness.run();
    let stepped = expected - harness.state().state.split;
    assert!((0.0105..0.0205).contains(&stepped), "{stepped}");
    assert!(harness.get_by_label("Split line").is_focused());

    harness.get_by_label("Split line").set_value_accesskit(12.5);
    harness.run();
    assert_eq!(harness.state().state.split, 0.125);
    let before = harness.state().state.split;
    harness.get_by_label("Split line").increment_accesskit();
    harness.run();
    assert!((harness.state().state.split - before - 0.01).abs() < 1e-6);
    let line = harness.get_by_label("Split line");
    line.click();
    line.click();
    harness.run();
    assert_eq!(harness.state().state.split, 0.5);
}

#[test]
fn without_two_pictures_there_is_no_line() {
    let mut bench = Bench::new(plain(1, [90; 3]));
    bench.state.compare = Compare::Split;
    let mut harness = hands_on(bench);
    harness.run();
    assert!(harness.query_by_label("Split line").is_none());
    harness.state_mut().picture = None;
    harness.run();
    assert!(harness.query_by_label("Canvas").is_some());
}

#[test]
fn handles_are_dragged_within_the_photograph() {
    let mut harness = hands_on(face());
    harness.run();
    let placed = placement(&harness);
    let centre = harness.get_by_label("Right eye").rect().center();
    assert!(centre.distance(placed.screen_from_picture(POINTS[1])) < 0.6);
    // Grabbed beside its middle, it keeps that distance.
    let grabbed = centre + vec2(5.0, 3.0);
    dragged(&mut harness, grabbed, grabbed + vec2(20.0, -10.0));
    let points = harness.state().points.unwrap();
    let expected = placed.picture_from_screen(placed.screen_from_picture(POINTS[1]) + vec2(20.0, -10.0));
    assert!((points[1][0] - expected[0]).abs() < 0.05 && (points[1][1] - expected[1]).abs() < 0.05, "{points:?}");
    assert_eq!([points[0], points[2]], [POINTS[0], POINTS[2]]);
    assert_eq!(harness.state().released, 1);
    assert_eq!(harness.state().state.pan, [0.0; 2]);

    let mouth = harness.get_by_label("Mouth").rect().center();
    dragged(&mut harness, mouth, mouth + vec2(-2_000.0, 2_000.0));
    assert_eq!(harness.state().points.unwrap()[2], [0.0, 100.0]);
    assert_eq!(harness.state().released, 2);
}

#[test]
fn arrows_move_a_handle_by_a_pixel() {
    let mut harness = hands_on(face());
    harness.run();
    harness.get_by_label("Left eye").focus();
    harness.run();
    harness.key_press(Key::ArrowRight);
    harness.run();
    harness.key_press(Key::ArrowUp);
    harness.run();
    assert_eq!(harness.state().points.unwrap()[0], [41.0, 49.0]);
    assert_eq!(harness.state().released, 2);
    assert!(harness.get_by_label("Left eye").is_focused());
    harness.key_press_modifiers(Modifiers::SHIFT, Key::ArrowDown);
    harness.run();
    assert!((harness.state().points.unwrap()[0][1] - 49.1).abs() < 1e-4);
    // Tab goes on to the next one.
    harness.key_press(Key::Tab);
    harness.run();
    assert!(harness.get_by_label("Right eye").is_focused());
}

#[test]
fn handles_lie_on_the_photograph_alone() {
    let mut bench = face();
    bench.state.view = View::Edit;
    let mut harness = hands_on(bench);
    harness.run();
    assert!(harness.query_by_label("Left eye").is_none());
}

/// Two faces, the smaller one before the larger one's shoulder.
fn two_faces() -> Bench {
    let mark = |x, y, w, h, chosen| FaceMark { frame: FaceBox { x, y, w, h }, chosen };
    let faces = vec![mark(10.0, 10.0, 60.0, 70.0, true), mark(50.0, 60.0, 30.0, 36.0, false)];
    Bench { faces, ..Bench::photograph(picture(1, 120, 100, |x, y| [x as u8, y as u8, 90])) }
}

#[test]
fn a_found_face_is_chosen_by_pointer_and_by_keyboard() {
    let mut harness = hands_on(two_faces());
    harness.run();
    let placed = placement(&harness);
    // Where both boxes are, the smaller one is meant.
    for (at, expected) in [([20.0, 20.0], 0), ([60.0, 70.0], 1), ([75.0, 90.0], 1)] {
        harness.state_mut().chosen = None;
        let at = placed.screen_from_picture(at);
        harness.hover_at(at);
        harness.step();
        harness.drag_at(at);
        harness.step();
        harness.drop_at(at);
        harness.run();
        assert_eq!(harness.state().chosen, Some(expected), "{at:?}");
    }
    harness.state_mut().chosen = None;
    harness.get_by_label("Face 1 of 2").focus();
    harness.run();
    harness.key_press(Key::Enter);
    harness.run();
    assert_eq!(harness.state().chosen, Some(0));
    harness.key_press(Key::Tab);
    harness.run();
    assert!(harness.get_by_label("Face 2 of 2").is_focused());
}

#[test]
fn boxes_give_way_to_handles_and_lie_on_the_photograph_alone() {
    let named = |harness: &Harness<Bench>| harness.query_by_label("Face 1 of 2").is_some();
    let mut harness = hands_on(two_faces());
    harness.run();
    assert!(named(&harness));
    harness.state_mut().points = Some(POINTS);
    harness.run();
    assert!(!named(&harness) && harness.query_by_label("Mouth").is_some());
    harness.state_mut().points = None;
    harness.state_mut().state.view = View::Edit;
    harness.run();
    assert!(!named(&harness));
}

#[test]
fn a_frame_costs_next_to_nothing() {
    let context = Context::default();
    let canvas = Canvas::new(None);
    let mut bench = Bench::compared(plain(1, [90; 3]), plain(2, [30; 3]), Compare::Split);
    let mut times = Vec::new();
    for _ in 0..60 {
        let mut spent = std::time::Duration::ZERO;
        let mut output = context.run_ui(Default::default(), |ui| {
            Frame::NONE.show(ui, |ui| {
                let start = std::time::Instant::now();
                bench.show(ui, &canvas);
                spent = start.elapsed();
            });
        });
        output.textures_delta.clear();
        times.push(spent);
    }
    times.sort();
    // The median: the first frames lay out text and make textures.
    assert!(times[30].as_secs_f32() < 1e-3, "{times:?}");
}
