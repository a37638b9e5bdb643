//! Largest and smallest elements.

use super::reduced::Reduced;
use crate::{Keep, Var};
use plywood_tensor::{Result, Shape};

impl Var {
    /// `y = max x` over all elements, a single number; NaN if one of them is.
    ///
    /// Gradient: `∂x = g / k` for the `k` elements that share the largest value, 0 for the others.
    /// PyTorch: `x.max()`, and `torch.amax`, which share it in the same way.
    ///
    /// ```
    /// # use plywood_autograd::{Var, grad};
    /// # use plywood_tensor::Tensor;
    /// let x = Var::variable(Tensor::from([[1.0, 7.0], [7.0, 2.0]]));
    /// assert_eq!(x.max()?.value().item()?, 7.0);
    /// assert_eq!(grad(&x.max()?, &[&x], false)?[0].value().as_slice(), [0.0, 0.5, 0.5, 0.0]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TensorError::Empty`](plywood_tensor::TensorError::Empty) if there is nothing to choose from.
    pub fn max(&self) -> Result<Var> {
        self.max_axes(&[], false)
    }

    /// `y = min x` over all elements, a single number; NaN if one of them is.
    ///
    /// Gradient: `∂x = g / k` for the `k` elements that share the smallest value, 0 for the others.
    /// PyTorch: `x.min()`, and `torch.amin`, which share it in the same way.
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::Tensor;
    /// assert_eq!(Var::from(Tensor::from([[1.0, 7.0], [7.0, -2.0]])).min()?.value().item()?, -2.0);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// As [`Var::max`].
    pub fn min(&self) -> Result<Var> {
        self.min_axes(&[], false)
    }

    /// The largest element over some axes (all if the list is empty); NaN if one of them is.
    ///
    /// `keep` leaves the axes in the shape with size 1.
    ///
    /// Gradient: `∂x = g / k` for the `k` elements that share the largest value, 0 for the others.
    /// PyTorch: `torch.amax`, which shares it in the same way.
    ///
    /// ```
    /// # use plywood_autograd::{Var, grad};
    /// # use plywood_tensor::Tensor;
    /// let x = Var::variable(Tensor::from([[1.0, 7.0, 7.0], [3.0, 2.0, 0.0]]));
    /// let y = x.max_axes(&[1], false)?;
    /// assert_eq!(y.value().as_slice(), [7.0, 3.0]);
    /// assert_eq!(grad(&y.sum(), &[&x], false)?[0].value().as_slice(), [0.0, 0.5, 0.5, 1.0, 0.0, 0.0]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TensorError::Empty`](plywood_tensor::TensorError::Empty) if there is nothing to choose from,
    /// [`TensorError::Axis`](plywood_tensor::TensorError::Axis) or
    /// [`TensorError::AxisTwice`](plywood_tensor::TensorError::AxisTwice) for axes that do not exist or repeat.
    ///
    /// # References
    /// PyTorch's `x.max(axis)` of one axis, unlike its `amax`, gives the whole gradient to one of the elements.
    #[doc(alias = "amax")]
    pub fn max_axes(&self, axes: &[isize], keep: bool) -> Result<Var> {
        let y = self.value().max_axes(axes, keep)?;
        let kept = Reduced::new("max", self.shape(), axes)?.kept;
        let axes = axes.to_vec();
        Ok(Var::record("max", Keep::Both, [self], y, move |[x], y, g| {
            [x.wants(|| share(x, y, g, &axes, kept))]
        }))
    }

    /// The smallest element over some axes (all if the list is empty); NaN if one of them is.
    ///
    /// `keep` leaves the axes in the shape with size 1.
    ///
    /// Gradient: `∂x = g / k` for the `k` elements that share the smallest value, 0 for the others.
    /// PyTorch: `torch.amin`.
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::Tensor;
    /// let x = Var::from(Tensor::from([[1.0, 7.0], [3.0, 2.0]]));
    /// assert_eq!(x.min_axes(&[0], true)?.value().as_slice(), [1.0, 2.0]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// As [`Var::max_axes`].
    #[doc(alias = "amin")]
    pub fn min_axes(&self, axes: &[isize], keep: bool) -> Result<Var> {
        let y = self.value().min_axes(axes, keep)?;
        let kept = Reduced::new("min", self.shape(), axes)?.kept;
        let axes = axes.to_vec();
        Ok(Var::record("min", Keep::Both, [self], y, move |[x], y, g| {
            [x.wants(|| share(x, y, g, &axes, kept))]
        }))
    }
}

