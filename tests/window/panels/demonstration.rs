//! The demonstration: a tour that is taken over by a touch and goes on after a minute of rest.

use super::*;

const TOUR: &str = "Touch anything to take over";
const TAKEN: &str = "Your turn: drag a slider";

fn started() -> Driven {
    let mut harness = stand_in().open();
    keys(&mut harness, Modifiers::NONE, Key::F5);
    until(&mut harness, "the first picture", |harness| on_screen(harness).is_some());
    harness
}

fn on_screen(harness: &Driven) -> Option<Arc<RgbImage>> {
    let picture = harness.state().state.demo.as_ref()?.shown.as_ref()?;
    Some(Arc::clone(&picture.pixels))
}

fn clock(harness: &Driven) -> f64 {
    harness.ctx.input(|input| input.time)
}

/// Lets the window's clock go on by so many seconds, in which nobody does anything.
fn pass(harness: &mut Driven, seconds: f64) {
    harness.input_mut().time = Some(clock(harness) + seconds);
    harness.step();
    harness.input_mut().time = None;
    harness.run_steps(2);
}

#[test]
fn the_tour_runs_by_itself() {
    let mut harness = started();
    let began = clock(&harness);
    assert!(says(&harness, TOUR) && says(&harness, "The head turns"));
    let first = on_screen(&harness).unwrap();
    until(&mut harness, "another picture", |harness| on_screen(harness).unwrap() != first);
    for (seconds, caption) in [(7.0, "The expression changes"), (13.0, "From one person to another")] {
        let left = began + seconds - clock(&harness);
        pass(&mut harness, left);
        assert!(says(&harness, caption), "{caption}");
    }
}

#[test]
fn a_touch_takes_over_and_a_minute_of_rest_gives_back() {
    let mut harness = started();
    let face = rect(&harness, Role::Canvas, "Canvas").center();
    hold(&mut harness, face);
    let_go(&mut harness, face);
    harness.step();
    assert!(says(&harness, TAKEN) && !says(&harness, TOUR));
    pass(&mut harness, 50.0);
    assert!(says(&harness, TAKEN));
    pass(&mut harness, 11.0);
    assert!(says(&harness, TOUR) && !says(&harness, TAKEN));
}

#[test]
fn a_slider_turns_the_head() {
    let mut harness = started();
    let rail = rect(&harness, Role::Slider, "Turn");
    let at = rail.left_center() + vec2(0.9 * rail.width(), 0.0);
    hold(&mut harness, at);
    let_go(&mut harness, at);
    harness.step();
    assert!(says(&harness, TAKEN));
    let turned = number(&harness, "Turn");
    assert!(turned > 15.0, "{turned}");
    for name in ["Nod", "Smile", "Surprise"] {
        assert!(has(&harness, Role::Slider, name), "{name}");
    }
}

#[test]
fn faces_are_drawn_at_random_and_morphed() {
    let mut harness = started();
    let first = on_screen(&harness).unwrap();
    press(&mut harness, "Random face");
    assert!(says(&harness, TAKEN));
    until(&mut harness, "another face", |harness| on_screen(harness).unwrap() != first);
    let random = on_screen(&harness).unwrap();
    press(&mut harness, "Morph");
    pass(&mut harness, 1.5);
    until(&mut harness, "the way", |harness| on_screen(harness).unwrap() != random);
    let half = on_screen(&harness).unwrap();
    pass(&mut harness, 2.0);
    until(&mut harness, "the end", |harness| on_screen(harness).unwrap() != half);
}

#[test]
fn it_is_left_by_key_and_by_button_and_everything_is_as_before() {
    let mut harness = stand_in().open();
    type_number(&mut harness, "Yaw", "25");
    settle(&mut harness);
    let before = shown(&harness);
    for leave in ["F5", "Escape", "Leave"] {
        keys(&mut harness, Modifiers::NONE, Key::F5);
        until(&mut harness, "the first picture", |harness| on_screen(harness).is_some());
        assert!(!has(&harness, Role::Slider, "Yaw"), "{leave}");
        match leave {
            "F5" => keys(&mut harness, Modifiers::NONE, Key::F5),
            "Escape" => keys(&mut harness, Modifiers::NONE, Key::Escape),
            button => press(&mut harness, button),
        }
        settle(&mut harness);
        assert_number(&harness, "Yaw", 25.0);
        assert!(shown(&harness) == before, "{leave}");
        assert_eq!(steps(&harness), 1);
    }
}

#[test]
fn help_and_palette_start_it() {
    let mut harness = stand_in().open();
    keys(&mut harness, Modifiers::NONE, Key::F1);
    press(&mut harness, "Start the demonstration");
    assert!(has(&harness, Role::Button, "Leave"));
    press(&mut harness, "Leave");
    command(&mut harness, "demonstration");
    assert!(has(&harness, Role::Button, "Leave"));
}
