//! The fully connected layer.

use crate::gemm::Product;
use crate::{Array, Float, Result, Shape, TensorError, math};

/// A function that [`Array::linear`] applies to its result in the same pass.
///
/// Those whose slope is known from their value alone, so that a gradient needs nothing more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Activation {
    /// None.
    #[default]
    Identity,
    /// `max(x, 0)`; NaN stays NaN.
    Relu,
    /// The hyperbolic tangent.
    Tanh,
    /// `1 / (1 + e⁻ˣ)`.
    Sigmoid,
}

impl<T: Float> Array<T> {
    /// `Y = f(X Wᵀ + b)`: product, bias and activation while the numbers are in registers or in the nearest cache.
    ///
    /// # Shapes
    /// `self [.., in]`, `weight [out, in]`, `bias [out]` → `[.., out]`
    ///
    /// ```
    /// # use plywood_tensor::{Activation, Tensor};
    /// let x = Tensor::from([[1.0, 2.0]]);
    /// let (weight, bias) = (Tensor::from([[3.0, 4.0], [-5.0, 0.0]]), Tensor::from([0.5, 1.0]));
    /// assert_eq!(x.linear(&weight, Some(&bias), Activation::Relu)?.as_slice(), [11.5, 0.0]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TensorError::Shape`] if the shapes do not fit each other.
    pub fn linear(&self, weight: &Self, bias: Option<&Self>, activation: Activation) -> Result<Self> {
        let fail = |expected: String, got| Err(TensorError::Shape { op: "linear", expected, got }.into());
        let &[outputs, inputs] = &**weight.shape() else {
            return fail("a weight of two axes".into(), *weight.shape());
        };
        let shape = self.shape();
        if shape.last() != Some(&inputs) {
            return fail(format!("input [.., {inputs}]"), *shape);
        }
        if let Some(bias) = bias.filter(|bias| *bias.shape() != [outputs]) {
            return fail(format!("bias [{outputs}]"), *bias.shape());
        }
        let last = shape.rank() - 1;
        let rows = Shape::from_checked(&shape[..last]).numel();
        let product = Product {
            size: [rows, outputs, inputs],
            a: self.as_slice(),
            a_transposed: false,
            b: weight.as_slice(),
            b_transposed: true,
            bias: bias.map(Array::as_slice),
            rectify: activation == Activation::Relu,
        };
        let mut y = Array::build(shape.with(last, outputs)?, |out| product.write(out));
        match activation {
            Activation::Identity | Activation::Relu => {}
            Activation::Tanh => y.map_in_place(math::tanh),
            Activation::Sigmoid => y.map_in_place(math::sigmoid),
        }
        Ok(y)
    }
}
