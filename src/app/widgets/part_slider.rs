//! One number of a part: its name, a rail with the range that training showed and the photograph's own mark, and the
//! number itself, which can be typed.

use eframe::egui;
use egui::emath::GuiRounding;
use egui::{
    Align, DragValue, Id, Key, Layout, Pos2, Rect, Response, Sense, Stroke, TextStyle, TextWrapMode, Ui, UiBuilder,
    WidgetInfo, WidgetText, pos2, remap_clamp, vec2,
};

use super::pull::{Pull, pull};
use super::{keys, number_text, rounded, typed_number};
use crate::app::theme;
use crate::face::Part;

/// Width of the column with the names.
pub const LABEL_WIDTH: f32 = 18.0 * theme::SPACE;
/// Width of the column with the numbers.
pub const NUMBER_WIDTH: f32 = 16.0 * theme::SPACE;
/// Between the columns.
const GAP: f32 = theme::SPACE;
const THUMB: f32 = 7.0;
/// The rail never shrinks below this.
const SHORTEST_RAIL: f32 = 15.0 * theme::SPACE;
/// Decimals kept of a step, which may be finer than what is shown.
const STEP_DECIMALS: usize = 4;

/// A slider for one number of a part.
#[derive(Clone, Copy, Debug)]
pub struct PartSlider<'a> {
    /// The accessible name: "Yaw", "Identity axis 1". The number beside the rail is called "NAME value".
    pub name: &'a str,
    /// What is shown before the rail; short.
    pub label: &'a str,
    /// Whose colour it has; none for a number that is no part's.
    pub part: Option<Part>,
    /// What the rail spans, and what typed numbers are held to.
    pub range: [f32; 2],
    /// What the training faces showed.
    pub shaded: Option<[f32; 2]>,
    /// The photograph's own value.
    pub own: f32,
    pub decimals: usize,
    /// The unit, directly after the number.
    pub suffix: &'a str,
    /// What an arrow key moves; with Shift a tenth of it.
    pub step: f32,
    pub enabled: bool,
    /// One sentence that explains the number.
    pub hover: &'a str,
}

/// What a slider was asked for this frame.
#[derive(Clone, Debug)]
pub struct SliderResponse {
    /// The new value, when there is one.
    pub value: Option<f32>,
    /// Back to the photograph's own value, which `value` then holds.
    pub reset: bool,
    /// The change is complete: one step of undo ends here.
    pub settled: bool,
    /// The rail's.
    pub response: Response,
}

/// Where the columns of a row lie.
#[derive(Clone, Copy)]
struct Columns {
    label: Rect,
    rail: Rect,
    number: Rect,
}

impl Columns {
    fn of(row: Rect) -> Self {
        let rail_left = row.left() + LABEL_WIDTH + GAP;
        let rail_right = (row.right() - NUMBER_WIDTH - GAP).max(rail_left + SHORTEST_RAIL);
        let between = |left: f32, right: f32| Rect::from_x_y_ranges(left..=right, row.y_range()).round_ui();
        Columns {
            label: between(row.left(), row.left() + LABEL_WIDTH),
            rail: between(rail_left, rail_right),
            number: between(rail_right + GAP, rail_right + GAP + NUMBER_WIDTH),
        }
    }
}

