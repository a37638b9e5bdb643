//! The cosine.

use crate::Var;
use plywood_tensor::math;

impl Var {
    /// `y = cos x`, of an angle in radians.
    ///
    /// Gradient: `∂x = −g sin x`.
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::Tensor;
    /// assert_eq!(Var::from(Tensor::from([0.0])).cos().value().as_slice(), [1.0]);
    /// ```
    pub fn cos(&self) -> Var {
        self.by_input("cos", math::cos, |x| -math::sin(x), |x| x.sin().neg())
    }
}

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] =
    &[super::table::Row::unary("cos", |x| Ok(x[0].cos()), math::cos)];
