//! What a `Sequential` is made of.

use crate::{Context, Module, SavedLayer};
use plywood_autograd::Var;
use plywood_autograd::ops::Activation;
use plywood_tensor::Result;
use std::any::Any;

/// A [`Module`] that a [`Sequential`](crate::Sequential) can hold.
///
/// For a module of your own that is `Clone` one line is enough: `impl Layer for Block {}`. The methods are what built-in
/// layers do beyond a module: be saved, and be computed in one pass with a neighbour.
///
/// ```
/// use plywood_nn::{Context, Layer, Module, Sequential, parameters};
/// use plywood_autograd::Var;
/// use plywood_tensor::{Result, Seed, Shape, Tensor};
///
/// #[derive(Debug, Clone)]
/// struct Double;
/// parameters!(Double {});
///
/// impl Module for Double {
///     fn forward(&self, _: &Context, x: &Var) -> Result<Var> { Ok(x.mul_scalar(2.0)) }
///     fn output_shape(&self, input: &Shape) -> Result<Shape> { Ok(*input) }
/// }
/// impl Layer for Double {}
///
/// let model = Sequential::input([2]).layer(Double).relu().build(Seed(0))?;
/// let y = model.forward(&Context::eval(), &Tensor::from([[-1.0, 3.0]]).into())?;
/// assert_eq!(y.value().as_slice(), [0.0, 6.0]);
/// assert!(model[0].downcast_ref::<Double>().is_some());
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no layer that a `Sequential` can hold",
    note = "for a module of your own that is `Clone` one line is enough: `impl Layer for {Self} {{}}`; a description of a layer, such as `ConvConfig`, goes to `layer_with`"
)]
pub trait Layer: Module + CloneLayer + Any {
    /// What a file says of the layer, so that it can be made again; `None` for layers that only their own code can make.
    fn saved(&self) -> Option<SavedLayer> {
        None
    }

    /// The function that the layer is, if it is one that a layer before it can apply in its own pass.
    fn activation(&self) -> Option<Activation> {
        None
    }

    /// `activation(forward(x))` in one pass; `None` if the layer has no such pass.
    fn forward_fused(&self, cx: &Context, x: &Var, activation: Activation) -> Option<Result<Var>> {
        let _ = (cx, x, activation);
        None
    }
}

impl dyn Layer {
    /// The layer as what it is, if it is an `L`.
    pub fn downcast_ref<L: Layer>(&self) -> Option<&L> {
        (self as &dyn Any).downcast_ref()
    }

    /// The layer as what it is, if it is an `L`, to be changed.
    pub fn downcast_mut<L: Layer>(&mut self) -> Option<&mut L> {
        (self as &mut dyn Any).downcast_mut()
    }
}

/// Cloning behind a `dyn`; every layer that is `Clone` has it.
pub trait CloneLayer {
    /// A copy in a box.
    fn clone_layer(&self) -> Box<dyn Layer>;
}

impl<L: Layer + Clone> CloneLayer for L {
    fn clone_layer(&self) -> Box<dyn Layer> {
        Box::new(self.clone())
    }
}

impl Clone for Box<dyn Layer> {
    fn clone(&self) -> Self {
        (**self).clone_layer()
    }
}
