//! Sum of two tensors.

use crate::{Keep, Var};
use plywood_tensor::Result;

impl Var {
    /// `y = a + b` elementwise, with broadcasting.
    ///
    /// Gradient: `∂a = g`, `∂b = g`, each summed back to its input's shape.
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::Tensor;
    /// let y = Var::from(Tensor::from([[1.0], [2.0]])).add(&Tensor::from([10.0, 20.0]).into())?;
    /// assert_eq!(y.value().as_slice(), [11.0, 21.0, 12.0, 22.0]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TensorError::Broadcast`](plywood_tensor::TensorError::Broadcast) if the shapes do not broadcast.
    pub fn add(&self, other: &Var) -> Result<Var> {
        let y = self.value().add(other.value())?;
        Ok(Var::record("add", Keep::Nothing, [self, other], y, |[a, b], _, g| {
            [a.wants(|| g.sum_to(a.shape())), b.wants(|| g.sum_to(b.shape()))]
        }))
    }
}

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] =
    &[super::table::Row::binary("add", |x| x[0].add(&x[1]), |a, b| a + b)
        .errors(&[(&[&[2, 3], &[4]], "add: cannot broadcast [2, 3] with [4]")])];
