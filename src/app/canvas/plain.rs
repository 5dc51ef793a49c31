//! The canvas without a pipeline of its own: the same pictures as textures of egui, for a window that draws by other
//! means. Enlarged pictures are smoother here, nothing else differs.

use eframe::egui::{Color32, ColorImage, Context, Id, Painter, Rect, TextureHandle, TextureId, TextureOptions, pos2};

use super::paint::Mode;
use super::{Picture, colour_image, ramp};

const KEPT: usize = 4;
const WHOLE: Rect = Rect { min: pos2(0.0, 0.0), max: pos2(1.0, 1.0) };

/// Draws `after`, compared with `before` as `mode` says, into the picture's rectangle.
pub fn paint(painter: &Painter, rect: Rect, mode: Mode, fade: f32, after: &Picture, before: Option<&Picture>) {
    let context = painter.ctx();
    let tint = Color32::WHITE.gamma_multiply(fade.clamp(0.0, 1.0));
    match (mode, before) {
        (Mode::Split(x), Some(before)) => {
            let clip = painter.clip_rect();
            let right = painter.with_clip_rect(clip.with_min_x(x.max(clip.left())));
            right.image(texture(context, after), rect, WHOLE, tint);
            let left = painter.with_clip_rect(clip.with_max_x(x.min(clip.right())));
            left.image(texture(context, before), rect, WHOLE, Color32::WHITE);
        }
        (Mode::Difference, Some(before)) => {
            painter.image(difference(context, after, before), rect, WHOLE, Color32::WHITE);
        }
        _ => {
            painter.image(texture(context, after), rect, WHOLE, tint);
        }
    }
}

fn texture(context: &Context, picture: &Picture) -> TextureId {
    kept(context, (picture.stamp, None), || colour_image(&picture.pixels))
}

fn difference(context: &Context, after: &Picture, before: &Picture) -> TextureId {
    kept(context, (after.stamp, Some(before.stamp)), || {
        let (width, height) = after.pixels.dimensions();
        let other = before.pixels.dimensions();
        let pixels = after.pixels.enumerate_pixels().map(|(x, y, pixel)| {
            let [x, y] = [x * other.0 / width, y * other.1 / height];
            ramp::difference(pixel.0, before.pixels.get_pixel(x, y).0)
        });
        ColorImage::new([width as usize, height as usize], pixels.collect())
    })
}

type Key = (u64, Option<u64>);

/// The texture of a key, made when it is not among the last few.
fn kept(context: &Context, key: Key, make: impl FnOnce() -> ColorImage) -> TextureId {
    let place = Id::unique("canvas textures");
    // Taken out and put back: the context is locked while its data is borrowed, and making a texture locks it too.
    let mut held: Vec<(Key, TextureHandle)> = context.data(|data| data.get_temp(place)).unwrap_or_default();
    let entry = match held.iter().position(|(other, _)| *other == key) {
        Some(at) => held.remove(at),
        None => (key, context.load_texture("canvas", make(), TextureOptions::LINEAR)),
    };
    let id = entry.1.id();
    held.push(entry);
    let surplus = held.len().saturating_sub(KEPT);
    held.drain(..surplus);
    context.data_mut(|data| data.insert_temp(place, held));
    id
}
