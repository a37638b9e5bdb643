//! The Gaussian error linear unit.

use crate::Var;
use plywood_tensor::{Elem, Float, math};

/// `1/√(2π)`, the height of the bell curve `φ(x) = e^(−x²/2) / √(2π)`.
const BELL_HEIGHT: f64 = 0.398_942_280_401_432_7;

impl Var {
    /// `y = x Φ(x)`, with `Φ(x) = (1 + erf(x/√2)) / 2`, the share of a standard normal distribution below `x`.
    ///
    /// Gradient: `∂x = g (Φ(x) + x φ(x))`, with the bell curve `φ(x) = e^(−x²/2) / √(2π)`.
    /// PyTorch: `gelu` with `approximate="none"`, its default; for the other form see [`Var::gelu_tanh`].
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::Tensor;
    /// let y = Var::from(Tensor::from([-1.0, 0.0, 1.0])).gelu();
    /// assert_eq!(format!("{:.4?}", y.value().as_slice()), "[-0.1587, 0.0000, 0.8413]");
    /// ```
    /// # References
    /// Hendrycks and Gimpel, "Gaussian Error Linear Units", 2016. TensorFlow's default is the erf form too, that of
    /// `jax.nn.gelu` is the tanh form.
    pub fn gelu(&self) -> Var {
        self.by_input(
            "gelu",
            |x| x * share_below(x),
            |x| share_below(x) + x * bell(x),
            |x| {
                let share = x.by_input("gelu", share_below, bell, bell_var);
                &share + &(x * &bell_var(x))
            },
        )
    }
}

/// `Φ(x)`, by the complement `erfc`: `1 + erf` would lose all digits far below 0.
fn share_below(x: Elem) -> Elem {
    0.5 * math::erfc(-x * Elem::of(std::f64::consts::FRAC_1_SQRT_2))
}

/// `φ(x)`.
fn bell(x: Elem) -> Elem {
    Elem::of(BELL_HEIGHT) * math::exp(-0.5 * x * x)
}

fn bell_var(x: &Var) -> Var {
    x.square().mul_scalar(-0.5).exp().mul_scalar(Elem::of(BELL_HEIGHT))
}

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] =
    &[super::table::Row::unary("gelu", |x| Ok(x[0].gelu()), |x| x * 0.5 * math::erfc(-x / 2.0_f64.sqrt()))];
