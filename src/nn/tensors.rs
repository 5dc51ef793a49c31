//! Named tensors: from the bytes of a safetensors file into a module, and back.
//!
//! Files keep PyTorch's names and layouts (a linear layer's weight is out x in, a norm has `weight` and `bias`), so
//! that a file made by either framework serves both. In memory everything is single precision.

use std::collections::BTreeMap;

use burn::module::{Module, ModuleVisitor, Param};
use burn::store::{
    ApplyError, ApplyResult, BurnToPyTorchAdapter, FloatCastAdapter, HalfPrecisionAdapter, ModuleAdapter,
    ModuleSnapshot, PyTorchToBurnAdapter, SafetensorsStore,
};
use burn::tensor::{DType, Shape, Tensor};
use safetensors::SafeTensors;

use super::{NnError, TensorFault};

/// Names and shapes of a file's tensors, as they are stored.
pub type TensorShapes = BTreeMap<String, Vec<usize>>;

/// How numbers are stored in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precision {
    /// 32 bits: checkpoints that training goes on from.
    Single,
    /// 16 bits, but for batch norms, whose small variances would be lost: files to ship.
    Half,
}

/// Reads the names and shapes of a safetensors file.
///
/// # Errors
/// [`NnError::Unreadable`] where the bytes are no such file, or one that was cut off.
pub fn shapes(bytes: &[u8]) -> Result<TensorShapes, NnError> {
    let file = SafeTensors::deserialize(bytes).map_err(|error| NnError::Unreadable { reason: error.to_string() })?;
    Ok(file.tensors().into_iter().map(|(name, view)| (name, view.shape().to_vec())).collect())
}

/// Gives `module` the tensors of a file, widening half precision.
///
/// Tensors that the module does not have are passed over: the same file also holds statistics and other networks.
///
/// # Errors
/// [`NnError::Unreadable`] as [`shapes`]; [`NnError::WrongTensors`] with every tensor that is missing, of another
/// shape, or not made of floating point numbers.
pub fn load<M: Module>(mut module: M, bytes: Vec<u8>) -> Result<M, NnError> {
    // Partial loading is allowed and nothing validated, because the store's own errors are prose; ours are typed.
    let mut store = SafetensorsStore::from_bytes(Some(bytes))
        .with_from_adapter(PyTorchToBurnAdapter.chain(FloatCastAdapter::to(DType::F32)))
        .allow_partial(true)
        .validate(false);
    // The store says of every cause that it is an error of its own.
    let reason = |error: String| error.strip_prefix("SafeTensors error: ").map(str::to_owned).unwrap_or(error);
    let outcome =
        module.load_from(&mut store).map_err(|error| NnError::Unreadable { reason: reason(error.to_string()) })?;
    let faults = faults(&outcome);
    if faults.is_empty() { Ok(module) } else { Err(NnError::WrongTensors { faults }) }
}

/// Writes the tensors of `module` (running statistics included) and `metadata` as the bytes of a safetensors file.
///
/// # Errors
/// [`NnError::Unwritable`] where the device cannot give the weights back.
pub fn save<M: Module>(module: &M, precision: Precision, metadata: &[(String, String)]) -> Result<Vec<u8>, NnError> {
    let unwritable = |error: burn::store::SafetensorsStoreError| NnError::Unwritable { reason: error.to_string() };
    let empty = SafetensorsStore::from_bytes(None).clear_metadata();
    let store = metadata.iter().fold(empty, |store, (key, value)| store.metadata(key, value));
    let mut store = match precision {
        Precision::Single => store.with_to_adapter(BurnToPyTorchAdapter),
        Precision::Half => store.with_to_adapter(BurnToPyTorchAdapter.chain(HalfPrecisionAdapter::new())),
    };
    module.save_into(&mut store).map_err(unwritable)?;
    store.get_bytes().map_err(unwritable)
}

/// How many numbers of `module` are learned; the running statistics of batch norms are not.
pub fn parameter_count<M: Module>(module: &M) -> usize {
    let mut counter = Counter::default();
    module.visit(&mut counter);
    counter.total
}

#[derive(Default)]
struct Counter {
    path: Vec<String>,
    total: usize,
}

impl ModuleVisitor for Counter {
    fn enter_module(&mut self, name: &str, _container: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _name: &str, _container: &str) {
        self.path.pop();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if !self.path.last().is_some_and(|name| name.starts_with("running_")) {
            self.total += param.lazy_shape().num_elements();
        }
    }
}

/// The store's findings in the file's own names and layouts, ordered by name.
fn faults(outcome: &ApplyResult) -> Vec<TensorFault> {
    let missing = outcome.missing.iter().map(|(path, _)| TensorFault::Missing { name: stored_name(path) });
    let errors = outcome.errors.iter().map(|error| match error {
        ApplyError::ShapeMismatch { path, expected, found } => {
            TensorFault::Shape { name: stored_name(path), found: stored_shape(found), expected: stored_shape(expected) }
        }
        ApplyError::DTypeMismatch { path, found, .. } => {
            TensorFault::Unreadable { name: stored_name(path), reason: format!("it holds {found:?} numbers") }
        }
        ApplyError::AdapterError { path, message } | ApplyError::LoadError { path, message } => {
            TensorFault::Unreadable { name: stored_name(path), reason: message.clone() }
        }
    });
    missing.chain(errors).collect()
}

/// Burn calls a norm's scale and shift `gamma` and `beta`; the file calls them `weight` and `bias`.
fn stored_name(path: &str) -> String {
    match path.rsplit_once('.') {
        Some((norm, "gamma")) => format!("{norm}.weight"),
        Some((norm, "beta")) => format!("{norm}.bias"),
        _ => path.to_owned(),
    }
}

/// The only tensors of two dimensions are the weights of linear layers, which Burn keeps as in x out.
fn stored_shape(shape: &Shape) -> Vec<usize> {
    let mut dims = shape.to_vec();
    if dims.len() == 2 {
        dims.reverse();
    }
    dims
}
