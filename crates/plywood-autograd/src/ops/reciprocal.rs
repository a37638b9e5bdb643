//! The reciprocal.

use crate::Var;

impl Var {
    /// `y = 1 / x`; infinite at 0.
    ///
    /// Gradient: `∂x = −g y²`.
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::Tensor;
    /// assert_eq!(Var::from(Tensor::from([4.0, -0.5])).reciprocal().value().as_slice(), [0.25, -2.0]);
    /// ```
    pub fn reciprocal(&self) -> Var {
        self.by_output("reciprocal", |x| 1.0 / x, |y| -(y * y), |y| y.square().neg())
    }
}

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] =
    &[super::table::Row::unary("reciprocal", |x| Ok(x[0].reciprocal()), f64::recip).domain(&[(0.5, 2.0)])];
