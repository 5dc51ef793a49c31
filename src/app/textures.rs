//! Small pictures as textures: uploaded a few a frame when they are first in sight, and forgotten when they have not been
//! for a while, so that a tray of any length costs the same.

use std::collections::HashMap;
use std::sync::Arc;

use eframe::egui::{ColorImage, Context, TextureHandle, TextureId, TextureOptions};

use super::canvas::{colour_image, levels};
use crate::engine::protocol::RgbImage;

/// Textures that are kept, in sight or not.
const KEPT: usize = 256;
/// Textures that are made in a frame.
const NEW_A_FRAME: usize = 4;

/// The textures of small pictures.
#[derive(Default)]
pub struct Textures {
    held: HashMap<*const RgbImage, Held>,
    frame: u64,
    new: usize,
}

struct Held {
    /// Kept so that no other picture gets its address.
    _picture: Arc<RgbImage>,
    texture: TextureHandle,
    seen: u64,
}

impl Textures {
    /// A new frame begins.
    pub fn next_frame(&mut self) {
        (self.frame, self.new) = (self.frame + 1, 0);
        if self.held.len() > KEPT {
            let mut ages: Vec<u64> = self.held.values().map(|held| held.seen).collect();
            ages.sort_unstable();
            let oldest = ages[ages.len() - KEPT];
            let frame = self.frame;
            self.held.retain(|_, held| held.seen >= oldest || held.seen + 1 >= frame);
        }
    }

    /// The texture of a picture, at half its size where it is shown small; none while others come first.
    pub fn get(&mut self, context: &Context, picture: &Arc<RgbImage>, small: bool) -> Option<TextureId> {
        let key = Arc::as_ptr(picture);
        if let Some(held) = self.held.get_mut(&key) {
            held.seen = self.frame;
            return Some(held.texture.id());
        }
        if self.new == NEW_A_FRAME {
            context.request_repaint();
            return None;
        }
        self.new += 1;
        let pixels = if small { halved(picture) } else { colour_image(picture) };
        let texture = context.load_texture("face", pixels, TextureOptions::LINEAR);
        let id = texture.id();
        self.held.insert(key, Held { _picture: Arc::clone(picture), texture, seen: self.frame });
        Some(id)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.held.len()
    }

    pub fn is_empty(&self) -> bool {
        self.held.is_empty()
    }
}

/// Half its size; what has no half is left as it is.
fn halved(picture: &RgbImage) -> ColorImage {
    if picture.width().min(picture.height()) < 2 {
        return colour_image(picture);
    }
    let half = levels::half(picture);
    ColorImage::from_rgba_unmultiplied([half.width as usize, half.height as usize], &half.rgba)
}
