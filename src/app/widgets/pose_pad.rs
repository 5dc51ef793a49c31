//! A pad on which a small head is turned by dragging it: across for yaw, up and down for pitch, the handle above it
//! for roll.

use eframe::egui;
use egui::accesskit::Role;
use egui::emath::GuiRounding;
use egui::epaint::StrokeKind;
use egui::{CursorIcon, Id, Painter, Pos2, Rect, Response, Sense, Stroke, Ui, UiBuilder, Vec2, WidgetInfo, pos2, vec2};

use super::pull::{Pull, pull};
use super::{focus_frame, head, keys, number_text, rounded};
use crate::app::theme;
use crate::face::{Part, Pose};

const WIDEST: f32 = 80.0 * theme::SPACE;
const HIGHEST: f32 = 36.0 * theme::SPACE;
/// The stalk between the head and the handle that rolls it.
const STALK: f32 = 9.0;
const ROLL_HANDLE: f32 = 5.0;
/// So far the head stays from the pad's edges, so that nothing of it is cut off, however it rolls.
const MARGIN: f32 = head::HALF.y + STALK + 2.0 * ROLL_HANDLE;
/// An arrow key turns the head by so much.
const STEP_DEG: f32 = 1.0;
const DECIMALS: usize = 1;
/// The pad reaches beyond what training showed by this factor, and at least so far.
const BEYOND: f32 = 1.25;
const LEAST_DEG: f32 = 30.0;
const MOST_DEG: f32 = 90.0;

const HOVER: &str = "Drag the head to turn it, drag the handle above it to tilt it, double click to return to the \
                     photograph's own pose; the shaded field is what the training faces showed";

/// A pad that turns the head.
#[derive(Clone, Copy, Debug)]
pub struct PosePad {
    /// What the training faces showed.
    pub low: Pose,
    pub high: Pose,
    /// The photograph's own pose.
    pub own: Pose,
    pub enabled: bool,
}

/// What the pad was asked for this frame.
#[derive(Clone, Debug)]
pub struct PadResponse {
    /// The new pose, when there is one.
    pub pose: Option<Pose>,
    /// Back to the photograph's own pose, which `pose` then holds.
    pub reset: bool,
    /// The change is complete: one step of undo ends here.
    pub settled: bool,
    pub response: Response,
}

/// How the pad's points and the angles belong together.
#[derive(Clone, Copy)]
struct Field {
    rect: Rect,
    /// The largest yaw, pitch and roll; the smallest are their negatives.
    most: Pose,
}

impl Field {
    fn at(&self, pose: Pose) -> Pos2 {
        let half = self.half();
        let share = |angle: f32, most: f32| (angle / most).clamp(-1.0, 1.0);
        self.rect.center()
            + vec2(
                half.x * share(pose.yaw_deg, self.most.yaw_deg),
                -half.y * share(pose.pitch_deg, self.most.pitch_deg),
            )
    }

    fn pose_at(&self, to: Pos2, roll_deg: f32) -> Pose {
        let (half, way) = (self.half(), to - self.rect.center());
        let yaw_deg = way.x / half.x * self.most.yaw_deg;
        let pitch_deg = -way.y / half.y * self.most.pitch_deg;
        Pose { roll_deg, ..self.held(Pose { yaw_deg, pitch_deg, roll_deg: 0.0 }) }
    }

    fn half(&self) -> Vec2 {
        (self.rect.size() / 2.0 - Vec2::splat(MARGIN)).max(Vec2::splat(1.0))
    }

    /// Inside the pad and to a tenth of a degree.
    fn held(&self, pose: Pose) -> Pose {
        let held = |angle: f32, most: f32| rounded(angle.clamp(-most, most).into(), DECIMALS) as f32;
        Pose {
            yaw_deg: held(pose.yaw_deg, self.most.yaw_deg),
            pitch_deg: held(pose.pitch_deg, self.most.pitch_deg),
            roll_deg: held(pose.roll_deg, self.most.roll_deg),
        }
    }
}

impl PosePad {
    /// Shows the pad over the width that is left, up to 320 wide and 144 high.
    pub fn show(self, ui: &mut Ui, pose: Pose) -> PadResponse {
        let id = ui.make_persistent_id("head pad");
        let mut scope = UiBuilder::new().scope_id(id.with("scope"));
        if !self.enabled {
            scope = scope.disabled();
        }
        ui.scope_builder(scope, |ui| self.pad(ui, id, pose)).inner
    }