/// Gives the gradient of each result to the elements equal to it, in equal shares.
fn share(x: &Var, y: &Var, g: Var, axes: &[isize], kept: Shape) -> Result<Var> {
    // Which element is chosen does not change with small steps: a constant mask says so. A NaN equals nothing, and
    // the share of nobody is NaN.
    let chosen = x.value().equal(&y.value().reshape(kept)?)?;
    let count = chosen.sum_axes(axes, true)?;
    g.reshape(kept)?.div(&count.into())?.mul(&chosen.into())
}

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] = {
    use super::table::{Row, naive};
    // Drawn from a wide range, so that no two elements are as near to each other as differences reach.
    const WIDE: &[(f64, f64)] = &[(-20.0, 20.0)];
    &[
        Row::whole("max", |x| x[0].max(), |x| naive::fold(&x[0], &[], false, f64::NEG_INFINITY, f64::max))
            .shapes(&[&[&[2, 3]], &[&[1]], &[&[]]])
            .large(&[&[40, 50, 60]])
            .domain(WIDE)
            .kinks(&[(0.0, 1.0)])
            .errors(&[(&[&[2, 0]], "max: no elements to reduce in [2, 0]")]),
        Row::whole("min", |x| x[0].min(), |x| naive::fold(&x[0], &[], false, f64::INFINITY, f64::min))
            .shapes(&[&[&[2, 3]], &[&[1]], &[&[]]])
            .large(&[&[40, 50, 60]])
            .domain(WIDE)
            .kinks(&[(0.0, 1.0)])
            .errors(&[(&[&[0]], "min: no elements to reduce in [0]")]),
        Row::whole(
            "max_axes",
            |x| x[0].max_axes(&[-1, 1], true),
            |x| naive::fold(&x[0], &[1, 2], true, f64::NEG_INFINITY, f64::max),
        )
        .shapes(&[&[&[2, 2, 3]], &[&[1, 1, 1]], &[&[0, 2, 3]]])
        .large(&[&[40, 50, 60]])
        .domain(WIDE)
        .errors(&[
            (&[&[2, 0, 3]], "max: no elements to reduce in [2, 0, 3]"),
            (&[&[3]], "max: axis 1 is out of range for [3]"),
            (&[&[2, 3]], "max: axis 1 is named twice"),
        ]),
        Row::whole(
            "max_axes",
            |x| x[0].max_axes(&[], false),
            |x| naive::fold(&x[0], &[], false, f64::NEG_INFINITY, f64::max),
        )
        .shapes(&[&[&[2, 3]], &[&[1]], &[&[]]])
        .domain(WIDE)
        .kinks(&[(0.0, 1.0)])
        .errors(&[(&[&[0]], "max: no elements to reduce in [0]")]),
        Row::whole(
            "min_axes",
            |x| x[0].min_axes(&[0], false),
            |x| naive::fold(&x[0], &[0], false, f64::INFINITY, f64::min),
        )
        .shapes(&[&[&[3, 2]], &[&[1]], &[&[3, 0]]])
        .domain(WIDE)
        .errors(&[
            (&[&[0, 2]], "min: no elements to reduce in [0, 2]"),
            (&[&[]], "min: axis 0 is out of range for []"),
        ]),
    ]
};

#[cfg(test)]
mod tests {
    use crate::{Var, grad};
    use plywood_tensor::{Elem, Tensor};

    #[test]
    fn ties_share_and_nan_reaches_the_gradient_of_its_row_only() {
        let x = Var::variable(Tensor::from([[2.0, 5.0, 5.0, 2.0], [1.0, Elem::NAN, 3.0, 4.0]]));
        for (y, expected) in [
            (x.max_axes(&[1], true).unwrap(), [0.0, 0.5, 0.5, 0.0]),
            (x.min_axes(&[1], false).unwrap(), [0.5, 0.0, 0.0, 0.5]),
        ] {
            assert!(y.value().as_slice()[1].is_nan());
            let slope = grad(&y.sum(), &[&x], false).unwrap().remove(0);
            assert_eq!(slope.value().as_slice()[..4], expected);
            assert!(slope.value().as_slice()[4..].iter().all(|slope| slope.is_nan()));
        }
    }

    #[test]
    fn infinities_are_elements_like_others() {
        let x = Var::variable(Tensor::from([[-Elem::INFINITY, -Elem::INFINITY]]));
        let y = x.max_axes(&[1], false).unwrap();
        assert_eq!(y.value().as_slice(), [-Elem::INFINITY]);
        assert_eq!(grad(&y, &[&x], false).unwrap()[0].value().as_slice(), [0.5, 0.5]);
    }
}
