//! Sums and products with a number.

use crate::{Keep, Var};
use plywood_tensor::Elem;

impl Var {
    /// `y = x + c` for a number `c`.
    ///
    /// Gradient: `∂x = g`.
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::Tensor;
    /// let y = Var::from(Tensor::from([1.0, 2.0])).add_scalar(0.5);
    /// assert_eq!(y.value().as_slice(), [1.5, 2.5]);
    /// ```
    pub fn add_scalar(&self, c: Elem) -> Var {
        let y = self.value().add_scalar(c);
        Var::record("add_scalar", Keep::Nothing, [self], y, |[x], _, g| [x.wants(|| Ok(g))])
    }

    /// `y = c x` for a number `c`.
    ///
    /// Gradient: `∂x = c g`.
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::Tensor;
    /// let y = Var::from(Tensor::from([1.0, 2.0])).mul_scalar(3.0);
    /// assert_eq!(y.value().as_slice(), [3.0, 6.0]);
    /// ```
    pub fn mul_scalar(&self, c: Elem) -> Var {
        let y = self.value().mul_scalar(c);
        Var::record(
            "mul_scalar",
            Keep::Nothing,
            [self],
            y,
            move |[x], _, g| [x.wants(|| Ok(g.mul_scalar(c)))],
        )
    }
}

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] = &[
    super::table::Row::unary("add_scalar", |x| Ok(x[0].add_scalar(1.5)), |x| x + 1.5),
    super::table::Row::unary("mul_scalar", |x| Ok(x[0].mul_scalar(-2.5)), |x| -2.5 * x),
];
