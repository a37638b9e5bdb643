//! Repetition along missing axes and axes of size 1.

use crate::{Keep, Var};
use plywood_tensor::{IntoShape, Result};

impl Var {
    /// The value repeated along missing axes and axes of size 1 until it has this shape.
    ///
    /// Gradient: `∂x = g`, summed back to the input's shape. PyTorch: `expand`.
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::Tensor;
    /// let y = Var::from(Tensor::from([1.0, 2.0])).broadcast_to([2, 2])?;
    /// assert_eq!(y.value().as_slice(), [1.0, 2.0, 1.0, 2.0]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TensorError::Broadcast`](plywood_tensor::TensorError::Broadcast) if the value does not broadcast to the shape.
    #[doc(alias = "expand")]
    pub fn broadcast_to(&self, shape: impl IntoShape) -> Result<Var> {
        let shape = shape.into_shape()?;
        if *self.shape() == shape {
            return Ok(self.clone());
        }
        let y = self.value().broadcast_to(shape)?;
        Ok(Var::record("broadcast_to", Keep::Nothing, [self], y, |[x], _, g| {
            [x.wants(|| g.sum_to(x.shape()))]
        }))
    }
}

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] = {
    use super::table::{Row, naive};
    &[Row::whole("broadcast_to", |x| x[0].broadcast_to([2, 3, 4]), |x| naive::broadcast(&x[0], &[2, 3, 4]))
        .shapes(&[&[&[4]], &[&[3, 1]], &[&[]], &[&[2, 1, 4]], &[&[2, 3, 4]]])
        .large(&[&[3, 1]])
        .errors(&[(&[&[5]], "broadcast_to: cannot broadcast [5] with [2, 3, 4]")])]
};
