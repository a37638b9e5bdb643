//! A smooth rectifier with a dip.

use super::passes::{each, times};
use crate::Var;
use plywood_tensor::math;

impl Var {
    /// `y = x tanh(ln(1 + eˣ))`.
    ///
    /// Gradient: `∂x = g (t + x σ(x) (1 − t²))` with `t = tanh(ln(1 + eˣ))`.
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::Tensor;
    /// let y = Var::from(Tensor::from([-1.0, 0.0, 1.0])).mish();
    /// assert_eq!(format!("{:.4?}", y.value().as_slice()), "[-0.3034, 0.0000, 0.8651]");
    /// ```
    /// # References
    /// Misra, "Mish: A Self Regularized Non-Monotonic Activation Function", 2019.
    pub fn mish(&self) -> Var {
        let y = self.value().map_pieces(&values);
        self.by_input_pieces("mish", y, times_slope, |x| {
            let t = x.softplus().tanh();
            &t + &(&(x * &x.sigmoid()) * &t.square().neg().add_scalar(1.0))
        })
    }
}

each!(values, |x| math::mish(x));
times!(times_slope, |x| math::mish_slope(x));

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] = &[super::table::Row::unary(
    "mish",
    |x| Ok(x[0].mish()),
    |x| x * math::tanh(math::maximum(x, 0.0) + math::log1p(math::exp(-x.abs()))),
)];
