//! The other edited faces of the open face's photograph: with it they go back into that photograph, so that a group is
//! edited face by face and saved once.

use std::sync::Arc;

use super::apply::asked;
use super::canvas::View;
use super::hands::Hands;
use super::pending::Wish;
use super::requests::see_face;
use super::state::{Drawn, Face, FaceId, State, Waiting};
use crate::engine::protocol::{PastedFace, RgbImage};
use crate::face::{Edit, FaceCode, PasteOptions};

/// Asks for the pictures of their edits, once the photograph is looked at or waits to be saved.
pub(super) fn ask(state: &mut State, hands: &Hands) {
    let wanted = state.view.view == View::Pasted || matches!(state.waiting, Some(Waiting::Save(_)));
    if !wanted || !state.can_paste() {
        return;
    }
    let missing: Vec<FaceId> =
        others(state).filter(|face| picture(state, face).is_none()).map(|face| face.record.id).collect();
    for id in missing {
        see_face(state, hands, id);
        let Some((own, code)) = state.face(id).and_then(|face| codes(state, face)) else { continue };
        let Some(edit) = state.face(id).map(|face| face.record.edit.clone()) else { continue };
        let wish = Wish::Beside(id, Box::new((edit, own)));
        if !state.pending.has(|known| *known == wish) {
            asked(state, hands.studio.pictures(vec![code]), wish);
        }
    }
}

/// The picture of one of them has come.
pub(super) fn drawn(state: &mut State, id: FaceId, (edit, own): (Edit, FaceCode), picture: RgbImage) {
    let picture = state.stamped(Arc::new(picture));
    if let Some(face) = state.face_mut(id) {
        face.drawn = Some(Drawn { edit, own, picture });
    }
}

/// The picture that was just drawn is that of the open face's edit.
pub(super) fn keep(state: &mut State) {
    let desk = &state.desk;
    let Some(asked) = desk.asked.as_ref().filter(|asked| asked.number == desk.shown) else { return };
    let (edit, picture) = (asked.edit.clone(), desk.edited.clone());
    let own = state.own().map(|(own, _)| *own);
    let drawn = own.zip(picture).map(|(own, picture)| Drawn { edit, own, picture });
    if let Some(face) = state.open.and_then(|id| state.face_mut(id)) {
        face.drawn = drawn;
    }
}

/// How many there are.
pub(super) fn count(state: &State) -> usize {
    others(state).count()
}

/// How they go back into the photograph; none while one of them is still to be drawn.
pub(super) fn pasted(state: &State) -> Option<Vec<PastedFace>> {
    let pasted = |face: &Face| {
        let drawn = picture(state, face)?;
        face.record.pasted(&face.seen.as_ref()?.reconstruction, &drawn.picture.pixels)
    };
    others(state).map(pasted).collect()
}

/// The stamps of their pictures, and how each is put back.
pub(super) fn key(state: &State) -> Vec<(u64, PasteOptions)> {
    others(state).filter_map(|face| Some((picture(state, face)?.picture.stamp, face.record.paste))).collect()
}

/// The faces beside the open one that can be drawn. One whose crop is lost, or whose edit these weights refuse, would
/// hold up the others.
fn others(state: &State) -> impl Iterator<Item = &Face> {
    let open = state.open_face();
    let is_other = move |face: &&Face| {
        let beside = open.is_some_and(|open| open.record.id != face.record.id && open.shares_photo(face));
        beside && face.record.photograph.is_some() && face.record.edit != Edit::default()
    };
    let can_be_drawn = move |face: &&Face| {
        let lost = face.crop.is_none() && (face.tile.is_some() || face.sought);
        let refused = face.seen.is_some() && codes(state, face).is_none();
        !face.unseeable && !lost && !refused
    };
    state.faces.iter().filter(is_other).filter(can_be_drawn)
}

/// The newest code of a face before its edit and after it.
fn codes(state: &State, face: &Face) -> Option<(FaceCode, FaceCode)> {
    let own = face.seen.as_ref().filter(|_| state.is_seen(face))?.code;
    Some((own, face.record.edit.apply(&own, state.space()?).ok()?))
}

/// What shows its newest edit.
fn picture<'a>(state: &State, face: &'a Face) -> Option<&'a Drawn> {
    let (own, _) = codes(state, face)?;
    face.drawn.as_ref().filter(|drawn| drawn.own == own && drawn.edit == face.record.edit)
}
