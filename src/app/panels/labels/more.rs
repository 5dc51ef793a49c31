//! What else is known of the face that is looked at: who it is, its valence and arousal, and every score.

use eframe::egui::{Label, RichText, Ui};

use super::super::super::labels::{OpenAudit, words};
use super::super::super::theme;
use super::super::super::widgets::number_text;
use crate::engine::audit::{Card, Score};

const MOOD: &str = "How pleasant and how aroused the face was said to be, -1 to 1 each; a label that does not go with \
                    them is doubtful";

pub(super) fn show(ui: &mut Ui, open: &OpenAudit, place: u32, card: Option<&Card>) {
    ui.add_space(theme::SPACE);
    if let Some(card) = card {
        if let (Some(valence), Some(arousal)) = (card.valence, card.arousal) {
            let text = format!("Valence {}, arousal {}", number_text(valence, 2), number_text(arousal, 2));
            ui.label(RichText::new(text).small()).on_hover_text(MOOD);
        }
        if let Some(person) = &card.person {
            ui.add(Label::new(RichText::new(format!("Person {person}")).small()).truncate())
                .on_hover_text("Who it is, as the set says; no face of theirs taught the networks that read this one");
        }
    }
    ui.label(RichText::new("Quality by each score").strong()).on_hover_text(words::QUALITY);
    ui.horizontal_wrapped(|ui| {
        for score in Score::ALL {
            // The reconstruction may have been read since the list came.
            let newer = card.map(|card| card.qualities[score as usize]).filter(|quality| quality.is_finite());
            let quality = newer.or(open.quality(place, score));
            let text = format!("{} {}", words::score(score), words::quality(quality));
            ui.label(RichText::new(text).small()).on_hover_text(score.explanation());
        }
    });
}
