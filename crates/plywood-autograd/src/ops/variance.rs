//! Variances and standard deviations.

use super::norm::inverse_or_zero;
use super::reduced::Reduced;
use crate::{Keep, Var};
use plywood_tensor::{Elem, Float, Result, math};

impl Var {
    /// `y = Σ (x − mean)² / (n − correction)` over some axes (all if the list is empty), `n` elements each.
    ///
    /// A correction of 1 estimates the variance of what the elements were drawn from, one of 0 is theirs alone;
    /// NaN where `n` is not above the correction. `keep` leaves the axes in the shape with size 1.
    ///
    /// Gradient: `∂x = 2 g (x − mean) / (n − correction)`. PyTorch: `x.var(axes, correction=…, keepdim=…)`.
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::Tensor;
    /// let x = Var::from(Tensor::from([1.0, 2.0, 3.0]));
    /// assert_eq!(x.var_axes(&[], 1, false)?.value().item()?, 1.0);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TensorError::Axis`](plywood_tensor::TensorError::Axis) or
    /// [`TensorError::AxisTwice`](plywood_tensor::TensorError::AxisTwice) for axes that do not exist or repeat.
    ///
    /// # References
    /// PyTorch's `var` corrects by 1 unless told otherwise, NumPy's and TensorFlow's by 0; here it is always said.
    #[doc(alias = "variance")]
    pub fn var_axes(&self, axes: &[isize], correction: usize, keep: bool) -> Result<Var> {
        let y = self.value().variance_axes(axes, correction, keep)?;
        let Reduced { kept, count, .. } = Reduced::new("variance", self.shape(), axes)?;
        let factor = Elem::of(2.0 / count.saturating_sub(correction) as f64);
        let axes = axes.to_vec();
        Ok(Var::record("variance", Keep::Inputs, [self], y, move |[x], _, g| {
            [x.wants(|| x.sub(&x.mean_axes(&axes, true)?)?.mul(&g.reshape(kept)?.mul_scalar(factor)))]
        }))
    }

    /// `y = √variance` over some axes, the variance that of [`Var::var_axes`].
    ///
    /// Gradient: `∂x = g (x − mean) / ((n − correction) y)`, and 0 where all elements are equal: there the deviation
    /// has a kink. PyTorch: `x.std(axes, correction=…, keepdim=…)`, whose gradient at that kink is NaN.
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::Tensor;
    /// let x = Var::from(Tensor::from([[1.0, 5.0], [3.0, 3.0]]));
    /// assert_eq!(x.std_axes(&[1], 0, false)?.value().as_slice(), [2.0, 0.0]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// As [`Var::var_axes`].
    pub fn std_axes(&self, axes: &[isize], correction: usize, keep: bool) -> Result<Var> {
        self.shape().axes("std", axes)?;
        let variance = self.var_axes(axes, correction, keep)?;
        let slope = |y: Elem| if y == 0.0 { 0.0 } else { 0.5 / y };
        Ok(variance.by_output("std", math::sqrt, slope, |y| inverse_or_zero(y).mul_scalar(0.5)))
    }
}

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] = {
    use super::table::{Row, naive};
    const SHAPES: &[&[&[usize]]] = &[&[&[2, 3, 4]], &[&[1, 2, 1]], &[&[0, 2, 3]], &[&[1, 17, 1]]];
    &[
        Row::whole(
            "var_axes",
            |x| x[0].var_axes(&[1, -1], 1, true),
            |x| naive::variance(&x[0], &[1, 2], 1.0, true),
        )
        .shapes(SHAPES)
        .large(&[&[40, 50, 60]])
        .errors(&[
            (&[&[3]], "variance: axis 1 is out of range for [3]"),
            (&[&[2, 3]], "variance: axis -1 is named twice"),
        ]),
        Row::whole("var_axes", |x| x[0].var_axes(&[], 0, false), |x| naive::variance(&x[0], &[], 0.0, false))
            .shapes(&[&[&[2, 3]], &[&[1]], &[&[]], &[&[3, 1, 2]]]),
        Row::whole(
            "var_axes",
            |x| x[0].var_axes(&[1], 1, false),
            |x| naive::variance(&x[0], &[1], 1.0, false),
        )
        .shapes(&[&[&[2, 70, 3]], &[&[2, 3, 0]], &[&[2, 9]]])
        .large(&[&[40, 100, 60]]),
        Row::whole(
            "std_axes",
            |x| x[0].std_axes(&[-1, 1], 1, true),
            |x| naive::variance(&x[0], &[1, 2], 1.0, true).map(math::sqrt),
        )
        .shapes(SHAPES)
        .large(&[&[40, 50, 60]])
        .errors(&[(&[&[3]], "std: axis 1 is out of range for [3]")]),
        Row::whole(
            "std_axes",
            |x| x[0].std_axes(&[0], 0, false),
            |x| naive::variance(&x[0], &[0], 0.0, false).map(math::sqrt),
        )
        .shapes(&[&[&[3, 2]], &[&[3]], &[&[3, 0]]]),
    ]
};

#[cfg(test)]
mod tests {
    use crate::{Var, grad};
    use plywood_tensor::Tensor;

    #[test]
    fn equal_elements_have_no_deviation_and_no_slope() {
        for correction in [0, 1] {
            let x = Var::variable(Tensor::from([[2.0, 2.0], [1.0, 4.0]]));
            let y = x.std_axes(&[1], correction, false).unwrap().sum();
            let slope = grad(&y, &[&x], true).unwrap().remove(0);
            assert_eq!(slope.value().as_slice()[..2], [0.0, 0.0]);
            assert!(slope.value().as_slice()[3] > 0.1);
            // The slope of the slope is finite too.
            let weighted = slope.mul(&Tensor::from([[1.0, 2.0], [3.0, 4.0]]).into()).unwrap().sum();
            let curvature = grad(&weighted, &[&x], false).unwrap().remove(0);
            assert_eq!(curvature.value().as_slice()[..2], [0.0, 0.0]);
            assert!(curvature.value().is_finite());
        }
    }

    #[test]
    fn too_few_elements_give_nan() {
        let x = Var::variable(Tensor::from([3.0]));
        let y = x.var_axes(&[], 1, false).unwrap();
        assert!(y.value().item().unwrap().is_nan());
        assert!(grad(&y, &[&x], false).unwrap()[0].value().as_slice()[0].is_nan());
        let nothing = Var::from(Tensor::zeros([2, 0]).unwrap());
        assert!(nothing.var_axes(&[1], 0, false).unwrap().value().as_slice()[1].is_nan());
    }

    #[test]
    fn a_large_mean_does_not_swallow_the_variance() {
        let x = Var::from(Tensor::from([4096.0, 4097.0, 4098.0]));
        assert_eq!(x.std_axes(&[], 1, false).unwrap().value().item().unwrap(), 1.0);
    }
}
