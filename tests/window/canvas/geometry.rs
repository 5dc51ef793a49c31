use facespace::app::canvas::view::{MARGIN, MAX_ZOOM, on_pixels};
use facespace::app::canvas::{Placement, ViewState, levels, ramp};

use super::*;

const CANVAS: Rect = Rect { min: pos2(50.0, 20.0), max: pos2(850.0, 620.0) };

fn near(a: Pos2, b: Pos2) -> bool {
    a.distance(b) < 1e-2
}

fn covers(placement: &Placement) {
    let rect = placement.rect();
    let room = CANVAS.shrink(MARGIN);
    for (low, high, from, to) in
        [(rect.left(), rect.right(), room.left(), room.right()), (rect.top(), rect.bottom(), room.top(), room.bottom())]
    {
        let smaller = high - low <= to - from + 1e-2;
        let centred = ((low + high) - (from + to)).abs() < 2e-2;
        let covering = low <= from + 1e-2 && high >= to - 1e-2;
        assert!(if smaller { centred } else { covering }, "{rect:?} in {room:?}");
    }
}

#[test]
fn a_picture_fits_centred_in_its_margin() {
    for size in [[128, 128], [1536, 700], [300, 1536], [1, 1]] {
        let placement = Placement::new(CANVAS, size, &ViewState::default());
        let rect = placement.rect();
        assert!(near(rect.center(), CANVAS.center()));
        let free = CANVAS.size() - rect.size();
        assert!((free.x.min(free.y) - 2.0 * MARGIN).abs() < 1e-2, "{free:?}");
        assert!((rect.aspect_ratio() - size[0] as f32 / size[1] as f32).abs() < 1e-3);
    }
}

#[test]
fn zooming_keeps_what_lies_under_the_pointer() {
    // Far enough inside that no limit is met.
    let start = Placement::new(CANVAS, [128, 128], &ViewState { zoom: 4.0, ..ViewState::default() });
    for pointer in [CANVAS.center(), pos2(400.0, 300.0), pos2(520.0, 350.0)] {
        let under = start.picture_from_screen(pointer);
        for factor in [0.8, 1.1, 2.0] {
            let zoomed = start.zoomed(pointer, factor);
            assert!((zoomed.zoom() - 4.0 * factor).abs() < 1e-4);
            assert!(near(zoomed.screen_from_picture(under), pointer), "{pointer:?} by {factor}");
        }
    }
}

#[test]
fn a_picture_never_leaves_the_canvas() {
    for size in [[128, 128], [1536, 200], [90, 1000]] {
        let mut placement = Placement::new(CANVAS, size, &ViewState::default());
        // Any walk: numbers without order, but the same each time.
        let mut number = 7_u32;
        let mut draw = |span: f32| {
            number = number.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (number >> 8) as f32 / (1 << 24) as f32 * span - span / 2.0
        };
        for _ in 0..2_000 {
            let pointer = CANVAS.center() + vec2(draw(800.0), draw(600.0));
            placement = placement.zoomed(pointer, 1.0 + draw(1.0)).panned(vec2(draw(900.0), draw(900.0)));
            covers(&placement);
            assert!((1.0..=MAX_ZOOM).contains(&placement.zoom()));
        }
    }
}

#[test]
fn any_numbers_of_a_file_give_a_placement() {
    for value in [f32::NAN, f32::INFINITY, -3.0, 0.0, 1e30] {
        let state = ViewState { zoom: value, pan: [value, -value], split: value, ..ViewState::default() };
        let placement = Placement::new(CANVAS, [128, 128], &state);
        covers(&placement);
        assert!(CANVAS.x_range().contains(placement.split_x(state.split)));
    }
    let nothing = Placement::new(Rect::from_min_size(pos2(5.0, 5.0), vec2(1.0, 1.0)), [0, 0], &ViewState::default());
    assert!(nothing.rect().is_finite());
}

#[test]
fn photograph_and_screen_map_both_ways() {
    let state = ViewState { zoom: 2.5, pan: [0.3, -0.2], ..ViewState::default() };
    let placement = Placement::new(CANVAS, [1200, 800], &state);
    for point in [[0.0, 0.0], [1200.0, 800.0], [311.5, 77.25]] {
        let back = placement.picture_from_screen(placement.screen_from_picture(point));
        assert!((back[0] - point[0]).abs() < 1e-2 && (back[1] - point[1]).abs() < 1e-2, "{point:?} {back:?}");
    }
    assert!(near(placement.screen_from_picture([0.0, 0.0]), placement.rect().min));
    assert!(near(placement.screen_from_picture([1200.0, 800.0]), placement.rect().max));
    assert_eq!(placement.inside([-4.0, 900.0]), [0.0, 800.0]);
    let one = placement.screen_from_picture([1.0, 0.0]).x - placement.rect().left();
    assert!((one - placement.scale()).abs() < 1e-3);
}

