//! The natural logarithm of a number near 1.

use super::passes::times;
use crate::Var;

impl Var {
    /// `y = ln(1 + x)`, exact for small `x` too; −∞ at −1, NaN below.
    ///
    /// Gradient: `∂x = g / (1 + x)`.
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::Tensor;
    /// assert_eq!(Var::from(Tensor::from([0.0, 1e-30])).log1p().value().as_slice(), [0.0, 1e-30]);
    /// ```
    pub fn log1p(&self) -> Var {
        self.by_input_pieces("log1p", self.value().log1p(), times_slope, |x| x.add_scalar(1.0).reciprocal())
    }
}

times!(times_slope, |x| 1.0 / (1.0 + x));

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] =
    &[super::table::Row::unary("log1p", |x| Ok(x[0].log1p()), plywood_tensor::math::log1p)
        .domain(&[(-0.5, 2.0)])];
