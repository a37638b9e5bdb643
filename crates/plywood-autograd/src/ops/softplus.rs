//! The smooth rectifier.

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
        self.by_input("softplus", math::softplus, math::sigmoid, Var::sigmoid)
    }
}

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] = &[super::table::Row::unary(
    "softplus",
    |x| Ok(x[0].softplus()),
    |x| math::maximum(x, 0.0) + math::log1p(math::exp(-x.abs())),
)];
