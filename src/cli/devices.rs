//! `facespace devices`.

use serde_json::json;

use super::context::{Context, Outcome};
use crate::engine::{AdapterKind, device};

pub fn run(context: &mut Context) -> Outcome {
    let adapters = device::adapters();
    let cpu = device::cpu().name;
    let auto = adapters.iter().position(|adapter| adapter.kind != AdapterKind::Software);
    let mark = |chosen: bool| if chosen { "  (auto)" } else { "" };
    let mut lines = format!("cpu    {cpu}{}\n", mark(auto.is_none()));
    for (place, adapter) in adapters.iter().enumerate() {
        lines += &format!(
            "gpu:{place}  {} ({}, {}){}\n",
            adapter.name,
            adapter.kind,
            adapter.api,
            mark(auto == Some(place))
        );
    }
    if !cfg!(feature = "gpu") {
        context.remark("This build has no GPU support");
    }
    context.print(&lines)?;
    let gpus: Vec<_> = adapters
        .iter()
        .map(|adapter| json!({"name": adapter.name, "kind": adapter.kind.to_string(), "api": adapter.api}))
        .collect();
    Ok(json!({"cpu": cpu, "gpus": gpus, "auto": auto.map_or("cpu".to_owned(), |place| format!("gpu:{place}"))}))
}
