//! The Gaussian error linear unit.

use super::passes::{each, times};
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
        let y = self.value().map_pieces(&values);
        self.by_input_pieces("gelu", y, times_slope, |x| {
            let share = x.value().map_pieces(&shares);
            let share = x.by_input_pieces("gelu", share, times_bell, bell_var);
            &share + &(x * &bell_var(x))
        })
    }
}

each!(values, |x| math::gelu(x));
times!(times_slope, |x| math::gelu_slope(x));
each!(shares, |x| math::normal_share(x));
times!(times_bell, |x| Elem::of(BELL_HEIGHT) * math::exp(-0.5 * x * x));

/// `φ(x)`.
fn bell_var(x: &Var) -> Var {
    x.square().mul_scalar(-0.5).exp().mul_scalar(Elem::of(BELL_HEIGHT))
}

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] =
    &[super::table::Row::unary("gelu", |x| Ok(x[0].gelu()), |x| x * 0.5 * math::erfc(-x / 2.0_f64.sqrt()))];
