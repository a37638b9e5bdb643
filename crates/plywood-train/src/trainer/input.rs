//! How a batch enters a model.

use plywood_autograd::Var;
use plywood_data::Samples;
use plywood_nn::Context;
use plywood_tensor::{Float, IntTensor, Tensor};

/// How the inputs of a batch become what [`Module::forward`](plywood_nn::Module::forward) takes.
///
/// Tensors enter as [`Var`]s, integers (token ids) as they are, pairs as pairs. Implement it for a struct of your own,
/// together with [`Samples`].
pub trait Input: Samples {
    /// What the model is given.
    type Leaf;

    /// The batch as the model takes it.
    fn enter(&self, cx: &Context) -> Self::Leaf;

    /// The position of the first sample with a number that is infinite or NaN, if there is one.
    fn first_non_finite(&self) -> Option<usize> {
        None
    }
}

impl Input for Tensor {
    type Leaf = Var;

    fn enter(&self, cx: &Context) -> Var {
        cx.input(self.clone())
    }

    fn first_non_finite(&self) -> Option<usize> {
        let width = self.numel().checked_div(self.count())?.max(1);
        self.as_slice().iter().position(|x| !x.to_f64().is_finite()).map(|position| position / width)
    }
}

impl Input for IntTensor {
    type Leaf = IntTensor;

    fn enter(&self, _: &Context) -> IntTensor {
        self.clone()
    }
}

impl<A: Input, B: Input> Input for (A, B) {
    type Leaf = (A::Leaf, B::Leaf);

    fn enter(&self, cx: &Context) -> Self::Leaf {
        (self.0.enter(cx), self.1.enter(cx))
    }

    fn first_non_finite(&self) -> Option<usize> {
        self.0.first_non_finite().or_else(|| self.1.first_non_finite())
    }
}
