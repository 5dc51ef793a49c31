//! Adam (Kingma and Ba 2015) over named parameters.
//!
//! Burn's own keeps its state under random identities and puts what it reads back on the default device; a checkpoint
//! needs names, and a run on the CPU must not touch a GPU. On the CPU the update is one pass over the numbers on all
//! cores, where single tensor operations would take a dozen.

use std::collections::BTreeMap;

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::tensor::{Device, Gradients, Tensor, TensorData};
use rayon::prelude::*;
use safetensors::SafeTensors;
use safetensors::tensor::{Dtype, TensorView};

/// PyTorch's value, which the method's learning rates were chosen with.
const EPSILON: f32 = 1e-8;
/// Numbers that one core updates at a time.
const CHUNK: usize = 1 << 14;
/// Name of the step count among the tensors of a file.
const TIME: &str = "time";

/// Gradients of a module by the names of its parameters, flattened.
pub type NamedGradients = BTreeMap<String, Tensor<1>>;

/// The optimiser of one or several modules.
pub struct Adam {
    beta_1: f32,
    beta_2: f32,
    /// The norm of all gradients together is held to this; 0 is off.
    clip_norm: f32,
    time: u64,
    moments: BTreeMap<String, Moments>,
}

enum Moments {
    Host(Vec<f32>, Vec<f32>),
    Device(Box<[Tensor<1>; 2]>),
}

/// What cannot be read as an optimiser's state.
#[derive(Debug, thiserror::Error)]
#[error("The optimiser's state is damaged ({0}); resume from an earlier checkpoint")]
pub struct DamagedState(String);

impl Adam {
    pub fn new(beta_1: f32, beta_2: f32, clip_norm: f32) -> Self {
        Adam { beta_1, beta_2, clip_norm, time: 0, moments: BTreeMap::new() }
    }

    /// Starts a step in which every module of this optimiser is updated once.
    pub fn begin(&mut self) {
        self.time += 1;
    }

    /// `module` after the step that [`Adam::begin`] began; parameters without a gradient stay as they are.
    pub fn step<M: Module>(&mut self, prefix: &str, rate: f64, module: M, gradients: NamedGradients) -> M {
        let gradients = clipped(gradients, self.clip_norm);
        module.map(&mut Update { adam: self, rate: rate as f32, path: vec![prefix.to_owned()], gradients })
    }

    /// The state as the bytes of a safetensors file.
    ///
    /// # Errors
    /// [`DamagedState`] where a device cannot give its numbers back.
    pub fn to_bytes(&self) -> Result<Vec<u8>, DamagedState> {
        let damaged = |error: &dyn std::fmt::Display| DamagedState(error.to_string());
        let mut tensors = vec![(TIME.to_owned(), Dtype::U64, 1, self.time.to_le_bytes().to_vec())];
        for (name, moments) in &self.moments {
            let (first, second) = moments.read().map_err(|e| damaged(&e))?;
            for (kind, values) in [("first", first), ("second", second)] {
                let bytes = values.iter().flat_map(|value| value.to_le_bytes()).collect();
                tensors.push((format!("{kind}.{name}"), Dtype::F32, values.len(), bytes));
            }
        }
        let views = tensors.iter().map(|(name, dtype, length, bytes)| {
            TensorView::new(*dtype, vec![*length], bytes).map(|view| (name.as_str(), view))
        });
        let views = views.collect::<Result<Vec<_>, _>>().map_err(|e| damaged(&e))?;
        safetensors::serialize(views, None).map_err(|e| damaged(&e))
    }

