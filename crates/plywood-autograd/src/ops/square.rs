//! The square.

use super::passes::times;
use crate::Var;

impl Var {
    /// `y = x²`.
    ///
    /// Gradient: `∂x = 2 g x`.
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::Tensor;
    /// assert_eq!(Var::from(Tensor::from([1.0, -3.0])).square().value().as_slice(), [1.0, 9.0]);
    /// ```
    pub fn square(&self) -> Var {
        self.by_input_pieces("square", self.value().square(), times_slope, |x| x.mul_scalar(2.0))
    }
}

times!(times_slope, |x| 2.0 * x);

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] =
    &[super::table::Row::unary("square", |x| Ok(x[0].square()), |x| x * x)];
