//! The same elements under another shape.

use crate::{Keep, Var};
use plywood_tensor::{IntoShape, Result};

impl Var {
    /// The same elements in row-major order under another shape; moves nothing.
    ///
    /// Gradient: `∂x = g` under the input's shape. PyTorch: `view`, `reshape`.
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::Tensor;
    /// let y = Var::from(Tensor::from([1.0, 2.0, 3.0, 4.0])).reshape([2, 2])?;
    /// assert_eq!(*y.shape(), [2, 2]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TensorError::Length`](plywood_tensor::TensorError::Length) if the shape holds another number of elements.
    #[doc(alias = "view")]
    pub fn reshape(&self, shape: impl IntoShape) -> Result<Var> {
        let shape = shape.into_shape()?;
        if *self.shape() == shape {
            return Ok(self.clone());
        }
        let y = self.value().reshape(shape)?;
        Ok(Var::record("reshape", Keep::Nothing, [self], y, |[x], _, g| [x.wants(|| g.reshape(x.shape()))]))
    }
}

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] =
    &[super::table::Row::whole("reshape", |x| x[0].reshape([3, 2]), |x| x[0].reshape([3, 2]).unwrap())
        .shapes(&[&[&[6]], &[&[2, 3]], &[&[1, 6, 1]]])
        .large(&[&[2, 3]])
        .errors(&[(&[&[5]], "reshape: [3, 2] holds 6 elements, got 5")])];
