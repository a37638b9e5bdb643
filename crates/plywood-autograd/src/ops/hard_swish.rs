//! The sigmoid linear unit with a sigmoid of straight lines.

use super::hard_sigmoid::{is_between, share};
use super::relu::step;
use crate::Var;

impl Var {
    /// `y = x min(max(x + 3, 0), 6) / 6`; NaN stays NaN.
    ///
    /// Gradient: `∂x = g (2x + 3) / 6` where `−3 < x < 3`, 0 below, `g` above; at the kinks 0 and `g` (as PyTorch).
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::Tensor;
    /// let y = Var::from(Tensor::from([-4.0, 0.0, 1.5, 4.0])).hard_swish();
    /// assert_eq!(y.value().as_slice(), [0.0, 0.0, 1.125, 4.0]);
    /// ```
    /// # References
    /// Howard et al., "Searching for MobileNetV3", 2019.
    #[doc(alias = "hardswish")]
    #[doc(alias = "hard_silu")]
    pub fn hard_swish(&self) -> Var {
        // At the kinks and beyond, the slope is that of the rectifier.
        self.by_input(
            "hard_swish",
            |x| x * share(x),
            |x| if is_between(x) { x / 3.0 + 0.5 } else { step(x) },
            |x| {
                let third = x.value().map(|x| if is_between(x) { 1.0 / 3.0 } else { 0.0 });
                let rest = x.value().map(|x| if is_between(x) { 0.5 } else { step(x) });
                &(x * &third.into()) + &rest.into()
            },
        )
    }
}

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] = &[super::table::Row::unary(
    "hard_swish",
    |x| Ok(x[0].hard_swish()),
    |x| x * (x / 6.0 + 0.5).clamp(0.0, 1.0),
)
.domain(&[(-5.0, 5.0)])
.avoid(&[-3.0, 3.0])
.kinks(&[(-3.0, 0.0), (3.0, 1.0)])];
