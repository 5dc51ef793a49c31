//! Batch norms while training: which statistics they use, and those of an averaged network taken anew.

use burn::module::{Flag, Module, ModuleMapper, Param};
use burn::nn::BatchNorm;

use super::encoder::Encoder;
use super::generator::Generator;
use super::layers::{BasicBlock, Norm};

/// What a training pass weighs in the running statistics; Burn's default and PyTorch's.
const USUAL_MOMENTUM: f64 = 0.1;

/// `module` with gradients as they are, but with batch norms that use their running statistics and leave them alone,
/// and without dropout: what stage two passes pictures through, and the generated pass of stage three (section 6 of the
/// method).
pub fn in_evaluation<M: Module>(module: M) -> M {
    struct Off;
    impl ModuleMapper for Off {
        fn map_flag(&mut self, flag: Param<Flag>) -> Param<Flag> {
            flag.with_value(false)
        }
    }
    module.map(&mut Off)
}

/// A network whose batch norms can be measured anew.
pub trait HasNorms: Module {
    /// Calls `visit` with every batch norm.
    fn norms(&mut self, visit: &mut dyn FnMut(&mut BatchNorm));

    /// Makes the next training pass, number `pass` from 0, count as one of `pass + 1` equal ones in the running
    /// statistics; after a few passes they are the plain mean over those pictures.
    fn count_pass(&mut self, pass: usize) {
        self.norms(&mut |norm| norm.momentum = 1.0 / (pass + 1) as f64);
    }

    /// Ends the counting: training passes weigh as they usually do.
    fn usual_passes(&mut self) {
        self.norms(&mut |norm| norm.momentum = USUAL_MOMENTUM);
    }
}

impl HasNorms for Encoder {
    fn norms(&mut self, visit: &mut dyn FnMut(&mut BatchNorm)) {
        each(&mut self.bn, visit);
        self.blocks.iter_mut().for_each(|block| basic_block(block, visit));
    }
}

impl HasNorms for Generator {
    fn norms(&mut self, visit: &mut dyn FnMut(&mut BatchNorm)) {
        each(&mut self.bn, visit);
        for block in &mut self.blocks {
            each(&mut block.bn1, visit);
            each(&mut block.bn2, visit);
            each(&mut block.short.1, visit);
        }
        self.refine.iter_mut().for_each(|block| basic_block(block, visit));
    }
}

pub(super) fn basic_block(block: &mut BasicBlock, visit: &mut dyn FnMut(&mut BatchNorm)) {
    each(&mut block.bn1, visit);
    each(&mut block.bn2, visit);
    if let Some((_, norm)) = &mut block.short {
        each(norm, visit);
    }
}

pub(super) fn each(norm: &mut Norm, visit: &mut dyn FnMut(&mut BatchNorm)) {
    norm.iter_mut().for_each(visit);
}
