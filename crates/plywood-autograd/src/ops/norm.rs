//! Euclidean lengths.

use super::reduced::Reduced;
use crate::{Keep, Var};
use plywood_tensor::{Result, Shape};

impl Var {
    /// `y = √Σ x²` over all elements, a single number.
    ///
    /// Gradient: `∂x = g x / y`, and 0 at the kink, where all elements are 0 (as PyTorch).
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::Tensor;
    /// assert_eq!(Var::from(Tensor::from([[3.0], [4.0]])).norm().value().item()?, 5.0);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    pub fn norm(&self) -> Var {
        let y = self.value().norm();
        Var::record("norm", Keep::Both, [self], y, |[x], y, g| [x.wants(|| backward(x, y, g, *y.shape()))])
    }

    /// `y = √Σ x²` over some axes (all if the list is empty); `keep` leaves them in the shape with size 1.
    ///
    /// Gradient: as of [`Var::norm`]. PyTorch: `torch.linalg.vector_norm`.
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::Tensor;
    /// let x = Var::from(Tensor::from([[3.0, 4.0], [0.0, 2.0]]));
    /// assert_eq!(x.norm_axes(&[1], false)?.value().as_slice(), [5.0, 2.0]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TensorError::Axis`](plywood_tensor::TensorError::Axis) or
    /// [`TensorError::AxisTwice`](plywood_tensor::TensorError::AxisTwice) for axes that do not exist or repeat.
    #[doc(alias = "vector_norm")]
    pub fn norm_axes(&self, axes: &[isize], keep: bool) -> Result<Var> {
        let y = self.value().norm_axes(axes, keep)?;
        let kept = Reduced::new("norm", self.shape(), axes)?.kept;
        Ok(Var::record("norm", Keep::Both, [self], y, move |[x], y, g| [x.wants(|| backward(x, y, g, kept))]))
    }
}

fn backward(x: &Var, y: &Var, g: Var, kept: Shape) -> Result<Var> {
    // Divided before it is multiplied: x / y cannot overflow, g x might.
    x.mul(&inverse_or_zero(y).reshape(kept)?)?.mul(&g.reshape(kept)?)
}

/// `1 / y`, and 0 where `y` is 0; the derivative there is 0 too.
pub(super) fn inverse_or_zero(y: &Var) -> Var {
    let zero = y.value().map(|y| if y == 0.0 { 1.0 } else { 0.0 });
    let other = Var::constant(zero.map(|zero| 1.0 - zero));
    &other / &(y + &Var::constant(zero))
}

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] = {
    use super::table::{Row, naive};
    &[
        Row::whole("norm", |x| Ok(x[0].norm()), |x| naive::norm(&x[0], &[], false)).shapes(&[
            &[&[2, 3]],
            &[&[]],
            &[&[1]],
            &[&[0]],
            &[&[17]],
        ]),
        Row::whole("norm_axes", |x| x[0].norm_axes(&[-1, 1], true), |x| naive::norm(&x[0], &[1, 2], true))
            .shapes(&[&[&[2, 3, 4]], &[&[2, 1, 1]], &[&[2, 0, 3]]])
            .large(&[&[40, 50, 60]])
            .avoid(&[0.0])
            .errors(&[
                (&[&[3]], "norm: axis 1 is out of range for [3]"),
                (&[&[2, 3]], "norm: axis 1 is named twice"),
            ]),
        Row::whole("norm_axes", |x| x[0].norm_axes(&[0], false), |x| naive::norm(&x[0], &[0], false)),
        // The length of one number is its absolute value.
        Row::whole("norm_axes", |x| x[0].norm_axes(&[], false), |x| naive::norm(&x[0], &[], false))
            .shapes(&[&[&[]], &[&[1]]])
            .avoid(&[0.0])
            .kinks(&[(0.0, 0.0), (3.0, 1.0), (-3.0, -1.0)]),
    ]
};

#[cfg(test)]
mod tests {
    use crate::{Var, grad};
    use plywood_tensor::Tensor;

    #[test]
    fn derivatives_at_zero_are_zero() {
        let x = Var::variable(Tensor::from([[0.0, 0.0], [3.0, 4.0]]));
        let slope = grad(&x.norm_axes(&[1], false).unwrap().sum(), &[&x], true).unwrap().remove(0);
        assert!(slope.value().all_close(&Tensor::from([[0.0, 0.0], [0.6, 0.8]]), 1e-6, 0.0));
        let curvature = grad(&slope.sum(), &[&x], false).unwrap().remove(0);
        assert_eq!(curvature.value().as_slice()[..2], [0.0, 0.0]);
        assert!(curvature.value().is_finite());
    }

    #[test]
    fn huge_and_tiny_elements_neither_overflow_nor_vanish() {
        for scale in [1e-30, 1e30] {
            let x = Var::variable(Tensor::from([3.0, 4.0]).mul_scalar(scale));
            let y = x.norm();
            assert!(y.value().all_close(&Tensor::from(5.0 * scale), 1e-6, 0.0), "{y:?}");
            let slope = grad(&y, &[&x], false).unwrap().remove(0);
            assert!(slope.value().all_close(&Tensor::from([0.6, 0.8]), 1e-6, 0.0), "{slope:?}");
        }
    }
}
