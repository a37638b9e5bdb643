//! The sign.

use crate::{Keep, Var};
use plywood_tensor::Elem;

impl Var {
    /// `y` is −1 where `x` is negative, 1 where it is positive, and `x` itself where it is 0 or NaN.
    ///
    /// Gradient: `∂x = 0`, at the jump too (as PyTorch).
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::Tensor;
    /// assert_eq!(Var::from(Tensor::from([-2.0, 0.0, 0.5])).sign().value().as_slice(), [-1.0, 0.0, 1.0]);
    /// ```
    pub fn sign(&self) -> Var {
        let y = self.value().sign();
        Var::record("sign", Keep::Nothing, [self], y, |[x], _, g| {
            [x.wants(|| Ok(Var::constant(g.value().zeros_like())))]
        })
    }
}

/// −1, 0 or 1; NaN stays NaN.
#[inline(always)]
pub(super) fn signum(x: Elem) -> Elem {
    if x > 0.0 {
        1.0
    } else if x < 0.0 {
        -1.0
    } else {
        x
    }
}

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] =
    &[super::table::Row::unary("sign", |x| Ok(x[0].sign()), |x| if x == 0.0 { x } else { x.signum() })
        .avoid(&[0.0])
        .kinks(&[(0.0, 0.0)])];
