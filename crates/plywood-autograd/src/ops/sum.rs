//! Sums.

use super::reduced::Reduced;
use crate::{Keep, Var};
use plywood_tensor::{IntoShape, Result, Shape};

impl Var {
    /// `y = Σ x` over all elements, a single number.
    ///
    /// Gradient: `∂x = g` everywhere.
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::Tensor;
    /// assert_eq!(Var::from(Tensor::from([1.0, 2.0, 3.0])).sum().value().item()?, 6.0);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    pub fn sum(&self) -> Var {
        let y = self.value().sum();
        Var::record("sum", Keep::Nothing, [self], y, |[x], _, g| [x.wants(|| g.broadcast_to(x.shape()))])
    }

    /// `y = Σ x` over some axes (all if the list is empty); `keep` leaves them in the shape with size 1.
    ///
    /// Gradient: `∂x = g`, repeated along the axes. PyTorch: `x.sum(axes, keepdim)`.
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::Tensor;
    /// let x = Var::from(Tensor::from([[1.0, 2.0], [3.0, 4.0]]));
    /// assert_eq!(x.sum_axes(&[-1], false)?.value().as_slice(), [3.0, 7.0]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TensorError::Axis`](plywood_tensor::TensorError::Axis) for an axis that does not exist.
    pub fn sum_axes(&self, axes: &[isize], keep: bool) -> Result<Var> {
        let y = self.value().sum_axes(axes, keep)?;
        let Reduced { kept, .. } = Reduced::new("sum", self.shape(), axes)?;
        Ok(Var::record("sum", Keep::Nothing, [self], y, move |[x], _, g| {
            [x.wants(|| g.reshape(kept)?.broadcast_to(x.shape()))]
        }))
    }

    /// The sum over every axis that broadcasting this shape to the value's would have stretched.
    ///
    /// Gradient: `∂x = g`, broadcast back.
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::Tensor;
    /// let x = Var::from(Tensor::from([[1.0, 2.0], [3.0, 4.0]]));
    /// assert_eq!(x.sum_to([2])?.value().as_slice(), [4.0, 6.0]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TensorError::Broadcast`](plywood_tensor::TensorError::Broadcast) if the shape does not broadcast to the value's.
    pub fn sum_to(&self, shape: impl IntoShape) -> Result<Var> {
        let shape = shape.into_shape()?;
        self.clone().summed_to(&shape)
    }

    /// As [`Var::sum_to`]; where there is nothing to sum it is the same value, without even a clone.
    #[inline]
    pub(crate) fn summed_to(self, shape: &Shape) -> Result<Var> {
        if self.shape() == shape {
            return Ok(self);
        }
        let y = self.value().sum_to(shape)?;
        Ok(Var::record("sum_to", Keep::Nothing, [&self], y, |[x], _, g| {
            [x.wants(|| g.broadcast_to(x.shape()))]
        }))
    }
}

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] = {
    use super::table::{Row, naive};
    &[
        Row::whole("sum", |x| Ok(x[0].sum()), |x| naive::fold(&x[0], &[], false, 0.0, |a, b| a + b)),
        Row::whole(
            "sum_axes",
            |x| x[0].sum_axes(&[1, -1], true),
            |x| naive::fold(&x[0], &[1, 2], true, 0.0, |a, b| a + b),
        )
        .shapes(&[&[&[2, 3, 4]], &[&[2, 0, 3]], &[&[1, 1, 1]]])
        .large(&[&[40, 50, 60]])
        .errors(&[(&[&[3]], "sum: axis 1 is out of range for [3]")]),
        Row::whole(
            "sum_axes",
            |x| x[0].sum_axes(&[0], false),
            |x| naive::fold(&x[0], &[0], false, 0.0, |a, b| a + b),
        ),
        Row::whole(
            "sum_to",
            |x| x[0].sum_to([3, 1]),
            |x| naive::fold(&x[0], &[0, 2], false, 0.0, |a, b| a + b).reshape([3, 1]).unwrap(),
        )
        .shapes(&[&[&[2, 3, 4]], &[&[0, 3, 1]]])
        .large(&[&[200, 3, 90]])
        .errors(&[(&[&[4, 2]], "sum_to: cannot broadcast [3, 1] with [4, 2]")]),
    ]
};
