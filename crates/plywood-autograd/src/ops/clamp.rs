//! Bounds.

use crate::Var;
use plywood_tensor::{Elem, math};

impl Var {
    /// `y = min(max(x, low), high)`; an infinite bound does not bind, NaN stays NaN.
    ///
    /// If `low` is above `high`, everything becomes `high`, as in PyTorch. A bound that is NaN makes everything NaN.
    ///
    /// Gradient: `∂x = g` where `low < x < high`, 0 elsewhere, at the bounds too (as PyTorch).
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::Tensor;
    /// let y = Var::from(Tensor::from([-2.0, 0.5, 7.0])).clamp(0.0, 1.0);
    /// assert_eq!(y.value().as_slice(), [0.0, 0.5, 1.0]);
    /// ```
    #[doc(alias = "clip")]
    #[doc(alias = "hardtanh")]
    pub fn clamp(&self, low: Elem, high: Elem) -> Var {
        self.clamp_as("clamp", low, high)
    }

    /// The clamp under another name.
    pub(super) fn clamp_as(&self, op: &'static str, low: Elem, high: Elem) -> Var {
        let between = move |x| if low < x && x < high { 1.0 } else { 0.0 };
        self.by_input(
            op,
            move |x| math::minimum(math::maximum(x, low), high),
            between,
            move |x| Var::constant(x.value().map(between)),
        )
    }
}

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] =
    &[super::table::Row::unary("clamp", |x| Ok(x[0].clamp(-1.0, 1.5)), |x| x.clamp(-1.0, 1.5))
        .avoid(&[-1.0, 1.5])
        .kinks(&[(-1.0, 0.0), (1.5, 0.0)])];

#[cfg(test)]
mod tests {
    use crate::Var;
    use plywood_tensor::{Elem, Tensor};

    #[test]
    fn unusual_bounds() {
        let x = Var::from(Tensor::from([-2.0, 3.0]));
        assert_eq!(x.clamp(Elem::NEG_INFINITY, 1.0).value().as_slice(), [-2.0, 1.0]);
        assert_eq!(x.clamp(0.0, Elem::INFINITY).value().as_slice(), [0.0, 3.0]);
        assert_eq!(x.clamp(1.0, 0.0).value().as_slice(), [0.0, 0.0]);
        assert!(x.clamp(Elem::NAN, 0.0).value().as_slice().iter().all(|y| y.is_nan()));
    }
}
