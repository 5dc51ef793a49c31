//! The exponential average of the networks (section 4 of the method): the copy that is shown, measured and shipped.

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::tensor::Tensor;

/// `average * decay + live * (1 - decay)` for every number of a module; `average` lies on the plain device.
pub fn moved<M: Module>(average: M, live: &M, decay: f32) -> M {
    let mut collect = Collect::default();
    live.valid().visit(&mut collect);
    average.map(&mut Move { live: collect.found.into_iter(), decay })
}

/// What remains of the old average after `pictures`, with this half-life in pictures.
pub fn decay(half_life: f32, pictures: usize) -> f32 {
    0.5_f32.powf(pictures as f32 / half_life.max(1.0))
}

/// The numbers of a module in its own order, flattened.
#[derive(Default)]
struct Collect {
    found: Vec<Tensor<1>>,
}

impl ModuleVisitor for Collect {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        self.found.push(param.val().reshape([-1]));
    }
}

struct Move {
    live: std::vec::IntoIter<Tensor<1>>,
    decay: f32,
}

impl ModuleMapper for Move {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        // Both are the same kind of module, so the order is the same and nothing runs out.
        let Some(live) = self.live.next() else { return param };
        let decay = self.decay;
        param.map(|average| {
            let shape = average.dims();
            average * decay + live.reshape(shape) * (1.0 - decay)
        })
    }
}
