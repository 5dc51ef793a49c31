//! A handle under the pointer: pressed beside it, it jumps there; pressed on it, it is taken as it lies; with Shift it
//! follows at a tenth of the speed; Escape puts it back.

use eframe::egui;
use egui::{Key, Pos2, Response, Ui, Vec2};

/// The share of the pointer's way that a handle takes while Shift is held.
const FINE: f32 = 0.1;

/// What happens to a handle this frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Pull<T> {
    /// Where the handle is asked to be, held inside nothing; none while it has not been moved since the press.
    pub(super) to: Option<Pos2>,
    /// What stood there at the press, when Escape asks for it back.
    pub(super) back: Option<T>,
    /// Nobody holds it any longer.
    pub(super) released: bool,
}

#[derive(Clone, Copy)]
struct Grab<T> {
    at_press: T,
    handle: Pos2,
    pointer: Pos2,
    moved: bool,
}

impl<T> Grab<T> {
    /// Pressed at `pointer`, with the handle at `handle`.
    fn begin(pointer: Pos2, handle: Pos2, reach: f32, at_press: T) -> Self {
        let taken = pointer.distance(handle) <= reach;
        Grab { at_press, handle: if taken { handle } else { pointer }, pointer, moved: !taken }
    }

    fn follow(mut self, pointer: Pos2, fine: bool) -> Self {
        let way = pointer - self.pointer;
        self.handle += if fine { FINE * way } else { way };
        self.moved |= way != Vec2::ZERO;
        self.pointer = pointer;
        self
    }
}

/// Follows the pointer with the handle of the widget behind `response`; none while nobody holds it. `handle` is where
/// the handle is drawn, `reach` how far from it a press still takes it as it lies, `now` what it stands for.
pub(super) fn pull<T>(ui: &Ui, response: &Response, handle: Pos2, reach: f32, now: T) -> Option<Pull<T>>
where
    T: Copy + Send + Sync + 'static,
{
    let key = response.id.with("grab");
    let held = ui.data(|data| data.get_temp::<Grab<T>>(key));
    let pointer = response.interact_pointer_pos();
    let (down, pressed, fine, escape) = ui.input(|input| {
        let pointer = &input.pointer;
        (pointer.primary_down(), pointer.primary_pressed(), input.modifiers.shift, input.key_pressed(Key::Escape))
    });
    let down = down && response.enabled() && response.is_pointer_button_down_on();
    let grab = match (held, pointer) {
        (Some(grab), Some(pointer)) => grab.follow(pointer, fine),
        (Some(grab), None) => grab,
        // Clicked without being down: pressed and let go within one frame.
        (None, Some(pointer)) if pressed && (down || response.clicked()) => {
            response.request_focus();
            Grab::begin(pointer, handle, reach, now)
        }
        _ => return None,
    };
    let back = (held.is_some() && escape).then_some(grab.at_press);
    let released = !down || back.is_some();
    ui.data_mut(|data| {
        if released {
            data.remove::<Grab<T>>(key);
        } else {
            data.insert_temp(key, grab);
        }
    });
    Some(Pull { to: (grab.moved && back.is_none()).then_some(grab.handle), back, released })
}
