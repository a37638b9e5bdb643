//! The cosine.

use crate::{Keep, Var};

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
        Var::record("cos", Keep::Inputs, [self], self.value().cos(), |[x], _, g| {
            [x.wants(|| x.sin().neg().mul(&g))]
        })
    }
}

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] =
    &[super::table::Row::unary("cos", |x| Ok(x[0].cos()), plywood_tensor::math::cos)];
