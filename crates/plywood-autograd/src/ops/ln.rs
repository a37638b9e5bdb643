//! The natural logarithm.

use crate::Var;
use plywood_tensor::math;

impl Var {
    /// `y = ln x`; −∞ at 0, NaN below.
    ///
    /// Gradient: `∂x = g / x`. PyTorch: `log`.
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::Tensor;
    /// assert_eq!(Var::from(Tensor::from([1.0])).ln().value().as_slice(), [0.0]);
    /// ```
    #[doc(alias = "log")]
    pub fn ln(&self) -> Var {
        self.by_input("ln", math::ln, |x| 1.0 / x, Var::reciprocal)
    }
}

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] =
    &[super::table::Row::unary("ln", |x| Ok(x[0].ln()), math::ln).domain(&[(0.5, 3.0)])];
