//! Faces that are nearly the same, a line for each lot of them.

use std::sync::Arc;

use eframe::egui::{Id, Rect, RichText, Ui, Vec2, pos2};

use super::super::super::command::Command;
use super::super::super::gallery::GalleryCommand;
use super::super::super::theme;
use super::super::super::train::words::thousands;
use super::super::Screen;
use super::tile::Tile;
use super::{lines, says};
use crate::engine::gallery::FaceKey;

const SIDE: f32 = 18.0 * theme::SPACE;
const STEP: f32 = SIDE + theme::SPACE;

pub(super) fn show(ui: &mut Ui, screen: &mut Screen, sight: &mut Vec<FaceKey>) {
    let state = screen.state;
    let duplicates = &state.gallery.duplicates;
    if duplicates.failed == Some(state.gallery.revisions.faces) {
        says(ui, "The faces were not compared.");
        screen.button(ui, true, "Compare all faces", Command::Gallery(GalleryCommand::CompareAgain));
        return;
    }
    let Some((revision, lots)) = &duplicates.found else {
        says(ui, "All faces are being compared…");
        return;
    };
    let old = if *revision == state.gallery.revisions.faces { "" } else { "; compared anew…" };
    let text = match lots.len() {
        0 => "No two faces are nearly the same".to_owned(),
        1 => "One lot of faces that are nearly the same".to_owned(),
        count => format!("{} lots of faces that are nearly the same", thousands(count as u64)),
    };
    ui.label(RichText::new(format!("{text}{old}")).small())
        .on_hover_text("Their codes hardly differ: copies, other sizes, or pictures taken moments apart");
    let fits = (ui.available_width() / STEP).floor().max(1.0) as usize;
    let rows = rows(ui, *revision, lots, fits);
    lines(ui, "duplicates", rows.len(), STEP, |ui, place, rect| {
        let (lot, start) = rows[place];
        if start == 0 && lot > 0 {
            let line = ui.visuals().widgets.noninteractive.bg_stroke;
            ui.painter().hline(rect.x_range(), rect.top(), line);
        }
        for (column, key) in lots[lot].iter().skip(start).take(fits).enumerate() {
            let corner = pos2(rect.left() + column as f32 * STEP, rect.top() + theme::SPACE / 2.0);
            let tile = Tile::plain(*key, "duplicate");
            tile.show(ui, screen, sight, Rect::from_min_size(corner, Vec2::splat(SIDE)));
        }
    });
}

/// Which lot each line is of, and with which of its faces the line begins. Worked out anew only where the faces or the
/// width are others, since there may be very many.
fn rows(ui: &Ui, revision: u64, lots: &[Vec<FaceKey>], fits: usize) -> Arc<Vec<(usize, usize)>> {
    type Kept = ((u64, usize, usize), Arc<Vec<(usize, usize)>>);
    let (id, of) = (Id::unique("lines of the duplicates"), (revision, lots.len(), fits));
    let kept = ui.data(|data| data.get_temp::<Kept>(id)).filter(|(known, _)| *known == of);
    if let Some((_, rows)) = kept {
        return rows;
    }
    let starts = |(lot, faces): (usize, &Vec<FaceKey>)| (0..faces.len()).step_by(fits).map(move |start| (lot, start));
    let rows: Arc<Vec<_>> = Arc::new(lots.iter().enumerate().flat_map(starts).collect());
    ui.data_mut(|data| data.insert_temp::<Kept>(id, (of, Arc::clone(&rows))));
    rows
}