#[test]
fn the_state_survives_a_placement() {
    let state = ViewState { zoom: 3.0, pan: [0.25, -0.5], split: 0.3, ..ViewState::default() };
    let back = Placement::new(CANVAS, [128, 128], &state).into_state(&state);
    assert!((back.zoom - 3.0).abs() < 1e-5 && (back.pan[0] - 0.25).abs() < 1e-5 && (back.pan[1] + 0.5).abs() < 1e-5);
    assert_eq!(state.fitted(), ViewState { split: 0.3, ..ViewState::default() });
    let text = serde_json::to_string(&state).unwrap();
    assert!(text.contains(r#""view":"edit","compare":"off""#), "{text}");
    assert_eq!(serde_json::from_str::<ViewState>(&text).unwrap(), state);
}

#[test]
fn the_split_stands_on_the_visible_part() {
    let zoomed = Placement::new(CANVAS, [128, 128], &ViewState { zoom: 8.0, ..ViewState::default() });
    assert_eq!([zoomed.split_x(0.0), zoomed.split_x(1.0)], [CANVAS.left(), CANVAS.right()]);
    let fitted = Placement::new(CANVAS, [128, 128], &ViewState::default());
    assert_eq!([fitted.split_x(0.0), fitted.split_x(1.0)], [fitted.rect().left(), fitted.rect().right()]);
    for split in [0.0, 0.2, 1.0] {
        assert!((fitted.split_at(fitted.split_x(split)) - split).abs() < 1e-5);
    }
    assert_eq!([fitted.split_at(-100.0), fitted.split_at(5_000.0)], [0.0, 1.0]);
}

#[test]
fn edges_lie_between_pixels() {
    let rect = on_pixels(Rect::from_min_max(pos2(10.3, 20.6), pos2(99.9, 45.1)), 1.5);
    for edge in [rect.left(), rect.right(), rect.top(), rect.bottom()] {
        let pixels = edge * 1.5;
        assert!((pixels - pixels.round()).abs() < 1e-3, "{edge}");
    }
}

#[test]
fn levels_average_the_picture() {
    let dots = picture(1, 64, 64, |x, y| if (x + y) % 2 == 0 { [200, 0, 100] } else { [100, 200, 100] });
    let levels = levels::of(&dots.pixels, 8192);
    assert_eq!(levels.iter().map(|level| level.width).collect::<Vec<_>>(), [64, 32, 16]);
    assert_eq!(levels.len() as u32, levels::count(64, 64));
    assert_eq!(levels[0].rgba[..8], [200, 0, 100, 255, 100, 200, 100, 255]);
    for level in &levels[1..] {
        assert_eq!(level.rgba.len(), (level.width * level.height * 4) as usize);
        assert!(level.rgba.chunks_exact(4).all(|pixel| pixel == [150, 100, 100, 255]));
    }
    // A device that holds no more than 20 pixels gets what fits; odd and narrow pictures give levels too.
    let odd = levels::of(&picture(2, 65, 33, |_, _| [7, 8, 9]).pixels, 20);
    assert_eq!(odd.iter().map(|level| [level.width, level.height]).collect::<Vec<_>>(), [[16, 8]]);
    let narrow = levels::of(&picture(3, 300, 1, |_, _| [7, 8, 9]).pixels, 100);
    assert_eq!(narrow[0].rgba[..4], [7, 8, 9, 255]);
}

#[test]
fn the_ramp_is_ordered_without_hues() {
    let lightness = |place: f32| {
        let [r, g, b, _] = ramp::colour(place).to_array().map(|value| {
            let value = f32::from(value) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        });
        116.0 * (0.2126 * r + 0.7152 * g + 0.0722 * b).max(0.01).cbrt() - 16.0
    };
    let steps: Vec<f32> = (0..=16).map(|step| lightness(step as f32 / 16.0)).collect();
    for pair in steps[2..].windows(2) {
        assert!((3.0..9.0).contains(&(pair[1] - pair[0])), "{steps:?}");
    }
    assert!(steps[16] > 93.0 && steps[0] < 12.0);
    assert_eq!([ramp::place(0), ramp::place(255)], [0.0, 1.0]);
    assert_eq!(ramp::difference([10, 20, 30], [10, 20, 30]), ramp::colour(0.0));
    assert_eq!(ramp::difference([0, 200, 30], [10, 136, 31]), ramp::colour(ramp::place(64)));
}
