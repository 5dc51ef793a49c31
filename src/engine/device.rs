//! Which device computes: the best hardware GPU, else the CPU. A GPU that is missing or fails never stops the
//! program; the CPU takes over and one sentence says so.

use std::env;
use std::fmt;
use std::str::FromStr;
use std::thread;

use burn::tensor::Device;

/// What the user asked for with `--device`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DeviceChoice {
    /// The best hardware GPU, else the CPU.
    #[default]
    Auto,
    Cpu,
    /// The best GPU, a software one if there is no other.
    Gpu,
    /// The GPU at this place of [`adapters`].
    GpuAt(usize),
}

impl FromStr for DeviceChoice {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let unknown = || {
            format!("\"{text}\" is no device; choose auto, cpu, gpu or gpu:N with a number from `facespace devices`")
        };
        match text {
            "auto" => Ok(DeviceChoice::Auto),
            "cpu" => Ok(DeviceChoice::Cpu),
            "gpu" => Ok(DeviceChoice::Gpu),
            _ => {
                let number = text.strip_prefix("gpu:").ok_or_else(unknown)?;
                number.parse().map(DeviceChoice::GpuAt).map_err(|_| unknown())
            }
        }
    }
}

/// As `--device` reads it.
impl fmt::Display for DeviceChoice {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            DeviceChoice::Auto => f.write_str("auto"),
            DeviceChoice::Cpu => f.write_str("cpu"),
            DeviceChoice::Gpu => f.write_str("gpu"),
            DeviceChoice::GpuAt(place) => write!(f, "gpu:{place}"),
        }
    }
}

/// What sort of thing an adapter is, best for computing first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AdapterKind {
    Discrete,
    Integrated,
    Virtual,
    /// Drawn by the CPU: slower here than the CPU itself, so never chosen unasked.
    Software,
}

impl fmt::Display for AdapterKind {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            AdapterKind::Discrete => "discrete",
            AdapterKind::Integrated => "integrated",
            AdapterKind::Virtual => "virtual",
            AdapterKind::Software => "software",
        })
    }
}

/// A GPU that this build can reach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adapter {
    pub name: String,
    /// Vulkan, Metal or Dx12.
    pub api: String,
    pub kind: AdapterKind,
    /// Its place among the adapters of the same kind and interface.
    pub(super) index: usize,
}

/// A device that is ready to compute.
#[derive(Clone, Debug)]
pub struct OpenDevice {
    pub name: String,
    pub is_gpu: bool,
    pub device: Device,
}

/// The GPUs of this machine, best first; empty in a build without the `gpu` feature.
pub fn adapters() -> Vec<Adapter> {
    let mut found = match Fault::from_env() {
        Some(Fault::Missing) => Vec::new(),
        Some(Fault::Broken | Fault::Lost) => vec![pretend_adapter()],
        None => real_adapters(),
    };
    found.sort_by_key(|adapter| adapter.kind);
    found
}

/// Opens the chosen device, or the CPU with a sentence that says why.
pub fn open(choice: DeviceChoice) -> (OpenDevice, Option<String>) {
    if choice == DeviceChoice::Cpu {
        return (cpu(), None);
    }
    let adapters = adapters();
    match (chosen(choice, &adapters), choice) {
        (Some(adapter), _) => match open_adapter(adapter) {
            Ok(device) => (OpenDevice { name: adapter.name.clone(), is_gpu: true, device }, None),
            Err(reason) => {
                let notice = format!("The GPU {} could not be opened ({reason}); the CPU takes over", adapter.name);
                (cpu(), Some(notice))
            }
        },
        (None, DeviceChoice::Auto) => (cpu(), None),
        (None, DeviceChoice::GpuAt(place)) => {
            (cpu(), Some(format!("There is no GPU number {place}, see `facespace devices`; the CPU takes over")))
        }
        (None, _) => (cpu(), Some("No GPU was found; the CPU takes over".to_owned())),
    }
}

fn chosen(choice: DeviceChoice, adapters: &[Adapter]) -> Option<&Adapter> {
    match choice {
        DeviceChoice::Auto => adapters.iter().find(|adapter| adapter.kind != AdapterKind::Software),
        DeviceChoice::Gpu => adapters.first(),
        DeviceChoice::GpuAt(place) => adapters.get(place),
        DeviceChoice::Cpu => None,
    }
}

/// Whether the choice means a GPU, as far as can be known without opening it; one that the CPU plays is none.
pub fn means_gpu(choice: DeviceChoice) -> bool {
    choice != DeviceChoice::Cpu
        && chosen(choice, &adapters()).is_some_and(|adapter| adapter.kind != AdapterKind::Software)
}

/// The CPU, which is always there.
pub fn cpu() -> OpenDevice {
    OpenDevice { name: cpu_name(), is_gpu: false, device: Device::flex() }
}

fn cpu_name() -> String {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    match model {
        Some((_, model)) => format!("CPU ({}, {cores} cores)", model.trim()),
        None => format!("CPU ({cores} cores)"),
    }
}

/// A failure to rehearse, named by the environment variable `FACESPACE_FAULT_GPU`: `missing` (no adapter), `broken`
/// (one that does not open) or `lost` (one that fails at its first work).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    Missing,
    Broken,
    Lost,
}

impl Fault {
    pub(super) fn from_env() -> Option<Self> {
        match env::var("FACESPACE_FAULT_GPU").ok()?.as_str() {
            "missing" => Some(Fault::Missing),
            "broken" => Some(Fault::Broken),
            "lost" => Some(Fault::Lost),
            _ => None,
        }
    }
}

fn pretend_adapter() -> Adapter {
    Adapter { name: "Pretend GPU".to_owned(), api: "None".to_owned(), kind: AdapterKind::Discrete, index: 0 }
}

fn open_adapter(adapter: &Adapter) -> Result<Device, String> {
    match Fault::from_env() {
        Some(Fault::Lost) => Ok(Device::flex()),
        Some(_) => Err("a rehearsed failure".to_owned()),
        None => open_real(adapter),
    }
}

#[cfg(feature = "gpu")]
use super::gpu::{adapters as real_adapters, open as open_real};

#[cfg(not(feature = "gpu"))]
fn real_adapters() -> Vec<Adapter> {
    Vec::new()
}

#[cfg(not(feature = "gpu"))]
fn open_real(_adapter: &Adapter) -> Result<Device, String> {
    Err("this build has no GPU support".to_owned())
}
