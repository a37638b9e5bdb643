//! The logarithm of the logistic function.

use super::passes::{each, times};
use crate::Var;
use plywood_tensor::math;

impl Var {
    /// `y = ln σ(x) = −ln(1 + e⁻ˣ)`, without the loss of digits of taking the logarithm of a number near 0 or 1.
    ///
    /// Gradient: `∂x = g σ(−x)`.
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::Tensor;
    /// assert_eq!(Var::from(Tensor::from([-1e4, 1e4])).log_sigmoid().value().as_slice(), [-1e4, 0.0]);
    /// ```
    #[doc(alias = "logsigmoid")]
    pub fn log_sigmoid(&self) -> Var {
        let y = self.value().map_pieces(&values);
        self.by_input_pieces("log_sigmoid", y, times_slope, |x| x.neg().sigmoid())
    }
}

each!(values, |x| -math::softplus(-x));
times!(times_slope, |x| math::sigmoid(-x));

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] = &[super::table::Row::unary(
    "log_sigmoid",
    |x| Ok(x[0].log_sigmoid()),
    |x| math::minimum(x, 0.0) - math::log1p(math::exp(-x.abs())),
)];
