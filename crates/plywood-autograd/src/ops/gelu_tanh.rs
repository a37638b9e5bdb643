//! The Gaussian error linear unit, approximated by a tanh.

use super::passes::{each, times};
use crate::Var;
use plywood_tensor::{Elem, Float, math};

/// `√(8/π)`: twice the factor of the paper, since `(1 + tanh u) / 2 = σ(2u)`.
const RATE: f64 = 1.595_769_121_605_730_7;
/// The weight of the cube, fitted to the exact form by the authors.
const CUBIC: f64 = 0.044_715;
/// Beyond this, `σ` is 0 or 1 to the last bit and its slope 0.
const FLAT: Elem = 30.0;

impl Var {
    /// `y = x (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2`, within 5e-4 of [`Var::gelu`].
    ///
    /// Computed as `x σ(u)` with `u = √(8/π) (x + 0.044715 x³)`, which is the same and keeps its digits below 0.
    ///
    /// Gradient: `∂x = g (σ(u) + x u′ σ(u) (1 − σ(u)))`. PyTorch: `gelu` with `approximate="tanh"`.
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::Tensor;
    /// let y = Var::from(Tensor::from([-1.0, 0.0, 1.0])).gelu_tanh();
    /// assert_eq!(format!("{:.4?}", y.value().as_slice()), "[-0.1588, 0.0000, 0.8412]");
    /// ```
    /// # References
    /// Hendrycks and Gimpel, "Gaussian Error Linear Units", 2016. The form of GPT-2 and of `jax.nn.gelu`.
    pub fn gelu_tanh(&self) -> Var {
        let y = self.value().map_pieces(&values);
        self.by_input_pieces("gelu_tanh", y, times_slope, |x| {
            // Where the slope is flat, the cube may not overflow: 0 · ∞ is NaN.
            let x = x.clamp(-FLAT, FLAT);
            let square = x.square();
            let share = (&x * &(&square * Elem::of(RATE * CUBIC)).add_scalar(Elem::of(RATE))).sigmoid();
            // x u′ = √(8/π) (x + 3 · 0.044715 x³)
            let rise = &x * &(&square * Elem::of(3.0 * RATE * CUBIC)).add_scalar(Elem::of(RATE));
            &share + &(&rise * &(&share - &share.square()))
        })
    }
}

each!(values, |x| x * math::sigmoid(argument(x)));
times!(times_slope, |x| slope(x));

/// `u`.
#[inline(always)]
fn argument(x: Elem) -> Elem {
    x * (Elem::of(RATE) + Elem::of(RATE * CUBIC) * x * x)
}

#[inline(always)]
fn slope(x: Elem) -> Elem {
    let x = math::minimum(math::maximum(x, -FLAT), FLAT);
    let share = math::sigmoid(argument(x));
    let rise = x * (Elem::of(RATE) + Elem::of(3.0 * RATE * CUBIC) * x * x);
    share + rise * (share * (1.0 - share))
}

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] = &[super::table::Row::unary(
    "gelu_tanh",
    |x| Ok(x[0].gelu_tanh()),
    |x| x / (1.0 + math::exp(-2.0 * (2.0 / std::f64::consts::PI).sqrt() * (x + CUBIC * x * x * x))),
)];
