//! What the inspector says about the photograph: remarks before an edit, the pose that the landmarks show, the code fitted
//! to it, and how the edit is put back into it.

use eframe::egui::{Button, Label, ProgressBar, RichText, Role, Ui, WidgetInfo};

use super::super::beside;
use super::super::canvas::View;
use super::super::command::Command;
use super::super::state::Purpose;
use super::super::theme;
use super::super::widgets::{PartSlider, SliderResponse, number_text};
use super::Screen;
use crate::face::{PasteMode, PasteOptions, Pose, Remark};

/// The section's name where the folded ones are listed.
const FOLDED: &str = "photograph";
const NAME: &str = "In the photograph";

/// What lowers the quality of an edit, a small line each.
pub(super) fn remarks(ui: &mut Ui, screen: &Screen) {
    let Some(remarks) = screen.state.open_face().and_then(|face| face.remarks.as_ref()) else { return };
    // How far the fitted face is from the photograph is said beside its button; to refine it first was done.
    let refined = screen.state.refinement().is_some();
    let mut said = false;
    for remark in remarks.iter().filter(|remark| !(refined && matches!(remark, Remark::Unlike { .. }))) {
        let text = RichText::new(remark.to_string()).small().color(ui.visuals().warn_fg_color);
        ui.add(Label::new(text).wrap());
        said = true;
    }
    if said {
        ui.separator();
    }
}

/// How the head is turned by the landmarks, beside what the networks make of it.
pub(super) fn landmark_pose(ui: &mut Ui, screen: &Screen, own: Pose) {
    let found = screen.state.open_face().and_then(|face| face.record.found.as_ref());
    let Some(pose) = found.and_then(|found| found.pose_in_crop()) else { return };
    let [networks, landmarks] =
        [own, pose].map(|pose| pose.to_array_deg().map(|angle| number_text(angle, 0) + "°").join(" / "));
    let text = RichText::new(format!("By networks {networks}, by landmarks {landmarks}")).small().weak();
    ui.add(Label::new(text).truncate()).on_hover_text(
        "Yaw, pitch and roll of the head in the photograph: as the networks see them, which are the marks on the sliders, \
         and as a second opinion by the points found on the face",
    );
}

/// The code fitted to the photograph: the button, its progress, what came of it.
pub(super) fn likeness(ui: &mut Ui, screen: &mut Screen) {
    let state = screen.state;
    ui.horizontal_wrapped(|ui| {
        if let Some((number, done, total)) = state.refining() {
            ui.label(RichText::new(format!("Refining, {done} of {total}")).small());
            let share = if total == 0 { 0.0 } else { done as f32 / total as f32 };
            let bar = ui.add(ProgressBar::new(share).desired_width(80.0).desired_height(8.0));
            bar.widget_info(|| WidgetInfo::labeled(Role::ProgressIndicator, true, "Refining the face"));
            screen.button(ui, true, "Cancel refining", Command::CancelJob(number));
        } else if let Some(refinement) = state.refinement() {
            let [before, after] = refinement.rmse.map(|rmse| number_text(rmse, 1));
            ui.label(RichText::new(format!("Pixel error {before} before refining, {after} now")).small());
            screen
                .button(ui, true, "Undo refine", Command::Unrefine)
                .on_hover_text("Back to the code that the networks see at a glance");
        } else {
            screen.button(ui, state.can_refine(), "Refine", Command::Refine).on_hover_text(
                "Fit the 99 numbers to this face step by step, so that the edit looks more like the person; it takes some \
                 seconds, and sliders go on working",
            );
        }
    });
    ui.separator();
}

/// How the edit is put back into the photograph; nothing for a face without one.
pub(super) fn section(ui: &mut Ui, screen: &mut Screen) {
    let state = screen.state;
    if !state.can_paste() {
        return;
    }
    let Some(face) = state.open_face() else { return };
    let folded = state.folded.contains(FOLDED);
    let sign = if folded { "▸" } else { "▾" };
    let text = RichText::new(format!("{sign} {NAME}")).strong();
    let heading = ui.add(Button::new(text).frame_when_inactive(false));
    heading.widget_info(|| WidgetInfo::labeled(Role::Button, true, NAME));
    if heading.clicked() {
        screen.ask(Command::Fold(FOLDED.to_owned()));
    }
    heading.on_hover_text("How the edit of 128 pixels becomes an edit of the whole photograph");
    if !folded {
        switches(ui, screen, face.record.paste);
        sliders(ui, screen, face.record.paste);
        let with = match beside::count(state) {
            0 => None,
            1 => Some("With the edit of one other face".to_owned()),
            others => Some(format!("With the edits of {others} other faces")),
        };
        if let Some(with) = with {
            ui.label(RichText::new(with).small().weak())
                .on_hover_text("Faces of the tray that lie in the same photograph are saved with it");
        }
        screen
            .button(ui, state.own().is_some(), "Save the face alone…", Command::Ask(Purpose::SaveFace))
            .on_hover_text("Save the decoded face of 128 pixels instead of the photograph");
    }
    ui.add_space(2.0 * theme::SPACE);
    ui.separator();
}

/// What the canvas shows, and what is put into the photograph.
fn switches(ui: &mut Ui, screen: &mut Screen, options: PasteOptions) {
    let view = screen.state.view.view;
    ui.horizontal_wrapped(|ui| {
        for (to, name) in [(View::Edit, "Face alone"), (View::Pasted, "Whole photograph")] {
            if ui.add(Button::new(name).selected(view == to)).clicked() {
                screen.ask(Command::Look(to));
            }
        }
    });
    ui.horizontal_wrapped(|ui| {
        for (mode, name, hover) in [
            (
                PasteMode::Change,
                "Change",
                "Only what the edit changes is added to the photograph's own skin, hair and light",
            ),
            (PasteMode::Generated, "Generated pixels", "The decoded face itself, softly blended in"),
        ] {
            let response = ui.add(Button::new(name).selected(options.mode == mode));
            if response.clicked() && options.mode != mode {
                screen.ask(Command::SetPaste { options: PasteOptions { mode, ..options }, settled: true });
            }
            response.on_hover_text(hover);
        }
    });
}

fn sliders(ui: &mut Ui, screen: &mut Screen, options: PasteOptions) {
    let strength =
        percent(ui, "Strength", "Strength", [0.0, 100.0], options.strength, "How much of the edit is put in");
    let mask =
        percent(ui, "Mask size", "Mask", [50.0, 150.0], options.mask, "How far around the face the edit reaches");
    let asked = |answer: &SliderResponse, now: f32| answer.value.map_or(now, |value| value / 100.0);
    if [&strength, &mask].into_iter().any(|answer| answer.value.is_some() || answer.settled) {
        let options =
            PasteOptions { strength: asked(&strength, options.strength), mask: asked(&mask, options.mask), ..options };
        screen.ask(Command::SetPaste { options, settled: strength.settled || mask.settled });
    }
}

/// A share as a slider of percents, 100 being usual.
fn percent(ui: &mut Ui, name: &str, label: &str, range: [f32; 2], value: f32, hover: &str) -> SliderResponse {
    let slider = PartSlider {
        name,
        label,
        part: None,
        range,
        shaded: None,
        own: 100.0,
        decimals: 0,
        suffix: " %",
        step: 5.0,
        enabled: true,
        hover,
    };
    slider.show(ui, 100.0 * value)
}
