//! The penalty that keeps weights small.

use super::strength;
use crate::{On, Penalty};
use plywood_autograd::Var;
use plywood_tensor::Result;

/// `λ Σ w²`: pulls every weight towards 0 in proportion to its size.
///
/// # Example
/// ```
/// # use plywood_losses::{L2, Penalty};
/// # use plywood_tensor::Tensor;
/// assert_eq!(L2(0.5).of(&Tensor::from([1.0, -3.0]).into())?.value().item()?, 5.0);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// Hoerl and Kennard, *Ridge Regression*, 1970. Keras: `regularizers.L2`. The slope is `2 λ w`: the `weight_decay` of
/// PyTorch's optimizers is twice this `λ`.
#[derive(Debug, Clone, Copy)]
#[doc(alias = "ridge")]
#[doc(alias = "weight_decay")]
pub struct L2(pub f64);

impl L2 {
    /// On the parameters whose path fits a pattern, such as `*.weight`.
    #[must_use]
    pub fn on(self, pattern: impl Into<String>) -> On<L2> {
        On::new(self, pattern)
    }
}

impl Penalty for L2 {
    fn of(&self, parameter: &Var) -> Result<Var> {
        Ok(parameter.square().sum().mul_scalar(strength("l2", self.0)?))
    }
}
