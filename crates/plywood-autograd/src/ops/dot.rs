//! The inner product of two vectors.

use crate::Var;
use plywood_tensor::{Result, TensorError};

impl Var {
    /// `y = Σ a ⊙ b` of two vectors of one length, a single number.
    ///
    /// Gradient: `∂a = g b`, `∂b = g a`.
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::Tensor;
    /// let (a, b) = (Var::from(Tensor::from([1.0, 2.0])), Var::from(Tensor::from([3.0, 4.0])));
    /// assert_eq!(a.dot(&b)?.value().item()?, 11.0);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TensorError::Shape`] if they are not two vectors of one length: nothing broadcasts.
    #[doc(alias = "inner")]
    pub fn dot(&self, other: &Var) -> Result<Var> {
        let fail = |expected: String, got| Err(TensorError::Shape { op: "dot", expected, got }.into());
        if self.shape().rank() != 1 {
            return fail("a vector".into(), *self.shape());
        }
        if other.shape() != self.shape() {
            return fail(format!("a vector {}", self.shape()), *other.shape());
        }
        Ok(self.mul(other)?.sum())
    }
}

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] = {
    use super::table::{Row, naive};
    &[Row::whole(
        "dot",
        |x| x[0].dot(&x[1]),
        |x| naive::fold(&(&x[0] * &x[1]), &[], false, 0.0, |a, b| a + b),
    )
    .shapes(&[&[&[3], &[3]], &[&[1], &[1]], &[&[0], &[0]], &[&[17], &[17]]])
    .large(&[&[70_001], &[70_001]])
    .errors(&[
        (&[&[3], &[1]], "dot: expected a vector [3], got [1]"),
        (&[&[2, 3], &[2, 3]], "dot: expected a vector, got [2, 3]"),
    ])]
};
