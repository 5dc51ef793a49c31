//! The networks on a device: which device computes, and what happens when it fails. Terminal and window both work
//! through this room; it knows neither of them.

pub mod device;
#[cfg(feature = "gpu")]
mod gpu;
mod guard;
mod networks;

pub use device::{Adapter, AdapterKind, DeviceChoice};
pub use networks::{Engine, EngineError};
