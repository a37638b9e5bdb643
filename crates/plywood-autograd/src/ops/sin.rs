//! The sine.

use crate::{Keep, Var};

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
        Var::record(
            "sin",
            Keep::Inputs,
            [self],
            self.value().sin(),
            |[x], _, g| [x.wants(|| x.cos().mul(&g))],
        )
    }
}

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] =
    &[super::table::Row::unary("sin", |x| Ok(x[0].sin()), plywood_tensor::math::sin)];