    /// Takes up the state of [`Adam::to_bytes`].
    ///
    /// # Errors
    /// [`DamagedState`] for bytes that are none.
    pub fn restore(&mut self, bytes: &[u8]) -> Result<(), DamagedState> {
        let damaged = |error: &dyn std::fmt::Display| DamagedState(error.to_string());
        let file = SafeTensors::deserialize(bytes).map_err(|e| damaged(&e))?;
        let time = file.tensor(TIME).map_err(|e| damaged(&e))?;
        let time = time.data().try_into().map_err(|_| damaged(&"its step count has another length"))?;
        let mut moments = BTreeMap::new();
        for (name, first) in file.tensors() {
            let Some(name) = name.strip_prefix("first.") else { continue };
            let second = file.tensor(&format!("second.{name}")).map_err(|e| damaged(&e))?;
            moments.insert(name.to_owned(), Moments::Host(floats(first.data()), floats(second.data())));
        }
        self.time = u64::from_le_bytes(time);
        self.moments = moments;
        Ok(())
    }
}

fn floats(bytes: &[u8]) -> Vec<f32> {
    let (values, _) = bytes.as_chunks::<4>();
    values.iter().map(|value| f32::from_le_bytes(*value)).collect()
}

/// The gradients of `module`, taken out of `gradients`; names start with `prefix`.
pub fn gradients_of<M: Module>(prefix: &str, module: &M, gradients: &mut Gradients) -> NamedGradients {
    let mut gather = Gather { path: vec![prefix.to_owned()], gradients, found: BTreeMap::new() };
    module.visit(&mut gather);
    gather.found
}

/// The sum of two, name by name.
pub fn added(mut sum: NamedGradients, more: NamedGradients) -> NamedGradients {
    for (name, gradient) in more {
        let total = match sum.remove(&name) {
            Some(before) => before + gradient,
            None => gradient,
        };
        sum.insert(name, total);
    }
    sum
}

/// Every gradient times `factor`.
pub fn scaled(gradients: NamedGradients, factor: f32) -> NamedGradients {
    gradients.into_iter().map(|(name, gradient)| (name, gradient.mul_scalar(factor))).collect()
}

fn clipped(gradients: NamedGradients, norm: f32) -> NamedGradients {
    if norm <= 0.0 || gradients.is_empty() {
        return gradients;
    }
    let squares = gradients.values().map(|gradient| gradient.clone().square().sum());
    let Some(total) = squares.reduce(|a, b| a + b) else { return gradients };
    // At most 1, without asking the device for the number.
    let factor = (total.add_scalar(1e-12).sqrt().recip() * norm).clamp_max(1.0);
    gradients.into_iter().map(|(name, gradient)| (name, gradient * factor.clone())).collect()
}

struct Gather<'a> {
    path: Vec<String>,
    gradients: &'a mut Gradients,
    found: NamedGradients,
}

impl ModuleVisitor for Gather<'_> {
    fn enter_module(&mut self, name: &str, _container: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _name: &str, _container: &str) {
        self.path.pop();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let tensor = param.val();
        if let Some(gradient) = tensor.is_require_grad().then(|| tensor.grad_remove(self.gradients)).flatten() {
            self.found.insert(self.path.join("."), gradient.reshape([-1]));
        }
    }
}

struct Update<'a> {
    adam: &'a mut Adam,
    rate: f32,
    path: Vec<String>,
    gradients: NamedGradients,
}

impl ModuleMapper for Update<'_> {
    fn enter_module(&mut self, name: &str, _container: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _name: &str, _container: &str) {
        self.path.pop();
    }

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let name = self.path.join(".");
        let Some(gradient) = self.gradients.remove(&name) else { return param };
        let (id, tensor, mapper) = param.consume();
        let shape = tensor.dims();
        let values: Tensor<1> = tensor.inner().reshape([-1]);
        let updated = self.adam.updated(name, values, gradient, self.rate).reshape(shape);
        Param::from_mapped_value(id, Tensor::from_inner(updated).require_grad(), mapper)
    }
}

impl Adam {
    fn updated(&mut self, name: String, values: Tensor<1>, gradient: Tensor<1>, rate: f32) -> Tensor<1> {
        let device = values.device();
        let on_host = device == Device::flex();
        let length = values.dims()[0];
        let fresh = || {
            if on_host {
                Moments::Host(vec![0.0; length], vec![0.0; length])
            } else {
                Moments::Device(Box::new([Tensor::zeros([length], &device), Tensor::zeros([length], &device)]))
            }
        };
        let moments = self.moments.remove(&name).filter(|moments| moments.len() == length).unwrap_or_else(fresh);
        let step = Step::new(self.beta_1, self.beta_2, self.time, rate);
        let (values, moments) = match moments.placed(on_host, &device) {
            Moments::Host(first, second) => step.on_host(values, gradient, first, second),
            Moments::Device(both) => step.on_device(values, gradient, *both),
        };
        self.moments.insert(name, moments);
        values
    }
}

