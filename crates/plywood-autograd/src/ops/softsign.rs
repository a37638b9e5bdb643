//! A sigmoid that approaches its limits slowly.

use crate::Var;
use plywood_tensor::math;

impl Var {
    /// `y = x / (1 + |x|)`.
    ///
    /// Gradient: `∂x = g / (1 + |x|)²`.
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::Tensor;
    /// assert_eq!(Var::from(Tensor::from([-1.0, 0.0, 3.0])).softsign().value().as_slice(), [-0.5, 0.0, 0.75]);
    /// ```
    pub fn softsign(&self) -> Var {
        self.by_input(
            "softsign",
            |x| x / (1.0 + math::abs(x)),
            |x| {
                let share = 1.0 / (1.0 + math::abs(x));
                share * share
            },
            |x| x.abs().add_scalar(1.0).reciprocal().square(),
        )
    }
}

// The slope of the slope has a jump at 0.
#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] =
    &[super::table::Row::unary("softsign", |x| Ok(x[0].softsign()), |x| x / (1.0 + x.abs())).avoid(&[0.0])];
