//! The penalty that makes weights vanish.

use super::strength;
use crate::{On, Penalty};
use plywood_autograd::Var;
use plywood_tensor::Result;

/// `λ Σ |w|`: pulls every weight towards 0 with the same force, so that those of no use become 0.
///
/// # Example
/// ```
/// # use plywood_losses::{L1, Penalty};
/// # use plywood_tensor::Tensor;
/// assert_eq!(L1(0.5).of(&Tensor::from([1.0, -3.0]).into())?.value().item()?, 2.0);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// Tibshirani, *Regression Shrinkage and Selection via the Lasso*, 1996. Keras: `regularizers.L1`.
#[derive(Debug, Clone, Copy)]
#[doc(alias = "lasso")]
pub struct L1(pub f64);

impl L1 {
    /// On the parameters whose path fits a pattern, such as `*.weight`.
    #[must_use]
    pub fn on(self, pattern: impl Into<String>) -> On<L1> {
        On::new(self, pattern)
    }
}

impl Penalty for L1 {
    fn of(&self, parameter: &Var) -> Result<Var> {
        Ok(parameter.abs().sum().mul_scalar(strength("l1", self.0)?))
    }
}
