//! The parts of the open report, to choose from; those that were not measured say why.

use eframe::egui::{Align, Button, Layout, RichText, Role, ScrollArea, Ui, WidgetInfo};

use super::super::super::command::Command;
use super::super::super::evaluate::{EvaluateCommand, EvaluateDesk, Tab, words};
use super::super::super::theme;
use super::super::Screen;
use crate::engine::evaluation::explanation;

/// One of them.
struct Entry {
    tab: Tab,
    measured: bool,
    hover: String,
}

/// Below each other.
pub(super) fn side(ui: &mut Ui, screen: &mut Screen) {
    ScrollArea::vertical().auto_shrink([false, false]).id_salt("contents").show(ui, |ui| {
        ui.with_layout(Layout::top_down_justified(Align::Min), |ui| {
            for entry in entries(&screen.state.evaluate) {
                one(ui, screen, entry);
            }
        });
    });
}

/// Beside each other.
pub(super) fn row(ui: &mut Ui, screen: &mut Screen) {
    ui.spacing_mut().item_spacing.x = theme::SPACE;
    for entry in entries(&screen.state.evaluate) {
        one(ui, screen, entry);
    }
}

fn entries(desk: &EvaluateDesk) -> Vec<Entry> {
    let overview = "The figures that matter, what was not measured, and with what it was measured";
    let mut entries = vec![Entry { tab: Tab::Overview, measured: true, hover: overview.to_owned() }];
    entries.extend(desk.known_parts().into_iter().map(|part| match desk.unmeasured(part) {
        Some(unmeasured) => Entry { tab: Tab::Part(part), measured: false, hover: words::said(&unmeasured.why) },
        None => Entry { tab: Tab::Part(part), measured: true, hover: explanation(part).to_owned() },
    }));
    if desk.comparison.is_some() {
        let hover = "Which figures moved from the other report to this one".to_owned();
        entries.push(Entry { tab: Tab::Comparison, measured: true, hover });
    }
    entries
}

fn one(ui: &mut Ui, screen: &mut Screen, entry: Entry) {
    let on = screen.state.evaluate.tab == entry.tab;
    let title = entry.tab.name();
    let (text, name) = if entry.measured {
        (RichText::new(title), title.to_owned())
    } else {
        (RichText::new(format!("{title} \u{2013}")).weak(), format!("{title}, not measured"))
    };
    let response = ui.add(Button::new(text).selected(on).frame_when_inactive(on));
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, on, &name));
    if response.clicked() {
        screen.ask(Command::Evaluate(EvaluateCommand::LookAtTab(entry.tab)));
    }
    response.on_hover_text(entry.hover);
}
