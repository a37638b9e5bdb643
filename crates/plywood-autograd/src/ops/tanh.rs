//! The hyperbolic tangent.

use super::passes::times;
use crate::Var;

impl Var {
    /// `y = tanh x = (eˣ − e⁻ˣ) / (eˣ + e⁻ˣ)`.
    ///
    /// Gradient: `∂x = g (1 − y²)`.
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::Tensor;
    /// let y = Var::from(Tensor::from([0.0, 100.0])).tanh();
    /// assert_eq!(y.value().as_slice(), [0.0, 1.0]);
    /// ```
    pub fn tanh(&self) -> Var {
        self.by_output_pieces("tanh", self.value().tanh(), times_slope, |y| -&(&(y * y) - 1.0))
    }
}

times!(times_slope, |y| 1.0 - y * y);

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] =
    &[super::table::Row::unary("tanh", |x| Ok(x[0].tanh()), plywood_tensor::math::tanh)];
