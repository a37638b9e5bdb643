//! The square root.

use super::passes::times;
use crate::Var;

impl Var {
    /// `y = √x`; NaN below 0.
    ///
    /// Gradient: `∂x = g / 2y`, infinite at 0 (as PyTorch): add a small number before the root where 0 can occur.
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::Tensor;
    /// assert_eq!(Var::from(Tensor::from([0.0, 9.0])).sqrt().value().as_slice(), [0.0, 3.0]);
    /// ```
    pub fn sqrt(&self) -> Var {
        self.by_output_pieces("sqrt", self.value().sqrt(), times_slope, |y| y.reciprocal().mul_scalar(0.5))
    }
}

times!(times_slope, |y| 0.5 / y);

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] =
    &[super::table::Row::unary("sqrt", |x| Ok(x[0].sqrt()), plywood_tensor::math::sqrt)
        .domain(&[(0.5, 3.0)])
        .kinks(&[(0.0, f64::INFINITY)])];
