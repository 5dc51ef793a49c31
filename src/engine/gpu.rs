//! GPUs through wgpu: Vulkan, Metal or DX12. The shaders are WGSL; the window draws on a device of its own.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use burn::tensor::wgpu::{WgpuBackend, wgpu};
use burn::tensor::{Device, DeviceKind};

use super::device::{Adapter, AdapterKind};
use super::guard::guarded;

const APIS: [(wgpu::Backend, WgpuBackend); 3] = [
    (wgpu::Backend::Vulkan, WgpuBackend::Vulkan),
    (wgpu::Backend::Metal, WgpuBackend::Metal),
    (wgpu::Backend::Dx12, WgpuBackend::Dx12),
];

/// Every adapter of the three interfaces; a driver that crashes while it is asked counts as absent.
pub fn adapters() -> Vec<Adapter> {
    APIS.iter().flat_map(|(api, _)| guarded(|| adapters_of(*api)).unwrap_or_default()).collect()
}

/// Burn numbers the adapters of one interface per kind, in the order in which wgpu lists them.
fn adapters_of(api: wgpu::Backend) -> Vec<Adapter> {
    let descriptor =
        wgpu::InstanceDescriptor { backends: api.into(), ..wgpu::InstanceDescriptor::new_without_display_handle() };
    let instance = wgpu::Instance::new(descriptor);
    let mut counts = HashMap::new();
    let mut found = Vec::new();
    for adapter in pollster::block_on(instance.enumerate_adapters(api.into())) {
        let info = adapter.get_info();
        let kind = match info.device_type {
            wgpu::DeviceType::DiscreteGpu => AdapterKind::Discrete,
            wgpu::DeviceType::IntegratedGpu => AdapterKind::Integrated,
            wgpu::DeviceType::VirtualGpu => AdapterKind::Virtual,
            wgpu::DeviceType::Cpu => AdapterKind::Software,
            wgpu::DeviceType::Other => continue,
        };
        let count = counts.entry(kind as u8).or_insert(0);
        found.push(Adapter { name: info.name, api: api.to_string(), kind, index: *count });
        *count += 1;
    }
    found
}

/// Opens an adapter for computing. Burn opens each only once in a process, so the device is kept.
pub fn open(adapter: &Adapter) -> Result<Device, String> {
    static OPEN: Mutex<Vec<(Adapter, Device)>> = Mutex::new(Vec::new());
    let mut open = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, device)) = open.iter().find(|(known, _)| known == adapter) {
        return Ok(device.clone());
    }
    let api = APIS.iter().find(|(api, _)| api.to_string() == adapter.api).map(|(_, api)| *api);
    let kind = match adapter.kind {
        AdapterKind::Discrete => DeviceKind::DiscreteGpu(adapter.index),
        AdapterKind::Integrated => DeviceKind::IntegratedGpu(adapter.index),
        AdapterKind::Virtual => DeviceKind::VirtualGpu(adapter.index),
        AdapterKind::Software => DeviceKind::Cpu,
    };
    let options = Device::wgpu_options().graphics_api(api.unwrap_or(WgpuBackend::Auto)).device_kind(kind);
    let device = guarded(|| options.init()).map_err(|_| "its driver crashed".to_owned())?.map_err(|e| e.to_string())?;
    open.push((adapter.clone(), device.clone()));
    Ok(device)
}
