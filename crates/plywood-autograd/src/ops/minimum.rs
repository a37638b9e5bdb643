//! The smaller of two tensors, element by element.

use super::maximum::route;
use crate::{Keep, Var};
use plywood_tensor::Result;

impl Var {
    /// `y = min(a, b)` elementwise, with broadcasting; NaN if either is.
    ///
    /// Gradient: the smaller input receives `g`, the other 0; of equal ones each receives `g / 2` (as PyTorch), then each
    /// gradient is summed back to its input's shape.
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::Tensor;
    /// let y = Var::from(Tensor::from([1.0, 5.0])).minimum(&Tensor::from(3.0).into())?;
    /// assert_eq!(y.value().as_slice(), [1.0, 3.0]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TensorError::Broadcast`](plywood_tensor::TensorError::Broadcast) if the shapes do not broadcast.
    pub fn minimum(&self, other: &Var) -> Result<Var> {
        let y = self.value().minimum(other.value())?;
        Ok(Var::record("minimum", Keep::Inputs, [self, other], y, |[a, b], _, g| {
            [
                a.wants(|| route(&g, a, b, |own, other| own > other)),
                b.wants(|| route(&g, b, a, |own, other| own > other)),
            ]
        }))
    }
}

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] = {
    use super::table::Row;
    &[
        Row::binary("minimum", |x| x[0].minimum(&x[1]), f64::min)
            .domain(&[(-2.0, -0.1), (0.1, 2.0)])
            .errors(&[(&[&[2, 3], &[4]], "minimum: cannot broadcast [2, 3] with [4]")]),
        Row::binary("minimum", |x| x[0].minimum(&x[1]), f64::min).domain(&[(0.1, 2.0), (-2.0, -0.1)]),
    ]
};
