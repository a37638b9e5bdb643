//! The sine.

use crate::Var;
use plywood_tensor::math;

impl Var {
    /// `y = sin x`, of an angle in radians.
    ///
    /// Gradient: `∂x = g cos x`.
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::Tensor;
    /// assert_eq!(Var::from(Tensor::from([0.0])).sin().value().as_slice(), [0.0]);
    /// ```
    pub fn sin(&self) -> Var {
        self.by_input("sin", math::sin, math::cos, Var::cos)
    }
}

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] =
    &[super::table::Row::unary("sin", |x| Ok(x[0].sin()), math::sin)];
