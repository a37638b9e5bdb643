//! The exponential function less 1.

use super::passes::times;
use crate::Var;

impl Var {
    /// `y = eˣ − 1`, exact for small `x` too.
    ///
    /// Gradient: `∂x = g (y + 1)`.
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::Tensor;
    /// assert_eq!(Var::from(Tensor::from([0.0, 1e-30])).expm1().value().as_slice(), [0.0, 1e-30]);
    /// ```
    pub fn expm1(&self) -> Var {
        self.by_output_pieces("expm1", self.value().expm1(), times_slope, |y| y.add_scalar(1.0))
    }
}

times!(times_slope, |y| y + 1.0);

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] =
    &[super::table::Row::unary("expm1", |x| Ok(x[0].expm1()), plywood_tensor::math::expm1)];