impl Moments {
    fn len(&self) -> usize {
        match self {
            Moments::Host(first, _) => first.len(),
            Moments::Device(both) => both[0].dims()[0],
        }
    }

    fn read(&self) -> Result<(Vec<f32>, Vec<f32>), burn::tensor::TensorReadError> {
        match self {
            Moments::Host(first, second) => Ok((first.clone(), second.clone())),
            Moments::Device(both) => {
                let [first, second] = &**both;
                Ok((first.clone().try_into_vec_as::<f32>()?, second.clone().try_into_vec_as::<f32>()?))
            }
        }
    }

    /// What a checkpoint gave lies on the host first.
    fn placed(self, on_host: bool, device: &Device) -> Self {
        match self {
            Moments::Host(first, second) if !on_host => {
                let place = |values: Vec<f32>| {
                    let length = values.len();
                    Tensor::from_data(TensorData::new(values, [length]), device)
                };
                Moments::Device(Box::new([place(first), place(second)]))
            }
            other => other,
        }
    }
}

/// The numbers of one update.
struct Step {
    beta_1: f32,
    beta_2: f32,
    /// Learning rate over the first moment's correction.
    rate: f32,
    /// Root of the second moment's correction.
    correction: f32,
}

impl Step {
    fn new(beta_1: f32, beta_2: f32, time: u64, rate: f32) -> Self {
        let power = |beta: f32| f64::from(beta).powf(time.max(1) as f64);
        Step {
            beta_1,
            beta_2,
            rate: (f64::from(rate) / (1.0 - power(beta_1))) as f32,
            correction: (1.0 - power(beta_2)).sqrt() as f32,
        }
    }

    fn on_host(
        &self,
        values: Tensor<1>,
        gradient: Tensor<1>,
        mut first: Vec<f32>,
        mut second: Vec<f32>,
    ) -> (Tensor<1>, Moments) {
        let device = values.device();
        let kept = values.clone();
        // The CPU always gives its numbers back; were it not so, the parameter would stay as it is.
        let (Ok(mut numbers), Ok(gradient)) = (values.try_into_vec_as::<f32>(), gradient.try_into_vec_as::<f32>())
        else {
            return (kept, Moments::Host(first, second));
        };
        let chunks = numbers.par_chunks_mut(CHUNK).zip(gradient.par_chunks(CHUNK));
        chunks.zip(first.par_chunks_mut(CHUNK)).zip(second.par_chunks_mut(CHUNK)).for_each(
            |(((numbers, gradient), first), second)| {
                for (((number, g), m), v) in numbers.iter_mut().zip(gradient).zip(first).zip(second) {
                    *m = self.beta_1 * *m + (1.0 - self.beta_1) * g;
                    *v = self.beta_2 * *v + (1.0 - self.beta_2) * g * g;
                    *number -= self.rate * *m / (v.sqrt() / self.correction + EPSILON);
                }
            },
        );
        let length = numbers.len();
        (Tensor::from_data(TensorData::new(numbers, [length]), &device), Moments::Host(first, second))
    }

    fn on_device(
        &self,
        values: Tensor<1>,
        gradient: Tensor<1>,
        [first, second]: [Tensor<1>; 2],
    ) -> (Tensor<1>, Moments) {
        let first = first * self.beta_1 + gradient.clone() * (1.0 - self.beta_1);
        let second = second * self.beta_2 + gradient.square() * (1.0 - self.beta_2);
        let slope = first.clone() / (second.clone().sqrt() / self.correction + EPSILON);
        (values - slope * self.rate, Moments::Device(Box::new([first, second])))
    }
}
