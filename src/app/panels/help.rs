//! Help: what the words mean, and how the hands go.

use eframe::egui::{Label, RichText, Ui};

use super::super::command::{Command, entries};
use super::super::theme;
use super::Screen;

const WORDS: [(&str, &str); 18] = [
    (
        "Face",
        "A photograph of a face is written as 99 numbers: pose 3, identity 32, expression 32, style 32. The networks draw a face back from them.",
    ),
    (
        "Reconstruction",
        "What the model keeps of a face before anything is changed. Look at it before you judge an edit.",
    ),
    ("Pose", "How the head is turned: yaw to the side, pitch up and down, roll over the shoulder."),
    (
        "Expression, identity, style",
        "What the face does, who it is, and everything else: light, colour, glasses, background.",
    ),
    (
        "Axis",
        "A way in which the training faces differ, widest first. The small faces show what it does; the shaded part of its slider is what the training faces showed, the mark is the photograph's own value.",
    ),
    (
        "Drift",
        "Each edited picture is read by the networks again. Drift is the angle between what was asked and what they see: small means that the edit did what it says.",
    ),
    (
        "In the photograph",
        "The edit is made at 128 pixels. What it changes is enlarged, moved along and added to the photograph's own pixels inside a soft mask around the face, so that skin and hair stay.",
    ),
    (
        "Refine",
        "Fits the 99 numbers to this face step by step, with a pull towards what the networks saw at a glance. The pixel error before and after is shown.",
    ),
    (
        "Index",
        "A folder of the program's own that holds the 99 numbers of every face of a collection, where each comes from, and small pictures. Codes of faces are personal data: deleting the index removes all of it.",
    ),
    (
        "Query",
        "The faces that are looked for. Each part counts as much as its weight says: at 1 faces must be like the query in it, at 0 it is of no interest, at -1 they must be unlike it.",
    ),
    (
        "People",
        "Faces whose identities point the same way are put together. A low threshold makes few large groups, a high one many small ones; what you name, merge or split stays as you said.",
    ),
    (
        "Transfer",
        "Each target on the board takes the parts that are given from each source, and keeps the others. A face stands there as its sliders have it; a press on a cell opens it in the editor.",
    ),
    (
        "Recipe",
        "The parts that a face takes from others, by the numbers themselves, so that it goes onto any other face without their pictures. In the editor each such part says who gave it, and can be taken back.",
    ),
    (
        "Label audit",
        "Small networks read each face's expression without having seen it or its person, and the labels that disagree most come first. You say of each whether it stays; the set itself is never changed, the result is a new file of labels.",
    ),
    (
        "Shortcut",
        "Another way to guess a label than by the expression: where pose, identity or style alone tell it, the pictures of a class have something else in common.",
    ),
    (
        "Evaluation",
        "Measures the weights in use on faces that you choose: how well they draw them again, whether each part of the code says what it should, and whether the others do not. The report is a page that opens in a browser and can be sent.",
    ),
    (
        "Interval",
        "Behind a figure: where it would lie in 95 of 100 samples that are drawn again from the same faces. Two figures whose intervals are far apart differ; where each lies within the other's, it may be chance.",
    ),
    ("Lock", "A locked part is changed by nothing, not even by undo."),
];

pub fn show(ui: &mut Ui, screen: &mut Screen) {
    for (word, meaning) in WORDS {
        ui.label(RichText::new(word).strong());
        ui.add(Label::new(meaning).wrap());
        ui.add_space(2.0 * theme::SPACE);
    }
    ui.label(RichText::new("Sliders").strong());
    ui.add(Label::new("Drag, step with the arrow keys (Shift for finer steps), or type the number. Double click goes back to the photograph's own value.").wrap());
    ui.add_space(2.0 * theme::SPACE);
    screen.button(ui, true, "Start the demonstration", Command::ToggleDemo).on_hover_text("F5");
    ui.add_space(2.0 * theme::SPACE);
    ui.label(RichText::new("Shortcuts").strong());
    for entry in entries() {
        let Some(shortcut) = entry.shortcut else { continue };
        ui.horizontal(|ui| {
            ui.label(RichText::new(ui.ctx().format_shortcut(&shortcut)).monospace().small());
            ui.label(RichText::new(entry.name).small());
        });
    }
}
