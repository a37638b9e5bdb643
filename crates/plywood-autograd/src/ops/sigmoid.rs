//! The logistic function.

use super::passes::times;
use crate::Var;

impl Var {
    /// `y = σ(x) = 1 / (1 + e⁻ˣ)`; never overflows.
    ///
    /// Gradient: `∂x = g y (1 − y)`.
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::Tensor;
    /// let y = Var::from(Tensor::from([-1e4, 0.0, 1e4])).sigmoid();
    /// assert_eq!(y.value().as_slice(), [0.0, 0.5, 1.0]);
    /// ```
    pub fn sigmoid(&self) -> Var {
        self.by_output_pieces("sigmoid", self.value().sigmoid(), times_slope, |y| y - &y.square())
    }
}

times!(times_slope, |y| y * (1.0 - y));

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] = &[super::table::Row::unary(
    "sigmoid",
    |x| Ok(x[0].sigmoid()),
    |x| 1.0 / (1.0 + plywood_tensor::math::exp(-x)),
)];