impl PartSlider<'_> {
    /// Shows the slider over the whole width that is left, [`theme::ROW`] high.
    pub fn show(self, ui: &mut Ui, value: f32) -> SliderResponse {
        let id = ui.make_persistent_id(("part slider", self.name));
        let mut row = UiBuilder::new().scope_id(id.with("row"));
        if !self.enabled {
            row = row.disabled();
        }
        ui.scope_builder(row, |ui| self.row(ui, id, value)).inner
    }

    fn row(&self, ui: &mut Ui, id: Id, value: f32) -> SliderResponse {
        let least = LABEL_WIDTH + SHORTEST_RAIL + NUMBER_WIDTH + 2.0 * GAP;
        let (_, row) = ui.allocate_space(vec2(ui.available_width().max(least), theme::ROW));
        let columns = Columns::of(row);
        self.label(ui, columns.label, id);
        let mut answer = self.rail(ui, columns.rail, id, value);
        self.number(ui, columns.number, id, value, &mut answer);
        answer
    }

    fn label(&self, ui: &Ui, rect: Rect, id: Id) {
        let response = ui.interact(rect, id.with("label"), Sense::hover());
        if !self.hover.is_empty() {
            response.on_hover_text(self.hover).on_disabled_hover_text(self.hover);
        }
        let words = WidgetText::from(self.label);
        let galley = words.into_galley(ui, Some(TextWrapMode::Truncate), rect.width(), TextStyle::Body);
        let at = pos2(rect.left(), rect.center().y - galley.size().y / 2.0);
        ui.painter().galley(at.round_ui(), galley, ui.visuals().text_color());
    }

    fn rail(&self, ui: &Ui, rect: Rect, id: Id, value: f32) -> SliderResponse {
        let mut response = ui.interact(rect, id, Sense::click_and_drag());
        let mut answer = self.asked(ui, &response, rect, value);
        let shown = answer.value.unwrap_or(value);
        if answer.value.is_some() {
            response.mark_changed();
        }
        response.widget_info(|| WidgetInfo::slider(ui.is_enabled(), shown.into(), self.name));
        keys::declare(ui, id, shown, self.range, self.step, self.text(shown));
        self.paint(ui, &response, rect, shown);
        if !self.hover.is_empty() {
            response = response.on_hover_text(self.hover).on_disabled_hover_text(self.hover);
        }
        answer.response = response;
        answer
    }

    /// What pointer, keyboard and screen reader ask of the rail.
    fn asked(&self, ui: &Ui, response: &Response, rect: Rect, value: f32) -> SliderResponse {
        let mut answer = SliderResponse { value: None, reset: false, settled: false, response: response.clone() };
        // Only the way along the rail counts.
        let height = response.interact_pointer_pos().map_or(rect.center().y, |pointer| pointer.y);
        let thumb = pos2(self.place(rect, value), height);
        if let Some(Pull { to, back, released }) = pull(ui, response, thumb, THUMB + 1.0, value) {
            let asked = to.map(|to| self.value_at(rect, to));
            answer.value = back.or(asked).filter(|&asked| asked != value);
            answer.settled = released && (to.is_some() || back.is_some());
        }
        let steps = keys::steps(ui, response);
        let by = steps.across + steps.up + if self.enabled { keys::reader_steps(ui, response.id) } else { 0.0 };
        if by != 0.0 {
            let stepped = f64::from(value) + f64::from(self.step) * f64::from(by);
            answer.settle(self.held(rounded(stepped, STEP_DECIMALS) as f32), value);
        }
        if let Some(asked) = keys::reader_value(ui, response.id).filter(|_| self.enabled) {
            answer.settle(self.held(asked), value);
        }
        if response.double_clicked() || steps.reset {
            answer = SliderResponse { value: Some(self.own), reset: true, settled: true, response: response.clone() };
        }
        answer
    }

    /// The number at the end of the row, which can be typed, dragged and stepped.
    fn number(&self, ui: &mut Ui, rect: Rect, id: Id, value: f32, answer: &mut SliderResponse) {
        let layout = Layout::right_to_left(Align::Center);
        let mut child = ui.new_child(UiBuilder::new().scope_id(id.with("number")).max_rect(rect).layout(layout));
        let changed = value != self.own;
        let visuals = child.visuals_mut();
        let colour = if changed { visuals.strong_text_color() } else { visuals.weak_text_color() };
        visuals.widgets.inactive.fg_stroke.color = colour;
        visuals.widgets.inactive.weak_bg_fill = egui::Color32::TRANSPARENT;
        visuals.widgets.inactive.bg_stroke = Stroke::NONE;
        child.spacing_mut().button_padding.x = theme::SPACE;

        let before = f64::from(answer.value.unwrap_or(value));
        let mut number = before;
        let stepped = child.input(|input| input.key_pressed(Key::ArrowUp) || input.key_pressed(Key::ArrowDown));
        let response = child.add(
            DragValue::new(&mut number)
                .range(self.range[0]..=self.range[1])
                .clamp_existing_to_range(false)
                .speed(self.step)
                .fixed_decimals(self.decimals)
                .suffix(self.suffix)
                .min_size(rect.size())
                .clip_text(true)
                .update_while_editing(false)
                .custom_formatter(|number, _| number_text(number as f32, self.decimals))
                .custom_parser(|text| typed_number(text, self.suffix)),
        );
        let response = response.accessible_name(format!("{} value", self.name));
        // Left without typing, the field gives back what it showed, which is not the value to the last decimal.
        let as_shown = !response.dragged() && !stepped && number == rounded(before, self.decimals);
        if number != before && !as_shown {
            answer.value = Some(number as f32);
            answer.settled |= !response.dragged();
            answer.response.mark_changed();
        }
        answer.settled |= response.drag_stopped();
    }

    fn text(&self, value: f32) -> String {
        format!("{}{}", number_text(value, self.decimals), self.suffix)
    }

    fn held(&self, value: f32) -> f32 {
        value.max(self.range[0]).min(self.range[1])
    }

    /// Where a value lies on the rail; beyond the ends, at them.
    fn place(&self, rect: Rect, value: f32) -> f32 {
        let [low, high] = self.range;
        let way = rect.x_range().shrink(THUMB);
        if high > low { remap_clamp(value, low..=high, way.min..=way.max) } else { way.center() }
    }

    fn value_at(&self, rect: Rect, to: Pos2) -> f32 {
        let way = rect.x_range().shrink(THUMB);
        let value = remap_clamp(to.x, way.min..=way.max, self.range[0]..=self.range[1]);
        self.held(rounded(value.into(), self.decimals) as f32)
    }

    fn paint(&self, ui: &Ui, response: &Response, rect: Rect, value: f32) {
        if !ui.is_rect_visible(rect) {
            return;
        }
        let (painter, visuals) = (ui.painter(), ui.visuals());
        let colour = self.part.map_or(theme::accent(visuals), |part| theme::part_colour(visuals, part));
        let (middle, thumb, own) = (rect.center().y, self.place(rect, value), self.place(rect, self.own));
        let bar = |left: f32, right: f32, half: f32| {
            Rect::from_x_y_ranges(left.min(right)..=left.max(right), middle - half..=middle + half).round_ui()
        };
        painter.rect_filled(bar(rect.left(), rect.right(), 2.0), 2, theme::track_fill(visuals));
        if let Some([low, high]) = self.shaded {
            let fill = self.part.map_or(visuals.widgets.inactive.bg_fill, |part| theme::part_fill(visuals, part));
            painter.rect_filled(bar(self.place(rect, low), self.place(rect, high), 4.0), 2, fill);
        }
        painter.rect_filled(bar(own, thumb, 2.0), 0, colour);
        painter.rect_filled(bar(own - 1.0, own + 1.0, 7.0), 1, visuals.text_color());

        let lifted = response.hovered() || response.is_pointer_button_down_on();
        let radius = if lifted { THUMB + 1.0 } else { THUMB };
        let centre = pos2(thumb, middle);
        painter.circle(centre, radius, colour, Stroke::new(theme::STRONG_LINE, visuals.panel_fill));
        if response.has_focus() {
            painter.circle_stroke(centre, radius + 2.0, Stroke::new(theme::STRONG_LINE, theme::accent(visuals)));
        }
    }
}

impl SliderResponse {
    /// One step that is complete at once.
    fn settle(&mut self, asked: f32, value: f32) {
        if asked != value {
            self.value = Some(asked);
            self.settled = true;
        }
    }
}
