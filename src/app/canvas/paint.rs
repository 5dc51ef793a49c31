//! The canvas on the graphics device: its pipeline, the few textures it keeps, and the callback that egui calls while
//! it draws. It knows no widgets.

use std::num::NonZeroU64;

use eframe::egui::{PaintCallbackInfo, Rect};
use eframe::egui_wgpu::{CallbackResources, CallbackTrait, RenderState, ScreenDescriptor};
use eframe::wgpu;

use super::textures::{Textures, texture_layout};
use super::{Picture, ramp, view};

/// Rows of four numbers in the shader's `Scene`.
const ROWS: usize = 3 + ramp::STOPS.len();
const SCENE_BYTES: u64 = (ROWS * 16) as u64;
/// Canvases drawn in one frame.
const DRAWS: usize = 4;

/// How the pictures of a [`Scene`] are put together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Mode {
    One,
    /// x of the line, in points.
    Split(f32),
    Difference,
}

/// The shader's fragment entries.
const ENTRIES: [&str; 4] = ["whole", "fading", "split", "difference"];

/// One canvas of one frame.
pub struct Scene {
    /// Tells the canvases of a window apart.
    pub id: u64,
    /// The whole picture, in points.
    pub rect: Rect,
    pub mode: Mode,
    pub fade: f32,
    pub after: Picture,
    pub before: Option<Picture>,
}

/// What outlives a frame, kept by egui's renderer.
struct Gpu {
    /// In the order of [`ENTRIES`].
    pipelines: [wgpu::RenderPipeline; ENTRIES.len()],
    /// 1 when the target encodes linear values by itself.
    encodes: u32,
    layout: wgpu::BindGroupLayout,
    sampler: wgpu::Sampler,
    textures: Textures,
    /// Least recently drawn first.
    draws: Vec<Draw>,
}

struct Draw {
    id: u64,
    uniforms: wgpu::Buffer,
    bindings: Option<wgpu::BindGroup>,
    /// Stamps of the newest picture and of the one it replaced, for fading.
    newest: u64,
    replaced: Option<u64>,
}

/// Puts the pipeline where [`Scene`] finds it.
pub fn install(state: &RenderState) {
    let gpu = Gpu::new(&state.device, state.target_format);
    state.renderer.write().callback_resources.insert(gpu);
}

impl Gpu {
    fn new(device: &wgpu::Device, target: wgpu::TextureFormat) -> Self {
        let layout = device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
            label: Some("canvas"),
            entries: &[uniform_layout(0), sampler_layout(1), texture_layout(2), texture_layout(3), texture_layout(4)],
        });
        let sampler = device.create_sampler(&wgpu::SamplerDescriptor {
            label: Some("canvas"),
            mag_filter: wgpu::FilterMode::Linear,
            min_filter: wgpu::FilterMode::Linear,
            mipmap_filter: wgpu::MipmapFilterMode::Linear,
            ..Default::default()
        });
        let pipelines = pipelines(device, &layout, target);
        Self {
            pipelines,
            encodes: u32::from(target.is_srgb()),
            layout,
            sampler,
            textures: Textures::new(device),
            draws: Vec::new(),
        }
    }

    /// The canvas's own place, moved to the end; the oldest is taken when all are in use.
    fn draw(&mut self, device: &wgpu::Device, scene: &Scene) -> Draw {
        if let Some(place) = self.draws.iter().position(|draw| draw.id == scene.id) {
            return self.draws.remove(place);
        }
        if self.draws.len() >= DRAWS {
            self.draws.remove(0);
        }
        let uniforms = device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("canvas"),
            size: SCENE_BYTES,
            usage: wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        Draw { id: scene.id, uniforms, bindings: None, newest: scene.after.stamp, replaced: None }
    }

    fn prepare(&mut self, device: &wgpu::Device, queue: &wgpu::Queue, screen: &ScreenDescriptor, scene: &Scene) {
        let mut draw = self.draw(device, scene);
        if draw.newest != scene.after.stamp {
            draw.replaced = Some(draw.newest);
            draw.newest = scene.after.stamp;
        }
        let replaced = draw.replaced.filter(|&stamp| scene.fade < 1.0 && self.textures.fits(stamp, &scene.after));
        // All that this frame needs is marked as used before room is made for what is new.
        for stamp in replaced.into_iter().chain(scene.before.as_ref().map(|picture| picture.stamp)) {
            self.textures.touch(stamp);
        }
        self.textures.put(device, queue, &scene.after);
        if let Some(before) = &scene.before {
            self.textures.put(device, queue, before);
        }
        queue.write_buffer(
            &draw.uniforms,
            0,
            bytemuck::cast_slice(&numbers(scene, screen, [self.encodes, u32::from(replaced.is_some())])),
        );
        draw.bindings = self.bindings(device, &draw.uniforms, scene, replaced);
        self.draws.push(draw);
    }

    fn bindings(
        &self,
        device: &wgpu::Device,
        uniforms: &wgpu::Buffer,
        scene: &Scene,
        replaced: Option<u64>,
    ) -> Option<wgpu::BindGroup> {
        let after = self.textures.view(scene.after.stamp)?;
        // A picture that is not needed is bound all the same: the layout has no gaps.
        let before = scene.before.as_ref().and_then(|picture| self.textures.view(picture.stamp)).unwrap_or(after);
        let previous = replaced.and_then(|stamp| self.textures.view(stamp)).unwrap_or(after);
        let texture =
            |binding, view| wgpu::BindGroupEntry { binding, resource: wgpu::BindingResource::TextureView(view) };
        Some(device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some("canvas"),
            layout: &self.layout,
            entries: &[
                wgpu::BindGroupEntry { binding: 0, resource: uniforms.as_entire_binding() },
                wgpu::BindGroupEntry { binding: 1, resource: wgpu::BindingResource::Sampler(&self.sampler) },
                texture(2, after),
                texture(3, before),
                texture(4, previous),
            ],
        }))
    }
}

