//! Shares that sum to 1.

use super::lanes::{beside, dot, each_rows, width};
use crate::{Keep, Var};
use plywood_tensor::simd::{self, Kernel};
use plywood_tensor::{Elem, Float, Result};

impl Var {
    /// `yᵢ = exp xᵢ / Σⱼ exp xⱼ` along an axis; never overflows.
    ///
    /// An element of −∞ has the share 0. Where all are −∞, as in a row that a mask covers whole, all shares are 0.
    ///
    /// Gradient: `∂x = y ⊙ (g − Σ g ⊙ y)`, one pass along the last axis.
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::{Elem, Tensor};
    /// let x = Var::from(Tensor::from([[7.0, 7.0, -Elem::INFINITY], [1000.0, 0.0, 0.0]]));
    /// assert_eq!(x.softmax(-1)?.value().as_slice(), [0.5, 0.5, 0.0, 1.0, 0.0, 0.0]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TensorError::Axis`](plywood_tensor::TensorError::Axis) for an axis that does not exist.
    ///
    /// # References
    /// PyTorch, JAX and TensorFlow give NaN for a row of −∞, which then spreads through attention.
    pub fn softmax(&self, axis: isize) -> Result<Var> {
        along_last("softmax", self, axis, |x| {
            let y = x.value().softmax(-1)?;
            Ok(Var::record("softmax", Keep::Output, [x], y, |[x], y, g| [x.wants(|| backward(y, g))]))
        })
    }
}

/// Calls `f`, which works along the last axis, along any axis.
pub(super) fn along_last(
    op: &'static str,
    x: &Var,
    axis: isize,
    f: impl Fn(&Var) -> Result<Var>,
) -> Result<Var> {
    let axis = x.shape().axis(op, axis)?;
    if axis + 1 == x.shape().rank() {
        return f(x);
    }
    f(&x.move_axis(axis as isize, -1)?)?.move_axis(-1, axis as isize)
}

fn backward(y: &Var, g: Var) -> Result<Var> {
    if y.is_recorded() || g.is_recorded() {
        let mean = g.mul(y)?.sum_axes(&[-1], true)?;
        return g.sub(&mean)?.mul(y);
    }
    let mut d = g.into_value();
    let width = width(&d);
    each_rows(&mut d, width, &|first, d| {
        let y = beside(y.value(), first, width, d);
        simd::run(Backward { d, y, width });
    });
    Ok(d.into())
}

struct Backward<'a> {
    d: &'a mut [Elem],
    y: &'a [Elem],
    width: usize,
}

impl Kernel for Backward<'_> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        for (d, y) in self.d.chunks_exact_mut(self.width).zip(self.y.chunks_exact(self.width)) {
            let mean = Elem::of(dot(d, y));
            for (d, &y) in d.iter_mut().zip(y) {
                *d = y * (*d - mean);
            }
        }
    }
}

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] = {
    use super::table::{Row, naive};
    &[
        Row::whole("softmax", |x| x[0].softmax(-1), |x| naive::softmax(&x[0], x[0].shape().rank() - 1))
            .shapes(&[
                &[&[2, 3]],
                &[&[1]],
                &[&[3, 1]],
                &[&[2, 0]],
                &[&[0, 3]],
                &[&[15]],
                &[&[16]],
                &[&[2, 17]],
                &[&[33]],
            ])
            .errors(&[(&[&[]], "softmax: axis -1 is out of range for []")]),
        Row::whole("softmax", |x| x[0].softmax(1), |x| naive::softmax(&x[0], 1))
            .shapes(&[&[&[2, 3, 2]], &[&[2, 1, 2]], &[&[2, 3]]])
            .large(&[&[30, 50, 60]])
            .errors(&[(&[&[3]], "softmax: axis 1 is out of range for [3]")]),
    ]
};

#[cfg(test)]
mod tests {
    use crate::{Var, grad};
    use plywood_tensor::{Elem, Tensor};

    const NEVER: Elem = -Elem::INFINITY;

    #[test]
    fn a_row_of_minus_infinity_has_no_shares_and_no_gradient() {
        let x = Var::variable(Tensor::from([[NEVER, NEVER], [NEVER, 5.0], [1.0, 1.0]]));
        let y = x.softmax(1).unwrap();
        assert_eq!(y.value().as_slice(), [0.0, 0.0, 0.0, 1.0, 0.5, 0.5]);
        let weighted = y.mul(&Tensor::from([1.0, 3.0]).into()).unwrap().sum();
        let slope = grad(&weighted, &[&x], true).unwrap().remove(0);
        assert_eq!(slope.value().as_slice(), [0.0, 0.0, 0.0, 0.0, -0.5, 0.5]);
        assert!(grad(&slope.norm(), &[&x], false).unwrap()[0].value().is_finite());
    }

    #[test]
    fn extreme_elements_stay_finite() {
        let x = Var::variable(Tensor::from([[3e30, -3e30, 0.0], [-3e30, -3e30, -3e30]]));
        let y = x.softmax(1).unwrap();
        assert!(y.value().is_finite());
        assert_eq!(y.value().as_slice()[0], 1.0);
        assert!(grad(&y.sum(), &[&x], false).unwrap()[0].value().is_finite());
    }

    #[test]
    fn the_kernel_and_the_operations_agree() {
        // A recorded gradient takes the other path of the rule.
        let x = Var::variable(Tensor::from([[0.3, -1.0, 0.7], [0.1, 0.0, 2.0]]));
        let weights = Var::from(Tensor::from([1.0, -2.0, 0.5]));
        let y = || x.softmax(1).unwrap().mul(&weights).unwrap().sum();
        let (kernel, operations) =
            (grad(&y(), &[&x], false).unwrap().remove(0), grad(&y(), &[&x], true).unwrap().remove(0));
        assert!(kernel.value().all_close(operations.value(), 1e-5, 1e-7));
    }
}
