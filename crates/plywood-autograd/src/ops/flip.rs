//! The other order along axes.

use crate::{Keep, Var};
use plywood_tensor::Result;

impl Var {
    /// The value with the order along these axes reversed; an empty list reverses none.
    ///
    /// Gradient: `∂x = g`, reversed along the same axes.
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::Tensor;
    /// let x = Var::from(Tensor::from([[1.0, 2.0], [3.0, 4.0]]));
    /// assert_eq!(x.flip(&[1])?.value().as_slice(), [2.0, 1.0, 4.0, 3.0]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TensorError::Axis`](plywood_tensor::TensorError::Axis) or
    /// [`TensorError::AxisTwice`](plywood_tensor::TensorError::AxisTwice) for axes that do not exist or repeat.
    pub fn flip(&self, axes: &[isize]) -> Result<Var> {
        if axes.is_empty() {
            return Ok(self.clone());
        }
        let y = self.value().flip(axes)?;
        let axes = axes.to_vec();
        Ok(Var::record("flip", Keep::Nothing, [self], y, move |[x], _, g| [x.wants(|| g.flip(&axes))]))
    }
}

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] = {
    use super::table::{Row, naive};
    &[
        Row::whole(
            "flip",
            |x| x[0].flip(&[-1, 0]),
            |x| {
                let d = x[0].shape();
                naive::from_fn(d, |i| x[0].at(&[d[0] - 1 - i[0], i[1], d[2] - 1 - i[2]]).unwrap())
            },
        )
        .shapes(&[&[&[2, 2, 3]], &[&[1, 1, 1]], &[&[0, 2, 1]]])
        .large(&[&[30, 50, 60]])
        .errors(&[
            (&[&[]], "flip: axis -1 is out of range for []"),
            (&[&[3]], "flip: axis 0 is named twice"),
        ]),
        Row::whole("flip", |x| x[0].flip(&[]), |x| x[0].clone()),
    ]
};