impl Scene {
    /// Place among [`ENTRIES`].
    fn entry(&self) -> usize {
        match self.mode {
            Mode::One => usize::from(self.fade < 1.0),
            Mode::Split(_) => 2,
            Mode::Difference => 3,
        }
    }
}

impl CallbackTrait for Scene {
    fn prepare(
        &self,
        device: &wgpu::Device,
        queue: &wgpu::Queue,
        screen: &ScreenDescriptor,
        _encoder: &mut wgpu::CommandEncoder,
        resources: &mut CallbackResources,
    ) -> Vec<wgpu::CommandBuffer> {
        if let Some(gpu) = resources.get_mut::<Gpu>() {
            gpu.prepare(device, queue, screen, self);
        }
        Vec::new()
    }

    fn paint(&self, info: PaintCallbackInfo, pass: &mut wgpu::RenderPass<'static>, resources: &CallbackResources) {
        let Some(gpu) = resources.get::<Gpu>() else { return };
        let Some(draw) = gpu.draws.iter().find(|draw| draw.id == self.id) else { return };
        let Some(bindings) = &draw.bindings else { return };
        // The shader counts in pixels of the whole target; egui has set the scissor to the canvas already.
        let [width, height] = info.screen_size_px.map(|side| side as f32);
        pass.set_viewport(0.0, 0.0, width, height, 0.0, 1.0);
        pass.set_pipeline(&gpu.pipelines[self.entry()]);
        pass.set_bind_group(0, bindings, &[]);
        pass.draw(0..4, 0..1);
    }
}

/// The shader's `Scene`; whole numbers travel as their bits.
fn numbers(scene: &Scene, screen: &ScreenDescriptor, [encodes, replaces]: [u32; 2]) -> [[f32; 4]; ROWS] {
    let scale = screen.pixels_per_point;
    let rect = view::on_pixels(scene.rect, scale) * scale;
    let [width, height] = screen.size_in_pixels.map(|side| side as f32);
    let split = if let Mode::Split(x) = scene.mode { x * scale } else { 0.0 };
    let mut rows = [[0.0; 4]; ROWS];
    rows[0] = [rect.left(), rect.top(), rect.width(), rect.height()];
    rows[1] = [width, height, split, scene.fade.clamp(0.0, 1.0)];
    rows[2] = [f32::from_bits(encodes), f32::from_bits(replaces), 0.0, 0.0];
    for (row, [r, g, b]) in rows[3..].iter_mut().zip(ramp::STOPS) {
        *row = [r, g, b, 255].map(|channel| f32::from(channel) / 255.0);
    }
    rows
}

fn pipelines(
    device: &wgpu::Device,
    layout: &wgpu::BindGroupLayout,
    target: wgpu::TextureFormat,
) -> [wgpu::RenderPipeline; ENTRIES.len()] {
    let module = device.create_shader_module(wgpu::ShaderModuleDescriptor {
        label: Some("canvas"),
        source: wgpu::ShaderSource::Wgsl(include_str!("../../../shaders/canvas.wgsl").into()),
    });
    let layout = device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
        label: Some("canvas"),
        bind_group_layouts: &[Some(layout)],
        immediate_size: 0,
    });
    ENTRIES.map(|entry| {
        device.create_render_pipeline(&wgpu::RenderPipelineDescriptor {
            label: Some("canvas"),
            layout: Some(&layout),
            vertex: wgpu::VertexState {
                module: &module,
                entry_point: Some("vertex"),
                compilation_options: wgpu::PipelineCompilationOptions::default(),
                buffers: &[],
            },
            primitive: wgpu::PrimitiveState { topology: wgpu::PrimitiveTopology::TriangleStrip, ..Default::default() },
            // As egui's pass: no depth, one sample a pixel.
            depth_stencil: None,
            multisample: wgpu::MultisampleState::default(),
            fragment: Some(wgpu::FragmentState {
                module: &module,
                entry_point: Some(entry),
                compilation_options: wgpu::PipelineCompilationOptions::default(),
                targets: &[Some(wgpu::ColorTargetState {
                    format: target,
                    blend: Some(wgpu::BlendState::PREMULTIPLIED_ALPHA_BLENDING),
                    write_mask: wgpu::ColorWrites::ALL,
                })],
            }),
            multiview_mask: None,
            cache: None,
        })
    })
}

fn uniform_layout(binding: u32) -> wgpu::BindGroupLayoutEntry {
    wgpu::BindGroupLayoutEntry {
        binding,
        visibility: wgpu::ShaderStages::VERTEX_FRAGMENT,
        ty: wgpu::BindingType::Buffer {
            ty: wgpu::BufferBindingType::Uniform,
            has_dynamic_offset: false,
            min_binding_size: NonZeroU64::new(SCENE_BYTES),
        },
        count: None,
    }
}

fn sampler_layout(binding: u32) -> wgpu::BindGroupLayoutEntry {
    wgpu::BindGroupLayoutEntry {
        binding,
        visibility: wgpu::ShaderStages::FRAGMENT,
        ty: wgpu::BindingType::Sampler(wgpu::SamplerBindingType::Filtering),
        count: None,
    }
}
