//! The exponential function.

use super::passes::times;
use crate::Var;

impl Var {
    /// `y = eˣ`.
    ///
    /// Gradient: `∂x = g y`.
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::Tensor;
    /// assert_eq!(Var::from(Tensor::from([0.0, -1e4])).exp().value().as_slice(), [1.0, 0.0]);
    /// ```
    pub fn exp(&self) -> Var {
        self.by_output_pieces("exp", self.value().exp(), times_slope, Var::clone)
    }
}

times!(times_slope, |y| y);

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] =
    &[super::table::Row::unary("exp", |x| Ok(x[0].exp()), plywood_tensor::math::exp)];
