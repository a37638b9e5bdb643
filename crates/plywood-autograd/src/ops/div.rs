//! Quotient of two tensors, element by element.

use crate::{Keep, Var};
use plywood_tensor::Result;

impl Var {
    /// `y = a / b` elementwise, with broadcasting.
    ///
    /// Gradient: `∂a = g / b`, `∂b = −g y / b`, each summed back to its input's shape.
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::Tensor;
    /// let y = Var::from(Tensor::from([[1.0], [2.0]])).div(&Tensor::from([10.0, 20.0]).into())?;
    /// assert_eq!(y.value().as_slice(), [0.1, 0.05, 0.2, 0.1]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TensorError::Broadcast`](plywood_tensor::TensorError::Broadcast) if the shapes do not broadcast.
    pub fn div(&self, other: &Var) -> Result<Var> {
        let y = self.value().div(other.value())?;
        Ok(Var::record("div", Keep::Both, [self, other], y, |[a, b], y, g| {
            [
                a.wants(|| g.div(b)?.summed_to(a.shape())),
                b.wants(|| g.neg().mul(y)?.div(b)?.summed_to(b.shape())),
            ]
        }))
    }
}

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] =
    &[super::table::Row::binary("div", |x| x[0].div(&x[1]), |a, b| a / b)
        .domain(&[(-2.0, 2.0), (0.5, 2.0)])
        .errors(&[(&[&[2, 3], &[4]], "div: cannot broadcast [2, 3] with [4]")])];
