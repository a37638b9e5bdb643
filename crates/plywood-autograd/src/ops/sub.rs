//! Difference of two tensors.

use crate::{Keep, Var};
use plywood_tensor::Result;

impl Var {
    /// `y = a − b` elementwise, with broadcasting.
    ///
    /// Gradient: `∂a = g`, `∂b = −g`, each summed back to its input's shape.
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::Tensor;
    /// let y = Var::from(Tensor::from([[1.0], [2.0]])).sub(&Tensor::from([10.0, 20.0]).into())?;
    /// assert_eq!(y.value().as_slice(), [-9.0, -19.0, -8.0, -18.0]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TensorError::Broadcast`](plywood_tensor::TensorError::Broadcast) if the shapes do not broadcast.
    pub fn sub(&self, other: &Var) -> Result<Var> {
        let y = self.value().sub(other.value())?;
        Ok(Var::record("sub", Keep::Nothing, [self, other], y, |[a, b], _, g| {
            [a.wants(|| g.sum_to(a.shape())), b.wants(|| g.neg().summed_to(b.shape()))]
        }))
    }
}

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] =
    &[super::table::Row::binary("sub", |x| x[0].sub(&x[1]), |a, b| a - b)
        .errors(&[(&[&[2, 3], &[4]], "sub: cannot broadcast [2, 3] with [4]")])];
