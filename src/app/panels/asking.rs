//! The row in which a path or a name is typed; a path can also come from the desktop's dialog.

use eframe::egui::{Align, Key, Layout, TextEdit, Ui};

use super::super::command::Command;
use super::super::evaluate::PathFor;
use super::super::state::Purpose;
use super::Screen;
use crate::engine::audit::Form;

impl Purpose {
    /// What the row says before its field, and on its button.
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Purpose::OpenPictures => ("Picture or folder", "Open"),
            Purpose::OpenFolder => ("Folder", "Open"),
            Purpose::SavePicture => ("Save the picture as", "Save"),
            Purpose::SaveFace => ("Save the face as", "Save"),
            Purpose::SaveEdit => ("Save the edit as", "Save"),
            Purpose::LoadEdit => ("Edit file", "Load"),
            Purpose::SaveProject => ("Save the project as", "Save"),
            Purpose::OpenProject => ("Project", "Open"),
            Purpose::OpenWeights => ("Weights", "Open"),
            Purpose::TrainOnFolder => ("Folder of shards or crops", "Add"),
            Purpose::TrainOnShards => ("Shard", "Add"),
            Purpose::Recogniser => ("Recogniser", "Use"),
            Purpose::RunDir => ("Folder of the new run", "Use"),
            Purpose::RunsFolder => ("Folder of runs", "List"),
            Purpose::IndexFolder => ("Folder or shards to search", "Index"),
            Purpose::AddToIndex => ("Folder or shards to add", "Add"),
            Purpose::OpenIndex => ("Folder of the index", "Open"),
            Purpose::ExportCodes => ("Export the codes as", "Export"),
            Purpose::AuditSet => ("Folder or file of the set", "Next"),
            Purpose::AuditTable => ("Table or shard of the set", "Next"),
            Purpose::AuditFolder => ("Folder for the audit", "Audit"),
            Purpose::OpenAudit => ("Folder of the audit", "Open"),
            Purpose::ExportAudit(Form::Labels) => ("Folder for the new labels", "Export"),
            Purpose::ExportAudit(Form::Log) => ("Export the log as", "Export"),
            Purpose::ExportAudit(_) => ("Export the table as", "Export"),
            Purpose::ImportLabels => ("Table of labels", "Import"),
            Purpose::Evaluate(PathFor::Folder) => ("Folder or file of the set", "Add"),
            Purpose::Evaluate(PathFor::Shards) => ("Shard to measure on", "Add"),
            Purpose::Evaluate(PathFor::Pairs) => ("List of pairs", "Use"),
            Purpose::Evaluate(PathFor::Recogniser) => ("Recogniser that measures", "Use"),
            Purpose::Evaluate(PathFor::Training) => ("Folder or shard to train readers on", "Add"),
            Purpose::Evaluate(PathFor::Out) => ("Folder for the report", "Use"),
            Purpose::Evaluate(PathFor::Report) => ("Folder of the report", "Open"),
            Purpose::Evaluate(PathFor::Other) => ("Folder of the other report", "Compare"),
            Purpose::Evaluate(PathFor::Comparison) => ("Save the comparison as", "Save"),
            Purpose::SaveSheet => ("Save the sheet as", "Save"),
            Purpose::SaveCells => ("Folder for the cells", "Save"),
            Purpose::SaveRecipe => ("Save the recipe as", "Save"),
            Purpose::LoadRecipe => ("Recipe file", "Load"),
            Purpose::Rename(_) => ("New name", "Rename"),
        }
    }
}

pub fn show(ui: &mut Ui, screen: &mut Screen) {
    let Some(asking) = &screen.state.asking else { return };
    let (what, verb) = asking.purpose.words();
    let is_path = !matches!(asking.purpose, Purpose::Rename(_));
    let mut text = asking.text.clone();
    ui.horizontal(|ui| {
        let label = ui.label(what);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            screen.button(ui, true, "Cancel", Command::CancelAsking);
            if is_path {
                screen.button(ui, true, "Browse…", Command::Browse);
            }
            screen.button(ui, true, verb, Command::TakeTyped);
            let field = ui.add(TextEdit::singleline(&mut text).desired_width(f32::INFINITY)).labelled_by(label.id);
            if asking.focus {
                field.request_focus();
            }
            if field.changed() {
                screen.ask(Command::Typed(text));
            }
            if field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter)) {
                screen.ask(Command::TakeTyped);
            }
            if ui.input(|input| input.key_pressed(Key::Escape)) {
                screen.ask(Command::CancelAsking);
            }
        });
    });
}
