//! Means.

use super::reduced::Reduced;
use crate::{Keep, Var};
use plywood_tensor::{Elem, Float, Result};

impl Var {
    /// `y = Σ x / n` over all `n` elements, a single number; NaN if there are none.
    ///
    /// Gradient: `∂x = g / n` everywhere.
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::Tensor;
    /// assert_eq!(Var::from(Tensor::from([1.0, 2.0, 6.0])).mean().value().item()?, 3.0);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    pub fn mean(&self) -> Var {
        let share = 1.0 / Elem::of(self.value().numel() as f64);
        Var::record("mean", Keep::Nothing, [self], self.value().mean(), move |[x], _, g| {
            [x.wants(|| g.mul_scalar(share).broadcast_to(x.shape()))]
        })
    }

    /// `y = Σ x / n` over some axes (all if the list is empty), `n` elements each; `keep` leaves them with size 1.
    ///
    /// NaN where nothing is averaged.
    ///
    /// Gradient: `∂x = g / n`, repeated along the axes. PyTorch: `x.mean(axes, keepdim)`.
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::Tensor;
    /// let x = Var::from(Tensor::from([[1.0, 2.0], [3.0, 4.0]]));
    /// assert_eq!(x.mean_axes(&[0], false)?.value().as_slice(), [2.0, 3.0]);
    /// assert_eq!(*x.mean_axes(&[0], true)?.shape(), [1, 2]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TensorError::Axis`](plywood_tensor::TensorError::Axis) or
    /// [`TensorError::AxisTwice`](plywood_tensor::TensorError::AxisTwice) for axes that do not exist or repeat.
    pub fn mean_axes(&self, axes: &[isize], keep: bool) -> Result<Var> {
        let y = self.value().mean_axes(axes, keep)?;
        let Reduced { kept, count, .. } = Reduced::new("mean", self.shape(), axes)?;
        let share = 1.0 / Elem::of(count as f64);
        Ok(Var::record("mean", Keep::Nothing, [self], y, move |[x], _, g| {
            [x.wants(|| g.mul_scalar(share).reshape(kept)?.broadcast_to(x.shape()))]
        }))
    }
}

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] = {
    use super::table::{Row, naive};
    &[
        Row::whole("mean", |x| Ok(x[0].mean()), |x| naive::mean(&x[0], &[], false)).shapes(&[
            &[&[2, 3]],
            &[&[]],
            &[&[1]],
            &[&[17]],
        ]),
        Row::whole("mean_axes", |x| x[0].mean_axes(&[-1, 1], true), |x| naive::mean(&x[0], &[1, 2], true))
            .shapes(&[&[&[2, 3, 4]], &[&[1, 1, 1]], &[&[0, 2, 3]]])
            .large(&[&[40, 50, 60]])
            .errors(&[
                (&[&[2, 3]], "mean: axis 1 is named twice"),
                (&[&[]], "mean: axis -1 is out of range for []"),
            ]),
        Row::whole("mean_axes", |x| x[0].mean_axes(&[0], false), |x| naive::mean(&x[0], &[0], false)),
    ]
};

#[cfg(test)]
mod tests {
    use crate::Var;
    use plywood_tensor::Tensor;

    #[test]
    fn the_mean_of_nothing_is_nan() {
        let x = Var::variable(Tensor::zeros([2, 0]).unwrap());
        assert!(x.mean().value().item().unwrap().is_nan());
        assert!(x.mean_axes(&[1], false).unwrap().value().as_slice().iter().all(|y| y.is_nan()));
    }
}
