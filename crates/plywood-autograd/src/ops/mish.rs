//! A smooth rectifier with a dip.

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
        let gate = |x| math::tanh(math::softplus(x));
        self.by_input(
            "mish",
            move |x| x * gate(x),
            move |x| {
                let t = gate(x);
                t + x * math::sigmoid(x) * (1.0 - t * t)
            },
            |x| {
                let t = x.softplus().tanh();
                &t + &(&(x * &x.sigmoid()) * &t.square().neg().add_scalar(1.0))
            },
        )
    }
}

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] = &[super::table::Row::unary(
    "mish",
    |x| Ok(x[0].mish()),
    |x| x * math::tanh(math::maximum(x, 0.0) + math::log1p(math::exp(-x.abs()))),
)];
