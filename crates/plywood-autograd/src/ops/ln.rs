//! The natural logarithm.

use super::passes::times;
use crate::Var;

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
        self.by_input_pieces("ln", self.value().ln(), times_slope, Var::reciprocal)
    }
}

times!(times_slope, |x| 1.0 / x);

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] =
    &[super::table::Row::unary("ln", |x| Ok(x[0].ln()), plywood_tensor::math::ln).domain(&[(0.5, 3.0)])];