    fn pad(&self, ui: &mut Ui, id: Id, pose: Pose) -> PadResponse {
        let width = ui.available_width().min(WIDEST);
        let (_, rect) = ui.allocate_space(vec2(width, width.min(HIGHEST)));
        let field = Field { rect: rect.round_ui(), most: self.most() };
        let response = ui.interact(field.rect, id, Sense::click_and_drag());
        let handle_at = roll_handle(field.at(pose), pose);
        let reach = Rect::from_center_size(handle_at, Vec2::splat(4.0 * ROLL_HANDLE));
        let handle = ui.interact(reach, id.with("roll"), Sense::click_and_drag());

        let mut answer = PadResponse { pose: None, reset: false, settled: false, response: response.clone() };
        self.turn(ui, &response, &field, pose, &mut answer);
        self.roll(ui, &handle, &field, pose, &mut answer);
        let shown = answer.pose.unwrap_or(pose);
        if answer.pose.is_some() {
            answer.response.mark_changed();
        }
        declare(ui, &answer.response, shown);
        handle.widget_info(|| WidgetInfo::slider(ui.is_enabled(), shown.roll_deg.into(), "Head roll"));
        let most = field.most.roll_deg;
        keys::declare(ui, handle.id, shown.roll_deg, [-most, most], STEP_DEG, degrees(shown.roll_deg));
        self.paint(ui, &answer.response, &handle, &field, shown);
        handle.on_hover_and_drag_cursor(CursorIcon::Grab).on_hover_text("Drag to tilt the head");
        answer.response = answer.response.on_hover_text(HOVER);
        answer
    }

    /// How far the pad reaches: around zero, a little beyond what training and the photograph showed.
    fn most(&self) -> Pose {
        let (low, high, own) = (self.low.to_array_deg(), self.high.to_array_deg(), self.own.to_array_deg());
        Pose::from_array_deg(std::array::from_fn(|i| {
            let seen = low[i].abs().max(high[i].abs()).max(own[i].abs());
            (5.0 * (BEYOND * seen / 5.0).ceil()).clamp(LEAST_DEG, MOST_DEG)
        }))
    }

    /// What is asked of the head itself: yaw and pitch.
    fn turn(&self, ui: &Ui, response: &Response, field: &Field, pose: Pose, answer: &mut PadResponse) {
        if let Some(Pull { to, back, released }) = pull(ui, response, field.at(pose), head::HALF.y, pose) {
            let asked = to.map(|to| field.pose_at(to, pose.roll_deg));
            answer.pose = back.or(asked).filter(|&asked| asked != pose);
            answer.settled = released && (to.is_some() || back.is_some());
        }
        let steps = keys::steps(ui, response);
        if steps.across != 0.0 || steps.up != 0.0 {
            let yaw_deg = pose.yaw_deg + STEP_DEG * steps.across;
            let pitch_deg = pose.pitch_deg + STEP_DEG * steps.up;
            let stepped = field.held(Pose { yaw_deg, pitch_deg, ..pose });
            answer.settle(Pose { roll_deg: pose.roll_deg, ..stepped }, pose);
        }
        if response.double_clicked() || steps.reset {
            answer.back_to(self.own);
        }
    }

    /// What is asked of the handle above the head: roll.
    fn roll(&self, ui: &Ui, handle: &Response, field: &Field, pose: Pose, answer: &mut PadResponse) {
        let centre = field.at(pose);
        let rolled = |roll_deg: f32| Pose { roll_deg: field.held(Pose { roll_deg, ..pose }).roll_deg, ..pose };
        let now = roll_handle(centre, pose);
        if let Some(Pull { to, back, released }) = pull(ui, handle, now, 2.0 * ROLL_HANDLE, pose) {
            let asked = to.map(|to| to - centre).map(|way| rolled(way.x.atan2(-way.y).to_degrees()));
            answer.pose = back.or(asked).filter(|&asked| asked != pose);
            answer.settled = released && (to.is_some() || back.is_some());
        }
        let steps = keys::steps(ui, handle);
        let reader = if self.enabled { keys::reader_steps(ui, handle.id) } else { 0.0 };
        let by = steps.across + steps.up + reader;
        if by != 0.0 {
            answer.settle(rolled(pose.roll_deg + STEP_DEG * by), pose);
        }
        if let Some(asked) = keys::reader_value(ui, handle.id).filter(|_| self.enabled) {
            answer.settle(rolled(asked), pose);
        }
        if handle.double_clicked() || steps.reset {
            answer.back_to(Pose { roll_deg: self.own.roll_deg, ..pose });
        }
    }

