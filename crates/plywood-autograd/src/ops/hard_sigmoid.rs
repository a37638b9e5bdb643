//! A sigmoid of straight lines.

use crate::Var;
use plywood_tensor::{Elem, math};

impl Var {
    /// `y = min(max(x + 3, 0), 6) / 6`; NaN stays NaN.
    ///
    /// Gradient: `∂x = g / 6` where `−3 < x < 3`, 0 elsewhere, at both kinks too (as PyTorch).
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::Tensor;
    /// let y = Var::from(Tensor::from([-4.0, 0.0, 1.5, 4.0])).hard_sigmoid();
    /// assert_eq!(y.value().as_slice(), [0.0, 0.5, 0.75, 1.0]);
    /// ```
    /// # References
    /// Howard et al., "Searching for MobileNetV3", 2019. Keras 3 has the same; Keras 2 had `0.2 x + 0.5`.
    #[doc(alias = "hardsigmoid")]
    pub fn hard_sigmoid(&self) -> Var {
        let slope = |x| if is_between(x) { 1.0 / 6.0 } else { 0.0 };
        self.by_input("hard_sigmoid", share, slope, move |x| Var::constant(x.value().map(slope)))
    }
}

/// The value.
#[inline(always)]
pub(super) fn share(x: Elem) -> Elem {
    math::minimum(math::maximum(x + 3.0, 0.0), 6.0) / 6.0
}

/// Whether `x` lies between the kinks.
#[inline(always)]
pub(super) fn is_between(x: Elem) -> bool {
    -3.0 < x && x < 3.0
}

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] = &[super::table::Row::unary(
    "hard_sigmoid",
    |x| Ok(x[0].hard_sigmoid()),
    |x| (x / 6.0 + 0.5).clamp(0.0, 1.0),
)
.domain(&[(-5.0, 5.0)])
.avoid(&[-3.0, 3.0])
.kinks(&[(-3.0, 0.0), (3.0, 0.0)])];
