//! The pictures a graphics device holds for the canvas: at most four, known by their stamps. A new picture of the size
//! of the one that goes is written into its texture, so that an hour of edits allocates nothing.

use eframe::wgpu;

use super::{Picture, levels};

/// Two pictures compared, the one fading out, and one more: the view switched to and back.
const KEPT: usize = 4;

pub struct Textures {
    /// Least recently used first.
    held: Vec<Held>,
    /// Longest side that the device may hold.
    limit: u32,
}

struct Held {
    stamp: u64,
    /// Size of the picture, which is the texture's unless the device holds none so large.
    size: (u32, u32),
    texture: wgpu::Texture,
    view: wgpu::TextureView,
}

impl Textures {
    pub fn new(device: &wgpu::Device) -> Self {
        Self { held: Vec::with_capacity(KEPT), limit: device.limits().max_texture_dimension_2d }
    }

    /// Marks a picture as just used.
    pub fn touch(&mut self, stamp: u64) -> bool {
        let place = self.held.iter().position(|held| held.stamp == stamp);
        if let Some(place) = place {
            let held = self.held.remove(place);
            self.held.push(held);
        }
        place.is_some()
    }

    /// Holds a picture, uploading it when it is new.
    pub fn put(&mut self, device: &wgpu::Device, queue: &wgpu::Queue, picture: &Picture) {
        if self.touch(picture.stamp) {
            return;
        }
        let size = picture.pixels.dimensions();
        let oldest = (self.held.len() >= KEPT).then(|| self.held.remove(0));
        let mut held = match oldest.filter(|held| held.size == size) {
            Some(held) => held,
            None => allocate(device, size, self.limit),
        };
        held.stamp = picture.stamp;
        upload(queue, &held.texture, picture, self.limit);
        self.held.push(held);
    }

    /// The picture to bind.
    pub fn view(&self, stamp: u64) -> Option<&wgpu::TextureView> {
        self.held.iter().find(|held| held.stamp == stamp).map(|held| &held.view)
    }

    /// Whether the picture of this stamp is held and lies where `picture` does.
    pub fn fits(&self, stamp: u64, picture: &Picture) -> bool {
        self.held.iter().any(|held| held.stamp == stamp && held.size == picture.pixels.dimensions())
    }
}

fn allocate(device: &wgpu::Device, size: (u32, u32), limit: u32) -> Held {
    let (mut width, mut height) = size;
    while width.max(height) > limit {
        (width, height) = ((width / 2).max(1), (height / 2).max(1));
    }
    let texture = device.create_texture(&wgpu::TextureDescriptor {
        label: Some("canvas"),
        size: extent(width, height),
        mip_level_count: levels::count(width, height),
        sample_count: 1,
        dimension: wgpu::TextureDimension::D2,
        // Not an sRGB format: the shader works on the stored values, as egui does.
        format: wgpu::TextureFormat::Rgba8Unorm,
        usage: wgpu::TextureUsages::TEXTURE_BINDING | wgpu::TextureUsages::COPY_DST,
        view_formats: &[],
    });
    let view = texture.create_view(&wgpu::TextureViewDescriptor::default());
    Held { stamp: 0, size, texture, view }
}

fn upload(queue: &wgpu::Queue, texture: &wgpu::Texture, picture: &Picture, limit: u32) {
    for (place, level) in levels::of(&picture.pixels, limit).into_iter().enumerate() {
        queue.write_texture(
            wgpu::TexelCopyTextureInfo {
                texture,
                mip_level: place as u32,
                origin: wgpu::Origin3d::ZERO,
                aspect: wgpu::TextureAspect::All,
            },
            &level.rgba,
            wgpu::TexelCopyBufferLayout {
                offset: 0,
                bytes_per_row: Some(4 * level.width),
                rows_per_image: Some(level.height),
            },
            extent(level.width, level.height),
        );
    }
}

fn extent(width: u32, height: u32) -> wgpu::Extent3d {
    wgpu::Extent3d { width, height, depth_or_array_layers: 1 }
}

pub fn texture_layout(binding: u32) -> wgpu::BindGroupLayoutEntry {
    wgpu::BindGroupLayoutEntry {
        binding,
        visibility: wgpu::ShaderStages::FRAGMENT,
        ty: wgpu::BindingType::Texture {
            sample_type: wgpu::TextureSampleType::Float { filterable: true },
            view_dimension: wgpu::TextureViewDimension::D2,
            multisampled: false,
        },
        count: None,
    }
}
