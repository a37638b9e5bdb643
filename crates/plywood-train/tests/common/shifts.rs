//! A model whose memory can be told beforehand.

use plywood_autograd::{Param, Var};
use plywood_nn::{Context, Leaf, LeafMut, Module, Parameters, Path};
use plywood_tensor::{Result, Shape};

/// A number for each row of any length, through so many results of which a step keeps none.
#[derive(Debug, Clone)]
pub(crate) struct Shifts(pub(crate) Param, pub(crate) usize);
impl Parameters for Shifts {
    fn visit<'a>(&'a self, path: &Path<'_>, visit: &mut dyn FnMut(&Path<'_>, Leaf<'a>)) {
        self.0.visit(path, visit);
    }
    fn visit_mut(&mut self, path: &Path<'_>, visit: &mut dyn FnMut(&Path<'_>, LeafMut<'_>)) {
        self.0.visit_mut(path, visit);
    }
}
impl Module for Shifts {
    fn forward(&self, cx: &Context, x: &Var) -> Result<Var> {
        let shift = cx.parameter(&self.0);
        let shifted = (0..self.1).try_fold(x.clone(), |x, _| x.add(&shift))?;
        shifted.mean_axes(&[1], true)
    }
    fn output_shape(&self, input: &Shape) -> Result<Shape> {
        Shape::new(&[input[0], 1])
    }
}
