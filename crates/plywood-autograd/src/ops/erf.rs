//! The error function.

use super::passes::times;
use crate::Var;
use plywood_tensor::{Elem, Float, math};

/// `2/√π`, the slope at 0.
const SLOPE_AT_ZERO: f64 = std::f64::consts::FRAC_2_SQRT_PI;

impl Var {
    /// `y = erf x = 2/√π ∫₀ˣ e^(−t²) dt`.
    ///
    /// Gradient: `∂x = g 2/√π e^(−x²)`.
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::Tensor;
    /// assert_eq!(Var::from(Tensor::from([-1e4, 0.0, 1e4])).erf().value().as_slice(), [-1.0, 0.0, 1.0]);
    /// ```
    pub fn erf(&self) -> Var {
        let top = Elem::of(SLOPE_AT_ZERO);
        self.by_input_pieces(
            "erf",
            self.value().erf(),
            move |g, x| times_slope(g, x, top),
            move |x| x.square().neg().exp().mul_scalar(top),
        )
    }
}

times!(times_slope, |x, top| top * math::exp(-x * x));

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] =
    &[super::table::Row::unary("erf", |x| Ok(x[0].erf()), math::erf)];
