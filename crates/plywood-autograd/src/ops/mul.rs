//! Product of two tensors, element by element.

use crate::{Keep, Var};
use plywood_tensor::Result;

impl Var {
    /// `y = a ⊙ b` elementwise, with broadcasting.
    ///
    /// Gradient: `∂a = g ⊙ b`, `∂b = g ⊙ a`, each summed back to its input's shape.
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::Tensor;
    /// let y = Var::from(Tensor::from([1.0, 2.0])).mul(&Tensor::from([3.0, 4.0]).into())?;
    /// assert_eq!(y.value().as_slice(), [3.0, 8.0]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TensorError::Broadcast`](plywood_tensor::TensorError::Broadcast) if the shapes do not broadcast.
    pub fn mul(&self, other: &Var) -> Result<Var> {
        let y = self.value().mul(other.value())?;
        Ok(Var::record("mul", Keep::Inputs, [self, other], y, |[a, b], _, g| {
            [a.wants(|| g.mul(b)?.summed_to(a.shape())), b.wants(|| g.mul(a)?.summed_to(b.shape()))]
        }))
    }
}

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] =
    &[super::table::Row::binary("mul", |x| x[0].mul(&x[1]), |a, b| a * b)
        .errors(&[(&[&[2, 3], &[4]], "mul: cannot broadcast [2, 3] with [4]")])];
