//! The rectifier.

use crate::Var;
use plywood_tensor::Elem;

impl Var {
    /// `y = max(x, 0)`; NaN stays NaN.
    ///
    /// Gradient: `∂x = g` where `x > 0`, 0 elsewhere, at the kink too (as PyTorch).
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::Tensor;
    /// let y = Var::from(Tensor::from([-1.0, 0.0, 2.0])).relu();
    /// assert_eq!(y.value().as_slice(), [0.0, 0.0, 2.0]);
    /// ```
    pub fn relu(&self) -> Var {
        // The slope of the slope is 0 almost everywhere: a constant mask says so.
        self.by_output("relu", rectify, step, |y| Var::constant(y.value().map(step)))
    }
}

/// `max(x, 0)`, written so that NaN stays NaN.
#[inline(always)]
pub(crate) fn rectify(x: Elem) -> Elem {
    if x < 0.0 { 0.0 } else { x }
}

/// 1 above 0, 0 elsewhere.
#[inline(always)]
pub(crate) fn step(x: Elem) -> Elem {
    if x > 0.0 { 1.0 } else { 0.0 }
}

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] =
    &[super::table::Row::unary("relu", |x| Ok(x[0].relu()), |x| if x < 0.0 { 0.0 } else { x })
        .avoid(&[0.0])
        .kinks(&[(0.0, 0.0)])];