    fn paint(&self, ui: &Ui, response: &Response, handle: &Response, field: &Field, pose: Pose) {
        if !ui.is_rect_visible(field.rect) {
            return;
        }
        let visuals = ui.visuals();
        let painter = ui.painter().with_clip_rect(field.rect.intersect(ui.clip_rect()));
        painter.rect(
            field.rect,
            theme::CORNER,
            visuals.extreme_bg_color,
            visuals.widgets.noninteractive.bg_stroke,
            StrokeKind::Inside,
        );
        self.paint_marks(ui, &painter, field);
        let colour = theme::part_colour(visuals, Part::Pose);
        let (at, knob) = (field.at(pose), roll_handle(field.at(pose), pose));
        painter.line_segment([at, knob], Stroke::new(theme::STRONG_LINE, colour));
        let lifted = handle.hovered() || handle.is_pointer_button_down_on();
        let fill = if lifted { colour } else { visuals.extreme_bg_color };
        painter.circle(knob, ROLL_HANDLE - 1.0, fill, Stroke::new(theme::STRONG_LINE, colour));
        if handle.has_focus() {
            let line = Stroke::new(theme::STRONG_LINE, theme::accent(visuals));
            painter.circle_stroke(knob, ROLL_HANDLE + 2.0, line);
        }
        head::paint(&painter, at, pose, colour, visuals.extreme_bg_color);
        focus_frame(ui, response, field.rect);
    }

    /// The field that training showed, straight ahead, and the photograph's own pose.
    fn paint_marks(&self, ui: &Ui, painter: &Painter, field: &Field) {
        let (visuals, rect) = (ui.visuals(), field.rect);
        let shaded = Rect::from_two_pos(field.at(self.low), field.at(self.high)).round_ui();
        painter.rect_filled(shaded, theme::CORNER, theme::part_fill(visuals, Part::Pose).gamma_multiply(0.6));
        let ahead = Stroke::new(theme::LINE, visuals.widgets.noninteractive.bg_stroke.color);
        painter.vline(painter.round_to_pixel_center(rect.center().x), rect.y_range(), ahead);
        painter.hline(rect.x_range(), painter.round_to_pixel_center(rect.center().y), ahead);

        let own = field.at(self.own);
        let mark = |from: Pos2, to: Pos2| Rect::from_two_pos(from, to).round_ui();
        let length = 2.0 * theme::SPACE;
        painter.rect_filled(
            mark(pos2(own.x - 1.0, rect.bottom() - length), pos2(own.x + 1.0, rect.bottom())),
            0,
            visuals.text_color(),
        );
        painter.rect_filled(
            mark(pos2(rect.left(), own.y - 1.0), pos2(rect.left() + length, own.y + 1.0)),
            0,
            visuals.text_color(),
        );
        painter.circle_stroke(own, theme::SPACE, Stroke::new(1.5, visuals.text_color()));
    }
}

impl PadResponse {
    fn settle(&mut self, asked: Pose, pose: Pose) {
        if asked != pose {
            self.pose = Some(asked);
            self.settled = true;
        }
    }

    fn back_to(&mut self, own: Pose) {
        self.pose = Some(own);
        self.reset = true;
        self.settled = true;
    }
}

fn roll_handle(head: Pos2, pose: Pose) -> Pos2 {
    head + (head::HALF.y + STALK + ROLL_HANDLE) * head::crown(pose)
}

fn degrees(angle: f32) -> String {
    format!("{}°", number_text(angle, DECIMALS))
}

/// A slider with two directions; screen readers hear the three angles.
fn declare(ui: &Ui, response: &Response, pose: Pose) {
    response.widget_info(|| WidgetInfo::labeled(Role::Slider, ui.is_enabled(), "Head pad"));
    let angles: Vec<String> =
        Pose::NAMES.iter().zip(pose.to_array_deg()).map(|(name, angle)| format!("{name} {}", degrees(angle))).collect();
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_role_description("two-way slider");
        node.set_value(angles.join(", "));
    });
}
