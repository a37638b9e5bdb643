//! The exponential linear unit that normalises itself.

use super::elu::scaled_elu;
use crate::Var;
use plywood_tensor::{Elem, Float};

/// With this `α` and scale, mean 0 and variance 1 are a fixed point of a layer with LeCun weights (equation 14 of the
/// paper).
const ALPHA: f64 = 1.673_263_242_354_377_2;
const SCALE: f64 = 1.050_700_987_355_480_5;

impl Var {
    /// `y = s x` where `x > 0`, `s α (eˣ − 1)` elsewhere, with `s ≈ 1.0507` and `α ≈ 1.6733`.
    ///
    /// Gradient: `∂x = g s` where `x > 0`, `g s α eˣ` elsewhere, at the kink too (as PyTorch).
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::Tensor;
    /// let y = Var::from(Tensor::from([-1e4, 0.0, 1.0])).selu();
    /// assert_eq!(format!("{:.4?}", y.value().as_slice()), "[-1.7581, 0.0000, 1.0507]");
    /// ```
    /// # References
    /// Klambauer et al., "Self-Normalizing Neural Networks", 2017.
    pub fn selu(&self) -> Var {
        scaled_elu(self, "selu", Elem::of(SCALE), Elem::of(ALPHA))
    }
}

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] = &[super::table::Row::unary(
    "selu",
    |x| Ok(x[0].selu()),
    |x| SCALE * if x > 0.0 { x } else { ALPHA * plywood_tensor::math::expm1(x) },
)
.avoid(&[0.0])];
