//! The smooth rectifier.

use super::passes::{each, times};
use crate::Var;
use plywood_tensor::math;

impl Var {
    /// `y = ln(1 + eˣ) = max(x, 0) + ln(1 + e^−|x|)`; never overflows.
    ///
    /// Gradient: `∂x = g σ(x)`.
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::Tensor;
    /// assert_eq!(Var::from(Tensor::from([-1e4, 1e4])).softplus().value().as_slice(), [0.0, 1e4]);
    /// ```
    /// # References
    /// Dugas et al., "Incorporating Second-Order Functional Knowledge for Better Option Pricing", 2000.
    /// PyTorch returns `x` itself above 20, which is off by up to 2e-9; here the formula holds everywhere.
    pub fn softplus(&self) -> Var {
        let y = self.value().map_pieces(&values);
        self.by_input_pieces("softplus", y, times_slope, Var::sigmoid)
    }
}

each!(values, |x| math::softplus(x));
times!(times_slope, |x| math::sigmoid(x));

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] = &[super::table::Row::unary(
    "softplus",
    |x| Ok(x[0].softplus()),
    |x| math::maximum(x, 0.0) + math::log1p(math::exp(-x.abs())),
)];
