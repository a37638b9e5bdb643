//! The opposite.

use crate::{Keep, Var};

impl Var {
    /// `y = −x`.
    ///
    /// Gradient: `∂x = −g`.
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::Tensor;
    /// assert_eq!(Var::from(Tensor::from([1.0, -2.0])).neg().value().as_slice(), [-1.0, 2.0]);
    /// ```
    pub fn neg(&self) -> Var {
        let y = self.value().neg();
        Var::record("neg", Keep::Nothing, [self], y, |[x], _, g| [x.wants(|| Ok(g.neg()))])
    }
}

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] = &[super::table::Row::unary("neg", |x| Ok(x[0].neg()), |x| -x)];
