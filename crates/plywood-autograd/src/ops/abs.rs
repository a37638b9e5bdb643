//! The absolute value.

use super::passes::times;
use super::sign::signum;
use crate::Var;

impl Var {
    /// `y = |x|`.
    ///
    /// Gradient: `∂x = g sign x`, 0 at the kink (as PyTorch).
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::Tensor;
    /// assert_eq!(Var::from(Tensor::from([-2.0, 0.0])).abs().value().as_slice(), [2.0, 0.0]);
    /// ```
    pub fn abs(&self) -> Var {
        self.by_input_pieces("abs", self.value().abs(), times_slope, |x| Var::constant(x.value().sign()))
    }
}

times!(times_slope, |x| signum(x));

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] =
    &[super::table::Row::unary("abs", |x| Ok(x[0].abs()), f64::abs).avoid(&[0.0]).kinks(&[(0.0, 0.0)])];
